package workflows

import (
	"slices"

	"go.temporal.io/sdk/workflow"

	"github.com/rapport-dev/rapport/activities"
	"github.com/rapport-dev/rapport/partnership"
	"github.com/rapport-dev/rapport/partnership/roster"
	"github.com/rapport-dev/rapport/partnership/timeline"
)

// campaignSlots is who waits to be invited, who is, and what became of it.
type campaignSlots struct {
	Ranked  bool                                                  `json:"Ranked"`
	Spec    activities.CampaignPlan                               `json:"Spec"`
	Waiting []partnership.RosterEntry                             `json:"Waiting"` // not yet invited, best first; standby ones wait for a slot of their niche
	Open    map[partnership.PartnershipID]partnership.RosterEntry `json:"Open"`    // invited and not ended
	Ended   map[partnership.PartnershipID]EndedSlot               `json:"Ended"`
	Freed   int                                                   `json:"Freed"`   // counts what gives budget back: whom it did not cover is asked again only then
	Refused int                                                   `json:"Refused"` // Freed when it covered no further invitation

	heard bool // something has been taken in that the loop has not seen to
}

// EndedSlot is what became of an invitation.
type EndedSlot struct {
	Outcome partnership.Outcome `json:"Outcome"`
	Niche   string              `json:"Niche"`
}

// Cover is the slot of a creator on whom nobody counts any more.
type Cover struct {
	Ghosted   bool                      `json:"Ghosted"`   // given up, and not only at risk
	Standby   partnership.PartnershipID `json:"Standby"`   // who is offered the slot or has it, "" nobody
	Taken     bool                      `json:"Taken"`     // the standby has accepted
	Released  bool                      `json:"Released"`  // and the first creator's reservation was given back
	Withdrawn bool                      `json:"Withdrawn"` // the offer is being taken back
	Returning *partnership.Terms        `json:"Returning"` // the first creator is back and waits for an answer
	Refused   int                       `json:"Refused"`   // the budget did not cover a standby when so much had come free
}

// shared says whether the slot has a standby besides the creator who is away: the two hold one slot.
func (cv *Cover) shared() bool { return cv.Taken || cv.Standby != "" }

// empty says whether nobody has the slot, is offered it, or asks for it back.
func (cv *Cover) empty() bool { return !cv.shared() && cv.Returning == nil }

// rank puts creators who were given up before those at risk.
func (cv *Cover) rank() int {
	if cv.Ghosted {
		return 0
	}
	return 1
}

func (s *campaignSlots) openSlots() {
	if s.Open == nil {
		s.Open, s.Ended = map[partnership.PartnershipID]partnership.RosterEntry{}, map[partnership.PartnershipID]EndedSlot{}
	}
	s.Freed = max(s.Freed, 1)
}

// ranked takes the campaign's file and its roster.
func (s *campaignSlots) ranked(plan activities.CampaignPlan) {
	s.Spec = plan
	s.Waiting, s.Spec.Roster, s.Ranked = s.Spec.Roster, nil, true
}

// replan takes the file as it was changed: it counts for every later invitation.
func (s *campaignSlots) replan(plan activities.AmendmentPlan) {
	s.Spec.Target, s.Spec.Schedule, s.Spec.Limits = plan.Target, plan.Schedule, plan.Limits
	if plan.Reranked {
		s.rerank(plan.Roster)
	}
}

// rerank replaces those who wait. Whoever was invited is never invited again.
func (s *campaignSlots) rerank(order []partnership.RosterEntry) {
	s.Waiting = s.Waiting[:0:0]
	for _, e := range order {
		_, open := s.Open[e.PartnershipID]
		_, ended := s.Ended[e.PartnershipID]
		if !open && !ended {
			s.Waiting = append(s.Waiting, e)
		}
	}
}

// coversNoMore says that the budget covered no further invitation when so much had come free.
func (s *campaignSlots) coversNoMore(freed int) { s.Refused = freed }

// frees says that budget came back, so that whom it did not cover may be asked again.
func (s *campaignSlots) frees() { s.Freed++ }

// opens gives a slot to whom is invited, or offered somebody else's.
func (s *campaignSlots) opens(e partnership.RosterEntry) { s.Open[e.PartnershipID] = e }

func (s *campaignSlots) ends(id partnership.PartnershipID, as EndedSlot) {
	delete(s.Open, id)
	s.Ended[id] = as
}

// looksAgain says that there is something that the loop has not seen to, and seesTo that it goes over all that there is.
func (s *campaignSlots) looksAgain() { s.heard = true }

func (s *campaignSlots) seesTo() { s.heard = false }

