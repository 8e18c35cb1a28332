package workflows_test

import (
	"reflect"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

type inner struct {
	Name string `json:"Name"`
}

type before struct {
	Task  string           `json:"Task"`
	Days  float64          `json:"Days"`
	At    time.Time        `json:"At"`
	Inner *inner           `json:"Inner"`
	Many  []inner          `json:"Many"`
	By    map[string]inner `json:"By"`
}

// The checker is worth nothing unless it sees each kind of change that an old history could not be read after.
func TestWireBites(t *testing.T) {
	type renamedInner struct {
		Name string `json:"Title"`
	}
	type sameInner struct {
		Name  string `json:"Name"`
		Added int    `json:"Added,omitempty"`
	}
	for name, c := range map[string]struct {
		now  any
		want []string
	}{
		"nothing changed": {before{}, nil},
		"added, and types renamed in Go": {struct {
			Other string               `json:"Task"`
			Days  float64              `json:"Days"`
			At    time.Time            `json:"At"`
			Inner sameInner            `json:"Inner"`
			Many  []sameInner          `json:"Many"`
			By    map[string]sameInner `json:"By"`
			More  string               `json:"More,omitempty"`
		}{}, nil},
		"a name on the wire changed": {struct {
			Task  string           `json:"task_name"`
			Days  float64          `json:"Days"`
			At    time.Time        `json:"At"`
			Inner *inner           `json:"Inner"`
			Many  []inner          `json:"Many"`
			By    map[string]inner `json:"By"`
		}{}, []string{"root.Task: is gone (it was string)"}},
		"kinds changed, a field went": {struct {
			Task  int           `json:"Task"`
			Days  int64         `json:"Days"`
			At    string        `json:"At"`
			Inner []inner       `json:"Inner"`
			By    map[int]inner `json:"By"`
		}{}, []string{
			"root.At: was time and is string", "root.By: its keys were string and are int", "root.Days: was float64 and is int64",
			"root.Inner: was workflows_test.inner and is []workflows_test.inner", "root.Many: is gone (it was []workflows_test.inner)", "root.Task: was string and is int",
		}},
		"a name below changed": {struct {
			Task  string                  `json:"Task"`
			Days  float64                 `json:"Days"`
			At    time.Time               `json:"At"`
			Inner *renamedInner           `json:"Inner"`
			Many  []inner                 `json:"Many"`
			By    map[string]renamedInner `json:"By"`
		}{}, []string{"root.By[].Name: is gone (it was string)"}},
	} {
		old, now := newShape(), newShape()
		require.Empty(t, old.add("root", reflect.TypeFor[before]()))
		require.Empty(t, now.add("root", reflect.TypeOf(c.now)))
		require.Equal(t, c.want, broken(parseShape(old.String()), now), name)
	}
	old := newShape()
	require.Empty(t, old.add("update answer of Story takes", reflect.TypeFor[inner]()))
	require.Equal(t, []string{"update answer of Story takes: is gone (it was workflows_test.inner)"}, broken(old, newShape()), "a message that nobody takes any more")
}

func TestWireWantsTags(t *testing.T) {
	type embedded struct {
		Lent string // without a tag, and lent to whoever embeds it
	}
	type untagged struct {
		embedded
		Good    string `json:"Good"`
		Bad     string
		Half    string `json:",omitempty"`
		Twice   string `json:"good"`
		Ignored string `json:"-"`
		private string
	}
	_ = untagged{private: ""}
	require.ElementsMatch(t, []string{
		"workflows_test.embedded.Lent has no name in a json tag: a rename in Go would lose it in every story that runs",
		"workflows_test.untagged.Bad has no name in a json tag: a rename in Go would lose it in every story that runs",
		"workflows_test.untagged.Half has no name in a json tag: a rename in Go would lose it in every story that runs",
		"workflows_test.untagged has two fields that are read as good",
	}, newShape().add("root", reflect.TypeFor[untagged]()))
}
