package activities

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/rapport-dev/rapport/partnership"
	"github.com/rapport-dev/rapport/partnership/roster"
)

// quietStore knows one creator who has gone quiet.
type quietStore struct {
	*ledgerFake
	err error
}

func (s quietStore) View(_ context.Context, id partnership.PartnershipID) (partnership.PartnershipView, error) {
	return partnership.PartnershipView{ID: id, Creator: partnership.Creator{Handle: "ada"}, Campaign: partnership.Campaign{Name: "Dreams", Timezone: "UTC"}}, nil
}

func (s quietStore) GhostRisk(context.Context, partnership.PartnershipID) (float64, []roster.RiskPart, error) {
	score, parts := roster.Risk(roster.RiskFacts{Tier: partnership.Nano, AskedDays: 13, SilentDays: 13, UsualDays: 10, Unanswered: 4, HeldDays: 13})
	return score, parts, s.err
}

func (s quietStore) StandbysLeft(context.Context, partnership.CampaignID) (int, error) { return 0, nil }

// chatFake keeps what was posted.
type chatFake struct {
	Chat
	posted []partnership.Message
}

func (c *chatFake) PostMessage(_ context.Context, m partnership.Message) (partnership.MessageRef, error) {
	c.posted = append(c.posted, m)
	return partnership.MessageRef{}, nil
}

func TestTheQuietCardSaysHowLikelyTheyAreGoneAndWhy(t *testing.T) {
	chat := &chatFake{}
	fresh := func() *ledgerFake { return &ledgerFake{rows: map[partnership.EffectKey]*partnership.Effect{}} }
	a := New(Deps{Store: quietStore{ledgerFake: fresh()}, Chat: chat, Clock: partnership.SystemClock{}})
	card := QuietCard{PartnershipID: "pa", Stage: partnership.Content, Task: "draft-1", Step: "escalate", What: "the creator's draft", Due: time.Date(2026, 12, 1, 10, 0, 0, 0, time.UTC)}
	if _, err := a.AskAboutSilence(t.Context(), card); err != nil {
		t.Fatal(err)
	}
	want := []partnership.Fact{
		{Label: "Campaign", Value: "Dreams"},
		{Label: "Was due", Value: partnership.TimeMark(card.Due)},
		{Label: "Last sign of life", Value: "none yet"},
		{Label: "Ghost risk", Value: "64 %"},
		{Label: "Mostly because", Value: "silent for 13 days, asked 13 days ago; their habit is not known, the time given is 10 days\n4 reminders without an answer"},
	}
	if diff := cmp.Diff(want, chat.posted[0].Facts); diff != "" {
		t.Error(diff)
	}
	a.Store = quietStore{ledgerFake: fresh(), err: errors.New("the database is away")}
	if _, err := a.AskAboutSilence(t.Context(), card); err == nil || len(chat.posted) != 1 {
		t.Errorf("without its store the card was posted %d times: %v", len(chat.posted), err)
	}
}

// editedChat is a chat whose messages are edited.
type editedChat struct {
	chatFake
	edited []partnership.Message
}

func (c *editedChat) UpdateMessage(_ context.Context, _ partnership.MessageRef, m partnership.Message) error {
	c.edited = append(c.edited, m)
	return nil
}

// An amendment moves thirty creators at once: it keeps the messages that are there up to date and posts none.
func TestAnAmendmentsMovesPostNoMessageOfTheirOwn(t *testing.T) {
	chat := &editedChat{}
	a := New(Deps{Store: quietStore{ledgerFake: &ledgerFake{rows: map[partnership.EffectKey]*partnership.Effect{}}}, Chat: chat, Clock: partnership.SystemClock{}})
	for i, step := range []struct {
		updateOnly     bool
		posted, edited int
	}{
		{true, 0, 0}, // nothing is there to be kept up to date
		{false, 1, 1},
		{true, 1, 2},
	} {
		news := ScheduleNews{PartnershipID: "pa", Cause: "A change", Owner: "brand", Words: []string{"your draft: later"}, Seq: i + 1, UpdateOnly: step.updateOnly}
		if _, err := a.TellSchedule(t.Context(), news); err != nil {
			t.Fatal(err)
		}
		if len(chat.posted) != step.posted || len(chat.edited) != step.edited {
			t.Errorf("move %d: %d posted, %d edited", i+1, len(chat.posted), len(chat.edited))
		}
	}
}
