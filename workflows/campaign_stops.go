package workflows

import (
	"go.temporal.io/sdk/workflow"

	"github.com/rapport-dev/rapport/partnership"
)

// campaignStops is whether the campaign stands still, or ends before its time.
type campaignStops struct {
	Paused    string `json:"Paused"` // reason, "" when running
	Shown     string `json:"Shown"`  // the pause as the board shows it
	Cancelled *Stop  `json:"Cancelled"`

	passing int // stops that not everybody has heard of yet
}

const (
	justEnded     = "this campaign has just ended"
	cancelling    = "this campaign is being cancelled"
	beingRecorded = "somebody's decision on this campaign is being recorded; look again in a moment"
)

// handleStops takes pause, resume and cancel of the whole campaign.
func (c *campaign) handleStops(ctx workflow.Context) {
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
			c.passOnToAll(ctx, Stopped{Action: h.action, Reason: m.Reason, By: m.By})
			return Ack{WaitingFor: c.Paused}, nil
		}
		must(workflow.SetUpdateHandlerWithOptions(ctx, h.name, handler, workflow.UpdateHandlerOptions{
			Validator: func(_ workflow.Context, m Stop) error {
				if c.recording > 0 {
					return refuse(partnership.Conflict, beingRecorded)
				}
				return c.mayStop(h.name, m)
			},
		}))
	}
}

// operatorCancels is a cancel in Temporal itself: it is one more way to cancel the campaign.
func (c *campaign) operatorCancels(ctx workflow.Context) {
	if c.Cancelled == nil {
		c.Cancelled = &Stop{Reason: "cancelled by an operator", By: "operator"}
		c.passOn(ctx, workflow.DeterministicKeys(c.Open), Stopped{Action: Cancelled, Reason: c.Cancelled.Reason, By: c.Cancelled.By})
	}
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
		return refuse(partnership.Conflict, justEnded)
	case c.Cancelled != nil:
		return refuse(partnership.Conflict, cancelling)
	}
	return nil
}

func (c *campaign) mayStop(name string, m Stop) error {
	if no := c.ending(); no != nil {
		return no
	}
	switch {
	case name == UpdateResume && c.Paused == "":
		return refuse(partnership.Conflict, "this campaign is not paused")
	case name == UpdatePause && c.Paused != "":
		return refuse(partnership.Conflict, "this campaign is paused already: "+c.Paused)
	case name != UpdateResume && m.Reason == "":
		return refuseField("reason", "say why; creators and colleagues will ask")
	}
	return nil
}

// passOnToAll passes a pause, resume or cancel on beside its answer: it counts from here on, and whoever said it does not wait for two
// thousand partnerships to hear. Two that follow each other are heard in their order: each is on its way to all before the next.
func (c *campaign) passOnToAll(ctx workflow.Context, m Stopped) {
	if !answersBeforeAllHear(ctx) {
		c.passOn(ctx, workflow.DeterministicKeys(c.Open), m)
		return
	}
	own, _ := workflow.NewDisconnectedContext(ctx)
	c.passing++
	workflow.GoNamed(own, "pass on: "+m.Action, func(ctx workflow.Context) {
		defer func() { c.passing-- }()
		c.passOn(ctx, workflow.DeterministicKeys(c.Open), m)
	})
}

// answersBeforeAllHear is false in campaigns that answered a pause, a resume or a cancel once every partnership had heard of it.
func answersBeforeAllHear(ctx workflow.Context) bool {
	return workflow.GetVersion(ctx, "answers-before-all-hear", workflow.DefaultVersion, 1) == 1
}

// passOn passes a pause, resume or cancel on to partnerships. One that has just ended needs no news.
func (c *campaign) passOn(ctx workflow.Context, ids []partnership.PartnershipID, m Stopped) {
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

// showPause keeps the pause, or its end, on the board.
func (c *campaign) showPause(ctx workflow.Context) {
	if c.Paused == c.Shown || c.Cancelled != nil {
		return
	}
	c.Shown = c.Paused
	now := c.standing()
	do(ctx, c, setCampaignState, "Show that the campaign is "+string(now.State), now)
}
