package intake_test

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"
	_ "time/tzdata"

	"github.com/google/go-cmp/cmp"

	"github.com/rapport-dev/rapport/intake"
	"github.com/rapport-dev/rapport/partnership"
	"github.com/rapport-dev/rapport/partnership/roster"
	"github.com/rapport-dev/rapport/partnership/timeline"
)

var now = time.Date(2026, 11, 3, 15, 30, 0, 0, time.UTC) // a Tuesday morning in New York

const realDay = 24 * time.Hour

func lines(faults []intake.Fault) string {
	var b strings.Builder
	for _, f := range faults {
		b.WriteString(f.String() + "\n")
	}
	return b.String()
}

func example(t testing.TB, path ...string) []byte {
	t.Helper()
	data, err := os.ReadFile(filepath.Join(append([]string{"..", "examples"}, path...)...))
	if err != nil {
		t.Fatal(err)
	}
	return data
}

func TestSixFaultsAreSixLines(t *testing.T) {
	t.Parallel()
	data, err := os.ReadFile("testdata/six-faults.yaml")
	if err != nil {
		t.Fatal(err)
	}
	want, err := os.ReadFile("testdata/six-faults.golden")
	if err != nil {
		t.Fatal(err)
	}
	_, faults, warnings := intake.ParseCampaign("campaign.yaml", data, now, realDay, alone)
	if diff := cmp.Diff(string(want), lines(faults)); diff != "" || len(faults) != 6 {
		t.Errorf("%d faults\n%s\n%s", len(faults), diff, lines(faults))
	}
	if len(warnings) != 0 {
		t.Errorf("doubts about a file that cannot be used: %v", warnings)
	}
}

func TestTheExamplesAreRight(t *testing.T) {
	t.Parallel()
	listed := map[string]int{"hybrid": 24, "gift-then-commission": 24, "japan": 7, "germany": 7, "kuwait": 7}
	for dir, fits := range map[string]int{"hybrid": 22, "gift-then-commission": 22, "japan": 7, "germany": 7, "kuwait": 7} {
		c, faults, warnings := intake.ParseCampaign("campaign.yaml", example(t, dir, "campaign.yaml"), now, realDay, alone)
		if len(faults)+len(warnings) > 0 {
			t.Errorf("%s: %s%v", dir, lines(faults), warnings)
		}
		creators, faults, _ := intake.ParseCreators("creators.csv", strings.NewReader(string(example(t, dir, "creators.csv"))))
		if len(faults) > 0 || len(creators) != listed[dir] {
			t.Errorf("%s: %d creators\n%s", dir, len(creators), lines(faults))
		}
		ranked := roster.Rank(creators, c.Selection)
		if len(ranked) != fits {
			t.Errorf("%s: %d creators pass, want %d", dir, len(ranked), fits)
		}
		var cost int64
		for _, r := range ranked {
			if r.Place != roster.Slot {
				continue
			}
			terms, err := partnership.OfferFor(c, partnership.TierOf(r.Creator.Followers))
			if err != nil {
				t.Fatal(err)
			}
			cost += terms.CostMinor()
		}
		if cost > c.BudgetMinor {
			t.Errorf("%s: the slots commit %d of %d", dir, cost, c.BudgetMinor)
		}
	}
}

func TestTheExamplesStayLaunchable(t *testing.T) {
	t.Parallel()
	for _, dir := range []string{"hybrid", "gift-then-commission", "japan", "germany", "kuwait"} {
		data := example(t, dir, "campaign.yaml")
		for day := range 130 {
			launch := now.AddDate(0, 0, 3*day) // a year, all weekdays
			for _, length := range []time.Duration{realDay, 2 * time.Second} {
				if _, faults, warnings := intake.ParseCampaign("campaign.yaml", data, launch, length, alone); len(faults)+len(warnings) > 0 {
					t.Fatalf("%s launched on %s with days of %s: %s%v", dir, launch, length, lines(faults), warnings)
				}
			}
		}
	}
}

