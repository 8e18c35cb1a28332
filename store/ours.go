package store

import (
	"context"
	"slices"
	"strings"

	"github.com/rapport-dev/rapport/partnership"
	"github.com/rapport-dev/rapport/partnership/ledger"
	"github.com/rapport-dev/rapport/store/db"
)

// What comes into the books where a person says that a transfer which they have lost is ours.

// receivedBy says whose a transfer is that went to an account of several creators.
func receivedBy(ctx context.Context, q *db.Queries, t *db.PayoutDifference, to partnership.CreatorID) error {
	of, err := q.CreatorsPaidAt(ctx, db.CreatorsPaidAtParams{Destination: t.Destination, Rail: t.Provider})
	if err != nil {
		return err
	}
	at := slices.IndexFunc(of, func(c db.CreatorsPaidAtRow) bool { return c.CreatorID == to })
	switch {
	case t.CreatorID != nil && *t.CreatorID != to:
		return partnership.FieldErrorf("creator", "the transfer is another creator's: leave the creator out")
	case t.CreatorID == nil && at < 0:
		return whoseIsIt(ctx, q, *t)
	case t.CreatorID == nil && t.ClosedAt == nil:
		t.CreatorID, t.Destination = &to, of[at].ID
		return q.SetReceiver(ctx, db.SetReceiverParams{CreatorID: &to, Provider: t.Provider, TransferID: t.TransferID})
	}
	return nil
}

// whoseIsIt says why a transfer cannot be booked as a creator's.
func whoseIsIt(ctx context.Context, q *db.Queries, t db.PayoutDifference) error {
	of, err := q.CreatorsPaidAt(ctx, db.CreatorsPaidAtParams{Destination: t.Destination, Rail: t.Provider})
	switch {
	case err != nil:
		return err
	case len(of) == 0:
		return partnership.FieldErrorf("as", "the transfer went to an account that is no creator's here: settle it as %s or %s", partnership.SettleDouble, partnership.SettleForeign)
	}
	handles := each(of, func(c db.CreatorsPaidAtRow) string { return "@" + c.Handle })
	slices.Sort(handles)
	return partnership.FieldErrorf("creator", "several creators share the account that it went to: say whose it is, %s (rapport payouts settle %s --as %s --creator @HANDLE)",
		strings.Join(handles, " or "), t.TransferID, partnership.SettleOurs)
}

// bookTransfer books a transfer that the books have lost as a payout of its own, which pays a pair of adjustments that sum to zero: one
// is paid by it, the other is netted in the next run against what the creator is owed. It returns the program.
func (s *Store) bookTransfer(ctx context.Context, q *db.Queries, t db.PayoutDifference, program string, d partnership.Deed) (string, error) {
	owed, err := s.owedBy(ctx, q, t, program)
	if err != nil {
		return "", err
	}
	pr, err := q.LockProgram(ctx, owed.Program)
	if err != nil {
		return "", err
	}
	if err := s.stopUnsent(ctx, q, pr.Name, t, d.Who); err != nil {
		return "", err
	}
	run, err := s.settlementRun(ctx, q, pr, t, d.Who)
	if err != nil {
		return "", err
	}
	beside := ledger.Row{Program: pr.Name, CampaignID: owed.CampaignID, PartnershipID: owed.PartnershipID, CreatorID: *t.CreatorID, Currency: t.Currency}
	paid, netted := ledger.Booked(beside, t.AmountMinor, t.MadeAt, t.TransferID)
	if _, err := s.addRow(ctx, q, netted); err != nil {
		return "", err
	}
	if paid.ID, err = s.addRow(ctx, q, paid); err != nil {
		return "", err
	}
	if err := s.claimRow(ctx, q, t.Provider, run, paid, t.Destination); err != nil {
		return "", err
	}
	made, err := q.PayoutsOfRun(ctx, run.ID)
	if err != nil {
		return "", err
	}
	return pr.Name, s.bookPaid(ctx, q, made[0], t)
}

