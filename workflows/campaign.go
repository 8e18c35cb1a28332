package workflows

import (
	"go.temporal.io/sdk/log"
	"go.temporal.io/sdk/workflow"

	"github.com/rapport-dev/rapport/activities"
	p "github.com/rapport-dev/rapport/partnership"
)

// CampaignState is what a Campaign carries over continue-as-new.
type CampaignState struct {
	Ranked    bool                              `json:"Ranked"`
	Spec      activities.CampaignPlan           `json:"Spec"`
	Waiting   []p.RosterEntry                   `json:"Waiting"` // not yet invited, best first; standby ones wait for a slot of their niche
	Open      map[p.PartnershipID]p.RosterEntry `json:"Open"`    // invited and not ended
	Away      map[p.PartnershipID]*Cover        `json:"Away"`    // whose creators nobody counts on any more
	Ended     map[p.PartnershipID]EndedSlot     `json:"Ended"`
	Paused    string                            `json:"Paused"`
	Shown     string                            `json:"Shown"`    // the pause as the board shows it
	Amending  int                               `json:"Amending"` // version of the file that is being applied, 0 none
	Amended   int                               `json:"Amended"`  // version that was applied last
	Cancelled *Stop                             `json:"Cancelled"`
	Freed     int                               `json:"Freed"`     // counts what gives budget back: whom it did not cover is asked again only then
	Refused   int                               `json:"Refused"`   // Freed when it covered no further invitation
	Short     bool                              `json:"Short"`     // the team knows that the budget covered no further invitation
	Crowded   bool                              `json:"Crowded"`   // the team is to hear that there is one creator more than slots
	Exhausted bool                              `json:"Exhausted"` // the team knows that nobody is left to ask
	Messages  int                               `json:"Messages"`
	Attention string                            `json:"Attention,omitempty"` // which step failed and of what, while it is parked
	Retries   int                               `json:"Retries,omitempty"`   // how often a person asked to try it again
}

// EndedSlot is what became of an invitation.
type EndedSlot struct {
	Outcome p.Outcome `json:"Outcome"`
	Niche   string    `json:"Niche"`
}

// CampaignResult is how a campaign ended.
type CampaignResult struct {
	State    string            `json:"State"`
	Outcomes map[p.Outcome]int `json:"Outcomes"`
}

type campaign struct {
	CampaignInput
	CampaignState
	log  log.Logger
	news workflow.ReceiveChannel // of slots
	ends workflow.ReceiveChannel // of partnerships

	board  board
	heard  bool // something has been taken in that the loop has not seen to
	saying int  // messages to the team under way
	waited bool // this run has waited for news

	recording int  // decisions that are being written down
	over      bool // how it ended is fixed: nothing that is decided now could change it
}

// wave is how many creators are invited in one go.
const wave = 10

// Campaign fills its slots with partnerships: it ranks the roster, invites in waves, gives a slot that falls free to the next
// standby creator of the niche, has one stand by for a creator who goes quiet (standby.go), and ends when every partnership has.
func Campaign(ctx workflow.Context, in CampaignInput) (CampaignResult, error) {
	c := &campaign{CampaignInput: in, board: newBoard(in.Day)}
	// An operator's cancel in Temporal is one more way to cancel the campaign: everybody in it is told.
	detached, _ := workflow.NewDisconnectedContext(ctx)
	c.setup(detached)
	workflow.GoNamed(detached, "operator-cancel", func(own workflow.Context) {
		ctx.Done().Receive(own, nil)
		if c.Cancelled == nil {
			c.Cancelled = &Stop{Reason: "cancelled by an operator", By: "operator"}
			c.passOn(own, workflow.DeterministicKeys(c.Open), Stopped{Action: Cancelled, Reason: c.Cancelled.Reason, By: c.Cancelled.By})
		}
	})
	return c.run(detached)
}

