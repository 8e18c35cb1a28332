package web_test

import (
	"encoding/csv"
	"encoding/json"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/rapport-dev/rapport/partnership"
	"github.com/rapport-dev/rapport/partnership/board"
	"github.com/rapport-dev/rapport/partnership/report"
	"github.com/rapport-dev/rapport/store"
)

// soldFor is a campaign of twelve creators in three niches of which some sold well, some little and one nothing.
func (h *house) soldFor() partnership.CampaignID {
	h.t.Helper()
	ctx, c := h.t.Context(), campaign()
	c.Name, c.Selection.Target = "Long Summer", 12
	niches := []string{"open windows", "dinner outside", "beach bag"}
	for _, niche := range niches {
		c.Selection.Arms = append(c.Selection.Arms, partnership.Arm{Niche: niche, Share: 33})
	}
	var people []partnership.Creator
	for i := range 12 {
		people = append(people, partnership.Creator{
			Handle: fmt.Sprintf("summer.%02d", i), Name: fmt.Sprintf("Name %d", i), Email: fmt.Sprintf("summer%d@mail.example", i), Platform: "instagram", Followers: 9000 + 2000*i, EngagementRate: 4.2, Niche: niches[i%3],
		})
	}
	id, _, err := h.store.CreateCampaign(ctx, c, people, "long-summer")
	must(h.t, err)
	creators, err := h.store.CampaignCreators(ctx, id)
	must(h.t, err)
	for i, cr := range creators {
		tier := partnership.Nano
		if i%2 == 1 {
			tier = partnership.Micro
		}
		agreed := terms()
		agreed.Deliverables = []partnership.Deliverable{{Kind: "instagram_reel", Count: 2}}
		pa := partnership.PartnershipFor(id, cr.ID)
		must(h.t, h.store.ReserveBudget(ctx, id, partnership.RosterEntry{CreatorID: cr.ID, Tier: tier, Niche: cr.Niche, Rank: i + 1}, agreed, 0))
		kit, err := h.store.EnsureKit(ctx, pa)
		must(h.t, err)
		kit.VerifiedAt = time.Now().Add(-time.Hour)
		must(h.t, h.store.SaveKit(ctx, kit, nil))
		must(h.t, h.store.SaveDelivery(ctx, partnership.Delivery{PartnershipID: pa, OrderID: fmt.Sprint("gift", i), ShipmentID: "s", CostMinor: 7_80, CostCurrency: "USD", Status: partnership.ParcelDelivered}))
		for n := range 2 {
			unit := fmt.Sprintf("instagram_reel-%d", n+1)
			sub, err := h.store.AddSubmission(ctx, partnership.Submission{PartnershipID: pa, Task: unit})
			must(h.t, err)
			must(h.t, h.store.SavePost(ctx, pa, sub, unit, true, ""))
			must(h.t, h.store.EarnFee(ctx, pa, unit, 200_00, time.Now()))
		}
		for n := range (11 - i) * 3 {
			fresh := n%3 > 0
			in := store.OrderIn{OrderID: fmt.Sprintf("s%d-%d", i, n), Currency: "USD", NetMinor: int64(20_00 + 7_00*(n%9)), OccurredAt: time.Now(), SaleState: partnership.SaleState{NewCustomer: &fresh}}
			if n%2 == 0 {
				in.LinkCode = kit.LinkOf("instagram_reel-1").Code
			} else {
				in.Codes = []string{kit.DiscountCode}
			}
			_, err := h.store.RecordOrder(ctx, in)
			must(h.t, err)
		}
	}
	must(h.t, h.store.SetCampaignState(ctx, id, "finished", ""))
	return id
}

