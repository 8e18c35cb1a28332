package main

import (
	"bytes"
	"strings"
	"testing"
	"time"

	"github.com/rapport-dev/rapport/app/amend"
	"github.com/rapport-dev/rapport/partnership"
	"github.com/rapport-dev/rapport/partnership/timeline"
)

func TestThePreviewOfARetargetedCampaign(t *testing.T) {
	var out bytes.Buffer
	at := func(day int) time.Time { return time.Date(2026, 12, day, 15, 0, 0, 0, time.UTC) }
	showPreview(&out, amend.Preview{
		Target: [2]int{4, 8}, Budget: [2]int64{600_000, 820_000}, Currency: "USD",
		Counts: map[timeline.Reach]int{timeline.Moves: 1, timeline.Contract: 1},
		Lines: []amend.Line{
			{PartnershipID: "p1", Creator: "lena", Stage: partnership.Content, Reach: timeline.Moves, Changes: []timeline.Change{{Kind: timeline.DraftDue, From: at(1), To: at(3), Days: 2}}},
			{PartnershipID: "p2", Creator: "omar", Stage: partnership.Gifting, Reach: timeline.Contract, Terms: []string{"Commission: 12 % instead of 10 %"}},
		},
		Invites: &amend.Invites{
			Reranked: true, Held: 2, Free: 6, Fit: [2]int{5, 12}, Standby: [2]int{1, 3}, NeedMinor: 250_000, LeftMinor: 220_000, Paused: true,
			NewNiches: []amend.NicheCount{{Niche: "ceramics", Fit: 3}},
			Next: []amend.Candidate{
				{Creator: "kiln.and.clay", Tier: partnership.Nano, Niche: "ceramics", CostMinor: 50_000, Covered: true},
				{Creator: "slowpots", Tier: partnership.Micro, Niche: "ceramics", CostMinor: 200_000},
			},
		},
	})
	golden(t, "testdata/amend.golden", out.String())
}

func TestAnAmendmentsFilesThatCannotBeReadAreNamed(t *testing.T) {
	t.Parallel()
	_, err := campaignAmendCommand{File: "nowhere.yaml", Creators: "nowhere.csv"}.files()
	if err == nil || !strings.Contains(err.Error(), "nowhere.yaml:1: cannot be read") || !strings.Contains(err.Error(), "nowhere.csv:1: cannot be read") {
		t.Errorf("got %v", err)
	}
}
