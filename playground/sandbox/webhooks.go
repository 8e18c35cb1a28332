package sandbox

import (
	"bytes"
	"context"
	"fmt"
	"net/http"
	"slices"
	"time"
)

// Each queue delivers in order, one webhook at a time, like one subscription at a vendor.
const (
	queueMailEvents  = "sendgrid"
	queueInbound     = "sendgrid-inbound"
	queueDocuSign    = "docusign"
	queueEasyPost    = "easypost"
	queueShopify     = "shopify"
	queueStripe      = "stripe"
	queueSlackEvents = "slack"
)

var queues = []string{queueMailEvents, queueInbound, queueDocuSign, queueEasyPost, queueShopify, queueStripe, queueSlackEvents}

// A webhook is given up only after both: enough attempts, and long enough for a front door to come back.
const (
	minAttempts = 10
	minTrying   = 2 * time.Minute
)

// delivery is a webhook on its way. It is signed when it is sent, because some signatures carry the time.
type delivery struct {
	ID          string            `json:"id"`
	Queue       string            `json:"queue"`
	Path        string            `json:"path"`
	ContentType string            `json:"content_type"`
	Header      map[string]string `json:"header,omitempty"`
	Body        []byte            `json:"body"`
	Events      []string          `json:"events"` // names for fault plans
	Attempts    int               `json:"attempts"`
	Since       time.Time         `json:"since"`
	NotBefore   time.Time         `json:"not_before"`
	ReleaseAt   time.Time         `json:"release_at,omitzero"` // held: when it leaves even if nothing overtook it
	holder      *plan
}

// queueStats counts what became of a queue's webhooks.
type queueStats struct {
	Delivered int `json:"delivered"`
	GivenUp   int `json:"given_up"`
	Lost      int `json:"lost"` // by a webhook-never fault
}

// vendorOf is the vendor that fault plans name.
func vendorOf(queue string) string {
	if queue == queueInbound {
		return "sendgrid"
	}
	return queue
}

// post queues a webhook, unless a fault loses, doubles or holds it. Without a front door or a key there is no
// subscription, so nothing is kept for later. mu is held.
func (s *Server) post(d *delivery) {
	if s.cfg.FrontDoorURL == "" || s.signer(d.Queue) == nil {
		return
	}
	d.ID, d.Since = newID("whd_", 16), s.now()
	stats := s.stats(d.Queue)
	vendor, line := vendorOf(d.Queue), "POST "+d.Path
	if s.draw(vendor, line, d.Events, faultNever) != nil {
		stats.Lost++
		return
	}
	if held := s.st.Held[d.Queue]; held != nil {
		delete(s.st.Held, d.Queue)
		s.enqueue(d, held)
		return
	}
	if p := s.draw(vendor, line, d.Events, faultOutOfOrder); p != nil {
		d.holder, d.ReleaseAt = p, s.now().Add(max(s.days(1), 2*time.Second))
		s.st.Held[d.Queue] = d
		s.touch()
		return
	}
	if s.draw(vendor, line, d.Events, faultDuplicate) != nil {
		again := *d
		again.ID = newID("whd_", 16)
		s.enqueue(d, &again)
		return
	}
	s.enqueue(d)
}

func (s *Server) enqueue(ds ...*delivery) {
	q := ds[0].Queue
	s.st.Queues[q] = append(s.st.Queues[q], ds...)
	s.touch()
	wake(s.wakeQueue[q])
}

// releaseHeld lets go what nothing overtook: then it was only late, and the fault did not happen. mu is held.
func (s *Server) releaseHeld(now time.Time) (next time.Time) {
	for q, d := range s.st.Held {
		if now.Before(d.ReleaseAt) {
			next = earlier(next, d.ReleaseAt)
			continue
		}
		delete(s.st.Held, q)
		if d.holder != nil {
			s.count(d.holder, -1)
		}
		s.enqueue(d)
	}
	return next
}

