package web_test

import (
	"context"
	"fmt"
	"log/slog"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	slackapi "github.com/slack-go/slack"

	"github.com/rapport-dev/rapport/app/deeds"
	"github.com/rapport-dev/rapport/partnership"
	"github.com/rapport-dev/rapport/partnership/asking"
	"github.com/rapport-dev/rapport/store"
	"github.com/rapport-dev/rapport/web"
	"github.com/rapport-dev/rapport/web/cards"
	"github.com/rapport-dev/rapport/web/webhooks"
	"github.com/rapport-dev/rapport/workflows"
)

// wall is a chat that keeps what stands in each message, under which it does, and what was said to each person alone.
type wall struct {
	*chat
	mu     sync.Mutex
	stands map[string]partnership.Message // by the message's timestamp
	under  map[string]string              // of those in threads: of their first message
	edits  map[string]int
	pinned []string
	alone  map[string][]string
	lost   bool // the next post is done and its answer lost
}

func newWall() *wall {
	return &wall{chat: newChat(), stands: map[string]partnership.Message{}, under: map[string]string{}, edits: map[string]int{}, alone: map[string][]string{}}
}

func (w *wall) PostMessage(_ context.Context, m partnership.Message) (partnership.MessageRef, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if _, there := w.stands[m.ThreadTS]; m.ThreadTS != "" && (!there || w.under[m.ThreadTS] != "") {
		return partnership.MessageRef{}, &partnership.VendorError{Vendor: "slack", Op: "chat.postMessage", Class: partnership.Retry, VendorCode: "thread_not_found"}
	}
	ref := partnership.MessageRef{Channel: "C1", TS: fmt.Sprintf("1700000%03d.000100", len(w.stands))}
	w.stands[ref.TS] = m
	if m.ThreadTS != "" {
		w.under[ref.TS] = m.ThreadTS
	}
	if w.lost {
		w.lost = false
		return partnership.MessageRef{}, &partnership.VendorError{Vendor: "slack", Op: "chat.postMessage", Class: partnership.Ambiguous}
	}
	return ref, nil
}

func (w *wall) FindMessage(_ context.Context, m partnership.Message, _ time.Time) (partnership.MessageRef, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	for ts, stands := range w.stands {
		if stands.Key == m.Key {
			return partnership.MessageRef{Channel: "C1", TS: ts}, nil
		}
	}
	return partnership.MessageRef{}, partnership.Errorf(partnership.NotFound, "no such message")
}

func (w *wall) UpdateMessage(_ context.Context, ref partnership.MessageRef, m partnership.Message) error {
	w.mu.Lock()
	defer w.mu.Unlock()
	if _, there := w.stands[ref.TS]; !there {
		return &partnership.VendorError{Vendor: "slack", Op: "chat.update", Class: partnership.Permanent, VendorCode: "message_not_found", Gone: true}
	}
	w.stands[ref.TS] = m
	w.edits[ref.TS]++
	return nil
}

func (w *wall) Pin(_ context.Context, ref partnership.MessageRef) error {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.pinned = append(w.pinned, ref.TS)
	return nil
}

// of are the timestamps of the messages of a kind, oldest first; those in the channel alone, or all.
func (w *wall) of(kind string, top bool) (all []string) {
	w.mu.Lock()
	defer w.mu.Unlock()
	for ts, m := range w.stands {
		if (kind == "" || m.Kind == kind) && (!top || w.under[ts] == "") {
			all = append(all, ts)
		}
	}
	slices.Sort(all)
	return all
}

func (w *wall) Direct(_ context.Context, user, text string, _ []slackapi.Block) error {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.alone[user] = append(w.alone[user], unescaped.Replace(text))
	return nil
}

func (w *wall) on(ts string) partnership.Message {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.stands[ts]
}

// seq is how many cards there are.
func (w *wall) seq() int {
	w.mu.Lock()
	defer w.mu.Unlock()
	return len(w.stands)
}

func (w *wall) said(user string) string {
	w.mu.Lock()
	defer w.mu.Unlock()
	return strings.Join(w.alone[user], "\n")
}

// onCard posts a decision's card, as the step that asks does.
func (h *house) onCard(w *wall, id string) (partnership.Message, partnership.MessageRef) {
	h.t.Helper()
	ctx := h.t.Context()
	d, err := h.store.Decision(ctx, id)
	must(h.t, err)
	if d.Card == "" {
		d.Card = partnership.EffectKey(fmt.Sprintf("card/%s/%d", id, w.seq()))
	}
	m := d.ToChat("http://rapport.example")
	ref, err := poster{w, h.store}.Post(ctx, m, d.Since)
	must(h.t, err)
	return m, ref
}

