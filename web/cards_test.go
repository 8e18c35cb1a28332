package web_test

import (
	"context"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/rapport-dev/rapport/app/deeds"
	"github.com/rapport-dev/rapport/partnership"
	"github.com/rapport-dev/rapport/partnership/asking"
	"github.com/rapport-dev/rapport/web"
	"github.com/rapport-dev/rapport/web/cards"
	"github.com/rapport-dev/rapport/workflows"
)

// wall is a chat that keeps what stands on each card, what was said in its thread, and what was said to each person alone.
type wall struct {
	*chat
	mu     sync.Mutex
	stands map[string]partnership.Message // by the message's timestamp
	thread map[string][]partnership.Message
	alone  map[string][]string
}

func newWall() *wall {
	return &wall{chat: newChat(), stands: map[string]partnership.Message{}, thread: map[string][]partnership.Message{}, alone: map[string][]string{}}
}

func (w *wall) PostMessage(_ context.Context, m partnership.Message) (partnership.MessageRef, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if m.ThreadTS != "" {
		w.thread[m.ThreadTS] = append(w.thread[m.ThreadTS], m)
		return partnership.MessageRef{Channel: "C1", TS: m.ThreadTS + ".reply"}, nil
	}
	ref := partnership.MessageRef{Channel: "C1", TS: fmt.Sprintf("170000%d.000100", len(w.stands))}
	w.stands[ref.TS] = m
	return ref, nil
}

func (w *wall) UpdateMessage(_ context.Context, ref partnership.MessageRef, m partnership.Message) error {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.stands[ref.TS] = m
	return nil
}

func (w *wall) Ephemeral(_ context.Context, _, user, text string) error {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.alone[user] = append(w.alone[user], text)
	return nil
}

func (w *wall) on(ts string) partnership.Message {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.stands[ts]
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
		d.Card = partnership.EffectKey("card/" + id)
	}
	m := d.ToChat("http://rapport.example")
	must(h.t, h.store.CardAsks(ctx, m.Key, id, asking.Print(m)))
	_, err = h.store.BeginEffect(ctx, m.Key, "message")
	must(h.t, err)
	ref, err := w.PostMessage(ctx, m)
	must(h.t, err)
	must(h.t, h.store.ConfirmEffect(ctx, m.Key, ref))
	return m, ref
}

// board is who keeps the cards, by a clock that may be ahead.
func (h *house) board(w *wall, ahead *time.Duration) *cards.Board {
	return &cards.Board{Store: h.store, Poster: poster{w}, Editor: w, PublicURL: "http://rapport.example", Day: 24 * time.Hour, Log: slog.New(slog.DiscardHandler), Now: func() time.Time { return time.Now().Add(*ahead) }}
}

type poster struct{ w *wall }

func (p poster) Post(ctx context.Context, m partnership.Message, _ time.Time) (partnership.MessageRef, error) {
	return p.w.PostMessage(ctx, m)
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
		if got := w.thread[ref.TS]; len(got) != step.reminders {
			t.Fatalf("after %s it was reminded %d times", step.after, len(got))
		}
	}
	reminder := w.thread[ref.TS][0]
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

// story is a partnership's workflow as the doors see it: of each question it takes the first answer, refuses every other, and says with its
// next row on the board what came of it.
type story struct {
	*temporal
	h       *house
	mu      sync.Mutex
	open    []partnership.Question
	effects map[string]int
	reviews map[string]workflows.ReviewDraft // by the deed's id
	seq     int
}

func (s *story) Keep(ctx context.Context, d partnership.Deed, arg, reply any) (partnership.Asked, error) {
	message := []byte(asJSON(s.h.t, arg))
	prove := func(id string, at time.Time) partnership.Proof { return partnership.Proof{ID: id, Who: d.Who, At: at} }
	kept, err := s.h.store.Ask(ctx, d, string(message), message, []byte(asJSON(s.h.t, reply)), time.Minute, prove)
	s.mu.Lock()
	defer s.mu.Unlock()
	s.reviews[kept.ID] = arg.(workflows.ReviewDraft)
	return kept, err
}

func (s *story) Decide(ctx context.Context, d partnership.Deed, arg, reply, result any) error {
	kept, err := s.Keep(ctx, d, arg, reply)
	if err != nil {
		return err
	}
	return s.Tell(ctx, kept, result)
}

func (s *story) Tell(ctx context.Context, kept partnership.Asked, _ any) error {
	if kept.State == "done" || kept.Refusal != nil {
		return orNil(kept.Refusal)
	}
	refusal := s.takes(ctx, kept)
	settled, err := s.h.store.SettleAsked(ctx, kept, []byte("{}"), refusal)
	if err != nil {
		return err
	}
	return orNil(settled.Refusal)
}

func orNil(no *partnership.Error) error {
	if no == nil {
		return nil
	}
	return no
}

