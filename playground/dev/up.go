package dev

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"maps"
	"net"
	"os"
	"path/filepath"
	"time"

	"go.temporal.io/sdk/client"

	"github.com/rapport-dev/rapport/app/launch"
	"github.com/rapport-dev/rapport/engine"
	"github.com/rapport-dev/rapport/playground/sandbox"
	"github.com/rapport-dev/rapport/playground/sandbox/vendors"
	"github.com/rapport-dev/rapport/playground/stack"
	"github.com/rapport-dev/rapport/store"
	"github.com/rapport-dev/rapport/web"
	"github.com/rapport-dev/rapport/wiring/doors"
	"github.com/rapport-dev/rapport/wiring/front"
	"github.com/rapport-dev/rapport/wiring/keyring"
	"github.com/rapport-dev/rapport/wiring/settings"
	"github.com/rapport-dev/rapport/workflows"
)

// stackUp is everything that runs. Its parts are lowered in the reverse order of their start.
type stackUp struct {
	dir        string
	log        *slog.Logger
	env        map[string]string
	ports      ports
	settings   settings.Settings
	store      *store.Store
	temporal   client.Client
	doors      *doors.Workflows
	launcher   *launch.Launcher
	sandboxURL string
	uiURL      string
	pids       *pidFile

	lowering []func() error
}

// then notes how a part is stopped.
func (u *stackUp) then(stop func() error) { u.lowering = append(u.lowering, stop) }

// lower stops everything that was started, in reverse.
func (u *stackUp) lower() error {
	var all []error
	for i := len(u.lowering) - 1; i >= 0; i-- {
		all = append(all, u.lowering[i]())
	}
	u.lowering = nil
	return errors.Join(all...)
}

// raise starts everything in order. What was started before an error is in the returned value, to be lowered.
func raise(ctx context.Context, dir string, own map[string]string, log *slog.Logger, say func(string, ...any)) (*stackUp, error) {
	u := &stackUp{dir: dir, log: log, pids: newPIDFile(filepath.Join(dir, "pids.json"))}
	if err := u.pids.remove(); err != nil { // of a start that was killed
		return u, err
	}
	u.then(u.pids.remove)
	m, err := readOrMake(filepath.Join(dir, "dev.json"))
	if err != nil {
		return u, err
	}
	if u.env, err = environment(own, m, dir); err != nil {
		return u, err
	}
	if u.ports, err = choosePorts(filepath.Join(dir, "ports.json"), u.env, say); err != nil {
		return u, err
	}
	u.env["RAPPORT_LISTEN"] = u.ports.listen(u.env["RAPPORT_LISTEN"])
	if u.env["RAPPORT_METRICS_LISTEN"] == "" {
		u.env["RAPPORT_METRICS_LISTEN"] = local(u.ports.Metrics)
	}
	if u.env["RAPPORT_UPLOADS"] == "" {
		u.env["RAPPORT_UPLOADS"] = filepath.Join(dir, "uploads")
	}
	for _, start := range []func(context.Context, func(string, ...any)) error{
		u.startPostgres, u.startTemporal, func(ctx context.Context, _ func(string, ...any)) error { return u.startSandbox(ctx, m) },
		u.openFrontDoor, u.startWorker,
	} {
		if err := start(ctx, say); err != nil {
			return u, err
		}
	}
	return u, errors.Join(u.pids.save(), writeEnv(filepath.Join(dir, "env"), u.env))
}

// startPostgres uses the server that is set, else its own.
func (u *stackUp) startPostgres(ctx context.Context, say func(string, ...any)) error {
	if u.env["RAPPORT_DATABASE_URL"] == "" {
		say("Starting Postgres ...")
		server, err := stack.StartPostgres(ctx, stack.PostgresOptions{
			DataDir: filepath.Join(u.dir, "postgres"), Port: 0, LogFile: filepath.Join(u.dir, "log", "postgres.log"),
		})
		if err != nil {
			return err
		}
		u.env["RAPPORT_DATABASE_OWNER_URL"], u.env["RAPPORT_DATABASE_URL"] = server.URL(), server.ProgramURL()
		u.keepUp("postgres", server)
	}
	owner := cmp.Or(u.env["RAPPORT_DATABASE_OWNER_URL"], u.env["RAPPORT_DATABASE_URL"])
	if err := store.Migrate(ctx, owner, u.env["RAPPORT_DATABASE_URL"]); err != nil {
		return fmt.Errorf("migrate the database: %w", err)
	}
	return nil
}

// startTemporal uses the server that is set, else its own, whose program is built once when the machine has none.
func (u *stackUp) startTemporal(ctx context.Context, say func(string, ...any)) error {
	if u.env["TEMPORAL_ADDRESS"] != "" {
		return nil
	}
	cli, err := stack.EnsureTemporalCLI(ctx, func(text string) { say("Temporal: %s", text) })
	if err != nil {
		return err
	}
	say("Starting Temporal ...")
	server, err := stack.StartTemporal(ctx, stack.TemporalOptions{
		CLI: cli, DBFile: filepath.Join(u.dir, "temporal.db"), Port: u.ports.Temporal, UIPort: u.ports.TemporalUI,
		LogFile: filepath.Join(u.dir, "log", "temporal.log"), SearchAttributes: engine.SearchAttributeTypes(workflows.SearchAttributes()),
		Namespace: u.env["TEMPORAL_NAMESPACE"],
	})
	if err != nil {
		return err
	}
	u.env["TEMPORAL_ADDRESS"], u.uiURL = server.Address(), server.UIURL()
	u.keepUp("temporal", server)
	return nil
}

