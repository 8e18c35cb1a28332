package web_test

import (
	"context"
	"encoding/json"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/rapport-dev/rapport/partnership"
	"github.com/rapport-dev/rapport/store"
	"github.com/rapport-dev/rapport/workflows"
)

// message is something that a door told a workflow.
type message struct {
	WorkflowID, UpdateID, Name string
	Arg                        any
}

// temporal stands in for the server: it keeps what it was told once for each update id, and refuses what refuse says.
type temporal struct {
	mu     sync.Mutex
	told   []message
	seen   map[string]bool
	kept   map[string]message
	hold   chan struct{} // closed when Tell may go on
	away   error         // of the place where deeds are kept
	refuse func(message) error
	ack    workflows.Ack
	news   chan message
	books  *store.Store // where creators' answers are kept, as the real ones are
}

func (w *temporal) Decide(ctx context.Context, d partnership.Deed, arg, _, result any) error {
	err := w.take(message{d.Subject, d.ID, d.Deed, arg}, result)
	if err == nil && w.books != nil && strings.HasPrefix(d.Who, "creator:") {
		err = w.keepAnswer(ctx, d, arg)
	}
	return err
}

func (w *temporal) keepAnswer(ctx context.Context, d partnership.Deed, arg any) error {
	text, err := json.Marshal(arg)
	if err != nil {
		return err
	}
	prove := func(id string, at time.Time) partnership.Proof { return partnership.Proof{ID: id, At: at} }
	asked, err := w.books.Ask(ctx, d, "hash", text, nil, time.Minute, prove)
	if err != nil || !asked.Taken() {
		return err
	}
	_, err = w.books.SettleAsked(ctx, asked, []byte("{}"), nil)
	return err
}

// Standing says that every workflow goes on.
func (w *temporal) Standing(context.Context, string) error { return nil }

// Keep keeps the message with the deed, so that Tell knows it.
func (w *temporal) Keep(_ context.Context, d partnership.Deed, arg, _ any) (partnership.Asked, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.away != nil {
		return partnership.Asked{}, w.away
	}
	w.kept[d.ID] = message{d.Subject, d.ID, d.Deed, arg}
	return partnership.Asked{Deed: d, State: "taken"}, nil
}

func (w *temporal) keptDeeds() int {
	w.mu.Lock()
	defer w.mu.Unlock()
	return len(w.kept)
}

func (w *temporal) Tell(_ context.Context, d partnership.Asked, result any) error {
	w.mu.Lock()
	m, hold := w.kept[d.ID], w.hold
	w.mu.Unlock()
	if hold != nil {
		<-hold
	}
	return w.take(m, result)
}

func (w *temporal) Sweep(ctx context.Context, _ func(context.Context, partnership.Asked) error) {
	<-ctx.Done()
}

func (w *temporal) Signal(_ context.Context, workflowID, name string, arg any) error {
	return w.take(message{WorkflowID: workflowID, Name: name, Arg: arg}, nil)
}

func (w *temporal) take(m message, result any) error {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.refuse != nil {
		if err := w.refuse(m); err != nil {
			return err
		}
	}
	if ack, ok := result.(*workflows.Ack); ok {
		*ack = w.ack
	}
	if m.UpdateID != "" && w.seen[m.WorkflowID+m.UpdateID] {
		return nil
	}
	w.seen[m.WorkflowID+m.UpdateID] = true
	w.told = append(w.told, m)
	select {
	case w.news <- m:
	default:
	}
	return nil
}

func (w *temporal) messages() []message {
	w.mu.Lock()
	defer w.mu.Unlock()
	return append([]message(nil), w.told...)
}

// next waits for the next thing that a workflow is told.
func (w *temporal) next(t *testing.T) message {
	t.Helper()
	select {
	case m := <-w.news:
		return m
	case <-time.After(time.Minute):
		t.Fatal("no workflow was told anything")
		return message{}
	}
}
