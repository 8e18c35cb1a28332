package paypal

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/rapport-dev/rapport/integrations/httpx/httpxtest"
	"github.com/rapport-dev/rapport/partnership"
	"github.com/rapport-dev/rapport/partnership/money"
)

// answering is a client of a server that gives tokens and answers everything else with f.
func answering(t *testing.T, f http.HandlerFunc) (c *Client, tokens *atomic.Int32) {
	t.Helper()
	tokens = new(atomic.Int32)
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/v1/oauth2/token" {
			_, _ = fmt.Fprintf(w, `{"access_token":"t%d","expires_in":32400}`, tokens.Add(1))
			return
		}
		f(w, r)
	}))
	t.Cleanup(srv.Close)
	return New(Config{ClientID: "id", Secret: "secret", WebhookID: "WH1", BaseURL: srv.URL}), tokens
}

func order() partnership.TransferRequest {
	return partnership.TransferRequest{
		Key: "payout/po1", PayoutID: "po1", To: partnership.Receiver{Kind: "EMAIL", ID: "ana@creators.example"}, AmountMinor: 4213, Currency: "USD",
	}
}

func TestAPayoutOnTheWire(t *testing.T) {
	t.Parallel()
	var sent createPayout
	var header http.Header
	c, _ := answering(t, func(w http.ResponseWriter, r *http.Request) {
		if r.Method == http.MethodPost {
			header = r.Header.Clone()
			if err := json.NewDecoder(r.Body).Decode(&sent); err != nil {
				t.Error(err)
			}
			w.WriteHeader(http.StatusCreated)
			_, _ = io.WriteString(w, `{"batch_header":{"payout_batch_id":"B1","batch_status":"PENDING","sender_batch_header":{"sender_batch_id":"payout/po1"}}}`)
			return
		}
		_, _ = io.WriteString(w, `{"batch_header":{"payout_batch_id":"B1","batch_status":"SUCCESS","time_created":"2026-12-01T06:00:00Z","sender_batch_header":{"sender_batch_id":"payout/po1"}},
			"items":[{"payout_item_id":"I1","transaction_status":"SUCCESS","payout_batch_id":"B1","payout_item":{"receiver":"ana@creators.example","amount":{"currency":"USD","value":"42.13"}}}]}`)
	})
	got, err := c.Transfer(t.Context(), order())
	want := partnership.Transfer{ID: "B1", PayoutID: "po1", Receiver: "ana@creators.example", AmountMinor: 4213, Currency: "USD", CreatedAt: time.Date(2026, 12, 1, 6, 0, 0, 0, time.UTC)}
	if err != nil || got != want {
		t.Errorf("%+v %v, want %+v", got, err, want)
	}
	if header.Get("PayPal-Request-Id") != "payout/po1" || header.Get("Authorization") != "Bearer t1" || sent.Header.SenderBatchID != "payout/po1" {
		t.Errorf("%v %+v", header, sent.Header)
	}
	if len(sent.Items) != 1 || sent.Items[0].Amount != (amount{"USD", "42.13"}) || sent.Items[0].SenderItemID != "po1" || sent.Items[0].RecipientType != "EMAIL" {
		t.Errorf("%+v", sent.Items)
	}
}

// Each of PayPal's states of an item, and what it is here: a batch that is SUCCESS says nothing.
func TestWhatAnItemsStateMeans(t *testing.T) {
	t.Parallel()
	for status, want := range map[string]struct {
		state partnership.TransferState
		back  int64
	}{
		"SUCCESS": {partnership.TransferMoved, 0}, "PENDING": {partnership.TransferUnderway, 0}, "UNCLAIMED": {partnership.TransferUnderway, 0},
		"ONHOLD": {partnership.TransferUnderway, 0}, "FAILED": {partnership.TransferFailed, 4213}, "BLOCKED": {partnership.TransferFailed, 4213},
		"RETURNED": {partnership.TransferFailed, 4213}, "REFUNDED": {partnership.TransferFailed, 4213}, "REVERSED": {partnership.TransferFailed, 4213},
		"SOMETHING_NEW": {partnership.TransferUnderway, 0},
	} {
		b := batch{Header: batchHeader{ID: "B", Status: "SUCCESS"}, Items: []batchItem{{Status: status, Item: item{Amount: amount{"USD", "42.13"}}}}}
		if got := one(b); got.State != want.state || got.ReversedMinor != want.back || got.AmountMinor != 4213 || want.state != partnership.TransferMoved && got.Why == "" {
			t.Errorf("%s: %+v", status, got)
		}
	}
	for status, state := range map[string]partnership.TransferState{"DENIED": partnership.TransferFailed, "CANCELED": partnership.TransferFailed, "PENDING": partnership.TransferUnderway} {
		if got := one(batch{Header: batchHeader{ID: "B", Status: status, Amount: amount{"USD", "42.13"}}}); got.State != state || state == partnership.TransferFailed && got.ReversedMinor != 4213 {
			t.Errorf("a batch that is %s: %+v", status, got)
		}
	}
}

