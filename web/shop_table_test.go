package web_test

import (
	"context"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/rapport-dev/rapport/partnership"
	"github.com/rapport-dev/rapport/proof/long"
	"github.com/rapport-dev/rapport/web"
)

// told is one delivery of a shop.
type told struct{ topic, body string }

// someOrder stands for the number of whatever order a case is played with.
const someOrder = 7700000

// goods are an order's lines: price, quantity, what is left of it, and what else is to stand on the line.
func goods(price string, quantity, now int, more string) string {
	return fmt.Sprintf(`{"id":%d,"price":%q,"quantity":%d,"current_quantity":%d,"discount_allocations":[],"tax_lines":[]%s}`, len(price)*100+quantity, price, quantity, now, more)
}

// stands is an order's body at a minute of its day.
func stands(id, minute int, lines string, more ...string) string {
	body := fmt.Sprintf(`{"id":%d,"currency":"USD","taxes_included":false,"test":false,"financial_status":"paid","landing_site":null,"discount_codes":[{"code":"CODE-OF-A-CREATOR"}],
"processed_at":"2026-11-10T15:00:00Z","updated_at":"2026-11-10T15:%02d:00Z","refunds":[],"shipping_lines":[],"line_items":[%s]}`, id, minute, lines)
	return strings.NewReplacer(more...).Replace(body)
}

// gives is a refund's body: its lines, what else, and what became of its money.
func gives(id, order int, lines, adjustments, payments string) string {
	return fmt.Sprintf(`{"id":%d,"order_id":%d,"created_at":"2026-11-10T16:00:00Z","processed_at":"2026-11-10T16:00:00Z","refund_line_items":[%s],"order_adjustments":[%s],"transactions":[%s]}`,
		id, order, lines, adjustments, payments)
}

func back(subtotal, tax string) string {
	return fmt.Sprintf(`{"id":1,"line_item_id":501,"quantity":1,"subtotal":%s,"total_tax":%s,"subtotal_set":{"shop_money":{"amount":%q,"currency_code":"USD"}},"total_tax_set":{"shop_money":{"amount":%q,"currency_code":"USD"}}}`, subtotal, tax, subtotal, tax)
}

func paidBack(amount, status string) string {
	return fmt.Sprintf(`{"kind":"refund","status":%q,"amount":%q,"currency":"USD"}`, status, amount)
}

func more(amount string) string {
	return fmt.Sprintf(`{"kind":"refund_discrepancy","amount":%q,"tax_amount":"0.00"}`, amount)
}

func disputed(id, order int, amount, status string) string {
	return fmt.Sprintf(`{"id":%d,"order_id":%d,"type":"chargeback","amount":%q,"currency":"USD","reason":"fraudulent","status":%q,"initiated_at":"2026-11-11T10:00:00Z","finalized_on":null}`, id, order, amount, status)
}

