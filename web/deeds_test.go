package web_test

import (
	"context"
	"encoding/json"
	"net/http"
	"net/url"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/rapport-dev/rapport/app/deeds"
	"github.com/rapport-dev/rapport/app/launch"
	"github.com/rapport-dev/rapport/app/payouts"
	"github.com/rapport-dev/rapport/intake"
	"github.com/rapport-dev/rapport/partnership"
	"github.com/rapport-dev/rapport/store"
	"github.com/rapport-dev/rapport/web"
	"github.com/rapport-dev/rapport/workflows"
)

// TestEveryDeedByItsDoors plays every cell of the registry of deeds that is a door of this house: a way without a play fails. What is
// asked for is the deed, by whoever asked. (The command line's cells are TestEveryDeedByTheShell's; all are played again while no
// worker runs by TestEveryDeedWhileNoWorkerRuns.)
func TestEveryDeedByItsDoors(t *testing.T) {
	t.Parallel()
	plays := map[string]func(h *house, d deeds.Deed, way string) (who string){deeds.API: (*house).playAPI, deeds.Console: (*house).playConsole, deeds.Slack: (*house).playSlack, deeds.Pages: (*house).playPage, deeds.Agent: (*house).playAgent}
	for _, d := range deeds.All {
		for door, play := range plays {
			for _, way := range waysOf(d, door) {
				t.Run(d.Name+" by "+door+" "+way, func(t *testing.T) {
					t.Parallel()
					with := []func(*web.Deps){realDeeds, unrehearsed, amends, office}
					if door == deeds.Pages { // Slack's signatures are of now
						with = append(with, inWindow)
					}
					h := open(t, with...)
					who := play(h, d, way)
					eventually(t, d.Name+" by "+who, func() bool { return h.asked(d.Name) || h.audited(d.Name, who) })
				})
			}
		}
	}
}

// beginnings starts workflows, and there are none.
type beginnings struct{ *temporal }

func (beginnings) StartCampaign(context.Context, partnership.CampaignID, string) (bool, error) {
	return true, nil
}
func (beginnings) EnsurePayoutSchedule(context.Context, string, string) error { return nil }
func (beginnings) Open(context.Context, string) (bool, error)                 { return false, nil }
func (beginnings) Query(context.Context, string, string, any) error {
	return partnership.Errorf(partnership.NotFound, "none")
}

func (beginnings) StartPayoutRun(context.Context, workflows.PayoutRunInput) (bool, error) {
	return true, nil
}

// realDeeds launches and starts runs as in production; only the workflows are not there.
func realDeeds(d *web.Deps) {
	w := beginnings{}
	l := launch.Launcher{
		Serves: func(context.Context, string, string, string) (string, error) { return "", nil },
		Store:  d.Store, Workflows: w, Day: 24 * time.Hour, Known: intake.Vendors{Carriers: []string{"easypost"}, Rails: []string{"stripe"}}, Off: func(partnership.Port, string) string { return "" },
		Now: func() time.Time { return time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC) },
	}
	runs := payouts.Starter{Books: d.Store, Workflows: func() (payouts.Workflows, error) { return w, nil }, Now: time.Now}
	d.Launch, d.Plan, d.Reread = l.Launch, l.Plan, shopAsked{}
	d.Look = func(ctx context.Context, r launch.Request) (launch.Look, error) {
		look, err := l.Look(ctx, r)
		look.At = time.Now() // the doors' clock is another than the launcher's here
		return look, err
	}
	d.StartRun = func(ctx context.Context, by deeds.By, m payouts.Month) (payouts.Outlook, error) {
		return runs.Start(ctx, by, m, 0)
	}
}

func (h *house) asked(deed string) bool {
	for _, m := range h.temporal.messages() {
		if m.Name == deed && m.UpdateID != "" {
			return true
		}
	}
	return false
}

func (h *house) audited(deed, who string) bool {
	h.t.Helper()
	lines, err := h.store.Audit(h.t.Context(), store.AuditFilter{Who: who, Deed: deed})
	must(h.t, err)
	return len(lines) == 1
}

// files are another campaign, which can be launched.
func (h *house) files() (campaign, creators string) {
	h.t.Helper()
	for name, text := range map[string]*string{"campaign.yaml": &campaign, "creators.csv": &creators} {
		b, err := os.ReadFile("../examples/hybrid/" + name)
		must(h.t, err)
		*text = string(b)
	}
	return strings.Replace(campaign, "Dreams Sunset", "Dreams Sunrise", 1), creators
}

