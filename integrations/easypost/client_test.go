package easypost

import (
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/rapport-dev/rapport/integrations/httpx/httpxtest"
	"github.com/rapport-dev/rapport/partnership"
)

// reply is one answer of the fake, a string body or anything for JSON.
type reply struct {
	status int
	body   any
}

type fake struct {
	srv     *httptest.Server
	mu      sync.Mutex
	seen    []string
	bodies  map[string][]byte
	replies map[string][]reply // answers in turn; the last one stays
}

func newFake(t *testing.T, replies map[string][]reply) *fake {
	t.Helper()
	f := &fake{replies: replies, bodies: map[string][]byte{}}
	f.srv = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		f.mu.Lock()
		defer f.mu.Unlock()
		if user, pass, ok := r.BasicAuth(); !ok || user != "EZTKtest" || pass != "" {
			t.Errorf("basic auth %q %q", user, pass)
		}
		name := r.Method + " " + r.URL.Path
		body, _ := io.ReadAll(r.Body)
		f.seen, f.bodies[name] = append(f.seen, name), body
		answers := f.replies[name]
		if len(answers) == 0 {
			t.Errorf("unexpected call %s", name)
			http.NotFound(w, r)
			return
		}
		if len(answers) > 1 {
			f.replies[name] = answers[1:]
		}
		w.WriteHeader(answers[0].status)
		if s, ok := answers[0].body.(string); ok {
			_, _ = io.WriteString(w, s)
			return
		}
		_ = json.NewEncoder(w).Encode(answers[0].body)
	}))
	t.Cleanup(f.srv.Close)
	return f
}

func (f *fake) client() *Client { return New(Config{APIKey: "EZTKtest", BaseURL: f.srv.URL + "/v2/"}) }

func sample(t *testing.T, name string) string {
	t.Helper()
	raw, err := os.ReadFile(httpxtest.SpecFile(t, "easypost/"+name))
	if err != nil {
		t.Fatal(err)
	}
	return string(raw)
}

func request() partnership.ShipmentRequest {
	return partnership.ShipmentRequest{
		Key: "partnership/p1/gifting/shipment/1", PartnershipID: "p1", WeightOz: 15.4,
		To:   partnership.Address{Name: "Ada Example", Line1: "1 Main St", Line2: "Apt 2", City: "Austin", Region: "TX", PostalCode: "78701", Country: "US", Phone: "5555555555"},
		From: partnership.Address{Name: "Acme", Line1: "2 Side St", City: "Austin", Region: "TX", PostalCode: "78701", Country: "US"},
	}
}

// TestCreateShipment answers with EasyPost's own sample and checks our request against the fields of its fixtures.
func TestCreateShipment(t *testing.T) {
	t.Parallel()
	f := newFake(t, map[string][]reply{"POST /v2/shipments": {{201, sample(t, "shipments-create.json")}}})
	s, err := f.client().CreateShipment(t.Context(), request())
	if err != nil {
		t.Fatal(err)
	}
	var want Shipment
	if err := json.Unmarshal([]byte(sample(t, "shipments-create.json")), &want); err != nil {
		t.Fatal(err)
	}
	if s.ID != want.ID || s.Currency != "USD" || s.Carrier == "" || s.LabelURL != "" || s.TrackingCode != "" || s.RateID == "" {
		t.Errorf("%+v", s)
	}
	for _, r := range want.Rates {
		if cost, err := minor(r.Rate, r.Currency); err != nil || cost < s.CostMinor {
			t.Errorf("%s is cheaper than %d (%v)", r.Rate, s.CostMinor, err)
		}
	}
	checkShape(t, f.bodies["POST /v2/shipments"])
}

// checkShape says whether a request has only fields that EasyPost's fixtures have, of the same JSON types.
func checkShape(t *testing.T, body []byte) {
	t.Helper()
	var sent struct {
		Shipment map[string]any `json:"shipment"`
	}
	var fixtures struct {
		Shipments map[string]map[string]any `json:"shipments"`
	}
	if err := json.Unmarshal(body, &sent); err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal([]byte(sample(t, "client-library-fixtures.json")), &fixtures); err != nil {
		t.Fatal(err)
	}
	full := fixtures.Shipments["full"]
	full["to_address"].(map[string]any)["street2"] = ""
	if len(sent.Shipment) == 0 {
		t.Fatal("no shipment was sent")
	}
	sameShape(t, "shipment", sent.Shipment, full)
	if sent.Shipment["reference"] != string(request().Key) {
		t.Errorf("reference %v", sent.Shipment["reference"])
	}
}