// startSandbox imitates the vendors whose address is not set.
func (u *stackUp) startSandbox(ctx context.Context, m made) error {
	u.sandboxURL = "http://" + local(u.ports.Sandbox)
	if !pointAt(u.env, u.sandboxURL) {
		u.sandboxURL = ""
	}
	var err error
	if u.settings, err = settings.Parse(u.env); err != nil || u.sandboxURL == "" {
		return err
	}
	keys, err := vendors.All.FitKeys(u.env, m.Sandbox, m.Environment)
	if err != nil {
		return err
	}
	server, err := sandbox.New(sandbox.Config{
		Addr: local(u.ports.Sandbox), FrontDoorURL: u.settings.LocalURL(), StateFile: filepath.Join(u.dir, "sandbox.json"),
		Day: u.settings.Day, Seed: 1, Keys: keys, Logger: u.log,
	}, vendors.All)
	if err != nil {
		return err
	}
	if err := server.Start(context.WithoutCancel(ctx)); err != nil {
		return err
	}
	u.then(server.Close)
	return nil
}

// openFrontDoor serves the web in this process.
func (u *stackUp) openFrontDoor(ctx context.Context, _ func(string, ...any)) error {
	var err error
	if u.store, err = keyring.Open(ctx, u.settings); err != nil {
		return err
	}
	u.then(func() error { u.store.Close(); return nil })
	keys, err := u.settings.Keys()
	if err != nil {
		return err
	}
	member, err := keyring.Join(ctx, u.store, keys, store.Door, u.log, func(err error) { u.log.Error("the front door would have to stop", "error", err) })
	if err != nil {
		return err
	}
	u.then(func() error { member.Leave(); return nil })
	u.temporal, err = engine.Dial(ctx, engine.Options{
		Address: u.env["TEMPORAL_ADDRESS"], Namespace: u.settings.TemporalNamespace, Keys: keys, Logger: u.log,
	})
	if err != nil {
		return err
	}
	u.then(func() error { u.temporal.Close(); return nil })
	if err := engine.EnsureSearchAttributes(ctx, u.temporal, u.settings.TemporalNamespace, workflows.SearchAttributes()); err != nil {
		return err
	}
	secret, err := u.settings.Secret()
	if err != nil {
		return err
	}
	u.doors = doors.New(u.temporal, u.settings.Day, secret, u.store)
	u.launcher = front.Launcher(u.settings, u.store, u.doors)
	door, err := front.New(front.Options{
		Settings: u.settings, Store: u.store, Temporal: u.temporal, TemporalUI: u.uiURL, DevOpen: true, Log: u.log,
	})
	if err != nil {
		return err
	}
	return u.serve(ctx, door)
}

func (u *stackUp) serve(ctx context.Context, door *web.Server) error {
	listener, err := (&net.ListenConfig{}).Listen(ctx, "tcp", u.settings.Listen)
	if err != nil {
		return fmt.Errorf("front door: %w", err)
	}
	open, shut := context.WithCancel(context.WithoutCancel(ctx))
	ended := make(chan error, 1)
	go func() { ended <- front.Serve(open, listener, door) }()
	u.then(func() error { shut(); return <-ended })
	return nil
}

// startWorker runs the worker as a process of its own, and again whenever it dies.
func (u *stackUp) startWorker(ctx context.Context, say func(string, ...any)) error {
	path, err := workerPath()
	if err != nil {
		return err
	}
	say("Starting the worker ...")
	env := maps.Clone(u.env)
	delete(env, "RAPPORT_DATABASE_OWNER_URL") // it migrates nothing
	worker, err := stack.Supervise(context.WithoutCancel(ctx), stack.Command{
		Name: "worker", Path: path, Env: list(env), LogFile: filepath.Join(u.dir, "log", "worker.log"),
		Grace: engine.StopTimeout + 5*time.Second,
	}, u.log)
	if err != nil {
		return err
	}
	u.pids.add("worker", worker)
	u.then(func() error { worker.Stop(); return nil })
	return nil
}

// workerPath finds rapport-worker beside this program.
func workerPath() (string, error) {
	self, err := os.Executable()
	if err != nil {
		return "", err
	}
	if real, err := filepath.EvalSymlinks(self); err == nil {
		self = real
	}
	path := filepath.Join(filepath.Dir(self), "rapport-worker")
	if _, err := os.Stat(path); err != nil {
		return "", fmt.Errorf("%s is not there: `make build` puts it beside rapport", path)
	}
	return path, nil
}

// addresses are what a person may want to open.
func (u *stackUp) addresses() [][2]string {
	all := [][2]string{{"console", u.settings.PublicURL}}
	if u.sandboxURL != "" {
		all = append(all, [2]string{"sandbox", u.sandboxURL})
	}
	if u.uiURL != "" {
		all = append(all, [2]string{"Temporal", u.uiURL})
	}
	return append(all, [2]string{"data", u.dir}, [2]string{"shell", "set -a; . " + filepath.Join(u.dir, "env") + "; set +a"})
}

// local is a port on the loopback interface.
func local(port int) string { return fmt.Sprintf("%s:%d", stack.Loopback, port) }
