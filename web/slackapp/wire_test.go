package slackapp

import (
	"errors"
	"net/url"
	"testing"

	slackapi "github.com/slack-go/slack"
)

func TestParseInteraction(t *testing.T) {
	t.Parallel()
	body := url.Values{"payload": {`{"type":"block_actions","user":{"id":"U1","team_id":"T1"},"team":{"id":"T1"},"trigger_id":"tr",
		"container":{"type":"message","message_ts":"1.2","channel_id":"C1"},"channel":{"id":"C1"},"message":{"ts":"1.2"},
		"actions":[{"type":"button","action_id":"decide_counter:accept","block_id":"b","value":"p1/2","action_ts":"3.4"}]}`}}.Encode()
	in, err := ParseInteraction([]byte(body))
	if err != nil {
		t.Fatal(err)
	}
	if in.Type != slackapi.InteractionTypeBlockActions || in.User.ID != "U1" || len(in.ActionCallback.BlockActions) != 1 ||
		in.ActionCallback.BlockActions[0].ActionID != "decide_counter:accept" || in.ActionCallback.BlockActions[0].Value != "p1/2" || in.Message.Timestamp != "1.2" {
		t.Errorf("%+v", in)
	}
	view := url.Values{"payload": {`{"type":"view_submission","user":{"id":"U1"},"view":{"id":"V1","callback_id":"launch","private_metadata":"m",
		"state":{"values":{"b":{"a":{"type":"plain_text_input","value":"x"}}}}}}`}}.Encode()
	if in, err := ParseInteraction([]byte(view)); err != nil || in.View.CallbackID != "launch" || in.View.State.Values["b"]["a"].Value != "x" {
		t.Errorf("%+v %v", in.View, err)
	}
	for _, bad := range []string{"", "payload=", "payload=%7B%7D", "payload=x", "payload=%7B%7D&payload=%7B%7D", "%zz"} {
		if _, err := ParseInteraction([]byte(bad)); !errors.Is(err, ErrMalformed) {
			t.Errorf("%q: %v", bad, err)
		}
	}
}

func TestParseEvent(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]Event{
		`{"type":"url_verification","challenge":"ch"}`: {Type: URLVerification, Challenge: "ch"},
		`{"type":"event_callback","event_id":"Ev1","team_id":"T1","event":{"type":"app_home_opened","user":"U1","channel":"D1","tab":"home"}}`: {
			Type: EventCallback, ID: "Ev1", TeamID: "T1", Inner: "app_home_opened", UserID: "U1", ChannelID: "D1", Tab: "home",
		},
		`{"type":"event_callback","event_id":"Ev2","event":{"type":"team_join","user":{"id":"U2"},"channel":7}}`: {
			Type: EventCallback, ID: "Ev2", Inner: "team_join", UserID: "U2",
		},
		`{"type":"app_rate_limited","team_id":"T1"}`: {Type: RateLimited, TeamID: "T1"},
	} {
		if got, err := ParseEvent([]byte(in)); err != nil || got != want {
			t.Errorf("%s: %+v %v", in, got, err)
		}
	}
	for _, bad := range []string{"", "{}", "[]", `{"type":"event_callback"}`, `{"type":"event_callback","event":{"type":"x"}}`} {
		if _, err := ParseEvent([]byte(bad)); !errors.Is(err, ErrMalformed) {
			t.Errorf("%q: %v", bad, err)
		}
	}
}

// vectorBody is Slack's published example.
const vectorBody = "token=xyzz0WbapA4vBCDEFasx0q6G&team_id=T1DC2JH3J&team_domain=testteamnow&channel_id=G8PSS9T3V&channel_name=foobar&user_id=U2CERLKJA&user_name=roadrunner&command=%2Fwebhook-collect&text=&response_url=https%3A%2F%2Fhooks.slack.com%2Fcommands%2FT1DC2JH3J%2F397700885554%2F96rGlfmibIGlgcZRskXaIFfN&trigger_id=398738663015.47445629121.803a0bc887a14d10d2c447fce8b6703c"

func TestParseCommand(t *testing.T) {
	t.Parallel()
	c, err := ParseCommand([]byte(vectorBody))
	if err != nil || c.Command != "/webhook-collect" || c.UserID != "U2CERLKJA" || c.TeamID != "T1DC2JH3J" || c.ChannelID != "G8PSS9T3V" || c.TriggerID == "" || c.ResponseURL == "" {
		t.Errorf("%+v %v", c, err)
	}
}

func TestParseCommandRefusals(t *testing.T) {
	t.Parallel()
	for _, bad := range []string{"", "command=%2Frapport", "user_id=U1", "%zz"} {
		if _, err := ParseCommand([]byte(bad)); !errors.Is(err, ErrMalformed) {
			t.Errorf("%q: %v", bad, err)
		}
	}
}

func FuzzParse(f *testing.F) {
	f.Add([]byte(vectorBody))
	f.Add([]byte(`{"type":"event_callback","event_id":"e","event":{"type":"x"}}`))
	f.Add([]byte(`payload=%7B%22type%22%3A%22block_actions%22%2C%22user%22%3A%7B%22id%22%3A%22U%22%7D%7D`))
	f.Fuzz(func(_ *testing.T, b []byte) {
		_, _ = ParseCommand(b)
		_, _ = ParseInteraction(b)
		_, _ = ParseEvent(b)
	})
}
