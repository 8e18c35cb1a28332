package mutants

// people are bugs about who is who, who may be written to, and what is kept of whom.
var people = []mutant{
	{
		name: "another platform's person takes over a record", file: "store/import.go",
		old: `return identity.Account{Platform: c.Platform, Handle: a.Key()}`, new: `return identity.Account{Platform: "instagram", Handle: a.Key()}`,
		pkg: "store", run: "AnotherPlatform", why: "a contract goes to a stranger with the same handle",
	},
	{
		name: "open work is taken over unasked", file: "store/import.go",
		old: `case known && (len(row.Open) > 0 || row.Owed):`, new: `case known && row.Owed:`,
		pkg: "store", run: "OpenWork|AsksFirst", why: "a list changes where a contract's mails go",
	},
	{
		name: "a link and a platform may disagree", file: "partnership/identity/account.go",
		old: `if platform != "" && platform != linked.Platform {`, new: `if platform != "" && linked.Platform == "" {`,
		pkg: "partnership/identity", why: "one person is invited as two, or another one is",
	},
	{
		name: "an invisible character makes another address", file: "partnership/identity/mail.go",
		old: `if Invisible(r) || r == 0xFF20 `, new: `if r == 0xFF20 `,
		pkg: "partnership/identity", why: "one person gets two invitations, or none",
	},
	{
		name: "who said no is written to on our word", file: "store/suppressions.go",
		old: `case cause == partnership.ByPerson && !theyAsked:`, new: `case cause == partnership.ByPerson && by == "":`,
		pkg: "store", run: "WhoSaidNo", why: "the law, and a promise in every mail",
	},
	{
		name: "who was erased is written to", file: "store/suppressions.go",
		old: `case cause == partnership.ByErasure:`, new: `case cause == partnership.ByErasure && !theyAsked:`,
		pkg: "store", run: "WhoSaidNo", why: "somebody who asked to be forgotten is not",
	},
	{
		name: "our own quota strikes people off", file: "web/webhooks/mailevents.go",
		old: `if e.Failed.DeadAddress {`, new: `if e.Failed != nil {`,
		pkg: "web", run: "OnlyTheAddressees", why: "the next campaign leaves people out for what was our doing",
	},
	{
		name: "a spam report is no opt-out", file: "integrations/sendgrid/events.go",
		old: `return e.Type == "spamreport" || e.Type`, new: `return e.Type`,
		pkg: "integrations/sendgrid", why: "whoever reports us is written to again",
	},
	{
		name: "talk is a wish to hear no more", file: "partnership/optout/optout.go",
		old: `case bare[s] && i == 0, bare[s] && polite(said[:i]):`, new: `case bare[s]:`,
		pkg: "partnership/optout", why: "somebody who only asks is struck off for good",
	},
	{
		name: "a wish above a signature is none", file: "partnership/optout/optout.go",
		old: `case bare[s] && i == 0, bare[s] && polite(said[:i]):`, new: `case bare[s] && len(said) == 1:`,
		pkg: "partnership/optout", why: "whoever says stop and signs is written to again",
	},
	{
		name: "a delivery report is a person", file: "integrations/sendgrid/machine.go",
		old: `envelopeFrom != nil && *envelopeFrom == "":`, new: `envelopeFrom != nil && *envelopeFrom == "?":`,
		pkg: "integrations/sendgrid", why: "a bounce silences the reminders",
	},
	{
		name: "words around the parts are lost", file: "integrations/sendgrid/mime.go",
		old: `		b.beside = append(b.beside, said)`, new: `		_ = said`,
		pkg: "integrations/sendgrid", why: "a creator's words are read by nobody",
	},
	{
		name: "who wants no more mail is answered", file: "store/answers.go",
		old: `case v.OptedOut && !signed:`, new: `case v.OptedOut && signed:`,
		pkg: "web", run: "NotAnswered", why: "somebody who said stop is written to by hand",
	},
	{
		name: "an answer goes out after a stop", file: "activities/answer.go",
		old: `if v.OptedOut && (!v.SaidNo || !signed(v)) {`, new: `if v.OptedOut && !v.SaidNo {`,
		pkg: "activities", run: "AnswerGoesOut", why: "they said stop while it waited",
	},
	{
		name: "an answer begins a thread of its own", file: "activities/answer.go",
		old: `	if w.MailID != "" {`, new: `	if w.MailID == "?" {`,
		pkg: "activities", run: "AnswerGoesOut", why: "the creator finds it nowhere near what they asked",
	},
	{
		name: "answers outlive an erasure", file: "store/erase.go",
		old: `q.EraseAnswers, `, new: ``,
		pkg: "store", run: "Conversation", why: "what was said to somebody outlives their request",
	},
	{
		name: "an erased person's late mail is kept", file: "store/conversation.go",
		old: `	if erased { // that they wrote`, new: `	if erased && m.AutoReply { // that they wrote`,
		pkg: "store", run: "Conversation", why: "a mail that comes in late brings them back",
	},
	{
		name: "somebody else's mail is settled", file: "store/answers.go",
		old: `|| err == nil && row.PartnershipID != a.PartnershipID {`, new: `{`,
		pkg: "store", run: "Conversation", why: "a creator's mail vanishes from what waits, and nobody has read it",
	},
	{
		name: "an unread mail is settled by the answer to another", file: "store/answers.go",
		old: `At: mail.At, SettledBy`, new: `At: now, SettledBy`,
		pkg: "store", run: "AnAnswerSettles", why: "a creator's mail vanishes from what waits, and nobody has read it",
	},
	{
		name: "a machine's mail waits for an answer", file: "web/webhooks/mail.go",
		old: `m.NeedsAnswer = !in.AutoReply && wish`, new: `m.NeedsAnswer = wish`,
		pkg: "web", run: "MachinesMail", why: "people answer bounces",
	},
	{
		name: "a topic takes commission back", file: "integrations/shopify/facts.go",
		old: `		o, err := ParseOrder(body)
`, new: `		o, err := ParseOrder(body)
		if topic == TopicOrdersCancelled {
			o.CancelledAt = o.ProcessedAt
		}
`,
		pkg: "web", run: "TopicProvesNothing", why: "a captured order, sent again under another topic, costs a creator their money",
	},
	{
		name: "an order that is not paid is credited", file: "partnership/ledger/told.go",
		old: `	case !o.Paid && `, new: `	case !o.Paid && o.ID == "?" && `,
		pkg: "partnership/ledger", why: "commission on what nobody paid",
	},
	{
		name: "another shop's orders are ours", file: "integrations/shopify/facts.go",
		old: `!strings.EqualFold(shop, ours) {`, new: `ours == "?" {`,
		pkg: "web", run: "TopicProvesNothing", why: "commission on another shop's sales",
	},
	{
		name: "another account's envelopes are ours", file: "integrations/docusign/facts.go",
		old: `!strings.EqualFold(e.AccountID, s.AccountID):`, new: `strings.EqualFold(e.AccountID, "?"):`,
		pkg: "web", run: "AboutOthers", why: "a stranger's signature stands for a creator's",
	},
	{
		name: "test money is real", file: "integrations/stripe/facts.go",
		old: `case known && e.Live != live:`, new: `case known && live && e.ID == "":`,
		pkg: "web", run: "AboutOthers", why: "a transfer of the test mode moves the books",
	},
	{
		name: "a run that is over speaks", file: "store/projection.go",
		old: `if slices.Contains(row.PastRuns, pr.RunID) {`, new: `if slices.Contains(row.PastRuns, pr.RunID+"?") {`,
		pkg: "store", run: "Board|Projection|Reset", why: "the board shows what was before a reset",
	},
	{
		name: "what a task says that is run again is dropped", file: "store/projection.go",
		old: `again := seq == row.Seq && length >= row.HistoryLength`, new: `again := seq == row.Seq && length < row.HistoryLength`,
		pkg: "store", run: "Board|Projection|Reset", why: "the board says what the story never decided",
	},
	{
		name: "an old link leads to where money goes", file: "web/creator/home.go",
		old: `o.Task.Kind != partnership.TaskPayoutSetup && (`, new: `(`,
		pkg: "web", run: "OneLinkOpensAHome", why: "whoever finds an old mail says where the money goes",
	},
	{
		name: "a receipt is anybody's answer", file: "web/creator/waits.go",
		old: `	if m.Task != sh.Task.Name {
		return ""
	}
	switch d.Deed.Deed {`, new: `	switch d.Deed.Deed {`,
		pkg: "web", run: "ReceiptIsOfAnAnswer", why: "a page says that somebody is in who has answered something else",
	},
	{
		name: "links never end", file: "store/links.go",
		old: `case !over.IsZero() && s.now().After(over.Add(s.linkLife())):`, new: `case !over.IsZero() && s.opt.LinkDays < 0:`,
		pkg: "store", run: "Links", why: "an old mail opens a creator's pages for good",
	},
	{
		name: "a revoked link opens on", file: "store/links.go",
		old: `LinkN: t.LinkN + 1, TokenHash: digest(s.taskToken(t.ID, t.LinkN+1))}`, new: `LinkN: t.LinkN + 1, TokenHash: digest(s.taskToken(t.ID, t.LinkN))}`,
		pkg: "store", run: "Links", why: "a link that leaked cannot be taken back",
	},
	{
		name: "an erased person's page opens", file: "store/links.go",
		old: `	case row.ErasedAt != nil:
		return gone(LinkErased)
	case !over`, new: `	case row.ErasedAt != nil && over.IsZero():
		return gone(LinkErased)
	case !over`,
		pkg: "store", run: "Links|Eras", why: "a page of somebody who was forgotten opens",
	},
	{
		name: "an erased person's address stays", file: "store/erase.go",
		old: `q.EraseAddress, `, new: ``,
		pkg: "store", run: "Eras", why: "where somebody lives outlives their request",
	},
	{
		name: "erasure forgets the inbox", file: "store/erase.go",
		old: `db.EraseInboxBodiesParams{Marks: marks, `, new: `db.EraseInboxBodiesParams{Marks: marks[:0], `,
		pkg: "store", run: "Eras", why: "a person's words outlive their request, in a table that nobody reads",
	},
	{
		name: "what comes after an erasure is kept", file: "store/erase.go",
		old: `err != nil || !theirs {`, new: `err != nil || theirs || !theirs {`,
		pkg: "store", run: "Eras", why: "the next mail brings somebody back who asked to be forgotten",
	},
	{
		name: "an audit line of a settled deed is forgotten", file: "store/deeds.go",
		old: `		_, err = s.writeDeed(ctx, q, a.Deed, outcome, set.Why, "")
		return err`, new: `		return map[string]error{}[outcome]`,
		pkg: "wiring/doors", run: "WhatIsAsked", why: "who was refused leaves no trace",
	},
	{
		name: "a launch leaves no trace", file: "app/launch/launch.go",
		old: `return l.Store.Record(ctx, deed)`, new: `return map[bool]error{}[deed.ID == ""]`,
		pkg: "app/launch", why: "nobody can say afterwards who spent the budget",
	},
}
