// Package vendornames holds the product to its promise that a vendor is one folder and one line: no other file knows one by name.
package vendornames

import (
	"fmt"
	"go/scanner"
	"go/token"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/rapport-dev/rapport/wiring/vendors"
)

const root = "../.."

// list is where each vendor has its one line.
const list = "wiring/vendors/list.go"

// elsewhere is what is no product: what plays it, proves it or measures it.
var elsewhere = []string{"playground/", "proof/", "bench/", "tools/", "examples/", "docs/"}

const (
	door  = "Slack is a door of its own, as the pages and the API are: people come in there, and the audit says so (slack:U012AB)"
	words = "it tells people of that door"
	rule  = "what a rail can carry of a currency is a rule of the ledger, which nets payouts before any vendor is asked"
	rows  = "rows of the inbox that are there already bear it"
	kept  = "what that door keeps for itself"
)

// allowed are the files that may name a vendor, each with its reason; a name that ends in a slash is a folder. What is not needed any
// more fails. Of carriers, signing vendors and shops there is none left but the queues of old stories.
var allowed = map[string]struct{ vendors, why string }{
	"workflows/queues.go": {"slack sendgrid docusign easypost shopify stripe", "the queues that histories name"},

	"app/deeds/registry.go":   {"slack", door},
	"web/slackapp/":           {"slack", door},
	"web/server.go":           {"slack", door},
	"web/chain.go":            {"slack", door},
	"web/access/access.go":    {"slack", door},
	"web/access/directory.go": {"slack", door},
	"wiring/front/front.go":   {"slack", door},
	"rehearsal/campaign.go":   {"slack", "the kind of an event in the documents of a rehearsal, which programs read"},
	"rehearsal/others.go":     {"slack", "the kind of an event in the documents of a rehearsal, which programs read"},
	"wiring/doors/guard.go":   {"slack", words},
	"app/mending/mend.go":     {"slack", words},
	"starter/audit.go":        {"slack", words},
	"starter/dev.go":          {"slack", words},
	"starter/doctor.go":       {"slack", words},
	"starter/main.go":         {"slack", words},
	"starter/outlook.go":      {"slack", words},
	"starter/payouts.go":      {"slack", words},

	"partnership/money/currency.go": {"stripe paypal", rule},

	"partnership/payoutproof/check/check.go": {"stripe paypal", "the same rule said once more, by whoever checks the first"},

	"store/slackreplies.go":                    {"slack", kept},
	"store/queries/slack.sql":                  {"slack", kept},
	"store/db/slack.sql.go":                    {"slack", kept},
	"store/grants.sql":                         {"slack", kept},
	"store/migrations/00063_slack_replies.sql": {"slack", kept},
	"store/slackpeople.go":                     {"slack", kept},
	"store/queries/slackpeople.sql":            {"slack", kept},
	"store/db/slackpeople.sql.go":              {"slack", kept},
	"store/db/models.go":                       {"slack", kept},
	"store/migrations/00072_slack_people.sql":  {"slack", kept},

	"store/queries/erasure.sql": {"sendgrid", rows},
	"store/db/erasure.sql.go":   {"sendgrid", rows},
}

// listed is the line of the list that is about a file.
func listed(file string) string {
	for name := range allowed {
		if name == file || strings.HasSuffix(name, "/") && strings.HasPrefix(file, name) {
			return name
		}
	}
	return file
}

// TestNoOtherFileNamesAVendor looks at every identifier and text of the product; comments may explain.
func TestNoOtherFileNamesAVendor(t *testing.T) {
	t.Parallel()
	found := map[string]map[string][]string{} // file -> vendor -> where
	for path, words := range product(t) {
		for _, v := range vendors.All() {
			if strings.HasPrefix(path, "integrations/"+v.Name+"/") || path == list {
				continue
			}
			for at, word := range words {
				if names(word, v.Name) {
					file := listed(path)
					if found[file] == nil {
						found[file] = map[string][]string{}
					}
					found[file][v.Name] = append(found[file][v.Name], at)
				}
			}
		}
	}
	for file, named := range found {
		for vendor, where := range named {
			if a := allowed[file]; !slices.Contains(strings.Fields(a.vendors), vendor) {
				slices.Sort(where)
				t.Errorf("%s names %s, first at %s: say it in the vendor's own folder, or by its registration", file, vendor, where[0])
			}
		}
	}
	for file, a := range allowed {
		for vendor := range strings.FieldsSeq(a.vendors) {
			if found[file][vendor] == nil {
				t.Errorf("%s no longer names %s: take it off the list", file, vendor)
			}
		}
		if a.why == "" {
			t.Errorf("%s is allowed without a reason", file)
		}
	}
}

