package main

import (
	"encoding/json"
	"fmt"
	"slices"

	"github.com/alecthomas/kong"

	"github.com/rapport-dev/rapport/wiring/build"
)

// versionFlag prints the build and ends, whatever else stands on the line.
type versionFlag bool

// BeforeReset is where kong looks at flags such as --help, before it asks for a command.
func (versionFlag) BeforeReset(k *kong.Kong, vars *kong.Context) error {
	info := build.Read()
	if slices.Contains(vars.Args, "--json") {
		text, err := json.MarshalIndent(info, "", "  ")
		if err != nil {
			return err
		}
		_, _ = fmt.Fprintf(k.Stdout, "%s\n", text)
	} else {
		_, _ = fmt.Fprintf(k.Stdout, "rapport %s\n", info)
	}
	k.Exit(done)
	return nil
}
