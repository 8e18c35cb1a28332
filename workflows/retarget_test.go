package workflows_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/rapport-dev/rapport/activities"
	"github.com/rapport-dev/rapport/partnership"
	"github.com/rapport-dev/rapport/workflows"
)

// amendAt hands the campaign a version of its file.
func (c *crowd) amendAt(t *testing.T, after time.Duration, version int) {
	t.Helper()
	c.env.RegisterDelayedCallback(func() {
		c.env.UpdateWorkflow(workflows.UpdateAmend, c.env.Now().String(), callback{reject: func(err error) { t.Error(err) }, done: func(any, error) {}},
			workflows.Amend{Version: version, By: "U1"})
	}, after)
}

// retargeted is what the activity answers: a target and who waits from now on.
func retargeted(target int, roster ...partnership.RosterEntry) activities.AmendmentPlan {
	return activities.AmendmentPlan{Target: target, Offers: map[partnership.Tier]partnership.Terms{}, Reranked: true, Roster: roster}
}

func entry(id, niche string, standby bool) partnership.RosterEntry {
	return partnership.RosterEntry{PartnershipID: partnership.PartnershipID(id), Niche: niche, Standby: standby}
}

func completed(partnership.PartnershipID) partnership.Outcome { return partnership.Completed }

func TestMoreSlotsAndANewNicheInviteTheNewOrder(t *testing.T) {
	c := newCrowd(t, rosterOf(3, 2), completed)
	var asked activities.AmendmentRef
	c.steps.onAmend = func(ref activities.AmendmentRef) activities.AmendmentPlan {
		asked = ref
		return retargeted(5, entry("k1", "ceramics", false), entry("k2", "ceramics", false), entry("p04", "fragrance", true))
	}
	c.amendAt(t, time.Hour, 1)
	r := c.run(t)
	require.Equal(t, map[partnership.Outcome]int{partnership.Completed: 5}, r.Outcomes)
	require.ElementsMatch(t, []partnership.PartnershipID{"k1", "k2"}, c.started[3:])
	require.Equal(t, []partnership.PartnershipID{"p01", "p02", "p03"}, asked.Taken.Started)
	require.Equal(t, 3, asked.Taken.Held)
	require.Equal(t, map[string]int{"home": 2, "fragrance": 1}, asked.Taken.Niches)
}

// What ended is told to the ranking as started and as no slot that is held, so that nobody is invited twice.
func TestWhoSaidNoIsNotInvitedAgain(t *testing.T) {
	c := newCrowd(t, rosterOf(2, 0), func(id partnership.PartnershipID) partnership.Outcome {
		if id == "p01" {
			return partnership.Declined
		}
		return partnership.Completed
	})
	c.steps.onAmend = func(ref activities.AmendmentRef) activities.AmendmentPlan {
		return retargeted(2, entry("p01", "home", false), entry("p02", "home", false), entry("k1", "ceramics", false))
	}
	// Everybody has ended a day later, and with them the campaign: so the file changes just before.
	c.amendAt(t, day-time.Hour, 1)
	r := c.run(t)
	require.ElementsMatch(t, []partnership.PartnershipID{"p01", "p02", "k1"}, c.started)
	require.Equal(t, map[partnership.Outcome]int{partnership.Completed: 2, partnership.Declined: 1}, r.Outcomes)
}

func TestFewerSlotsEndNoPartnershipAndGiveNoSlotOn(t *testing.T) {
	c := newCrowd(t, rosterOf(4, 4), func(id partnership.PartnershipID) partnership.Outcome {
		if id == "p02" || id == "p03" {
			return partnership.Ghosted
		}
		return partnership.Completed
	})
	c.steps.onAmend = func(activities.AmendmentRef) activities.AmendmentPlan {
		return retargeted(2, entry("p05", "home", true), entry("p06", "fragrance", true))
	}
	c.amendAt(t, time.Hour, 1)
	r := c.run(t)
	require.Len(t, c.started, 4, "two are held, two are wanted: no standby follows the two who went quiet")
	require.Equal(t, map[partnership.Outcome]int{partnership.Completed: 2, partnership.Ghosted: 2}, r.Outcomes)
}

func TestAnAmendmentOfDatesAloneKeepsWhoWaits(t *testing.T) {
	c := newCrowd(t, rosterOf(2, 2), func(id partnership.PartnershipID) partnership.Outcome {
		if id == "p01" {
			return partnership.Declined
		}
		return partnership.Completed
	})
	c.steps.onAmend = func(activities.AmendmentRef) activities.AmendmentPlan {
		return activities.AmendmentPlan{Target: 2, Offers: map[partnership.Tier]partnership.Terms{}}
	}
	c.amendAt(t, time.Hour, 1)
	c.run(t)
	require.ElementsMatch(t, []partnership.PartnershipID{"p01", "p02", "p03"}, c.started)
}

func TestRetargetedTwiceIsOnceAndItsUndoGoesBack(t *testing.T) {
	c := newCrowd(t, rosterOf(2, 1), completed)
	c.steps.onAmend = func(ref activities.AmendmentRef) activities.AmendmentPlan {
		if ref.Version == 1 {
			return retargeted(3, entry("k1", "ceramics", false), entry("k2", "ceramics", true))
		}
		return retargeted(2, entry("p03", "home", true))
	}
	c.amendAt(t, time.Hour, 1)
	c.amendAt(t, 2*time.Hour, 1)
	c.amendAt(t, 3*time.Hour, 2) // the undo
	r := c.run(t)
	require.ElementsMatch(t, []partnership.PartnershipID{"p01", "p02", "k1"}, c.started)
	require.Equal(t, map[partnership.Outcome]int{partnership.Completed: 3}, r.Outcomes, "whom it invited stays")
	require.Equal(t, 1, count(c.steps.log, "load amendment 1"))
	require.Equal(t, 2, count(newsKinds(c), "campaign_amended"))
	require.Equal(t, 1, c.steps.news[1].Version, "the summary of that version is told")
}

// A raised budget is tried at once, and the team hears anew when it is short again.
func TestARaisedBudgetInvitesWhoWaitedForIt(t *testing.T) {
	c := newCrowd(t, rosterOf(3, 0), completed)
	c.steps.places = 1
	c.steps.onAmend = func(activities.AmendmentRef) activities.AmendmentPlan {
		c.steps.places = 2
		return activities.AmendmentPlan{Target: 3, Offers: map[partnership.Tier]partnership.Terms{}}
	}
	c.amendAt(t, time.Hour, 1)
	c.env.RegisterDelayedCallback(func() { require.Len(t, c.started, 3) }, 2*time.Hour)
	require.Equal(t, map[partnership.Outcome]int{partnership.Completed: 3}, c.run(t).Outcomes)
}

// The campaign tells of an amendment in one message; one about a partnership is only kept up to date.
func TestAnAmendmentPostsNoScheduleMessage(t *testing.T) {
	pl := newPlay(t)
	pl.eager()
	pl.after(12*time.Hour, func() { pl.amend(1, moreTime) })
	require.Equal(t, partnership.Completed, pl.run().Outcome)
	require.Len(t, pl.letters("dates_moved"), 1)
	require.Contains(t, pl.steps.log, "card schedule, if there is one: brand 1")
	require.NotContains(t, pl.steps.log, "card schedule brand 1")
}
