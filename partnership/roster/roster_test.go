package roster_test

import (
	"fmt"
	"math/rand"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/rapport-dev/rapport/partnership"
	"github.com/rapport-dev/rapport/partnership/roster"
)

func creator(handle string, followers int, engagement float64, niche string) partnership.Creator {
	return partnership.Creator{ID: partnership.CreatorID(handle), Handle: handle, Email: handle + "@mail.example", Followers: followers, EngagementRate: engagement, Niche: niche}
}

var selection = partnership.Selection{
	Target: 4, Standby: 2, Tiers: []partnership.Tier{partnership.Nano, partnership.Micro}, MinEngagement: 1, Niches: []string{"fragrance", "home"},
}

func codes(reasons []roster.Reason) (out []string) {
	for _, r := range reasons {
		out = append(out, r.Code)
	}
	return out
}

func TestVet(t *testing.T) {
	t.Parallel()
	nobody := creator("d", 12_000, 4, "home")
	nobody.Email = ""
	for _, c := range []struct {
		creator partnership.Creator
		want    []string
		passes  bool
	}{
		{creator("a", 12_000, 4, "home"), nil, true},
		{creator("b", 12_000, 4, "HOME"), nil, true},
		{creator("c", 75_001, 4, "home"), []string{"tier"}, false},
		{nobody, []string{"email"}, false},
		{creator("e", 12_000, 0.9, "home"), []string{"engagement", "engagement_low"}, false},
		{creator("f", 12_000, 1.5, "home"), []string{"engagement_low"}, true},   // nano: from 1.7
		{creator("g", 20_000, 1.22, "home"), nil, true},                         // micro: from 1.22, both ends in
		{creator("h", 20_000, 13.1, "home"), []string{"engagement_high"}, true}, // odd, so a warning
		{creator("i", 20_000, 4, "cars"), []string{"niche"}, false},
		{creator("j", 90_000, 0.5, "cars"), []string{"tier", "engagement", "niche"}, false},
	} {
		got := roster.Vet(c.creator, selection)
		if diff := cmp.Diff(c.want, codes(got)); diff != "" || roster.Passes(got) != c.passes {
			t.Errorf("%s: passes %v\n%s", c.creator.Handle, roster.Passes(got), diff)
		}
		for _, r := range got {
			if strings.Contains(r.Message, "@") {
				t.Errorf("personal data in %q", r.Message)
			}
		}
	}
	if got := roster.Vet(creator("k", 500_000, 1, "cars"), partnership.Selection{}); !roster.Passes(got) {
		t.Errorf("a selection without filters refuses: %v", got)
	}
}

func TestEngagedInTheNicheBeatsManyPassive(t *testing.T) {
	t.Parallel()
	engaged, passive := creator("engaged", 18_000, 6, "fragrance"), creator("passive", 60_000, 1.3, "home")
	engaged.AudienceMatch, passive.AudienceMatch = 80, 15
	got := roster.Rank([]partnership.Creator{passive, engaged}, selection)
	if got[0].Creator.Handle != "engaged" {
		t.Errorf("60,000 passive followers rank before 18,000 engaged: %d and %d points", got[0].Score, got[1].Score)
	}
}

func TestSourcesRankInTheGuidesOrder(t *testing.T) {
	t.Parallel()
	var in []partnership.Creator
	for _, source := range []string{"", "search", "referral", "inbound", "organic_mention", "customer"} {
		c := creator("from_"+source, 12_000, 4, "home")
		c.Source = source
		in = append(in, c)
	}
	var got []string
	for _, r := range roster.Rank(in, selection) {
		got = append(got, r.Creator.Source)
	}
	if want := []string{"customer", "organic_mention", "inbound", "referral", "search", ""}; !slices.Equal(got, want) {
		t.Errorf("order %q, want %q", got, want)
	}
}

