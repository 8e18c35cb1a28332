package rehearsal

import (
	"container/heap"
	"context"
	"errors"
	"fmt"
	"maps"
	"strings"
	"time"

	"go.temporal.io/sdk/testsuite"

	"github.com/rapport-dev/rapport/activities"
	"github.com/rapport-dev/rapport/partnership"
	"github.com/rapport-dev/rapport/partnership/money"
	"github.com/rapport-dev/rapport/workflows"
)

// company is the brand's side of one run: it answers the Campaign workflow's steps, keeps the budget, and lets the campaign hear
// of its stories at their time. A story is played to its end when it is started, ahead of the campaign; where the campaign turns
// out otherwise than the story assumed, the story is played again with what it has to be told. Both are the same up to there,
// because a story follows from its dice and from what it is told.
type company struct {
	*world
	env    *testsuite.TestWorkflowEnvironment
	purse  purse
	plays  map[partnership.PartnershipID]*staged
	order  []*staged // by invitation
	agenda agenda
	armed  time.Time // when the environment wakes the agenda next
	broke  bool      // the budget did not cover an invitation
	err    error
	events []Event
	work   Work
}

// staged is a story with what it takes to play it again.
type staged struct {
	*story
	in    workflows.PartnershipInput
	entry partnership.RosterEntry
	pins  pins
	told  int // outcries that the campaign has heard
	take  int // counts the plays; what earlier ones still had on the agenda is void
}

var companySteps = stepsOf[*company]()

// performCampaign plays a whole campaign.
func (w *world) performCampaign() (*company, error) {
	c := &company{world: w, purse: purse{limit: w.Campaign.BudgetMinor, held: map[partnership.PartnershipID]int64{}}, plays: map[partnership.PartnershipID]*staged{}}
	var r workflows.CampaignResult
	in := workflows.CampaignInput{CampaignID: campaignID, Day: w.Day}
	// The campaign's time holds all its stories'.
	err := play(c, w.Limit*time.Duration(1+len(w.roster)/100), w.Start, workflows.CampaignWorkflowID(campaignID), workflows.CampaignType, in, &r)
	if c.err != nil {
		err = c.err
	}
	return c, err
}

func (c *company) enter(env *testsuite.TestWorkflowEnvironment) {
	c.env = env
	env.SetOnTimerScheduledListener(func(string, time.Duration) { c.work.Timers++ })
}

func (c *company) begin() {}

func (c *company) now() time.Time { return c.env.Now().UTC() }

func (c *company) step(name string, arg any, local bool) (any, error) {
	c.work.step(local)
	return call(companySteps, c, name, arg)
}

// start plays the story of an invitation.
func (c *company) start(_ string, arg any) error {
	in, ok := arg.(workflows.PartnershipInput)
	if !ok {
		return c.fail(fmt.Errorf("the rehearsal does not know a child that starts with %T", arg))
	}
	for i := range c.roster {
		if c.roster[i].PartnershipID == in.PartnershipID {
			s := &staged{in: in, entry: c.roster[i]}
			c.plays[in.PartnershipID] = s
			c.order = append(c.order, s)
			return c.perform(s, c.now())
		}
	}
	return c.fail(errors.New("the campaign invited somebody who is not on its roster"))
}

// fail keeps the first error of a story and stops the campaign.
func (c *company) fail(err error) error {
	c.err = errors.Join(c.err, err)
	panic(err)
}

func (c *company) perform(s *staged, from time.Time) error {
	guess := func(cost int64) bool { return c.purse.covers(s.in.PartnershipID, cost) }
	played := c.recall(s, from)
	if played == nil {
		var err error
		if played, err = c.world.perform(s.in, c.people[s.in.CreatorID], s.entry, from, guess, s.pins); err != nil {
			return c.fail(fmt.Errorf("a partnership's story: %w", err))
		}
	}
	if c.known != nil && s.take == 0 {
		c.known[s.in.PartnershipID] = played
	}
	s.story = played
	s.take++
	for i := s.told; i < len(played.heard); i++ {
		heap.Push(&c.agenda, item{at: played.heard[i].at, rank: s.entry.Rank, staged: s, nth: i, take: s.take})
	}
	c.arm()
	return nil
}

