package main

import (
	"context"
	"fmt"
	"io"
	"os"

	"github.com/rapport-dev/rapport/app/deeds"
	"github.com/rapport-dev/rapport/partnership"
)

type sanctionsCommands struct {
	Import  sanctionsImport  `cmd:"" help:"Put a newer list in the place of the last one, and compare everybody with it who may be paid."`
	Hits    sanctionsHits    `cmd:"" help:"Whose name is like one on a list, and waits for a word."`
	Clear   sanctionsClear   `cmd:"" help:"Say that it is somebody else of that name."`
	Confirm sanctionsConfirm `cmd:"" help:"Say that it is they: nothing is paid."`
}

type sanctionsImport struct {
	File      string `arg:"" type:"existingfile" help:"sdn.csv, as OFAC publishes it."`
	Alt       string `type:"existingfile" help:"alt.csv of the same day: further names of who is on it."`
	Source    string `default:"ofac-sdn" help:"The list's name: the last one of that name is replaced."`
	Published string `required:"" placeholder:"2026-11-28" help:"The day of the list."`
}

func (c sanctionsImport) Run(a *app) error {
	by, err := a.may(partnership.DeedImportSanctions)
	if err != nil {
		return err
	}
	sdn, err := os.ReadFile(c.File)
	if err != nil {
		return err
	}
	var alt []byte
	if c.Alt != "" {
		if alt, err = os.ReadFile(c.Alt); err != nil {
			return err
		}
	}
	kept, err := a.store()
	if err != nil {
		return err
	}
	hits, err := deeds.ImportSanctions(a.ctx, kept, by, c.Source, c.Published, sdn, alt)
	if err != nil {
		return err
	}
	return a.showHits(hits)
}

type sanctionsHits struct {
	All bool `help:"Those that were cleared, too."`
}

func (c sanctionsHits) Run(a *app) error {
	kept, err := a.store()
	if err != nil {
		return err
	}
	hits, err := kept.NameHits(a.ctx, c.All)
	if err != nil {
		return err
	}
	return a.showHits(hits)
}

func (a *app) showHits(hits []partnership.NameHit) error {
	lists, err := a.opened.SanctionLists(a.ctx)
	if err != nil {
		return err
	}
	return a.show(orEmpty(hits), func(w io.Writer) {
		for _, l := range lists {
			line(w, "%s of %s, sha256 %s, imported by %s on %s", l.Source, l.Published, l.Hash, l.ImportedBy, when(l.ImportedAt))
		}
		if len(lists) == 0 {
			line(w, "No list was imported: nobody's name is compared.")
		}
		if len(hits) == 0 {
			line(w, "Nobody waits for a word.")
			return
		}
		var rows [][]string
		for _, h := range hits {
			rows = append(rows, []string{h.ID, "@" + h.Creator, h.Name, h.Country, h.Listed, h.Source + " " + h.UID, h.Program, fmt.Sprintf("%d %%", h.Percent), decided(h)})
		}
		table(w, "hit creator name country listed entry program like decision", rows)
		line(w, "Look at the entry at its publisher first. Then: rapport sanctions clear HIT --reason WHY, or rapport sanctions confirm HIT --reason WHY")
	})
}

func decided(h partnership.NameHit) string {
	if h.Decision == "" {
		return "waits"
	}
	return h.Decision + " by " + h.By + ": " + h.Reason
}

// oneHit is a decision about one name.
type oneHit struct {
	Hit    string `arg:"" help:"As sanctions hits shows it."`
	Reason string `required:"" help:"By what you know it, such as another birthday; the audit keeps it."`
}

type sanctionsClear struct{ oneHit }

func (c sanctionsClear) Run(a *app) error {
	return c.decide(a, partnership.DeedClearHit, "cleared: their money goes with the next run", deeds.ClearHit)
}

type sanctionsConfirm struct{ oneHit }

func (c sanctionsConfirm) Run(a *app) error {
	return c.decide(a, partnership.DeedConfirmHit, "confirmed: nothing is paid to them, an approved run's payout too", deeds.ConfirmHit)
}

func (c oneHit) decide(a *app, deed, done string, do func(ctx context.Context, kept deeds.Sanctions, by deeds.By, id, reason string) error) error {
	by, err := a.may(deed)
	if err != nil {
		return err
	}
	kept, err := a.store()
	if err != nil {
		return err
	}
	if err := do(a.ctx, kept, by, c.Hit, c.Reason); err != nil {
		return hint(err, "there is no such hit; `rapport sanctions hits --all` lists them")
	}
	return a.show(map[string]string{"hit": c.Hit, "decision": done}, func(w io.Writer) { line(w, "It is %s.", done) })
}
