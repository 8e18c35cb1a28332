package web_test

import (
	"errors"
	"testing"

	"github.com/rapport-dev/rapport/workflows"
)

// Events that were kept by the attempt that broke off are not a vendor's repetition when a person has them applied again.
func TestARetriedDeliveryOfMailEventsIsAppliedAgain(t *testing.T) {
	t.Parallel()
	h := running(t)
	tried := make(chan struct{}, 100)
	h.temporal.mu.Lock()
	h.temporal.refuse = func(message) error { tried <- struct{}{}; return errors.New("connection refused") }
	h.temporal.mu.Unlock()
	h.deliver("sendgrid", "sendgrid/events", h.mailEvent("e1", "spamreport", ""))
	<-tried
	const first = 1
	must(t, h.store.InboxDead(t.Context(), first, errors.New("72 h without the engine")))
	want(t, "dead", h.counted("sendgrid", "dead"), 1)
	h.temporal.mu.Lock()
	h.temporal.refuse = nil
	h.temporal.mu.Unlock()

	n, err := h.store.RetryInbox(t.Context(), 0, "cli:ada")
	must(t, err)
	want(t, "retried", n, 1)
	want(t, "told in the end", h.temporal.next(t).Name, workflows.SignalOptedOut)
	h.settled("sendgrid", 1)
}
