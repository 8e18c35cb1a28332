package intake

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

var (
	requiredColumns = []string{"handle", "name", "email", "platform", "followers", "engagement_rate", "niche"}
	optionalColumns = []string{"country", "language", "timezone", "source", "audience_match", "past_customer", "notes"}
	knownColumns    = slices.Concat(requiredColumns, optionalColumns)
)

// The two halves of a name, where a file has no name as a whole.
const (
	firstNameColumn = "first_name"
	lastNameColumn  = "last_name"
)

// columnOf is the column that a header means, "" for none of ours.
func columnOf(header string) string {
	bare := bareHeader(header)
	return cmp.Or(ownHeaders[bare], otherHeaders[bare])
}

// ownHeaders are our own names, as bareHeader writes them.
var ownHeaders = func() map[string]string {
	bare := map[string]string{}
	for _, name := range knownColumns {
		bare[bareHeader(name)] = name
	}
	return bare
}()

// bareHeader is a header's letters and digits, without case and accents.
func bareHeader(header string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) || unicode.IsDigit(r) {
			return unicode.ToLower(r)
		}
		return -1
	}, norm.NFKD.String(strings.ReplaceAll(header, "ß", "ss")))
}

// titleRows is how many rows before the header may be a title.
const titleRows = 20

// recognised is how many columns of ours a row names.
func recognised(row []string) int {
	found := map[string]bool{}
	for _, cell := range row {
		if name := columnOf(strings.Trim(cell, " \r\"\t\uFEFF")); name != "" {
			found[name] = true
		}
	}
	return len(found)
}

// enoughForAHeader is how many known columns make a row the header without a doubt. Fewer do where no other row has more.
const enoughForAHeader = 4

// leastHeader is how many make one at all: "Instagram" may stand in any row.
const leastHeader = 2

// ours says whether a cell is a column as we call it.
func ours(cell string) bool {
	return slices.Contains(knownColumns, strings.ToLower(strings.TrimSpace(cell)))
}

// header finds the row that names the columns and reads it. The rows after it are left.
func (t *table) header() bool {
	if len(t.rows) == 0 {
		t.fault(1, "", "no header; the first line names the columns: %s", strings.Join(requiredColumns, ","))
		return false
	}
	best, most := 0, 0
	for i, r := range t.rows[:min(len(t.rows), titleRows+1)] {
		if n := recognised(r.cells); n > most {
			best, most = i, n
		}
		if most >= enoughForAHeader {
			break
		}
	}
	head := t.rows[best]
	t.headerLine = head.line
	if most < leastHeader && !slices.ContainsFunc(head.cells, ours) {
		t.fault(head.line, "", "no header: no line names the columns; the first one has to: %s", strings.Join(requiredColumns, ","))
		return false
	}
	if best > 0 {
		t.warn(head.line, "", "what stands before this line is taken for a title and left out; this line names the columns")
	}
	t.rows = t.rows[best+1:]
	t.head = head.cells
	return t.name(head.cells)
}

// headed says whether a row names the columns once more, as where two files were put together, and whether as before: what stands below
// others would be read into the wrong columns.
func (t *table) headed(r row) (again, asBefore bool) {
	switch {
	case recognised(r.cells) < enoughForAHeader:
		return false, true
	case slices.Equal(r.cells, t.head):
		t.warn(r.line, "", "the header once more; the line is left out")
		return true, true
	}
	t.fault(r.line, "", "another header than in line %d; one file has one list", t.headerLine)
	return true, false
}

// name reads the header: our own names first, then what else is understood as one of them; the rest are further columns.
func (t *table) name(row []string) bool {
	for len(row) > 0 && strings.TrimSpace(row[len(row)-1]) == "" { // a spreadsheet's empty columns
		row = row[:len(row)-1]
	}
	given := make([]string, len(row))
	for i, cell := range row {
		given[i] = strings.ToLower(strings.Join(strings.Fields(meant(strings.Trim(cell, " \t\r\n\uFEFF\u00A0"))), " "))
		if given[i] != "" && slices.Contains(given[:i], given[i]) {
			t.fault(t.headerLine, given[i], "the column is given twice")
		}
	}
	t.columns = slices.Clone(given)
	t.understand(given, false)
	t.understand(given, true)
	t.missing()
	return len(t.faults) == 0
}

// understand names the columns that are called by other names. Weak ones are such only where no better one is there.
func (t *table) understand(given []string, weakly bool) {
	had := slices.Clone(t.columns)
	for i, name := range given {
		meant := columnOf(name)
		if meant == "" || meant == name || slices.Contains(given, meant) || weak[bareHeader(name)] != weakly || weakly && slices.Contains(had, meant) {
			continue
		}
		if first := slices.Index(t.columns, meant); first >= 0 {
			t.fault(t.headerLine, meant, "%q and %q could both be it; name one of them %s", given[first], name, meant)
			continue
		}
		t.columns[i] = meant
	}
}

// missing says which columns are not there, in one line.
func (t *table) missing() {
	var lacks []string
	for _, name := range requiredColumns {
		halves := slices.Contains(t.columns, firstNameColumn) && name == "name"
		if !slices.Contains(t.columns, name) && !halves && !t.clashes(name) {
			lacks = append(lacks, name)
		}
	}
	switch len(lacks) {
	case 0:
	case 1:
		t.fault(t.headerLine, lacks[0], "the column is missing%s; required: %s", t.perhaps(lacks[0]), strings.Join(requiredColumns, ","))
	default:
		for i, name := range lacks {
			lacks[i] = name + t.perhaps(name)
		}
		t.fault(t.headerLine, "", "columns are missing: %s; required: %s", strings.Join(lacks, ", "), strings.Join(requiredColumns, ","))
	}
}

// clashes says whether a column is there twice by other names, which is said already.
func (t *table) clashes(name string) bool {
	return slices.ContainsFunc(t.faults, func(f Fault) bool { return f.Field == name })
}

func (t *table) perhaps(name string) string {
	for _, have := range t.columns {
		if !slices.Contains(knownColumns, have) && suggest(have, []string{name}) != "" {
			return fmt.Sprintf(" (is it %q?)", have)
		}
	}
	return ""
}
