package intake

import (
	"bufio"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"math"
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/rapport-dev/rapport/partnership"
)

var (
	requiredColumns = []string{"handle", "name", "email", "platform", "followers", "engagement_rate", "niche"}
	optionalColumns = []string{"country", "language", "timezone", "source", "audience_match", "past_customer", "notes"}
	sources         = []string{"customer", "organic_mention", "inbound", "referral", "search"}
)

// ParseCreators reads a creators.csv as it comes in. One fault stops the import: then no creator is returned. Messages never
// repeat an address or a name. Creators have no ID yet.
func ParseCreators(file string, r io.Reader) ([]partnership.Creator, []Fault) {
	in := bufio.NewReader(r)
	if bom, err := in.Peek(3); err == nil && string(bom) == "\xef\xbb\xbf" {
		_, _ = in.Discard(3)
	}
	t := &table{file: file, csv: csv.NewReader(in), seen: map[string]int{}, zones: map[string]bool{}}
	t.csv.FieldsPerRecord = -1
	t.csv.ReuseRecord = true
	if !t.header() {
		return nil, t.faults
	}
	var creators []partnership.Creator
	for t.next() {
		creators = append(creators, t.creator())
	}
	if len(creators) == 0 && len(t.faults) == 0 {
		t.fault(1, "", "no creators; a line for each is wanted after the header")
	}
	if len(t.faults) > 0 {
		return nil, sortFaults(t.faults)
	}
	return creators, nil
}

// table reads a CSV file row by row.
type table struct {
	file    string
	csv     *csv.Reader
	columns []string
	row     []string
	line    int
	faults  []Fault
	seen    map[string]int  // "handle <h>", "email <e>" -> line
	zones   map[string]bool // known to be right
}

func (t *table) fault(line int, field, format string, args ...any) {
	t.faults = append(t.faults, Fault{t.file, line, field, fmt.Sprintf(format, args...)})
}

func (t *table) header() bool {
	row, err := t.csv.Read()
	if err != nil {
		t.fault(1, "", "no header; the first line names the columns: %s", strings.Join(requiredColumns, ","))
		return false
	}
	known := slices.Concat(requiredColumns, optionalColumns)
	for _, name := range row {
		name = strings.ToLower(meant(strings.TrimSpace(name)))
		if slices.Contains(t.columns, name) {
			t.fault(1, name, "the column is given twice")
		}
		t.columns = append(t.columns, name)
	}
	for _, name := range requiredColumns {
		if !slices.Contains(t.columns, name) {
			hint := ""
			for _, have := range t.columns {
				if !slices.Contains(known, have) && suggest(have, []string{name}) != "" {
					hint = fmt.Sprintf(" (is it %q?)", have)
				}
			}
			t.fault(1, name, "the column is missing%s; required: %s", hint, strings.Join(requiredColumns, ","))
		}
	}
	return len(t.faults) == 0
}

// next reads the next row that has as many fields as the header.
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
		t.row = row
		t.line, _ = t.csv.FieldPos(0)
		if len(row) != len(t.columns) {
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

func (t *table) number(column, s string, most float64) float64 {
	if s == "" {
		return 0
	}
	n, err := strconv.ParseFloat(s, 64)
	if err != nil || math.IsNaN(n) || n < 0 || n > most {
		t.fault(t.line, column, "%q is not allowed; a number from 0 to %g such as 4.2 is wanted", s, most)
		return 0
	}
	return n
}

// unique reports a value that an earlier line has.
func (t *table) unique(column, value string) {
	key := column + " " + strings.ToLower(value)
	if line, ok := t.seen[key]; ok {
		t.fault(t.line, column, "the same as in line %d; each creator once", line)
		return
	}
	t.seen[key] = t.line
}
