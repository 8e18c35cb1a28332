package workflows

import (
	"fmt"
	"time"

	"go.temporal.io/sdk/workflow"

	"github.com/rapport-dev/rapport/activities"
	"github.com/rapport-dev/rapport/partnership"
	"github.com/rapport-dev/rapport/partnership/timeline"
)

// payableState is whether the creator can be paid.
type payableState struct {
	PayoutReady bool `json:"PayoutReady"`
}

// PayoutAccountReady says that the creator's account may receive transfers.
type PayoutAccountReady struct {
	EventID string `json:"EventID"`
	Addressed
}

// hearPayoutAccount takes the rail's word that the creator's account may receive transfers.
func (s *story) hearPayoutAccount(ctx workflow.Context, sel workflow.Selector) {
	on(ctx, sel, SignalPayoutAccountReady, func(PayoutAccountReady) { s.PayoutReady = true })
}

// performance lets the sales window run. Meanwhile the creator sets up how to be paid, so that no payout waits for it.
func (s *story) performance(ctx workflow.Context) error {
	s.enter(ctx, partnership.Performance)
	if err := s.closeAmendment(ctx, "the content is live under the signed terms"); err != nil {
		return err
	}
	end := s.Plan.Due(timeline.WindowEnd)
	setup := activities.Request{
		Letter: activities.Letter{PartnershipID: s.PartnershipID, Stage: s.Stage, Kind: "payout_setup", Task: "payout_setup", Step: "request", Due: end},
		Task:   partnership.TaskPayoutSetup,
	}
	account, err := step(ctx, s, askForPayoutSetup.by(s.Terms.Rail), "Ask how the creator wants to be paid", setup)
	if err != nil {
		return err
	}
	s.PayoutReady = s.PayoutReady || account.Ready
	s.waitFor(ctx, "the end of the sales window", end)
	return s.chasePayoutSetup(ctx, end)
}

// chaserDays is the least time between two mails about a missing payout set-up, in campaign days (RULES: at most every 3 days).
const chaserDays = 3

// maxChasers bounds the mails about a missing payout set-up; later the monthly statement says what is missing.
const maxChasers = 3

// chasePayoutSetup waits for the window's end and reminds of the payout set-up while it is missing.
func (s *story) chasePayoutSetup(ctx workflow.Context, end time.Time) error {
	asked := workflow.Now(ctx)
	for n := 1; n <= maxChasers && !s.PayoutReady; n++ {
		at := s.cal.Quiet(s.cal.Add(asked, chaserDays*float64(n)), s.CreatorZone)
		if !at.Before(end) {
			break
		}
		if err := s.awaitManager(ctx, at, func() bool { return s.PayoutReady }); err != nil {
			return err
		}
		if s.PayoutReady {
			break
		}
		if s.Paused != "" {
			continue
		}
		l := activities.Letter{PartnershipID: s.PartnershipID, Stage: s.Stage, Kind: "payout_reminder", Task: "payout_setup", Step: fmt.Sprintf("chaser-%d", n), Due: end}
		if _, err := step(ctx, s, sendLetter, "Remind of the payout set-up", l); err != nil {
			return err
		}
	}
	return s.awaitManager(ctx, end, func() bool { return false })
}

// payoutHandOver sums up what the partnership brought, tells the creator what they earned and when it is paid, and suggests
// what to do with this creator next. From here on the ledger and the monthly run see to the money.
func (s *story) payoutHandOver(ctx workflow.Context) error {
	s.moveTo(partnership.PayoutStage) // for a moment only: not worth an upsert
	r, err := step(ctx, s, handOver, "Sum up and tell the creator what they earned",
		activities.Letter{PartnershipID: s.PartnershipID, Stage: s.Stage, Kind: "wrap_up", Task: "wrap_up", Step: "request"})
	if err != nil {
		return err
	}
	s.note(ctx, "handed_over", "rapport", r.Summary)
	s.note(ctx, "renewal", "brand", r.Renewal)
	return nil
}
