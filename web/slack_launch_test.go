package web_test

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"

	slackapi "github.com/slack-go/slack"

	"github.com/rapport-dev/rapport/app/launch"
	"github.com/rapport-dev/rapport/intake"
	"github.com/rapport-dev/rapport/partnership"
	"github.com/rapport-dev/rapport/web"
)

func TestSlackLaunch(t *testing.T) {
	t.Parallel()
	var launched []launch.Request
	h := open(t, func(d *web.Deps) {
		d.Launch = func(_ context.Context, r launch.Request) (launch.Launched, error) {
			if !strings.Contains(string(r.Campaign), "version: 1") {
				return launch.Launched{}, &launch.Faulty{Faults: []launch.Fault{
					{File: launch.CampaignFile, Line: 3, Field: "budget", Message: "is missing"}, {File: launch.CreatorsFile, Line: 2, Field: "email", Message: "is no address"},
				}}
			}
			launched = append(launched, r)
			return launch.Launched{ID: "c1", Created: true, Campaign: partnership.Campaign{Name: "Dreams"}, Creators: 2, Warnings: []intake.Warning{{Message: "the fee is low"}}}, nil
		}
	})
	h.command("U_MANAGER", "launch")
	view := h.said().view
	wrong := h.submit("U_MANAGER", view, map[string]string{"campaign_yaml": "name: x", "creators_csv_0": "handle"})
	wantIn(t, wrong.body, `"campaign_yaml":"campaign.yaml:3: budget: is missing"`, `"creators_csv_0":"creators.csv:2: email: is no address"`)
	want(t, "ack", h.submit("U_MANAGER", view, map[string]string{"campaign_yaml": "version: 1", "creators_csv_0": "handle\na", "creators_csv_1": "b"}).body, "")
	wantIn(t, h.said().text, "“Dreams” is launched with 2 creators", "the fee is low", "/campaigns/c1")
	last := launched[len(launched)-1]
	want(t, "creators", string(last.Creators), "handle\na\nb\n")
	want(t, "by", last.By.Who, "slack:U_MANAGER")
	wantIn(t, h.submit("U_FINANCE", view, map[string]string{"campaign_yaml": "version: 1", "creators_csv_0": "h"}).body, "manager")
}

// TestSlackLaunchTakesTheExamples: Slack takes 3,000 characters in a field, and the examples' files are longer.
func TestSlackLaunchTakesTheExamples(t *testing.T) {
	t.Parallel()
	for _, example := range []string{"hybrid", "gift-then-commission"} {
		var launched launch.Request
		h := open(t, func(d *web.Deps) {
			d.Launch = func(_ context.Context, r launch.Request) (launch.Launched, error) {
				launched = r
				return launch.Launched{ID: "c1", Campaign: partnership.Campaign{Name: "Dreams"}, Creators: 2}, nil
			}
		})
		h.command("U_MANAGER", "launch")
		view, fields, left := h.said().view, map[string]string{}, map[string]string{}
		for _, file := range []string{"campaign.yaml", "creators.csv"} {
			text, err := os.ReadFile(filepath.Join("..", "examples", example, file))
			must(t, err)
			left[file] = string(text)
		}
		for _, b := range view.Blocks.BlockSet { // a person pastes as many whole lines as each field takes
			input := b.(*slackapi.InputBlock)
			file, _, _ := strings.Cut(input.Label.Text, ",")
			part := left[file]
			if most := input.Element.(*slackapi.PlainTextInputBlockElement).MaxLength; len([]rune(part)) > most {
				part = string([]rune(part)[:most])
				part = part[:strings.LastIndexByte(part, '\n')+1]
			}
			fields[input.BlockID], left[file] = part, strings.TrimPrefix(left[file], part)
		}
		if left["campaign.yaml"]+left["creators.csv"] != "" {
			t.Errorf("%s: the form holds %d characters less than the files", example, len(left["campaign.yaml"]+left["creators.csv"]))
		}
		want(t, "ack", h.submit("U_MANAGER", view, fields).body, "")
		h.said()
		for file, got := range map[string][]byte{"campaign.yaml": launched.Campaign, "creators.csv": launched.Creators} {
			text, err := os.ReadFile(filepath.Join("..", "examples", example, file))
			must(t, err)
			if strings.TrimSpace(string(got)) != strings.TrimSpace(string(text)) {
				t.Errorf("%s: %s did not arrive as it was pasted", example, file)
			}
		}
	}
}