func sameShape(t *testing.T, at string, got, want map[string]any) {
	t.Helper()
	for k, v := range got {
		w, ok := want[k]
		if !ok {
			t.Errorf("%s.%s is no field of EasyPost's fixtures", at, k)
			continue
		}
		gm, g := v.(map[string]any)
		wm, isMap := w.(map[string]any)
		_, gs := v.(string)
		_, ws := w.(string)
		switch {
		case g && isMap:
			sameShape(t, at+"."+k, gm, wm)
		case g != isMap || gs != ws:
			t.Errorf("%s.%s is a %T, want a %T", at, k, v, w)
		}
	}
}

func TestNothingToShip(t *testing.T) {
	t.Parallel()
	f := newFake(t, map[string][]reply{"POST /v2/shipments": {{201, Shipment{ID: "shp_1"}}}})
	r := request()
	r.WeightOz = 0
	if _, err := f.client().CreateShipment(t.Context(), r); partnership.ClassOf(err) != partnership.Permanent || len(f.seen) != 0 {
		t.Errorf("no weight: %v", err)
	}
	_, err := f.client().CreateShipment(t.Context(), request())
	if v, ok := errors.AsType[*partnership.VendorError](err); !ok || v.VendorCode != NoRates {
		t.Errorf("no rates: %v", err)
	}
	if _, err := New(Config{}).Shipment(t.Context(), "shp_1"); !strings.Contains(err.Error(), "EASYPOST_API_KEY") {
		t.Errorf("no key: %v", err)
	}
}

func TestBuyLabel(t *testing.T) {
	t.Parallel()
	bought := Shipment{
		ID: "shp_1", TrackingCode: "EZ1", SelectedRate: &Rate{ID: "rate_1", Carrier: "USPS", Rate: "8.20", Currency: "USD"},
		PostageLabel: &PostageLabel{LabelURL: "https://label"}, Tracker: &Tracker{ID: "trk_1", Status: "unknown"},
	}
	no := func(status int, code string) reply { return reply{status, ErrorResponse{Error{Code: code}}} }
	for _, tc := range []struct {
		name  string
		buy   reply
		get   reply
		class partnership.Class
		code  string
	}{
		{"bought", reply{200, bought}, reply{}, "", ""},
		{"bought before", no(422, "SHIPMENT.POSTAGE.EXISTS"), reply{200, bought}, "", ""},
		{"bought before, other words", no(400, "WHATEVER"), reply{200, bought}, "", ""},
		{"stale rate", no(422, "SHIPMENT.RATE.EXPIRED"), reply{200, Shipment{ID: "shp_1"}}, partnership.Permanent, RateExpired},
		{"unknown rate", no(422, "RATE.NOT_FOUND"), reply{200, Shipment{ID: "shp_1"}}, partnership.Permanent, RateExpired},
		{"carrier refuses", no(422, "SHIPMENT.POSTAGE.FAILURE"), reply{200, Shipment{ID: "shp_1"}}, partnership.Permanent, "SHIPMENT.POSTAGE.FAILURE"},
		{"refused, and nobody can look", no(422, "SHIPMENT.POSTAGE.EXISTS"), no(500, ""), partnership.Retry, ""},
		{"being bought", no(422, "SHIPMENT.PURCHASE.IN_PROGRESS"), reply{}, partnership.Ambiguous, "SHIPMENT.PURCHASE.IN_PROGRESS"},
		{"carrier is silent", no(422, "SHIPMENT.POSTAGE.TIMED_OUT"), reply{}, partnership.Ambiguous, "SHIPMENT.POSTAGE.TIMED_OUT"},
		{"empty wallet", no(402, "INSUFFICIENT_FUNDS"), reply{}, partnership.Barred, "INSUFFICIENT_FUNDS"},
		{"500", no(500, ""), reply{}, partnership.Ambiguous, ""},
		{"429", no(429, "RATE_LIMITED"), reply{}, partnership.Retry, "RATE_LIMITED"},
		{"unreadable", reply{200, "<html>"}, reply{}, partnership.Ambiguous, ""},
	} {
		t.Run(tc.name, func(t *testing.T) {
			replies := map[string][]reply{"POST /v2/shipments/shp_1/buy": {tc.buy}}
			if tc.get.status != 0 {
				replies["GET /v2/shipments/shp_1"] = []reply{tc.get}
			}
			f := newFake(t, replies)
			s, err := f.client().BuyLabel(t.Context(), "shp_1", "rate_1")
			if tc.class == "" {
				want := partnership.Shipment{ID: "shp_1", RateID: "rate_1", CostMinor: 820, Currency: "USD", Carrier: "USPS", LabelURL: "https://label", TrackingCode: "EZ1"}
				if err != nil || s != want {
					t.Fatalf("%+v %v", s, err)
				}
				return
			}
			v, ok := errors.AsType[*partnership.VendorError](err)
			if !ok || v.Class != tc.class || v.VendorCode != tc.code || v.Message == "" {
				t.Fatalf("%v", err)
			}
		})
	}
	f := newFake(t, map[string][]reply{"POST /v2/shipments/shp_1/buy": {{200, bought}}})
	if _, err := f.client().BuyLabel(t.Context(), "shp_1", "rate_1"); err != nil || string(f.bodies["POST /v2/shipments/shp_1/buy"]) != `{"rate":{"id":"rate_1"}}` {
		t.Errorf("%s %v", f.bodies["POST /v2/shipments/shp_1/buy"], err)
	}
}

