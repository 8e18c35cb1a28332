package ledger

import (
	"strings"
	"time"

	"github.com/rapport-dev/rapport/partnership/locale"
)

// Undisclosed is why the money of a partnership waits while a post lacks its disclosure.
var Undisclosed = locale.Words("a post lacks its disclosure")

// DisclosureHold is why a partnership's money waits by what is known of its posts, oldest first: "" it does not. The newest counts,
// since posts are asked for one after the other and a cure is a later one. A missing disclosure holds the payout; pay never depends on
// praise (RULES, tracking).
func DisclosureHold(disclosed []bool) string {
	if n := len(disclosed); n > 0 && !disclosed[n-1] {
		return Undisclosed
	}
	return ""
}

// and joins what a row waits for.
const and = "; "

// Waits is a row that is to wait for a person, or for what it waits for already and for that; "" is no reason. What is claimed, paid or over
// does not wait, and negative rows are never held.
func (r Row) Waits(reason string) Row {
	_, already := r.besides(reason)
	switch to, err := NextRow(r, Hold); {
	case reason == "" || already:
	case r.State == Held:
		r.Reason += and + reason
	case err == nil:
		r.State, r.Reason = to, reason
	}
	return r
}

// SoldAfterEnd is why an earning waits whose sale was reported before anybody had written down that the partnership was over.
var SoldAfterEnd = locale.Words("the sale came after the partnership ended without being completed")

// SoldSince are the commissions of sales from that instant on.
func SoldSince(rows []Row, end time.Time) (since []Row) {
	for _, row := range rows {
		if row.Kind == CommissionRow && !row.OccurredAt.Before(end) {
			since = append(since, row)
		}
	}
	return since
}

// ToHold are the ids of those rows that a hold on a partnership's or a person's money takes: what is open and earns. What is claimed
// or paid goes its way, and negative rows are never held (RULES, money 4). What is held already is AlsoHeld.
func ToHold(rows []Row) (ids []string) {
	for _, row := range rows {
		if to, err := NextRow(row, Hold); err == nil && to == Held {
			ids = append(ids, row.ID)
		}
	}
	return ids
}

// ToClear are the ids of those rows that were held for that reason alone, now that it is over. Their sale hold goes on.
func ToClear(rows []Row, reason string) (ids []string) {
	for _, row := range rows {
		if _, err := NextRow(row, Clear); err == nil && row.Reason == reason {
			ids = append(ids, row.ID)
		}
	}
	return ids
}

// AlsoHeld are those rows that wait for another reason already when a hold on their partnership's money comes: they wait for both, and
// whoever lets go of one reads both.
func AlsoHeld(rows []Row, reason string) (both []Row) {
	for _, row := range rows {
		if waits := row.Waits(reason); row.State == Held && waits != row {
			both = append(both, waits)
		}
	}
	return both
}

// HeldOtherwise are those rows that were held for that reason and for others too, now that it is over: they wait for the others alone.
func HeldOtherwise(rows []Row, reason string) (still []Row) {
	for _, row := range rows {
		if others, waits := row.besides(reason); waits && others != "" {
			row.Reason = others
			still = append(still, row)
		}
	}
	return still
}

// besides says whether a row is held for that reason, and for which others, "" for none.
func (r Row) besides(reason string) (others string, waits bool) {
	if r.State != Held {
		return "", false
	}
	before, after, waits := strings.Cut(and+r.Reason+and, and+reason+and)
	if !waits {
		return r.Reason, false
	}
	return strings.TrimPrefix(strings.TrimSuffix(before+and+after, and), and), true
}
