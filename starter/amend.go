package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/rapport-dev/rapport/app/amend"
	"github.com/rapport-dev/rapport/app/launch"
	"github.com/rapport-dev/rapport/intake"
	"github.com/rapport-dev/rapport/partnership"
	"github.com/rapport-dev/rapport/partnership/money"
	"github.com/rapport-dev/rapport/partnership/timeline"
	"github.com/rapport-dev/rapport/wiring/doors"
)

type campaignAmendCommand struct {
	ID       string `arg:"" help:"Its id or the beginning of it, or its name: as campaign list shows them."`
	File     string `short:"f" placeholder:"campaign.yaml" help:"The changed campaign file."`
	Creators string `placeholder:"creators.csv" help:"Further creators, added to the campaign's list; nobody is taken off it."`
	Apply    bool   `help:"Do it. Without this nothing changes."`
	Undo     bool   `help:"Go back to the file before the last amendment, within a day of it."`
}

func (campaignAmendCommand) Help() string {
	return `Shows whom a changed file reaches: open dates move, drafts that are in keep theirs, signed terms change only with a contract
amendment that the creator signs. A changed selection (target, standby, tiers, niches, arms, min_engagement) or further creators
rank those anew who are not invited yet: the preview says who is next and what it takes. Fewer slots end no partnership.
With --apply the campaign tells each open partnership once. --undo takes back the last one; who was invited by it stays.

  rapport campaign amend ID -f campaign.yaml
  rapport campaign amend ID -f campaign.yaml --creators more.csv --apply
  rapport campaign amend ID --undo --apply`
}

func (c campaignAmendCommand) Run(a *app) error {
	by, err := a.may(partnership.DeedAmend)
	if err != nil {
		return err
	}
	id, err := a.campaignID(c.ID)
	if err != nil {
		return err
	}
	w, err := a.workflows()
	if err != nil {
		return err
	}
	amender := &amend.Amender{Store: a.opened, Workflows: w, Day: a.loaded.Day, Now: time.Now}
	change, err := c.change(a, amender, id)
	if err != nil {
		return hint(err, unknownCampaign)
	}
	var preview amend.Preview
	err = a.patiently(func() (err error) {
		preview, err = amender.Preview(a.ctx, id, change)
		return err
	})
	if err != nil {
		return err
	}
	if !c.Apply {
		return a.show(preview, func(out io.Writer) {
			showPreview(out, preview)
			line(out, "Nothing was changed. To do it, add --apply.")
		})
	}
	version, again, err := amender.Apply(a.ctx, id, change, preview, by)
	if err != nil {
		return err
	}
	missing, err := settle(a.ctx, amender, preview, version)
	if err != nil {
		return fmt.Errorf("the campaign has amendment %d, but who has taken it in is not known: %w", version, err)
	}
	document := map[string]any{"version": version, "again": again, "preview": preview, "missing": orEmpty(missing)}
	if err := a.show(document, func(out io.Writer) {
		if again {
			line(out, "The campaign has this file already, as amendment %d: nothing was changed by this command.", version)
			return
		}
		showPreview(out, preview)
		if c.Undo {
			line(out, "Applied as amendment %d: amendment %d is taken back.", version, change.Undoes)
			return
		}
		line(out, "Applied as amendment %d. `rapport campaign amend %s --undo --apply` takes it back within a day.", version, id)
	}); err != nil {
		return err
	}
	if len(missing) > 0 {
		return fmt.Errorf("%d partnerships have not taken it in yet, the first @%s; they will when their workers are back", len(missing), missing[0].Creator)
	}
	return nil
}

// change is the changed file with the further creators, or with --undo the file before.
func (c campaignAmendCommand) change(a *app, by *amend.Amender, id partnership.CampaignID) (partnership.CampaignChange, error) {
	switch {
	case c.Undo && c.File+c.Creators != "":
		return partnership.CampaignChange{}, partnership.FieldErrorf("undo", "goes back to the version before; leave out -f and --creators")
	case c.Undo:
		return by.Undo(a.ctx, id)
	case c.File+c.Creators == "":
		return partnership.CampaignChange{}, partnership.FieldErrorf("f", "name the changed campaign.yaml or further --creators, or use --undo")
	}
	files, err := c.files()
	if err != nil {
		return partnership.CampaignChange{}, err
	}
	launched, err := a.opened.LaunchedAt(a.ctx, id)
	if err != nil {
		return partnership.CampaignChange{}, err
	}
	running, err := a.opened.Campaign(a.ctx, id)
	if err != nil {
		return partnership.CampaignChange{}, err
	}
	return amend.Read(files, running, launched, by.Day, a.loaded.Known())
}

// files are those that are given.
func (c campaignAmendCommand) files() (amend.Files, error) {
	files := amend.Files{CampaignName: c.File, CreatorsName: c.Creators}
	var faults []intake.Fault
	load := func(name string) []byte {
		if name == "" {
			return nil
		}
		text, fault := readFile(name)
		if fault != nil {
			faults = append(faults, *fault)
		}
		return append([]byte{}, text...) // an empty file is one
	}
	files.Campaign, files.Creators = load(c.File), load(c.Creators)
	if len(faults) > 0 {
		return files, &launch.Faulty{Faults: faults}
	}
	return files, nil
}

// settle waits until every open partnership has taken the amendment in. Workers that are away for a moment are waited for.
func settle(ctx context.Context, by *amend.Amender, pv amend.Preview, version int) (missing []amend.Line, err error) {
	patience := time.NewTimer(time.Minute)
	defer patience.Stop()
	look := time.NewTicker(300 * time.Millisecond)
	defer look.Stop()
	for {
		missing, err = by.Settled(ctx, pv, version)
		if _, away := errors.AsType[*doors.Unavailable](err); !away && (err != nil || len(missing) == 0) {
			return missing, err
		}
		select {
		case <-ctx.Done():
			return missing, ctx.Err()
		case <-patience.C:
			return missing, err
		case <-look.C:
		}
	}
}

func showPreview(w io.Writer, pv amend.Preview) {
	for _, sentence := range pv.Words() {
		line(w, "%s", sentence)
	}
	if pv.Invites != nil && len(pv.Invites.Next) > 0 {
		var rows [][]string
		for _, c := range pv.Invites.Next {
			when := "now"
			if !c.Covered {
				when = "once the budget covers it"
			}
			rows = append(rows, []string{"@" + c.Creator, string(c.Tier), c.Niche, money.Display(c.CostMinor, pv.Currency), when})
		}
		table(w, "next tier niche commits invited", rows)
	}
	var rows [][]string
	for _, l := range pv.Lines {
		what := strings.ReplaceAll(timeline.Words(l.Changes), "\n", "; ")
		if len(l.Terms) > 0 {
			what = strings.Join(append(l.Terms, what), "; ")
		}
		rows = append(rows, []string{"@" + l.Creator, string(l.Stage), string(l.Reach), strings.TrimSuffix(what, "; ")})
	}
	table(w, "creator stage reach change", rows)
}
