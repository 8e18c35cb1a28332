package stack

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"time"

	"go.temporal.io/api/workflowservice/v1"
	"go.temporal.io/sdk/client"
	sdklog "go.temporal.io/sdk/log"
)

// The ports that a Temporal development server has by custom.
const (
	TemporalPort   = 7233
	TemporalUIPort = 8233
)

// TemporalOptions say how a Temporal development server is run.
type TemporalOptions struct {
	CLI              string            // path of the temporal program; see EnsureTemporalCLI
	DBFile           string            // SQLite file, kept when stopped; "" keeps everything in memory
	Port             int               // gRPC; 0: any free port
	UIPort           int               // web UI; 0: any free port, negative: no web UI
	Namespace        string            // "" is "default"
	LogFile          string            // "" discards the server's log
	SearchAttributes map[string]string // name to type, such as Keyword or Datetime
	DynamicConfig    map[string]string // server settings; values are JSON
}

// Temporal is a running development server on 127.0.0.1.
type Temporal struct {
	slot
	options TemporalOptions
}

// StartTemporal starts a server and waits until its namespace answers.
func StartTemporal(ctx context.Context, options TemporalOptions) (*Temporal, error) {
	if options.Namespace == "" {
		options.Namespace = client.DefaultNamespace
	}
	created, err := prepareDBFile(options.DBFile)
	if err != nil {
		return nil, err
	}
	t := &Temporal{options: options}
	if err := t.startOnFreePorts(ctx, options.Port, options.UIPort); err != nil {
		return nil, err
	}
	return t, created()
}

// prepareDBFile removes a database whose first start was cut short: the server makes its schema only in
// a file that does not exist yet, and never completes half of one. created marks the database as whole.
func prepareDBFile(file string) (created func() error, err error) {
	if file == "" {
		return func() error { return nil }, nil
	}
	if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
		return nil, err
	}
	marker := file + ".unfinished"
	created = func() error {
		if err := os.Remove(marker); !errors.Is(err, fs.ErrNotExist) {
			return err
		}
		return nil
	}
	if _, err := os.Stat(marker); err == nil {
		for _, part := range []string{file, file + "-wal", file + "-shm", file + "-journal"} {
			if err := os.Remove(part); err != nil && !errors.Is(err, fs.ErrNotExist) {
				return nil, err
			}
		}
	}
	if _, err := os.Stat(file); errors.Is(err, fs.ErrNotExist) {
		return created, os.WriteFile(marker, nil, 0o644)
	}
	return created, nil
}

// startOnFreePorts tries again when another program takes a port that was found free.
func (t *Temporal) startOnFreePorts(ctx context.Context, port, uiPort int) error {
	const tries = 3
	var err error
	for range tries {
		free, portErr := FreePorts(0, 0)
		if portErr != nil {
			return portErr
		}
		if t.options.Port = port; port == 0 {
			t.options.Port = free[0]
		}
		if t.options.UIPort = uiPort; uiPort == 0 {
			t.options.UIPort = free[1]
		}
		if err = t.start(ctx); err == nil || port != 0 || ctx.Err() != nil {
			return err
		}
	}
	return err
}

func (t *Temporal) start(ctx context.Context) error {
	if err := checkFree(t.options.Port, max(t.options.UIPort, 0)); err != nil {
		return fmt.Errorf("temporal: %w", err)
	}
	return t.run(ctx, Command{
		Name:    "temporal",
		Path:    t.options.CLI,
		Args:    t.arguments(),
		Env:     withoutTemporalSettings(os.Environ()),
		LogFile: t.options.LogFile,
	}, t.ping)
}

func (t *Temporal) arguments() []string {
	args := []string{
		"server", "start-dev",
		"--ip", Loopback, "--port", strconv.Itoa(t.options.Port),
		"--namespace", t.options.Namespace,
		"--log-level", "error", "--log-format", "json", "--color", "never",
	}
	if t.options.UIPort < 0 {
		args = append(args, "--headless")
	} else {
		args = append(args, "--ui-ip", Loopback, "--ui-port", strconv.Itoa(t.options.UIPort))
	}
	if t.options.DBFile != "" {
		args = append(args, "--db-filename", t.options.DBFile,
			// One writer that never waits for readers; what is committed survives a kill of the server.
			"--sqlite-pragma", "journal_mode=WAL", "--sqlite-pragma", "synchronous=NORMAL")
	}
	for _, name := range slices.Sorted(maps.Keys(t.options.SearchAttributes)) {
		args = append(args, "--search-attribute", name+"="+t.options.SearchAttributes[name])
	}
	for _, key := range slices.Sorted(maps.Keys(t.options.DynamicConfig)) {
		args = append(args, "--dynamic-config-value", key+"="+t.options.DynamicConfig[key])
	}
	return args
}

// ping succeeds when the server is healthy and its namespace can be described.
func (t *Temporal) ping(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, 5*time.Second)
	defer cancel()
	connection, err := client.DialContext(ctx, client.Options{
		HostPort:  t.Address(),
		Namespace: t.options.Namespace,
		Logger:    sdklog.NewStructuredLogger(slog.New(slog.DiscardHandler)),
	})
	if err != nil {
		return err
	}
	defer connection.Close()
	if _, err := connection.CheckHealth(ctx, &client.CheckHealthRequest{}); err != nil {
		return err
	}
	_, err = connection.WorkflowService().DescribeNamespace(ctx,
		&workflowservice.DescribeNamespaceRequest{Namespace: t.options.Namespace})
	return err
}

// Address is the gRPC endpoint, host:port.
func (t *Temporal) Address() string { return Loopback + ":" + strconv.Itoa(t.options.Port) }

// Namespace is the namespace that exists from the start.
func (t *Temporal) Namespace() string { return t.options.Namespace }

// UIURL is the web UI's address, "" when it runs without one.
func (t *Temporal) UIURL() string {
	if t.options.UIPort < 0 {
		return ""
	}
	return fmt.Sprintf("http://%s:%d", Loopback, t.options.UIPort)
}

// Restart stops the server if it runs and starts it again on the same ports with the same file.
func (t *Temporal) Restart(ctx context.Context) error {
	if err := t.Stop(ctx); err != nil {
		return err
	}
	return t.start(ctx)
}
