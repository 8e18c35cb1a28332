package main

import (
	"bytes"
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"go.temporal.io/sdk/client"
	"go.temporal.io/sdk/worker"
	"go.temporal.io/sdk/workflow"

	"github.com/rapport-dev/rapport/app/deeds"
	"github.com/rapport-dev/rapport/partnership"
	"github.com/rapport-dev/rapport/proof/temporaltest"
	"github.com/rapport-dev/rapport/store"
	"github.com/rapport-dev/rapport/web/access"
	"github.com/rapport-dev/rapport/workflows"
)

// playedElsewhere are the commands that take more than a workflow that says yes, and what plays them.
var playedElsewhere = map[string]string{
	"campaign launch":     "it needs every vendor: TestEveryDeedWhileNoWorkerRuns",
	"campaign amend":      "it asks each partnership where it stands: TestEveryDeedWhileNoWorkerRuns",
	"workflows mend":      "it replays a history: TestATerminatedStoryIsToldAndGoesOnOrEnds in wiring/mend",
	"orders reread":       "it waits for a worker: TestOrdersAreReadAgainFromAShell",
	"deployments promote": "TestAShellPromotesABuild",
	"keys rotate --drop":  "TestRotatingTheCodecKeyByItsCommands",
}

// shellHouse is a database and an engine in which every workflow that is there takes every deed.
type shellHouse struct {
	t           *testing.T
	store       *store.Store
	campaign    partnership.CampaignID
	partnership partnership.PartnershipID
	period      string
	takes       func(workflow string) // starts one that takes every deed
	asked       int                   // the questions that were made
}

// TestEveryDeedByTheShell plays the command line's cells of the registry: a way without a play fails, and each leaves one line.
func TestEveryDeedByTheShell(t *testing.T) {
	if testing.Short() {
		t.Skip("it needs a database and Temporal")
	}
	h := openShell(t)
	for _, d := range deeds.All {
		for _, way := range d.Ways[deeds.Shell] {
			if playedElsewhere[way] != "" {
				continue
			}
			t.Run(d.Name+" by "+way, func(t *testing.T) {
				h.t = t
				args := h.play(d.Name, way)
				before := h.lines(d.Name)
				var said bytes.Buffer
				if code := run(t.Context(), args, &said, &said); code != done {
					t.Fatalf("exit %d: %s", code, said.String())
				}
				if got := h.lines(d.Name) - before; got != 1 {
					t.Errorf("it left %d lines in the audit: %s", got, said.String())
				}
			})
		}
	}
	h.t = t
	for _, way := range [][]string{{"campaign", "invite"}, {"campaign", "veto"}} { // what no row of the outage plays
		if h.lines(way[1]) == 0 {
			t.Errorf("nothing played %v", way)
		}
	}
}

func openShell(t *testing.T) *shellHouse {
	t.Helper()
	h := &shellHouse{t: t}
	h.campaign, h.partnership = kept(t)
	server := temporaltest.Server(t)
	t.Setenv("TEMPORAL_ADDRESS", server.Address())
	t.Setenv("TEMPORAL_NAMESPACE", server.Namespace())
	t.Setenv("RAPPORT_CODEC_KEYS", "plain")
	var err error
	h.store, err = store.Open(t.Context(), os.Getenv("RAPPORT_DATABASE_URL"), store.Options{SecretKey: []byte("a secret of these very tests ...")})
	must(t, err)
	t.Cleanup(h.store.Close)
	now, err := h.store.Time(t.Context()) // by whose clock a month has begun
	must(t, err)
	h.period = now.Add(-48 * time.Hour).Format("2006-01")
	c := temporaltest.Client(t)
	w := worker.New(c, t.Name(), worker.Options{})
	w.RegisterWorkflowWithOptions(func(ctx workflow.Context) error {
		for _, d := range deeds.All {
			if err := workflow.SetUpdateHandler(ctx, d.Name, func(workflow.Context, map[string]any) (workflows.Ack, error) { return workflows.Ack{}, nil }); err != nil {
				return err
			}
		}
		return workflow.Await(ctx, func() bool { return false })
	}, workflow.RegisterOptions{Name: "Takes"})
	must(t, w.Start())
	t.Cleanup(w.Stop)
	queue := t.Name()
	takers := []string{}
	h.takes = func(id string) {
		_, err := c.ExecuteWorkflow(h.t.Context(), client.StartWorkflowOptions{ID: id, TaskQueue: queue}, "Takes")
		must(h.t, err)
		takers = append(takers, id)
	}
	for _, id := range []string{workflows.CampaignWorkflowID(h.campaign), workflows.PartnershipWorkflowID(h.partnership), workflows.PayoutRunWorkflowID("taken", "2026-11")} {
		h.takes(id)
	}
	t.Cleanup(func() { // other tests replay all that is open
		for _, id := range append(takers, workflows.PayoutRunWorkflowID("dreams", h.period)) {
			if err := c.TerminateWorkflow(context.WithoutCancel(t.Context()), id, "", "the test is over"); err != nil {
				t.Errorf("%s stays open: %v", id, err)
			}
		}
	})
	return h
}

