package deeds

import (
	"context"
	"crypto/rand"
	"regexp"
	"slices"
	"time"

	"github.com/rapport-dev/rapport/partnership"
)

// Tokens keep what programs come in with.
type Tokens interface {
	CreateToken(ctx context.Context, t partnership.Token, secret string, d partnership.Deed) (partnership.Token, error)
	RevokeToken(ctx context.Context, name string, d partnership.Deed) error
}

// NewToken is a token as it is asked for.
type NewToken struct {
	Name   string   `json:"name"`
	Roles  []Role   `json:"roles"`
	Scopes []string `json:"scopes"`
	Person string   `json:"person"`
	Agent  bool     `json:"agent"`
	Days   int      `json:"days"` // 0: tokenDays
}

// How long a token lives where nothing is said, and at most.
const (
	tokenDays    = 90
	maxTokenDays = 365
)

var tokenName = regexp.MustCompile(`^[a-z0-9][a-z0-9._-]{0,39}$`)

// check is nil for a token that by may give away: nobody gives what they have not.
func (in NewToken) check(by By) error {
	if !tokenName.MatchString(in.Name) {
		return partnership.FieldErrorf("name", "%q must be 1 to 40 small letters, digits, dots, dashes or underscores, and begin with a letter or a digit", in.Name)
	}
	if len(in.Roles) == 0 {
		return partnership.FieldErrorf("roles", "name at least one of viewer, manager, finance")
	}
	for _, role := range in.Roles {
		if !slices.Contains([]Role{Viewer, Manager, Finance}, role) {
			return partnership.FieldErrorf("roles", "%q must be viewer, manager or finance", role)
		}
		if err := by.Has(role); err != nil {
			return err
		}
	}
	for _, scope := range in.Scopes {
		d, known := Find(scope)
		if scope != ScopeRead && (!known || d.Need == "") {
			return partnership.FieldErrorf("scopes", "%q must be read, or a deed of docs/deeds.md such as pause", scope)
		}
		if len(by.Scopes) > 0 && !slices.Contains(by.Scopes, scope) {
			return partnership.FieldErrorf("scopes", "%q is none of your own scopes: %v", scope, by.Scopes)
		}
	}
	if len(by.Scopes) > 0 && len(in.Scopes) == 0 {
		return partnership.FieldErrorf("scopes", "name some: yours are %v, and nobody gives away more than they have", by.Scopes)
	}
	if door := partnership.Door(in.Person); in.Person != "" && (!slices.Contains(Doors, door) || door == API || door == Pages || in.Person == door) {
		return partnership.FieldErrorf("person", "%q must be somebody as they stand in the audit, such as cli:ada, or a chat user with its door", in.Person)
	}
	if in.Agent && in.Person == "" {
		return partnership.FieldErrorf("person", "an agent acts for a person: say who, as they stand in the audit")
	}
	if in.Days < 0 || in.Days > maxTokenDays {
		return partnership.FieldErrorf("days", "%d must be from 1 to %d; 0 takes %d", in.Days, maxTokenDays, tokenDays)
	}
	return nil
}

// CreateToken makes a token. secret is shown once, to who asked for it; of it a digest is kept. taken says whether a name is in the settings.
func CreateToken(ctx context.Context, kept Tokens, by By, in NewToken, taken func(name string) bool) (made partnership.Token, secret string, err error) {
	if err := by.May(partnership.DeedCreateToken); err != nil {
		return made, "", err
	}
	if err := in.check(by); err != nil {
		return made, "", err
	}
	if taken(in.Name) {
		return made, "", partnership.Errorf(partnership.Conflict, "RAPPORT_API_TOKENS has a token named %q; who did what must be told apart, take another name", in.Name)
	}
	days := in.Days
	if days == 0 {
		days = tokenDays
	}
	roles := []string{}
	for _, role := range in.Roles {
		roles = append(roles, string(role))
	}
	life := time.Duration(days) * 24 * time.Hour
	made = partnership.Token{
		Name: in.Name, Roles: roles, Scopes: append([]string{}, in.Scopes...), Person: in.Person, Agent: in.Agent, ExpiresAt: time.Time{}.Add(life), // from when it is kept
	}
	secret = "rpt_" + rand.Text() + rand.Text()
	made, err = kept.CreateToken(ctx, made, secret, partnership.Deed{
		ID: by.ID, Who: by.Who, Deed: partnership.DeedCreateToken, Subject: "token/" + in.Name,
		Details: map[string]any{"roles": roles, "scopes": made.Scopes, "person": in.Person, "agent": in.Agent, "days": days},
	})
	if err != nil {
		return partnership.Token{}, "", err
	}
	return made, secret, nil
}

// RevokeToken ends a token at once.
func RevokeToken(ctx context.Context, kept Tokens, by By, name string) error {
	if err := by.May(partnership.DeedRevokeToken); err != nil {
		return err
	}
	return kept.RevokeToken(ctx, name, partnership.Deed{ID: by.ID, Who: by.Who, Deed: partnership.DeedRevokeToken, Subject: "token/" + name})
}
