package docscheck_test

import (
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/goccy/go-yaml"
	"github.com/google/go-cmp/cmp"
)

// manifest is what docs/slack-manifest.yaml asks of Slack.
type manifest struct {
	Features struct {
		Home struct {
			Tab      bool `yaml:"home_tab_enabled"`
			Messages bool `yaml:"messages_tab_enabled"`
		} `yaml:"app_home"`
		SlashCommands []struct {
			Command string `yaml:"command"`
			URL     string `yaml:"url"`
		} `yaml:"slash_commands"`
	} `yaml:"features"`
	OAuth struct {
		Scopes struct {
			Bot []string `yaml:"bot"`
		} `yaml:"scopes"`
	} `yaml:"oauth_config"`
	Settings struct {
		Interactivity struct {
			Enabled bool   `yaml:"is_enabled"`
			URL     string `yaml:"request_url"`
		} `yaml:"interactivity"`
		SocketMode bool `yaml:"socket_mode_enabled"`
		Events     struct {
			URL  string   `yaml:"request_url"`
			Bots []string `yaml:"bot_events"`
		} `yaml:"event_subscriptions"`
	} `yaml:"settings"`
}

// scopeOf is what Slack asks for each method that the client calls; "" for none.
var scopeOf = map[string][]string{
	"PostMessageContext":            {"chat:write"},
	"UpdateMessageContext":          {"chat:write"},
	"GetConversationHistoryContext": {"channels:history", "groups:history", "im:history"},
	"GetConversationRepliesContext": {"channels:history", "groups:history", "im:history"},
	"OpenConversationContext":       {"im:write"},
	"GetUserInfoContext":            {"users:read", "users:read.email"},
	"GetUserByEmailContext":         {"users:read.email"},
	"AddPinContext":                 {"pins:write"},
	"GetPermalinkContext":           nil,
	"OpenViewContext":               nil,
	"PublishViewContext":            nil,
	"UpdateViewContext":             nil,
	"GetFileInfoContext":            {"files:read"},
	"GetFileContext":                {"files:read"},
	"AuthTestContext":               nil,
}

var slackCall = regexp.MustCompile(`\bapi\.(\w+Context)\(`)

func TestTheSlackManifestAsksForWhatIsUsed(t *testing.T) {
	t.Parallel()
	var m manifest
	if err := yaml.Unmarshal([]byte(read(t, "docs/slack-manifest.yaml")), &m); err != nil {
		t.Fatal(err)
	}
	want := []string{"commands"}
	for name, text := range sources(t, ".go") {
		if !strings.HasPrefix(name, "integrations/slack/") || strings.HasSuffix(name, "_test.go") {
			continue
		}
		for _, call := range slackCall.FindAllStringSubmatch(text, -1) {
			scopes, known := scopeOf[call[1]]
			if !known {
				t.Errorf("%s calls %s: say in this test which scope it takes", name, call[1])
			}
			want = append(want, scopes...)
		}
	}
	slices.Sort(want)
	got := slices.Sorted(slices.Values(m.OAuth.Scopes.Bot))
	if diff := cmp.Diff(slices.Compact(want), got); diff != "" {
		t.Errorf("scopes (-used +asked for):\n%s", diff)
	}

	routes := read(t, "web/slackapp/slackapp.go")
	addresses := []string{m.Settings.Interactivity.URL, m.Settings.Events.URL}
	for _, event := range m.Settings.Events.Bots {
		if !strings.Contains(routes, `"`+event+`"`) {
			t.Errorf("nothing is done about the event %s", event)
		}
	}
	if !m.Features.Home.Tab || !m.Features.Home.Messages {
		t.Error("the Home tab and direct messages are switched off")
	}
	for _, c := range m.Features.SlashCommands {
		if c.Command != "/rapport" {
			t.Errorf("the command %s is none of ours", c.Command)
		}
		addresses = append(addresses, c.URL)
	}
	if !m.Settings.Interactivity.Enabled || len(addresses) != 3 {
		t.Error("interactivity and one slash command are needed")
	}
	for _, address := range addresses {
		u, err := url.Parse(address)
		if err != nil || u.Scheme != "https" || !strings.Contains(routes, `"POST `+u.Path+`"`) {
			t.Errorf("nothing answers %s", address)
		}
	}
	if m.Settings.SocketMode {
		t.Error("Socket Mode takes the addresses away: it is for who says so")
	}
}
