// Package slack imitates a Slack workspace: the Web API with Block Kit's rules, modals and home tabs, and the people who
// press buttons, fill forms and type commands.
package slack

import (
	"embed"
	"net/http"
	"strconv"
	"strings"

	"github.com/rapport-dev/rapport/playground/sandbox"
)

const name = "slack"

// archived is a fault of Slack's alone: the channel takes no message.
const archived = "archived-channel"

// Vendor offers Slack to a sandbox.
var Vendor = sandbox.Vendor{
	Name:  name,
	Paths: map[string]string{"SLACK_API_URL": "/slack/api/", "SLACK_OPENID_URL": openIDPath},
	Keys: []sandbox.Key{
		sandbox.Shared("SLACK_BOT_TOKEN", "slack_bot_token", func() string { return "xoxb-" + sandbox.Token(24) }),
		sandbox.Shared("SLACK_SIGNING_SECRET", "slack_signing_secret", func() string { return sandbox.Token(16) }),
		sandbox.Shared("SLACK_CHANNEL", "slack_channel", func() string { return "C0RAPPORT" }),
		sandbox.Shared("SLACK_CLIENT_ID", "slack_client_id", func() string { return "7001.8001" }),
		sandbox.Shared("SLACK_CLIENT_SECRET", "slack_client_secret", func() string { return sandbox.Token(16) }),
	},
	Open: open,
}

//go:embed templates
var templateFiles embed.FS

var pages = sandbox.ParsePages(templateFiles)

func open(core *sandbox.Server, keys sandbox.Keys) (*sandbox.Service, error) {
	s := &service{Server: core, keys: keys, st: &state{
		Triggers: map[string]*trigger{}, ResponseURLs: map[string]*responseURL{}, Rooms: map[string]*roomState{}, People: map[string]*presence{},
	}}
	return &sandbox.Service{
		State: s.st, API: s.api(), Truth: s.truth, People: s.people,
		Tab:    &sandbox.Tab{Name: "slack", Title: "Slack", At: pagePath, Count: func() int { return len(s.st.Messages) }},
		Faults: []string{archived},
		Queues: []sandbox.Queue{{Name: name, Sign: sign(keys.First("slack_signing_secret"))}},
	}, nil
}

func (s *service) api() *sandbox.API {
	a := s.NewAPI(name, "/slack/api/")
	a.AnyVerb = true // Slack's methods are any
	a.Refusals = map[string]func(http.ResponseWriter, *http.Request){archived: func(w http.ResponseWriter, _ *http.Request) { refuse(w, fail("is_archived")) }}
	a.Admit = s.admit
	a.TooMany = func(w http.ResponseWriter, _ *http.Request, after int) {
		w.Header().Set("Retry-After", strconv.Itoa(after))
		sandbox.WriteJSON(w, http.StatusTooManyRequests, map[string]any{"ok": false, "error": "ratelimited"})
	}
	a.Broken = func(w http.ResponseWriter) {
		sandbox.WriteJSON(w, http.StatusInternalServerError, map[string]any{"ok": false, "error": "internal_error"})
	}
	a.NotFound = func(w http.ResponseWriter) { refuse(w, fail("unknown_method")) }
	for op, m := range s.methods() {
		a.Handle("/slack/api/"+op, op, s.serve(m))
	}
	a.Handle("POST "+responsePath+"{token}", "response_url", s.respond)
	a.Handle("GET "+filePath+"{id}/{name}", "files.download", s.download)
	a.Handle("GET "+filePath+"{id}/download/{name}", "files.download", s.download)
	a.OpOf = func(r *http.Request, _ []byte) string {
		switch {
		case strings.HasPrefix(r.URL.Path, responsePath):
			return "response_url"
		case strings.HasPrefix(r.URL.Path, filePath):
			return "files.download"
		}
		return strings.TrimPrefix(r.URL.Path, "/slack/api/")
	}
	return a
}

func (s *service) truth() map[string]any {
	type row struct {
		Key     string          `json:"key"`
		Channel string          `json:"channel"`
		Kind    string          `json:"kind"`
		At      sandbox.Instant `json:"at"`
	}
	rows := []row{}
	for _, m := range s.st.Messages {
		if m.Ephemeral == "" && !m.Aside && m.User == "" {
			key, kind := m.payload()
			rows = append(rows, row{key, m.Channel, kind, sandbox.Instant(m.At)})
		}
	}
	return map[string]any{"messages": rows}
}

// people adds what people see in Slack and do there.
func (s *service) people(mux *http.ServeMux) {
	s.openID(mux)
	s.pageRoutes(mux)
	mux.HandleFunc("GET /sandbox/slack/messages", sandbox.Feed(s.Server, "messages", s.messagesFor))
	mux.HandleFunc("GET /sandbox/slack/responses", sandbox.Feed(s.Server, "responses", s.responsesFor))
	mux.HandleFunc("GET /sandbox/slack/views", sandbox.Feed(s.Server, "views", s.viewsFor))
	mux.HandleFunc("POST /sandbox/slack/click", sandbox.Act(func(r *http.Request, q click) (any, error) { return s.pressButton(r.Context(), q) }))
	mux.HandleFunc("POST /sandbox/slack/submit", sandbox.Act(func(r *http.Request, q submission) (any, error) { return s.submitView(r.Context(), q) }))
	mux.HandleFunc("POST /sandbox/slack/command", sandbox.Act(func(r *http.Request, q command) (any, error) { return s.slashCommand(r.Context(), q) }))
	mux.HandleFunc("POST /sandbox/slack/suggest", sandbox.Act(func(r *http.Request, q typing) (any, error) { return s.suggest(r.Context(), q) }))
	mux.HandleFunc("POST /sandbox/slack/upload", s.postUpload)
	mux.HandleFunc("POST /sandbox/slack/home", act(func(q struct {
		User string `json:"user"`
	},
	) error {
		return s.openHome(q.User)
	}))
	mux.HandleFunc("POST /sandbox/slack/write", act(func(q struct {
		User    string `json:"user"`
		Channel string `json:"channel"`
		Thread  string `json:"thread_ts"`
		Text    string `json:"text"`
	},
	) error {
		return s.write(q.User, q.Channel, q.Thread, q.Text)
	}))
	mux.HandleFunc("POST /sandbox/slack/person", act(s.setPresence))
	mux.HandleFunc("POST /sandbox/slack/channel", act(s.changeRoom))
	mux.HandleFunc("POST /sandbox/slack/install", act(func(q struct {
		Scopes []string `json:"scopes"`
	},
	) error {
		return s.install(q.Scopes)
	}))
}

// act makes an endpoint of something that a person does and that answers nothing.
func act[In any](do func(In) error) http.HandlerFunc {
	return sandbox.Act(func(_ *http.Request, q In) (any, error) { return nil, do(q) })
}
