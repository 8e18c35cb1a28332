package timeline

import "github.com/rapport-dev/rapport/partnership"

// Standing is where a partnership stands when its campaign is amended.
type Standing struct {
	Stage   partnership.Stage   `json:"Stage"`
	Outcome partnership.Outcome `json:"Outcome"`
	Tier    partnership.Tier    `json:"Tier"`
	Facts   Facts               `json:"Facts"`
	Plan    Plan                `json:"Plan"`
	Terms   partnership.Terms   `json:"Terms"`
	Signed  bool                `json:"Signed"`

	Asked    *partnership.Terms `json:"Asked,omitempty"` // of the contract amendment that waits for a signature
	Numbered int                `json:"Numbered"`        // the last version that a contract amendment had, signed or not
	Standby  bool               `json:"Standby"`         // was offered the slot of somebody who went quiet
	Away     bool               `json:"Away"`            // was given up, or their slot given on
}

// Reach says what an amendment does to one partnership.
type Reach string

// The reaches.
const (
	Moves     Reach = "moves"     // open dates move
	Keeps     Reach = "keeps"     // a draft is in or content is live: its dates stay
	Contract  Reach = "contract"  // signed terms are frozen: the change needs a contract amendment, signed by the creator
	Unchanged Reach = "unchanged" // nothing of it touches this one
	Withdrawn Reach = "withdrawn" // nothing but this: the contract amendment that waits for a signature is taken back
	Waits     Reach = "waits"     // they are away: it is applied when they come back
	Over      Reach = "over"      // it has ended, or only the sales window is left
)

// Effect is what an amendment does to one partnership. The preview and the partnership itself compute it by the same function, so
// that what was shown is what happens.
type Effect struct {
	Reach     Reach
	Schedule  partnership.Schedule // as it concerns this one
	Plan      Plan                 // the dates afterwards
	Changes   []Change             // dates that move
	Terms     partnership.Terms    // what holds, or what the contract amendment asks for
	Words     []string             // what changes in the terms
	Withdraws bool                 // the contract amendment that waits for a signature asks for something else: it is taken back
}

// Amend computes what a new schedule and a new offer do to a partnership. offered is the offer before: what was negotiated
// beside it stays.
func Amend(c Calendar, s Standing, schedule partnership.Schedule, offered, offer partnership.Terms) Effect {
	if s.Standby {
		schedule = ForStandby(schedule)
	}
	e := Effect{Reach: Unchanged, Schedule: schedule, Plan: s.Plan, Terms: s.Terms}
	if s.Outcome != "" || s.Stage.Order() >= partnership.Performance.Order() {
		e.Reach = Over
		return e
	}
	if s.Away {
		e.Reach = Waits
		return e
	}
	after := retermed(s.Terms, offered, offer)
	after.Version = max(s.Terms.Version, s.Numbered) + 1
	if words := partnership.TermsChanges(s.Terms, after); len(words) > 0 {
		e.Words, e.Terms = words, after
	}
	if s.Signed && after.WindowDays != s.Terms.WindowDays { // it is a term: it moves when the amendment is signed
		schedule.WindowDays = s.Terms.WindowDays
		e.Schedule = schedule
	}
	e.Withdraws = s.Asked != nil && len(partnership.TermsChanges(*s.Asked, e.Terms)) > 0
	if s.Facts.DraftAt.IsZero() && s.Facts.PostedAt.IsZero() {
		e.Plan = Make(c, schedule, s.Tier, s.Facts)
		e.Changes = Diff(s.Plan, e.Plan, c)
	}
	switch {
	case len(e.Words) > 0 && s.Signed:
		e.Reach = Contract
	case len(e.Changes) > 0 || len(e.Words) > 0:
		e.Reach = Moves
	case e.Withdraws:
		e.Reach = Withdrawn
	case !s.Facts.DraftAt.IsZero() || !s.Facts.PostedAt.IsZero():
		e.Reach = Keeps
	}
	return e
}

// retermed is the new offer with a fee that was negotiated kept.
func retermed(agreed, offered, offer partnership.Terms) partnership.Terms {
	t := offer.Clone()
	if agreed.FeeMinor != offered.FeeMinor {
		t.FeeMinor = agreed.FeeMinor
	}
	return t
}
