package access

import (
	"context"
	"slices"
	"strings"

	"github.com/rapport-dev/rapport/app/deeds"
	"github.com/rapport-dev/rapport/partnership"
)

// Directory knows whoever stands in the audit: by the file of roles, by their token, and by the address that their Slack profile shows.
type Directory struct {
	People People
	Tokens Tokens
	Listed bool // there is a file of roles: from a shell, money takes the role in it
	// Mail is the address of a Slack user who is one of ours, "" for bots, guests and strangers. Nil where there is no Slack.
	Mail func(ctx context.Context, user string) (string, error)
}

// Of are the roles of who, and all names that the same person has. An error means that nobody could be asked.
func (d Directory) Of(ctx context.Context, who string) (roles []deeds.Role, names []string, err error) {
	names = append(slices.Clone(d.People.Also(who)), who)
	switch partnership.Door(who) {
	case "slack":
		roles = d.People.Of(who)
		if len(roles) > 0 || !d.People.ByMail() || d.Mail == nil {
			return roles, names, nil
		}
		mail, err := d.Mail(ctx, strings.TrimPrefix(who, inSlack))
		if err != nil || mail == "" {
			return nil, names, err
		}
		return d.People.Of(mail), names, nil
	case "api":
		return d.Tokens.roles(strings.TrimPrefix(who, "api:")), names, nil
	case "cli": // who has this deployment's settings and keys may do what they could do by hand anyhow; money takes more where a file says who
		roles = append(slices.Clone(d.People.Of(who)), deeds.Manager)
		if !d.Listed {
			roles = append(roles, deeds.Finance)
		}
		return roles, names, nil
	}
	return nil, names, nil
}

// roles are those of a token's name.
func (t Tokens) roles(name string) []deeds.Role {
	for _, e := range t.list {
		if e.caller.Name == name {
			return e.caller.Roles
		}
	}
	return nil
}
