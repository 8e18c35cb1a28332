package intake

import (
	"bytes"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/rapport-dev/rapport/partnership"
	"github.com/rapport-dev/rapport/partnership/identity"
)

var sources = []string{"customer", "organic_mention", "inbound", "referral", "search"}

// ParseCreators reads a creators.csv as people's spreadsheets write it. One fault stops the import: then no creator is returned.
// Warnings are doubts about what is used all the same. Messages never repeat an address or a name. Creators have no ID yet.
func ParseCreators(file string, r io.Reader) ([]partnership.Creator, []Fault, []Warning) {
	data, err := io.ReadAll(r)
	if err != nil {
		return nil, []Fault{{file, 1, "", "cannot be read: " + err.Error()}}, nil
	}
	comma, text := separator(decode(data), recognised)
	t := &table{file: file, csv: csv.NewReader(bytes.NewReader(text)), zones: map[string]bool{}, accounts: map[identity.Account]int{}, mails: map[string][]person{}}
	t.csv.Comma = comma
	t.csv.FieldsPerRecord = -1
	t.csv.ReuseRecord = true
	if !t.header() {
		return nil, sortFaults(t.faults), nil
	}
	var creators []partnership.Creator
	for t.next() {
		creators = append(creators, t.creator())
	}
	if len(creators) == 0 && len(t.faults) == 0 {
		t.fault(t.headerLine, "", "no creators; a line for each is wanted after the header")
	}
	if len(t.faults) > 0 {
		return nil, sortFaults(t.faults), nil
	}
	t.fractions()
	slices.SortStableFunc(t.warnings, func(a, b Warning) int { return a.Line - b.Line })
	return creators, nil, t.warnings
}

// table reads a CSV file row by row.
type table struct {
	file       string
	csv        *csv.Reader
	headerLine int
	columns    []string
	row        []string
	line       int
	faults     []Fault
	warnings   []Warning
	accounts   map[identity.Account]int // by key -> line
	mails      map[string][]person      // by address -> who has it
	zones      map[string]bool          // known to be right
	small      []int                    // lines of rates that look like fractions
}

// person is somebody of an earlier line.
type person struct {
	line int
	name string
}

func (t *table) fault(line int, field, format string, args ...any) {
	t.faults = append(t.faults, Fault{t.file, line, field, fmt.Sprintf(format, args...)})
}

func (t *table) warn(line int, field, format string, args ...any) {
	t.warnings = append(t.warnings, Warning{t.file, line, field, fmt.Sprintf(format, args...)})
}

// next reads the next row that is not blank and has as many fields as the header; what a spreadsheet appends is empty.
func (t *table) next() bool {
	for {
		row, err := t.csv.Read()
		if errors.Is(err, io.EOF) {
			return false
		}
		if e, ok := errors.AsType[*csv.ParseError](err); ok {
			t.fault(e.StartLine, "", "not readable as CSV: %v; quote a field that holds quotes, commas or line breaks, and double the quotes in it", e.Err)
			if errors.Is(e.Err, csv.ErrQuote) && e.Line > e.StartLine {
				return false // an open quote has swallowed lines: what follows would only confuse
			}
			continue
		}
		if err != nil {
			t.fault(t.line+1, "", "cannot be read: %v", err)
			return false
		}
		if blank(row) {
			continue
		}
		t.line, _ = t.csv.FieldPos(0)
		if len(row) > len(t.columns) && blank(row[len(t.columns):]) {
			row = row[:len(t.columns)]
		}
		if t.row = row; len(row) != len(t.columns) {
			t.fault(t.line, "", "%d fields; the header has %d", len(row), len(t.columns))
			continue
		}
		return true
	}
}

// get is a field without spaces around it. Only notes may break lines.
func (t *table) get(column string) string {
	i := slices.Index(t.columns, column)
	if i < 0 {
		return ""
	}
	s := meant(strings.TrimSpace(t.row[i]))
	switch {
	case !utf8.ValidString(s):
		t.fault(t.line, column, "not readable as UTF-8; save the file as UTF-8")
		return ""
	case column != "notes" && strings.ContainsFunc(s, unicode.IsControl):
		t.fault(t.line, column, "holds a line break or a control character; one line of text is wanted")
		return ""
	}
	return s
}

// need is a field that may not be empty.
func (t *table) need(column, wanted string) string {
	before := len(t.faults)
	s := t.get(column)
	if s == "" && len(t.faults) == before {
		t.fault(t.line, column, "empty; %s is wanted", wanted)
	}
	return s
}
