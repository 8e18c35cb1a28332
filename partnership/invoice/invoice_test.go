package invoice_test

import (
	"bytes"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/rapport-dev/rapport/partnership"
	"github.com/rapport-dev/rapport/partnership/invoice"
	"github.com/rapport-dev/rapport/proof/pdftext"
)

var issued = time.Date(2026, 12, 2, 23, 30, 0, 0, time.UTC)

func bill(kind partnership.TaxKind, bps int, minor ...int64) invoice.Document {
	d := invoice.Document{
		Kind: partnership.KindInvoice, Number: "DREAMS-1-0001", IssuedAt: issued, Zone: "Europe/Berlin", Program: "dreams", Period: "2026-11", PayoutID: "po1", Currency: "EUR",
		Supplier:  invoice.Party{Name: "Lena Weiß", Address: "Hauptstraße 1\n10115 Berlin", Country: "DE", TaxID: "DE123456789"},
		Customer:  invoice.Party{Name: "Acme GmbH", Address: "Ring 2, 50667 Köln, DE", TaxID: "DE987654321"},
		Treatment: partnership.TaxTreatment{Kind: kind, RateBPS: bps},
	}
	var lines []partnership.StatementLine
	for i, m := range minor {
		lines = append(lines, partnership.StatementLine{At: issued.AddDate(0, 0, i-30), Kind: "commission", OrderID: "100" + string(rune('1'+i)), AmountMinor: m, RateBPS: 1000, NetMinor: 10 * m, Currency: "EUR"})
	}
	d.Bill(lines)
	return d
}

func TestWhatWasPaidContainsTheVAT(t *testing.T) {
	t.Parallel()
	for _, x := range []struct {
		bps             int
		gross, net, vat int64
	}{{1900, 11_900, 10_000, 1_900}, {2000, 100, 83, 17}, {0, 52_309, 52_309, 0}, {1900, 52_309, 43_957, 8_352}} {
		kind := partnership.TaxDomestic
		if x.bps == 0 {
			kind = partnership.TaxExempt
		}
		d := bill(kind, x.bps, x.gross)
		require.Equal(t, [3]int64{x.gross, x.net, x.vat}, [3]int64{d.GrossMinor, d.NetMinor, d.VATMinor}, x.bps)
	}
}

// Whatever the lines and the rate: the nets sum to the net, net and VAT to what was paid, and the VAT is rounded once.
func TestEachBillSumsUp(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		bps := rapid.IntRange(1, 3500).Draw(t, "bps")
		d := bill(partnership.TaxDomestic, bps, rapid.SliceOfN(rapid.Int64Range(-100_000, 1_000_000), 1, 9).Draw(t, "lines")...)
		net, gross := int64(0), int64(0)
		for _, l := range d.Lines {
			net, gross = net+l.NetMinor, gross+l.GrossMinor
		}
		if net != d.NetMinor || gross != d.GrossMinor || d.NetMinor+d.VATMinor != d.GrossMinor {
			t.Fatalf("%+v sums to %d net, %d gross", d, net, gross)
		}
		// twice the difference between VAT and gross x r / (1 + r) is at most one unit of the divisor
		if off := 2 * (d.VATMinor*int64(10_000+bps) - d.GrossMinor*int64(bps)); off > int64(10_000+bps) || -off > int64(10_000+bps) {
			t.Fatalf("VAT of %d at %d is %d", d.GrossMinor, bps, d.VATMinor)
		}
	})
}