// What the shop says, and what a commission of 10 % must come to (../shared/found/money.md M2): each in the order in which it happened, and
// in others, with repetitions. A name begins with its RULE.
var shopSays = []struct {
	name string
	says []told
	want int64
}{
	{"RULE 3: lines net of all discounts, shipping and tax out", []told{
		{"orders/paid", stands(someOrder, 0, `{"id":1,"price":"60.00","quantity":2,"current_quantity":2,"discount_allocations":[{"amount":"20.00"}],"tax_lines":[{"price":"8.00"}]}`, `"shipping_lines":[]`, `"shipping_lines":[{"price":"9.00","tax_lines":[]}]`)},
	}, 1000},
	{"RULE 3: tax inside the prices", []told{
		{"orders/paid", stands(someOrder, 0, `{"id":1,"price":"120.00","quantity":1,"tax_lines":[{"price":"20.00"}]}`, `"taxes_included":false`, `"taxes_included":true`)},
	}, 1000},
	{"RULE 5: thirds of a refund", []told{
		{"orders/paid", stands(someOrder, 0, goods("9.99", 1, 1, ""))},
		{"refunds/create", gives(1, someOrder, back("3.33", "0"), "", paidBack("3.33", "success"))},
		{"refunds/create", gives(2, someOrder, back("3.33", "0"), "", paidBack("3.33", "success"))},
		{"refunds/create", gives(3, someOrder, back("3.33", "0"), "", paidBack("3.33", "success"))},
	}, 0},
	{"RULE 14: refund by amount, no lines, of everything", []told{
		{"orders/paid", stands(someOrder, 0, goods("84.00", 1, 1, ""))},
		{"refunds/create", gives(1, someOrder, "", more("-84.00"), paidBack("84.00", "success"))},
	}, 0},
	{"RULE 14: refund by amount, in proportion to what was paid for goods", []told{
		{"orders/paid", stands(someOrder, 0, goods("100.00", 1, 1, ""), `"shipping_lines":[]`, `"shipping_lines":[{"price":"20.00","tax_lines":[]}]`)},
		{"refunds/create", gives(1, someOrder, "", more("-60.00"), paidBack("60.00", "success"))},
	}, 500},
	{"RULE 14: refund of shipping alone", []told{
		{"orders/paid", stands(someOrder, 0, goods("100.00", 1, 1, ""), `"shipping_lines":[]`, `"shipping_lines":[{"price":"20.00","tax_lines":[]}]`)},
		{"refunds/create", gives(1, someOrder, "", `{"kind":"shipping_refund","amount":"-20.00","tax_amount":"0.00"}`, paidBack("20.00", "success"))},
	}, 1000},
	{"RULE 14: chargeback lost", []told{
		{"orders/paid", stands(someOrder, 0, goods("50.00", 1, 1, ""))},
		{"disputes/create", disputed(1, someOrder, "50.00", "needs_response")},
		{"disputes/update", disputed(1, someOrder, "50.00", "under_review")},
		{"disputes/update", disputed(1, someOrder, "50.00", "lost")},
	}, 0},
	{"RULE 14: chargeback lost, then won", []told{
		{"orders/paid", stands(someOrder, 0, goods("50.00", 1, 1, ""))},
		{"disputes/create", disputed(1, someOrder, "50.00", "needs_response")},
		{"disputes/update", disputed(1, someOrder, "50.00", "lost")},
		{"disputes/update", disputed(1, someOrder, "50.00", "won")},
	}, 500},
	{"RULE 14: chargeback accepted", []told{
		{"orders/paid", stands(someOrder, 0, goods("50.00", 1, 1, ""))},
		{"disputes/create", disputed(1, someOrder, "25.00", "accepted")},
	}, 250},
	{"RULE 14: edited up after payment", []told{
		{"orders/paid", stands(someOrder, 0, goods("50.00", 1, 1, ""))},
		{"orders/updated", stands(someOrder, 1, goods("50.00", 1, 1, "")+","+goods("040.00", 1, 1, ""))},
	}, 900},
	{"RULE 14: edited up, and the rest is not paid yet", []told{
		{"orders/paid", stands(someOrder, 0, goods("50.00", 1, 1, ""))},
		{"orders/updated", stands(someOrder, 1, goods("50.00", 1, 1, "")+","+goods("040.00", 1, 1, ""), `"financial_status":"paid"`, `"financial_status":"partially_paid","total_outstanding":"40.00"`)},
	}, 500},
	{"RULE 14: edited before payment", []told{
		{"orders/create", stands(someOrder, 0, goods("84.00", 1, 1, "")+","+goods("024.00", 1, 1, ""), `"financial_status":"paid"`, `"financial_status":"pending"`)},
		{"orders/paid", stands(someOrder, 2, goods("84.00", 1, 1, "")+","+goods("024.00", 1, 0, ""))},
	}, 840},
	{"RULE 14: edited up by 40, then the 40 refunded by amount", []told{
		{"orders/paid", stands(someOrder, 0, goods("50.00", 1, 1, ""))},
		{"orders/updated", stands(someOrder, 1, goods("50.00", 1, 1, "")+","+goods("040.00", 1, 1, ""))},
		{"refunds/create", gives(1, someOrder, "", more("-40.00"), paidBack("40.00", "success"))},
	}, 500},
	{"RULE 14: edited up by 40, then the 40 refunded by line, and the order tells of it", []told{
		{"orders/paid", stands(someOrder, 0, goods("50.00", 1, 1, ""))},
		{"orders/updated", stands(someOrder, 1, goods("50.00", 1, 1, "")+","+goods("040.00", 1, 1, ""))},
		{"refunds/create", gives(1, someOrder, back("40.00", "0"), "", paidBack("40.00", "success"))},
		{"orders/updated", stands(someOrder, 2, goods("50.00", 1, 1, "")+","+goods("040.00", 1, 0, ""), `"refunds":[]`, `"refunds":[`+gives(1, someOrder, back("40.00", "0"), "", paidBack("40.00", "success"))+`]`)},
	}, 500},
	{"RULE 14: a line taken out after payment, its money given back later", []told{
		{"orders/paid", stands(someOrder, 0, goods("50.00", 1, 1, "")+","+goods("040.00", 1, 1, ""))},
		{"orders/updated", stands(someOrder, 1, goods("50.00", 1, 1, "")+","+goods("040.00", 1, 0, ""), `"refunds":[]`, `"refunds":[`+gives(1, someOrder, back("40.00", "0"), more("40.00"), "")+`]`)},
		{"refunds/create", gives(2, someOrder, "", more("-40.00"), paidBack("40.00", "success"))},
	}, 500},
	{"RULE 14: half of a tax-inclusive order given back", []told{
		{"orders/paid", stands(someOrder, 0, `{"id":1,"price":"120.00","quantity":1,"tax_lines":[{"price":"20.00"}]}`, `"taxes_included":false`, `"taxes_included":true`)},
		{"refunds/create", gives(1, someOrder, back("60.00", "10.00"), "", paidBack("60.00", "success"))},
	}, 500},
	{"RULE 14: gift cards and tips earn nothing", []told{
		{"orders/paid", stands(someOrder, 0, goods("84.00", 1, 1, "")+","+goods("150.00", 1, 1, `,"gift_card":true`)+","+goods("012.00", 1, 1, `,"tip":{"payment_method":"Other"}`))},
	}, 840},
	{"RULE 14: a gift card given back takes nothing back", []told{
		{"orders/paid", stands(someOrder, 0, goods("84.00", 1, 1, "")+","+goods("50.00", 1, 1, `,"gift_card":true`))},
		{"refunds/create", gives(1, someOrder, strings.Replace(back("50.00", "0"), `"quantity"`, `"line_item":{"id":501,"gift_card":true},"quantity"`, 1), "", paidBack("50.00", "success"))},
	}, 840},
	{"RULE 14: a refund whose transaction failed waits for the money", []told{
		{"orders/paid", stands(someOrder, 0, goods("50.00", 1, 1, ""))},
		{"refunds/create", gives(1, someOrder, back("50.00", "0"), "", paidBack("50.00", "failure"))},
		{"orders/updated", stands(someOrder, 1, goods("50.00", 1, 0, ""), `"refunds":[]`, `"refunds":[`+gives(1, someOrder, back("50.00", "0"), "", paidBack("50.00", "failure"))+`]`)},
	}, 500},
	{"RULE 14: a pending refund counts once it succeeds", []told{
		{"orders/paid", stands(someOrder, 0, goods("50.00", 1, 1, ""))},
		{"refunds/create", gives(1, someOrder, back("20.00", "0"), "", paidBack("20.00", "pending"))},
		{"orders/updated", stands(someOrder, 1, goods("50.00", 1, 1, ""), `"refunds":[]`, `"refunds":[`+gives(1, someOrder, back("20.00", "0"), "", paidBack("20.00", "success"))+`]`)},
	}, 300},
	{"RULE 14: cancelled, with its refund", []told{
		{"orders/paid", stands(someOrder, 0, goods("50.00", 1, 1, ""))},
		{"refunds/create", gives(1, someOrder, back("50.00", "0"), "", paidBack("50.00", "success"))},
		{"orders/cancelled", stands(someOrder, 1, goods("50.00", 1, 0, ""), `"refunds":[]`, `"cancelled_at":"2026-11-10T15:01:00Z","refunds":[`+gives(1, someOrder, back("50.00", "0"), "", paidBack("50.00", "success"))+`]`)},
	}, 0},
	{"RULE 14: a test order earns nothing, and neither do its edits", []told{
		{"orders/paid", stands(someOrder, 0, goods("50.00", 1, 1, ""), `"test":false`, `"test":true`)},
		{"orders/updated", stands(someOrder, 1, goods("50.00", 2, 2, ""), `"test":false`, `"test":true`)},
	}, 0},
}

