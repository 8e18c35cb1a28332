package paypal

import (
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/rapport-dev/rapport/playground/sandbox"
)

// named are the events of an item's states. PayPal has none for PENDING and REVERSED.
var named = map[string]string{
	"SUCCESS": "SUCCEEDED", "FAILED": "FAILED", "UNCLAIMED": "UNCLAIMED", "RETURNED": "RETURNED", "ONHOLD": "HELD", "BLOCKED": "BLOCKED", "REFUNDED": "REFUNDED",
}

// denied is a batch that PayPal looked at and does not pay.
const denied = "DENIED"

// become moves an item on. The lock is held.
func (s *service) become(b *batch, i *item, status string) {
	i.Status, i.Processed, i.BackAt = status, s.Now(), time.Time{}
	i.Paid = i.Paid || status == "SUCCESS"
	if status == "UNCLAIMED" {
		i.BackAt = s.Now().Add(s.Days(claimDays))
	}
	if typ := named[status]; typ != "" {
		s.report("PAYMENT.PAYOUTS-ITEM."+typ, s.itemJSON(b, i))
	}
}

// due works through batches, and gives back what nobody claimed in 30 days.
func (s *service) due(now time.Time) (next time.Time) {
	for _, b := range s.st.Batches {
		if !b.Due.IsZero() && !now.Before(b.Due) {
			s.work(b)
		}
		next = sandbox.Earlier(next, b.Due)
		for _, i := range b.Items {
			if !i.BackAt.IsZero() && !now.Before(i.BackAt) {
				s.become(b, i, "RETURNED")
				s.Touch()
			}
			next = sandbox.Earlier(next, i.BackAt)
		}
	}
	return next
}

// work takes a batch one step further: PENDING, PROCESSING, SUCCESS, whatever becomes of its items. The lock is held.
func (s *service) work(b *batch) {
	s.Touch()
	if b.Status == "PENDING" && slices.ContainsFunc(b.Items, func(i *item) bool { return s.st.Receivers[strings.ToLower(i.Receiver)] == denied }) {
		b.Status, b.Due = denied, time.Time{}
		for _, i := range b.Items { // nothing is made of any, and none is told of
			i.Status, i.Processed = "FAILED", s.Now()
		}
		s.report("PAYMENT.PAYOUTSBATCH.DENIED", map[string]any{"batch_header": s.header(b)})
		return
	}
	if b.Status == "PENDING" {
		b.Status, b.Due = "PROCESSING", s.Now().Add(s.Days(0.01))
		s.report("PAYMENT.PAYOUTSBATCH.PROCESSING", map[string]any{"batch_header": s.header(b)})
		return
	}
	b.Status, b.Due = "SUCCESS", time.Time{}
	for _, i := range b.Items {
		status := s.st.Receivers[strings.ToLower(i.Receiver)]
		if status == "" {
			status = "SUCCESS"
		}
		if status != "PENDING" {
			s.become(b, i, status)
		}
	}
	s.report("PAYMENT.PAYOUTSBATCH.SUCCESS", map[string]any{"batch_header": s.header(b)})
}

// listEvents pages newest first.
func (s *service) listEvents(w http.ResponseWriter, r *http.Request) {
	q := r.URL.Query()
	size, err := strconv.Atoi(q.Get("page_size"))
	if q.Get("page_size") == "" {
		size, err = 10, nil
	}
	since, err1 := instant(q.Get("start_time"))
	until, err2 := instant(q.Get("end_time"))
	if err != nil || size < 1 || err1 != nil || err2 != nil {
		refuse(w, &apiError{http.StatusBadRequest, "INVALID_REQUEST", "Request is not well-formed, syntactically incorrect, or violates schema.", nil})
		return
	}
	oldest := s.Now().Add(-memory)
	events, after := []*event{}, q.Get("next")
	more := false
	for _, e := range slices.Backward(s.st.Events) {
		switch {
		case after != "":
			if e.ID == after {
				after = ""
			}
			continue
		case e.Created.Before(oldest), !since.IsZero() && e.Created.Before(since.Truncate(time.Second)), !until.IsZero() && e.Created.After(until), q.Get("event_type") != "" && q.Get("event_type") != e.Type:
			continue
		}
		if len(events) == size {
			more = true
			break
		}
		events = append(events, e)
	}
	links := []link{{s.URL() + r.URL.RequestURI(), "self", "GET"}}
	if more {
		next := url.Values{}
		for k, v := range q {
			next[k] = v
		}
		next.Set("next", events[len(events)-1].ID)
		links = append(links, link{s.URL() + r.URL.Path + "?" + next.Encode(), "next", "GET"})
	}
	sandbox.WriteJSON(w, http.StatusOK, map[string]any{"events": events, "count": len(events), "links": links})
}

func instant(s string) (time.Time, error) {
	if s == "" {
		return time.Time{}, nil
	}
	return time.Parse(time.RFC3339, s)
}

func (s *service) getWebhook(w http.ResponseWriter, r *http.Request) {
	if id := r.PathValue("id"); id == "" || id != s.keys["paypal_webhook_id"] {
		refuse(w, notFound())
		return
	}
	sandbox.WriteJSON(w, http.StatusOK, map[string]any{"id": r.PathValue("id"), "url": s.FrontDoor() + "/webhooks/paypal", "event_types": []map[string]string{{"name": "*"}}})
}

func (s *service) getBalances(w http.ResponseWriter, r *http.Request) {
	asked := r.URL.Query().Get("currency_code")
	rows := []any{}
	for _, c := range currencies {
		if asked != "" && asked != "ALL" && asked != c {
			continue
		}
		value := map[string]string{"currency_code": c, "value": valueText(s.funds(c), c)}
		rows = append(rows, map[string]any{"currency": c, "primary": c == "USD", "total_balance": value, "available_balance": value, "withheld_balance": map[string]string{"currency_code": c, "value": valueText(0, c)}})
	}
	sandbox.WriteJSON(w, http.StatusOK, map[string]any{"balances": rows, "account_id": "SANDBOXPAYPAL", "as_of_time": s.Now().Format(time.RFC3339)})
}

func (s *service) cancelItem(w http.ResponseWriter, r *http.Request) {
	b, i := s.find(r.PathValue("id"))
	switch {
	case i == nil:
		refuse(w, notFound())
	case i.Status != "UNCLAIMED":
		refuse(w, &apiError{http.StatusBadRequest, "ITEM_CANNOT_BE_CANCELLED", "Only unclaimed items can be cancelled.", nil})
	default:
		s.become(b, i, "RETURNED")
		sandbox.WriteJSON(w, http.StatusOK, s.itemJSON(b, i))
	}
}
