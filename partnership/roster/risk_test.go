package roster_test

import (
	"math"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/rapport-dev/rapport/partnership"
	"github.com/rapport-dev/rapport/partnership/roster"
)

func TestRiskSaysWhy(t *testing.T) {
	t.Parallel()
	score, parts := roster.Risk(roster.RiskFacts{
		Tier: partnership.Nano, AskedDays: 9, SilentDays: 9, UsualDays: 6.04, Answers: 4, Unanswered: 2, LateBefore: 1, Unclicked: 1, HeldDays: 12,
	})
	want := []roster.RiskPart{
		{Name: "silence", Words: "silent for 9 days, asked 9 days ago; usually answers within 6 days (4 answers so far)", Weight: 0.5, Adds: 0.296},
		{Name: "soft_dates", Words: "2 reminders without an answer, 1 date met late before", Weight: 0.2, Adds: 0.15},
		{Name: "held", Words: "the content clock has run for 12 days", Weight: 0.15, Adds: 0.086},
		{Name: "unclicked", Words: "1 mail opened and none clicked", Weight: 0.1, Adds: 0.033},
		{Name: "tier", Words: "nano creators have day jobs and go quiet most often", Weight: 0.05, Adds: 0.05},
	}
	if diff := cmp.Diff(want, parts); diff != "" {
		t.Error(diff)
	}
	if score != 0.615 {
		t.Errorf("score is %g", score)
	}
}

func TestRiskOfTheExtremes(t *testing.T) {
	t.Parallel()
	if score, _ := roster.Risk(roster.RiskFacts{Tier: partnership.AboveMicro, UsualDays: 10, AskedDays: 9, SilentDays: 9}); score != 0 {
		t.Errorf("a creator who has time left has a risk of %g", score)
	}
	worked := roster.RiskFacts{Tier: partnership.AboveMicro, UsualDays: 6, AskedDays: 20, SilentDays: 1}
	if score, _ := roster.Risk(worked); score != 0.1 {
		t.Errorf("who is late and was heard of yesterday has a risk of %g", score)
	}
	gone := roster.RiskFacts{Tier: partnership.Nano, UsualDays: 10, AskedDays: 15, SilentDays: 15, Unanswered: 4, Unclicked: 3, HeldDays: 21}
	if score, _ := roster.Risk(gone); score != 1 {
		t.Errorf("a creator who is given up has a risk of %g", score)
	}
}

func drawRiskFacts(t *rapid.T) roster.RiskFacts {
	return roster.RiskFacts{
		Tier:      rapid.SampledFrom([]partnership.Tier{partnership.Nano, partnership.Micro, partnership.AboveMicro, ""}).Draw(t, "tier"),
		AskedDays: rapid.Float64().Draw(t, "asked"), SilentDays: rapid.Float64().Draw(t, "silent"), UsualDays: rapid.Float64().Draw(t, "usual"), Answers: rapid.Int().Draw(t, "answers"),
		Unanswered: rapid.IntRange(-5, 50).Draw(t, "unanswered"), LateBefore: rapid.IntRange(-5, 50).Draw(t, "late"),
		Unclicked: rapid.IntRange(-5, 50).Draw(t, "unclicked"), HeldDays: rapid.Float64().Draw(t, "held"),
	}
}

func TestRiskIsBoundedAndItsPartsExplainIt(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		f := drawRiskFacts(t)
		score, parts := roster.Risk(f)
		again, same := roster.Risk(f)
		if score != again || !cmp.Equal(parts, same) {
			t.Fatal("the same history gives another score")
		}
		sum, weights := 0.0, 0.0
		for _, p := range parts {
			if p.Words == "" && p.Name != "tier" || p.Adds < 0 || p.Adds > p.Weight {
				t.Fatalf("part %+v", p)
			}
			sum, weights = sum+p.Adds, weights+p.Weight
		}
		if math.Abs(sum-score) > 1e-9 || math.Abs(weights-1) > 1e-9 || score < 0 || score > 1 || math.IsNaN(score) {
			t.Fatalf("score %g, parts sum to %g of %g", score, sum, weights)
		}
	})
}

func TestRiskNeverFallsWithSilenceOrReasons(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		f := drawRiskFacts(t)
		worse := f
		worse.SilentDays += rapid.Float64Range(0, 1000).Draw(t, "more silence")
		worse.AskedDays += rapid.Float64Range(0, 1000).Draw(t, "asked longer ago")
		worse.Unanswered += rapid.IntRange(0, 3).Draw(t, "more reminders")
		worse.LateBefore += rapid.IntRange(0, 3).Draw(t, "more late dates")
		worse.Unclicked += rapid.IntRange(0, 3).Draw(t, "more opened")
		worse.HeldDays += rapid.Float64Range(0, 100).Draw(t, "held longer")
		before, _ := roster.Risk(f)
		if after, _ := roster.Risk(worse); after < before {
			t.Fatalf("%+v has %g, %+v has %g", f, before, worse, after)
		}
		slow := f
		slow.UsualDays += rapid.Float64Range(0, 100).Draw(t, "slower by habit")
		if after, _ := roster.Risk(slow); after > before {
			t.Fatalf("who is usually slower has %g instead of %g", after, before)
		}
	})
}

func TestReliability(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name  string
		r     roster.Record
		score float64
		known bool
		parts int
	}{
		{"nothing is known", roster.Record{}, 0, false, 0},
		{"nothing but others' days", roster.Record{OthersDays: 9}, 0, false, 0},
		{"all kept", roster.Record{Completed: 2, DatesKept: 8}, 1, true, 3},
		{"under way, all kept", roster.Record{DatesKept: 2}, 1, true, 2},
		{"went quiet once of two", roster.Record{Completed: 1, WentQuiet: 1, DatesKept: 6, DatesLate: 2, OwnDays: 5}, 0.575, true, 3},
		{"only went quiet", roster.Record{WentQuiet: 1, DatesLate: 1, OwnDays: 9}, 0, true, 3},
	} {
		score, known, parts := roster.Reliability(c.r)
		if score != c.score || known != c.known || len(parts) != c.parts {
			t.Errorf("%s: %g, %v, %+v", c.name, score, known, parts)
		}
	}
}

func TestDaysOfOthersNeverCount(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		n := func(name string) int { return rapid.IntRange(0, 20).Draw(t, name) }
		r := roster.Record{Completed: n("completed"), WentQuiet: n("quiet"), DatesKept: n("kept"), DatesLate: n("late"), OwnDays: float64(n("own"))}
		score, known, _ := roster.Reliability(r)
		if score < 0 || score > 1 {
			t.Fatalf("score %g", score)
		}
		excused := r
		excused.OthersDays = float64(n("others"))
		if other, _, _ := roster.Reliability(excused); other != score {
			t.Fatalf("days of others change %g into %g", score, other)
		}
		worse := r
		worse.OwnDays += float64(n("more"))
		if other, _, _ := roster.Reliability(worse); known && other > score {
			t.Fatalf("more own days raise %g to %g", score, other)
		}
	})
}
