package rehearsal

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"reflect"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/rapport-dev/rapport/activities"
	"github.com/rapport-dev/rapport/intake"
	"github.com/rapport-dev/rapport/partnership"
	"github.com/rapport-dev/rapport/proof/long"
)

// sample is one of the example campaigns, launched on a Monday morning in New York.
func sample(t testing.TB, name string) Options {
	t.Helper()
	read := func(file string) []byte {
		text, err := os.ReadFile("../examples/" + name + "/" + file)
		if err != nil {
			t.Fatal(err)
		}
		return text
	}
	start := time.Date(2026, 11, 23, 14, 0, 0, 0, time.UTC)
	campaign, faults, _ := intake.ParseCampaign("campaign.yaml", read("campaign.yaml"), start, 24*time.Hour, intake.Vendors{Carriers: []string{"easypost"}, Rails: []string{"stripe"}})
	creators, more, _ := intake.ParseCreators("creators.csv", bytes.NewReader(read("creators.csv")))
	if faults = append(faults, more...); len(faults) > 0 {
		t.Fatal(faults)
	}
	b, basis := FromHistory(nil)
	return Options{Campaign: campaign, Creators: creators, Behaviour: b, Basis: basis, Start: start, Day: 24 * time.Hour, Seed: 7, Runs: 1}
}

// everybody changes how creators of every tier behave.
func everybody(o Options, change func(*Creator)) Options {
	for _, c := range []*Creator{&o.Behaviour.Nano, &o.Behaviour.Micro, &o.Behaviour.AboveMicro} {
		change(c)
	}
	return o
}

// small is the same campaign with few slots, which a test can rehearse often.
func small(o Options) Options {
	o.Campaign.Selection.Target, o.Campaign.Selection.Standby, o.Campaign.Selection.Arms = 4, 2, nil
	return o
}

// tiny is one with so few creators that a test can rehearse all its standbys, for each day of launch, often.
func tiny(o Options) Options {
	o = small(o)
	o.Creators, o.Campaign.Selection.Target, o.Campaign.Selection.Standby, o.Runs = o.Creators[:8], 2, 1, adviceFrom
	return o
}

// prompt creators take every offer and keep every date; the manager and the carrier do their work.
func prompt(o Options) Options {
	o.Behaviour.Manager = Manager{Reviews: Time{0.5, 1}, Decides: Time{0.5, 1}}
	o.Behaviour.Carrier.Slips, o.Behaviour.Carrier.Lost = 0, 0
	return everybody(o, func(c *Creator) {
		*c = Creator{Answers: Time{0.5, 1}, Signs: Time{0.5, 1}, Draft: Time{0.5, 0.6}, Post: Time{0.3, 0.3}, SetsUp: Time{1, 2}}
	})
}

