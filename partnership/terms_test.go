package partnership_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	p "github.com/rapport-dev/rapport/partnership"
)

func campaign() p.Campaign {
	return p.Campaign{
		Currency: "USD", BudgetMinor: 30_000_00,
		Offer: p.Offer{
			FeeMinor:      map[p.Tier]int64{p.Nano: 500_00, p.Micro: 2_000_00},
			CommissionBPS: 1000, DiscountBPS: 1500,
			Gift:         &p.Gift{SKU: "SAMPLER-12", Name: "Sampler", ValueMinor: 36_00},
			UsageRights:  p.UsageRights{Channels: []string{"paid_social", "email"}, Days: 180, Paid: true},
			Deliverables: []p.Deliverable{{Kind: "instagram_reel", Count: 1}},
		},
		Schedule: p.Schedule{WindowDays: 30}, Payout: p.PayoutPolicy{HoldDays: 30},
	}
}

func TestTierOf(t *testing.T) {
	t.Parallel()
	for followers, want := range map[int]p.Tier{0: p.Nano, 14_999: p.Nano, 15_000: p.Micro, 24_000: p.Micro, 53_000: p.Micro, 75_000: p.Micro, 75_001: p.AboveMicro} {
		if got := p.TierOf(followers); got != want {
			t.Errorf("%d followers are %s, want %s", followers, got, want)
		}
	}
}

func TestOfferFor(t *testing.T) {
	t.Parallel()
	terms, err := p.OfferFor(campaign(), p.Micro)
	if err != nil || terms.FeeMinor != 2_000_00 || terms.CostMinor() != 2_036_00 || terms.Version != 1 {
		t.Fatalf("%+v, %v", terms, err)
	}
	if nano, _ := p.OfferFor(campaign(), p.Nano); nano.CostMinor() != 536_00 {
		t.Errorf("a nano offer costs %d", nano.CostMinor())
	}
}

func TestNoOfferWithoutWhatItNeeds(t *testing.T) {
	t.Parallel()
	for field, change := range map[string]func(*p.Campaign){
		"offer.deliverables": func(c *p.Campaign) { c.Offer.Deliverables = nil },
		"offer.usage_rights": func(c *p.Campaign) { c.Offer.UsageRights.Days = 0 },
		"budget":             func(c *p.Campaign) { c.BudgetMinor = 2_035_99 },
		"offer":              func(c *p.Campaign) { c.Offer.FeeMinor, c.Offer.CommissionBPS, c.Offer.Gift = nil, 0, nil },
	} {
		c := campaign()
		change(&c)
		terms, err := p.OfferFor(c, p.Micro)
		e, ok := err.(*p.Error)
		if !ok || e.Code != p.Invalid || e.Field != field {
			t.Errorf("without %s: %+v, %v", field, terms, err)
		}
	}
	c := campaign()
	c.BudgetMinor = 0
	if _, err := p.OfferFor(c, p.Nano); err == nil {
		t.Error("an offer without a budget")
	}
}

func TestTermsAreFrozen(t *testing.T) {
	t.Parallel()
	c := campaign()
	terms, err := p.OfferFor(c, p.Nano)
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
	terms, _ := p.OfferFor(campaign(), p.Nano)
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
	if diff := cmp.Diff(wantChanges, p.TermsChanges(terms, other)); diff != "" {
		t.Error(diff)
	}
	if same := p.TermsChanges(terms, terms); len(same) != 0 {
		t.Errorf("nothing changed, yet %v", same)
	}
}

func TestCommissionAloneIsDoubted(t *testing.T) {
	t.Parallel()
	c := campaign()
	c.Offer.FeeMinor = nil
	gifted, _ := p.OfferFor(c, p.Nano)
	if gifted.CommissionOnly() {
		t.Error("gift and commission are taken for commission alone")
	}
	c.Offer.Gift = nil
	if bare, _ := p.OfferFor(c, p.Nano); !bare.CommissionOnly() {
		t.Error("commission alone is not seen")
	}
}

func TestDecide(t *testing.T) {
	t.Parallel()
	limits := p.NegotiationLimits{MaxFeeUpliftBPS: 2000, Rounds: 2}
	offered, _ := p.OfferFor(campaign(), p.Nano)
	free := offered.WithFee(0)
	for _, c := range []struct {
		name   string
		limits p.NegotiationLimits
		terms  p.Terms
		fee    int64
		round  int
		want   p.Verdict
		reason string
	}{
		{"at the limit", limits, offered, 600_00, 1, p.AcceptByRule, "within the campaign's limit of $600.00"},
		{"a cent above", limits, offered, 600_01, 1, p.AskManager, "above the campaign's limit of $600.00"},
		{"the same", limits, offered, 500_00, 2, p.AcceptByRule, "not more"},
		{"less", limits, offered, 400_00, 1, p.AcceptByRule, "not more"},
		{"last round", limits, offered, 550_00, 3, p.AskManager, "last round: the campaign allows 2 rounds"},
		{"no negotiation", p.NegotiationLimits{}, offered, 501_00, 1, p.AskManager, "last round: the campaign allows no round"},
		{"a fee where none was offered", limits, free, 50_00, 1, p.AskManager, "no fee"},
		{"below zero", limits, offered, -1, 1, p.RefuseByRule, "negative"},
	} {
		got := p.Decide(c.limits, c.terms, c.fee, c.round)
		if got.Verdict != c.want || !strings.Contains(got.Reason, c.reason) {
			t.Errorf("%s: %s, %q", c.name, got.Verdict, got.Reason)
		}
	}
}

func TestRulesNeverAcceptMoreThanTheLimit(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		limits := p.NegotiationLimits{MaxFeeUpliftBPS: rapid.IntRange(0, 10_000).Draw(t, "uplift"), Rounds: rapid.IntRange(0, 3).Draw(t, "rounds")}
		fee := rapid.Int64Range(0, 1_000_000).Draw(t, "fee")
		counter, round := rapid.Int64Range(-10, 3_000_000).Draw(t, "counter"), rapid.IntRange(1, 5).Draw(t, "round")
		got := p.Decide(limits, p.Terms{Currency: "USD", FeeMinor: fee}, counter, round)
		if got.Verdict == p.AcceptByRule && (round > limits.Rounds || 10_000*(counter-fee) > fee*int64(limits.MaxFeeUpliftBPS)+5_000) {
			t.Fatalf("%d for %d in round %d is accepted: %s", counter, fee, round, got.Reason)
		}
		if got.Reason == "" {
			t.Fatal("no reason")
		}
	})
}
