package shopify

import (
	"fmt"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/rapport-dev/rapport/partnership"
)

func discountRequest() partnership.DiscountRequest {
	return partnership.DiscountRequest{
		Key: "partnership/p1/tracking/code/1", PartnershipID: "p1", Program: "dreams", Code: "ADA15", PercentBPS: 1500,
		StartsAt: time.Date(2026, 12, 1, 0, 0, 0, 0, time.FixedZone("EST", -5*3600)),
	}
}

func node(title, status, percent string) string {
	return `{"id":"gid://shopify/DiscountCodeNode/3","codeDiscount":{"__typename":"DiscountCodeBasic","title":"` + title + `","status":"` + status +
		`","codes":{"nodes":[{"code":"ADA15"}]},"customerGets":{"value":{"__typename":"DiscountPercentage","percentage":` + percent + `}}}}`
}

const ourTitle = "rapport dreams partnership/p1/tracking/code/1"

func TestCreateDiscount(t *testing.T) {
	t.Parallel()
	ours := partnership.Discount{ID: "gid://shopify/DiscountCodeNode/3", Code: "ADA15", PercentBPS: 1500, Active: true, Key: discountRequest().Key}
	created := data(`{"discountCodeBasicCreate":{"codeDiscountNode":` + node(ourTitle, "ACTIVE", "0.15") + `,"userErrors":[]}}`)
	refused := func(code string) reply {
		return data(`{"discountCodeBasicCreate":{"codeDiscountNode":null,"userErrors":[{"code":"` + code + `","field":["basicCodeDiscount","code"],"message":"Code must be unique."}]}}`)
	}
	found := func(n string) []reply { return []reply{data(`{"codeDiscountNodeByCode":` + n + `}`)} }
	for _, tc := range []struct {
		name   string
		create reply
		find   []reply
		want   partnership.Discount
		code   partnership.Code
		class  partnership.Class
	}{
		{"new", created, nil, ours, "", ""},
		{"taken by ourselves", refused("TAKEN"), found(node(ourTitle, "ACTIVE", "0.15")), ours, "", ""},
		{"taken by another creator", refused("TAKEN"), found(node("rapport dreams partnership/p2/tracking/code/1", "ACTIVE", "0.15")), partnership.Discount{}, partnership.Conflict, ""},
		{"taken by the shop's own", refused("TAKEN"), found(node("Summer sale", "ACTIVE", "0.15")), partnership.Discount{}, partnership.Conflict, ""},
		{"taken by another kind", refused("TAKEN"), found(`{"id":"x","codeDiscount":{"__typename":"DiscountCodeBxgy"}}`), partnership.Discount{}, partnership.Conflict, ""},
		{"taken and deleted meanwhile", refused("TAKEN"), found("null"), partnership.Discount{}, "", partnership.Retry},
		{"refused", refused("INVALID"), nil, partnership.Discount{}, "", partnership.Permanent},
		{"their error", refused("INTERNAL_ERROR"), nil, partnership.Discount{}, "", partnership.Ambiguous},
		{"empty answer", data(`{"discountCodeBasicCreate":null}`), nil, partnership.Discount{}, "", partnership.Ambiguous},
	} {
		t.Run(tc.name, func(t *testing.T) {
			f := newFake(t, map[string][]reply{"DiscountCodeBasicCreate": {tc.create}, "DiscountByCode": tc.find})
			got, err := f.client().CreateDiscount(t.Context(), discountRequest())
			if got != tc.want || partnership.CodeOf(err) != tc.code || partnership.ClassOf(err) != tc.class {
				t.Fatalf("%+v %v", got, err)
			}
			want := map[string]any{
				"title": ourTitle, "code": "ADA15", "startsAt": "2026-12-01T05:00:00Z", "appliesOncePerCustomer": true,
				"context":      map[string]any{"all": "ALL"},
				"customerGets": map[string]any{"items": map[string]any{"all": true}, "value": map[string]any{"percentage": 0.15}},
			}
			if in := f.vars["DiscountCodeBasicCreate"]["input"]; !reflect.DeepEqual(in, want) {
				t.Errorf("input %v", in)
			}
		})
	}
	for _, bps := range []int{0, -1, 10_001} {
		r := discountRequest()
		r.PercentBPS = bps
		if _, err := newFake(t, nil).client().CreateDiscount(t.Context(), r); partnership.ClassOf(err) != partnership.Permanent {
			t.Errorf("%d basis points: %v", bps, err)
		}
	}
}

