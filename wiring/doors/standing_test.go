package doors_test

import (
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/rapport-dev/rapport/partnership"
	"github.com/rapport-dev/rapport/store"
	"github.com/rapport-dev/rapport/workflows"
)

// Whoever asks something of a workflow that was ended from outside hears how it is taken up again, and not that it is over.
func TestWhatWasTerminatedIsNotSaidToBeOver(t *testing.T) {
	h := open(t)
	h.work()
	hash := h.run()
	start := func(want bool) {
		t.Helper()
		began, err := h.door.StartPayoutRun(t.Context(), workflows.PayoutRunInput{Program: h.program, Period: h.period, PreparedBy: "cli:prep"})
		if err != nil || began != want {
			t.Errorf("it began: %t, %v", began, err)
		}
	}
	start(false)
	must(t, h.door.Standing(t.Context(), h.id()))
	must(t, h.client.TerminateWorkflow(t.Context(), h.id(), "", "a slip of the finger"))

	said := func(err error) {
		t.Helper()
		if partnership.CodeOf(err) != partnership.Conflict || !strings.Contains(err.Error(), "was terminated") || !strings.Contains(err.Error(), "rapport workflows mend "+h.id()) {
			t.Errorf("it says %v", err)
		}
	}
	said(h.door.Standing(t.Context(), h.id()))
	_, err := h.approve("slack:U_FIN", hash)
	said(err)
	if lines := h.lines("slack:U_FIN"); len(lines) != 1 || lines[0].Outcome != store.Refused || !strings.Contains(lines[0].Why, "rapport workflows mend") {
		t.Errorf("the audit says %+v", lines)
	}
	var ack workflows.Ack
	own := partnership.Deed{ID: "own", Who: "creator:c1", Deed: partnership.DeedAnswerOffer, Subject: h.id()}
	if err := h.door.Decide(t.Context(), own, workflows.AnswerOffer{}, nil, &ack); partnership.CodeOf(err) != partnership.NotFound || strings.Contains(err.Error(), "mend") {
		t.Errorf("a creator is told %v", err)
	}

	start(true)
}

// Of many who start a month's run at once one has begun it, and the others hear that it is under way.
func TestARunThatTenStartAtOnceBeginsOnce(t *testing.T) {
	h := open(t)
	began := make([]bool, 10)
	var all sync.WaitGroup
	for i := range began {
		all.Go(func() {
			var err error
			if began[i], err = h.door.StartPayoutRun(t.Context(), workflows.PayoutRunInput{Program: h.program, Period: h.period, PreparedBy: "cli:prep"}); err != nil {
				t.Error(err)
			}
		})
	}
	all.Wait()
	if n := len(slices.DeleteFunc(began, func(b bool) bool { return !b })); n != 1 {
		t.Errorf("%d of ten began it", n)
	}
}
