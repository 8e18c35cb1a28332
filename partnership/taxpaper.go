package partnership

import (
	"bytes"
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/rapport-dev/rapport/partnership/locale"
)

// PaperKind is what a creator gives for the tax office.
type PaperKind string

// The papers. The first three are the IRS's forms; the last is what an invoice in the payee's name needs where there is VAT.
const (
	FormW9    PaperKind = "W-9"
	FormW8    PaperKind = "W-8BEN"
	FormW8E   PaperKind = "W-8BEN-E"
	PaperVAT  PaperKind = "VAT"
	maxPaper            = 6 << 20 // bytes of its file
	maxName             = 200
	maxPostal           = 500
)

// TaxForms are the papers that pass the gate of the tax form.
func TaxForms() []PaperKind { return []PaperKind{FormW9, FormW8, FormW8E} }

// TaxPaper is a paper as it was given. Personal data: it goes from the creator's page into the store, encrypted, and nowhere else.
type TaxPaper struct {
	ID        string    `json:"-"` // the same form sent twice is one paper
	CreatorID CreatorID `json:"-"`
	Kind      PaperKind `json:"-"`
	Country   string    `json:"-"` // of tax residence
	Name      string    `json:"name"`
	Number    string    `json:"number"` // the tax id, or the VAT id; "" there is none
	NoNumber  bool      `json:"-"`      // and they say so
	Address   string    `json:"address,omitempty"`
	File      []byte    `json:"-"`
	FileType  string    `json:"-"`
	Reference string    `json:"-"` // a vendor has the paper
}

// LastFour is all of a tax id that is ever shown.
func (p TaxPaper) LastFour() string {
	return p.Number[max(0, len(p.Number)-4):]
}

// Clean reads a paper as people write it, and says of each field what is wrong with it.
func (p TaxPaper) Clean() (TaxPaper, map[string]string) {
	wrong := map[string]string{}
	p.Name, p.Country, p.Address = strings.Join(strings.Fields(p.Name), " "), strings.ToUpper(strings.TrimSpace(p.Country)), strings.TrimSpace(p.Address)
	p.Number = taxNumber(p.Number)
	if p.Name == "" || utf8.RuneCountInString(p.Name) > maxName || strings.ContainsFunc(p.Name, unicode.IsControl) {
		wrong["tax_name"] = locale.Words("Enter the name as it stands on the paper, in at most 200 characters.")
	}
	if len(p.Country) != 2 {
		wrong["tax_country"] = locale.Words("Choose the country in which you pay taxes.")
	}
	switch p.Kind {
	case FormW9:
		p.Country = "US"
		delete(wrong, "tax_country")
		if !usTaxID(p.Number) {
			wrong["tax_number"] = locale.Words("Enter the nine digits of your SSN, ITIN or EIN.")
		}
	case FormW8, FormW8E:
		p.foreign(wrong)
	case PaperVAT:
		p.vat(wrong)
	default:
		wrong["tax_kind"] = locale.Words("Choose one of the forms.")
	}
	if p.Kind != PaperVAT {
		p.Address = ""
		p.checkFile(wrong)
	}
	return p, wrong
}

func (p *TaxPaper) foreign(wrong map[string]string) {
	switch {
	case p.Country == "US":
		wrong["tax_country"] = locale.Words("Who pays taxes in the US gives a W-9: choose that form, or another country.")
	case p.Number == "" && !p.NoNumber:
		wrong["tax_number"] = locale.Words("Enter the tax number that your country gave you, or tick that it gives none.")
	case p.Number != "" && (len(p.Number) < 4 || len(p.Number) > 24):
		wrong["tax_number"] = locale.Words("A tax number has 4 to 24 letters and digits.")
	}
}

func (p *TaxPaper) vat(wrong map[string]string) {
	form, there := vatForms[p.Country]
	switch {
	case p.Number == "" && !p.NoNumber:
		wrong["tax_number"] = locale.Words("Enter your VAT id with its country, such as DE123456789, or tick that you have none.")
	case p.Number != "" && there && !form.MatchString(p.Number):
		wrong["tax_number"] = locale.Words("That is no VAT id of this country: it begins with the country's letters, such as DE123456789.")
	case p.Number != "" && (len(p.Number) < 4 || len(p.Number) > 24):
		wrong["tax_number"] = locale.Words("A VAT id has 4 to 24 letters and digits.")
	}
	if p.Address == "" || utf8.RuneCountInString(p.Address) > maxPostal {
		wrong["tax_address"] = locale.Words("Enter the address that belongs on an invoice, in at most 500 characters.")
	}
}

