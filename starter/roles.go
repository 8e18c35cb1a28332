package main

import (
	p "github.com/rapport-dev/rapport/partnership"
	"github.com/rapport-dev/rapport/web/access"
)

// finance is whoever may decide about money from this shell.
func (a *app) finance() (who string, err error) { return a.may(access.Finance) }

// may is whoever gives a command that needs a role. Without a file of roles that is everybody; with one, money takes the role in it
// for the shell's user. The name is the operating system's user: a shell that may approve is guarded like the settings that it reads.
func (a *app) may(need access.Role) (who string, err error) {
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
	if !access.May(roles, need) {
		return "", p.Errorf(p.Forbidden, "%s has not the role %s: an administrator adds the name to that person's line in RAPPORT_ROLES, such as `U012AB, %s: %s`", by, need, by, need)
	}
	return by, nil
}
