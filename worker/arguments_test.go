package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/rapport-dev/rapport/partnership"
	"github.com/rapport-dev/rapport/wiring/build"
	"github.com/rapport-dev/rapport/wiring/settings"
)

// Whatever is asked of it, a worker that was asked does not start one.
func TestArguments(t *testing.T) {
	for _, c := range []struct {
		args     []string
		code     int
		ended    bool
		out, err string
	}{
		{nil, 0, false, "", ""},
		{[]string{"--help"}, 0, true, "environment", ""},
		{[]string{"-h"}, 0, true, "environment", ""},
		{[]string{"--version"}, 0, true, "rapport-worker " + build.Read().String(), ""},
		{[]string{"--json", "--version"}, 0, true, build.Read().ID, ""},
		{[]string{"--json"}, 2, true, "", "--json"},
		{[]string{"help"}, 2, true, "", `"help"`},
		{[]string{"version"}, 2, true, "", `"version"`},
		{[]string{"--queue", "x"}, 2, true, "", `"--queue"`},
		{[]string{""}, 2, true, "", `""`},
		{[]string{"--version", "--help"}, 2, true, "", "--help"},
	} {
		var out, errOut bytes.Buffer
		code, ended := answer(c.args, &out, &errOut)
		require.Equal(t, c.code, code, c.args)
		require.Equal(t, c.ended, ended, c.args)
		require.Contains(t, out.String(), c.out, c.args)
		require.Contains(t, errOut.String(), c.err, c.args)
		require.Equal(t, c.err == "", errOut.Len() == 0, c.args)
	}
	var out bytes.Buffer
	_, _ = answer([]string{"--version", "--json"}, &out, &out)
	var info build.Info
	require.NoError(t, json.Unmarshal(out.Bytes(), &info))
	require.Equal(t, build.Read(), info)
}

func TestWrongSettingsEndWithTwo(t *testing.T) {
	t.Parallel()
	require.Equal(t, 2, exitCode(fmt.Errorf("start: %w", settings.Faults{{}})))
	require.Equal(t, 2, exitCode(partnership.FieldErrorf("RAPPORT_DAY", "is another one")))
	require.Equal(t, 1, exitCode(errors.New("no database")))
}
