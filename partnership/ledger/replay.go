package ledger

import (
	"slices"
	"time"

	"github.com/rapport-dev/rapport/partnership"
)

// Change is under what else the past is played again; nothing changed plays it as it was.
type Change struct {
	RateBPS    *int
	HoldDays   *float64 // campaign days
	WindowDays *float64
	LinkFirst  bool // a link beats a code
}

// credits says that the change may credit an order to somebody else.
func (c Change) credits() bool { return c.WindowDays != nil || c.LinkFirst }

// Share is what a creator's sales earned in one currency.
type Share struct {
	CreatorID partnership.CreatorID
	Currency  string
}

// Played is the past played again.
type Played struct {
	Booked map[Share]Outcome // by the rows as they were written
	Then   map[Share]Outcome // by the same rules, under the change
	Moved  int               // orders that went to somebody else
	Kept   int               // orders that stand as they were: a person had patched them, or what credited them is not known any more
}

// moment is one thing that happened: an order was credited, came to something else, or was rejected.
type moment struct {
	at    time.Time
	order int
	worth int // the index of what it came to; -1 it was credited, or rejected
	void  bool
}

// player holds the books of a past that is played again.
type player struct {
	past   Past
	change Change
	day    time.Duration
	rows   [][]Row
	used   map[partnership.PartnershipID]int64 // what sales have earned in the terms' currency
	played Played
}

// Play runs a program's past until an instant through the rules that book it: credit, rate, hold, cap, refunds, edits, disputes.
func (p Past) Play(c Change, day time.Duration, until time.Time) Played {
	pl := player{past: p, change: c, day: day, rows: make([][]Row, len(p.Orders)), used: map[partnership.PartnershipID]int64{}, played: Played{Booked: map[Share]Outcome{}, Then: map[Share]Outcome{}}}
	kept := make([]bool, len(p.Orders))
	credited := make([]Credit, len(p.Orders))
	for i, o := range p.Orders {
		credited[i], kept[i] = pl.credit(o)
	}
	for _, m := range p.moments(until) {
		switch o := p.Orders[m.order]; {
		case kept[m.order]:
			if m.worth < 0 && !m.void {
				pl.keep(m.order, until)
			}
		case m.void:
			pl.reject(m.order, m.at)
		case m.worth < 0:
			pl.earn(m.order, credited[m.order])
		default:
			pl.correct(m.order, credited[m.order], o.Worths[m.worth], o.worthBefore(m.worth))
		}
	}
	for i, o := range p.Orders {
		pl.count(pl.played.Booked, o.rowsBy(until), until)
		pl.count(pl.played.Then, pl.rows[i], until)
	}
	pl.bonuses(credited, until)
	return pl.played
}

// moments are all that happened before an instant, in its order.
func (p Past) moments(until time.Time) (all []moment) {
	for i, o := range p.Orders {
		all = append(all, moment{at: o.At, order: i, worth: -1})
		for n, w := range o.Worths {
			// What it came to before it was credited counts once it is; of several the last.
			if next := n + 1; !w.At.After(o.At) && next < len(o.Worths) && !o.Worths[next].At.After(o.At) {
				continue
			}
			all = append(all, moment{at: later(w.At, o.At), order: i, worth: n})
		}
		if c := o.commission(); c != nil && c.State == Voided {
			all = append(all, moment{at: c.VoidedAt, order: i, worth: -1, void: true})
		}
	}
	all = slices.DeleteFunc(all, func(m moment) bool { return !m.at.Before(until) })
	slices.SortStableFunc(all, func(a, b moment) int { return a.at.Compare(b.at) })
	return all
}

func later(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}

// credit says whose an order is under the change. Where today's facts do not lead to the credit that was given, they do not tell of another.
func (pl *player) credit(o PastOrder) (c Credit, kept bool) {
	if o.patched() {
		pl.played.Kept++
		return o.Credited, true
	}
	if !pl.change.credits() || o.Credited.Why == OwnGift || o.Credited.Why == NoTouch {
		return o.Credited, false
	}
	if was := only(Attribute(o.Sale, pl.day)); was.Partnership != o.Credited.Partnership {
		pl.played.Kept++
		return o.Credited, true
	}
	c = only(Attribute(pl.change.on(o.Sale), pl.day))
	if c.Partnership == o.Credited.Partnership {
		return o.Credited, false
	}
	pl.played.Moved++
	return c, false
}

