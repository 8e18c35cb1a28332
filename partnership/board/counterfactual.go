package board

import (
	"time"

	"github.com/rapport-dev/rapport/partnership"
	"github.com/rapport-dev/rapport/partnership/ledger"
)

// Counterfactual is what a program's sales would have earned under other rules, beside what they did. Handles are personal data.
type Counterfactual struct {
	Program string               `json:"program"`
	Until   time.Time            `json:"until"`
	Under   string               `json:"under"` // in words, "" as it was
	Moved   int                  `json:"moved"` // orders that would be somebody else's
	Kept    int                  `json:"kept"`  // orders that no rule can play again: they stand as they were
	Lines   []CounterfactualLine `json:"lines"`
}

// CounterfactualLine is one creator's in one currency. Due is what of it would have been payable by then.
type CounterfactualLine struct {
	CreatorID   partnership.CreatorID `json:"creator_id"`
	Creator     string                `json:"creator"`
	Currency    string                `json:"currency"`
	EarnedMinor int64                 `json:"earned_minor"` // as the ledger has it
	ThenMinor   int64                 `json:"then_minor"`
	DueMinor    int64                 `json:"due_minor"` // as the ledger has it
	DueThen     int64                 `json:"due_then_minor"`
	OffMinor    int64                 `json:"off_minor,omitempty"` // by how much the past played again as it was misses the ledger
}

// CounterfactualOf puts both beside each other; was is the past played again as it was, which has to be the ledger.
func CounterfactualOf(was, then ledger.Played, handle func(partnership.CreatorID) string) (lines []CounterfactualLine) {
	all := map[ledger.Share]bool{}
	for _, played := range []map[ledger.Share]ledger.Outcome{was.Booked, was.Then, then.Then} {
		for share := range played {
			all[share] = true
		}
	}
	for share := range all {
		booked, again, under := was.Booked[share], was.Then[share], then.Then[share]
		lines = append(lines, CounterfactualLine{
			CreatorID: share.CreatorID, Creator: handle(share.CreatorID), Currency: share.Currency, EarnedMinor: booked.EarnedMinor, ThenMinor: under.EarnedMinor,
			DueMinor: booked.DueMinor, DueThen: under.DueMinor, OffMinor: again.EarnedMinor - booked.EarnedMinor,
		})
	}
	return lines
}
