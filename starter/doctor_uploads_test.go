package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// The doctor says whether files of drafts can be kept, and leaves nothing there.
func TestTheDoctorLooksWhereFilesAreKept(t *testing.T) {
	t.Parallel()
	here := t.TempDir()
	file := filepath.Join(here, "a-file")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	for folder, want := range map[string]string{
		"": "off", here: "ok", filepath.Join(here, "not-yet"): "ok", file: "fail",
	} {
		if got := examineUploads(folder); got.Status != want || strings.Contains(got.Detail, "doctor-") && want == "ok" {
			t.Errorf("%q: %+v, want %s", folder, got, want)
		}
	}
	if left, err := os.ReadDir(here); err != nil || len(left) != 1 {
		t.Errorf("left: %v, %v", left, err)
	}
}
