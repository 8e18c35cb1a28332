package partnership

import (
	"time"

	"github.com/rapport-dev/rapport/partnership/locale"
)

// A line of a statement says the same in the mail and on the creator's pages, in their language.

// Name says what a line of the books is: "Sale, order 1001".
func (l StatementLine) Name(in locale.Locale) string {
	name := l.Kind
	switch {
	case l.Kind == "adjustment" && l.AmountMinor < 0 && l.OrderID != "":
		name = in.T("Taken back")
	case l.Kind == "adjustment":
		name = in.T("Correction")
	case l.Kind == "commission":
		name = in.T("Sale")
	case l.Kind == "fee":
		name = in.T("Fee")
	case l.Kind == "bonus":
		name = in.T("Bonus")
	}
	if l.OrderID == "" {
		return name
	}
	return in.T("%s, order %s", name, l.OrderID)
}

// Sum says how a line comes to its amount, so that its reader can work it out: "10 % of $36.00"; "" where it is no share of anything.
func (l StatementLine) Sum(in locale.Locale) string {
	switch {
	case l.Kind != "commission" || l.RateBPS == 0:
		return ""
	case l.NetMinor == 0:
		return in.T("%s %% of what was bought", in.Percent(l.RateBPS))
	}
	return in.T("%s %% of %s", in.Percent(l.RateBPS), in.Money(l.NetMinor, l.Currency))
}

// Note says why a line is not paid yet, or what became of it, and why; days are those of the zone.
func (l StatementLine) Note(in locale.Locale, zone *time.Location) string {
	state, why := l.status(in, zone), in.Reasons(l.Reason)
	switch {
	case why == "":
		return state
	case state == "":
		return why
	}
	return state + ": " + why
}

func (l StatementLine) status(in locale.Locale, zone *time.Location) string {
	switch l.Group {
	case LineInHold:
		return in.T("In hold, counts from %s", in.Date(l.CountsAt, zone))
	case LineHeld:
		return in.T("Held")
	case LineRejected:
		return l.rejected(in)
	case LinePayable:
		return in.T("Counts")
	case LinePaid:
		if l.State == "paid" {
			return in.T("Paid")
		}
		return in.T("On its way")
	}
	return ""
}

func (l StatementLine) rejected(in locale.Locale) string {
	switch {
	case l.State == "reversed" && l.OrderID == "":
		return in.T("Taken back: the sales that reached it came back")
	case l.State == "reversed":
		return in.T("The order was given back")
	case l.State == "voided":
		return in.T("Rejected")
	}
	return ""
}

// LineGroups are the groups of a statement in their order, each with its title.
func LineGroups() []struct {
	Group LineGroup
	Title string
} {
	return []struct {
		Group LineGroup
		Title string
	}{
		{LinePayable, locale.Words("Counts for this month's payout")},
		{LinePaid, locale.Words("In the payouts of another month")},
		{LineInHold, locale.Words("In hold, counts later")},
		{LineHeld, locale.Words("Held, until a person has looked at it")},
		{LineRejected, locale.Words("Not paid")},
		{LineElsewhere, locale.Words("In another currency, settled by hand")},
	}
}

// Sums says whether the lines of a group add up to something.
func (g LineGroup) Sums() bool { return g != LineElsewhere && g != LineRejected }
