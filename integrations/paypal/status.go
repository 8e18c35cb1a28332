package paypal

import (
	"strings"

	"github.com/rapport-dev/rapport/partnership"
	"github.com/rapport-dev/rapport/partnership/money"
)

// The words for what became of a payout.
const (
	pending = "PayPal has not paid it yet"
	denied  = "PayPal denied it"
)

// statuses are what PayPal's states of an item mean. A batch that is SUCCESS says nothing: it was worked through, whatever became of
// its items. What PayPal gives back to us has failed, however late; it takes back what nobody claims after 30 days.
var statuses = map[string]struct {
	state partnership.TransferState
	back  bool // the money is ours again
	why   string
}{
	"SUCCESS":   {partnership.TransferMoved, false, ""},
	"PENDING":   {partnership.TransferUnderway, false, pending},
	"UNCLAIMED": {partnership.TransferUnderway, false, "nobody has claimed it at PayPal yet; after 30 days it comes back"},
	"ONHOLD":    {partnership.TransferUnderway, false, "PayPal holds it to look at it"},
	"FAILED":    {partnership.TransferFailed, true, "PayPal could not pay it"},
	"BLOCKED":   {partnership.TransferFailed, true, "PayPal blocked it"},
	"RETURNED":  {partnership.TransferFailed, true, "nobody claimed it at PayPal, and it came back"},
	"REFUNDED":  {partnership.TransferFailed, true, "the receiver sent it back"},
	"REVERSED":  {partnership.TransferFailed, true, "PayPal reversed it"},
}

// shown is a transfer that is being read.
type shown struct{ partnership.Transfer }

// setStatus takes an item's state. One that PayPal has added since is under way, so that a person looks at it in the end.
func (s *shown) setStatus(status string) {
	is, ok := statuses[status]
	if !ok {
		is = statuses["PENDING"]
	}
	s.State, s.Why, s.ReversedMinor = is.state, is.why, 0
	if is.back {
		s.ReversedMinor = s.AmountMinor
	}
}

// setAmount takes what PayPal writes as text: without decimals for HUF, JPY and TWD, and exactly.
func (s *shown) setAmount(a amount) {
	currency := strings.ToUpper(a.Currency)
	if minor, err := money.Parse(a.Value, currency); err == nil && currency != "" {
		s.AmountMinor, s.Currency = minor, currency
	}
}
