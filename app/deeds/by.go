package deeds

import (
	"slices"

	"github.com/rapport-dev/rapport/partnership"
	"github.com/rapport-dev/rapport/workflows"
)

// Role is what a person or a program was given.
type Role string

// The roles. Manager and finance both see everything; neither may do the other's part.
const (
	Viewer  Role = "viewer"
	Manager Role = "manager" // launches, stops, decides about creators
	Finance Role = "finance" // runs, approves and resolves payouts
)

// May says whether somebody with these roles may do what need allows.
func May(roles []Role, need Role) bool {
	return slices.Contains(roles, need) || need == Viewer && len(roles) > 0
}

// By is who asks for a deed: every deed takes one, and refuses who may not.
type By struct {
	Who    string   // as they stand in the audit: slack:U1, api:finance, cli:ada, agent:planner for slack:U1, creator:<id>
	Roles  []Role   // a creator has none
	Scopes []string // of a token: deeds, and ScopeRead; empty for all that the roles may
	ID     string   // makes the same question the same deed
	Once   bool     // the same ID with another question is refused, see partnership.Deed
}

// ScopeRead lets a token read.
const ScopeRead = "read"

// Agent is the door of agents: they come in by MCP, with a token that acts for a person.
const Agent = "agent"

// May is nil when the registry lets them ask for a deed, else *partnership.Error Forbidden with what they lack.
func (b By) May(deed string) error {
	d, known := Find(deed)
	switch {
	case !known:
		return partnership.Errorf(partnership.Forbidden, "%s is nothing that anybody may ask for", deed)
	case partnership.CreatorsOwn(deed) != (partnership.Door(b.Who) == Pages):
		return partnership.Errorf(partnership.Forbidden, "%s is not for %s to decide", deed, partnership.Door(b.Who))
	case d.Need == "":
		return nil
	case d.People && partnership.Door(b.Who) == Agent:
		return partnership.Errorf(partnership.Forbidden, "%s is for people alone: no agent may ask for it", deed)
	}
	if err := b.within(deed); err != nil {
		return err
	}
	return b.Has(d.Need)
}

// MayRead is nil for who was given any role, and whose token reads.
func (b By) MayRead() error {
	if err := b.within(ScopeRead); err != nil {
		return err
	}
	return b.Has(Viewer)
}

// within is nil when the token's scopes hold what is asked for.
func (b By) within(scope string) error {
	if len(b.Scopes) > 0 && !slices.Contains(b.Scopes, scope) {
		return partnership.Errorf(partnership.Forbidden, "the token of %s has the scopes %v, and this takes %s", b.Who, b.Scopes, scope)
	}
	return nil
}

// MayOf is May for a deed about one thing: what belongs to money is finance's.
func (b By) MayOf(deed, subject string) error {
	d, _ := Find(deed)
	if d.Money == "" || !workflows.OfMoney(subject) || partnership.Door(b.Who) == Pages {
		return b.May(deed)
	}
	if err := b.within(deed); err != nil {
		return err
	}
	return b.Has(d.Money)
}

// Has is nil for who has the role.
func (b By) Has(need Role) error {
	if May(b.Roles, need) {
		return nil
	}
	if partnership.Door(b.Who) == Shell {
		return partnership.Errorf(partnership.Forbidden, "%s has not the role %s: an administrator adds the name to that person's line in RAPPORT_ROLES, such as `U012AB, %s: %s`", b.Who, need, b.Who, need)
	}
	return partnership.Errorf(partnership.Forbidden, "%s has not the role %s, which this takes; an administrator gives it in RAPPORT_ROLES or RAPPORT_API_TOKENS", b.Who, need)
}
