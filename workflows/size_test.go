package workflows_test

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/rapport-dev/rapport/partnership"
	"github.com/rapport-dev/rapport/partnership/ledger"
	"github.com/rapport-dev/rapport/proof/temporaltest"
	"github.com/rapport-dev/rapport/workflows"
)

// Temporal ends a workflow at so many events, whatever it is in the middle of.
const mostEvents = 51_200

// What one more payee costs a run is counted on a real server, so that what a run accepts is what it can carry to its end.
func TestAPayoutRunCarriesItsPayees(t *testing.T) {
	temporaltest.SameClock(t)
	if testing.Short() {
		t.Skip("needs a Temporal server")
	}
	run, batch := map[int]int{}, map[int]int{}
	for _, payees := range []int{20, 120} {
		t.Run(fmt.Sprint(payees), func(t *testing.T) {
			st := newStage(t, func(what string) []answer {
				if what == "card approval run" {
					return []answer{{name: workflows.UpdateApproveRun, arg: workflows.ApproveRun{By: "U1", Hash: "h1"}}}
				}
				return nil
			})
			st.money.payouts, st.money.creators = nil, nil
			for i := range payees {
				st.money.payouts = append(st.money.payouts, payoutOf(t, i))
				st.money.creators = append(st.money.creators, partnership.CreatorID(fmt.Sprint(i)))
			}
			program := fmt.Sprint("size-", payees)
			id := st.play(workflows.PayoutRunWorkflowID(program, "2026-11"), workflows.PayoutRunType,
				workflows.PayoutRunInput{Program: program, Zone: "UTC", Period: "2026-11", PreparedBy: "schedule", Day: day})
			run[payees] = len(st.history(id))
			for _, id := range []string{workflows.PayoutBatchWorkflowID(program+"/2026-11/1", 0), workflows.StatementBatchWorkflowID(program+"/2026-11/1", 0)} {
				batch[payees] = max(batch[payees], len(st.history(id)))
			}
		})
	}
	each := float64(batch[120]-batch[20]) / 100
	t.Logf("%d events of a run with one batch, %.1f events a payee in a batch", run[120], each)
	require.Positive(t, each)
	require.Less(t, each*ledger.BatchPayees+float64(batch[20]), 0.5*mostEvents, "%.1f events a payee", each)
	require.InDelta(t, run[20], run[120], 6, "the run's own history holds no payee")
	require.Less(t, float64(run[120]*ledger.Batches(ledger.MaxPayees)), 0.5*mostEvents, "even if each batch cost what the whole of this run did")
}
