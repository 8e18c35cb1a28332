// Package temporalcli holds the module that builds the official Temporal CLI, whose development server
// the embedded stack runs. It is a module of its own, kept as two files that an installed program carries
// with it: the server's dependencies stay out of ours, and go.sum pins every one of them.
//
// To move to another version, copy the two files to an empty folder as go.mod and go.sum, run there
// `go get -tool github.com/temporalio/cli/cmd/temporal@VERSION && go mod tidy`, and copy them back. From
// v1.6 on the CLI cannot be built from the module proxy: it needs a nested module that is not published.
package temporalcli

import _ "embed"

// Version of the CLI that the module builds, and the package that is its program.
const (
	Version = "1.5.1"
	Program = "github.com/temporalio/cli/cmd/temporal"
)

// The module's files.
var (
	//go:embed temporal-cli.mod
	GoMod []byte
	//go:embed temporal-cli.sum
	GoSum []byte
)
