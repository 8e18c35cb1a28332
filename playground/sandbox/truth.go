package sandbox

import (
	"net/http"
	"strconv"
	"strings"
	"time"
)

// truth is what really happened outside, as GET /truth gives it. Amounts are minor units.
type truth struct {
	Mails      []truthMail     `json:"mails"`
	Messages   []truthMessage  `json:"messages"`
	Envelopes  []truthEnvelope `json:"envelopes"`
	GiftOrders []truthGift     `json:"gift_orders"`
	Labels     []truthLabel    `json:"labels"`
	Codes      []truthCode     `json:"codes"`
	Orders     []truthOrder    `json:"orders"`
	Transfers  []truthTransfer `json:"transfers"`
	Faults     []struck        `json:"faults"`
}

// instant is RFC 3339 in UTC with exactly six digits of a second: every parser reads that. The zero time is null.
type instant time.Time

// MarshalJSON writes the instant.
func (t instant) MarshalJSON() ([]byte, error) {
	if time.Time(t).IsZero() {
		return []byte("null"), nil
	}
	return []byte(time.Time(t).UTC().Format(`"2006-01-02T15:04:05.000000Z"`)), nil
}

type truthMail struct {
	Key           string  `json:"key"`
	To            string  `json:"to"`
	Kind          string  `json:"kind"`
	Task          string  `json:"task"`
	Step          string  `json:"step"`
	PartnershipID string  `json:"partnership_id"`
	At            instant `json:"at"`
}

type truthMessage struct {
	Key     string  `json:"key"`
	Channel string  `json:"channel"`
	Kind    string  `json:"kind"`
	At      instant `json:"at"`
}

type truthEnvelope struct {
	ID            string  `json:"id"`
	Key           string  `json:"key"`
	PartnershipID string  `json:"partnership_id"`
	Version       int     `json:"version"`
	Status        string  `json:"status"`
	CreatedAt     instant `json:"created_at"`
	CompletedAt   instant `json:"completed_at"`
	VoidedAt      instant `json:"voided_at"`
}

type truthGift struct {
	ID            string  `json:"id"`
	Key           string  `json:"key"`
	PartnershipID string  `json:"partnership_id"`
	Status        string  `json:"status"` // open, completed, cancelled, deleted
	CreatedAt     instant `json:"created_at"`
}

type truthLabel struct {
	ID            string  `json:"id"`
	Key           string  `json:"key"`
	PartnershipID string  `json:"partnership_id"`
	TrackingCode  string  `json:"tracking_code"`
	BoughtAt      instant `json:"bought_at"`
	DeliveredAt   instant `json:"delivered_at"`
	RefundedAt    instant `json:"refunded_at"`
}

type truthCode struct {
	Code          string  `json:"code"`
	Key           string  `json:"key"`
	PartnershipID string  `json:"partnership_id"`
	Active        bool    `json:"active"`
	CreatedAt     instant `json:"created_at"`
}

type truthOrder struct {
	ID                string  `json:"id"` // the number, as webhooks carry it
	Program           string  `json:"program"`
	Code              *string `json:"code"`                // null: bought without one
	LinkPartnershipID *string `json:"link_partnership_id"` // null: came by no link of ours
	NetMinor          int64   `json:"net_minor"`
	Currency          string  `json:"currency"`
	RefundedMinor     int64   `json:"refunded_minor"`
	At                instant `json:"at"`
}

type truthTransfer struct {
	ID            string  `json:"id"`
	Key           string  `json:"key"`
	PayoutID      string  `json:"payout_id"`
	Destination   string  `json:"destination"`
	AmountMinor   int64   `json:"amount_minor"`
	Currency      string  `json:"currency"`
	At            instant `json:"at"`
	ReversedMinor int64   `json:"reversed_minor"`
}

func (s *Server) getTruth(w http.ResponseWriter, _ *http.Request) {
	s.mu.Lock()
	t := s.truth()
	s.mu.Unlock()
	writeJSON(w, http.StatusOK, t)
}