// Every currency of PayPal's both ways, without a float: HUF, JPY and TWD have no decimals there.
func TestAmountsOfEachCurrency(t *testing.T) {
	t.Parallel()
	for _, currency := range currencies {
		for _, minor := range []int64{1, 10, 99, 100, 101, 123456, 99_999_999_00} {
			minor, _ := money.Payable(minor, currency, provider)
			if minor == 0 {
				continue
			}
			text, err := valueOf(minor, currency)
			if err != nil || strings.Contains(text, ".") == whole[currency] {
				t.Errorf("%d %s is %q, %v", minor, currency, text, err)
			}
			var back shown
			back.setAmount(amount{currency, text})
			if back.AmountMinor != minor || back.Currency != currency {
				t.Errorf("%d %s came back as %d", minor, currency, back.AmountMinor)
			}
		}
	}
	if _, err := valueOf(1050, "HUF"); err == nil {
		t.Error("half a forint was written")
	}
}

func TestErrorsOfPayPal(t *testing.T) {
	t.Parallel()
	for _, x := range []struct {
		status int
		body   string
		class  partnership.Class
	}{
		{400, `{"name":"VALIDATION_ERROR"}`, partnership.Permanent},
		{422, `{"name":"INSUFFICIENT_FUNDS"}`, partnership.Short},
		{403, `{"name":"AUTHORIZATION_ERROR"}`, partnership.Barred},
		{403, `{"name":"SOMETHING"}`, partnership.Barred},
		{401, `{"error":"invalid_token"}`, partnership.Barred},
		{429, `{"name":"RATE_LIMIT_REACHED"}`, partnership.Retry},
		{500, `{"name":"INTERNAL_SERVER_ERROR"}`, partnership.Ambiguous},
		{503, `<html>`, partnership.Ambiguous},
		{201, `{"batch_header":{}}`, partnership.Ambiguous},
		{201, `<html>`, partnership.Ambiguous},
	} {
		c, tokens := answering(t, func(w http.ResponseWriter, _ *http.Request) {
			w.WriteHeader(x.status)
			_, _ = io.WriteString(w, x.body)
		})
		if _, err := c.Transfer(t.Context(), order()); partnership.ClassOf(err) != x.class {
			t.Errorf("%d %s: %v is %q, want %q", x.status, x.body, err, partnership.ClassOf(err), x.class)
		}
		if want := map[bool]int32{true: 2, false: 1}[x.status == 401]; tokens.Load() != want {
			t.Errorf("%d: %d tokens were asked for, want %d", x.status, tokens.Load(), want)
		}
	}
}

// An answer that is lost is in doubt where money moves; a token that is lost is not, and nothing was sent where nobody listened.
func TestBrokenExchanges(t *testing.T) {
	t.Parallel()
	cut, _ := httpxtest.CutServer(t)
	c := New(Config{ClientID: "id", Secret: "s", BaseURL: cut.URL})
	if _, err := c.Transfer(t.Context(), order()); partnership.ClassOf(err) != partnership.Retry {
		t.Errorf("a lost token: %v", err)
	}
	c.token.value, c.token.until = "t", time.Now().Add(time.Hour)
	if _, err := c.Transfer(t.Context(), order()); partnership.ClassOf(err) != partnership.Ambiguous {
		t.Errorf("a lost payout: %v", err)
	}
	if _, err := c.TransfersOf(t.Context(), "po1", ""); partnership.ClassOf(err) != partnership.Retry {
		t.Errorf("a lost list: %v", err)
	}
	if _, err := New(Config{ClientID: "id", Secret: "s", BaseURL: httpxtest.DeadURL(t)}).Transfer(t.Context(), order()); partnership.ClassOf(err) != partnership.Retry {
		t.Errorf("nobody listened: %v", err)
	}
	if _, err := New(Config{}).AvailableBalance(t.Context(), "USD"); partnership.ClassOf(err) != partnership.Barred {
		t.Errorf("no credentials: %v", err)
	}
}

