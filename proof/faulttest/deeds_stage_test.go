package faulttest

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	enumspb "go.temporal.io/api/enums/v1"
	"go.temporal.io/sdk/client"

	"github.com/rapport-dev/rapport/partnership"
	"github.com/rapport-dev/rapport/playground/people"
	"github.com/rapport-dev/rapport/proof/systemtest"
	"github.com/rapport-dev/rapport/store"
	"github.com/rapport-dev/rapport/workflows"
)

// deedDay is a campaign day: an outage is not two of them, and a silence is a manager's question within two minutes.
const deedDay = 25 * time.Second

// town is a whole system in which every deed waits to be done.
type town struct {
	t      *testing.T
	s      *systemtest.System
	front  int
	kept   *store.Store
	db     *pgx.Conn
	engine client.Client

	campaigns    map[string]partnership.CampaignID
	partnerships map[string]partnership.PartnershipID // by handle
	links        map[string]string                    // the newest task link, by handle
	period       string
	effects      []string
	row          map[string]string // held earnings, by program
	delayed      map[partnership.PartnershipID]bool
	lifted       string      // the suppression that is lifted
	patience     time.Time   // until when what came of a deed is waited for
	worked       atomic.Bool // the worker is back
}

func (g *town) resting() bool { return g.worked.Load() }

// Who plays what. Each creator has one partnership, and rests in it where their deed waits.
var (
	offers  = []string{"accepts", "counters", "declines", "offered.twice"}
	asking  = []string{"wins", "loses", "both.ways"} // counter-offers
	parcels = []string{"received", "damaged"}
	drafts  = []string{"drafts", "extends", "two.drafts", "slack.extends", "api.extends", "shell.extends"}
	reviews = []string{"approved", "adjusted", "changes", "both.views"}
	posts   = []string{"posts"}
	quiet   = []string{"more.time", "wait", "replaced"}
	broken  = []string{"again", "cancelled", "by.api", "by.shell"}
	lost    = []string{"lost.one", "lost.two", "lost.three", "lost.four"}
)

// stopped are campaigns of one creator each that people stop and let go on.
var stopped = []string{
	"PauseSlack", "PauseAPI", "PauseShell", "ResumeSlack", "ResumeAPI", "ResumeShell", "CancelSlack", "CancelAPI", "CancelShell", "OneAPI", "OneShell", "Amended", "Noted", "NotedToo", "Erased", "Mended", "Changed", "ChangedToo", "Revoked",
	"OnePauseAPI", "OnePauseShell", "OneResumeAPI", "OneResumeShell", "ReplacedSlack", "ReplacedAPI", "ReplacedShell",
}

// runs are programs whose month waits for approval.
var runs = []string{"run-slack", "run-slack-no", "run-api", "run-api-no", "run-shell", "run-shell-no", "run-own", "run-other", "run-both"}

// unsure are programs with a transfer of which nobody knows; held with an earning that is held, free with one that is not; unrun with a
// month to be run.
var (
	unsure = []string{"sure-slack", "sure-slack-no", "sure-api"}
	held   = []string{"held-release", "held-void", "held-release-slack", "held-void-slack", "held-release-api", "held-void-api"}
	free   = []string{"held-hold", "held-hold-slack", "held-hold-api"}
	unrun  = []string{"month-api", "month-shell"}
)

func creatorsOf(followers int, handles ...string) []partnership.Creator {
	all := systemtest.Crowd(len(handles))
	for i, h := range handles {
		all[i].Handle, all[i].Name, all[i].Email, all[i].Followers = h, "Maker "+h, h+"@mail.example", followers-i
	}
	return all
}

func deedCampaign(name string, target int, tier, sku, timeline string) string {
	text := systemtest.CrowdCampaign(target, timeline)
	for old, now := range map[string]string{"Made Together": name, "program: makers": "program: deeds", "[nano]": "[" + tier + "]", "{nano:": "{" + tier + ":", "SAMPLER-12": sku, "standby: 2": "standby: 0"} {
		text = strings.ReplaceAll(text, old, now)
	}
	return text
}

