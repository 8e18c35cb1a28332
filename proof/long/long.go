// Package long says how often a test repeats itself. Every run of the tests plays a part of what is played in their thousands, and `make long`
// plays all of it.
package long

import (
	"flag"
	"os"
	"testing"
)

// Whole says whether all of it is played.
func Whole() bool { return os.Getenv("RAPPORT_LONG") != "" }

// Rounds is few, or all where all of it is played.
func Rounds(few, all int) int {
	if Whole() {
		return all
	}
	return few
}

// Only skips a test whose like is played by every run: why says which.
func Only(t testing.TB, why string) {
	t.Helper()
	if !Whole() {
		t.Skip("make long plays it; " + why)
	}
}

// Properties is the TestMain of a package whose properties are held against a database: each is tried few times, or as often as rapid does
// where all of it is played. Who names -rapid.checks is heard.
func Properties(m *testing.M, few string) int {
	flag.Parse()
	named := false
	flag.Visit(func(f *flag.Flag) { named = named || f.Name == "rapid.checks" })
	if !named && !Whole() {
		if err := flag.Set("rapid.checks", few); err != nil {
			panic(err) // rapid's flag has another name now
		}
	}
	return m.Run()
}
