package filebank

import (
	"bytes"
	"encoding/csv"
	"strings"

	"github.com/rapport-dev/rapport/partnership"
	"github.com/rapport-dev/rapport/partnership/money"
)

// table writes payments as a CSV with a line of names. It has no message id that a bank would know again: that it is not uploaded twice is
// for the bank's own check, by the ids of its payments, and for whoever uploads it.
func table(f partnership.BankFile) ([]byte, error) {
	var text bytes.Buffer
	w := csv.NewWriter(&text)
	_ = w.Write([]string{"file", "payment", "name", "iban", "routing", "account", "type", "amount", "currency", "text"}) // its error is Flush's
	for _, o := range f.Orders {
		iban, account, kind := o.To.ID, "", ""
		if o.To.Kind == kindUS {
			iban, account, kind = "", o.To.ID, "checking"
			if o.To.Savings {
				kind = "savings"
			}
		}
		id := endToEnd(o.PayoutID)
		name := strings.TrimLeft(latin(o.To.Name, 70), "=+-@ ") // what a spreadsheet would take for a formula
		_ = w.Write([]string{f.ID, id, name, iban, o.To.Routing, account, kind, money.Format(o.AmountMinor, o.Currency), o.Currency, "Payout " + id})
	}
	w.Flush()
	return text.Bytes(), w.Error()
}