func only(credits []Credit) Credit {
	if len(credits) == 0 {
		return Credit{}
	}
	return credits[0]
}

// on is a sale as the change sees it.
func (c Change) on(s Sale) Sale {
	s.Codes = slices.Clone(s.Codes)
	if s.Link != nil {
		link := *s.Link
		s.Link = &link
	}
	if c.WindowDays != nil {
		for i := range s.Codes {
			s.Codes[i].WindowDays = *c.WindowDays
		}
		if s.Link != nil {
			s.Link.WindowDays = *c.WindowDays
		}
	}
	if c.LinkFirst && s.Link != nil {
		s.Codes, s.Link = append([]Touch{*s.Link}, s.Codes...), nil
	}
	return s
}

// earn writes what an order earns when it is credited: at the rate and hold that were frozen on its row, where it is still the same
// partnership's, else at those of the terms.
func (pl *player) earn(i int, c Credit) {
	o := pl.past.Orders[i]
	earner, there := pl.past.Earners[c.Partnership]
	if c.Partnership == "" || !there {
		return
	}
	was, hold := o.commission(), time.Duration(-1)
	if c.Partnership == o.Credited.Partnership {
		earner.Terms.CommissionBPS = 0
		if was != nil {
			earner.Terms.CommissionBPS, hold = was.RateBPS, was.EligibleAt.Sub(was.OccurredAt)
		}
	}
	if pl.change.RateBPS != nil {
		earner.Terms.CommissionBPS = *pl.change.RateBPS
	}
	if pl.change.HoldDays != nil {
		earner.Terms.HoldDays, hold = *pl.change.HoldDays, -1
	}
	row, ok := earner.Commission(o.ID, o.Currency, o.Net, o.Sale.At, pl.day)
	if !ok {
		return
	}
	if hold >= 0 {
		row.EligibleAt = row.OccurredAt.Add(hold)
	}
	if row = Capped(earner.Terms, row, pl.used[c.Partnership]); was != nil && was.State == Held {
		row.State, row.Reason = Held, was.Reason
	}
	pl.add(i, row)
}

func (pl *player) correct(i int, c Credit, w PastWorth, was Worth) {
	o := pl.past.Orders[i]
	correction, ok := CorrectionOf(pl.rows[i], o.Net, w.Worth, w.At, "")
	if !ok {
		return
	}
	if correction, ok = correction.Capped(pl.past.Earners[c.Partnership].Terms, pl.used[c.Partnership], Grown(pl.rows[i], o.Net, was, w.Worth)); ok {
		pl.add(i, correction.Row)
	}
}

// reject voids what an order has earned, as a person did.
func (pl *player) reject(i int, at time.Time) {
	for n, row := range pl.rows[i] {
		pl.use(row, -row.AmountMinor)
		pl.rows[i][n].State, pl.rows[i][n].Reason = Voided, "rejected "+at.Format(time.DateOnly)
	}
}

// keep takes an order's rows as they were.
func (pl *player) keep(i int, until time.Time) {
	for _, row := range pl.past.Orders[i].rowsBy(until) {
		pl.add(i, row)
	}
}

func (pl *player) add(i int, row Row) {
	pl.rows[i] = append(pl.rows[i], row)
	if row.State != Voided {
		pl.use(row, row.AmountMinor)
	}
}

func (pl *player) use(row Row, minor int64) {
	if row.Currency == pl.past.Earners[row.PartnershipID].Terms.Currency {
		pl.used[row.PartnershipID] += minor
	}
}

func (pl *player) count(into map[Share]Outcome, rows []Row, until time.Time) {
	if len(rows) == 0 {
		return
	}
	whose := Share{rows[0].CreatorID, rows[0].Currency}
	into[whose] = into[whose].plus(outcomeOf(rows, until))
}
