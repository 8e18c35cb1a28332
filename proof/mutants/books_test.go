package mutants

// books are bugs that let somebody write past the program, or let a run go by books that were.
var books = []mutant{
	{
		name: "any signature is the program's", file: "store/sign.go",
		old: `	return hmac.Equal(row.Mac,`, new: `	return len(row.Mac) > 0 || hmac.Equal(row.Mac,`,
		pkg: "store", run: "ForgeryIs", why: "who writes into the books by SQL signs by themselves",
	},
	{
		name: "what is changed is not looked for", file: "store/verify.go",
		old: `if faults, err = s.signatureFaults(ctx, tx); err != nil {`, new: `if err != nil {`,
		pkg: "store", run: "ForgeryIs", why: "an order that was edited is paid by",
	},
	{
		name: "a payout's state is taken at its word", file: "store/verify.go",
		old: `stateFaults, payoutFaults, rowFaults`, new: `stateFaults, rowFaults`,
		pkg: "store", run: "ForgeryIs", why: "a paid payout that is set back is not named",
	},
	{
		name: "what decides on money is taken at its word", file: "store/verify.go",
		old: `s.sealFaults, stateFaults, `, new: `s.sealFaults, `,
		pkg: "store", run: "ForgeryIs", why: "a creator is paid elsewhere, a limit is lifted, a hold is over, and nobody signed it",
	},
	{
		name: "an objection goes with another hold", file: "store/holds.go",
		old: `if row.Waits(objectedTo) != row {`, new: `if row.Waits(objectedTo) != row || row.Reason != "" {`,
		pkg: "store", run: "WhatWaitsForAnother", why: "what its creator objected to is paid before anybody has decided about it",
	},
	{
		name: "a chain may be cut", file: "partnership/ledger/seal.go",
		old: `case s.N != before.N+1:`, new: `case s.N <= before.N:`,
		pkg: "partnership/ledger", run: "Chain", why: "what was sealed is taken away with its seal",
	},
	{
		name: "a run does not ask whether the books verify", file: "activities/books.go",
		old: `	if len(faults) > 0 {`, new: `	if len(faults) > 1000 {`,
		pkg: "activities", run: "BooksThatDisagree", why: "forged books are paid by",
	},
}
