package slack

import (
	"slices"
	"strings"

	"github.com/rapport-dev/rapport/playground/sandbox"
)

// A room is a channel of the workspace, or the direct one between the app and a person.
type room struct {
	id, name string
	private  bool
	archived bool
	outside  bool // the app was not invited
}

// roomState is what became of a room since the workspace began.
type roomState struct {
	Archived bool `json:"archived"`
	Outside  bool `json:"outside"`
}

// rooms are the workspace's own beside the brand's channel: finance's, one that the app may join, a private one to which somebody must invite
// it, and one that is archived.
var rooms = []room{
	{id: "C0FINANCE", name: "finance"},
	{id: "C0ELSEWHERE", name: "board", outside: true},
	{id: "G0PRIVATE", name: "leadership", private: true, outside: true},
	{id: "C0ARCHIVED", name: "last-year", archived: true},
}

// allRooms are the channels as they stand, the brand's first.
func (s *service) allRooms() []room {
	all := append([]room{{id: s.keys["slack_channel"], name: "partnerships"}}, rooms...)
	for i, r := range all {
		if now := s.st.Rooms[r.id]; now != nil {
			all[i].archived, all[i].outside = now.Archived, now.Outside
		}
	}
	return all
}

// roomOf finds a channel by id or name, or a person's direct one by the person or its id.
func (s *service) roomOf(name string) (room, bool) {
	for i, r := range s.allRooms() {
		if name != "" && (name == r.id || name == "#"+r.name || i == 0 && strings.TrimPrefix(name, "#") == strings.TrimPrefix(r.id, "#")) {
			return r, true
		}
	}
	if user, ok := userByID(strings.TrimPrefix(name, "D")); ok {
		return room{id: "D" + user.ID, name: user.Name}, true
	}
	return room{}, false
}

func (r room) direct() bool { return strings.HasPrefix(r.id, "D") }

// What the page reads of it.
func (r room) ID() string     { return r.id }
func (r room) Name() string   { return r.name }
func (r room) Private() bool  { return r.private }
func (r room) Archived() bool { return r.archived }
func (r room) Direct() bool   { return r.direct() }

// person is whose direct channel it is.
func (r room) person() string { return strings.TrimPrefix(r.id, "D") }

// kind begins the scopes of a channel: channels:history, groups:history, im:history.
func (r room) kind() string {
	switch {
	case r.direct():
		return "im"
	case r.private:
		return "groups"
	}
	return "channels"
}

// visible finds a channel that the app may know of: a private one that it is not in does not exist for it.
func (s *service) visible(name string) (room, *apiError) {
	r, ok := s.roomOf(name)
	if !ok || r.private && r.outside {
		return room{}, fail("channel_not_found")
	}
	return r, nil
}

// readable is the id of a channel whose messages the app may read.
func (s *service) readable(name string) (string, *apiError) {
	r, serr := s.visible(name)
	switch {
	case serr != nil:
		return "", serr
	case r.outside:
		return "", fail("not_in_channel")
	}
	return r.id, s.needs(r.kind() + ":history")
}

// writable is the id of a channel that takes the app's messages.
func (s *service) writable(name string) (string, *apiError) {
	r, serr := s.visible(name)
	switch {
	case serr != nil:
		return "", serr
	case r.outside:
		return "", fail("not_in_channel")
	case r.archived:
		return "", fail("is_archived")
	case r.direct() && s.deleted(r.person()):
		return "", fail("channel_not_found")
	}
	return r.id, nil
}

func (s *service) deleted(user string) bool {
	u, ok := userByID(user)
	return ok && s.presenceOf(u).Deleted
}

func (r room) json() map[string]any {
	out := map[string]any{
		"id": r.id, "name": r.name, "is_channel": !r.direct() && !r.private, "is_group": r.private, "is_im": r.direct(), "is_private": r.private || r.direct(),
		"is_member": !r.outside, "is_archived": r.archived, "is_general": false,
	}
	if r.direct() {
		out["user"] = r.person()
	}
	return out
}

func (s *service) channelInfo(args arguments) (map[string]any, *apiError) {
	r, serr := s.visible(args.text("channel"))
	if serr != nil {
		return nil, serr
	}
	if serr := s.needs(r.kind() + ":read"); serr != nil {
		return nil, serr
	}
	return map[string]any{"channel": r.json()}, nil
}

