package intake

import (
	"cmp"
	"fmt"
	"slices"

	"github.com/rapport-dev/rapport/partnership"
)

// Fault is something wrong in a file. Its String is one line: "file:line: field: what is wrong, what is allowed".
type Fault struct {
	File    string `json:"file"`
	Line    int    `json:"line"`
	Field   string `json:"field"`
	Message string `json:"message"`
}

func (f Fault) String() string { return at(f.File, f.Line, f.Field, f.Message) }

// Warning is a doubt about a file that can be used all the same.
type Warning struct {
	File    string `json:"file"`
	Line    int    `json:"line"`
	Field   string `json:"field"`
	Message string `json:"message"`
}

func (w Warning) String() string { return at(w.File, w.Line, w.Field, w.Message) }

func at(file string, line int, field, message string) string {
	if field != "" {
		field += ": "
	}
	return fmt.Sprintf("%s:%d: %s%s", file, line, field, message)
}

func byLine(a, b Fault) int { return cmp.Compare(a.Line, b.Line) }

// suggest is the allowed word that was probably meant, as ` (did you mean "x"?)`, or "" when none is near.
func suggest(word string, allowed []string) string {
	return didYouMean(partnership.Nearest(word, allowed))
}

func didYouMean(word string) string {
	if word == "" {
		return ""
	}
	return fmt.Sprintf(" (did you mean %q?)", word)
}

func sortFaults(faults []Fault) []Fault {
	slices.SortStableFunc(faults, byLine)
	return faults
}
