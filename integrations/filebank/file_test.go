package filebank

import (
	"bytes"
	"encoding/xml"
	"fmt"
	"strconv"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/rapport-dev/rapport/partnership"
)

var (
	euros   = Settings{Name: "Acme Scents GmbH & Söhne", Account: "DE89 3704 0044 0532 0130 00"}
	dollars = Settings{Name: "Acme Scents Inc", Account: "021000021/123456789", CompanyID: "1234567890", BankName: "CHASE"}
)

func client(t *testing.T, s Settings) *Client {
	t.Helper()
	c := s.Open(nil).(*Client)
	if err := c.Check(t.Context()); err != nil {
		t.Fatal(err)
	}
	return c
}

// file is one of payments to these receivers.
func file(currency string, amounts []int64, to ...partnership.Receiver) partnership.BankFile {
	f := partnership.BankFile{ID: "RPT00112233445566778899AABBCCDD", Currency: currency, Payments: len(amounts), MadeAt: time.Date(2026, 12, 24, 6, 30, 0, 0, time.UTC), DayN: 3}
	for i, minor := range amounts {
		f.TotalMinor += minor
		f.Orders = append(f.Orders, partnership.BankOrder{PayoutID: partnership.PayoutID(fmt.Sprintf("01a2290d-0e25-79d0-bd9f-%012d", i)), AmountMinor: minor, Currency: currency, To: to[i%len(to)]})
	}
	return f
}

func TestAccountsThatAFileCanPay(t *testing.T) {
	t.Parallel()
	for iban, fits := range map[string]bool{
		"DE89370400440532013000": true, "GB29NWBK60161331926819": true, "FR1420041010050500013M02606": true, "MT84MALT011000012345MTLCAST001S": true, "NO9386011117947": true,
		"DE89370400440532013001": false, "DE8937040044053201300": false, "US89370400440532013000": false, "": false, "DE": false, "de89370400440532013000": false, "DE8937040044053201300É": false,
	} {
		if validIBAN(iban) != fits {
			t.Errorf("%s: %t", iban, !fits)
		}
	}
	for routing, fits := range map[string]bool{"021000021": true, "011401533": true, "021000022": false, "02100002": false, "000000000": false, "02100002x": false} {
		if validRouting(routing) != fits {
			t.Errorf("%s: %t", routing, !fits)
		}
	}
	eu, us := client(t, euros), client(t, dollars)
	got, err := eu.ReadAccount("DE", "EUR", partnership.BankAccount{Name: " Zoë  Ødegård ", IBAN: "no93 8601 1117 947"})
	if err != nil || got.ID != "NO9386011117947" || got.Country != "NO" || got.Name != "Zoë Ødegård" || got.Shown() != "…7947" {
		t.Errorf("%s %v", got.Shown(), err)
	}
	for field, words := range map[string]partnership.BankAccount{"name": {IBAN: "NO9386011117947"}, "iban": {Name: "Z", IBAN: "NO9386011117948"}} {
		if _, err := eu.ReadAccount("NO", "EUR", words); !strings.Contains(fmt.Sprint(err), field) || partnership.CodeOf(err) != partnership.Invalid {
			t.Errorf("%s: %v", field, err)
		}
	}
	if _, err := us.ReadAccount("US", "USD", partnership.BankAccount{Name: "Z", Routing: "021000022", Account: "1234"}); err == nil {
		t.Error("a wrong routing number is taken")
	}
	for _, x := range []struct {
		c                      *Client
		country, currency, why string
	}{{eu, "SE", "EUR", ""}, {eu, "US", "EUR", "nobody in US"}, {eu, "DE", "USD", "euros only"}, {us, "US", "USD", ""}, {us, "DE", "USD", "nobody in DE"}, {us, "US", "EUR", "dollars only"}} {
		if why, err := x.c.Serves(t.Context(), x.country, x.currency); err != nil || !strings.Contains(why, x.why) || x.why == "" && why != "" {
			t.Errorf("%s %s: %q %v", x.country, x.currency, why, err)
		}
	}
	if faults := (&Settings{Name: "A", Account: "021000021/1234"}).Check(); len(faults) != 1 || !strings.Contains(faults[0].Message, "FILEBANK_COMPANY_ID") {
		t.Errorf("%v", faults)
	}
}

