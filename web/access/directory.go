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
	// User is the Slack user of an address, "" for none: whoever is named by an address alone acts under that name too.
	User func(ctx context.Context, mail string) (string, error)
	// Kept are the tokens that a deed has made. Nil where only those of the settings count.
	Kept Kept
}

// Kept finds live tokens: *partnership.Error NotFound for none, and for one that is over.
type Kept interface {
	TokenOf(ctx context.Context, secret string) (partnership.Token, error)
	TokenNamed(ctx context.Context, name string) (partnership.Token, error)
}

// Caller is who holds a token. An error means that nobody could be asked.
func (d Directory) Caller(ctx context.Context, secret string) (c Caller, ok bool, err error) {
	if c, ok := d.Tokens.Caller(secret); ok {
		return c, true, nil
	}
	if d.Kept == nil || secret == "" {
		return Caller{}, false, nil
	}
	t, err := d.Kept.TokenOf(ctx, secret)
	if partnership.CodeOf(err) == partnership.NotFound {
		return Caller{}, false, nil
	}
	if err != nil {
		return Caller{}, false, err
	}
	roles, _, err := d.rolesOf(ctx, t)
	return Caller{Name: t.Name, Roles: roles, Scopes: t.Scopes, Agent: t.Agent, Person: t.Person}, err == nil, err
}

// CallerNamed is who holds the token of a name, while it is live.
func (d Directory) CallerNamed(ctx context.Context, name string) (Caller, error) {
	t, err := d.Kept.TokenNamed(ctx, name)
	if err != nil {
		return Caller{}, err
	}
	roles, _, err := d.rolesOf(ctx, t)
	return Caller{Name: t.Name, Roles: roles, Scopes: t.Scopes, Agent: t.Agent, Person: t.Person}, err
}

// rolesOf are a token's: where it acts for a person, no more than that person has today. names are the person's.
func (d Directory) rolesOf(ctx context.Context, t partnership.Token) (roles []deeds.Role, names []string, err error) {
	for _, role := range t.Roles {
		roles = append(roles, deeds.Role(role))
	}
	if t.Person == "" {
		return roles, nil, nil
	}
	has, names, err := d.Of(ctx, t.Person)
	return slices.DeleteFunc(roles, func(role deeds.Role) bool { return !deeds.May(has, role) }), names, err
}

// named are the roles and names of who a kept token is, none when it is over.
func (d Directory) named(ctx context.Context, name, person string, agent bool) (roles []deeds.Role, names []string, err error) {
	if d.Kept == nil {
		return nil, nil, nil
	}
	t, err := d.Kept.TokenNamed(ctx, name)
	if partnership.CodeOf(err) == partnership.NotFound || err == nil && (t.Agent != agent || agent && t.Person != person) {
		return nil, nil, nil
	}
	if err != nil {
		return nil, nil, err
	}
	return d.rolesOf(ctx, t)
}

// Of are the roles of who, and all names that the same person has. An error means that nobody could be asked.
func (d Directory) Of(ctx context.Context, who string) (roles []deeds.Role, names []string, err error) {
	names, err = d.names(ctx, who)
	if err != nil {
		return nil, nil, err
	}
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
		person := d.People.inSlack(mail)
		return person.Roles, append(names, person.names...), nil
	case deeds.Console:
		return d.People.Of(who), names, nil
	case "api":
		name := strings.TrimPrefix(who, "api:")
		if roles := d.Tokens.roles(name); roles != nil {
			return roles, names, nil
		}
		roles, more, err := d.named(ctx, name, "", false)
		return roles, append(names, more...), err
	case deeds.Agent: // whoever an agent acts for has approved what it approves
		name, person, _ := partnership.AgentOf(who)
		roles, more, err := d.named(ctx, name, person, true)
		return roles, append(names, more...), err
	case "cli": // who has this deployment's settings and keys may do what they could do by hand anyhow; money takes more where a file says who
		roles = append(slices.Clone(d.People.Of(who)), deeds.Manager)
		if !d.Listed {
			roles = append(roles, deeds.Finance)
		}
		return roles, names, nil
	}
	return nil, names, nil
}

// names are all that the person has who stands in the audit as who. Somebody named by an address has a Slack user too whom no file names.
func (d Directory) names(ctx context.Context, who string) ([]string, error) {
	names, person := append(slices.Clone(d.People.Also(who)), who), d.People[key(who)]
	if person.mail == "" || person.chat || d.User == nil || partnership.Door(who) == "slack" {
		return names, nil
	}
	user, err := d.User(ctx, person.mail)
	if err != nil || user == "" {
		return names, err
	}
	return append(names, inSlack+user), nil
}

// Console is who signs in on the console with an address: their name in the audit, "" for strangers.
func (p People) Console(mail string) string {
	mail = key(strings.TrimSpace(mail))
	if !isMail(mail) || len(p[mail].Roles) == 0 {
		return ""
	}
	return onConsole + standIn(mail)
}

// ConsoleOfUser is who signs in as a Slack user with an address that Slack has verified, "" for strangers.
func (p People) ConsoleOfUser(user, mail string) string {
	if user != "" && !strings.ContainsAny(user, ":@") && len(p[user].Roles) > 0 {
		return onConsole + user
	}
	if len(p.inSlack(strings.ToLower(mail)).Roles) > 0 {
		return p.Console(mail)
	}
	return ""
}

// MailOf is where somebody's link to sign in goes, "" for whoever has no address.
func (p People) MailOf(who string) string { return p[key(who)].mail }

// Called is what a person is called on a page: by their address where they are named by it.
func (p People) Called(who string) string {
	if mail := p[key(who)].mail; mail != "" && strings.HasPrefix(who, onConsole) {
		return mail
	}
	return who
}

// Has says whether the settings have a token of that name.
func (t Tokens) Has(name string) bool { return t.roles(name) != nil }

// roles are those of a token's name.
func (t Tokens) roles(name string) []deeds.Role {
	for _, e := range t.list {
		if e.caller.Name == name {
			return e.caller.Roles
		}
	}
	return nil
}
