package docscheck_test

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

var (
	mapOfTheHouse = regexp.MustCompile("(?s)## The map of the house\n.*?```\n(.*?)```")
	room          = regexp.MustCompile(`(?m)^(\w+)/ `)
	folderName    = regexp.MustCompile(`\b(\w+)/(?:[ ,:;)]|$)`)
)

// The map of README.md has every room of the house, and no folder that is not there.
func TestTheMapIsTheTree(t *testing.T) {
	t.Parallel()
	m := mapOfTheHouse.FindStringSubmatch(read(t, "README.md"))
	if m == nil {
		t.Fatal("README.md has no map")
	}
	rooms, below := map[string]bool{}, ""
	for line := range strings.Lines(m[1]) {
		if r := room.FindStringSubmatch(line); r != nil {
			below = r[1]
		}
		for _, f := range folderName.FindAllStringSubmatch(line, -1) {
			switch {
			case isFolder(f[1]):
				rooms[f[1]] = true
			case !isFolder(filepath.Join(below, f[1])):
				t.Errorf("README.md's map: there is no %s/ in %s/", f[1], below)
			}
		}
	}
	entries, err := os.ReadDir(root)
	if err != nil {
		t.Fatal(err)
	}
	for _, entry := range entries {
		if name := entry.Name(); entry.IsDir() && !strings.HasPrefix(name, ".") && name != "bin" && name != "var" && name != "docs" && !rooms[name] {
			t.Errorf("README.md's map lacks %s/", name)
		}
	}
}

func isFolder(name string) bool {
	info, err := os.Stat(filepath.Join(root, name))
	return err == nil && info.IsDir()
}
