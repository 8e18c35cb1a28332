package slack

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/rapport-dev/rapport/partnership"
)

// rooms is a Slack with channels of which some are archived.
type rooms struct {
	archived []string

	mu    sync.Mutex
	posts map[string][]map[string]any // by channel
}

func (s *rooms) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	s.mu.Lock()
	defer s.mu.Unlock()
	channel := r.FormValue("channel")
	answer := map[string]any{"ok": true, "channel": channel, "ts": "1800000001.000100"}
	switch {
	case r.URL.Path == "/api/chat.postMessage" && slices.Contains(s.archived, channel):
		answer = map[string]any{"ok": false, "error": "is_archived"}
	case r.URL.Path == "/api/chat.postMessage":
		s.posts[channel] = append(s.posts[channel], map[string]any{"type": "message", "ts": "1800000001.000100", "metadata": json.RawMessage(r.FormValue("metadata"))})
	default:
		answer["messages"] = s.posts[channel]
	}
	_ = json.NewEncoder(w).Encode(answer)
}

// Finance's cards stand in finance's channel where there is one, and nothing else does; when it takes none they stand where all stands. Each is
// found where it stands.
func TestFinanceHasAChannelOfItsOwn(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		kind, finance string
		archived      []string
		want          string
	}{
		{"approve_run", "C_MONEY", nil, "C_MONEY"},
		{"difference", "C_MONEY", nil, "C_MONEY"},
		{"unknown_payout", "C_MONEY", nil, "C_MONEY"},
		{"unknown_payout", "C_MONEY", []string{"C_MONEY"}, "C1"},
		{"approve_run", "", nil, "C1"},
		{"review_draft", "C_MONEY", nil, "C1"},
		{"campaign_started", "C_MONEY", nil, "C1"},
	} {
		s := &rooms{archived: tc.archived, posts: map[string][]map[string]any{}}
		srv := httptest.NewServer(s)
		t.Cleanup(srv.Close)
		c := New(Config{Token: "xoxb-1", APIURL: srv.URL + "/api", Channel: "C1", Finance: tc.finance})
		m := note("k")
		m.Kind = tc.kind
		ref, err := c.PostMessage(t.Context(), m)
		if err != nil || ref.Channel != tc.want {
			t.Errorf("%+v stands in %q, %v", tc, ref.Channel, err)
		}
		found, err := c.FindMessage(t.Context(), m, time.Unix(1_800_000_000, 0))
		if err != nil || found != ref {
			t.Errorf("%+v is found in %q, %v", tc, found.Channel, err)
		}
	}
	s := &rooms{archived: []string{"C_MONEY", "C1"}}
	srv := httptest.NewServer(s)
	t.Cleanup(srv.Close)
	m := note("k")
	m.Kind = "approve_run"
	_, err := New(Config{Token: "xoxb-1", APIURL: srv.URL + "/api", Channel: "C1", Finance: "C_MONEY"}).PostMessage(t.Context(), m)
	if partnership.ClassOf(err) != partnership.Barred {
		t.Errorf("no channel at all: %v", err)
	}
}
