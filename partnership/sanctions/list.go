// Package sanctions reads a list of people who must not be paid, and finds whose name is like one on it. It decides nothing: a person does.
package sanctions

import (
	"bufio"
	"encoding/csv"
	"errors"
	"io"
	"strings"

	"github.com/rapport-dev/rapport/partnership"
)

// Entry is one of the list: somebody under all names that it gives.
type Entry struct {
	Source  string   `json:"source"` // the list, such as ofac-sdn
	UID     string   `json:"uid"`    // the list's own number
	Name    string   `json:"name"`
	Kind    string   `json:"kind"`    // individual, vessel, aircraft; "" an organisation
	Program string   `json:"program"` // why they are on it
	Aliases []string `json:"aliases"`
}

// Names are all that an entry goes by.
func (e Entry) Names() []string { return append([]string{e.Name}, e.Aliases...) }

// The columns of OFAC's sdn.csv and alt.csv, which have no header (ofac.treasury.gov, "SDN data specification").
const (
	sdnColumns = 12
	altColumns = 5
	null       = "-0-" // what the files write for nothing
)

// ParseSDN reads a list as OFAC publishes it: sdn.csv, and with alt.csv the names beside each. alt may be nil. A file that is cut off in the
// middle, or another one, is refused whole: half a list lets the other half pass.
func ParseSDN(source string, sdn, alt io.Reader) ([]Entry, error) {
	rows, err := read(sdn, sdnColumns, "sdn")
	if err != nil {
		return nil, err
	}
	var entries []Entry
	at := map[string]int{}
	for i, r := range rows {
		if r[0] == "" || r[1] == "" {
			return nil, partnership.FieldErrorf("sdn", "row %d has no number or no name: it is no list of OFAC's", i+1)
		}
		if _, twice := at[r[0]]; twice {
			return nil, partnership.FieldErrorf("sdn", "row %d: the number %q stands twice", i+1, r[0])
		}
		at[r[0]] = len(entries)
		entries = append(entries, Entry{Source: source, UID: r[0], Name: r[1], Kind: r[2], Program: r[3], Aliases: []string{}})
	}
	if len(entries) == 0 {
		return nil, partnership.FieldErrorf("sdn", "the file has no entry")
	}
	if alt == nil {
		return entries, nil
	}
	if rows, err = read(alt, altColumns, "alt"); err != nil {
		return nil, err
	}
	for i, r := range rows {
		of, there := at[r[0]]
		if !there {
			return nil, partnership.FieldErrorf("alt", "row %d is of %q, who is not on the list: the two files are not of one day", i+1, r[0])
		}
		if r[3] != "" {
			entries[of].Aliases = append(entries[of].Aliases, r[3])
		}
	}
	return entries, nil
}

func read(file io.Reader, columns int, what string) (rows [][]string, err error) {
	c := csv.NewReader(bufio.NewReader(file))
	c.FieldsPerRecord, c.LazyQuotes, c.TrimLeadingSpace = -1, true, true
	for n := 1; ; n++ {
		row, err := c.Read()
		if errors.Is(err, io.EOF) {
			return rows, nil
		}
		if err != nil {
			return nil, partnership.FieldErrorf(what, "row %d: %v", n, err)
		}
		if len(row) == 1 && strings.Trim(row[0], "\x1a ") == "" { // the files end as CP/M's did
			continue
		}
		if len(row) != columns {
			return nil, partnership.FieldErrorf(what, "row %d has %d columns, and OFAC's file has %d", n, len(row), columns)
		}
		for i := range row {
			if row[i] = strings.TrimSpace(strings.ToValidUTF8(row[i], "?")); row[i] == null {
				row[i] = ""
			}
		}
		rows = append(rows, row)
	}
}
