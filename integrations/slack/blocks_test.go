package slack

import (
	"bytes"
	"encoding/json"
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/slack-go/slack"

	"github.com/rapport-dev/rapport/partnership"
)

var update = flag.Bool("update", false, "write the golden files anew")

// shapes are the messages that Rapport posts, one of each shape.
var shapes = map[string]partnership.Message{
	"note": {Text: "Campaign Winter Jars started"},
	"report": {
		Text: "Week 2 of Winter Jars", Body: "18 of 24 creators signed.\nTwo parcels are late.",
		Facts: []partnership.Fact{
			{Label: "Signed", Value: "18 / 24"},
			{Label: "Live", Value: "3"},
			{Label: "Budget used", Value: "$ 9,400.00"},
			{Label: "Commission", Value: "$ 312.50"},
			{Label: "ROAS", Value: "2.1"},
			{Label: "At risk", Value: "2"},
		},
		Context: "Counted on 1 Dec 2026, 09:00 UTC", LinkURL: "https://rapport.example/campaigns/c1", LinkText: "Open the board",
	},
	"decide_counter": {
		Text: "Mira asks for more", Facts: []partnership.Fact{{Label: "Offered", Value: "$ 500.00"}, {Label: "Asked", Value: "$ 700.00"}},
		Buttons: []partnership.Button{
			{ActionID: "decide_counter:accept", Label: "Accept", Value: "p1/2", Style: "primary", Confirm: "This fixes the fee at $ 700.00."},
			{ActionID: "decide_counter:keep", Label: "Keep our offer", Value: "p1/2"},
			{ActionID: "decide_counter:decline", Label: "Decline", Value: "p1/2", Style: "danger", Confirm: "The slot goes to the next creator."},
		},
	},
	"decided": {Text: "Mira asks for more", Context: "Accepted by Ana on 1 Dec 2026, 09:12 UTC"},
	"hostile": {
		Text: "<!channel> & <@U1>", Body: "<https://evil.example|Approve> *bold* `code` :tada:",
		Facts:   []partnership.Fact{{Label: "<!here> & co", Value: "x\n*Approved by*\nAna"}, {Label: "", Value: ""}},
		Buttons: []partnership.Button{{ActionID: "a", Label: "<!channel>\n", Value: "p1"}},
		Context: "<!everyone>",
	},
	"long": {
		Text: strings.Repeat("headline ", 30), Body: strings.Repeat("é", 4000),
		Facts:   []partnership.Fact{{Label: strings.Repeat("&", 1000), Value: strings.Repeat("😀", 1500)}},
		Buttons: []partnership.Button{{ActionID: "a", Label: strings.Repeat("label ", 30), Value: strings.Repeat("v", 2000), Confirm: strings.Repeat("sure ", 100)}},
	},
}

func TestGoldenBlocks(t *testing.T) {
	t.Parallel()
	for name, m := range shapes {
		t.Run(name, func(t *testing.T) {
			blocks, err := render(m)
			if err != nil {
				t.Fatal(err)
			}
			var got bytes.Buffer
			enc := json.NewEncoder(&got)
			enc.SetEscapeHTML(false)
			enc.SetIndent("", "  ")
			if err := enc.Encode(map[string]any{"blocks": blocks}); err != nil {
				t.Fatal(err)
			}
			file := filepath.Join("testdata", name+".json")
			if *update {
				if err := os.WriteFile(file, got.Bytes(), 0o644); err != nil {
					t.Fatal(err)
				}
			}
			want, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			if !bytes.Equal(got.Bytes(), want) {
				t.Errorf("blocks differ from %s (go test -run Golden -update writes it anew):\n%s", file, got.Bytes())
			}
			checkLimits(t, got.Bytes())
		})
	}
}

