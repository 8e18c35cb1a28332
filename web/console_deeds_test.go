package web_test

import (
	"context"
	"encoding/base64"
	"errors"
	"html"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/rapport-dev/rapport/app/amend"
	"github.com/rapport-dev/rapport/app/deeds"
	"github.com/rapport-dev/rapport/partnership"
	"github.com/rapport-dev/rapport/web"
	"github.com/rapport-dev/rapport/workflows"
)

// TestTheConsoleAsksWhileNoWorkerRuns plays every form of the console: what a workflow waits for is taken and said so, all else is done; each
// leaves the audit's line under the name that its sender has on the console.
func TestTheConsoleAsksWhileNoWorkerRuns(t *testing.T) {
	t.Parallel()
	forms := [][2]string{
		{"POST", "/decisions/{id}"},
		{"POST", "/campaigns"},
		{"POST", "/campaigns/{id}/amend"},
		{"POST", "/campaigns/{id}/pause"},
		{"POST", "/campaigns/{id}/resume"},
		{"POST", "/campaigns/{id}/cancel"},
		{"POST", "/campaigns/{id}/invite"},
		{"POST", "/campaigns/{id}/veto"},
		{"POST", "/partnerships/{id}/cancel"},
		{"POST", "/partnerships/{id}/pause"},
		{"POST", "/partnerships/{id}/resume"},
		{"POST", "/partnerships/{id}/replace"},
		{"POST", "/partnerships/{id}/extend"},
		{"POST", "/partnerships/{id}/retry"},
		{"POST", "/partnerships/{id}/note"},
		{"POST", "/partnerships/{id}/messages"},
		{"POST", "/many/pause"},
		{"POST", "/many/resume"},
		{"POST", "/many/extend"},
		{"POST", "/many/messages"},
		{"POST", "/many/note"},
		{"POST", "/payouts/run"},
		{"POST", "/ledger/rows/{row}/hold"},
		{"POST", "/write-offs"},
		{"POST", "/write-offs/{id}/approve"},
		{"POST", "/write-offs/{id}/withdraw"},
		{"POST", "/sanctions/hits/{id}/clear"},
		{"POST", "/sanctions/hits/{id}/confirm"},
		{"POST", "/creators"},
		{"POST", "/vendors/{vendor}/retry"},
		{"POST", "/inbox/{id}/retry"},
		{"POST", "/preparations/{hash}"},
		{"POST", "/campaigns/{id}/calendar/revoke"},
		{"POST", "/creators/export"},
		{"POST", "/creators/{id}/links/revoke"},
		{"POST", "/creators/{id}/suppression/lift"},
		{"POST", "/creators/{id}/erase"},
		{"POST", "/payouts/bank"},
		{"POST", "/payouts/bank/{of}/confirm"},
		{"POST", "/payouts/bank/{of}/unexecuted"},
		{"POST", "/payouts/proof"},
		{"POST", "/orders/reread"},
		{"POST", "/orders/import"},
		{"POST", "/partnerships/{id}/fee"},
		{"POST", "/tax/1099"},
		{"POST", "/tax/papers"},
		{"POST", "/tax/papers/{id}/open"},
		{"POST", "/tax/papers/{id}/reject"},
		{"POST", "/tax/treatments"},
		{"POST", "/invoices/{number}/open"},
		{"POST", "/invoices/{number}/credit"},
		{"POST", "/sanctions/lists"},
		{"POST", "/tokens"},
		{"POST", "/tokens/{name}/revoke"},
		{"POST", "/webhooks"},
		{"POST", "/webhooks/{id}/remove"},
		{"POST", "/webhooks/{id}/resend"},
	}
	for _, form := range forms {
		way := form[0] + " " + form[1]
		for _, name := range deeds.Of(deeds.Console, way) {
			t.Run(name+" "+form[1], func(t *testing.T) {
				t.Parallel()
				h := open(t, realDeeds, unrehearsed, amends, office)
				d, _ := deeds.Find(name)
				taken := false
				h.temporal.refuse = func(m message) error {
					if m.UpdateID == "" {
						return nil
					}
					taken = true
					return &partnership.Taken{ID: m.UpdateID}
				}
				who, said := h.playForm(d, way)
				if taken && name != partnership.DeedConfirmAct { // what an agent asked for is taken; that a person let it is done
					wantIn(t, said, "Taken, not yet confirmed")
					return
				}
				want(t, "the audit's line of "+name, h.audited(name, who), true)
			})
		}
	}
	for _, d := range deeds.All {
		for _, way := range d.Ways[deeds.Console] {
			method, path, _ := strings.Cut(way, " ")
			if !slices.Contains(forms, [2]string{method, path}) {
				t.Errorf("%s is not played", way)
			}
		}
	}
}

// standing answers what is asked of workflows: everybody is at the beginning.
type standing struct{ *temporal }

func (standing) Query(_ context.Context, _, _ string, result any) error {
	if now, ok := result.(*workflows.Snapshot); ok {
		now.Standing.Tier = partnership.Nano
	}
	return nil
}

