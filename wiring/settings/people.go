package settings

import "github.com/rapport-dev/rapport/web/access"

// Directory is who may do what, by the file of roles and the API tokens.
func (s Settings) Directory() (access.Directory, error) {
	text, err := s.Roles()
	if err != nil {
		return access.Directory{}, err
	}
	people, err := access.ParsePeople(text)
	if err != nil {
		return access.Directory{}, Faults{{Name: "RAPPORT_ROLES", Message: err.Error()}}
	}
	tokens, err := access.ParseTokens(s.APITokens.Reveal())
	if err != nil {
		return access.Directory{}, Faults{{Name: "RAPPORT_API_TOKENS", Message: err.Error()}}
	}
	return access.Directory{People: people, Tokens: tokens, Listed: s.RolesFile != ""}, nil
}
