package workflows_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/rapport-dev/rapport/activities"
	"github.com/rapport-dev/rapport/partnership"
	"github.com/rapport-dev/rapport/partnership/zones"
	"github.com/rapport-dev/rapport/workflows"
)

// quietOverTheDraft has the creator do nothing about their draft until then comes, after the letter of that kind.
func (pl *play) quietOverTheDraft(until string, then func(l activities.Letter)) {
	pl.eager()
	eager := pl.steps.onMail
	pl.steps.onMail = func(l activities.Letter) {
		switch l.Kind {
		case "draft_request", "draft_reminder":
		default:
			eager(l)
		}
		if l.Kind == until {
			then(l)
		}
	}
}

func (pl *play) draftIn(d time.Duration) func(activities.Letter) {
	return func(l activities.Letter) {
		pl.after(d, func() {
			pl.update(workflows.UpdateSubmitDraft, workflows.SubmitDraft{Task: l.Task, SubmissionID: "s"})
		})
	}
}

func (pl *play) changes() (kinds []string) {
	for _, m := range pl.slots {
		kinds = append(kinds, m.Change)
	}
	return kinds
}

func TestALateReturnToAFreeSlotGoesOn(t *testing.T) {
	pl := newPlay(t)
	pl.quietOverTheDraft("place_offered", pl.draftIn(5*day))
	require.Equal(t, partnership.Completed, pl.run().Outcome)
	require.Equal(t, []string{workflows.SlotGhosted, workflows.SlotReturned}, pl.changes())
	require.NotContains(t, pl.steps.log, "mail ended ended/ghosted")
}

// A reply alone is a return too: it gives new time, which is the creator's own.
func TestAReplyAfterGhostingGivesNewTime(t *testing.T) {
	pl := newPlay(t)
	pl.quietOverTheDraft("place_offered", func(activities.Letter) {
		pl.after(day, func() {
			pl.env.SignalWorkflow(workflows.SignalCreatorActive, workflows.CreatorActive{Channel: "mail_reply", At: pl.env.Now()})
		})
	})
	eager := pl.steps.onMail
	pl.steps.onMail = func(l activities.Letter) {
		if eager(l); l.Kind == "welcome_back" {
			require.InDelta(t, 3, l.Due.Sub(pl.env.Now()).Hours()/24, 0.1)
			pl.draftIn(day)(l)
		}
	}
	require.Equal(t, partnership.Completed, pl.run().Outcome)
	require.Len(t, pl.letters("welcome_back"), 1)
	require.InDelta(t, 7, pl.slips()["creator"], 0.6, "five days until they were given up, one until they replied, one to the draft")
}

func TestALateReturnToATakenSlotIsRefusedKindly(t *testing.T) {
	pl := newPlay(t)
	pl.slot = func(m workflows.SlotChanged) {
		switch m.Change {
		case workflows.SlotGhosted:
			pl.after(day, func() {
				pl.env.SignalWorkflow(workflows.SignalSlotDecided, workflows.SlotDecided{Decision: workflows.SlotReleased})
			})
		case workflows.SlotReturned:
			pl.decide(workflows.SlotGone)
		}
	}
	pl.quietOverTheDraft("place_offered", pl.draftIn(3*day))
	r := pl.run()
	require.Equal(t, partnership.Ghosted, r.Outcome)
	require.Equal(t, "came back after the slot was given on", r.Reason)
	require.Contains(t, pl.steps.log, "mail ended ended/too_late")
	require.Contains(t, pl.steps.log, "undo code")
	require.NotContains(t, pl.steps.log, "card review draft-1", "nobody reviews a draft that has no slot")
}