// amends lets a campaign be amended: its file has another budget than before.
func amends(d *web.Deps) {
	w, _ := d.Workflows.(*temporal)
	d.Amender = &amend.Amender{Store: d.Store, Workflows: standing{w}, Day: 24 * time.Hour, Now: time.Now}
	d.ReadChange = func(ctx context.Context, id partnership.CampaignID, _ amend.Files) (partnership.CampaignChange, error) {
		now, err := d.Store.Campaign(ctx, id)
		now.BudgetMinor += 100_000
		now.Offer.FeeMinor, now.Offer.Deliverables, now.Offer.UsageRights = map[partnership.Tier]int64{partnership.Nano: 50_000}, terms().Deliverables, terms().UsageRights
		return partnership.CampaignChange{Spec: now}, err
	}
}

func (h *house) playConsole(d deeds.Deed, way string) (who string) {
	who, _ = h.playForm(d, way)
	return who
}

// shownSure is what binds the second press to what was shown.
var shownSure = regexp.MustCompile(`name="sure" value="([^"]+)"`)

var confirmHash = regexp.MustCompile(`name="confirm" value="([^"]+)"`)

// playForm makes what a form is about, sends it as whoever may, and returns what its page says then.
func (h *house) playForm(d deeds.Deed, way string) (who, said string) {
	h.t.Helper()
	user := map[deeds.Role]string{deeds.Manager: "U_MANAGER", deeds.Finance: "U_FINANCE", deeds.Viewer: "U_MANAGER"}[d.Need]
	path, fields := h.formOf(d, way)
	h.as(user)
	res := h.send(path, "k1", fields)
	if strings.Contains(res.body, "Copy it now") || strings.HasPrefix(res.Header.Get("Content-Disposition"), "attachment") {
		return "console:" + user, res.body
	}
	if way == "POST /campaigns" {
		res = h.word(res, fields.Get("reason"))
	}
	if res.StatusCode == http.StatusOK || res.StatusCode == http.StatusConflict { // it shows first what it would do
		fields.Set("sure", shownSure.FindStringSubmatch(res.body)[1])
		if ask := confirmHash.FindStringSubmatch(res.body); ask != nil {
			fields.Set("confirm", ask[1])
		}
		res = h.send(path, "k2", fields)
	}
	if res.StatusCode != http.StatusSeeOther {
		h.t.Fatalf("%s answers %d: %s", way, res.StatusCode, res.body)
	}
	return "console:" + user, html.UnescapeString(h.get(res.Header.Get("Location")).body)
}

// formOf makes what a form is about, and is what is typed into it.
func (h *house) formOf(d deeds.Deed, way string) (path string, fields url.Values) {
	_, path, _ = strings.Cut(way, " ")
	id, fields := string(h.campaign), url.Values{"reason": {"we think again"}}
	if strings.HasPrefix(path, "/partnerships") {
		id = string(h.partnership)
	}
	switch way {
	case "POST /decisions/{id}":
		q := h.decision(d.Name)
		id, fields = url.PathEscape(q.id), url.Values{"choice": {string(q.choice)}, "words": {q.words}, "back": {"/payouts"}}
	case "POST /campaigns":
		fields = h.filesFields(d.Name, true)
	case "POST /creators":
		fields = h.filesFields(d.Name, false)
	case "POST /campaigns/{id}/amend":
		fields = url.Values{"campaign_kept": {base64.StdEncoding.EncodeToString([]byte("name: Dreams"))}}
	case "POST /campaigns/{id}/invite", "POST /campaigns/{id}/veto":
		h.standsBy("bo.sleeps")
		fields = url.Values{"creator": {"@bo.sleeps"}}
	case "POST /partnerships/{id}/extend":
		fields = url.Values{"days": {"3"}}
	case "POST /partnerships/{id}/note":
		fields = url.Values{"text": {"we spoke by phone"}}
	case "POST /partnerships/{id}/messages":
		fields = url.Values{"words": {"Thursday is fine."}}
	case "POST /many/pause", "POST /many/resume", "POST /many/extend", "POST /many/messages", "POST /many/note":
		must(h.t, h.store.SaveProjection(h.t.Context(), partnership.Projection{PartnershipID: h.partnership, Seq: 1, Stage: partnership.Content, Paused: way == "POST /many/resume"}))
		fields = url.Values{"of": {string(h.partnership)}, "back": {"/partnerships"}, "reason": {"out of stock"}, "days": {"3"}, "words": {"Thursday is fine."}, "text": {"we spoke by phone"}}
	case "POST /payouts/run":
		now, err := h.store.Time(h.t.Context())
		must(h.t, err)
		fields = url.Values{"program": {"dreams"}, "period": {now.Add(-48 * time.Hour).Format("2006-01")}}
	case "POST /ledger/rows/{row}/hold":
		path = strings.Replace(path, "{row}", h.earning(false), 1)
	case "POST /write-offs":
		h.owing()
		fields = url.Values{"creator": {"@ada.scents"}, "program": {"dreams"}, "reason": {"they left"}}
	case "POST /write-offs/{id}/approve", "POST /write-offs/{id}/withdraw":
		id = h.writeOff()
	case "POST /sanctions/hits/{id}/clear", "POST /sanctions/hits/{id}/confirm":
		id = h.hit()
	case "POST /vendors/{vendor}/retry":
		_, err := h.store.NoteTrouble(h.t.Context(), "easypost", partnership.RefusesAll, "of the tests", time.Hour)
		must(h.t, err)
		path = strings.Replace(path, "{vendor}", "easypost", 1)
	case "POST /inbox/{id}/retry":
		const first = 1
		_, err := h.store.Receive(h.t.Context(), "easypost", "d1", nil, []byte("{}"))
		must(h.t, err)
		must(h.t, h.store.InboxDead(h.t.Context(), first, errors.New("72 h without the engine")))
		id = strconv.Itoa(first)
	case "POST /preparations/{hash}":
		path, fields = strings.Replace(path, "{hash}", h.waiting(), 1), url.Values{"choice": {string(partnership.ChoiceApprove)}}
	}
	if about, typed := h.officeForm(way); typed != nil {
		return about, typed
	}
	return strings.Replace(path, "{id}", id, 1), fields
}

