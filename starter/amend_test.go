package main

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/rapport-dev/rapport/app/amend"
	p "github.com/rapport-dev/rapport/partnership"
	"github.com/rapport-dev/rapport/partnership/timeline"
)

func TestThePreviewOfARetargetedCampaign(t *testing.T) {
	var out bytes.Buffer
	at := func(day int) time.Time { return time.Date(2026, 12, day, 15, 0, 0, 0, time.UTC) }
	showPreview(&out, amend.Preview{
		Target: [2]int{4, 8}, Budget: [2]int64{600_000, 820_000}, Currency: "USD",
		Counts: map[timeline.Reach]int{timeline.Moves: 1, timeline.Contract: 1},
		Lines: []amend.Line{
			{PartnershipID: "p1", Creator: "lena", Stage: p.Content, Reach: timeline.Moves, Changes: []timeline.Change{{Kind: timeline.DraftDue, From: at(1), To: at(3), Days: 2}}},
			{PartnershipID: "p2", Creator: "omar", Stage: p.Gifting, Reach: timeline.Contract, Terms: []string{"Commission: 12 % instead of 10 %"}},
		},
		Invites: &amend.Invites{
			Reranked: true, Held: 2, Free: 6, Fit: [2]int{5, 12}, Standby: [2]int{1, 3}, NeedMinor: 250_000, LeftMinor: 220_000, Paused: true,
			NewNiches: []amend.NicheCount{{Niche: "ceramics", Fit: 3}},
			Next: []amend.Candidate{
				{Creator: "kiln.and.clay", Tier: p.Nano, Niche: "ceramics", CostMinor: 50_000, Covered: true},
				{Creator: "slowpots", Tier: p.Micro, Niche: "ceramics", CostMinor: 200_000},
			},
		},
	})
	golden(t, "testdata/amend.golden", out.String())
}

func TestFurtherCreatorsAreCheckedAsAtLaunch(t *testing.T) {
	running := p.Campaign{Name: "Dreams", Selection: p.Selection{Niches: []string{"home"}}}
	write := func(text string) string {
		name := filepath.Join(t.TempDir(), "more.csv")
		if err := os.WriteFile(name, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		return name
	}
	const header = "handle,name,email,platform,followers,engagement_rate,niche\n"
	for _, test := range []struct{ csv, want string }{
		{header + "ada,Ada,ada@mail.example,instagram,9000,4,home\nben,Ben,ben@mail.example,instagram,9000,4,cars\n", ""},
		{header + "ada,Ada,ada@mail.example,instagram,9000,4,cars\n", "1: none of the creators passes the campaign's selection"},
		{header + "ada,Ada,nowhere,instagram,many,4,home\n", "2: followers: "},
		{"handle\nada\n", "1: email: the column is missing"},
	} {
		change, err := readChange("", write(test.csv), running, time.Now(), 24*time.Hour)
		if test.want == "" && (err != nil || len(change.Creators) != 2 || change.Spec.Name != "Dreams") {
			t.Errorf("%+v, %v", change, err)
		}
		if test.want != "" && (err == nil || !strings.Contains(err.Error(), test.want)) {
			t.Errorf("got %v, want %q", err, test.want)
		}
	}
	_, err := readChange("nowhere.yaml", "nowhere.csv", running, time.Now(), 24*time.Hour)
	if err == nil || !strings.Contains(err.Error(), "nowhere.yaml:1: cannot be read") || !strings.Contains(err.Error(), "nowhere.csv:1: cannot be read") {
		t.Errorf("got %v", err)
	}
}
