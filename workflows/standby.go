package workflows

import (
	"cmp"
	"slices"

	"go.temporal.io/sdk/workflow"

	"github.com/rapport-dev/rapport/activities"
	"github.com/rapport-dev/rapport/partnership"
)

// Standby promotion is a saga of the campaign: a creator goes quiet -> the budget of the next in line is reserved -> they are offered
// the slot for a while -> when they accept, the first creator is released. A first creator who returns before that takes it all back:
// the offer is withdrawn. One who returns later is given a further slot when the budget covers it. The campaign alone decides, one
// message after the other, so no slot ever has two creators unless the budget of both is reserved.

// campaignCover is whose creators nobody counts on any more.
type campaignCover struct {
	Away map[partnership.PartnershipID]*Cover `json:"Away"`
}

func (s *campaignCover) countAway() {
	if s.Away == nil {
		s.Away = map[partnership.PartnershipID]*Cover{}
	}
}

// endsCover forgets a partnership that has ended, as the first or as the standby.
func (s *campaignCover) endsCover(ended partnership.PartnershipID, as partnership.Outcome) {
	delete(s.Away, ended)
	for _, id := range workflow.DeterministicKeys(s.Away) {
		if cv := s.Away[id]; cv.Standby == ended {
			cv.Standby, cv.Taken = "", cv.Taken && as == partnership.Completed
		}
	}
}

// slotChanged takes in what a partnership says of its slot.
func (c *campaign) slotChanged(m SlotChanged) {
	if _, open := c.Open[m.PartnershipID]; !open {
		return
	}
	switch m.Change {
	case SlotAtRisk, SlotGhosted:
		cv := c.Away[m.PartnershipID]
		if cv == nil {
			cv = &Cover{}
			c.Away[m.PartnershipID] = cv
		}
		if m.Change == SlotGhosted {
			cv.Ghosted, cv.Refused = true, 0 // their own reservation may go on
		}
	case SlotReturned:
		if c.Away[m.PartnershipID] == nil {
			c.Away[m.PartnershipID] = &Cover{}
		}
		c.Away[m.PartnershipID].Returning = &m.Terms
	case SlotTaken:
		for _, id := range workflow.DeterministicKeys(c.Away) {
			if cv := c.Away[id]; cv.Standby == m.PartnershipID {
				cv.Taken = true
				return
			}
		}
		c.crowded(c.free() < 0) // the first came back just before: the budget of both is reserved
	}
}

// drain takes in all that has arrived about slots, then every ending: nobody says anything after their end.
func (c *campaign) drain() {
	each(c, c.news, c.slotChanged)
	each(c, c.endings, c.closed)
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
			c.looksAgain()
			take(m)
		}
	}
}

func (c *campaign) closed(m PartnershipClosed) {
	c.frees()
	c.ends(m.PartnershipID, EndedSlot{m.Outcome, m.Niche})
	c.endsCover(m.PartnershipID, m.Outcome)
}

// cover looks for a standby for each slot whose creator is away, first for those who were given up, and releases the creators whose
// slot is taken.
func (c *campaign) cover(ctx workflow.Context) {
	for _, id := range c.inOrder() {
		cv := c.Away[id]
		switch {
		case cv == nil || cv.Returning != nil || c.Cancelled != nil: // it went while another was seen to
		case cv.Taken && !cv.Released:
			c.release(ctx, id, cv)
		case cv.empty() && cv.Refused != c.Freed && c.Paused == "" && c.mayAsk(ctx):
			c.promote(ctx, id, cv)
		}
	}
}

// promote reserves the budget of the next in line and offers them the slot. The reservation of a creator who was given up goes to
// them when nothing else is left; one who is only at risk keeps theirs.
func (c *campaign) promote(ctx workflow.Context, first partnership.PartnershipID, cv *Cover) {
	e, ghosted, freed := c.nextOf(ctx, c.Open[first].Niche), cv.Ghosted, c.Freed
	batch := activities.Wave{CampaignID: c.CampaignID, Entries: []partnership.RosterEntry{e}}
	if ghosted {
		batch.GivenUp = first
	}
	reserved, ok := do(ctx, c, reserveWave, "Reserve the budget for a standby creator", batch)
	if !ok {
		return
	}
	c.drain()
	if c.Paused != "" || c.Cancelled != nil || c.Away[first] != cv || cv.Returning != nil { // while the budget was being reserved
		c.hold(ctx, batch.Entries, reserved)
		return
	}
	c.putBack(batch.Entries, reserved)
	if reserved.OverBudget != "" {
		if cv.Ghosted == ghosted { // else their own reservation has not been tried
			cv.Refused = freed
		}
		c.sayShort(ctx, reserved.OverBudget)
		return
	}
	if len(reserved.Invitations) == 0 { // they are gone for good: the next turn asks the next
		c.looksAgain()
		return
	}
	c.offered(first, e.PartnershipID)
	c.invite(ctx, reserved.Invitations, first)
}

