package workflows

import (
	"go.temporal.io/sdk/workflow"

	"github.com/rapport-dev/rapport/activities"
	"github.com/rapport-dev/rapport/partnership"
)

// trackingAndGifting makes the tracking kit while the gift is on its way: both start at the signature and neither needs the other.
func (s *story) trackingAndGifting(ctx workflow.Context) error {
	s.enter(ctx, partnership.Tracking)
	s.takesBack(undoCode)
	var kitErr error
	kit := workflow.NewWaitGroup(ctx)
	kit.Add(1)
	workflow.GoNamed(ctx, "tracking kit", func(ctx workflow.Context) {
		defer kit.Done()
		_, kitErr = step(ctx, s, createTrackingKit, "Make the tracking link and code",
			activities.Tracking{PartnershipID: s.PartnershipID})
	})
	giftErr := s.gifting(ctx)
	kit.Wait(ctx)
	if giftErr != nil {
		return giftErr
	}
	return kitErr
}

// verifyTracking is the go-live gate: nothing clears to post before link and code were seen to work and to be this creator's.
func (s *story) verifyTracking(ctx workflow.Context) error {
	v, err := step(ctx, s, verifyTracking, "Verify the tracking link and code",
		activities.Tracking{PartnershipID: s.PartnershipID})
	if err != nil {
		return err
	}
	s.note(ctx, "tracking_verified", "rapport", v.Detail) // by the story's clock, as everything on its timeline
	return nil
}
