package ledger

import (
	"cmp"
	"slices"
	"time"

	"github.com/rapport-dev/rapport/partnership/locale"
)

// BonusMove is a row to be written with its posting, and the open rows of the same bonus that are reversed with it.
type BonusMove struct {
	Row     Row
	Posting Posting
	Full    []string
}

// BonusMoves bring what is booked of bonuses to what is due of them. booked are all rows of the partnership's bonuses; leftMinor is what the
// cap of the terms leaves for sales, which what tiers add does not pass. A bonus waits as long as the sale that reaches it by what is known now.
// What is taken back is taken off what waits of it first; what was claimed or paid is netted. One that a person has rejected stays so.
func (e Earner) BonusMoves(sales []BonusSale, booked []Row, leftMinor int64, at time.Time, day time.Duration) (moves []BonusMove) {
	byKey := map[string][]Row{}
	var keys []string
	for _, row := range booked {
		if byKey[row.Deliverable] == nil {
			keys = append(keys, row.Deliverable)
		}
		byKey[row.Deliverable] = append(byKey[row.Deliverable], row)
	}
	due := BonusesDue(e.Terms, sales, day)
	for _, key := range keys { // what is due no more
		if !slices.ContainsFunc(due, func(d BonusDue) bool { return d.Key == key }) {
			due = append(due, BonusDue{Key: key, Why: locale.Words("sales came back, or do not count any more")})
		}
	}
	slices.SortStableFunc(due, func(a, b BonusDue) int { return cmp.Compare(min(a.Minor, 1), min(b.Minor, 1)) }) // what goes makes room first
	for _, d := range due {
		for _, move := range e.bonusMoves(d, bonusBooked(byKey[d.Key]), leftMinor, at, day) {
			if OfTier(d.Key) {
				leftMinor -= move.Row.AmountMinor
			}
			moves = append(moves, move)
		}
	}
	return moves
}

func (e Earner) bonusMoves(d BonusDue, booked bookedBonus, leftMinor int64, at time.Time, day time.Duration) []BonusMove {
	if booked.rejected {
		return nil
	}
	delta := d.Minor - booked.minor
	if OfTier(d.Key) && e.Terms.CommissionCap > 0 {
		delta = min(delta, max(0, leftMinor))
	}
	until := d.At.Add(time.Duration(e.Terms.HoldDays * float64(day))).Truncate(time.Microsecond) // as the books keep it
	switch {
	case delta > 0:
		return []BonusMove{e.bonusEarned(d, delta, until)}
	case delta < 0:
		return e.bonusTakenBack(d, booked, -delta, at)
	case d.Minor == 0:
		return nil
	}
	early, minor := booked.waitingOtherwise(until)
	if len(early) == 0 {
		return nil
	}
	d.Why += ", by another sale now"
	return []BonusMove{e.bonusReversed(d, early, minor, at), e.bonusEarned(d, minor, until)}
}

// bookedBonus is what is booked of one bonus.
type bookedBonus struct {
	minor    int64
	open     []string
	waiting  []Row // of them those that add to it, the newest first
	claimed  bool  // a run has taken or paid a part
	rejected bool  // by a person
}

func bonusBooked(rows []Row) (b bookedBonus) {
	for _, row := range slices.Backward(rows) {
		b.minor += row.AmountMinor
		b.claimed = b.claimed || row.State == InPayout || row.State == Paid
		b.rejected = b.rejected || row.State == Voided && row.Kind == BonusRow
		if row.State.Open() {
			b.open = append(b.open, row.ID)
			if row.Kind == BonusRow {
				b.waiting = append(b.waiting, row)
			}
		}
	}
	return b
}

// waitingOtherwise are rows that wait until another instant. What a person looks at is left to them, and waits as it should once they let go.
func (b bookedBonus) waitingOtherwise(until time.Time) (ids []string, minor int64) {
	for _, row := range b.waiting {
		if row.State != Held && !row.EligibleAt.Equal(until) {
			ids, minor = append(ids, row.ID), minor+row.AmountMinor
		}
	}
	return ids, minor
}

func (e Earner) bonusEarned(d BonusDue, minor int64, until time.Time) BonusMove {
	row := e.row(BonusRow, minor, e.Terms.Currency)
	row.State, row.Deliverable, row.Reason, row.OccurredAt, row.EligibleAt = Pending, d.Key, d.Why, d.At, until
	row = row.Waits(e.Hold)
	if e.Terms.CommissionBPS == 0 { // whatever else it waits for: a person looks at its sales once that is over, too
		row = row.Waits(d.Why + "; " + SalesNotHeld)
	}
	return BonusMove{Row: row, Posting: row.Earned()}
}

// bonusTakenBack takes it off what waits, as far as whole rows of that go, and then off what the next run pays.
func (e Earner) bonusTakenBack(d BonusDue, booked bookedBonus, back int64, at time.Time) (moves []BonusMove) {
	if d.Minor == 0 && !booked.claimed {
		return []BonusMove{e.bonusReversed(d, booked.open, back, at)}
	}
	var whole []string
	sum := int64(0)
	for _, row := range booked.waiting {
		if sum+row.AmountMinor <= back {
			whole, sum = append(whole, row.ID), sum+row.AmountMinor
		}
	}
	if sum > 0 {
		moves = append(moves, e.bonusReversed(d, whole, sum, at))
	}
	if back -= sum; back == 0 {
		return moves
	}
	rest := e.bonusReversed(d, nil, back, at)
	if booked.claimed {
		rest.Posting = AdjustAfterPay(rest.Row.Program, rest.Row.CreatorID, BonusRow, rest.Row.Currency, back)
	}
	return append(moves, rest)
}

// bonusReversed takes back what certainly no run has claimed.
func (e Earner) bonusReversed(d BonusDue, full []string, minor int64, at time.Time) BonusMove {
	row := e.row(BonusRow, 0, e.Terms.Currency).correction(-minor, at, d.Why)
	row.Deliverable = d.Key
	return BonusMove{Row: row, Posting: ReverseEarned(row.Program, row.CreatorID, BonusRow, row.Currency, minor), Full: full}
}
