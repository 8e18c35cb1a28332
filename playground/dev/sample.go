package dev

import (
	"context"
	"fmt"
	"os"
	"time"

	"github.com/rapport-dev/rapport/app/deeds"
	"github.com/rapport-dev/rapport/app/launch"
	"github.com/rapport-dev/rapport/examples"
	"github.com/rapport-dev/rapport/partnership"
	"github.com/rapport-dev/rapport/web/access"
)

// sample is the campaign that this start plays.
type sample struct {
	spec     partnership.Campaign
	creators []partnership.Creator
}

// launch starts the campaign, or its next round when an earlier start has played it to its end. One that still runs goes on.
func (u *stackUp) launch(ctx context.Context, o Options, say func(string, ...any)) (sample, error) {
	files, err := readFiles(o)
	if err != nil {
		return sample{}, err
	}
	read := launch.Read(files, time.Now(), u.settings.Day, u.settings.Known())
	if len(read.Faults) > 0 {
		return sample{}, &launch.Faulty{Faults: read.Faults}
	}
	id, round, running, err := u.lastRound(ctx, read.Campaign)
	if err != nil {
		return sample{}, err
	}
	if running {
		say("%s, round %d, goes on where the last start left it.", read.Campaign.Name, round)
	} else {
		by := deeds.By{Who: access.Shell(), Roles: []deeds.Role{deeds.Manager}}
		launched, err := u.launcher.Launch(ctx, launch.Request{Files: files, By: by, Round: round + 1})
		if err != nil {
			return sample{}, err
		}
		for _, warning := range launched.Warnings {
			say("warning: %s", warning)
		}
		id = launched.ID
		say("Launched %s, round %d.", launched.Campaign.Name, launched.Campaign.Round)
	}
	spec, err := u.store.Campaign(ctx, id)
	return sample{spec: spec, creators: read.Creators}, err
}

func readFiles(o Options) (launch.Files, error) {
	if o.CampaignFile == "" {
		const folder = "hybrid/"
		campaign, err := examples.Files.ReadFile(folder + "campaign.yaml")
		if err != nil {
			return launch.Files{}, err
		}
		creators, err := examples.Files.ReadFile(folder + "creators.csv")
		return launch.Files{CampaignName: "examples/hybrid/campaign.yaml", Campaign: campaign, CreatorsName: "examples/hybrid/creators.csv", Creators: creators}, err
	}
	campaign, err := os.ReadFile(o.CampaignFile)
	if err != nil {
		return launch.Files{}, fmt.Errorf("--campaign: %w", err)
	}
	creators, err := os.ReadFile(o.CreatorsFile)
	if err != nil {
		return launch.Files{}, fmt.Errorf("--creators: %w", err)
	}
	return launch.Files{CampaignName: o.CampaignFile, Campaign: campaign, CreatorsName: o.CreatorsFile, Creators: creators}, nil
}

// lastRound finds the newest launch of a campaign by its name, and whether it still runs.
func (u *stackUp) lastRound(ctx context.Context, spec partnership.Campaign) (id partnership.CampaignID, round int, running bool, err error) {
	all, err := u.store.Campaigns(ctx)
	for _, c := range all {
		if c.Name == spec.Name && c.Program == spec.Program && c.Round > round {
			id, round, running = c.ID, c.Round, !c.State.Ended()
		}
	}
	if running {
		// Its workflow may never have started: the launch before may have died between the two.
		_, err = u.doors.StartCampaign(ctx, id, spec.Program)
	}
	return id, round, running, err
}
