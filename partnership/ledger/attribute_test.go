package ledger_test

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/rapport-dev/rapport/partnership"
	"github.com/rapport-dev/rapport/partnership/ledger"
)

const day = 24 * time.Hour

// noon is when things are sold in these tests.
var noon = time.Date(2026, 11, 10, 12, 0, 0, 0, time.UTC)

// touch is one that was cleared long ago and whose post went live so long before noon.
func touch(id string, posted time.Duration) ledger.Touch {
	return ledger.Touch{
		Program: "dreams", Partnership: partnership.PartnershipID(id), ClearedAt: noon.Add(-posted - day), WindowDays: 7,
		Posts: []ledger.LivePost{{Deliverable: "reel-1", At: noon.Add(-posted)}},
	}
}

func TestAttribute(t *testing.T) {
	t.Parallel()
	a, b, late := touch("pa", day), touch("pb", day), touch("late", 7*day)
	unposted := ledger.Touch{Program: "dreams", Partnership: "unposted", ClearedAt: noon.Add(-day), WindowDays: 7}
	byDefault, lateByDefault := touch("default", 30*day-1), touch("default", 30*day)
	byDefault.WindowDays, lateByDefault.WindowDays = 0, 0
	elsewhere := a
	elsewhere.Program, elsewhere.Partnership = "other", "elsewhere"
	early, uncleared := a, a
	early.Partnership, early.ClearedAt, uncleared.ClearedAt = "early", noon.Add(1), time.Time{}
	ghosted := a
	ghosted.Partnership, ghosted.EndedAt = "ghosted", noon
	story := b
	story.Deliverable = "story-2"
	by := func(id string, why ledger.Why, code, link string) ledger.Credit {
		c := ledger.Credit{Program: "dreams", Partnership: partnership.PartnershipID(id), Why: why, Code: partnership.PartnershipID(code), Link: partnership.PartnershipID(link)}
		if id != "" {
			c.Deliverable, c.Inferred = "reel-1", true
		}
		return c
	}
	in := func(program string, c ledger.Credit) ledger.Credit { c.Program = program; return c }
	at := func(unit string, c ledger.Credit) ledger.Credit { c.Deliverable, c.Inferred = unit, false; return c }
	held := func(c ledger.Credit) ledger.Credit { c.Hold = ledger.EarlyTouch; return c }
	for _, c := range []struct {
		name string
		sale ledger.Sale
		want []ledger.Credit
	}{
		{"code and link", ledger.Sale{Codes: []ledger.Touch{a}, Link: &b}, []ledger.Credit{by("pa", ledger.ByCode, "pa", "pb")}},
		{"link alone", ledger.Sale{Link: &b}, []ledger.Credit{by("pb", ledger.ByLink, "", "pb")}},
		{"the link of a deliverable", ledger.Sale{Link: &story}, []ledger.Credit{at("story-2", by("pb", ledger.ByLink, "", "pb"))}},
		{"a code and the same creator's link of a deliverable", ledger.Sale{Codes: []ledger.Touch{b}, Link: &story}, []ledger.Credit{at("story-2", by("pb", ledger.ByCode, "pb", "pb"))}},
		{"a code and another creator's link of a deliverable", ledger.Sale{Codes: []ledger.Touch{a}, Link: &story}, []ledger.Credit{by("pa", ledger.ByCode, "pa", "pb")}},
		{"two creators' codes: the first", ledger.Sale{Codes: []ledger.Touch{b, a}}, []ledger.Credit{by("pb", ledger.ByCode, "pb", "")}},
		{"before the post", ledger.Sale{Codes: []ledger.Touch{unposted}}, []ledger.Credit{at("", by("unposted", ledger.ByCode, "unposted", ""))}},
		{"a late code leaves it to the next", ledger.Sale{Codes: []ledger.Touch{late, a}}, []ledger.Credit{by("pa", ledger.ByCode, "late", "")}},
		{"a late code leaves it to the link", ledger.Sale{Codes: []ledger.Touch{late}, Link: &b}, []ledger.Credit{by("pb", ledger.ByLink, "late", "pb")}},
		{"all late", ledger.Sale{Codes: []ledger.Touch{late}, Link: &late}, []ledger.Credit{by("", ledger.AfterWindow, "late", "late")}},
		{"the default window", ledger.Sale{Link: &byDefault}, []ledger.Credit{by("default", ledger.ByLink, "", "default")}},
		{"after the default window", ledger.Sale{Link: &lateByDefault}, []ledger.Credit{by("", ledger.AfterWindow, "", "default")}},
		{"before the clearance", ledger.Sale{Codes: []ledger.Touch{early}}, []ledger.Credit{held(by("early", ledger.ByCode, "early", ""))}},
		{"never cleared", ledger.Sale{Link: &uncleared}, []ledger.Credit{held(by("pa", ledger.ByLink, "", "pa"))}},
		{"an early code leaves it to the link", ledger.Sale{Codes: []ledger.Touch{early}, Link: &b}, []ledger.Credit{by("pb", ledger.ByLink, "early", "pb")}},
		{"ghosted, by code", ledger.Sale{Codes: []ledger.Touch{ghosted}}, []ledger.Credit{by("", ledger.AfterEnd, "ghosted", "")}},
		{"ghosted, by link", ledger.Sale{Link: &ghosted}, []ledger.Credit{by("", ledger.AfterEnd, "", "ghosted")}},
		{"ghosted, and another's link", ledger.Sale{Codes: []ledger.Touch{ghosted}, Link: &b}, []ledger.Credit{by("pb", ledger.ByLink, "ghosted", "pb")}},
		{"a gift", ledger.Sale{Gift: true, Codes: []ledger.Touch{a}}, []ledger.Credit{by("", ledger.OwnGift, "pa", "")}},
		{"nobody's", ledger.Sale{Program: "dreams"}, []ledger.Credit{by("", ledger.NoTouch, "", "")}},
		{"of no program", ledger.Sale{}, []ledger.Credit{in("", by("", ledger.NoTouch, "", ""))}},
		{"another program's code", ledger.Sale{Program: "dreams", Codes: []ledger.Touch{elsewhere}, Link: &b}, []ledger.Credit{by("pb", ledger.ByLink, "", "pb")}},
		{"the codes of two programs", ledger.Sale{Codes: []ledger.Touch{elsewhere, a}, Link: &b}, []ledger.Credit{in("other", by("elsewhere", ledger.ByCode, "elsewhere", "")), by("pa", ledger.ByCode, "pa", "pb")}},
		{"a code of one program, a link of another", ledger.Sale{Codes: []ledger.Touch{elsewhere}, Link: &b}, []ledger.Credit{in("other", by("elsewhere", ledger.ByCode, "elsewhere", "")), by("pb", ledger.ByLink, "", "pb")}},
	} {
		c.sale.At = noon
		if diff := cmp.Diff(c.want, ledger.Attribute(c.sale, day)); diff != "" {
			t.Errorf("%s: %s", c.name, diff)
		}
	}
}

