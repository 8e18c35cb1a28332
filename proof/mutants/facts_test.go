package mutants

// facts are bugs that lose what came in, count it twice, or believe it too easily.
var facts = []mutant{
	{
		name: "a shop's test orders are credited", file: "partnership/ledger/told.go",
		old: `	case o.Test:`, new: `	case o.Test && o.ID == "?":`,
		pkg: "partnership/ledger", why: "a shop that tries its checkout pays commission",
	},
	{
		name: "a repetition is applied again", file: "store/db/outside.sql.go",
		old: `on conflict (provider, delivery_id) do nothing`, new: `on conflict (provider, delivery_id) do update set state = 'new'`,
		pkg: "store", run: "Webhook", why: "one sale counts twice",
	},
	{
		name: "deliveries of two topics are one", file: "integrations/shopify/webhook.go",
		old: `return h.Get(HeaderTopic) + "/" + id`, new: `return id`,
		pkg: "integrations/shopify", why: "a refund that comes with a cancellation is dropped",
	},
	{
		name: "an order counts twice", file: "store/orders.go",
		old: `if known == nil && !in.Part`, new: `if (known == nil || !known.Fresh) && !in.Part`,
		pkg: "store", run: "Order", why: "a repeated webhook pays twice",
	},
	{
		name: "tax is commission", file: "integrations/shopify/order_body.go",
		old: `	if o.TaxesIncluded {
		net,`, new: `	if o.TaxesIncluded && o.Test {
		net,`,
		pkg: "integrations/shopify", why: "commission on tax, against the terms",
	},
	{
		name: "money from abroad is added up", file: "partnership/ledger/earn.go",
		old: `case currency != e.Terms.Currency:`, new: `case currency == "":`,
		pkg: "partnership/ledger", why: "yen are paid as dollars",
	},
	{
		name: "the provider's word on an account is taken from the message", file: "web/webhooks/money.go",
		old: `account, err := rail.Account(ctx, e.AccountID)`, new: `account, err := partnership.PayoutAccount{ID: e.AccountID, Ready: rail != nil}, error(nil)`,
		pkg: "web", run: "Account", why: "a late or forged message makes an account payable",
	},
	{
		name: "erasure forgets what the creator wrote", file: "store/erase.go",
		old: `q.EraseSubmissions, `, new: ``,
		pkg: "store", run: "Eras", why: "a person's words outlive their request",
	},
	{
		name: "erasure forgets mails", file: "store/erase.go",
		old: `q.EraseInboundMessages, `, new: ``,
		pkg: "store", run: "Eras", why: "a person's words outlive their request",
	},
	{
		name: "erasure forgets to suppress", file: "store/erase.go",
		old: `if _, err := s.suppress(ctx, q, s.emailHash(c.Email), partnership.ByErasure, "erased"); err != nil {`, new: `if err := ctx.Err(); err != nil {`,
		pkg: "store", run: "Eras", why: "the next import writes to somebody who asked to be forgotten",
	},
	{
		name: "an export's formulas run", file: "intake/write.go",
		old: `w.Write(harmless(row))`, new: `w.Write(row)`,
		pkg: "intake", run: "Export", why: "a creator's name runs as a formula in the brand's spreadsheet",
	},
	{
		name: "a formula behind a carriage return runs", file: "intake/formula.go",
		old: `const formulaStarts = "=+-@\t\r"`, new: `const formulaStarts = "=+-@\t"`,
		pkg: "intake", run: "Export", why: "a creator's name runs as a formula in the brand's spreadsheet",
	},
	{
		name: "an exported name comes back with a mark", file: "intake/formula.go",
		old: `marked && startsFormula(`, new: `marked && rest == "" && startsFormula(`,
		pkg: "intake", run: "Export", why: "each export and import changes people's names",
	},
	{
		name: "a fraction is taken for a per cent", file: "intake/rate.go",
		old: `r.value < smallRate`, new: `r.value < 0`,
		pkg: "intake", run: "Fractions|Files", why: "a creator with 4.2 % is read as 0.042 % and drops out without a word",
	},
	{
		name: "a filter's hidden rows are invited", file: "intake/workbook.go",
		old: `if rows.GetRowOpts().Hidden {`, new: `if rows.GetRowOpts().Hidden && width < 0 {`,
		pkg: "intake", run: "Workbooks", why: "people whom the manager had filtered out get an offer",
	},
	{
		name: "any code page is Western", file: "intake/text.go",
		old: `odd >= 0 {`, new: `odd < -1 {`,
		pkg: "intake", run: "FilesOfEveryKind", why: "contracts are made out to mojibake",
	},
	{
		name: "a workbook's far cells are opened", file: "intake/workbook.go",
		old: `rows > maxRows || cells > maxCells`, new: `rows < 0 && cells < 0`,
		pkg: "intake", run: "Archives", why: "a file of a few kilobytes takes the machine's memory",
	},
	{
		name: "an amount counts unread", file: "web/creator/readback.go",
		old: `a.Kind != partnership.ChoiceCounter || sh.over()`, new: `a.Kind == partnership.ChoiceCounter || sh.over()`,
		pkg: "web", run: "ReadBack", why: "2300,00 is taken for whatever we make of it",
	},
	{
		name: "thousands are guessed", file: "partnership/money/amount.go",
		old: `return []number{thousands, decimals}`, new: `return []number{thousands, decimals}[:1]`,
		pkg: "partnership/money", run: "Amounts|TwoWays", why: "2.300 becomes two thousand three hundred or two, by chance of the reader",
	},
	{
		name: "another state's postcode", file: "partnership/postal/check.go",
		old: `region.begins != nil && !region.begins.MatchString(a.PostalCode)`, new: `region.begins != nil && a.PostalCode == ""`,
		pkg: "partnership/postal", run: "Nowhere", why: "a label is bought for a place that there is not",
	},
}
