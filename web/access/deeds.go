package access

import (
	"context"
	"slices"
	"strings"

	p "github.com/rapport-dev/rapport/partnership"
)

// need is the role that each deed of the team asks for. Doors ask it before they take a deed, and the worker once more before it
// counts.
var need = map[string]Role{
	p.DeedDecideCounter: Manager, p.DeedReviewDraft: Manager, p.DeedDecideQuiet: Manager, p.DeedRetryStep: Manager, p.DeedResolveEffect: Manager,
	p.DeedAmend: Manager, p.DeedCancel: Manager, p.DeedPause: Manager, p.DeedResume: Manager, p.DeedLaunch: Manager, p.DeedNote: Manager,
	p.DeedImportCreators: Manager, p.DeedEraseCreator: Manager, p.DeedMend: Manager, p.DeedConfirmImport: Manager, p.DeedRevokeLinks: Manager, p.DeedRevokeCalendar: Manager, p.DeedRetryInbox: Manager, p.DeedRetryVendor: Manager, p.DeedLiftSuppression: Manager,
	p.DeedPromoteBuild: Manager, p.DeedDropKey: Manager,
	p.DeedApproveRun: Finance, p.DeedRejectRun: Finance, p.DeedResolvePayout: Finance, p.DeedStartRun: Finance,
	p.DeedHoldRow: Finance, p.DeedReleaseRow: Finance, p.DeedVoidRow: Finance,
}

// Need is the role that a deed of the team asks for; ok is false for what is nobody's of the team.
func Need(deed string) (role Role, ok bool) {
	role, ok = need[deed]
	return role, ok
}

// Directory knows whoever stands in the audit: by the file of roles, by their token, and by the address that their Slack profile shows.
type Directory struct {
	People People
	Tokens Tokens
	Listed bool // there is a file of roles: from a shell, money takes the role in it
	// Mail is the address of a Slack user who is one of ours, "" for bots, guests and strangers. Nil where there is no Slack.
	Mail func(ctx context.Context, user string) (string, error)
}

// Of are the roles of who, and all names that the same person has. An error means that nobody could be asked.
func (d Directory) Of(ctx context.Context, who string) (roles []Role, names []string, err error) {
	names = append(slices.Clone(d.People.Also(who)), who)
	switch p.Door(who) {
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
		roles = append(slices.Clone(d.People.Of(who)), Manager)
		if !d.Listed {
			roles = append(roles, Finance)
		}
		return roles, names, nil
	}
	return nil, names, nil
}

// roles are those of a token's name.
func (t Tokens) roles(name string) []Role {
	for _, e := range t.list {
		if e.caller.Name == name {
			return e.caller.Roles
		}
	}
	return nil
}
