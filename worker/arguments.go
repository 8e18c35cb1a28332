package main

import (
	"encoding/json"
	"fmt"
	"io"
	"slices"

	"github.com/rapport-dev/rapport/wiring/build"
)

const help = `rapport-worker hosts the workflows and the activities. It takes its settings from the environment alone (.env.example
lists them), so it has no commands; run as many as you like.

  rapport-worker            work until told to stop
  rapport-worker --version  say which build this is (--json: as one JSON document)
  rapport-worker --help     this
`

// answer answers what can be asked of the program without starting it. Only without arguments it works.
func answer(args []string, out, errOut io.Writer) (code int, ended bool) {
	asJSON := slices.Contains(args, "--json")
	args = slices.DeleteFunc(slices.Clone(args), func(arg string) bool { return arg == "--json" })
	switch {
	case len(args) == 0 && !asJSON:
		return 0, false
	case len(args) == 1 && (args[0] == "--help" || args[0] == "-h") && !asJSON:
		_, _ = fmt.Fprint(out, help)
	case len(args) == 1 && args[0] == "--version" && asJSON:
		if err := json.NewEncoder(out).Encode(build.Read()); err != nil {
			return 1, true
		}
	case len(args) == 1 && args[0] == "--version":
		_, _ = fmt.Fprintf(out, "rapport-worker %s\n", build.Read())
	default:
		_, _ = fmt.Fprintf(errOut, "rapport-worker: %q is not understood; it takes --help and --version, and its settings from the environment\n", append(args, map[bool][]string{true: {"--json"}}[asJSON]...))
		return 2, true
	}
	return 0, true
}
