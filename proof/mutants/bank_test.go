package mutants

// banked are bugs that pay twice by a bank's file, or nobody and call it paid.
var banked = []mutant{
	{
		name: "who took a file says what the bank did", file: "store/bankanswers.go",
		old: `if teller.Prepared(taker) {`, new: `if teller.Prepared(taker) && taker == "" {`,
		pkg: "store", run: "WhoTookAFile", why: "one person alone changes a file and calls it paid",
	},
	{
		name: "a file is written otherwise under its old id", file: "store/bank.go",
		old: `!bytes.Equal(digest[:], kept.Digest)`, new: `!bytes.Equal(digest[:], kept.Digest) && len(kept.Digest) == 0`,
		pkg: "store", run: "AFileIsNeverWrittenOtherwise", why: "a known message id is another payment",
	},
	{
		name: "a file holds who may not be paid any more", file: "store/bank.go",
		old: `err := s.stillDue(ctx, q, of, po)`, new: `var err error`,
		pkg: "store", run: "AFileHoldsOnly", why: "money goes to an account that the creator has left, or to somebody on the sanctions list",
	},
	{
		name: "a message id is a run's", file: "store/bank.go",
		old: `messageID(of, run.Rail, inMonth)`, new: `messageID(month{run.ID, of.period}, run.Rail, inMonth)`,
		pkg: "store", run: "AMessageID", why: "after a restore the bank takes the same payments again",
	},
	{
		name: "any number is an IBAN", file: "integrations/filebank/accounts.go",
		old: `return rest == 1`, new: `return rest >= 0`,
		pkg: "integrations/filebank", why: "a mistyped digit pays somebody else",
	},
	{
		name: "the hash of a batch leaves the last bank out", file: "integrations/filebank/nacha.go",
		old: `		hash += bank
`, new: `		hash += bank * int64(min(1, len(f.Orders)-1-i))
`,
		pkg: "integrations/filebank", why: "the bank refuses every file",
	},
	{
		name: "what came back is called paid", file: "store/bank.go",
		old: `	case r.Returned:
		t.State, t.Why, t.ReversedMinor = partnership.TransferFailed`, new: `	case r.Returned && !r.Paid:
		t.State, t.Why, t.ReversedMinor = partnership.TransferFailed`,
		pkg: "store", run: "ABankReturnsLater", why: "the books and the statement part",
	},
}
