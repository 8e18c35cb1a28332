package timeline

import (
	"time"

	"github.com/rapport-dev/rapport/partnership"
)

// Kind names a milestone.
type Kind string

// The milestones in the order of the story. Without a gift there is no ShipBy and no DeliverBy.
const (
	OfferDue   Kind = "offer_due"   // the creator answers the offer
	SignDue    Kind = "sign_due"    // the creator signs
	ShipBy     Kind = "ship_by"     // the brand hands the gift to the carrier
	DeliverBy  Kind = "deliver_by"  // the carrier delivers it
	DraftDue   Kind = "draft_due"   // the creator sends a draft
	ReviewBy   Kind = "review_due"  // the brand answers the draft
	PublishDue Kind = "publish_due" // the creator posts
	WindowEnd  Kind = "window_end"  // sales are counted until then
)

// Days that a campaign file does not set.
const (
	ShipDays    = 2.0 // business days for the brand to ship after the signature
	TransitDays = 5.0 // for the carrier, until it gives an estimate of its own
	PostDays    = 1.0 // at the least between approval and the live date
)

// MaxExtension is the most that a creator gets without a person's decision, in campaign days.
const MaxExtension = 5

// MostGiven is the most that a person gives at once, in campaign days.
const MostGiven = 30

// Facts are what has happened so far; zero times have not happened yet.
type Facts struct {
	Start       time.Time `json:"start,omitzero"` // when this partnership began; the promised live date counts from here
	InvitedAt   time.Time `json:"invited_at,omitzero"`
	AcceptedAt  time.Time `json:"accepted_at,omitzero"`
	SignedAt    time.Time `json:"signed_at,omitzero"`
	ShippedAt   time.Time `json:"shipped_at,omitzero"`
	CarrierETA  time.Time `json:"carrier_eta,omitzero"` // the carrier's estimate of the delivery
	DeliveredAt time.Time `json:"delivered_at,omitzero"`
	DraftAt     time.Time `json:"draft_at,omitzero"` // the last draft; clear it when the brand asks for a revision
	ApprovedAt  time.Time `json:"approved_at,omitzero"`
	PostedAt    time.Time `json:"posted_at,omitzero"`
	ContentFrom time.Time `json:"content_from,omitzero"` // for a later deliverable: when the one before was posted
	Gift        bool      `json:"gift"`
	Revisions   int       `json:"revisions,omitempty"` // asked for by the brand; each gives the creator more time
	ChangesAt   time.Time `json:"changes_at,omitzero"` // when the last one was asked for: its time counts from there at the earliest

	// Days granted on what the creator does: asked for by the creator, or taken by the brand before.
	OfferExtensionDays float64 `json:"offer_extension_days,omitempty"`
	SignExtensionDays  float64 `json:"sign_extension_days,omitempty"`
	ExtensionDays      float64 `json:"extension_days,omitempty"` // on the draft
	PostExtensionDays  float64 `json:"post_extension_days,omitempty"`
}

// Milestone is one date of a plan.
type Milestone struct {
	Kind       Kind      `json:"kind"`
	Due        time.Time `json:"due"` // follows from the facts before this milestone; its own fact does not move it
	BufferDays float64   `json:"buffer_days,omitempty"`
	Fact       bool      `json:"fact,omitempty"` // it has happened
	At         time.Time `json:"at,omitzero"`    // when it happened
}

// Plan is all milestones of one partnership.
type Plan struct {
	Milestones []Milestone `json:"milestones"`
	BufferLeft float64     `json:"buffer_left"` // campaign days that may still slip before the live date moves
}

// Due is when a milestone is due, zero when the plan has none of that kind.
func (p Plan) Due(k Kind) time.Time {
	for _, m := range p.Milestones {
		if m.Kind == k {
			return m.Due
		}
	}
	return time.Time{}
}

