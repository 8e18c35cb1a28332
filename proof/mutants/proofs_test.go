package mutants

// proofs are bugs of what proves payouts, and of what checks such proofs.
var proofs = []mutant{
	{
		name: "a proof takes who prepared it for who approved it", file: "partnership/payoutproof/check/run.go",
		old: ` || a.By == r.PreparedBy, "%q by`, new: `, "%q by`,
		pkg: "partnership/payoutproof/check", why: "one person pays whom they like, and the proof says that two did",
	},
	{
		name: "a proof believes the hash that it is told", file: "partnership/payoutproof/check/run.go",
		old: `wrong(!known, "payout %s is none`, new: `wrong(!known && len(sorted) == 0, "payout %s is none`,
		pkg: "partnership/payoutproof/check", why: "what was approved and what was paid are two things",
	},
	{
		name: "a proof rounds down", file: "partnership/payoutproof/check/check.go",
		old: `twice.Add(twice.Lsh(twice, 1), d)`, new: `twice.Add(twice.Lsh(twice, 1), new(big.Int))`,
		pkg: "partnership/payoutproof/check", why: "every second proof is refused that is right",
	},
	{
		name: "a proof does not ask what became of an order", file: "partnership/payoutproof/check/check.go",
		old: `delta != 0 {`, new: `delta > 0 {`,
		pkg: "partnership/payoutproof/check", why: "a refund that never reached the books is proven right",
	},
	{
		name: "a proof goes by the books alone", file: "partnership/payoutproof/check/run.go",
		old: `wrong(net != want, `, new: `wrong(net != want && net < 0, `,
		pkg: "partnership/payoutproof/check", why: "what the provider paid twice is proven once",
	},
	{
		name: "a proof shows the account", file: "partnership/payoutproof/proof.go",
		old: `return "…" + account[len(account)-shown:]`, new: `return account`,
		pkg: "starter", run: "TestAProofIs", why: "a file that is passed on tells where somebody is paid",
	},
	{
		name: "a proof goes by today's minimum", file: "store/db/payouts.sql.go",
		old: `minimum_minor = (select p.minimum_minor`, new: `minimum_minor = 0 * (select p.minimum_minor`,
		pkg: "store", run: "TestAProofHolds", why: "nobody can tell whether a balance was carried rightly",
	},
	{
		name: "a creator's proof tells of the others", file: "store/db/proof.sql.go",
		old: `where r.program = $1 and r.period = $2 and ($3::text is null or po.creator_id = $3)
group by`, new: `where r.program = $1 and r.period = $2 and ($3::text is null or po.creator_id = po.creator_id)
group by`,
		pkg: "store", run: "TestAProofOfEverything", why: "each creator reads what the others earn",
	},
	{
		name: "a year's payments are those that were planned in it", file: "store/db/tax.sql.go",
		old: `coalesce(d.made_at, ba.paid_at, f.made_at, p.at) >= $2`, new: `r.created_at >= $2`,
		pkg: "store", run: "TestAPaymentIs", why: "a creator and the tax office are told of two different sums",
	},
	{
		name: "what came back is reported as paid", file: "store/db/tax.sql.go",
		old: `sum(po.amount_minor - po.reversed_minor)`, new: `sum(po.amount_minor)`,
		pkg: "store", run: "TestAPaymentIs", why: "somebody pays tax on money that they never had",
	},
}
