package rehearsal

import (
	"cmp"
	"context"
	"fmt"
	"reflect"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"go.temporal.io/sdk/activity"
	"go.temporal.io/sdk/client"
	"go.temporal.io/sdk/converter"
	"go.temporal.io/sdk/testsuite"
	"go.temporal.io/sdk/worker"
	"go.temporal.io/sdk/workflow"

	"github.com/rapport-dev/rapport/partnership"
	"github.com/rapport-dev/rapport/workflows"
)

// house plays a campaign as a worker would: the Campaign workflow and its real children in one environment, with registered
// activities. It is what the rehearsal's stages stand for.
type house struct {
	*company
	mu    sync.Mutex
	casts map[partnership.PartnershipID]*cast
	said  int
}

func newHouse(t *testing.T, w *world) *house {
	h := &house{
		company: &company{world: w, purse: purse{limit: w.Campaign.BudgetMinor, held: map[partnership.PartnershipID]int64{}}},
		casts:   map[partnership.PartnershipID]*cast{},
	}
	var suite testsuite.WorkflowTestSuite
	suite.SetLogger(silent)
	h.env = suite.NewTestWorkflowEnvironment()
	workflows.Register(h.env)
	h.env.SetStartTime(w.Start)
	h.env.SetTestTimeout(time.Minute)
	h.env.SetWorkerOptions(worker.Options{DeadlockDetectionTimeout: time.Minute}) // a busy machine is no deadlock
	h.env.SetStartWorkflowOptions(client.StartWorkflowOptions{ID: workflows.CampaignWorkflowID(campaignID)})
	h.env.SetOnChildWorkflowStartedListener(func(_ *workflow.Info, _ workflow.Context, args converter.EncodedValues) {
		var in workflows.PartnershipInput
		if err := args.Get(&in); err != nil {
			t.Error(err)
		}
		h.welcome(in)
	})
	for name, f := range companySteps {
		h.register(name, f, func(reflect.Value) any { return h.company })
	}
	for name, f := range castSteps {
		h.register(name, f, func(in reflect.Value) any { return h.casts[partnershipOf(in)] })
	}
	return h
}

// welcome hires the cast of a child that has started.
func (h *house) welcome(in workflows.PartnershipInput) {
	h.mu.Lock()
	defer h.mu.Unlock()
	i := slices.IndexFunc(h.roster, func(e partnership.RosterEntry) bool { return e.PartnershipID == in.PartnershipID })
	c := h.hire(in, h.people[in.CreatorID], h.roster[i], h.env.Now().UTC())
	c.env = h.env
	c.guess = func(cost int64) bool { return h.purse.reserve(in.PartnershipID, cost) }
	id := workflows.PartnershipWorkflowID(in.PartnershipID)
	c.say = func(update string, arg any) {
		h.said++
		_ = h.env.UpdateWorkflowByID(id, update, fmt.Sprint(h.said), deaf{}, arg) // the story may have ended
	}
	c.report = func(signal string, arg any) { _ = h.env.SignalWorkflowByID(id, signal, arg) }
	h.casts[in.PartnershipID] = c
}

// register makes a step an activity under its own name.
func (h *house) register(name string, method reflect.Value, receiver func(in reflect.Value) any) {
	t := method.Type()
	var out []reflect.Type
	for i := range t.NumOut() {
		out = append(out, t.Out(i))
	}
	kind := reflect.FuncOf([]reflect.Type{reflect.TypeFor[context.Context](), t.In(2)}, out, false)
	h.env.RegisterActivityWithOptions(reflect.MakeFunc(kind, func(args []reflect.Value) []reflect.Value {
		h.mu.Lock()
		defer h.mu.Unlock()
		if pr, board := args[1].Interface().(partnership.Projection); board && pr.Outcome != "" {
			h.settle(h.casts[pr.PartnershipID], pr.Outcome)
		}
		return method.Call([]reflect.Value{reflect.ValueOf(receiver(args[1])), args[0], args[1]})
	}).Interface(), activity.RegisterOptions{Name: name})
}

// settle gives back what an early end leaves of its reservation, as the store does with the last projection.
func (h *house) settle(c *cast, o partnership.Outcome) {
	c.end(o)
	if o != partnership.Completed {
		h.purse.settle(c.in.PartnershipID, c.story.fees+c.story.gift)
	}
}

// partnershipOf finds whom a step is about.
func partnershipOf(in reflect.Value) partnership.PartnershipID {
	for _, path := range [][]string{{"PartnershipID"}, {"Letter", "PartnershipID"}, {"Entry", "PartnershipID"}} {
		v := in
		for _, name := range path {
			if v = v.FieldByName(name); !v.IsValid() {
				break
			}
		}
		if v.IsValid() {
			return partnership.PartnershipID(v.String())
		}
	}
	return ""
}

