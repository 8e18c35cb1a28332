// Package people plays the humans of a demo: creators who read the sandbox's mail and answer on the real pages, managers and
// finance who press the real buttons in the sandbox's Slack, buyers who click and order. Everything they do goes over HTTP, as
// it would outside; nothing here reaches into the program.
package people

import (
	"context"
	"errors"
	"log/slog"
	"maps"
	"net"
	"net/url"
	"strings"
	"sync"
	"time"

	"github.com/rapport-dev/rapport/partnership"
)

// Options say who lives in the town and how fast its days pass.
type Options struct {
	SandboxURL  string
	Creators    []partnership.Creator
	Day         time.Duration // one campaign day
	Currency    string        // of the campaign: the shop is where people pay in it; "" is USD
	WindowDays  float64       // how long after a post sales count: buyers come well inside it
	PublishFrom time.Time     // nobody posts before it
	Seed        int64         // the same seed gives the same people
	// Until is for tests that want somebody to rest in a certain stage: by handle, the first task that the creator leaves
	// alone, with all later ones. They do everything before it promptly.
	Until map[string]partnership.TaskKind
	// Cast says how somebody behaves, by handle and as Deck names it, where that is not left to the seed.
	Cast map[string]string
	// ManagersAway leaves what managers decide to rules and deadlines; finance is at work.
	ManagersAway bool
	// OfficeAway is for tests that press the buttons in Slack themselves: nobody else looks there.
	OfficeAway bool
	Log        *slog.Logger
}

// town is everybody together.
type town struct {
	sandbox     *sandbox
	creators    map[string]*creator // by mail address, in lower case
	handles     []string
	day         time.Duration
	window      float64
	place       place
	publishFrom time.Time
	seed        int64
	until       map[string]subject
	cast        map[string]persona
	away        bool // the managers
	log         *slog.Logger

	errands sync.WaitGroup

	mu    sync.Mutex
	dealt map[int]map[string]persona
	posts []published
}

// Run plays everybody until ctx ends.
func Run(ctx context.Context, o Options) {
	t := &town{
		sandbox: newSandbox(o.SandboxURL), creators: map[string]*creator{}, day: o.Day, window: o.WindowDays, place: placeOf(o.Currency),
		publishFrom: o.PublishFrom, seed: o.Seed, log: o.Log.With("component", "people"), dealt: map[int]map[string]persona{},
		until: map[string]subject{}, cast: map[string]persona{}, away: o.ManagersAway,
	}
	for handle, task := range o.Until {
		t.until[handle] = subject(task)
	}
	for handle, kind := range o.Cast {
		t.cast[handle] = persona(kind)
	}
	for i, who := range o.Creators {
		t.creators[strings.ToLower(who.Email)] = newCreator(t, who, i)
		t.handles = append(t.handles, who.Handle)
	}
	if t.place != places["USD"] {
		if err := t.sandbox.open(ctx, t.place); err != nil && ctx.Err() == nil {
			t.log.Warn("the shop is not where the campaign is", "error", err)
		}
	}
	var all sync.WaitGroup
	all.Go(func() { t.readMail(ctx) })
	if !o.OfficeAway {
		all.Go(func() { t.watchSlack(ctx) })
	}
	all.Go(func() { t.passersBy(ctx) })
	all.Wait()
	t.errands.Wait()
}

// look is how often people look into their mailbox and at Slack.
const look = 150 * time.Millisecond

// readMail hands every new letter to whom it is for.
func (t *town) readMail(ctx context.Context) {
	var after int64
	for ; ctx.Err() == nil; sleep(ctx, look) {
		letters, err := t.sandbox.letters(ctx, after)
		if err != nil {
			continue // the sandbox starts or restarts
		}
		for _, m := range letters {
			after = max(after, m.Seq)
			if c := t.creators[strings.ToLower(m.To)]; c != nil && m.PartnershipID != "" {
				c.receive(ctx, m)
			}
		}
	}
}

// personas are those of the creators in that round: they are dealt anew for each.
func (t *town) personas(round int) map[string]persona {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.dealt[round] == nil {
		t.dealt[round] = deal(t.seed+int64(round), t.handles)
		maps.Copy(t.dealt[round], t.cast)
	}
	return t.dealt[round]
}

// later runs an errand at a time of its own, unless the play ends before.
func (t *town) later(ctx context.Context, at time.Time, do func(context.Context)) {
	t.errands.Go(func() {
		if sleep(ctx, time.Until(at)); ctx.Err() == nil {
			do(ctx)
		}
	})
}

func (t *town) days(n float64) time.Duration { return time.Duration(n * float64(t.day)) }

// sleep waits for d or until ctx ends.
func sleep(ctx context.Context, d time.Duration) {
	if d <= 0 {
		return
	}
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-ctx.Done():
	case <-timer.C:
	}
}

// isNetwork reports an error of the connection and not of the page.
func isNetwork(err error) bool {
	if _, ok := errors.AsType[*url.Error](err); ok {
		return true
	}
	_, ok := errors.AsType[net.Error](err)
	return ok
}