const (
	patient   = "{publish_from: +0, publish_to: +400, outreach_days: 60, sign_days: 60, produce_days: 60, review_days: 60, buffer_days: 2, window_days: 60}"
	impatient = "{publish_from: +0, publish_to: +400, outreach_days: 60, sign_days: 60, produce_days: 0.1, review_days: 60, buffer_days: 2, window_days: 60}"
)

func openTown(t *testing.T) *town {
	t.Helper()
	g := &town{
		t: t, campaigns: map[string]partnership.CampaignID{}, partnerships: map[string]partnership.PartnershipID{}, links: map[string]string{}, row: map[string]string{}, delayed: map[partnership.PartnershipID]bool{},
	}
	nobodys := creatorsOf(9000, lost...)
	g.s = systemtest.Start(t, systemtest.Options{
		Day: deedDay, Campaign: deedCampaign("Lost", len(lost), "nano", "SAMPLER-12", patient), Creators: systemtest.CSV(t, nobodys), Alone: true,
		Env: []string{"RAPPORT_API_TOKENS=" + tokensSetting()},
	})
	g.s.Plan(
		systemtest.Plan{Vendor: "sendgrid", Endpoint: "mail.send", Kind: "execute-then-drop", Count: len(lost)},
		systemtest.Plan{Vendor: "sendgrid", Endpoint: "*", Kind: "webhook-never", Rate: 1}, // what the vendor says later would prove it
	)
	g.s.Await("Launched Lost")
	g.front = g.s.Ports().Front
	g.connect()
	g.s.Until("the mails of which nobody knows", func() bool { return len(g.s.Cards("unknown_effect", "")) == len(lost) })
	g.s.NoFaults()
	unknown, err := g.kept.UnknownEffects(t.Context())
	must(t, err)
	for _, e := range unknown {
		g.effects = append(g.effects, string(e.Key))
	}
	g.launchAll()
	g.seedMoney()
	g.play()
	g.waitForQuestions()
	return g
}

func (g *town) connect() {
	ctx, set := g.t.Context(), g.s.Settings()
	secret, err := base64.StdEncoding.DecodeString(set["RAPPORT_SECRET_KEY"])
	must(g.t, err)
	g.kept, err = store.Open(ctx, set["RAPPORT_DATABASE_URL"], store.Options{SecretKey: secret, Day: deedDay, PublicURL: set["RAPPORT_PUBLIC_URL"]})
	must(g.t, err)
	g.t.Cleanup(g.kept.Close)
	g.db, err = pgx.Connect(ctx, set["RAPPORT_DATABASE_URL"])
	must(g.t, err)
	g.t.Cleanup(func() { _ = g.db.Close(context.Background()) })
	g.engine, err = client.Dial(client.Options{HostPort: set["TEMPORAL_ADDRESS"], Namespace: set["TEMPORAL_NAMESPACE"]})
	must(g.t, err)
	g.t.Cleanup(g.engine.Close)
}

func (g *town) launch(name, yaml string, creators []partnership.Creator) {
	g.t.Helper()
	status, answer := g.api(boss, http.MethodPost, "/campaigns", "", map[string]string{"campaign": yaml, "creators": systemtest.CSV(g.t, creators)})
	var done struct{ ID partnership.CampaignID }
	if json.Unmarshal(answer, &done) != nil || status != http.StatusCreated {
		g.t.Fatalf("launch %s: %d %s", name, status, answer)
	}
	g.campaigns[name] = done.ID
	for _, c := range creators {
		found, err := g.kept.FindCreator(g.t.Context(), "@"+c.Handle)
		must(g.t, err)
		g.partnerships[c.Handle] = partnership.PartnershipFor(done.ID, found.ID)
	}
}

