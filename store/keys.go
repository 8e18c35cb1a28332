package store

import (
	"context"
	"slices"
	"strings"
	"time"

	"github.com/rapport-dev/rapport/partnership"
	"github.com/rapport-dev/rapport/store/db"
)

// The settings whose fingerprints are kept.
const (
	settingKeys   = "RAPPORT_CODEC_KEYS"
	settingSecret = "RAPPORT_SECRET_KEY"
	settingDay    = "RAPPORT_DAY"
)

// plainKey is the id under which a process that encrypts nothing says so.
const plainKey = "plain"

// The kinds of processes that read and write payloads.
const (
	Worker = "worker"
	Door   = "door"
	Shell  = "shell"
)

// CodecKey names a codec key without showing it.
type CodecKey struct {
	ID          string     `json:"id"`
	Fingerprint string     `json:"fingerprint"`
	WrittenAt   *time.Time `json:"written_at"` // when a process last wrote with it; null: none did
	DroppedAt   *time.Time `json:"dropped_at"` // when no history carried it any more
}

// CodecProcess is a process that runs, by its own word.
type CodecProcess struct {
	ID        string    `json:"-"`
	Kind      string    `json:"kind"` // worker, door, shell
	Place     string    `json:"place"`
	Reads     []string  `json:"reads"` // ids of keys, in the order of its setting
	Writes    string    `json:"writes"`
	StartedAt time.Time `json:"started_at"`
	SeenAt    time.Time `json:"seen_at"`
}

// KeyRing is which process has which codec key now.
type KeyRing struct {
	Keys      []CodecKey     `json:"keys"`
	Processes []CodecProcess `json:"processes"`
}

// KeyRing shows the codec keys and the processes that have them.
func (s *Store) KeyRing(ctx context.Context) (KeyRing, error) {
	ring, err := keyRing(ctx, s.q)
	return ring, mapped("codec keys", err)
}

func keyRing(ctx context.Context, q *db.Queries) (KeyRing, error) {
	keys, err := q.CodecKeys(ctx)
	if err != nil {
		return KeyRing{}, err
	}
	processes, err := q.CodecProcesses(ctx)
	return KeyRing{
		Keys: each(keys, func(k db.CodecKey) CodecKey {
			return CodecKey{ID: k.ID, Fingerprint: k.Fingerprint, WrittenAt: k.WrittenAt, DroppedAt: k.DroppedAt}
		}),
		Processes: each(processes, func(r db.CodecProcess) CodecProcess {
			return CodecProcess{ID: r.ID, Kind: r.Kind, Place: r.Place, Reads: r.Reads, Writes: r.Writes, StartedAt: r.StartedAt, SeenAt: r.SeenAt}
		}),
	}, err
}

// JoinKeys says that a process with those codec keys runs, and answers which of them it is to write with until it says so
// again: the first of its own that every process that runs can read. So a payload never reaches one that cannot read it,
// whatever the order in which processes get a new key. A process that could not read what is written is refused.
func (s *Store) JoinKeys(ctx context.Context, who CodecProcess, keys []CodecKey) (writes string, err error) {
	who.Reads = each(keys, func(k CodecKey) string { return k.ID })
	err = s.tx(ctx, "codec keys", func(q *db.Queries) error {
		if err := q.LockCodecKeys(ctx); err != nil {
			return err
		}
		if err := q.ForgetSilentProcesses(ctx); err != nil {
			return err
		}
		known, err := q.CodecKeys(ctx)
		if err != nil {
			return err
		}
		for i, key := range keys {
			first := len(known) == 0 && i == 0 // the deployment's own: there is nobody yet who could not read it
			err := q.RecordCodecKey(ctx, db.RecordCodecKeyParams{ID: key.ID, Fingerprint: key.Fingerprint, Known: first || who.Kind == Worker})
			if err != nil {
				return err
			}
		}
		if known, err = q.CodecKeys(ctx); err != nil {
			return err
		}
		running, err := q.CodecProcesses(ctx)
		if err != nil {
			return err
		}
		others := slices.DeleteFunc(running, func(o db.CodecProcess) bool { return o.ID == who.ID })
		if writes, err = choose(who, keys, known, others); err != nil {
			return err
		}
		if err := q.WriteWithCodecKey(ctx, writes); err != nil {
			return err
		}
		return q.SaveCodecProcess(ctx, db.SaveCodecProcessParams{ID: who.ID, Kind: who.Kind, Place: who.Place, Reads: who.Reads, Writes: writes})
	})
	return writes, err
}

