package shopify

import (
	"encoding/json"
	"errors"
	"net/http"
	"reflect"
	"testing"
	"time"

	"github.com/rapport-dev/rapport/partnership"
	"github.com/rapport-dev/rapport/partnership/facts"
)

// The vectors are those of Shopify's own API library and of go-shopify.
func TestVerify(t *testing.T) {
	t.Parallel()
	header := func(values ...string) http.Header { return http.Header{http.CanonicalHeaderKey(HeaderHMAC): values} }
	const (
		body1, secret1, sum1 = `{"foo": "bar"}`, "test_secret_key", "B23tXN681gZ0qIWNRrgtzBE9XSDo5yaUu6wfmhu3a7g="
		body2, secret2, sum2 = `"my secret message"`, "hush", "hMTq0K2x7oyOjoBwGYeTj5oxfnaVYXzbanUG9aajpKI="
	)
	for _, tc := range []struct {
		name    string
		secrets []string
		header  http.Header
		body    string
		want    error
	}{
		{"shopify-api-js", []string{secret1}, header(sum1), body1, nil},
		{"go-shopify", []string{secret2}, header(sum2), body2, nil},
		{"old secret in its last hour", []string{secret1, secret2}, header(sum2), body2, nil},
		{"flipped byte", []string{secret1}, header(sum1), `{"foo": "baz"}`, facts.ErrSignature},
		{"re-encoded", []string{secret1}, header(sum1), `{"foo":"bar"}`, facts.ErrSignature},
		{"one line end more", []string{secret1}, header(sum1), body1 + "\n", facts.ErrSignature},
		{"wrong secret", []string{secret2}, header(sum1), body1, facts.ErrSignature},
		{"cut", []string{secret1}, header(sum1[:40]), body1, facts.ErrSignature},
		{"not base64", []string{secret1}, header("%"), body1, facts.ErrNotSigned},
		{"no header", []string{secret1}, http.Header{}, body1, facts.ErrNotSigned},
		{"empty header", []string{secret1}, header(""), body1, facts.ErrNotSigned},
		{"two headers", []string{secret1}, header(sum1, sum1), body1, facts.ErrNotSigned},
		{"no secret", nil, header(sum1), body1, facts.ErrNoKey},
		{"empty secret", []string{""}, header(Sign("", []byte(body1))), body1, facts.ErrNoKey},
	} {
		t.Run(tc.name, func(t *testing.T) {
			if err := Verify(tc.secrets, tc.header, []byte(tc.body)); !errors.Is(err, tc.want) || tc.want == nil && err != nil {
				t.Fatalf("%v, want %v", err, tc.want)
			}
		})
	}
}

const paidOrder = `{"id":820982911946154508,"admin_graphql_api_id":"gid://shopify/Order/820982911946154508","currency":"USD","taxes_included":false,
"test":false,"tags":"vip, Rapport , ","source_name":"web","landing_site":"/products/sampler?utm_source=ada","financial_status":"paid",
"processed_at":"2026-12-02T05:00:00-05:00","cancelled_at":null,"email":"ada@example.test","discount_codes":[{"code":"ADA15","amount":"12.15","type":"percentage"}],
"note_attributes":[{"name":"rapport_click","value":"c1"},{"name":"n","value":7},{"name":"none","value":null}],
"line_items":[{"id":1,"quantity":2,"price":"36.00","discount_allocations":[{"amount":"10.80"}],"tax_lines":[{"price":"5.05"}]},
{"id":2,"quantity":1,"price":9.0,"discount_allocations":[{"amount":"1.35"}],"tax_lines":[]}],
"total_shipping_price_set":{"shop_money":{"amount":"4.90","currency_code":"USD"}}}`

