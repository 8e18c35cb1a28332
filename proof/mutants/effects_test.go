package mutants

// effects are bugs that do an act outside twice, or leave one standing that was taken back.
var effects = []mutant{
	{
		name: "the look-up before a second attempt is skipped", file: "activities/effect.go",
		old: `if row.Attempts == 1 {`, new: `if row.Attempts >= 1 {`,
		pkg: "activities", why: "an attempt whose answer was lost is done again: two mails, two contracts, two labels",
	},
	{
		name: "no intent is written before the act", file: "activities/effect.go",
		old: `	return send(ctx, a, e, row)
}`, new: `	if err := a.Store.RevertEffect(ctx, e.key, ""); err != nil {
		return zero, err
	}
	return send(ctx, a, e, row)
}`,
		pkg: "activities", why: "a worker that dies after the act leaves nothing that says so",
	},
	{
		name: "the receipt is not kept", file: "activities/effect.go",
		old: `		return r, a.Store.ConfirmEffect(ctx, e.key, r)`, new: `		return r, nil`,
		pkg: "activities", why: "each repetition of the step asks the vendor anew, and does it anew where the vendor cannot say",
	},
	{
		name: "nothing found is believed at once", file: "activities/effect.go",
		old: `case seen == absent && (e.single || a.settled(row)):`, new: `case seen == absent:`,
		pkg: "activities", why: "a vendor that is slow makes a second one",
	},
	{
		name: "a vendor that cannot say is taken for a no", file: "activities/effect.go",
		old: `		return r, unsure, err`, new: `		return r, absent, nil`,
		pkg: "activities", why: "a vendor that is away when it is asked makes a second one",
	},
	{
		name: "an answer that was lost is a failure", file: "activities/effect.go",
		old: `	return r, err // ambiguous`, new: `	return r, first(a.Store.FailEffect(ctx, e.key, err.Error()), err) // ambiguous`,
		pkg: "activities", why: "what may have been done is begun anew",
	},
	{
		name: "a cancelled creator's code is left active", file: "activities/tracking.go",
		old: `a.Shop.DeactivateDiscount(ctx, code.ID)`, new: `first(ctx.Err(), map[bool]error{}[code.ID == ""])`,
		pkg: "activities", why: "a code of somebody who is no partner sells on",
	},
	{
		name: "a code is not among what is taken back", file: "workflows/tracking.go",
		old: `	s.takesBack(undoCode)`, new: ``,
		pkg: "workflows", run: "Cancel", why: "a code of somebody who is no partner sells on",
	},
	{
		name: "somebody else's code is taken back", file: "activities/tracking.go",
		old: `if err == nil && d.Key != key {`, new: `if err == nil && d.Key == "" {`,
		pkg: "activities", why: "another creator's sales stop being theirs",
	},
	{
		name: "a gift order stays open after the end", file: "activities/gifting.go",
		old: `a.Shop.CancelGiftOrder(ctx, o.ID)`, new: `first(ctx.Err(), map[bool]error{}[o.ID == ""])`,
		pkg: "activities", why: "a gift goes to somebody who was cancelled",
	},
	{
		name: "a label stays paid for", file: "activities/gifting.go",
		old: `	err = carrier.RefundLabel(ctx, s.ID)`, new: `	err = map[bool]error{}[s.ID == ""]`,
		pkg: "activities", why: "money for a parcel that is never sent",
	},
	{
		name: "a contract stays open after the end", file: "workflows/contracting.go",
		old: `	s.takesBack(undoContract)`, new: ``,
		pkg: "workflows", run: "Cancel", why: "somebody who was cancelled can still sign",
	},
	{
		name: "an effect's intent counts no attempts", file: "store/db/outside.sql.go",
		old: `else effects.attempts + 1 end`, new: `else 1 end`,
		pkg: "store", run: "Effect|Begin", why: "each attempt looks like the first: nothing is looked up",
	},
}
