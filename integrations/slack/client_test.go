package slack

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/slack-go/slack"

	"github.com/rapport-dev/rapport/integrations/httpx/httpxtest"
	"github.com/rapport-dev/rapport/partnership"
)

func note(key string) partnership.Message {
	return partnership.Message{Key: partnership.EffectKey(key), Kind: "note", Text: "Hello <!channel>"}
}

func TestPostMessage(t *testing.T) {
	t.Parallel()
	f, c := newFake(t)
	ref, err := c.PostMessage(t.Context(), note("campaign/c1/start/0"))
	if err != nil {
		t.Fatal(err)
	}
	if ref.Channel != "C1" || ref.TS != "1800000001.000100" {
		t.Errorf("%+v", ref)
	}
	if got := f.last.Get("text"); got != "Hello &lt;!channel&gt;" {
		t.Errorf("text %q", got)
	}
	var meta slack.SlackMetadata
	if err := json.Unmarshal([]byte(f.last.Get("metadata")), &meta); err != nil {
		t.Fatal(err)
	}
	if meta.EventType != "rapport_effect" || meta.EventPayload["key"] != "campaign/c1/start/0" || meta.EventPayload["kind"] != "note" {
		t.Errorf("%+v", meta)
	}
	if f.last.Get("unfurl_links") != "false" || f.last.Get("unfurl_media") != "false" {
		t.Errorf("links would be fetched: %v", f.last)
	}
}

func TestUpdateDirectViewsPerson(t *testing.T) {
	t.Parallel()
	f, c := newFake(t)
	if err := c.UpdateMessage(t.Context(), partnership.MessageRef{Channel: "C2", TS: "1.2"}, note("k")); err != nil {
		t.Fatal(err)
	}
	if f.last.Get("channel") != "C2" || f.last.Get("ts") != "1.2" || !strings.Contains(f.last.Get("metadata"), `"key":"k"`) {
		t.Errorf("%v", f.last)
	}
	if err := c.Direct(t.Context(), "U1", "for *you*", []slack.Block{section("for you")}); err != nil || f.last.Get("channel") != "U1" || f.last.Get("text") != "for *you*" || !strings.Contains(f.last.Get("blocks"), "for you") ||
		!strings.Contains(f.last.Get("metadata"), `"key":"answer/`) {
		t.Errorf("%v %v", f.last, err)
	}
	view := slack.ModalViewRequest{Type: slack.VTModal, Title: plain("Launch", 24), Blocks: slack.Blocks{BlockSet: []slack.Block{section("x")}}}
	if err := c.OpenView(t.Context(), "trigger", view); err != nil || f.lastJSON["trigger_id"] != "trigger" {
		t.Errorf("%v %v", f.lastJSON, err)
	}
	if err := c.OpenView(t.Context(), "", view); partnership.ClassOf(err) != partnership.Permanent {
		t.Errorf("no trigger: %v", err)
	}
	home := slack.HomeTabViewRequest{Type: slack.VTHomeTab, Blocks: view.Blocks}
	if err := c.PublishHome(t.Context(), "U1", home); err != nil || f.lastJSON["user_id"] != "U1" {
		t.Errorf("%v %v", f.lastJSON, err)
	}
	p, err := c.Person(t.Context(), "U1")
	if err != nil || p.Email != "ana@brand.example" || p.TeamID != "T1" || !p.Guest || p.Bot {
		t.Errorf("%+v %v", p, err)
	}
}

func TestFindMessage(t *testing.T) {
	t.Parallel()
	f, c := newFake(t)
	since := time.Unix(f.next+100, 0)
	post := func(key, thread string) partnership.MessageRef {
		t.Helper()
		m := note(key)
		m.ThreadTS = thread
		ref, err := c.PostMessage(t.Context(), m)
		if err != nil {
			t.Fatal(err)
		}
		return ref
	}
	old := post("old", "")
	f.next += 200
	inThread := post("in-thread", old.TS)
	var first partnership.MessageRef
	for i := range pageSize + 50 { // more than one page
		ref := post(fmt.Sprintf("k%d", i), "")
		if i == 0 {
			first = ref
		}
	}
	find := func(key string) (partnership.MessageRef, error) {
		return c.FindMessage(t.Context(), partnership.Message{Key: partnership.EffectKey(key)}, since)
	}
	if ref, err := find("k0"); err != nil || ref != first {
		t.Errorf("on the second page: %v %v, want %v", ref, err, first)
	}
	if ref, err := find("in-thread"); err != nil || ref != inThread {
		t.Errorf("in a thread older than since: %v %v, want %v", ref, err, inThread)
	}
	if ref, err := find("never"); partnership.CodeOf(err) != partnership.NotFound {
		t.Errorf("absent: %v %v", ref, err)
	}
	if ref, err := find(""); partnership.CodeOf(err) != partnership.NotFound {
		t.Errorf("no key: %v %v", ref, err)
	}
	for range pageSize * (maxPages - 1) {
		f.next++
		f.messages = append(f.messages, map[string]any{"type": "message", "ts": fmt.Sprintf("%d.000000", f.next), "text": "chatter"})
	}
	if ref, err := find("never"); partnership.ClassOf(err) != partnership.Ambiguous {
		t.Errorf("too much to look through: %v %v", ref, err)
	}
}