// TestWhatTheShopSays plays the table through the front door.
func TestWhatTheShopSays(t *testing.T) {
	t.Parallel()
	h := running(t)
	kit, err := h.store.EnsureKit(t.Context(), h.partnership)
	must(t, err)
	number := someOrder
	for _, c := range shopSays {
		t.Run(c.name, func(t *testing.T) {
			for round := range long.Rounds(2, 4) {
				number++
				says := slices.Clone(c.says)
				if round > 0 { // any order, and each twice
					says = append(says, c.says...)
					rand.Shuffle(len(says), func(i, j int) { says[i], says[j] = says[j], says[i] })
				}
				for _, s := range says {
					body := strings.NewReplacer("CODE-OF-A-CREATOR", kit.DiscountCode, strconv.Itoa(someOrder), strconv.Itoa(number)).Replace(s.body)
					h.topic(body, s.topic)
					eventually(t, "nothing waits", func() bool { return h.counted("shopify", "new") == 0 })
				}
				if got := h.commissionOf(strconv.Itoa(number)); got != c.want {
					t.Errorf("round %d: the commission is %d, want %d; heard as %v", round, got, c.want, says)
				}
			}
		})
	}
	want(t, "deliveries that nobody understood", h.counted("shopify", "dead"), 0)
	faults, err := h.store.VerifyLedger(t.Context())
	must(t, err)
	want(t, "faults of the ledger", len(faults), 0)
}

