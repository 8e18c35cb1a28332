package build

import (
	"errors"
	"os"
	"runtime/debug"
	"testing"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/stretchr/testify/require"
)

func TestReadOfThisVeryBuild(t *testing.T) {
	t.Parallel()
	info := Read()
	require.NotEmpty(t, info.ID)
	module, err := os.ReadFile("../../go.mod") // the tests' own programs carry no list of modules
	require.NoError(t, err)
	require.Contains(t, string(module), "\t"+holidayTables+" v", "the module of the holiday tables has another name now")
	require.Equal(t, info, Read())
	for _, part := range []string{info.Version, info.ID, info.Go, info.Zones, info.Holidays} {
		require.Contains(t, info.String(), part)
	}
	require.Contains(t, info.Identity("rapport-worker"), "@rapport-worker/"+info.ID)

	registry := prometheus.NewRegistry()
	registry.MustRegister(info.Metric())
	families, err := registry.Gather()
	require.NoError(t, err)
	require.Equal(t, "rapport_build_info", families[0].GetName())
}

// Two builds that may decide differently must never share an id.
func TestID(t *testing.T) {
	t.Parallel()
	program := func() (string, error) { return "0badc0de", nil }
	for _, c := range []struct {
		name, want string
		settings   []debug.BuildSetting
	}{
		{"a clean revision", "0123456789ab", []debug.BuildSetting{{Key: "vcs.revision", Value: "0123456789abcdef"}, {Key: "vcs.modified", Value: "false"}}},
		{"a changed tree", "0123456789ab-0badc0de", []debug.BuildSetting{{Key: "vcs.revision", Value: "0123456789abcdef"}, {Key: "vcs.modified", Value: "true"}}},
		{"an unknown source", "0badc0de", nil},
	} {
		var info Info
		info.fill(&debug.BuildInfo{Settings: c.settings})
		require.Equal(t, c.want, id(info, program), c.name)
	}
	require.Equal(t, "unknown", id(Info{}, func() (string, error) { return "", errors.New("no such file") }))
}
