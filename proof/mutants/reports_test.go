package mutants

// reports are what a campaign brought and cost, and the past played again.
var reports = []mutant{
	{
		name: "a group of creators is as sure as its orders", file: "partnership/report/figures.go",
		old: `n > 1 {`, new: `n < 0 {`,
		pkg: "partnership/report", run: "AGroups", why: "a niche is scaled because one creator of it is good",
	},
	{
		name: "ROI is told as ROAS", file: "partnership/report/return.go",
		old: `float64(r.RevenueMinor-r.CostMinor)`, new: `float64(r.RevenueMinor)`,
		pkg: "partnership/report", run: "ByHand", why: "what lost money is said to have won",
	},
	{
		name: "a sale by code counts with no post", file: "store/report.go",
		old: `Deliverable: in.Deliverable, Orders`, new: `Orders`,
		pkg: "store", run: "TestACampaignsReport", why: "what each post brought is not known",
	},
	{
		name: "a past is played again without its caps", file: "partnership/ledger/replay.go",
		old: `if row = Capped(earner.Terms, row, pl.used[c.Partnership]); was`, new: `if was`,
		pkg: "store", run: "TestAnyPast", why: "what would have been is told too high, and the ledger is called wrong",
	},
	{
		name: "a past is played again at today's rate", file: "partnership/ledger/replay.go",
		old: `earner.Terms.CommissionBPS, hold = was.RateBPS, was.EligibleAt.Sub(was.OccurredAt)`, new: `hold = was.EligibleAt.Sub(was.OccurredAt)`,
		pkg: "store", run: "TestACounterfactual", why: "the identity is not the ledger",
	},
	{
		name: "what a person rejected earns when it is played again", file: "partnership/ledger/replay.go",
		old: `pl.rows[i][n].State, pl.rows[i][n].Reason = Voided,`, new: `_, pl.rows[i][n].Reason = Voided,`,
		pkg: "store", run: "TestAPastPlayed", why: "what would have been pays what a person has found to be fraud",
	},
}