// lines are how many lines the audit has of a deed by this shell.
func (h *shellHouse) lines(deed string) int {
	h.t.Helper()
	lines, err := h.store.Audit(h.t.Context(), store.AuditFilter{Who: access.Shell(), Deed: deed})
	must(h.t, err)
	return len(lines)
}

// play makes ready what a command is about, and returns what is typed.
func (h *shellHouse) play(deed, way string) []string {
	h.t.Helper()
	ctx, typed, why := h.t.Context(), strings.Fields(way), []string{"--reason", "we think again"}
	add := func(args ...string) []string { return append(typed, args...) }
	switch way {
	case "decisions decide":
		return add(h.decision(deed)...)
	case "campaign pause", "campaign resume", "campaign cancel":
		return append(add(string(h.campaign)), why...)
	case "campaign invite", "campaign veto":
		args := add(h.standsBy(deed)...)
		if way == "campaign invite" {
			args = append(args, "--apply")
		}
		return args
	case "partnership extend":
		return add(string(h.partnership), "--days", "3")
	case "partnership cancel", "partnership pause", "partnership replace":
		return append(add(string(h.partnership)), why...)
	case "partnership retry", "partnership resume":
		return add(string(h.partnership))
	case "partnership note":
		return add(string(h.partnership), "we spoke at a fair")
	case "partnership answer":
		return add(string(h.partnership), "Thursday is fine.")
	case "effects resolve":
		key := partnership.Key(h.partnership, partnership.Outreach, "offer/request", 1)
		_, err := h.store.BeginEffect(ctx, key, "mail")
		must(h.t, err)
		must(h.t, h.store.ParkEffect(ctx, key, "nobody knows"))
		return add(string(key), string(partnership.ChoiceSent))
	case "webhooks add":
		return add("https://hooks.example/rapport")
	case "webhooks remove", "webhooks resend":
		e, err := h.store.AddEndpoint(ctx, partnership.Endpoint{URL: "https://hooks.example/" + deed, Types: []string{}}, "whsec_c2VjcmV0", partnership.Deed{Who: "rapport", Deed: "test"})
		must(h.t, err)
		if way == "webhooks remove" {
			return add(e.ID)
		}
		h.earned(deed)
		log, _, err := h.store.Events(ctx, e.ID, store.Page{Most: 1})
		must(h.t, err)
		return add(e.ID, log[0].ID)
	case "tokens create":
		return add("ci", "--role", "viewer")
	case "tokens revoke":
		_, err := h.store.CreateToken(ctx, partnership.Token{Name: "old", Roles: []string{"viewer"}, Scopes: []string{}, ExpiresAt: time.Time{}.Add(time.Hour)}, "a secret", partnership.Deed{Who: "rapport", Deed: "test"})
		must(h.t, err)
		return add("old")
	case "payouts run":
		return add("--program", "dreams", "--period", h.period)
	case "payouts approve":
		return add("--program", "taken", "--period", "2026-11", "--hash", "h")
	case "payouts reject":
		return append(add("--program", "taken", "--period", "2026-11", "--hash", "h"), why...)
	case "payouts answer":
		row := h.earned(deed)
		creator, err := h.store.FindCreator(ctx, "lena")
		must(h.t, err)
		o, err := h.store.Object(ctx, store.EarningsOwner{Creator: creator.ID, Program: "dreams"}, row, "that is too little", partnership.Deed{Who: partnership.ByCreator(creator.ID)})
		must(h.t, err)
		return add(o.ID, "--as", string(partnership.ChoiceRelease), "--words", "it is as agreed")
	case "payouts bankfile":
		_, period := ordered(h.t, h.store, "banked")
		return add("--program", "banked", "--period", period, "--out", h.t.TempDir())
	case "payouts confirm":
		payout, _ := atTheBank(h.t, h.store, "confirmed")
		return add(string(payout), "--as", string(partnership.BankPaid), "--reference", "R1", "--on", yesterday())
	case "payouts unexecuted":
		_, file := atTheBank(h.t, h.store, "unexecuted")
		return append(add(file), why...)
	case "payouts resolve":
		h.takes(workflows.PayoutWorkflowID("po_resolved"))
		return add("po_resolved", "--as", string(partnership.ChoicePaid), "--transfer", "tr_1")
	case "payouts settle":
		_, err := h.store.NoteDifferences(ctx, "stripe", time.Time{}, []partnership.Transfer{{ID: "tr_tests", PayoutID: "gone", Destination: "acct_gone", AmountMinor: 5, Currency: "USD", CreatedAt: time.Now()}})
		must(h.t, err)
		return append(add("tr_tests", "--as", string(partnership.SettleForeign)), why...)
	case "ledger fee":
		return append(add(string(feeDue(h.t, h.store, "nova")), "--on", "2026-01-05"), why...)
	case "orders import":
		file := filepath.Join(h.t.TempDir(), "orders.csv")
		must(h.t, os.WriteFile(file, []byte("order_id,time,currency,net\nO-1,2026-01-05,USD,10.00\n"), 0o600))
		return add(file, "--shop", "outlet", "--confirm")
	case "tax 1099":
		return add("--year", "2026")
	case "tax treatment":
		return add("@lena", "--as", string(partnership.TaxDomestic), "--rate", "19")
	case "payouts invoice":
		return add(invoiced(h.t, h.store, "invoiced"), "--out", filepath.Join(h.t.TempDir(), "invoice.pdf"))
	case "payouts credit":
		return append(add(invoiced(h.t, h.store, "credited")), why...)
	case "tax record":
		return add("@lena", "--form", "W-9", "--last4", "4321", "--reference", "Track1099 77")
	case "sanctions import":
		return add(listFile(h.t, "Somebody Else"), "--published", "2026-11-01")
	case "sanctions clear", "sanctions confirm":
		return append(add(h.hit()), why...)
	case "tax open", "tax reject":
		return append(add(h.taxPaper(deed)), why...)
	case "ledger hold", "ledger release", "ledger void":
		row := h.earned(deed)
		if way != "ledger hold" {
			must(h.t, h.store.HoldRow(ctx, row, "rapport", "looks odd"))
		}
		return append(add(row), why...)
	case "ledger writeoff", "ledger writeoff --approve", "ledger writeoff --withdraw":
		if way == "ledger writeoff" {
			debt(h.t, h.store, h.partnership, "tr_"+deed)
			return append(add("@lena", "--program", "dreams"), why...)
		}
		return add(h.writeOff("tr_" + deed))
	case "payouts proof":
		return add("--program", "dreams", "--period", h.period)
	case "creators export":
		return add(filepath.Join(h.t.TempDir(), "creators.csv"))
	case "creators import":
		return add(h.file("handle,name,email,platform,followers,engagement_rate,niche\nfern,Fern,fern@mail.example,instagram,9000,4,home\n"))
	case "creators import --confirm":
		h.openWork("moss")
		return add(h.file("handle,name,email,platform,followers,engagement_rate,niche\nmoss,Moss,moss.new@mail.example,instagram,9000,4,home\n"))
	case "creators erase", "suppressions lift", "links revoke":
		return h.aboutSomebody(way, typed, why)
	case "links revoke --calendar":
		return append(add(string(h.campaign)), why...)
	case "vendors retry":
		_, err := h.store.NoteTrouble(ctx, "shopify", partnership.RefusesAll, "of the tests", time.Hour)
		must(h.t, err)
		return add("shopify")
	case "inbox retry":
		_, err := h.store.Receive(ctx, "shopify", "of the tests", nil, []byte("{}"))
		must(h.t, err)
		must(h.t, h.store.InboxDead(ctx, 1, partnership.Errorf(partnership.Invalid, "of the tests")))
		return add("--all")
	}
	h.t.Fatalf("no play types `rapport %s` for %s: write one", way, deed)
	return nil
}