// parked is an act of which nobody knows whether it was done.
func (h *house) parked() partnership.EffectKey {
	h.t.Helper()
	key := partnership.Key(h.partnership, partnership.Outreach, "offer/request", 1)
	_, err := h.store.BeginEffect(h.t.Context(), key, "mail")
	must(h.t, err)
	must(h.t, h.store.ParkEffect(h.t.Context(), key, "nobody knows"))
	return key
}

// earning is a row of the books, held or not.
func (h *house) earning(held bool) string {
	h.t.Helper()
	must(h.t, h.store.EarnFee(h.t.Context(), h.partnership, "reel/1", 5000, time.Now()))
	books, err := h.store.LedgerDocument(h.t.Context(), store.LedgerFilter{})
	must(h.t, err)
	if held {
		must(h.t, h.store.HoldRow(h.t.Context(), books.Rows[0].ID, "rapport", "odd"))
	}
	return books.Rows[0].ID
}

// tokens are who asks for a deed by the API; what any role may is asked by a manager.
var tokens = map[deeds.Role]string{deeds.Manager: managerToken, deeds.Finance: financeToken, deeds.Viewer: managerToken}

func (h *house) playAPI(d deeds.Deed, way string) (who string) {
	h.playRoute(d, way, func(token, method, _, path, text string) answered { return h.call(token, method, path, text) })
	if d.Need == deeds.Viewer {
		return "api:manager"
	}
	return "api:" + string(d.Need)
}

// playRoute makes what a way of the API needs and sends what it takes.
func (h *house) playRoute(d deeds.Deed, way string, send func(token, method, pattern, path, text string) answered) {
	token := tokens[d.Need]
	method, pattern, _ := strings.Cut(way, " ")
	path := pattern
	id := string(h.campaign)
	if strings.HasPrefix(path, "/partnerships") {
		id = string(h.partnership)
	}
	var body any = map[string]string{"reason": "we think again"}
	switch way {
	case "POST /campaigns":
		body = h.launchBody(d.Name, token)
	case "POST /decisions/{id}":
		q := h.decision(d.Name)
		id, body = url.PathEscape(q.id), map[string]string{"choice": string(q.choice), "words": q.words}
	case "POST /partnerships/{id}/retry":
		body = nil
	case "POST /vendors/{vendor}/retry":
		_, err := h.store.NoteTrouble(h.t.Context(), "easypost", partnership.RefusesAll, "of the tests", time.Hour)
		must(h.t, err)
		path, body = strings.Replace(path, "{vendor}", "easypost", 1), nil
	case "POST /partnerships/{id}/extend":
		body = map[string]any{"days": 3}
	case "POST /campaigns/{id}/invite", "POST /campaigns/{id}/veto":
		h.standsBy("bo.sleeps")
		body = map[string]string{"creator": "@bo.sleeps"}
	case "POST /webhooks":
		body = map[string]any{"url": "https://hooks.example/rapport"}
	case "POST /webhooks/{id}/remove":
		id, body = h.endpoint("https://hooks.example/rapport"), nil
	case "POST /webhooks/{id}/resend":
		id = h.endpoint("https://hooks.example/rapport")
		h.earning(false)
		body = map[string]string{"event": h.sent(id)[0].ID}
	case "POST /tokens":
		body = map[string]any{"name": "ci", "roles": []string{"viewer"}}
	case "POST /tokens/{name}/revoke":
		h.token(`{"name":"ci","roles":["viewer"]}`)
		path, body = strings.Replace(path, "{name}", "ci", 1), nil
	case "POST /effects/{key}/resolve":
		path, body = strings.Replace(path, "{key}", url.PathEscape(string(h.parked())), 1), map[string]string{"resolution": string(partnership.ChoiceSent)}
	case "POST /ledger/rows/{row}/hold", "POST /ledger/rows/{row}/release", "POST /ledger/rows/{row}/void":
		path = strings.Replace(path, "{row}", h.earning(d.Name != partnership.DeedHoldRow), 1)
	case "POST /sanctions/lists":
		if res := h.importList(token); res.StatusCode >= http.StatusBadRequest {
			h.t.Fatalf("%s answers %d: %s", way, res.StatusCode, res.body)
		}
		return
	case "POST /partnerships/{id}/messages":
		body = map[string]string{"words": "Thursday is fine."}
	case "POST /preparations/{hash}/confirm", "POST /preparations/{hash}/refuse":
		path, body = strings.Replace(path, "{hash}", h.waiting(), 1), nil
	case "POST /objections/{id}/decide":
		id, body = h.objection(), map[string]string{"decision": string(partnership.ChoiceRelease), "words": "it is as agreed"}
	case "POST /payouts/differences/{transfer}/settle":
		h.difference("tr_api")
		path, body = strings.Replace(path, "{transfer}", "tr_api", 1), map[string]string{"as": string(partnership.SettleForeign), "reason": "sent by hand"}
	case "POST /payouts/bank/{of}/confirm":
		payout, _ := h.atTheBank()
		path, body = strings.Replace(path, "{of}", string(payout), 1), map[string]string{"as": string(partnership.BankPaid), "reference": "R1", "on": yesterday()}
	case "POST /payouts/bank/{of}/unexecuted":
		_, file := h.atTheBank()
		path = strings.Replace(path, "{of}", file, 1)
	case "POST /payouts/run":
		now, err := h.store.Time(h.t.Context()) // by whose clock a month has begun
		must(h.t, err)
		body = map[string]string{"program": "dreams", "period": now.Add(-48 * time.Hour).Format("2006-01")}
	case "POST /payouts/approve":
		fields := map[string]string{"program": "dreams", "period": "2026-11", "hash": "h"}
		if d.Name == partnership.DeedRejectRun {
			fields["reject"] = "wrong"
		}
		body = fields
	case "POST /payouts/{id}/resolve":
		id, body = "po_1", map[string]string{"decision": string(partnership.ChoiceRelease)}
	}
	if about, sent := h.financeBody(way); sent != nil {
		path, body = about, sent
	}
	text := ""
	if body != nil {
		text = asJSON(h.t, body)
	}
	if res := send(token, method, pattern, strings.Replace(path, "{id}", id, 1), text); res.StatusCode >= http.StatusBadRequest {
		h.t.Fatalf("%s answers %d: %s", way, res.StatusCode, res.body)
	}
}

