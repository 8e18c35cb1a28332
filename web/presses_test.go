package web_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/rapport-dev/rapport/partnership"
	"github.com/rapport-dev/rapport/proof/long"
	"github.com/rapport-dev/rapport/web"
	"github.com/rapport-dev/rapport/workflows"
)

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
	const hands = 8
	questions, presses := long.Rounds(10, 40), long.Rounds(250, 1000)
	w, s := newWall(), &story{effects: map[string]int{}, reviews: map[string]workflows.ReviewDraft{}}
	h := running(t, func(d *web.Deps) {
		s.temporal = d.Workflows.(*temporal)
		d.Chat, d.Workflows, d.SweepEvery = w, s, 300*time.Millisecond
	})
	s.h = h
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
			dice := rand.New(rand.NewPCG(7, uint64(hand)))
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
