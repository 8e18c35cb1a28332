package main

import (
	"os"
	"time"

	"golang.org/x/term"

	"github.com/rapport-dev/rapport/partnership"
	"github.com/rapport-dev/rapport/playground/dev"
)

type devCommand struct {
	People   bool          `help:"Simulated creators, managers, finance and buyers act through the real pages and Slack."`
	Exit     bool          `help:"End when every partnership has an outcome and the payouts are reconciled."`
	Empty    bool          `help:"Launch nothing: launch your own in the sandbox's Slack, on the console or from a shell."`
	Campaign string        `placeholder:"F" help:"A campaign.yaml instead of the sample."`
	Creators string        `placeholder:"F" help:"Its creators.csv."`
	Dir      string        `default:"var" help:"Where data, logs and the secrets made for this folder are kept."`
	Seed     int64         `default:"1" help:"Of the simulated people: the same seed, the same people."`
	Timeout  time.Duration `help:"With --exit, how long it may take. Without it that follows RAPPORT_DAY."`
}

func (devCommand) Help() string {
	return `Starts Postgres and Temporal (or uses RAPPORT_DATABASE_URL and TEMPORAL_ADDRESS), the vendors' sandbox, the worker and the
front door, launches the sample campaign and shows a live board. Ctrl-C stops everything; the data stays in --dir for the
next start. With --people a campaign day lasts 2s unless RAPPORT_DAY says otherwise.

  rapport dev --people
  rapport dev --people --exit --json >report.json
  rapport dev --campaign campaign.yaml --creators creators.csv
  rapport dev --empty`
}

func (c devCommand) Run(a *app) error {
	if (c.Campaign == "") != (c.Creators == "") {
		return partnership.FieldErrorf("campaign", "--campaign and --creators belong together")
	}
	if c.Empty && (c.People || c.Exit || c.Campaign != "") {
		return partnership.FieldErrorf("empty", "--empty launches nothing, so there is nobody to play and no end to wait for: leave --people, --exit and --campaign out")
	}
	options := dev.Options{
		Dir: c.Dir, People: c.People, Exit: c.Exit, Empty: c.Empty, CampaignFile: c.Campaign, CreatorsFile: c.Creators, Seed: c.Seed, Timeout: c.Timeout,
		Board: a.out, Terminal: terminal,
	}
	if a.json { // stdout is for the report
		options.Board, options.Report = a.errOut, a.out
		options.Terminal = func() (int, int, bool) { return 0, 0, false }
	}
	return dev.Run(a.ctx, options)
}

// terminal is the size of stdout's terminal, if it is one.
func terminal() (width, height int, ok bool) {
	fd := int(os.Stdout.Fd())
	if !term.IsTerminal(fd) {
		return 0, 0, false
	}
	width, height, err := term.GetSize(fd)
	return width, height, err == nil
}
