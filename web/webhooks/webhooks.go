// Package webhooks takes what vendors report. A delivery is verified on its raw bytes, kept in the inbox and answered; only then is it
// applied, by the same code whether at once or by the sweeper after a crash.
package webhooks

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"hash"
	"io"
	"log/slog"
	"net/http"
	"sync/atomic"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/promauto"

	"github.com/rapport-dev/rapport/integrations/docusign"
	"github.com/rapport-dev/rapport/integrations/easypost"
	"github.com/rapport-dev/rapport/integrations/sendgrid"
	"github.com/rapport-dev/rapport/integrations/shopify"
	"github.com/rapport-dev/rapport/integrations/stripe"
	"github.com/rapport-dev/rapport/store"
)

// Keys are what deliveries are verified with: several of a vendor while one is being rotated, none when it is not configured.
type Keys struct {
	SendGridEvents, SendGridInbound, DocuSign, EasyPost, Shopify, Stripe []string
}

// Inbox keeps deliveries until they are applied.
type Inbox interface {
	Receive(ctx context.Context, provider, deliveryID string, headers map[string][]string, body []byte) (fresh bool, err error)
	ClaimInbox(ctx context.Context, limit int, olderThan time.Duration) ([]store.Webhook, error)
	InboxApplied(ctx context.Context, id int64) error
	InboxFailed(ctx context.Context, w store.Webhook, cause error) error
	InboxDead(ctx context.Context, id int64, cause error) error
	InboxCounts(ctx context.Context) ([]store.InboxCount, error)
}

// Door answers the vendors. Run applies what it kept.
type Door struct {
	Inbox   Inbox
	Applier *Applier
	Keys    Keys
	Now     func() time.Time
	Log     *slog.Logger

	news       chan struct{} // something was kept
	places     chan struct{} // bounds how many large deliveries, proven ones, are in memory at once
	spooled    atomic.Int64  // bytes of large deliveries, not yet proven, on disk
	deliveries *prometheus.CounterVec
	applied    *prometheus.CounterVec
	rows       *prometheus.GaugeVec
}

// New makes a Door whose counters are registered with reg.
func New(inbox Inbox, applier *Applier, keys Keys, now func() time.Time, log *slog.Logger, reg prometheus.Registerer) *Door {
	f := promauto.With(reg)
	return &Door{
		Inbox: inbox, Applier: applier, Keys: keys, Now: now, Log: log, news: make(chan struct{}, 1), places: make(chan struct{}, 4),
		deliveries: f.NewCounterVec(prometheus.CounterOpts{Name: "rapport_webhooks_total", Help: "Deliveries by vendor and answer: kept, repeated, refused, unconfigured, failed."}, []string{"provider", "answer"}),
		applied:    f.NewCounterVec(prometheus.CounterOpts{Name: "rapport_inbox_total", Help: "Attempts to apply a kept delivery, by vendor and result: applied, ignored, retry, dead."}, []string{"provider", "result"}),
		rows:       f.NewGaugeVec(prometheus.GaugeOpts{Name: "rapport_inbox_rows", Help: "Kept deliveries by vendor and state: new, applied, dead."}, []string{"provider", "state"}),
	}
}

// The names under which deliveries lie in the inbox.
const (
	ofMailEvents = "sendgrid"
	ofMails      = "sendgrid-inbound"
	ofEnvelopes  = "docusign"
	ofParcels    = "easypost"
	ofShop       = "shopify"
	ofPayouts    = "stripe"
)

// The bounds of what is kept of a body, in bytes. SendGrid takes mails of up to 30 MB; of a larger delivery the beginning is kept.
const (
	maxBody = 1 << 20
	maxMail = 31 << 20
)

// source is what differs between vendors until a delivery lies in the inbox.
type source struct {
	provider string
	setting  string // what to set when there is no key
	max      int64
	verify   func(h http.Header, body []byte) error
	// hash and proven verify a body that is larger than what is kept in memory; nil where none is.
	hash   func(h http.Header) hash.Hash
	proven func(h http.Header, sum []byte) error
	// read returns the delivery's id, "" for a digest of the body.
	read     func(h http.Header, body []byte) string
	noKey    error
	mismatch error    // what verify says of a well-formed signature over something else
	keep     []string // headers that applying needs
}

