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
}
