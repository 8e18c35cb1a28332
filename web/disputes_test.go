package web_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/rapport-dev/rapport/partnership"
	"github.com/rapport-dev/rapport/partnership/ledger"
	"github.com/rapport-dev/rapport/partnership/zones"
	"github.com/rapport-dev/rapport/store"
)

// objection is one that waits, to a fee of the creator.
func (h *house) objection() (id string) {
	h.t.Helper()
	o, err := h.store.Object(h.t.Context(), store.EarningsOwner{Creator: h.creator.ID, Program: "dreams"}, h.earning(false), "that is too little",
		partnership.Deed{Who: partnership.ByCreator(h.creator.ID)})
	must(h.t, err)
	return o.ID
}

// difference is a transfer to the creator that the books do not explain.
func (h *house) difference(id string) {
	h.t.Helper()
	h.earning(false)
	must(h.t, h.store.SavePayoutAccount(h.t.Context(), h.creator.ID, partnership.PayoutAccount{ID: "acct_1", Ready: true}))
	_, err := h.store.NoteDifferences(h.t.Context(), "stripe", time.Time{}, []partnership.Transfer{{ID: id, PayoutID: "gone", Destination: "acct_1", AmountMinor: 700, Currency: "USD", CreatedAt: time.Now()}})
	must(h.t, err)
}

// A creator objects on their page; finance has one card and decides on it or by the API, once; the card and the page say what came of it.
func TestAnObjectionByItsDoors(t *testing.T) {
	t.Parallel()
	for _, way := range []string{"decide_objection:release", "decide_objection:void", "decide_objection:answer", "POST"} {
		t.Run(way, func(t *testing.T) {
			t.Parallel()
			h := running(t).as("U_MANAGER")
			row := h.earning(false)
			link, err := h.store.EarningsURL(t.Context(), h.creator.ID, "dreams")
			must(t, err)
			month := link + "/" + time.Now().In(zones.Or("America/New_York")).Format("2006-01")
			wantIn(t, h.get(month).body, "Object")
			wantIn(t, h.get(month+"/"+row).body, "Object to this line", "is held from now on")
			if state := h.stateOf(row); state != ledger.Eligible {
				t.Fatalf("a visit has changed it: %s", state)
			}
			want(t, "without a word", h.post(month+"/"+row, url.Values{"action": {"object"}, "words": {" "}}).StatusCode, http.StatusUnprocessableEntity)
			want(t, "somebody else's line", h.post(month+"/another", url.Values{"words": {"mine"}}).StatusCode, http.StatusNotFound)
			for range 2 { // pressed twice it is one
				want(t, "objected", h.post(month+"/"+row, url.Values{"action": {"object"}, "words": {"that is <b>too little</b>"}}).StatusCode, http.StatusSeeOther)
			}
			want(t, "the line", h.stateOf(row), ledger.Held)
			wantIn(t, h.get(month+"/"+row).body, "We have your objection", "The line is held", "too little")
			wantIn(t, h.get(month).body, "You objected to it")
			card := h.said().message
			want(t, "the card", card.Kind, "objection")
			wantIn(t, card.Text, "@ada.scents", "$50.00")
			wantIn(t, card.Body, "too little")
			want(t, "its buttons", len(card.Buttons), 3)
			wantIn(t, h.get("/payouts").body, "What creators object to", "@ada.scents")
			open, err := h.store.Objections(t.Context(), true)
			must(t, err)
			wantIn(t, h.call(viewerToken, "GET", "/objections", "").body, open[0].ID, "too little")
			wantIn(t, h.call(viewerToken, "GET", "/pending", "").body, open[0].ID)

			if way == "POST" {
				decide := func(as string) answered {
					return h.call(financeToken, "POST", strings.Replace("/objections/{id}/decide", "{id}", open[0].ID, 1), `{"decision":"`+as+`","words":"it is as agreed"}`)
				}
				want(t, "a manager may not", h.call(managerToken, "POST", "/objections/"+open[0].ID+"/decide", `{"decision":"release","words":"x"}`).StatusCode, http.StatusForbidden)
				want(t, "decided", decide("release").StatusCode, http.StatusOK)
				late := decide("void")
				want(t, "pressed late", late.StatusCode, http.StatusConflict)
				wantIn(t, late.body, "decided already, as release by api:finance")
			} else {
				_, choice, _ := strings.Cut(way, ":")
				h.press("U_FINANCE", h.button(partnership.ActDecideObjection, partnership.Choice(choice), open[0].ID))
				h.submit("U_FINANCE", h.said().view, map[string]string{"words": "it is as agreed"})
			}
			state := map[string]ledger.State{"decide_objection:void": ledger.Voided, "decide_objection:answer": ledger.Held}[way]
			if state == "" {
				state = ledger.Pending
			}
			eventually(t, "it is decided", func() bool { return h.stateOf(row) == state && h.mailed("it is as agreed") })
			if way == "decide_objection:answer" {
				wantIn(t, h.get(month+"/"+row).body, "We have your objection", "it is as agreed")
				return
			}
			wantIn(t, h.get(month+"/"+row).body, "Your objection was looked at", "it is as agreed")
			eventually(t, "the card says so", func() bool { return h.cardSays("The creator is told") })
			want(t, "nothing is open", len(must2(h.store.Objections(t.Context(), true))(t)), 0)
		})
	}
}

