package main

import (
	"io"
	"strings"

	"github.com/rapport-dev/rapport/app/deeds"
	"github.com/rapport-dev/rapport/partnership"
	"github.com/rapport-dev/rapport/store"
)

type tokensCommands struct {
	List   tokensList   `cmd:"" help:"Who comes in by the API and by MCP, with which roles, until when."`
	Create tokensCreate `cmd:"" help:"Give a program or an agent a token. It is shown once."`
	Revoke tokensRevoke `cmd:"" help:"End a token at once."`
}

type tokensList struct{}

func (tokensList) Run(a *app) error {
	kept, err := a.store()
	if err != nil {
		return err
	}
	tokens, _, err := kept.Tokens(a.ctx, store.Page{Most: 1000})
	if err != nil {
		return err
	}
	return a.show(orEmpty(tokens), func(w io.Writer) {
		if len(tokens) == 0 {
			line(w, "No token was made here; those of RAPPORT_API_TOKENS stand in that setting.")
			return
		}
		var rows [][]string
		for _, t := range tokens {
			rows = append(rows, []string{t.Name, strings.Join(t.Roles, "+"), scopesOf(t), actsFor(t), when(t.ExpiresAt), lastUse(t), endOf(t)})
		}
		table(w, "name roles scopes for expires used revoked", rows)
	})
}

func scopesOf(t partnership.Token) string {
	if len(t.Scopes) == 0 {
		return "all"
	}
	return strings.Join(t.Scopes, ",")
}

func actsFor(t partnership.Token) string {
	switch {
	case t.Agent:
		return "agent of " + t.Person
	case t.Person != "":
		return t.Person
	}
	return "-"
}

func lastUse(t partnership.Token) string {
	if t.LastUsedAt.IsZero() {
		return "never"
	}
	return when(t.LastUsedAt)
}

func endOf(t partnership.Token) string {
	if t.RevokedAt.IsZero() {
		return "-"
	}
	return when(t.RevokedAt) + " by " + t.RevokedBy
}

type tokensCreate struct {
	Name   string       `arg:"" help:"As it stands in the audit: small letters, digits, dots, dashes. It is never used again."`
	Role   []deeds.Role `required:"" placeholder:"viewer|manager|finance" help:"What it may; one or several."`
	Scope  []string     `placeholder:"read|DEED" help:"Only these: read, and deeds of docs/deeds.md such as pause. Without any: all that the roles may."`
	Person string       `placeholder:"WHO" help:"Who it acts for, as they stand in the audit, such as cli:ada. It may never more than they may."`
	Agent  bool         `help:"It is an agent's: it only prepares, and does what was confirmed. Takes --person."`
	Days   int          `help:"How many days it lives; 90 when nothing is said, 365 at most."`
}

func (c tokensCreate) Run(a *app) error {
	by, err := a.may(partnership.DeedCreateToken)
	if err != nil {
		return err
	}
	directory, err := a.directory()
	if err != nil {
		return err
	}
	kept, err := a.store()
	if err != nil {
		return err
	}
	made, secret, err := deeds.CreateToken(a.ctx, kept, by, deeds.NewToken{Name: c.Name, Roles: c.Role, Scopes: c.Scope, Person: c.Person, Agent: c.Agent, Days: c.Days}, directory.Tokens.Has)
	if err != nil {
		return err
	}
	shown := struct {
		partnership.Token
		Secret string `json:"token"`
	}{made, secret}
	return a.show(shown, func(w io.Writer) {
		line(w, "%s", secret)
		line(w, "This is shown once: keep it where secrets are kept. It lives until %s; rapport tokens revoke %s ends it.", when(made.ExpiresAt), made.Name)
	})
}

type tokensRevoke struct {
	Name string `arg:"" help:"As tokens list shows it."`
}

func (c tokensRevoke) Run(a *app) error {
	by, err := a.may(partnership.DeedRevokeToken)
	if err != nil {
		return err
	}
	kept, err := a.store()
	if err != nil {
		return err
	}
	if err := deeds.RevokeToken(a.ctx, kept, by, c.Name); err != nil {
		return hint(err, "`rapport tokens list` shows those that there are")
	}
	return a.show(map[string]string{"revoked": c.Name}, func(w io.Writer) { line(w, "Revoked: it opens nothing any more.") })
}
