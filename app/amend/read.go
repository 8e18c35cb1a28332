package amend

import (
	"bytes"
	"slices"
	"time"

	"github.com/rapport-dev/rapport/app/launch"
	"github.com/rapport-dev/rapport/intake"
	"github.com/rapport-dev/rapport/partnership"
	"github.com/rapport-dev/rapport/partnership/roster"
)

// Files are a changed campaign.yaml and further creators, each nil when it is not given, with the names that faults show.
type Files struct {
	CampaignName string
	Campaign     []byte
	CreatorsName string
	Creators     []byte
}

// Read is the change that the files ask of a running campaign; what is not given stays as it runs. Wrong files are *launch.Faulty. day
// is how long a campaign day lasts, known who ships and pays.
func Read(files Files, running partnership.Campaign, launched time.Time, day time.Duration, known intake.Vendors) (partnership.CampaignChange, error) {
	change := partnership.CampaignChange{Spec: running}
	var faults []intake.Fault
	if files.Campaign != nil {
		change.Spec, faults, _ = intake.ParseCampaign(files.CampaignName, files.Campaign, launched, day, known)
	}
	if files.Creators != nil {
		further, wrong, doubts := intake.ParseCreators(files.CreatorsName, bytes.NewReader(files.Creators))
		change.Creators, faults = further, append(append(faults, wrong...), intake.Twice(doubts)...)
	}
	fits := func(c partnership.Creator) bool { return roster.Passes(roster.Vet(c, change.Spec.Selection)) }
	if len(faults) == 0 && files.Creators != nil && !slices.ContainsFunc(change.Creators, fits) {
		faults = append(faults, intake.Fault{
			File: files.CreatorsName, Line: 1, Message: "none of the creators passes the campaign's selection (tiers, niches, min_engagement); widen it or add others",
		})
	}
	if len(faults) > 0 {
		return partnership.CampaignChange{}, &launch.Faulty{Faults: faults}
	}
	return change, nil
}
