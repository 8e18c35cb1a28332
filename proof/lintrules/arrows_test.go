package lintrules_test

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/rapport-dev/rapport/proof/house"
)

// folderOf are rooms in which a package below says more than one of their own would.
var folderOf = map[string]string{"integrations": "integrations/stripe", "web": "web/console", "app": "app/launch"}

// byHand are arrows that some files of a room may have and not all: they stand in imports.
var byHand = []house.Arrow{{From: "starter", To: "playground"}}

// arrows is every room importing every other one, and every vendor importing every other one: the linter refuses just what the house
// does not have.
func arrows(t *testing.T, root string) []importCase {
	t.Helper()
	var all []importCase
	for _, from := range house.Rooms {
		folder := from.Folder
		if other, ok := folderOf[folder]; ok {
			folder = other
		}
		for _, to := range house.Rooms {
			switch {
			case from.Folder == to.Folder, slices.Contains(byHand, house.Arrow{From: from.Folder, To: to.Folder}):
				continue
			case to.Folder == "starter", to.Folder == "worker": // Go itself refuses to import a program
				continue
			}
			file := folder + "/to_" + strings.ReplaceAll(to.Folder, "/", "_") + ".go"
			all = append(all, importCase{file, module + "/" + to.Folder, !house.Allowed(from.Folder, to.Folder)})
		}
	}
	vendors := vendorsOf(t, root)
	for _, from := range vendors {
		for _, to := range vendors {
			if from != to {
				all = append(all, importCase{"integrations/" + from + "/to_vendor_" + to + ".go", module + "/integrations/" + to, to != "httpx"})
			}
		}
	}
	return all
}

// vendorsOf are the folders of integrations/.
func vendorsOf(t *testing.T, root string) []string {
	t.Helper()
	entries, err := os.ReadDir(filepath.Join(root, "integrations"))
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, entry := range entries {
		if entry.IsDir() {
			names = append(names, entry.Name())
		}
	}
	if len(names) < 5 {
		t.Fatalf("only the vendors %v were found", names)
	}
	return names
}
