// Command rapport-worker hosts the workflows and the activities. It can be run any number of times, and killed at any time.
package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"os/signal"
	"syscall"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"

	"github.com/rapport-dev/rapport/activities"
	"github.com/rapport-dev/rapport/engine"
	"github.com/rapport-dev/rapport/partnership"
	"github.com/rapport-dev/rapport/store"
	"github.com/rapport-dev/rapport/wiring/build"
	"github.com/rapport-dev/rapport/wiring/keyring"
	"github.com/rapport-dev/rapport/wiring/mend"
	"github.com/rapport-dev/rapport/wiring/settings"
	"github.com/rapport-dev/rapport/wiring/vendors"
	"github.com/rapport-dev/rapport/workflows"
)

func main() {
	if code, ended := answer(os.Args[1:], os.Stdout, os.Stderr); ended {
		os.Exit(code)
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	err := run(ctx)
	stop()
	if err != nil {
		fmt.Fprintln(os.Stderr, "rapport-worker:", err)
		os.Exit(exitCode(err))
	}
}

// exitCode is 2 for settings that are wrong or another database's, as the program rapport has it; a restart mends nothing then.
func exitCode(err error) int {
	if _, wrong := errors.AsType[settings.Faults](err); wrong || partnership.CodeOf(err) == partnership.Invalid {
		return 2
	}
	return 1
}

func run(ctx context.Context) error {
	s, err := settings.Load()
	if err != nil {
		return err
	}
	if err := s.Require("RAPPORT_DATABASE_URL", "RAPPORT_SECRET_KEY", "RAPPORT_CODEC_KEYS"); err != nil {
		return err
	}
	log := s.Logger(os.Stdout)
	slog.SetDefault(log)

	kept, err := keyring.Open(ctx, s)
	if err != nil {
		return err
	}
	defer kept.Close()

	deps := activities.Deps{
		Store: kept, Troubles: kept, Probe: vendors.NewProbe(s.PublicURL), Clock: partnership.SystemClock{}, PublicURL: s.PublicURL, Day: s.Day, Title: s.Vendors.Title, Fonts: s.Fonts,
	}
	secret, err := s.Secret()
	if err != nil {
		return err
	}
	clients := s.Vendors.Open(s.Day)
	clients.Keep(kept)
	clients.Into(&deps)
	guard, err := newGuard(s, secret, clients, kept, log)
	if err != nil {
		return err
	}
	deps.Guard = guard

	keys, err := s.Keys()
	if err != nil {
		return err
	}
	registry := prometheus.NewRegistry()
	this := build.Read()
	registry.MustRegister(this.Metric(), collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}))
	fatal := make(chan error, 1)
	member, err := keyring.Join(ctx, kept, keys, store.Worker, log, onFatal(fatal))
	if err != nil {
		return err
	}
	defer member.Leave()
	options := engine.Options{Identity: this.Identity("rapport-worker"), Keys: keys, Logger: log}
	temporal, err := engine.Dial(ctx, options)
	if err != nil {
		return err
	}
	defer temporal.Close()
	if err := engine.CheckNamespace(ctx, temporal, s.TemporalNamespace); err != nil {
		return err
	}
	options.Metrics = registry
	host, err := engine.Host(ctx, temporal, options)
	if err != nil {
		return err
	}
	defer host.Close()
	if err := engine.EnsureSearchAttributes(ctx, temporal, s.TemporalNamespace, workflows.SearchAttributes()); err != nil {
		return err
	}
	by := engine.Deployment{Name: s.Deployment, BuildID: this.ID}
	if err := decidesTheSame(ctx, temporal, keys, by, s.ReplayBeforeStart(), log); err != nil {
		return err
	}

	if err := keepSchedules(ctx, temporal, s.TemporalNamespace, keys, s.Day, log); err != nil {
		return err
	}
	deps.Engine = mend.NewEngine(temporal, s.TemporalNamespace, keys, s.Day, partnership.SystemClock{}.Now)
	workers, err := start(host, by, activities.New(deps), queues(s), watchSteps(kept, s.Day, registry, log), guard, fatal)
	if err != nil {
		return err
	}
	stopMetrics := serveMetrics(s.MetricsListen, registry, log)
	log.Info("worker started", "build", this.String(), "deployment", s.Deployment, "queues", len(workers), "day", s.Day.String())

	select {
	case err = <-fatal: // polling has ended for good: leave, so that whoever runs us starts another
	case <-ctx.Done():
	}
	log.Info("worker stopping", "timeout", engine.StopTimeout.String())
	stopAll(workers)
	stopMetrics()
	return err
}
