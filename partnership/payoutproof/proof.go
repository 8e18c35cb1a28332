// Package payoutproof writes what a month's payouts rest on into one file that can be checked by itself (package check does): orders
// without their buyers, what was frozen on each row, who approved which hash, what the provider answered.
package payoutproof

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"slices"
	"strings"
	"time"

	"github.com/rapport-dev/rapport/partnership"
	"github.com/rapport-dev/rapport/partnership/ledger"
	"github.com/rapport-dev/rapport/partnership/money"
	"github.com/rapport-dev/rapport/partnership/payoutproof/check"
)

// Row is a row as it stands in a proof. booked is the kind of its posting, "" where it moves nothing.
func Row(r ledger.Row, payout *partnership.PayoutID, booked string, written time.Time) check.Row {
	row := check.Row{
		ID: r.ID, CreatorID: string(r.CreatorID), PartnershipID: string(r.PartnershipID), Kind: string(r.Kind), Booked: booked, State: string(r.State), Currency: r.Currency,
		AmountMinor: r.AmountMinor, OrderID: r.OrderID, Deliverable: r.Deliverable, RateBPS: int64(r.RateBPS), OccurredAt: r.OccurredAt,
		HoldMicros: r.EligibleAt.Sub(r.OccurredAt).Microseconds(), EligibleAt: r.EligibleAt, WrittenAt: written, Released: []string{}, Reason: r.Reason, Words: []check.Word{},
	}
	if payout != nil {
		row.PayoutID = string(*payout)
	}
	return row
}

// Payout is a payout as it stands in a proof, of its rows and its run. The account is masked: its hash is what the run's lines hold.
func Payout(p partnership.Payout, rows []check.Row, run check.Run) check.Payout {
	out := check.Payout{
		ID: string(p.ID), RunID: p.RunID, CreatorID: string(p.CreatorID), Destination: masked(p.Destination), DestinationHash: ledger.DestinationHash(p.Destination), Rail: p.Provider, Currency: p.Currency,
		AmountMinor: p.AmountMinor, State: string(p.State), Key: string(p.IdempotencyKey), ReversedMinor: p.ReversedMinor, TransferID: p.ProviderRef, Rows: []string{},
		Transfers: []check.Transfer{},
	}
	if !p.FirstPostedAt.IsZero() {
		out.FirstPostedAt = &p.FirstPostedAt
	}
	for _, r := range rows {
		out.Rows = append(out.Rows, r.ID)
		if r.EligibleAt.Before(run.From) {
			out.CarriedIn += r.AmountMinor
		}
		if r.Kind == string(ledger.AdjustmentRow) && r.OrderID == "" && r.AmountMinor < 0 && r.OccurredAt.Equal(run.Cutoff) { // ledger.CarryRest
			out.CarriedOut -= r.AmountMinor
		}
	}
	slices.Sort(out.Rows)
	return out
}

// shown is how much of an account a proof shows.
const shown = 4

func masked(account string) string {
	if len(account) <= 2*shown {
		return "…"
	}
	return "…" + account[len(account)-shown:]
}

// Answer is what the provider shows of a payout. An amount that its rail cannot carry is an error.
func Answer(t partnership.Transfer, rail string) (check.Transfer, error) {
	currency := strings.ToUpper(t.Currency)
	units, err := money.ToProvider(t.AmountMinor, currency, rail)
	if err != nil {
		return check.Transfer{}, err
	}
	back, err := money.ToProvider(t.ReversedMinor, currency, rail)
	return check.Transfer{
		ID: t.ID, PayoutID: string(t.PayoutID), DestinationHash: ledger.DestinationHash(t.Destination), Currency: currency, Units: units, ReversedUnits: back, At: t.CreatedAt.UTC(),
	}, err
}

// Write is a proof as its file: one text for one content, with the digest of all that stands before it.
func Write(f check.File) ([]byte, error) {
	f.Format, f.Digest = check.Format, strings.Repeat("0", 2*sha256.Size)
	var text bytes.Buffer
	encoder := json.NewEncoder(&text)
	encoder.SetEscapeHTML(false)
	encoder.SetIndent("", "  ")
	if err := encoder.Encode(f); err != nil {
		return nil, err
	}
	before, _, _ := bytes.Cut(text.Bytes(), []byte("\n  \"digest\": \""))
	sum := sha256.Sum256(before)
	return bytes.Replace(text.Bytes(), []byte(f.Digest), []byte(hex.EncodeToString(sum[:])), 1), nil
}
