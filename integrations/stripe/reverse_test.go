package stripe

import (
	"encoding/json"
	"net/http"
	"testing"

	"github.com/rapport-dev/rapport/partnership"
)

func TestAReversalOnTheWire(t *testing.T) {
	t.Parallel()
	for currency, amount := range map[string]string{"USD": "501", "ISK": "50100"} { // Stripe counts ISK in hundredths
		c := answering(t, func(w http.ResponseWriter, r *http.Request) {
			body := form(t, r)
			if r.Method != http.MethodPost || r.URL.Path != "/stripe/v1/transfers/tr_1/reversals" || r.Header.Get("Idempotency-Key") != "transfer/tr_1/reverse/0" || body.Get("amount") != amount {
				t.Errorf("%s %s with %q: %v", r.Method, r.URL.Path, r.Header.Get("Idempotency-Key"), body)
			}
			if err := json.NewEncoder(w).Encode(map[string]any{"id": "trr_1", "object": "transfer_reversal", "amount": 501, "transfer": "tr_1"}); err != nil {
				t.Error(err)
			}
		})
		if err := c.Reverse(t.Context(), "transfer/tr_1/reverse/0", "tr_1", currency, 501); err != nil {
			t.Errorf("%s: %v", currency, err)
		}
	}
}

func TestAReversalThatIsRefused(t *testing.T) {
	t.Parallel()
	c := answering(t, func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path != "/stripe/v1/transfers/tr_spent/reversals" {
			t.Errorf("%s was sent", r.URL.Path)
		}
		w.WriteHeader(http.StatusBadRequest)
		_, _ = w.Write([]byte(`{"error":{"type":"invalid_request_error","code":"balance_insufficient","message":"Insufficient funds in the destination account"}}`))
	})
	for id, minor := range map[string]int64{"tr_spent": 500, "po_1": 500, "tr_nothing": 0} {
		if err := c.Reverse(t.Context(), "k", id, "USD", minor); partnership.ClassOf(err) != partnership.Permanent {
			t.Errorf("%s: %v", id, err)
		}
	}
}