// The inputs that failed once, as they were found (../shared/found/inputs, where that folder is).
func TestInputsThatFailed(t *testing.T) {
	t.Parallel()
	dir := filepath.Join("..", "..", "shared", "found", "inputs")
	if _, err := os.Stat(dir); err != nil {
		t.Skip("the inputs are not here: ", err)
	}
	for file, c := range map[string]struct {
		first string // what was said before it
		want  int64
	}{
		"B1-edited-before-paid.json":             {"", 840},
		"B2-gift-card-bought.json":               {"", 0},
		"B2-tip-line.json":                       {"", 840},
		"B3-amount-only-refund.json":             {"", 0},
		"B4-refund-tax-in-price-not-listed.json": {stands(920106, 0, `{"id":1,"price":"120.00","quantity":1,"tax_lines":[{"price":"20.00"}]}`, `"taxes_included":false`, `"taxes_included":true`, `"USD"`, `"GBP"`), 500},
	} {
		t.Run(file, func(t *testing.T) {
			t.Parallel()
			h := running(t, func(d *web.Deps) { d.Shop = shopNow{} })
			kit, err := h.store.EnsureKit(t.Context(), h.partnership)
			must(t, err)
			raw, err := os.ReadFile(filepath.Join(dir, file))
			must(t, err)
			if raw[0] != '[' {
				raw = append(append([]byte{'['}, raw...), ']')
			}
			var deliveries []struct {
				Topic string
				Body  json.RawMessage
			}
			must(t, json.Unmarshal(raw, &deliveries))
			if c.first != "" {
				h.topic(strings.ReplaceAll(c.first, "CODE-OF-A-CREATOR", kit.DiscountCode), "orders/paid")
			}
			for _, d := range deliveries {
				h.topic(strings.ReplaceAll(string(d.Body), "CODE-OF-A-CREATOR", kit.DiscountCode), d.Topic)
				eventually(t, "nothing waits", func() bool { return h.counted("shopify", "new") == 0 })
			}
			want(t, "commission", h.commissionOf(""), c.want)
		})
	}
}