// writeOff is one that somebody else has asked for.
func (h *shellHouse) writeOff(transfer string) string {
	h.t.Helper()
	ctx := h.t.Context()
	creator := debt(h.t, h.store, h.partnership, transfer)
	open, err := h.store.WriteOffsToApprove(ctx) // what this shell has asked for, another person forgives
	must(h.t, err)
	for _, asked := range open {
		_, err := h.store.ApproveWriteOff(ctx, asked.ID, partnership.Deed{Who: "slack:U2"}, []string{"slack:U2"})
		must(h.t, err)
	}
	asked, err := h.store.AskWriteOff(ctx, partnership.WriteOff{Program: "dreams", CreatorID: creator}, partnership.Deed{Who: "slack:U1", Reason: "she left"})
	must(h.t, err)
	return asked.ID
}

// aboutSomebody is about a creator with nothing open, who has said no.
func (h *shellHouse) aboutSomebody(way string, typed, why []string) []string {
	h.t.Helper()
	handle := strings.ReplaceAll(way, " ", ".")
	done, err := h.store.ImportCreators(h.t.Context(), []partnership.Creator{{Platform: "instagram", Handle: handle, Name: "Of the tests", Email: handle + "@mail.example"}}, partnership.Consent{})
	must(h.t, err)
	switch way {
	case "creators erase":
		return append(typed, "@"+handle, "--yes")
	case "suppressions lift":
		_, err := h.store.OptOut(h.t.Context(), h.store.OptOutToken(done.IDs[0]))
		must(h.t, err)
		return append(append(typed, "@"+handle, "--they-asked"), why...)
	}
	return append(append(typed, "@"+handle), why...)
}