// What a creator wrote is no part of an answer that is kept: erased, they would stand there still.
func TestADecisionsKeptAnswerHoldsNobodysWords(t *testing.T) {
	t.Parallel()
	h := open(t)
	id := h.objection()
	for range 2 {
		res := h.call(financeToken, "POST", "/objections/"+id+"/decide", `{"decision":"release","words":"it is as agreed"}`, "Idempotency-Key", "k1")
		want(t, "decided", res.StatusCode, http.StatusOK)
		for _, words := range []string{"too little", "it is as agreed", "ada.scents"} {
			if strings.Contains(res.body, words) {
				t.Errorf("the answer holds %q", words)
			}
		}
	}
}

// A transfer that the books do not explain has one card, and is settled on it or by the API.
func TestADifferenceByItsDoors(t *testing.T) {
	t.Parallel()
	for _, way := range []string{"settle_difference:ours", "settle_difference:double", "settle_difference:foreign", "POST"} {
		t.Run(way, func(t *testing.T) {
			t.Parallel()
			h := running(t).as("U_MANAGER")
			h.difference("tr_lost")
			card := h.said().message
			want(t, "the card", card.Kind, "difference")
			wantIn(t, card.Text, "Stripe shows $7.00 that the books do not explain")
			want(t, "its buttons", len(card.Buttons), 3)
			wantIn(t, h.get("/payouts").body, "Transfers that the books do not explain", "tr_lost", "@ada.scents")
			wantIn(t, h.call(viewerToken, "GET", "/payouts/differences", "").body, "tr_lost", `"programs"`, `"dreams"`)
			as := "foreign"
			if way == "POST" {
				path := strings.Replace("/payouts/differences/{transfer}/settle", "{transfer}", "tr_lost", 1)
				want(t, "a manager may not", h.call(managerToken, "POST", path, `{"as":"foreign","reason":"x"}`).StatusCode, http.StatusForbidden)
				want(t, "settled", h.call(financeToken, "POST", path, `{"as":"foreign","reason":"sent by hand"}`).StatusCode, http.StatusOK)
				late := h.call(financeToken, "POST", path, `{"as":"ours","reason":"no, ours"}`)
				want(t, "pressed late", late.StatusCode, http.StatusConflict)
				wantIn(t, late.body, "settled already as foreign by api:finance")
			} else {
				_, as, _ = strings.Cut(way, ":")
				for _, b := range card.Buttons {
					if b.ActionID == way {
						h.press("U_FINANCE", b)
					}
				}
				h.submit("U_FINANCE", h.said().view, map[string]string{"words": "seen in the dashboard"})
			}
			eventually(t, "it is settled", func() bool {
				open, err := h.store.OpenDifferences(t.Context(), "")
				must(t, err)
				return as == "double" && len(open) == 1 && open[0].Settled == partnership.SettleDouble || as != "double" && len(open) == 0
			})
			said := map[string]string{"ours": "“Ours: book it” by ", "double": "“A double: reverse it” by ", "foreign": "“Not ours” by "}[as]
			eventually(t, "the card says so", func() bool { return h.cardSays(said) })
		})
	}
}

func (h *house) stateOf(row string) ledger.State {
	h.t.Helper()
	books, err := h.store.LedgerDocument(h.t.Context(), store.LedgerFilter{})
	must(h.t, err)
	for _, r := range books.Rows {
		if r.ID == row {
			return r.State
		}
	}
	return ""
}

// mailed says whether a notice waits to be sent that says so.
func (h *house) mailed(words string) bool {
	h.t.Helper()
	ids, _, err := h.store.OpenNotices(h.t.Context(), "")
	must(h.t, err)
	for _, id := range ids {
		if n, err := h.store.Notice(h.t.Context(), id); err == nil && n.Objection != nil && n.Objection.Said == words {
			return true
		}
	}
	return false
}

func must2[T any](v T, err error) func(t *testing.T) T {
	return func(t *testing.T) T {
		t.Helper()
		must(t, err)
		return v
	}
}

// cardSays says whether one of the cards that were edited since says that.
func (h *house) cardSays(words string) bool {
	for {
		select {
		case s := <-h.chat.news:
			if s.how == "update" && strings.Contains(s.message.Context, words) {
				return true
			}
		default:
			return false
		}
	}
}
