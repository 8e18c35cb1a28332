package web_test

import (
	"context"
	"net/url"
	"strings"
	"testing"
	"time"

	slackapi "github.com/slack-go/slack"

	"github.com/rapport-dev/rapport/partnership"
	"github.com/rapport-dev/rapport/partnership/zones"
	"github.com/rapport-dev/rapport/store"
	"github.com/rapport-dev/rapport/web"
)

// opensHome opens the Home tab, and returns it as it is drawn.
func (h *house) opensHome(user string) slackapi.HomeTabViewRequest {
	h.t.Helper()
	event := `{"type":"event_callback","event_id":"Ev` + user + time.Now().Format(time.RFC3339Nano) + `","event":{"type":"app_home_opened","user":"` + user + `","tab":"home"}}`
	want(h.t, "ack", h.slack("events", event).StatusCode, 200)
	return h.drawn(user)
}

// drawn waits for somebody's Home tab.
func (h *house) drawn(user string) slackapi.HomeTabViewRequest {
	h.t.Helper()
	for {
		select {
		case home := <-h.chat.homes:
			if home.user == user {
				return home.view
			}
		case <-time.After(time.Minute):
			h.t.Fatal("no home tab was drawn")
		}
	}
}

// pressHome presses something in the Home tab.
func (h *house) pressHome(user string, action map[string]any) {
	h.t.Helper()
	payload := map[string]any{
		"type": "block_actions", "trigger_id": "t", "user": map[string]any{"id": user}, "view": map[string]any{"id": "VH", "type": "home"}, "container": map[string]any{"type": "view", "view_id": "VH"},
		"actions": []map[string]any{action},
	}
	want(h.t, "ack", h.slack("interactions", url.Values{"payload": {asJSON(h.t, payload)}}.Encode()).StatusCode, 200)
}

func TestHomeShowsWhatWaits(t *testing.T) {
	t.Parallel()
	h := open(t)
	h.asks(1, partnership.Question{Kind: partnership.AsksStep, Of: "1", What: "the label", Why: "no such street", At: time.Now(), Card: "partnership/x/gifting/label/refused/1"})
	home := asJSON(t, h.opensHome("U_MANAGER"))
	wantIn(t, home, "Launch a campaign", "1 decision for you", "was refused for @ada.scents", "If nobody answers", "Dreams Sunset", "0 of 3 live", `"block_id":"card/partnership/x/gifting/label/refused/1"`, `"retry_step:again"`)
	if strings.Contains(home, "Money") {
		t.Error("a manager is shown finance's")
	}
	wantIn(t, asJSON(t, h.opensHome("U_NOBODY")), "an administrator gives roles")
	finance := asJSON(t, h.opensHome("U_FINANCE"))
	wantIn(t, finance, "0 decisions for you", "1 wait for others")
	if strings.Contains(finance, "Launch a campaign") {
		t.Error("finance is offered a launch")
	}

	// Answered from there it is answered, and drawn anew.
	h.pressHome("U_MANAGER", map[string]any{"type": "button", "block_id": "card/partnership/x/gifting/label/refused/1", "action_id": "retry_step:again", "value": string(h.partnership)})
	want(t, "partnership", h.temporal.next(t).WorkflowID, partnership.WorkflowOfPartnership(h.partnership))
	h.drawn("U_MANAGER")
	h.pressHome("U_MANAGER", map[string]any{"type": "button", "block_id": "homebar", "action_id": "command:1", "value": "launch"})
	want(t, "form", h.said().view.CallbackID, "launch")
}

// signs lets something happen that is told of.
func (h *house) signs() {
	h.t.Helper()
	must(h.t, h.store.AddEvent(h.t.Context(), h.partnership, "signed", partnership.TimelineEvent{At: time.Now(), Kind: "signed", Owner: "creator"}))
}

func TestCatchUp(t *testing.T) {
	t.Parallel()
	h := open(t)
	h.opensHome("U_MANAGER")
	h.signs()
	h.command("U_BOTH", "note @ada.scents we spoke by phone")
	said := h.command("U_MANAGER", "catch up")
	wantIn(t, said, "What changed since you looked", "*Dreams Sunset*: 1 signed (@ada.scents)", "<@U_BOTH>", "<!date^")
	wantIn(t, h.command("U_MANAGER", "catch up"), "Nothing has changed since you looked")
	h.pressHome("U_MANAGER", map[string]any{"type": "button", "block_id": "homebar", "action_id": "command:0", "value": "catch up"})
	s := h.said()
	want(t, "how", s.how+" "+s.user, "direct U_MANAGER")
	wantIn(t, s.text, "Nothing has changed since you looked")
}