func TestOfficialBoughtSample(t *testing.T) {
	t.Parallel()
	f := newFake(t, map[string][]reply{"GET /v2/shipments/shp_1": {{200, sample(t, "shipments-buy.json")}}})
	s, err := f.client().Shipment(t.Context(), "shp_1")
	if err != nil || s.CostMinor != 820 || s.TrackingCode != "9434600208303109842228" || s.LabelURL == "" || s.Refunded {
		t.Fatalf("%+v %v", s, err)
	}
}

func TestRefundIsRepeatable(t *testing.T) {
	t.Parallel()
	label := &PostageLabel{ID: "pl_1"}
	refused := reply{422, ErrorResponse{Error{Code: "SHIPMENT.REFUND.UNAVAILABLE"}}}
	for _, tc := range []struct {
		name   string
		before Shipment
		refund []reply
		after  *Shipment
		code   partnership.Code
		calls  int
	}{
		{"refunded now", Shipment{PostageLabel: label, Tracker: &Tracker{Status: "pre_transit"}}, []reply{{200, Shipment{RefundStatus: "submitted"}}}, nil, "", 1},
		{"refunded before", Shipment{PostageLabel: label, RefundStatus: "refunded"}, nil, nil, "", 0},
		{"never bought", Shipment{}, nil, nil, "", 0},
		{"on its way", Shipment{PostageLabel: label, Tracker: &Tracker{Status: "in_transit"}}, nil, nil, partnership.Conflict, 0},
		{"on its way, no tracker", Shipment{PostageLabel: label, Status: "delivered"}, nil, nil, partnership.Conflict, 0},
		{"refused", Shipment{PostageLabel: label}, []reply{refused}, &Shipment{PostageLabel: label}, partnership.Conflict, 1},
		{"another was faster", Shipment{PostageLabel: label}, []reply{refused}, &Shipment{PostageLabel: label, RefundStatus: "submitted"}, "", 1},
	} {
		t.Run(tc.name, func(t *testing.T) {
			gets := []reply{{200, tc.before}}
			if tc.after != nil {
				gets = append(gets, reply{200, *tc.after})
			}
			f := newFake(t, map[string][]reply{"GET /v2/shipments/shp_1": gets, "POST /v2/shipments/shp_1/refund": tc.refund})
			err := f.client().RefundLabel(t.Context(), "shp_1")
			if partnership.CodeOf(err) != tc.code || tc.code == "" && err != nil {
				t.Fatal(err)
			}
			refunds := len(slices.DeleteFunc(f.seen, func(s string) bool { return !strings.HasPrefix(s, "POST") }))
			if refunds != tc.calls {
				t.Fatalf("%d refunds asked for, want %d", refunds, tc.calls)
			}
		})
	}
}

