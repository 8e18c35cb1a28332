package rehearsal

import (
	"slices"
	"time"

	"github.com/rapport-dev/rapport/partnership"
	"github.com/rapport-dev/rapport/partnership/zones"
)

// outcomes in the order in which they are shown.
var outcomes = [...]partnership.Outcome{partnership.Completed, partnership.Declined, partnership.Expired, partnership.Ghosted, partnership.Replaced, partnership.OptedOut, partnership.Cancelled}

// result is what one run came to. It is small, so that many runs fit in memory.
type result struct {
	days     []int // of each post, days after the start in the campaign's zone, sorted
	onTime   int   // posts by the last date
	ended    [len(outcomes)]int
	invited  int
	standby  int // of those
	spent    [flowKinds]int64
	cash     []cash
	orders   int
	clicks   int
	revenue  int64
	finished int  // day of the last end
	broke    bool // the budget did not cover an invitation
	work     Work
}

// cash is what leaves the account in one month, by purpose.
type cash [flowKinds]int64

// total is all of it in the campaign's currency.
func (c cash) total() int64 { return c[feeFlow] + c[commissionFlow] + c[giftFlow] + c[shippingFlow] }

// shipping is what labels cost, in the currency that they are counted in.
func (c cash) shipping() int64 { return c[shippingFlow] + c[apartFlow] }

// sum adds up a played campaign.
func (c *company) sum() result {
	r := result{invited: len(c.order), broke: c.broke, work: c.work}
	loc := zones.Or(c.Campaign.Timezone)
	for _, s := range c.order {
		if s.entry.Standby {
			r.standby++
		}
		r.ended[slices.Index(outcomes[:], s.outcome)]++
		for _, at := range s.posts {
			r.days = append(r.days, c.day(at, loc))
			if c.inTime(at) {
				r.onTime++
			}
		}
		for _, f := range s.flows {
			r.spent[f.kind] += f.minor
		}
		r.cash = c.cashOut(r.cash, s.story, loc)
		r.orders, r.clicks, r.revenue = r.orders+s.orders, r.clicks+s.clicks, r.revenue+s.revenue
		r.finished = max(r.finished, c.day(s.to, loc))
		r.work.add(s.work)
	}
	slices.Sort(r.days)
	return r
}

// inTime says whether a post was live by the last date.
func (w *world) inTime(at time.Time) bool {
	return w.Campaign.Schedule.PublishTo.IsZero() || at.Before(w.Campaign.Schedule.PublishTo)
}

// day is how many calendar days after the start something is.
func (w *world) day(t time.Time, loc *time.Location) int {
	return dayNumber(w.date(t), loc) - dayNumber(w.Start, loc)
}

func dayNumber(t time.Time, loc *time.Location) int {
	y, m, d := t.In(loc).Date()
	return int(time.Date(y, m, d, 0, 0, 0, 0, time.UTC).Unix() / (24 * 60 * 60))
}

// month is how many calendar months after the start's something is.
func (w *world) month(t time.Time, loc *time.Location) int {
	number := func(t time.Time) int {
		y, m, _ := t.In(loc).Date()
		return 12*y + int(m)
	}
	return number(w.date(t)) - number(w.Start)
}

// cashOut adds what a partnership costs to the months in which the money leaves. Gifts and labels are paid at once; what a
// creator earned is paid in the month after it may be paid, once it reaches the minimum and they have said how.
func (w *world) cashOut(months []cash, s *story, loc *time.Location) []cash {
	var earned []cash
	last := 0
	for _, f := range s.flows {
		m := w.month(f.at, loc)
		if f.kind == giftFlow || f.kind == shippingFlow || f.kind == apartFlow {
			months = grow(months, m)
			months[m][f.kind] += f.minor
			continue
		}
		earned = grow(earned, m)
		earned[m][f.kind] += f.minor
		last = m
	}
	if s.payable.IsZero() {
		return months // chased, and carried until they say how they want to be paid
	}
	var owed cash
	ready := w.month(s.payable, loc)
	for m := range max(last, ready, len(earned)) + 1 {
		if m < len(earned) {
			owed[feeFlow] += earned[m][feeFlow]
			owed[commissionFlow] += earned[m][commissionFlow]
		}
		if m < ready || owed.total() <= 0 || owed.total() < w.Campaign.Payout.MinimumMinor {
			continue
		}
		months = grow(months, m+1)
		months[m+1][feeFlow] += owed[feeFlow]
		months[m+1][commissionFlow] += owed[commissionFlow]
		owed = cash{}
	}
	return months
}

func grow(months []cash, to int) []cash {
	for len(months) <= to {
		months = append(months, cash{})
	}
	return months
}
