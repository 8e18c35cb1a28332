package main

import (
	p "github.com/rapport-dev/rapport/partnership"
	"github.com/rapport-dev/rapport/web/access"
)

// finance is whoever may decide about money from this shell. Without a file of roles that is everybody; with one, the shell's
// user needs the role in it. The name is the operating system's user; a shell that may approve is guarded like the settings that it
// reads.
func (a *app) finance() (who string, err error) {
	s, err := a.settings()
	if err != nil {
		return "", err
	}
	directory, err := s.Directory()
	if err != nil {
		return "", err
	}
	by := access.Shell()
	roles, _, err := directory.Of(a.ctx, by)
	if err != nil {
		return "", err
	}
	if !access.May(roles, access.Finance) {
		return "", p.Errorf(p.Forbidden, "%s has not the role finance: an administrator adds the name to that person's line in RAPPORT_ROLES, such as `U012AB, %s: finance`", by, by)
	}
	return by, nil
}
