// Package docscheck holds the documentation to the code: links lead somewhere, and every command, flag, make target, setting,
// metric, test, stage and message that a page names exists; what people have to know of is named.
package docscheck_test

import (
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

const root = "../.."

// page is a page of the documentation.
type page struct {
	name string // from the root, with slashes
	text string
}

// pages are all pages that people read.
func pages(t testing.TB) []page {
	t.Helper()
	var all []page
	for _, pattern := range []string{"*.md", "docs/*.md", "bench/*.md", "examples/*.md"} {
		names, err := filepath.Glob(filepath.Join(root, filepath.FromSlash(pattern)))
		if err != nil {
			t.Fatal(err)
		}
		for _, name := range names {
			local, err := filepath.Rel(root, name)
			if err != nil {
				t.Fatal(err)
			}
			all = append(all, page{filepath.ToSlash(local), read(t, local)})
		}
	}
	if len(all) < 8 {
		t.Fatalf("only %d pages were found", len(all))
	}
	return all
}

func read(t testing.TB, name string) string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(root, filepath.FromSlash(name)))
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// sources are the texts of the project's files with that suffix, by name.
func sources(t testing.TB, suffix string) map[string]string {
	t.Helper()
	all := map[string]string{}
	err := filepath.WalkDir(root, func(path string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if entry.IsDir() && slices.Contains([]string{".git", "bin", "var", "node_modules"}, entry.Name()) {
			return filepath.SkipDir
		}
		if !entry.IsDir() && strings.HasSuffix(path, suffix) {
			local, err := filepath.Rel(root, path)
			if err != nil {
				return err
			}
			all[filepath.ToSlash(local)] = read(t, local)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return all
}

var (
	link    = regexp.MustCompile(`\]\(([^)\s]+)\)`)
	fence   = regexp.MustCompile("(?ms)^```.*?^```")
	heading = regexp.MustCompile(`(?m)^#+ +(.+)$`)
	punct   = regexp.MustCompile(`[^\p{L}\p{N} _-]`)
)

func TestEveryLinkLeadsSomewhere(t *testing.T) {
	t.Parallel()
	all := pages(t)
	anchors := map[string][]string{}
	for _, p := range all {
		for _, h := range heading.FindAllStringSubmatch(fence.ReplaceAllString(p.text, ""), -1) {
			anchors[p.name] = append(anchors[p.name], anchor(h[1]))
		}
	}
	links := 0
	for _, p := range all {
		for _, l := range link.FindAllStringSubmatch(fence.ReplaceAllString(p.text, ""), -1) {
			target, section, _ := strings.Cut(l[1], "#")
			if strings.Contains(target, "://") || strings.HasPrefix(target, "mailto:") {
				continue
			}
			links++
			file := p.name
			if target != "" {
				file = filepath.ToSlash(filepath.Join(filepath.Dir(p.name), target))
			}
			if _, err := os.Stat(filepath.Join(root, file)); err != nil {
				t.Errorf("%s: the link %s leads nowhere", p.name, l[1])
				continue
			}
			if section != "" && strings.HasSuffix(file, ".md") && !slices.Contains(anchors[file], section) {
				t.Errorf("%s: %s has no section %q", p.name, file, section)
			}
		}
	}
	if links < 30 {
		t.Errorf("only %d links were looked at", links)
	}
}

// anchor is how GitHub names a heading's anchor.
func anchor(title string) string {
	return strings.ReplaceAll(strings.ToLower(punct.ReplaceAllString(title, "")), " ", "-")
}

// absolute paths of somebody's machine, which no reader has.
var machinePath = regexp.MustCompile(`(?:^|[\s"'(=` + "`" + `])/(?:work|home|root|Users)/`)

func TestPagesNameNobodysMachine(t *testing.T) {
	t.Parallel()
	for _, p := range pages(t) {
		if found := machinePath.FindString(p.text); found != "" {
			t.Errorf("%s: names a path of one machine: %q", p.name, found)
		}
	}
}
