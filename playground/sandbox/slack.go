package sandbox

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"
)

// The workspace.
const (
	slackTeam = "T0SANDBOX"
	slackApp  = "A0RAPPORT"
	slackBot  = "U0RAPPORT"
)

// slackUser is somebody who works for the brand.
type slackUser struct{ ID, Name, RealName, Email string }

var slackUsers = []slackUser{
	{"U_MANAGER", "morgan", "Morgan Manager", "manager@acme.example"},
	{"U_FINANCE", "frankie", "Frankie Finance", "finance@acme.example"},
	{"U_FINANCE2", "fiona", "Fiona Finance", "finance2@acme.example"},
	{"U_PREPARER", "parker", "Parker Preparer", "preparer@acme.example"},
}

func userByID(id string) (slackUser, bool) {
	i := slices.IndexFunc(slackUsers, func(u slackUser) bool { return u.ID == id })
	if i < 0 {
		return slackUser{}, false
	}
	return slackUsers[i], true
}

// A message in a channel. Seq moves with every change, so that a reader sees updates too.
type message struct {
	Seq       int64           `json:"seq"`
	Channel   string          `json:"channel"`
	TS        string          `json:"ts"`
	ThreadTS  string          `json:"thread_ts"`
	Text      string          `json:"text"`
	Blocks    json.RawMessage `json:"blocks"`
	Metadata  json.RawMessage `json:"metadata"`
	Ephemeral string          `json:"ephemeral"` // the only user who sees it
	Aside     bool            `json:"aside"`     // posted through a response_url: not an act with a key
	Deleted   bool            `json:"deleted"`
	Edited    bool            `json:"edited"`
	At        time.Time       `json:"at"`
}

// payload reads our key and kind out of the metadata.
func (m *message) payload() (key, kind string) {
	var meta struct {
		EventPayload struct{ Key, Kind string } `json:"event_payload"`
	}
	_ = json.Unmarshal(m.Metadata, &meta)
	return meta.EventPayload.Key, meta.EventPayload.Kind
}

// slackArgs are a call's arguments; Slack takes forms and JSON, and JSON inside forms.
type slackArgs map[string]json.RawMessage

func (a slackArgs) text(name string) string {
	raw := a[name]
	var s string
	if json.Unmarshal(raw, &s) == nil {
		return s
	}
	return strings.Trim(string(raw), `"`) // a number or a boolean
}

func (a slackArgs) flag(name string) bool { return a.text(name) == "true" || a.text(name) == "1" }

// document is an argument that is JSON itself: an object in a JSON call, a string in a form.
func (a slackArgs) document(name string) json.RawMessage {
	raw := a[name]
	var inner string
	if len(raw) > 0 && raw[0] == '"' && json.Unmarshal(raw, &inner) == nil {
		raw = json.RawMessage(inner)
	}
	if len(raw) == 0 || string(raw) == "null" {
		return nil
	}
	return raw
}

func readSlackArgs(r *http.Request) (slackArgs, error) {
	args := slackArgs{}
	if strings.HasPrefix(r.Header.Get("Content-Type"), "application/json") {
		if err := json.NewDecoder(r.Body).Decode(&args); err != nil {
			return nil, err
		}
		return args, nil
	}
	//nolint:gosec // G120: api.ServeHTTP, which every call passes, has bounded and read the body
	if err := r.ParseMultipartForm(1 << 20); err != nil && !errors.Is(err, http.ErrNotMultipart) {
		return nil, err
	}
	for k, v := range r.Form {
		args[k] = must(json.Marshal(v[0]))
	}
	return args, nil
}

// slackError is {"ok":false,"error":...}, which comes with HTTP 200.
type slackError struct {
	code     string
	messages []string
}

func slackErr(code string, messages ...string) *slackError { return &slackError{code, messages} }

func slackRefuse(w http.ResponseWriter, e *slackError) {
	out := map[string]any{"ok": false, "error": e.code}
	if len(e.messages) > 0 {
		out["errors"] = e.messages
		out["response_metadata"] = map[string]any{"messages": e.messages}
	}
	writeJSON(w, http.StatusOK, out)
}

// slackMethod is one Web API method.
type slackMethod func(args slackArgs) (map[string]any, *slackError)

