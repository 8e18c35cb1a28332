package main

import (
	"io"

	"github.com/rapport-dev/rapport/store"
)

type migrateCommand struct{}

func (migrateCommand) Run(a *app) error {
	s, err := a.settings()
	if err != nil {
		return err
	}
	if err := s.Require("RAPPORT_DATABASE_URL"); err != nil {
		return err
	}
	if err := store.Migrate(a.ctx, s.DatabaseURL.Reveal()); err != nil {
		return err
	}
	return a.show(map[string]bool{"migrated": true}, func(w io.Writer) { line(w, "The database has this build's schema.") })
}
