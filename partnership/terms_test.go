package partnership_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/rapport-dev/rapport/partnership"
)

func campaign() partnership.Campaign {
	return partnership.Campaign{
		Currency: "USD", BudgetMinor: 30_000_00,
		Offer: partnership.Offer{
			FeeMinor:      map[partnership.Tier]int64{partnership.Nano: 500_00, partnership.Micro: 2_000_00},
			CommissionBPS: 1000, DiscountBPS: 1500,
			Gift:         &partnership.Gift{SKU: "SAMPLER-12", Name: "Sampler", ValueMinor: 36_00},
			UsageRights:  partnership.UsageRights{Channels: []string{"paid_social", "email"}, Days: 180, Paid: true},
			Deliverables: []partnership.Deliverable{{Kind: "instagram_reel", Count: 1}},
		},
		Schedule: partnership.Schedule{WindowDays: 30}, Payout: partnership.PayoutPolicy{HoldDays: 30},
	}
}

func TestTierOf(t *testing.T) {
	t.Parallel()
	for followers, want := range map[int]partnership.Tier{0: partnership.Nano, 14_999: partnership.Nano, 15_000: partnership.Micro, 24_000: partnership.Micro, 53_000: partnership.Micro, 75_000: partnership.Micro, 75_001: partnership.AboveMicro} {
		if got := partnership.TierOf(followers); got != want {
			t.Errorf("%d followers are %s, want %s", followers, got, want)
		}
	}
}

func TestOfferFor(t *testing.T) {
	t.Parallel()
	terms, err := partnership.OfferFor(campaign(), partnership.Micro)
	if err != nil || terms.FeeMinor != 2_000_00 || terms.CostMinor() != 2_036_00 || terms.Version != 1 {
		t.Fatalf("%+v, %v", terms, err)
	}
	if nano, _ := partnership.OfferFor(campaign(), partnership.Nano); nano.CostMinor() != 536_00 {
		t.Errorf("a nano offer costs %d", nano.CostMinor())
	}
}

func TestNoOfferWithoutWhatItNeeds(t *testing.T) {
	t.Parallel()
	for field, change := range map[string]func(*partnership.Campaign){
		"offer.deliverables": func(c *partnership.Campaign) { c.Offer.Deliverables = nil },
		"offer.usage_rights": func(c *partnership.Campaign) { c.Offer.UsageRights.Days = 0 },
		"budget":             func(c *partnership.Campaign) { c.BudgetMinor = 2_035_99 },
		"offer":              func(c *partnership.Campaign) { c.Offer.FeeMinor, c.Offer.CommissionBPS, c.Offer.Gift = nil, 0, nil },
	} {
		c := campaign()
		change(&c)
		terms, err := partnership.OfferFor(c, partnership.Micro)
		e, ok := err.(*partnership.Error)
		if !ok || e.Code != partnership.Invalid || e.Field != field {
			t.Errorf("without %s: %+v, %v", field, terms, err)
		}
	}
	c := campaign()
	c.BudgetMinor = 0
	if _, err := partnership.OfferFor(c, partnership.Nano); err == nil {
		t.Error("an offer without a budget")
	}
}

func TestTermsAreFrozen(t *testing.T) {
	t.Parallel()
	c := campaign()
	terms, err := partnership.OfferFor(c, partnership.Nano)
	if err != nil {
		t.Fatal(err)
	}
	before := terms.Clone()
	c.Offer.Gift.ValueMinor, c.Offer.UsageRights.Channels[0], c.Offer.Deliverables[0].Count = 1, "tv", 9
	if diff := cmp.Diff(before, terms); diff != "" {
		t.Errorf("a change of the campaign reaches the terms: %s", diff)
	}
	if next := terms.WithFee(600_00); next.Version != 2 || next.FeeMinor != 600_00 || terms.FeeMinor != 500_00 {
		t.Errorf("%+v from %+v", next, terms)
	}
}

