package store

import (
	"cmp"
	"context"
	"maps"
	"slices"
	"time"

	"github.com/rapport-dev/rapport/partnership"
	"github.com/rapport-dev/rapport/partnership/board"
	"github.com/rapport-dev/rapport/partnership/ledger"
	"github.com/rapport-dev/rapport/store/db"
)

type taxKey struct {
	creator  partnership.CreatorID
	currency string
}

// TaxYear is what each creator was paid in a calendar year, of each program in its own zone. networks are the rails that report what they
// move themselves. Personal data.
func (s *Store) TaxYear(ctx context.Context, year int, networks []string) ([]board.TaxLine, error) {
	threshold, _, err := ledger.NECThreshold(year)
	if err != nil {
		return nil, err
	}
	programs, err := s.q.Programs(ctx)
	if err != nil {
		return nil, mapped("tax year", err)
	}
	lines := map[taxKey]*board.TaxLine{}
	for _, program := range programs {
		if err := s.taxOf(ctx, program, year, networks, lines); err != nil {
			return nil, mapped("tax year", err)
		}
	}
	ids := map[string]bool{}
	for k := range lines {
		ids[string(k.creator)] = true
	}
	people, err := s.q.HandlesOf(ctx, slices.Collect(maps.Keys(ids)))
	if err != nil {
		return nil, mapped("tax year", err)
	}
	byID := map[partnership.CreatorID]db.HandlesOfRow{}
	for _, p := range people {
		byID[p.ID] = p
	}
	all := []board.TaxLine{}
	for k, l := range lines {
		l.Platform, l.Creator = byID[k.creator].Platform, byID[k.creator].Handle
		l.ThresholdMinor, l.Standing = threshold, ledger.Stands(l.PaidMinor, l.Currency, threshold)
		all = append(all, *l)
	}
	slices.SortFunc(all, func(a, b board.TaxLine) int {
		return cmp.Or(cmp.Compare(a.Creator, b.Creator), cmp.Compare(a.CreatorID, b.CreatorID), cmp.Compare(a.Currency, b.Currency))
	})
	return all, nil
}

func (s *Store) taxOf(ctx context.Context, program db.Program, year int, networks []string, lines map[taxKey]*board.TaxLine) error {
	from, to, err := ledger.Year(program.Timezone, year)
	if err != nil {
		return err
	}
	line := func(id partnership.CreatorID, currency string) *board.TaxLine {
		k := taxKey{id, currency}
		if lines[k] == nil {
			lines[k] = &board.TaxLine{CreatorID: id, Currency: currency}
		}
		return lines[k]
	}
	paid, err := s.q.PaidInYear(ctx, db.PaidInYearParams{Program: program.Name, FromAt: from, ToAt: to})
	if err != nil {
		return err
	}
	for _, p := range paid {
		l := line(p.CreatorID, p.Currency)
		if slices.Contains(networks, p.Provider) {
			l.NetworkMinor += p.PaidMinor
			continue
		}
		l.PaidMinor, l.Payouts = l.PaidMinor+p.PaidMinor, l.Payouts+int(p.Payouts)
	}
	gifts, err := s.q.GiftsInYear(ctx, db.GiftsInYearParams{Program: program.Name, FromAt: from, ToAt: to})
	for _, g := range gifts {
		if g.Terms.Gift != nil {
			line(g.CreatorID, g.Terms.Currency).GiftMinor += g.Terms.Gift.ValueMinor
		}
	}
	return err
}

// TaxYearNow is TaxYear of the year that it is in a program's zone, in the program's currency: everybody who has earnings in it has a line.
// What a network paid is apart, as in TaxYear: of several rails of a program some may report and others not. Personal data.
func (s *Store) TaxYearNow(ctx context.Context, program string, networks []string, now time.Time) (year int, lines []board.TaxLine, err error) {
	pr, err := s.q.Program(ctx, program)
	if err != nil {
		return 0, nil, notFound("program", err)
	}
	if year, err = ledger.YearOf(pr.Timezone, now); err != nil {
		return year, nil, err
	}
	all, err := s.TaxYear(ctx, year, networks)
	if err != nil {
		return year, nil, err
	}
	threshold, _, err := ledger.NECThreshold(year)
	earners, earnErr := s.q.EarnersOf(ctx, program)
	if err = cmp.Or(err, earnErr); err != nil {
		return year, nil, mapped("tax year", err)
	}
	paid := map[partnership.CreatorID]board.TaxLine{}
	for _, l := range all {
		if l.Currency == pr.Currency {
			paid[l.CreatorID] = l
		}
	}
	for _, id := range earners {
		l := board.TaxLine{CreatorID: id, Currency: pr.Currency, ThresholdMinor: threshold}
		if p, was := paid[id]; was {
			l = p
		}
		lines = append(lines, l)
	}
	return year, lines, nil
}
