package slack

import (
	"net/http"
	"slices"
	"strings"

	"github.com/rapport-dev/rapport/playground/sandbox"
)

// anyOf are the scopes of which a method takes any one; none is needed where it is empty.
type anyOf []string

// What a method reads or writes says which scope it takes, and in which kind of conversation.
var (
	post    = anyOf{"chat:write"}
	reads   = anyOf{"channels:history", "groups:history", "im:history"}
	looks   = anyOf{"channels:read", "groups:read", "im:read"}
	persons = anyOf{"users:read"}
)

// called is a method of the Web API with what it takes.
type called struct {
	do     method
	scopes anyOf
}

func (s *service) methods() map[string]called {
	nothing := func(arguments) (map[string]any, *apiError) { return map[string]any{}, nil }
	return map[string]called{
		"api.test": {nothing, nil}, "auth.test": {s.authTest, nil},
		"chat.postMessage": {s.postMessage, post}, "chat.update": {s.updateMessage, post}, "chat.postEphemeral": {s.postEphemeral, post},
		"chat.delete": {s.deleteMessage, post}, "chat.getPermalink": {s.permalink, nil},
		"conversations.history": {s.history, reads}, "conversations.replies": {s.replies, reads},
		"conversations.info": {s.channelInfo, looks}, "conversations.members": {s.channelMembers, looks}, "conversations.list": {s.channelList, looks},
		"conversations.join": {s.joinChannel, anyOf{"channels:join"}}, "conversations.open": {s.openChannel, anyOf{"im:write"}},
		"pins.add": {s.addPin, anyOf{"pins:write"}}, "pins.remove": {s.removePin, anyOf{"pins:write"}}, "pins.list": {s.listPins, anyOf{"pins:read"}},
		"users.info": {s.userInfo, persons}, "users.list": {s.userList, persons}, "users.lookupByEmail": {s.userByEmail, anyOf{"users:read.email"}},
		"files.info": {s.fileInfo, anyOf{"files:read"}},
		"views.open": {s.openView, nil}, "views.push": {s.pushView, nil}, "views.update": {s.updateView, nil}, "views.publish": {s.publishView, nil},
	}
}

// allScopes are all that any method takes, and the one of slash commands.
func (s *service) allScopes() []string {
	all := []string{"commands"}
	for _, m := range s.methods() {
		all = append(all, m.scopes...)
	}
	slices.Sort(all)
	return slices.Compact(all)
}

// granted are the scopes that the app was installed with.
func (s *service) granted() []string {
	if s.st.Scopes != nil {
		return s.st.Scopes
	}
	return s.allScopes()
}

func (s *service) has(scope string) bool { return slices.Contains(s.granted(), scope) }

// needs refuses what the app was not installed for.
func (s *service) needs(scopes ...string) *apiError {
	if len(scopes) == 0 || slices.ContainsFunc(scopes, s.has) {
		return nil
	}
	return &apiError{code: "missing_scope", more: map[string]any{"needed": strings.Join(scopes, ","), "provided": strings.Join(s.granted(), ",")}}
}

// install gives the app these scopes and no others, as an administrator does who installs it anew.
func (s *service) install(scopes []string) error {
	all := s.allScopes()
	for _, scope := range scopes {
		if !slices.Contains(all, scope) {
			return sandbox.Invalid("scope %q is not one of %s", scope, strings.Join(all, ", "))
		}
	}
	s.Lock()
	defer s.Unlock()
	s.st.Scopes = sandbox.List(scopes)
	s.Touch()
	return nil
}

// serve makes an endpoint of a method.
func (s *service) serve(m called) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		args, err := readArguments(r)
		if err != nil {
			refuse(w, fail("invalid_json"))
			return
		}
		serr := s.needs(m.scopes...)
		var out map[string]any
		if serr == nil {
			out, serr = m.do(args)
		}
		if serr != nil {
			refuse(w, serr)
			return
		}
		out["ok"] = true
		sandbox.WriteJSON(w, http.StatusOK, out)
	}
}