func TestParcel(t *testing.T) {
	t.Parallel()
	f := newFake(t, map[string][]reply{
		"GET /v2/shipments/shp_1": {{200, Shipment{ID: "shp_1", TrackingCode: "EZ1"}}, {200, Shipment{ID: "shp_1", Tracker: &Tracker{ID: "trk_1"}}}},
		"GET /v2/trackers/trk_1":  {{200, sample(t, "trackers-retrieve.json")}},
	})
	c := f.client()
	if p, err := c.Parcel(t.Context(), "shp_1"); err != nil || p.Status != partnership.ParcelUnknown || p.TrackingCode != "EZ1" {
		t.Fatalf("no label: %+v %v", p, err)
	}
	p, err := c.Parcel(t.Context(), "shp_1")
	if err != nil || p.Status != partnership.ParcelPreTransit || p.TrackingCode != "EZ1000000001" || p.Carrier != "USPS" ||
		p.UpdatedAt.Before(time.Date(2025, 1, 1, 0, 0, 0, 0, time.UTC)) || p.EstimatedAt.IsZero() {
		t.Fatalf("%+v %v", p, err)
	}
}

func TestBrokenExchanges(t *testing.T) {
	t.Parallel()
	cut, calls := httpxtest.CutServer(t)
	c := New(Config{APIKey: "EZTKtest", BaseURL: cut.URL})
	if _, err := c.BuyLabel(t.Context(), "shp_1", "rate_1"); partnership.ClassOf(err) != partnership.Ambiguous || calls() != 1 {
		t.Errorf("buy: %v after %d calls", err, calls())
	}
	if _, err := c.CreateShipment(t.Context(), request()); partnership.ClassOf(err) != partnership.Retry {
		t.Errorf("create: %v", err)
	}
	if _, err := c.Parcel(t.Context(), "shp_1"); partnership.ClassOf(err) != partnership.Retry {
		t.Errorf("get: %v", err)
	}
	dead := New(Config{APIKey: "EZTKtest", BaseURL: httpxtest.DeadURL(t)})
	if _, err := dead.BuyLabel(t.Context(), "shp_1", "rate_1"); partnership.ClassOf(err) != partnership.Retry {
		t.Errorf("dial: %v", err)
	}
}

func TestErrorClasses(t *testing.T) {
	t.Parallel()
	for status, want := range map[int][2]partnership.Class{ // on a purchase, on a read
		400: {partnership.Permanent, partnership.Permanent},
		401: {partnership.Barred, partnership.Barred},
		402: {partnership.Barred, partnership.Barred},
		403: {partnership.Barred, partnership.Barred},
		404: {partnership.Permanent, partnership.Permanent},
		405: {partnership.Permanent, partnership.Permanent},
		408: {partnership.Retry, partnership.Retry},
		422: {partnership.Permanent, partnership.Permanent},
		429: {partnership.Retry, partnership.Retry},
		500: {partnership.Ambiguous, partnership.Retry},
		502: {partnership.Ambiguous, partnership.Retry},
		503: {partnership.Retry, partnership.Retry},
		504: {partnership.Ambiguous, partnership.Retry},
	} {
		h := http.Header{"Retry-After": {"2"}}
		for i, repeatable := range []bool{false, true} {
			v := callError(call{op: opBuy, repeatable: repeatable}, status, h, []byte(`{"error":{"code":"X","message":"ada@example.test"}}`), time.Now())
			if v.Class != want[i] || v.Message == "" || v.RetryAfter != 2*time.Second || strings.Contains(v.Error(), "ada@") {
				t.Errorf("%d repeatable=%v: %s %v", status, repeatable, v.Class, v)
			}
		}
	}
}

func TestBaseURL(t *testing.T) {
	t.Parallel()
	for given, want := range map[string]string{
		"": "https://api.easypost.com/v2", "http://x/easypost": "http://x/easypost/v2", "http://x/easypost/v2/": "http://x/easypost/v2",
	} {
		if got := New(Config{BaseURL: given}).base; got != want {
			t.Errorf("%q: %s, want %s", given, got, want)
		}
	}
}

func TestMinor(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		amount, currency string
		want             int64
		ok               bool
	}{
		{"8.20", "USD", 820, true},
		{"8.20000", "USD", 820, true},
		{"51", "USD", 5100, true},
		{"0.1", "USD", 10, true},
		{"1000.00", "JPY", 1000, true},
		{"1.24995", "USD", 0, false},
		{"", "USD", 0, false},
		{"8.", "USD", 0, false},
		{"8,20", "USD", 0, false},
		{"1e2", "USD", 0, false},
		{"1.5", "JPY", 0, false},
	} {
		if got, err := minor(tc.amount, tc.currency); got != tc.want || (err == nil) != tc.ok {
			t.Errorf("%s %s: %d %v", tc.amount, tc.currency, got, err)
		}
	}
}