// A repeated sender_batch_id is answered with a link to the original, wherever in the error it stands; another fault of that field is none.
func TestADuplicateNamesItsOriginal(t *testing.T) {
	t.Parallel()
	const href = `{"href":"https://api-m.paypal.com/v1/payments/payouts/RT36FGZB5ZKDJ?total_required=true","rel":"self"}`
	for body, want := range map[string]string{
		`{"name":"USER_BUSINESS_ERROR","details":[{"field":"SENDER_BATCH_ID","issue":"Batch with given sender_batch_id already exists","link":[` + href + `]}]}`: "RT36FGZB5ZKDJ",
		`{"name":"USER_BUSINESS_ERROR","details":[{"field":"/sender_batch_header/sender_batch_id","issue":"DUPLICATE"}],"links":[` + href + `]}`:                 "RT36FGZB5ZKDJ",
		`{"name":"VALIDATION_ERROR","details":[{"field":"SENDER_BATCH_ID","issue":"too long"}]}`:                                                                 "",
		`{"name":"VALIDATION_ERROR","details":[{"field":"items[0]/receiver","issue":"bad","link":[` + href + `]}]}`:                                              "",
	} {
		var e apiError
		if err := json.Unmarshal([]byte(body), &e); err != nil {
			t.Fatal(err)
		}
		if got := e.duplicate(); got != want {
			t.Errorf("%s names %q, want %q", body, got, want)
		}
	}
}

func TestReadReceiver(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		" ana@creators.example ": "EMAIL ana@creators.example", "+49 (170) 123-4567": "PHONE +491701234567", "8xq7fwhpa2fq6": "PAYPAL_ID 8XQ7FWHPA2FQ6",
		"ana": "", "0170 1234567": "", "": "", "ana@": "", "Ana <ana@creators.example>": "", strings.Repeat("a", 120) + "@x.example": "",
	} {
		got, err := ReadReceiver(text)
		if want == "" && err == nil || want != "" && (err != nil || got.Kind+" "+got.ID != want) {
			t.Errorf("%q: %s %s %v", text, got.Kind, got.ID, err)
		}
		if fmt.Sprintf("%v %+v %#v", got, got, got) != strings.Repeat(got.String()+" ", 2)+got.String() {
			t.Errorf("%q is printed", text)
		}
	}
}

func TestServes(t *testing.T) {
	t.Parallel()
	for _, x := range []struct{ country, currency, why string }{
		{"DE", "EUR", ""}, {"US", "USD", ""}, {"", "JPY", ""}, {"BR", "BRL", ""}, {"DE", "BRL", "only within BR"}, {"IR", "USD", "nobody in IR"}, {"KW", "KWD", "KWD"},
	} {
		if why := Serves(x.country, x.currency); (why == "") != (x.why == "") || !strings.Contains(why, x.why) {
			t.Errorf("%s in %s: %q", x.currency, x.country, why)
		}
	}
}

// PayPal keeps an event for 30 days, and a payout for good: a worker that was started later asks for the one that the books know.
func TestAPayoutOfLongAgoIsAskedForByItsBatch(t *testing.T) {
	t.Parallel()
	c, _ := answering(t, func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path != "/v1/payments/payouts/B1" {
			_, _ = io.WriteString(w, `{"events":[]}`)
			return
		}
		_, _ = io.WriteString(w, `{"batch_header":{"payout_batch_id":"B1","batch_status":"SUCCESS","time_created":"2026-10-01T06:00:00Z","sender_batch_header":{"sender_batch_id":"payout/po1"}},
			"items":[{"payout_item_id":"I1","transaction_status":"SUCCESS","payout_batch_id":"B1","payout_item":{"receiver":"ana@creators.example","amount":{"currency":"USD","value":"42.13"}}}]}`)
	})
	if list, err := c.TransfersOf(t.Context(), "po1", ""); err != nil || len(list) != 0 {
		t.Errorf("%+v %v", list, err)
	}
	if list, err := c.TransfersOf(t.Context(), "po1", "B1"); err != nil || len(list) != 1 || list[0].ID != "B1" || list[0].AmountMinor != 4213 || list[0].State != partnership.TransferMoved {
		t.Errorf("%+v %v", list, err)
	}
}
