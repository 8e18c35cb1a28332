package payouts_test

import (
	"context"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/rapport-dev/rapport/app/deeds"
	"github.com/rapport-dev/rapport/app/payouts"
	"github.com/rapport-dev/rapport/partnership"
	"github.com/rapport-dev/rapport/partnership/ledger"
	"github.com/rapport-dev/rapport/workflows"
)

// office keeps the books of one month and runs it.
type office struct {
	wrong  error // of the month
	plan   payouts.Plan
	runs   []partnership.PayoutRun
	open   bool
	parked []string
	engine workflows.PayoutRunSnapshot // the run that is under way, as its workflow knows it
	retry  error

	did      []string
	recorded []partnership.Deed
	started  workflows.PayoutRunInput
}

func (o *office) CheckMonth(context.Context, string, string) error { return o.wrong }

func (o *office) PreviewPayouts(context.Context, string, string, time.Time) ([]ledger.Payout, []ledger.Carry, error) {
	return o.plan.Payouts, o.plan.Carried, nil
}

func (o *office) PayoutRuns(context.Context, string, string) ([]partnership.PayoutRun, error) {
	return o.runs, nil
}

func (o *office) Record(_ context.Context, d partnership.Deed) error {
	o.did, o.recorded = append(o.did, "recorded"), append(o.recorded, d)
	return nil
}

func (o *office) StartPayoutRun(_ context.Context, in workflows.PayoutRunInput) (bool, error) {
	o.did, o.started = append(o.did, "started"), in
	return !o.open, nil
}

func (o *office) Query(_ context.Context, _, _ string, result any) error {
	now := o.engine
	now.Parked = append(now.Parked, o.parked...)
	*result.(*workflows.PayoutRunSnapshot) = now
	return nil
}

func (o *office) Decide(_ context.Context, d partnership.Deed, _, _, _ any) error {
	o.did = append(o.did, d.Deed+" of "+d.Subject)
	return o.retry
}

func (o *office) starter() *payouts.Starter {
	return &payouts.Starter{Books: o, Workflows: func() (payouts.Workflows, error) { return o, nil }, Now: time.Now}
}

var (
	month   = payouts.Month{Program: "dreams", Period: "2026-11"}
	finance = deeds.By{Who: "api:fin", Roles: []deeds.Role{deeds.Finance}, ID: "1"}
)

func TestARunIsStartedOnceAndLeavesOneLine(t *testing.T) {
	t.Parallel()
	o := office{plan: payouts.Plan{Payouts: make([]ledger.Payout, 2), Carried: []ledger.Carry{{Reason: "below the minimum"}}}}
	found, err := o.starter().Start(t.Context(), finance, month, 3)
	if err != nil || !slices.Equal(o.did, []string{"started", "recorded"}) {
		t.Fatalf("it did %q, %v", o.did, err)
	}
	if want := (workflows.PayoutRunInput{Program: "dreams", Period: "2026-11", PreparedBy: "api:fin", ReviewDays: 3}); !cmp.Equal(o.started, want) {
		t.Errorf("started %+v", o.started)
	}
	if want := []partnership.Deed{{Who: "api:fin", Deed: partnership.DeedStartRun, Subject: "payout-run/dreams/2026-11"}}; !cmp.Equal(o.recorded, want) {
		t.Errorf("the audit has %+v", o.recorded)
	}
	if found.Payable != 2 || len(found.Waits) != 1 || found.TakenUp {
		t.Errorf("it finds %+v", found)
	}
}

func TestWhatIsRefusedStartsNothing(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		by   deeds.By
		o    office
		code partnership.Code
	}{
		"a manager":          {deeds.By{Who: "cli:ada", Roles: []deeds.Role{deeds.Manager}}, office{}, partnership.Forbidden},
		"a month to come":    {finance, office{wrong: partnership.FieldErrorf("period", "it has not begun yet")}, partnership.Invalid},
		"more than it holds": {finance, office{plan: payouts.Plan{Payouts: make([]ledger.Payout, ledger.MaxPayees+1)}}, partnership.Invalid},
	} {
		if _, err := c.o.starter().Start(t.Context(), c.by, month, 0); err == nil || partnership.CodeOf(err) != c.code || len(c.o.did) > 0 {
			t.Errorf("%s: it did %q, %v", name, c.o.did, err)
		}
	}
}

