package stripe

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/rapport-dev/rapport/partnership"
)

func payout() partnership.TransferRequest {
	return partnership.TransferRequest{Key: "payout/po1", PayoutID: "po1", Destination: "acct_1", AmountMinor: 4213, Currency: "USD"}
}

// answering starts a server with one answer and a client of it, under a path prefix as the sandbox has.
func answering(t *testing.T, handler http.HandlerFunc) *Client {
	t.Helper()
	srv := httptest.NewServer(handler)
	t.Cleanup(srv.Close)
	return New(Config{APIKey: "sk_test_1", BaseURL: srv.URL + "/stripe/"})
}

func form(t *testing.T, r *http.Request) url.Values {
	t.Helper()
	body, err := io.ReadAll(r.Body)
	if err != nil {
		t.Error(err)
	}
	v, err := url.ParseQuery(string(body))
	if err != nil {
		t.Error(err)
	}
	return v
}

func TestTransferOnTheWire(t *testing.T) {
	t.Parallel()
	var req *http.Request
	var sent url.Values
	c := answering(t, func(w http.ResponseWriter, r *http.Request) {
		req, sent = r, form(t, r)
		_, _ = io.WriteString(w, `{"id":"tr_1","object":"transfer","amount":4213,"amount_reversed":13,"currency":"usd","created":1800000000,
			"destination":"acct_1","transfer_group":"po1","metadata":{"payout_id":"po1"}}`)
	})
	got, err := c.Transfer(t.Context(), payout())
	if err != nil {
		t.Fatal(err)
	}
	want := partnership.Transfer{
		ID: "tr_1", PayoutID: "po1", Destination: "acct_1", AmountMinor: 4213, ReversedMinor: 13,
		Currency: "USD", CreatedAt: time.Unix(1800000000, 0).UTC(),
	}
	if got != want {
		t.Errorf("%+v, want %+v", got, want)
	}
	if req.URL.Path != "/stripe/v1/transfers" || req.Header.Get("Idempotency-Key") != "payout/po1" || req.Header.Get("Authorization") != "Bearer sk_test_1" {
		t.Errorf("%s %v", req.URL.Path, req.Header)
	}
	for name, want := range map[string]string{
		"amount": "4213", "currency": "usd", "destination": "acct_1", "transfer_group": "po1",
		"metadata[payout_id]": "po1", "metadata[rapport_key]": "payout/po1",
	} {
		if sent.Get(name) != want {
			t.Errorf("%s is %q, want %q", name, sent.Get(name), want)
		}
	}
	if req.Header.Get("X-Stripe-Client-Telemetry") != "" {
		t.Error("telemetry was sent")
	}
}

// Stripe counts some currencies otherwise than ISO 4217: a króna has no smaller coin, and is sent as if it had a hundred.
func TestStripeIsSentWhatItCounts(t *testing.T) {
	for _, test := range []struct {
		currency    string
		minor, wire int64
	}{{"ISK", 501, 50100}, {"UGX", 7, 700}, {"MGA", 12300, 123}, {"JPY", 3601, 3601}, {"KWD", 1230, 1230}} {
		amount := ""
		c := answering(t, func(w http.ResponseWriter, r *http.Request) {
			if r.URL.Path == "/stripe/v1/balance" {
				_, _ = fmt.Fprintf(w, `{"object":"balance","available":[{"amount":%d,"currency":%q}]}`, test.wire, strings.ToLower(test.currency))
				return
			}
			amount = form(t, r).Get("amount")
			_, _ = fmt.Fprintf(w, `{"id":"tr_1","object":"transfer","amount":%d,"amount_reversed":%d,"currency":%q}`, test.wire, test.wire, strings.ToLower(test.currency))
		})
		order := payout()
		order.AmountMinor, order.Currency = test.minor, test.currency
		got, err := c.Transfer(t.Context(), order)
		if err != nil || amount != strconv.FormatInt(test.wire, 10) || got.AmountMinor != test.minor || got.ReversedMinor != test.minor {
			t.Errorf("%d %s is sent as %s and read as %+v, %v", test.minor, test.currency, amount, got, err)
		}
		if balance, err := c.AvailableBalance(t.Context(), test.currency); err != nil || balance != test.minor {
			t.Errorf("of %d %s %d are available, %v", test.minor, test.currency, balance, err)
		}
	}
	c := answering(t, func(http.ResponseWriter, *http.Request) { t.Error("what Stripe cannot carry was sent") })
	order := payout()
	order.AmountMinor, order.Currency = 1234, "KWD"
	if _, err := c.Transfer(t.Context(), order); partnership.ClassOf(err) != partnership.Permanent {
		t.Errorf("1.234 KWD: %v", err)
	}
}

