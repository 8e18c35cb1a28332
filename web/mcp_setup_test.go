package web_test

import (
	"encoding/json"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/modelcontextprotocol/go-sdk/mcp"

	"github.com/rapport-dev/rapport/app/deeds"
	"github.com/rapport-dev/rapport/partnership"
)

// agent is a model's client with a token of its own.
type agent struct {
	h       *house
	who     string
	token   string
	session *mcp.ClientSession
}

type bearer string

func (b bearer) RoundTrip(r *http.Request) (*http.Response, error) {
	r = r.Clone(r.Context())
	r.Header.Set("Authorization", "Bearer "+string(b))
	return http.DefaultTransport.RoundTrip(r)
}

// agent makes a token for an agent that acts for a person and comes in with it.
func (h *house) agent(name, person string, roles ...string) *agent {
	h.t.Helper()
	secret := "rpt_" + name + "_of_these_tests"
	_, err := h.store.CreateToken(h.t.Context(), partnership.Token{
		Name: name, Roles: roles, Scopes: []string{}, Person: person, Agent: true, ExpiresAt: time.Time{}.Add(24 * time.Hour),
	}, secret, partnership.Deed{Who: "rapport", Deed: "test"})
	must(h.t, err)
	client := mcp.NewClient(&mcp.Implementation{Name: "tests", Version: "1"}, nil)
	session, err := client.Connect(h.t.Context(), &mcp.StreamableClientTransport{
		Endpoint: h.URL + "/mcp", HTTPClient: &http.Client{Transport: bearer(secret)}, DisableStandaloneSSE: true,
	}, nil)
	must(h.t, err)
	h.t.Cleanup(func() { _ = session.Close() })
	return &agent{h: h, who: partnership.ByAgent(name, person), token: secret, session: session}
}

// call calls a tool, and says what it answers and whether it was refused.
func (a *agent) call(tool string, args any) (doc map[string]any, refused bool) {
	a.h.t.Helper()
	res, err := a.session.CallTool(a.h.t.Context(), &mcp.CallToolParams{Name: tool, Arguments: args})
	if err != nil { // no such tool for this token
		return map[string]any{"detail": err.Error()}, true
	}
	must(a.h.t, json.Unmarshal([]byte(res.Content[0].(*mcp.TextContent).Text), &doc))
	return doc, res.IsError
}

// prepared calls a tool that must prepare, and returns its hash.
func (a *agent) prepared(tool string, args any) string {
	a.h.t.Helper()
	doc, refused := a.call(tool, args)
	if refused {
		a.h.t.Fatalf("%s is refused: %v", tool, doc)
	}
	return doc["hash"].(string)
}

func (a *agent) confirm(hash string) (doc map[string]any, refused bool) {
	a.h.t.Helper()
	return a.call("confirm", map[string]any{"hash": hash})
}

// waysOf are a door's ways to ask for a deed. Agents have the API's, but for what is for people alone.
func waysOf(d deeds.Deed, door string) (ways []string) {
	if door != deeds.Agent {
		return d.Ways[door]
	}
	for _, way := range d.Ways[deeds.API] {
		if deeds.Tool(way) != "" && d.Name != partnership.DeedConfirmImport {
			ways = append(ways, way)
		}
	}
	return ways
}

// playAgent prepares what a route takes, confirms it, and has a person let what takes one.
func (h *house) playAgent(d deeds.Deed, way string) (who string) {
	person := map[deeds.Role]string{deeds.Manager: "slack:U_MANAGER", deeds.Finance: "slack:U_FINANCE2"}[d.Need] // who lets what are their own words
	a := h.agent("planner", person, string(d.Need))
	h.playRoute(d, way, func(token, _, pattern, path, text string) answered {
		hash := a.prepared(deeds.Tool(way), argumentsOf(h, pattern, path, text))
		if lines := h.messagesOf(d.Name); lines != 0 || h.audited(d.Name, a.who) {
			h.t.Fatalf("%s is done before it is confirmed", way)
		}
		doc, refused := a.confirm(hash)
		if refused {
			h.t.Fatalf("%s: %v", way, doc)
		}
		if doc["state"] == "waiting" {
			return h.call(token, "POST", "/preparations/"+hash+"/confirm", "")
		}
		return answered{Response: &http.Response{StatusCode: http.StatusOK}}
	})
	return a.who
}

// messagesOf is how often a workflow was told of a deed.
func (h *house) messagesOf(deed string) (n int) {
	for _, m := range h.temporal.messages() {
		if m.Name == deed {
			n++
		}
	}
	return n
}

// argumentsOf is a request as a tool takes it: its body, and what its path names.
func argumentsOf(h *house, pattern, path, text string) map[string]any {
	args := map[string]any{}
	if text != "" {
		must(h.t, json.Unmarshal([]byte(text), &args))
	}
	values := strings.Split(path, "/")
	for i, s := range strings.Split(pattern, "/") {
		if name, is := strings.CutPrefix(s, "{"); is {
			value, err := url.PathUnescape(values[i])
			must(h.t, err)
			args[strings.TrimSuffix(name, "}")] = value
		}
	}
	return args
}

// waiting is an act of an agent that waits for a person.
func (h *house) waiting() (hash string) {
	h.t.Helper()
	a := h.agent("waiter", "slack:U_MANAGER", "manager")
	hash = a.prepared("prepare_cancel_campaigns", map[string]any{"id": string(h.campaign), "reason": "over"})
	if doc, refused := a.confirm(hash); refused || doc["state"] != "waiting" {
		h.t.Fatalf("it does not wait: %v", doc)
	}
	return hash
}
