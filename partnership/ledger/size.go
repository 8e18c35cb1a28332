package ledger

import (
	"maps"
	"slices"

	"github.com/rapport-dev/rapport/partnership"
)

// MaxPayees is how many creators one payout run carries: the ids of none stand in the run's history, and its batches' histories are as
// long at any size (workflows' TestAPayoutRunCarriesItsPayees counts). What bounds it is the provider's list, which is read whole.
const MaxPayees = 100_000

// BatchPayees is how many payouts or statements are under way in one workflow of a run: some ten events each, of Temporal's 51,200.
const BatchPayees = 500

// Batches is how many batches that many make.
func Batches(payees int) int { return (payees + BatchPayees - 1) / BatchPayees }

// InBatches is the batch of each payout, and how many there are. A batch is of one rail: it waits for that one alone.
func InBatches(payouts []Payout) (batch []int, batches int) {
	byRail := map[string][]int{}
	for i, p := range payouts {
		byRail[p.Rail] = append(byRail[p.Rail], i)
	}
	batch = make([]int, len(payouts))
	for _, rail := range slices.Sorted(maps.Keys(byRail)) {
		for n, i := range byRail[rail] {
			batch[i] = batches + n/BatchPayees
		}
		batches += Batches(len(byRail[rail]))
	}
	return batch, batches
}

// Carries says whether one run can pay a month, before anything of it is claimed or mailed.
func Carries(program, period string, creators int) error {
	if creators <= MaxPayees {
		return nil
	}
	return partnership.Errorf(partnership.Invalid, "%d creators are due something in %s of program %s; one run carries at most %d. "+
		"Nothing was claimed or mailed, and what is owed stays owed: `rapport payouts preview` lists it. Launch further campaigns in a program of their own, whose months are paid apart",
		creators, period, program, MaxPayees)
}
