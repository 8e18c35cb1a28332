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
	// TokenEver is one that may be over. TokensOf are those that act for who is called so, or that they made, and those that these made: live or over.
	TokenEver(ctx context.Context, name string) (partnership.Token, error)
	TokensOf(ctx context.Context, names []string) ([]partnership.Token, error)
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
	roles, err := d.rolesOf(ctx, t)
	return Caller{Name: t.Name, Roles: roles, Scopes: t.Scopes, Agent: t.Agent, Person: t.Person}, err == nil, err
}

// CallerNamed is who holds the token of a name, while it is live.
func (d Directory) CallerNamed(ctx context.Context, name string) (Caller, error) {
	t, err := d.Kept.TokenNamed(ctx, name)
	if err != nil {
		return Caller{}, err
	}
	roles, err := d.rolesOf(ctx, t)
	return Caller{Name: t.Name, Roles: roles, Scopes: t.Scopes, Agent: t.Agent, Person: t.Person}, err
}

// rolesOf are a token's: where it acts for a person, no more than that person has today.
func (d Directory) rolesOf(ctx context.Context, t partnership.Token) (roles []deeds.Role, err error) {
	for _, role := range t.Roles {
		roles = append(roles, deeds.Role(role))
	}
	if t.Person == "" {
		return roles, nil
	}
	has, err := d.Of(ctx, t.Person)
	return slices.DeleteFunc(roles, func(role deeds.Role) bool { return !deeds.May(has, role) }), err
}

// named are the roles of who a kept token is, none when it is over.
func (d Directory) named(ctx context.Context, name, person string, agent bool) (roles []deeds.Role, err error) {
	if d.Kept == nil {
		return nil, nil
	}
	t, err := d.Kept.TokenNamed(ctx, name)
	if partnership.CodeOf(err) == partnership.NotFound || err == nil && (t.Agent != agent || agent && t.Person != person) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	return d.rolesOf(ctx, t)
}

// Of are the roles of who stands so in the audit. An error means that nobody could be asked.
func (d Directory) Of(ctx context.Context, who string) ([]deeds.Role, error) {
	switch partnership.Door(who) {
	case "slack":
		if roles := d.People.Of(who); len(roles) > 0 {
			return roles, nil
		}
		person, err := d.byMail(ctx, who)
		return person.Roles, err
	case deeds.Console:
		return d.People.Of(who), nil
	case "api":
		name := strings.TrimPrefix(who, "api:")
		if roles := d.Tokens.roles(name); roles != nil {
			return roles, nil
		}
		return d.named(ctx, name, "", false)
	case deeds.Agent:
		name, person, _ := partnership.AgentOf(who)
		return d.named(ctx, name, person, true)
	case "cli": // who has this deployment's settings and keys may do what they could do by hand anyhow; money takes more where a file says who
		roles := append(slices.Clone(d.People.Of(who)), deeds.Manager)
		if !d.Listed {
			roles = append(roles, deeds.Finance)
		}
		return roles, nil
	}
	return nil, nil
}

// Names are all by which the same person stands in the audit, who included: what takes two people takes two of whom neither has a name of the
// other. A token is a hand of whom it acts for, and of who made it too: they have seen it.
func (d Directory) Names(ctx context.Context, who string) ([]string, error) {
	names, err := d.called(ctx, who)
	if err != nil || d.Kept == nil {
		return names, err
	}
	person, makers, err := d.behind(ctx, who)
	if err != nil {
		return nil, err
	}
	if person == "" { // it is its maker's alone, and so are their other tokens
		names, makers = append(names, makers...), nil
	} else {
		theirs, err := d.called(ctx, person)
		if err != nil {
			return nil, err
		}
		names = append(names, theirs...)
	}
	theirs, err := d.Kept.TokensOf(ctx, names)
	for _, t := range theirs {
		names = append(names, t.Who())
	}
	return append(names, makers...), err
}

// behind are whom a token acts for, and who made it: a person, or a token of theirs.
func (d Directory) behind(ctx context.Context, who string) (person string, makers []string, err error) {
	for name := tokenIn(who); name != ""; {
		t, err := d.Kept.TokenEver(ctx, name)
		if partnership.CodeOf(err) == partnership.NotFound {
			break // it is one of the settings, whose line in the file of roles says whose
		}
		if err != nil {
			return "", nil, err
		}
		if makers == nil {
			person = t.Person
		}
		maker, err := d.called(ctx, t.CreatedBy)
		if err != nil {
			return "", nil, err
		}
		makers = append(makers, maker...)
		name = tokenIn(t.CreatedBy)
	}
	return person, makers, nil
}

// tokenIn is the name of the token by which somebody came in, "" for none.
func tokenIn(who string) string {
	if name, _, is := partnership.AgentOf(who); is {
		return name
	}
	name, is := strings.CutPrefix(who, "api:")
	if !is {
		return ""
	}
	return name
}

// called are who's names by the file of roles. It names a person by an address, by a Slack user, or by both: whom it names by an address alone
// is that address's Slack user too.
func (d Directory) called(ctx context.Context, who string) ([]string, error) {
	names := append(slices.Clone(d.People.Also(who)), who)
	if partnership.Door(who) == "slack" {
		if len(d.People.Of(who)) > 0 {
			return names, nil
		}
		person, err := d.byMail(ctx, who)
		return append(names, person.names...), err
	}
	person := d.People[key(who)]
	if person.mail == "" || person.chat || d.User == nil {
		return names, nil
	}
	user, err := d.User(ctx, person.mail)
	if err != nil || user == "" {
		return names, err
	}
	return append(names, inSlack+user), nil
}

// byMail is whom the file of roles names by the address of a Slack user, nobody where it names nobody so.
func (d Directory) byMail(ctx context.Context, who string) (Person, error) {
	if !d.People.ByMail() || d.Mail == nil {
		return Person{}, nil
	}
	mail, err := d.Mail(ctx, strings.TrimPrefix(who, inSlack))
	if err != nil || mail == "" {
		return Person{}, err
	}
	return d.People.inSlack(mail), nil
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
