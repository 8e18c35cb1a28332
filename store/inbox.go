package store

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strconv"
	"time"

	"github.com/rapport-dev/rapport/partnership"
	"github.com/rapport-dev/rapport/partnership/board"
	"github.com/rapport-dev/rapport/store/db"
)

// Webhook is a vendor's delivery as it came in. The body may hold personal data.
type Webhook struct {
	ID         int64
	Provider   string // sendgrid, sendgrid-inbound, docusign, ...
	DeliveryID string // the vendor's id of the delivery or event
	Headers    map[string][]string
	Body       []byte
	Attempts   int // claims, this one included
	ReceivedAt time.Time
}

const (
	inboxLease      = time.Minute     // how long a claimer has before the row is anybody's again
	inboxMaxBackoff = 5 * time.Minute // between two attempts
)

// Receive keeps a verified webhook before it is answered. The same delivery again is not fresh and changes nothing.
func (s *Store) Receive(ctx context.Context, provider, deliveryID string, headers map[string][]string, body []byte) (fresh bool, err error) {
	encoded, err := json.Marshal(headers)
	if err != nil {
		return false, fmt.Errorf("store: encode headers: %w", err)
	}
	if headers == nil {
		encoded = []byte("{}")
	}
	if body == nil {
		body = []byte{}
	}
	rows, err := s.q.ReceiveDelivery(ctx, db.ReceiveDeliveryParams{Provider: provider, DeliveryID: text(deliveryID), Headers: encoded, Body: body, Now: s.now()})
	return rows > 0, mapped("receive", err)
}

// ClaimInbox takes at most limit webhooks that wait to be applied and came in at least olderThan ago, and counts the attempt.
// What is claimed is nobody else's for a minute; then, if it was neither applied nor failed, it is claimed again.
func (s *Store) ClaimInbox(ctx context.Context, limit int, olderThan time.Duration) ([]Webhook, error) {
	now := s.now()
	rows, err := s.q.ClaimInbox(ctx, db.ClaimInboxParams{Now: now, ReceivedBefore: now.Add(-olderThan), LeaseUntil: now.Add(inboxLease), MaxRows: int32(limit)})
	out := make([]Webhook, len(rows))
	for i, row := range rows {
		out[i] = Webhook{
			ID: row.ID, Provider: row.Provider, DeliveryID: row.DeliveryID, Body: row.Body, Attempts: int(row.Attempts), ReceivedAt: row.ReceivedAt,
		}
		_ = json.Unmarshal(row.Headers, &out[i].Headers) // written by Receive
	}
	return out, mapped("claim inbox", err)
}

// InboxApplied says that a webhook has had its effect, or needs none.
func (s *Store) InboxApplied(ctx context.Context, id int64) error {
	now := s.now()
	return s.tx(ctx, "inbox applied", func(q *db.Queries) error {
		if err := q.InboxApplied(ctx, db.InboxAppliedParams{ID: id, Now: &now}); err != nil {
			return err
		}
		return s.forget(ctx, q, id)
	})
}

// InboxFailed puts a webhook back for a later attempt: after 1 s, 2 s, 4 s, ... at most 5 minutes.
func (s *Store) InboxFailed(ctx context.Context, w Webhook, cause error) error {
	wait := min(inboxMaxBackoff, time.Second<<min(max(w.Attempts-1, 0), 20))
	return mapped("inbox failed", s.q.InboxFailed(ctx, db.InboxFailedParams{ID: w.ID, Note: plain(cause), NextAt: s.now().Add(wait)}))
}

// InboxDead says that a webhook will never be applied, and why.
func (s *Store) InboxDead(ctx context.Context, id int64, cause error) error {
	now := s.now()
	return s.tx(ctx, "inbox dead", func(q *db.Queries) error {
		if err := q.InboxDead(ctx, db.InboxDeadParams{ID: id, Now: &now, Note: plain(cause)}); err != nil {
			return err
		}
		return s.forget(ctx, q, id)
	})
}

// DeadInbox are the deliveries that were given up on, newest first.
func (s *Store) DeadInbox(ctx context.Context, limit int) ([]board.DeadWebhook, error) {
	rows, err := s.q.DeadInbox(ctx, int32(limit))
	return each(rows, func(r db.DeadInboxRow) board.DeadWebhook {
		return board.DeadWebhook{ID: r.ID, Provider: r.Provider, ReceivedAt: r.ReceivedAt, Bytes: r.Bytes, Attempts: int(r.Attempts), Why: r.Note}
	}), mapped("dead inbox", err)
}

// RetryInbox puts a dead delivery back, or all of them with id 0, and says how many. What a later build can read is not lost.
func (s *Store) RetryInbox(ctx context.Context, id int64, by string) (retried int, err error) {
	err = s.tx(ctx, "retry inbox", func(q *db.Queries) error {
		rows, err := q.RetryInbox(ctx, db.RetryInboxParams{ID: id, Now: s.now()})
		if err != nil {
			return err
		}
		if rows == 0 && id != 0 {
			return partnership.Errorf(partnership.NotFound, "there is no dead delivery %d; rapport inbox list shows those that there are", id)
		}
		retried = int(rows)
		return s.record(ctx, q, partnership.Deed{Who: by, Deed: partnership.DeedRetryInbox, Subject: "inbox/" + strconv.FormatInt(id, 10), Details: map[string]any{"deliveries": rows}})
	})
	return retried, err
}

// InboxCount is how many webhooks of a provider are in a state: new, applied or dead.
type InboxCount struct {
	Provider, State string
	Count           int
}

// InboxCounts is the state of the inbox.
func (s *Store) InboxCounts(ctx context.Context) ([]InboxCount, error) {
	rows, err := s.q.InboxCounts(ctx)
	out := make([]InboxCount, len(rows))
	for i, row := range rows {
		out[i] = InboxCount{row.Provider, row.State, int(row.Deliveries)}
	}
	return out, mapped("inbox counts", err)
}

// plain is what may be kept of an error: our own words, or its type. Others may quote what was parsed.
func plain(err error) string {
	if refusal, ok := errors.AsType[*partnership.Error](err); ok {
		return refusal.Error()
	}
	if vendor, ok := errors.AsType[*partnership.VendorError](err); ok {
		return vendor.Error()
	}
	return fmt.Sprintf("%T", err)
}
