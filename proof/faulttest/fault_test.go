package faulttest

import (
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/rapport-dev/rapport/proof/judge"
	"github.com/rapport-dev/rapport/proof/systemtest"
)

func TestMain(m *testing.M) {
	if os.Getenv("RAPPORT_FAULT") != "" {
		systemtest.MainBeside(m)
	}
	systemtest.Main(m)
}

// long is for what runs in `make fault` alone, several at once: each scenario is a system of its own, and mostly waits.
func long(t *testing.T) {
	t.Helper()
	if os.Getenv("RAPPORT_FAULT") == "" {
		t.Skip("the long scenarios run in `make fault`")
	}
	t.Parallel()
}

// whole is for what runs in every `make test` too. There it has the cores to itself and one other package.
func whole(t *testing.T) {
	t.Helper()
	if testing.Short() {
		t.Skip("it runs the whole system for half a minute or more")
	}
	if os.Getenv("RAPPORT_FAULT") != "" {
		t.Parallel()
	}
}

// scenario is one campaign with its troubles.
type scenario struct {
	name    string
	day     time.Duration
	timeout time.Duration // for the whole scenario: that it comes to its end is a part of what is tested
	plans   []systemtest.Plan
	// strike acts while the campaign runs, and returns how often each of its faults hit.
	strike func(*systemtest.System) map[string]int
	// check looks at what is particular to the scenario.
	check func(*testing.T, judge.Report)
}

// TestKillsAndLostReplies is the short scenario of every test run.
func TestKillsAndLostReplies(t *testing.T) {
	whole(t)
	scenario{
		day: time.Second, timeout: 4 * time.Minute, plans: lostReplies(),
		strike: func(s *systemtest.System) map[string]int {
			s.Await(": contracting")
			kills := 0
			for _, moment := range []string{": gifting", ": content", ": performance", "Paying dreams"} {
				s.Await(moment)
				if s.Kill("worker") {
					kills++
				}
			}
			return map[string]int{"worker killed": kills}
		},
	}.run(t)
}

// TestFaults are the long scenarios.
func TestFaults(t *testing.T) {
	long(t)
	const day, longer = time.Second, 2 * time.Second // a killed worker's steps wait six seconds for another one
	for _, sc := range []scenario{
		{
			name: "the worker is killed again and again", day: longer,
			strike: func(s *systemtest.System) map[string]int {
				return map[string]int{"worker killed": s.Every(4*time.Second, func() bool { return s.Kill("worker") })}
			},
		},
		{name: "Postgres is killed", day: day, strike: killOnce("postgres")},
		{name: "Temporal is killed", day: day, strike: killOnce("temporal")},
		{name: "every vendor loses answers", day: day, plans: lostReplies()},
		{name: "every vendor fails in every way", day: day, plans: troubles()},
		{name: "every vendor refuses everybody for a while", day: longer, plans: refusals(), check: nobodyIsAskedAboutAStep},
		{name: "webhooks come twice, late, or never", day: day, plans: unreliableWebhooks()},
		{
			name: "everything dies while money moves", day: day, plans: lostReplies(),
			strike: func(s *systemtest.System) map[string]int {
				hits := map[string]int{}
				s.Await("Paying dreams")
				for _, name := range []string{"worker", "postgres", "worker", "temporal", "worker"} {
					if s.Kill(name) {
						hits[name+" killed"]++
					}
				}
				return hits
			},
		},
		{
			name: "all at once", day: longer, plans: slices.Concat(lostReplies(), troubles(), unreliableWebhooks()),
			strike: func(s *systemtest.System) map[string]int {
				hits := killOnce("postgres")(s)
				for name, n := range killOnce("temporal")(s) {
					hits[name] = n
				}
				hits["worker killed"] = s.Every(5*time.Second, func() bool { return s.Kill("worker") })
				return hits
			},
		},
	} {
		sc.timeout = patience
		t.Run(sc.name, func(t *testing.T) {
			t.Parallel()
			sc.run(t)
		})
	}
	t.Run("stopped and started again", stoppedAndStarted)
	t.Run("everything dies while a campaign is amended", func(t *testing.T) {
		t.Parallel()
		amendUnder(t, "worker", "postgres", "temporal")
	})
}