func TestParseOrder(t *testing.T) {
	t.Parallel()
	got, err := ParseOrder([]byte(paidOrder))
	if err != nil {
		t.Fatal(err)
	}
	want := Order{
		SaleState: partnership.SaleState{TotalMinor: 7390},
		ID:        "820982911946154508", Currency: "USD", LineNetMinor: 6885, Paid: true, DiscountCodes: []string{"ADA15"},
		LandingSite: "/products/sampler?utm_source=ada", NoteAttributes: map[string]string{"rapport_click": "c1", "n": "7", "none": ""},
		Tags: []string{"vip", "Rapport"}, SourceName: "web", ProcessedAt: time.Date(2026, 12, 2, 10, 0, 0, 0, time.UTC),
	}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("%+v\nwant %+v", got, want)
	}
}

func TestOrderAmounts(t *testing.T) {
	t.Parallel()
	line := func(price, quantity, discount, tax string) string {
		return `{"quantity":` + quantity + `,"price":` + price + `,"discount_allocations":[{"amount":` + discount + `}],"tax_lines":[{"price":` + tax + `}]}`
	}
	for _, tc := range []struct {
		name, currency, taxes, lines string
		want                         int64
		ok                           bool
	}{
		{"tax in the price", "EUR", "true", line(`"119.00"`, "1", `"0.00"`, `"19.00"`), 10000, true},
		{"yen padded with zeros", "JPY", "false", line(`"3600.00"`, "3", `"0.0"`, "null"), 10800, true},
		{"three decimals", "KWD", "false", line(`"1.250"`, "2", "0.5", "0"), 2000, true},
		{"a number that no binary fraction holds", "USD", "false", line("0.1", "3", "0.1", "0"), 20, true},
		{"a gift at 100 %", "USD", "false", line(`"36.00"`, "1", `"36.00"`, "0"), 0, true},
		{"no lines", "USD", "false", "", 0, true},
		{"half a cent", "USD", "false", line(`"0.005"`, "1", "0", "0"), 0, false},
		{"an exponent", "USD", "false", line("1e2", "1", "0", "0"), 0, false},
		{"words", "USD", "false", line(`"free"`, "1", "0", "0"), 0, false},
		{"absurd price", "USD", "false", line(`"99999999999999"`, "1", "0", "0"), 0, false},
		{"absurd quantity", "USD", "false", line(`"1"`, "1000000000", "0", "0"), 0, false},
		{"negative quantity", "USD", "false", line(`"1"`, "-1", "0", "0"), 0, false},
	} {
		t.Run(tc.name, func(t *testing.T) {
			body := `{"id":1,"currency":"` + tc.currency + `","taxes_included":` + tc.taxes + `,"line_items":[` + tc.lines + `]}`
			o, err := ParseOrder([]byte(body))
			if (err == nil) != tc.ok || o.LineNetMinor != tc.want {
				t.Fatalf("%d %v", o.LineNetMinor, err)
			}
		})
	}
}

func TestOwnGiftIsRecognised(t *testing.T) {
	t.Parallel()
	o, err := ParseOrder([]byte(`{"id":1,"currency":"USD","tags":"` + KeyTag("k") + `, rapport-gift","source_name":"shopify_draft_order"}`))
	if err != nil || !o.IsGift() {
		t.Fatalf("%+v %v", o, err)
	}
	if o, _ := ParseOrder([]byte(paidOrder)); o.IsGift() {
		t.Fatal("a sale passed for a gift")
	}
}

