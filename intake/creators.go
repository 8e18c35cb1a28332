package intake

import (
	"io"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/rapport-dev/rapport/partnership"
	"github.com/rapport-dev/rapport/partnership/identity"
)

var sources = []string{"customer", "organic_mention", "inbound", "referral", "search"}

// ParseCreators reads a list of creators as people's spreadsheets write it: CSV of any kind, or a workbook. One fault stops the import: then
// no creator is returned. Warnings are doubts about what is used all the same. Messages never repeat an address or a name. Creators have no
// ID yet.
func ParseCreators(file string, r io.Reader) ([]partnership.Creator, []Fault, []Warning) {
	sheet, ok := readSheet(file, r, recognised)
	t := &table{sheet: sheet, zones: map[string]bool{}, accounts: map[identity.Account]int{}, mails: map[string][]person{}, aliases: map[string]*alias{}}
	if !ok || !t.header() {
		return nil, sortFaults(t.faults), nil
	}
	var creators []partnership.Creator
	for _, r := range t.rows {
		again, asBefore := t.headed(r)
		if !asBefore {
			break
		}
		if !again && t.take(r) {
			creators = append(creators, t.creator())
		}
	}
	if len(creators) == 0 && len(t.faults) == 0 {
		t.fault(t.headerLine, "", "no creators; a line for each is wanted after the header")
	}
	t.fractions()
	if len(t.faults) > 0 {
		return nil, sortFaults(t.faults), nil
	}
	t.readAs()
	slices.SortStableFunc(t.warnings, func(a, b Warning) int { return a.Line - b.Line })
	return creators, nil, t.warnings
}

// table reads a sheet's rows as creators.
type table struct {
	*sheet
	headerLine int
	head       []string // as it stands in the file
	columns    []string
	row        []string
	line       int
	unnamed    bool                     // a value without a column was told
	accounts   map[identity.Account]int // by key -> line
	mails      map[string][]person      // by address -> who has it
	zones      map[string]bool          // known to be right
	aliases    map[string]*alias        // what is no code and is read as one
	rates      []rate                   // those below one that do not say their unit
}

// person is somebody of an earlier line.
type person struct {
	line int
	name string
}

// take makes a row the current one, if it has as many fields as the header: what a spreadsheet appends is empty, and what stands in no
// column is told.
func (t *table) take(r row) bool {
	t.row, t.line = r.cells, r.line
	if t.comma == "" && len(t.row) < len(t.columns) { // a workbook's rows end with their last value
		t.row = append(slices.Clone(t.row), make([]string, len(t.columns)-len(t.row))...)
	}
	if len(t.row) > len(t.columns) && blank(t.row[len(t.columns):]) {
		t.row = t.row[:len(t.columns)]
	}
	if len(t.row) != len(t.columns) {
		t.fault(t.line, "", "%d fields; the header has %d", len(t.row), len(t.columns))
		return false
	}
	for i, column := range t.columns {
		if column == "" && strings.TrimSpace(t.row[i]) != "" && !t.unnamed {
			t.unnamed = true
			t.warn(t.line, "", "a value stands in a column that has no name, the %s; such values are left out", ordinal(i+1))
		}
	}
	return true
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
	case s == noValue:
		t.fault(t.line, column, "holds a formula, and the file does not keep what it comes to; open it in the spreadsheet and save it again")
		return ""
	case column != "notes" && slices.Contains(errorsOfSheets, strings.ToUpper(s)):
		t.fault(t.line, column, "holds %s, an error of the spreadsheet; mend the cell there", s)
		return ""
	case column != "notes" && strings.ContainsFunc(s, unicode.IsControl):
		t.fault(t.line, column, "holds a line break or a control character; one line of text is wanted")
		return ""
	}
	return s
}

// errorsOfSheets are what spreadsheets show where a formula fails, or where a handle looked like one.
var errorsOfSheets = strings.Fields("#N/A #REF! #NAME? #VALUE! #DIV/0! #NUM! #NULL! #ERROR! #SPILL! #CALC! #NV #BEZUG! #WERT! #ZAHL! #NOM? #VALEUR! #NOMBRE? #¡REF! #¡VALOR!")

// need is a field that may not be empty.
func (t *table) need(column, wanted string) string {
	before := len(t.faults)
	s := t.get(column)
	if s == "" && len(t.faults) == before {
		t.fault(t.line, column, "empty; %s is wanted", wanted)
	}
	return s
}
