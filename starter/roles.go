package main

import (
	"context"

	"github.com/google/uuid"

	"github.com/rapport-dev/rapport/app/deeds"
	"github.com/rapport-dev/rapport/web/access"
)

// asker is whoever gives a command; each call of the program asks anew. Without a file of roles everybody may everything; with one,
// money takes the role in it for the shell's user. The name is the operating system's user: a shell that may approve is guarded like
// the settings that it reads.
func (a *app) asker() (by deeds.By, err error) {
	directory, err := a.directory()
	if err != nil {
		return by, err
	}
	by = deeds.By{Who: access.Shell(), ID: "cli/" + uuid.NewString()}
	by.Roles, err = directory.Of(a.ctx, by.Who)
	return by, err
}

func (a *app) directory() (access.Directory, error) {
	s, err := a.settings()
	if err != nil {
		return access.Directory{}, err
	}
	return s.Directory()
}

// may is the asker when they may ask for a deed. It is asked before anything is opened, and by the deed once more.
func (a *app) may(deed string) (deeds.By, error) {
	by, err := a.asker()
	if err != nil {
		return by, err
	}
	return by, by.May(deed)
}

// mayUnder is may where all names of the asker count, those of their tokens too.
func (a *app) mayUnder(deed string) (by deeds.By, names []string, err error) {
	if by, err = a.may(deed); err != nil {
		return by, nil, err
	}
	names, err = a.names(a.ctx, by.Who)
	return by, names, err
}

// names are all that somebody is known by.
func (a *app) names(ctx context.Context, who string) ([]string, error) {
	directory, err := a.directory()
	if err != nil {
		return nil, err
	}
	if directory.Kept, err = a.store(); err != nil {
		return nil, err
	}
	return directory.Names(ctx, who)
}
