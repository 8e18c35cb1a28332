package launch

import (
	"strings"
	"testing"
	"time"

	"github.com/rapport-dev/rapport/partnership"
)

// TestALookSaysWhatALaunchDoes holds what is shown beforehand against what is then created.
func TestALookSaysWhatALaunchDoes(t *testing.T) {
	t.Parallel()
	l, o, ask := open(t)
	o.left = []partnership.LeftOut{{Handle: "waxpoetic.wes", Cause: partnership.ByPerson}}
	look, err := l.Look(t.Context(), ask)
	if err != nil {
		t.Fatal(err)
	}
	if n := len(look.Invited()); n != 16 || len(look.Places) != n+5 && len(look.Places) != n+6 {
		t.Errorf("%d are invited of %d places", n, len(look.Places))
	}
	found := false
	for _, u := range look.Unfit {
		found = found || u.Handle == "waxpoetic.wes" && u.Why == "said no"
	}
	if !found {
		t.Errorf("who said no is not among who is not invited: %+v", look.Unfit)
	}
	f := look.Forecast
	if f.Runs != LookRuns || f.Wanted != 16 || f.Worst < f.Spend.P50 || f.Spend.P50 == 0 || f.Posts.P50 == 0 {
		t.Errorf("forecast: %+v", f)
	}
	words := strings.Join(f.Lines(look.Campaign.Currency), "\n")
	for _, want := range []string{"of 60 rehearsals", "in the middle", "at the very most"} {
		if !strings.Contains(words, want) {
			t.Errorf("no %q in %s", want, words)
		}
	}
	if len(o.created)+len(o.started)+len(o.recorded) > 0 {
		t.Error("a look has changed something")
	}
}

func TestAVetoTakesSomebodyOffTheList(t *testing.T) {
	t.Parallel()
	l, _, ask := open(t)
	before, err := l.Plan(t.Context(), ask)
	if err != nil {
		t.Fatal(err)
	}
	out := before.Places[0]
	ask.Without = []string{out.Key}
	after, err := l.Plan(t.Context(), ask)
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range after.Places {
		if p.Key == out.Key {
			t.Errorf("%s has a place all the same", out.Handle)
		}
	}
	if len(after.Invited()) != len(before.Invited()) || len(after.Vetoed) != 1 || after.Vetoed[0].Handle != out.Handle {
		t.Errorf("%d invited, left out %+v", len(after.Invited()), after.Vetoed)
	}
	if after.Hash == before.Hash {
		t.Error("the same hash for another plan")
	}
	launched, err := l.Launch(t.Context(), ask)
	if err != nil || launched.Creators != before.Creators-1 {
		t.Errorf("%d creators, %v", launched.Creators, err)
	}
}

// TestAPlanIsBound: the same files and books give the same hash, another answer of the books another; an old look is counted anew.
func TestAPlanIsBound(t *testing.T) {
	t.Parallel()
	l, o, ask := open(t)
	first, err := l.Plan(t.Context(), ask)
	if err != nil {
		t.Fatal(err)
	}
	p := Prepared{Look: &Look{Plan: first, At: l.Now()}}
	again, err := l.Plan(t.Context(), ask)
	if err != nil || !p.Holds(again, l.Now().Add(9*time.Minute)) {
		t.Errorf("it does not hold, %v", err)
	}
	if p.Holds(again, l.Now().Add(11*time.Minute)) {
		t.Error("an old look holds")
	}
	o.left = []partnership.LeftOut{{Handle: first.Places[0].Handle, Cause: partnership.ByPerson}}
	if now, err := l.Plan(t.Context(), ask); err != nil || p.Holds(now, l.Now()) {
		t.Errorf("it holds although somebody may not be written to any more, %v", err)
	}
}

// TestHowLinesEndIsNoOtherLaunch: the same files as Windows and as others write them are one campaign.
func TestHowLinesEndIsNoOtherLaunch(t *testing.T) {
	t.Parallel()
	l, _, ask := open(t)
	first, err := l.Launch(t.Context(), ask)
	if err != nil || !first.Created {
		t.Fatalf("%+v, %v", first, err)
	}
	windows := func(b []byte) []byte { return []byte("\uFEFF" + strings.ReplaceAll(string(b), "\n", "\r\n")) }
	ask.Campaign, ask.Files.Creators = windows(ask.Campaign), windows(ask.Files.Creators)
	second, err := l.Launch(t.Context(), ask)
	if err != nil || second.Created || second.ID != first.ID {
		t.Errorf("%+v, %v", second, err)
	}
}
