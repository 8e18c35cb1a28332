package web_test

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/rapport-dev/rapport/partnership"
	"github.com/rapport-dev/rapport/partnership/ledger"
	"github.com/rapport-dev/rapport/store"
)

// cleared makes the partnership's kit, as the go-live gate leaves it.
func (h *house) cleared() partnership.TrackingKit {
	h.t.Helper()
	kit, err := h.store.EnsureKit(h.t.Context(), h.partnership)
	must(h.t, err)
	kit.VerifiedAt = time.Date(2026, 11, 1, 0, 0, 0, 0, time.UTC)
	must(h.t, h.store.SaveKit(h.t.Context(), kit, nil))
	return kit
}

func (h *house) rowOf(order string) (state ledger.State, id, reason string) {
	h.t.Helper()
	books, err := h.store.LedgerDocument(h.t.Context(), store.LedgerFilter{})
	must(h.t, err)
	for _, row := range books.Rows {
		if row.OrderID == order {
			return row.State, row.ID, row.Reason
		}
	}
	return "", "", ""
}

// A creator's own purchase, as the shop tells it, is held, finance is told once and why, and decides in Slack or by the API.
func TestAnOwnPurchaseIsHeldToldAndDecided(t *testing.T) {
	t.Parallel()
	h := running(t)
	kit := h.cleared()
	bought := func(id int, who string) {
		body := order(id, "/", `{"code":"`+kit.DiscountCode+`"}`, "100.00")
		h.topic(strings.Replace(body, "{", `{"customer":{"email":"`+who+`","first_name":"Somebody","last_name":"Else"},`, 1), "orders/paid")
	}
	h.chat.mu.Lock()
	h.chat.down = &partnership.VendorError{Vendor: "slack", Op: "chat.postMessage", Class: partnership.Barred, Message: "is_archived"}
	h.chat.mu.Unlock()
	bought(1, canaryMail)
	eventually(t, "it is booked", func() bool { state, _, _ := h.rowOf("1"); return state != "" })
	h.chat.mu.Lock()
	h.chat.down = nil
	h.chat.mu.Unlock()
	card := h.said().message
	state, row, reason := h.rowOf("1")
	want(t, "the earning", state, ledger.Held)
	wantIn(t, reason, "mail address is the creator's own")
	want(t, "the card's kind", card.Kind, "earnings_held")
	wantIn(t, card.Text, "@ada.scents", "$10.00")
	wantIn(t, card.Facts[0].Label+card.Facts[0].Value, row, "mail address is the creator's own")
	bought(2, "stranger@mail.example")
	h.settled("shopify", 2)
	if state, _, reason := h.rowOf("2"); state != ledger.Pending {
		t.Errorf("a stranger's is %s: %s", state, reason)
	}
	if more := len(h.chat.news); more != 0 {
		t.Errorf("%d further cards", more)
	}

	wantIn(t, h.command("U_MANAGER", "release "+row+" fine"), "takes the role")
	wantIn(t, h.command("U_FINANCE", "release "+row), "say which row and why")
	wantIn(t, h.command("U_FINANCE", "release "+row+" a present, agreed"), "Released")
	if state, _, _ := h.rowOf("1"); state != ledger.Pending {
		t.Errorf("after the release it is %s", state)
	}
	_, other, _ := h.rowOf("2")
	want(t, "hold by a manager", h.call(managerToken, "POST", "/ledger/rows/"+other+"/hold", `{"reason":"odd"}`).StatusCode, http.StatusForbidden)
	want(t, "hold by finance", h.call(financeToken, "POST", "/ledger/rows/"+other+"/hold", `{"reason":"odd"}`).StatusCode, http.StatusOK)
	want(t, "without a reason", h.call(financeToken, "POST", "/ledger/rows/"+other+"/void", `{"reason":" "}`).StatusCode, http.StatusUnprocessableEntity)
	want(t, "reject", h.call(financeToken, "POST", "/ledger/rows/"+other+"/void", `{"reason":"self-referral"}`).StatusCode, http.StatusOK)
	if state, _, reason := h.rowOf("2"); state != ledger.Voided || reason != "self-referral" {
		t.Errorf("after the rejection it is %s: %s", state, reason)
	}
}

// A dispute that was lost in another currency than its order was sold in is in no sum: finance is told, and decides.
func TestADisputeInAnotherCurrencyIsHeldAndTold(t *testing.T) {
	t.Parallel()
	h := running(t)
	kit := h.cleared()
	h.topic(order(1, "/", `{"code":"`+kit.DiscountCode+`"}`, "100.00"), "orders/paid")
	eventually(t, "it is booked", func() bool { state, _, _ := h.rowOf("1"); return state == ledger.Pending })
	h.topic(strings.Replace(disputed(1, 1, "15000", "lost"), `"USD"`, `"JPY"`, 1), "disputes/update")
	card := h.said().message
	state, row, reason := h.rowOf("1")
	want(t, "the earning", state, ledger.Held)
	wantIn(t, reason, "lost dispute", "JPY", "USD")
	want(t, "the card's kind", card.Kind, "earnings_held")
	wantIn(t, card.Facts[0].Label+card.Facts[0].Value, row, "JPY")
}
