package mutants

// orders are what the shop says of an order, and what that is worth.
var orders = []mutant{
	{
		name: "a refund whose money failed takes commission", file: "partnership/sale.go",
		old: `	given := r.MovedMinor
`, new: `	given := r.MovedMinor + 1_000_000
`,
		pkg: "partnership/ledger", why: "a buyer who was never paid back costs the creator their money",
	},
	{
		name: "money back for what an edit took out counts twice", file: "partnership/ledger/worth.go",
		old: `beyond = max(0, beyond-max(0, paid-total))`, new: `beyond = max(0, beyond-max(0, total-paid))`,
		pkg: "partnership/ledger", why: "an order that was made smaller takes commission on what was kept",
	},
	{
		name: "the last word heard counts, and not the newest said", file: "partnership/ledger/worth.go",
		old: `now := slices.MaxFunc(f.Said, laterSaid)`, new: `now := f.Said[len(f.Said)-1]`,
		pkg: "partnership/ledger", why: "a late webhook undoes an edit",
	},
	{
		name: "a lost dispute takes nothing back", file: "partnership/ledger/worth.go",
		old: `		if d.Lost {`, new: `		if d.Lost && d.Won {`,
		pkg: "partnership/ledger", why: "commission on money that the bank took back",
	},
	{
		name: "what an order grew by is payable before its hold", file: "partnership/ledger/refund.go",
		old: `	if due > commission.AmountMinor {`, new: `	if due < 0 {`,
		pkg: "partnership/ledger", why: "an order is edited up on the last day of its hold, paid, and refunded",
	},
	{
		name: "two shops' orders of one number are one", file: "partnership/ledger/touch.go",
		old: `return shop + "/" + OrderKey(id)`, new: `return OrderKey(id)`,
		pkg: "store", run: "TwoShops", why: "an order of another shop takes a creator's commission",
	},
	{
		name: "yen are booked as cents", file: "partnership/ledger/refund.go",
		old: ` || w.Currency != commission.Currency {`, new: ` {`,
		pkg: "partnership/ledger", why: "an order that is said again in another currency earns a hundred times as much",
	},
	{
		name: "what is said in another currency is computed", file: "store/order_settle.go",
		old: `facts = facts.In(orders[0].Currency)`, new: `_ = orders[0].Currency`,
		pkg: "store", run: "Currency", why: "a corrected file makes dollars of yen",
	},
	{
		name: "a file changes the currency of an order", file: "store/credit.go",
		old: `in.Heard == ByImport && o.Currency`, new: `in.Heard == ByReread && o.Currency`,
		pkg: "store", run: "Import", why: "nobody hears that their file is wrong",
	},
	{
		name: "what a cap has cut is booked when it is told again", file: "partnership/ledger/cap.go",
		old: `max(usedMinor, t.CommissionCap-max(0, grownMinor))`, new: `usedMinor`,
		pkg: "partnership/ledger", why: "a repeated webhook pays what the terms do not",
	},
	{
		name: "a gift card earns", file: "integrations/shopify/order_body.go",
		old: `	if line.noGoods() {`, new: `	if line.noGoods() && o.Test {`,
		pkg: "integrations/shopify", why: "commission on the card, and again on what it buys",
	},
	{
		name: "an order's second page is not read", file: "integrations/shopify/orders.go",
		old: `		if after == nil || page > maxPages {`, new: `		if after == nil || page >= 0 {`,
		pkg: "integrations/shopify", why: "a large order is credited with its first lines",
	},
}