// TestEachVendorHasOneLine holds the list to what its comment says.
func TestEachVendorHasOneLine(t *testing.T) {
	t.Parallel()
	text, err := os.ReadFile(filepath.Join(root, list))
	if err != nil {
		t.Fatal(err)
	}
	for _, v := range vendors.All() {
		imported, listed := strings.Count(string(text), `/integrations/`+v.Name+`"`), strings.Count(string(text), "\t\t"+v.Name+".Vendor,\n")
		if all := strings.Count(strings.ToLower(string(text)), v.Name); imported != 1 || listed != 1 || all != 2 {
			t.Errorf("%s stands %d times in %s, imported %d and listed %d times; want its import and its line", v.Name, all, list, imported, listed)
		}
	}
}

// names says whether a word or a text holds a vendor's name as a word of its own: "groups" names no UPS.
func names(text, vendor string) bool {
	lower := strings.ToLower(text)
	for from := 0; ; {
		i := strings.Index(lower[from:], vendor)
		if i < 0 {
			return false
		}
		i += from
		if starts(text, i) && starts(text, i+len(vendor)) {
			return true
		}
		from = i + 1
	}
}

// starts says whether a word may start at i: a letter continues one, unless it is a capital after a small one or before one.
func starts(text string, i int) bool {
	if i == 0 || i >= len(text) || !isLetter(text[i]) || !isLetter(text[i-1]) {
		return true
	}
	return isCapital(text[i]) && (!isCapital(text[i-1]) || i+1 < len(text) && isLetter(text[i+1]) && !isCapital(text[i+1]))
}

func isLetter(b byte) bool { return isCapital(b) || 'a' <= b && b <= 'z' }

func isCapital(b byte) bool { return 'A' <= b && b <= 'Z' }

func TestAVendorIsNamedByAWord(t *testing.T) {
	t.Parallel()
	for text, named := range map[string]bool{
		"ups": true, "groups": false, "UPSLabel": true, "upsLabel": true, "newUPS": true, "QueueUps": true, "rapport-ups/label": true, "UPS_API_KEY": true, "it comes too slowly": false, "Ups and downs": true,
	} {
		if names(text, "ups") != named {
			t.Errorf("%q names UPS: %v, want %v", text, !named, named)
		}
	}
}

// product are the product's files, each with its identifiers and texts by where they stand. Of what is no Go, each line is one.
func product(t *testing.T) map[string]map[string]string {
	t.Helper()
	files := map[string]map[string]string{}
	err := filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		name, err := filepath.Rel(root, path)
		if err != nil {
			return err
		}
		name = filepath.ToSlash(name)
		switch {
		case d.IsDir() && (strings.HasPrefix(d.Name(), ".") && name != "." || d.Name() == "testdata" || d.Name() == "node_modules" || slices.Contains(elsewhere, name+"/")):
			return filepath.SkipDir
		case d.IsDir() || strings.HasSuffix(name, "_test.go") || strings.HasSuffix(name, "_templ.go"):
			return nil
		case !slices.Contains([]string{".go", ".templ", ".sql"}, filepath.Ext(name)):
			return nil
		}
		text, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		if filepath.Ext(name) == ".go" {
			files[name] = tokens(name, text)
		} else {
			files[name] = lines(name, string(text))
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if len(files) < 200 {
		t.Fatalf("only %d files were found: %v", len(files), slices.Sorted(maps.Keys(files)))
	}
	return files
}

func tokens(name string, text []byte) map[string]string {
	all := map[string]string{}
	set := token.NewFileSet()
	file := set.AddFile(name, set.Base(), len(text))
	var s scanner.Scanner
	s.Init(file, text, nil, 0)
	for {
		pos, tok, literal := s.Scan()
		if tok == token.EOF {
			return all
		}
		if tok == token.IDENT || tok == token.STRING {
			all[set.Position(pos).String()] = literal
		}
	}
}

func lines(name, text string) map[string]string {
	all := map[string]string{}
	n := 0
	for line := range strings.Lines(text) {
		n++
		if code, _, _ := strings.Cut(line, "--"); filepath.Ext(name) == ".sql" {
			line = code
		}
		all[fmt.Sprintf("%s:%d", name, n)] = line
	}
	return all
}
