package store

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v5"

	"github.com/rapport-dev/rapport/store/db"
)

// VerifyLedger looks for what must never be: something in the books that the program did not write as it stands, a link of their chain
// that does not hold, an account, a limit or a hold that is not as the program last left it, a posting that does not sum to zero, or a journal that disagrees with rows, runs, open payouts or what was paid.
// Each fault is one plain line; none means that all agree. It sees one instant, whatever is booked meanwhile.
func (s *Store) VerifyLedger(ctx context.Context) (faults []string, err error) {
	ctx = patient(ctx)
	err = pgx.BeginTxFunc(ctx, s.pool, pgx.TxOptions{IsoLevel: pgx.RepeatableRead, AccessMode: pgx.ReadOnly}, func(tx pgx.Tx) error {
		if faults, err = s.signatureFaults(ctx, tx); err != nil {
			return err
		}
		for _, look := range []func(context.Context, *db.Queries) ([]string, error){s.sealFaults, stateFaults, payoutFaults, rowFaults, runFaults, bankFaults, sumFaults} {
			found, err := look(ctx, s.q.WithTx(tx))
			if err != nil {
				return err
			}
			faults = append(faults, found...)
		}
		return nil
	})
	return faults, mapped("verify ledger", err)
}

// stateFaults are accounts, limits, terms, codes, holds and people's decisions that somebody changed past the program.
func stateFaults(ctx context.Context, q *db.Queries) (faults []string, err error) {
	rows, err := q.StatesAgainstNotes(ctx)
	for _, r := range rows {
		faults = append(faults, fmt.Sprintf("%s %s: it says %q, and what the program signed of it last is %q", r.What, r.ID, r.Says, r.Noted))
	}
	return faults, err
}

// payoutFaults are payouts that do not say what the journal says of them.
func payoutFaults(ctx context.Context, q *db.Queries) (faults []string, err error) {
	rows, err := q.PayoutsAgainstJournal(ctx)
	for _, r := range rows {
		says := "it was planned"
		switch {
		case !r.Claimed:
			says = "it was never planned"
		case r.Paid:
			says = "it was paid"
		case r.Released:
			says = "its rows were given back"
		}
		if r.ProviderRef != r.TransferID {
			says += fmt.Sprintf(", by the transfer %q", r.TransferID)
		}
		faults = append(faults, fmt.Sprintf("payout %s: it is %s%s, and the journal says that %s", r.ID, r.State, by(r.ProviderRef), says))
	}
	return faults, err
}

func by(transfer string) string {
	if transfer == "" {
		return ""
	}
	return fmt.Sprintf(" by the transfer %q", transfer)
}

// rowFaults are rows that are not what their posting says, or whose state is not that of the payout that claims them.
func rowFaults(ctx context.Context, q *db.Queries) (faults []string, err error) {
	rows, err := q.RowsAgainstJournal(ctx)
	if err != nil {
		return nil, err
	}
	for _, r := range rows {
		switch {
		case !r.Posted:
			faults = append(faults, fmt.Sprintf("row %s: a %s of %d %s, and the journal knows nothing of it", r.ID, r.Kind, r.AmountMinor, r.Currency))
		case r.PostedMinor != r.AmountMinor:
			faults = append(faults, fmt.Sprintf("row %s: a %s of %d %s, and the journal says %d", r.ID, r.Kind, r.AmountMinor, r.Currency, r.PostedMinor))
		case r.Voided:
			faults = append(faults, fmt.Sprintf("row %s: it is %s, and the journal says that it was rejected", r.ID, r.State))
		default:
			faults = append(faults, fmt.Sprintf("row %s: it is %s, and the journal does not say that it was rejected", r.ID, r.State))
		}
	}
	claims, err := q.RowsAgainstClaims(ctx)
	if err != nil {
		return nil, err
	}
	for _, r := range claims {
		claimed := "no payout claims it"
		if r.ClaimedBy != "" {
			claimed = fmt.Sprintf("payout %s, which is %s, claims it", r.ClaimedBy, r.PayoutState)
		}
		faults = append(faults, fmt.Sprintf("row %s: it is %s%s, and %s", r.ID, r.State, inPayout(r.PayoutID), claimed))
	}
	forgiven, err := q.ForgivenByNobody(ctx)
	if err != nil {
		return nil, err
	}
	for _, f := range forgiven {
		faults = append(faults, fmt.Sprintf("posting %d (%s): it forgives what a creator owes, and no two people agreed on it", f.ID, f.Key))
	}
	reversed, err := q.ReversedDrift(ctx)
	for _, r := range reversed {
		faults = append(faults, fmt.Sprintf("order %s of %s: its rows that were taken back sum to %d %s, not to nothing", r.OrderID, r.Program, r.AmountMinor, r.Currency))
	}
	return faults, err
}

func inPayout(id string) string {
	if id == "" {
		return ""
	}
	return " in payout " + id
}

// runFaults are runs that are not what was planned and approved.
func runFaults(ctx context.Context, q *db.Queries) (faults []string, err error) {
	runs, err := q.RunsAgainstPlans(ctx)
	for _, r := range runs {
		switch {
		case r.Unplanned:
			faults = append(faults, fmt.Sprintf("run %s: who prepared it, its hash, its total or its approvers are not those that were planned", r.ID))
		case r.OtherPayouts:
			faults = append(faults, fmt.Sprintf("run %s: its payouts do not sum to its total", r.ID))
		default:
			faults = append(faults, fmt.Sprintf("run %s: it goes on with %d of %d approvals", r.ID, r.Approvals, r.NeedApprovers))
		}
	}
	return faults, err
}

// sumFaults are sums of the journal that are not those of rows and payouts.
func sumFaults(ctx context.Context, q *db.Queries) (faults []string, err error) {
	unbalanced, err := q.UnbalancedPostings(ctx)
	if err != nil {
		return nil, err
	}
	for _, u := range unbalanced {
		faults = append(faults, fmt.Sprintf("posting %d sums to %d %s", u.PostingID, u.AmountMinor, u.Currency))
	}
	payable, err := q.PayableDrift(ctx)
	if err != nil {
		return nil, err
	}
	for _, d := range payable {
		faults = append(faults, fmt.Sprintf("creator %s: payable is %d %s, its open rows sum to %d", d.CreatorID, d.JournalMinor, d.Currency, d.RowsMinor))
	}
	transit, err := q.TransitDrift(ctx)
	if err != nil {
		return nil, err
	}
	for _, d := range transit {
		faults = append(faults, fmt.Sprintf("creator %s: in transit is %d %s, its open payouts sum to %d", d.CreatorID, d.JournalMinor, d.Currency, d.PayoutsMinor))
	}
	cash, err := q.CashDrift(ctx)
	if err != nil {
		return nil, err
	}
	for _, d := range cash {
		faults = append(faults, fmt.Sprintf("%s: cash out is %d %s, its paid payouts sum to %d", d.Provider, d.JournalMinor, d.Currency, d.PayoutsMinor))
	}
	broken, err := q.PayoutDrift(ctx)
	for _, id := range broken {
		faults = append(faults, fmt.Sprintf("payout %s: its rows do not sum to its amount", id))
	}
	return faults, err
}