func TestParseRefund(t *testing.T) {
	t.Parallel()
	const body = `{"id":890088186047892319,"order_id":820982911946154508,"created_at":"2026-12-05T10:00:00Z","processed_at":"2026-12-05T05:00:01-05:00",
"transactions":[{"amount":"50.00","currency":"USD"}],"refund_line_items":[
{"id":1,"line_item_id":1,"quantity":1,"subtotal":30.6,"total_tax":2.52,"subtotal_set":{"shop_money":{"amount":"30.60","currency_code":"USD"}}},
{"id":2,"line_item_id":2,"quantity":1,"subtotal":"7.65","total_tax":0.00,"subtotal_set":{"shop_money":{"amount":"7.65","currency_code":"USD"}}}]}`
	got, err := ParseRefund([]byte(body))
	want := partnership.SaleRefund{
		OrderID: "820982911946154508", RefundID: "890088186047892319", Currency: "USD", MoneyListed: true, Tried: true, MovedMinor: 5000,
		Lines: []partnership.RefundLine{{LineID: "1", SubtotalMinor: 3060, TaxMinor: 252}, {LineID: "2", SubtotalMinor: 765}},
		At:    time.Date(2026, 12, 5, 10, 0, 1, 0, time.UTC),
	}
	if err != nil || !reflect.DeepEqual(got, want) {
		t.Fatalf("%+v %v", got, err)
	}
	outside, _ := got.Taken(false)
	inside, _ := got.Taken(true)
	if outside != 3825 || inside != 3573 {
		t.Errorf("net %d and %d", outside, inside)
	}
	if r, err := ParseRefund([]byte(`{"id":1,"order_id":2,"created_at":"2026-12-05T10:00:00Z","refund_line_items":[]}`)); err != nil || len(r.Lines) != 0 || r.At.IsZero() {
		t.Errorf("shipping only: %+v %v", r, err)
	}
	for name, bad := range map[string]string{
		"no order":       `{"id":1}`,
		"no currency":    `{"id":1,"order_id":2,"refund_line_items":[{"subtotal":1}]}`,
		"two currencies": `{"id":1,"order_id":2,"refund_line_items":[{"subtotal":1,"subtotal_set":{"shop_money":{"currency_code":"USD"}}},{"subtotal":1,"subtotal_set":{"shop_money":{"currency_code":"EUR"}}}]}`,
		"not JSON":       `x`,
	} {
		if _, err := ParseRefund([]byte(bad)); err == nil {
			t.Errorf("%s passed", name)
		}
	}
}

func TestDeliveryID(t *testing.T) {
	t.Parallel()
	h := http.Header{}
	if DeliveryID(h) != "" {
		t.Error("an id out of nothing")
	}
	h.Set(HeaderTopic, TopicOrdersPaid)
	h.Set(HeaderWebhookID, "w1")
	if got := DeliveryID(h); got != "orders/paid/w1" {
		t.Error(got)
	}
	h.Set(HeaderEventID, "e1")
	if got := DeliveryID(h); got != "orders/paid/e1" {
		t.Error(got)
	}
}

func TestDecimalKeepsDigits(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]Decimal{`"10.10"`: "10.10", `10.10`: "10.10", `123456789012345678.01`: "123456789012345678.01", `null`: "", `""`: ""} {
		var d Decimal
		if err := json.Unmarshal([]byte(in), &d); err != nil || d != want {
			t.Errorf("%s: %q %v", in, d, err)
		}
	}
	for _, bad := range []string{`true`, `{}`, `[1]`} {
		var d Decimal
		if json.Unmarshal([]byte(bad), &d) == nil {
			t.Errorf("%s passed", bad)
		}
	}
}

func FuzzParseOrder(f *testing.F) {
	f.Add([]byte(paidOrder))
	f.Fuzz(func(t *testing.T, body []byte) {
		if o, err := ParseOrder(body); err == nil && (o.ID == "" || o.Currency == "" || o.LineNetMinor < 0) {
			t.Errorf("%+v", o)
		}
	})
}

func FuzzParseRefund(f *testing.F) {
	f.Add([]byte(`{"id":1,"order_id":2,"refund_line_items":[{"subtotal":30.6,"total_tax":2.52,"subtotal_set":{"shop_money":{"currency_code":"USD"}}}]}`))
	f.Fuzz(func(t *testing.T, body []byte) {
		if r, err := ParseRefund(body); err == nil && (r.OrderID == "" || r.RefundID == "") {
			t.Errorf("%+v", r)
		}
	})
}

func FuzzDecimal(f *testing.F) {
	for _, s := range []string{"10.10", "-0.05", "1000.00", "1e9", ".", "99999999999999999999"} {
		f.Add(s, "USD")
	}
	f.Fuzz(func(t *testing.T, s, currency string) {
		n, err := Decimal(s).minor(currency)
		if err == nil && (n > maxMinor || n < -maxMinor) {
			t.Errorf("%q is %d", s, n)
		}
	})
}