func TestTheHybridExampleIsReadWhole(t *testing.T) {
	t.Parallel()
	c, _, _ := intake.ParseCampaign("campaign.yaml", example(t, "hybrid", "campaign.yaml"), now, realDay, alone)
	want := partnership.Campaign{
		Name: "Dreams Sunset", Program: "dreams", Round: 1, Currency: "USD", Timezone: "America/New_York", BudgetMinor: 36_000_00,
		Brand: partnership.Brand{Name: "Acme Scents", PostalAddress: "1 Main St, Austin TX 78701, US", ReplyTo: "partners@acme.example"},
		Brief: partnership.Brief{
			Goal:             "Show how the Sunset candle fits into an evening that is really yours.",
			Values:           []string{"slow evenings", "honest ingredients", "refill instead of rebuy"},
			Objectives:       []string{"people learn what a soy wax candle is", "people try the sampler"},
			VisualGuidelines: "Warm evening light, lived-in rooms. Unpolished is welcome.",
			NonNegotiables:   []string{"No health claims, for example about sleep or stress.", "A burning candle is never left alone or near a child."},
			Disclosure:       "#ad",
		},
		Selection: partnership.Selection{
			Target: 16, Standby: 6, Tiers: []partnership.Tier{partnership.Nano, partnership.Micro}, MinEngagement: 1.2,
			Niches: []string{"fragrance", "home", "wellness", "sustainability", "finance", "bricks"},
			Arms:   []partnership.Arm{{Niche: "fragrance", Share: 40}, {Niche: "home", Share: 35}, {Niche: "wellness", Share: 25}},
		},
		Offer: partnership.Offer{
			FeeMinor:      map[partnership.Tier]int64{partnership.Nano: 500_00, partnership.Micro: 2_000_00},
			CommissionBPS: 1000, DiscountBPS: 1500,
			Gift:         &partnership.Gift{SKU: "SAMPLER-12", Name: "Sunset sampler", ValueMinor: 36_00, WeightOz: 40, Carrier: "easypost"},
			UsageRights:  partnership.UsageRights{Channels: []string{"paid_social", "email"}, Days: 180, Paid: true},
			Deliverables: []partnership.Deliverable{{Kind: "instagram_reel", Count: 1}},
			Negotiation:  partnership.NegotiationLimits{MaxFeeUpliftBPS: 2000, Rounds: 2},
		},
		Schedule: partnership.Schedule{
			// 19 November and 18 December: the last day belongs to the window.
			PublishFrom: time.Date(2026, 11, 19, 5, 0, 0, 0, time.UTC), PublishTo: time.Date(2026, 12, 18, 5, 0, 0, 0, time.UTC),
			OutreachDays: 6, SignDays: 4, ProduceDays: 8, ReviewDays: 3, BufferDays: 4, WindowDays: 30,
		},
		Payout:      partnership.PayoutPolicy{HoldDays: 30, MinimumMinor: 25_00, Provider: "stripe", ApproveAboveMinor: 5_000_00, Gates: []partnership.Gate{partnership.GateTaxForm}},
		Destination: "https://shop.example/products/sampler",
	}
	if diff := cmp.Diff(want, c); diff != "" {
		t.Error(diff)
	}
}

// minimal is the least that a campaign needs.
const minimal = `version: 1
name: Least
program: dreams
brand: {name: Acme, postal_address: "1 Main St", reply_to: p@acme.example}
currency: USD
timezone: America/New_York
budget: "100.00"
brief: {goal: Try it, disclosure: "#ad"}
selection: {target: 1, tiers: [nano]}
offer:
  commission_percent: "10"
  usage_rights: {channels: [email], days: 30}
  deliverables: [{kind: tiktok_video, count: 1}]
timeline: {publish_from: 2026-12-01, publish_to: 2026-12-20}
destination: https://shop.example/p
`

func TestDefaults(t *testing.T) {
	t.Parallel()
	c, faults, _ := intake.ParseCampaign("c.yaml", []byte(minimal), now, realDay, alone)
	if len(faults) > 0 {
		t.Fatal(lines(faults))
	}
	want := partnership.Schedule{
		PublishFrom: time.Date(2026, 12, 1, 5, 0, 0, 0, time.UTC), PublishTo: time.Date(2026, 12, 21, 5, 0, 0, 0, time.UTC),
		OutreachDays: 10, SignDays: 5, ProduceDays: 10, ReviewDays: 3, BufferDays: 4, WindowDays: 30,
	}
	if diff := cmp.Diff(want, c.Schedule); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff(partnership.PayoutPolicy{HoldDays: 30, MinimumMinor: 25_00, Provider: "stripe"}, c.Payout); diff != "" {
		t.Error(diff)
	}
}