// checkLimits walks the JSON as Slack would and holds it against Slack's limits.
func checkLimits(t *testing.T, doc []byte) {
	t.Helper()
	limits := map[string]int{"header": maxHeader, "button": maxButton, "section": maxText, "fields": maxField, "context": maxText, "confirm": maxConfirmText}
	var walk func(v any, where string)
	walk = func(v any, where string) {
		switch v := v.(type) {
		case []any:
			for _, e := range v {
				walk(e, where)
			}
		case map[string]any:
			kind, _ := v["type"].(string)
			if text, ok := v["text"].(string); ok {
				if n := length(text); n > limits[where] || n == 0 {
					t.Errorf("%s: %d characters, allowed 1 to %d", where, n, limits[where])
				}
				if !utf8.ValidString(text) {
					t.Errorf("%s: cut within a rune", where)
				}
				if kind == "mrkdwn" && strings.ContainsAny(text, "<>") {
					t.Errorf("%s: a live control character in %q", where, text)
				}
			}
			if limits[kind] > 0 {
				where = kind
			}
			for k, e := range v {
				switch k {
				case "fields", "confirm":
					walk(e, k)
				default:
					walk(e, where)
				}
			}
		}
	}
	var v any
	if err := json.Unmarshal(doc, &v); err != nil {
		t.Fatal(err)
	}
	walk(v, "")
}

func TestManyFactsAndButtons(t *testing.T) {
	t.Parallel()
	m := partnership.Message{Text: "x"}
	for range 12 {
		m.Facts = append(m.Facts, partnership.Fact{Label: "l", Value: "v"})
	}
	for range 30 {
		m.Buttons = append(m.Buttons, partnership.Button{ActionID: "a", Label: "b"})
	}
	blocks, err := render(m)
	if err != nil {
		t.Fatal(err)
	}
	fields, buttons := 0, 0
	for _, b := range blocks {
		switch b := b.(type) {
		case *slack.SectionBlock:
			fields += len(b.Fields)
			if len(b.Fields) > 10 {
				t.Errorf("%d fields in a section", len(b.Fields))
			}
		case *slack.ActionBlock:
			buttons += len(b.Elements.ElementSet)
			if len(b.Elements.ElementSet) > 25 {
				t.Errorf("%d buttons in a block", len(b.Elements.ElementSet))
			}
		}
	}
	if fields != 24 || buttons != 30 {
		t.Errorf("%d fields and %d buttons, want 24 and 30", fields, buttons)
	}
}

func TestTruncate(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		in    string
		limit int
		want  string
	}{
		{"short", 10, "short"},
		{"exactly10!", 10, "exactly10!"},
		{"one two three", 8, "one two…"},
		{"ééééé", 3, "éé…"},
		{"😀😀😀", 4, "😀…"},
		{"x&amp;y&amp;z", 10, "x&amp;y…"},
		{"a\xffb", 5, "a\uFFFDb"},
	} {
		if got := truncate(tc.in, tc.limit); got != tc.want {
			t.Errorf("%q to %d: %q, want %q", tc.in, tc.limit, got, tc.want)
		}
	}
}

func FuzzRender(f *testing.F) {
	f.Add("text", "body", "label", "value", "button", "context")
	f.Add("<!channel>", "<@U1>", "*", "`", "<https://evil|x>", "&")
	f.Fuzz(func(t *testing.T, text, body, label, value, button, context string) {
		blocks, err := render(partnership.Message{
			Text: text, Body: body, Facts: []partnership.Fact{{Label: label, Value: value}},
			Buttons: []partnership.Button{{ActionID: "a", Label: button, Confirm: body}}, Context: context,
		})
		if err != nil {
			return // no text
		}
		doc, err := json.Marshal(blocks)
		if err != nil {
			t.Fatal(err)
		}
		checkLimits(t, doc)
	})
}

// Words that lead somewhere lead there and nowhere else, and nobody is called whom Slack does not know.
func TestWordsThatLeadSomewhere(t *testing.T) {
	t.Parallel()
	for to, want := range map[string]string{
		"https://acme.slack.com/archives/C1/p17?a=1&b=2": "<https://acme.slack.com/archives/C1/p17?a=1&amp;b=2|Draft &lt;1&gt;/2>",
		"https://acme.slack.com/|x>":                     "Draft &lt;1&gt;|2",
		"javascript:alert(1)":                            "Draft &lt;1&gt;|2",
		"":                                               "Draft <1>|2", // no mark: plain text, in which Slack reads nothing
	} {
		if got := marked(partnership.LinkMark(to, "Draft <1>|2"), maxText).Text; got != want {
			t.Errorf("%q is %q, want %q", to, got, want)
		}
	}
	for who, want := range map[string]string{"slack:U1": "<@U1> Look", "cli:ana": "Look", "": "Look"} {
		if got := notification(partnership.Message{Text: "Look", Mention: who}); got != want {
			t.Errorf("%q is %q, want %q", who, got, want)
		}
	}
}
