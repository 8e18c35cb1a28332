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

	"github.com/rapport-dev/rapport/partnership/facts"
	"github.com/rapport-dev/rapport/store"
)

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
	Now     func() time.Time
	Log     *slog.Logger

	news       chan struct{} // something was kept
	places     chan struct{} // bounds how many large deliveries, proven ones, are in memory at once
	spooled    atomic.Int64  // bytes of large deliveries, not yet proven, on disk
	deliveries *prometheus.CounterVec
	applied    *prometheus.CounterVec
	rows       *prometheus.GaugeVec
}

// New makes a Door for the applier's webhooks, whose counters are registered with reg.
func New(inbox Inbox, applier *Applier, now func() time.Time, log *slog.Logger, reg prometheus.Registerer) *Door {
	f := promauto.With(reg)
	return &Door{
		Inbox: inbox, Applier: applier, Now: now, Log: log, news: make(chan struct{}, 1), places: make(chan struct{}, 4),
		deliveries: f.NewCounterVec(prometheus.CounterOpts{Name: "rapport_webhooks_total", Help: "Deliveries by vendor and answer: kept, repeated, refused, unconfigured, failed."}, []string{"provider", "answer"}),
		applied:    f.NewCounterVec(prometheus.CounterOpts{Name: "rapport_inbox_total", Help: "Attempts to apply a kept delivery, by vendor and result: applied, ignored, retry, dead."}, []string{"provider", "result"}),
		rows:       f.NewGaugeVec(prometheus.GaugeOpts{Name: "rapport_inbox_rows", Help: "Kept deliveries by vendor and state: new, applied, dead."}, []string{"provider", "state"}),
	}
}

// The bounds of what is kept of a body, in bytes. A mail may come with files of up to 30 MB; of a larger delivery the beginning is kept.
const (
	maxBody = 1 << 20
	maxMail = 31 << 20
)

// Register adds the routes.
func (d *Door) Register(mux *http.ServeMux) {
	for _, hook := range d.Applier.Webhooks {
		mux.Handle("POST "+hook.Path, d.receive(hook))
	}
}

// most is how much is kept of a body.
func most(hook Hook) int64 {
	if hook.Large {
		return maxMail
	}
	return maxBody
}

// receive verifies, keeps and answers. Only a delivery that is safe in the database is acknowledged: a vendor sends again what
// was not. What can be seen without the body is looked at before it is read.
func (d *Door) receive(s Hook) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		if err := s.Verify(r.Header, nil, d.Now()); err != nil && !errors.Is(err, facts.ErrSignature) {
			d.refuse(w, r, s, err)
			return
		}
		var digest hash.Hash
		if s.Hash != nil {
			digest = s.Hash(r.Header)
		}
		body, err := d.take(w, r, most(s), digest)
		if err != nil {
			d.turnAway(w, s, err)
			return
		}
		defer body.close()
		if digest != nil {
			err = s.Proven(r.Header, body.sum)
		} else {
			err = s.Verify(r.Header, body.kept, d.Now())
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
func (d *Door) refuse(w http.ResponseWriter, r *http.Request, s Hook, err error) {
	if errors.Is(err, facts.ErrNoKey) {
		d.answer(w, s, http.StatusServiceUnavailable, "unconfigured", "not configured: set "+s.Setting)
		return
	}
	d.Log.WarnContext(r.Context(), "webhook refused", "provider", s.Inbox, "reason", err)
	d.answer(w, s, http.StatusUnauthorized, "refused", "the signature does not fit")
}

// turnAway answers what could not be taken in.
func (d *Door) turnAway(w http.ResponseWriter, s Hook, err error) {
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

func (d *Door) keepAndAnswer(w http.ResponseWriter, r *http.Request, s Hook, body *taken) {
	id := ""
	if s.ID != nil {
		id = s.ID(r.Header, body.kept)
	}
	if id == "" {
		id = digestOf(body.kept)
	}
	headers := only(r.Header, s.Keep)
	body.cut(headers)
	ctx, cancel := context.WithTimeout(context.WithoutCancel(r.Context()), keepTime)
	defer cancel()
	fresh, err := d.Inbox.Receive(ctx, s.Inbox, id, headers, body.kept)
	switch {
	case err != nil:
		d.Log.ErrorContext(ctx, "webhook not kept", "provider", s.Inbox, "error", err)
		w.Header().Set("Retry-After", "30")
		d.answer(w, s, http.StatusServiceUnavailable, "failed", "not kept: send it again")
	case !fresh:
		d.answer(w, s, http.StatusOK, "repeated", "ok")
	default:
		d.wake()
		d.answer(w, s, http.StatusOK, "kept", "ok")
	}
}

func (d *Door) answer(w http.ResponseWriter, s Hook, status int, answer, words string) {
	d.deliveries.WithLabelValues(s.Inbox, answer).Inc()
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
