package sendgrid

import "testing"

// What a person says with a button of theirs ends all mail to them; what a machine says of an address does not.
func TestWhatEndsAllMailToSomebody(t *testing.T) {
	t.Parallel()
	for kind, ends := range map[string]bool{
		"spamreport": true, "unsubscribe": true, "group_unsubscribe": true, "bounce": false, "dropped": false, "deferred": false, "open": false, "click": false, "delivered": false,
	} {
		if got := (Event{Type: kind}).OptOut(); got != ends {
			t.Errorf("%s ends all mail: %t", kind, got)
		}
	}
}
