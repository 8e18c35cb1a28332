package board

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"github.com/rapport-dev/rapport/partnership"
	"github.com/rapport-dev/rapport/partnership/timeline"
	"github.com/rapport-dev/rapport/partnership/zones"
)

// Calendar is what of a campaign is due when, and for whom: every date that is still to come or overdue, earliest first.
type Calendar struct {
	CampaignID partnership.CampaignID `json:"campaign_id"`
	Name       string                 `json:"name"`
	Timezone   string                 `json:"timezone"` // IANA; days are counted in it
	FeedURL    string                 `json:"feed_url"` // iCalendar (RFC 5545); a secret: whoever has the link reads the calendar
	Entries    []CalendarEntry        `json:"entries"`
}

// CalendarEntry is one date. Those of the campaign itself, its publish window, have no partnership.
type CalendarEntry struct {
	Due            time.Time                 `json:"due"`
	Day            string                    `json:"day"`  // the date of Due in the campaign's zone, such as 2026-12-01
	Kind           string                    `json:"kind"` // a milestone's, "awaited" for a wait that is none, publish_from or publish_to
	What           string                    `json:"what"` // what is due
	Owner          string                    `json:"owner"`
	Awaited        bool                      `json:"awaited"` // what is waited for now; the others follow
	WaitingFor     string                    `json:"waiting_for,omitempty"`
	Overdue        bool                      `json:"overdue"` // it is awaited, and its time has passed
	HeldUp         bool                      `json:"held_up"` // what stands before it is overdue: this date will move
	PartnershipID  partnership.PartnershipID `json:"partnership_id,omitempty"`
	Creator        *CreatorOfDate            `json:"creator,omitempty"`
	Stage          partnership.Stage         `json:"stage,omitempty"`
	BufferDaysLeft float64                   `json:"buffer_days_left"`
	Paused         bool                      `json:"paused,omitempty"`
	Changed        time.Time                 `json:"changed"`  // when this date was last written
	Revision       int                       `json:"revision"` // grows whenever it is written
}

// CreatorOfDate is whom a date is about. The handle is personal data.
type CreatorOfDate struct {
	Platform string           `json:"platform"`
	Handle   string           `json:"handle"`
	Tier     partnership.Tier `json:"tier"`
}

// The kinds of dates that are no milestones.
const (
	DateAwaited     = "awaited"
	DatePublishFrom = "publish_from"
	DatePublishTo   = "publish_to" // Due is the first instant after the last live day
)

// CalendarFacts is what a campaign's calendar is made of.
type CalendarFacts struct {
	CampaignID   partnership.CampaignID
	Name         string
	State        partnership.CampaignState
	Timezone     string
	Schedule     partnership.Schedule
	UpdatedAt    time.Time
	FeedURL      string
	Partnerships []Dated // those that go on
}

// Dated is a partnership with dates.
type Dated struct {
	Creator   CreatorOfDate
	Shows     partnership.Projection // what its workflow said last
	UpdatedAt time.Time
}

// CalendarOf is a campaign's calendar at an instant.
func CalendarOf(f CalendarFacts, now time.Time) Calendar {
	doc := Calendar{CampaignID: f.CampaignID, Name: f.Name, Timezone: f.Timezone, FeedURL: f.FeedURL, Entries: f.window(now)}
	for _, one := range f.Partnerships {
		doc.Entries = append(doc.Entries, one.dates()...)
	}
	zone := zones.Or(doc.Timezone)
	late := map[partnership.PartnershipID]bool{}
	for _, e := range doc.Entries {
		late[e.PartnershipID] = late[e.PartnershipID] || e.Awaited && e.Due.Before(now)
	}
	for i := range doc.Entries {
		e := &doc.Entries[i]
		e.Due, e.Day = e.Due.UTC(), e.Due.In(zone).Format(time.DateOnly)
		e.Overdue, e.HeldUp = late[e.PartnershipID] && e.Awaited, late[e.PartnershipID] && !e.Awaited
	}
	slices.SortStableFunc(doc.Entries, func(a, b CalendarEntry) int {
		return cmp.Or(a.Due.Compare(b.Due), strings.Compare(string(a.PartnershipID), string(b.PartnershipID)))
	})
	return doc
}

// window is when posts may go live, as far as it lies ahead, while the campaign runs.
func (f CalendarFacts) window(now time.Time) []CalendarEntry {
	entries := []CalendarEntry{}
	add := func(at time.Time, kind, what string) {
		if at.After(now) && !f.State.Ended() {
			entries = append(entries, CalendarEntry{Due: at, Kind: kind, What: what, Owner: timeline.Brand, Changed: f.UpdatedAt})
		}
	}
	add(f.Schedule.PublishFrom, DatePublishFrom, "the publish window opens")
	add(f.Schedule.PublishTo, DatePublishTo, "the publish window closes")
	return entries
}

// dates are what is open of a partnership's plan, and what it waits for now where that is no milestone.
func (d Dated) dates() []CalendarEntry {
	base := CalendarEntry{
		PartnershipID: d.Shows.PartnershipID, Creator: &d.Creator, Stage: d.Shows.Stage, BufferDaysLeft: d.Shows.BufferDaysLeft, Paused: d.Shows.Paused,
		Changed: d.UpdatedAt, Revision: d.Shows.Seq,
	}
	var out []CalendarEntry
	waits := !d.Shows.Deadline.IsZero() && d.Shows.WaitingFor != "" // Postgres keeps a deadline to the microsecond, and a plan as it is
	for _, m := range d.Shows.Plan {
		if m.Fact {
			continue
		}
		e, kind := base, timeline.Kind(m.Kind)
		e.Due, e.Kind, e.What, e.Owner = m.Due, m.Kind, kind.What(), cmp.Or(kind.Owner(), timeline.Brand)
		if waits && m.Due.Truncate(time.Microsecond).Equal(d.Shows.Deadline) && !slices.ContainsFunc(out, func(e CalendarEntry) bool { return e.Awaited }) {
			e.Awaited, e.WaitingFor = true, d.Shows.WaitingFor
		}
		out = append(out, e)
	}
	if waits && !slices.ContainsFunc(out, func(e CalendarEntry) bool { return e.Awaited }) {
		base.Due, base.Kind, base.What, base.Owner = d.Shows.Deadline, DateAwaited, d.Shows.WaitingFor, waitsOn(d.Shows.WaitingFor)
		base.Awaited, base.WaitingFor = true, d.Shows.WaitingFor
		out = append(out, base)
	}
	return out
}

// waitsOn is who acts in a wait that is no milestone: "the creator's payout set-up", "the parcel's delivery (late)", "a manager: ...".
func waitsOn(what string) string {
	switch {
	case strings.HasPrefix(what, "the creator's "):
		return timeline.Creator
	case strings.HasPrefix(what, "the parcel's "):
		return timeline.Carrier
	default:
		return timeline.Brand
	}
}
