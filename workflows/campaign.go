package workflows

import (
	"slices"

	enums "go.temporal.io/api/enums/v1"
	"go.temporal.io/sdk/log"
	"go.temporal.io/sdk/temporal"
	"go.temporal.io/sdk/workflow"

	"github.com/rapport-dev/rapport/activities"
	p "github.com/rapport-dev/rapport/partnership"
	"github.com/rapport-dev/rapport/partnership/timeline"
)

// CampaignState is what a Campaign carries over continue-as-new.
type CampaignState struct {
	Ranked    bool
	Spec      activities.CampaignPlan
	Waiting   []p.RosterEntry                   // not yet invited, best first; standby ones wait for a slot of their niche
	Open      map[p.PartnershipID]p.RosterEntry // invited and not ended
	Away      map[p.PartnershipID]*Cover        // whose creators nobody counts on any more
	Ended     map[p.PartnershipID]EndedSlot
	Paused    string
	Shown     string // the pause as the board shows it
	Amending  int    // version of the file that is being applied, 0 none
	Amended   int    // version that was applied last
	Cancelled *Stop
	Tight     bool // nothing has come free since the budget covered no further invitation: asking again would be in vain
	Short     bool // the team knows that the budget covered no further invitation
	Crowded   bool // the team is to hear that there is one creator more than slots
	Exhausted bool // the team knows that nobody is left to ask
	Messages  int
}

// EndedSlot is what became of an invitation.
type EndedSlot struct {
	Outcome p.Outcome
	Niche   string
}

// CampaignResult is how a campaign ended.
type CampaignResult struct {
	State    string
	Outcomes map[p.Outcome]int
}

type campaign struct {
	CampaignInput
	CampaignState
	log  log.Logger
	news workflow.ReceiveChannel // of slots
	ends workflow.ReceiveChannel // of partnerships
}

// wave is how many creators are invited in one go.
const wave = 10

// Campaign fills its slots with partnerships: it ranks the roster, invites in waves, gives a slot that falls free to the next
// standby creator of the niche, has one stand by for a creator who goes quiet (standby.go), and ends when every partnership has.
func Campaign(ctx workflow.Context, in CampaignInput) (CampaignResult, error) {
	c := &campaign{CampaignInput: in}
	if err := c.setup(ctx); err != nil {
		return CampaignResult{}, err
	}
	return c.run(ctx)
}

func (c *campaign) setup(ctx workflow.Context) error {
	c.log = log.With(workflow.GetLogger(ctx), "campaign_id", c.CampaignID)
	if c.Carried != nil {
		c.CampaignState, c.Carried = *c.Carried, nil
	}
	if c.Open == nil {
		c.Open, c.Ended, c.Away = map[p.PartnershipID]p.RosterEntry{}, map[p.PartnershipID]EndedSlot{}, map[p.PartnershipID]*Cover{}
	}
	c.news, c.ends = workflow.GetSignalChannel(ctx, SignalSlotChanged), workflow.GetSignalChannel(ctx, SignalPartnershipClosed)
	if err := workflow.SetQueryHandler(ctx, QuerySnapshot, func() (CampaignState, error) { return c.CampaignState, nil }); err != nil {
		return err
	}
	return c.handle(ctx)
}

