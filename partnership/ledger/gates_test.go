package ledger_test

import (
	"slices"
	"strconv"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/rapport-dev/rapport/partnership"
	"github.com/rapport-dev/rapport/partnership/ledger"
)

var monthEnd = time.Date(2026, 11, 30, 12, 0, 0, 0, time.UTC)

func TestWhatAPayeeLacks(t *testing.T) {
	t.Parallel()
	form, vat := partnership.GateTaxForm, partnership.GateVATID
	for name, c := range map[string]struct {
		asked []partnership.Gate
		p     ledger.Papers
		want  []partnership.Gate
	}{
		"nothing is asked":               {nil, ledger.Papers{}, nil},
		"no form":                        {[]partnership.Gate{form}, ledger.Papers{Country: "US"}, []partnership.Gate{form}},
		"a form":                         {[]partnership.Gate{form}, ledger.Papers{Form: partnership.FormW9}, nil},
		"a form until a moment from now": {[]partnership.Gate{form}, ledger.Papers{Form: partnership.FormW8, FormUntil: monthEnd.Add(1)}, nil},
		"a form until now":               {[]partnership.Gate{form}, ledger.Papers{Form: partnership.FormW8, FormUntil: monthEnd}, []partnership.Gate{form}},
		"VAT in Germany":                 {[]partnership.Gate{vat}, ledger.Papers{Country: "DE"}, []partnership.Gate{vat}},
		"none in the US":                 {[]partnership.Gate{vat}, ledger.Papers{Country: "US"}, nil},
		"nobody knows where":             {[]partnership.Gate{vat}, ledger.Papers{}, []partnership.Gate{vat}},
		"the form's country counts":      {[]partnership.Gate{vat}, ledger.Papers{Country: "DE", Form: partnership.FormW9, FormCountry: "US"}, nil},
		"given":                          {[]partnership.Gate{vat}, ledger.Papers{Country: "DE", VAT: true}, nil},
		"both":                           {[]partnership.Gate{form, vat}, ledger.Papers{Country: "DE"}, []partnership.Gate{form, vat}},
	} {
		if got := c.p.Lacking(c.asked, monthEnd); !slices.Equal(got, c.want) {
			t.Errorf("%s: %v, want %v", name, got, c.want)
		}
	}
}

// Whoever lacks something is carried whole and nobody else is; what runs make of balances and of rows is the same; no cent is lost.
func TestNobodyIsPaidWhoLacksSomething(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		run := ledger.Run{Currency: "USD", Provider: "stripe", Cutoff: monthEnd, Now: monthEnd, Day: 24 * time.Hour, Papers: map[partnership.CreatorID]ledger.Papers{}}
		run.Gates = rapid.SliceOfDistinct(rapid.SampledFrom(partnership.AskedGates()), func(g partnership.Gate) partnership.Gate { return g }).Draw(t, "gates")
		var balances []ledger.Balance
		var rows []ledger.Owed
		total := int64(0)
		for i := range rapid.IntRange(0, 8).Draw(t, "payees") {
			id := partnership.CreatorID(strconv.Itoa(i))
			run.Papers[id] = ledger.Papers{
				Country: rapid.SampledFrom([]string{"", "US", "DE"}).Draw(t, "country"), VAT: rapid.Bool().Draw(t, "vat"),
				Form:      rapid.SampledFrom([]partnership.PaperKind{"", partnership.FormW9, partnership.FormW8}).Draw(t, "form"),
				FormUntil: rapid.SampledFrom([]time.Time{{}, monthEnd, monthEnd.Add(time.Hour)}).Draw(t, "until"),
			}
			if rapid.Bool().Draw(t, "unknown") {
				delete(run.Papers, id) // of whom nothing is known lacks what is asked
			}
			account := ledger.Account{ID: "acct", Ready: true}
			minor := rapid.Int64Range(1, 9000).Draw(t, "minor")
			balances = append(balances, ledger.Balance{CreatorID: id, Minor: minor, Account: account})
			rows = append(rows, ledger.Owed{Row: row(strconv.Itoa(i), string(id), "USD", ledger.Eligible, minor), Account: account})
			total += minor
		}
		payouts, carried := run.Settle(balances)
		for _, p := range payouts {
			total -= p.AmountMinor
			if lacks := run.Papers[p.CreatorID].Lacking(run.Gates, monthEnd); len(lacks) > 0 {
				t.Fatalf("%s is paid and lacks %v", p.CreatorID, lacks)
			}
		}
		for _, c := range carried {
			total -= c.AmountMinor
			if len(run.Papers[c.CreatorID].Lacking(run.Gates, monthEnd)) == 0 || c.Reason == "" {
				t.Fatalf("%s waits for %q and lacks nothing", c.CreatorID, c.Reason)
			}
		}
		if closing := closeRows(run, rows); total != 0 || len(closing.Payouts) != len(payouts) || len(closing.Carried) != len(carried) {
			t.Fatalf("%d cents are lost, or rows make %+v", total, closing)
		}
	})
}

func TestHowLongPapersHold(t *testing.T) {
	t.Parallel()
	given := time.Date(2026, 2, 28, 23, 0, 0, 0, time.UTC)
	if until := ledger.FormUntil(partnership.FormW8, given); !until.Equal(time.Date(2030, 1, 1, 0, 0, 0, 0, time.UTC)) {
		t.Errorf("a W-8 of 2026 holds until %s", until)
	}
	if until := ledger.FormUntil(partnership.FormW9, given); !until.IsZero() {
		t.Errorf("a W-9 ends at %s", until)
	}
	for now, may := range map[time.Time]bool{given: false, time.Date(2030, 12, 31, 23, 59, 59, 0, time.UTC): false, time.Date(2031, 1, 1, 0, 0, 0, 0, time.UTC): true} {
		if ledger.MayForget(given, now) != may {
			t.Errorf("paid in 2026, at %s it may go: %v", now, !may)
		}
	}
	if !ledger.MayForget(time.Time{}, given) {
		t.Error("nobody was paid by it, and it is kept")
	}
}
