package mutants

// earners are bugs that pay for a sale whom it is not due, or not whom it is.
var earners = []mutant{
	{
		name: "whoever was let go earns on", file: "partnership/ledger/touch.go",
		old: `case !t.EndedAt.IsZero() && !at.Before(t.EndedAt):`, new: `case !t.EndedAt.IsZero() && len(t.Posts) > 0 && !at.Before(t.EndedAt):`,
		pkg: "partnership/ledger", why: "a creator who was ghosted or replaced is paid for ever",
	},
	{
		name: "the instant of the end still earns", file: "partnership/ledger/touch.go",
		old: `!at.Before(t.EndedAt):`, new: `at.After(t.EndedAt):`,
		pkg: "partnership/ledger", why: "what is sold from the end on is paid",
	},
	{
		name: "the window's last instant is one too many", file: "partnership/ledger/touch.go",
		old: `case posted && !at.Before(post.At`, new: `case posted && at.After(post.At`,
		pkg: "partnership/ledger", why: "windows overlap: half-open is what the terms say",
	},
	{
		name: "an order before the clearance is paid", file: "partnership/ledger/attribute.go",
		old: `		c.Hold = EarlyTouch`, new: `		c.Hold = ""`,
		pkg: "partnership/ledger", why: "money for a code that nobody has tried",
	},
	{
		name: "a later program's code is dropped", file: "partnership/ledger/attribute.go",
		old: `		if !slices.Contains(programs, touch.Program) {`, new: `		if len(programs) == 0 {`,
		pkg: "partnership/ledger", why: "the second program's creator is never paid for an order with two codes",
	},
	{
		name: "what was sold before the end was known is paid", file: "store/projection.go",
		old: `ledger.SoldSince(each(rows, rowOf), *s.endOf(pr))`, new: `ledger.SoldSince(each(rows[:0], rowOf), *s.endOf(pr))`,
		pkg: "store", run: "WhoEnded", why: "a code that sold on while the shop was away pays whoever was let go",
	},
	{
		name: "a gift is another order by its longer id", file: "partnership/ledger/touch.go",
		old: `	if found := globalID.FindStringSubmatch(id); found != nil {`, new: `	if found := globalID.FindStringSubmatch(id); found != nil && id == "" {`,
		pkg: "partnership/ledger", why: "our own sampler pays commission, and one order counts twice",
	},
	{
		name: "the second deliverable's link is not tried", file: "activities/tracking.go",
		old: `append([]partnership.PostLink{own}, kit.Links...)`, new: `[]partnership.PostLink{own}`,
		pkg: "activities", run: "GoLiveGate", why: "a creator is cleared to post a link that leads nowhere",
	},
	{
		name: "an own purchase under another spelling is paid", file: "partnership/identity/buyer.go",
		old: `name, _, _ := strings.Cut(local, "+")`, new: `name, _, _ := strings.Cut(local, "++")`,
		pkg: "partnership/identity", why: "creators buy from themselves at a discount, with commission",
	},
	{
		name: "what looks like fraud is paid", file: "store/buyers.go",
		old: `	if len(risks) == 0 {
		return nil`, new: `	if len(risks) < 100 {
		return nil`,
		pkg: "store", run: "OwnPurchase", why: "nobody sees it before the money has left",
	},
	{
		name: "the first orders of a pattern go through", file: "store/buyers.go",
		old: `	if len(shared) == 0 {`, new: `	if len(shared) < 100 {`,
		pkg: "store", run: "Repeated|Leaked", why: "a leaked code pays for all orders before the tenth",
	},
	{
		name: "orders at once do not see each other", file: "store/buyers.go",
		old: `	if err := q.LockBuying(ctx, string(id)); err != nil {`, new: `	if err := error(nil); err != nil {`,
		pkg: "store", run: "OrdersAtOnce", why: "a burst that comes at once is never seen",
	},
	{
		name: "a buyer's hash survives an erasure", file: "store/erase.go",
		old: `	if err := s.forgetBuyer(ctx, q, c); err != nil {`, new: `	if err := s.forgetBuyer(ctx, q, partnership.Creator{ID: c.ID}); err != nil {`,
		pkg: "store", run: "InPlain", why: "somebody who asked to be forgotten is known again by what they bought",
	},
	{
		name: "a machine's clicks excuse a leaked code", file: "store/db/buyers.sql.go",
		old: `c.partnership_id = $10::text and not c.bot`, new: `c.partnership_id = $10::text`,
		pkg: "store", run: "Leaked", why: "a script that follows the link pays for a leaked code",
	},
}
