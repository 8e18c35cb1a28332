package filebank

import (
	"errors"
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"time"
)

// record is a line of an ACH file; its fields stand at fixed places, counted from one as NACHA's rules count them.
type record string

func (r record) at(from, to int) string { return string(r)[from-1 : to] }

// number is a field of digits.
func (r record) number(from, to int) (int64, error) {
	n, err := strconv.ParseInt(r.at(from, to), 10, 64)
	if err != nil || strings.Trim(r.at(from, to), "0123456789") != "" {
		return 0, fmt.Errorf("positions %d to %d of %q are no number", from, to, string(r))
	}
	return n, nil
}

var (
	achText = regexp.MustCompile(`^[\x20-\x7e]{94}$`)
	company = regexp.MustCompile(`^[0-9A-Z]{10}$`)
	dayTime = regexp.MustCompile(`^[0-9]{2}(0[1-9]|1[0-2])(0[1-9]|[12][0-9]|3[01])([01][0-9]|2[0-3])[0-5][0-9]$`)
)

// totals are what a file holds, beside what its controls say.
type totals struct{ entries, hash, credit int64 }

func readACH(text, account, companyID string, now time.Time) (*file, error) {
	routing, _, _ := strings.Cut(account, "/")
	lines := strings.Split(strings.TrimSuffix(text, "\n"), "\n")
	if len(lines)%10 != 0 {
		return nil, fmt.Errorf("%d lines are no blocks of ten", len(lines))
	}
	for _, line := range lines {
		if !achText.MatchString(line) {
			return nil, fmt.Errorf("a line is not of 94 printable characters: %q", line)
		}
	}
	head := record(lines[0])
	switch {
	case head.at(4, 13) != " "+routing || checkRouting(routing) != nil:
		return nil, fmt.Errorf("the immediate destination %q is not this bank", head.at(4, 13))
	case head.at(14, 23) != companyID || !company.MatchString(companyID):
		return nil, fmt.Errorf("the immediate origin %q is no customer's", head.at(14, 23))
	case !dayTime.MatchString(head.at(24, 33)), head.at(35, 40) != "094101":
		return nil, errors.New("the file header's date, time or format is none")
	}
	// Files of one day are told apart by their modifier alone.
	f := &file{ID: "ACH " + head.at(24, 29) + head.at(34, 34), Kind: "ACH", Currency: "USD"}
	if err := checkDue("060102", record(lines[1]).at(70, 75), now); err != nil {
		return nil, fmt.Errorf("the effective entry date %w", err)
	}
	all, rest, err := readBatch(f, lines[1:], routing, companyID)
	if err != nil {
		return nil, err
	}
	if len(rest) == 0 {
		return nil, errors.New("the file control is missing")
	}
	end := record(rest[0])
	want := fmt.Sprintf("9%06d%06d%08d%010d%012d%012d", 1, len(lines)/10, all.entries, all.hash%10_000_000_000, 0, all.credit)
	if end.at(1, 55) != want || strings.TrimSpace(end.at(56, 94)) != "" {
		return nil, fmt.Errorf("the file control is %q, want %q", end.at(1, 55), want)
	}
	for _, line := range rest[1:] {
		if line != strings.Repeat("9", 94) {
			return nil, fmt.Errorf("%q stands behind the file's end", line)
		}
	}
	return f, nil
}

func readBatch(f *file, lines []string, routing, companyID string) (all totals, rest []string, err error) {
	head := record(lines[0])
	if head.at(1, 4) != "5220" || head.at(41, 50) != companyID || head.at(51, 53) != "PPD" || strings.TrimSpace(head.at(54, 63)) == "" ||
		!dayTime.MatchString(head.at(70, 75)+"0000") || head.at(76, 78) != "   " || head.at(79, 94) != "1"+routing[:8]+"0000001" {
		return all, nil, fmt.Errorf("the batch header is not one of credits to people: %q", string(head))
	}
	for at, line := range lines[1:] {
		r := record(line)
		if r.at(1, 1) != "6" {
			want := fmt.Sprintf("8220%06d%010d%012d%012d%s", all.entries, all.hash%10_000_000_000, 0, all.credit, companyID)
			if all.entries == 0 || r.at(1, 54) != want || r.at(80, 94) != routing[:8]+"0000001" {
				return all, nil, fmt.Errorf("the batch control is %q, want %q", r.at(1, 54), want)
			}
			return all, lines[at+2:], nil
		}
		p, bank, err := readEntry(r, fmt.Sprintf("%s%07d", routing[:8], all.entries+1))
		if err != nil {
			return all, nil, err
		}
		f.Payments = append(f.Payments, p)
		all = totals{all.entries + 1, all.hash + bank, all.credit + p.AmountMinor}
	}
	return all, nil, errors.New("the batch control is missing")
}

func readEntry(r record, trace string) (*payment, int64, error) {
	bank, err := r.number(4, 11)
	if err != nil {
		return nil, 0, err
	}
	minor, err := r.number(30, 39)
	p := &payment{
		EndToEnd: strings.TrimSpace(r.at(40, 54)), Name: strings.TrimSpace(r.at(55, 76)), Account: r.at(4, 12) + "/" + strings.TrimRight(r.at(13, 29), " "), AmountMinor: minor,
	}
	switch wrong := checkRouting(r.at(4, 12)); {
	case err != nil:
		return nil, 0, err
	case wrong != nil:
		return nil, 0, wrong
	case r.at(2, 3) != "22" && r.at(2, 3) != "32":
		return nil, 0, fmt.Errorf("%q is no code of a credit", r.at(2, 3))
	case r.at(13, 13) == " ", minor <= 0, p.EndToEnd == "", p.Name == "":
		return nil, 0, fmt.Errorf("an entry lacks its account, amount, id or name: %q", string(r))
	case r.at(77, 79) != "  0" || r.at(80, 94) != trace:
		return nil, 0, fmt.Errorf("the trace number is %q, want %s", r.at(80, 94), trace)
	}
	return p, bank, nil
}