func TestArmsGetTheirShareAndStandbyFollows(t *testing.T) {
	t.Parallel()
	s := selection
	s.Arms = []partnership.Arm{{Niche: "fragrance", Share: 50}, {Niche: "home", Share: 50}}
	var in []partnership.Creator
	for i := range 6 {
		in = append(in, creator(fmt.Sprintf("f%d", i), 12_000, 9-float64(i)/10, "fragrance"))
	}
	in = append(in, creator("h0", 12_000, 3, "home"))
	var got []string
	for _, r := range roster.Rank(in, s) {
		got = append(got, fmt.Sprintf("%d %s %s %s", r.Rank, r.Creator.Handle, r.Place, r.Arm))
	}
	// Home has two slots and one creator: the second goes to the best of the rest.
	want := []string{"1 f0 slot fragrance", "2 f1 slot fragrance", "3 f2 slot fragrance", "4 f3 standby fragrance", "5 f4 standby fragrance", "6 f5 spare fragrance", "7 h0 slot home"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

func TestRankIsTheSameInAnyOrder(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		var in []partnership.Creator
		for i := range rapid.IntRange(0, 25).Draw(t, "creators") {
			c := creator(fmt.Sprintf("c%02d", i), rapid.IntRange(0, 80_000).Draw(t, "followers"), float64(rapid.IntRange(0, 140).Draw(t, "engagement"))/10, rapid.SampledFrom([]string{"home", "fragrance", "cars"}).Draw(t, "niche"))
			c.Source = rapid.SampledFrom([]string{"", "customer", "search"}).Draw(t, "source")
			in = append(in, c)
		}
		s := selection
		s.Target, s.Standby = rapid.IntRange(0, 30).Draw(t, "target"), rapid.IntRange(0, 10).Draw(t, "standby")
		if rapid.Bool().Draw(t, "arms") {
			s.Arms = []partnership.Arm{{Niche: "home", Share: 70}, {Niche: "fragrance", Share: 30}}
		}
		got := roster.Rank(in, s)
		rand.New(rand.NewSource(3)).Shuffle(len(in), func(a, b int) { in[a], in[b] = in[b], in[a] })
		if diff := cmp.Diff(got, roster.Rank(in, s)); diff != "" {
			t.Fatal(diff)
		}
		count := map[roster.Place]int{}
		for i, r := range got {
			count[r.Place]++
			if r.Rank != i+1 || r.Score < 0 || r.Score > 10_000 {
				t.Fatalf("%+v at %d", r, i)
			}
		}
		if slots := min(s.Target, len(got)); count[roster.Slot] != slots || count[roster.Standby] != min(s.Standby, len(got)-slots) {
			t.Fatalf("%v of %d for %d and %d", count, len(got), s.Target, s.Standby)
		}
	})
}

func TestRateWarnings(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		tier     partnership.Tier
		fee      int64
		currency string
		want     string // part of the warning, "" none
	}{
		{partnership.Nano, 500_00, "USD", ""},
		{partnership.Nano, 2_000_00, "USD", ""},
		{partnership.Nano, 499_99, "USD", "below the usual $500.00 to $2,000.00"},
		{partnership.Nano, 2_000_01, "USD", "above"},
		{partnership.Micro, 2_000_00, "USD", ""},
		{partnership.Micro, 8_000_00, "USD", ""},
		{partnership.Micro, 1_999_99, "USD", "below the usual $2,000.00 to $8,000.00"},
		{partnership.Micro, 8_000_01, "USD", "above"},
		{partnership.AboveMicro, 1, "USD", ""},
		{partnership.Nano, 1, "EUR", ""},
		{partnership.Nano, 0, "USD", ""},
	} {
		got := strings.Join(roster.RateWarnings(c.tier, c.fee, c.currency), "; ")
		if (c.want == "") != (got == "") || !strings.Contains(got, c.want) {
			t.Errorf("%s %d %s: %q, want %q", c.tier, c.fee, c.currency, got, c.want)
		}
	}
}