// stopUnsent keeps what a creator is about to be paid from being sent beside a transfer that is booked now: it may be the same money. What
// was not sent is taken out of its run as a whole, as where its creator objects to a line of it, and the next run nets the rest. What was
// sent may have been paid as well: it is not sent again by itself, and a person is asked about it.
func (s *Store) stopUnsent(ctx context.Context, q *db.Queries, program string, t db.PayoutDifference, who string) error {
	open, err := q.LockUnsettled(ctx, db.LockUnsettledParams{Program: program, CreatorID: *t.CreatorID, Currency: t.Currency})
	if err != nil {
		return err
	}
	why := "taken out: transfer " + t.TransferID + " to them was booked as ours, and may have paid the same"
	for _, o := range open {
		po, err := s.withdrawOrder(ctx, q, o.Payout, why, who)
		if err != nil {
			return err
		}
		switch {
		case o.AtBank && po.State != partnership.PayoutPlanned:
			return partnership.Errorf(partnership.Conflict, "payout %s to them waits for its bank, and may be the same money: say first what the bank did, rapport payouts confirm %s --as paid "+
				"or, where it did not pay it, --as returned; then settle this", po.ID, po.ID)
		case po.State == partnership.PayoutPlanned && po.AmountMinor > t.AmountMinor-t.ReversedMinor: // some of it is still owed
			err = s.sendBack(ctx, q, po, why)
		case po.State == partnership.PayoutPlanned:
			err = s.release(ctx, q, po, partnership.PayoutVoid, why)
		case po.State == partnership.PayoutPosted && !o.Ordered:
			err = q.SetPayoutState(ctx, db.SetPayoutStateParams{
				ID: po.ID, State: partnership.PayoutUnknown, Reason: "transfer " + t.TransferID + " to them was booked as ours: look whether this one was paid as well", Now: s.now(),
			})
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// claimRow makes a payout of one row.
func (s *Store) claimRow(ctx context.Context, q *db.Queries, rail string, run db.PayoutRun, row ledger.Row, destination string) error {
	id := partnership.PayoutID(newID())
	err := q.InsertPayout(ctx, db.InsertPayoutParams{
		ID: id, RunID: run.ID, CreatorID: row.CreatorID, Destination: destination, AmountMinor: row.AmountMinor, Currency: run.Currency, Provider: rail,
		IdempotencyKey: partnership.PayoutKey(id), Now: s.now(),
	})
	if err != nil {
		return err
	}
	claimed, err := q.ClaimRow(ctx, db.ClaimRowParams{RowID: row.ID, PayoutID: &id})
	switch {
	case err != nil:
		return err
	case claimed != 1:
		return partnership.Errorf(partnership.Conflict, "the row of a transfer could not be claimed")
	}
	return s.post(ctx, q, journal{"claim/" + string(id), ledger.ClaimPayout(row.CreatorID, run.Currency, row.AmountMinor)})
}

// owedBy is the program that owes the creator what was paid, and an earning of theirs to book under.
func (s *Store) owedBy(ctx context.Context, q *db.Queries, t db.PayoutDifference, program string) (db.ProgramsOfCreatorRow, error) {
	var none db.ProgramsOfCreatorRow
	if t.CreatorID == nil {
		return none, whoseIsIt(ctx, q, t)
	}
	programs, err := q.ProgramsOfCreator(ctx, db.ProgramsOfCreatorParams{CreatorID: *t.CreatorID, Currency: t.Currency, Provider: t.Provider})
	if err != nil {
		return none, err
	}
	names := each(programs, func(r db.ProgramsOfCreatorRow) string { return r.Program })
	at := slices.Index(names, program)
	switch {
	case len(programs) == 0:
		return none, partnership.Errorf(partnership.Conflict, "the books hold no earnings of this creator in %s yet, so nothing can be netted: bring the orders and fees back first", t.Currency)
	case program == "" && len(programs) == 1:
		return programs[0], nil
	case at < 0:
		return none, partnership.FieldErrorf("program", "say which program paid it: %s", strings.Join(names, ", "))
	}
	return programs[at], nil
}

// settlementRun is a run that is over: what a person has settled stands among the month's runs, as what it is.
func (s *Store) settlementRun(ctx context.Context, q *db.Queries, pr db.Program, t db.PayoutDifference, who string) (db.PayoutRun, error) {
	period, err := ledger.PeriodOf(pr.Timezone, t.MadeAt)
	if err != nil {
		return db.PayoutRun{}, err
	}
	run, err := s.insertRun(ctx, q, pr, period, who, partnership.RunReconciled, t.MadeAt)
	if err != nil {
		return run, err
	}
	return run, savePlan(ctx, q, db.SavePlanParams{ID: run.ID, State: partnership.RunReconciled, TotalMinor: t.AmountMinor, Payees: 1})
}

// bookPaid books that the transfer has paid the payout that was made for it, and what has come back of it since.
func (s *Store) bookPaid(ctx context.Context, q *db.Queries, payout db.Payout, t db.PayoutDifference) error {
	if err := q.BookPayout(ctx, db.BookPayoutParams{ID: payout.ID, ProviderRef: t.TransferID, At: t.MadeAt, Now: s.now()}); err != nil {
		return err
	}
	if err := s.payRows(ctx, q, payout); err != nil || t.ReversedMinor == 0 {
		return err
	}
	payout.State, payout.ProviderRef = partnership.PayoutPaid, t.TransferID
	return s.reverse(ctx, q, payout, t.ReversedMinor)
}