func TestTermsInWords(t *testing.T) {
	t.Parallel()
	terms, _ := partnership.OfferFor(campaign(), partnership.Nano)
	want := `You make: 1 × instagram reel
You are paid: $500.00 once your content is live
You earn: 10 % of what your code or link sells, after discounts, without tax and shipping, for 30 days after you post; paid after a hold of 30 days for returns
You get: Sampler, worth $36.00, yours to keep
Your audience gets: 15 % off with your code
We may use it: paid social, email for 180 days, paid advertising included`
	if diff := cmp.Diff(want, strings.Join(terms.Lines(), "\n")); diff != "" {
		t.Error(diff)
	}
	other := terms.WithFee(600_00)
	other.Gift, other.CommissionBPS = nil, 1250
	wantChanges := []string{"Fee: $600.00 instead of $500.00", "Commission: 12.5 % instead of 10 %", "Gift: none instead of Sampler worth $36.00"}
	if diff := cmp.Diff(wantChanges, partnership.TermsChanges(terms, other)); diff != "" {
		t.Error(diff)
	}
	if same := partnership.TermsChanges(terms, terms); len(same) != 0 {
		t.Errorf("nothing changed, yet %v", same)
	}
}

func TestCommissionAloneIsDoubted(t *testing.T) {
	t.Parallel()
	c := campaign()
	c.Offer.FeeMinor = nil
	gifted, _ := partnership.OfferFor(c, partnership.Nano)
	if gifted.CommissionOnly() {
		t.Error("gift and commission are taken for commission alone")
	}
	c.Offer.Gift = nil
	if bare, _ := partnership.OfferFor(c, partnership.Nano); !bare.CommissionOnly() {
		t.Error("commission alone is not seen")
	}
}

func TestDecide(t *testing.T) {
	t.Parallel()
	limits := partnership.NegotiationLimits{MaxFeeUpliftBPS: 2000, Rounds: 2}
	offered, _ := partnership.OfferFor(campaign(), partnership.Nano)
	free := offered.WithFee(0)
	for _, c := range []struct {
		name   string
		limits partnership.NegotiationLimits
		terms  partnership.Terms
		fee    int64
		round  int
		want   partnership.Verdict
		reason string
	}{
		{"at the limit", limits, offered, 600_00, 1, partnership.AcceptByRule, "within the campaign's limit of $600.00"},
		{"a cent above", limits, offered, 600_01, 1, partnership.AskManager, "above the campaign's limit of $600.00"},
		{"the same", limits, offered, 500_00, 2, partnership.AcceptByRule, "not more"},
		{"less", limits, offered, 400_00, 1, partnership.AcceptByRule, "not more"},
		{"last round", limits, offered, 550_00, 3, partnership.AskManager, "last round: the campaign allows 2 rounds"},
		{"no negotiation", partnership.NegotiationLimits{}, offered, 501_00, 1, partnership.AskManager, "last round: the campaign allows no round"},
		{"a fee where none was offered", limits, free, 50_00, 1, partnership.AskManager, "no fee"},
		{"below zero", limits, offered, -1, 1, partnership.RefuseByRule, "negative"},
	} {
		got := partnership.Decide(c.limits, c.terms, c.fee, c.round)
		if got.Verdict != c.want || !strings.Contains(got.Reason, c.reason) {
			t.Errorf("%s: %s, %q", c.name, got.Verdict, got.Reason)
		}
	}
}

func TestRulesNeverAcceptMoreThanTheLimit(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		limits := partnership.NegotiationLimits{MaxFeeUpliftBPS: rapid.IntRange(0, 10_000).Draw(t, "uplift"), Rounds: rapid.IntRange(0, 3).Draw(t, "rounds")}
		fee := rapid.Int64Range(0, 1_000_000).Draw(t, "fee")
		counter, round := rapid.Int64Range(-10, 3_000_000).Draw(t, "counter"), rapid.IntRange(1, 5).Draw(t, "round")
		got := partnership.Decide(limits, partnership.Terms{Currency: "USD", FeeMinor: fee}, counter, round)
		if got.Verdict == partnership.AcceptByRule && (round > limits.Rounds || 10_000*(counter-fee) > fee*int64(limits.MaxFeeUpliftBPS)+5_000) {
			t.Fatalf("%d for %d in round %d is accepted: %s", counter, fee, round, got.Reason)
		}
		if got.Reason == "" {
			t.Fatal("no reason")
		}
	})
}
