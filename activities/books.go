package activities

import (
	"context"
	"fmt"
	"time"

	"github.com/rapport-dev/rapport/partnership"
	"github.com/rapport-dev/rapport/partnership/money"
)

// mostTransfers bounds how many transfers are read at once: four months of the largest program.
const mostTransfers = 400_000

// CheckBooks is asked before anything is planned, and again before anything is sent (RULES, money 16): the books must verify, what is new
// in them is sealed, and every transfer that the provider shows since the newest one that they know must be explained. A database that was restored from a backup
// does not know what it paid since, and would pay it again; nor does it know a run that was begun since, which ends then. What a person has settled as a double is reversed here.
func (a *Activities) CheckBooks(ctx context.Context, in RunRef) (err error) {
	defer mapped(&err)
	var lines error // that the run's are not those that were approved is said of books that verify
	if in.RunID != "" {
		if lines = a.Store.CheckRun(ctx, in.RunID, partnership.RunKnown{LinesHash: in.LinesHash, Sending: in.Sending, Rejected: in.Rejected}); partnership.CodeOf(lines) == partnership.WentBack {
			return lines
		}
	}
	faults, err := beating(ctx, func() ([]string, error) { return a.Store.VerifyLedger(ctx) })
	if err != nil {
		return err
	}
	if len(faults) > 0 {
		return partnership.Errorf(partnership.Conflict, "the books do not verify, and nothing is paid by them: %s%s; see all, and what to do: rapport ledger verify", faults[0], andMore(len(faults)-1))
	}
	if _, err := beating(ctx, func() (struct{}, error) { return struct{}{}, a.Store.SealBooks(ctx) }); err != nil {
		return err
	}
	if lines != nil {
		return lines
	}
	known, err := a.Store.KnownUntil(ctx, in.Program)
	if err != nil {
		return err
	}
	for _, of := range known {
		if err := a.checkProvider(ctx, of.Provider, of.Since); err != nil {
			return err
		}
	}
	return nil
}

// checkProvider refuses while a provider shows a transfer that the books do not explain.
func (a *Activities) checkProvider(ctx context.Context, provider string, since time.Time) error {
	rail, err := a.rail(provider)
	if err != nil {
		return err
	}
	open, err := a.differences(ctx, rail, provider, since)
	if err != nil {
		return err
	}
	if len(open) == 0 {
		return nil
	}
	first := open[0]
	return partnership.Errorf(partnership.Conflict, "the books do not explain what %s shows: %s of %s on %s, %s%s; nothing is paid until each is settled: rapport payouts differences",
		provider, first.ID, money.Display(first.AmountMinor, first.Currency), first.CreatedAt.UTC().Format("2 Jan 2006"), first.Why, andMore(len(open)-1))
}

func andMore(n int) string {
	if n == 0 {
		return ""
	}
	return fmt.Sprintf(", and %d more", n)
}

// differences reads the provider's list, reverses what a person called a double, and returns what is left to settle. A reversal's intent
// is the person's word in the books, its look-up the list that was just read, and its receipt what the list shows after it: as with
// payouts, the row is the effect.
func (a *Activities) differences(ctx context.Context, rail PayoutRail, provider string, since time.Time) ([]partnership.Difference, error) {
	open, err := a.readDifferences(ctx, rail, provider, since)
	if err != nil {
		return nil, err
	}
	reversed := false
	for _, d := range open {
		if d.Settled != partnership.SettleDouble {
			continue
		}
		beat(ctx)
		// The key says what had come back before, so that a repetition takes nothing twice and a further part is a new one.
		key := partnership.EffectKey(fmt.Sprintf("transfer/%s/reverse/%d", d.ID, d.ReversedMinor))
		if err := rail.Reverse(ctx, key, d.ID, d.Currency, d.AmountMinor-d.ReversedMinor); err != nil {
			return nil, err
		}
		reversed = true
	}
	if !reversed {
		return open, nil
	}
	return a.readDifferences(ctx, rail, provider, since)
}

func (a *Activities) readDifferences(ctx context.Context, rail PayoutRail, provider string, since time.Time) ([]partnership.Difference, error) {
	list, err := beating(ctx, func() ([]partnership.Transfer, error) { return rail.Transfers(ctx, since, mostTransfers) })
	if err != nil {
		return nil, err
	}
	return a.Store.NoteDifferences(ctx, provider, since, list)
}
