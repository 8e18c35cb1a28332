package slackapp

import (
	"bytes"
	"encoding/json"
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	slackapi "github.com/slack-go/slack"

	"github.com/rapport-dev/rapport/app/deeds"
	"github.com/rapport-dev/rapport/app/launch"
	"github.com/rapport-dev/rapport/partnership"
	"github.com/rapport-dev/rapport/partnership/asking"
	"github.com/rapport-dev/rapport/rehearsal"
	"github.com/rapport-dev/rapport/store"
)

var update = flag.Bool("update", false, "write the golden files anew")

// golden holds what is sent to Slack against a file, which TestSlackTypes holds against Slack's own types.
func golden(t *testing.T, name string, v any) {
	t.Helper()
	var got bytes.Buffer
	enc := json.NewEncoder(&got)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", "  ")
	if err := enc.Encode(v); err != nil {
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
		t.Errorf("%s has changed (go test -run Golden -update writes it anew):\n%s", file, got.Bytes())
	}
}

// aLook is one with n creators of each kind.
func aLook(n int) launch.Prepared {
	at := time.Date(2026, 12, 1, 15, 0, 0, 0, time.UTC)
	l := launch.Look{At: at, Forecast: launch.Forecast{Runs: 60, Wanted: 16, LastDate: at.AddDate(0, 0, 44), Chance: 0.55, Posts: rehearsal.Range{P10: 13, P50: 16, P90: 16}, Spend: rehearsal.Range{P50: 1_811_040, P90: 2_000_000}, OutOfBudget: 0.02, Worst: 2_090_400}}
	l.Campaign = partnership.Campaign{
		Name: "Spring Thaw, with a name that is too long for a title", Currency: "USD", Timezone: "America/New_York", BudgetMinor: 2_100_000,
		Schedule: partnership.Schedule{PublishFrom: at.AddDate(0, 0, 16), PublishTo: at.AddDate(0, 0, 44), OutreachDays: 6, SignDays: 4, ProduceDays: 8, ReviewDays: 3},
		Offer: partnership.Offer{
			FeeMinor: map[partnership.Tier]int64{partnership.Nano: 60_000, partnership.Micro: 200_000}, CommissionBPS: 1000, Gift: &partnership.Gift{Name: "Sunset sampler", ValueMinor: 3600},
			Negotiation: partnership.NegotiationLimits{MaxFeeUpliftBPS: 2000, Rounds: 2},
		},
	}
	handle := func(kind string, i int) string {
		return kind + strings.Repeat("x", i%20) + "." + strings.Repeat("y", i/20)
	}
	for i := range n {
		l.Places = append(l.Places, launch.Placed{Key: "instagram:" + handle("a", i), Handle: handle("a", i), Followers: 9000 + i, Engagement: 8.4, Why: []string{"8.4 % engagement", "is a customer"}})
	}
	for i := range n {
		l.Places = append(l.Places, launch.Placed{Key: "instagram:" + handle("s", i), Handle: handle("s", i), Followers: 5000, Engagement: 4, Standby: true, Why: []string{"4 % engagement"}})
		l.Unfit = append(l.Unfit, launch.Unfit{Handle: handle("u", i), Why: "0.8 % engagement is below the campaign's 1.2 %"})
		l.Warnings = append(l.Warnings, "campaign.yaml:14: the fee <!channel> is *low*")
		l.Changes = append(l.Changes, "@"+handle("a", i)+", with an open partnership: email changes")
	}
	l.Vetoed, l.Spare, l.Erased = l.Places[:1], 3, true
	return launch.Prepared{ID: "0193", Look: &l}
}

func TestGoldenLaunch(t *testing.T) {
	t.Parallel()
	a := &App{Templates: []launch.Template{launch.Blank}}
	for _, from := range []string{fromFiles, "blank"} {
		form, err := a.launchForm(from)
		if err != nil {
			t.Fatal(err)
		}
		golden(t, "launch-form-"+from, form)
	}
	golden(t, "launch-wait", waitModal("0193", "Reading the files…"))
	golden(t, "launch-look", lookModal(aLook(3), ""))
	golden(t, "launch-faults", faultsModal(map[string][]string{"": {"the engine is away"}, "campaign.yaml": {"Line 14: timezone: “New York” is no zone"}}))
}

