package store_test

import (
	"strings"
	"testing"
	"time"

	"github.com/rapport-dev/rapport/partnership"
	"github.com/rapport-dev/rapport/partnership/ledger"
	"github.com/rapport-dev/rapport/store"
)

// inYen is the order as a later word has it in another currency.
func inYen(in store.OrderIn, minor int64) store.OrderIn {
	in.Currency, in.NetMinor, in.SaidAt = "JPY", minor, in.SaidAt.Add(time.Hour)
	return in
}

// A file that has an order in another currency than it was sold in is refused, naming what it says.
func TestAnImportDoesNotChangeTheCurrencyOfAnOrder(t *testing.T) {
	t.Parallel()
	f := open(t)
	_, parties := f.launch(1)
	sale := partnership.Sale{ID: "1001", Currency: "USD", NetMinor: 10_000, Paid: true, Codes: []string{parties[0].kit.DiscountCode}, ProcessedAt: epoch, SaleState: partnership.SaleState{SaidAt: epoch}}
	_, _, err := f.ImportSale(t.Context(), "", sale)
	must(t, err)
	sale.Currency, sale.NetMinor, sale.SaidAt = "JPY", 1_500_000, epoch.Add(time.Hour)
	_, _, err = f.ImportSale(t.Context(), "", sale)
	wantCode(t, err, partnership.Invalid)
	for _, word := range []string{"currency", "1001", "JPY", "USD"} {
		if err == nil || !strings.Contains(err.Error(), word) {
			t.Errorf("the refusal is %v, without %q", err, word)
		}
	}
	if rows, sum := f.rows("1001"); len(rows) != 1 || sum != 1000 || rows[0].State != ledger.Pending {
		t.Errorf("the books have %+v", rows)
	}
	f.sound()
}

// What a shop says in another currency is in no sum. What is open waits for a person, who sees it among what is held; where all is paid
// already, whoever heard it is told.
func TestWhatAShopSaysInAnotherCurrencyIsHeldAndTold(t *testing.T) {
	t.Parallel()
	yen := func(minor int64) partnership.SaleRefund {
		r := refundOf("1001", "r1", minor)
		r.Currency = "JPY"
		return r
	}
	for name, say := range map[string]func(f *fixture, in store.OrderIn) (string, error){
		"the order": func(f *fixture, in store.OrderIn) (string, error) {
			result, err := f.RecordOrder(f.t.Context(), inYen(in, 1_500_000))
			return result.Look, err
		},
		"a refund": func(f *fixture, _ store.OrderIn) (string, error) {
			result, err := f.RecordRefund(f.t.Context(), yen(5000), store.ByWebhook)
			return result.Look, err
		},
		"a lost dispute": func(f *fixture, _ store.OrderIn) (string, error) {
			result, err := f.RecordDispute(f.t.Context(), partnership.SaleDispute{OrderID: "1001", DisputeID: "d", Currency: "JPY", AmountMinor: 5000, Lost: true, At: epoch}, store.ByWebhook)
			return result.Look, err
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			f := open(t)
			_, parties := f.launch(1)
			in := f.said(parties[0], "1001", 10_000)
			_, err := f.RecordOrder(t.Context(), in)
			must(t, err)
			for range 2 { // heard again it is not held again
				look, err := say(f, in)
				must(t, err)
				if look != "" {
					t.Errorf("what is held is told twice: %q", look)
				}
			}
			rows, sum := f.rows("1001")
			if len(rows) != 1 || sum != 1000 || rows[0].State != ledger.Held || !strings.Contains(rows[0].Reason, name) || !strings.Contains(rows[0].Reason, "JPY") || strings.Count(rows[0].Reason, "JPY") != 1 {
				t.Errorf("the books have %+v", rows)
			}
			if got, err := f.Performance(t.Context(), parties[0].id); err != nil || len(got.Revenue) != 1 || got.Revenue.Of("USD") != 10_000 {
				t.Errorf("it has brought %v, %v", got.Revenue, err)
			}
			if told, err := f.UntoldHolds(t.Context()); err != nil || len(told) != 1 {
				t.Errorf("finance is told %+v, %v", told, err)
			}
			must(t, f.ClearRow(t.Context(), rows[0].ID, "U1", "it is the same sale"))
			f.pass(day)
			in.SaidAt = f.clock()
			_, err = f.RecordOrder(t.Context(), in) // nothing new in another currency
			must(t, err)
			if rows, _ := f.rows("1001"); rows[0].State != ledger.Pending {
				t.Errorf("after a person has looked it is %+v", rows[0])
			}
			f.sound()
		})
		t.Run(name+" after it was paid", func(t *testing.T) {
			t.Parallel()
			f := open(t)
			_, parties := f.launch(1)
			in := f.said(parties[0], "1001", 50_000)
			_, err := f.RecordOrder(t.Context(), in)
			must(t, err)
			f.pass(2 * day)
			f.pay(f.plan())
			look, err := say(f, in)
			must(t, err)
			if !strings.Contains(look, name) || !strings.Contains(look, "JPY") {
				t.Errorf("whoever heard it reads %q", look)
			}
			if rows, sum := f.rows("1001"); len(rows) != 1 || sum != 5000 {
				t.Errorf("the books have %+v", rows)
			}
			f.sound()
		})
		t.Run(name+" before its order", func(t *testing.T) {
			t.Parallel()
			f := open(t)
			_, parties := f.launch(1)
			in := f.said(parties[0], "1001", 10_000)
			in.Part = true // not a sale yet
			_, err := f.RecordOrder(t.Context(), in)
			must(t, err)
			early := in
			_, err = say(f, early)
			must(t, err)
			in.Part, in.SaidAt = false, epoch.Add(2*time.Hour)
			_, err = f.RecordOrder(t.Context(), in)
			must(t, err)
			if rows, sum := f.rows("1001"); len(rows) != 1 || sum != 1000 || rows[0].State != ledger.Held {
				t.Errorf("the books have %+v", rows)
			}
			f.sound()
		})
	}
}
