package filebank

import (
	"encoding/xml"
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"

	"github.com/rapport-dev/rapport/partnership"
	"github.com/rapport-dev/rapport/partnership/money"
)

// pain is pain.001.001.09 as the SEPA credit transfer scheme uses it (EPC132-08). Amounts are written from integers: the one library that is
// to be had (moov-io/iso20022) holds them as floats.
type pain struct {
	XMLName xml.Name `xml:"urn:iso:std:iso:20022:tech:xsd:pain.001.001.09 Document"`
	Header  struct {
		ID       string `xml:"MsgId"`
		At       string `xml:"CreDtTm"`
		Payments int    `xml:"NbOfTxs"`
		Sum      string `xml:"CtrlSum"`
		From     string `xml:"InitgPty>Nm"`
	} `xml:"CstmrCdtTrfInitn>GrpHdr"`
	Info info `xml:"CstmrCdtTrfInitn>PmtInf"`
}

type info struct {
	ID       string     `xml:"PmtInfId"`
	Method   string     `xml:"PmtMtd"`
	Payments int        `xml:"NbOfTxs"`
	Sum      string     `xml:"CtrlSum"`
	Service  string     `xml:"PmtTpInf>SvcLvl>Cd"`
	On       string     `xml:"ReqdExctnDt>Dt"`
	Name     string     `xml:"Dbtr>Nm"`
	IBAN     string     `xml:"DbtrAcct>Id>IBAN"`
	Bank     string     `xml:"DbtrAgt>FinInstnId>Othr>Id"`
	Charges  string     `xml:"ChrgBr"`
	Each     []transfer `xml:"CdtTrfTxInf"`
}

type transfer struct {
	EndToEnd string `xml:"PmtId>EndToEndId"`
	Amount   struct {
		Currency string `xml:"Ccy,attr"`
		Value    string `xml:",chardata"`
	} `xml:"Amt>InstdAmt"`
	Name string `xml:"Cdtr>Nm"`
	IBAN string `xml:"CdtrAcct>Id>IBAN"`
	Says string `xml:"RmtInf>Ustrd"`
}

// sepa writes a file of SEPA credit transfers. Each payment's own id is its payout's: the bank's statement shows it.
func sepa(from Payer, f partnership.BankFile, due string) ([]byte, error) {
	p := pain{Info: info{
		ID: f.ID, Method: "TRF", Payments: len(f.Orders), Service: "SEPA", On: due, Name: latin(from.Name, 70), IBAN: from.IBAN,
		Bank: "NOTPROVIDED", Charges: "SLEV",
	}}
	for _, o := range f.Orders {
		t := transfer{EndToEnd: endToEnd(o.PayoutID), Name: latin(o.To.Name, 70), IBAN: o.To.ID, Says: "Payout " + endToEnd(o.PayoutID)}
		t.Amount.Currency, t.Amount.Value = "EUR", money.Format(o.AmountMinor, "EUR")
		p.Info.Each = append(p.Info.Each, t)
	}
	p.Info.Sum = money.Format(f.TotalMinor, "EUR")
	p.Header.ID, p.Header.At, p.Header.Payments, p.Header.Sum, p.Header.From = f.ID, f.MadeAt.UTC().Format("2006-01-02T15:04:05Z"), len(f.Orders), p.Info.Sum, p.Info.Name
	text, err := xml.MarshalIndent(p, "", " ")
	return append([]byte(xml.Header), append(text, '\n')...), err
}

// endToEnd is a payout's id in the 35 characters that banks carry.
func endToEnd(id partnership.PayoutID) string { return strings.ReplaceAll(string(id), "-", "") }

// latin writes a name in the letters that every bank takes (EPC217-08): accents go, other scripts become dots.
func latin(text string, most int) string {
	var b strings.Builder
	for _, r := range norm.NFD.String(strings.NewReplacer("ß", "ss", "ø", "o", "Ø", "O", "æ", "ae", "Æ", "AE", "ł", "l", "Ł", "L", "đ", "d", "Đ", "D", "&", "+").Replace(text)) {
		switch {
		case unicode.Is(unicode.Mn, r):
		case r < 128 && (unicode.IsLetter(r) || unicode.IsDigit(r) || strings.ContainsRune("/-?:().,'+ ", r)):
			b.WriteRune(r)
		default:
			b.WriteByte('.')
		}
	}
	out := strings.TrimSpace(b.String())
	return strings.TrimSpace(out[:min(len(out), most)])
}
