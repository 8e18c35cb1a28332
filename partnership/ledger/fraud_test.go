package ledger_test

import (
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/rapport-dev/rapport/partnership/ledger"
)

// Each sign by itself, at its threshold and one below.
func TestWhatIsHeldBeforeItIsPaid(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		pattern ledger.Pattern
		want    []ledger.Risk
	}{
		"nothing to see":                    {ledger.Pattern{BuyerOrders: 1, PlaceOrders: 1, PlaceBuyers: 1, CodeBuyers: 1, AtOnce: 1}, nil},
		"the creator's mailbox":             {ledger.Pattern{Mailbox: true}, []ledger.Risk{ledger.OwnMail}},
		"the creator's address":             {ledger.Pattern{Place: true}, []ledger.Risk{ledger.OwnPlace}},
		"the payout account's name":         {ledger.Pattern{Name: true}, []ledger.Risk{ledger.OwnName}},
		"all three":                         {ledger.Pattern{Mailbox: true, Place: true, Name: true}, []ledger.Risk{ledger.OwnMail, ledger.OwnPlace, ledger.OwnName}},
		"from a coupon site":                {ledger.Pattern{CouponSite: "wethrift.com"}, []ledger.Risk{ledger.CouponSite}},
		"a buyer twice":                     {ledger.Pattern{BuyerOrders: 2}, nil},
		"a buyer three times":               {ledger.Pattern{BuyerOrders: 3}, []ledger.Risk{ledger.SameBuyer}},
		"an address twice":                  {ledger.Pattern{PlaceOrders: 2, PlaceBuyers: 2}, nil},
		"two buyers at one address":         {ledger.Pattern{PlaceOrders: 3, PlaceBuyers: 2}, []ledger.Risk{ledger.SamePlace}},
		"one buyer at home":                 {ledger.Pattern{PlaceOrders: 3, PlaceBuyers: 1}, nil},
		"a code that nine use":              {ledger.Pattern{CodeBuyers: 9}, nil},
		"a code that ten use, and no click": {ledger.Pattern{CodeBuyers: 10}, []ledger.Risk{ledger.LeakedCode}},
		"with as many clicks as say so":     {ledger.Pattern{CodeBuyers: 12, Clicks: 3}, nil},
		"with one click less":               {ledger.Pattern{CodeBuyers: 12, Clicks: 2}, []ledger.Risk{ledger.LeakedCode}},
		"29 at once":                        {ledger.Pattern{AtOnce: 29}, nil},
		"30 at once":                        {ledger.Pattern{AtOnce: 30}, []ledger.Risk{ledger.Burst}},
	} {
		if got := c.pattern.Risks(); !slices.Equal(got, c.want) {
			t.Errorf("%s: %q, want %q", name, got, c.want)
		}
	}
}

// More of a sign never makes an order look better, clicks never worse, and each risk has its words, which name nobody.
func TestRisksOnlyGrow(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		n := func(name string) int { return rapid.IntRange(0, 40).Draw(t, name) }
		p := ledger.Pattern{
			Mailbox: rapid.Bool().Draw(t, "mailbox"), Place: rapid.Bool().Draw(t, "place"), Name: rapid.Bool().Draw(t, "name"), CouponSite: rapid.SampledFrom([]string{"", "knoji.com"}).Draw(t, "site"),
			BuyerOrders: n("buyer"), PlaceOrders: n("place orders"), PlaceBuyers: n("place buyers"), CodeBuyers: n("code"), Clicks: n("clicks"), AtOnce: n("at once"),
		}
		more := p
		for _, field := range []*int{&more.BuyerOrders, &more.PlaceOrders, &more.PlaceBuyers, &more.CodeBuyers, &more.AtOnce} {
			*field += rapid.IntRange(0, 3).Draw(t, "more")
		}
		more.Clicks -= rapid.IntRange(0, more.Clicks).Draw(t, "fewer clicks")
		before, after := p.Risks(), more.Risks()
		for _, r := range before {
			if !slices.Contains(after, r) {
				t.Fatalf("%+v shows %s, %+v does not", p, r, more)
			}
		}
		if words := p.Reason(before); (words == "") != (len(before) == 0) || len(before) != 0 && len(strings.Split(words, "; ")) != len(before) {
			t.Fatalf("%q is said as %q", before, words)
		}
	})
}

func TestAHoldIsSaidOnceAndNeverOfANegativeRow(t *testing.T) {
	t.Parallel()
	row := ledger.Row{Kind: ledger.CommissionRow, State: ledger.Pending, AmountMinor: 500}
	held := row.Waits("odd")
	if held.State != ledger.Held || held.Reason != "odd" || held.Waits("odd") != held || held.Waits("") != held || held.Waits("late").Reason != "odd; late" || row.Waits("") != row {
		t.Errorf("held as %+v", held)
	}
	back := ledger.Row{Kind: ledger.AdjustmentRow, State: ledger.Eligible, AmountMinor: -500}
	if back.Waits("odd") != back {
		t.Error("a negative row waits")
	}
	for _, state := range []ledger.State{ledger.InPayout, ledger.Paid, ledger.Reversed, ledger.Voided} {
		row.State = state
		if row.Waits("odd") != row {
			t.Errorf("a row that is %s waits", state)
		}
	}
}

// However many reasons a row waits for: each is said once, and goes alone, wherever it stands.
func TestEachReasonToWaitGoesAlone(t *testing.T) {
	t.Parallel()
	row := ledger.Row{Kind: ledger.CommissionRow, State: ledger.Pending, AmountMinor: 500}.Waits("early").Waits("odd; very").Waits("late")
	for _, reason := range []string{"early", "odd; very", "late", "odd"} {
		if row.Waits(reason) != row {
			t.Errorf("for %q it waits again: %q", reason, row.Waits(reason).Reason)
		}
	}
	for reason, want := range map[string]string{"early": "odd; very; late", "odd; very": "early; late", "late": "early; odd; very", "ear": "", "early; odd; very; late": ""} {
		still := ledger.HeldOtherwise([]ledger.Row{row}, reason)
		if (len(still) == 1) != (want != "") || want != "" && (still[0].Reason != want || still[0].State != ledger.Held) {
			t.Errorf("without %q it waits as %+v, want %q", reason, still, want)
		}
	}
	if both := ledger.AlsoHeld([]ledger.Row{row}, "late"); len(both) != 0 {
		t.Errorf("it waits for what it waits for already: %+v", both)
	}
}

func TestCouponSites(t *testing.T) {
	t.Parallel()
	for host, want := range map[string]string{"www.RetailMeNot.com": "retailmenot.com", "wethrift.com.": "wethrift.com", "notwethrift.com": "", "shop.example": "", "": ""} {
		if got := ledger.CouponSiteOf(host); got != want {
			t.Errorf("%q is %q, want %q", host, got, want)
		}
	}
}
