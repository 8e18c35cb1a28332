package store_test

import (
	"testing"

	"github.com/rapport-dev/rapport/partnership"
)

func TestADoubleStaysOpenUntilTheProviderShowsItReversed(t *testing.T) {
	t.Parallel()
	f := open(t)
	_, parties := f.launch(1)
	f.order(parties[0], "o1", 50_000)
	twice := f.lost("acct_0", "tr_twice", 5000)
	if open := f.differences(twice); len(open) != 1 {
		t.Fatalf("open: %+v", open)
	}
	must(t, f.settle("tr_twice", partnership.SettleDouble))
	if open := f.differences(twice); len(open) != 1 || open[0].Settled != partnership.SettleDouble {
		t.Errorf("not reversed yet: %+v", open)
	}
	twice.ReversedMinor = 5000
	if open := f.differences(twice); len(open) != 0 {
		t.Errorf("reversed: %+v", open)
	}
	wantCode(t, f.settle("tr_twice", partnership.SettleOurs), partnership.Conflict)
	f.sound()
}

// Somebody gives a part back by hand after it was called a double: the rest is what is reversed, and what counts if it is ours after all.
func TestADoubleOfWhichAPartCameBackByHandIsReversedByItsRest(t *testing.T) {
	t.Parallel()
	f := open(t)
	_, parties := f.launch(1)
	f.order(parties[0], "o1", 50_000)
	twice := f.lost("acct_0", "tr_twice", 5000)
	f.differences(twice)
	must(t, f.settle("tr_twice", partnership.SettleDouble))
	twice.ReversedMinor = 2000
	if open := f.differences(twice); len(open) != 1 || open[0].ReversedMinor != 2000 {
		t.Fatalf("left to reverse: %+v", open)
	}
	must(t, f.settle("tr_twice", partnership.SettleOurs))
	f.sound()
	runs, err := f.PayoutRuns(t.Context(), program, "")
	must(t, err)
	if len(runs) != 1 || runs[0].Tally.PaidMinor != 3000 {
		t.Errorf("booked as %+v", runs)
	}
}

// What is reversed is followed to its end, also where a later transfer is known by then: its list is not read from after it.
func TestADoubleIsReadAgainUntilItIsReversed(t *testing.T) {
	t.Parallel()
	f := open(t)
	_, parties := f.launch(1)
	f.order(parties[0], "o1", 50_000)
	f.pass(2 * day)
	twice := f.lost("acct_0", "tr_twice", 700)
	f.pass(9 * day)
	f.differences(twice, f.lost("acct_0", "tr_ours", 4000))
	must(t, f.settle("tr_twice", partnership.SettleDouble))
	must(t, f.settle("tr_ours", partnership.SettleOurs))
	if known, err := f.KnownUntil(t.Context(), program); err != nil || len(known) != 1 || known[0].Since.After(twice.CreatedAt) {
		t.Errorf("the list is read from %v, %v; the double was made %v", known, err, twice.CreatedAt)
	}
}

func TestADoubleThatCannotBeReversedIsNetted(t *testing.T) {
	t.Parallel()
	f := open(t)
	_, parties := f.launch(1)
	f.order(parties[0], "o1", 50_000)
	f.differences(f.lost("acct_0", "tr_spent", 5000))
	must(t, f.settle("tr_spent", partnership.SettleDouble))
	must(t, f.settle("tr_spent", partnership.SettleOurs))
	if open := f.differences(); len(open) != 0 {
		t.Errorf("open: %+v", open)
	}
	f.sound()
}
