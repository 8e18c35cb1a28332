package timeline_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/rapport-dev/rapport/partnership"
	"github.com/rapport-dev/rapport/partnership/timeline"
	"github.com/rapport-dev/rapport/partnership/zones"
)

func rungs(t testing.TB, ladder []timeline.CheckIn) []string {
	loc, err := zones.Load(berlin)
	if err != nil {
		t.Fatal(err)
	}
	var out []string
	for _, r := range ladder {
		out = append(out, fmt.Sprintf("%s %s %s", r.At.In(loc).Format("02 Jan 15:04"), r.Action, r.Step))
	}
	return out
}

func TestLadder(t *testing.T) {
	t.Parallel()
	c := daily(berlin)
	for _, test := range []struct {
		name, from, due string
		tier            partnership.Tier
		want            []string
	}{
		{"ten days, nano", "2026-06-01 10:00", "2026-06-11 10:00", partnership.Nano, []string{
			"06 Jun 10:00 mail nudge", "10 Jun 10:00 mail day_before", "11 Jun 10:00 mail due", "12 Jun 10:00 mail check_in",
			"14 Jun 10:00 escalate escalate", "16 Jun 10:00 ghost ghost",
		}},
		{"ten days, micro", "2026-06-01 10:00", "2026-06-11 10:00", partnership.Micro, []string{
			"06 Jun 10:00 mail nudge", "10 Jun 10:00 mail day_before", "11 Jun 10:00 mail due", "12 Jun 10:00 mail check_in",
			"15 Jun 10:00 escalate escalate", "18 Jun 10:00 ghost ghost",
		}},
		{"three days: the nudge collides", "2026-06-01 10:00", "2026-06-04 10:00", partnership.Nano, []string{
			"03 Jun 10:00 mail day_before", "04 Jun 10:00 mail due", "05 Jun 10:00 mail check_in", "07 Jun 10:00 escalate escalate", "09 Jun 10:00 ghost ghost",
		}},
		{"one day: the request was the day before", "2026-06-01 10:00", "2026-06-02 10:00", partnership.Nano, []string{
			"02 Jun 10:00 mail due", "03 Jun 10:00 mail check_in", "05 Jun 10:00 escalate escalate", "07 Jun 10:00 ghost ghost",
		}},
		{"half a day: the request itself is today's mail", "2026-06-01 10:00", "2026-06-01 22:00", partnership.Nano, []string{
			"02 Jun 22:00 mail check_in", "04 Jun 22:00 escalate escalate", "06 Jun 22:00 ghost ghost",
		}},
		{"due before it was asked for", "2026-06-10 10:00", "2026-06-01 10:00", partnership.Nano, []string{
			"11 Jun 10:00 mail check_in", "13 Jun 10:00 escalate escalate", "15 Jun 10:00 ghost ghost",
		}},
	} {
		got := rungs(t, timeline.Ladder(c, test.tier, in(t, berlin, test.from), in(t, berlin, test.due)))
		if diff := cmp.Diff(test.want, got); diff != "" {
			t.Errorf("%s: %s", test.name, diff)
		}
	}
}

func TestOfferLadder(t *testing.T) {
	t.Parallel()
	c := daily(berlin)
	for _, test := range []struct {
		from, due string
		want      []string
	}{
		{"2026-06-01 10:00", "2026-06-10 10:00", []string{"04 Jun 10:00 mail nudge", "07 Jun 10:00 mail second_nudge", "10 Jun 10:00 expire expire"}},
		{"2026-06-01 10:00", "2026-06-03 10:00", []string{"02 Jun 18:00 mail second_nudge", "03 Jun 10:00 expire expire"}},
		{"2026-06-01 10:00", "2026-06-01 20:00", []string{"01 Jun 20:00 expire expire"}},
		{"2026-06-02 10:00", "2026-06-01 10:00", []string{"02 Jun 10:00 expire expire"}},
	} {
		if diff := cmp.Diff(test.want, rungs(t, timeline.OfferLadder(c, in(t, berlin, test.from), in(t, berlin, test.due)))); diff != "" {
			t.Errorf("from %s to %s: %s", test.from, test.due, diff)
		}
	}
}

func TestLaddersAskAtMostOnceADay(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		c, tier := drawCalendar(t), rapid.SampledFrom(tiers).Draw(t, "tier")
		from := drawTime(t, "from")
		due := c.Add(from, rapid.Float64Range(-3, 40).Draw(t, "days"))
		for name, ladder := range map[string][]timeline.CheckIn{"ladder": timeline.Ladder(c, tier, from, due), "offer": timeline.OfferLadder(c, from, due)} {
			at, mail, steps := from, from, map[string]bool{}
			for i, r := range ladder {
				if !r.At.After(at) && !(r.At.Equal(at) && i == 0) {
					t.Fatalf("%s: %s at %s is not after %s", name, r.Step, r.At, at)
				}
				if steps[r.Step] {
					t.Fatalf("%s: two steps are called %s", name, r.Step)
				}
				steps[r.Step] = true
				if r.Action == timeline.SendMail {
					// A day less the hour that a clock change may take.
					if gap := r.At.Sub(mail); c.Real() && gap < 23*time.Hour-time.Hour || !c.Real() && gap < c.Day-time.Microsecond {
						t.Fatalf("%s: %s comes %s after the mail before", name, r.Step, gap)
					}
					mail = r.At
				}
				at = r.At
			}
			if last := ladder[len(ladder)-1].Action; last != timeline.Ghost && last != timeline.Expire {
				t.Fatalf("%s ends with %s", name, last)
			}
		}
	})
}