func TestPublishDates(t *testing.T) {
	t.Parallel()
	const second = time.Second
	for _, c := range []struct {
		from, to string
		day      time.Duration
		wantFrom time.Time
		wantTo   time.Time
	}{
		{`"+18"`, `"+40"`, realDay, time.Date(2026, 11, 21, 5, 0, 0, 0, time.UTC), time.Date(2026, 12, 14, 5, 0, 0, 0, time.UTC)},
		{`+18`, `+40d`, realDay, time.Date(2026, 11, 21, 5, 0, 0, 0, time.UTC), time.Date(2026, 12, 14, 5, 0, 0, 0, time.UTC)},
		{`2026-11-03`, `2026-11-03`, realDay, time.Date(2026, 11, 3, 5, 0, 0, 0, time.UTC), time.Date(2026, 11, 4, 5, 0, 0, 0, time.UTC)},
		{`2026-11-13`, `2026-11-23`, 2 * second, now.Add(20 * second), now.Add(42 * second)}, // 10 and 20 campaign days after today
		{`"+10"`, `"+20d"`, 2 * second, now.Add(20 * second), now.Add(42 * second)},
	} {
		text := strings.Replace(minimal, "publish_from: 2026-12-01, publish_to: 2026-12-20", "publish_from: "+c.from+", publish_to: "+c.to, 1)
		got, faults, _ := intake.ParseCampaign("c.yaml", []byte(text), now, c.day, alone)
		if len(faults) > 0 || !got.Schedule.PublishFrom.Equal(c.wantFrom) || !got.Schedule.PublishTo.Equal(c.wantTo) {
			t.Errorf("%s to %s at %s: %s to %s\n%s", c.from, c.to, c.day, got.Schedule.PublishFrom, got.Schedule.PublishTo, lines(faults))
		}
	}
}

