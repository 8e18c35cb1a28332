package mutants

// gates are bugs that pay whom nobody may pay yet, or show what nobody may see.
var gates = []mutant{
	{
		name: "nobody asks again before the transfer", file: "store/payouts.go",
		old: `return s.checkGates(ctx, q, payout)`, new: `return nil`,
		pkg: "store", run: "GateIsAskedAgain", why: "a form that was rejected after the plan is paid by",
	},
	{
		name: "what is refused before it was sent was never sent", file: "activities/payout_look.go",
		old: `	case len(list) == 0:
		return "", refusal`, new: `	case len(list) >= 0:
		return "", refusal`,
		pkg: "store", run: "SentBeforeTheBackup", why: "books of a backup release what the provider has paid",
	},
	{
		name: "who is unknown lacks nothing", file: "partnership/ledger/gates.go",
		old: `	if more := r.Papers[id].Waits(r.Gates, r.Now); more`, new: `	if more := r.Papers[id].Waits(r.Gates[:min(len(r.Gates), len(r.Papers))], r.Now); more`,
		pkg: "partnership/ledger", why: "the first payee of a program passes its gates",
	},
	{
		name: "a form that ran out still counts", file: "partnership/ledger/gates.go",
		old: `!now.Before(p.FormUntil))`, new: `now.Before(p.FormUntil.AddDate(-90, 0, 0)))`,
		pkg: "partnership/ledger", why: "a W-8 of many years ago pays",
	},
	{
		name: "the whole tax id is shown", file: "partnership/taxpaper.go",
		old: `max(0, len(p.Number)-4)`, new: `max(0, len(p.Number)-9)`,
		pkg: "partnership", why: "an SSN stands on a page and in lists",
	},
	{
		name: "a tax paper opens in another's place", file: "store/seal_text.go",
		old: `box.Seal(nonce, nonce, text, []byte(about))`, new: `box.Seal(nonce, nonce, text, []byte(about[:3]))`,
		pkg: "store", run: "TaxPaperIsEncrypted", why: "what one creator gave is taken for another's",
	},
	{
		name: "a file is what it says it is", file: "partnership/taxpaper.go",
		old: `	p.FileType = ""
`, new: ``,
		pkg: "partnership", why: "a page with a script is kept as a PDF",
	},
	{
		name: "somebody is chased every hour", file: "store/gates.go",
		old: `late - ledger.ChaserDays*s.opt.Day`, new: `-late`,
		pkg: "store", run: "AtMostEveryThreeDays", why: "RULES 9 says at most every three days",
	},
	{
		name: "a hit that nobody has looked at is paid", file: "store/sanctions.go",
		old: `{1: partnership.NameOpen, 2:`, new: `{1: partnership.NamePasses, 2:`,
		pkg: "store", run: "ANameOnTheList", why: "somebody under sanctions is paid",
	},
	{
		name: "a name that changed is not compared", file: "store/sanctions.go",
		old: `return hmac.Equal(p.key, p.NamesKey) && p.Lists == lists`, new: `return len(p.NamesKey) > 0 && p.Lists == lists`,
		pkg: "store", run: "AHitAfterThePlan", why: "who takes a new name after the comparison is paid under it",
	},
	{
		name: "a newer list is not compared with", file: "store/sanctions.go",
		old: `hmac.Equal(p.key, p.NamesKey) && p.Lists == lists`, new: `hmac.Equal(p.key, p.NamesKey)`,
		pkg: "store", run: "ANameOnTheList", why: "who was put on the list last night is paid today",
	},
	{
		name: "the order of a name hides it", file: "partnership/sanctions/match.go",
		old: `likest = max(likest, edlib.JaroWinklerSimilarity(word, other))`, new: `likest = edlib.JaroWinklerSimilarity(word, other)`,
		pkg: "partnership/sanctions", why: "lists write the family's name first",
	},
	{
		name: "half a list is taken for the whole", file: "partnership/sanctions/list.go",
		old: `if len(row) != columns {`, new: `if len(row) > columns {`,
		pkg: "partnership/sanctions", why: "a download that broke off lets the rest of the list pass",
	},
	{
		name: "what the law asks to keep goes with an erasure", file: "partnership/ledger/gates.go",
		old: `return paid.IsZero() || `, new: `return true || paid.IsZero() || `,
		pkg: "partnership/ledger", why: "who paid cannot show what they relied on",
	},
	{
		name: "a link alone turns money elsewhere", file: "store/accounts.go",
		old: `if payee.Guarded && payee.PayoutAccount != kept.ID {`, new: `if payee.Guarded && payee.PayoutAccount != kept.ID && kept.ID == "" {`,
		pkg: "store", run: "AnotherAccountTakes", why: "whoever was passed a creator's link is paid what they earned",
	},
	{
		name: "a wish comes true without its code", file: "store/accountchanges.go",
		old: `if c.ProvenAt == nil || c.Rail`, new: `if c.Rail`,
		pkg: "store", run: "AnotherAccountTakes", why: "asking for the code is as good as having it",
	},
	{
		name: "wrong codes are not counted", file: "store/accountchanges.go",
		old: `if wrong < partnership.CodeTries {`, new: `if wrong > 0 {`,
		pkg: "store", run: "ACodeEnds", why: "a code of six digits is guessed",
	},
	{
		name: "the code mails on and on", file: "store/accountchanges.go",
		old: `case sent.Today >= partnership.CodeMailsADay:`, new: `case sent.Today < 0:`,
		pkg: "store", run: "CodesAreCounted", why: "whoever has the link guesses for as long as they like",
	},
}
