package workflows_test

import (
	"context"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/rapport-dev/rapport/activities"
	"github.com/rapport-dev/rapport/partnership"
	"github.com/rapport-dev/rapport/workflows"
)

func (s *steps) PickCreator(_ context.Context, in activities.Pick) (activities.Picked, error) {
	s.did("pick %s", in.CreatorID)
	if in.CreatorID == "pricey" {
		return activities.Picked{Refused: "an offer to tier micro needs a fee, a commission or a gift"}, nil
	}
	return activities.Picked{Entry: partnership.RosterEntry{PartnershipID: partnership.PartnershipFor(in.CampaignID, in.CreatorID), CreatorID: in.CreatorID, Niche: "home", Rank: in.Rank, Standby: in.Standby}}, nil
}

func (s *steps) LeaveOutCreator(_ context.Context, in activities.LeaveOut) (activities.LeftOut, error) {
	s.did("leave out %s %v", in.CreatorID, in.Back)
	out := activities.LeftOut{Listed: in.CreatorID != "stranger"}
	for i, e := range s.plan.Roster {
		if e.CreatorID == in.CreatorID {
			out.Entry = &s.plan.Roster[i]
		}
	}
	return out, nil
}

// pickAt asks a campaign for a creator after so many days, and keeps its answer.
func (tr *troupe) pickAt(days float64, name, id string, m any) *error {
	answer := new(error)
	keep := func(err error) { *answer = err }
	tr.env.RegisterDelayedCallback(func() {
		tr.env.UpdateWorkflow(name, id, callback{reject: keep, done: func(_ any, err error) { keep(err) }}, m)
	}, time.Duration(days*float64(day)))
	return answer
}

func pa(creator partnership.CreatorID) partnership.PartnershipID {
	return partnership.PartnershipFor("c1", creator)
}

// pickedFrom is a campaign of the creators a, b, c and so on.
func pickedFrom(t *testing.T, slots, standby, purse int, parts map[partnership.PartnershipID]part) *troupe {
	t.Helper()
	plan := rosterOf(slots, standby)
	for i := range plan.Roster {
		who := partnership.CreatorID(rune('a' + i))
		plan.Roster[i].CreatorID, plan.Roster[i].PartnershipID = who, pa(who)
	}
	return newTroupe(t, plan, purse, parts)
}

func TestACreatorIsInvitedOutOfTurn(t *testing.T) {
	tr := pickedFrom(t, 2, 2, 10, nil)
	second := tr.pickAt(1, workflows.UpdateInvite, "one", workflows.Invite{CreatorID: "d", By: "U1"})
	stranger := tr.pickAt(2, workflows.UpdateInvite, "two", workflows.Invite{CreatorID: "stranger", By: "U1"})
	twice := tr.pickAt(3, workflows.UpdateInvite, "three", workflows.Invite{CreatorID: "d", By: "U1"})
	pricey := tr.pickAt(3, workflows.UpdateInvite, "four", workflows.Invite{CreatorID: "pricey", By: "U1"})
	r := tr.run()
	require.NoError(t, *second)
	require.NoError(t, *stranger, "who was on no list comes onto it")
	require.ErrorContains(t, *twice, "invited already")
	require.ErrorContains(t, *pricey, "needs a fee")
	require.Equal(t, map[partnership.Outcome]int{partnership.Completed: 4}, r.Outcomes, "two places, and two who come besides")
	require.Empty(t, tr.inputs[pa("c")].PartnershipID, "nobody follows them")
}

// Whoever is invited while a place has nobody gets that place, with the time that is left of it.
func TestWhoIsInvitedStandsInForACreatorWhoWentQuiet(t *testing.T) {
	tr := pickedFrom(t, 2, 0, 10, map[partnership.PartnershipID]part{pa("a"): {ghost: 20, ends: 40}, pa("z"): {accepts: 2}})
	in := tr.pickAt(25, workflows.UpdateInvite, "one", workflows.Invite{CreatorID: "z", By: "U1"})
	tr.run()
	require.NoError(t, *in)
	require.Equal(t, pa("a"), tr.inputs[pa("z")].Covers)
	require.Contains(t, tr.said, string(pa("a"))+" <- released")
}

func TestABudgetThatDoesNotCoverThemInvitesNobody(t *testing.T) {
	tr := pickedFrom(t, 2, 1, 2, nil)
	no := tr.pickAt(1, workflows.UpdateInvite, "one", workflows.Invite{CreatorID: "z", By: "U1"})
	tr.run()
	require.ErrorContains(t, *no, "raise the budget first")
	require.Empty(t, tr.inputs[pa("z")].PartnershipID)
}

func TestAPausedCampaignInvitesNobodyOutOfTurn(t *testing.T) {
	tr := pickedFrom(t, 1, 1, 10, nil)
	paused := tr.pickAt(1, workflows.UpdatePause, "stop", workflows.Stop{Reason: "we think again", By: "U1"})
	no := tr.pickAt(2, workflows.UpdateInvite, "one", workflows.Invite{CreatorID: "b", By: "U1"})
	tr.pickAt(3, workflows.UpdateResume, "go", workflows.Stop{By: "U1"})
	tr.run()
	require.NoError(t, *paused)
	require.ErrorContains(t, *no, "resume it first")
}

// Whom somebody leaves out is not asked when a place falls free, until they are put back.
func TestAVetoTakesAStandbyOutOfTheLine(t *testing.T) {
	quits := map[partnership.PartnershipID]part{pa("a"): {ends: 5, outcome: partnership.Declined}, pa("b"): {ends: 10, outcome: partnership.Declined}}
	tr := pickedFrom(t, 2, 3, 10, quits)
	out := tr.pickAt(1, workflows.UpdateVeto, "out", workflows.Veto{CreatorID: "c", By: "U1"})
	unknown := tr.pickAt(1.5, workflows.UpdateVeto, "unknown", workflows.Veto{CreatorID: "stranger", By: "U1"})
	late := tr.pickAt(2, workflows.UpdateVeto, "late", workflows.Veto{CreatorID: "a", By: "U1"})
	back := tr.pickAt(6, workflows.UpdateVeto, "back", workflows.Veto{CreatorID: "c", Back: true, By: "U1"})
	tr.run()
	require.NoError(t, *out)
	require.NoError(t, *back)
	require.ErrorContains(t, *unknown, "not on this campaign's list")
	require.ErrorContains(t, *late, "replace or cancel")
	require.NotEmpty(t, tr.inputs[pa("e")].PartnershipID, "the next of the niche came for the one who declined first")
	require.NotEmpty(t, tr.inputs[pa("c")].PartnershipID+tr.inputs[pa("d")].PartnershipID, "and one of the others for the second")
}