func (g *town) launchAll() {
	g.launch("Quiet", deedCampaign("Quiet", len(quiet), "micro", "SAMPLER-12", impatient), creatorsOf(30_000, quiet...))
	all := slices.Concat(offers, asking, parcels, drafts, reviews, posts)
	g.launch("Deeds", deedCampaign("Deeds", len(all), "nano", "SAMPLER-12", patient), creatorsOf(9000, all...))
	g.launch("Broken", deedCampaign("Broken", len(broken), "nano", "SAMPLER-12", patient), creatorsOf(9000, broken...))
	// Who has no name cannot sign: the vendor refuses the agreement for good.
	_, err := g.db.Exec(g.t.Context(), "update creators set name = '' where handle = any($1)", broken)
	must(g.t, err)
	for _, name := range stopped {
		g.launch(name, deedCampaign(name, 1, "nano", "SAMPLER-12", patient), creatorsOf(9000, "in."+strings.ToLower(name)))
		if strings.HasPrefix(name, "Resume") {
			status, answer := g.api(boss, http.MethodPost, "/campaigns/"+string(g.campaigns[name])+"/pause", "", map[string]string{"reason": "to begin with"})
			if status != http.StatusOK {
				g.t.Fatalf("pause %s: %d %s", name, status, answer)
			}
		}
	}
}

// seedMoney gives each program one creator's fee, and brings its month to where its deed waits.
func (g *town) seedMoney() {
	ctx := g.t.Context()
	now, err := g.kept.Time(ctx)
	must(g.t, err)
	g.period = now.Format("2006-01")
	for i, program := range slices.Concat(runs, unsure, held, free, unrun) {
		campaign := partnership.Campaign{
			Name: "Of " + program, Program: program, Currency: "USD", Timezone: "UTC", BudgetMinor: 1_000_000, Selection: partnership.Selection{Target: 1},
			Payout: partnership.PayoutPolicy{MinimumMinor: 100, Provider: "stripe", ApproveAboveMinor: 1_000_000},
		}
		id, _, err := g.kept.CreateCampaign(ctx, campaign, creatorsOf(9000, "paid."+strings.ReplaceAll(program, "-", ".")), program)
		must(g.t, err)
		who, err := g.kept.FindCreator(ctx, "@paid."+strings.ReplaceAll(program, "-", "."))
		must(g.t, err)
		minor := int64(50_000 + 100*i) // each its own sum, by which its card is known
		must(g.t, g.kept.ReserveBudget(ctx, id, partnership.RosterEntry{CreatorID: who.ID, Tier: partnership.Nano, Niche: "home", Rank: 1}, partnership.Terms{Version: 1, Currency: "USD", FeeMinor: minor}, minor))
		must(g.t, g.kept.SavePayoutAccount(ctx, who.ID, partnership.PayoutAccount{ID: "acct_" + program, Ready: true}))
		must(g.t, g.kept.EarnFee(ctx, partnership.PartnershipFor(id, who.ID), "reel/1", minor, now.Add(-time.Minute)))
		if slices.Contains(slices.Concat(held, free), program) {
			must(g.t, g.db.QueryRow(ctx, "select id from ledger_rows where creator_id = $1", who.ID).Scan(ptr(g.row, program)))
		}
		if slices.Contains(held, program) {
			must(g.t, g.kept.HoldRow(ctx, g.row[program], "cli:tester", "to be looked at"))
		}
	}
	for _, program := range slices.Concat(runs, unsure) {
		if status, answer := g.api(prep, http.MethodPost, "/payouts/run", "", map[string]string{"program": program, "period": g.period}); status != http.StatusAccepted {
			g.t.Fatalf("run %s: %d %s", program, status, answer)
		}
	}
	for _, program := range slices.Concat(runs, unsure) {
		g.s.Until("the plan of "+program, func() bool {
			_, ok := g.card(partnership.ActionID(partnership.ActApproveRun, partnership.ChoiceApprove), program+"|")
			return ok
		})
	}
	for _, program := range unsure { // sent a day ago, by a build that died: its key may be forgotten
		_, err := g.db.Exec(ctx, "update payouts set state = 'posted', first_posted_at = now() - interval '24 hours' where run_id = $1", g.run(program).ID)
		must(g.t, err)
		if status, answer := g.api(fin, http.MethodPost, "/payouts/approve", "", map[string]string{"program": program, "period": g.period, "hash": g.run(program).LinesHash}); status != http.StatusOK {
			g.t.Fatalf("approve %s: %d %s", program, status, answer)
		}
	}
}

