package partnership_test

import (
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/rapport-dev/rapport/partnership"
)

const pdf = "%PDF-1.7"

func TestTaxPapersAreReadAsPeopleWriteThem(t *testing.T) {
	t.Parallel()
	paper := func(kind partnership.PaperKind, country, number string) partnership.TaxPaper {
		return partnership.TaxPaper{Kind: kind, Country: country, Name: "Ada", Number: number, Address: "Main Street 1", File: []byte(pdf)}
	}
	with := func(p partnership.TaxPaper, change func(*partnership.TaxPaper)) partnership.TaxPaper {
		change(&p)
		return p
	}
	none := func(p *partnership.TaxPaper) { p.Number, p.NoNumber = "", true }
	for name, c := range map[string]struct {
		p      partnership.TaxPaper
		number string
		wrong  string // the field
	}{
		"an SSN with dashes":           {paper(partnership.FormW9, "", "523-45-6781"), "523456781", ""},
		"an EIN":                       {paper(partnership.FormW9, "US", "12-3456780"), "123456780", ""},
		"full-width digits":            {paper(partnership.FormW9, "US", "５２３４５６７８１"), "523456781", ""},
		"eight digits":                 {paper(partnership.FormW9, "US", "52345678"), "", "tax_number"},
		"one digit nine times":         {paper(partnership.FormW9, "US", "111111111"), "", "tax_number"},
		"counted":                      {paper(partnership.FormW9, "US", "123456789"), "", "tax_number"},
		"a W-9 without a number":       {with(paper(partnership.FormW9, "US", ""), none), "", "tax_number"},
		"a foreign number":             {paper(partnership.FormW8, "de", "12 345 678 901"), "12345678901", ""},
		"a country without numbers":    {with(paper(partnership.FormW8, "AE", ""), none), "", ""},
		"a W-8 without a word of it":   {paper(partnership.FormW8, "DE", ""), "", "tax_number"},
		"a W-8 of the US":              {paper(partnership.FormW8E, "US", "12345678"), "", "tax_country"},
		"no country":                   {paper(partnership.FormW8, "", "12345678"), "", "tax_country"},
		"no name":                      {with(paper(partnership.FormW8, "DE", "12345678"), func(p *partnership.TaxPaper) { p.Name = " " }), "", "tax_name"},
		"no file":                      {with(paper(partnership.FormW9, "US", "523456781"), func(p *partnership.TaxPaper) { p.File = nil }), "", "tax_file"},
		"a program":                    {with(paper(partnership.FormW9, "US", "523456781"), func(p *partnership.TaxPaper) { p.File = []byte("MZ") }), "", "tax_file"},
		"a page that says it is a PDF": {with(paper(partnership.FormW9, "US", "523456781"), func(p *partnership.TaxPaper) { p.File, p.FileType = []byte("<html>"), "application/pdf" }), "", "tax_file"},
		"a large file":                 {with(paper(partnership.FormW9, "US", "523456781"), func(p *partnership.TaxPaper) { p.File = []byte(pdf + strings.Repeat("x", 6<<20)) }), "", "tax_file"},
		"a VAT id":                     {paper(partnership.PaperVAT, "DE", "DE 123.456.789"), "DE123456789", ""},
		"a Greek one":                  {paper(partnership.PaperVAT, "GR", "EL123456789"), "EL123456789", ""},
		"a Swiss one":                  {paper(partnership.PaperVAT, "CH", "CHE-123.456.789 MWST"), "CHE123456789MWST", ""},
		"another country's":            {paper(partnership.PaperVAT, "FR", "DE123456789"), "", "tax_number"},
		"without its country":          {paper(partnership.PaperVAT, "DE", "123456789"), "", "tax_number"},
		"not registered":               {with(paper(partnership.PaperVAT, "DE", ""), none), "", ""},
		"VAT without an address":       {with(paper(partnership.PaperVAT, "DE", "DE123456789"), func(p *partnership.TaxPaper) { p.Address = "" }), "", "tax_address"},
		"another paper":                {paper("1040", "US", "523456781"), "", "tax_kind"},
	} {
		got, wrong := c.p.Clean()
		var fields []string
		for field := range wrong {
			fields = append(fields, field)
		}
		if c.wrong == "" && (len(wrong) > 0 || got.Number != c.number) || c.wrong != "" && !slices.Equal(fields, []string{c.wrong}) {
			t.Errorf("%s: %q, wrong %v; want %q, %q", name, got.Number, wrong, c.number, c.wrong)
		}
	}
}

// No more than four of a number is ever shown.
func TestOnlyTheLastFour(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		p := partnership.TaxPaper{Number: rapid.StringMatching(`[0-9A-Z]{0,24}`).Draw(t, "number")}
		if last := p.LastFour(); len(last) > 4 || !strings.HasSuffix(p.Number, last) {
			t.Fatalf("of %q it shows %q", p.Number, last)
		}
	})
}
