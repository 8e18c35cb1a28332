package mutants

// worlds are bugs of which the payout worlds (proof/worlds) told first, and of how a run is shown before it is planned.
var worlds = []mutant{
	{
		name: "what a person has settled of a failed payout differs still", file: "activities/payout_named.go",
		old: `		if t.ID != po.ProviderRef {
			ids`, new: `		if t.ID != po.ProviderRef && len(list) > 1 {
			ids`,
		pkg: "activities", run: "TestTheOneTransfer", why: "after a restore a month is never closed, and nobody is asked anything",
	},
	{
		name: "a preview shows what has matured before only", file: "store/db/runs.sql.go",
		old: `count(*)::int as rows from ledger_rows l
    where l.program = $1 and l.currency = $2 and l.state in ('pending', 'eligible')`, new: `count(*)::int as rows from ledger_rows l
    where l.program = $1 and l.currency = $2 and l.state in ('eligible', 'held')`,
		pkg: "store", run: "AsItsPreviewSays", why: "finance is shown another run than it gets",
	},
}