// checkFile knows a file by what it begins with, whatever its name says.
func (p *TaxPaper) checkFile(wrong map[string]string) {
	if p.Reference != "" {
		return
	}
	p.FileType = ""
	for kind, head := range fileHeads {
		if bytes.HasPrefix(p.File, []byte(head)) {
			p.FileType = kind
		}
	}
	switch {
	case len(p.File) == 0:
		wrong["tax_file"] = locale.Words("Choose the filled-in and signed form: a PDF, or a photo of it.")
	case len(p.File) > maxPaper:
		wrong["tax_file"] = locale.Words("The file is larger than 6 MB. A PDF is usually smaller than a photo.")
	case p.FileType == "":
		wrong["tax_file"] = locale.Words("That file is neither a PDF nor a JPEG or PNG picture.")
	}
}

// fileHeads are the files that a paper may be, by their first bytes.
var fileHeads = map[string]string{"application/pdf": "%PDF-", "image/jpeg": "\xff\xd8\xff", "image/png": "\x89PNG\r\n\x1a\n"}

// taxNumber keeps the letters and digits of a number as people write it: with spaces, dots, dashes, or full-width.
func taxNumber(text string) string {
	var out strings.Builder
	for _, r := range strings.ToUpper(text) {
		if r >= '！' && r <= '～' { // full-width forms stand at one distance from ASCII
			r = unicode.ToUpper(r - '！' + '!')
		}
		if r >= '0' && r <= '9' || r >= 'A' && r <= 'Z' {
			out.WriteRune(r)
		}
	}
	return out.String()
}

var nineDigits = regexp.MustCompile(`^[0-9]{9}$`)

func usTaxID(number string) bool {
	return nineDigits.MatchString(number) && strings.Trim(number, number[:1]) != "" && number != "123456789"
}

// ChargesVAT says whether payees of a country have a VAT id where they are in business: then an invoice needs it.
func ChargesVAT(country string) bool {
	_, yes := vatForms[country]
	return yes
}

// vatForms are VAT ids by country, as the EU's VIES and the tax offices of its neighbours describe them.
var vatForms = map[string]*regexp.Regexp{
	"AT": vatID(`ATU\d{8}`), "BE": vatID(`BE[01]\d{9}`), "BG": vatID(`BG\d{9,10}`), "CH": vatID(`CHE\d{9}(MWST|TVA|IVA)?`), "CY": vatID(`CY\d{8}[A-Z]`),
	"CZ": vatID(`CZ\d{8,10}`), "DE": vatID(`DE\d{9}`), "DK": vatID(`DK\d{8}`), "EE": vatID(`EE\d{9}`), "ES": vatID(`ES[A-Z0-9]\d{7}[A-Z0-9]`),
	"FI": vatID(`FI\d{8}`), "FR": vatID(`FR[A-Z0-9]{2}\d{9}`), "GB": vatID(`(GB|XI)(\d{9}|\d{12})`), "GR": vatID(`EL\d{9}`), "HR": vatID(`HR\d{11}`),
	"HU": vatID(`HU\d{8}`), "IE": vatID(`IE\d[A-Z0-9]\d{5}[A-Z]{1,2}`), "IS": vatID(`IS\d{5,6}`), "IT": vatID(`IT\d{11}`), "LI": vatID(`(LI|CHE)\d{5,9}`),
	"LT": vatID(`LT(\d{9}|\d{12})`), "LU": vatID(`LU\d{8}`), "LV": vatID(`LV\d{11}`), "MT": vatID(`MT\d{8}`), "NL": vatID(`NL\d{9}B\d{2}`),
	"NO": vatID(`NO\d{9}(MVA)?`), "PL": vatID(`PL\d{10}`), "PT": vatID(`PT\d{9}`), "RO": vatID(`RO\d{2,10}`), "SE": vatID(`SE\d{12}`),
	"SI": vatID(`SI\d{8}`), "SK": vatID(`SK\d{10}`),
}

func vatID(form string) *regexp.Regexp { return regexp.MustCompile(`^(?:` + form + `)$`) }