func (s *Server) slackAPI() http.Handler {
	a := s.newAPI("slack")
	a.admit = s.slackAdmit
	a.tooMany = func(w http.ResponseWriter, _ *http.Request, after int) {
		w.Header().Set("Retry-After", strconv.Itoa(after))
		writeJSON(w, http.StatusTooManyRequests, map[string]any{"ok": false, "error": "ratelimited"})
	}
	a.broken = func(w http.ResponseWriter) {
		writeJSON(w, http.StatusInternalServerError, map[string]any{"ok": false, "error": "internal_error"})
	}
	a.notFound = func(w http.ResponseWriter) { slackRefuse(w, slackErr("unknown_method")) }
	for name, method := range map[string]slackMethod{
		"auth.test": s.authTest, "api.test": func(slackArgs) (map[string]any, *slackError) { return map[string]any{}, nil },
		"chat.postMessage": s.postMessage, "chat.update": s.updateMessage, "chat.postEphemeral": s.postEphemeral, "chat.delete": s.deleteMessage,
		"chat.getPermalink": s.permalink, "conversations.history": s.history, "conversations.replies": s.replies, "conversations.info": s.channelInfo,
		"conversations.open": s.openChannel, "users.info": s.userInfo, "users.lookupByEmail": s.userByEmail, "users.list": s.userList,
		"views.open": s.openView, "views.push": s.openView, "views.update": s.updateView, "views.publish": s.publishView,
	} {
		a.handle("/slack/api/"+name, name, func(w http.ResponseWriter, r *http.Request) {
			args, err := readSlackArgs(r)
			if err != nil {
				slackRefuse(w, slackErr("invalid_json"))
				return
			}
			out, serr := method(args)
			if serr != nil {
				slackRefuse(w, serr)
				return
			}
			out["ok"] = true
			writeJSON(w, http.StatusOK, out)
		})
	}
	a.handle("POST /slack/api/response/{token}", "response_url", s.respond)
	a.opOf = func(r *http.Request, _ []byte) string {
		if strings.HasPrefix(r.URL.Path, "/slack/api/response/") {
			return "response_url"
		}
		return strings.TrimPrefix(r.URL.Path, "/slack/api/")
	}
	return a
}

// slackAdmit takes the token from the header or, as slack-go sends it, from the form.
func (s *Server) slackAdmit(w http.ResponseWriter, r *http.Request) bool {
	if strings.HasPrefix(r.URL.Path, "/slack/api/response/") {
		return true // the address is the secret
	}
	t, ok := strings.CutPrefix(r.Header.Get("Authorization"), "Bearer ")
	if !ok {
		if args, err := readSlackArgs(r); err == nil {
			t = args.text("token")
		}
	}
	switch t {
	case s.keys.SlackBotToken:
		return true
	case "":
		slackRefuse(w, slackErr("not_authed"))
	default:
		slackRefuse(w, slackErr("invalid_auth"))
	}
	return false
}

func (s *Server) authTest(slackArgs) (map[string]any, *slackError) {
	return map[string]any{
		"url": "https://sandbox.slack.example/", "team": "Sandbox", "user": "rapport", "team_id": slackTeam, "user_id": slackBot, "bot_id": "B0RAPPORT",
	}, nil
}

// channelOf resolves a channel: the brand's channel by id or name, or a person, who has a direct one.
func (s *Server) channelOf(name string) (string, *slackError) {
	if strings.TrimPrefix(name, "#") == strings.TrimPrefix(s.keys.SlackChannel, "#") && name != "" {
		return s.keys.SlackChannel, nil
	}
	if _, ok := userByID(name); ok {
		return "D" + name, nil
	}
	if _, ok := userByID(strings.TrimPrefix(name, "D")); ok {
		return name, nil
	}
	return "", slackErr("channel_not_found")
}

// nextTS gives a message id that never repeats: seconds and six digits.
func (s *Server) nextTS() string {
	s.st.LastTS = max(s.st.LastTS+1, s.now().UnixMicro())
	return fmt.Sprintf("%d.%06d", s.st.LastTS/1e6, s.st.LastTS%1e6)
}

// content reads and checks what a message shows.
func (s *Server) content(args slackArgs, m *message) *slackError {
	m.Text, m.Blocks = args.text("text"), args.document("blocks")
	if m.Text == "" && m.Blocks == nil && args.document("attachments") == nil {
		return slackErr("no_text")
	}
	if len([]rune(m.Text)) > 40_000 {
		return slackErr("msg_too_long")
	}
	if m.Blocks != nil {
		if problems := checkBlocks(m.Blocks, false); len(problems) > 0 {
			return slackErr("invalid_blocks", problems...)
		}
	}
	if meta := args.document("metadata"); meta != nil {
		var shape struct {
			EventType    string         `json:"event_type"`
			EventPayload map[string]any `json:"event_payload"`
		}
		if err := json.Unmarshal(meta, &shape); err != nil || shape.EventType == "" || shape.EventPayload == nil {
			return slackErr("metadata_must_be_sent_as_json", "event_type and event_payload are needed")
		}
		m.Metadata = meta
	}
	return nil
}

// postMessage posts once for every call: Slack does not deduplicate.
func (s *Server) postMessage(args slackArgs) (map[string]any, *slackError) {
	channel, serr := s.channelOf(args.text("channel"))
	if serr != nil {
		return nil, serr
	}
	m := &message{Channel: channel, ThreadTS: args.text("thread_ts")}
	if serr := s.content(args, m); serr != nil {
		return nil, serr
	}
	if m.ThreadTS != "" && s.messageOf(channel, m.ThreadTS) == nil {
		return nil, slackErr("thread_not_found")
	}
	s.say(m)
	return map[string]any{"channel": channel, "ts": m.TS, "message": m.json(true)}, nil
}

