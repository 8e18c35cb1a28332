package store

import (
	"context"
	"errors"
	"slices"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/rapport-dev/rapport/partnership"
	"github.com/rapport-dev/rapport/partnership/ledger"
	"github.com/rapport-dev/rapport/store/db"
)

// The gates before money: what a program asks of its payees is on its row, what is on file of them is one view, and what follows is said
// by ledger's Papers. A run reads the view once for all its payees; before each transfer it is read once more for one.

// gatedRun is what a program's run goes by.
func (s *Store) gatedRun(ctx context.Context, q *db.Queries, program db.Program, cutoff, now time.Time) (ledger.Run, error) {
	by := s.runBy(program, cutoff, now)
	by.Gates, by.Papers = asked(program), map[partnership.CreatorID]ledger.Papers{}
	names, rest, err := s.nameChecks(ctx, q, slices.Contains(by.Gates, partnership.GateNames), nil)
	if err != nil {
		return by, err
	}
	rows, err := q.PapersOfPayees(ctx, program.Name)
	for _, row := range rows {
		papers := papersOf(program, row)
		if papers.Names = rest; names[row.CreatorID] != "" {
			papers.Names = names[row.CreatorID]
		}
		by.Papers[row.CreatorID] = papers
	}
	return by, err
}

// gatesOf is what a program asks and what is on file of one payee.
func (s *Store) gatesOf(ctx context.Context, q *db.Queries, program db.Program, id partnership.CreatorID) ([]partnership.Gate, map[partnership.CreatorID]ledger.Papers, error) {
	gates, of := asked(program), string(id)
	names, rest, err := s.nameChecks(ctx, q, slices.Contains(gates, partnership.GateNames), &of)
	if err != nil {
		return nil, nil, err
	}
	row, err := q.PapersOf(ctx, id)
	papers := papersOf(program, row)
	if papers.Names = rest; names[id] != "" {
		papers.Names = names[id]
	}
	return gates, map[partnership.CreatorID]ledger.Papers{id: papers}, err
}

func asked(program db.Program) []partnership.Gate {
	return each(program.Gates, func(name string) partnership.Gate { return partnership.Gate(name) })
}

func papersOf(program db.Program, r db.PayeePaper) ledger.Papers {
	return ledger.Papers{
		Country: r.Country, Form: partnership.PaperKind(r.Form), FormCountry: r.FormCountry, FormUntil: orZero(r.FormUntil), VAT: r.Vat,
		Invoice: r.BillsAlone || r.VatKept && agreed(program, r),
	}
}

// agreed says whether a payee has agreed that whoever bills for a program writes their invoices.
func agreed(program db.Program, r db.PayeePaper) bool {
	return program.SelfBilling != nil && slices.Contains(r.AgreedWith, program.SelfBilling.Name)
}

// lacking is what somebody has to give before a program may pay them, their account apart.
func (s *Store) lacking(ctx context.Context, id partnership.CreatorID, name string) ([]partnership.Gate, error) {
	program, err := s.q.Program(ctx, name)
	if errors.Is(err, pgx.ErrNoRows) {
		return nil, nil
	}
	if err != nil {
		return nil, mapped("gates", err)
	}
	gates, papers, err := s.gatesOf(ctx, s.q, program, id)
	return papers[id].Lacking(gates, s.now()), mapped("gates", err)
}

// checkGates refuses money for somebody who does not pass a gate any more: what was true when the run was planned is asked again where
// money moves.
func (s *Store) checkGates(ctx context.Context, q *db.Queries, payout db.Payout) error {
	run, err := q.Run(ctx, payout.RunID)
	if err != nil {
		return err
	}
	program, err := q.Program(ctx, run.Program)
	if err != nil {
		return err
	}
	gates, papers, err := s.gatesOf(ctx, q, program, payout.CreatorID)
	if err != nil {
		return err
	}
	if why := papers[payout.CreatorID].Waits(gates, s.now()); why != "" {
		return partnership.Errorf(partnership.Conflict, "since the run was planned: %s; nothing was sent", why)
	}
	return nil
}

