// Package announce sends what happened here to whoever listens, by the Standard Webhooks scheme: signed, retried with a growing wait, each at least
// once and in no order. It reads the outbox, which the transaction of the fact has written.
package announce

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/netip"
	"strconv"
	"sync"
	"syscall"
	"time"

	standard "github.com/standard-webhooks/standard-webhooks/libraries/go"

	"github.com/rapport-dev/rapport/store"
)

// Store is the outbox.
type Store interface {
	DueEndpoints(ctx context.Context) ([]string, error)
	ClaimEvents(ctx context.Context, endpoint string, most int) ([]store.DueEvent, error)
	EventSent(ctx context.Context, e store.DueEvent, status int, why string) error
}

// Sender sends what is due.
type Sender struct {
	store Store
	http  *http.Client
	now   func() time.Time
	log   *slog.Logger

	hands sync.WaitGroup
	busy  sync.Map // endpoints to which something is being sent
}

// answerWithin is how long a receiver may take.
const answerWithin = 15 * time.Second

// New makes a sender. An address inside is refused when it is dialed, whatever name led there, unless private allows it.
func New(kept Store, private bool, now func() time.Time, log *slog.Logger) *Sender {
	dialer := &net.Dialer{Timeout: answerWithin, Control: func(_, address string, _ syscall.RawConn) error {
		if private || public(address) {
			return nil
		}
		return errInside
	}}
	return &Sender{
		store: kept, now: now, log: log,
		http: &http.Client{
			Timeout:       answerWithin,
			Transport:     &http.Transport{DialContext: dialer.DialContext, TLSHandshakeTimeout: answerWithin, MaxIdleConnsPerHost: 2, IdleConnTimeout: time.Minute}, // no proxy: it would dial in our place
			CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
		},
	}
}

var errInside = errors.New("the address leads inside")

// inside are the blocks that look global and are not.
var inside = []netip.Prefix{
	netip.MustParsePrefix("0.0.0.0/8"), netip.MustParsePrefix("100.64.0.0/10"), netip.MustParsePrefix("192.0.0.0/24"), netip.MustParsePrefix("198.18.0.0/15"),
	netip.MustParsePrefix("240.0.0.0/4"), netip.MustParsePrefix("64:ff9b::/96"), netip.MustParsePrefix("64:ff9b:1::/48"), netip.MustParsePrefix("2002::/16"), netip.MustParsePrefix("2001::/32"),
}

// public says whether an address that is dialed is one of the world's.
func public(address string) bool {
	at, err := netip.ParseAddrPort(address)
	if err != nil {
		return false
	}
	ip := at.Addr().Unmap()
	for _, block := range inside {
		if block.Contains(ip) {
			return false
		}
	}
	return ip.IsGlobalUnicast() && !ip.IsPrivate()
}

// Run sends what is due, every so often, until ctx ends.
func (s *Sender) Run(ctx context.Context, every time.Duration) {
	defer s.hands.Wait()
	tick := time.NewTicker(every)
	defer tick.Stop()
	for {
		s.sweep(ctx)
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
	}
}

// sweep begins with each endpoint to which something is due, if that is not under way: one that is slow holds nobody up.
func (s *Sender) sweep(ctx context.Context) {
	due, err := s.store.DueEndpoints(ctx)
	s.complain(ctx, err)
	for _, endpoint := range due {
		if _, busy := s.busy.LoadOrStore(endpoint, true); busy {
			continue
		}
		s.hands.Go(func() {
			defer s.busy.Delete(endpoint)
			s.complain(ctx, s.drain(ctx, endpoint))
		})
	}
}

func (s *Sender) complain(ctx context.Context, err error) {
	if err != nil && ctx.Err() == nil {
		s.log.WarnContext(ctx, "events not sent", "error", err)
	}
}

// How many events go to one endpoint side by side, and how many are claimed: as many as are tried before the claim ends, however slowly.
const (
	atOnce      = 8
	claimAtOnce = 3 * atOnce
)

// drain sends all that is due to an endpoint.
func (s *Sender) drain(ctx context.Context, endpoint string) error {
	for {
		due, err := s.store.ClaimEvents(ctx, endpoint, claimAtOnce)
		if err != nil || len(due) == 0 {
			return err
		}
		var hands sync.WaitGroup
		slots, failed := make(chan struct{}, atOnce), make([]error, len(due))
		for i, e := range due {
			slots <- struct{}{}
			hands.Go(func() {
				defer func() { <-slots }()
				status, why := s.send(ctx, e)
				if ctx.Err() == nil { // else nobody knows, and it is sent again when the lease ends
					failed[i] = s.store.EventSent(ctx, e, status, why)
				}
			})
		}
		hands.Wait()
		if err := errors.Join(failed...); err != nil || ctx.Err() != nil {
			return err
		}
	}
}

// version is of the shape of what is sent.
const version = 1

// send sends an event; why is "" when it was taken. A receiver's own words are kept nowhere.
func (s *Sender) send(ctx context.Context, e store.DueEvent) (status int, why string) {
	body, err := json.Marshal(map[string]any{"type": e.Type, "timestamp": e.At.UTC().Format(time.RFC3339Nano), "version": version, "data": e.Data})
	if err != nil {
		return 0, "it does not encode"
	}
	key, err := standard.NewWebhook(e.Secret)
	if err != nil {
		return 0, "its secret is none"
	}
	now := s.now()
	signature, err := key.Sign(e.ID, now, body)
	if err != nil {
		return 0, "it cannot be signed"
	}
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, e.URL, bytes.NewReader(body))
	if err != nil {
		return 0, "the address is none"
	}
	r.Header.Set("Content-Type", "application/json")
	r.Header.Set("User-Agent", "rapport-webhooks/1")
	r.Header.Set(standard.HeaderWebhookID, e.ID)
	r.Header.Set(standard.HeaderWebhookTimestamp, strconv.FormatInt(now.Unix(), 10))
	r.Header.Set(standard.HeaderWebhookSignature, signature)
	res, err := s.http.Do(r)
	switch {
	case errors.Is(err, errInside):
		return 0, "the address leads inside; RAPPORT_WEBHOOKS_PRIVATE allows that"
	case err != nil:
		return 0, "no answer"
	}
	_, _ = io.CopyN(io.Discard, res.Body, 1<<16) // so that the connection is used again
	_ = res.Body.Close()
	if res.StatusCode < 200 || res.StatusCode > 299 {
		return res.StatusCode, fmt.Sprintf("answered %d", res.StatusCode)
	}
	return res.StatusCode, ""
}
