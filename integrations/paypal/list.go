package paypal

import (
	"cmp"
	"context"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/rapport-dev/rapport/partnership"
)

// PayPal has no list of payouts. What it keeps for 30 days is the list of the events that it reported, and in those stands every batch
// with its sender_batch_id, whether anybody heard of it or not: that is the record that the books are held against.

// memory is how long PayPal keeps an event and a sender_batch_id.
const memory = 30 * 24 * time.Hour

// overlap is how much of the list is read again: it may lag, and its clock is not ours.
const overlap = 10 * time.Minute

// pageSize is how many events are asked for at once; maxPages bounds a look.
const (
	pageSize = 100
	maxPages = 10_000
)

// index is which batches there are of a payout, as far as was read.
type index struct {
	mu   sync.Mutex
	read time.Time // the list was read up to here
	by   map[partnership.PayoutID][]string
}

func (x *index) add(payout partnership.PayoutID, batch string) {
	x.mu.Lock()
	defer x.mu.Unlock()
	if x.by == nil {
		x.by = map[partnership.PayoutID][]string{}
	}
	if payout != "" && batch != "" && !slices.Contains(x.by[payout], batch) {
		x.by[payout] = append(x.by[payout], batch)
	}
}

func (x *index) batches(payout partnership.PayoutID) (ids []string, readUntil time.Time) {
	x.mu.Lock()
	defer x.mu.Unlock()
	return slices.Clone(x.by[payout]), x.read
}

func (x *index) readTo(at time.Time) {
	x.mu.Lock()
	defer x.mu.Unlock()
	if at.After(x.read) {
		x.read = at
	}
}

// TransfersOf are the batches of one payout as they stand now. None found is not proof of none made. ref is the one that the books know:
// its events may be forgotten, and it is not.
func (c *Client) TransfersOf(ctx context.Context, id partnership.PayoutID, ref string) ([]partnership.Transfer, error) {
	if id == "" {
		return nil, refusal(opEvents, "no payout to look for")
	}
	c.known.add(id, ref)
	ids, until := c.known.batches(id)
	if len(ids) == 0 {
		now := c.now()
		since := now.Add(-memory)
		if !until.IsZero() {
			since = until.Add(-overlap)
		}
		if _, err := c.events(ctx, since); err != nil {
			return nil, err
		}
		c.known.readTo(now)
		ids, _ = c.known.batches(id)
	}
	var all []partnership.Transfer
	for _, batch := range ids {
		t, err := c.transfer(ctx, batch)
		if err != nil {
			return nil, err
		}
		all = append(all, t)
	}
	return all, nil
}

// transfer is a batch of ours as it stands now.
func (c *Client) transfer(ctx context.Context, batchID string) (partnership.Transfer, error) {
	var got batch
	if err := c.call(ctx, opBatch, http.MethodGet, "/v1/payments/payouts/"+url.PathEscape(batchID), "", nil, &got, true); err != nil {
		return partnership.Transfer{}, err
	}
	if got.Header.ID == "" {
		return partnership.Transfer{}, &partnership.VendorError{Vendor: vendor, Op: opBatch, Class: partnership.Retry, Message: "an answer without a batch"}
	}
	return one(got), nil
}

// one is a batch as a transfer. Ours have one item; of others the first is shown, with the sum of all.
func one(b batch) partnership.Transfer {
	t := shown{partnership.Transfer{
		ID: b.Header.ID, PayoutID: payoutOf(b.Header.Sender.SenderBatchID), CreatedAt: instant(b.Header.Created), State: partnership.TransferUnderway, Why: pending,
	}}
	t.setAmount(b.Header.Amount)
	if len(b.Items) == 1 {
		i := b.Items[0]
		t.Receiver = i.Item.Receiver
		t.setAmount(i.Item.Amount)
		t.setStatus(i.Status)
	}
	if b.Header.Status == "DENIED" || b.Header.Status == "CANCELED" {
		t.setStatus("FAILED")
		t.Why = denied
	}
	return t.Transfer
}