// The report is one by every way of it: API, page and file say the same.
func TestAReportIsOneInAllItsForms(t *testing.T) {
	t.Parallel()
	h := open(t).as("U_MANAGER")
	path := "/campaigns/" + string(h.soldFor()) + "/report"
	res := h.call(viewerToken, "GET", path, "")
	want(t, "status", res.StatusCode, http.StatusOK)
	var doc report.Document
	must(t, json.Unmarshal([]byte(res.body), &doc))
	want(t, "of no campaign", h.call(viewerToken, "GET", "/campaigns/nothing/report", "").StatusCode, http.StatusNotFound)

	page := h.get(path)
	want(t, "page", page.StatusCode, http.StatusOK)
	said := doc.InAll().Words("USD")
	wantIn(t, page.body, doc.Verdict()[0], said.ROAS, said.ROASRange, said.ROI, said.CAC, said.CostPerPost, said.ShopShare, "revenue by cost", "@summer.00", "By arm", "of them inferred", "How this was counted", path+".csv")
	if len(page.body) > 100_000 {
		t.Errorf("the page has %d bytes", len(page.body))
	}
	if strings.Contains(page.body, `http-equiv="refresh"`) {
		t.Error("what is being read reloads itself")
	}
	want(t, "the page of no campaign", h.get("/campaigns/nothing/report").StatusCode, http.StatusNotFound)

	file := h.get(path + ".csv")
	want(t, "type", file.Header.Get("Content-Type"), "text/csv; charset=utf-8")
	rows, err := csv.NewReader(strings.NewReader(file.body)).ReadAll()
	must(t, err)
	want(t, "rows", len(rows), 1+len(doc.Lines))
	at := map[string]int{}
	for i, name := range rows[0] {
		at[name] = i
	}
	sum := 0.0
	for i, row := range rows[1:] {
		cell := func(name string) float64 {
			x, err := strconv.ParseFloat(row[at[name]], 64)
			must(t, err)
			return x
		}
		if l := doc.Lines[i]; row[at["by"]] != string(l.By) || strings.TrimPrefix(row[at["name"]], "'") != l.Name || cell("orders") != float64(l.Orders) {
			t.Errorf("row %d is %v, the line is %+v", i, row, l)
		}
		if cost := cell("cost"); cost > 0 && (abs(cell("roas")-cell("revenue")/cost) > 1e-4 || abs(cell("roi")-(cell("revenue")-cost)/cost) > 1e-4) {
			t.Errorf("row %d does not divide: %v", i, row)
		}
		if row[at["by"]] == "creator" {
			sum += cell("cost")
		}
	}
	want(t, "all creators' cost", fmt.Sprintf("%.2f", sum), rows[1][at["cost"]])
	want(t, "the file of no campaign", h.get("/campaigns/nothing/report.csv").StatusCode, http.StatusNotFound)
}

// What would have been is asked by the API too; nothing that it is asked changes anything, and wrong questions are told so.
func TestWhatWouldHaveBeen(t *testing.T) {
	t.Parallel()
	h := open(t)
	h.soldFor()
	before := h.dump()
	ask := func(query string) answered {
		return h.call(viewerToken, "GET", "/payouts/counterfactual?program="+campaign().Program+query, "")
	}
	for query, rate := range map[string]float64{"": 0.1, "&rate=20": 0.2, "&rate=20%25&hold_days=0": 0.2} {
		res := ask(query)
		want(t, "status", res.StatusCode, http.StatusOK)
		var doc board.Counterfactual
		must(t, json.Unmarshal([]byte(res.body), &doc))
		booked, then, due := int64(0), int64(0), int64(0)
		for _, l := range doc.Lines {
			booked, then, due = booked+l.EarnedMinor, then+l.ThenMinor, due+l.DueThen
		}
		if booked != 900_00 || then != int64(rate*9_000_00) || strings.Contains(query, "hold") != (due > 0) { // some wait for a person: so many orders at once
			t.Errorf("%q: %d, %d, %d", query, booked, then, due)
		}
	}
	for _, query := range []string{"&rate=101", "&rate=x", "&hold_days=-1", "&window_days=0", "&attribution=last", "&period=2026"} {
		want(t, query, ask(query).StatusCode, http.StatusUnprocessableEntity)
	}
	want(t, "what is kept", h.dump(), before)
}

func abs(x float64) float64 { return max(x, -x) }
