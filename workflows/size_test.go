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
	events := map[int]int{}
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
			events[payees] = len(st.history(id))
		})
	}
	each := float64(events[120]-events[20]) / 100
	t.Logf("%.1f events a payee", each)
	require.Positive(t, each)
	require.Less(t, each*ledger.MaxPayees+float64(events[20]), 0.9*mostEvents, "%.1f events a payee", each)
}
