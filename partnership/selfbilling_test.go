package partnership_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/rapport-dev/rapport/partnership"
)

func TestHowSuppliesAreTaxedIsSaidWhole(t *testing.T) {
	t.Parallel()
	for name, x := range map[string]struct {
		t     partnership.TaxTreatment
		field string
	}{
		"VAT at a rate":         {partnership.TaxTreatment{Kind: partnership.TaxDomestic, RateBPS: 1900}, ""},
		"VAT at none":           {partnership.TaxTreatment{Kind: partnership.TaxDomestic}, "rate"},
		"VAT at 36 %":           {partnership.TaxTreatment{Kind: partnership.TaxDomestic, RateBPS: 3600}, "rate"},
		"a reverse charge":      {partnership.TaxTreatment{Kind: partnership.TaxReverse}, ""},
		"with a rate":           {partnership.TaxTreatment{Kind: partnership.TaxReverse, RateBPS: 1900}, "rate"},
		"exempt, and why":       {partnership.TaxTreatment{Kind: partnership.TaxExempt, Note: "section 19 UStG"}, ""},
		"exempt, nobody knows":  {partnership.TaxTreatment{Kind: partnership.TaxExempt, Note: " "}, "note"},
		"outside, nobody knows": {partnership.TaxTreatment{Kind: partnership.TaxOutside}, "note"},
		"their own":             {partnership.TaxTreatment{Kind: partnership.TaxOwn}, ""},
		"guessed":               {partnership.TaxTreatment{Kind: "standard"}, "as"},
		"a book":                {partnership.TaxTreatment{Kind: partnership.TaxReverse, Note: strings.Repeat("x", 301)}, "note"},
	} {
		no, _ := errors.AsType[*partnership.Error](x.t.Check())
		if got := no; (got == nil) != (x.field == "") || got != nil && got.Field != x.field {
			t.Errorf("%s: %v, want it to be about %q", name, got, x.field)
		}
	}
}