func (s *Server) stats(queue string) *queueStats {
	st := s.st.Sent[queue]
	if st == nil {
		st = &queueStats{}
		s.st.Sent[queue] = st
	}
	return st
}

// runQueue delivers a queue's webhooks until ctx ends.
func (s *Server) runQueue(ctx context.Context, queue string) {
	for {
		d, wait := s.head(queue)
		if d == nil || wait > 0 {
			if !s.waitWake(ctx, s.wakeQueue[queue], wait) {
				return
			}
			continue
		}
		status, err := s.transmit(ctx, d)
		if ctx.Err() != nil {
			return
		}
		s.settle(d, status, err)
	}
}

// waitWake waits for a nudge, or at most d where d is not 0; false means that ctx ended.
func (s *Server) waitWake(ctx context.Context, ch chan struct{}, d time.Duration) bool {
	var due <-chan time.Time
	if d > 0 {
		t := time.NewTimer(d)
		defer t.Stop()
		due = t.C
	}
	select {
	case <-ctx.Done():
		return false
	case <-ch:
	case <-due:
	}
	return true
}

// head returns a copy of the next webhook and how long it must still wait; nil when the queue is empty.
func (s *Server) head(queue string) (*delivery, time.Duration) {
	s.mu.Lock()
	defer s.mu.Unlock()
	q := s.st.Queues[queue]
	if len(q) == 0 {
		return nil, 0
	}
	d := *q[0]
	return &d, time.Until(d.NotBefore)
}

// transmit signs a webhook and sends it once.
func (s *Server) transmit(ctx context.Context, d *delivery) (int, error) {
	s.mu.Lock()
	base, sign := s.cfg.FrontDoorURL, s.signer(d.Queue)
	s.mu.Unlock()
	body := d.Body
	if d.Queue == queueDocuSign { // Connect counts its attempts inside the signed body
		body = bytes.Replace(body, []byte(`"retryCount":0`), fmt.Appendf(nil, `"retryCount":%d`, d.Attempts), 1)
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, base+d.Path, bytes.NewReader(body))
	if err != nil {
		return 0, err
	}
	req.Header.Set("Content-Type", d.ContentType)
	for k, v := range d.Header {
		req.Header.Set(k, v)
	}
	sign(req.Header, body, s.now())
	res, err := s.send.Do(req)
	if err != nil {
		return 0, err
	}
	res.Body.Close()
	return res.StatusCode, nil
}

// settle removes a delivered webhook and schedules the next attempt of one that failed.
func (s *Server) settle(sent *delivery, status int, err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	i := slices.IndexFunc(s.st.Queues[sent.Queue], func(d *delivery) bool { return d.ID == sent.ID })
	if i < 0 {
		return
	}
	d := s.st.Queues[sent.Queue][i]
	d.Attempts++
	switch {
	case err == nil && status >= 200 && status < 300:
		s.stats(d.Queue).Delivered++
	case d.Attempts >= minAttempts && time.Since(d.Since) >= max(minTrying, s.days(5)):
		s.stats(d.Queue).GivenUp++
		s.log.Warn("webhook given up", "queue", d.Queue, "events", d.Events, "attempts", d.Attempts, "status", status)
	default:
		d.NotBefore = s.now().Add(s.backoff(d))
		s.log.Info("webhook refused", "queue", d.Queue, "events", d.Events, "attempts", d.Attempts, "status", status)
		s.touch()
		return
	}
	s.st.Queues[d.Queue] = slices.Delete(s.st.Queues[d.Queue], i, i+1)
	s.touch()
}

// backoff follows the vendors' schedules in campaign time. DocuSign's SIM mode retries once a day; half of one here.
func (s *Server) backoff(d *delivery) time.Duration {
	if d.Queue == queueDocuSign {
		return min(max(s.days(0.5), 100*time.Millisecond), 12*time.Hour)
	}
	first := min(max(s.days(0.01), 50*time.Millisecond), 30*time.Second)
	longest := min(max(s.days(0.5), time.Second), 10*time.Minute)
	return min(first<<min(d.Attempts-1, 12), longest)
}
