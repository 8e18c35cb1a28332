// Package creators is what people ask about the list of creators: importing a file, and erasing a person.
package creators

import (
	"bytes"
	"context"
	"errors"

	"github.com/rapport-dev/rapport/app/deeds"
	"github.com/rapport-dev/rapport/app/launch"
	"github.com/rapport-dev/rapport/intake"
	"github.com/rapport-dev/rapport/partnership"
)

// List keeps the creators.
type List interface {
	// ImportCreators refuses with *partnership.UnconfirmedError what would change people with open work, until consent carries its hash. It writes
	// its own lines of the audit.
	ImportCreators(ctx context.Context, creators []partnership.Creator, consent partnership.Consent) (partnership.Imported, error)
}

// Batch is what a creators.csv says.
type Batch struct {
	Creators []partnership.Creator
	Warnings []intake.Warning
}

// Read parses a file, by the name that faults show. Wrong ones are *launch.Faulty.
func Read(name string, text []byte) (Batch, error) {
	creators, faults, warnings := intake.ParseCreators(name, bytes.NewReader(text))
	if len(faults) > 0 {
		return Batch{}, &launch.Faulty{Faults: faults}
	}
	return Batch{creators, warnings}, nil
}

// Imported is what an import has done.
type Imported struct {
	partnership.Imported
	Confirmed []partnership.PersonChange // of people with open work
}

// Import adds the creators of a batch, and updates those who are known. A change of somebody with open work, or of somebody who was
// erased, is *partnership.UnconfirmedError with nothing changed; with confirm it is made too, and nothing else than it: reason says how it is
// known that an erased person wants to come back.
func Import(ctx context.Context, kept List, by deeds.By, batch Batch, confirm bool, reason string) (Imported, error) {
	if err := by.May(partnership.DeedImportCreators); err != nil {
		return Imported{}, err
	}
	done, err := kept.ImportCreators(ctx, batch.Creators, partnership.Consent{By: by.Who})
	ask, asks := errors.AsType[*partnership.UnconfirmedError](err)
	if !asks || !confirm {
		return Imported{Imported: done}, err
	}
	if err := by.May(partnership.DeedConfirmImport); err != nil {
		return Imported{}, err
	}
	done, err = kept.ImportCreators(ctx, batch.Creators, partnership.Consent{Hash: ask.Hash, By: by.Who, Reason: reason})
	return Imported{Imported: done, Confirmed: ask.Changes}, err
}
