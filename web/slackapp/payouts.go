package slackapp

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/rapport-dev/rapport/partnership"
	"github.com/rapport-dev/rapport/partnership/money"
)

// month reads a month as people write one: 2026-11, 11/2026, november, "nov 2026". A name alone is the newest of that name that has begun. One that
// has not begun is refused, and "" is none.
func (a *App) month(typed string) (period string, err error) {
	if typed = strings.ToLower(strings.TrimSpace(typed)); typed == "" {
		return "", nil
	}
	now := a.Now().UTC()
	latest := now.Add(24 * time.Hour) // somewhere it has begun by then
	refusal := partnership.FieldErrorf("month", "%q is no month that has begun; write it like %s, or like %s", typed, now.Format("2006-01"), strings.ToLower(now.Format("January")))
	typed = strings.NewReplacer(",", " ", ".", " ", "/", " ", "-", " ").Replace(typed)
	parts := strings.Fields(typed)
	var at time.Time
	switch {
	case len(parts) == 1 && parts[0] == "this", typed == "this month":
		at = now
	case typed == "last month":
		at = now.AddDate(0, 0, -now.Day())
	case len(parts) == 1:
		if at, err = time.Parse("200601", parts[0]); err == nil {
			break
		}
		name, known := monthNamed(parts[0])
		if !known {
			return "", refusal
		}
		at = time.Date(latest.Year(), name, 1, 0, 0, 0, 0, time.UTC)
		if at.After(latest) {
			at = at.AddDate(-1, 0, 0)
		}
	case len(parts) == 2:
		for _, order := range [][2]string{{parts[0], parts[1]}, {parts[1], parts[0]}} {
			name, known := monthNamed(order[0])
			year, err := time.Parse("2006", order[1])
			if known && err == nil {
				at = time.Date(year.Year(), name, 1, 0, 0, 0, 0, time.UTC)
			}
		}
	}
	if at.IsZero() || at.After(latest) {
		return "", refusal
	}
	return at.Format("2006-01"), nil
}

// monthNamed is a month by its name, the beginning of it (three letters), or its number.
func monthNamed(name string) (time.Month, bool) {
	for m := time.January; m <= time.December; m++ {
		full := strings.ToLower(m.String())
		if len(name) >= 3 && strings.HasPrefix(full, name) || name == fmt.Sprint(int(m)) || name == fmt.Sprintf("%02d", int(m)) {
			return m, true
		}
	}
	return 0, false
}

// payouts lists the runs of a month, or of all, and what waits.
func (a *App) payouts(ctx context.Context, c ask) (answer, error) {
	period, err := a.month(c.rest)
	if err != nil {
		return answer{}, err
	}
	runs, err := a.Store.PayoutRuns(ctx, "", period)
	if err != nil {
		return answer{}, err
	}
	var lines []string
	for _, run := range runs {
		lines = append(lines, fmt.Sprintf("• %s – %s: %s to %d creators, %d approvals", escape(run.ID), escape(run.Words()), money.Display(run.TotalMinor, run.Currency), run.Payees, len(run.Approvals)))
	}
	if len(runs) == 0 {
		of := ""
		if period != "" {
			month, _ := time.Parse("2006-01", period) // it was made by this layout
			of = " of " + month.Format("January 2006")
		}
		lines = append(lines, "No payout run"+of+" yet. One is made on the 1st of each month, or by `/rapport run`.")
		owed, err := a.unpaid(ctx)
		if err != nil {
			return answer{}, err
		}
		lines = append(lines, owed...)
	}
	waiting, err := a.moneyWaits(ctx)
	return told(append(lines, waiting...)), err
}

// unpaid is what is earned and not paid yet, by what it waits for.
func (a *App) unpaid(ctx context.Context) (lines []string, err error) {
	sums, err := a.Store.Unpaid(ctx)
	if err != nil {
		return nil, err
	}
	for _, o := range sums {
		lines = append(lines, fmt.Sprintf("• %s of %s %s, for %d creators", money.Display(o.AmountMinor, o.Currency), escape(o.Program), o.Words(), o.Creators))
	}
	return lines, nil
}

// mostAsked is how many questions of money of a kind an answer lists, the oldest first: after a restore there may be thousands.
const mostAsked = 10

// moneyWaits are the questions of money that wait for a person, each of which has a card, and what waits for somebody at the bank.
func (a *App) moneyWaits(ctx context.Context) (lines []string, err error) {
	differences, err := a.Store.OpenDifferences(ctx, "")
	if err != nil {
		return nil, err
	}
	banked, err := a.Store.BankWaits(ctx)
	if err != nil {
		return nil, err
	}
	objections, err := a.Store.Objections(ctx, true)
	if err != nil {
		return nil, err
	}
	hits, err := a.Store.NameHits(ctx, false)
	if err != nil {
		return nil, err
	}
	writeOffs, err := a.Store.WriteOffsToApprove(ctx)
	lines = differenceLines(differences)
	for _, w := range banked {
		lines = append(lines, "• "+escape(w.Words()))
	}
	lines = append(lines, oldest(objections, "payouts objections", func(o partnership.Objection) string {
		return fmt.Sprintf("@%s objects to %s", escape(o.Creator), escape(o.Line()))
	})...)
	lines = append(lines, oldest(hits, "sanctions hits", func(h partnership.NameHit) string {
		return fmt.Sprintf("@%s has a name like one on the sanctions list (%d %%, %s)", escape(h.Creator), h.Percent, h.State())
	})...)
	lines = append(lines, oldest(writeOffs, "ledger writeoff", func(w partnership.WriteOff) string {
		return fmt.Sprintf("%s of @%s is to be forgiven, as %s asks", money.Display(w.AmountMinor, w.Currency), escape(w.Creator), escape(w.AskedBy))
	})...)
	return lines, err
}

// oldest are the first questions of a kind, a line each, and how many more there are, which a command lists.
func oldest[T any](all []T, command string, words func(T) string) (lines []string) {
	for _, one := range all[:min(len(all), mostAsked)] {
		lines = append(lines, "• "+words(one))
	}
	if more := len(all) - mostAsked; more > 0 {
		lines = append(lines, fmt.Sprintf("• and %d more, %d in all: `rapport %s`", more, len(all), command))
	}
	return lines
}