func TestFaults(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ old, new, want string }{
		{"version: 1", "version: 2", `c.yaml:1: version: "2" is not allowed; a whole number from 1 to 1 is wanted`},
		{"name: Least", "name: ''", "c.yaml:2: name: missing; what people call the campaign"},
		{"name: Least\n", "", "c.yaml:1: name: missing; what people call the campaign"},
		{"program: dreams", "program: My Dreams", `c.yaml:3: program: "My Dreams" is not allowed; a short name of a-z, 0-9 and hyphens; campaigns of one program share payouts`},
		{"program: dreams", "program: dreams\nprogram: again", "c.yaml:4: program: given twice"},
		{`postal_address: "1 Main St", `, "", "c.yaml:4: brand.postal_address: missing; it stands under every mail (CAN-SPAM)"},
		{"p@acme.example", "nowhere", `c.yaml:4: brand.reply_to: "nowhere" is not an email address such as partners@acme.example`},
		{"currency: USD", "currency: usd", `c.yaml:5: currency: "usd" is not an ISO 4217 code such as USD, in capitals (did you mean "USD"?)`},
		{"America/New_York", "New York", `c.yaml:6: timezone: "New York" is not an IANA time zone such as America/New_York`},
		{`"100.00"`, "100.00", `c.yaml:7: budget: 100.00 is not allowed; an amount in quotes such as "36.00" is wanted`},
		{`"100.00"`, `"-1.00"`, `c.yaml:7: budget: "-1.00" is negative; zero or more is wanted`},
		{`"100.00"`, `"0.00"`, "c.yaml:7: budget: must be above zero; an offer cannot be made without a budget"},
		{"goal: Try it, ", "", "c.yaml:8: brief.goal: missing; what the campaign is for, in a sentence or two"},
		{`disclosure: "#ad"`, "disclosure: #ad", ""}, // an unquoted # is a comment: whatever is said, it is a fault
		{"program: dreams", "program: dreams\npayout: {gates: [passport]}", `c.yaml:4: payout.gates: "passport" is not allowed; what has to be so before money moves: tax_form, vat_id, invoice or sanctions`},
		{"program: dreams", "program: dreams\npayout: {gates: [invoice]}", `c.yaml:4: payout.gates: invoice is asked and the file has no self_billing: say there who the brand is on the invoices that it writes`},
		{"program: dreams", "program: dreams\npayout: {self_billing: {name: Acme GmbH}}", `c.yaml:4: payout.self_billing.address: missing; its postal address, with the country`},
		{"program: dreams", "program: dreams\npayout: {tax_form_url: here}", `c.yaml:4: payout.tax_form_url: "here" is not allowed; the https page of the vendor who collects tax forms`},
		{"target: 1,", "target: many,", `c.yaml:9: selection.target: "many" is not allowed; a whole number from 1 to 100000 is wanted`},
		{"tiers: [nano]", "tiers: [nanno]", `c.yaml:9: selection.tiers[0]: "nanno" is no tier (did you mean "nano"?); allowed: nano, micro, above_micro`},
		{"tiers: [nano]", "tiers: nano", `c.yaml:9: selection.tiers: must be a list: nano, micro, above_micro`},
		{"tiers: [nano]", "tiers: [nano], min_engagement: high", `c.yaml:9: selection.min_engagement: "high" is not allowed; a number from 0 to 100 without quotes is wanted`},
		{"tiers: [nano]", "tiers: [nano], niches: [a, b], arms: [{niche: a, share: 50}, {niche: b, share: 40}]", "c.yaml:9: selection.arms: the shares make up 90; they must make up 100"},
		{"tiers: [nano]", "tiers: [nano], niches: [home], arms: [{niche: hom, share: 100}]", `c.yaml:9: selection.arms[0].niche: "hom" is not in selection.niches (did you mean "home"?)`},
		{`  commission_percent: "10"`, "  gift: {sku: S, name: Sampler, value: \"36.00\", weight_oz: 4}\n  commission_cap: \"50.00\"", `c.yaml:12: offer.commission_cap: limits a commission, and there is no commission_percent`},
		{`  commission_percent: "10"`, "  commission_percent: \"10\"\n  bonuses: [{when: sale, at: 20, amount: \"5.00\"}]", `c.yaml:12: offer.bonuses[0].when: "sale" is not allowed; sales or revenue`},
		{`  commission_percent: "10"`, "  commission_percent: \"10\"\n  bonuses: [{when: sales, at: \"20.00\", amount: \"5.00\"}]", `c.yaml:12: offer.bonuses[0].at: "20.00" is not allowed; a whole number from 1 to 1000000 is wanted`},
		{`  commission_percent: "10"`, "  commission_percent: \"10\"\n  bonuses: [{when: revenue, at: \"20.00\", amount: \"-5.00\"}]", `c.yaml:12: offer.bonuses[0].amount: "-5.00" is negative; zero or more is wanted`},
		{`  commission_percent: "10"`, "  commission_percent: \"10\"\n  bonuses: [{when: revenue, at: \"0.00\", amount: \"5.00\"}]", `c.yaml:12: offer.bonuses[0].at: must be above zero`},
		{`  commission_percent: "10"`, "  commission_percent: \"10\"\n  bonuses: [{when: sales, at: 5, amount: \"5.00\"}, {when: sales, at: 5, amount: \"6.00\"}]", `c.yaml:12: offer.bonuses[1].at: there is a bonus for that already, bonuses[0]`},
		{`  commission_percent: "10"`, "  commission_percent: \"10\"\n  bonuses: [{when: sales, at: 5, amount: \"5.00\"}, {when: sales, at: 4, amount: \"6.00\"}]", `c.yaml:12: offer.bonuses[1].at: comes after bonuses[0], which is later: list those of one kind by rising milestones`},
		{`  commission_percent: "10"`, "  commission_percent: \"10\"\n  commission_tiers: [{from: \"20.00\", percent: \"10\"}]", `c.yaml:12: offer.commission_tiers[0].percent: must be above the 10 % before it: a tier is a higher rate`},
		{`  commission_percent: "10"`, "  commission_percent: \"10\"\n  commission_tiers: [{from: \"20.00\", percent: \"12\"}, {from: \"20.00\", percent: \"15\"}]", `c.yaml:12: offer.commission_tiers[1].from: must be above the $20.00 of the tier before it`},
		{`  commission_percent: "10"`, "  fee: {nano: \"50.00\"}\n  commission_tiers: [{from: \"20.00\", percent: \"12\"}]", `c.yaml:12: offer.commission_tiers: are higher rates of a commission, and there is no commission_percent`},
		{`  commission_percent: "10"`, "  commission_percent: \"10\"\n  tier_lookback_days: 30", `c.yaml:12: offer.tier_lookback_days: says how far commission_tiers look back, and there are none`},
		{`"10"`, `"101"`, `c.yaml:11: offer.commission_percent: "101" is not allowed; at most "100"`},
		{`  commission_percent: "10"` + "\n", "  fee: {micro: \"1.00\"}\n", "c.yaml:11: offer.fee.nano: missing; selection.tiers invites this tier, so say what it is paid"},
		{`  commission_percent: "10"` + "\n", "", "c.yaml:10: offer: gives the creator nothing; add a fee, a commission_percent or a gift"},
		{`  commission_percent: "10"`, `  gift: {sku: S, name: Sampler, value: "36.00"}`, "c.yaml:11: offer.gift.weight_oz: missing; the carrier needs the weight in ounces"},
		{`  commission_percent: "10"`, `  gift: {sku: S, name: Sampler, value: "136.00", weight_oz: 4}`, "c.yaml:7: budget: one offer to tier nano commits $136.00; the whole budget is $100.00"},
		{"channels: [email], ", "", "c.yaml:12: offer.usage_rights.channels: missing; where the brand may use the content, such as paid_social"},
		{"[{kind: tiktok_video, count: 1}]", "[]", "c.yaml:13: offer.deliverables: missing; what is to be made, such as {kind: instagram_reel, count: 1}"},
		{"count: 1", "count: 0", `c.yaml:13: offer.deliverables[0].count: "0" is not allowed; a whole number from 1 to 100 is wanted`},
		{"publish_to: 2026-12-20", "publish_to: 2026-11-30", "c.yaml:14: timeline.publish_to: is before publish_from; the window needs at least one day"},
		{"publish_from: 2026-12-01, publish_to: 2026-12-20", "publish_from: 2026-10-01, publish_to: 2026-11-02", `c.yaml:14: timeline.publish_to: the date is in the past; a date from today on, or "+40" for 40 days after launch`},
		{"publish_to: 2026-12-20", "publish_to: 20.12.2026", `c.yaml:14: timeline.publish_to: "20.12.2026" is not allowed; a date such as 2026-12-01, or "+18" for 18 campaign days after launch is wanted`},
		{"publish_to: 2026-12-20", "publish_to: 2026-12-20, bufer_days: 3", `c.yaml:14: timeline.bufer_days: unknown key (did you mean "buffer_days"?); allowed: publish_from, publish_to, outreach_days, sign_days, produce_days, review_days, buffer_days, window_days, holidays`},
		{"publish_to: 2026-12-20", "publish_to: 2026-12-20, holidays: Germany", `c.yaml:14: timeline.holidays: "Germany" is not allowed; a country of two capitals out of ` + strings.Join(timeline.Countries(), ", ") + `, or none`},
		{"publish_to: 2026-12-20", "publish_to: 2026-12-20, holidays: ''", `c.yaml:14: timeline.holidays: "" is not allowed; a country of two capitals out of ` + strings.Join(timeline.Countries(), ", ") + `, or none`},
		{"brand: {name: Acme, postal_address: \"1 Main St\", reply_to: p@acme.example}\n", "", "c.yaml:1: brand: missing; a group of the keys name, postal_address, reply_to"},
		{"timeline:", "timelin:", `c.yaml:14: timelin: unknown key (did you mean "timeline"?); allowed: version, name, program, brand, currency, timezone, budget, brief, selection, offer, timeline, payout, destination, rates`},
		{"budget:", "budgt:", `c.yaml:7: budgt: unknown key (did you mean "budget"?); allowed: version, name, program, brand, currency, timezone, budget, brief, selection, offer, timeline, payout, destination, rates`},
		{"brief: {goal: Try it, disclosure: \"#ad\"}", "brief: Try it", "c.yaml:8: brief: must be a group of keys: goal, values, objectives, visual_guidelines, non_negotiables, disclosure"},
		{"https://", "ftp://", `c.yaml:15: destination: "ftp://shop.example/p" is not allowed; the https address of the product that links lead to`},
		{"destination:", "payout: {provider: cash}\ndestination:", `c.yaml:15: payout.provider: "cash" is not allowed; who pays: stripe`},
	} {
		text := strings.Replace(minimal, c.old, c.new, 1)
		_, faults, _ := intake.ParseCampaign("c.yaml", []byte(text), now, realDay, alone)
		if got := strings.TrimSuffix(lines(faults), "\n"); c.want != "" && got != c.want || len(faults) == 0 {
			t.Errorf("%q for %q:\ngot  %s\nwant %s", c.new, c.old, got, c.want)
		}
	}
}

