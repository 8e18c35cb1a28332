package main

import (
	"context"
	"log/slog"
	"net"

	"github.com/rapport-dev/rapport/engine"
	"github.com/rapport-dev/rapport/store"
	"github.com/rapport-dev/rapport/wiring/build"
	"github.com/rapport-dev/rapport/wiring/front"
)

type serveCommand struct{}

func (serveCommand) Help() string {
	return `Needs Postgres (RAPPORT_DATABASE_URL) and Temporal (TEMPORAL_ADDRESS). Listens on RAPPORT_LISTEN; vendors and people
reach it at RAPPORT_PUBLIC_URL. It starts while Temporal is down: what comes in is kept and applied later.`
}

func (serveCommand) Run(a *app) error {
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
	serving, refuse := context.WithCancelCause(a.ctx)
	defer refuse(nil)
	if err := a.join(keys, store.Door, refuse); err != nil {
		return err
	}
	if a.temporal, err = engine.DialLazily(engine.Options{Identity: build.Read().Identity("rapport"), Keys: keys, Logger: log}); err != nil {
		return err
	}
	door, err := front.New(front.Options{Settings: s, Store: kept, Temporal: a.temporal, Log: log})
	if err != nil {
		return err
	}
	listener, err := (&net.ListenConfig{}).Listen(a.ctx, "tcp", s.Listen)
	if err != nil {
		return err
	}
	log.Info("front door open", "listen", listener.Addr().String(), "public_url", s.PublicURL)
	if err := front.Serve(serving, listener, door); err != nil {
		return err
	}
	if cause := context.Cause(serving); a.ctx.Err() == nil {
		return cause
	}
	return nil
}
