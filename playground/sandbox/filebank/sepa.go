package filebank

import (
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"regexp"
	"strconv"
	"strings"
	"time"

	"github.com/rapport-dev/rapport/playground/sandbox"
)

const painSpace = "urn:iso:std:iso:20022:tech:xsd:pain.001.001.09"

// painSchema is the part of pain.001.001.09 that this bank takes: of each element its children in their order, as the schema has them. "?" may
// be left out, "*" may be there several times. What is not listed has text alone.
var painSchema = map[string]string{
	"Document":         "CstmrCdtTrfInitn",
	"CstmrCdtTrfInitn": "GrpHdr PmtInf*",
	"GrpHdr":           "MsgId CreDtTm NbOfTxs CtrlSum? InitgPty",
	"InitgPty":         "Nm?", "Dbtr": "Nm", "Cdtr": "Nm",
	"PmtInf":      "PmtInfId PmtMtd BtchBookg? NbOfTxs? CtrlSum? PmtTpInf? ReqdExctnDt Dbtr DbtrAcct DbtrAgt ChrgBr? CdtTrfTxInf*",
	"PmtTpInf":    "InstrPrty? SvcLvl CtgyPurp?",
	"SvcLvl":      "Cd",
	"ReqdExctnDt": "Dt",
	"DbtrAcct":    "Id Ccy?", "CdtrAcct": "Id",
	"DbtrAcct/Id": "IBAN", "CdtrAcct/Id": "IBAN",
	"DbtrAgt": "FinInstnId", "CdtrAgt": "FinInstnId",
	"FinInstnId":  "BICFI? Othr?",
	"Othr":        "Id",
	"CdtTrfTxInf": "PmtId Amt ChrgBr? CdtrAgt? Cdtr CdtrAcct Purp? RmtInf?",
	"PmtId":       "InstrId? EndToEndId",
	"Amt":         "InstdAmt",
	"RmtInf":      "Ustrd?",
}

// node is an element of a file.
type node struct {
	name, text, currency string
	kids                 []*node
}

// at is the text of an element, "" where it is not there.
func (n *node) at(path string) string {
	if found := n.find(path); found != nil {
		return found.text
	}
	return ""
}

func (n *node) find(path string) *node {
	for name := range strings.SplitSeq(path, "/") {
		next := (*node)(nil)
		for _, k := range n.kids {
			if k.name == name {
				next = k
				break
			}
		}
		if n = next; n == nil {
			return nil
		}
	}
	return n
}

// parse reads a document and holds each element against the schema.
func parse(text string) (*node, error) {
	dec := xml.NewDecoder(strings.NewReader(text)) //nolint:gosec // tokens are read, and nothing is made of them
	top := &node{}
	open := []*node{top}
	for {
		token, err := dec.Token()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return nil, fmt.Errorf("it is not well-formed: %w (FF01)", err)
		}
		switch t := token.(type) {
		case xml.StartElement:
			n := &node{name: t.Name.Local}
			if t.Name.Space != painSpace {
				return nil, fmt.Errorf("%s is of the namespace %q, want %s (FF01)", n.name, t.Name.Space, painSpace)
			}
			for _, a := range t.Attr {
				switch {
				case a.Name.Local == "xmlns" && n.name == "Document":
				case a.Name.Local == "Ccy" && n.name == "InstdAmt":
					n.currency = a.Value
				default:
					return nil, fmt.Errorf("%s has no attribute %s (FF01)", n.name, a.Name.Local)
				}
			}
			into := open[len(open)-1]
			into.kids = append(into.kids, n)
			open = append(open, n)
		case xml.EndElement:
			last, in := open[len(open)-1], open[len(open)-2]
			if err := fits(last, in.name); err != nil {
				return nil, err
			}
			open = open[:len(open)-1]
		case xml.CharData:
			open[len(open)-1].text += string(t)
		}
	}
	if len(top.kids) != 1 || top.kids[0].name != "Document" {
		return nil, errors.New("it is no Document (FF01)")
	}
	return top.kids[0].find("CstmrCdtTrfInitn"), nil
}

// fits holds an element's children against their order.
func fits(n *node, parent string) error {
	order, known := painSchema[parent+"/"+n.name]
	if !known {
		order, known = painSchema[n.name]
	}
	if !known {
		if len(n.kids) > 0 || n.text == "" {
			return fmt.Errorf("%s holds text and nothing else (FF01)", n.name)
		}
		return nil
	}
	if strings.TrimSpace(n.text) != "" {
		return fmt.Errorf("%s holds no text (FF01)", n.name)
	}
	at := 0
	for want := range strings.FieldsSeq(order) {
		name := strings.TrimRight(want, "?*")
		count := 0
		for at < len(n.kids) && n.kids[at].name == name && (count == 0 || strings.HasSuffix(want, "*")) {
			at, count = at+1, count+1
		}
		if count == 0 && !strings.HasSuffix(want, "?") {
			return fmt.Errorf("%s: %s is missing, or stands in another place (FF01)", n.name, name)
		}
	}
	if at < len(n.kids) {
		return fmt.Errorf("%s: %s does not belong there (FF01)", n.name, n.kids[at].name)
	}
	return nil
}

