package main

import (
	"github.com/google/uuid"

	"github.com/rapport-dev/rapport/app/deeds"
	"github.com/rapport-dev/rapport/web/access"
)

// asker is whoever gives a command; each call of the program asks anew. Without a file of roles everybody may everything; with one,
// money takes the role in it for the shell's user. The name is the operating system's user: a shell that may approve is guarded like
// the settings that it reads.
func (a *app) asker() (deeds.By, error) {
	s, err := a.settings()
	if err != nil {
		return deeds.By{}, err
	}
	directory, err := s.Directory()
	if err != nil {
		return deeds.By{}, err
	}
	by := deeds.By{Who: access.Shell(), ID: "cli/" + uuid.NewString()}
	by.Roles, _, err = directory.Of(a.ctx, by.Who)
	return by, err
}

// may is the asker when they may ask for a deed. It is asked before anything is opened, and by the deed once more.
func (a *app) may(deed string) (deeds.By, error) {
	by, err := a.asker()
	if err != nil {
		return by, err
	}
	return by, by.May(deed)
}
