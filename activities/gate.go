package activities

import (
	"context"
	"errors"
	"math/rand/v2"
	"sync"
	"time"

	"github.com/rapport-dev/rapport/partnership"
)

// A vendor that refuses everybody (a wrong key, a used-up plan, a channel that is gone) refuses no step: the steps wait, one call at
// a time tries whether it is over, a person is asked once, and everything goes on by itself when it is.

// Troubles keeps which vendors refuse us all, for every process, by a clock of its own: those of the processes differ.
type Troubles interface {
	// OpenTrouble is one that lasts; *partnership.Error NotFound when there is none.
	OpenTrouble(ctx context.Context, vendor string, kind partnership.TroubleKind) (partnership.Trouble, error)
	NoteTrouble(ctx context.Context, vendor string, kind partnership.TroubleKind, words string, wait time.Duration) (partnership.Trouble, error)
	// TakeProbe says whether the caller is the one that may ask the vendor now; the next may after a wait.
	TakeProbe(ctx context.Context, vendor string, kind partnership.TroubleKind, wait time.Duration) (bool, error)
	EndTrouble(ctx context.Context, vendor string, kind partnership.TroubleKind, until time.Time) (ended bool, err error)
}

// gate stands before a vendor's calls. nil lets all pass.
type gate struct {
	vendor   string
	troubles Troubles
	clock    partnership.Clock
	every    time.Duration // between two calls that try; and between two looks at the table by a process that knows of no trouble

	mu    sync.Mutex
	doors map[string]*door // "" the vendor as a whole, else one of its operations
}

type door struct {
	shut   bool
	looked time.Time
}

// through makes one call to the vendor, or says that it has to wait.
func through[R any](ctx context.Context, g *gate, op string, call func() (R, error)) (R, error) {
	if g == nil {
		return call()
	}
	for _, name := range []string{"", op} {
		if err := g.pass(ctx, name); err != nil {
			var zero R
			return zero, err
		}
	}
	r, err := call()
	return r, g.heard(ctx, op, err)
}

// told is through for calls that answer nothing.
func told(ctx context.Context, g *gate, op string, call func() error) error {
	_, err := through(ctx, g, op, func() (struct{}, error) { return struct{}{}, call() })
	return err
}

// pass lets a call to a door through unless it is known to be shut; of those that wait, one may knock.
func (g *gate) pass(ctx context.Context, name string) error {
	now := g.clock.Now()
	if !g.look(name, now) {
		return nil
	}
	t, err := g.troubles.OpenTrouble(ctx, g.name(name), partnership.RefusesAll)
	if partnership.CodeOf(err) == partnership.NotFound {
		g.set(name, false, now)
		return nil
	}
	if err != nil {
		return err
	}
	g.set(name, true, now)
	mine, err := g.troubles.TakeProbe(ctx, t.Vendor, partnership.RefusesAll, g.every)
	if err != nil || mine {
		return err
	}
	return &partnership.VendorError{Vendor: g.vendor, Op: name, Class: partnership.Barred, Message: "waits, because it refuses everybody: " + t.Words, RetryAfter: g.wait()}
}

// heard draws the conclusions from what the vendor answered.
func (g *gate) heard(ctx context.Context, op string, err error) error {
	v, _ := errors.AsType[*partnership.VendorError](err)
	if v != nil && v.Class == partnership.Barred {
		name := ""
		if v.OpOnly {
			name = op
		}
		if _, err := g.troubles.NoteTrouble(ctx, g.name(name), partnership.RefusesAll, v.Message, g.every); err != nil {
			return err
		}
		g.set(name, true, g.clock.Now())
		waits := *v
		waits.RetryAfter = max(v.RetryAfter, g.wait())
		return &waits
	}
	if err != nil && partnership.CodeOf(err) == "" && (v == nil || v.Class != partnership.Permanent || v.Status == 0) {
		return err // no answer that says anything about the door
	}
	for _, name := range []string{"", op} {
		if !g.isShut(name) {
			continue
		}
		g.set(name, false, g.clock.Now())
		if _, e := g.troubles.EndTrouble(ctx, g.name(name), partnership.RefusesAll, time.Time{}); e != nil {
			g.set(name, true, time.Time{}) // the next call finds out
		}
	}
	return err
}

func (g *gate) name(door string) string {
	if door == "" {
		return g.vendor
	}
	return g.vendor + "/" + door
}

// wait spreads those that wait, so that they do not come all at once.
func (g *gate) wait() time.Duration { return g.every + rand.N(g.every) } //nolint:gosec // G404: it spreads waits and guards nothing

// look says whether the table has to be read before a call: always while a door is shut, now and then while it is open.
func (g *gate) look(name string, now time.Time) bool {
	g.mu.Lock()
	defer g.mu.Unlock()
	d := g.doors[name]
	return d == nil || d.shut || now.Sub(d.looked) >= g.every
}

func (g *gate) isShut(name string) bool {
	g.mu.Lock()
	defer g.mu.Unlock()
	return g.doors[name] != nil && g.doors[name].shut
}

func (g *gate) set(name string, shut bool, looked time.Time) {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.doors[name] = &door{shut, looked}
}