// MayJoin says why a shell with those codec keys would be refused, and records nothing.
func (s *Store) MayJoin(ctx context.Context, keys []CodecKey) error {
	known, err := s.q.CodecKeys(ctx)
	if err != nil || len(known) == 0 {
		return mapped("codec keys", err)
	}
	running, err := s.q.CodecProcesses(ctx)
	if err != nil {
		return mapped("codec keys", err)
	}
	_, err = choose(CodecProcess{Kind: Shell, Reads: each(keys, func(k CodecKey) string { return k.ID })}, keys, known, running)
	return err
}

// LeaveKeys says that the process has ended.
func (s *Store) LeaveKeys(ctx context.Context, id string) error {
	return mapped("codec keys", s.q.RemoveCodecProcess(ctx, id))
}

// DropKey says that no history carries a codec key any more: nobody needs it from here on.
func (s *Store) DropKey(ctx context.Context, id, by string) error {
	return s.tx(ctx, "drop codec key", func(q *db.Queries) error {
		rows, err := q.DropCodecKey(ctx, id)
		if err := some("codec key that is not dropped yet", rows, err); err != nil {
			return err
		}
		return s.record(ctx, q, partnership.Deed{Who: by, Deed: partnership.DeedDropKey, Subject: "codec-key/" + id})
	})
}

// choose is the rule of JoinKeys.
func choose(who CodecProcess, keys []CodecKey, known []db.CodecKey, others []db.CodecProcess) (string, error) {
	if err := foreign(keys, known); err != nil {
		return "", err
	}
	if err := lacking(who, known, others); err != nil {
		return "", err
	}
	hasWorker := who.Kind == Worker || slices.ContainsFunc(others, func(o db.CodecProcess) bool { return o.Kind == Worker })
	var blind []string
	for _, id := range who.Reads {
		at := slices.IndexFunc(others, func(o db.CodecProcess) bool { return !slices.Contains(o.Reads, id) })
		switch {
		case at >= 0:
			blind = append(blind, others[at].Kind+" "+others[at].Place+" cannot read "+id)
		case !hasWorker && !read(known, id):
			blind = append(blind, "no worker has ever had "+id)
		default:
			return id, nil
		}
	}
	return "", refusal(settingKeys, "%s: put the new key behind the old one everywhere first (old:...,new:...), and in front after that; `rapport keys status` shows who has which",
		strings.Join(blind, ", "))
}

// foreign refuses a key whose id is that of another one.
func foreign(keys []CodecKey, known []db.CodecKey) error {
	for _, key := range keys {
		for _, k := range known {
			if k.ID == key.ID && k.Fingerprint != key.Fingerprint {
				return refusal(settingKeys, "the key %q is another one than that which this database knows by this id: restore the old value, or give a new key an id of its own", key.ID)
			}
		}
	}
	return nil
}

// lacking refuses a process that could not read what was written.
func lacking(who CodecProcess, known []db.CodecKey, others []db.CodecProcess) error {
	for _, k := range known {
		if k.ID != plainKey && k.WrittenAt != nil && k.DroppedAt == nil && !slices.Contains(who.Reads, k.ID) {
			return refusal(settingKeys, "the key %q is missing, with which histories are encrypted: put it behind the others (...,%s:<its value>); `rapport keys rotate --drop %s` says when it is not needed any more",
				k.ID, k.ID, k.ID)
		}
	}
	for _, o := range others {
		if o.Writes == plainKey && !slices.Contains(who.Reads, plainKey) {
			return refusal(settingKeys, "%s %s runs with the value plain, and what it writes would be refused here: stop every process, and start all with keys", o.Kind, o.Place)
		}
	}
	return nil
}

func read(known []db.CodecKey, id string) bool {
	return slices.ContainsFunc(known, func(k db.CodecKey) bool { return k.ID == id && k.ReadAt != nil })
}

func refusal(setting, format string, args ...any) error {
	err := partnership.Errorf(partnership.Conflict, format, args...)
	err.Field = setting
	return err
}