// launchBody is a launch, which for another deed than that changes somebody with open work and is confirmed.
func (h *house) launchBody(deed, token string) map[string]string {
	h.t.Helper()
	campaign, creators := h.files()
	body := map[string]string{"campaign": campaign, "creators": creators}
	if deed == partnership.DeedLaunch {
		return body
	}
	header, _, _ := strings.Cut(creators, "\n")
	row := map[string]string{"handle": "ada.scents", "name": canaryName, "email": "ada.moved@mail.example", "platform": "instagram", "followers": "9000", "engagement_rate": "4.2", "niche": "sleep"}
	var cells []string
	for _, column := range strings.Split(strings.TrimSpace(header), ",") {
		cells = append(cells, row[column])
	}
	body["creators"] = strings.TrimSpace(creators) + "\n" + strings.Join(cells, ",") + "\n"
	var ask struct{ Confirm string }
	must(h.t, json.Unmarshal([]byte(h.call(token, "POST", "/campaigns", asJSON(h.t, body)).body), &ask))
	body["confirm"] = ask.Confirm
	return body
}

func (h *house) playSlack(d deeds.Deed, way string) (who string) {
	user := map[deeds.Role]string{deeds.Manager: "U_MANAGER", deeds.Finance: "U_FINANCE", deeds.Viewer: "U_MANAGER"}[d.Need]
	verb, choice, isButton := strings.Cut(way, ":")
	id := string(h.partnership)
	fields := map[string]string{"words": "we think again", "day": yesterday()}
	word := h.financeWord(way)
	switch {
	case word != "":
		h.command(user, word)
		return "slack:" + user
	case way == "launch":
		campaign, creators := h.files()
		h.chat.keep("F1", []byte(campaign))
		h.chat.keep("F2", []byte(creators))
		h.sendView(user, h.look(), veto())
		return "slack:" + user
	case way == "note":
		h.command(user, "note @ada.scents we spoke by phone")
		return "slack:" + user
	case way == "hold" || way == "release" || way == "reject":
		h.command(user, way+" "+h.earning(way != "hold")+" it looks odd to us")
		return "slack:" + user
	case way == "amend":
		h.offers()
		_, blocks := h.ask(user, "amend Dreams Sunset slots=4")
		h.give(user, "command:0", applied(h.t, blocks))
		return "slack:" + user
	case way == "invite":
		h.standsBy("bo.sleeps")
		_, blocks := h.ask(user, "invite @bo.sleeps to dreams sunset")
		h.give(user, "command:0", applied(h.t, blocks))
	case way == "veto":
		h.standsBy("bo.sleeps")
		h.command(user, "veto @bo.sleeps from dreams sunset")
	case way == "extend":
		h.command(user, "extend @ada.scents 3 days")
	case way == "replace" || way == "message":
		h.command(user, way+" @ada.scents")
	case !isButton:
		h.command(user, way+" Dreams Sunset")
	default:
		parts := map[string][]string{
			partnership.ActDecideCounter: {id, "1"}, partnership.ActReviewDraft: {id, "draft-1"}, partnership.ActDecideQuiet: {id, "draft-1"}, partnership.ActRetryStep: {id},
			partnership.ActApproveRun: {"dreams", "2026-11", "h4sh"}, partnership.ActResolvePayout: {"po_1"},
		}[verb]
		switch verb {
		case partnership.ActAnswerCreator:
			must2(h.store.AddInboundMessage(h.t.Context(), store.InboundMessage{MessageID: "m1", PartnershipID: h.partnership, Body: "Thursday?", At: time.Now(), NeedsAnswer: true}))(h.t)
			parts = []string{id, "m1"}
		case partnership.ActResolveEffect:
			parts = []string{string(h.parked())}
		case partnership.ActDecideHit:
			parts = []string{h.hit()}
		case partnership.ActTellBank:
			_, file := h.atTheBank()
			parts = []string{file}
		case partnership.ActDecideWriteOff:
			parts = []string{h.writeOff()}
		case partnership.ActConfirmAct:
			parts = []string{h.waiting()}
		case partnership.ActDecideObjection:
			parts = []string{h.objection()}
		case partnership.ActSettleDifference:
			h.difference("tr_slack")
			parts = []string{"stripe", "tr_slack", "dreams"}
		}
		h.press(user, h.button(verb, partnership.Choice(choice), parts...))
	}
	if said := h.saidOrDone(func() bool { return h.audited(d.Name, "slack:"+user) }); said.how == "view" {
		h.submit(user, said.view, fields)
	}
	return "slack:" + user
}

