package creator

import (
	"github.com/rapport-dev/rapport/partnership"
	"github.com/rapport-dev/rapport/partnership/locale"
)

// A creator's money in short, in their language; all of it stands on the pages of their earnings.

// shownRows is how many rows a home shows.
const shownRows = 5

// rowName says what a row of the books is.
func (s sheet) rowName(l partnership.StatementLine) string {
	switch {
	case l.Kind == "adjustment" && l.AmountMinor < 0 && l.OrderID != "":
		return s.T("Taken back, order %s", l.OrderID)
	case l.Kind == "commission" && l.OrderID != "":
		return s.T("Sale, order %s", l.OrderID)
	case l.Kind == "commission":
		return s.T("Sale")
	case l.Kind == "fee":
		return s.T("Fee")
	case l.Kind == "bonus":
		return s.T("Bonus")
	}
	return s.T("Correction")
}

// rowState says why a row is not paid yet, and when it will be.
func (s sheet) rowState(l partnership.StatementLine) string {
	state := ""
	switch l.Group {
	case partnership.LineInHold:
		state = s.T("It waits until its buyer can no longer send it back, and counts from %s.", s.Date(l.CountsAt, s.zone()))
	case partnership.LineHeld:
		state = s.T("It is held until a person has looked at it.")
	case partnership.LinePayable:
		state = s.T("It counts: the next payouts take it.")
	case partnership.LinePaid:
		state = s.T("It is in a payout that is being made.")
	}
	if l.Reason == "" {
		return state
	}
	return s.Sentences(state, locale.Sentence(s.Reasons(l.Reason)))
}
