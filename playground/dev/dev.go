// Package dev runs all of Rapport in one place: its servers, the vendors' sandbox, the worker, the front door, a sample
// campaign and, if wanted, the people who play it. Everything is kept in one folder and nothing runs on when it ends.
package dev

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"path/filepath"
	"syscall"
	"time"

	"github.com/caarlos0/env/v11"

	"github.com/rapport-dev/rapport/playground/people"
	"github.com/rapport-dev/rapport/playground/stack"
)

// Options say what to run.
type Options struct {
	Dir          string // where data, logs and made secrets are kept
	People       bool   // simulated creators, managers, finance and buyers
	Exit         bool   // end when every partnership has an outcome and the payouts are reconciled
	Empty        bool   // no campaign is launched; without People and Exit
	CampaignFile string // "" runs the sample
	CreatorsFile string
	Seed         int64         // of the people
	Timeout      time.Duration // for Exit; 0 follows the length of a campaign day

	Board    io.Writer // progress and the board
	Terminal func() (width, height int, ok bool)
	Report   io.Writer // the final report as JSON; nil prints a readable one on Board
}

// demoDay is a campaign day when people are simulated and nobody said how long it lasts.
const demoDay = "2s"

// Run starts everything and keeps it running until ctx ends or, with Exit, until all is done. An error with Exit also says
// what was not.
func Run(ctx context.Context, o Options) (err error) {
	started := time.Now()
	if o.Dir, err = filepath.Abs(o.Dir); err != nil {
		return err
	}
	if err := os.MkdirAll(filepath.Join(o.Dir, "log"), 0o755); err != nil {
		return err
	}
	unlock, err := onlyOne(ctx, o.Dir)
	if err != nil {
		return err
	}
	defer unlock()
	log, closeLog, err := logFile(filepath.Join(o.Dir, "log", "dev.log"))
	if err != nil {
		return err
	}
	defer closeLog()

	own := env.ToMap(os.Environ())
	last, err := lastEnv(o.Dir)
	if err != nil {
		return err
	}
	forget(own, last)
	if own["RAPPORT_DAY"], err = dayOf(own["RAPPORT_DAY"], last["RAPPORT_DAY"], o.People); err != nil {
		return err
	}
	say := func(format string, args ...any) { _, _ = fmt.Fprintf(o.Board, format+"\n", args...) }
	up, err := raise(ctx, o.Dir, own, log, say)
	for tries := 0; errors.Is(err, syscall.EADDRINUSE) && tries < 3; tries++ { // taken between its choice and its use
		if err = up.lower(); err == nil {
			up, err = raise(ctx, o.Dir, own, log, say)
		}
	}
	outer := ctx
	defer func() {
		if outer.Err() != nil { // Ctrl-C: whatever it broke off is no fault
			if err = nil; o.Exit {
				err = errInterrupted
			}
		}
		err = errors.Join(err, up.lower())
	}()
	if err != nil {
		return err
	}
	var campaign sample
	if o.Empty {
		say("Nothing is launched. Type /rapport launch in Slack, sign in on the console, or give rapport launch.")
	} else if campaign, err = up.launch(ctx, o, say); err != nil {
		return err
	}

	ctx, stop := context.WithCancel(ctx)
	defer stop()
	played := make(chan struct{})
	if o.People {
		go func() {
			defer close(played)
			people.Run(ctx, people.Options{
				SandboxURL: up.sandboxURL, Creators: campaign.creators, Day: up.settings.Day, WindowDays: campaign.spec.Schedule.WindowDays,
				Currency:    campaign.spec.Currency,
				PublishFrom: campaign.spec.Schedule.PublishFrom, Seed: o.Seed, Log: log,
			})
		}()
	} else {
		close(played)
	}
	defer func() { stop(); <-played }()

	show := newScreen(o.Board, o.Terminal, up, started)
	return up.play(ctx, o, show, started)
}

// errInterrupted is Ctrl-C before a run that was to end by itself had ended.
var errInterrupted = errors.New("interrupted before everything was done")

// onlyOne keeps a second start out of the same folder.
func onlyOne(ctx context.Context, dir string) (unlock func(), err error) {
	ctx, cancel := context.WithTimeout(ctx, 3*time.Second) // the one before may be ending
	defer cancel()
	unlock, err = stack.LockFile(ctx, filepath.Join(dir, "dev.lock"), nil)
	if errors.Is(err, context.DeadlineExceeded) {
		return nil, fmt.Errorf("another `rapport dev` runs in %s; stop it, or choose another folder with --dir", dir)
	}
	return unlock, err
}

func logFile(path string) (*slog.Logger, func(), error) {
	file, err := os.OpenFile(path, os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o600)
	if err != nil {
		return nil, nil, err
	}
	log := slog.New(slog.NewJSONHandler(file, nil))
	before := slog.Default()
	slog.SetDefault(log)
	return log, func() { slog.SetDefault(before); _ = file.Close() }, nil
}