func TestHolidays(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ zone, holidays, want, warning string }{
		{"America/New_York", "", "", ""},
		{"America/New_York", "holidays: DE", "DE", ""},
		{"America/New_York", "holidays: NO", "NO", ""}, // Norway, and no boolean
		{"America/New_York", "holidays: none", "none", ""},
		{"Asia/Kolkata", "", "", "no holidays are known for Asia/Kolkata"},
		{"Asia/Kolkata", "holidays: GB", "GB", ""},
		{"Asia/Kolkata", "holidays: none", "none", ""},
	} {
		text := strings.Replace(minimal, "America/New_York", c.zone, 1)
		text = strings.Replace(text, "publish_to: 2026-12-20", "publish_to: 2026-12-20, "+c.holidays, 1)
		got, faults, warnings := intake.ParseCampaign("c.yaml", []byte(text), now, realDay, alone)
		if len(faults) > 0 || got.Schedule.Holidays != c.want {
			t.Errorf("%s %s: read %q\n%s", c.zone, c.holidays, got.Schedule.Holidays, lines(faults))
		}
		warned := slices.IndexFunc(warnings, func(w intake.Warning) bool { return w.Field == "timezone" })
		if (warned >= 0) != (c.warning != "") || warned >= 0 && !strings.HasPrefix(warnings[warned].Message, c.warning) {
			t.Errorf("%s %s: warnings %v", c.zone, c.holidays, warnings)
		}
	}
}