// A SEPA file sums to its payments in integers, bears its message id, and is the same text however often it is written.
func TestASEPAFile(t *testing.T) {
	t.Parallel()
	c := client(t, euros)
	f := file("EUR", []int64{12_345, 1, 99_999_999_99}, partnership.Receiver{Kind: "IBAN", ID: "FR1420041010050500013M02606", Name: "Anaïs Łódź <& Co>"})
	name, text, err := c.Write(f)
	if err != nil || name != f.ID+".xml" {
		t.Fatal(name, err)
	}
	if _, again, _ := c.Write(f); !bytes.Equal(again, text) {
		t.Error("written again it is another text")
	}
	var read struct {
		XMLName xml.Name
		MsgID   string   `xml:"CstmrCdtTrfInitn>GrpHdr>MsgId"`
		N       int      `xml:"CstmrCdtTrfInitn>GrpHdr>NbOfTxs"`
		On      string   `xml:"CstmrCdtTrfInitn>PmtInf>ReqdExctnDt>Dt"`
		Sum     string   `xml:"CstmrCdtTrfInitn>GrpHdr>CtrlSum"`
		From    string   `xml:"CstmrCdtTrfInitn>PmtInf>DbtrAcct>Id>IBAN"`
		Amounts []string `xml:"CstmrCdtTrfInitn>PmtInf>CdtTrfTxInf>Amt>InstdAmt"`
		IDs     []string `xml:"CstmrCdtTrfInitn>PmtInf>CdtTrfTxInf>PmtId>EndToEndId"`
		Names   []string `xml:"CstmrCdtTrfInitn>PmtInf>CdtTrfTxInf>Cdtr>Nm"`
	}
	if err := xml.Unmarshal(text, &read); err != nil {
		t.Fatal(err)
	}
	if read.XMLName.Space != "urn:iso:std:iso:20022:tech:xsd:pain.001.001.09" || read.MsgID != f.ID || read.N != 3 || read.Sum != "100000123.45" || read.From != "DE89370400440532013000" {
		t.Errorf("%+v", read)
	}
	if read.On != "2026-12-28" || c.DueOn(f.MadeAt) != read.On {
		t.Errorf("made on Christmas Eve it is to be carried out on %s, said is %s", read.On, c.DueOn(f.MadeAt))
	}
	if strings.Join(read.Amounts, " ") != "123.45 0.01 99999999.99" || read.Names[0] != "Anais Lodz .+ Co." || len(read.IDs[0]) != 32 {
		t.Errorf("%v %v %v", read.Amounts, read.Names, read.IDs)
	}
	f.TotalMinor++
	if _, _, err := c.Write(f); err == nil {
		t.Error("a file that does not sum is written")
	}
	if _, _, err := client(t, dollars).Write(f); err == nil {
		t.Error("euros are written into an ACH file")
	}
}

// An ACH file is lines of 94 in blocks of ten, and its totals and hash are those of its entries, whatever they are.
func TestAnACHFile(t *testing.T) {
	t.Parallel()
	c := client(t, dollars)
	rapid.Check(t, func(t *rapid.T) {
		amounts := rapid.SliceOfN(rapid.Int64Range(1, 99_999_999_99), 1, 30).Draw(t, "amounts")
		name := rapid.StringMatching(`[A-Za-zäßŁ ]{1,40}x`).Draw(t, "name")
		f := file("USD", amounts, partnership.Receiver{Kind: "US", ID: "12345678", Routing: "011401533", Name: name, Savings: true}, partnership.Receiver{Kind: "US", ID: "99999999999999999", Routing: "021000021", Name: "Bo"})
		_, text, err := c.Write(f)
		if err != nil {
			t.Fatal(err)
		}
		lines := strings.Split(strings.TrimSuffix(string(text), "\n"), "\n")
		if len(lines)%10 != 0 {
			t.Fatalf("%d lines", len(lines))
		}
		sum, hash, entries := int64(0), int64(0), 0
		var batch, control string
		for _, line := range lines {
			if len(line) != 94 {
				t.Fatalf("a line of %d: %q", len(line), line)
			}
			switch {
			case line[0] == '6':
				minor, err1 := strconv.ParseInt(line[29:39], 10, 64)
				bank, err2 := strconv.ParseInt(line[3:11], 10, 64)
				if err1 != nil || err2 != nil || minor != amounts[entries] {
					t.Fatalf("%q: %d, want %d", line, minor, amounts[entries])
				}
				sum, hash, entries = sum+minor, hash+bank, entries+1
			case line[0] == '8':
				batch = line
			case line[0] == '9' && control == "":
				control = line
			}
		}
		if modifier, due := lines[0][33:34], lines[1][69:75]; modifier != "C" || due != "261228" {
			t.Fatalf("the day's third file is %s, to be carried out on %s", modifier, due)
		}
		totals := fmt.Sprintf("%010d%012d%012d", hash%10_000_000_000, 0, sum)
		if entries != len(amounts) || batch[4:10] != fmt.Sprintf("%06d", entries) || batch[10:44] != totals || control[21:55] != totals || control[7:13] != fmt.Sprintf("%06d", len(lines)/10) {
			t.Fatalf("%q %q, want %s", batch, control, totals)
		}
	})
}

// A bank tells 36 files of a day apart: another one is not written, and is for the next day.
func TestTheFilesOfADayAreNoMoreThanTheirNumbers(t *testing.T) {
	t.Parallel()
	c, seen := client(t, dollars), map[string]bool{}
	f := file("USD", []int64{1}, partnership.Receiver{Kind: "US", ID: "12345678", Routing: "011401533", Name: "Bo"})
	for n := 1; n <= 36; n++ {
		f.DayN = n
		_, text, err := c.Write(f)
		if err != nil || seen[string(text[33])] {
			t.Fatalf("file %d is %q, %v", n, text[33], err)
		}
		seen[string(text[33])] = true
	}
	for _, n := range []int{0, 37} {
		f.DayN = n
		if _, _, err := c.Write(f); !strings.Contains(fmt.Sprint(err), "files 1 to 36 of a day") {
			t.Errorf("file %d: %v", n, err)
		}
	}
}