// killOnce strikes in the middle of the story: some creators are under way with content, others still on their way in.
func killOnce(name string) func(*systemtest.System) map[string]int {
	return func(s *systemtest.System) map[string]int {
		s.Await(": content")
		hit := 0
		if s.Kill(name) {
			hit = 1
		}
		return map[string]int{name + " killed": hit}
	}
}

// patience is the timeout of a long scenario.
const patience = 10 * time.Minute

func (sc scenario) run(t *testing.T) {
	s := systemtest.Start(t, systemtest.Options{Day: sc.day, Exit: true, Timeout: sc.timeout})
	s.Plan(sc.plans...)
	hits := map[string]int{}
	if sc.strike != nil {
		hits = sc.strike(s)
	}
	r := s.Report()
	for name, n := range hits {
		t.Logf("%s: %d times", name, n)
		if n == 0 {
			t.Errorf("%s: never", name)
		}
	}
	everyPlanStruck(t, sc.plans, r.Truth.Faults)
	systemtest.Judge(t, r, s.Dir)
	outcomes(t, r)
	nobodyDied(t, s.Dir)
	if sc.check != nil {
		sc.check(t, r)
	}
}

// outcomes counts how the stories ended, and says so.
func outcomes(t *testing.T, r judge.Report) map[string]int {
	t.Helper()
	of := map[string]int{}
	for _, campaign := range r.Campaigns {
		for _, one := range campaign.Partnerships {
			of[one.Outcome]++
		}
	}
	t.Logf("outcomes: %v", of)
	return of
}

// nobodyIsAskedAboutAStep: a vendor that refuses everybody is one card, and none for each creator and step.
func nobodyIsAskedAboutAStep(t *testing.T, r judge.Report) {
	t.Helper()
	for _, m := range r.Truth.Messages {
		if strings.Contains(m.Key, "/refused/") {
			t.Errorf("a step became a question: %s", m.Key)
		}
	}
	t.Logf("%d cards in all", len(r.Truth.Messages))
}

// everyPlanStruck says how often each fault struck. One that was to strike for certain must have; of those by chance, each kind at
// each vendor must have somewhere.
func everyPlanStruck(t *testing.T, plans []systemtest.Plan, faults []judge.Fault) {
	t.Helper()
	somewhere := map[[2]string]int{}
	for _, f := range faults {
		somewhere[[2]string{f.Vendor, f.Kind}] += f.Fired
	}
	for _, plan := range plans {
		i := slices.IndexFunc(faults, func(f judge.Fault) bool {
			return f.Vendor == plan.Vendor && f.Endpoint == plan.Endpoint && f.Kind == plan.Kind
		})
		fired := 0
		if i >= 0 {
			fired = faults[i].Fired
		}
		t.Logf("%s at %s %s: %d times", plan.Kind, plan.Vendor, plan.Endpoint, fired)
		if fired == 0 && plan.Rate == 0 || somewhere[[2]string{plan.Vendor, plan.Kind}] == 0 {
			t.Errorf("%s at %s %s: never", plan.Kind, plan.Vendor, plan.Endpoint)
		}
	}
}

// stoppedAndStarted stops everything in the middle of the story; the next start goes on where it stood.
func stoppedAndStarted(t *testing.T) {
	t.Parallel()
	const day = time.Second
	dir := systemtest.NewDir(t)
	s := systemtest.Start(t, systemtest.Options{Dir: dir, Day: day})
	s.Await(": content")
	s.Interrupt()
	s = systemtest.Start(t, systemtest.Options{Dir: dir, Day: day, Exit: true, Timeout: patience})
	s.Await("goes on where the last start left it")
	r := s.Report()
	systemtest.Judge(t, r, dir)
	outcomes(t, r)
	nobodyDied(t, dir)
}