// Register adds the routes.
func (d *Door) Register(mux *http.ServeMux) {
	for path, s := range map[string]source{
		"/webhooks/sendgrid/events": {
			provider: ofMailEvents, setting: "SENDGRID_EVENT_PUBLIC_KEY", max: maxBody, noKey: sendgrid.ErrNoKey, mismatch: sendgrid.ErrSignature,
			verify: func(h http.Header, b []byte) error { return sendgrid.VerifyEvents(d.Keys.SendGridEvents, h, b) },
		},
		"/webhooks/sendgrid/inbound": {
			provider: ofMails, setting: "SENDGRID_INBOUND_PUBLIC_KEY", max: maxMail, noKey: sendgrid.ErrNoKey, mismatch: sendgrid.ErrSignature, read: readMail,
			keep: []string{"Content-Type"}, hash: sendgrid.SignedHash,
			proven: func(h http.Header, sum []byte) error { return sendgrid.VerifySum(d.Keys.SendGridInbound, h, sum) },
			verify: func(h http.Header, b []byte) error { return sendgrid.VerifyInbound(d.Keys.SendGridInbound, h, b) },
		},
		"/webhooks/docusign": {
			provider: ofEnvelopes, setting: "DOCUSIGN_HMAC_KEYS", max: maxBody, noKey: docusign.ErrNoKey, mismatch: docusign.ErrSignature, read: readEnvelope,
			verify: func(h http.Header, b []byte) error { return docusign.Verify(d.Keys.DocuSign, h, b) },
		},
		"/webhooks/easypost": {
			provider: ofParcels, setting: "EASYPOST_WEBHOOK_SECRET", max: maxBody, noKey: easypost.ErrNoKey, mismatch: easypost.ErrSignature, read: readParcel,
			verify: func(h http.Header, b []byte) error { return easypost.Verify(d.Keys.EasyPost, h, b) },
		},
		"/webhooks/shopify": {
			provider: ofShop, setting: "SHOPIFY_WEBHOOK_SECRETS", max: maxBody, noKey: shopify.ErrNoKey, mismatch: shopify.ErrSignature, read: readShop,
			keep:   []string{shopify.HeaderTopic, shopify.HeaderShop},
			verify: func(h http.Header, b []byte) error { return shopify.Verify(d.Keys.Shopify, h, b) },
		},
		"/webhooks/stripe": {
			provider: ofPayouts, setting: "STRIPE_WEBHOOK_SECRETS", max: maxBody, noKey: stripe.ErrNoSecret, mismatch: stripe.ErrSignature, read: readPayout,
			verify: func(h http.Header, b []byte) error { return stripe.Verify(d.Keys.Stripe, h, b, d.Now()) },
		},
	} {
		mux.Handle("POST "+path, d.receive(s))
	}
	mux.HandleFunc("POST /webhooks/paypal", func(w http.ResponseWriter, _ *http.Request) {
		http.Error(w, "this version pays by Stripe alone: PayPal is off", http.StatusNotFound)
	})
}

// receive verifies, keeps and answers. Only a delivery that is safe in the database is acknowledged: a vendor sends again what
// was not. What can be seen without the body is looked at before it is read.
func (d *Door) receive(s source) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		if err := s.verify(r.Header, nil); err != nil && !errors.Is(err, s.mismatch) {
			d.refuse(w, r, s, err)
			return
		}
		var digest hash.Hash
		if s.hash != nil {
			digest = s.hash(r.Header)
		}
		body, err := d.take(w, r, s.max, digest)
		if err != nil {
			d.turnAway(w, s, err)
			return
		}
		defer body.close()
		if digest != nil {
			err = s.proven(r.Header, body.sum)
		} else {
			err = s.verify(r.Header, body.kept)
		}
		if err != nil {
			d.refuse(w, r, s, err)
			return
		}
		release, err := d.load(r, body)
		if err != nil {
			d.turnAway(w, s, err)
			return
		}
		defer release()
		d.keepAndAnswer(w, r, s, body)
	}
}

// refuse answers what carries no proof.
func (d *Door) refuse(w http.ResponseWriter, r *http.Request, s source, err error) {
	if errors.Is(err, s.noKey) {
		d.answer(w, s, http.StatusServiceUnavailable, "unconfigured", "not configured: set "+s.setting)
		return
	}
	d.Log.WarnContext(r.Context(), "webhook refused", "provider", s.provider, "reason", err)
	d.answer(w, s, http.StatusUnauthorized, "refused", "the signature does not fit")
}

// turnAway answers what could not be taken in.
func (d *Door) turnAway(w http.ResponseWriter, s source, err error) {
	status, answer := http.StatusRequestEntityTooLarge, "refused"
	switch {
	case errors.Is(err, errBusy):
		status, answer = http.StatusServiceUnavailable, "failed"
		w.Header().Set("Retry-After", "30")
	case errors.Is(err, errBroken):
		status = http.StatusRequestTimeout
		w.Header().Set("Connection", "close")
	}
	d.answer(w, s, status, answer, err.Error())
}

// keepTime bounds the write of a proven delivery. It does not count the time that the body took to come in.
const keepTime = 20 * time.Second

func (d *Door) keepAndAnswer(w http.ResponseWriter, r *http.Request, s source, body *taken) {
	id := ""
	if s.read != nil {
		id = s.read(r.Header, body.kept)
	}
	if id == "" {
		id = digestOf(body.kept)
	}
	headers := only(r.Header, s.keep)
	body.cut(headers)
	ctx, cancel := context.WithTimeout(context.WithoutCancel(r.Context()), keepTime)
	defer cancel()
	fresh, err := d.Inbox.Receive(ctx, s.provider, id, headers, body.kept)
	switch {
	case err != nil:
		d.Log.ErrorContext(ctx, "webhook not kept", "provider", s.provider, "error", err)
		w.Header().Set("Retry-After", "30")
		d.answer(w, s, http.StatusServiceUnavailable, "failed", "not kept: send it again")
	case !fresh:
		d.answer(w, s, http.StatusOK, "repeated", "ok")
	default:
		d.wake()
		d.answer(w, s, http.StatusOK, "kept", "ok")
	}
}

func (d *Door) answer(w http.ResponseWriter, s source, status int, answer, words string) {
	d.deliveries.WithLabelValues(s.provider, answer).Inc()
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	w.WriteHeader(status)
	_, _ = io.WriteString(w, words+"\n") // the vendor has gone: it counts what it saw
}

// wake tells Run that there is work, without waiting for it.
func (d *Door) wake() {
	select {
	case d.news <- struct{}{}:
	default:
	}
}

func digestOf(body []byte) string {
	sum := sha256.Sum256(body)
	return "sha256:" + hex.EncodeToString(sum[:])
}

// only keeps the headers that applying needs; the others may say who sent it from where.
func only(h http.Header, names []string) map[string][]string {
	kept := map[string][]string{}
	for _, name := range names {
		if v := h.Values(name); len(v) > 0 {
			kept[name] = v
		}
	}
	return kept
}