// Make computes the plan. The content clock starts when the gift is delivered, or at the signature when there is none. The
// live date is promised from Start alone: slips eat the buffer first and move the live date last. A fact never moves a
// milestone that stands before it in the story, and a later fact never makes a milestone earlier.
func Make(c Calendar, s partnership.Schedule, tier partnership.Tier, f Facts) Plan {
	c = c.For(s)
	promised := promise(c, s, tier, f)
	path := follow(c, s, f)
	live := later(promised, c.Add(path.ready, PostDays))
	publish := c.Add(live, max(f.PostExtensionDays, 0))

	left := c.Days(c.Add(path.ready, PostDays), promised)
	left = max(0, min(left, Buffer(s, tier)))
	path.add(PublishDue, publish, f.PostedAt)
	path.milestones[len(path.milestones)-1].BufferDays = left
	path.add(WindowEnd, c.Add(either(f.PostedAt, publish), s.WindowDays), time.Time{})
	return Plan{Milestones: path.milestones, BufferLeft: left}
}

// Buffer is the slack planned into a creator's calendar, in campaign days: half as much again for nano creators, who have
// day jobs (the field's guide).
func Buffer(s partnership.Schedule, tier partnership.Tier) float64 {
	if tier == partnership.Nano {
		return 1.5 * s.BufferDays
	}
	return s.BufferDays
}

// promise is the live date as told at the start: all steps at their full length, then the buffer, inside the publish window.
func promise(c Calendar, s partnership.Schedule, tier partnership.Tier, f Facts) time.Time {
	ready := follow(c, s, Facts{Start: either(f.Start, f.InvitedAt), Gift: f.Gift}).ready
	live := c.Add(c.Add(ready, PostDays), Buffer(s, tier))
	if !s.PublishTo.IsZero() && live.After(s.PublishTo) {
		live = s.PublishTo
	}
	return later(live, s.PublishFrom)
}

// path is the chain of milestones up to the approval, each following from the one before.
type path struct {
	milestones []Milestone
	ready      time.Time // when the content is, or should be, approved
}

func (p *path) add(k Kind, due, fact time.Time) time.Time {
	p.milestones = append(p.milestones, Milestone{Kind: k, Due: due, Fact: !fact.IsZero(), At: fact})
	return either(fact, due)
}

func follow(c Calendar, s partnership.Schedule, f Facts) path {
	var p path
	accepted := p.add(OfferDue, c.Add(either(f.InvitedAt, f.Start), s.OutreachDays+max(f.OfferExtensionDays, 0)), f.AcceptedAt)
	clock := p.add(SignDue, c.Add(accepted, s.SignDays+max(f.SignExtensionDays, 0)), f.SignedAt)
	if f.Gift {
		shipped := p.add(ShipBy, ReviewDue(c, clock, ShipDays), f.ShippedAt)
		clock = p.add(DeliverBy, either(f.CarrierETA, c.Add(shipped, TransitDays)), f.DeliveredAt)
	}
	clock = later(clock, f.ContentFrom)
	drafted := p.add(DraftDue, draftDue(c, s, clock, f), f.DraftAt)
	p.ready = p.add(ReviewBy, ReviewDue(c, drafted, s.ReviewDays), f.ApprovedAt)
	return p
}

// draftDue is when the draft is due whose clock starts at clock. However long a review took, a revision has its time.
func draftDue(c Calendar, s partnership.Schedule, clock time.Time, f Facts) time.Time {
	due := c.Add(clock, s.ProduceDays+float64(max(f.Revisions, 0))*RevisionDays(s))
	if !f.ChangesAt.IsZero() {
		due = later(due, c.Add(f.ChangesAt, RevisionDays(s)))
	}
	return c.Add(due, max(f.ExtensionDays, 0))
}

// RevisionDays is the time that one revision gives a creator: a third of the time for the first draft, at least a day.
func RevisionDays(s partnership.Schedule) float64 { return max(1, s.ProduceDays/3) }

func either(a, b time.Time) time.Time {
	if a.IsZero() {
		return b
	}
	return a
}

func later(a, b time.Time) time.Time {
	if a.Before(b) {
		return b
	}
	return a
}
