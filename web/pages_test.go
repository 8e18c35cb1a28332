package web_test

import (
	"encoding/json"
	"html"
	"net/http"
	"net/url"
	"regexp"
	"strconv"
	"strings"
	"testing"
)

// crowd makes of a run of one a run of many, whose order in the books is that of their numbers.
func (h *house) crowd(more int) {
	h.t.Helper()
	h.sql(`set session_replication_role = replica;
		insert into creators select (jsonb_populate_record(c, jsonb_build_object('id', 'c' || i, 'handle', 'many' || i, 'handle_key', 'many' || i, 'optout_hash', '\x' || lpad(to_hex(i), 8, '0')))).*
			from creators c, generate_series(1, ` + strconv.Itoa(more) + `) i where c.id = (select min(id) from creators);
		insert into payouts select (jsonb_populate_record(p, jsonb_build_object('id', 'po' || lpad(i::text, 6, '0'), 'creator_id', 'c' || i, 'idempotency_key', 'k' || i))).*
			from payouts p, generate_series(1, ` + strconv.Itoa(more) + `) i where p.id = (select min(id) from payouts)`)
}

// The API's lists are read in pages: what an answer leaves out it says how to ask for.
func TestTheAPIListsInPages(t *testing.T) {
	t.Parallel()
	h := open(t)
	h.run()
	h.crowd(24)
	var got struct {
		Payouts []struct{ ID string } `json:"payouts"`
		Runs    []struct{ ID string } `json:"runs"`
		Next    string                `json:"next"`
	}
	seen := map[string]bool{}
	for pages, path := 1, "/payouts?limit=10"; path != ""; pages++ {
		res := h.call(viewerToken, "GET", path, "")
		got.Next = ""
		must(t, json.Unmarshal([]byte(res.body), &got))
		h.described("GET", path, res)
		if len(got.Payouts) > 10 || len(got.Runs) != 1 || pages > 3 {
			t.Fatalf("page %d: %d payouts, %d runs", pages, len(got.Payouts), len(got.Runs))
		}
		for _, po := range got.Payouts {
			seen[po.ID] = true
		}
		path = ""
		if got.Next != "" {
			path = "/payouts?limit=10&after=" + got.Next
		}
	}
	want(t, "payouts on all pages", len(seen), 25)
	for _, path := range []string{"/ledger?limit=1", "/ledger?limit=1&balances_after=" + url.QueryEscape("cash:stripe USD"), "/campaigns?limit=1", "/pending?limit=1"} {
		res := h.call(viewerToken, "GET", path, "")
		want(t, path, res.StatusCode, http.StatusOK)
		h.described("GET", path, res)
	}
	wantIn(t, h.call(viewerToken, "GET", "/ledger?limit=1", "").body, `"next_balances": "creator:`)
	for _, path := range []string{"/payouts", "/ledger", "/campaigns", "/pending"} {
		for _, limit := range []string{"0", "1001", "all"} {
			res := h.call(viewerToken, "GET", path+"?limit="+limit, "")
			want(t, path+" by "+limit, res.StatusCode, http.StatusUnprocessableEntity)
			wantIn(t, res.body, `"field": "limit"`, "from 1 to 1000")
		}
	}
	want(t, "after no run", h.call(viewerToken, "GET", "/payouts?runs_after=nothing", "").StatusCode, http.StatusNotFound)
}

// The payouts' page shows a run's first lines and leads to all of them.
func TestThePayoutsPageShowsAFewLinesAndLeadsToAll(t *testing.T) {
	t.Parallel()
	h := open(t).as("U_MANAGER")
	h.run()
	h.crowd(300)
	seen, follows := map[string]bool{}, regexp.MustCompile(`href="(/payouts\?[^"]*)">The lines that follow`)
	lines := regexp.MustCompile(`<td>@(\w+[.\w]*)</td>`)
	for pages, path := 1, "/payouts"; path != ""; pages++ {
		body := h.get(path).body
		found := lines.FindAllStringSubmatch(body, -1)
		if most := map[bool]int{true: 20, false: 200}[pages == 1]; len(found) > most || len(found) == 0 || pages > 3 {
			t.Fatalf("page %d has %d lines", pages, len(found))
		}
		for _, line := range found {
			seen[line[1]] = true
		}
		path = ""
		if link := follows.FindStringSubmatch(body); link != nil {
			path = html.UnescapeString(link[1])
		}
	}
	want(t, "creators on all pages", len(seen), 301)
	want(t, "no such run", h.get("/payouts?run=nothing").StatusCode, http.StatusNotFound)
	if strings.Contains(h.get("/payouts").body, "Older runs") {
		t.Error("there is one run")
	}
}
