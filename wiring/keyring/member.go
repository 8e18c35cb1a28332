package keyring

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"slices"
	"time"

	"github.com/google/uuid"

	"github.com/rapport-dev/rapport/engine"
	"github.com/rapport-dev/rapport/store"
	"github.com/rapport-dev/rapport/wiring/settings"
)

// heartbeat is how often a process says that it runs; after six that are missed it is forgotten.
const heartbeat = 5 * time.Second

// Member is this process among those that read and write payloads.
type Member struct {
	store *store.Store
	keys  engine.Keys
	who   store.CodecProcess
	stop  context.CancelFunc
	ended chan struct{}
}

// Join announces this process and has its keys write with the one that everybody can read. A process that could not read what
// others write, or whose key nobody else has, is refused with settings.Faults. It stays announced until Leave; refused is told
// when it may not go on: it was away while the others went on to a key that it lacks.
func Join(ctx context.Context, kept *store.Store, keys engine.Keys, kind string, log *slog.Logger, refused func(error)) (*Member, error) {
	host, err := os.Hostname()
	if err != nil {
		host = "unknown"
	}
	m := &Member{
		store: kept, keys: keys, ended: make(chan struct{}),
		who: store.CodecProcess{ID: uuid.NewString(), Kind: kind, Place: fmt.Sprintf("%s:%d", host, os.Getpid())},
	}
	if err := m.announce(ctx); err != nil {
		return nil, err
	}
	keys.Trust(m.issued)
	beating, stop := context.WithCancel(context.WithoutCancel(ctx))
	m.stop = stop
	go m.beat(beating, log, refused)
	return m, nil
}

// Writes is the key that this process writes with now.
func (m *Member) Writes() string { return m.keys.Writes() }

// Leave takes this process out of the list.
func (m *Member) Leave() {
	m.stop()
	<-m.ended
	ctx, cancel := context.WithTimeout(context.Background(), heartbeat)
	defer cancel()
	_ = m.store.LeaveKeys(ctx, m.who.ID) // else it is forgotten after half a minute
}

// patience is how long a workflow's task may wait for the database's word on a key; then it is tried again.
const patience = 500 * time.Millisecond

// issued reports whether a process ever had a key by that id.
func (m *Member) issued(id string) (bool, error) {
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	ring, err := m.store.KeyRing(ctx)
	return slices.ContainsFunc(ring.Keys, func(k store.CodecKey) bool { return k.ID == id }), err
}

func (m *Member) announce(ctx context.Context) error {
	writes, err := m.store.JoinKeys(ctx, m.who, Named(m.keys))
	if err != nil {
		return asFaults(err)
	}
	return m.keys.Use(writes)
}

func (m *Member) beat(ctx context.Context, log *slog.Logger, refused func(error)) {
	defer close(m.ended)
	tick := time.NewTicker(heartbeat)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
		before := m.keys.Writes()
		bounded, cancel := context.WithTimeout(ctx, heartbeat)
		err := m.announce(bounded)
		cancel()
		if faults, ok := errors.AsType[settings.Faults](err); ok {
			refused(faults)
			return
		}
		switch now := m.keys.Writes(); {
		case err != nil && ctx.Err() == nil:
			log.Warn("this process could not be announced; it goes on with the key that it has", "key", before, "error", err)
		case now != before:
			log.Info("every process can read another key", "was", before, "writes", now)
		}
	}
}

// Named are the keys as the database knows them.
func Named(keys engine.Keys) []store.CodecKey {
	var named []store.CodecKey
	for _, key := range keys.Prints() {
		named = append(named, store.CodecKey{ID: key.ID, Fingerprint: key.Fingerprint})
	}
	return named
}