// standsBy is a campaign that runs, and somebody of its list who was not invited.
func (h *shellHouse) standsBy(name string) []string {
	h.t.Helper()
	spec := partnership.Campaign{Name: "Of " + name, Program: "picks", Currency: "USD", Timezone: "America/New_York", BudgetMinor: 1_000_000}
	spec.Offer = partnership.Offer{
		FeeMinor: map[partnership.Tier]int64{partnership.Nano: 50_000}, Deliverables: []partnership.Deliverable{{Kind: "instagram_reel", Count: 1}},
		UsageRights: partnership.UsageRights{Channels: []string{"email"}, Days: 30},
	}
	who := partnership.Creator{Platform: "instagram", Handle: "for." + name, Name: "Of the tests", Email: name + "@mail.example", Followers: 9000, Niche: "home"}
	id, _, err := h.store.CreateCampaign(h.t.Context(), spec, []partnership.Creator{who}, name)
	must(h.t, err)
	h.takes(workflows.CampaignWorkflowID(id))
	return []string{string(id), "@" + who.Handle}
}

// openWork is somebody with a partnership that is open.
func (h *shellHouse) openWork(handle string) {
	h.t.Helper()
	who := partnership.Creator{Platform: "instagram", Handle: handle, Name: "Moss", Email: handle + "@mail.example", Followers: 9000, Niche: "home"}
	id, _, err := h.store.CreateCampaign(h.t.Context(), partnership.Campaign{Name: "Of " + handle, Program: "dreams", Currency: "USD", Timezone: "America/New_York", BudgetMinor: 1_000_000}, []partnership.Creator{who}, handle)
	must(h.t, err)
	creators, err := h.store.CampaignCreators(h.t.Context(), id)
	must(h.t, err)
	must(h.t, h.store.ReserveBudget(h.t.Context(), id, partnership.RosterEntry{CreatorID: creators[0].ID, Tier: partnership.Nano, Niche: "home", Rank: 1}, partnership.Terms{Version: 1, Currency: "USD"}, 0))
}

// earned is an earning of its own.
func (h *shellHouse) earned(what string) (row string) {
	h.t.Helper()
	must(h.t, h.store.EarnFee(h.t.Context(), h.partnership, what, 12_300, time.Now()))
	books, err := h.store.LedgerDocument(h.t.Context(), store.LedgerFilter{})
	must(h.t, err)
	for _, r := range books.Rows {
		if r.State != "held" && r.State != "voided" {
			row = r.ID
		}
	}
	return row
}

func (h *shellHouse) file(text string) string {
	h.t.Helper()
	name := filepath.Join(h.t.TempDir(), "creators.csv")
	must(h.t, os.WriteFile(name, []byte(text), 0o600))
	return name
}
