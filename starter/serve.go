package main

import (
	"context"
	"errors"
	"log/slog"
	"net"
	"net/http"
	"time"

	"github.com/rapport-dev/rapport/engine"
	"github.com/rapport-dev/rapport/internal/front"
	"github.com/rapport-dev/rapport/web"
)

type serveCommand struct {
	DevOpen bool `help:"Show the console without a token to browsers on this machine."`
}

func (serveCommand) Help() string {
	return `Needs Postgres (RAPPORT_DATABASE_URL) and Temporal (TEMPORAL_ADDRESS). Listens on RAPPORT_LISTEN; vendors and people
reach it at RAPPORT_PUBLIC_URL. It starts while Temporal is down: what comes in is kept and applied later.`
}

func (c serveCommand) Run(a *app) error {
	s, err := a.settings()
	if err != nil {
		return err
	}
	if err := s.Require("RAPPORT_DATABASE_URL", "RAPPORT_SECRET_KEY", "RAPPORT_CODEC_KEYS"); err != nil {
		return err
	}
	kept, err := a.store()
	if err != nil {
		return err
	}
	keys, err := s.Keys()
	if err != nil {
		return err
	}
	log := slog.Default()
	if a.temporal, err = engine.DialLazily(engine.Options{Keys: keys, Logger: log}); err != nil {
		return err
	}
	door, err := front.New(front.Options{Settings: s, Store: kept, Temporal: a.temporal, DevOpen: c.DevOpen, Log: log})
	if err != nil {
		return err
	}
	listener, err := (&net.ListenConfig{}).Listen(a.ctx, "tcp", s.Listen)
	if err != nil {
		return err
	}
	log.Info("front door open", "listen", listener.Addr().String(), "public_url", s.PublicURL)
	return serveUntil(a.ctx, listener, door)
}

// serveUntil serves until ctx ends, then lets requests under way finish and what they left for later be done.
func serveUntil(ctx context.Context, listener net.Listener, door *web.Server) error {
	server := web.HTTP(door)
	working, stopWorking := context.WithCancel(context.WithoutCancel(ctx))
	defer stopWorking()
	done := make(chan struct{})
	go func() { defer close(done); door.Run(working) }()
	failed := make(chan error, 1)
	go func() { failed <- server.Serve(listener) }()
	var err error
	select {
	case err = <-failed:
	case <-ctx.Done():
		bounded, cancel := context.WithTimeout(context.WithoutCancel(ctx), 20*time.Second)
		defer cancel()
		err = server.Shutdown(bounded)
	}
	stopWorking()
	<-done
	if errors.Is(err, http.ErrServerClosed) {
		return nil
	}
	return err
}