func TestGoldenHome(t *testing.T) {
	t.Parallel()
	a, until := &App{PublicURL: "https://rapport.example"}, time.Date(2026, 12, 1, 15, 0, 0, 0, time.UTC)
	d := asking.Decision{
		Kind: partnership.AsksCounter, PartnershipID: "pa", Campaign: "Spring Thaw", Question: "@ada <asks> for *more*", Who: "manager", Deadline: &until, SilenceMeans: "It is refused.", State: partnership.QuestionOpen,
		Card: "partnership/x/negotiation/counter/1", Value: "pa|1", Choices: []asking.Option{{ID: partnership.ChoiceAccept, Label: "Accept", Style: "primary", Confirm: "Sure?"}, {ID: partnership.ChoiceRefuse, Label: "Keep our offer"}},
	}
	by := deeds.By{Who: "slack:U1", Roles: []deeds.Role{deeds.Manager}}
	golden(t, "home", slackapi.HomeTabViewRequest{Type: slackapi.VTHomeTab, Blocks: slackapi.Blocks{BlockSet: []slackapi.Block{
		homeBar(by), heading("1 decision for you"), marked(a.askedLine(d)), answersTo(d), digestMenu(store.SlackPerson{Zone: "Europe/Berlin", DigestMinute: digestMinute}),
	}}})
}

// TestADigestComesOnWeekdays, at the minute that was chosen on the person's own clock.
func TestADigestComesOnWeekdays(t *testing.T) {
	t.Parallel()
	for after, want := range map[string]string{
		"2026-11-30T08:59:00+01:00": "2026-11-30T09:00:00+01:00", // Monday
		"2026-11-30T09:00:00+01:00": "2026-12-01T09:00:00+01:00",
		"2026-12-04T10:00:00+01:00": "2026-12-07T09:00:00+01:00", // Friday
		"2026-03-27T10:00:00+01:00": "2026-03-30T09:00:00+02:00", // the clock changes in between
	} {
		at, err := time.Parse(time.RFC3339, after)
		if err != nil {
			t.Fatal(err)
		}
		if got := nextDigest("Europe/Berlin", digestMinute, at).Format(time.RFC3339); got != want {
			t.Errorf("after %s it comes at %s, want %s", after, got, want)
		}
	}
	if !nextDigest("Europe/Berlin", store.NoDigest, time.Now()).IsZero() {
		t.Error("who wants none gets one")
	}
}

// TestALookFitsIntoAView, however many creators there are and whatever they are called.
func TestALookFitsIntoAView(t *testing.T) {
	t.Parallel()
	for _, n := range []int{1, 20, 99, 101, 400} {
		view := lookModal(aLook(n), "")
		text, err := json.Marshal(view)
		if err != nil {
			t.Fatal(err)
		}
		if blocks := len(view.Blocks.BlockSet); blocks > 100 || len(text) > 250_000 {
			t.Errorf("%d creators: %d blocks, %d bytes", n, blocks, len(text))
		}
		if title, submit := view.Title.Text, view.Submit.Text; len([]rune(title)) > maxTitle || len([]rune(submit)) > maxTitle {
			t.Errorf("%q, %q", title, submit)
		}
		for _, b := range view.Blocks.BlockSet {
			input, ok := b.(*slackapi.InputBlock)
			if !ok {
				continue
			}
			if choice, ok := input.Element.(*slackapi.MultiSelectBlockElement); ok {
				for _, g := range choice.OptionGroups {
					if len(g.Options) > maxOptions || len(choice.OptionGroups) > 100 {
						t.Errorf("%d creators: %d groups of %d", n, len(choice.OptionGroups), len(g.Options))
					}
				}
			}
		}
	}
}

func TestCutCountsAsSlackDoes(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{"": "", "abcde": "abcde", "abcdef": "abcd…", "😀😀😀": "😀😀…", "éééééé": "éééé…"} {
		if got := cut(text, 5); got != want {
			t.Errorf("%q is cut to %q, want %q", text, got, want)
		}
	}
}
