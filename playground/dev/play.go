package dev

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/rapport-dev/rapport/partnership"
	"github.com/rapport-dev/rapport/partnership/board"
	"github.com/rapport-dev/rapport/partnership/ledger"
	"github.com/rapport-dev/rapport/store"
	"github.com/rapport-dev/rapport/workflows"
)

// redraw is how often the board is looked at.
const redraw = 500 * time.Millisecond

// preparer is who prepares the payout runs of this command; somebody else has to approve them.
const preparer = "dev"

// play shows the board while the campaign runs. With people it then pays what was earned; with Exit it ends with a report.
func (u *stackUp) play(ctx context.Context, o Options, s *screen, started time.Time) error {
	if !o.People && !o.Exit {
		return u.watch(ctx, s, func([]board.Campaign) (string, bool) { return "", false })
	}
	bounded, cancel := ctx, context.CancelFunc(func() {})
	if o.Exit {
		bounded, cancel = context.WithTimeout(ctx, limit(o.Timeout, u.settings.Day))
	}
	defer cancel()
	err := u.toTheEnd(bounded, s)
	if ctx.Err() != nil {
		return ctx.Err()
	}
	if errors.Is(bounded.Err(), context.DeadlineExceeded) {
		err = errors.Join(err, u.stuck(ctx, time.Since(started)))
	}
	if reportErr := u.report(ctx, o, started); reportErr != nil {
		err = errors.Join(err, reportErr)
	}
	if o.Exit || err != nil {
		return err
	}
	return u.watch(ctx, s, func([]board.Campaign) (string, bool) { return "All done. Ctrl-C stops everything.", false })
}

// limit is how long a whole run may take: a story is some 120 campaign days long at most, and a machine needs time to start.
func limit(asked, day time.Duration) time.Duration {
	if asked > 0 {
		return asked
	}
	return 10*time.Minute + 250*day
}

// toTheEnd waits for the outcomes, pays what was earned and waits until nothing is left to be applied.
func (u *stackUp) toTheEnd(ctx context.Context, s *screen) error {
	err := u.watch(ctx, s, func(all []board.Campaign) (string, bool) {
		for _, c := range all {
			if !c.State.Ended() {
				return "", false
			}
		}
		return "", len(all) > 0 && open(all) == 0
	})
	if err != nil {
		return err
	}
	if err := u.waitForHolds(ctx, s); err != nil {
		return err
	}
	programs, err := u.programs(ctx)
	if err != nil {
		return err
	}
	for program, zone := range programs {
		if err := u.pay(ctx, s, program, zone); err != nil {
			return err
		}
	}
	return u.drain(ctx, s)
}

// watch draws the board until done says so or ctx ends. A database that is away for a moment costs a redraw.
func (u *stackUp) watch(ctx context.Context, s *screen, done func([]board.Campaign) (note string, done bool)) error {
	for {
		_ = u.pids.save()
		if all, err := u.look(ctx); err == nil {
			note, end := done(all)
			if end {
				note = ""
			}
			s.draw(ctx, all, note)
			if end {
				return nil
			}
		}
		wait(ctx, redraw)
		if ctx.Err() != nil {
			return ctx.Err()
		}
	}
}

// until is watch for questions to the database that may fail for a moment.
func (u *stackUp) until(ctx context.Context, s *screen, ask func() (note string, done bool, err error)) error {
	return u.watch(ctx, s, func([]board.Campaign) (string, bool) {
		note, done, err := ask()
		if err != nil {
			return "Waiting for the database.", false
		}
		return note, done
	})
}

// waitForHolds waits until every sale has left its hold, so that one run pays all.
func (u *stackUp) waitForHolds(ctx context.Context, s *screen) error {
	return u.until(ctx, s, func() (string, bool, error) {
		books, err := u.store.LedgerDocument(ctx, store.LedgerFilter{})
		if err != nil {
			return "", false, err
		}
		now, n, last := time.Now(), 0, time.Time{}
		for _, r := range books.Rows {
			if r.State == ledger.Pending && r.EligibleAt.After(now) {
				n++
				if r.EligibleAt.After(last) {
					last = r.EligibleAt
				}
			}
		}
		return fmt.Sprintf("Waiting for earnings to leave their hold: %d, the last %s.", n, inDays(last.Sub(now), u.settings.Day)), n == 0, nil
	})
}

// programs are those of the campaigns, with their zones.
func (u *stackUp) programs(ctx context.Context) (map[string]string, error) {
	all, err := u.store.Campaigns(ctx)
	zones := map[string]string{}
	for _, c := range all {
		spec, err := u.store.Campaign(ctx, c.ID)
		if err != nil {
			return nil, err
		}
		zones[c.Program] = spec.Timezone
	}
	return zones, err
}

// pay runs the payouts of the current month and waits for their end; the simulated finance people approve in Slack.
func (u *stackUp) pay(ctx context.Context, s *screen, program, zone string) error {
	period, err := ledger.PeriodOf(zone, time.Now())
	if err != nil {
		return err
	}
	before, err := u.ended(ctx, program, period)
	if err != nil {
		return err
	}
	begun := false
	var last partnership.PayoutRun
	err = u.until(ctx, s, func() (string, bool, error) {
		if !begun {
			_, err := u.doors.StartPayoutRun(ctx, workflows.PayoutRunInput{Program: program, Zone: zone, Period: period, PreparedBy: preparer})
			if err != nil {
				return "", false, err
			}
			begun = true
		}
		runs, err := u.store.PayoutRuns(ctx, program, period)
		if err != nil || len(runs) == 0 {
			return "Paying " + program + ".", false, err
		}
		last = runs[len(runs)-1]
		now, err := u.ended(ctx, program, period)
		return fmt.Sprintf("Paying %s for %s: %s.", program, period, last.State), now > before, err
	})
	if err == nil && last.State == partnership.RunRejected {
		return fmt.Errorf("the payout run %s was rejected", last.ID)
	}
	return err
}

// ended counts the runs of a month that have come to their end.
func (u *stackUp) ended(ctx context.Context, program, period string) (int, error) {
	runs, err := u.store.PayoutRuns(ctx, program, period)
	n := 0
	for _, r := range runs {
		if r.State == partnership.RunReconciled || r.State == partnership.RunEmpty || r.State == partnership.RunRejected {
			n++
		}
	}
	return n, err
}

// forsaken is how long acts outside stay as they are before nobody is taken to work on them any more.
const forsaken = 30 * time.Second

// drain waits until every webhook is applied and every act outside is known to be done or not. Acts that a story left behind when
// it ended early, such as a card about a doubt that has resolved itself, are not waited for.
func (u *stackUp) drain(ctx context.Context, s *screen) error {
	var keys []string
	changed := time.Now()
	return u.until(ctx, s, func() (string, bool, error) {
		left, err := u.store.Unfinished(ctx)
		if err != nil {
			return "", false, err
		}
		queued, err := u.queuedWebhooks(ctx)
		if err != nil {
			return "", false, err
		}
		if !slices.Equal(keys, left.Keys) {
			keys, changed = left.Keys, time.Now()
		}
		note := fmt.Sprintf("Waiting for what is still under way: %d webhooks, %d acts outside.", left.Webhooks+queued, left.Effects)
		return note, left.Webhooks == 0 && queued == 0 && (left.Effects == 0 || time.Since(changed) > forsaken), nil
	})
}