// board is who keeps the cards, by a clock that may be ahead.
func (h *house) board(w *wall, ahead *time.Duration) *cards.Board {
	return &cards.Board{Store: h.store, Poster: poster{w, h.store}, Editor: w, PublicURL: "http://rapport.example", Day: 24 * time.Hour, Log: slog.New(slog.DiscardHandler), Now: func() time.Time { return time.Now().Add(*ahead) }}
}

// poster posts as the front door does.
type poster struct {
	w     *wall
	store *store.Store
}

func (p poster) Post(ctx context.Context, m partnership.Message, since time.Time) (partnership.MessageRef, error) {
	return (&webhooks.Applier{Store: p.store, Chat: p.w, Log: slog.New(slog.DiscardHandler)}).Post(ctx, m, since)
}

// TestEveryKindOfCardIsClosed asks one of each kind that an answer settles, answers it by another door than Slack, and looks at its card.
func TestEveryKindOfCardIsClosed(t *testing.T) {
	t.Parallel()
	way := strings.Join([]string{"POST", "/decisions/{id}"}, " ")
	for _, deed := range deeds.Of(deeds.API, way) {
		t.Run(deed, func(t *testing.T) {
			t.Parallel()
			h, w, now := open(t), newWall(), time.Duration(0)
			q := h.decision(deed)
			drawn, ref := h.onCard(w, q.id)
			for _, button := range drawn.Buttons {
				want(t, "deeds of "+button.ActionID, len(deeds.Of(deeds.Slack, button.ActionID)), 1)
			}
			b := h.board(w, &now)
			must(t, b.Sweep(t.Context()))
			if w.on(ref.TS).Context == "" && len(w.on(ref.TS).Buttons) == 0 && !strings.HasPrefix(q.id, "held_row") {
				t.Fatalf("an open card has lost its buttons: %+v", w.on(ref.TS))
			}
			d, _ := deeds.Find(deed)
			before, err := h.store.Decision(t.Context(), q.id)
			must(t, err)
			res := h.call(map[deeds.Role]string{deeds.Manager: managerToken, deeds.Finance: financeToken}[d.Need], "POST", "/decisions/"+url.PathEscape(q.id), asJSON(t, map[string]string{"choice": string(q.choice), "words": q.words}))
			if res.StatusCode != http.StatusOK {
				t.Fatalf("%d %s", res.StatusCode, res.body)
			}
			h.cameOf(q)
			must(t, b.Sweep(t.Context()))
			m := w.on(ref.TS)
			if len(m.Buttons) != 0 || m.Text != before.Question || m.Context == "" {
				t.Errorf("the card says %q %q with %d buttons", m.Text, m.Context, len(m.Buttons))
			}
			after, err := h.store.Decision(t.Context(), q.id)
			must(t, err)
			if after.State == partnership.QuestionAnswered && (!strings.Contains(m.Context, "“") || !strings.Contains(m.Context, after.Outcome)) {
				t.Errorf("the card's last line is %q, and what came of it %q", m.Context, after.Outcome)
			}
			open, err := h.store.OpenCards(t.Context(), "")
			must(t, err)
			if after.Final() && len(open) != 0 {
				t.Errorf("%d cards are open still: %+v", len(open), after)
			}
		})
	}
}

// A card that asks anew says why for as long as it asks: also once it is drawn again, because one of two has approved.
func TestACardThatAsksAnewKeepsSayingWhy(t *testing.T) {
	t.Parallel()
	h, w, now := open(t), newWall(), 2*time.Minute
	q := h.decision(partnership.DeedApproveRun)
	d, err := h.store.Decision(t.Context(), q.id)
	must(t, err)
	d.Card = asking.RunCard(d.About, "another-run")
	m := d.ToChat("http://rapport.example")
	m.Text = "as it was drawn before"
	ref, err := poster{w, h.store}.Post(t.Context(), m, d.Since)
	must(t, err)
	must(t, h.board(w, &now).Refresh(t.Context(), m.Key))
	wantIn(t, w.on(ref.TS).Text, "Approve the payout run")
	wantIn(t, w.on(ref.TS).Body, "begun anew")
}

