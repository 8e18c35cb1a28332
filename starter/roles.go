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
	by, _, err := a.askerUnder()
	return by, err
}

// askerUnder is the asker and all their names.
func (a *app) askerUnder() (by deeds.By, names []string, err error) {
	s, err := a.settings()
	if err != nil {
		return by, nil, err
	}
	directory, err := s.Directory()
	if err != nil {
		return by, nil, err
	}
	by = deeds.By{Who: access.Shell(), ID: "cli/" + uuid.NewString()}
	by.Roles, names, err = directory.Of(a.ctx, by.Who)
	return by, names, err
}

// may is the asker when they may ask for a deed. It is asked before anything is opened, and by the deed once more.
func (a *app) may(deed string) (deeds.By, error) {
	by, err := a.asker()
	if err != nil {
		return by, err
	}
	return by, by.May(deed)
}

// mayUnder is may where all names of the asker count.
func (a *app) mayUnder(deed string) (by deeds.By, names []string, err error) {
	if by, names, err = a.askerUnder(); err != nil {
		return by, nil, err
	}
	return by, names, by.May(deed)
}
