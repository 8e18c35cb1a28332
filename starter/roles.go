package main

import (
	"github.com/rapport-dev/rapport/internal/settings"
	p "github.com/rapport-dev/rapport/partnership"
	"github.com/rapport-dev/rapport/web/access"
)

// person is who gives a command: the name that is audited, and the others that RAPPORT_ROLES has for the same person.
type person struct {
	by   string
	also []string
}

// finance is whoever may decide about money from this shell.
func (a *app) finance() (person, error) { return a.may(access.Finance) }

// may is whoever gives a command that needs a role. Without a file of roles that is everybody; with one, the shell's user needs the
// role in it. The name is the machine's: whoever can set USER can be anybody, so a shell that may approve is guarded like the
// settings that it reads.
func (a *app) may(need access.Role) (person, error) {
	s, err := a.settings()
	if err != nil {
		return person{}, err
	}
	roles, err := s.Roles()
	if err != nil {
		return person{}, err
	}
	people, err := access.ParsePeople(roles)
	if err != nil {
		return person{}, settings.Faults{{Name: "RAPPORT_ROLES", Message: err.Error()}}
	}
	by := access.Shell()
	if s.RolesFile != "" && !access.May(people.Of(by), need) {
		return person{}, p.Errorf(p.Forbidden, "%s has not the role %s: an administrator adds the name to that person's line in RAPPORT_ROLES, such as `U012AB, %s: %s`", by, need, by, need)
	}
	return person{by, people.Also(by)}, nil
}