// handle registers pause, resume and cancel of the whole campaign.
func (c *campaign) handle(ctx workflow.Context) error {
	for _, h := range []struct {
		name, action string
		keep         func(Stop)
	}{
		{UpdatePause, Paused, func(m Stop) { c.Paused = m.Reason }},
		{UpdateResume, Resumed, func(Stop) { c.Paused = "" }},
		{UpdateCancel, Cancelled, func(m Stop) { c.Cancelled = &m }},
	} {
		handler := func(ctx workflow.Context, m Stop) (Ack, error) {
			h.keep(m)
			c.tell(ctx, workflow.DeterministicKeys(c.Open), Stopped{Action: h.action, Reason: m.Reason, By: m.By})
			return Ack{WaitingFor: c.Paused}, nil
		}
		err := workflow.SetUpdateHandlerWithOptions(ctx, h.name, handler, workflow.UpdateHandlerOptions{
			Validator: func(_ workflow.Context, m Stop) error { return c.mayStop(h.name, m) },
		})
		if err != nil {
			return err
		}
	}
	handler := func(_ workflow.Context, m Amend) (Ack, error) {
		if m.Version > c.Amended && m.Version > c.Amending { // one that is known is applied once
			c.Amending = m.Version
		}
		return Ack{WaitingFor: "every open partnership"}, nil
	}
	return workflow.SetUpdateHandlerWithOptions(ctx, UpdateAmend, handler, workflow.UpdateHandlerOptions{
		Validator: func(_ workflow.Context, m Amend) error {
			if c.Cancelled != nil {
				return refuse(p.Conflict, "this campaign is being cancelled")
			}
			if m.Version < 1 {
				return refuse(p.Invalid, "version: must be at least 1")
			}
			return nil
		},
	})
}

func (c *campaign) mayStop(name string, m Stop) error {
	switch {
	case c.Cancelled != nil:
		return refuse(p.Conflict, "this campaign is being cancelled")
	case name == UpdateResume && c.Paused == "":
		return refuse(p.Conflict, "this campaign is not paused")
	case name != UpdateResume && m.Reason == "":
		return refuse(p.Invalid, "reason: say why; creators and colleagues will ask")
	}
	return nil
}

// tell passes a pause, resume or cancel on to partnerships. One that has just ended needs no news.
func (c *campaign) tell(ctx workflow.Context, ids []p.PartnershipID, m Stopped) {
	var futures []workflow.Future
	for _, id := range ids {
		futures = append(futures, workflow.SignalExternalWorkflow(ctx, PartnershipWorkflowID(id), "", SignalStopped, m))
	}
	for _, f := range futures {
		if err := f.Get(ctx, nil); err != nil {
			c.log.Info("a partnership had ended before it heard", "action", m.Action)
		}
	}
}

func (c *campaign) run(ctx workflow.Context) (CampaignResult, error) {
	if !c.Ranked {
		if err := c.start(ctx); err != nil {
			return CampaignResult{}, err
		}
	}
	for {
		if err := c.showPause(ctx); err != nil {
			return CampaignResult{}, err
		}
		if c.Amending > 0 {
			if err := c.amend(ctx); err != nil {
				return CampaignResult{}, err
			}
		}
		if err := c.settleReturns(ctx); err != nil {
			return CampaignResult{}, err
		}
		if err := c.cover(ctx); err != nil {
			return CampaignResult{}, err
		}
		if err := c.fill(ctx); err != nil {
			return CampaignResult{}, err
		}
		if err := c.sayCrowded(ctx); err != nil {
			return CampaignResult{}, err
		}
		if err := c.sayExhausted(ctx); err != nil {
			return CampaignResult{}, err
		}
		if len(c.Open) == 0 && c.Amending == 0 && (c.Paused == "" || c.Cancelled != nil) {
			return c.finish(ctx)
		}
		if workflow.GetInfo(ctx).GetContinueAsNewSuggested() {
			return CampaignResult{}, c.continueAsNew(ctx)
		}
		if err := c.listen(ctx); err != nil {
			return CampaignResult{}, err
		}
	}
}

// showPause keeps the pause, or its end, on the board.
func (c *campaign) showPause(ctx workflow.Context) error {
	if c.Paused == c.Shown || c.Cancelled != nil {
		return nil
	}
	c.Shown = c.Paused
	now := activities.CampaignEnd{CampaignID: c.CampaignID, State: "running"}
	if c.Paused != "" {
		now.State, now.Reason = "paused", c.Paused
	}
	return workflow.ExecuteActivity(onQueue(ctx, c.Day, QueueLifecycle, "Show that the campaign is "+now.State), act.SetCampaignState, now).Get(ctx, nil)
}

