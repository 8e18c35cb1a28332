// Package easypost imitates EasyPost: shipments with rates, labels, and parcels that move by themselves on the campaign
// clock and tell it by webhook.
package easypost

import (
	"embed"
	"encoding/hex"
	"net/http"
	"slices"
	"strconv"
	"time"

	"golang.org/x/text/unicode/norm"

	"github.com/rapport-dev/rapport/playground/sandbox"
)

const name = "easypost"

// Vendor offers EasyPost to a sandbox.
var Vendor = sandbox.Vendor{
	Name:  name,
	Paths: map[string]string{"EASYPOST_BASE_URL": "/easypost"},
	Keys: []sandbox.Key{
		sandbox.Shared("EASYPOST_API_KEY", "easypost_api_key", func() string { return "EZTK" + sandbox.Token(24) }),
		// not ASCII on purpose: the signature needs NFKD
		sandbox.Shared("EASYPOST_WEBHOOK_SECRET", "easypost_webhook_secret", func() string { return "sécret-" + sandbox.Token(16) }),
	},
	Open: open,
}

//go:embed templates
var templateFiles embed.FS

var pages = sandbox.ParsePages(templateFiles)

// service is EasyPost in a running sandbox.
type service struct {
	*sandbox.Server
	keys sandbox.Keys
	st   *state
}

type state struct {
	Shipments []*shipment `json:"shipments"`
}

func open(core *sandbox.Server, keys sandbox.Keys) (*sandbox.Service, error) {
	s := &service{Server: core, keys: keys, st: &state{}}
	return &sandbox.Service{
		State: s.st, API: s.api(), Truth: s.truth, Due: s.moveParcels, People: s.people,
		Queues: []sandbox.Queue{{Name: name, Sign: sign(keys.First("easypost_webhook_secret"))}},
		Tab: &sandbox.Tab{
			Name: "parcels", Title: "Parcels", Pages: pages,
			Count: func() int { return len(s.bought()) },
			Show:  func(*http.Request) any { return map[string]any{"Parcels": s.bought()} },
			Forms: map[string]sandbox.Form{"parcel": func(r *http.Request) (string, error) {
				days, _ := strconv.ParseFloat(r.FormValue("delay_days"), 64)
				_, err := s.changeParcel(r.FormValue("code"), parcelChange{Status: r.FormValue("status"), DelayDays: days})
				return "The carrier has been told.", err
			}},
		},
	}, nil
}

// sign is EasyPost's, nil without a secret, which is normalised to NFKD first.
func sign(secret string) sandbox.Sign {
	if secret == "" {
		return nil
	}
	return func(h http.Header, body []byte, _ time.Time) {
		h.Set("X-Hmac-Signature", "hmac-sha256-hex="+hex.EncodeToString(sandbox.MAC(norm.NFKD.String(secret), body)))
	}
}

func (s *service) api() *sandbox.API {
	a := s.NewAPI(name, "/easypost/")
	a.Admit = func(w http.ResponseWriter, r *http.Request) bool {
		if user, _, ok := r.BasicAuth(); ok && user == s.keys["easypost_api_key"] {
			return true
		}
		refuse(w, http.StatusUnauthorized, "APIKEY.INACTIVE", "This API key is no longer active. Please use a different API key or reactivate this key.")
		return false
	}
	a.TooMany = func(w http.ResponseWriter, _ *http.Request, after int) {
		w.Header().Set("Retry-After", strconv.Itoa(after))
		refuse(w, http.StatusTooManyRequests, "RATE_LIMITED", "Too many requests, please slow down.")
	}
	a.Broken = func(w http.ResponseWriter) {
		refuse(w, http.StatusInternalServerError, "INTERNAL_SERVER_ERROR", "We're sorry, something went wrong.")
	}
	a.NotFound = func(w http.ResponseWriter) {
		refuse(w, http.StatusNotFound, "NOT_FOUND", "The requested resource could not be found.")
	}
	a.Handle("POST /easypost/v2/shipments", "shipment.create", s.createShipment)
	a.Handle("GET /easypost/v2/shipments/{id}", "shipment.get", s.getShipment)
	a.Handle("POST /easypost/v2/shipments/{id}/buy", "shipment.buy", s.buyLabel)
	a.Handle("POST /easypost/v2/shipments/{id}/refund", "shipment.refund", s.refundLabel)
	a.Handle("GET /easypost/v2/trackers", "tracker.list", s.listTrackers)
	a.Handle("GET /easypost/v2/trackers/{id}", "tracker.get", s.getTracker)
	a.Handle("POST /easypost/v2/trackers", "tracker.create", s.createTracker)
	a.Handle("GET /easypost/v2/users", "user.get", func(w http.ResponseWriter, _ *http.Request) {
		sandbox.WriteJSON(w, http.StatusOK, map[string]any{"id": "user_sandbox", "object": "User", "balance": "1000.00000", "children": []any{}})
	})
	return a
}

func (s *service) truth() map[string]any {
	type row struct {
		ID            string          `json:"id"`
		Key           string          `json:"key"`
		PartnershipID string          `json:"partnership_id"`
		TrackingCode  string          `json:"tracking_code"`
		Price         string          `json:"price"` // as the carrier writes it: a decimal
		Currency      string          `json:"currency"`
		BoughtAt      sandbox.Instant `json:"bought_at"`
		DeliveredAt   sandbox.Instant `json:"delivered_at"`
		RefundedAt    sandbox.Instant `json:"refunded_at"`
	}
	rows := []row{}
	for _, sh := range slices.Backward(s.bought()) {
		chosen, _ := sh.rate(sh.RateID)
		rows = append(rows, row{
			sh.ID, sh.Reference, sandbox.PartnershipOf(sh.Reference), sh.Parcel.Code, chosen.Rate, chosen.Currency,
			sandbox.Instant(sh.BoughtAt), sandbox.Instant(sh.Parcel.deliveredAt()), sandbox.Instant(sh.RefundedAt),
		})
	}
	return map[string]any{"labels": rows}
}