// truth collects everything; mu is held.
func (s *Server) truth() truth {
	t := truth{
		Mails: []truthMail{}, Messages: []truthMessage{}, Envelopes: []truthEnvelope{}, GiftOrders: []truthGift{}, Labels: []truthLabel{},
		Codes: []truthCode{}, Orders: []truthOrder{}, Transfers: []truthTransfer{}, Faults: s.struckFaults(),
	}
	for _, l := range s.st.Mails {
		if l.Via == fromSendGrid {
			t.Mails = append(t.Mails, truthMail{l.Args["msg_key"], l.To, l.Args["kind"], l.Args["task"], l.Args["step"], l.Args["partnership_id"], instant(l.At)})
		}
	}
	for _, m := range s.st.Messages {
		if m.Ephemeral == "" && !m.Aside {
			key, kind := m.payload()
			t.Messages = append(t.Messages, truthMessage{key, m.Channel, kind, instant(m.At)})
		}
	}
	for _, e := range s.st.Envelopes {
		version, _ := strconv.Atoi(e.field("version"))
		t.Envelopes = append(t.Envelopes, truthEnvelope{
			e.ID, e.field("rapport_key"), e.field("partnership_id"), version, e.Status, instant(e.CreatedAt), instant(e.CompletedAt), instant(e.VoidedAt),
		})
	}
	for _, d := range s.st.Drafts {
		t.GiftOrders = append(t.GiftOrders, truthGift{
			strconv.FormatInt(d.ID, 10), attributeOf(d.Attributes, "rapport_key"), attributeOf(d.Attributes, "partnership_id"), s.giftStatus(d), instant(d.CreatedAt),
		})
	}
	for _, sh := range s.st.Shipments {
		if sh.Parcel != nil {
			t.Labels = append(t.Labels, truthLabel{
				sh.ID, sh.Reference, partnershipOf(sh.Reference), sh.Parcel.Code, instant(sh.BoughtAt), instant(sh.Parcel.deliveredAt()), instant(sh.RefundedAt),
			})
		}
	}
	s.moneyTruth(&t)
	return t
}

func (s *Server) moneyTruth(t *truth) {
	for _, d := range s.st.Discounts {
		if _, key := d.ours(); key != "" {
			t.Codes = append(t.Codes, truthCode{d.Code, key, partnershipOf(key), d.status(s.now()) != "EXPIRED", instant(d.CreatedAt)})
		}
	}
	for _, o := range s.st.Orders {
		if o.DraftID == 0 {
			t.Orders = append(t.Orders, truthOrder{
				strconv.FormatInt(o.ID, 10), o.Program, optional(o.Code), optional(o.utm("utm_id")), o.net(), o.Currency, o.refunded(), instant(o.At),
			})
		}
	}
	for _, x := range s.st.Transfers {
		t.Transfers = append(t.Transfers, truthTransfer{
			x.ID, x.Key, x.Group, x.Destination, x.AmountMinor, strings.ToUpper(x.Currency), instant(x.Created), x.reversed(),
		})
	}
}

func (s *Server) giftStatus(d *draft) string {
	if d.Status == "completed" {
		if o := find(s.st.Orders, func(o *order) bool { return o.ID == d.OrderID }); o != nil && !o.CancelledAt.IsZero() {
			return "cancelled"
		}
	}
	return d.Status
}

// struckFaults counts all faults since the beginning, and names those that are planned and never fired.
func (s *Server) struckFaults() []struck {
	out := []struck{}
	for _, t := range s.st.Struck {
		out = append(out, *t)
	}
	for _, p := range s.st.Plans {
		if find(s.st.Struck, func(t *struck) bool { return t.Vendor == p.Vendor && t.Endpoint == p.Endpoint && t.Kind == p.Kind }) == nil {
			out = append(out, struck{p.Vendor, p.Endpoint, p.Kind, 0})
		}
	}
	return out
}

func optional(s string) *string {
	if s == "" {
		return nil
	}
	return &s
}
