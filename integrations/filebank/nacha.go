package filebank

import (
	"fmt"
	"strings"

	"github.com/rapport-dev/rapport/partnership"
)

// nacha writes a file of ACH credits to people (PPD) by the NACHA format: lines of 94 characters, in blocks of ten. Nothing well kept is to
// be had that writes it (github.com/moov-io/ach is not served by the proxy), and it is five kinds of lines.
func nacha(from Payer, f partnership.BankFile, due string) ([]byte, error) {
	if f.DayN < 1 || f.DayN > len(modifiers) {
		return nil, refusal(opFile, fmt.Sprintf("it is file %d of its day, and banks tell files 1 to %d of a day apart", f.DayN, len(modifiers)))
	}
	at, origin := f.MadeAt.UTC(), from.Routing[:8]
	batch := fmt.Sprintf("%.8s%07d", origin, 1)
	lines := []string{
		"101 " + from.Routing + right(from.CompanyID, 10) + at.Format("0601021504") + modifiers[f.DayN-1:f.DayN] + "094101" + left(from.BankName, 23) + left(from.Name, 23) + left(f.ID[len(f.ID)-8:], 8),
		"5220" + left(from.Name, 16) + left("", 20) + left(from.CompanyID, 10) + "PPD" + left("PAYOUT", 10) + left("", 6) + strings.ReplaceAll(due[2:], "-", "") + "   " + "1" + batch,
	}
	hash := int64(0)
	for i, o := range f.Orders {
		if o.AmountMinor > 99_999_999_99 {
			return nil, refusal(opFile, "payout "+string(o.PayoutID)+" is more than ACH carries at once")
		}
		code := "22"
		if o.To.Savings {
			code = "32"
		}
		bank := int64(0)
		for _, r := range o.To.Routing[:8] {
			bank = bank*10 + int64(r-'0')
		}
		hash += bank
		id := endToEnd(o.PayoutID)
		lines = append(lines, "6"+code+o.To.Routing+left(o.To.ID, 17)+fmt.Sprintf("%010d", o.AmountMinor)+left(id[max(0, len(id)-15):], 15)+left(o.To.Name, 22)+"  "+"0"+fmt.Sprintf("%s%07d", origin, i+1))
	}
	hash %= 10_000_000_000
	lines = append(lines, fmt.Sprintf("8220%06d%010d%012d%012d%s%s%s", len(f.Orders), hash, 0, f.TotalMinor, left(from.CompanyID, 10), left("", 25), batch))
	blocks := (len(lines) + 1 + 9) / 10
	lines = append(lines, fmt.Sprintf("9%06d%06d%08d%010d%012d%012d%s", 1, blocks, len(f.Orders), hash, 0, f.TotalMinor, left("", 39)))
	for len(lines)%10 != 0 {
		lines = append(lines, strings.Repeat("9", 94))
	}
	for _, line := range lines {
		if len(line) != 94 {
			return nil, refusal(opFile, "a line of the file has another length than 94")
		}
	}
	return []byte(strings.Join(lines, "\n") + "\n"), nil
}

// modifiers tell the files of one day from one another.
const modifiers = "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"

func left(text string, n int) string { return fmt.Sprintf("%-*s", n, latin(text, n)) }

func right(text string, n int) string { return fmt.Sprintf("%*s", n, latin(text, n)) }