func (s *service) channelList(arguments) (map[string]any, *apiError) {
	out := []map[string]any{}
	for _, r := range s.allRooms() {
		if (!r.private || !r.outside) && s.has(r.kind()+":read") {
			out = append(out, r.json())
		}
	}
	return map[string]any{"channels": out, "response_metadata": map[string]string{"next_cursor": ""}}, nil
}

// channelMembers lists everybody but guests: the channels of this workspace are everybody's.
func (s *service) channelMembers(args arguments) (map[string]any, *apiError) {
	r, serr := s.visible(args.text("channel"))
	if serr != nil {
		return nil, serr
	}
	ids := []string{}
	for _, u := range members {
		if r.holds(u) && !s.deleted(u.ID) {
			ids = append(ids, u.ID)
		}
	}
	if !r.outside {
		ids = append(ids, botID)
	}
	return map[string]any{"members": ids, "response_metadata": map[string]string{"next_cursor": ""}}, nil
}

// holds says whether a person sees a channel; guests see the brand's own, in which they help.
func (r room) holds(u member) bool {
	if r.direct() {
		return r.person() == u.ID
	}
	return !u.Guest || !r.private && !slices.ContainsFunc(rooms, func(other room) bool { return other.id == r.id })
}

// joinChannel lets the app into a public channel.
func (s *service) joinChannel(args arguments) (map[string]any, *apiError) {
	r, serr := s.visible(args.text("channel"))
	switch {
	case serr != nil:
		return nil, serr
	case r.private || r.direct():
		return nil, fail("method_not_supported_for_channel_type")
	case r.archived:
		return nil, fail("is_archived")
	case !r.outside:
		return map[string]any{"channel": r.json(), "warning": "already_in_channel", "response_metadata": map[string]any{"warnings": []string{"already_in_channel"}}}, nil
	}
	r.outside = false
	s.setRoom(r, botID)
	return map[string]any{"channel": r.json()}, nil
}

// setRoom notes a channel as it stands now; inviter is who brought the app in, "" when nobody did. The lock is held.
func (s *service) setRoom(r room, inviter string) {
	s.st.Rooms[r.id] = &roomState{Archived: r.archived, Outside: r.outside}
	if inviter != "" {
		s.event("member_joined_channel", map[string]any{"user": botID, "channel": r.id, "channel_type": strings.ToUpper(r.id[:1]), "team": teamID, "inviter": inviter})
	}
}

// changeRoom is what people do with a channel: invite the app, send it away, archive the channel and bring it back.
func (s *service) changeRoom(q struct {
	User    string `json:"user"`
	Channel string `json:"channel"`
	Do      string `json:"do"`
},
) error {
	if _, ok := userByID(q.User); !ok {
		return sandbox.Invalid("user must be one of %s", userIDs())
	}
	s.Lock()
	defer s.Unlock()
	r, ok := s.roomOf(q.Channel)
	if !ok || r.direct() {
		return sandbox.NotFound("channel")
	}
	inviter := ""
	switch q.Do {
	case "invite":
		r.outside, inviter = false, q.User
	case "remove":
		r.outside = true
	case "archive":
		r.archived = true
	case "unarchive":
		r.archived = false
	default:
		return sandbox.Invalid("do %q is not one of invite, remove, archive, unarchive", q.Do)
	}
	s.setRoom(r, inviter)
	s.Touch()
	return nil
}

// openChannel gives the direct channel with a person.
func (s *service) openChannel(args arguments) (map[string]any, *apiError) {
	users := strings.Split(args.text("users"), ",")
	switch {
	case args.text("users") == "" && args.text("channel") == "":
		return nil, fail("users_list_not_supplied")
	case len(users) > 1:
		return nil, fail("method_not_supported_for_channel_type") // a group's direct channel, which this workspace does not offer
	case users[0] == "":
		users[0] = strings.TrimPrefix(args.text("channel"), "D")
	}
	if _, ok := userByID(users[0]); !ok {
		return nil, fail("user_not_found")
	}
	if s.deleted(users[0]) {
		return nil, fail("user_disabled")
	}
	return map[string]any{"no_op": true, "already_open": true, "channel": map[string]any{"id": "D" + users[0], "user": users[0], "is_im": true}}, nil
}