func TestWhatAnInvoiceLacks(t *testing.T) {
	t.Parallel()
	by := partnership.SelfBilling{Name: "Acme GmbH", Address: "Köln", TaxID: "DE987654321"}
	lena := invoice.Party{Name: "Lena", Address: "Berlin", TaxID: "DE123456789"}
	noID := invoice.Party{Name: "Lena", Address: "Berlin"}
	domestic := partnership.TaxTreatment{Kind: partnership.TaxDomestic, RateBPS: 1900}
	reverse := partnership.TaxTreatment{Kind: partnership.TaxReverse}
	for name, x := range map[string]struct {
		by       partnership.SelfBilling
		agreed   bool
		supplier invoice.Party
		t        partnership.TaxTreatment
		lacks    []string // begins
	}{
		"nothing":                     {by, true, lena, domestic, nil},
		"all":                         {by, false, invoice.Party{}, partnership.TaxTreatment{}, []string{"the creator has not given", "the creator has not agreed", "nobody has said"}},
		"their agreement":             {by, false, lena, domestic, []string{"the creator has not agreed"}},
		"VAT without an id":           {by, true, noID, domestic, []string{"it is to show VAT"}},
		"a small business needs none": {by, true, noID, partnership.TaxTreatment{Kind: partnership.TaxExempt, Note: "small"}, nil},
		"a reverse charge's ids":      {partnership.SelfBilling{Name: "Acme GmbH"}, true, noID, reverse, []string{"the VAT is to be the brand's, and the creator", "the VAT is to be the brand's, and the campaign"}},
	} {
		got := invoice.Missing(x.by, x.agreed, x.supplier, x.t)
		require.Len(t, got, len(x.lacks), name)
		for i := range got {
			require.True(t, strings.HasPrefix(got[i], x.lacks[i]), "%s: %q", name, got[i])
		}
	}
}

// All that the law asks for stands on the paper, in any script, and the same document is the same bytes.
func TestAnInvoiceOnPaper(t *testing.T) {
	t.Parallel()
	d := bill(partnership.TaxDomestic, 1900, 11_900, -1_190)
	d.Supplier.Name = "髙橋 محمد Weiß"
	pdf, err := invoice.Draw(d, nil)
	require.NoError(t, err)
	again, err := invoice.Draw(d, nil)
	require.NoError(t, err)
	require.True(t, bytes.Equal(pdf, again))
	require.Less(t, len(pdf), 100_000)
	read := pdftext.Joined(pdftext.Of(t, pdf))
	for _, words := range []string{
		"Invoice (self-billing)", "Number: DREAMS-1-0001", "Date of issue: 3 December 2026", "Supplied: 3 November 2026 to 4 November 2026", "髙橋", "Hauptstraße 1", "10115 Berlin",
		"VAT id or tax number: DE123456789", "Acme GmbH", "VAT id or tax number: DE987654321", "Commission on order 1001, 10 % of €1,190.00", "€100.00 net, €119.00 gross", "-€10.00 net, -€11.90 gross",
		"Net: €90.00 EUR", "VAT 19 %: €17.10 EUR", "Total: €107.10 EUR", "Self-billing: issued by the customer", "Payout po1.",
	} {
		require.Contains(t, read, pdftext.Joined(words))
	}
	for kind, says := range map[partnership.TaxKind]string{partnership.TaxReverse: "Reverse charge: the customer accounts for the VAT.", partnership.TaxExempt: "small business, section 19 UStG"} {
		d := bill(kind, 0, 11_900)
		d.Treatment.Note = "no VAT: small business, section 19 UStG"
		pdf, err := invoice.Draw(d, nil)
		require.NoError(t, err)
		read := pdftext.Joined(pdftext.Of(t, pdf))
		require.Contains(t, read, pdftext.Joined(says))
		require.NotContains(t, read, pdftext.Joined("VAT 0"))
	}
	d.Supplier.Country = "GB"
	note := invoice.CreditOf(d, "DREAMS-1-0002", "the address was wrong", 5_950, issued)
	require.Equal(t, [3]int64{5_950, 5_000, 950}, [3]int64{note.GrossMinor, note.NetMinor, note.VATMinor})
	pdf, err = invoice.Draw(note, nil)
	require.NoError(t, err)
	read = pdftext.Joined(pdftext.Of(t, pdf))
	for _, words := range []string{"Credit note (self-billing)", "Corrects invoice DREAMS-1-0001.", "the address was wrong", "Total: €59.50 EUR", "output tax due to HMRC"} {
		require.Contains(t, read, pdftext.Joined(words))
	}
	d.Supplier.Name = "Ogham ᚁ"
	_, err = invoice.Draw(d, nil)
	require.Equal(t, partnership.Invalid, partnership.CodeOf(err))
}
