package web_test

import (
	"context"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/rapport-dev/rapport/partnership"
)

// Whoever captured a request to Slack's door, signature and all, sends it again: it is acknowledged, and nothing happens.
func TestACapturedSlackRequestIsNotDoneAgain(t *testing.T) {
	t.Parallel()
	form := func(pairs ...string) string {
		v := url.Values{}
		for i := 0; i < len(pairs); i += 2 {
			v.Set(pairs[i], pairs[i+1])
		}
		return v.Encode()
	}
	press := func(verb string, choice partnership.Choice, parts ...string) string {
		return form("payload", asJSON(t, map[string]any{
			"type": "block_actions", "trigger_id": "trigger", "user": map[string]any{"id": "U_MANAGER", "name": "manager"}, "channel": map[string]any{"id": "C1"},
			"message": card(), "actions": []map[string]any{{"type": "button", "block_id": "b", "action_id": partnership.ActionID(verb, choice), "value": partnership.ActionValue(parts...)}},
		}))
	}
	for name, c := range map[string]struct{ path, body string }{
		"a command":                  {"commands", form("command", "/rapport", "text", "pause", "user_id", "U_MANAGER", "channel_id", "C1", "trigger_id", "T1")},
		"a button that asks why":     {"interactions", press(partnership.ActReviewDraft, "changes", "pa", "draft-1")},
		"a button":                   {"interactions", press(partnership.ActReviewDraft, "approve", "pa", "draft-1")},
		"a button of another answer": {"interactions", press(partnership.ActDecideQuiet, "extend", "pa", "draft-1")},
	} {
		t.Run(name, func(t *testing.T) {
			h := open(t)
			header := sign("slack", []byte(c.body))
			header.Set("Content-Type", "application/x-www-form-urlencoded")
			for range 3 {
				r := h.request(http.MethodPost, "/slack/"+c.path, strings.NewReader(c.body))
				r.Header = header.Clone()
				want(t, "answer", h.do(r).StatusCode, http.StatusOK)
			}
			h.saidOrDone(nil)
			over, end := context.WithCancel(t.Context())
			end()
			h.door.Run(over) // it returns when all that was acknowledged is done
			if more := len(h.chat.news); more > 0 {
				t.Errorf("it was done %d times more", more)
			}
		})
	}
}

// One signature is one request, whichever of Slack's doors it is sent to, and whichever front door it reaches.
func TestASlackSignatureOpensOneDoorOnce(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct{ first, body string }{
		"a command": {"commands", url.Values{"command": {"/rapport"}, "text": {"pause"}, "user_id": {"U_MANAGER"}, "channel_id": {"C1"}, "trigger_id": {"T1"}}.Encode()},
		"a press": {"interactions", url.Values{"payload": {asJSON(t, map[string]any{
			"type": "block_actions", "trigger_id": "trigger", "user": map[string]any{"id": "U_MANAGER", "name": "manager"}, "channel": map[string]any{"id": "C1"},
			"message": card(), "actions": []map[string]any{{"type": "button", "block_id": "b", "action_id": partnership.ActionID(partnership.ActReviewDraft, "approve"), "value": partnership.ActionValue("pa", "draft-1")}},
		})}}.Encode()},
	} {
		t.Run(name, func(t *testing.T) {
			h := open(t)
			header := sign("slack", []byte(c.body))
			header.Set("Content-Type", "application/x-www-form-urlencoded")
			for _, door := range []string{c.first, map[string]string{"commands": "interactions", "interactions": "commands"}[c.first], "events", c.first} {
				r := h.request(http.MethodPost, "/slack/"+door, strings.NewReader(c.body))
				r.Header = header.Clone()
				if door == c.first {
					want(t, door+" answers", h.do(r).StatusCode, http.StatusOK)
				} else { // it is nothing that this door takes
					want(t, door+" answers", h.do(r).StatusCode, http.StatusBadRequest)
				}
			}
			h.saidOrDone(nil)
			over, end := context.WithCancel(t.Context())
			end()
			h.door.Run(over)
			if more := len(h.chat.news); more > 0 {
				t.Errorf("it was done %d times more", more)
			}
			want(t, "a stranger's signature", func() int {
				r := h.request(http.MethodPost, "/slack/"+c.first, strings.NewReader(c.body+"&x=1"))
				r.Header = header.Clone()
				return h.do(r).StatusCode
			}(), http.StatusUnauthorized)
		})
	}
}