// MayBePaid are the open partnerships of a creator in programs that may pay them now: their account is ready and they lack nothing.
func (s *Store) MayBePaid(ctx context.Context, id partnership.CreatorID) (ready []partnership.PartnershipID, err error) {
	creator, err := s.q.Creator(ctx, id)
	if err != nil {
		return nil, notFound("creator", err)
	}
	if !creator.PayoutReady || creator.PayoutAccount == "" {
		return nil, nil
	}
	open, err := s.PartnershipsOf(ctx, id)
	if err != nil {
		return nil, err
	}
	for _, one := range open {
		view, err := s.View(ctx, one)
		if err != nil {
			return nil, err
		}
		if len(view.Lacking) == 0 {
			ready = append(ready, one)
		}
	}
	return ready, nil
}

// MayChase says whether a mail about what somebody lacks may go out: nobody wrote to them of it for three campaign days. The same mail may
// be tried again.
func (s *Store) MayChase(ctx context.Context, id partnership.CreatorID, key partnership.EffectKey) (bool, error) {
	now := s.now()
	late := max(s.opt.Day/24, min(s.opt.Day/2, 10*time.Second)) // a mail is a little later than it was due
	_, err := s.q.MayChase(ctx, db.MayChaseParams{CreatorID: id, Key: string(key), Now: now, Before: now.Add(late - ledger.ChaserDays*s.opt.Day)})
	if errors.Is(err, pgx.ErrNoRows) {
		return false, nil
	}
	return err == nil, mapped("chaser", err)
}

// OpenChasers are the keys of mails about what somebody lacks that were sent and not answered: it is not known whether they went out.
func (s *Store) OpenChasers(ctx context.Context) (keys []partnership.EffectKey, err error) {
	rows, err := s.q.OpenChasers(ctx)
	for _, key := range rows {
		keys = append(keys, partnership.EffectKey(key))
	}
	return keys, mapped("open chasers", err)
}

// payeePage is how many of those to whom something is due are looked at at once.
const payeePage = 500

// WaitingPayees are a page of those to whom something is due in a program, about which nobody wrote to them for three campaign days, and who
// lack something that they can give. Pages go by program and creator; next is "" at the end.
func (s *Store) WaitingPayees(ctx context.Context, cursor string) (waiting []partnership.WaitingPayee, next string, err error) {
	at, after, _ := strings.Cut(cursor, "/")
	programs, err := s.q.Programs(ctx)
	if err != nil {
		return nil, "", mapped("waiting payees", err)
	}
	for i, program := range programs {
		if program.Name < at {
			continue
		}
		if program.Name != at {
			after = ""
		}
		now := s.now()
		rows, err := s.q.WaitingPayees(ctx, db.WaitingPayeesParams{
			Program: program.Name, Currency: program.Currency, Now: now, Minimum: program.MinimumMinor, After: partnership.CreatorID(after),
			Before: now.Add(-ledger.ChaserDays * s.opt.Day), Most: payeePage,
		})
		for _, row := range rows {
			lacks := papersOf(program, row.PayeePaper).Lacking(asked(program), now)
			if !row.Ready {
				lacks = append(lacks, partnership.GateAccount)
			}
			if len(lacks) > 0 {
				waiting = append(waiting, partnership.WaitingPayee{CreatorID: row.CreatorID, PartnershipID: partnership.PartnershipID(row.PartnershipID), Timezone: row.Timezone, Lacks: lacks})
			}
		}
		switch {
		case len(rows) == payeePage:
			next = program.Name + "/" + string(rows[payeePage-1].CreatorID)
		case i+1 < len(programs):
			next = programs[i+1].Name + "/"
		}
		return waiting, next, mapped("waiting payees", err)
	}
	return nil, "", nil
}