// TestARunThatIsAskedTwiceIsAskedOnBothCards has the approval of a run asked for anew, as after a restored backup has lost one: either card
// takes it, and both say what came of it.
func TestARunThatIsAskedTwiceIsAskedOnBothCards(t *testing.T) {
	t.Parallel()
	h, w, now := open(t), newWall(), 2*time.Minute
	q := h.decision(partnership.DeedApproveRun)
	_, first := h.onCard(w, q.id)
	drawn, again := h.onCard(w, q.id)
	b := h.board(w, &now)
	must(t, b.Sweep(t.Context()))
	for _, ref := range []partnership.MessageRef{first, again} {
		want(t, "buttons", len(w.on(ref.TS).Buttons), 2)
	}
	asked, known, err := b.Asks(t.Context(), drawn.Key)
	must(t, err)
	want(t, "it is asked", known && asked.Open(), true)
	h.cameOf(q)
	must(t, b.Sweep(t.Context()))
	for _, ref := range []partnership.MessageRef{first, again} {
		want(t, "buttons", len(w.on(ref.TS).Buttons), 0)
		wantIn(t, w.on(ref.TS).Context, "api:finance")
	}
}

// cameOf is the word of the workflow that was told, where one waits for the answer.
func (h *house) cameOf(q asked) {
	h.t.Helper()
	kind, parts, err := partnership.ParseQuestion(q.id)
	must(h.t, err)
	ctx := h.t.Context()
	at, err := h.store.Time(ctx)
	must(h.t, err)
	by := partnership.Deed{ID: "of the workflow", Who: "api:finance", At: at}
	switch kind {
	case partnership.AsksRun:
		runs, err := h.store.PayoutRuns(ctx, parts[0], parts[1])
		must(h.t, err)
		by.Subject = workflows.PayoutRunWorkflowID(parts[0], parts[1])
		if by.Deed = partnership.DeedApproveRun; q.choice == partnership.ChoiceReject {
			by.Deed = partnership.DeedRejectRun
			must(h.t, h.store.RejectPayoutRun(ctx, runs[0].ID, by, "run"))
			return
		}
		must2(h.store.ApprovePayoutRun(ctx, runs[0].ID, runs[0].LinesHash, by, "run", []string{"api:finance"}))(h.t)
	case partnership.AsksPayout:
		must(h.t, h.store.FailTransfer(ctx, partnership.PayoutID(parts[0]), "released by a person"))
	case partnership.AsksCounter, partnership.AsksDraft, partnership.AsksSilence, partnership.AsksStep:
		must(h.t, h.store.SaveProjection(h.t.Context(), partnership.Projection{
			PartnershipID: h.partnership, Seq: 2, RunID: "run", HistoryLength: 2, Stage: partnership.Content,
			Settled: []partnership.Closing{{Kind: kind, Of: strings.Join(parts[1:], ":"), State: partnership.QuestionAnswered, Choice: q.choice, By: "api:manager", At: time.Now(), Came: "It came as it was meant."}},
		}))
	}
}

// TestAReviewerIsRemindedOnceBeforeSilenceDecides lets the time of a draft go by.
func TestAReviewerIsRemindedOnceBeforeSilenceDecides(t *testing.T) {
	t.Parallel()
	h, w, now := open(t), newWall(), time.Duration(0)
	at, err := h.store.Time(t.Context())
	must(t, err)
	must(t, h.store.RecordDeed(t.Context(), partnership.Deed{ID: "launch/1", Who: "slack:U_MANAGER", Deed: partnership.DeedLaunch, Subject: workflows.CampaignWorkflowID(h.campaign), At: at}, ""))
	h.asks(1, partnership.Question{Kind: partnership.AsksDraft, Of: "draft-1", At: at, Due: at.Add(48 * time.Hour), Card: partnership.Key(h.partnership, partnership.Content, "draft-1/review", 1)})
	m, ref := h.onCard(w, partnership.AsksDraft.ID(string(h.partnership), "draft-1"))
	wantIn(t, m.Context, "Answer by "+partnership.TimeMark(at.Add(48*time.Hour)), "If nobody answers: It is approved by rule.")
	b := h.board(w, &now)
	for _, step := range []struct {
		after     time.Duration
		reminders int
	}{{time.Hour, 0}, {25 * time.Hour, 1}, {26 * time.Hour, 1}, {47 * time.Hour, 1}} {
		now = step.after
		must(t, b.Sweep(t.Context()))
		if got := w.of("reminder", false); len(got) != step.reminders {
			t.Fatalf("after %s it was reminded %d times", step.after, len(got))
		}
	}
	told := w.of("reminder", false)[0]
	reminder := w.on(told)
	want(t, "in the card's thread", w.under[told], w.under[ref.TS])
	want(t, "who", reminder.Mention, "slack:U_MANAGER")
	wantIn(t, reminder.Text+reminder.Context, "Draft by @ada.scents", "If nobody answers: It is approved by rule.")
}