// RULE 14, large orders: as many lines and as many bytes as a shop sends are credited. Of a delivery that is larger than any that is kept,
// the shop is asked, and where it does not show the order a person is told.
func TestLargeOrders(t *testing.T) {
	t.Parallel()
	lines := func(n int, more string) string {
		return strings.TrimSuffix(strings.Repeat(`{"id":7,"price":"1.00","quantity":1,"current_quantity":1,"discount_allocations":[],"tax_lines":[]`+more+`},`, n), ",")
	}
	huge := stands(1, 0, lines(40, `,"properties":[{"name":"engraving","value":"`+strings.Repeat("x", 1<<20)+`"}]`))
	for name, c := range map[string]struct {
		body string
		shop shopNow // nil is none that could be asked
		want int64
	}{
		"501 lines":                      {stands(1, 0, lines(501, "")), nil, 5010},
		"2,500 lines":                    {stands(1, 0, lines(2500, "")), nil, 25_000},
		"1.2 MB":                         {stands(1, 0, lines(1, `,"properties":[{"name":"engraving","value":"`+strings.Repeat("x", 1_200_000)+`"}]`)), nil, 10},
		"40 MB, and the shop shows it":   {huge, shopNow{"1": {ID: "1", Currency: "USD", NetMinor: 4000, Paid: true}}, 400},
		"40 MB, and nobody can be asked": {huge, nil, 0},
	} {
		t.Run(name, func(t *testing.T) {
			code := ""
			h := running(t, func(d *web.Deps) {
				if c.shop != nil {
					d.Shop = withCode{c.shop, &code}
				}
			})
			kit, err := h.store.EnsureKit(t.Context(), h.partnership)
			must(t, err)
			code = kit.DiscountCode
			h.topic(strings.ReplaceAll(c.body, "CODE-OF-A-CREATOR", code), "orders/paid")
			eventually(t, "nothing waits", func() bool { return h.counted("shopify", "applied") == 1 })
			want(t, "commission", h.commissionOf("1"), c.want)
			_, err = h.store.Effect(t.Context(), "order/1/unread")
			want(t, "a person is told", err == nil, c.want == 0)
		})
	}
}

// withCode is a shop that shows its order with the creator's code on it.
type withCode struct {
	shopNow
	code *string
}

func (s withCode) Sale(ctx context.Context, id string) (partnership.Sale, error) {
	o, err := s.shopNow.Sale(ctx, id)
	o.Codes = []string{*s.code}
	return o, err
}

// What nobody will ever understand is said to a person, once a vendor and day, and waits in the inbox.
func TestADeadDeliveryIsTold(t *testing.T) {
	t.Parallel()
	h := running(t)
	for range 2 {
		h.topic(`{"id":0}`, "orders/paid")
	}
	eventually(t, "both are given up", func() bool { return h.counted("shopify", "dead") == 2 })
	told := <-h.chat.news
	wantIn(t, told.message.Text, "Shopify")
	wantIn(t, told.message.Body, "rapport inbox retry")
	select {
	case more := <-h.chat.news:
		t.Errorf("and again: %+v", more)
	default:
	}
}