func rehearse(t testing.TB, o Options) *Report {
	t.Helper()
	r, err := Rehearse(t.Context(), o)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// printed is everything that a report can be read from.
func printed(t testing.TB, r *Report) string {
	t.Helper()
	var out bytes.Buffer
	document, err := json.MarshalIndent(r, "", " ")
	if err := errors.Join(err, r.Text(&out), r.HTML(&out)); err != nil {
		t.Fatal(err)
	}
	return string(document) + out.String()
}

// manyCampaigns keeps what takes seconds of two whole cores out of the short tests.
func manyCampaigns(t *testing.T) {
	t.Helper()
	if testing.Short() {
		t.Skip("it plays many campaigns")
	}
}

func TestTheSameSeedIsTheSameToTheLastByte(t *testing.T) {
	t.Parallel()
	manyCampaigns(t)
	cores := runtime.GOMAXPROCS(0)
	defer runtime.GOMAXPROCS(cores)
	for _, runs := range []int{1, long.Rounds(6, 20)} {
		o := tiny(sample(t, "hybrid"))
		o.Runs = runs
		runtime.GOMAXPROCS(2)
		o.Workers = 5
		first := printed(t, rehearse(t, o))
		runtime.GOMAXPROCS(1)
		o.Workers = 1
		if again := printed(t, rehearse(t, o)); again != first {
			t.Errorf("%d runs: the second rehearsal, on one core, differs", runs)
		}
	}
	o := sample(t, "hybrid")
	first := printed(t, rehearse(t, o))
	o.Seed++
	if other := printed(t, rehearse(t, o)); other == first {
		t.Error("another seed changes nothing")
	}
}

func TestPromptCreatorsCompleteTheCampaign(t *testing.T) {
	t.Parallel()
	o := prompt(sample(t, "hybrid"))
	o = small(o)
	o.Runs = 20
	r := rehearse(t, o)
	want := int64(o.Campaign.Selection.Target)
	if got := r.Forecast.value("completed"); got != (Range{want, want, want}) {
		t.Errorf("completed %+v, want %d", got, want)
	}
	if r.Forecast.ChanceOfTarget != 1 {
		t.Errorf("the chance of the target is %g", r.Forecast.ChanceOfTarget)
	}
	if c := r.Advice.Choices[0]; c.Standbys != 0 || c.Chance != 1 {
		t.Errorf("advice %+v, want no standby", c)
	}
}

func TestWhereEverybodyGoesQuietNothingIsPosted(t *testing.T) {
	t.Parallel()
	manyCampaigns(t)
	o := everybody(prompt(sample(t, "hybrid")), func(c *Creator) { c.QuietPaid = 1 })
	r := rehearse(t, o)
	for _, partner := range r.DryRun.Partners {
		if len(partner.Posts) > 0 || partner.Outcome != partnership.Ghosted {
			t.Errorf("@%s: %s with %d posts", partner.Creator, partner.Outcome, len(partner.Posts))
		}
	}
	for _, m := range r.DryRun.CashOut {
		if m.Fees+m.Commission > 0 {
			t.Errorf("%s: %+v is paid for nothing", m.Month, m)
		}
	}
	r = rehearse(t, tiny(o))
	if r.Forecast.value("posts_by_last_date").P90 != 0 || r.Advice.Choices[0].Standbys != -1 {
		t.Errorf("posts %+v, advice %+v", r.Forecast.value("posts_by_last_date"), r.Advice.Choices[0])
	}
}

func TestRangesRiseFromP10ToP90(t *testing.T) {
	t.Parallel()
	o := sample(t, "gift-then-commission")
	o.Runs = 19 // no advice
	r := rehearse(t, o)
	check := func(what string, g Range) {
		if g.P10 > g.P50 || g.P50 > g.P90 {
			t.Errorf("%s: %+v", what, g)
		}
	}
	before := Range{}
	for _, d := range r.Forecast.Posts {
		check(d.Date, d.Range)
		if d.P10 < before.P10 || d.P50 < before.P50 || d.P90 < before.P90 {
			t.Errorf("%s: fewer posts are live than the day before", d.Date)
		}
		before = d.Range
	}
	for _, m := range r.Forecast.Measures {
		check(m.Name, m.Range)
	}
	for _, m := range r.Forecast.CashOut {
		check(m.Month, m.Range)
	}
}

func TestMoreStandbysAndAnEarlierLaunchNeverHurt(t *testing.T) {
	t.Parallel()
	manyCampaigns(t)
	o := tiny(sample(t, "gift-then-commission"))
	a := rehearse(t, o).Advice
	for i, c := range a.Choices {
		if !slices.IsSorted(c.Curve) {
			t.Errorf("%g days: the curve falls: %v", c.BufferDays, c.Curve)
		}
		if i > 0 && c.Curve[len(c.Curve)-1] < a.Choices[i-1].Curve[len(a.Choices[i-1].Curve)-1] {
			t.Errorf("%g days have a lower chance than %g", c.BufferDays, a.Choices[i-1].BufferDays)
		}
	}
	silent := everybody(prompt(o), func(c *Creator) { c.Silent = 0.4 })
	choices := rehearse(t, silent).Advice.Choices
	best := choices[len(choices)-1]
	if best.Standbys < 1 || best.Curve[best.Standbys] < confidence || best.Curve[best.Standbys-1] >= confidence {
		t.Errorf("%d standbys are not the least that are enough: %v", best.Standbys, best.Curve)
	}
}

func TestNoRunPassesTheWorstCase(t *testing.T) {
	t.Parallel()
	manyCampaigns(t)
	for _, name := range []string{"hybrid", "gift-then-commission"} {
		wild := everybody(sample(t, name), func(c *Creator) { c.Silent, c.Declines, c.Counters, c.Bold = 0, 0, 0.9, 0.9 })
		wild.Behaviour.Manager.Accepts, wild.Behaviour.Carrier.Lost = 1, 1
		wild.Behaviour.Audience.Buys = 0.5
		for _, o := range []Options{sample(t, name), wild} {
			all, err := newWorld(withLimit(o))
			if err != nil {
				t.Fatal(err)
			}
			w := all.withStandby(all.pool())
			worst := w.worst()
			for i := range long.Rounds(2, 5) {
				c, err := w.run(i).performCampaign()
				if err != nil {
					t.Fatal(err)
				}
				got := c.sum()
				switch {
				case cash(got.spent).total() > worst.Total:
					t.Fatalf("run %d spends %d, the worst case is %d", i, cash(got.spent).total(), worst.Total)
				case got.spent[commissionFlow] > worst.Commission, got.spent[shippingFlow] > worst.Shipping,
					got.spent[feeFlow]+got.spent[giftFlow] > worst.FeesAndGifts+worst.LostGifts:
					t.Fatalf("run %d spends %v, the worst case is %+v", i, got.spent, worst)
				case c.purse.committed > w.Campaign.BudgetMinor:
					t.Fatalf("run %d commits %d of %d", i, c.purse.committed, w.Campaign.BudgetMinor)
				}
			}
		}
	}
}

func withLimit(o Options) Options {
	o.Limit = time.Minute
	return o
}

func TestAStoryThatTakesTooLongIsStopped(t *testing.T) {
	t.Parallel()
	o := sample(t, "hybrid")
	o.Limit = time.Nanosecond
	if _, err := Rehearse(t.Context(), o); err == nil || !strings.Contains(err.Error(), "too long") {
		t.Errorf("got %v", err)
	}
	stuck := make(chan struct{})
	defer close(stuck)
	if err := within(time.Millisecond, func() error { <-stuck; return nil }); !errors.Is(err, errTooLong) {
		t.Errorf("an environment that blocks itself gives %v", err)
	}
}

func TestAStoryWithoutAnEndIsGivenUpAtTheHorizon(t *testing.T) {
	t.Parallel()
	o := everybody(prompt(sample(t, "hybrid")), func(c *Creator) { c.QuietPaid = 1 })
	o.Behaviour.Manager.KeepsWaiting = 1
	o.Day = time.Hour // without weekends, over which the creator would be given up before the manager is back
	o.Campaign.Selection.Target, o.Campaign.Selection.Standby, o.Campaign.Selection.Arms = 1, 0, nil
	r := rehearse(t, o)
	if got := r.DryRun.Partners[0]; got.Outcome != partnership.Cancelled || got.To.Sub(got.From) != horizon*24*time.Hour {
		t.Errorf("%s after %s", got.Outcome, got.To.Sub(got.From))
	}
}

// A step that is new, renamed or has another shape has to be rehearsed too.
func TestEveryStepIsRehearsed(t *testing.T) {
	t.Parallel()
	payouts := []string{ // a campaign starts no payout run
		"OpenPayoutRun", "StatementCreators", "SendStatement", "CheckBooks", "PlanPayouts", "AskForApproval", "ApproveRun", "VoidPayoutPlan", "SetRunState", "FinishRun",
		"ReconcileRun", "CheckFunds", "ExecuteTransfer", "LookUpTransfer", "AskAboutTransfer", "ReleaseRefused", "TellRefused",
		"BatchPayouts", "CheckTransfer", "DrawStatements", "StatementBatch", "PauseRun",
	}
	others := []string{"ReportStuckRun", "WatchWorkflows", "TellStuck", "SendNotice", "RereadOrders", "KeepWebhooks", "TellReread", "ChasePayees", "ForgetPapers", "KnownTransfers", "FindDifferences", // of workflows beside a campaign and its partnerships
		"RecordDecision", "RefuseDecision", "PickCreator", "LeaveOutCreator"} // what a door asks for: nobody rehearsed goes through one
	real := reflect.TypeFor[*activities.Activities]()
	for i := range real.NumMethod() {
		m := real.Method(i)
		if slices.Contains(payouts, m.Name) || slices.Contains(others, m.Name) {
			continue
		}
		modelled, known := castSteps[m.Name]
		if !known {
			modelled, known = companySteps[m.Name]
		}
		if !known {
			t.Errorf("%s is not rehearsed", m.Name)
			continue
		}
		if got, want := shape(modelled.Type()), shape(m.Type); !slices.Equal(got, want) {
			t.Errorf("%s is %v, the rehearsal's is %v", m.Name, want, got)
		}
	}
}

// shape is what a method takes and gives, without its receiver.
func shape(f reflect.Type) []reflect.Type {
	var all []reflect.Type
	for i := 1; i < f.NumIn(); i++ {
		all = append(all, f.In(i))
	}
	for i := range f.NumOut() {
		all = append(all, f.Out(i))
	}
	return all
}

func TestAPastOfOnesOwnReplacesDefaults(t *testing.T) {
	t.Parallel()
	b, basis := FromHistory(&History{Tiers: []Observed{{
		Tier: partnership.Nano, Silent: Tally{Of: 100, Hits: 50}, Declines: Tally{Of: 29, Hits: 29}, LostGifted: Tally{Of: 30, Hits: 21},
	}}})
	if b.Nano.Silent != 0.5 || b.Micro.Silent != Defaults().Micro.Silent {
		t.Errorf("silent: nano %g, micro %g", b.Nano.Silent, b.Micro.Silent)
	}
	if b.Nano.Declines != Defaults().Nano.Declines {
		t.Error("29 observations are too few")
	}
	if b.Nano.QuietGifted != 1 { // 70 % were lost although 30 % return
		t.Errorf("quiet: %g", b.Nano.QuietGifted)
	}
	i := slices.IndexFunc(basis, func(x Basis) bool { return x.What == "offers never answered, nano" })
	if got := basis[i]; got.Used != ownPast || got.Observations != 100 || got.Value != 0.5 {
		t.Errorf("basis %+v", got)
	}
}

func TestARehearsalLeavesNothingBehind(t *testing.T) {
	manyCampaigns(t)
	w, err := newWorld(withLimit(small(sample(t, "hybrid"))))
	if err != nil {
		t.Fatal(err)
	}
	w = w.withStandby(w.pool())
	play := func() uint64 {
		for i := range 10 {
			if _, err := w.run(i).performCampaign(); err != nil {
				t.Fatal(err)
			}
		}
		runtime.GC()
		var m runtime.MemStats
		runtime.ReadMemStats(&m)
		return m.HeapAlloc
	}
	play()
	before, goroutines := play(), runtime.NumGoroutine()
	for range 3 {
		play()
	}
	if after := play(); after > before+before/2+1<<20 {
		t.Errorf("40 campaigns more hold %d bytes more", after-before)
	}
	if n := runtime.NumGoroutine(); n > goroutines {
		t.Errorf("%d goroutines, %d before", n, goroutines)
	}
}

func TestWrongOptionsAreRefused(t *testing.T) {
	t.Parallel()
	o := sample(t, "hybrid")
	o.Runs = 0
	if _, err := Rehearse(t.Context(), o); partnership.CodeOf(err) != partnership.Invalid {
		t.Errorf("no runs: %v", err)
	}
	o.Runs, o.Campaign.Selection.MinEngagement = 1, 99
	if _, err := Rehearse(t.Context(), o); partnership.CodeOf(err) != partnership.Invalid {
		t.Errorf("nobody passes: %v", err)
	}
}

// value is the range of a measure.
func (f *Forecast) value(name string) Range {
	i := slices.IndexFunc(f.Measures, func(m Measure) bool { return m.Name == name })
	if i < 0 {
		panic(fmt.Sprintf("there is no measure %s", name))
	}
	return f.Measures[i].Range
}
