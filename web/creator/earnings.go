package creator

import (
	"net/http"
	"time"

	"github.com/rapport-dev/rapport/partnership"
	"github.com/rapport-dev/rapport/partnership/locale"
	"github.com/rapport-dev/rapport/partnership/money"
	"github.com/rapport-dev/rapport/partnership/zones"
	"github.com/rapport-dev/rapport/store"
	"github.com/rapport-dev/rapport/web/page"
)

// The pages of what a creator earns. They show; a line is objected to on a page of its own (object.go).

// purse is what the frame of these pages needs.
type purse struct {
	locale.Locale // in which all of it is said

	token  string
	brand  partnership.Brand
	optOut string
	zone   *time.Location
	rail   func(name string) string // how people know it
}

func (p purse) path() string { return "/e/" + p.token }

func (s *Pages) purse(token string, brand partnership.Brand, of partnership.Creator, zone string) purse {
	return purse{
		Locale: locale.Of(of.Language), token: token, brand: brand, optOut: "/u/" + s.Store.OptOutToken(of.ID), zone: zones.Or(zone),
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
	page.Show(w, r, http.StatusOK, earningsPage(s.purse(token, e.Brand, e.Creator, e.Zone), e))
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
		l := s.spoken(r)
		failure(w, r, l, http.StatusNotFound, l.T("There is no such month"), l.T("Open your earnings from the mail again and choose a month there."))
		return p, of, m, false
	}
	if err != nil {
		s.fail(w, r, err)
		return p, of, m, false
	}
	return s.purse(token, m.Brand, m.Creator, m.Zone), of, m, true
}

// purseLine is one of the sums at the head of the page.
type purseLine struct {
	what, why string
	sums      money.Sums
}

// purseLines are the sums that are not nothing, in the order of a sale's life.
func purseLines(p purse, e partnership.Earnings) (lines []purseLine) {
	for _, l := range []purseLine{
		{p.T("In hold"), p.T("A sale counts once its buyer can no longer send it back."), e.InHold},
		{p.T("Counts"), p.T("The next payouts take it."), e.Counting},
		{p.T("On its way"), p.T("It is in a payout that is being made."), e.Underway},
		{p.T("Held"), p.T("It waits until a person here has looked at it. Each line below says why."), e.Held},
		{p.T("Paid so far"), p.T("Less what came back."), e.Paid},
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
func monthGroups(p purse, m partnership.MonthView) (groups []monthGroup) {
	for _, g := range partnership.LineGroups() {
		title := p.T(g.Title)
		if g.Group == partnership.LinePayable && m.Over {
			title = p.T("Carried to the next payouts")
		}
		one, sum := monthGroup{title: title}, int64(0)
		for _, l := range m.Lines {
			if l.Group == g.Group {
				one.lines, sum = append(one.lines, l), sum+l.AmountMinor
			}
		}
		if g.Group.Sums() {
			one.sum = p.amount(sum, m.Currency)
		}
		if len(one.lines) > 0 {
			groups = append(groups, one)
		}
	}
	return groups
}
