package ledger

import (
	"time"

	"github.com/rapport-dev/rapport/partnership"
	"github.com/rapport-dev/rapport/partnership/money"
)

// Owing is how much a creator owes by these open rows, zero when we owe them. Only what is written down is owed: what a person holds counts
// like what is payable, for it may become so.
func Owing(open []Row) int64 {
	var sum int64
	for _, row := range open {
		sum += row.AmountMinor
	}
	return max(0, -sum)
}

// WriteOff is the row that forgives part of what a creator owes, and its posting (RULES, money 5: an entry with an approver). open are the
// creator's open rows in that program and currency; an amount of zero is all that is owed. It is netted with them in the next run. More than
// is owed would be a gift: *partnership.Error.
func WriteOff(open []Row, minor int64, at time.Time, why string) (row Row, posting Posting, err error) {
	owing := Owing(open)
	switch {
	case owing == 0:
		return row, posting, partnership.Errorf(partnership.Conflict, "the creator owes nothing there")
	case minor == 0:
		minor = owing
	case minor < 0 || minor > owing:
		return row, posting, partnership.FieldErrorf("amount", "it must be above zero and at most what is owed, %s", money.Display(owing, open[0].Currency))
	}
	row = newest(open).correction(minor, at, "forgiven: "+why)
	return row, move("write_off", row.Currency, minor, WriteOffAccount(row.Program), PayableAccount(row.CreatorID)), nil
}

// newest is the last of the rows that take something back: what is forgiven is booked beside it.
func newest(open []Row) (last Row) {
	for _, row := range open {
		if row.AmountMinor < 0 && (last.Program == "" || row.OccurredAt.After(last.OccurredAt)) {
			last = row
		}
	}
	return last
}
