package store

import (
	"context"
	"time"

	"github.com/rapport-dev/rapport/partnership"
	"github.com/rapport-dev/rapport/partnership/ledger"
)

// firstYear is older than any run that can be meant.
const firstYear = 2020

// CheckMonth refuses a month that no run can be about: of a program that no campaign has, not written as yyyy-mm, or not begun yet.
func (s *Store) CheckMonth(ctx context.Context, program, period string) error {
	at, err := time.Parse("2006-01", period)
	switch {
	case err != nil:
		return partnership.FieldErrorf("period", "%q is not a month; write it like 2026-11", period)
	case at.Year() < firstYear:
		return partnership.FieldErrorf("period", "%s lies before anything that Rapport could pay: months from %d-01 on are allowed", period, firstYear)
	case program == "":
		return partnership.FieldErrorf("program", "name the program, as in campaign.yaml")
	}
	row, err := s.q.Program(ctx, program)
	if err := notFound("program", err); partnership.CodeOf(err) == partnership.NotFound {
		return partnership.FieldErrorf("program", "no campaign has the program %q; the list of campaigns shows those that there are", program)
	} else if err != nil {
		return err
	}
	from, _, err := ledger.Period(row.Timezone, period)
	if err != nil {
		return err
	}
	now, err := s.Time(ctx)
	if err == nil && now.Before(from) {
		this, wrong := ledger.PeriodOf(row.Timezone, now)
		if wrong != nil {
			return wrong
		}
		err = partnership.FieldErrorf("period", "%s has not begun yet: months from %d-01 to %s are allowed", period, firstYear, this)
	}
	return err
}
