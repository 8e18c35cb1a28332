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
	s := &service{Server: core, keys: keys, st: &state{Triggers: map[string]int64{}, ResponseURLs: map[string]*responseURL{}}}
	return &sandbox.Service{
		State: s.st, API: s.api(), Truth: s.truth, People: s.people, Tab: s.tab(), Faults: []string{archived},
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
	for called, do := range map[string]method{
		"auth.test": s.authTest, "api.test": func(arguments) (map[string]any, *apiError) { return map[string]any{}, nil },
		"chat.postMessage": s.postMessage, "chat.update": s.updateMessage, "chat.postEphemeral": s.postEphemeral, "chat.delete": s.deleteMessage,
		"chat.getPermalink": s.permalink, "conversations.history": s.history, "conversations.replies": s.replies, "conversations.info": s.channelInfo,
		"conversations.open": s.openChannel, "users.info": s.userInfo, "users.lookupByEmail": s.userByEmail, "users.list": s.userList,
		"views.open": s.openView, "views.push": s.openView, "views.update": s.updateView, "views.publish": s.publishView,
	} {
		a.Handle("/slack/api/"+called, called, func(w http.ResponseWriter, r *http.Request) {
			args, err := readArguments(r)
			if err != nil {
				refuse(w, fail("invalid_json"))
				return
			}
			out, serr := do(args)
			if serr != nil {
				refuse(w, serr)
				return
			}
			out["ok"] = true
			sandbox.WriteJSON(w, http.StatusOK, out)
		})
	}
	a.Handle("POST /slack/api/response/{token}", "response_url", s.respond)
	a.OpOf = func(r *http.Request, _ []byte) string {
		if strings.HasPrefix(r.URL.Path, "/slack/api/response/") {
			return "response_url"
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
		if m.Ephemeral == "" && !m.Aside {
			key, kind := m.payload()
			rows = append(rows, row{key, m.Channel, kind, sandbox.Instant(m.At)})
		}
	}
	return map[string]any{"messages": rows}
}

// people adds what people see in Slack and do there.
func (s *service) people(mux *http.ServeMux) {
	s.openID(mux)
	mux.HandleFunc("GET /sandbox/slack/messages", sandbox.Feed(s.Server, "messages", s.messagesFor))
	mux.HandleFunc("GET /sandbox/slack/responses", sandbox.Feed(s.Server, "responses", s.responsesFor))
	mux.HandleFunc("GET /sandbox/slack/views", sandbox.Feed(s.Server, "views", s.viewsFor))
	mux.HandleFunc("POST /sandbox/slack/click", sandbox.Act(func(r *http.Request, q click) (any, error) { return s.pressButton(r.Context(), q) }))
	mux.HandleFunc("POST /sandbox/slack/submit", sandbox.Act(func(r *http.Request, q submission) (any, error) { return s.submitView(r.Context(), q) }))
	mux.HandleFunc("POST /sandbox/slack/command", sandbox.Act(func(r *http.Request, q command) (any, error) { return s.slashCommand(r.Context(), q) }))
	mux.HandleFunc("POST /sandbox/slack/home", sandbox.Act(func(_ *http.Request, q struct {
		User string `json:"user"`
	},
	) (any, error) {
		return nil, s.openHome(q.User)
	}))
}