// What is there is taken up: what it had parked is tried again, and whoever terminated its workflow has stopped nothing for good.
func TestARunThatIsThereIsTakenUp(t *testing.T) {
	t.Parallel()
	there := []partnership.PayoutRun{{ID: "dreams/2026-11/1", State: partnership.RunApproved}}
	o := office{runs: there, open: true, parked: []string{"statement: the mail is refused"}, retry: partnership.Errorf(partnership.Conflict, "it goes on")}
	found, err := o.starter().Start(t.Context(), finance, month, 0)
	if err != nil || found.TakenUp || found.Started != "false" || found.UnderWay != "dreams/2026-11/1" || !slices.Equal(o.did, []string{"started", "recorded", "retry_step of payout-run/dreams/2026-11"}) {
		t.Errorf("it did %q and finds %+v, %v", o.did, found, err)
	}
	ended := office{runs: there, open: true, parked: []string{"statement: the mail is refused"}, retry: partnership.Errorf(partnership.NotFound, "no such workflow")}
	if _, err := ended.starter().Start(t.Context(), finance, month, 0); err != nil {
		t.Errorf("one that ends while it is asked is no failure of the deed: %v", err)
	}
	justBegun := office{open: true}
	if found, err := justBegun.starter().Start(t.Context(), finance, month, 0); err != nil || found.TakenUp || found.UnderWay == "" {
		t.Errorf("a run that another start has just begun is under way: %+v, %v", found, err)
	}
	stopped := office{runs: there}
	if found, err := stopped.starter().Start(t.Context(), finance, month, 0); err != nil || !found.TakenUp {
		t.Errorf("it finds %+v, %v", found, err)
	}
}

// Where the books went back to before a run, the run is told to look at them, and ends; one that they know as it is goes on.
func TestARunThatTheBooksDoNotKnowAnyMoreEnds(t *testing.T) {
	t.Parallel()
	planned := workflows.PayoutRunSnapshot{Run: partnership.PayoutRun{ID: "dreams/2026-11/1"}, Plan: partnership.PayoutPlan{LinesHash: "h1"}, State: partnership.RunPlanned}
	sending := planned
	sending.State = partnership.RunExecuting
	sentBack := sending
	sentBack.Rejected = true
	known := partnership.PayoutRun{ID: "dreams/2026-11/1", State: partnership.RunPlanned, LinesHash: "h1"}
	unplanned, approved, other := known, known, known
	unplanned.LinesHash, approved.Approvals, other.ID = "", []string{"slack:U1"}, "dreams/2026-11/2"
	rejected := approved
	rejected.RestRejected = "no money"
	for name, c := range map[string]struct {
		engine workflows.PayoutRunSnapshot
		books  []partnership.PayoutRun
		ends   bool
	}{
		"no run at all":            {planned, nil, true},
		"another run":              {planned, []partnership.PayoutRun{other}, true},
		"no plan of it":            {planned, []partnership.PayoutRun{unplanned}, true},
		"no approval of it":        {sending, []partnership.PayoutRun{known}, true},
		"no rejection of its rest": {sentBack, []partnership.PayoutRun{approved}, true},
		"its rest is rejected":     {sentBack, []partnership.PayoutRun{rejected}, false},
		"waits for an approval":    {planned, []partnership.PayoutRun{known}, false},
		"is being sent":            {sending, []partnership.PayoutRun{approved}, false},
		"has just begun, no books": {workflows.PayoutRunSnapshot{}, nil, false},
	} {
		o := office{open: true, engine: c.engine, runs: c.books}
		found, err := o.starter().Start(t.Context(), finance, month, 0)
		if told := slices.Contains(o.did, "retry_step of payout-run/dreams/2026-11"); err != nil || found.Ends != c.ends || told != c.ends {
			t.Errorf("%s: it did %q and finds %+v, %v", name, o.did, found, err)
		}
	}
}

func TestAPreviewChangesNothing(t *testing.T) {
	t.Parallel()
	o := office{plan: payouts.Plan{Payouts: make([]ledger.Payout, 2)}}
	s := o.starter()
	s.Workflows = nil // it reaches none
	if plan, err := s.Preview(t.Context(), month); err != nil || len(plan.Payouts) != 2 || len(o.did) > 0 {
		t.Errorf("%+v, %v; it did %q", plan, err, o.did)
	}
}
