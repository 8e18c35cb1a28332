package slack

import (
	"slices"
	"strings"

	"github.com/rapport-dev/rapport/playground/sandbox"
)

// The workspace.
const (
	teamID = "T0SANDBOX"
	appID  = "A0RAPPORT"
	botID  = "U0RAPPORT"
)

// member is somebody who works for the brand.
type member struct{ ID, Name, RealName, Email string }

var members = []member{
	{"U_MANAGER", "morgan", "Morgan Manager", "manager@acme.example"},
	{"U_FINANCE", "frankie", "Frankie Finance", "finance@acme.example"},
	{"U_FINANCE2", "fiona", "Fiona Finance", "finance2@acme.example"},
	{"U_PREPARER", "parker", "Parker Preparer", "preparer@acme.example"},
}

func userByID(id string) (member, bool) {
	i := slices.IndexFunc(members, func(u member) bool { return u.ID == id })
	if i < 0 {
		return member{}, false
	}
	return members[i], true
}

func userIDs() string {
	var ids []string
	for _, u := range members {
		ids = append(ids, u.ID)
	}
	return strings.Join(ids, ", ")
}

func (u member) short() map[string]string {
	return map[string]string{"id": u.ID, "username": u.Name, "name": u.Name, "team_id": teamID}
}

// service is a workspace in a running sandbox.
type service struct {
	*sandbox.Server
	keys sandbox.Keys
	st   *state
}

type state struct {
	Messages     []*message              `json:"messages"`
	LastTS       int64                   `json:"last_ts"` // microseconds: a ts never repeats
	Views        []*view                 `json:"views"`
	Triggers     map[string]int64        `json:"triggers"` // trigger ids: the unix milliseconds of their making, or exchanged
	ResponseURLs map[string]*responseURL `json:"response_urls"`
	Responses    []*chatResponse         `json:"responses"`
}
