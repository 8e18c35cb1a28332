package filebank

import (
	"strings"

	"github.com/rapport-dev/rapport/partnership"
	"github.com/rapport-dev/rapport/partnership/locale"
)

// Payer is the brand's account.
type Payer struct {
	Name, IBAN                            string
	Routing, Account, CompanyID, BankName string
}

// payerOf reads the settings, or says what is wrong with them.
func payerOf(s Settings) (p Payer, wrong string) {
	p.Name, p.CompanyID, p.BankName = s.Name, s.CompanyID, s.BankName
	if p.IBAN = tight(s.Account); validIBAN(p.IBAN) {
		return p, ""
	}
	p.IBAN = ""
	routing, account, both := strings.Cut(strings.ReplaceAll(s.Account, " ", ""), "/")
	switch {
	case !both || !validRouting(routing) || !validUSAccount(account):
		return p, "must be an IBAN of a SEPA country, or a routing number, a slash and an account number in the United States"
	case len(s.CompanyID) != 10:
		return p, "of the United States needs FILEBANK_COMPANY_ID too: the ten characters that the bank has given for ACH"
	}
	p.Routing, p.Account = routing, account
	return p, ""
}

// serves says why the account does not pay somebody of a country in a currency; no country is any.
func (p Payer) serves(country, currency string) string {
	country = strings.ToUpper(country)
	if p.IBAN != "" {
		switch {
		case currency != "EUR":
			return "the bank file pays in euros only, and not in " + currency
		case country != "" && ibanLength[country] == 0:
			return "SEPA reaches nobody in " + country
		}
		return ""
	}
	switch {
	case currency != "USD":
		return "the bank file pays in US dollars only, and not in " + currency
	case country != "" && country != "US":
		return "ACH reaches nobody in " + country
	}
	return ""
}

// takes refuses a receiver that no file of this account can pay.
func (p Payer) takes(to partnership.Receiver) error {
	if p.IBAN != "" && to.Kind == kindIBAN && validIBAN(to.ID) || p.IBAN == "" && to.Kind == kindUS && validRouting(to.Routing) && validUSAccount(to.ID) {
		return nil
	}
	return refusal(opOrder, "not an account that this file can pay")
}

// The kinds of receivers.
const (
	kindIBAN = "IBAN"
	kindUS   = "US"
)

// ReadAccount reads what a creator typed.
func (c *Client) ReadAccount(_, _ string, a partnership.BankAccount) (partnership.Receiver, error) {
	name := strings.Join(strings.Fields(a.Name), " ")
	if name == "" {
		return partnership.Receiver{}, partnership.FieldErrorf("name", "%s", locale.Words("give the name on the account: the bank compares it"))
	}
	if c.from.IBAN != "" {
		iban := tight(a.IBAN)
		if !validIBAN(iban) {
			return partnership.Receiver{}, partnership.FieldErrorf("iban", "%s", locale.Words("that is no IBAN of a SEPA country: its length or its check digits do not fit"))
		}
		return partnership.Receiver{Kind: kindIBAN, ID: iban, Name: name, Country: iban[:2]}, nil
	}
	routing, account := tight(a.Routing), tight(a.Account)
	switch {
	case !validRouting(routing):
		return partnership.Receiver{}, partnership.FieldErrorf("routing", "%s", locale.Words("that is no routing number: nine digits, of which the last checks the others"))
	case !validUSAccount(account):
		return partnership.Receiver{}, partnership.FieldErrorf("account", "%s", locale.Words("that is no account number: 4 to 17 digits"))
	}
	return partnership.Receiver{Kind: kindUS, ID: account, Routing: routing, Savings: a.Savings, Name: name, Country: "US"}, nil
}

// tight is a number without the gaps that people write for reading.
func tight(text string) string {
	return strings.ToUpper(strings.NewReplacer(" ", "", "-", "", ".", "", "\u00a0", "").Replace(text))
}

// ibanLength are the countries of the SEPA schemes and how long their IBANs are (ISO 13616; European Payments Council, EPC409-09).
var ibanLength = map[string]int{
	"AD": 24, "AL": 28, "AT": 20, "BE": 16, "BG": 22, "CH": 21, "CY": 28, "CZ": 24, "DE": 22, "DK": 18, "EE": 20, "ES": 24, "FI": 18, "FR": 27,
	"GB": 22, "GI": 23, "GR": 27, "HR": 21, "HU": 28, "IE": 22, "IS": 26, "IT": 27, "LI": 21, "LT": 20, "LU": 20, "LV": 21, "MC": 27, "MD": 24,
	"ME": 22, "MK": 19, "MT": 31, "NL": 18, "NO": 15, "PL": 28, "PT": 25, "RO": 24, "RS": 22, "SE": 24, "SI": 19, "SK": 24, "SM": 27, "VA": 22,
}

// validIBAN holds a number against its country's length and its check digits: moved behind, and read with A as 10, it is 1 modulo 97.
func validIBAN(iban string) bool {
	if len(iban) < 4 || ibanLength[iban[:2]] != len(iban) {
		return false
	}
	rest := 0
	for _, r := range iban[4:] + iban[:4] {
		switch {
		case r >= '0' && r <= '9':
			rest = (rest*10 + int(r-'0')) % 97
		case r >= 'A' && r <= 'Z':
			rest = (rest*100 + int(r-'A') + 10) % 97
		default:
			return false
		}
	}
	return rest == 1
}

// validRouting holds a number against its check digit: weighted 3, 7, 1 its digits sum to a multiple of ten.
func validRouting(number string) bool {
	if len(number) != 9 || number == "000000000" {
		return false
	}
	sum := 0
	for i, r := range number {
		if r < '0' || r > '9' {
			return false
		}
		sum += int(r-'0') * [3]int{3, 7, 1}[i%3]
	}
	return sum%10 == 0
}

func validUSAccount(number string) bool {
	return len(number) >= 4 && len(number) <= 17 && strings.Trim(number, "0123456789") == ""
}
