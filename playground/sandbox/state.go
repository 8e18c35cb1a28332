package sandbox

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"sync"
	"time"
)

// saveEvery bounds how much a crash of the sandbox itself may lose.
const saveEvery = 200 * time.Millisecond

// state is everything the sandbox remembers, saved as one JSON file. Large bodies are blobs beside it.
type state struct {
	Number int64 `json:"number"` // the last number given out: mails, messages and the shop's numeric ids share it

	Mails    []*letter         `json:"mails"`
	MailFeed []json.RawMessage `json:"mail_feed"` // SendGrid events that wait for their batch
	FlushAt  time.Time         `json:"flush_at"`

	Envelopes []*envelope          `json:"envelopes"`
	Tokens    map[string]time.Time `json:"tokens"` // DocuSign access tokens and when they end

	Shipments []*shipment `json:"shipments"`

	Variants  []*variant  `json:"variants"`
	Drafts    []*draft    `json:"drafts"`
	Discounts []*discount `json:"discounts"`
	Orders    []*order    `json:"orders"`

	Messages     []*message              `json:"messages"`
	LastTS       int64                   `json:"last_ts"` // microseconds: Slack's ts never repeats
	Views        []*view                 `json:"views"`
	Triggers     map[string]int64        `json:"triggers"` // trigger ids not used yet, by the unix milliseconds of their making
	ResponseURLs map[string]*responseURL `json:"response_urls"`
	Responses    []*chatResponse         `json:"responses"`

	Accounts   []*account            `json:"accounts"`
	Transfers  []*transfer           `json:"transfers"`
	Funds      map[string]int64      `json:"funds"` // what the platform had before all transfers, by currency
	StripeKeys map[string]*savedCall `json:"stripe_keys"`

	Plans  []*plan                `json:"plans"`
	Struck []*struck              `json:"struck"`
	Queues map[string][]*delivery `json:"queues"`
	Held   map[string]*delivery   `json:"held"` // one a queue: waits to be overtaken
	Sent   map[string]*queueStats `json:"sent"`
}

func newState() *state {
	return &state{
		Number: 1000, Tokens: map[string]time.Time{}, Triggers: map[string]int64{}, ResponseURLs: map[string]*responseURL{},
		Funds: map[string]int64{}, StripeKeys: map[string]*savedCall{}, Queues: map[string][]*delivery{},
		Held: map[string]*delivery{}, Sent: map[string]*queueStats{},
	}
}

// next gives a number that no restart repeats.
func (st *state) next() int64 {
	st.Number++
	return st.Number
}

// find returns the first element that fits, nil when none does.
func find[T any](all []*T, fits func(*T) bool) *T {
	for _, v := range all {
		if fits(v) {
			return v
		}
	}
	return nil
}

func loadState(path string) (*state, error) {
	st := newState()
	if path == "" {
		return st, nil
	}
	raw, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		return st, nil
	}
	if err != nil {
		return nil, fmt.Errorf("sandbox: %w", err)
	}
	if err := json.Unmarshal(raw, st); err != nil {
		return nil, fmt.Errorf("sandbox: %s is not a state file: %w", filepath.Base(path), err)
	}
	for _, q := range st.Queues {
		for _, d := range q {
			d.NotBefore = time.Time{} // what waited for the last run's backoff is tried at once
		}
	}
	return st, nil
}

// save writes the state file atomically: a crash leaves the old one or the new one.
func (s *Server) save() error {
	if s.cfg.StateFile == "" {
		return nil
	}
	s.mu.Lock()
	raw, err := json.Marshal(s.st)
	s.mu.Unlock()
	if err != nil {
		return fmt.Errorf("sandbox: %w", err)
	}
	if err := os.MkdirAll(filepath.Dir(s.cfg.StateFile), 0o700); err != nil {
		return fmt.Errorf("sandbox: %w", err)
	}
	return writeAtomically(s.cfg.StateFile, raw)
}

func writeAtomically(path string, raw []byte) error {
	f, err := os.CreateTemp(filepath.Dir(path), filepath.Base(path)+".*")
	if err != nil {
		return fmt.Errorf("sandbox: %w", err)
	}
	_, err = f.Write(raw)
	if err = errors.Join(err, f.Close()); err == nil {
		err = os.Rename(f.Name(), path)
	}
	if err != nil {
		os.Remove(f.Name())
		return fmt.Errorf("sandbox: %w", err)
	}
	return nil
}

// runSaver writes the state soon after a change, and never more often than every saveEvery.
func (s *Server) runSaver(ctx context.Context) {
	for {
		select {
		case <-ctx.Done():
			return
		case <-s.dirty:
		}
		pause(ctx, saveEvery)
		if err := s.save(); err != nil {
			s.log.Error("saving the state failed", "error", err)
		}
	}
}

// pause waits for d or until ctx ends, and says whether the time was waited out.
func pause(ctx context.Context, d time.Duration) bool {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-t.C:
		return true
	case <-ctx.Done():
		return false
	}
}

// blobs keeps large bodies (contracts, mails) by their hash, each written once: the state file stays small enough to be
// rewritten several times a second.
type blobs struct {
	mu  sync.Mutex
	dir string // "" keeps them in memory only
	all map[string][]byte
}

func newBlobs(stateFile string) *blobs {
	b := &blobs{all: map[string][]byte{}}
	if stateFile != "" {
		b.dir = stateFile + ".blobs"
	}
	return b
}

// put keeps body and returns its name. A disk that refuses costs the body at the next start, not the request.
func (b *blobs) put(body []byte) string {
	sum := sha256.Sum256(body)
	name := hex.EncodeToString(sum[:])
	b.mu.Lock()
	defer b.mu.Unlock()
	if _, ok := b.all[name]; ok {
		return name
	}
	b.all[name] = body
	if b.dir != "" && os.MkdirAll(b.dir, 0o700) == nil {
		_ = writeAtomically(filepath.Join(b.dir, name), body)
	}
	return name
}

func (b *blobs) get(name string) []byte {
	b.mu.Lock()
	defer b.mu.Unlock()
	if body, ok := b.all[name]; ok || b.dir == "" || name == "" {
		return body
	}
	body, err := os.ReadFile(filepath.Join(b.dir, filepath.Base(name)))
	if err == nil {
		b.all[name] = body
	}
	return body
}
