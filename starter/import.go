package main

import (
	"errors"
	"io"

	"github.com/rapport-dev/rapport/app/creators"
	"github.com/rapport-dev/rapport/app/launch"
	"github.com/rapport-dev/rapport/intake"
	"github.com/rapport-dev/rapport/partnership"
)

type importCommand struct {
	File    string `arg:"" placeholder:"FILE" help:"A creators.csv as any spreadsheet saves it, or an .xlsx."`
	Confirm bool   `help:"Also make the changes of people with open work that the import shows."`
	Reason  string `help:"Why somebody who was erased comes back: how it is known that they want to."`
}

func (importCommand) Help() string {
	return `New people, and people with nothing open, go through. Where the file would change the address, name, country or time zone of
somebody with open work or money owed, or bring back somebody who was erased, nothing at all is changed: the changes are shown,
and the command ends with 2. With --confirm it makes those that it shows; the old address of somebody whose mail moves is told.

  rapport creators import creators.csv
  rapport creators import creators.csv --confirm`
}

func (c importCommand) Run(a *app) error {
	text, fault := readFile(c.File)
	if fault != nil {
		return &launch.Faulty{Faults: []intake.Fault{*fault}}
	}
	batch, err := creators.Read(c.File, text)
	if err != nil {
		return err
	}
	by, err := a.may(partnership.DeedImportCreators)
	if err != nil {
		return err
	}
	kept, err := a.store()
	if err != nil {
		return err
	}
	done, err := creators.Import(a.ctx, kept, by, batch, c.Confirm, c.Reason)
	if err != nil {
		return c.refused(a, err)
	}
	document := struct {
		Imported int                        `json:"imported"`
		Told     int                        `json:"told"` // old addresses that hear of their change
		Changed  []partnership.PersonChange `json:"changed"`
		Notices  []partnership.ImportNotice `json:"notices"`
		Warnings []intake.Warning           `json:"warnings"`
	}{len(done.IDs), done.Told, orEmpty(done.Confirmed), orEmpty(done.Notices), orEmpty(batch.Warnings)}
	return a.show(document, func(w io.Writer) {
		for _, warning := range batch.Warnings {
			line(w, "warning: %s", warning)
		}
		for _, n := range done.Notices {
			line(w, "creator %d of the file: %s", n.Row, n.What)
		}
		for _, change := range document.Changed {
			line(w, "confirmed: %s", change)
		}
		if done.Told > 0 {
			line(w, "%d old addresses are told that mail goes elsewhere now.", done.Told)
		}
		line(w, "Imported %d creators.", len(done.IDs))
	})
}

// refused shows what has to be confirmed, as JSON too; every other error passes.
func (c importCommand) refused(a *app, err error) error {
	ask, asks := errors.AsType[*partnership.UnconfirmedError](err)
	if !asks || !a.json {
		return err
	}
	document := map[string]any{"imported": 0, "unconfirmed": ask.Changes, "confirm": ask.Hash}
	if err := a.show(document, nil); err != nil {
		return err
	}
	return &exitCode{wrong}
}
