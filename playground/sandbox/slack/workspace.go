package slack

import (
	"slices"
	"strings"
	"time"
	_ "time/tzdata" // so that people have their zones on a machine that has no data of its own

	"github.com/rapport-dev/rapport/playground/sandbox"
)

// The workspace.
const (
	teamID = "T0SANDBOX"
	appID  = "A0RAPPORT"
	botID  = "U0RAPPORT"
)

// member is somebody who works for the brand, or a guest.
type member struct {
	ID, Name, RealName, Email, Zone string
	Guest                           bool // sees some channels only
}

var members = []member{
	{ID: "U_MANAGER", Name: "morgan", RealName: "Morgan Manager", Email: "manager@acme.example", Zone: "America/New_York"},
	{ID: "U_FINANCE", Name: "frankie", RealName: "Frankie Finance", Email: "finance@acme.example", Zone: "America/New_York"},
	{ID: "U_FINANCE2", Name: "fiona", RealName: "Fiona Finance", Email: "finance2@acme.example", Zone: "Europe/Berlin"},
	{ID: "U_PREPARER", Name: "parker", RealName: "Parker Preparer", Email: "preparer@acme.example", Zone: "America/New_York"},
	{ID: "U_GUEST", Name: "gabi", RealName: "Gabi Guest", Email: "gabi@agency.example", Zone: "Europe/Berlin", Guest: true},
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
	Triggers     map[string]*trigger     `json:"trigger_ids"`
	ResponseURLs map[string]*responseURL `json:"response_urls"`
	Responses    []*chatResponse         `json:"responses"`
	Rooms        map[string]*roomState   `json:"slack_rooms"`  // what changed of the rooms, by id
	People       map[string]*presence    `json:"slack_people"` // what changed of the people, by id
	Uploads      []*upload               `json:"slack_files"`  // what people attached to forms
	Scopes       []string                `json:"slack_scopes"` // what the app was last installed with; nil: all that there are
	Pins         []pin                   `json:"slack_pins"`   // newest last
}

// presence is what a person says of themselves, and whether they are still there.
type presence struct {
	StatusText  string    `json:"status_text"`
	StatusEmoji string    `json:"status_emoji"`
	Expires     time.Time `json:"expires,omitzero"` // of the status; zero: it stays
	Zone        string    `json:"tz"`
	Deleted     bool      `json:"deleted"`
}

func (s *service) presenceOf(u member) presence {
	p := presence{Zone: u.Zone}
	if changed := s.st.People[u.ID]; changed != nil {
		p = *changed
	}
	return p
}

// zoneNamed reads a zone from the data that is built in.
//
//nolint:forbidigo // a vendor that is imitated uses nothing of ours, partnership/zones neither
func zoneNamed(name string) (*time.Location, error) { return time.LoadLocation(name) }

// setPresence takes what a person, or an administrator about them, has changed.
func (s *service) setPresence(q struct {
	User string `json:"user"`
	presence
},
) error {
	u, ok := userByID(q.User)
	if !ok {
		return sandbox.Invalid("user must be one of %s", userIDs())
	}
	if q.Zone == "" {
		q.Zone = u.Zone
	}
	if _, err := zoneNamed(q.Zone); err != nil {
		return sandbox.Invalid("tz %q is no IANA zone such as Europe/Berlin", q.Zone)
	}
	if length(q.StatusText) > 100 {
		return sandbox.Invalid("status_text has %d characters, and takes 100", length(q.StatusText))
	}
	s.Lock()
	defer s.Unlock()
	s.st.People[q.User] = &q.presence
	s.Touch()
	return nil
}

// userJSON is a person as users.info tells.
func (s *service) userJSON(u member) map[string]any {
	p := s.presenceOf(u)
	zone, offset := time.Now().In(sandbox.Must(zoneNamed(p.Zone))).Zone()
	expires := int64(0)
	if !p.Expires.IsZero() {
		expires = p.Expires.Unix()
	}
	if p.Expires.IsZero() || p.Expires.After(s.Now()) {
		return u.json(p, zone, offset, expires)
	}
	return u.json(presence{Zone: p.Zone, Deleted: p.Deleted}, zone, offset, 0)
}

func (u member) json(p presence, zone string, offset int, expires int64) map[string]any {
	return map[string]any{
		"id": u.ID, "team_id": teamID, "name": u.Name, "real_name": u.RealName, "deleted": p.Deleted, "is_bot": false, "is_app_user": false,
		"is_restricted": u.Guest, "is_ultra_restricted": false, "is_admin": false, "is_owner": false, "tz": p.Zone, "tz_label": zone, "tz_offset": offset,
		"profile": map[string]any{
			"email": u.Email, "real_name": u.RealName, "display_name": u.Name, "team": teamID,
			"status_text": p.StatusText, "status_emoji": p.StatusEmoji, "status_expiration": expires,
		},
	}
}

func (s *service) userInfo(args arguments) (map[string]any, *apiError) {
	u, ok := userByID(args.text("user"))
	if !ok {
		return nil, fail("user_not_found")
	}
	return map[string]any{"user": s.userJSON(u)}, nil
}

func (s *service) userByEmail(args arguments) (map[string]any, *apiError) {
	i := slices.IndexFunc(members, func(u member) bool { return strings.EqualFold(u.Email, args.text("email")) })
	if i < 0 || s.presenceOf(members[i]).Deleted {
		return nil, fail("users_not_found")
	}
	return map[string]any{"user": s.userJSON(members[i])}, nil
}

func (s *service) userList(arguments) (map[string]any, *apiError) {
	out := []map[string]any{}
	for _, u := range members {
		out = append(out, s.userJSON(u))
	}
	return map[string]any{"members": out, "response_metadata": map[string]string{"next_cursor": ""}}, nil
}
