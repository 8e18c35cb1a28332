package workflows

import (
	"go.temporal.io/sdk/workflow"

	"github.com/rapport-dev/rapport/activities"
)

// campaignNews is what the team has been told.
type campaignNews struct {
	Messages  int  `json:"Messages"`
	Short     bool `json:"Short"`     // the team knows that the budget covered no further invitation
	Crowded   bool `json:"Crowded"`   // the team is to hear that there is one creator more than slots
	Exhausted bool `json:"Exhausted"` // the team knows that nobody is left to ask

	saying int // messages to the team under way
}

func (s *campaignNews) crowded(by bool) { s.Crowded = s.Crowded || by }

// tellAnew is after the file was changed: whoever could not be asked, or paid for, may be now. That there is nobody new to ask is no news.
func (s *campaignNews) tellAnew(somebody bool) {
	s.Exhausted, s.Short = s.Exhausted && !somebody, false
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

// sayExhausted tells the team once that a slot has nobody and nobody is left to ask, and what they can do.
func (c *campaign) sayExhausted(ctx workflow.Context) {
	if c.Exhausted || len(c.Open) == 0 || c.Paused != "" || c.Cancelled != nil || !c.uncovered() || c.mayAsk(ctx) {
		return
	}
	c.Exhausted = true
	why := "Nobody is left on the roster. Give a quiet creator more time, or add standbys, niches or creators with"
	if len(c.Waiting) > 0 {
		why = "Nobody who is invited now could post before the publish window ends. Give a quiet creator more time, or move the window with"
	}
	c.say(ctx, "standby_exhausted", why+": rapport campaign amend "+string(c.CampaignID))
}

// sayCrowded tells the team that a creator came back although a standby has the slot: the budget covers both.
func (c *campaign) sayCrowded(ctx workflow.Context) {
	if !c.Crowded {
		return
	}
	c.Crowded = false
	c.say(ctx, "extra_slot", "A creator came back when a standby had taken the slot. The budget covers both, so both go on.")
}

// sayShort tells the team, once, that the budget covers nobody more.
func (c *campaign) sayShort(ctx workflow.Context, why string) {
	if !c.Short {
		c.Short = true
		c.say(ctx, "budget_exhausted", why)
	}
}