// offered says to whom the place of a creator who is away is offered.
func (s *campaignCover) offered(first, standby partnership.PartnershipID) {
	if cv := s.Away[first]; cv != nil {
		cv.Standby, cv.Taken, cv.Withdrawn = standby, false, false
	}
}

// vacant is a creator who is away and whose place nobody has or is offered, first of those who were given up; "" none.
func (c *campaign) vacant() partnership.PartnershipID {
	for _, id := range c.inOrder() {
		if c.Away[id].empty() {
			return id
		}
	}
	return ""
}

// inOrder are the creators who are away, those who were given up before those at risk.
func (c *campaign) inOrder() []partnership.PartnershipID {
	away := workflow.DeterministicKeys(c.Away)
	slices.SortStableFunc(away, func(a, b partnership.PartnershipID) int { return cmp.Compare(c.Away[a].rank(), c.Away[b].rank()) })
	return away
}

// release gives back what the first creator had reserved and tells their story. They may still come back, for a slot more.
func (c *campaign) release(ctx workflow.Context, first partnership.PartnershipID, cv *Cover) {
	cv.Released = true
	c.looksAgain()
	c.frees()
	ref := activities.PartnershipRef{PartnershipID: first}
	do(ctx, c, releaseBudget, "Give back the budget of a slot that was given on", ref)
	c.decide(ctx, first, SlotReleased)
}

// settleReturns answers every creator who came back.
func (c *campaign) settleReturns(ctx workflow.Context) {
	for _, id := range workflow.DeterministicKeys(c.Away) {
		if cv := c.Away[id]; cv != nil && cv.Returning != nil && c.Cancelled == nil {
			c.settleReturn(ctx, id, cv)
		}
	}
}

// settleReturn gives a creator who came back their slot when nobody has taken it, else a further one when the budget covers both. A
// budget that only an open offer holds comes free with its withdrawal: the answer waits for it.
func (c *campaign) settleReturn(ctx workflow.Context, first partnership.PartnershipID, cv *Cover) {
	entry := c.Open[first]
	ask := activities.Reservation{CampaignID: c.CampaignID, Entry: entry, Terms: *cv.Returning}
	granted, ok := do(ctx, c, reserveBudget, "Reserve the budget for a creator who came back", ask)
	if !ok {
		return
	}
	c.drain()                // a standby may have accepted meanwhile
	if c.Away[first] != cv { // they ended, and what was just reserved is nobody's
		c.frees()
		c.looksAgain()
		ref := activities.PartnershipRef{PartnershipID: first}
		do(ctx, c, releaseBudget, "Give back the budget of a creator who came back and ended", ref)
		return
	}
	if cv.Standby != "" && !cv.Taken && !cv.Withdrawn && !(granted.OK && c.useElsewhere(cv.Standby)) {
		cv.Withdrawn = true
		c.decide(ctx, cv.Standby, SlotWithdrawn)
	}
	switch {
	case granted.OK:
		delete(c.Away, first)
		c.crowded(cv.Taken)
		c.decide(ctx, first, SlotKept)
	case cv.Standby == "" || cv.Taken:
		cv.Returning, cv.Released = nil, true
		c.decide(ctx, first, SlotGone)
	}
}

// useElsewhere gives a standby's open offer to another slot that has nobody, so that nobody is asked and let down for nothing.
func (c *campaign) useElsewhere(standby partnership.PartnershipID) bool {
	for _, id := range workflow.DeterministicKeys(c.Away) {
		if cv := c.Away[id]; cv.empty() {
			cv.Standby, cv.Withdrawn = standby, false
			return true
		}
	}
	return c.free() > 0 // once it covers nobody it holds a slot of its own
}

// decide tells a partnership whose slot it is now. One that has just ended needs no news.
func (c *campaign) decide(ctx workflow.Context, id partnership.PartnershipID, decision string) {
	if err := tell(ctx, PartnershipWorkflowID(id), SignalSlotDecided, SlotDecided{Decision: decision}).Get(ctx, nil); err != nil {
		c.log.Info("a partnership had ended before it heard of its slot", "decision", decision)
	}
}
