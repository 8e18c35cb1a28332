package worlds

import (
	"bufio"
	"context"
	"fmt"
	"hash/fnv"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"go.temporal.io/sdk/activity"
	"go.temporal.io/sdk/interceptor"
)

// A boundary is a place in a step at which its process may die: before and after each thing that it asks of the books, the rail, the mail
// vendor and the chat, and at its beginning and end. What a process does between two boundaries happens as a whole or not at all.

// table is in how many of 200 worlds each boundary was come to, and some of those: what is rare is struck more often where it is,
// and what nothing struck is aimed at in worlds that came there.
var table = filepath.Join("testdata", "boundaries.txt")

// strikesWanted is how often, about, each boundary is struck in 200 worlds.
const strikesWanted = 8

// seedsKept is how many worlds of a boundary are remembered, to be aimed at it.
const seedsKept = 3

// visits are the worlds that came to a boundary.
type visits struct {
	worlds int
	seeds  []uint64 // at most seedsKept
}

func (v visits) and(seed uint64) visits {
	v.worlds++
	if len(v.seeds) < seedsKept && !slices.Contains(v.seeds, seed) {
		v.seeds = append(v.seeds, seed)
	}
	return v
}

// readTable reads the boundaries that are known.
func readTable(t testing.TB) map[string]visits {
	t.Helper()
	file, err := os.Open(table)
	must(t, err)
	defer file.Close()
	known := map[string]visits{}
	for lines := bufio.NewScanner(file); lines.Scan(); {
		name, rest, _ := strings.Cut(lines.Text(), " | ")
		worlds, seeds, _ := strings.Cut(rest, ": ")
		v := visits{worlds: number[int](t, worlds)}
		for seed := range strings.FieldsSeq(seeds) {
			v.seeds = append(v.seeds, number[uint64](t, seed))
		}
		known[name] = v
	}
	return known
}

func number[N int | uint64](t testing.TB, text string) (n N) {
	t.Helper()
	if _, err := fmt.Sscan(text, &n); err != nil {
		t.Fatalf("%s: %q: %v", table, text, err)
	}
	return n
}

// writeTable keeps the boundaries of a run of 200 worlds.
func writeTable(t testing.TB, seen map[string]visits) {
	t.Helper()
	var text strings.Builder
	for _, name := range slices.Sorted(maps.Keys(seen)) {
		fmt.Fprintf(&text, "%s | %d: %s\n", name, seen[name].worlds, strings.Trim(fmt.Sprint(seen[name].seeds), "[]"))
	}
	must(t, os.WriteFile(table, []byte(text.String()), 0o644))
}

// at is a boundary of the step that ctx belongs to. It may not return: a process that is dead does nothing any more, and one that is
// struck dies here.
func (p *process) at(ctx context.Context, place string) {
	if !activity.IsActivity(ctx) {
		return
	}
	info := activity.GetInfo(ctx)
	p.mustLive(info)
	boundary := info.ActivityType.Name + ": " + place
	dies, happens := p.world.draw(boundary)
	if happens != nil {
		happens()
	}
	switch {
	case dies == "killed" && !info.IsLocalActivity: // a workflow's task is kept alive for as long as a local step of it goes on
		p.world.note("a worker is killed")
		p.world.struckAt(boundary)
		p.world.replace(p)
		p.mustLive(info)
	case dies != "":
		p.world.note("a step is broken off")
		p.world.struckAt(boundary)
		panic("broken off at: " + boundary)
	}
}

// mustLive keeps a dead process from going on for as long as its world lasts.
func (p *process) mustLive(info activity.Info) {
	if p.dead.Load() {
		if !info.IsLocalActivity {
			<-p.world.over
		}
		panic("its process is dead")
	}
}

// draw says once for each boundary of a world, by its seed and what it is aimed at, whether the process dies there, and what else happens.
func (w *world) draw(boundary string) (dies string, happens func()) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.seen[boundary] || w.calm {
		return "", nil
	}
	w.seen[boundary] = true
	return w.fate(boundary), w.arriving[boundary]
}

func (w *world) fate(boundary string) (dies string) {
	h := fnv.New64a()
	_, _ = fmt.Fprintf(h, "%d/%s", w.seed, boundary)
	by := h.Sum64() >> 8
	if !slices.Contains(w.aims, boundary) {
		// What next to none comes to is struck by whoever does, however often they have died.
		in := max(1, w.known[boundary].worlds)
		if in > strikesWanted {
			if w.strikes >= mostStrikes || by%1000 >= min(500, uint64(1000*strikesWanted/in)) {
				return ""
			}
			w.strikes++
		}
	}
	if by/1000%3 == 0 {
		return "killed"
	}
	return "aborted"
}

// mostStrikes is how often the processes of one world die at most: each time costs seconds until the server notices.
const mostStrikes = 6

// around asks for something between two boundaries.
func around[R any](ctx context.Context, p *process, what string, ask func() (R, error)) (R, error) {
	p.at(ctx, "before "+what)
	r, err := ask()
	p.at(ctx, "after "+what)
	return r, err
}

func around0(ctx context.Context, p *process, what string, ask func() error) error {
	_, err := around(ctx, p, what, func() (struct{}, error) { return struct{}{}, ask() })
	return err
}

// edges are the boundaries at which a step begins and ends. A dead process gives no sign of life.
type edges struct {
	interceptor.WorkerInterceptorBase
	p *process
}

func (e *edges) InterceptActivity(_ context.Context, next interceptor.ActivityInboundInterceptor) interceptor.ActivityInboundInterceptor {
	in := &edgesIn{p: e.p}
	in.Next = next
	return in
}

type edgesIn struct {
	interceptor.ActivityInboundInterceptorBase
	p *process
}

func (e *edgesIn) Init(out interceptor.ActivityOutboundInterceptor) error {
	beats := &edgesOut{p: e.p}
	beats.Next = out
	return e.Next.Init(beats)
}

func (e *edgesIn) ExecuteActivity(ctx context.Context, in *interceptor.ExecuteActivityInput) (any, error) {
	e.p.at(ctx, "begins")
	r, err := e.Next.ExecuteActivity(ctx, in)
	e.p.at(ctx, "ends")
	return r, err
}

type edgesOut struct {
	interceptor.ActivityOutboundInterceptorBase
	p *process
}

func (e *edgesOut) RecordHeartbeat(ctx context.Context, details ...any) {
	if !e.p.dead.Load() {
		e.Next.RecordHeartbeat(ctx, details...)
	}
}
