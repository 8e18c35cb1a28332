package ledger

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"github.com/rapport-dev/rapport/partnership"
	"github.com/rapport-dev/rapport/partnership/locale"
	"github.com/rapport-dev/rapport/partnership/money"
)

// Payout is what one creator is to be paid in one currency: the integer sum of its rows less what the rail cannot carry.
type Payout struct {
	CreatorID   partnership.CreatorID `json:"creator_id"`
	Destination string                `json:"destination,omitempty"` // the account at the rail; Plan does not know it
	Rail        string                `json:"rail,omitempty"`
	Currency    string                `json:"currency"`
	AmountMinor int64                 `json:"amount_minor"`
	CarryMinor  int64                 `json:"carry_minor"` // below the rail's smallest unit: booked back as a pair of adjustment rows
	Rows        []string              `json:"rows"`        // sorted ids
	RowCount    int                   `json:"-"`           // how many rows, where they were netted by the database and are not named
}

// Carry is a balance that is not paid this time, and why.
type Carry struct {
	CreatorID   partnership.CreatorID `json:"creator_id"`
	Currency    string                `json:"currency"`
	AmountMinor int64                 `json:"amount_minor"`
	Reason      string                `json:"reason"` // in words for the creator
}

// Plan nets what is payable: eligible rows and every open negative row, per creator and currency. A sum that reaches the
// minimum of its currency and is above zero is paid (equality pays), every other is carried whole. The caller passes rows of
// one program up to its cutoff, and only of creators who may be paid now.
func Plan(rows []Row, minimum map[string]int64, rail string) (payouts []Payout, carried []Carry) {
	type key struct {
		creator  partnership.CreatorID
		currency string
	}
	sums := map[key]*Payout{}
	var order []key
	for _, r := range rows {
		if r.State != Eligible && (r.AmountMinor >= 0 || !r.State.Open()) {
			continue
		}
		k := key{r.CreatorID, r.Currency}
		if sums[k] == nil {
			sums[k] = &Payout{CreatorID: k.creator, Rail: rail, Currency: k.currency}
			order = append(order, k)
		}
		sums[k].AmountMinor += r.AmountMinor
		sums[k].Rows = append(sums[k].Rows, r.ID)
	}
	slices.SortFunc(order, func(a, b key) int {
		return cmp.Or(cmp.Compare(a.creator, b.creator), cmp.Compare(a.currency, b.currency))
	})
	for _, k := range order {
		p := *sums[k]
		p, why := decide(p, minimum[k.currency])
		if why != "" {
			carried = append(carried, Carry{k.creator, k.currency, p.AmountMinor + p.CarryMinor, why})
			continue
		}
		slices.Sort(p.Rows)
		payouts = append(payouts, p)
	}
	return payouts, carried
}

// decide splits what is due into what the rail carries and the rest, or says why all of it waits.
func decide(p Payout, minimum int64) (Payout, string) {
	total := p.AmountMinor
	p.AmountMinor, p.CarryMinor = money.Payable(total, p.Currency, p.Rail)
	if p.AmountMinor <= 0 || total < minimum {
		return p, carryReason(total, minimum, p.Currency)
	}
	return p, ""
}

func carryReason(total, minimum int64, currency string) string {
	switch {
	case total < 0:
		return locale.Words("refunds were more than earnings; the balance is netted with what comes next")
	case total == 0:
		return locale.Words("earnings and refunds cancel out")
	case total < minimum:
		return "below the minimum of " + money.Display(minimum, currency) + "; it is paid with the next earnings"
	default:
		return locale.Words("less than the payment provider can send")
	}
}

// LineHash is one line of a run: whom it pays, where, how much and for which rows, whatever their order. The database computes the same
// when a run is planned (store's RunPayouts), and before each transfer it is computed anew. Where the money goes is in it by its hash, so
// that a proof that masks the account can still be computed.
func (p Payout) LineHash() string {
	rows := slices.Sorted(slices.Values(p.Rows))
	return hexOf(fmt.Sprintf("%s\n%s\n%s\n%d\n%s", p.CreatorID, DestinationHash(p.Destination), p.Currency, p.AmountMinor, strings.Join(rows, ",")))
}

// DestinationHash stands for an account where the account itself is not shown.
func DestinationHash(destination string) string { return hexOf(destination) }

func hexOf(text string) string {
	sum := sha256.Sum256([]byte(text))
	return hex.EncodeToString(sum[:])
}

// RunHash is what an approval is bound to: the sha256 in hex of the hashes of all its lines, in the order of creators and currencies. So
// that a run's size costs a transfer nothing: its own line is held against its hash, and the approvals against the run's.
func RunHash(lineHashes []string) string {
	hash := sha256.New()
	for _, line := range lineHashes {
		hash.Write([]byte(line + "\n"))
	}
	return hex.EncodeToString(hash.Sum(nil))
}

// LinesHash is what approvals of runs were bound to whose lines have no hashes of their own: the sha256 in hex of every payout with its
// destination, amount and rows, whatever their order.
func LinesHash(payouts []Payout) string {
	lines := slices.Clone(payouts)
	for i := range lines {
		lines[i].Rows, lines[i].Rail = slices.Sorted(slices.Values(lines[i].Rows)), ""
	}
	slices.SortFunc(lines, func(a, b Payout) int {
		return cmp.Or(cmp.Compare(a.CreatorID, b.CreatorID), cmp.Compare(a.Currency, b.Currency))
	})
	hash := sha256.New()
	if err := json.NewEncoder(hash).Encode(lines); err != nil {
		panic(err) // strings and integers always encode
	}
	return hex.EncodeToString(hash.Sum(nil))
}
