package mutants

// restores are bugs of who goes on by books that a backup has taken the place of, and of what one payout does to the others.
var restores = []mutant{
	{
		name: "a payout that the books have as planned is failed after a restore", file: "store/payouts.go",
		old: `		return partnership.Errorf(partnership.WentBack, "the run is %s in the books`, new: `		return partnership.Errorf(partnership.Conflict, "the run is %s in the books`,
		pkg: "store", run: "KnowLess", why: "its rows are released and its creator is told that it failed, although it was paid",
	},
	{
		name: "a run goes on that the books do not know", file: "workflows/payout_lost.go",
		old: `	if refused := refusalOf(err); refused != nil && refused.Type() == string(partnership.WentBack) {`, new: `	if refused := refusalOf(err); refused != nil && refused.Type() == "" {`,
		pkg: "workflows", run: "TestARunThatTheBooksDoNotKnowEnds", why: "somebody has to end it in the engine by hand",
	},
	{
		name: "one payout's fault pauses the run", file: "activities/payout.go",
		old: `attempt >= outageAfter && !answers():`, new: `attempt >= outageAfter:`,
		pkg: "activities", run: "OnePayoutsFault", why: "everybody else waits for hours",
	},
	{
		name: "a transfer whose receiver cannot be read counts as sent", file: "activities/payout.go",
		old: `	if err != nil && !post.Again {
		a.unpost(ctx, post, false) // whom`, new: `	if err != nil && !post.Again && po.ID == "" {
		a.unpost(ctx, post, false) // whom`,
		pkg: "activities", run: "ToNobodyWhoCanBeRead", why: "a day later a person is asked about a transfer that nobody made",
	},
	{
		name: "a backup's orders are not asked for again", file: "activities/reread.go",
		old: `	if since.Before(in.Since) {`, new: `	if since.IsZero() {`,
		pkg: "activities", run: "ABackupLacks", why: "what was sold since the backup, and booked by webhooks then, earns nothing",
	},
	{
		name: "a page of orders is read anew by each attempt", file: "activities/reread.go",
		old: `		err = activity.GetHeartbeatDetails(ctx, &soFar)`, new: `		err = activity.GetHeartbeatDetails(ctx, &rereadSoFar{})`,
		pkg: "activities", run: "APageEnds", why: "a shop that loses answers never lets it end, and no order after it is booked",
	},
	{
		name: "what was sent back is sent by books that have lost that", file: "activities/payout.go",
		old: `	if in.Rejected {
		if err`, new: `	if in.Rejected && in.PayoutID == "" {
		if err`,
		pkg: "activities", run: "WhatWasSentBack", why: "a person has said no, and it is paid",
	},
	{
		name: "a payout in doubt does not hear that it was sent back", file: "workflows/payout_steps.go",
		old: `s.in.Rejected = s.in.Rejected || m.Rejected`, new: `s.in.Rejected = s.in.Rejected && m.Rejected`,
		pkg: "workflows", run: "ARejectedRest", why: "a person has said no, and it is paid",
	},
	{
		name: "a lost rejection is forgotten", file: "workflows/payout_lost.go",
		old: `	if !r.restRejected() {`, new: `	if !r.restRejected() || r.lost != "" {`,
		pkg: "workflows", run: "ARejectedRest", why: "whoever begins the month again pays what was sent back",
	},
	{
		name: "a lost approval is asked for by the card that was answered", file: "activities/payout_run.go",
		old: `asking.RunCard(in.RunID, in.Again)`, new: `asking.RunCard(in.RunID, "")`,
		pkg: "activities", run: "ALostApproval", why: "its buttons are gone, and the month waits",
	},
	{
		name: "a bank's payment is booked for each time that it is told", file: "store/bankpaid.go",
		old: `id := statementID(p.CreatorID, p.Reference)`, new: `id := statementID(p.CreatorID, p.Reference+newID())`,
		pkg: "store", run: "WhatABankDid", why: "the creator is paid less by it twice",
	},
}
