// Package slack imitates a Slack workspace: the Web API with Block Kit's rules, modals and home tabs, and the people who
// press buttons, fill forms and type commands.
package slack

import (
	"embed"
	"encoding/hex"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/rapport-dev/rapport/playground/sandbox"
)

const name = "slack"

// archived is a fault of Slack's alone: the channel takes no message.
const archived = "archived-channel"

// Vendor offers Slack to a sandbox.
var Vendor = sandbox.Vendor{
	Name:  name,
	Paths: map[string]string{"SLACK_API_URL": "/slack/api/"},
	Keys: []sandbox.Key{
		sandbox.Shared("SLACK_BOT_TOKEN", "slack_bot_token", func() string { return "xoxb-" + sandbox.Token(24) }),
		sandbox.Shared("SLACK_SIGNING_SECRET", "slack_signing_secret", func() string { return sandbox.Token(16) }),
		sandbox.Shared("SLACK_CHANNEL", "slack_channel", func() string { return "C0RAPPORT" }),
	},
	Open: open,
}

//go:embed templates
var templateFiles embed.FS

var pages = sandbox.ParsePages(templateFiles)

// The workspace.
const (
	teamID = "T0SANDBOX"
	appID  = "A0RAPPORT"
	botID  = "U0RAPPORT"
)

// member is somebody who works for the brand.
type member struct{ ID, Name, RealName, Email string }

var members = []member{
	{"U_MANAGER", "morgan", "Morgan Manager", "manager@acme.example"},
	{"U_FINANCE", "frankie", "Frankie Finance", "finance@acme.example"},
	{"U_FINANCE2", "fiona", "Fiona Finance", "finance2@acme.example"},
	{"U_PREPARER", "parker", "Parker Preparer", "preparer@acme.example"},
}

func userByID(id string) (member, bool) {
	i := slices.IndexFunc(members, func(u member) bool { return u.ID == id })
	if i < 0 {
		return member{}, false
	}
	return members[i], true
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
	Triggers     map[string]int64        `json:"triggers"` // trigger ids: the unix milliseconds of their making, or exchanged
	ResponseURLs map[string]*responseURL `json:"response_urls"`
	Responses    []*chatResponse         `json:"responses"`
}

func open(core *sandbox.Server, keys sandbox.Keys) (*sandbox.Service, error) {
	s := &service{Server: core, keys: keys, st: &state{Triggers: map[string]int64{}, ResponseURLs: map[string]*responseURL{}}}
	return &sandbox.Service{
		State: s.st, API: s.api(), Truth: s.truth, People: s.people, Tab: s.tab(), Faults: []string{archived},
		Queues: []sandbox.Queue{{Name: name, Sign: sign(keys.First("slack_signing_secret"))}},
	}, nil
}

// sign is Slack's, nil without a secret.
func sign(secret string) sandbox.Sign {
	if secret == "" {
		return nil
	}
	return func(h http.Header, body []byte, now time.Time) {
		ts := strconv.FormatInt(now.Unix(), 10)
		h.Set("X-Slack-Request-Timestamp", ts)
		h.Set("X-Slack-Signature", "v0="+hex.EncodeToString(sandbox.MAC(secret, fmt.Appendf(nil, "v0:%s:%s", ts, body))))
	}
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
