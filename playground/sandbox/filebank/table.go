package filebank

import (
	"encoding/csv"
	"fmt"
	"slices"
	"strings"

	"github.com/rapport-dev/rapport/playground/sandbox"
)

// columns are those of the bank's own table.
var columns = strings.Fields("file payment name iban routing account type amount currency text")

func readTable(text string) (*file, error) {
	r := csv.NewReader(strings.NewReader(text))
	rows, err := r.ReadAll()
	if err != nil {
		return nil, fmt.Errorf("it is neither SEPA nor ACH, and no table: %w", err)
	}
	if len(rows) < 2 || !slices.Equal(rows[0], columns) {
		return nil, fmt.Errorf("it is no table of %s", strings.Join(columns, ", "))
	}
	f := &file{ID: rows[1][0], Kind: "CSV", Currency: rows[1][8]}
	seen := map[string]bool{}
	for _, row := range rows[1:] {
		p := &payment{EndToEnd: row[1], Name: row[2], Account: row[3]}
		minor, ok := sandbox.ParseDecimal(row[7], f.Currency)
		p.AmountMinor = minor
		checks := []error{checkText("payment", p.EndToEnd, 35), checkText("name", p.Name, 70), checkText("file", row[0], 35), checkText("text", row[9], 140)}
		if p.Account == "" {
			p.Account = row[4] + "/" + row[5]
			checks = append(checks, checkRouting(row[4]), checkText("account", row[5], 17))
			ok = ok && (row[6] == "checking" || row[6] == "savings") && f.Currency == "USD"
		} else {
			checks = append(checks, checkIBAN(p.Account))
			ok = ok && row[4]+row[5]+row[6] == "" && f.Currency == "EUR"
		}
		for _, wrong := range checks {
			if wrong != nil {
				return nil, wrong
			}
		}
		if !ok || minor <= 0 || row[0] != f.ID || row[8] != f.Currency || seen[p.EndToEnd] {
			return nil, fmt.Errorf("the line of %s is not one of this file: its amount, currency, kind of account, file or a payment that stands there twice", p.EndToEnd)
		}
		seen[p.EndToEnd] = true
		f.Payments = append(f.Payments, p)
	}
	return f, nil
}