// TestPercentageIsExact walks all rates: what we send is the decimal itself, and what comes back is the rate.
func TestPercentageIsExact(t *testing.T) {
	t.Parallel()
	for bps := 1; bps <= 10_000; bps++ {
		want := strings.TrimSuffix(strings.TrimRight(fmt.Sprintf("%d.%04d", bps/10_000, bps%10_000), "0"), ".")
		if got := strings.TrimSuffix(strings.TrimRight(fmt.Sprintf("%.10f", float64(bps)/10_000), "0"), "."); got != want {
			t.Fatalf("%d basis points are sent as %s, want %s", bps, got, want)
		}
	}
	for percent, want := range map[string]int{"0.15": 1500, "0.029": 290, "1.0": 10_000, "0.0001": 1} {
		f := newFake(t, map[string][]reply{"DiscountByCode": {data(`{"codeDiscountNodeByCode":` + node(ourTitle, "EXPIRED", percent) + `}`)}})
		if d, err := f.client().FindDiscount(t.Context(), "ADA15"); err != nil || d.PercentBPS != want || d.Active {
			t.Errorf("%s: %+v %v", percent, d, err)
		}
	}
}

func TestFindDiscount(t *testing.T) {
	t.Parallel()
	f := newFake(t, map[string][]reply{"DiscountByCode": {
		data(`{"codeDiscountNodeByCode":null}`),
		data(`{"codeDiscountNodeByCode":{"id":"x","codeDiscount":{"__typename":"DiscountCodeBasic","title":"Sale","status":"SCHEDULED","codes":{"nodes":[]},
			"customerGets":{"value":{"__typename":"DiscountAmount"}}}}}`),
		data(`{"codeDiscountNodeByCode":{"id":"x","codeDiscount":{"__typename":"DiscountCodeFreeShipping"}}}`),
	}})
	if _, err := f.client().FindDiscount(t.Context(), "ADA15"); partnership.CodeOf(err) != partnership.NotFound {
		t.Errorf("%v", err)
	}
	for range 2 {
		if d, err := f.client().FindDiscount(t.Context(), "SALE"); err != nil || d != (partnership.Discount{ID: "x", Code: "SALE"}) {
			t.Errorf("%+v %v", d, err)
		}
	}
}

func TestDeactivateIsRepeatable(t *testing.T) {
	t.Parallel()
	refused := func(code, field string) reply {
		return data(`{"discountCodeDeactivate":{"codeDiscountNode":null,"userErrors":[{"code":"` + code + `","field":["` + field + `"],"message":"?"}]}}`)
	}
	for _, tc := range []struct {
		name   string
		answer reply
		class  partnership.Class
	}{
		{"now or before", data(`{"discountCodeDeactivate":{"codeDiscountNode":{"id":"x"},"userErrors":[]}}`), ""},
		{"deleted", refused("INVALID", "id"), ""},
		{"refused", refused("CONFLICT", "id"), partnership.Permanent},
		{"their error", refused("INTERNAL_ERROR", "id"), partnership.Retry},
		{"empty answer", data(`{"discountCodeDeactivate":null}`), partnership.Permanent},
	} {
		t.Run(tc.name, func(t *testing.T) {
			f := newFake(t, map[string][]reply{"DiscountCodeDeactivate": {tc.answer}})
			if err := f.client().DeactivateDiscount(t.Context(), "x"); partnership.ClassOf(err) != tc.class || tc.class == "" && err != nil {
				t.Fatal(err)
			}
		})
	}
}

func TestKeyOfTitle(t *testing.T) {
	t.Parallel()
	for title, want := range map[string]partnership.EffectKey{
		ourTitle: "partnership/p1/tracking/code/1",
		"rapport two words partnership/p1/tracking/code/1": "partnership/p1/tracking/code/1",
		"Rapport sale": "", "": "",
	} {
		if got := KeyOfTitle(title); got != want {
			t.Errorf("%q: %q", title, got)
		}
	}
	if got := KeyOfTitle(DiscountTitle("dreams", "k/1")); got != "k/1" {
		t.Error(got)
	}
}
