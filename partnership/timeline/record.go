package timeline

import (
	"time"

	"github.com/rapport-dev/rapport/partnership"
)

// Who acts, and so who loses the days when a milestone slips.
const (
	Brand   = "brand"
	Carrier = "carrier"
	Creator = "creator"
)

// owners of the milestones. The end of the sales window is nobody's: nobody can be late for it.
var owners = map[Kind]string{
	OfferDue: Creator, SignDue: Creator, ShipBy: Brand, DeliverBy: Carrier, DraftDue: Creator, ReviewBy: Brand, PublishDue: Creator,
}

// Owner is whose clock runs until a milestone: brand, carrier or creator, "" for nobody's.
func (k Kind) Owner() string { return owners[k] }

// awaited is what each milestone waits for, for the team.
var awaited = map[Kind]string{
	OfferDue: "the creator's answer to the offer", SignDue: "the creator's signature", ShipBy: "shipping the gift", DeliverBy: "the parcel's delivery",
	DraftDue: "the creator's draft", ReviewBy: "the review of the draft", PublishDue: "the creator's post", WindowEnd: "the end of the sales window",
}

// What is what a milestone waits for, in the team's words.
func (k Kind) What() string { return awaited[k] }

// Record is the plan as the board keeps it.
func (p Plan) Record() []partnership.Milestone {
	out := make([]partnership.Milestone, len(p.Milestones))
	for i, m := range p.Milestones {
		out[i] = partnership.Milestone{Kind: string(m.Kind), Due: m.Due, BufferDays: m.BufferDays, Fact: m.Fact, At: m.At}
	}
	return out
}

// Late says whether a milestone was met so late that it is held against somebody. day is the length of a campaign day.
func Late(m partnership.Milestone, day time.Duration) bool {
	return float64(m.At.Sub(m.Due))/float64(day) >= Tolerance
}