// A high risk has a standby looked for while the creator is still waited for; a manager's "keep waiting" asks for the slot back.
func TestAHighRiskTellsTheCampaignOnce(t *testing.T) {
	pl := newPlay(t)
	pl.steps.risk = 0.7
	pl.quietOverTheDraft("", nil)
	asked := 0
	eager := pl.steps.onCard
	pl.steps.onCard = func(kind string, id partnership.PartnershipID, task string) {
		eager(kind, id, task)
		if asked++; kind == "quiet" && asked == 1 {
			pl.steps.risk = 0.1
			pl.after(time.Hour, func() {
				pl.update(workflows.UpdateDecideQuiet, workflows.DecideQuiet{Task: task, Decision: partnership.ChoiceKeepWaiting, By: "U1"})
			})
		}
	}
	require.Equal(t, partnership.Ghosted, pl.run().Outcome)
	require.Equal(t, []string{workflows.SlotAtRisk, workflows.SlotReturned, workflows.SlotGhosted}, pl.changes())
}

// Once a standby has the slot, the creator at risk is told and no longer reminded; waiting for them is no longer the manager's choice.
func TestACreatorAtRiskIsReleasedWhenAStandbyAccepts(t *testing.T) {
	pl := newPlay(t)
	pl.steps.risk = 0.7
	pl.quietOverTheDraft("", nil)
	pl.steps.onCard = func(kind string, _ partnership.PartnershipID, task string) {
		if kind == "quiet" {
			pl.env.SignalWorkflow(workflows.SignalSlotDecided, workflows.SlotDecided{Decision: workflows.SlotReleased})
			pl.after(day, func() {
				pl.update(workflows.UpdateDecideQuiet, workflows.DecideQuiet{Task: task, Decision: partnership.ChoiceKeepWaiting, By: "U1"})
			})
		}
	}
	require.Equal(t, partnership.Ghosted, pl.run().Outcome)
	require.Equal(t, []string{workflows.SlotAtRisk}, pl.changes(), "nobody is given up who was released")
	require.Len(t, pl.letters("place_offered"), 1)
	require.ErrorContains(t, pl.acks[workflows.UpdateDecideQuiet], "a standby creator has taken the slot")
}

func TestAPauseStopsTheTimeToComeBack(t *testing.T) {
	pl := newPlay(t)
	pl.quietOverTheDraft("place_offered", func(l activities.Letter) {
		pl.after(day, func() { pl.update(workflows.UpdatePause, workflows.Stop{Reason: "stock", By: "U1"}) })
		pl.after(21*day, func() { pl.update(workflows.UpdateResume, workflows.Stop{By: "U1"}) })
		pl.draftIn(30 * day)(l) // the fourteen days have begun only
	})
	require.Equal(t, partnership.Completed, pl.run().Outcome)
}

func TestAStandbyTellsThatItTookTheSlotAndOneWithoutAnAnswerIsWithdrawn(t *testing.T) {
	for _, accepts := range []bool{true, false} {
		pl := newPlay(t)
		pl.covers = "p0"
		pl.eager()
		if !accepts {
			pl.steps.onMail = func(l activities.Letter) {
				if l.Kind == "invitation" {
					pl.decide(workflows.SlotWithdrawn)
				}
			}
			require.Equal(t, partnership.Cancelled, pl.run().Outcome)
			require.Empty(t, pl.slots)
			continue
		}
		pl.after(3*day, func() {
			pl.env.SignalWorkflow(workflows.SignalSlotDecided, workflows.SlotDecided{Decision: workflows.SlotWithdrawn})
		})
		require.Equal(t, partnership.Completed, pl.run().Outcome, "an offer that was accepted holds")
		require.Equal(t, []string{workflows.SlotTaken}, pl.changes())
	}
}

// Somebody prompt is not gone because they take the time that they have.
func TestNobodyIsAtRiskBeforeTheDate(t *testing.T) {
	pl := newPlay(t)
	pl.quietOverTheDraft("draft_reminder", func(l activities.Letter) {
		pl.steps.risk = 0.9
		if l.Step == "day_before" {
			pl.steps.risk = 0
			pl.draftIn(time.Hour)(l)
		}
	})
	require.Equal(t, partnership.Completed, pl.run().Outcome)
	require.Empty(t, pl.slots)
}

