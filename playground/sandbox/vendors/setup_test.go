package vendors_test

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"maps"
	"net/http"
	"net/http/httptest"
	"net/url"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/rapport-dev/rapport/playground/sandbox"
	"github.com/rapport-dev/rapport/playground/sandbox/vendors"
)

// hook is a webhook that the front door received.
type hook struct {
	path   string
	header http.Header
	body   []byte
	form   url.Values // interactions
}

// door is a front door that keeps what it gets and answers as told.
type door struct {
	*httptest.Server
	mu     sync.Mutex
	hooks  []hook
	news   chan struct{}
	answer func(h hook, n int) (int, string) // n counts the requests to the path from 1
	counts map[string]int
}

func newDoor(t *testing.T) *door {
	d := &door{news: make(chan struct{}), counts: map[string]int{}}
	d.Server = httptest.NewServer(http.HandlerFunc(d.serve))
	t.Cleanup(d.Close)
	return d
}

func (d *door) serve(w http.ResponseWriter, r *http.Request) {
	body, _ := io.ReadAll(r.Body)
	h := hook{path: r.URL.Path, header: r.Header.Clone(), body: body}
	h.form, _ = url.ParseQuery(string(body))
	d.mu.Lock()
	d.counts[h.path]++
	status, answer := http.StatusOK, ""
	if d.answer != nil {
		status, answer = d.answer(h, d.counts[h.path])
	}
	d.hooks = append(d.hooks, h)
	close(d.news)
	d.news = make(chan struct{})
	d.mu.Unlock()
	w.WriteHeader(status)
	io.WriteString(w, answer)
}

// wait returns the first n webhooks of a path, once there are so many.
func (d *door) wait(t *testing.T, path string, n int) []hook {
	t.Helper()
	deadline := time.After(20 * time.Second)
	for {
		d.mu.Lock()
		var got []hook
		for _, h := range d.hooks {
			if h.path == path {
				got = append(got, h)
			}
		}
		news := d.news
		d.mu.Unlock()
		if len(got) >= n {
			return got
		}
		select {
		case <-news:
		case <-deadline:
			t.Fatalf("%s: %d webhooks, want %d", path, len(got), n)
		}
	}
}

// box is a running sandbox with its keys and its front door.
type box struct {
	*sandbox.Server
	t    *testing.T
	url  string
	env  map[string]string
	keys sandbox.Keys
	door *door
	cfg  sandbox.Config
}

// made are the keys of every sandbox here: to make a pair of keys takes longer than most tests.
var made = sync.OnceValues(vendors.All.MakeKeys)

func start(t *testing.T, change ...func(*sandbox.Config)) *box {
	t.Helper()
	keys, env := made()
	keys, env = maps.Clone(keys), maps.Clone(env)
	d := newDoor(t)
	cfg := sandbox.Config{Addr: "127.0.0.1:0", FrontDoorURL: d.URL, Day: 100 * time.Millisecond, Seed: 7, Keys: keys}
	for _, f := range change {
		f(&cfg)
	}
	return run(t, cfg, env, d)
}

func run(t *testing.T, cfg sandbox.Config, env map[string]string, d *door) *box {
	t.Helper()
	s, err := sandbox.New(cfg, vendors.All)
	if err != nil {
		t.Fatal(err)
	}
	if err := s.Start(context.Background()); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	for k, v := range vendors.All.BaseURLs(s.URL()) {
		env[k] = v
	}
	return &box{Server: s, t: t, url: s.URL(), env: env, keys: cfg.Keys, door: d, cfg: cfg}
}

func slowDay(c *sandbox.Config) { c.Day = time.Hour }

func withState(t *testing.T) func(*sandbox.Config) {
	path := filepath.Join(t.TempDir(), "state.json")
	return func(c *sandbox.Config) { c.StateFile = path }
}

// call sends a request and returns the status and the body.
func (b *box) call(method, path string, body any, headers ...string) (int, []byte) {
	b.t.Helper()
	res, err := b.try(method, path, body, headers...)
	if err != nil {
		b.t.Fatal(err)
	}
	defer res.Body.Close()
	out, err := io.ReadAll(res.Body)
	if err != nil {
		b.t.Fatal(err)
	}
	return res.StatusCode, out
}

func (b *box) try(method, path string, body any, headers ...string) (*http.Response, error) {
	var in io.Reader
	contentType := "application/json"
	switch v := body.(type) {
	case nil:
	case url.Values:
		in, contentType = strings.NewReader(v.Encode()), "application/x-www-form-urlencoded"
	case string:
		in = strings.NewReader(v)
	default:
		raw, err := json.Marshal(v)
		if err != nil {
			b.t.Fatal(err)
		}
		in = bytes.NewReader(raw)
	}
	req, err := http.NewRequest(method, b.url+path, in)
	if err != nil {
		b.t.Fatal(err)
	}
	req.Header.Set("Content-Type", contentType)
	for i := 0; i+1 < len(headers); i += 2 {
		req.Header.Set(headers[i], headers[i+1])
	}
	client := &http.Client{Transport: &http.Transport{DisableKeepAlives: true}, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	return client.Do(req)
}

// get reads JSON into out.
func (b *box) get(path string, out any) {
	b.t.Helper()
	status, body := b.call(http.MethodGet, path, nil)
	if status != http.StatusOK {
		b.t.Fatalf("GET %s: %d %s", path, status, body)
	}
	if err := json.Unmarshal(body, out); err != nil {
		b.t.Fatalf("GET %s: %v", path, err)
	}
}

// post sends JSON to a people's endpoint and wants 200.
func (b *box) post(path string, in any) map[string]any {
	b.t.Helper()
	status, body := b.call(http.MethodPost, path, in)
	if status != http.StatusOK {
		b.t.Fatalf("POST %s: %d %s", path, status, body)
	}
	var out map[string]any
	_ = json.Unmarshal(body, &out)
	return out
}

// truth reads a list of /truth.
func (b *box) truth(name string) []map[string]any {
	b.t.Helper()
	var all map[string][]map[string]any
	b.get("/truth", &all)
	list, ok := all[name]
	if !ok || list == nil {
		b.t.Fatalf("/truth has no list %s", name)
	}
	return list
}

func (b *box) plan(faults ...map[string]any) {
	b.t.Helper()
	b.post("/faults", faults)
}

// fired is how often the plans of a kind struck.
func (b *box) fired(kind string) int {
	b.t.Helper()
	n := 0
	for _, f := range b.truth("faults") {
		if f["kind"] == kind {
			n += int(f["fired"].(float64))
		}
	}
	return n
}

const ctxKey = "partnership/0198-aaaa/outreach/invitation/1"

var ctx = context.Background()