func TestRefusedBeforeSending(t *testing.T) {
	t.Parallel()
	srv := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { t.Error("a request was sent") }))
	t.Cleanup(srv.Close)
	ctx := t.Context()
	button := func(b partnership.Button) partnership.Message {
		m := note("k")
		m.Buttons = []partnership.Button{b}
		return m
	}
	link := note("k")
	link.LinkURL = "javascript:alert(1)"
	for name, tc := range map[string]struct {
		config Config
		m      partnership.Message
		want   string
	}{
		"no token":   {Config{Channel: "C1"}, note("k"), "SLACK_BOT_TOKEN"},
		"no channel": {Config{Token: "x"}, note("k"), "SLACK_CHANNEL"},
		"no text":    {Config{Token: "x", Channel: "C1"}, partnership.Message{Text: " \n"}, "no text"},
		"no action":  {Config{Token: "x", Channel: "C1"}, button(partnership.Button{Label: "x"}), "no action"},
		"long value": {Config{Token: "x", Channel: "C1"}, button(partnership.Button{ActionID: "a", Value: strings.Repeat("x", 2001)}), "value"},
		"bad style":  {Config{Token: "x", Channel: "C1"}, button(partnership.Button{ActionID: "a", Style: "green"}), "style"},
		"bad link":   {Config{Token: "x", Channel: "C1"}, link, "web address"},
	} {
		tc.config.APIURL = srv.URL
		_, err := New(tc.config).PostMessage(ctx, tc.m)
		class := partnership.Permanent
		if strings.HasPrefix(tc.want, "SLACK_") { // a setting of ours: no card gets out
			class = partnership.Barred
		}
		if partnership.ClassOf(err) != class || !strings.Contains(err.Error(), tc.want) {
			t.Errorf("%s: %v", name, err)
		}
	}
	c := New(Config{Token: "x", Channel: "C1", APIURL: srv.URL})
	if err := c.UpdateMessage(ctx, partnership.MessageRef{}, note("k")); partnership.ClassOf(err) != partnership.Permanent {
		t.Errorf("update of nothing: %v", err)
	}
}

func TestErrorClasses(t *testing.T) {
	t.Parallel()
	retry, permanent, ambiguous, barred := partnership.Retry, partnership.Permanent, partnership.Ambiguous, partnership.Barred
	for _, tc := range []struct {
		status     int
		header     map[string]string
		body       string
		post, read partnership.Class // of a post and of a repeatable call
		after      time.Duration
	}{
		{200, nil, `{"ok":false,"error":"ratelimited"}`, retry, retry, 0},
		{200, nil, `{"ok":false,"error":"service_unavailable"}`, retry, retry, 0},
		{200, nil, `{"ok":false,"error":"request_timeout"}`, retry, retry, 0},
		{200, nil, `{"ok":false,"error":"internal_error"}`, ambiguous, retry, 0},
		{200, nil, `{"ok":false,"error":"fatal_error"}`, ambiguous, retry, 0},
		{200, nil, `{"ok":false,"error":"channel_not_found"}`, barred, permanent, 0},
		{200, nil, `{"ok":false,"error":"not_in_channel"}`, barred, permanent, 0},
		{200, nil, `{"ok":false,"error":"is_archived"}`, barred, permanent, 0},
		{200, nil, `{"ok":false,"error":"invalid_auth"}`, barred, barred, 0},
		{200, nil, `{"ok":false,"error":"token_revoked"}`, barred, barred, 0},
		{200, nil, `{"ok":false,"error":"missing_scope","needed":"chat:write","provided":"x"}`, barred, barred, 0},
		{200, nil, `{"ok":false,"error":"invalid_blocks","response_metadata":{"messages":["[ERROR] ana@brand.example"]}}`, permanent, permanent, 0},
		{200, nil, `{"ok":false,"error":"message_not_found"}`, permanent, permanent, 0},
		{200, nil, `{"ok":false,"error":"expired_trigger_id"}`, permanent, permanent, 0},
		{200, nil, `{"ok":false,"error":"something_new"}`, permanent, permanent, 0},
		{200, nil, `<html>a proxy's page</html>`, ambiguous, retry, 0},
		{429, map[string]string{"Retry-After": "30"}, ``, retry, retry, 30 * time.Second},
		{429, nil, ``, retry, retry, 0},
		{429, map[string]string{"Retry-After": "soon"}, ``, ambiguous, retry, 0},
		{500, nil, ``, ambiguous, retry, 0},
		{503, nil, ``, retry, retry, 0},
		{302, map[string]string{"Location": "/elsewhere"}, ``, barred, barred, 0},
		{404, nil, ``, barred, barred, 0},
	} {
		srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
			for k, v := range tc.header {
				w.Header().Set(k, v)
			}
			w.WriteHeader(tc.status)
			_, _ = io.WriteString(w, tc.body)
		}))
		c := New(Config{Token: "xoxb-1", APIURL: srv.URL, Channel: "C1"})
		_, post := c.PostMessage(t.Context(), note("k"))
		update := c.UpdateMessage(t.Context(), partnership.MessageRef{Channel: "C1", TS: "1.2"}, note("k"))
		_, find := c.FindMessage(t.Context(), partnership.Message{Channel: "C1", Key: "k"}, time.Now())
		srv.Close()
		if partnership.ClassOf(post) != tc.post {
			t.Errorf("post %d %s: %v is %q, want %q", tc.status, tc.body, post, partnership.ClassOf(post), tc.post)
		}
		for _, err := range []error{update, find} {
			if partnership.ClassOf(err) != tc.read {
				t.Errorf("repeatable %d %s: %v is %q, want %q", tc.status, tc.body, err, partnership.ClassOf(err), tc.read)
			}
		}
		if gone := strings.Contains(tc.body, "message_not_found"); partnership.IsGone(update) != gone {
			t.Errorf("%s: it is gone: %v", tc.body, !gone)
		}
		if v, ok := post.(*partnership.VendorError); !ok || v.RetryAfter != tc.after || strings.Contains(v.Error(), "brand.example") {
			t.Errorf("%d %s: %#v", tc.status, tc.body, post)
		}
	}
}

