package slack

import "strings"

// A room is a channel of the workspace.
type room struct {
	id, name string
	archived bool
	outside  bool // the app was not invited
}

// rooms are the workspace's, beside the brand's own channel: two in which an app cannot write.
var rooms = []room{{id: "C0ARCHIVED", name: "last-year", archived: true}, {id: "C0ELSEWHERE", name: "board", outside: true}}

// roomOf finds a channel by id or name, or a person's direct one by the person or its id.
func (s *service) roomOf(name string) (room, bool) {
	own := room{id: s.keys["slack_channel"], name: "partnerships"}
	if name != "" && strings.TrimPrefix(name, "#") == strings.TrimPrefix(own.id, "#") {
		return own, true
	}
	for _, r := range rooms {
		if name == r.id || name == "#"+r.name {
			return r, true
		}
	}
	if user, ok := userByID(strings.TrimPrefix(name, "D")); ok {
		return room{id: "D" + user.ID, name: user.Name}, true
	}
	return room{}, false
}

// readable is the id of a channel whose messages the app may read.
func (s *service) readable(name string) (string, *apiError) {
	r, ok := s.roomOf(name)
	switch {
	case !ok:
		return "", fail("channel_not_found")
	case r.outside:
		return "", fail("not_in_channel")
	}
	return r.id, nil
}

// writable is the id of a channel that takes the app's messages.
func (s *service) writable(name string) (string, *apiError) {
	id, serr := s.readable(name)
	if r, _ := s.roomOf(name); serr == nil && r.archived {
		return "", fail("is_archived")
	}
	return id, serr
}

func (r room) json() map[string]any {
	direct := strings.HasPrefix(r.id, "D")
	return map[string]any{"id": r.id, "name": r.name, "is_channel": !direct, "is_im": direct, "is_member": !r.outside, "is_archived": r.archived}
}
