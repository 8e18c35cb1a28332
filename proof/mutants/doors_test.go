package mutants

// doors are bugs that let somebody in, or forget who came.
var doors = []mutant{
	{
		name: "the go-live probe fetches any address", file: "wiring/vendors/probe.go",
		old: `if !strings.HasPrefix(link, c.publicURL+"/c/") {`, new: `if link == "" {`,
		pkg: "wiring/vendors", why: "whoever writes a link reads what only the server can reach (SSRF)",
	},
	{
		name: "the go-live probe follows redirects", file: "wiring/vendors/probe.go",
		old: `return http.ErrUseLastResponse`, new: `return nil`,
		pkg: "wiring/vendors", why: "a destination is fetched from inside (SSRF), and the gate sees another address than buyers",
	},
	{
		name: "a request to Slack's door is done again", file: "web/slackapp/interact.go",
		old: `	case !first: // a repetition`, new: `	case !first && len(q.body) == 0: // a repetition`,
		pkg: "web", run: "Slack", why: "a captured press decides twice",
	},
	{
		name: "Slack's signature is not looked at", file: "integrations/slack/webhook.go",
		old: `sums.Check(given, err); err != nil {`, new: `sums.Check(given, err); err != nil && len(given) == 0 {`,
		pkg: "integrations/slack", why: "anybody presses buttons",
	},
	{
		name: "an old signature of Slack opens", file: "integrations/httpx/signature.go",
		old: `.Abs() > Tolerance {`, new: `> Tolerance*1000 {`,
		pkg: "integrations/slack", why: "a captured request opens for ever",
	},
	{
		name: "a signature from Slack's future opens", file: "integrations/httpx/signature.go",
		old: `.Abs() > Tolerance {`, new: `> Tolerance {`,
		pkg: "integrations/slack", why: "a stamp of tomorrow is a replay for a day",
	},
	{
		name: "Stripe's signature is not looked at", file: "integrations/stripe/webhook.go",
		old: `if !slices.ContainsFunc(given, sums.Match) {`, new: `if len(given) == 0 || len(sums) == 0 || slices.Contains(secrets, "?") {`,
		pkg: "integrations/stripe", why: "anybody reports money",
	},
	{
		name: "an old signature of Stripe opens", file: "integrations/httpx/signature.go",
		old: `.Abs() > Tolerance {`, new: `.Abs() > 1000*Tolerance {`,
		pkg: "integrations/stripe", why: "a captured event opens for ever",
	},
	{
		name: "EasyPost's signature is not looked at", file: "integrations/easypost/webhook.go",
		old: `return httpx.HMACs(keys, body).Check(given, err)`, new: `return map[bool]error{true: err}[len(given) == 0]`,
		pkg: "integrations/easypost", why: "anybody delivers parcels",
	},
	{
		name: "Shopify's signature is not looked at", file: "integrations/shopify/webhook.go",
		old: `return httpx.HMACs(secrets, body).Check(given, err)`, new: `return map[bool]error{true: err}[len(given) == 0]`,
		pkg: "integrations/shopify", why: "anybody makes orders and their commissions",
	},
	{
		name: "DocuSign's signature is not looked at", file: "integrations/docusign/webhook.go",
		old: `err == nil && sums.Match(given) {`, new: `err == nil && len(given) > 0 {`,
		pkg: "integrations/docusign", why: "anybody signs",
	},
	{
		name: "SendGrid's signature is not looked at", file: "integrations/sendgrid/webhook.go",
		old: `if ecdsa.VerifyASN1(key, sum, signature) {`, new: `if ecdsa.VerifyASN1(key, sum, signature) || len(signature) > 0 {`,
		pkg: "integrations/sendgrid", why: "anybody writes in a creator's name",
	},
	{
		name: "SendGrid's stamp is not signed", file: "integrations/sendgrid/webhook.go",
		old: `_, _ = io.WriteString(h, stamp)`, new: `_, _ = io.WriteString(h, stamp[:0])`,
		pkg: "integrations/sendgrid", why: "signatures of other vendors' kinds would pass, and real ones would not",
	},
	{
		name: "any secret of a rotation but the first is refused", file: "integrations/httpx/signature.go",
		old: `matched = hmac.Equal(sum, given) || matched`, new: `matched = hmac.Equal(sum, given)`,
		pkg: "integrations/httpx", why: "a rotation loses what is signed with the other key",
	},
	{
		name: "a door does not verify", file: "web/webhooks/webhooks.go",
		old: `			err = s.Verify(r.Header, body.kept, d.Now())
		}
		if err != nil {`, new: `			err = s.Verify(r.Header, body.kept, d.Now())
		}
		if err != nil && r.Method == "" {`,
		pkg: "web", run: "Webhook|Signed|Deliver|Forged", why: "anybody reports anything",
	},
	{
		name: "a link's token is not bound to its purpose", file: "store/tokens.go",
		old: `mac.Write([]byte(purpose + "|" + text))`, new: `mac.Write([]byte(purpose[:0] + "|" + text))`,
		pkg: "store", run: "Link|Token", why: "a link for one thing opens another",
	},
	{
		name: "tokens are made without the secret", file: "store/tokens.go",
		old: `mac := hmac.New(sha256.New, s.opt.SecretKey)`, new: `mac := hmac.New(sha256.New, nil)`,
		pkg: "store", run: "Link|Token", why: "anybody who knows an id makes its link",
	},
	{
		name: "any token opens the API", file: "web/access/access.go",
		old: `if subtle.ConstantTimeCompare(digest[:], e.digest[:]) == 1 {`, new: `if subtle.ConstantTimeCompare(digest[:], e.digest[:]) <= 1 {`,
		pkg: "web/access", why: "the API is open",
	},
	{
		name: "every role may do everything", file: "app/deeds/by.go",
		old: `return slices.Contains(roles, need) || need == Viewer && len(roles) > 0`, new: `return slices.Contains(roles, need) || len(roles) > 0`,
		pkg: "app/deeds", why: "a viewer pays",
	},
	{
		name: "Slack asks for no role", file: "web/slackapp/interact.go",
		old: `return by, d.Need, by.May(name) == nil`, new: `return by, d.Need, by.May(name) == nil || name != ""`,
		pkg: "web", run: "Slack", why: "anybody in the channel approves",
	},
	{
		name: "a creator's own is anybody's", file: "app/deeds/by.go",
		old: `	case partnership.CreatorsOwn(deed) != (partnership.Door(b.Who) == Pages):`, new: `	case partnership.CreatorsOwn(deed) && b.Who == "":`,
		pkg: "app/deeds", why: "a manager accepts an offer in the creator's name",
	},
	{
		name: "a deed asks for no role", file: "app/deeds/request.go",
		old: `	if err := by.MayOf(r.Deed, r.Subject); err != nil {
		return err`, new: `	if err := by.MayOf(r.Deed, r.Subject); err != nil && r.Deed == "" {
		return err`,
		pkg: "app/deeds", why: "a door that forgets to ask lets anybody in",
	},
	{
		name: "a scanner opts a creator out", file: "web/creator/optout.go",
		old: `s.Store.OptOutCreator(r.Context(), token)`, new: `s.Store.OptOut(r.Context(), token)`,
		pkg: "web", run: "OptOut|Scanner|Opt", why: "mail scanners follow links; the creator is lost without a word",
	},
	{
		name: "the button of this machine answers to any name", file: "web/console/signin.go",
		old: `return host == "localhost" || isLoopback(host)`, new: `return host != ""`,
		pkg: "web", run: "SigningInHere", why: "a page elsewhere that points its name here signs itself in (DNS rebinding)",
	},
	{
		name: "a form of another session is taken", file: "web/console/signin.go",
		old: `case subtle.ConstantTimeCompare([]byte(r.PostFormValue("form")), []byte(v.form)) != 1:`, new: `case r.PostFormValue("form") == "":`,
		pkg: "web/console", run: "EveryFormIsOfItsSession", why: "another site's form decides in the name of whoever is signed in",
	},
	{
		name: "a link to sign in opens twice", file: "store/db/console.sql.go",
		old: `where digest = $2 and used_at is null and expires_at`, new: `where digest = $2 and expires_at`,
		pkg: "web", run: "SigningInByMail", why: "whoever finds the mail later is let in",
	},
	{
		name: "a link leads wherever it says", file: "web/clicks/clicks.go",
		old: `return err == nil && (u.Scheme == "https" || u.Scheme == "http") && u.Host != "" && u.User == nil`, new: `return err == nil && u != nil`,
		pkg: "web/clicks", why: "a destination such as javascript: or user@host deceives buyers under our name",
	},
	{
		name: "a vendor's words reach the log", file: "integrations/httpx/classify.go",
		old: `func Redact(s string) string {`, new: `func Redact(s string) string {
	if s != "" {
		return s
	}`,
		pkg: "integrations/httpx", why: "names, addresses and keys stand in logs",
	},
	{
		name: "a secret setting is logged", file: "integrations/secret.go",
		old: `func (s Secret) LogValue() slog.Value { return slog.StringValue(s.String()) }`, new: `func (s Secret) LogValue() slog.Value { return slog.StringValue(string(s)) }`,
		pkg: "wiring/settings", why: "keys stand in logs",
	},
	{
		name: "any proof is a proof", file: "partnership/proof.go",
		old: `return err == nil && hmac.Equal(given, c.mac(key))`, new: `return err == nil && len(given) > 0 && len(c.mac(key)) > 0`,
		pkg: "partnership", run: "Proof", why: "whoever reaches Temporal is everybody",
	},
	{
		name: "a key fits every body", file: "store/requestkeys.go",
		old: `	if row.Hash != hash {`, new: `	if row.Hash == "" {`,
		pkg: "web", run: "API", why: "200 for what was not done",
	},
	{
		name: "an erased row leaves no trace", file: "store/erase.go",
		old: `		return s.record(ctx, q, partnership.Deed{Who: by, Deed: partnership.DeedEraseCreator, Subject: "creator/" + id})`, new: `		return nil`,
		pkg: "store", run: "Eras|WhoDecided", why: "nobody can prove that a request was met",
	},
	{
		name: "an approval leaves no trace", file: "store/runs.go",
		old: `		if err := s.recordDecision(ctx, q, d, workflowRun); err != nil {
			return err
		}
`, new: ``,
		pkg: "store", run: "Appro|Run|WhoDecided", why: "nobody can say afterwards who paid",
	},
	{
		name: "a person's word on an effect leaves no trace", file: "store/effects.go",
		old: `		return s.record(ctx, q, partnership.Deed{Who: by, Deed: partnership.DeedResolveEffect,`, new: `		return s.record(ctx, q, partnership.Deed{Who: by, Deed: "",`,
		pkg: "store", run: "Effect|WhoDecided", why: "nobody can say afterwards who said that it went out",
	},
	{
		name: "a person's word on a ledger row leaves no trace", file: "store/holds.go",
		old: `			Who: by, Deed: decision(event), Subject: subjectOf(id), Reason: reason,`, new: `			Who: by, Deed: decision(event), Subject: id,`,
		pkg: "store", run: "Held|Row", why: "nobody can say afterwards who released it",
	},
	{
		name: "an old decision counts", file: "store/deeds.go",
		old: `age > proofLife || age < -time.Minute {`, new: `age > 1000*proofLife || age < -time.Minute {`,
		pkg: "store", run: "Decision|Decided|Appro", why: "a decision that was captured is used some day",
	},
	{
		name: "a decision counts in another run", file: "store/deeds.go",
		old: `case line.Run != run || line.Target != d.Subject || line.Action != d.Deed:`, new: `case line.Action != d.Deed:`,
		pkg: "store", run: "Decision|Decided|Appro", why: "one approval approves two runs",
	},
	{
		name: "an older deed is told after the one that undid it", file: "wiring/doors/decide.go",
		old: `	if undoes[a.Deed.Deed] {`, new: `	if a.ID == "" {`,
		pkg: "wiring/doors", run: "Older", why: "a campaign that goes on is paused by a word of before",
	},
	{
		name: "a decision without a door's proof counts", file: "wiring/doors/guard.go",
		old: `if err != nil || !proof.Holds(g.Key, deed, workflowID, content) {`, new: `if err != nil || content == "" {`,
		pkg: "wiring/doors", why: "whoever reaches Temporal is everybody",
	},
	{
		name: "a role is not looked up again", file: "wiring/doors/guard.go",
		old: `(deeds.By{Who: d.Proof.Who, Roles: roles}).May(d.Deed); err != nil {`, new: `(deeds.By{Who: d.Proof.Who, Roles: roles}).May(d.Deed); err != nil && d.Deed == "" {`,
		pkg: "wiring/doors", why: "whoever left finance yesterday approves today",
	},
	{
		name: "a decision is another's than its proof's", file: "wiring/doors/guard.go",
		old: `err != nil || named && by != proof.Who {`, new: `err != nil || named && by == "" {`,
		pkg: "wiring/doors", why: "an approval in somebody else's name",
	},
	{
		name: "a decision that came too late stands in the audit", file: "workflows/updates.go",
		old: `				return Ack{}, tooLate(ctx, s.Day, name, msg, no)`, new: `				return Ack{}, no`,
		pkg: "workflows", run: "ADecision", why: "the door says done of what was refused",
	},
	{
		name: "a corrected line counts", file: "store/db/deeds.sql.go",
		old: ` and a.outcome = 'accepted' and not exists (select from audit c where c.corrects = a.deed_id))`, new: ` and a.outcome = 'accepted')`,
		pkg: "store", run: "ADeed", why: "the door says done of what was refused",
	},
	{
		name: "a campaign that finishes is cancelled", file: "workflows/campaign.go",
		old: `	c.over = true`, new: `	c.over = false`,
		pkg: "workflows", run: "ACampaignThatFinishes", why: "a cancel is accepted and does nothing",
	},
	{
		name: "a signal is for whomever gets it", file: "workflows/addressed.go",
		old: `return a.To == "" || a.To == workflowID }`, new: `return true }`,
		pkg: "workflows", run: "ASignalThat|ACampaignDrops", why: "a cancel that was copied from another story voids a contract",
	},
	{
		name: "a signal does not say for whom it is", file: "wiring/doors/doors.go",
		old: `		arg = workflows.For(workflowID, m)`, new: `		arg = workflows.For("", m)`,
		pkg: "wiring/doors", run: "ASignal", why: "it can be copied to another story",
	},
	{
		name: "a wait is carried over without those who wait", file: "workflows/partnership.go",
		old: `!s.givingBack && s.Refused == 0 && `, new: `!s.givingBack && `,
		pkg: "workflows", run: "AStoryDoesNot", why: "a story asks for ever to be tried again",
	},
	{
		name: "nobody counts what stands in the channel", file: "partnership/asking/thread.go",
		old: `const MostInChannel = 28`, new: `const MostInChannel = 2800`,
		pkg: "web", run: "TestFortyExceptions", why: "a campaign in which much goes wrong drowns the team's channel",
	},
	{
		name: "a board that somebody deleted is believed to stand", file: "integrations/slack/errors.go",
		old: `v.Gone, v.Message = true,`, new: `v.Message =`,
		pkg: "web", run: "TestABoardThatIsDeleted", why: "a campaign's drafts are posted into a thread that is not there",
	},
}
