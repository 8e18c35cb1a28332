package dev

import (
	"maps"
	"path/filepath"
	"testing"
)

func TestAFolderKeepsItsCampaignDay(t *testing.T) {
	for _, tc := range []struct {
		asked, before string
		people        bool
		want          string // "" is refused
	}{
		{"", "", true, "2s"},
		{"", "", false, "24h"},
		{"1s", "", true, "1s"},
		{"", "2s", false, "2s"},
		{"", "2s", true, "2s"},
		{"2000ms", "2s", true, "2s"},
		{"1s", "2s", true, ""},
		{"", "24h", true, ""},
		{"", "24h", false, "24h"},
	} {
		got, err := dayOf(tc.asked, tc.before, tc.people)
		if got != tc.want || (err == nil) != (tc.want != "") {
			t.Errorf("dayOf(%q, %q, %v) = %q, %v; want %q", tc.asked, tc.before, tc.people, got, err, tc.want)
		}
	}
}

func TestAShellsCopyOfAnEarlierStartIsForgotten(t *testing.T) {
	dir := t.TempDir()
	wrote := map[string]string{"RAPPORT_DATABASE_URL": "postgres://it's@127.0.0.1:1/x", "RAPPORT_DAY": "2s", "HOME": "/"}
	if err := writeEnv(filepath.Join(dir, "env"), wrote); err != nil {
		t.Fatal(err)
	}
	last, err := lastEnv(dir)
	if err != nil {
		t.Fatal(err)
	}
	own := maps.Clone(wrote)
	own["SLACK_CHANNEL"] = "C1"
	forget(own, last)
	if want := map[string]string{"HOME": "/", "SLACK_CHANNEL": "C1"}; !maps.Equal(own, want) {
		t.Errorf("kept %v, want %v", own, want)
	}
	if none, err := lastEnv(t.TempDir()); err != nil || none != nil {
		t.Errorf("a first start has no earlier one: %v, %v", none, err)
	}
}