// filesFields are files as the page keeps them between its two presses. For a deed that confirms, one of the people has open work.
func (h *house) filesFields(deed string, both bool) url.Values {
	body := h.launchBody(deed, managerToken)
	fields := url.Values{"creators_kept": {base64.StdEncoding.EncodeToString([]byte(body["creators"]))}, "reason": {"they said so"}}
	if both {
		fields.Set("campaign_kept", base64.StdEncoding.EncodeToString([]byte(body["campaign"])))
	}
	return fields
}

// A campaign's board is sieved, and taken as a file with the same sieve; what a spreadsheet would run is text.
func TestTheBoardIsSieved(t *testing.T) {
	t.Parallel()
	h := open(t).as("U_MANAGER")
	must(t, h.store.SaveProjection(t.Context(), partnership.Projection{PartnershipID: h.partnership, Seq: 1, Stage: partnership.Content, WaitingFor: "=cmd", Attention: "look"}))
	board := "/campaigns/" + string(h.campaign)
	wantIn(t, h.get(board+"?q=@ADA&stage=content&waits=attention").body, "@ada.scents")
	wantIn(t, h.get(board+"?q=bo").body, "Nobody of 1 is like that")
	wantIn(t, h.get("/partnerships?waits=attention&sort=due").body, "@ada.scents")
	wantIn(t, h.get("/partnerships?waits=paused").body, "Nobody here is like that")
	h.other = h.more()
	for sort, later := range map[string]bool{"": false, "due": true} {
		shown := h.get("/campaigns/" + string(h.other) + "?stage=performance&sort=" + sort).body
		want(t, "dee, who is due first, comes first by "+sort, strings.Index(shown, "@dee.drapes</a>") < strings.Index(shown, "@mira.unwinds</a>"), later)
	}
	file := h.get(board + "/partnerships.csv?q=ada")
	wantIn(t, file.Header.Get("Content-Disposition"), "attachment")
	wantIn(t, file.body, "platform,handle,tier", "ada.scents", ",'=cmd,")
	want(t, "lines", strings.Count(h.get(board+"/partnerships.csv?q=bo").body, "\n"), 1)
	wantIn(t, h.get("/partnerships?q=ADA").body, "@ada.scents")
	wantIn(t, h.get("/partnerships?q=nobody").body, "Nobody here is like that")
	wantIn(t, h.get("/creators?handle=ada").body, "@ada.scents")
	wantIn(t, h.get("/creators/instagram:ada.scents").body, "Known since")
}

// The partnership's page is its file: what was sent in, what it earns, what is asked, all on one page, and of what is asked the answers.
func TestThePartnershipsPageIsItsFile(t *testing.T) {
	t.Parallel()
	h := open(t).as("U_MANAGER")
	_, err := h.store.AddSubmission(t.Context(), partnership.Submission{ID: "s1", PartnershipID: h.partnership, Task: "draft-1", URL: "https://drive.example/draft", Caption: "#ad Calm", At: day})
	must(t, err)
	q := h.decision(partnership.DeedReviewDraft)
	must(t, h.store.EarnFee(t.Context(), h.partnership, "reel/1", 5000, time.Now()))
	page := h.get("/partnerships/" + string(h.partnership)).body
	wantIn(t, page, "https://drive.example/draft", "#ad Calm", "Earnings", "$50.00", `action="/decisions/`+q.id, "If nobody answers", `name="choice" value="approve"`)
	if strings.Contains(page, "Hold $50.00") {
		t.Error("a manager is offered what finance decides")
	}
	wantIn(t, h.as("U_FINANCE").get("/partnerships/"+string(h.partnership)).body, "Hold $50.00", "Answering takes the role manager")
	want(t, "held", h.send("/ledger/rows/"+h.earning(false)+"/hold", "k1", url.Values{"reason": {"odd"}}).StatusCode, http.StatusSeeOther)
	wantIn(t, h.get("/audit").body, "console:U_FINANCE", "Hold row", "“odd”")
	wantIn(t, h.get("/health").body, "Every vendor takes what we send")
}