// start ranks the roster and opens the campaign's thread.
func (c *campaign) start(ctx workflow.Context) error {
	main := onQueue(ctx, c.Day, QueueLifecycle, "Rank the roster")
	if err := workflow.ExecuteActivity(main, act.RankRoster, activities.CampaignRef{CampaignID: c.CampaignID}).Get(ctx, &c.Spec); err != nil {
		return err
	}
	c.Waiting, c.Spec.Roster, c.Ranked = c.Spec.Roster, nil, true
	workflow.GoNamed(ctx, "campaign started", func(ctx workflow.Context) { // the first wave does not wait for the chat
		if err := c.say(ctx, "campaign_started", ""); err != nil {
			c.log.Warn("the team was not told of the start", "error", err)
		}
	})
	return nil
}

// listen waits for a partnership to end, or for a pause, resume or cancel.
func (c *campaign) listen(ctx workflow.Context) error {
	paused, cancelled := c.Paused, c.Cancelled != nil
	if err := workflow.Await(ctx, func() bool {
		return c.news.Len() > 0 || c.ends.Len() > 0 || c.Amending > 0 || c.Paused != paused || (c.Cancelled != nil) != cancelled
	}); err != nil {
		return err
	}
	c.drain()
	return nil
}

// drain takes in all that has arrived about slots, then every ending: nobody says anything after their end.
func (c *campaign) drain() {
	var changed SlotChanged
	for c.news.ReceiveAsync(&changed) {
		c.slotChanged(changed)
		changed = SlotChanged{}
	}
	var m PartnershipClosed
	for c.ends.ReceiveAsync(&m) {
		c.closed(m)
	}
}

func (c *campaign) closed(m PartnershipClosed) {
	c.Tight = false
	delete(c.Open, m.PartnershipID)
	delete(c.Away, m.PartnershipID)
	c.Ended[m.PartnershipID] = EndedSlot{m.Outcome, m.Niche}
	for _, id := range workflow.DeterministicKeys(c.Away) {
		if cv := c.Away[id]; cv.Standby == m.PartnershipID {
			cv.Standby = ""
		}
	}
}

func (c *campaign) continueAsNew(ctx workflow.Context) error {
	if err := workflow.Await(ctx, func() bool { return workflow.AllHandlersFinished(ctx) }); err != nil {
		return err
	}
	c.drain()
	in := c.CampaignInput
	in.Carried = &c.CampaignState
	return workflow.NewContinueAsNewError(ctx, CampaignType, in)
}

// free is how many slots have nobody: an open or completed partnership holds one. A creator whose slot was given on does not,
// nor does a standby who has not taken it yet.
func (c *campaign) free() int {
	held := len(c.Open)
	for _, id := range workflow.DeterministicKeys(c.Away) {
		if cv := c.Away[id]; cv.Taken || cv.Standby != "" {
			held--
		}
	}
	for _, id := range workflow.DeterministicKeys(c.Ended) {
		if c.Ended[id].Outcome == p.Completed {
			held++
		}
	}
	return c.Spec.Target - held
}

// fill invites the next creators into the free slots, wave by wave.
func (c *campaign) fill(ctx workflow.Context) error {
	for c.Paused == "" && c.Cancelled == nil && c.free() > 0 && !c.Tight && c.mayAsk(ctx) {
		next := c.next(min(c.free(), wave))
		var reserved activities.Reserved
		batch := activities.Wave{CampaignID: c.CampaignID, Entries: next}
		if err := workflow.ExecuteActivity(onQueue(ctx, c.Day, QueueLifecycle, "Reserve the budget for a wave"), act.ReserveWave, batch).Get(ctx, &reserved); err != nil {
			return err
		}
		if c.Paused != "" || c.Cancelled != nil { // while the budget was being reserved
			return c.hold(ctx, next, reserved.Invitations)
		}
		if err := c.invite(ctx, reserved.Invitations, ""); err != nil {
			return err
		}
		if reserved.OverBudget != "" {
			return c.overBudget(ctx, next, reserved)
		}
	}
	return nil
}

