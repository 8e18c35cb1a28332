package doors

import (
	"context"
	"slices"
	"testing"
	"time"

	"go.temporal.io/api/serviceerror"
	"go.temporal.io/sdk/client"

	"github.com/rapport-dev/rapport/partnership"
	"github.com/rapport-dev/rapport/store"
)

// desk keeps deeds in the order in which they were asked.
type desk struct {
	Deeds
	asked []partnership.Asked
}

func (d *desk) WaitingAsked(_ context.Context, subject string) (waiting []partnership.Asked, _ error) {
	for _, a := range d.asked {
		if a.Taken() && a.Subject == subject {
			waiting = append(waiting, a)
		}
	}
	return waiting, nil
}

func (d *desk) SettleAsked(_ context.Context, a partnership.Asked, _ []byte, refusal *partnership.Error) (partnership.Asked, error) {
	i := slices.IndexFunc(d.asked, func(b partnership.Asked) bool { return b.ID == a.ID })
	d.asked[i].State, d.asked[i].Refusal = store.Done, refusal
	return d.asked[i], nil
}

// server hears updates, and answers while a worker runs.
type server struct {
	client.Client
	client.WorkflowUpdateHandle
	works func(id string) bool
	told  []string
}

func (e *server) UpdateWorkflow(_ context.Context, o client.UpdateWorkflowOptions) (client.WorkflowUpdateHandle, error) {
	if !e.works(o.UpdateID) {
		return nil, serviceerror.NewUnavailable("no worker")
	}
	e.told = append(e.told, o.UpdateID)
	return e, nil
}

func (e *server) Get(context.Context, any) error { return nil }

func deskOf(deeds ...[2]string) *desk {
	d := &desk{}
	for _, one := range deeds {
		d.asked = append(d.asked, partnership.Asked{
			Deed: partnership.Deed{ID: one[0], Deed: one[1], Subject: "campaign/c1", At: time.Unix(int64(len(d.asked)), 0)}, Message: []byte(`{}`), State: "taken",
		})
	}
	return d
}

// Two pauses were asked while no worker ran. Whoever lets the campaign go on then is told that it does, and nothing old pauses it again.
func TestAnOlderDeedIsToldBeforeOneThatUndoesIt(t *testing.T) {
	t.Parallel()
	d := deskOf([2]string{"pause-1", partnership.DeedPause}, [2]string{"approve", partnership.DeedApproveRun}, [2]string{"pause-2", partnership.DeedPause}, [2]string{"resume", partnership.DeedResume}, [2]string{"pause-3", partnership.DeedPause})
	e := &server{works: func(string) bool { return true }}
	w := &Workflows{client: e, deeds: d}
	if err := w.Tell(t.Context(), d.asked[3], nil); err != nil {
		t.Fatal(err)
	}
	if want := []string{"pause-1", "pause-2", "resume"}; !slices.Equal(e.told, want) {
		t.Errorf("told %v, want %v", e.told, want)
	}
	if err := w.Tell(t.Context(), d.asked[4], nil); err != nil || e.told[3] != "pause-3" || len(e.told) != 4 {
		t.Errorf("then told %v: %v", e.told[3:], err)
	}
}

// While the older one has no answer, nobody is told that the newer one is done.
func TestADeedWaitsForTheOlderOneThatItUndoes(t *testing.T) {
	t.Parallel()
	d := deskOf([2]string{"pause", partnership.DeedPause}, [2]string{"resume", partnership.DeedResume}, [2]string{"cancel", partnership.DeedCancel})
	e := &server{works: func(id string) bool { return id != "pause" }}
	w := &Workflows{client: e, deeds: d}
	if _, taken := w.Tell(t.Context(), d.asked[1], nil).(*partnership.Taken); !taken || len(e.told) > 0 {
		t.Errorf("told %v", e.told)
	}
	if err := w.Tell(t.Context(), d.asked[2], nil); err != nil { // it takes nothing back, and what comes after it is refused
		t.Errorf("a cancellation waits: %v", err)
	}
}