// RULES, tracking: from the clearance on, to the end of the window or to an unhappy end, each taken exactly.
func TestATouchCountsFromItsClearanceToItsEnd(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		instant := func(name string) time.Time {
			return noon.Add(time.Duration(rapid.IntRange(-3, 3).Draw(t, name+" days"))*day + time.Duration(rapid.IntRange(-1, 1).Draw(t, name+" ns")))
		}
		one := ledger.Touch{Program: "dreams", Partnership: "pa", WindowDays: float64(rapid.IntRange(1, 3).Draw(t, "window"))}
		length := time.Duration(rapid.SampledFrom([]int64{int64(day), int64(10 * time.Second)}).Draw(t, "a campaign day"))
		if rapid.Bool().Draw(t, "cleared") {
			one.ClearedAt = instant("clearance")
		}
		if rapid.Bool().Draw(t, "ended") {
			one.EndedAt = instant("end")
		}
		for range rapid.IntRange(0, 2).Draw(t, "posts") {
			one.Posts = append(one.Posts, ledger.LivePost{Deliverable: "reel", At: instant("post")})
		}
		at := instant("sale")
		sale := ledger.Sale{At: at, Link: &one}
		if rapid.Bool().Draw(t, "by code") {
			sale = ledger.Sale{At: at, Codes: []ledger.Touch{one}}
		}
		var last time.Time
		for _, post := range one.Posts {
			if !post.At.After(at) && post.At.After(last) {
				last = post.At
			}
		}
		got := ledger.Attribute(sale, length)[0]
		over := last.Add(time.Duration(one.WindowDays) * length)
		switch {
		case !one.EndedAt.IsZero() && !at.Before(one.EndedAt):
			if got.Partnership != "" || got.Why != ledger.AfterEnd {
				t.Fatalf("sold at or after the end: %+v", got)
			}
		case !last.IsZero() && !at.Before(over):
			if got.Partnership != "" || got.Why != ledger.AfterWindow {
				t.Fatalf("sold at or after the end of the window: %+v", got)
			}
		case one.ClearedAt.IsZero() || at.Before(one.ClearedAt):
			if got.Partnership != "pa" || got.Hold != ledger.EarlyTouch {
				t.Fatalf("sold before the clearance: %+v", got)
			}
		case got.Partnership != "pa" || got.Hold != "":
			t.Fatalf("sold in time: %+v", got)
		}
		if got.Inferred != (got.Deliverable != "") || got.Inferred != (got.Partnership != "" && !last.IsZero()) {
			t.Fatalf("a sale of a touch for all posts is of %q, inferred %v", got.Deliverable, got.Inferred)
		}
	})
}