func (h *house) playPage(_ deeds.Deed, way string) (who string) {
	if way == "object" {
		row := h.earning(false)
		link, err := h.store.EarningsURL(h.t.Context(), h.creator.ID, "dreams")
		must(h.t, err)
		if res := h.post(link+"/"+time.Now().UTC().Format("2006-01")+"/"+row, url.Values{"words": {"that is too little"}}); res.StatusCode != http.StatusSeeOther {
			h.t.Fatalf("%s answers %d: %s", way, res.StatusCode, res.body)
		}
		return partnership.ByCreator(h.creator.ID)
	}
	if way == "invoice_details" {
		if res := h.post(h.billed(), invoiceForm()); res.StatusCode != http.StatusSeeOther {
			h.t.Fatalf("%s answers %d: %s", way, res.StatusCode, res.body)
		}
		return partnership.ByCreator(h.creator.ID)
	}
	if way == "tax_form" || way == "vat_id" {
		h.playTaxPaper(way)
		return partnership.ByCreator(h.creator.ID)
	}
	form, kind := url.Values{}, partnership.TaskOffer
	switch way {
	case "accept":
		form = acceptance("n")
	case "counter":
		form = meaning(countering("600", "it is worth it"), "60000")
	case "decline":
		form.Set("reason", "The fee is too low")
	case "received", "damaged":
		kind = partnership.TaskReceive
	case "draft", "extend":
		kind = partnership.TaskDraft
		form = url.Values{"url": {"https://drive.example/draft"}, "caption": {"#ad Calm"}, "days": {"2"}}
	case "payout_setup":
		kind = partnership.TaskPayoutSetup
	case "post":
		kind = partnership.TaskPost
		form = url.Values{"url": {"https://instagram.example/p/1"}, "caption": {"#ad Calm evenings"}}
	}
	form.Set("action", way)
	if res := h.post(h.task(kind, string(kind)), form); res.StatusCode != http.StatusSeeOther {
		h.t.Fatalf("%s answers %d: %s", way, res.StatusCode, res.body)
	}
	return partnership.ByCreator(h.creator.ID)
}