var (
	amountForm = regexp.MustCompile(`^[0-9]{1,9}\.[0-9]{2}$`)
	sumForm    = regexp.MustCompile(`^[0-9]{1,16}(\.[0-9]{1,2})?$`)
)

func readSEPA(text, account string, now time.Time) (*file, error) {
	doc, err := parse(text)
	if err != nil {
		return nil, err
	}
	f := &file{ID: doc.at("GrpHdr/MsgId"), Kind: "SEPA", Currency: "EUR"}
	if err := checkText("MsgId", f.ID, 35); err != nil {
		return nil, err
	}
	if _, err := time.Parse("2006-01-02T15:04:05Z07:00", doc.at("GrpHdr/CreDtTm")); err != nil {
		return nil, fmt.Errorf("CreDtTm %q is no instant (FF01)", doc.at("GrpHdr/CreDtTm"))
	}
	seen, all, sum := map[string]bool{}, 0, int64(0)
	for _, info := range doc.kids[1:] {
		n, minor, err := readInfo(f, info, account, now, seen)
		if err != nil {
			return nil, err
		}
		all, sum = all+n, sum+minor
	}
	return f, control(doc.find("GrpHdr"), all, sum)
}

// control holds the number and the sum that a group says against what it holds.
func control(group *node, n int, sum int64) error {
	if says := group.at("NbOfTxs"); says != "" && says != strconv.Itoa(n) {
		return fmt.Errorf("NbOfTxs is %q, and there are %d (AM18)", says, n)
	}
	says := group.at("CtrlSum")
	if minor, ok := sandbox.ParseDecimal(says, "EUR"); says != "" && (!sumForm.MatchString(says) || !ok || minor != sum) {
		return fmt.Errorf("CtrlSum is %q, and the payments sum to %s (AM10)", says, sandbox.Decimal(sum, "EUR"))
	}
	return nil
}

func readInfo(f *file, info *node, account string, now time.Time, seen map[string]bool) (n int, sum int64, err error) {
	for _, check := range []error{
		checkText("PmtInfId", info.at("PmtInfId"), 35), checkText("Dbtr/Nm", info.at("Dbtr/Nm"), 70), must(info, "PmtMtd", "TRF"), must(info, "PmtTpInf/SvcLvl/Cd", "SEPA"),
		must(info, "ChrgBr", "SLEV"), must(info, "DbtrAcct/Id/IBAN", account),
	} {
		if check != nil {
			return 0, 0, check
		}
	}
	if err := checkDue(time.DateOnly, info.at("ReqdExctnDt/Dt"), now); err != nil {
		return 0, 0, fmt.Errorf("ReqdExctnDt %w (DT01)", err)
	}
	for _, t := range info.kids {
		if t.name != "CdtTrfTxInf" {
			continue
		}
		p, err := readTransfer(t)
		if err != nil {
			return 0, 0, err
		}
		if seen[p.EndToEnd] {
			return 0, 0, fmt.Errorf("EndToEndId %s stands there twice (AM05)", p.EndToEnd)
		}
		seen[p.EndToEnd] = true
		f.Payments = append(f.Payments, p)
		n, sum = n+1, sum+p.AmountMinor
	}
	return n, sum, control(info, n, sum)
}

// checkDue refuses a day that is none, or is over: many banks carry such a file out at once, and this one is as strict as the strictest.
func checkDue(form, due string, now time.Time) error {
	day, err := time.Parse(form, due)
	switch {
	case err != nil:
		return fmt.Errorf("%q is no day", due)
	case day.AddDate(0, 0, 1).Before(now):
		return fmt.Errorf("%q is in the past", due)
	}
	return nil
}

func must(n *node, path, want string) error {
	if got := n.at(path); got != want {
		return fmt.Errorf("%s is %q, want %q (FF01)", path, got, want)
	}
	return nil
}

func readTransfer(t *node) (*payment, error) {
	p := &payment{EndToEnd: t.at("PmtId/EndToEndId"), Name: t.at("Cdtr/Nm"), Account: t.at("CdtrAcct/Id/IBAN")}
	for _, check := range []error{checkText("EndToEndId", p.EndToEnd, 35), checkText("Cdtr/Nm", p.Name, 70), checkIBAN(p.Account)} {
		if check != nil {
			return nil, check
		}
	}
	if says := t.at("RmtInf/Ustrd"); says != "" {
		if err := checkText("Ustrd", says, 140); err != nil {
			return nil, err
		}
	}
	amount := t.find("Amt/InstdAmt")
	minor, ok := sandbox.ParseDecimal(amount.text, "EUR")
	if !amountForm.MatchString(amount.text) || !ok || minor <= 0 || amount.currency != "EUR" {
		return nil, fmt.Errorf("InstdAmt %q %q: euros from 0.01 to 999999999.99 (AM01)", amount.text, amount.currency)
	}
	p.AmountMinor = minor
	return p, nil
}
