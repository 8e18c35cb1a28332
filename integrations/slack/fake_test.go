package slack

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strconv"
	"strings"
	"sync"
	"testing"

	"github.com/rapport-dev/rapport/integrations/httpx/httpxtest"
)

// fakeSlack keeps messages like Slack: channel messages in history, answers only in their thread, metadata shown back.
type fakeSlack struct {
	t    *testing.T
	spec *httpxtest.Spec

	mu       sync.Mutex
	next     int64
	messages []map[string]any
	calls    map[string]int
	last     url.Values // the last form
	lastJSON map[string]any
}

func newFake(t *testing.T) (*fakeSlack, *Client) {
	t.Helper()
	f := &fakeSlack{t: t, next: 1_800_000_000, calls: map[string]int{}, spec: httpxtest.LoadSpec(t, "slack/slack_web_openapi_v2.patched.json", "/api")}
	srv := httptest.NewServer(f)
	t.Cleanup(srv.Close)
	return f, New(Config{Token: "xoxb-1", APIURL: srv.URL + "/api", Channel: "C1"})
}

func (f *fakeSlack) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	f.mu.Lock()
	defer f.mu.Unlock()
	method := strings.TrimPrefix(r.URL.Path, "/api/")
	f.calls[method]++
	body, _ := io.ReadAll(r.Body)
	if strings.HasPrefix(r.Header.Get("Content-Type"), "application/json") {
		if err := json.Unmarshal(body, &f.lastJSON); err != nil || r.Header.Get("Authorization") != "Bearer xoxb-1" {
			f.t.Errorf("%s: %v", method, err)
		}
		_, _ = io.WriteString(w, `{"ok":true}`)
		return
	}
	form, err := url.ParseQuery(string(body))
	if err != nil || form.Get("token") != "xoxb-1" {
		f.t.Errorf("%s: token %q, %v", method, form.Get("token"), err)
	}
	f.last = form
	f.check(method, r, form)
	answer := map[string]any{"ok": true, "channel": form.Get("channel")}
	switch method {
	case "chat.postMessage":
		f.next++
		ts := fmt.Sprintf("%d.000100", f.next)
		answer["ts"] = ts
		m := map[string]any{"type": "message", "ts": ts, "text": form.Get("text"), "metadata": json.RawMessage(form.Get("metadata"))}
		if thread := form.Get("thread_ts"); thread != "" {
			m["thread_ts"] = thread
			for _, parent := range f.messages {
				if parent["ts"] == thread {
					n, _ := parent["reply_count"].(int)
					parent["reply_count"], parent["latest_reply"] = n+1, ts
				}
			}
		}
		f.messages = append(f.messages, m)
	case "chat.update", "chat.postEphemeral":
		answer["ts"], answer["message_ts"] = form.Get("ts"), "1"
	case "conversations.history", "conversations.replies":
		f.page(method, form, answer)
	case "users.info":
		answer["user"] = map[string]any{"id": form.Get("user"), "team_id": "T1", "is_restricted": true, "profile": map[string]any{"email": "ana@brand.example"}}
	default:
		answer = map[string]any{"ok": false, "error": "unknown_method"}
	}
	_ = json.NewEncoder(w).Encode(answer)
}

// page lists newest first, in pages of limit, like Slack.
func (f *fakeSlack) page(method string, form url.Values, answer map[string]any) {
	var list []map[string]any
	for i := len(f.messages) - 1; i >= 0; i-- {
		m := f.messages[i]
		ts, _ := m["ts"].(string)
		thread, _ := m["thread_ts"].(string)
		mine := thread == ""
		if method == "conversations.replies" {
			mine = thread == form.Get("ts") || ts == form.Get("ts")
		}
		if mine && ts >= form.Get("oldest") && (form.Get("latest") == "" || ts < form.Get("latest")) {
			list = append(list, m)
		}
	}
	if form.Get("include_all_metadata") != "1" {
		f.t.Errorf("%s without metadata finds nothing", method)
	}
	limit, _ := strconv.Atoi(form.Get("limit"))
	from, _ := strconv.Atoi(form.Get("cursor"))
	to := min(from+limit, len(list))
	answer["messages"] = list[from:to]
	answer["has_more"] = to < len(list)
	if to < len(list) {
		answer["response_metadata"] = map[string]any{"next_cursor": strconv.Itoa(to)}
	}
}

// check holds a form against Slack's specification, which is of 2021: it wants the token in a header of its own, knows
// reads as GET with booleans spelled out, and no metadata.
func (f *fakeSlack) check(method string, r *http.Request, form url.Values) {
	form.Del("token")
	defer form.Set("token", "xoxb-1")
	probe := r.Clone(r.Context())
	probe.Header.Set("token", "xoxb-1")
	probe.Body = io.NopCloser(strings.NewReader(form.Encode()))
	if !strings.HasPrefix(method, "chat.") {
		query := url.Values{"token": {"xoxb-1"}}
		for k, v := range form {
			switch {
			case k == "include_all_metadata":
			case k == "inclusive":
				query.Set(k, map[string]string{"0": "false", "1": "true"}[v[0]])
			default:
				query[k] = v
			}
		}
		probe.Method, probe.Body, probe.ContentLength = http.MethodGet, http.NoBody, 0
		probe.URL.RawQuery = query.Encode()
		probe.Header.Del("Content-Type")
	}
	if err := f.spec.Check(probe); err != nil {
		f.t.Errorf("%s against Slack's specification: %v", method, err)
	}
}