// overBudget puts back whom the budget did not cover: the next ending may free it. The team is told once.
func (c *campaign) overBudget(ctx workflow.Context, picked []p.RosterEntry, r activities.Reserved) error {
	var back []p.RosterEntry
	for _, e := range picked {
		if !slices.ContainsFunc(r.Invitations, func(i activities.Invitation) bool { return i.Entry.PartnershipID == e.PartnershipID }) {
			back = append(back, e)
		}
	}
	c.Waiting = append(back, c.Waiting...)
	c.Tight = true
	if c.Short {
		return nil
	}
	c.Short = true
	return c.say(ctx, "budget_exhausted", r.OverBudget)
}

// hold keeps a wave back that was reserved and may not be invited any more. After a pause it is reserved anew; a cancelled
// campaign closes its rows, of which no partnership was made.
func (c *campaign) hold(ctx workflow.Context, entries []p.RosterEntry, reserved []activities.Invitation) error {
	if c.Cancelled == nil {
		c.Waiting = append(entries, c.Waiting...)
		return nil
	}
	for _, inv := range reserved {
		closed := p.Projection{PartnershipID: inv.Entry.PartnershipID, Seq: 1, Stage: p.Closed, Outcome: p.Cancelled, Reason: c.Cancelled.Reason}
		if err := workflow.ExecuteLocalActivity(projection(ctx), act.SaveProjection, closed).Get(ctx, nil); err != nil {
			return err
		}
		c.Ended[inv.Entry.PartnershipID] = EndedSlot{p.Cancelled, inv.Entry.Niche}
	}
	return nil
}

// next takes the best n from the roster: first those with a slot, then the standby of the niche that lost somebody, then any.
func (c *campaign) next(n int) []p.RosterEntry {
	var picked []p.RosterEntry
	take := func(want func(p.RosterEntry) bool) {
		rest := c.Waiting[:0:0]
		for _, e := range c.Waiting {
			if len(picked) < n && want(e) {
				picked = append(picked, e)
				continue
			}
			rest = append(rest, e)
		}
		c.Waiting = rest
	}
	take(func(e p.RosterEntry) bool { return !e.Standby })
	lost := c.lostNiches()
	take(func(e p.RosterEntry) bool {
		if lost[e.Niche] > 0 {
			lost[e.Niche]--
			return true
		}
		return false
	})
	take(func(p.RosterEntry) bool { return true })
	return picked
}

// mayAsk says whether there is anybody to invite who could still be in time. Only the first choice is asked whatever the date.
func (c *campaign) mayAsk(ctx workflow.Context) bool {
	cal := timeline.Calendar{Day: c.Day, Zone: c.Spec.Zone}
	return len(c.Waiting) > 0 && (!c.Waiting[0].Standby || timeline.InTime(cal, c.Spec.Schedule, workflow.Now(ctx)))
}

// lostNiches counts the slots of each niche that ended unhappily and were not yet given on.
func (c *campaign) lostNiches() map[string]int {
	lost := map[string]int{}
	for _, id := range workflow.DeterministicKeys(c.Ended) {
		if slot := c.Ended[id]; slot.Outcome != p.Completed {
			lost[slot.Niche]++
		}
	}
	for _, id := range workflow.DeterministicKeys(c.Away) {
		if cv := c.Away[id]; cv.Taken || cv.Standby != "" {
			lost[c.Open[id].Niche]++
		}
	}
	for _, id := range workflow.DeterministicKeys(c.Open) {
		if e := c.Open[id]; e.Standby {
			lost[e.Niche]--
		}
	}
	return lost
}

