package ledger

// Undisclosed is why the money of a partnership waits while a post lacks its disclosure.
const Undisclosed = "a post lacks its disclosure"

// DisclosureHold is why a partnership's money waits by what is known of its posts, oldest first: "" it does not. The newest counts,
// since posts are asked for one after the other and a cure is a later one. A missing disclosure holds the payout; pay never depends on
// praise (RULES, tracking).
func DisclosureHold(disclosed []bool) string {
	if n := len(disclosed); n > 0 && !disclosed[n-1] {
		return Undisclosed
	}
	return ""
}

// ToHold are the ids of those rows that a hold on a partnership's or a person's money takes: what is open and earns. What is claimed
// or paid goes its way, what is held stays held for its own reason, and negative rows are never held (RULES, money 4).
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