// recall is the same story from another play of the same run: it began at the same moment, so it went the same way.
func (c *company) recall(s *staged, from time.Time) *story {
	if before := c.known[s.in.PartnershipID]; before != nil && s.take == 0 && before.from.Equal(from) {
		return before
	}
	return nil
}

// arm has the environment wake the agenda at its next moment.
func (c *company) arm() {
	if len(c.agenda) == 0 {
		return
	}
	now, at := c.now(), c.agenda[0].at
	if c.armed.After(now) && !at.Before(c.armed) {
		return
	}
	c.armed = at
	c.env.RegisterDelayedCallback(c.wake, max(0, at.Sub(now)))
}

// wake lets the campaign hear of one thing. Never of two at once: the environment's channel of callbacks is bounded.
func (c *company) wake() {
	now := c.now()
	if len(c.agenda) > 0 && !c.agenda[0].at.After(now) {
		next := heap.Pop(&c.agenda).(item)
		if next.take == next.staged.take {
			next.staged.told++
			c.hear(next.staged, next.staged.heard[next.nth])
		}
	}
	c.arm()
}

func (c *company) hear(s *staged, o outcry) {
	if o.signal == "" {
		if ok := c.purse.reserve(s.in.PartnershipID, o.reserve); ok != o.granted {
			s.pins.grants = grantsOf(s.heard[:s.told])
			s.pins.grants[len(s.pins.grants)-1] = ok
			_ = c.perform(s, s.from)
		}
		return
	}
	if m, closed := o.arg.(workflows.PartnershipClosed); closed && m.Outcome != partnership.Completed {
		c.purse.settle(s.in.PartnershipID, s.fees+s.gift)
	}
	c.env.SignalWorkflow(o.signal, o.arg)
}

// signal is the campaign's word to a partnership: its story from here on is played again with it.
func (c *company) signal(workflowID, name string, arg any) error {
	s := c.plays[partnership.PartnershipID(strings.TrimPrefix(workflowID, workflows.PartnershipWorkflowID("")))]
	if s == nil || !s.to.After(c.now()) {
		return errors.New("this partnership has ended")
	}
	s.pins.grants = grantsOf(s.heard[:s.told])
	s.pins.signals = append(s.pins.signals, pinned{c.now(), name, arg})
	return c.perform(s, s.from)
}

// grantsOf is what a story has been told about the budget so far.
func grantsOf(heard []outcry) []bool {
	var grants []bool
	for _, h := range heard {
		if h.signal == "" {
			grants = append(grants, h.granted)
		}
	}
	return grants
}

func (c *company) tell(what string) {
	if c.Listing {
		c.events = append(c.events, Event{At: c.now(), Kind: "slack", What: what})
	}
}

// RankRoster gives the roster as the world ranked it.
func (c *company) RankRoster(context.Context, activities.CampaignRef) (activities.CampaignPlan, error) {
	o := c.Campaign
	return activities.CampaignPlan{
		Target: o.Selection.Target, Zone: o.Timezone, Schedule: o.Schedule, Limits: o.Offer.Negotiation,
		Roster: append([]partnership.RosterEntry{}, c.roster...),
	}, nil
}

// ReserveWave commits the budget of each invitation until it no longer covers the next one.
func (c *company) ReserveWave(_ context.Context, in activities.Wave) (activities.Reserved, error) {
	var out activities.Reserved
	for _, e := range in.Entries {
		terms := c.offers[e.Tier]
		if !c.pass(in.GivenUp, e.PartnershipID, terms.CostMinor()) {
			c.broke = true
			out.OverBudget = "the budget left does not cover " + money.Display(terms.CostMinor(), terms.Currency)
			return out, nil
		}
		out.Invitations = append(out.Invitations, activities.Invitation{Entry: e, Terms: terms.Clone()})
	}
	return out, nil
}

