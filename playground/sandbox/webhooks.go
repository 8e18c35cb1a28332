package sandbox

import (
	"bytes"
	"context"
	"net/http"
	"slices"
	"time"
)

// A Queue delivers in order, one webhook at a time, like one subscription at a vendor.
type Queue struct {
	Name string
	Sign Sign                                   // nil: its key is not set, and nothing is sent
	Body func(body []byte, attempts int) []byte // what the vendor writes into a body anew at each attempt; nil: nothing
	Wait func(attempts int) time.Duration       // before the next attempt; nil: sooner at first, then longer and longer

	vendor string
	wake   chan struct{}
}

// Sign adds a vendor's signature over the exact bytes that are sent.
type Sign func(h http.Header, body []byte, now time.Time)

// A webhook is given up only after both: enough attempts, and long enough for a front door to come back.
const (
	minAttempts = 10
	minTrying   = 2 * time.Minute
)

// Delivery is a webhook on its way. It is signed when it is sent, because some signatures carry the time.
type Delivery struct {
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

// queue finds a queue by its name, nil when no vendor has it any more.
func (s *Server) queue(name string) *Queue {
	return Find(s.queues, func(q *Queue) bool { return q.Name == name })
}

// Post queues a webhook, unless a fault loses, doubles or holds it. Without a front door or a key there is no
// subscription, so nothing is kept for later. The lock is held.
func (s *Server) Post(d *Delivery) {
	q := s.queue(d.Queue)
	if s.FrontDoor() == "" || q.Sign == nil {
		return
	}
	d.ID, d.Since = NewID("whd_", 16), s.Now()
	stats := s.stats(d.Queue)
	line := "POST " + d.Path
	if s.draw(q.vendor, line, d.Events, faultNever) != nil {
		stats.Lost++
		return
	}
	if held := s.st.Held[d.Queue]; held != nil {
		delete(s.st.Held, d.Queue)
		s.enqueue(d, held)
		return
	}
	if p := s.draw(q.vendor, line, d.Events, faultOutOfOrder); p != nil {
		d.holder, d.ReleaseAt = p, s.Now().Add(max(s.Days(1), 2*time.Second))
		s.st.Held[d.Queue] = d
		s.Touch()
		return
	}
	if s.draw(q.vendor, line, d.Events, faultDuplicate) != nil {
		again := *d
		again.ID = NewID("whd_", 16)
		s.enqueue(d, &again)
		return
	}
	s.enqueue(d)
}

func (s *Server) enqueue(ds ...*Delivery) {
	name := ds[0].Queue
	s.st.Queues[name] = append(s.st.Queues[name], ds...)
	s.Touch()
	wake(s.queue(name).wake)
}

// releaseHeld lets go what nothing overtook: then it was only late, and the fault did not happen. The lock is held.
func (s *Server) releaseHeld(now time.Time) (next time.Time) {
	for q, d := range s.st.Held {
		if now.Before(d.ReleaseAt) {
			next = Earlier(next, d.ReleaseAt)
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
func (s *Server) runQueue(ctx context.Context, q *Queue) {
	for {
		d, wait := s.head(q.Name)
		if d == nil || wait > 0 {
			if !waitWake(ctx, q.wake, wait) {
				return
			}
			continue
		}
		status, err := s.transmit(ctx, q, d)
		if ctx.Err() != nil {
			return
		}
		s.settle(q, d, status, err)
	}
}

// head returns a copy of the next webhook and how long it must still wait; nil when the queue is empty.
func (s *Server) head(queue string) (*Delivery, time.Duration) {
	s.mu.Lock()
	defer s.mu.Unlock()
	q := s.st.Queues[queue]
	if len(q) == 0 {
		return nil, 0
	}
	d := *q[0]
	return &d, time.Until(d.NotBefore)
}

// transmit sends a webhook once.
func (s *Server) transmit(ctx context.Context, q *Queue, d *Delivery) (int, error) {
	body := d.Body
	if q.Body != nil {
		body = q.Body(body, d.Attempts)
	}
	res, err := s.Tell(ctx, d.Path, d.ContentType, d.Header, body, q.Sign)
	if err != nil {
		return 0, err
	}
	res.Body.Close()
	return res.StatusCode, nil
}

// Tell posts to the front door now, signed with the time that it is sent.
func (s *Server) Tell(ctx context.Context, path, contentType string, header map[string]string, body []byte, sign Sign) (*http.Response, error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, s.FrontDoor()+path, bytes.NewReader(body))
	if err != nil {
		return nil, err
	}
	req.Header.Set("Content-Type", contentType)
	for k, v := range header {
		req.Header.Set(k, v)
	}
	if sign != nil {
		sign(req.Header, body, s.Now())
	}
	return s.client.Do(req)
}

// settle removes a delivered webhook and schedules the next attempt of one that failed.
func (s *Server) settle(q *Queue, sent *Delivery, status int, err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	i := slices.IndexFunc(s.st.Queues[sent.Queue], func(d *Delivery) bool { return d.ID == sent.ID })
	if i < 0 {
		return
	}
	d := s.st.Queues[sent.Queue][i]
	d.Attempts++
	switch {
	case err == nil && status >= 200 && status < 300:
		s.stats(d.Queue).Delivered++
	case d.Attempts >= minAttempts && time.Since(d.Since) >= max(minTrying, s.Days(5)):
		s.stats(d.Queue).GivenUp++
		s.log.Warn("webhook given up", "queue", d.Queue, "events", d.Events, "attempts", d.Attempts, "status", status)
	default:
		d.NotBefore = s.Now().Add(s.backoff(q, d))
		s.log.Info("webhook refused", "queue", d.Queue, "events", d.Events, "attempts", d.Attempts, "status", status)
		s.Touch()
		return
	}
	s.st.Queues[d.Queue] = slices.Delete(s.st.Queues[d.Queue], i, i+1)
	s.Touch()
}

// backoff follows the vendors' schedules in campaign time.
func (s *Server) backoff(q *Queue, d *Delivery) time.Duration {
	if q.Wait != nil {
		return q.Wait(d.Attempts)
	}
	first := min(max(s.Days(0.01), 50*time.Millisecond), 30*time.Second)
	longest := min(max(s.Days(0.5), time.Second), 10*time.Minute)
	return min(first<<min(d.Attempts-1, 12), longest)
}
