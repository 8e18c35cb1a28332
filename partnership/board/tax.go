package board

import (
	"encoding/csv"
	"io"
	"strconv"

	"github.com/rapport-dev/rapport/partnership"
	"github.com/rapport-dev/rapport/partnership/ledger"
	"github.com/rapport-dev/rapport/partnership/money"
)

// TaxLine is what one creator was paid in a calendar year of the payer's, in one currency. The handle is personal data.
type TaxLine struct {
	CreatorID      partnership.CreatorID `json:"creator_id"`
	Platform       string                `json:"platform"`
	Creator        string                `json:"creator"` // handle
	Currency       string                `json:"currency"`
	PaidMinor      int64                 `json:"paid_minor"` // for Form 1099-NEC: what came back is out
	Payouts        int                   `json:"payouts"`
	NetworkMinor   int64                 `json:"network_minor"` // by networks that report it themselves (Form 1099-K): not in PaidMinor
	GiftMinor      int64                 `json:"gift_minor"`    // delivered gifts at their value, apart
	ThresholdMinor int64                 `json:"threshold_minor"`
	Standing       ledger.NECStanding    `json:"standing"`
}

// WriteTaxCSV writes a year's lines for whoever files the forms.
func WriteTaxCSV(out io.Writer, year int, lines []TaxLine) error {
	w := csv.NewWriter(out)
	rows := [][]string{{"year", "creator_id", "platform", "creator", "currency", "paid", "payouts", "paid_by_networks", "gifts", "threshold_usd", "standing"}}
	for _, l := range lines {
		rows = append(rows, []string{
			strconv.Itoa(year), string(l.CreatorID), l.Platform, l.Creator, l.Currency, money.Format(l.PaidMinor, l.Currency), strconv.Itoa(l.Payouts),
			money.Format(l.NetworkMinor, l.Currency), money.Format(l.GiftMinor, l.Currency), money.Format(l.ThresholdMinor, "USD"), string(l.Standing),
		})
	}
	return w.WriteAll(rows)
}
