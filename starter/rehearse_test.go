package main

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/rapport-dev/rapport/rehearsal"
)

func TestRehearseTwiceIsTheSame(t *testing.T) {
	pages := [2]string{filepath.Join(t.TempDir(), "1.html"), filepath.Join(t.TempDir(), "2.html")}
	var printed [2]string
	for i, page := range pages {
		code, out, errOut := command(t, "--json", "rehearse", "-f", campaignFile, "--creators", creatorsFile, "--start", "2026-11-30", "--html", page)
		if code != done || errOut != "" {
			t.Fatalf("exit %d, stderr %q", code, errOut)
		}
		html, err := os.ReadFile(page)
		if err != nil {
			t.Fatal(err)
		}
		printed[i] = out + string(html)
	}
	if printed[0] != printed[1] {
		t.Error("the second rehearsal differs")
	}
	var document rehearsal.Report
	printedJSON, _, _ := strings.Cut(printed[0], "<!doctype")
	if err := json.Unmarshal([]byte(printedJSON), &document); err != nil {
		t.Fatal(err)
	}
	if document.DryRun == nil || len(document.DryRun.Events) < 100 || document.Start.Format("2006-01-02 15:04") != "2026-11-30 14:00" {
		t.Errorf("starts at %s with %+v", document.Start, document.DryRun)
	}
}
