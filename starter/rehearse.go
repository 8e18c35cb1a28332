package main

import (
	"errors"
	"os"
	"time"

	"github.com/rapport-dev/rapport/app/launch"
	"github.com/rapport-dev/rapport/partnership"
	"github.com/rapport-dev/rapport/partnership/zones"
	"github.com/rapport-dev/rapport/rehearsal"
	"github.com/rapport-dev/rapport/wiring/front"
	"github.com/rapport-dev/rapport/wiring/settings"
)

type rehearseCommand struct {
	campaignFiles
	Runs   int    `default:"1" help:"1 lists everything that would be sent; more give a forecast, 20 and more an advice too."`
	Seed   uint64 `default:"1" help:"The same seed gives the same rehearsal, to the last byte."`
	Start  string `placeholder:"2026-11-30" help:"The day of the launch, at 9 in the campaign's zone; today by default."`
	People bool   `help:"People behave as the simulated ones of 'rapport dev --people' do."`
	HTML   string `name:"html" placeholder:"FILE" help:"Also write a page with charts."`
}

func (rehearseCommand) Help() string {
	return `Plays the campaign before it is launched: the same workflows on a virtual clock, with modelled creators, managers, carriers
and buyers. It needs no server and changes nothing; where RAPPORT_DATABASE_URL is set, people behave as they did in your own past.

  rapport rehearse -f examples/hybrid/campaign.yaml --creators examples/hybrid/creators.csv
  rapport rehearse -f campaign.yaml --creators creators.csv --runs 200 --html rehearsal.html`
}

func (c rehearseCommand) Run(a *app) error {
	files, err := c.read()
	if err != nil {
		return err
	}
	s, err := a.settings()
	if err != nil {
		return err
	}
	start, draft, err := c.draft(files, s)
	if err != nil {
		return err
	}
	behaviour, basis, err := c.behaviour(a)
	if err != nil {
		return err
	}
	if err := c.writable(); err != nil {
		return err
	}
	report, err := rehearsal.Rehearse(a.ctx, rehearsal.Options{
		Campaign: draft.Campaign, Creators: draft.Creators, Behaviour: behaviour, Basis: basis,
		Start: start, Day: s.Day, Seed: c.Seed, Runs: c.Runs,
	})
	if err != nil {
		return err
	}
	if err := c.page(report); err != nil {
		return err
	}
	if a.json {
		return a.show(report, nil)
	}
	return report.Text(a.out)
}

// draft reads the files as if it were the launch's morning. Relative dates count from it, so it has to be the same in the next
// rehearsal of the day.
func (c rehearseCommand) draft(files launch.Files, s settings.Settings) (time.Time, launch.Draft, error) {
	now := time.Now()
	first := launch.Read(files, now, s.Day, s.Known())
	loc := zones.Or(first.Campaign.Timezone)
	day := now.In(loc)
	if c.Start != "" {
		var err error
		if day, err = time.ParseInLocation(time.DateOnly, c.Start, loc); err != nil {
			return day, first, partnership.FieldErrorf("start", "%q is not allowed; a date such as 2026-11-30 is wanted", c.Start)
		}
	}
	start := time.Date(day.Year(), day.Month(), day.Day(), 9, 0, 0, 0, loc)
	draft := launch.Read(files, start, s.Day, s.Known())
	if len(draft.Faults) > 0 {
		return start, draft, &launch.Faulty{Faults: draft.Faults}
	}
	return start, draft, nil
}

func (c rehearseCommand) behaviour(a *app) (rehearsal.Behaviour, []rehearsal.Basis, error) {
	if c.People {
		return rehearsal.Town(), nil, nil
	}
	past, err := a.past()
	if err != nil {
		return rehearsal.Behaviour{}, nil, err
	}
	behaviour, basis := rehearsal.FromHistory(past)
	return behaviour, basis, nil
}

// past is what the store has seen of people; nil where no database is set.
func (a *app) past() (*rehearsal.History, error) {
	if a.loaded.DatabaseURL.Reveal() == "" || len(a.loaded.SecretKey.Reveal()) == 0 {
		return nil, nil
	}
	kept, err := a.store()
	if err != nil {
		return nil, err
	}
	return front.Past(a.ctx, kept)
}

// writable finds out before the long work whether the page can be kept.
func (c rehearseCommand) writable() error {
	if c.HTML == "" {
		return nil
	}
	f, err := os.OpenFile(c.HTML, os.O_CREATE|os.O_WRONLY, 0o600)
	if err != nil {
		return partnership.FieldErrorf("html", "%q cannot be written: %v", c.HTML, errors.Unwrap(err))
	}
	return f.Close()
}

func (c rehearseCommand) page(report *rehearsal.Report) error {
	if c.HTML == "" {
		return nil
	}
	file, err := os.Create(c.HTML)
	if err != nil {
		return err
	}
	return errors.Join(report.HTML(file), file.Close())
}
