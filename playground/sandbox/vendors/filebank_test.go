package vendors_test

import (
	"bytes"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/rapport-dev/rapport/integrations/filebank"
	"github.com/rapport-dev/rapport/partnership"
	"github.com/rapport-dev/rapport/playground/sandbox"
)

const usAccount = "021000021/123456789"

func inTheUnitedStates(c *sandbox.Config) { c.Keys["filebank_account"] = usAccount }

// writer is the real client of the sandbox's bank.
func (b *box) writer(format string) *filebank.Client {
	b.t.Helper()
	s := filebank.Settings{Name: "Düfte & Söhne GmbH", Account: b.keys["filebank_account"], CompanyID: b.keys["filebank_company"], BankName: "The Bank", Format: format}
	c := s.Open(nil).(*filebank.Client)
	if err := c.Check(ctx); err != nil {
		b.t.Fatal(err)
	}
	return c
}

func (b *box) upload(text []byte) (status int, answer string) {
	code, body := b.call(http.MethodPost, "/sandbox/bank/file", map[string]any{"text": string(text)})
	return code, string(body)
}

// payments is a file of n payments.
func payments(id, currency string, n int, minor func(i int) int64) partnership.BankFile {
	f := partnership.BankFile{ID: id, Currency: currency, Payments: n, MadeAt: time.Now().UTC().Truncate(time.Second), DayN: 1}
	for i := range n {
		to := partnership.Receiver{Kind: "IBAN", ID: "FR1420041010050500013M02606", Name: fmt.Sprintf("Zoë Ødegård %d", i)}
		if currency == "USD" {
			to = partnership.Receiver{Kind: "US", ID: fmt.Sprintf("%05d", 1234+i), Routing: "011401533", Name: fmt.Sprintf("Zoë Ødegård %d", i), Savings: i%2 == 1}
		}
		o := partnership.BankOrder{PayoutID: partnership.PayoutID(fmt.Sprintf("01a2290d-0e25-79d0-bd9f-%012d", i)), AmountMinor: minor(i), Currency: currency, To: to}
		f.TotalMinor += o.AmountMinor
		f.Orders = append(f.Orders, o)
	}
	return f
}

func (b *box) write(c *filebank.Client, f partnership.BankFile) []byte {
	b.t.Helper()
	_, text, err := c.Write(f)
	if err != nil {
		b.t.Fatal(err)
	}
	return text
}

// The bank takes what the real client writes in each format, once, carries it out, and sends back what it cannot pay, at once or later.
func TestTheBankTakesEachFormatOnce(t *testing.T) {
	t.Parallel()
	for name, of := range map[string]struct {
		currency, format string
		at               []func(*sandbox.Config)
	}{"SEPA": {"EUR", "", nil}, "ACH": {"USD", "", []func(*sandbox.Config){inTheUnitedStates}}, "CSV in euros": {"EUR", "csv", nil}, "CSV in dollars": {"USD", "csv", []func(*sandbox.Config){inTheUnitedStates}}} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b := start(t, of.at...)
			c := b.writer(of.format)
			account := "FR1420041010050500013M02606"
			if of.currency == "USD" {
				account = "011401533/01234"
			}
			b.post("/sandbox/bank/account", map[string]any{"account": account, "why": "AC04"})
			text := b.write(c, payments("RPT0A1B2C3D4E5F60718293A4B5C6D7E8F"[:31], of.currency, 2, func(i int) int64 { return 12_345 + int64(i) }))
			if code, answer := b.upload(text); code != http.StatusOK {
				t.Fatalf("%d %s\n%s", code, answer, text)
			}
			if code, answer := b.upload(text); code == http.StatusOK || !strings.Contains(answer, "received before") {
				t.Errorf("the same file again: %d %s", code, answer)
			}
			back := 2 // in euros all go to one account
			if of.currency == "USD" {
				back = 1
			}
			var done struct {
				Payments []struct{ Status, Why string } `json:"payments"`
			}
			b.get("/sandbox/bank/statement?after=1&wait=20", &done)
			count := map[string]int{}
			for _, p := range done.Payments {
				count[p.Status+p.Why]++
			}
			if count["RTRNAC04"] != back || count["BOOK"] != 2-back || len(b.truth("bank_paid")) != 2-back {
				t.Errorf("%+v, paid %v", done, b.truth("bank_paid"))
			}
			if of.currency != "USD" {
				return
			}
			paid := b.truth("bank_paid")[0]
			b.post("/sandbox/bank/return", map[string]any{"reference": paid["id"], "why": "R02"})
			if now := b.truth("bank_paid")[0]; now["reversed_minor"] != paid["amount_minor"] {
				t.Errorf("%v", now)
			}
		})
	}
}

