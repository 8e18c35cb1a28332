package mutants

// agents are bugs that let a program or an agent do what nobody has given it.
var agents = []mutant{
	{
		name: "a revoked token opens", file: "partnership/programs.go",
		old: `return t.RevokedAt.IsZero() && now.Before(t.ExpiresAt)`, new: `return now.Before(t.ExpiresAt)`,
		pkg: "web", run: "TestTokensByTheAPI", why: "who was shown the door walks in",
	},
	{
		name: "a token gives away more scopes than it has", file: "app/deeds/tokens.go",
		old: `if len(by.Scopes) > 0 && len(in.Scopes) == 0 {`, new: `if len(by.Scopes) > 99 && len(in.Scopes) == 0 {`,
		pkg: "web", run: "TestATokenIsNeverMore", why: "a narrow token makes itself a wide one",
	},
	{
		name: "an agent acts at the API unasked", file: "web/api/api.go",
		old: `if c.Agent && !confirmed {`, new: `if c.Agent && !confirmed && c.Name == "" {`,
		pkg: "web", run: "TestATokenActsForAPerson", why: "nothing is prepared, shown or confirmed",
	},
	{
		name: "anybody's hash is confirmed", file: "web/mcp/confirm.go",
		old: `p.Token != c.Name || p.Who != c.Who()`, new: `p.Token == ""`,
		pkg: "web", run: "TestConfirmDoesItOnce", why: "an agent does what another was shown",
	},
	{
		name: "what has changed is done as it was shown", file: "web/mcp/confirm.go",
		old: `return digest(t.binds(about)) != p.Stands, err`, new: `return digest(t.binds(about)) == "", err`,
		pkg: "web", run: "TestConfirmDoesItOnce", why: "a cancel that reached three reaches thirty",
	},
	{
		name: "a cap counts one act alone", file: "store/preparations.go",
		old: `return spent+*row.CostMinor <=`, new: `return spent*0+*row.CostMinor <=`,
		pkg: "web", run: "TestACapIsNotCut", why: "a thousand acts of a dollar are a thousand dollars",
	},
	{
		name: "an agent lets its own act", file: "app/deeds/registry.go",
		old: `Need: Viewer, People: true,`, new: `Need: Viewer,`,
		pkg: "web", run: "TestAnAgentReadsAndPrepares", why: "the person whom it takes is the agent itself",
	},
	{
		name: "a webhook goes inside", file: "web/announce/announce.go",
		old: `if private || public(address) {`, new: `if private || address != "" {`,
		pkg: "web", run: "TestAWebhookNeverLeadsInside", why: "whoever names an address reaches what only the server can (SSRF)",
	},
	{
		name: "people's words stand bare", file: "web/mcp/quote.go",
		old: `!plainText.MatchString(v) ||`, new: `v == "?" ||`,
		pkg: "web", run: "TestAThousandHostileCalls", why: "a creator's words are read as orders",
	},
	{
		name: "a person's token is another person", file: "web/access/directory.go",
		old: `for _, t := range theirs {`, new: `for _, t := range theirs[:0] {`,
		pkg: "web", run: "TestAPersonsTokens", why: "one person alone approves what takes two",
	},
	{
		name: "anybody lets an agent's approval", file: "app/deeds/prepared.go",
		old: `slices.Contains(ownWords, p.Deed)`, new: `slices.Contains(ownWords[:0], p.Deed)`,
		pkg: "web", run: "TestAnAgentsApproval", why: "it counts as the word of somebody who has said nothing",
	},
	{
		name: "an agent reads whom a sanctions hit is about", file: "web/api/sanctions.go",
		old: `&& !c.Agent //`, new: `//`,
		pkg: "web", run: "TestNoAgentReads", why: "a creator's name goes to a model",
	},
	{
		name: "one receiver holds all up", file: "web/announce/announce.go",
		old: `		s.hands.Go(func() {`, new: `		func(do func()) { do() }(func() {`,
		pkg: "web", run: "TestASlowReceiver", why: "an address that is dead takes everybody's news for hours",
	},
}
