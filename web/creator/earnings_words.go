package creator

import (
	"strings"
	"time"

	"github.com/rapport-dev/rapport/partnership"
	"github.com/rapport-dev/rapport/partnership/money"
)

func dayOf(t time.Time, zone *time.Location) string { return t.In(zone).Format("2 January 2006") }

// lineName says what a line of the books is: "Sale of 3 November, order 1001".
func lineName(l partnership.StatementLine) string {
	name := map[string]string{"commission": "Sale", "fee": "Fee", "bonus": "Bonus", "adjustment": "Correction"}[l.Kind]
	switch {
	case name == "":
		name = l.Kind
	case l.Kind == "adjustment" && l.AmountMinor < 0 && l.OrderID != "":
		name = "Taken back"
	}
	if l.OrderID != "" {
		name += ", order " + l.OrderID
	}
	return name
}

// lineSum says how a line comes to its amount, so that its reader can work it out: "10 % of $36.00".
func lineSum(l partnership.StatementLine) string {
	switch {
	case l.Kind != "commission" || l.RateBPS == 0:
		return ""
	case l.NetMinor == 0:
		return money.FormatPercent(l.RateBPS) + " % of what was bought"
	}
	return money.FormatPercent(l.RateBPS) + " % of " + money.Display(l.NetMinor, l.Currency)
}

// lineState says why a line is not paid yet, or what became of it.
func lineState(l partnership.StatementLine, zone *time.Location) string {
	switch l.Group {
	case partnership.LineInHold:
		return "In hold, counts from " + dayOf(l.CountsAt, zone)
	case partnership.LineHeld:
		return "Held"
	case partnership.LineRejected:
		if l.State == "reversed" && l.OrderID == "" {
			return "Taken back: the sales that reached it came back"
		}
		return map[string]string{"reversed": "The order was given back", "voided": "Rejected"}[l.State]
	case partnership.LinePayable:
		return "Counts"
	case partnership.LinePaid:
		if l.State == "paid" {
			return "Paid"
		}
		return "On its way"
	}
	return ""
}

// payoutState says how a payout stands, in its creator's words.
func payoutState(v partnership.PayoutView, p purse) string {
	on := dayOf(v.At, p.zone)
	switch v.State {
	case partnership.PayoutPlanned:
		switch v.Waits {
		case partnership.WaitsForFunds:
			return "It waits until " + p.brand.Name + " has the funds for it at " + p.rail(v.Rail) + ", and goes on by itself."
		case partnership.WaitsForRail:
			return "It waits for " + p.rail(v.Rail) + ", and goes on by itself."
		}
		return "It is drawn up, and is sent once it is approved."
	case partnership.PayoutPosted:
		return p.rail(v.Rail) + " has it, and has not paid it out yet."
	case partnership.PayoutUnknown:
		return "We are finding out with " + p.rail(v.Rail) + " what became of it. It is neither lost nor sent twice."
	case partnership.PayoutFailed:
		why, do := partnership.WhyNotPaid(v.Reason)
		return "It did not go through on " + on + ": " + why + ". " + strings.Replace(do, "reply to this mail", "reply to our mail about it", 1)
	case partnership.PayoutReturned:
		return "It was sent on " + on + " and came back. We owe it to you again; it waits until a person here has looked at why."
	}
	words := "Sent on " + on + " by " + p.rail(v.Rail) + " to your account " + v.Account + "."
	if v.ReversedMinor > 0 {
		words += " Of it " + money.Display(v.ReversedMinor, v.Currency) + " came back, and is owed to you again."
	}
	return words
}

func payoutTag(v partnership.PayoutView) (words, class string) {
	switch v.State {
	case partnership.PayoutPaid:
		return "Paid", "tag on"
	case partnership.PayoutFailed:
		return "Not paid", "tag bad"
	case partnership.PayoutReturned:
		return "Came back", "tag bad"
	case partnership.PayoutUnknown:
		return "Being found out", "tag warn"
	}
	if v.Waits != partnership.WaitsForNothing {
		return "Waits", "tag warn"
	}
	return "On its way", "tag"
}

// nextWords say what the next payouts hold, and when they are prepared.
func nextWords(e partnership.Earnings, p purse) string {
	month := partnership.MonthName(e.Next.Period)
	switch {
	case e.Next.Preparing:
		return "The payouts for " + month + " are being prepared just now, and are sent once they are approved."
	case e.Next.Minor > 0:
		return "Prepared on " + dayOf(e.Next.Day, p.zone) + ", for " + month + ". It is what counts by then if nothing is sent back."
	}
	return "The next ones are prepared on " + dayOf(e.Next.Day, p.zone) + ", for " + month + "."
}

func sumWord(lines int) string {
	if lines == 1 {
		return "In all"
	}
	return "Together"
}

// lineNote says how a line stands, and why.
func lineNote(l partnership.StatementLine, zone *time.Location) string {
	state := lineState(l, zone)
	switch {
	case l.Reason == "":
		return state
	case state == "":
		return l.Reason
	}
	return state + ": " + l.Reason
}

// objectWord is what leads to the page of an objection.
func objectWord(m partnership.MonthView, l partnership.StatementLine) string {
	decided, there := m.Objections[l.RowID]
	switch {
	case !there:
		return "Object"
	case decided:
		return "Your objection was looked at"
	}
	return "You objected to it"
}
