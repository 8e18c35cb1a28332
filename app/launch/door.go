package launch

import (
	"context"

	"github.com/rapport-dev/rapport/app/deeds"
	"github.com/rapport-dev/rapport/intake"
	p "github.com/rapport-dev/rapport/partnership"
)

// The names of the two files in faults, where people gave them no names.
const (
	CampaignFile = "campaign.yaml"
	CreatorsFile = "creators.csv"
)

// Request is a campaign.yaml and a creators.csv as people handed them over through Slack or the API.
type Request struct {
	Campaign  []byte
	Creators  []byte
	By        deeds.By
	CheckOnly bool   // find the faults and change nothing
	Confirm   string // the hash of changes to people with open work that were shown; only these are made
	Reason    string // why somebody who was erased comes back
}

// Result is the campaign that was launched, or that the same files had launched before.
type Result struct {
	ID       p.CampaignID `json:"id"`
	Name     string       `json:"name"`
	Creators int          `json:"creators"`
	Again    bool         `json:"again"` // it was there already
	Warnings []string     `json:"warnings"`
}

// Func launches. Wrong files are *Faulty, all of their faults at once, and nothing was changed; the same files again are the same
// campaign.
type Func func(ctx context.Context, r Request) (Result, error)

// Door is the launch that Slack and the API call: a Func.
func (l *Launcher) Door(ctx context.Context, r Request) (Result, error) {
	files := Files{
		CampaignName: CampaignFile, Campaign: r.Campaign, CreatorsName: CreatorsFile, Creators: r.Creators, By: r.By,
		Consent: p.Consent{Hash: r.Confirm, By: r.By.Who, Reason: r.Reason},
	}
	if r.CheckOnly {
		return l.check(ctx, files)
	}
	launched, err := l.Launch(ctx, files, 1)
	if err != nil {
		return Result{}, err
	}
	return Result{
		ID: launched.ID, Name: launched.Campaign.Name, Creators: launched.Creators, Again: !launched.Created, Warnings: warnings(launched.Warnings),
	}, nil
}

// check finds what would keep the files from being launched.
func (l *Launcher) check(ctx context.Context, files Files) (Result, error) {
	d, err := l.prepare(files)
	if err != nil {
		return Result{}, err
	}
	if err := l.Store.AskFirst(ctx, d.Creators); err != nil {
		return Result{}, err
	}
	return Result{Name: d.Campaign.Name, Creators: len(d.Creators), Warnings: warnings(d.Warnings)}, nil
}

func warnings(found []intake.Warning) []string {
	out := make([]string, len(found))
	for i, w := range found {
		out[i] = w.String()
	}
	return out
}