func TestDigest(t *testing.T) {
	t.Parallel()
	h := running(t)
	home := asJSON(t, h.opensHome("U_MANAGER"))
	wantIn(t, home, "Europe/Berlin", `"initial_option":{"text":{"type":"plain_text","text":"09:00"`)
	p, err := h.store.SlackPerson(t.Context(), "slack:U_MANAGER")
	must(t, err)
	berlin := zones.Or("Europe/Berlin")
	if at := p.NextDigest.In(berlin); at.Hour() != 9 || at.Minute() != 0 || at.Weekday() == time.Saturday || at.Weekday() == time.Sunday || !at.After(time.Now()) {
		t.Errorf("it comes at %s", at)
	}

	// Nothing changed and nothing waits: none comes, and the next is another day's.
	due := func() { h.sql("update slack_people set next_digest = now() - interval '1 minute'") }
	due()
	eventually(t, "the next digest", func() bool {
		p, err = h.store.SlackPerson(t.Context(), "slack:U_MANAGER")
		must(t, err)
		return p.NextDigest.After(time.Now())
	})
	h.signs()
	due()
	told := h.said()
	want(t, "to", told.message.Channel, "DU_MANAGER")
	wantIn(t, told.message.Text+asJSON(t, told.message.Facts), "Nothing waits for you; this has changed", "1 signed (@ada.scents)")
	eventually(t, "the next digest", func() bool {
		p, err = h.store.SlackPerson(t.Context(), "slack:U_MANAGER")
		must(t, err)
		return p.NextDigest.After(time.Now())
	})

	// Whoever posted it died before they said so: it is found, and not posted again.
	h.sql("update slack_people set next_digest = $1, busy_until = null, told_until = now() - interval '1 day'", mustTime(t, string(told.message.Key)))
	eventually(t, "the next digest", func() bool {
		p, err = h.store.SlackPerson(t.Context(), "slack:U_MANAGER")
		must(t, err)
		return p.NextDigest.After(time.Now())
	})
	want(t, "said again", len(h.chat.news), 0)

	h.pressHome("U_MANAGER", map[string]any{"type": "static_select", "block_id": "x", "action_id": "home:digest", "selected_option": map[string]any{"value": "-1"}})
	wantIn(t, asJSON(t, h.drawn("U_MANAGER")), `"initial_option":{"text":{"type":"plain_text","text":"No digest"`)
	p, err = h.store.SlackPerson(t.Context(), "slack:U_MANAGER")
	must(t, err)
	if p.DigestMinute != store.NoDigest || !p.NextDigest.IsZero() {
		t.Errorf("%+v", p)
	}
}

// mustTime is the time at the end of a digest's key.
func mustTime(t *testing.T, key string) time.Time {
	t.Helper()
	return must2(time.Parse(time.RFC3339, key[strings.LastIndexByte(key, '/')+1:]))(t)
}

// TestSlackEnvelopes: what comes over Socket Mode goes to who takes it over HTTP, once.
func TestSlackEnvelopes(t *testing.T) {
	t.Parallel()
	connected := make(chan web.Take, 1)
	h := running(t, func(d *web.Deps) {
		d.Listen = func(ctx context.Context, take web.Take) error {
			connected <- take
			<-ctx.Done()
			return nil
		}
	})
	envelope := <-connected
	command := []byte(`{"command":"/rapport","text":"status","user_id":"U_MANAGER","channel_id":"C1","trigger_id":"t","is_enterprise_install":"false"}`)
	answer, taken := envelope(t.Context(), "slash_commands", "e1", command)
	if !taken {
		t.Fatal("not taken")
	}
	wantIn(t, string(answer), "Dreams Sunset")
	answer, taken = envelope(t.Context(), "slash_commands", "e1", command)
	if !taken || len(answer) > 0 {
		t.Errorf("again it answers %q, %t", answer, taken)
	}
	_, taken = envelope(t.Context(), "interactive", "e2", []byte(asJSON(t, map[string]any{
		"type": "block_actions", "trigger_id": "trigger", "user": map[string]any{"id": "U_MANAGER"}, "channel": map[string]any{"id": "C1"}, "message": card(),
		"actions": []map[string]any{{"type": "button", "block_id": "b", "action_id": "review_draft:approve", "value": string(h.partnership) + "|draft-1"}},
	})))
	want(t, "taken", taken, true)
	h.temporal.next(t)
	_, taken = envelope(t.Context(), "events_api", "e3", []byte(`{"type":"event_callback","event_id":"EvS","event":{"type":"app_home_opened","user":"U_MANAGER","tab":"home"}}`))
	want(t, "taken", taken, true)
	h.drawn("U_MANAGER")
	_, taken = envelope(t.Context(), "of_tomorrow", "e4", []byte(`{}`))
	want(t, "taken", taken, true)
	h.store.Close()
	answer, _ = envelope(t.Context(), "slash_commands", "e5", command)
	wantIn(t, string(answer), "database does not answer")
	_, taken = envelope(t.Context(), "events_api", "e6", []byte(`{"type":"event_callback","event_id":"EvT","event":{"type":"app_home_opened","user":"U_MANAGER","tab":"home"}}`))
	want(t, "an event taken without the books", taken, false)
}
