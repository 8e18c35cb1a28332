package store

import (
	"context"
	"strconv"
	"strings"
	"time"

	"github.com/rapport-dev/rapport/partnership"
	"github.com/rapport-dev/rapport/store/db"
)

// AddEndpoint keeps who hears of what happens from now on. The secret signs what it hears.
func (s *Store) AddEndpoint(ctx context.Context, e partnership.Endpoint, secret string, d partnership.Deed) (partnership.Endpoint, error) {
	err := s.tx(ctx, "add endpoint", func(q *db.Queries) error {
		now, err := s.clock(ctx, q)
		if err != nil {
			return err
		}
		e.ID, e.CreatedBy, e.CreatedAt = newID(), d.Who, now
		if err := q.AddEndpoint(ctx, db.AddEndpointParams{ID: e.ID, Url: e.URL, Secret: s.seal("webhook/"+e.ID, []byte(secret)), Types: e.Types, CreatedBy: d.Who, CreatedAt: now}); err != nil {
			return err
		}
		d.Subject = "webhook/" + e.ID
		return s.record(ctx, q, d)
	})
	return e, err
}

// RemoveEndpoint ends one, with what is still on its way to it.
func (s *Store) RemoveEndpoint(ctx context.Context, id string, d partnership.Deed) error {
	return s.tx(ctx, "remove endpoint", func(q *db.Queries) error {
		now, err := s.clock(ctx, q)
		if err != nil {
			return err
		}
		gone, err := q.RemoveEndpoint(ctx, db.RemoveEndpointParams{ID: id, RemovedBy: d.Who, Now: now})
		if err == nil && gone == 0 {
			return partnership.Errorf(partnership.NotFound, "there is no such endpoint, or none any more")
		}
		if err != nil {
			return err
		}
		if err := q.DropDeliveries(ctx, id); err != nil {
			return err
		}
		return s.record(ctx, q, d)
	})
}

// Endpoints are all that there were, without their secrets.
func (s *Store) Endpoints(ctx context.Context, p Page) (list []partnership.Endpoint, next string, err error) {
	rows, err := s.q.Endpoints(ctx, db.EndpointsParams{After: p.After, Most: p.most()})
	list, next = cut(each(rows, func(r db.WebhookEndpoint) partnership.Endpoint {
		return partnership.Endpoint{ID: r.ID, URL: r.Url, Types: r.Types, CreatedBy: r.CreatedBy, CreatedAt: r.CreatedAt, RemovedBy: r.RemovedBy, RemovedAt: orZero(r.RemovedAt)}
	}), p, func(e partnership.Endpoint) string { return e.ID })
	return list, next, mapped("endpoints", err)
}

// DueEvent is an event that is to be sent now.
type DueEvent struct {
	partnership.Event
	N        int64
	Endpoint string
	URL      string
	Secret   string
	Attempts int
}

// leaseEvents is how long whoever claimed events may take.
const leaseEvents = time.Minute

// DueEndpoints are those to which something is to be sent now.
func (s *Store) DueEndpoints(ctx context.Context) ([]string, error) {
	now, err := s.Time(ctx)
	if err != nil {
		return nil, err
	}
	due, err := s.q.DueEndpoints(ctx, now)
	return due, mapped("due endpoints", err)
}

// ClaimEvents takes what is due to an endpoint, most of it at once, for whoever sends it now.
func (s *Store) ClaimEvents(ctx context.Context, endpoint string, most int) (due []DueEvent, err error) {
	now, err := s.Time(ctx)
	if err != nil {
		return nil, err
	}
	rows, err := s.q.ClaimDeliveries(ctx, db.ClaimDeliveriesParams{Endpoint: endpoint, Now: now, Until: now.Add(leaseEvents), Most: int32(most)})
	for _, r := range rows {
		secret, err := s.unseal("webhook/"+r.Endpoint, r.Secret)
		if err != nil {
			return nil, err
		}
		due = append(due, DueEvent{
			Event: partnership.Event{ID: r.ID, Type: r.Type, At: r.At, Data: r.Data}, N: r.Event, Endpoint: r.Endpoint, URL: r.Url, Secret: string(secret), Attempts: int(r.Attempts),
		})
	}
	return due, mapped("claim events", err)
}

// backoff is when an event is sent again after each attempt; after the last it is given up.
var backoff = []time.Duration{5 * time.Second, 5 * time.Minute, 30 * time.Minute, 2 * time.Hour, 5 * time.Hour, 10 * time.Hour, 14 * time.Hour, 20 * time.Hour, 24 * time.Hour}

// EventSent says how the last attempt ended: why is "" when it was taken.
func (s *Store) EventSent(ctx context.Context, e DueEvent, status int, why string) error {
	now, err := s.Time(ctx)
	if err != nil {
		return err
	}
	set := db.SettleDeliveryParams{Event: e.N, Endpoint: e.Endpoint, State: "sent", Status: int64(status), Why: why, NextAt: now}
	switch {
	case why == "":
	case e.Attempts > len(backoff):
		set.State = "given_up"
	default:
		set.State, set.NextAt = "waiting", now.Add(backoff[e.Attempts-1])
	}
	return mapped("event sent", s.q.SettleDelivery(ctx, set))
}

// Events is the log: what was sent to whom, or waits, the newest first. An event has a line for each endpoint, and so a page may end between two.
func (s *Store) Events(ctx context.Context, endpoint string, p Page) (list []partnership.Announced, next string, err error) {
	after := db.DeliveriesParams{Endpoint: endpoint, Most: p.most()}
	if p.After != "" {
		n, to, _ := strings.Cut(p.After, "/")
		if after.AfterEvent, err = strconv.ParseInt(n, 10, 64); err != nil {
			return nil, "", partnership.FieldErrorf("after", "%q is no place in the log: send next of the page before", p.After)
		}
		after.AfterEndpoint = to
	}
	rows, err := s.q.Deliveries(ctx, after)
	list, next = cut(each(rows, func(r db.DeliveriesRow) partnership.Announced {
		a := partnership.Announced{
			Event: partnership.Event{ID: r.ID, Type: r.Type, At: r.At, Data: r.Data}, N: r.N, Endpoint: r.Endpoint, State: r.State, Attempts: int(r.Attempts),
			LastAt: orZero(r.LastAt), Status: int(r.Status), Why: r.Why,
		}
		if a.State == "waiting" {
			a.NextAt = r.NextAt
		}
		return a
	}), p, func(a partnership.Announced) string { return strconv.FormatInt(a.N, 10) + "/" + a.Endpoint })
	return list, next, mapped("events", err)
}

// Resend sends an event to an endpoint once more, from its first attempt on.
func (s *Store) Resend(ctx context.Context, event, endpoint string, d partnership.Deed) error {
	return s.tx(ctx, "resend", func(q *db.Queries) error {
		now, err := s.clock(ctx, q)
		if err != nil {
			return err
		}
		n, err := q.ResendDelivery(ctx, db.ResendDeliveryParams{ID: event, Endpoint: endpoint, Now: now})
		if err == nil && n == 0 {
			return partnership.Errorf(partnership.NotFound, "no such event went to this endpoint, or the endpoint is removed")
		}
		if err != nil {
			return err
		}
		return s.record(ctx, q, d)
	})
}
