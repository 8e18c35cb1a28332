package stack_test

import (
	"log/slog"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"go.temporal.io/api/enums/v1"
	"go.temporal.io/api/operatorservice/v1"
	"go.temporal.io/sdk/client"
	sdklog "go.temporal.io/sdk/log"

	"github.com/rapport-dev/rapport/engine"
	"github.com/rapport-dev/rapport/playground/stack"
	"github.com/rapport-dev/rapport/workflows"
)

func TestTemporalKeepsItsDataAcrossStopKillAndANewStart(t *testing.T) {
	dir := t.TempDir()
	options := stack.TemporalOptions{
		CLI: temporalCLI(t), DBFile: filepath.Join(dir, "data", "temporal.db"), LogFile: filepath.Join(dir, "log"),
		Namespace: "rapport-test", SearchAttributes: engine.SearchAttributeTypes(workflows.SearchAttributes()),
	}
	server := startTemporal(t, options)
	connection := dial(t, server)
	start := client.StartWorkflowOptions{ID: "partnership/1", TaskQueue: "nobody", WorkflowExecutionTimeout: time.Hour}
	run, err := connection.ExecuteWorkflow(t.Context(), start, "Waits")
	if err != nil {
		t.Fatal(err)
	}

	for _, end := range []func() error{func() error { return server.Stop(t.Context()) }, server.Kill} {
		address := server.Address()
		if err := end(); err != nil {
			t.Fatal(err)
		}
		if err := server.Restart(t.Context()); err != nil {
			t.Fatal(err)
		}
		if server.Address() != address {
			t.Errorf("address %s became %s", address, server.Address())
		}
		expectRunning(t, connection, run)
	}

	if err := server.Kill(); err != nil {
		t.Fatal(err)
	}
	again := startTemporal(t, options) // as the next run of the program would
	expectRunning(t, dial(t, again), run)
}

func TestTemporalHasSearchAttributesAndAWebUI(t *testing.T) {
	server := startTemporal(t, stack.TemporalOptions{CLI: temporalCLI(t), SearchAttributes: engine.SearchAttributeTypes(workflows.SearchAttributes())})
	known, err := dial(t, server).OperatorService().ListSearchAttributes(t.Context(),
		&operatorservice.ListSearchAttributesRequest{Namespace: server.Namespace()})
	if err != nil {
		t.Fatal(err)
	}
	for name, kind := range engine.SearchAttributeTypes(workflows.SearchAttributes()) {
		if got, ok := known.CustomAttributes[name]; !ok || got.String() != kind {
			t.Errorf("%s is %v, want %s", name, got, kind)
		}
	}

	request, err := http.NewRequestWithContext(t.Context(), http.MethodGet, server.UIURL(), nil)
	if err != nil {
		t.Fatal(err)
	}
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	_ = response.Body.Close()
	if response.StatusCode != http.StatusOK {
		t.Errorf("web UI: %s", response.Status)
	}
}

func TestTemporalWithAPortThatIsTakenSaysSo(t *testing.T) {
	first := startTemporal(t, stack.TemporalOptions{CLI: temporalCLI(t), UIPort: -1})
	_, port, err := net.SplitHostPort(first.Address())
	if err != nil {
		t.Fatal(err)
	}
	taken, err := strconv.Atoi(port)
	if err != nil {
		t.Fatal(err)
	}
	_, err = stack.StartTemporal(t.Context(), stack.TemporalOptions{CLI: temporalCLI(t), UIPort: -1, Port: taken})
	if err == nil || !strings.Contains(err.Error(), "is taken by another program") {
		t.Errorf("error = %v", err)
	}
}

// A first start that was killed half-way leaves a database that the server would never complete.
func TestTemporalStartsAnewAfterAnInterruptedFirstStart(t *testing.T) {
	file := filepath.Join(t.TempDir(), "temporal.db")
	for _, path := range []string{file, file + ".unfinished"} {
		if err := os.WriteFile(path, nil, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	startTemporal(t, stack.TemporalOptions{CLI: temporalCLI(t), UIPort: -1, DBFile: file})
	if _, err := os.Stat(file + ".unfinished"); !os.IsNotExist(err) {
		t.Errorf("the mark of an unfinished database is still there: %v", err)
	}
}

func TestEnsureTemporalCLIUsesTheOneOnPath(t *testing.T) {
	dir := t.TempDir()
	fake := filepath.Join(dir, "temporal")
	if err := os.WriteFile(fake, []byte("#!/bin/sh\necho temporal version 9.9.9\n"), 0o755); err != nil {
		t.Fatal(err)
	}
	t.Setenv("PATH", dir)
	got, err := stack.EnsureTemporalCLI(t.Context(), func(line string) { t.Errorf("said %q, had nothing to do", line) })
	if err != nil || got != fake {
		t.Errorf("got %q, %v; want %q", got, err, fake)
	}
}

func TestEnsureTemporalCLIWithoutGoSaysWhatToDo(t *testing.T) {
	t.Setenv("PATH", t.TempDir())
	t.Setenv("HOME", t.TempDir())
	t.Setenv("XDG_CACHE_HOME", "")
	_, err := stack.EnsureTemporalCLI(t.Context(), func(string) {})
	if err == nil || !strings.Contains(err.Error(), "docs.temporal.io/cli") {
		t.Errorf("error = %v", err)
	}
}

// temporalCLI builds the program where that was never done, which takes minutes.
func temporalCLI(t *testing.T) string {
	t.Helper()
	if testing.Short() {
		t.Skip("it needs Temporal's command line")
	}
	path, err := stack.EnsureTemporalCLI(t.Context(), func(line string) { t.Log(line) })
	if err != nil {
		t.Fatal(err)
	}
	return path
}

func startTemporal(t *testing.T, options stack.TemporalOptions) *stack.Temporal {
	t.Helper()
	server, err := stack.StartTemporal(t.Context(), options)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = server.Kill() })
	return server
}

func dial(t *testing.T, server *stack.Temporal) client.Client {
	t.Helper()
	connection, err := client.Dial(client.Options{
		HostPort: server.Address(), Namespace: server.Namespace(),
		Logger: sdklog.NewStructuredLogger(slog.New(slog.DiscardHandler)),
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(connection.Close)
	return connection
}

func expectRunning(t *testing.T, connection client.Client, run client.WorkflowRun) {
	t.Helper()
	description, err := connection.DescribeWorkflowExecution(t.Context(), run.GetID(), run.GetRunID())
	if err != nil {
		t.Fatal(err)
	}
	if got := description.WorkflowExecutionInfo.Status; got != enums.WORKFLOW_EXECUTION_STATUS_RUNNING {
		t.Errorf("status = %s", got)
	}
}