// TestALatePressIsAnsweredInPrivateWithWhatIsSo presses a button of a question that silence has decided.
func TestALatePressIsAnsweredInPrivateWithWhatIsSo(t *testing.T) {
	t.Parallel()
	w := newWall()
	h := open(t, func(d *web.Deps) { d.Chat = w })
	q := h.decision(partnership.DeedReviewDraft)
	m, ref := h.onCard(w, q.id)
	must(t, h.store.SaveProjection(t.Context(), partnership.Projection{
		PartnershipID: h.partnership, Seq: 2, RunID: "run", HistoryLength: 2, Stage: partnership.Content,
		Settled: []partnership.Closing{{Kind: partnership.AsksDraft, Of: "draft-1", State: partnership.QuestionLapsed, At: day, Came: "Nobody reviewed it in time: it is approved by rule."}},
	}))
	h.pressOn("U_MANAGER", m, ref, 0)
	eventually(t, "told", func() bool { return strings.Contains(w.said("U_MANAGER"), "it is approved by rule") })
	want(t, "told to a workflow", len(h.temporal.messages()), 0)
	eventually(t, "closed", func() bool { return len(w.on(ref.TS).Buttons) == 0 })
}

// TestAPressAfterAnotherDoorAnsweredIsToldSo presses a button of a question that somebody has answered by the API.
func TestAPressAfterAnotherDoorAnsweredIsToldSo(t *testing.T) {
	t.Parallel()
	w := newWall()
	h := open(t, func(d *web.Deps) { d.Chat = w })
	q := h.decision(partnership.DeedReviewDraft)
	m, ref := h.onCard(w, q.id)
	must(t, h.store.SaveProjection(t.Context(), partnership.Projection{
		PartnershipID: h.partnership, Seq: 2, RunID: "run", HistoryLength: 2, Stage: partnership.Content,
		Settled: []partnership.Closing{{Kind: partnership.AsksDraft, Of: "draft-1", State: partnership.QuestionAnswered, Choice: partnership.ChoiceChanges, By: "api:manager", At: day, Came: "The creator is asked for another draft."}},
	}))
	h.pressOn("U_MANAGER", m, ref, 0)
	eventually(t, "told", func() bool { return w.said("U_MANAGER") != "" })
	wantIn(t, w.said("U_MANAGER"), "this is over: “Ask for changes” by api:manager", "The creator is asked for another draft.")
	want(t, "told to a workflow", len(h.temporal.messages()), 0)
	eventually(t, "closed", func() bool {
		return strings.Contains(w.on(ref.TS).Context, "“Ask for changes” by "+partnership.PersonMark("api:manager"))
	})
}

// pressOn presses the nth button of a card.
func (h *house) pressOn(user string, m partnership.Message, ref partnership.MessageRef, n int) answered {
	h.t.Helper()
	return h.slack("interactions", h.pressBody(user, m, ref, n))
}

// pressed makes each press another one, as they are for Slack.
var pressed atomic.Int64

func (h *house) pressBody(user string, m partnership.Message, ref partnership.MessageRef, n int) string {
	b := m.Buttons[n]
	payload := map[string]any{
		"type": "block_actions", "trigger_id": "trigger", "user": map[string]any{"id": user, "name": strings.ToLower(user)}, "channel": map[string]any{"id": ref.Channel},
		"message": map[string]any{"ts": ref.TS, "text": m.Text, "metadata": map[string]any{"event_type": "rapport_effect", "event_payload": map[string]any{"key": string(m.Key), "kind": m.Kind}}},
		"actions": []map[string]any{{"type": "button", "block_id": "b", "action_id": b.ActionID, "value": b.Value, "action_ts": fmt.Sprint(pressed.Add(1))}},
	}
	return url.Values{"payload": {asJSON(h.t, payload)}}.Encode()
}