// Transfers are all batches that PayPal shows since an instant, as far as it remembers, oldest first.
func (c *Client) Transfers(ctx context.Context, since time.Time, most int) ([]partnership.Transfer, error) {
	if oldest := c.now().Add(-memory); since.Before(oldest) {
		since = oldest
	}
	all, err := c.events(ctx, since)
	if err != nil {
		return nil, err
	}
	if len(all) > most {
		return nil, refusal(opEvents, "more payouts than asked for: "+strconv.Itoa(len(all)))
	}
	return all, nil
}

// events reads what PayPal reported since an instant, remembers whose each batch is, and makes of it one transfer for each.
func (c *Client) events(ctx context.Context, since time.Time) ([]partnership.Transfer, error) {
	query := url.Values{
		"page_size": {strconv.Itoa(pageSize)}, "start_time": {since.UTC().Format(time.RFC3339)}, "end_time": {c.now().UTC().Add(time.Minute).Format(time.RFC3339)},
	}
	found := map[string]*seen{}
	for page := 0; ; page++ {
		if page == maxPages {
			return nil, refusal(opEvents, "the list of events does not end")
		}
		var got eventList
		if err := c.call(ctx, opEvents, http.MethodGet, "/v1/notifications/webhooks-events?"+query.Encode(), "", nil, &got, true); err != nil {
			return nil, err
		}
		for _, e := range got.Events {
			note(found, e)
		}
		next := following(got.Links)
		if next == nil {
			break
		}
		query = next
	}
	var all []partnership.Transfer
	for _, s := range found {
		c.known.add(s.PayoutID, s.ID)
		all = append(all, s.Transfer)
	}
	slices.SortFunc(all, func(a, b partnership.Transfer) int {
		return cmp.Or(a.CreatedAt.Compare(b.CreatedAt), cmp.Compare(a.ID, b.ID))
	})
	return all, nil
}

func following(links []link) url.Values {
	for _, l := range links {
		if l.Rel == "next" {
			if u, err := url.Parse(l.Href); err == nil {
				return u.Query()
			}
		}
	}
	return nil
}

// seen is a batch as its events tell of it. An item's last state counts, in whatever order they come.
type seen struct {
	shown

	last  time.Time
	items bool // an item has told of it
}

func note(found map[string]*seen, e event) {
	id, sender := e.Resource.Header.ID, e.Resource.Header.Sender.SenderBatchID
	isItem := strings.HasPrefix(e.Type, itemEvents)
	if isItem {
		id, sender = e.Resource.BatchID, e.Resource.SenderBatchID
	} else if !strings.HasPrefix(e.Type, batchEvents) {
		return
	}
	if id == "" {
		return
	}
	s, at := found[id], instant(e.Created)
	if s == nil {
		s = &seen{shown: shown{partnership.Transfer{ID: id, CreatedAt: at, State: partnership.TransferUnderway, Why: pending}}}
		found[id] = s
	}
	if at.Before(s.CreatedAt) {
		s.CreatedAt = at
	}
	if payout := payoutOf(sender); payout != "" {
		s.PayoutID = payout
	}
	switch {
	case isItem && (!s.items || !at.Before(s.last)):
		s.items, s.last, s.Receiver = true, at, e.Resource.Item.Receiver
		s.setAmount(e.Resource.Item.Amount)
		s.setStatus(e.Resource.Status)
	case !isItem && !s.items:
		s.setAmount(e.Resource.Header.Amount)
		if e.Resource.Header.Status == "DENIED" {
			s.setStatus("FAILED")
			s.Why = denied
		}
	}
}

// payoutOf reads the payout out of a key of ours, "" for what somebody else sent.
func payoutOf(sender string) partnership.PayoutID {
	id, ours := strings.CutPrefix(sender, string(partnership.PayoutKey("")))
	if !ours {
		return ""
	}
	id, _, _ = strings.Cut(id, "/") // a key of its after the first has a number
	return partnership.PayoutID(id)
}
