// Package temporaltest gives tests a real Temporal server. One development server runs for each test
// process; it starts with the first test that needs it and is gone with the process, however that ends.
package temporaltest

import (
	"context"
	"log/slog"
	"os"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"go.temporal.io/sdk/client"
	sdklog "go.temporal.io/sdk/log"

	"github.com/rapport-dev/rapport/engine"
	"github.com/rapport-dev/rapport/playground/stack"
	"github.com/rapport-dev/rapport/proof/clockshift"
	"github.com/rapport-dev/rapport/workflows"
)

// Server returns the process's Temporal server, with Rapport's search attributes registered. Tests share
// its one namespace, so each uses task queues and workflow ids of its own. Short tests do without it: a test that asks for it is skipped.
func Server(t testing.TB) *stack.Temporal {
	t.Helper()
	if testing.Short() {
		t.Skip("it needs a Temporal server")
	}
	server, err := start()
	if err != nil {
		t.Fatalf("temporaltest: %v", err)
	}
	return server
}

// Client returns a client of the process's server that logs nothing. It is closed when the test ends.
// Configure may change the options, for example to add a codec.
func Client(t testing.TB, configure ...func(*client.Options)) client.Client {
	t.Helper()
	server := Server(t)
	options := client.Options{
		HostPort:  server.Address(),
		Namespace: server.Namespace(),
		Logger:    sdklog.NewStructuredLogger(slog.New(slog.DiscardHandler)),
	}
	for _, change := range configure {
		change(&options)
	}
	connection, err := client.Dial(options)
	if err != nil {
		t.Fatalf("temporaltest: %v", err)
	}
	t.Cleanup(connection.Close)
	return connection
}

// SameClock skips a test whose workers do real steps where `make test-on` shifts the workers' clock and not the server's: the SDK holds
// the instant at which the server scheduled a step, and the limit of all its attempts, against the worker's own clock.
func SameClock(t testing.TB) {
	t.Helper()
	if os.Getenv(clockshift.Variable) != "" {
		t.Skip("the server keeps the machine's clock, and no step of a worker months ahead of it has any time left")
	}
}

var start = sync.OnceValues(func() (*stack.Temporal, error) {
	// A build of the CLI may come first, where nothing has prepared the machine.
	ctx, cancel := context.WithTimeout(context.Background(), 15*time.Minute)
	defer cancel()
	cli, err := stack.EnsureTemporalCLI(ctx, func(string) {})
	if err != nil {
		return nil, err
	}
	dir, err := stack.SharedTempDir(stack.Memory(), "rapport-temporaltest-")
	if err != nil {
		return nil, err
	}
	server, err := stack.StartTemporal(ctx, stack.TemporalOptions{
		// A database in memory is gone when the server closes the last of its connections, as it does with one on which a call was broken off.
		CLI: cli, UIPort: -1, LogFile: filepath.Join(dir, "log"), DBFile: filepath.Join(dir, "temporal.db"), SearchAttributes: engine.SearchAttributeTypes(workflows.SearchAttributes()),
	})
	if err != nil {
		return nil, err
	}
	return server, stack.Guard(server.PID(), dir)
})
