package creator

import (
	"strings"
	"time"

	"github.com/rapport-dev/rapport/partnership"
	"github.com/rapport-dev/rapport/partnership/locale"
)

// date is a day in the creator's own time zone.
func (p purse) date(t time.Time) string { return p.Date(t, p.zone) }

// amount is money with a minus that is one.
func (p purse) amount(minor int64, currency string) string {
	return strings.Replace(p.Money(minor, currency), "-", "−", 1)
}

// payoutState says how a payout stands, in its creator's words.
func payoutState(p purse, v partnership.PayoutView) string {
	on, rail := p.date(v.At), p.rail(v.Rail)
	switch v.State {
	case partnership.PayoutPlanned:
		switch v.Waits {
		case partnership.WaitsForFunds:
			return p.T("It waits until %s has the funds for it at %s, and goes on by itself.", p.brand.Name, rail)
		case partnership.WaitsForRail:
			return p.T("It waits for %s, and goes on by itself.", rail)
		}
		return p.T("It is drawn up, and is sent once it is approved.")
	case partnership.PayoutPosted:
		return p.T("%s has it, and has not paid it out yet.", rail)
	case partnership.PayoutUnknown:
		return p.T("We are finding out with %s what became of it. It is neither lost nor sent twice.", rail)
	case partnership.PayoutFailed:
		why, do := partnership.WhyNotPaid(v.Reason)
		return p.Sentences(p.T("It did not go through on %s: %s.", on, p.T(why)), p.T(do))
	case partnership.PayoutReturned:
		return p.T("It was sent on %s and came back. We owe it to you again; it waits until a person here has looked at why.", on)
	}
	sent := p.T("Sent on %s by %s to your account %s.", on, rail, v.Account)
	if v.ReversedMinor > 0 {
		sent = p.Sentences(sent, p.T("Of it %s came back, and is owed to you again.", p.Money(v.ReversedMinor, v.Currency)))
	}
	return sent
}

func payoutTag(p purse, v partnership.PayoutView) (words, class string) {
	switch v.State {
	case partnership.PayoutPaid:
		return p.T("Paid"), "tag on"
	case partnership.PayoutFailed:
		return p.T("Not paid"), "tag bad"
	case partnership.PayoutReturned:
		return p.T("Came back"), "tag bad"
	case partnership.PayoutUnknown:
		return p.T("Being found out"), "tag warn"
	}
	if v.Waits != partnership.WaitsForNothing {
		return p.T("Waits"), "tag warn"
	}
	return p.T("On its way"), "tag"
}

// nextPayout says what the next payouts hold, and when they are prepared.
func nextPayout(l locale.Locale, e partnership.Earnings, zone *time.Location) string {
	month, on := l.Month(e.Next.Period), l.Date(e.Next.Day, zone)
	switch {
	case e.Next.Preparing:
		return l.T("The payouts for %s are being prepared just now, and are sent once they are approved.", month)
	case e.Next.Minor > 0:
		return l.T("Prepared on %s, for %s. It is what counts by then if nothing is sent back.", on, month)
	}
	return l.T("The next payouts are prepared on %s, for %s.", on, month)
}

func sumWord(p purse, lines int) string {
	if lines == 1 {
		return p.T("In all")
	}
	return p.T("Together")
}

// objectWord is what leads to the page of an objection.
func objectWord(p purse, m partnership.MonthView, l partnership.StatementLine) string {
	decided, there := m.Objections[l.RowID]
	switch {
	case !there:
		return p.T("Object")
	case decided:
		return p.T("Your objection was looked at")
	}
	return p.T("You objected to it")
}