func TestTransportErrors(t *testing.T) {
	t.Parallel()
	cut, calls := httpxtest.CutServer(t)
	c := New(Config{Token: "x", APIURL: cut.URL, Channel: "C1"})
	if _, err := c.PostMessage(t.Context(), note("k")); partnership.ClassOf(err) != partnership.Ambiguous || calls() != 1 {
		t.Errorf("cut after write: %v after %d calls", err, calls())
	}
	if err := c.UpdateMessage(t.Context(), partnership.MessageRef{Channel: "C1", TS: "1.2"}, note("k")); partnership.ClassOf(err) != partnership.Retry {
		t.Errorf("cut update: %v", err)
	}
	c = New(Config{Token: "x", APIURL: httpxtest.DeadURL(t), Channel: "C1"})
	if _, err := c.PostMessage(t.Context(), note("k")); partnership.ClassOf(err) != partnership.Retry {
		t.Errorf("refused connection: %v", err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := c.PostMessage(ctx, note("k")); partnership.ClassOf(err) != partnership.Retry {
		t.Errorf("cancelled before: %v", err)
	}
}

func TestConcurrentPosts(t *testing.T) {
	t.Parallel()
	f, c := newFake(t)
	var wg sync.WaitGroup
	for i := range 40 {
		wg.Go(func() {
			if _, err := c.PostMessage(t.Context(), note(fmt.Sprintf("k%d", i))); err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
	keys := map[string]bool{}
	for _, m := range f.messages {
		raw, _ := m["metadata"].(json.RawMessage)
		keys[string(raw)] = true
	}
	if len(keys) != 40 {
		t.Errorf("%d different keys of 40", len(keys))
	}
}

func TestRespondPostsToTheRequestsOwnAddress(t *testing.T) {
	t.Parallel()
	var got map[string]any
	status := http.StatusOK
	hooks := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Header.Get("Authorization") != "" {
			t.Error("the token goes to an address that came with a request")
		}
		if err := json.NewDecoder(r.Body).Decode(&got); err != nil {
			t.Error(err)
		}
		w.WriteHeader(status)
	}))
	t.Cleanup(hooks.Close)
	_, c := newFake(t)
	m := &slack.WebhookMessage{Text: "Done.", ResponseType: slack.ResponseTypeEphemeral, ReplaceOriginal: true}
	if err := c.Respond(t.Context(), hooks.URL+"/commands/1", m); err != nil || got["text"] != "Done." || got["response_type"] != "ephemeral" || got["replace_original"] != true {
		t.Errorf("%v %v", got, err)
	}
	status = http.StatusNotFound // used_url
	if err := c.Respond(t.Context(), hooks.URL+"/commands/1", m); err == nil || strings.Contains(err.Error(), "/commands/1") {
		t.Errorf("a used address says %v", err)
	}
}
