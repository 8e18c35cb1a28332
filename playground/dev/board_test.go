package dev

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/rapport-dev/rapport/partnership"
)

func sampleView() view {
	now := time.Date(2026, 12, 1, 12, 0, 0, 0, time.UTC)
	return view{
		Elapsed: 72 * time.Second, Day: 2 * time.Second, Now: now,
		Addresses: [][2]string{{"console", "http://127.0.0.1:8080"}},
		Campaigns: []campaignView{{
			Name: "Dreams Sunset", Round: 1, State: "launched", Target: 14, Currency: "USD", Budget: 3_200_000, Committed: 253_600, Spent: "$0.00", Earned: "$0.00",
			Partnerships: []row{
				{Handle: "lowlight.lena", Tier: partnership.Nano, Niche: "fragrance", Stage: partnership.Content, WaitingFor: "the creator's draft", Deadline: now.Add(7 * time.Second)},
				{Handle: "topnote.tomas", Tier: partnership.Nano, Niche: "fragrance", Stage: partnership.Closed, Outcome: partnership.Declined},
				{Handle: "waxpoetic.wes", Tier: partnership.Micro, Niche: "fragrance", Stage: partnership.Content, Attention: "no sign of life"},
				{Handle: "attic.archive", Tier: partnership.Micro, Niche: "home", Stage: partnership.Outreach, WaitingFor: "the creator's answer", Deadline: now.Add(-time.Second)},
			},
		}},
		Note: "Waiting for 12 sales to leave their hold.",
	}
}

func TestBoard(t *testing.T) {
	want := `Rapport   01:12   one campaign day = 2s
  console   http://127.0.0.1:8080

Dreams Sunset, round 1: launched   14 slots   budget $32,000.00, committed $2,536.00, spent $0.00   sales $0.00
  outreach 1 · content 2   |   declined 1
  @waxpoetic.wes       micro  fragrance     content      ! no sign of life
  @attic.archive       micro  home          outreach     waiting for the creator's answer, due 0.5 days ago
  @lowlight.lena       nano   fragrance     content      waiting for the creator's draft, due in 3.5 days
  @topnote.tomas       nano   fragrance     declined

Waiting for 12 sales to leave their hold.
`
	if diff := cmp.Diff(want, render(sampleView(), 200, 40)); diff != "" {
		t.Error(diff)
	}
}

func TestBoardFitsTheTerminal(t *testing.T) {
	v := sampleView()
	for range 40 {
		v.Campaigns[0].Partnerships = append(v.Campaigns[0].Partnerships, row{Handle: "x", Tier: partnership.Nano, Stage: partnership.Outreach})
	}
	text := render(v, 60, 20)
	lines := strings.Split(strings.TrimSuffix(text, "\n"), "\n")
	if len(lines) > 20 {
		t.Errorf("%d lines on a terminal of 20", len(lines))
	}
	for _, l := range lines {
		if n := len([]rune(l)); n > 60 {
			t.Errorf("a line of %d characters on a terminal of 60: %s", n, l)
		}
	}
	if !strings.Contains(text, "more") {
		t.Error("it does not say that creators are left out")
	}
}

func TestChangesAreALineEach(t *testing.T) {
	before, after := sampleView(), sampleView()
	after.Campaigns[0].Partnerships[0].Stage = partnership.Performance
	after.Campaigns[0].Partnerships[3].Outcome = partnership.Expired
	want := []string{"01:12  @lowlight.lena: performance", "01:12  @attic.archive: expired"}
	if diff := cmp.Diff(want, changes(before, after)); diff != "" {
		t.Error(diff)
	}
	if got := changes(after, after); len(got) != 0 {
		t.Errorf("without a change: %v", got)
	}
}
