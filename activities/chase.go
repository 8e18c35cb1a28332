package activities

import (
	"context"
	"log/slog"
	"strconv"
	"time"

	"go.temporal.io/sdk/activity"

	"github.com/rapport-dev/rapport/partnership"
	"github.com/rapport-dev/rapport/partnership/zones"
)

// Payees are those whose money waits, and what they were told of it.
type Payees interface {
	// WaitingPayees are a page of those to whom something is due in a program and who lack something, in the order of programs and creators;
	// next is "" at the end.
	WaitingPayees(ctx context.Context, cursor string) (waiting []partnership.WaitingPayee, next string, err error)
	// OpenChasers are the keys of mails to them of which nobody knows whether they went out.
	OpenChasers(ctx context.Context) ([]partnership.EffectKey, error)
	// ForgetPapers empties the tax papers of people who were erased, once the law asks for them no longer.
	ForgetPapers(ctx context.Context) (papers int, err error)
}

// ChasePage asks for one page of a look that began at Since.
type ChasePage struct {
	Since  time.Time `json:"since"`
	Cursor string    `json:"cursor,omitempty"`
}

// Chased is what became of it.
type Chased struct {
	Chased int    `json:"chased"`
	Cursor string `json:"cursor,omitempty"`
}

// chasedAtOnce is how many mails one step sends.
const chasedAtOnce = 50

// ChasePayees writes to some of those whose money waits. Somebody to whom it cannot be written now holds up nobody: the next look tries again.
func (a *Activities) ChasePayees(ctx context.Context, in ChasePage) (out Chased, err error) {
	defer mapped(&err)
	out.Cursor = in.Cursor
	for out.Chased < chasedAtOnce {
		waiting, next, err := a.Store.WaitingPayees(ctx, out.Cursor)
		if err != nil {
			return out, err
		}
		for _, payee := range waiting {
			if activity.IsActivity(ctx) {
				activity.RecordHeartbeat(ctx)
			}
			sent, err := a.chase(ctx, payee, in.Since)
			if err != nil {
				slog.WarnContext(ctx, "somebody whose money waits was not written to", "creator_id", payee.CreatorID, "error", err)
			}
			if sent {
				out.Chased++
			}
		}
		if out.Cursor = next; next == "" {
			break
		}
	}
	if out.Cursor != "" {
		return out, nil
	}
	return out, a.settleChasers(ctx)
}

// settleChasers finds out what became of mails whose answer was lost: nobody else looks for them. The error says that of some it is not known
// yet; the next attempt looks again, until it is found or a person is asked.
func (a *Activities) settleChasers(ctx context.Context) (unknown error) {
	open, err := a.Store.OpenChasers(ctx)
	if err != nil {
		return err
	}
	for _, key := range open {
		if err := a.letGo(ctx, key); err != nil && !undelivered(err) {
			unknown = err
		}
	}
	return unknown
}

// chase is the reminder of a payout's set-up, with what is missing in one list.
func (a *Activities) chase(ctx context.Context, payee partnership.WaitingPayee, since time.Time) (bool, error) {
	if payee.PartnershipID == "" || !a.byDay(payee.Timezone, since) {
		return false, nil
	}
	task := partnership.Task{PartnershipID: payee.PartnershipID, Kind: partnership.TaskPayoutSetup, Name: string(partnership.TaskPayoutSetup)}
	link, err := a.Store.OpenTask(ctx, task)
	if err != nil {
		return false, err
	}
	_, err = a.remindOfPayout(ctx, Letter{
		PartnershipID: payee.PartnershipID, Stage: partnership.PayoutStage, Kind: "payout_reminder", Task: task.Name, Step: "missing-" + strconv.FormatInt(since.Unix(), 10),
	}, link)
	return err == nil, err
}

// byDay is whether people may be written to in a zone, which on shortened days they always may.
func (a *Activities) byDay(zone string, now time.Time) bool {
	hour := now.In(zones.Or(zone)).Hour()
	return a.Day < 24*time.Hour || hour >= 9 && hour < 18
}

// ForgetPapers empties what nobody has to keep.
func (a *Activities) ForgetPapers(ctx context.Context, _ struct{}) (err error) {
	defer mapped(&err)
	papers, err := a.Store.ForgetPapers(ctx)
	if papers > 0 {
		slog.InfoContext(ctx, "tax papers of people who were erased are forgotten", "papers", papers)
	}
	return err
}
