package workflows

import (
	"time"

	"go.temporal.io/sdk/workflow"

	"github.com/rapport-dev/rapport/activities"
)

// The daily look at transfers: a Schedule starts it, so that what the provider shows and the books do not explain is known before a run is
// stopped by it.
const (
	TransfersType       = "LookAtTransfers"
	TransfersWorkflowID = "transfers-look"
	TransfersScheduleID = "transfers-look"
)

// TransfersEvery is how often it looks: each campaign day.
func TransfersEvery(day time.Duration) time.Duration {
	if day <= 0 {
		day = 24 * time.Hour
	}
	return max(day, time.Minute)
}

// TransfersInput starts a look.
type TransfersInput struct {
	Day time.Duration `json:"day"`
}

// LookAtTransfers reads the list of each provider that a program pays by. What is new is told by its card, what a person has called a
// double is reversed. One provider that does not answer is no reason not to ask the others; the next look asks it again. It returns how
// many transfers wait for a person.
func LookAtTransfers(ctx workflow.Context, in TransfersInput) (open int, err error) {
	providers, err := execute(ctx, in.Day, knownTransfers, "Find since when each provider's list is to be read", struct{}{}, bounded(time.Hour))
	if err != nil {
		return 0, err
	}
	for _, of := range providers {
		look := activities.TransfersLook{Provider: of.Provider, Since: of.Since}
		n, err := execute(ctx, in.Day, findDifferences.by(of.Provider), "Look for transfers that the books do not explain", look, long(in.Day), bounded(time.Hour))
		if err != nil {
			workflow.GetLogger(ctx).Warn("a provider's transfers were not looked at; the next look does it", "provider", of.Provider, "error", err)
			continue
		}
		open += n
	}
	return open, nil
}