// The clocks of a zone change nothing: a window is so many campaign days, to the nanosecond.
func TestAWindowIsAsLongOverAChangeOfClocks(t *testing.T) {
	t.Parallel()
	for _, zone := range []*time.Location{time.UTC, time.FixedZone("summer", -4*3600), time.FixedZone("winter", -5*3600)} {
		one := ledger.Touch{Program: "dreams", Partnership: "pa", ClearedAt: noon.Add(-40 * day), WindowDays: 30, Posts: []ledger.LivePost{{At: noon.Add(-30 * day).In(zone)}}}
		before := ledger.Attribute(ledger.Sale{At: noon.Add(-1), Link: &one}, day)[0]
		after := ledger.Attribute(ledger.Sale{At: noon, Link: &one}, day)[0]
		if before.Partnership != "pa" || after.Why != ledger.AfterWindow {
			t.Errorf("%s: %+v, %+v", zone, before, after)
		}
	}
}

func drawTouch(t *rapid.T) ledger.Touch {
	one := ledger.Touch{
		Program: rapid.SampledFrom([]string{"dreams", "other"}).Draw(t, "program"), WindowDays: float64(rapid.IntRange(0, 60).Draw(t, "window")),
		Partnership: partnership.PartnershipID(fmt.Sprint("p", rapid.IntRange(0, 4).Draw(t, "whose"))), ClearedAt: noon.Add(-100 * day),
	}
	if ago := rapid.IntRange(-1, 70).Draw(t, "days since the post"); ago >= 0 {
		one.Posts = []ledger.LivePost{{At: noon.Add(-time.Duration(ago) * day)}}
	}
	return one
}

// In each program whose touches it carries an order is credited once: to the first code that is in time, before the link; a gift never earns.
func TestWhoIsCreditedHasATouchInTime(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		s := ledger.Sale{At: noon, Gift: rapid.Bool().Draw(t, "gift"), Program: rapid.SampledFrom([]string{"", "dreams"}).Draw(t, "of")}
		for range rapid.IntRange(0, 3).Draw(t, "codes") {
			s.Codes = append(s.Codes, drawTouch(t))
		}
		if rapid.Bool().Draw(t, "clicked") {
			link := drawTouch(t)
			s.Link = &link
		}
		var programs []string
		for _, got := range ledger.Attribute(s, day) {
			if slices.Contains(programs, got.Program) {
				t.Fatalf("credited twice in %s", got.Program)
			}
			programs = append(programs, got.Program)
			inTime := func(touch ledger.Touch) bool {
				window := touch.WindowDays
				if window == 0 {
					window = 30
				}
				return touch.Program == got.Program && (len(touch.Posts) == 0 || noon.Sub(touch.Posts[0].At) < time.Duration(window)*day)
			}
			code := slices.IndexFunc(s.Codes, inTime)
			switch {
			case s.Gift:
				if got.Partnership != "" || got.Why != ledger.OwnGift {
					t.Fatalf("a gift earns: %+v", got)
				}
			case code >= 0:
				if got.Partnership != s.Codes[code].Partnership || got.Why != ledger.ByCode {
					t.Fatalf("code %d is in time: %+v", code, got)
				}
			case s.Link != nil && inTime(*s.Link):
				if got.Partnership != s.Link.Partnership || got.Why != ledger.ByLink {
					t.Fatalf("the link is in time: %+v", got)
				}
			case got.Partnership != "" || got.Why != ledger.AfterWindow && got.Why != ledger.NoTouch:
				t.Fatalf("nothing is in time: %+v", got)
			}
		}
		for _, touch := range s.Codes {
			if s.Program == "" && !slices.Contains(programs, touch.Program) {
				t.Fatalf("%s counts the order in no way, and its code is on it", touch.Program)
			}
		}
		if len(programs) == 0 || s.Program != "" && !slices.Equal(programs, []string{s.Program}) {
			t.Fatalf("an order of %q is credited in %q", s.Program, programs)
		}
	})
}

func TestAnOrderHasOneIDInBothOfItsForms(t *testing.T) {
	t.Parallel()
	for id, want := range map[string]string{
		"820982911946154508": "820982911946154508", "gid://shop/Order/820982911946154508": "820982911946154508", "gid://shop/Order/7?cart=x": "7",
		"EU/2026/7": "EU/2026/7", "US/2026/7": "US/2026/7", "https://shop.example/orders/7": "https://shop.example/orders/7", "": "",
	} {
		if got := ledger.OrderKey(id); got != want {
			t.Errorf("%q is kept as %q, want %q", id, got, want)
		}
	}
}
