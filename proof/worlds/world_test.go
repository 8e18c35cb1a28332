package worlds

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"go.temporal.io/sdk/client"

	"github.com/rapport-dev/rapport/integrations/stripe"
	"github.com/rapport-dev/rapport/partnership"
	"github.com/rapport-dev/rapport/partnership/zones"
	"github.com/rapport-dev/rapport/playground/sandbox"
	fake "github.com/rapport-dev/rapport/playground/sandbox/stripe"
	"github.com/rapport-dev/rapport/proof/pgtest"
	"github.com/rapport-dev/rapport/store"
	"github.com/rapport-dev/rapport/wiring/doors"
)

const (
	railName = "stripe"
	day      = 30 * time.Minute // a campaign day: holds of some of them are over within the world's past
)

var secret = []byte("a secret of thirty-two bytes.....")

// world is one seeded month.
type world struct {
	t        testing.TB
	ctx      context.Context
	seed     uint64
	rng      *rand.Rand
	program  string
	period   string
	currency string
	clock    time.Duration // by how much the workers' clock is off

	url      string // the program's, of the database
	store    *store.Store
	temporal client.Client
	door     *doors.Workflows
	vendor   *sandbox.Server
	rail     *stripe.Client
	stripe   struct{ key string }
	outside  *outside

	campaign partnership.CampaignID
	month
	acts     []act
	backups  int           // how many were taken
	shift    time.Duration // of the database's clock
	question int
	restored bool // and nobody has looked at what runs since
	sent     int  // transfers before this run

	known    map[string]visits // boundaries
	arriving map[string]func() // what happens once a boundary is come to
	aims     []string          // those at which its processes die for certain

	mu      sync.Mutex
	now     *process
	calm    bool // nothing strikes any more
	strikes int
	seen    map[string]bool
	struck  []string
	faults  map[string]int

	over       chan struct{}
	background sync.WaitGroup
}

// note counts a fault that happened.
func (w *world) note(kind string) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.faults[kind]++
}

func (w *world) placesSeen() int {
	w.mu.Lock()
	defer w.mu.Unlock()
	return len(w.seen)
}

func (w *world) struckAt(boundary string) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.struck = append(w.struck, boundary)
}

// begin makes a world: a database, a provider, a namespace, and nobody in it.
func begin(t testing.TB, seed uint64, known map[string]visits) *world {
	t.Helper()
	ctx := t.Context()
	w := &world{
		t: t, ctx: ctx, seed: seed, rng: rand.New(rand.NewPCG(seed, 0x776f726c64)), program: fmt.Sprintf("w%d", seed), known: known,
		seen: map[string]bool{}, arriving: map[string]func(){}, faults: map[string]int{}, over: make(chan struct{}),
	}
	w.currency = []string{"USD", "USD", "EUR", "JPY", "KWD"}[w.rng.IntN(5)]
	w.url = pgtest.New(t, store.Migrate) + "&pool_max_conns=8&search_path=world,public,pg_catalog"
	w.owner(clockOfItsOwn)
	var err error
	w.store, err = store.Open(ctx, w.url, store.Options{SecretKey: secret, Day: day, PublicURL: "https://rapport.example"})
	must(t, err)
	t.Cleanup(w.store.Close)
	w.outside = &outside{store: w.store, note: w.note, mails: map[partnership.EffectKey]int{}, cards: map[partnership.EffectKey]int{}}

	keys, settings := sandbox.Vendors{fake.Vendor}.MakeKeys()
	w.vendor, err = sandbox.New(sandbox.Config{Addr: "127.0.0.1:0", Day: day, Seed: int64(seed), Keys: keys}, sandbox.Vendors{fake.Vendor})
	must(t, err)
	must(t, w.vendor.Start(context.WithoutCancel(ctx)))
	t.Cleanup(func() { _ = w.vendor.Close() })
	w.stripe.key = settings["STRIPE_API_KEY"]
	w.rail = stripe.New(stripe.Config{APIKey: w.stripe.key, BaseURL: w.vendor.URL() + "/stripe", HTTPClient: &http.Client{Timeout: 4 * time.Second}})

	w.temporal = namespace(t)
	w.door = doors.New(w.temporal, day, secret, w.store)
	t.Cleanup(func() {
		w.ctx = context.WithoutCancel(ctx)
		w.rest()
		w.endAll("the world is over")
		giveBack(w.temporal)
	})
	return w
}

