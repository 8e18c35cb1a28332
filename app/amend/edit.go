package amend

import (
	"context"
	"time"

	"github.com/rapport-dev/rapport/app/launch"
	"github.com/rapport-dev/rapport/intake"
	"github.com/rapport-dev/rapport/partnership"
)

// Words are those that Edit takes, in the order of a form.
var Words = intake.Edits

// Edit is the change that words such as slots=32 or to=2026-12-20 ask of a running campaign. Wrong ones are *launch.Faulty, whose
// faults' fields are the words.
func (a *Amender) Edit(ctx context.Context, id partnership.CampaignID, edits map[string]string) (partnership.CampaignChange, error) {
	running, launched, err := a.running(ctx, id)
	if err != nil {
		return partnership.CampaignChange{}, err
	}
	spec, faults := intake.EditCampaign(running, edits, launched, a.Day)
	if len(faults) > 0 {
		return partnership.CampaignChange{}, &launch.Faulty{Faults: faults}
	}
	return partnership.CampaignChange{Spec: spec}, nil
}

// Editable is what Edit can change, by its word, as the campaign runs.
func (a *Amender) Editable(ctx context.Context, id partnership.CampaignID) (values map[string]string, currency string, err error) {
	running, launched, err := a.running(ctx, id)
	if err != nil {
		return nil, "", err
	}
	return intake.Editable(running, launched, a.Day), running.Currency, nil
}

func (a *Amender) running(ctx context.Context, id partnership.CampaignID) (partnership.Campaign, time.Time, error) {
	launched, err := a.Store.LaunchedAt(ctx, id)
	if err != nil {
		return partnership.Campaign{}, launched, err
	}
	running, err := a.Store.Campaign(ctx, id)
	return running, launched, err
}