// As strict banks do, it takes nothing that was to be carried out before today, and of the ACH files of a day each modifier once.
func TestTheBankRefusesWhatIsLateAndAnotherFileOfItsName(t *testing.T) {
	t.Parallel()
	for currency, at := range map[string][]func(*sandbox.Config){"EUR": nil, "USD": {inTheUnitedStates}} {
		b := start(t, at...)
		c := b.writer("")
		made := func(id string, n int, at time.Time) []byte {
			f := payments(id, currency, 1, func(int) int64 { return 100 })
			f.DayN, f.MadeAt = n, at
			f.Orders[0].PayoutID = partnership.PayoutID(fmt.Sprintf("01a2290d-0e25-79d0-%s-000000000000", id[len(id)-4:]))
			return b.write(c, f)
		}
		now := time.Now().UTC()
		if code, answer := b.upload(made("RPT000000000000000000000000A001", 1, now.AddDate(0, 0, -12))); code == http.StatusOK || !strings.Contains(answer, "in the past") {
			t.Errorf("%s, of twelve days ago: %d %s", currency, code, answer)
		}
		if code, answer := b.upload(made("RPT000000000000000000000000A002", 1, now)); code != http.StatusOK {
			t.Errorf("%s, of today: %d %s", currency, code, answer)
		}
		code, answer := b.upload(made("RPT000000000000000000000000A003", 1, now))
		if refused := code != http.StatusOK && strings.Contains(answer, "received before"); refused != (currency == "USD") {
			t.Errorf("%s, another one with the same number: %d %s", currency, code, answer)
		}
		if code, answer := b.upload(made("RPT000000000000000000000000A004", 2, now)); code != http.StatusOK {
			t.Errorf("%s, the second: %d %s", currency, code, answer)
		}
	}
}

// A file of any payments is taken, and one of which a figure was changed on its way is not: totals, hashes and check digits disagree.
func TestTheBankRefusesAFileThatWasChanged(t *testing.T) {
	t.Parallel()
	eu, us := start(t, slowDay), start(t, slowDay, inTheUnitedStates)
	n := 0
	rapid.Check(t, func(t *rapid.T) {
		n++
		b, currency := eu, "EUR"
		if rapid.Bool().Draw(t, "dollars") {
			b, currency = us, "USD"
		}
		amounts := rapid.SliceOfN(rapid.Int64Range(1, 9_999), 1, 5).Draw(t, "amounts")
		f := payments(fmt.Sprintf("RPT%030d", n), currency, len(amounts), func(i int) int64 { return amounts[i] })
		f.MadeAt = f.MadeAt.AddDate(0, 0, n) // of one day it knows 36 apart
		text := b.write(b.writer(""), f)
		changed := bytes.Clone(text)
		// The digits of amounts and accounts: what a thief on the way would change.
		at := []int{}
		for i := range text {
			inside := currency == "EUR" && (within(text, i, "<InstdAmt", "</InstdAmt>") || within(text, i, "<IBAN>", "</IBAN>")) ||
				currency == "USD" && text[i-i%95] == '6' && i%95 >= 3 && (i%95 < 12 || i%95 >= 29 && i%95 < 39)
			if inside && text[i] >= '0' && text[i] <= '9' {
				at = append(at, i)
			}
		}
		i := at[rapid.IntRange(0, len(at)-1).Draw(t, "which digit")]
		changed[i] = '0' + (changed[i]-'0'+byte(rapid.IntRange(1, 9).Draw(t, "by")))%10
		if code, answer := b.upload(changed); code == http.StatusOK {
			t.Fatalf("changed at %d it is taken: %s\n%s", i, answer, changed)
		}
		if code, answer := b.upload(text); code != http.StatusOK {
			t.Fatalf("as it is written it is refused: %s", answer)
		}
	})
}

func within(text []byte, i int, from, to string) bool {
	start := bytes.LastIndex(text[:i], []byte(from))
	return start >= 0 && !bytes.Contains(text[start:i], []byte(to))
}

