package workflows

import (
	"time"

	"go.temporal.io/sdk/log"
	"go.temporal.io/sdk/workflow"

	"github.com/rapport-dev/rapport/activities"
	"github.com/rapport-dev/rapport/partnership"
)

// CampaignInput starts a Campaign.
type CampaignInput struct {
	CampaignID partnership.CampaignID `json:"CampaignID"`
	Day        time.Duration          `json:"Day"`
	Carried    *CampaignState         `json:"Carried"` // carried over continue-as-new
}

// CampaignResult is how a campaign ended.
type CampaignResult struct {
	State    partnership.CampaignState   `json:"State"`
	Outcomes map[partnership.Outcome]int `json:"Outcomes"`
}

// CampaignState is what a Campaign carries over continue-as-new: a piece for each thing that it does, declared and written in its file
// alone (TestOneWriterAField), each field under its own name.
type CampaignState struct {
	campaignSlots  // campaign_slots.go
	campaignCover  // standby.go
	campaignStops  // campaign_stops.go
	campaignAmends // campaign_amend.go
	campaignParked // campaign_steps.go
	campaignNews   // campaign_news.go
	campaignPicks  // campaign_picks.go
}

type campaign struct {
	CampaignInput
	CampaignState
	log     log.Logger
	news    workflow.ReceiveChannel // of slots
	endings workflow.ReceiveChannel // of partnerships

	board  board
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
		c.operatorCancels(own)
	})
	return c.run(detached)
}

func (c *campaign) setup(ctx workflow.Context) {
	c.log = log.With(workflow.GetLogger(ctx), "campaign_id", c.CampaignID)
	if c.Carried != nil {
		c.CampaignState, c.Carried = *c.Carried, nil
	}
	c.openSlots()
	c.countAway()
	c.news, c.endings = workflow.GetSignalChannel(ctx, SignalSlotChanged), workflow.GetSignalChannel(ctx, SignalPartnershipClosed)
	must(workflow.SetQueryHandler(ctx, QuerySnapshot, func() (CampaignState, error) { return c.CampaignState, nil }))
	c.handleStops(ctx)
	c.handleRetry(ctx)
	c.handleAmend(ctx)
	c.handlePicks(ctx)
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
		c.seePicks(ctx)
		c.cover(ctx)
		c.fill(ctx)
		c.sayCrowded(ctx)
		c.sayExhausted(ctx)
		if len(c.Open) == 0 && !c.heard && c.recording == 0 && c.Amending == 0 && len(c.picks) == 0 && (c.Paused == "" || c.Cancelled != nil) {
			return c.finish(ctx), nil
		}
		if c.renewal(ctx) && c.settled(ctx) {
			return CampaignResult{}, c.continueAsNew(ctx)
		}
		c.listen(ctx)
	}
}

// start ranks the roster and opens the campaign's thread.
func (c *campaign) start(ctx workflow.Context) {
	plan, ok := do(ctx, c, rankRoster, "Rank the roster", activities.CampaignRef{CampaignID: c.CampaignID})
	if !ok {
		return
	}
	c.ranked(plan)
	c.say(ctx, "campaign_started", "")
}

// listen waits for a partnership to end, for a pause, resume or cancel, or for a decision that holds up the end of the campaign.
func (c *campaign) listen(ctx workflow.Context) {
	paused, cancelled := c.Paused, c.Cancelled != nil
	held := c.recording > 0 && hearsRefusals(ctx)
	until(ctx, func() bool {
		return held && c.recording == 0 || c.heard || c.news.Len() > 0 || c.endings.Len() > 0 || c.Amending > 0 || len(c.picks) > 0 || c.Paused != paused || (c.Cancelled != nil) != cancelled
	})
	c.drain()
	c.seesTo()
	c.waited = true
}

// hearsRefusals is false in campaigns whose end waited for a decision that was being written down, and not for its refusal: they went
// on waiting.
func hearsRefusals(ctx workflow.Context) bool {
	return workflow.GetVersion(ctx, "hears-refusals", workflow.DefaultVersion, 1) == 1
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

// settled says whether everybody has been answered and told. A chat that is down holds up only the campaign's end.
func (c *campaign) settled(ctx workflow.Context) bool {
	return c.saying == 0 && c.passing == 0 && c.board.written() && workflow.AllHandlersFinished(ctx)
}

// finish closes the books of the campaign and posts its report. Its result is fixed before, and the chat may take long.
func (c *campaign) finish(ctx workflow.Context) CampaignResult {
	c.over = true
	r := CampaignResult{State: partnership.CampaignFinished, Outcomes: map[partnership.Outcome]int{}}
	reason := ""
	if c.Cancelled != nil {
		r.State, reason = partnership.CampaignCancelled, c.Cancelled.Reason
	}
	for _, id := range workflow.DeterministicKeys(c.Ended) {
		r.Outcomes[c.Ended[id].Outcome]++
	}
	end := activities.CampaignEnd{CampaignID: c.CampaignID, State: r.State, Reason: reason}
	do(ctx, c, setCampaignState, "Close the campaign", end)
	c.say(ctx, "campaign_"+string(r.State), reason)
	until(ctx, func() bool { return c.settled(ctx) })
	return r
}