// clockOfItsOwn lets the clock of a world's database go wrong, and a day pass: whoever asks it for the time gets another one. The number of
// a transaction is made of its time, in triggers that no search path reaches, and keeps the true one.
const clockOfItsOwn = `
create schema world;
create table world.clock (off interval not null);
insert into world.clock values ('0');
create function world.now() returns timestamptz stable language sql as 'select pg_catalog.now() + off from world.clock';
create function world.clock_timestamp() returns timestamptz volatile language sql as 'select pg_catalog.clock_timestamp() + off from world.clock';
grant usage on schema world to public;
grant select on world.clock to public;
alter function public.this_transaction() set search_path = pg_catalog;`

// setClock says by how much the database's clock differs from the provider's and the workers'.
func (w *world) setClock(by time.Duration) {
	w.shift = by
	w.owner(fmt.Sprintf("update world.clock set off = interval '%d milliseconds'", by.Milliseconds()))
}

// owner runs SQL that no program of Rapport's may: it moves the clock, and nothing in the books.
func (w *world) owner(sql string) { w.exec(pgtest.Owner(w.t, plain(w.url)), sql) }

func (w *world) exec(address, sql string) {
	w.t.Helper()
	ctx := context.WithoutCancel(w.ctx)
	conn, err := pgx.Connect(ctx, address)
	must(w.t, err)
	defer conn.Close(ctx)
	_, err = conn.Exec(ctx, sql)
	must(w.t, err)
}

// plain is an address without what only the program's connections have.
func plain(address string) string {
	u, err := url.Parse(address)
	if err != nil {
		panic(err)
	}
	q := u.Query()
	q.Del("pool_max_conns")
	q.Del("search_path")
	u.RawQuery = q.Encode()
	return u.String()
}

// time is the database's clock.
func (w *world) time() time.Time {
	var now time.Time
	must(w.t, eventually(func() (err error) {
		now, err = w.store.Time(w.ctx)
		return err
	}))
	return now
}

func (w *world) thisMonth() string { return w.time().In(zones.Or("UTC")).Format("2006-01") }

// ask calls the provider's sandbox as people do.
func (w *world) ask(path string, body, answer any) {
	w.t.Helper()
	must(w.t, w.tryAsk(http.MethodPost, path, body, answer))
}

func (w *world) tryAsk(method, path string, body, answer any) error {
	var reader io.Reader
	if body != nil {
		text, err := json.Marshal(body)
		if err != nil {
			return err
		}
		reader = bytes.NewReader(text)
	}
	req, err := http.NewRequestWithContext(context.WithoutCancel(w.ctx), method, w.vendor.URL()+path, reader)
	if err != nil {
		return err
	}
	req.Header.Set("Content-Type", "application/json")
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		return err
	}
	defer resp.Body.Close()
	text, err := io.ReadAll(resp.Body)
	if err != nil || resp.StatusCode >= 400 {
		return fmt.Errorf("%s %s: %d %s, %w", method, path, resp.StatusCode, text, err)
	}
	if answer == nil {
		return nil
	}
	return json.Unmarshal(text, answer)
}

// atStripe is a call that somebody makes there with the platform's key, beside Rapport.
func (w *world) atStripe(path, key string, form url.Values) error {
	req, err := http.NewRequestWithContext(w.ctx, http.MethodPost, w.vendor.URL()+"/stripe"+path, strings.NewReader(form.Encode()))
	if err != nil {
		return err
	}
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	req.Header.Set("Authorization", "Bearer "+w.stripe.key)
	req.Header.Set("Idempotency-Key", key)
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		return err
	}
	defer resp.Body.Close()
	if resp.StatusCode != http.StatusOK {
		text, _ := io.ReadAll(resp.Body)
		return fmt.Errorf("%s: %d %s", path, resp.StatusCode, text)
	}
	return nil
}

// until waits for something that is bound to happen.
func (w *world) until(what string, ok func() bool) {
	w.t.Helper()
	deadline, tick := time.After(patience), time.NewTicker(200*time.Millisecond)
	defer tick.Stop()
	for !ok() {
		select {
		case <-deadline:
			w.t.Fatalf("seed %d: did not happen in %s: %s\n%s", w.seed, patience, what, w.stand())
		case <-tick.C:
		}
	}
}

// patience is how long a world waits for one thing.
const patience = 6 * time.Minute

// eventually tries what an outage may keep from happening.
func eventually(f func() error) error {
	deadline, tick := time.After(time.Minute), time.NewTicker(100*time.Millisecond)
	defer tick.Stop()
	for {
		err := f()
		if err == nil || partnership.CodeOf(err) != "" {
			return err
		}
		select {
		case <-deadline:
			return err
		case <-tick.C:
		}
	}
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
