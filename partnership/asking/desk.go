package asking

import "slices"

// ofFinance are the kinds of messages that are finance's alone, of no campaign: its questions, and what becomes of runs and transfers.
var ofFinance = []string{
	"approve_run", "unknown_payout", "payout_refused", "funds_missing", "run_stuck", "run_finished", "reconciliation", "difference", "differences", "bank_orders", "bank_file",
	"objection", "sanction_hit", "write_off",
}

// OfFinance says whether a kind of message goes to finance, where they have a channel of their own.
func OfFinance(kind string) bool { return slices.Contains(ofFinance, kind) }
