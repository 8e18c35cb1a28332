package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"time"

	"go.temporal.io/sdk/client"

	"github.com/rapport-dev/rapport/app/launch"
	"github.com/rapport-dev/rapport/engine"
	"github.com/rapport-dev/rapport/partnership"
	"github.com/rapport-dev/rapport/store"
	"github.com/rapport-dev/rapport/wiring/doors"
	"github.com/rapport-dev/rapport/wiring/front"
	"github.com/rapport-dev/rapport/wiring/keyring"
	"github.com/rapport-dev/rapport/wiring/settings"
)

// app is what commands share. Each part is opened by the first command that needs it, so that checking a file needs no
// database.
type app struct {
	ctx    context.Context
	json   bool
	out    io.Writer
	errOut io.Writer

	loaded   *settings.Settings
	opened   *store.Store
	temporal client.Client
	member   *keyring.Member
}

func (a *app) close() {
	if a.temporal != nil {
		a.temporal.Close()
	}
	if a.member != nil {
		a.member.Leave()
	}
	if a.opened != nil {
		a.opened.Close()
	}
}

func (a *app) settings() (settings.Settings, error) {
	if a.loaded == nil {
		s, err := settings.Load()
		if err != nil {
			return s, err
		}
		a.loaded = &s
		slog.SetDefault(s.Logger(a.errOut))
	}
	return *a.loaded, nil
}

func (a *app) store() (*store.Store, error) {
	if a.opened != nil {
		return a.opened, nil
	}
	s, err := a.settings()
	if err != nil {
		return nil, err
	}
	a.opened, err = keyring.Open(a.ctx, s)
	return a.opened, err
}

func (a *app) client() (client.Client, error) {
	if a.temporal != nil {
		return a.temporal, nil
	}
	s, err := a.settings()
	if err != nil {
		return nil, err
	}
	if err := s.Require("RAPPORT_CODEC_KEYS"); err != nil {
		return nil, err
	}
	keys, err := s.Keys()
	if err != nil {
		return nil, err
	}
	if err := a.join(keys, store.Shell, func(error) {}); err != nil { // a command is over before it would be refused
		return nil, err
	}
	a.temporal, err = engine.Dial(a.ctx, engine.Options{Keys: keys, Logger: quiet()})
	if err != nil {
		return nil, fmt.Errorf("%w\nIs it running? `rapport doctor` checks every server; `rapport dev` starts its own", err)
	}
	return a.temporal, nil
}

// join announces this process before it writes anything: with a key that a worker lacks it would say what nobody can read.
func (a *app) join(keys engine.Keys, kind string, refused func(error)) error {
	kept, err := a.store()
	if err != nil {
		return err
	}
	a.member, err = keyring.Join(a.ctx, kept, keys, kind, slog.Default(), refused)
	return err
}

func (a *app) workflows() (*doors.Workflows, error) {
	c, err := a.client()
	if err != nil {
		return nil, err
	}
	kept, err := a.store() // what is asked for is kept before anybody is told
	if err != nil {
		return nil, err
	}
	secret, err := a.loaded.Secret()
	if err != nil {
		return nil, err
	}
	return doors.New(c, a.loaded.Day, secret, kept), nil
}

// How long somebody at a shell is kept waiting for a worker, and how often it is asked for.
const (
	shellPatience = 75 * time.Second
	askAgainEvery = time.Second
)

// patiently repeats what cannot be kept for later, because it goes on with a workflow's answer, until a worker gives one.
func (a *app) patiently(do func() error) error {
	over, tick := time.NewTimer(shellPatience), time.NewTicker(askAgainEvery)
	defer over.Stop()
	defer tick.Stop()
	for first := true; ; first = false {
		err := do()
		_, notYet := errors.AsType[*partnership.Taken](err)
		if _, away := errors.AsType[*doors.Unavailable](err); !notYet && !away {
			return err
		}
		if first {
			_, _ = fmt.Fprintf(a.errOut, "No worker answers just now. Waiting for one, %s at most ...\n", shellPatience)
		}
		select {
		case <-a.ctx.Done():
			return err
		case <-over.C:
			return err
		case <-tick.C:
		}
	}
}

func (a *app) launcher() (*launch.Launcher, error) {
	s, err := a.settings()
	if err != nil {
		return nil, err
	}
	kept, err := a.store()
	if err != nil {
		return nil, err
	}
	w, err := a.workflows()
	if err != nil {
		return nil, err
	}
	return front.Launcher(s, kept, w), nil
}

// quiet discards the SDK's own log lines, which would stand between a command's lines.
func quiet() *slog.Logger { return slog.New(slog.DiscardHandler) }