// takes decides the question that an answer is about; ends closes one without an answer.
func (s *story) takes(ctx context.Context, a partnership.Asked) *partnership.Error {
	s.mu.Lock()
	defer s.mu.Unlock()
	review := s.reviews[a.ID]
	task := review.Task
	for _, q := range s.open {
		if q.Subject() == task {
			s.effects[task]++
			s.over(ctx, q, partnership.Closing{State: partnership.QuestionAnswered, Choice: review.Decision, By: a.Who, Came: "It came of " + task + " by " + a.Who + "."})
			return nil
		}
	}
	return partnership.Errorf(partnership.Conflict, "this has been decided already")
}

func (s *story) lapses(ctx context.Context, task string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, q := range s.open {
		if q.Of == task {
			s.over(ctx, q, partnership.Closing{State: partnership.QuestionLapsed, Came: "Silence decided " + task + "."})
			return
		}
	}
}

func (s *story) over(ctx context.Context, q partnership.Question, as partnership.Closing) {
	left := []partnership.Question{}
	for _, other := range s.open {
		if other.Of != q.Of {
			left = append(left, other)
		}
	}
	s.open = left
	as.Kind, as.Of, as.At = q.Kind, q.Of, time.Now()
	s.seq++
	must(s.h.t, s.h.store.SaveProjection(ctx, partnership.Projection{
		PartnershipID: s.h.partnership, Seq: s.seq, RunID: "run", HistoryLength: s.seq, Stage: partnership.Content, Asks: left, Settled: []partnership.Closing{as},
	}))
}

// TestAThousandPressesAreOneEffectEach has people press a thousand times, twice and again, on cards that are open, lapse or were decided by the
// API at the same time, while a front door keeps the cards. Every question has one effect at most, and every card's last line is its
// workflow's word.
func TestAThousandPressesAreOneEffectEach(t *testing.T) {
	t.Parallel()
	const questions, presses, hands = 40, 1000, 8
	w, s := newWall(), &story{effects: map[string]int{}, reviews: map[string]workflows.ReviewDraft{}}
	h := running(t, func(d *web.Deps) { d.Chat, d.Workflows, d.SweepEvery = w, s, 300*time.Millisecond })
	s.temporal, s.h = h.temporal, h
	at := time.Now()
	for n := range questions {
		task := fmt.Sprintf("draft-%d", n+1)
		s.open = append(s.open, partnership.Question{Kind: partnership.AsksDraft, Of: task, At: at, Due: at.Add(48 * time.Hour), Card: partnership.Key(h.partnership, partnership.Content, task+"/review", 1)})
	}
	s.seq = 1
	h.asks(1, s.open...)
	ids, drawn, refs := make([]string, questions), make([]partnership.Message, questions), make([]partnership.MessageRef, questions)
	for n, q := range s.open {
		ids[n] = partnership.AsksDraft.ID(string(h.partnership), q.Of)
		drawn[n], refs[n] = h.onCard(w, ids[n])
	}
	var all sync.WaitGroup
	for hand := range hands {
		all.Go(func() {
			dice := rand.New(rand.NewPCG(7, uint64(hand))) //nolint:gosec // of a test
			for range presses / hands {
				n, user := dice.IntN(questions), []string{"U_MANAGER", "U_FINANCE"}[dice.IntN(8)/7]
				switch dice.IntN(20) {
				case 0:
					s.lapses(context.Background(), fmt.Sprintf("draft-%d", n+1))
				case 1:
					h.call(managerToken, "POST", "/decisions/"+url.PathEscape(ids[n]), `{"choice":"changes","words":"less music"}`)
				case 2: // the same delivery twice
					body := h.pressBody(user, drawn[n], refs[n], 0)
					h.slack("interactions", body)
					h.slack("interactions", body)
				default:
					h.pressOn(user, drawn[n], refs[n], 0)
				}
			}
		})
	}
	all.Wait()
	eventually(t, "every card says what is so", func() bool { return h.untrue(w, ids, refs) == "" })
	if len(s.effects) < questions/2 {
		t.Fatalf("only %d of %d questions were answered by somebody", len(s.effects), questions)
	}
	for task, n := range s.effects {
		want(t, "effects of "+task, n, 1)
	}
	for n, ref := range refs { // a phone that shows them as they were
		if open, err := h.store.Decision(t.Context(), ids[n]); err == nil && !open.Open() {
			h.pressOn("U_MANAGER", drawn[n], ref, 0)
		}
	}
	eventually(t, "whoever is late is told what is so", func() bool { return strings.Contains(w.said("U_MANAGER"), "this is over: “") })
	want(t, "cards that say something else after that", h.untrue(w, ids, refs), "")
}

// untrue is the first card that says something else than its question's workflow, "" when none does.
func (h *house) untrue(w *wall, ids []string, refs []partnership.MessageRef) string {
	for n, id := range ids {
		d, err := h.store.Decision(h.t.Context(), id)
		must(h.t, err)
		m := w.on(refs[n].TS)
		if d.Open() != (len(m.Buttons) > 0) || !d.Open() && (d.Outcome == "" || !strings.HasSuffix(m.Context, d.Outcome)) {
			return id
		}
	}
	return ""
}