func TestFilesThatAreNoCampaign(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"":                          `c.yaml:1: the file is empty; start with "version: 1"`,
		"# only a comment\n":        `c.yaml:1: the file is empty; start with "version: 1"`,
		strings.Repeat("[", 70_000): "c.yaml:1: the file holds 70000 bytes; at most 65536 are allowed",
		"just text":                 "c.yaml:1: must be a group of keys: version, name,",
		"- a\n- b\n":                "c.yaml:1: must be a group of keys: version, name,",
		minimal + "---\nname: b":    "c.yaml:17: a second document; a file holds one campaign",
		"version: 1\nname: [a, b":   "c.yaml:2: not readable as YAML",
		"version: 1\n\tname: tab":   "c.yaml:2: not readable as YAML",
	} {
		_, faults, _ := intake.ParseCampaign("c.yaml", []byte(text), now, realDay, alone)
		if got := lines(faults); len(faults) != 1 || !strings.HasPrefix(got, want) {
			t.Errorf("%q: %s", text, got)
		}
	}
}

func TestDoubts(t *testing.T) {
	t.Parallel()
	text := strings.NewReplacer(
		"target: 1,", "target: 3,",
		`  commission_percent: "10"`, `  fee: {nano: "50.00"}`,
		"goal: Try it", "goal: Post this caption with your picture",
	).Replace(minimal)
	_, faults, warnings := intake.ParseCampaign("c.yaml", []byte(text), now, realDay, alone)
	if len(faults) > 0 {
		t.Fatal(lines(faults))
	}
	for _, want := range []string{
		"c.yaml:8: brief.goal: a ready-made caption or script",
		"c.yaml:8: brief.values: missing",
		"c.yaml:11: offer.fee.nano: $50.00 is below the usual $500.00 to $2,000.00 per post for tier nano",
		"c.yaml:7: budget: covers 2 offers of the dearest tier; 3 need $150.00",
	} {
		found := false
		for _, w := range warnings {
			found = found || strings.HasPrefix(w.String(), want)
		}
		if !found {
			t.Errorf("no doubt %q in %v", want, warnings)
		}
	}
}

func FuzzParseCampaign(f *testing.F) {
	f.Add([]byte(minimal))
	f.Add(example(f, "hybrid", "campaign.yaml"))
	f.Add([]byte("version: &a 1\nname: *a\n<<: {x: y}\n"))
	f.Add([]byte("selection: {arms: [1, {niche: }], tiers: {}}\noffer: [a]\n? k\n: v\n"))
	f.Fuzz(func(t *testing.T, data []byte) {
		c, faults, _ := intake.ParseCampaign("f.yaml", data, now, realDay, alone)
		for _, fault := range faults {
			if fault.Line < 1 || fault.Message == "" {
				t.Fatalf("a fault that helps nobody: %+v", fault)
			}
		}
		if len(faults) > 0 {
			return
		}
		for _, tier := range c.Selection.Tiers {
			if _, err := partnership.OfferFor(c, tier); err != nil {
				t.Fatalf("a campaign without faults cannot make an offer: %v", err)
			}
		}
	})
}
