package creator

import (
	"net/http"
	"time"

	"github.com/rapport-dev/rapport/partnership"
	"github.com/rapport-dev/rapport/partnership/money"
	"github.com/rapport-dev/rapport/partnership/zones"
	"github.com/rapport-dev/rapport/store"
	"github.com/rapport-dev/rapport/web/page"
)

// The pages of what a creator earns. They show; a line is objected to on a page of its own (object.go).

// purse is what the frame of these pages needs.
type purse struct {
	token  string
	brand  partnership.Brand
	optOut string
	zone   *time.Location
	rail   func(name string) string // how people know it
}

func (p purse) path() string { return "/e/" + p.token }

func (s *Pages) purse(token string, brand partnership.Brand, of partnership.CreatorID, zone string) purse {
	return purse{
		token: token, brand: brand, optOut: "/u/" + s.Store.OptOutToken(of), zone: zones.Or(zone),
		rail: func(name string) string { return s.Filling(partnership.RailPort, name) },
	}
}

func (s *Pages) showEarnings(w http.ResponseWriter, r *http.Request) {
	token := r.PathValue("token")
	of, err := s.Store.EarningsByToken(r.Context(), token)
	if err != nil {
		s.fail(w, r, err)
		return
	}
	e, err := s.Store.Earnings(r.Context(), of)
	if err != nil {
		s.fail(w, r, err)
		return
	}
	page.Show(w, r, http.StatusOK, earningsPage(s.purse(token, e.Brand, of.Creator, e.Zone), e))
}

func (s *Pages) showMonth(w http.ResponseWriter, r *http.Request) {
	if p, _, m, ok := s.month(w, r); ok {
		page.Show(w, r, http.StatusOK, monthPage(p, m))
	}
}

// month finds the month of a page, or answers the request itself.
func (s *Pages) month(w http.ResponseWriter, r *http.Request) (p purse, of store.EarningsOwner, m partnership.MonthView, ok bool) {
	token := r.PathValue("token")
	of, err := s.Store.EarningsByToken(r.Context(), token)
	if err == nil {
		m, err = s.Store.EarningsMonth(r.Context(), of, r.PathValue("period"))
	}
	if partnership.CodeOf(err) == partnership.Invalid {
		page.Failure(w, r, http.StatusNotFound, "There is no such month", "Open your earnings from the mail again and choose a month there.")
		return p, of, m, false
	}
	if err != nil {
		s.fail(w, r, err)
		return p, of, m, false
	}
	return s.purse(token, m.Brand, of.Creator, m.Zone), of, m, true
}

// purseLine is one of the sums at the head of the page.
type purseLine struct {
	what, why string
	sums      money.Sums
}

// purseLines are the sums that are not nothing, in the order of a sale's life.
func purseLines(e partnership.Earnings) (lines []purseLine) {
	for _, l := range []purseLine{
		{"In hold", "A sale counts once its buyer can no longer send it back.", e.InHold},
		{"Counts", "The next payouts take it.", e.Counting},
		{"On its way", "It is in a payout that is being made.", e.Underway},
		{"Held", "It waits until a person here has looked at it. Each line below says why.", e.Held},
		{"Paid so far", "Less what came back.", e.Paid},
	} {
		if len(l.sums) > 0 {
			lines = append(lines, l)
		}
	}
	return lines
}

// monthGroup is a part of a month's page: lines with their sum.
type monthGroup struct {
	title string
	lines []partnership.StatementLine
	sum   string // "" where the lines are no sum of anything
}

// monthGroups are the lines of a month that none of its payouts holds.
func monthGroups(m partnership.MonthView) (groups []monthGroup) {
	for _, g := range []struct {
		group partnership.LineGroup
		title string
		sums  bool
	}{
		{partnership.LinePayable, leftTitle(m), true},
		{partnership.LinePaid, "In the payouts of another month", true},
		{partnership.LineInHold, "In hold, counts later", true},
		{partnership.LineHeld, "Held, until a person has looked at it", true},
		{partnership.LineRejected, "Not paid", false},
		{partnership.LineElsewhere, "In another currency, settled by hand", false},
	} {
		one, sum := monthGroup{title: g.title}, int64(0)
		for _, l := range m.Lines {
			if l.Group == g.group {
				one.lines, sum = append(one.lines, l), sum+l.AmountMinor
			}
		}
		if g.sums {
			one.sum = money.Display(sum, m.Currency)
		}
		if len(one.lines) > 0 {
			groups = append(groups, one)
		}
	}
	return groups
}

func leftTitle(m partnership.MonthView) string {
	if m.Over {
		return "Carried to the next payouts"
	}
	return "Counts for this month's payout"
}
