package payouts

import (
	"cmp"
	"context"
	"slices"
	"strconv"
	"strings"

	"github.com/rapport-dev/rapport/partnership"
	"github.com/rapport-dev/rapport/partnership/board"
	"github.com/rapport-dev/rapport/partnership/ledger"
	"github.com/rapport-dev/rapport/partnership/money"
)

// WhatIf is under what else a program's sales are counted: another rate, hold, window or attribution. Each is as people type it, "" unchanged.
type WhatIf struct {
	Month
	Rate        string // per cent of a sale
	HoldDays    string
	WindowDays  string
	Attribution string // code or link: which of them beats the other
}

// Pasts are kept.
type Pasts interface {
	// Counterfactual plays a program's sales again until the end of a month, "" until now. It writes nothing.
	Counterfactual(ctx context.Context, program, period string, c ledger.Change) (board.Counterfactual, error)
}

// Counterfactual says what a program's creators would have earned. Nothing is touched.
func Counterfactual(ctx context.Context, kept Pasts, q WhatIf) (board.Counterfactual, error) {
	change, under, err := q.change()
	if err != nil {
		return board.Counterfactual{}, err
	}
	out, err := kept.Counterfactual(ctx, q.Program, q.Period, change)
	if err != nil {
		return out, err
	}
	out.Under = under
	slices.SortFunc(out.Lines, func(a, b board.CounterfactualLine) int {
		return cmp.Or(cmp.Compare(a.Currency, b.Currency), cmp.Compare(max(b.ThenMinor-b.EarnedMinor, b.EarnedMinor-b.ThenMinor), max(a.ThenMinor-a.EarnedMinor, a.EarnedMinor-a.ThenMinor)), cmp.Compare(a.Creator, b.Creator))
	})
	return out, nil
}

func (q WhatIf) change() (c ledger.Change, under string, err error) {
	var words []string
	if q.Rate != "" {
		bps, err := money.ParsePercentBPS(strings.TrimSpace(strings.TrimSuffix(strings.TrimSpace(q.Rate), "%")))
		if err != nil || bps > 10_000 {
			return c, "", partnership.FieldErrorf("rate", "%q is not a rate; write a percentage from 0 to 100, such as 12.5", q.Rate)
		}
		c.RateBPS, words = &bps, append(words, "a rate of "+money.FormatPercent(bps)+" %")
	}
	for _, days := range []struct {
		field, text, what string
		into              **float64
		least             float64
	}{{"hold_days", q.HoldDays, "a hold of ", &c.HoldDays, 0}, {"window_days", q.WindowDays, "a window of ", &c.WindowDays, 0.01}} {
		if days.text == "" {
			continue
		}
		n, err := strconv.ParseFloat(days.text, 64)
		if err != nil || !(n >= days.least && n <= 3650) {
			return c, "", partnership.FieldErrorf(days.field, "%q is not a number of days; write one from %g to 3650", days.text, days.least)
		}
		*days.into, words = &n, append(words, days.what+strconv.FormatFloat(n, 'f', -1, 64)+" days")
	}
	switch q.Attribution {
	case "", "code":
	case "link":
		c.LinkFirst, words = true, append(words, "a link before a code")
	default:
		return c, "", partnership.FieldErrorf("attribution", "%q is not known; it is code (a code beats a link, as it is) or link", q.Attribution)
	}
	return c, strings.Join(words, ", "), nil
}