func TestAccountsAndBalance(t *testing.T) {
	t.Parallel()
	var req *http.Request
	var sent url.Values
	c := answering(t, func(w http.ResponseWriter, r *http.Request) {
		req, sent = r, form(t, r)
		switch r.URL.Path {
		case "/stripe/v1/account":
			_, _ = io.WriteString(w, `{"id":"acct_platform","object":"account","country":"US"}`)
		case "/stripe/v1/accounts":
			_, _ = io.WriteString(w, `{"id":"acct_9","object":"account","capabilities":{"transfers":"inactive"}}`)
		case "/stripe/v1/accounts/acct_9":
			_, _ = io.WriteString(w, `{"id":"acct_9","object":"account","capabilities":{"transfers":"active"}}`)
		case "/stripe/v1/account_links":
			_, _ = io.WriteString(w, `{"object":"account_link","url":"https://connect.stripe.com/setup/s/x"}`)
		case "/stripe/v1/balance":
			_, _ = io.WriteString(w, `{"object":"balance","available":[{"amount":500,"currency":"usd"},{"amount":70,"currency":"eur"},{"amount":25,"currency":"usd"}],
				"pending":[{"amount":9999,"currency":"usd"}]}`)
		}
	})
	ctx := t.Context()
	a, err := c.OpenAccount(ctx, partnership.AccountRequest{Key: "account/cr1", CreatorID: "cr1", Email: "mira@creator.example", Country: "us"})
	if err != nil || a.ID != "acct_9" || a.Ready {
		t.Errorf("%+v %v", a, err)
	}
	if req.Header.Get("Idempotency-Key") != "account/cr1" || sent.Get("metadata[creator_id]") != "cr1" || sent.Get("country") != "US" ||
		sent.Get("capabilities[transfers][requested]") != "true" || sent.Get("controller[stripe_dashboard][type]") != "express" {
		t.Errorf("%v %v", req.Header, sent)
	}
	if a, err := c.Account(ctx, "acct_9"); err != nil || !a.Ready {
		t.Errorf("%+v %v", a, err)
	}
	link, err := c.OnboardingLink(ctx, "acct_9", "https://r.example/done", "https://r.example/again")
	if err != nil || link != "https://connect.stripe.com/setup/s/x" || sent.Get("type") != "account_onboarding" ||
		sent.Get("return_url") != "https://r.example/done" || sent.Get("refresh_url") != "https://r.example/again" || req.Header.Get("Idempotency-Key") == "" {
		t.Errorf("%q %v %v", link, err, sent)
	}
	if n, err := c.AvailableBalance(ctx, "USD"); err != nil || n != 525 {
		t.Errorf("%d %v", n, err)
	}
	if n, err := c.AvailableBalance(ctx, "JPY"); err != nil || n != 0 {
		t.Errorf("%d %v", n, err)
	}
}

// TestAgreementAcrossABorder: an account's agreement cannot be changed later, so it has to be right at once.
// pages serves n transfers, newest first, as Stripe pages them.
func pages(t *testing.T, n int, calls *int) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		*calls++
		q := r.URL.Query()
		from := n
		if after := q.Get("starting_after"); after != "" {
			from, _ = strconv.Atoi(strings.TrimPrefix(after, "tr_"))
		}
		limit, _ := strconv.Atoi(q.Get("limit"))
		data := []map[string]any{}
		for i := from - 1; i >= 0 && len(data) < limit; i-- {
			data = append(data, map[string]any{
				"id": fmt.Sprintf("tr_%d", i), "object": "transfer", "amount": i, "currency": "usd",
				"created": 1800000000 + i, "destination": map[string]any{"id": "acct_1"}, "transfer_group": q.Get("transfer_group"),
			})
		}
		more := from-len(data) > 0
		if err := json.NewEncoder(w).Encode(map[string]any{"object": "list", "data": data, "has_more": more, "url": "/v1/transfers"}); err != nil {
			t.Error(err)
		}
	}
}

