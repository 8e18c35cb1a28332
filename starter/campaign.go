package main

import (
	"errors"
	"io"
	"os"
	"path/filepath"
	"time"

	"github.com/rapport-dev/rapport/app/launch"
	"github.com/rapport-dev/rapport/intake"
	"github.com/rapport-dev/rapport/partnership"
	"github.com/rapport-dev/rapport/partnership/money"
)

type campaignCommands struct {
	Validate validateCommand         `cmd:"" help:"Check a campaign file and a creators file; change nothing."`
	Launch   launchCommand           `cmd:"" help:"Launch a campaign. The same files again find the same campaign."`
	List     campaignListCommand     `cmd:"" help:"List campaigns."`
	Status   campaignStatusCommand   `cmd:"" help:"Show a campaign's board."`
	Report   campaignReportCommand   `cmd:"" help:"Show what a campaign brought and cost, and what to do next."`
	Calendar campaignCalendarCommand `cmd:"" help:"Show what is due when, for whom, with the buffer left."`
	History  campaignHistory         `cmd:"" help:"Write its recorded history to a file, for replay."`
	Amend    campaignAmendCommand    `cmd:"" help:"Change a running campaign: show whom it reaches, then apply it."`
	Invite   campaignInviteCommand   `cmd:"" help:"Invite a creator out of turn: show what it would do, then do it."`
	Veto     campaignVetoCommand     `cmd:"" help:"Leave somebody out who was not invited yet, or put them in line again."`
	Pause    pauseCommand            `cmd:"" help:"Stop inviting and reminding until it is resumed."`
	Resume   resumeCommand           `cmd:"" help:"Go on after a pause."`
	Cancel   cancelCommand           `cmd:"" help:"End a campaign: void envelopes, cancel orders, deactivate codes, tell people."`
}

// campaignFiles are the two files of validate and launch.
type campaignFiles struct {
	File     string `short:"f" required:"" placeholder:"campaign.yaml" help:"The campaign."`
	Creators string `required:"" placeholder:"creators.csv" help:"Whom it may invite."`
}

// read loads both files. A file that cannot be read is wrong input like any other.
func (f campaignFiles) read() (launch.Files, error) {
	files := launch.Files{CampaignName: f.File, CreatorsName: f.Creators}
	var faults []intake.Fault
	load := func(name string) []byte {
		text, fault := readFile(name)
		if fault != nil {
			faults = append(faults, *fault)
		}
		return text
	}
	files.Campaign, files.Creators = load(f.File), load(f.Creators)
	if len(faults) > 0 {
		return files, &launch.Faulty{Faults: faults}
	}
	return files, nil
}

func readFile(name string) ([]byte, *intake.Fault) {
	text, err := os.ReadFile(name)
	if err == nil {
		return text, nil
	}
	if path, ok := errors.AsType[*os.PathError](err); ok {
		err = path.Err
	}
	return nil, &intake.Fault{File: filepath.ToSlash(name), Line: 1, Message: "cannot be read: " + err.Error()}
}

type validateCommand struct {
	campaignFiles
}

func (validateCommand) Help() string {
	return `Prints one line for each fault, "file:line: field: what is wrong, what is allowed", and exits 2.
Warnings are doubts; a campaign with warnings can be launched.

  rapport campaign validate -f examples/hybrid/campaign.yaml --creators examples/hybrid/creators.csv`
}

func (c validateCommand) Run(a *app) error {
	files, err := c.read()
	if err != nil {
		return err
	}
	s, err := a.settings()
	if err != nil {
		return err
	}
	d := launch.Read(files, time.Now(), s.Day, s.Known())
	document := struct {
		Valid    bool             `json:"valid"`
		Creators int              `json:"creators"`
		Passing  int              `json:"passing"`
		Faults   []intake.Fault   `json:"faults"`
		Warnings []intake.Warning `json:"warnings"`
	}{len(d.Faults) == 0, len(d.Creators), d.Passing, orEmpty(d.Faults), orEmpty(d.Warnings)}
	if len(d.Faults) > 0 {
		if a.json {
			if err := a.show(document, nil); err != nil {
				return err
			}
		}
		return &launch.Faulty{Faults: d.Faults}
	}
	return a.show(document, func(w io.Writer) {
		for _, warning := range d.Warnings {
			line(w, "warning: %s", warning)
		}
		spec := d.Campaign
		line(w, "%s is ready to launch: %d slots and %d standby, %d of %d creators pass the selection, budget %s.", spec.Name,
			spec.Selection.Target, spec.Selection.Standby, d.Passing, len(d.Creators), money.Display(spec.BudgetMinor, spec.Currency))
	})
}

type launchCommand struct {
	campaignFiles
	Round int `default:"1" help:"2 and later invite again with the same files."`
}

func (launchCommand) Help() string {
	return `Checks both files as validate does, and that every vendor the campaign needs is set up; then starts it.

  rapport campaign launch -f campaign.yaml --creators creators.csv`
}

func (c launchCommand) Run(a *app) error {
	files, err := c.read()
	if err != nil {
		return err
	}
	by, err := a.may(partnership.DeedLaunch)
	if err != nil {
		return err
	}
	l, err := a.launcher()
	if err != nil {
		return err
	}
	launched, err := l.Launch(a.ctx, launch.Request{Files: files, By: by, Round: c.Round})
	if err != nil {
		return err
	}
	document := struct {
		ID       string           `json:"id"`
		Name     string           `json:"name"`
		Again    bool             `json:"again"`
		Warnings []intake.Warning `json:"warnings"`
	}{string(launched.ID), launched.Campaign.Name, !launched.Created, orEmpty(launched.Warnings)}
	return a.show(document, func(w io.Writer) {
		for _, warning := range launched.Warnings {
			line(w, "warning: %s", warning)
		}
		if launched.Created {
			line(w, "Launched %s as %s.", launched.Campaign.Name, launched.ID)
		} else {
			line(w, "%s was launched before, as %s; nothing was started twice.", launched.Campaign.Name, launched.ID)
		}
		line(w, "Follow it: rapport campaign status %s", launched.ID)
	})
}

func orEmpty[T any](list []T) []T {
	if list == nil {
		return []T{}
	}
	return list
}
