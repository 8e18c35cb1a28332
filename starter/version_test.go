package main

import (
	"encoding/json"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/rapport-dev/rapport/wiring/build"
)

// A person who asks which build it is gets that, whatever else stands on the line, and nothing is done.
func TestVersion(t *testing.T) {
	for _, args := range [][]string{{"--version"}, {"serve", "--version"}, {"campaign", "cancel", "x", "--version"}} {
		code, out, errOut := command(t, args...)
		require.Equal(t, done, code, args)
		require.Equal(t, "rapport "+build.Read().String()+"\n", out, args)
		require.Empty(t, errOut, args)
	}
	_, out, _ := command(t, "--version", "--json")
	var info build.Info
	require.NoError(t, json.Unmarshal([]byte(out), &info))
	require.Equal(t, build.Read(), info)
}