// ptr scans into a map.
type into struct {
	m   map[string]string
	key string
}

func ptr(m map[string]string, key string) *into { return &into{m, key} }

// Scan is sql.Scanner's.
func (i *into) Scan(v any) error { i.m[i.key] = fmt.Sprint(v); return nil }

func (g *town) run(program string) partnership.PayoutRun {
	g.t.Helper()
	all, err := g.kept.PayoutRuns(g.t.Context(), program, g.period)
	must(g.t, err)
	if len(all) != 1 {
		g.t.Fatalf("%d runs of %s", len(all), program)
	}
	return all[0]
}

// payout is the only one of a program.
func (g *town) payout(program string) partnership.PayoutID {
	g.t.Helper()
	all, err := g.kept.PayoutsOfRun(g.t.Context(), g.run(program).ID)
	must(g.t, err)
	if len(all) != 1 {
		g.t.Fatalf("%d payouts of %s", len(all), program)
	}
	return all[0].ID
}

// play has the creators come to where their deed waits.
func (g *town) play() {
	until, all := map[string]partnership.TaskKind{}, []partnership.Creator{}
	for _, group := range []struct {
		handles []string
		until   partnership.TaskKind
	}{
		{parcels, partnership.TaskReceive}, {drafts, partnership.TaskDraft}, {reviews, partnership.TaskPost}, {posts, partnership.TaskPost}, {quiet, partnership.TaskDraft}, {broken, partnership.TaskReceive},
	} {
		for _, c := range creatorsOf(9000, group.handles...) {
			until[c.Handle] = group.until
			all = append(all, c)
		}
	}
	g.s.PlayTown(people.Options{Creators: all, Day: 250 * time.Millisecond, Seed: 1, Until: until, OfficeAway: true})
}

// waitForQuestions waits until each deed can be done, and does what has to be done before.
func (g *town) waitForQuestions() {
	for _, h := range slices.Concat(asking) {
		g.await(h, "offer")
		g.send(g.links[h], url.Values{"action": {"counter"}, "nonce": {"before"}, "fee": {"5000"}, "fee_meant": {"500000"}, "consent": {"yes"}, "note": {"It is worth it."}, "name": {h}, "line1": {"1 Main St"}, "city": {"Austin"}, "region": {"TX"}, "postal_code": {"78701"}, "country": {"US"}})
	}
	for h, task := range map[string]string{"received": "receive", "damaged": "receive", "drafts": "draft", "extends": "draft", "two.drafts": "draft", "slack.extends": "draft", "api.extends": "draft", "shell.extends": "draft"} {
		g.await(h, task)
	}
	for _, h := range offers {
		g.await(h, "offer")
	}
	approve := partnership.ActionID(partnership.ActReviewDraft, partnership.ChoiceApprove)
	g.s.Until("the drafts", func() bool { return g.asked(approve, slices.Concat(reviews, posts)) })
	m, _ := g.card(approve, string(g.of("posts")))
	g.s.Tell("/sandbox/slack/click", map[string]string{"channel": m.Channel, "ts": m.TS, "action_id": approve, "user": manager}, nil)
	g.await("posts", "post")
	g.s.Until("the counter-offers", func() bool {
		return g.asked(partnership.ActionID(partnership.ActDecideCounter, partnership.ChoiceAccept), asking)
	})
	g.s.Until("the refused steps", func() bool { return g.asked(partnership.ActionID(partnership.ActRetryStep, "again"), broken) })
	for _, program := range unsure {
		g.s.Until("the transfer of "+program, func() bool {
			_, ok := g.card(partnership.ActionID(partnership.ActResolvePayout, partnership.ChoiceRelease), string(g.payout(program)))
			return ok
		})
	}
	must(g.t, g.engine.TerminateWorkflow(g.t.Context(), workflows.CampaignWorkflowID(g.campaigns["Mended"]), "", "by hand"))
	for _, name := range stopped {
		g.s.Until(name+"'s creator is invited", func() bool {
			return name == "Mended" || strings.HasPrefix(name, "Resume") || len(g.s.Mails("invitation", g.of("in."+strings.ToLower(name)))) > 0
		})
	}
	g.troubleOurselves()
	g.s.Until("the silences", func() bool {
		return g.asked(partnership.ActionID(partnership.ActDecideQuiet, partnership.ChoiceExtend), quiet)
	})
}

