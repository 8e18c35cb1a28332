package workflows

import (
	"time"

	"github.com/rapport-dev/rapport/activities"
	"github.com/rapport-dev/rapport/partnership"
	"github.com/rapport-dev/rapport/partnership/timeline"
)

// A story that can't go on is ended by a run of its own, made from what the books know: it reads nothing of the run before, so it is
// right too where that one cannot be read. Everything that was done outside is found again by its key, as in any undo.

// Left is what the books know of a partnership.
type Left struct {
	Seq       int                  // of the board's row
	Stage     partnership.Stage    // as the board shows it
	Happened  map[string]time.Time // the first event of each kind on its timeline
	OpenTasks []string
	Amendment int // version of a contract amendment that nobody has signed, 0 none
}

// EndPartnership is the input of a run that only ends a partnership: it takes back what was made, closes the board's row, and tells the
// creator and the campaign.
func EndPartnership(in PartnershipInput, left Left, end Ending) PartnershipInput {
	happened := func(kind string) bool { return !left.Happened[kind].IsZero() }
	var undo []string
	if !happened("signed") { // a signed contract stands
		undo = append(undo, undoContract)
	}
	undo = append(undo, undoCode)
	if in.Offer.Gift != nil && !happened("delivered") { // what was delivered is used up
		undo = append(undo, undoGift, undoLabel)
	}
	if left.Amendment > 0 {
		undo = append(undo, undoAmendment)
	}
	s := State{
		shownState: shownState{Seq: left.Seq, Stage: left.Stage, Closed: left.OpenTasks},
		termsState: termsState{Terms: in.Offer},
		datesState: datesState{Facts: timeline.Facts{
			Start: left.Happened["invited"], InvitedAt: left.Happened["invited"], AcceptedAt: left.Happened["accepted"],
			SignedAt: left.Happened["signed"], ShippedAt: left.Happened["shipped"], DeliveredAt: left.Happened["delivered"], Gift: in.Offer.Gift != nil,
		}},
		taskState:     taskState{Invited: happened("invited")},
		contractState: contractState{Signed: happened("signed"), ContractVersion: left.Amendment},
		unsignedState: unsignedState{AmendmentVersion: left.Amendment},
		undoState:     undoState{Undo: undo},
	}
	in.Carried, in.Ending = &s, &end
	return in
}

// EndCampaign is the input of a run that invites nobody more: it waits for the ends of those that are open, and closes the campaign.
func EndCampaign(in CampaignInput, plan activities.CampaignPlan, open map[partnership.PartnershipID]partnership.RosterEntry, ended map[partnership.PartnershipID]EndedSlot, stop Stop) CampaignInput {
	in.Carried = &CampaignState{
		campaignSlots: campaignSlots{Ranked: true, Spec: plan, Open: open, Ended: ended, Freed: 1},
		campaignCover: campaignCover{Away: map[partnership.PartnershipID]*Cover{}},
		campaignStops: campaignStops{Cancelled: &stop},
	}
	return in
}