// What a bank refuses, one fault a file.
func TestTheBankIsStrict(t *testing.T) {
	t.Parallel()
	eu, us := start(t, slowDay), start(t, slowDay, inTheUnitedStates)
	sepa := string(eu.write(eu.writer(""), payments("RPT1", "EUR", 2, func(int) int64 { return 500 })))
	ach := string(us.write(us.writer(""), payments("RPT00000001", "USD", 2, func(int) int64 { return 500 })))
	table := string(eu.write(eu.writer("csv"), payments("RPT2", "EUR", 2, func(int) int64 { return 500 })))
	for name, of := range map[string]struct {
		b                   *box
		text, old, new, why string
	}{
		"another namespace":             {eu, sepa, "pain.001.001.09", "pain.001.001.03", "namespace"},
		"an element that is none":       {eu, sepa, "<PmtMtd>TRF</PmtMtd>", "<PmtMtd>TRF</PmtMtd><Extra>1</Extra>", "is missing, or stands in another place"},
		"elements in another order":     {eu, sepa, "<MsgId>RPT1</MsgId>", "", "MsgId"},
		"a message id of 36":            {eu, sepa, "<MsgId>RPT1<", "<MsgId>" + strings.Repeat("R", 36) + "<", "MsgId"},
		"another account":               {eu, sepa, eu.keys["filebank_account"], "DE89370400440532013000", "DbtrAcct"},
		"an IBAN that is none":          {eu, sepa, "FR1420041010050500013M02606", "FR1420041010050500013M02607", "check digits"},
		"an IBAN outside SEPA":          {eu, sepa, "FR1420041010050500013M02606", "BR1800360305000010009795493C1", "SEPA country"},
		"dollars":                       {eu, sepa, `Ccy="EUR"`, `Ccy="USD"`, "InstdAmt"},
		"three decimals":                {eu, sepa, ">5.00<", ">5.000<", "InstdAmt"},
		"a sum that is not":             {eu, sepa, "<CtrlSum>10.00<", "<CtrlSum>10.01<", "sum to 10.00"},
		"a number that is not":          {eu, sepa, "<NbOfTxs>2<", "<NbOfTxs>3<", "there are 2"},
		"a payment that is there twice": {eu, sepa, "01a2290d0e2579d0bd9f000000000001</EndToEndId>", "01a2290d0e2579d0bd9f000000000000</EndToEndId>", "twice"},
		"letters that no bank takes":    {eu, sepa, "Odegard", "Ødegård", "basic Latin"},
		"a short line":                  {us, ach, "PAYOUT    ", "PAYOUT   ", "94 printable"},
		"an unfinished block":           {us, ach, strings.Repeat("9", 94) + "\n", "", "blocks of ten"},
		"another bank":                  {us, ach, "101 021000021", "101 011401533", "immediate destination"},
		"another customer":              {us, ach, "5220", "5200", "batch header"},
		"a debit":                       {us, ach, "\n622", "\n627", "code of a credit"},
		"a wrong trace":                 {us, ach, "0021000020000001\n6", "0021000020000009\n6", "trace number"},
		"a table without a column":      {eu, table, ",text", "", "no table"},
		"a table of two files":          {eu, table, "\nRPT2,01a2290d0e2579d0bd9f000000000001", "\nRPT3,01a2290d0e2579d0bd9f000000000001", "not one of this file"},
	} {
		text := strings.Replace(of.text, of.old, of.new, 1)
		if text == of.text {
			t.Errorf("%s: nothing is changed", name)
		}
		if code, answer := of.b.upload([]byte(text)); code != http.StatusBadRequest || !strings.Contains(answer, of.why) {
			t.Errorf("%s: %d %s, want %q", name, code, answer, of.why)
		}
	}
	eu.post("/sandbox/bank/balance", map[string]any{"currency": "EUR", "amount_minor": 999})
	if code, answer := eu.upload([]byte(sepa)); code != http.StatusBadRequest || !strings.Contains(answer, "does not cover") {
		t.Errorf("%d %s", code, answer)
	}
	if got := len(eu.truth("bank_asked")) + len(us.truth("bank_asked")); got != 0 {
		t.Errorf("of refused files %d payments are kept", got)
	}
}
