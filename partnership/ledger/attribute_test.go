package ledger_test

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/rapport-dev/rapport/partnership"
	"github.com/rapport-dev/rapport/partnership/ledger"
)

const day = 24 * time.Hour

// noon is when things are sold in these tests.
var noon = time.Date(2026, 11, 10, 12, 0, 0, 0, time.UTC)

func TestAttribute(t *testing.T) {
	t.Parallel()
	touch := func(id string, posted time.Duration) ledger.Touch {
		return ledger.Touch{Program: "dreams", Partnership: partnership.PartnershipID(id), LastPost: noon.Add(-posted), WindowDays: 7}
	}
	a, b, late := touch("pa", day), touch("pb", day), touch("late", 7*day)
	unposted := ledger.Touch{Program: "dreams", Partnership: "unposted", WindowDays: 7}
	byDefault, lateByDefault := touch("default", 30*day-1), touch("default", 30*day)
	byDefault.WindowDays, lateByDefault.WindowDays = 0, 0
	elsewhere := a
	elsewhere.Program, elsewhere.Partnership = "other", "elsewhere"
	for _, c := range []struct {
		name string
		sale ledger.Sale
		want ledger.Credit
	}{
		{"code and link", ledger.Sale{Codes: []ledger.Touch{a}, Link: &b}, ledger.Credit{"dreams", "pa", ledger.ByCode, "pa", "pb"}},
		{"link alone", ledger.Sale{Link: &b}, ledger.Credit{"dreams", "pb", ledger.ByLink, "", "pb"}},
		{"two creators' codes: the first", ledger.Sale{Codes: []ledger.Touch{b, a}}, ledger.Credit{"dreams", "pb", ledger.ByCode, "pb", ""}},
		{"before the post", ledger.Sale{Codes: []ledger.Touch{unposted}}, ledger.Credit{"dreams", "unposted", ledger.ByCode, "unposted", ""}},
		{"a late code leaves it to the next", ledger.Sale{Codes: []ledger.Touch{late, a}}, ledger.Credit{"dreams", "pa", ledger.ByCode, "late", ""}},
		{"a late code leaves it to the link", ledger.Sale{Codes: []ledger.Touch{late}, Link: &b}, ledger.Credit{"dreams", "pb", ledger.ByLink, "late", "pb"}},
		{"all late", ledger.Sale{Codes: []ledger.Touch{late}, Link: &late}, ledger.Credit{"dreams", "", ledger.AfterWindow, "late", "late"}},
		{"the default window", ledger.Sale{Link: &byDefault}, ledger.Credit{"dreams", "default", ledger.ByLink, "", "default"}},
		{"after the default window", ledger.Sale{Link: &lateByDefault}, ledger.Credit{"dreams", "", ledger.AfterWindow, "", "default"}},
		{"a gift", ledger.Sale{Gift: true, Codes: []ledger.Touch{a}}, ledger.Credit{"dreams", "", ledger.OwnGift, "pa", ""}},
		{"nobody's", ledger.Sale{Program: "dreams"}, ledger.Credit{"dreams", "", ledger.NoTouch, "", ""}},
		{"of no program", ledger.Sale{}, ledger.Credit{"", "", ledger.NoTouch, "", ""}},
		{"another program's code", ledger.Sale{Program: "dreams", Codes: []ledger.Touch{elsewhere}, Link: &b}, ledger.Credit{"dreams", "pb", ledger.ByLink, "", "pb"}},
		{"the first code says which program", ledger.Sale{Codes: []ledger.Touch{elsewhere, a}, Link: &b}, ledger.Credit{"other", "elsewhere", ledger.ByCode, "elsewhere", ""}},
	} {
		c.sale.At = noon
		if got := ledger.Attribute(c.sale, day); got != c.want {
			t.Errorf("%s: %+v, want %+v", c.name, got, c.want)
		}
	}
}

func drawTouch(t *rapid.T) ledger.Touch {
	touch := ledger.Touch{
		Program: rapid.SampledFrom([]string{"dreams", "other"}).Draw(t, "program"), WindowDays: float64(rapid.IntRange(0, 60).Draw(t, "window")),
		Partnership: partnership.PartnershipID(fmt.Sprint("p", rapid.IntRange(0, 4).Draw(t, "whose"))),
	}
	if ago := rapid.IntRange(-1, 70).Draw(t, "days since the post"); ago >= 0 {
		touch.LastPost = noon.Add(-time.Duration(ago) * day)
	}
	return touch
}

// Whoever is credited has a touch that is in time, the first such code before the link; a gift never earns.
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
		got := ledger.Attribute(s, day)
		inTime := func(touch ledger.Touch) bool {
			window := touch.WindowDays
			if window == 0 {
				window = 30
			}
			return touch.Program == got.Program && (touch.LastPost.IsZero() || noon.Sub(touch.LastPost) < time.Duration(window)*day)
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
		if s.Program != "" && got.Program != s.Program {
			t.Fatalf("an order of %s is credited in %s", s.Program, got.Program)
		}
	})
}