// pass reserves an amount, with what a creator who was given up has not used if it takes that and suffices.
func (c *company) pass(from, to partnership.PartnershipID, amount int64) bool {
	if c.purse.reserve(to, amount) {
		return true
	}
	had := c.purse.held[from]
	c.giveBack(from)
	if c.purse.reserve(to, amount) {
		return true
	}
	if had > 0 {
		c.purse.reserve(from, had)
	}
	return false
}

// ReleaseWave gives back what was reserved for invitations that did not go out.
func (c *company) ReleaseWave(_ context.Context, in activities.Wave) error {
	for _, e := range in.Entries {
		if c.plays[e.PartnershipID] == nil {
			c.purse.settle(e.PartnershipID, 0)
		}
	}
	return nil
}

// ReserveBudget asks the budget for a creator who came back.
func (c *company) ReserveBudget(_ context.Context, in activities.Reservation) (activities.Granted, error) {
	return activities.Granted{OK: c.purse.reserve(in.Entry.PartnershipID, in.Terms.CostMinor())}, nil
}

// ReleaseBudget gives back what a creator whose slot was given on had reserved.
func (c *company) ReleaseBudget(_ context.Context, in activities.PartnershipRef) error {
	c.giveBack(in.PartnershipID)
	return nil
}

func (c *company) giveBack(id partnership.PartnershipID) {
	if s := c.plays[id]; s != nil {
		c.purse.settle(id, s.fees+s.gift)
	}
}

// LoadAmendment finds the file as it was: nobody amends a campaign in a rehearsal.
func (c *company) LoadAmendment(context.Context, activities.AmendmentRef) (activities.AmendmentPlan, error) {
	o := c.Campaign
	return activities.AmendmentPlan{Target: o.Selection.Target, Schedule: o.Schedule, Limits: o.Offer.Negotiation, Offers: maps.Clone(c.offers)}, nil
}

// TellTeam is the campaign's news.
func (c *company) TellTeam(_ context.Context, in activities.CampaignNews) error {
	c.tell(strings.ReplaceAll(in.Kind, "_", " "))
	return nil
}

// SetCampaignState is the campaign's end.
func (c *company) SetCampaignState(context.Context, activities.CampaignEnd) error { return nil }

// purse is the campaign's budget, by the rules of the store's reservations.
type purse struct {
	limit, committed int64
	held             map[partnership.PartnershipID]int64
}

func (b *purse) covers(id partnership.PartnershipID, amount int64) bool {
	return amount <= b.limit-b.committed+b.held[id]
}

func (b *purse) reserve(id partnership.PartnershipID, amount int64) bool {
	if !b.covers(id, amount) {
		return false
	}
	b.committed += amount - b.held[id]
	b.held[id] = amount
	return true
}

// settle leaves a partnership that ended early what it used of its reservation.
func (b *purse) settle(id partnership.PartnershipID, used int64) {
	keep := min(b.held[id], used)
	b.committed += keep - b.held[id]
	b.held[id] = keep
}

// agenda is what the campaign will hear, in the order of time and then of rank.
type agenda []item

type item struct {
	at     time.Time
	rank   int
	staged *staged
	nth    int
	take   int
}

func (a agenda) Len() int      { return len(a) }
func (a agenda) Swap(i, j int) { a[i], a[j] = a[j], a[i] }
func (a agenda) Less(i, j int) bool {
	if !a[i].at.Equal(a[j].at) {
		return a[i].at.Before(a[j].at)
	}
	if a[i].rank != a[j].rank {
		return a[i].rank < a[j].rank
	}
	return a[i].nth < a[j].nth
}
func (a *agenda) Push(x any) { *a = append(*a, x.(item)) }
func (a *agenda) Pop() any {
	last := (*a)[len(*a)-1]
	*a = (*a)[:len(*a)-1]
	return last
}
