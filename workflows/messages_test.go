package workflows_test

import (
	"os"
	"path/filepath"
	"reflect"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// A deed whose name is an update's is taken by some workflow: else every door asks for it, and nobody hears.
func TestEveryUpdateHasAHandler(t *testing.T) {
	t.Parallel()
	taken := map[string]bool{}
	for name, fn := range registered(t) {
		for message := range handlers(t, name, reflect.TypeOf(fn)) {
			message, _, _ = strings.Cut(message, " of ")
			taken[strings.TrimPrefix(message, "update ")] = true
		}
	}
	names := map[string]string{}
	for _, m := range matches(t, "../partnership/deeds.go", `(Deed\w+)\s+= "(\w+)"`) {
		names[m[1]] = m[2]
	}
	updates := matches(t, "messages.go", `(Update\w+)\s+= partnership\.(Deed\w+)`)
	require.NotEmpty(t, updates)
	for _, m := range updates {
		require.True(t, taken[names[m[2]]], "no workflow has a handler for %s (%q): register one, as handlers.go does", m[1], names[m[2]])
	}
}

// doc.go is the table of contents: who adds a file says there what it holds.
func TestEveryFileStandsInTheTableOfContents(t *testing.T) {
	t.Parallel()
	contents, err := os.ReadFile("doc.go")
	require.NoError(t, err)
	files, err := filepath.Glob("*.go")
	require.NoError(t, err)
	for _, file := range files {
		if file != "doc.go" && !strings.HasSuffix(file, "_test.go") && !regexp.MustCompile(`\b`+regexp.QuoteMeta(file)).Match(contents) {
			t.Errorf("%s does not stand in doc.go: say there what it holds", file)
		}
	}
}

func matches(t *testing.T, file, pattern string) [][]string {
	t.Helper()
	text, err := os.ReadFile(file)
	require.NoError(t, err)
	return regexp.MustCompile(pattern).FindAllStringSubmatch(string(text), -1)
}