func (c *campaign) setup(ctx workflow.Context) {
	c.log = log.With(workflow.GetLogger(ctx), "campaign_id", c.CampaignID)
	if c.Carried != nil {
		c.CampaignState, c.Carried = *c.Carried, nil
	}
	if c.Open == nil {
		c.Open, c.Ended, c.Away = map[p.PartnershipID]p.RosterEntry{}, map[p.PartnershipID]EndedSlot{}, map[p.PartnershipID]*Cover{}
	}
	c.Freed = max(c.Freed, 1)
	c.news, c.ends = workflow.GetSignalChannel(ctx, SignalSlotChanged), workflow.GetSignalChannel(ctx, SignalPartnershipClosed)
	must(workflow.SetQueryHandler(ctx, QuerySnapshot, func() (CampaignState, error) { return c.CampaignState, nil }))
	c.handle(ctx)
}

// handle registers pause, resume and cancel of the whole campaign, its amendments, and the retry of a step that is parked.
func (c *campaign) handle(ctx workflow.Context) {
	for _, h := range []struct {
		name, action string
		keep         func(Stop)
	}{
		{UpdatePause, Paused, func(m Stop) { c.Paused = m.Reason }},
		{UpdateResume, Resumed, func(Stop) { c.Paused = "" }},
		{UpdateCancel, Cancelled, func(m Stop) { c.Cancelled = &m }},
	} {
		handler := func(ctx workflow.Context, m Stop) (Ack, error) {
			if err := c.recorded(ctx, h.name, m); err != nil {
				return Ack{}, err
			}
			if m.Proof != nil {
				if err := c.mayStop(h.name, m); err != nil { // its moment has passed meanwhile
					return Ack{}, tooLate(ctx, c.Day, h.name, m, err)
				}
			}
			h.keep(m)
			c.passOn(ctx, workflow.DeterministicKeys(c.Open), Stopped{Action: h.action, Reason: m.Reason, By: m.By})
			return Ack{WaitingFor: c.Paused}, nil
		}
		must(workflow.SetUpdateHandlerWithOptions(ctx, h.name, handler, workflow.UpdateHandlerOptions{
			Validator: func(_ workflow.Context, m Stop) error {
				if c.recording > 0 {
					return refuse(p.Conflict, beingRecorded)
				}
				return c.mayStop(h.name, m)
			},
		}))
	}
	must(handleRetry(ctx, c.Day, &c.Retries, func() bool { return c.Attention != "" }))
	handler := func(ctx workflow.Context, m Amend) (Ack, error) {
		if err := c.recorded(ctx, UpdateAmend, m); err != nil {
			return Ack{}, err
		}
		if no := c.ending(); no != nil && amendLooksAgain(ctx) { // its moment has passed meanwhile
			return Ack{}, tooLate(ctx, c.Day, UpdateAmend, m, no)
		}
		if m.Version > c.Amended && m.Version > c.Amending { // one that is known is applied once
			c.Amending = m.Version
		}
		return Ack{WaitingFor: "every open partnership"}, nil
	}
	must(workflow.SetUpdateHandlerWithOptions(ctx, UpdateAmend, handler, workflow.UpdateHandlerOptions{
		Validator: func(_ workflow.Context, m Amend) error {
			if c.recording > 0 {
				return refuse(p.Conflict, beingRecorded)
			}
			if no := c.ending(); no != nil {
				return no
			}
			if m.Version < 1 {
				return refuse(p.Invalid, "version: must be at least 1")
			}
			return nil
		},
	}))
}

const (
	justEnded     = "this campaign has just ended"
	cancelling    = "this campaign is being cancelled"
	beingRecorded = "somebody's decision on this campaign is being recorded; look again in a moment"
)

// amendLooksAgain is false in campaigns that took an amendment whatever was decided while it was written down.
func amendLooksAgain(ctx workflow.Context) bool {
	return workflow.GetVersion(ctx, "amend-looks-again", workflow.DefaultVersion, 1) == 1
}