func TestListsPageThroughAll(t *testing.T) {
	t.Parallel()
	calls := 0
	c := answering(t, pages(t, 250, &calls))
	got, err := c.TransfersOf(t.Context(), "po1", "")
	if err != nil || len(got) != 250 || calls != 3 {
		t.Fatalf("%d transfers in %d calls, %v", len(got), calls, err)
	}
	if got[0].ID != "tr_0" || got[249].ID != "tr_249" || got[7].PayoutID != "po1" || got[7].Destination != "acct_1" {
		t.Errorf("%+v", got[7])
	}
	if all, err := c.Transfers(t.Context(), time.Unix(1800000000, 0), 250); err != nil || len(all) != 250 {
		t.Errorf("%d %v", len(all), err)
	}
	if some, err := c.Transfers(t.Context(), time.Unix(1800000000, 0), 249); partnership.ClassOf(err) != partnership.Permanent || some != nil {
		t.Errorf("a shortened list of %d came without an error: %v", len(some), err)
	}
}

func TestListFailsHalfWay(t *testing.T) {
	t.Parallel()
	calls := 0
	list := pages(t, 250, &calls)
	c := answering(t, func(w http.ResponseWriter, r *http.Request) {
		if calls == 1 {
			calls++
			w.WriteHeader(http.StatusInternalServerError)
			_, _ = io.WriteString(w, `{"error":{"type":"api_error"}}`)
			return
		}
		list(w, r)
	})
	if got, err := c.TransfersOf(t.Context(), "po1", ""); partnership.ClassOf(err) != partnership.Retry || got != nil {
		t.Errorf("%d transfers, %v", len(got), err)
	}
}

func TestRefusedBeforeSending(t *testing.T) {
	t.Parallel()
	srv := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { t.Error("a request was sent") }))
	t.Cleanup(srv.Close)
	ctx := t.Context()
	ok := New(Config{APIKey: "k", BaseURL: srv.URL})
	send := func(change func(*partnership.TransferRequest)) error {
		r := payout()
		change(&r)
		_, err := ok.Transfer(ctx, r)
		return err
	}
	_, noKey := New(Config{BaseURL: srv.URL}).Transfer(ctx, payout())
	_, badURL := New(Config{APIKey: "k", BaseURL: "stripe"}).Transfer(ctx, payout())
	_, badID := ok.Account(ctx, "../v1/balance")
	_, badLink := ok.OnboardingLink(ctx, "", "", "")
	_, noPayout := ok.TransfersOf(ctx, "", "")
	for want, err := range map[string]error{
		"STRIPE_API_KEY": noKey, "STRIPE_BASE_URL": badURL, "not an account id": badID, "account id of Stripe": badLink, "no payout to": noPayout,
		"no payout:":      send(func(r *partnership.TransferRequest) { r.PayoutID = "" }),
		"above zero":      send(func(r *partnership.TransferRequest) { r.AmountMinor = 0 }),
		"ISO code":        send(func(r *partnership.TransferRequest) { r.Currency = "" }),
		"the destination": send(func(r *partnership.TransferRequest) { r.Destination = "mira@creator.example" }),
		"idempotency key": send(func(r *partnership.TransferRequest) { r.Key = "" }),
		"255 characters":  send(func(r *partnership.TransferRequest) { r.Key = partnership.EffectKey(strings.Repeat("k", 256)) }),
	} {
		if partnership.ClassOf(err) != classOfSetting(want) || !strings.Contains(err.Error(), want) || strings.Contains(err.Error(), "creator.example") {
			t.Errorf("%s: %v", want, err)
		}
	}
}

func TestConcurrentTransfersKeepTheirKeys(t *testing.T) {
	t.Parallel()
	var mu sync.Mutex
	seen := map[string]string{}
	c := answering(t, func(w http.ResponseWriter, r *http.Request) {
		sent := form(t, r)
		mu.Lock()
		defer mu.Unlock()
		seen[r.Header.Get("Idempotency-Key")] = sent.Get("amount") + " " + sent.Get("transfer_group")
		_, _ = fmt.Fprintf(w, `{"id":"tr_%s","metadata":{"payout_id":%q}}`, sent.Get("amount"), sent.Get("metadata[payout_id]"))
	})
	const n = 40
	var wg sync.WaitGroup
	for i := 1; i <= n; i++ {
		wg.Go(func() {
			id := partnership.PayoutID(fmt.Sprintf("po%d", i))
			tr, err := c.Transfer(t.Context(), partnership.TransferRequest{Key: partnership.PayoutKey(id), PayoutID: id, Destination: "acct_1", AmountMinor: int64(i), Currency: "usd"})
			if err != nil || tr.PayoutID != id || tr.ID != fmt.Sprintf("tr_%d", i) {
				t.Errorf("%d: %+v %v", i, tr, err)
			}
		})
	}
	wg.Wait()
	for i := 1; i <= n; i++ {
		if got, want := seen[fmt.Sprintf("payout/po%d", i)], fmt.Sprintf("%d po%d", i, i); got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
}