// troubleOurselves makes what people lift, retry and take up again.
func (g *town) troubleOurselves() {
	ctx := g.t.Context()
	who, err := g.kept.FindCreator(ctx, "@paid.held.void")
	must(g.t, err)
	_, err = g.kept.OptOut(ctx, g.kept.OptOutToken(who.ID))
	must(g.t, err)
	all, err := g.kept.Suppressions(ctx)
	must(g.t, err)
	for _, s := range all {
		if strings.TrimPrefix(s.Handle, "@") == who.Handle {
			g.lifted = s.ID
		}
	}
	_, err = g.kept.Receive(ctx, "shopify", "of the tests", nil, []byte("{}"))
	must(g.t, err)
	var id int64
	must(g.t, g.db.QueryRow(ctx, "select id from inbox where delivery_id = 'of the tests'").Scan(&id))
	must(g.t, g.kept.InboxDead(ctx, id, partnership.Errorf(partnership.Invalid, "of the tests")))
}

func (g *town) asked(action string, handles []string) bool {
	for h, parcel := range g.s.Parcels() {
		if parcel.Status == "delivered" || g.delayed[h] {
			continue
		}
		if slices.Contains([]partnership.PartnershipID{g.of("received"), g.of("damaged")}, h) { // the creator says so before the carrier does
			g.s.Carrier(parcel, map[string]any{"delay_days": 50})
			g.delayed[h] = true
			continue
		}
		g.s.Carrier(parcel, map[string]any{"status": "delivered"})
	}
	return !slices.ContainsFunc(handles, func(h string) bool { _, ok := g.card(action, string(g.of(h))); return !ok })
}

// await waits for the mail that asks a creator for something, and keeps its link.
func (g *town) await(handle, task string) {
	g.t.Helper()
	g.s.Until(handle+" is asked for "+task, func() bool {
		g.asked("", nil)
		var all struct{ Mails []systemtest.Mail }
		g.s.Sandbox("/sandbox/mails", &all)
		for _, m := range slices.Backward(all.Mails) {
			if m.PartnershipID != g.of(handle) || !strings.HasPrefix(m.Task, task) {
				continue
			}
			for _, link := range m.Links {
				if strings.Contains(link, "/t/") {
					g.links[handle] = link
					return true
				}
			}
		}
		return false
	})
}

// updates counts how often an update was let into a workflow, by the server's own history.
func (g *town) updates(workflowID, name string) (n int) {
	g.t.Helper()
	history := g.engine.GetWorkflowHistory(g.t.Context(), workflowID, "", false, enumspb.HISTORY_EVENT_FILTER_TYPE_ALL_EVENT)
	for history.HasNext() {
		event, err := history.Next()
		must(g.t, err)
		if event.GetWorkflowExecutionUpdateAcceptedEventAttributes().GetAcceptedRequest().GetInput().GetName() == name {
			n++
		}
	}
	return n
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