// recorded writes a decision of the team down before it is kept.
func (c *campaign) recorded(ctx workflow.Context, name string, m proven) error {
	c.recording++
	defer func() { c.recording-- }()
	return decided(ctx, c.Day, name, m)
}

// ending refuses whatever comes too late to change how the campaign ends.
func (c *campaign) ending() error {
	switch {
	case c.over:
		return refuse(p.Conflict, justEnded)
	case c.Cancelled != nil:
		return refuse(p.Conflict, cancelling)
	}
	return nil
}

func (c *campaign) mayStop(name string, m Stop) error {
	if no := c.ending(); no != nil {
		return no
	}
	switch {
	case name == UpdateResume && c.Paused == "":
		return refuse(p.Conflict, "this campaign is not paused")
	case name == UpdatePause && c.Paused != "":
		return refuse(p.Conflict, "this campaign is paused already: "+c.Paused)
	case name != UpdateResume && m.Reason == "":
		return refuse(p.Invalid, "reason: say why; creators and colleagues will ask")
	}
	return nil
}

// passOn passes a pause, resume or cancel on to partnerships. One that has just ended needs no news.
func (c *campaign) passOn(ctx workflow.Context, ids []p.PartnershipID, m Stopped) {
	var futures []workflow.Future
	for _, id := range ids {
		futures = append(futures, tell(ctx, PartnershipWorkflowID(id), SignalStopped, m))
	}
	for _, f := range futures {
		if err := f.Get(ctx, nil); err != nil {
			c.log.Info("a partnership had ended before it heard", "action", m.Action)
		}
	}
}

// run is the one exit: nothing that it calls returns an error, so none of a database, a vendor or a payload can end a campaign.
func (c *campaign) run(ctx workflow.Context) (CampaignResult, error) {
	if !c.Ranked {
		c.start(ctx)
	}
	for {
		c.showPause(ctx)
		if c.Amending > 0 {
			c.amend(ctx)
		}
		c.settleReturns(ctx)
		c.cover(ctx)
		c.fill(ctx)
		c.sayCrowded(ctx)
		c.sayExhausted(ctx)
		if len(c.Open) == 0 && !c.heard && c.recording == 0 && c.Amending == 0 && (c.Paused == "" || c.Cancelled != nil) {
			return c.finish(ctx), nil
		}
		if c.renewal(ctx) && c.settled(ctx) {
			return CampaignResult{}, c.continueAsNew(ctx)
		}
		c.listen(ctx)
	}
}

// showPause keeps the pause, or its end, on the board.
func (c *campaign) showPause(ctx workflow.Context) {
	if c.Paused == c.Shown || c.Cancelled != nil {
		return
	}
	c.Shown = c.Paused
	now := c.standing()
	do(ctx, c, setCampaignState, "Show that the campaign is "+now.State, now)
}

// standing is the campaign's state for the board.
func (c *campaign) standing() activities.CampaignEnd {
	if c.Paused != "" {
		return activities.CampaignEnd{CampaignID: c.CampaignID, State: "paused", Reason: c.Paused}
	}
	return activities.CampaignEnd{CampaignID: c.CampaignID, State: "running"}
}

// start ranks the roster and opens the campaign's thread.
func (c *campaign) start(ctx workflow.Context) {
	plan, ok := do(ctx, c, rankRoster, "Rank the roster", activities.CampaignRef{CampaignID: c.CampaignID})
	if !ok {
		return
	}
	c.Spec = plan
	c.Waiting, c.Spec.Roster, c.Ranked = c.Spec.Roster, nil, true
	c.say(ctx, "campaign_started", "")
}

// listen waits for a partnership to end, for a pause, resume or cancel, or for a decision that holds up the end of the campaign.
func (c *campaign) listen(ctx workflow.Context) {
	paused, cancelled := c.Paused, c.Cancelled != nil
	held := c.recording > 0 && hearsRefusals(ctx)
	until(ctx, func() bool {
		return held && c.recording == 0 || c.heard || c.news.Len() > 0 || c.ends.Len() > 0 || c.Amending > 0 || c.Paused != paused || (c.Cancelled != nil) != cancelled
	})
	c.drain()
	c.heard, c.waited = false, true
}