// A slot that is given on in the night is told by day, and not on the day of a reminder.
func TestTheOfferedPlaceIsToldByDayAndNotWithAReminder(t *testing.T) {
	pl := newPlay(t)
	pl.zone = "Asia/Tokyo"
	pl.quietOverTheDraft("draft_reminder", func(l activities.Letter) {
		if l.Step == "check_in" {
			pl.steps.risk = 0.7
		}
	})
	pl.slot = func(workflows.SlotChanged) {
		pl.after(2*time.Hour, func() {
			pl.env.SignalWorkflow(workflows.SignalSlotDecided, workflows.SlotDecided{Decision: workflows.SlotReleased})
		})
	}
	require.Equal(t, partnership.Ghosted, pl.run().Outcome)
	tokyo, err := zones.Load("Asia/Tokyo")
	require.NoError(t, err)
	var reminded time.Time
	told := 0
	for i, line := range pl.steps.log {
		at := pl.steps.times[i].In(tokyo)
		switch line {
		case "mail draft_reminder draft-1/check_in":
			reminded = at
		case "mail place_offered draft-1/away-1":
			told++
			require.True(t, at.Hour() >= 9 && at.Hour() < 18, "%s", at)
			require.GreaterOrEqual(t, at.Sub(reminded), day)
		}
	}
	require.Equal(t, 1, told)
}

// More time that somebody asks for as they come back is given whole.
func TestAnExtensionAskedForWhileAwayIsGivenWhole(t *testing.T) {
	pl := newPlay(t)
	pl.quietOverTheDraft("place_offered", func(l activities.Letter) {
		pl.after(day, func() {
			pl.update(workflows.UpdateRequestExtension, workflows.RequestExtension{Task: l.Task, Days: 5})
		})
	})
	quiet := pl.steps.onMail
	pl.steps.onMail = func(l activities.Letter) {
		if quiet(l); l.Kind == "welcome_back" {
			require.InDelta(t, 5, l.Due.Sub(pl.env.Now()).Hours()/24, 1)
			pl.draftIn(day)(l)
		}
	}
	require.Equal(t, partnership.Completed, pl.run().Outcome)
	require.NoError(t, pl.acks[workflows.UpdateRequestExtension])
}

// The manager's "give more time" is told only once the slot is theirs again.
func TestNoTimeIsGivenToACreatorWhoseSlotIsGone(t *testing.T) {
	pl := newPlay(t)
	pl.slot = func(m workflows.SlotChanged) {
		if m.Change == workflows.SlotReturned {
			pl.decide(workflows.SlotGone)
		}
	}
	pl.quietOverTheDraft("place_offered", func(l activities.Letter) {
		pl.after(day, func() {
			pl.update(workflows.UpdateDecideQuiet, workflows.DecideQuiet{Task: l.Task, Decision: partnership.ChoiceExtend, By: "U1"})
		})
	})
	require.Equal(t, partnership.Ghosted, pl.run().Outcome)
	require.Empty(t, pl.letters("dates_moved"))
	require.Contains(t, pl.steps.log, "mail ended ended/ghosted", "they never came back: nobody thanks them for it")
}

// An offer that was accepted holds, even when it is withdrawn before the workflow has looked at the answer; one that nobody has been
// sent ends without a word.
func TestWithdrawnJustAfterTheAnswerAndBeforeTheInvitation(t *testing.T) {
	pl := newPlay(t)
	pl.covers = "p0"
	pl.eager()
	eager := pl.steps.onMail
	pl.steps.onMail = func(l activities.Letter) {
		if eager(l); l.Kind == "invitation" {
			pl.after(day, func() { // in the moment of the answer
				pl.env.SignalWorkflow(workflows.SignalSlotDecided, workflows.SlotDecided{Decision: workflows.SlotWithdrawn})
			})
		}
	}
	require.Equal(t, partnership.Completed, pl.run().Outcome)

	pl = newPlay(t)
	pl.covers = "p0"
	pl.after(0, func() { pl.update(workflows.UpdatePause, workflows.Stop{Reason: "stock", By: "U1"}) })
	pl.after(day, func() {
		pl.env.SignalWorkflow(workflows.SignalSlotDecided, workflows.SlotDecided{Decision: workflows.SlotWithdrawn})
	})
	require.Equal(t, partnership.Cancelled, pl.run().Outcome)
	require.Empty(t, pl.letters("ended"))
}
