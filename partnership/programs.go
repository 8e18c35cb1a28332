package partnership

import (
	"strings"
	"time"
)

// Token is what a program comes in with by the API, or an agent by MCP. The token itself is shown once and kept nowhere.
type Token struct {
	Name       string    `json:"name"`
	Roles      []string  `json:"roles"`
	Scopes     []string  `json:"scopes"`           // deeds by name, and "read"; empty: all that the roles may
	Person     string    `json:"person,omitempty"` // who it acts for, as they stand in the audit
	Agent      bool      `json:"agent"`            // it prepares, and does nothing that was not confirmed
	CreatedBy  string    `json:"created_by"`
	CreatedAt  time.Time `json:"created_at"`
	ExpiresAt  time.Time `json:"expires_at"`
	RevokedBy  string    `json:"revoked_by,omitempty"`
	RevokedAt  time.Time `json:"revoked_at,omitzero"`
	LastUsedAt time.Time `json:"last_used_at,omitzero"` // to the minute
}

// Live says whether the token opens anything at that time.
func (t Token) Live(now time.Time) bool { return t.RevokedAt.IsZero() && now.Before(t.ExpiresAt) }

// Who is whoever comes in with the token, as they stand in the audit.
func (t Token) Who() string {
	if t.Agent {
		return ByAgent(t.Name, t.Person)
	}
	return "api:" + t.Name
}

const agentFor = " for "

// ByAgent is how an agent stands in the audit: "agent:planner for slack:U012AB".
func ByAgent(token, person string) string { return "agent:" + token + agentFor + person }

// AgentOf takes the name of an agent apart.
func AgentOf(who string) (token, person string, ok bool) {
	name, is := strings.CutPrefix(who, "agent:")
	token, person, found := strings.Cut(name, agentFor)
	return token, person, is && found && token != "" && person != ""
}