// free is how many slots have nobody: an open or completed partnership holds one. A creator whose slot was given on does not,
// nor does a standby who has not taken it yet.
func (c *campaign) free() int {
	held := len(c.Open)
	for _, id := range workflow.DeterministicKeys(c.Away) {
		if c.Away[id].shared() {
			held--
		}
	}
	for _, id := range workflow.DeterministicKeys(c.Ended) {
		if c.Ended[id].Outcome == partnership.Completed {
			held++
		}
	}
	return c.Spec.Target - held
}

// uncovered says whether a slot has nobody who holds it or is asked.
func (c *campaign) uncovered() bool {
	for _, id := range workflow.DeterministicKeys(c.Away) {
		if cv := c.Away[id]; cv.empty() {
			return true
		}
	}
	return c.free() > 0
}

// lostNiches counts the slots of each niche that ended unhappily and were not yet given on.
func (c *campaign) lostNiches() map[string]int {
	lost := map[string]int{}
	for _, id := range workflow.DeterministicKeys(c.Ended) {
		if slot := c.Ended[id]; slot.Outcome != partnership.Completed {
			lost[slot.Niche]++
		}
	}
	for _, id := range workflow.DeterministicKeys(c.Away) {
		if c.Away[id].shared() {
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

// mayAsk says whether there is anybody to invite who could still be in time.
func (c *campaign) mayAsk(ctx workflow.Context) bool {
	return slices.ContainsFunc(c.Waiting, c.inTime(ctx))
}

// inTime says who could still post in the window. Only the first choice of the launch is asked whatever the date.
func (c *campaign) inTime(ctx workflow.Context) func(partnership.RosterEntry) bool {
	cal := timeline.Calendar{Day: c.Day, Zone: c.Spec.Zone}
	open := timeline.InTime(cal, c.Spec.Schedule, workflow.Now(ctx))
	first := c.Amended == 0 && c.Amending == 0
	return func(e partnership.RosterEntry) bool { return open || first && !e.Standby }
}

// next takes the best n from the roster: first those with a slot, then the standby of the niche that lost somebody, then any.
func (c *campaign) next(ctx workflow.Context, n int) []partnership.RosterEntry {
	var picked []partnership.RosterEntry
	may := c.inTime(ctx)
	take := func(want func(partnership.RosterEntry) bool) {
		rest := c.Waiting[:0:0]
		for _, e := range c.Waiting {
			if len(picked) < n && may(e) && want(e) {
				picked = append(picked, e)
				continue
			}
			rest = append(rest, e)
		}
		c.Waiting = rest
	}
	take(func(e partnership.RosterEntry) bool { return !e.Standby })
	lost := c.lostNiches()
	take(func(e partnership.RosterEntry) bool {
		if lost[e.Niche] > 0 {
			lost[e.Niche]--
			return true
		}
		return false
	})
	take(func(partnership.RosterEntry) bool { return true })
	return picked
}

// nextOf takes the best of a niche from the roster, or the best of all when the niche has nobody left.
func (c *campaign) nextOf(ctx workflow.Context, niche string) partnership.RosterEntry {
	may := c.inTime(ctx)
	i := slices.IndexFunc(c.Waiting, func(e partnership.RosterEntry) bool { return may(e) && e.Niche == niche })
	if i < 0 {
		i = slices.IndexFunc(c.Waiting, may) // mayAsk has found one
	}
	e := c.Waiting[i]
	c.Waiting = slices.Delete(slices.Clone(c.Waiting), i, i+1)
	return e
}

// inLine is where somebody stands among those who wait, less than zero for who does not.
func (s *campaignSlots) inLine(id partnership.PartnershipID) int {
	return slices.IndexFunc(s.Waiting, func(e partnership.RosterEntry) bool { return e.PartnershipID == id })
}

// leavesLine takes somebody out from those who wait.
func (s *campaignSlots) leavesLine(id partnership.PartnershipID) {
	s.Waiting = slices.DeleteFunc(slices.Clone(s.Waiting), func(e partnership.RosterEntry) bool { return e.PartnershipID == id })
}

// putBack has those wait again whom the budget did not cover: the next ending may free it. Who can be invited no more is dropped.
func (c *campaign) putBack(picked []partnership.RosterEntry, r activities.Reserved) {
	for _, e := range picked {
		invited := slices.ContainsFunc(r.Invitations, func(i activities.Invitation) bool { return i.Entry.PartnershipID == e.PartnershipID })
		if !invited && !slices.Contains(r.Gone, e.PartnershipID) {
			c.Waiting = append(c.Waiting, e)
		}
	}
	slices.SortStableFunc(c.Waiting, roster.Order)
}
