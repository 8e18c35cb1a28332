package mutants

// incentives are bugs that pay for sales which were none, or more than was agreed for those that were.
var incentives = []mutant{
	{
		name: "a bonus of a sale that waits for a person is booked", file: "store/incentives.go",
		old: `state == ledger.Voided || state == ledger.Held && r.Reason`, new: `state == ledger.Voided && r.Reason`,
		pkg: "store", run: "BonusesFollowTheSales", why: "somebody buys from themselves until the milestone, and it is paid",
	},
	{
		name: "a bonus stays when its sales come back", file: "store/order_amounts.go",
		old: `bonuses, err := s.settleBonusesOf(ctx, q, orderID)`, new: `bonuses, err := s.settleBonusesOf(ctx, q, orderID+why)`,
		pkg: "store", run: "Bonus", why: "what was bought and sent back earns a bonus for good",
	},
	{
		name: "the sale that reaches a tier has its rate", file: "partnership/ledger/bonus.go",
		old: `tierAt(t.Tiers, sum)`, new: `tierAt(t.Tiers, sum+s.kept())`,
		pkg: "partnership/ledger", why: "a rate is paid for what was sold before it was reached",
	},
	{
		name: "what came back of a rejected tier is still taken off", file: "store/holds.go",
		old: `	case ledger.BonusRow:`, new: `	case ledger.FeeRow:`,
		pkg: "store", run: "ARejectedTier", why: "a creator pays for what they never got, and the month's proof fails for good",
	},
	{
		name: "a sale after the end reaches a bonus", file: "store/projection.go",
		old: `	_, err = s.settleBonuses(ctx, q, pr.PartnershipID)`, new: `	_, err = 0, nil`,
		pkg: "store", run: "SalesAfterAnEnd", why: "who left is paid for sales that wait for a person",
	},
	{
		name: "a bonus without a commission is paid unseen", file: "partnership/ledger/bonus_moves.go",
		old: `if e.Terms.CommissionBPS == 0 {`, new: `if e.Terms.CommissionBPS < 0 {`,
		pkg: "partnership/ledger", why: "somebody buys from themselves until the milestone, and nobody is asked",
	},
	{
		name: "a bonus that was rejected is booked again", file: "partnership/ledger/bonus_moves.go",
		old: `row.State == Voided && row.Kind == BonusRow`, new: `row.State == Voided && row.Kind == FeeRow`,
		pkg: "partnership/ledger", why: "a person's no holds until the next order",
	},
	{
		name: "what tiers add passes the cap", file: "partnership/ledger/bonus_moves.go",
		old: `leftMinor -= move.Row.AmountMinor`, new: `leftMinor -= 0 * move.Row.AmountMinor`,
		pkg: "partnership/ledger", why: "sales earn more than was agreed at most",
	},
}
