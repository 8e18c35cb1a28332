package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
	"time"

	"github.com/rapport-dev/rapport/internal/amend"
	"github.com/rapport-dev/rapport/internal/doors"
	"github.com/rapport-dev/rapport/internal/intake"
	"github.com/rapport-dev/rapport/internal/launch"
	p "github.com/rapport-dev/rapport/partnership"
	"github.com/rapport-dev/rapport/partnership/money"
	"github.com/rapport-dev/rapport/partnership/timeline"
)

type campaignAmendCommand struct {
	ID    string `arg:"" help:"As campaign list shows it."`
	File  string `short:"f" placeholder:"campaign.yaml" help:"The changed campaign file."`
	Apply bool   `help:"Do it. Without this nothing changes."`
	Undo  bool   `help:"Go back to the file before the last amendment, within a day of it."`
}

func (campaignAmendCommand) Help() string {
	return `Shows whom a changed file reaches: open dates move, drafts that are in keep theirs, signed terms change only with a contract
amendment that the creator signs. With --apply the campaign tells each open partnership once.

  rapport campaign amend ID -f campaign.yaml
  rapport campaign amend ID -f campaign.yaml --apply
  rapport campaign amend ID --undo --apply`
}

func (c campaignAmendCommand) Run(a *app) error {
	kept, err := a.store()
	if err != nil {
		return err
	}
	w, err := a.workflows()
	if err != nil {
		return err
	}
	id := p.CampaignID(c.ID)
	by := &amend.Amender{Store: kept, Workflows: w, Day: a.loaded.Day, Now: time.Now}
	spec, err := c.spec(a, by, id)
	if err != nil {
		return hint(err, unknownCampaign)
	}
	preview, err := by.Preview(a.ctx, id, spec)
	if err != nil {
		return err
	}
	if !c.Apply {
		return a.show(preview, func(out io.Writer) {
			showPreview(out, preview)
			line(out, "Nothing was changed. To do it, add --apply.")
		})
	}
	version, again, err := by.Apply(a.ctx, id, spec, me())
	if err != nil {
		return err
	}
	missing, err := settle(a.ctx, by, preview, version)
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
		line(out, "Applied as amendment %d. `rapport campaign amend %s --undo --apply` takes it back within a day.", version, id)
	}); err != nil {
		return err
	}
	if len(missing) > 0 {
		return fmt.Errorf("%d partnerships have not taken it in yet, the first @%s; they will when their workers are back", len(missing), missing[0].Creator)
	}
	return nil
}

// spec is the changed file, or with --undo the one before.
func (c campaignAmendCommand) spec(a *app, by *amend.Amender, id p.CampaignID) (p.Campaign, error) {
	switch {
	case c.Undo && c.File != "":
		return p.Campaign{}, p.FieldErrorf("undo", "goes back to the version before; leave out -f")
	case c.Undo:
		return by.Undo(a.ctx, id)
	case c.File == "":
		return p.Campaign{}, p.FieldErrorf("f", "name the changed campaign.yaml, or use --undo")
	}
	launched, err := a.opened.LaunchedAt(a.ctx, id)
	if err != nil {
		return p.Campaign{}, err
	}
	data, err := os.ReadFile(c.File)
	if err != nil {
		return p.Campaign{}, err
	}
	spec, faults, _ := intake.ParseCampaign(c.File, data, launched, by.Day)
	if len(faults) > 0 {
		return p.Campaign{}, &launch.Faulty{Faults: faults}
	}
	return spec, nil
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
	if pv.Target[0] != pv.Target[1] {
		line(w, "Slots: %d instead of %d.", pv.Target[1], pv.Target[0])
	}
	if pv.Budget[0] != pv.Budget[1] {
		line(w, "Budget: %s instead of %s.", money.Display(pv.Budget[1], pv.Currency), money.Display(pv.Budget[0], pv.Currency))
	}
	n := pv.Counts
	line(w, "%d of %d open partnerships move; %d have a draft in and keep their dates; %d are signed and need a contract amendment; %d are not touched; %d are past it.",
		n[timeline.Moves], len(pv.Lines), n[timeline.Keeps], n[timeline.Contract], n[timeline.Unchanged], n[timeline.Over])
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
