package main

import (
	"cmp"
	"io"

	"github.com/rapport-dev/rapport/store"
	"github.com/rapport-dev/rapport/wiring/keyring"
	"github.com/rapport-dev/rapport/wiring/settings"
)

// ownsTables says what is lost when the program's role is no role of its own.
const ownsTables = "whoever has its password can switch off what guards the books. Set RAPPORT_DATABASE_OWNER_URL for migrations, and in RAPPORT_DATABASE_URL a role of its own"

type migrateCommand struct {
	Accept []string `placeholder:"SETTING" help:"Take a changed RAPPORT_SECRET_KEY or RAPPORT_DAY for the one that this database belongs to from here on."`
}

func (c migrateCommand) Run(a *app) error {
	s, err := a.settings()
	if err != nil {
		return err
	}
	if err := s.Require("RAPPORT_DATABASE_URL"); err != nil {
		return err
	}
	if err := store.Migrate(a.ctx, cmp.Or(s.OwnerURL, s.DatabaseURL).Reveal(), s.DatabaseURL.Reveal()); err != nil {
		return err
	}
	for _, name := range c.Accept {
		if err := accept(a, s, name); err != nil {
			return err
		}
	}
	return a.show(map[string]bool{"migrated": true, "owner": s.OwnerURL == ""}, func(w io.Writer) {
		line(w, "The database has this build's schema.")
		if s.OwnerURL == "" {
			line(w, "The program owns its tables: %s", ownsTables)
		}
	})
}

func accept(a *app, s settings.Settings, name string) error {
	kept, err := keyring.OpenAnyway(a.ctx, s)
	if err != nil {
		return err
	}
	defer kept.Close()
	prints, err := keyring.Prints(s)
	if err != nil {
		return err
	}
	return kept.Accept(a.ctx, name, prints)
}