// Stories that are played ahead on stages of their own end as they do together in one environment, also where the budget runs
// out between them.
func TestTheStagesTellWhatOneEnvironmentTells(t *testing.T) {
	t.Parallel()
	tight := everybody(sample(t, "hybrid"), func(c *Creator) { c.Silent, c.Declines, c.Counters, c.Bold = 0, 0.1, 0.85, 0 })
	for name, o := range map[string]Options{"hybrid": sample(t, "hybrid"), "gift": sample(t, "gift-then-commission"), "tight": tight} {
		w, err := newWorld(withLimit(o))
		if err != nil {
			t.Fatal(err)
		}
		if name == "tight" { // the first offers and a little more
			w.Campaign.BudgetMinor = 150_00
			for _, e := range w.withStandby(0).roster {
				w.Campaign.BudgetMinor += w.offers[e.Tier].CostMinor()
			}
		}
		again := 0
		for run := range 2 {
			w := w.withStandby(w.pool()).run(run)
			c, err := w.performCampaign()
			if err != nil {
				t.Fatal(err)
			}
			var staged, together []string
			for _, s := range c.order {
				staged = append(staged, ending(s.story))
				again += s.take - 1
			}
			h := newHouse(t, w)
			h.env.ExecuteWorkflow(workflows.CampaignType, workflows.CampaignInput{CampaignID: campaignID, Day: w.Day})
			if err := h.env.GetWorkflowError(); err != nil {
				t.Fatal(err)
			}
			for _, c := range h.casts {
				together = append(together, ending(c.story))
			}
			slices.Sort(staged)
			slices.Sort(together)
			if !slices.Equal(staged, together) {
				t.Errorf("%s, run %d: on stages\n%s\nin one environment\n%s", name, run, strings.Join(staged, "\n"), strings.Join(together, "\n"))
			}
		}
		if name == "tight" && again == 0 {
			t.Error("no story had to be told that the budget does not cover its fee")
		}
	}
}

// recalled is a company that cancels its campaign on the twentieth day.
type recalled struct{ *company }

func (r recalled) begin() {
	r.env.RegisterDelayedCallback(func() {
		r.env.UpdateWorkflow(workflows.UpdateCancel, "", deaf{}, workflows.Stop{Reason: "the product is recalled", By: manager})
	}, 20*24*time.Hour)
}

// What a campaign tells its partnerships reaches the stories that were played ahead of it.
func TestACampaignsWordReachesItsStories(t *testing.T) {
	t.Parallel()
	w, err := newWorld(withLimit(sample(t, "hybrid")))
	if err != nil {
		t.Fatal(err)
	}
	w = w.withStandby(w.pool()).run(1)
	c := &company{world: w, purse: purse{limit: w.Campaign.BudgetMinor, held: map[partnership.PartnershipID]int64{}}, plays: map[partnership.PartnershipID]*staged{}}
	var r workflows.CampaignResult
	in := workflows.CampaignInput{CampaignID: campaignID, Day: w.Day}
	if err := play(recalled{c}, time.Minute, w.Start, workflows.CampaignWorkflowID(campaignID), workflows.CampaignType, in, &r); err != nil {
		t.Fatal(err)
	}
	day := w.Start.AddDate(0, 0, 20)
	if r.State != "cancelled" || r.Outcomes[partnership.Cancelled] == 0 || r.Outcomes[partnership.Completed] != 0 {
		t.Errorf("ended %+v", r)
	}
	for _, s := range c.order {
		if s.to.After(day.Add(time.Hour)) || s.outcome == partnership.Cancelled && s.to.Before(day) {
			t.Errorf("rank %d: %s at %s", s.entry.Rank, s.outcome, s.to)
		}
	}
}

// ending is what a story came to; times to the minute, because steps take no time on a stage and next to none together.
func ending(s *story) string {
	posts := slices.Clone(s.posts)
	slices.SortFunc(posts, func(a, b time.Time) int { return cmp.Compare(a.Unix(), b.Unix()) })
	line := fmt.Sprintf("%03d %s %s-%s fees %d gift %d", s.entry.Rank, s.outcome, s.from.Round(time.Minute).Format("2 Jan 15:04"), s.to.Round(time.Minute).Format("2 Jan 15:04"), s.fees, s.gift)
	for _, at := range posts {
		line += " " + at.Round(time.Minute).Format("2 Jan 15:04")
	}
	return line
}
