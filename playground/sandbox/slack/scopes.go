package slack

import (
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
	joins   = anyOf{"channels:join"}
	talks   = anyOf{"im:write"}
	pins    = anyOf{"pins:write"}
	pinned  = anyOf{"pins:read"}
	mails   = anyOf{"users:read.email"}
	files   = anyOf{"files:read"}
)

// allScopes are all that any method takes, and the one of slash commands.
func allScopes() []string {
	all := slices.Concat([]string{"commands"}, post, reads, looks, persons, joins, talks, pins, pinned, mails, files)
	slices.Sort(all)
	return all
}

// granted are the scopes that the app was installed with.
func (s *service) granted() []string {
	if s.st.Scopes != nil {
		return s.st.Scopes
	}
	return allScopes()
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
	all := allScopes()
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