// hearsRefusals is false in campaigns whose end waited for a decision that was being written down, and not for its refusal: they went
// on waiting.
func hearsRefusals(ctx workflow.Context) bool {
	return workflow.GetVersion(ctx, "hears-refusals", workflow.DefaultVersion, 1) == 1
}

// drain takes in all that has arrived about slots, then every ending: nobody says anything after their end.
func (c *campaign) drain() {
	each(c, c.news, c.slotChanged)
	each(c, c.ends, c.closed)
}

// each takes in all that has arrived on a channel.
func each[T addressed](c *campaign, from workflow.ReceiveChannel, take func(T)) {
	for {
		var m T
		switch {
		case !from.ReceiveAsync(&m):
			return
		case !m.meantFor(CampaignWorkflowID(c.CampaignID)):
			c.log.Warn(notOurs, "signal", from.Name())
		default:
			c.heard = true
			take(m)
		}
	}
}

func (c *campaign) closed(m PartnershipClosed) {
	c.Freed++
	delete(c.Open, m.PartnershipID)
	delete(c.Away, m.PartnershipID)
	c.Ended[m.PartnershipID] = EndedSlot{m.Outcome, m.Niche}
	for _, id := range workflow.DeterministicKeys(c.Away) {
		if cv := c.Away[id]; cv.Standby == m.PartnershipID {
			cv.Standby, cv.Taken = "", cv.Taken && m.Outcome == p.Completed
		}
	}
}

// renewal is that of every workflow; for a newer build it waits until something has happened. A run that a person has pinned to its
// build would else continue as new for ever.
func (c *campaign) renewal(ctx workflow.Context) bool {
	return workflow.GetInfo(ctx).GetContinueAsNewSuggested() || c.waited && newerBuild(ctx)
}

func (c *campaign) continueAsNew(ctx workflow.Context) error {
	c.drain()
	in := c.CampaignInput
	in.Carried = &c.CampaignState
	return continueAs(ctx, CampaignType, in)
}

// say posts a message to the campaign's channel, with its numbers. Nothing waits for the chat but the end of the campaign.
func (c *campaign) say(ctx workflow.Context, kind, why string) {
	c.tell(ctx, activities.CampaignNews{Kind: kind, Attention: why})
}

func (c *campaign) tell(ctx workflow.Context, msg activities.CampaignNews) {
	c.Messages++
	c.saying++
	msg.CampaignID, msg.Seq = c.CampaignID, c.Messages
	workflow.GoNamed(ctx, "tell the team", func(ctx workflow.Context) {
		defer func() { c.saying-- }()
		courtesy(ctx, c.Day, tellTeam, "Tell the team: "+msg.Kind, msg)
	})
}

// settled says whether everybody has been answered and told. A chat that is down holds up only the campaign's end.
func (c *campaign) settled(ctx workflow.Context) bool {
	return c.saying == 0 && c.board.written() && workflow.AllHandlersFinished(ctx)
}

// finish closes the books of the campaign and posts its report. Its result is fixed before, and the chat may take long.
func (c *campaign) finish(ctx workflow.Context) CampaignResult {
	c.over = true
	r := CampaignResult{State: "finished", Outcomes: map[p.Outcome]int{}}
	reason := ""
	if c.Cancelled != nil {
		r.State, reason = "cancelled", c.Cancelled.Reason
	}
	for _, id := range workflow.DeterministicKeys(c.Ended) {
		r.Outcomes[c.Ended[id].Outcome]++
	}
	end := activities.CampaignEnd{CampaignID: c.CampaignID, State: r.State, Reason: reason}
	do(ctx, c, setCampaignState, "Close the campaign", end)
	c.say(ctx, "campaign_"+r.State, reason)
	until(ctx, func() bool { return c.settled(ctx) })
	return r
}
