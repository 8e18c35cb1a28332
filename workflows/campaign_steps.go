package workflows

import (
	"go.temporal.io/sdk/workflow"

	"github.com/rapport-dev/rapport/activities"
	"github.com/rapport-dev/rapport/partnership"
)

// campaignParked is the step that does not get through.
type campaignParked struct {
	Attention string `json:"Attention,omitempty"` // which step failed and of what, while it is parked
	Retries   int    `json:"Retries,omitempty"`   // how often a person asked to try it again
}

func (c *campaign) handleRetry(ctx workflow.Context) {
	must(handleRetry(ctx, c.Day, func() { c.Retries++ }, func() bool { return c.Attention != "" }))
}

// do runs one activity of the campaign to its result. One that is refused parks the campaign there: the team is told why, and it is
// tried again after a growing wait, at once when a person asks for it. ok is false when the campaign was cancelled meanwhile: what a
// campaign that ends cannot do, it leaves.
func do[I, R any](ctx workflow.Context, c *campaign, a activity[I, R], summary string, arg I) (r R, ok bool) {
	for failures := 0; ; failures++ {
		r, err := call(ctx, c.Day, a, summary, arg)
		if err == nil {
			return r, true
		}
		c.log.Warn("a step of the campaign is parked", "step", summary, "why", why(err))
		if c.Cancelled != nil {
			return r, false
		}
		c.park(ctx, summary+": "+why(err), failures)
	}
}

// park shows what a step failed of and waits until it may be tried again.
func (c *campaign) park(ctx workflow.Context, attention string, failures int) {
	c.Attention = attention
	workflow.SetCurrentDetails(ctx, attention)
	if failures == 0 {
		c.say(ctx, "campaign_parked", attention+". It is tried again by itself; what is in its way has to be mended.")
	}
	shown := c.standing()
	shown.Reason = attention
	courtesy(ctx, c.Day, setCampaignState, "Show that a step is parked", shown)
	seen := c.Retries
	within(ctx, pauseAfter(c.Day, failures), attention, func() bool { return c.Retries > seen || c.Cancelled != nil })
	c.Attention = ""
	workflow.SetCurrentDetails(ctx, "")
	courtesy(ctx, c.Day, setCampaignState, "Show that it is tried again", c.standing())
}

// standing is the campaign's state for the board.
func (c *campaign) standing() activities.CampaignEnd {
	if c.Paused != "" {
		return activities.CampaignEnd{CampaignID: c.CampaignID, State: partnership.CampaignPaused, Reason: c.Paused}
	}
	return activities.CampaignEnd{CampaignID: c.CampaignID, State: partnership.CampaignRunning}
}