// say puts a message into its channel. mu is held.
func (s *Server) say(m *message) {
	m.Seq, m.TS, m.At = s.st.next(), s.nextTS(), s.now()
	s.st.Messages = append(s.st.Messages, m)
}

func (s *Server) postEphemeral(args slackArgs) (map[string]any, *slackError) {
	channel, serr := s.channelOf(args.text("channel"))
	if serr != nil {
		return nil, serr
	}
	if _, ok := userByID(args.text("user")); !ok {
		return nil, slackErr("user_not_in_channel")
	}
	m := &message{Channel: channel, Ephemeral: args.text("user")}
	if serr := s.content(args, m); serr != nil {
		return nil, serr
	}
	s.say(m)
	return map[string]any{"message_ts": m.TS}, nil
}

func (s *Server) messageOf(channel, ts string) *message {
	return find(s.st.Messages, func(m *message) bool { return m.Channel == channel && m.TS == ts && !m.Deleted })
}

func (s *Server) updateMessage(args slackArgs) (map[string]any, *slackError) {
	channel, serr := s.channelOf(args.text("channel"))
	if serr != nil {
		return nil, serr
	}
	m := s.messageOf(channel, args.text("ts"))
	if m == nil || m.Ephemeral != "" {
		return nil, slackErr("message_not_found")
	}
	next := message{Metadata: m.Metadata}
	if serr := s.content(args, &next); serr != nil {
		return nil, serr
	}
	m.Text, m.Blocks, m.Metadata, m.Edited, m.Seq = next.Text, next.Blocks, next.Metadata, true, s.st.next()
	return map[string]any{"channel": channel, "ts": m.TS, "text": m.Text, "message": m.json(true)}, nil
}

func (s *Server) deleteMessage(args slackArgs) (map[string]any, *slackError) {
	channel, serr := s.channelOf(args.text("channel"))
	if serr != nil {
		return nil, serr
	}
	m := s.messageOf(channel, args.text("ts"))
	if m == nil {
		return nil, slackErr("message_not_found")
	}
	m.Deleted, m.Seq = true, s.st.next()
	return map[string]any{"channel": channel, "ts": m.TS}, nil
}

func (m *message) json(withMetadata bool) map[string]any {
	out := map[string]any{"type": "message", "user": slackBot, "bot_id": "B0RAPPORT", "app_id": slackApp, "team": slackTeam, "text": m.Text, "ts": m.TS}
	if m.Blocks != nil {
		out["blocks"] = m.Blocks
	}
	if m.ThreadTS != "" {
		out["thread_ts"] = m.ThreadTS
	}
	if m.Edited {
		out["edited"] = map[string]string{"user": slackBot, "ts": m.TS}
	}
	if withMetadata && m.Metadata != nil {
		out["metadata"] = m.Metadata
	}
	return out
}

// respond takes what the app posts to a response_url: five times within half an hour.
func (s *Server) respond(w http.ResponseWriter, r *http.Request) {
	u := s.st.ResponseURLs[r.PathValue("token")]
	if u == nil || u.Uses >= 5 || time.Since(u.At) > 30*time.Minute {
		writeJSON(w, http.StatusNotFound, map[string]any{"ok": false, "error": "used_url"})
		return
	}
	var q struct {
		Text            string          `json:"text"`
		Blocks          json.RawMessage `json:"blocks"`
		ResponseType    string          `json:"response_type"`
		ReplaceOriginal bool            `json:"replace_original"`
		DeleteOriginal  bool            `json:"delete_original"`
	}
	if err := json.NewDecoder(r.Body).Decode(&q); err != nil {
		slackRefuse(w, slackErr("invalid_payload"))
		return
	}
	if problems := checkBlocks(q.Blocks, false); len(problems) > 0 {
		slackRefuse(w, slackErr("invalid_blocks", problems...))
		return
	}
	u.Uses++
	s.st.Responses = append(s.st.Responses, &chatResponse{Seq: s.st.next(), User: u.User, Channel: u.Channel, TS: u.TS, Text: q.Text, Blocks: q.Blocks, At: s.now()})
	original := s.messageOf(u.Channel, u.TS)
	switch {
	case q.DeleteOriginal && original != nil:
		original.Deleted, original.Seq = true, s.st.next()
	case q.ReplaceOriginal && original != nil:
		original.Text, original.Blocks, original.Edited, original.Seq = q.Text, q.Blocks, true, s.st.next()
	case q.ResponseType == "in_channel":
		s.say(&message{Channel: u.Channel, Text: q.Text, Blocks: q.Blocks, Aside: true})
	default:
		s.say(&message{Channel: u.Channel, Text: q.Text, Blocks: q.Blocks, Aside: true, Ephemeral: u.User})
	}
	w.Write([]byte("ok"))
}

// slackForm is a signed form body.
func slackForm(values map[string]string) []byte {
	form := url.Values{}
	for k, v := range values {
		form.Set(k, v)
	}
	return []byte(form.Encode())
}