// invite starts a partnership for each reserved slot. Each lives on its own: it outlives this run, and tells its end by signal.
// covers is whose slot a standby creator is offered, "" when the slots are free.
func (c *campaign) invite(ctx workflow.Context, invitations []activities.Invitation, covers p.PartnershipID) error {
	var started []workflow.ChildWorkflowFuture
	for _, inv := range invitations {
		e := inv.Entry
		c.Open[e.PartnershipID] = e
		schedule := c.Spec.Schedule
		if covers != "" {
			schedule = timeline.ForStandby(schedule)
		}
		cctx := workflow.WithChildOptions(ctx, workflow.ChildWorkflowOptions{
			WorkflowID:            PartnershipWorkflowID(e.PartnershipID),
			ParentClosePolicy:     enums.PARENT_CLOSE_POLICY_ABANDON,
			WorkflowIDReusePolicy: enums.WORKFLOW_ID_REUSE_POLICY_REJECT_DUPLICATE,
			StaticSummary:         "One creator's story in this campaign (" + string(e.Tier) + ", " + e.Niche + ")",
			TypedSearchAttributes: temporal.NewSearchAttributes(
				attrCampaign.ValueSet(string(c.CampaignID)), attrStage.ValueSet(string(p.Outreach)), attrAttention.ValueSet("none"),
			),
		})
		started = append(started, workflow.ExecuteChildWorkflow(cctx, PartnershipType, PartnershipInput{
			CampaignID: c.CampaignID, PartnershipID: e.PartnershipID, CreatorID: e.CreatorID, Tier: e.Tier, Niche: e.Niche, CreatorZone: e.Zone,
			Offer: inv.Terms, Limits: c.Spec.Limits, Schedule: schedule, Day: c.Day, Zone: c.Spec.Zone,
			Covers: covers,
		}))
	}
	for _, f := range started {
		err := f.GetChildWorkflowExecution().Get(ctx, nil)
		if err != nil && !temporal.IsWorkflowExecutionAlreadyStartedError(err) {
			return err
		}
	}
	// What was said while they started found nobody there yet.
	var ids []p.PartnershipID
	for _, inv := range invitations {
		ids = append(ids, inv.Entry.PartnershipID)
	}
	switch {
	case c.Cancelled != nil:
		c.tell(ctx, ids, Stopped{Action: Cancelled, Reason: c.Cancelled.Reason, By: c.Cancelled.By})
	case c.Paused != "":
		c.tell(ctx, ids, Stopped{Action: Paused, Reason: c.Paused})
	}
	return nil
}

// say posts a message to the campaign's channel and notes its state on the board.
func (c *campaign) say(ctx workflow.Context, kind, why string) error {
	c.Messages++
	msg := activities.CampaignNews{CampaignID: c.CampaignID, Kind: kind, Seq: c.Messages, Attention: why}
	err := workflow.ExecuteActivity(onQueue(ctx, c.Day, QueueChat, "Tell the team: "+kind), act.TellTeam, msg).Get(ctx, nil)
	return unlessRefused(c.log, err)
}

// finish closes the books of the campaign and posts its report.
func (c *campaign) finish(ctx workflow.Context) (CampaignResult, error) {
	r := CampaignResult{State: "finished", Outcomes: map[p.Outcome]int{}}
	reason := ""
	if c.Cancelled != nil {
		r.State, reason = "cancelled", c.Cancelled.Reason
	}
	for _, id := range workflow.DeterministicKeys(c.Ended) {
		r.Outcomes[c.Ended[id].Outcome]++
	}
	end := activities.CampaignEnd{CampaignID: c.CampaignID, State: r.State, Reason: reason}
	if err := workflow.ExecuteActivity(onQueue(ctx, c.Day, QueueLifecycle, "Close the campaign"), act.SetCampaignState, end).Get(ctx, nil); err != nil {
		return r, err
	}
	if err := c.say(ctx, "campaign_"+r.State, reason); err != nil {
		return r, err
	}
	return r, workflow.Await(ctx, func() bool { return workflow.AllHandlersFinished(ctx) })
}
