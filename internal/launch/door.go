package launch

import (
	"context"
	"errors"

	"github.com/rapport-dev/rapport/internal/intake"
	p "github.com/rapport-dev/rapport/partnership"
	door "github.com/rapport-dev/rapport/web/launch"
)

// Door is the launch that Slack and the API call.
func (l *Launcher) Door(ctx context.Context, r door.Request) (door.Result, error) {
	files := Files{CampaignName: door.CampaignFile, Campaign: r.Campaign, CreatorsName: door.CreatorsFile, Creators: r.Creators, By: r.By}
	files.Consent = p.Consent{Hash: r.Confirm, By: r.By, Reason: r.Reason}
	if r.CheckOnly {
		d := Read(files, l.Now(), l.Day)
		if len(d.Faults) > 0 {
			return door.Result{}, faults(d.Faults)
		}
		if err := l.vendorsOn(d.Campaign); err != nil {
			return door.Result{}, err
		}
		if err := l.Store.AskFirst(ctx, d.Creators); err != nil {
			return door.Result{}, err
		}
		return door.Result{Name: d.Campaign.Name, Creators: len(d.Creators), Warnings: warnings(d.Warnings)}, nil
	}
	launched, err := l.Launch(ctx, files, 1)
	if wrong, ok := errors.AsType[*Faulty](err); ok {
		return door.Result{}, faults(wrong.Faults)
	}
	if err != nil {
		return door.Result{}, err
	}
	return door.Result{
		ID: launched.ID, Name: launched.Campaign.Name, Creators: launched.Creators, Again: !launched.Created, Warnings: warnings(launched.Warnings),
	}, nil
}

func faults(found []intake.Fault) door.Faults {
	out := make(door.Faults, len(found))
	for i, f := range found {
		out[i] = door.Fault{File: f.File, Line: f.Line, Field: f.Field, Message: f.Message}
	}
	return out
}

func warnings(found []intake.Warning) []string {
	out := make([]string, len(found))
	for i, w := range found {
		out[i] = w.String()
	}
	return out
}
