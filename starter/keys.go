package main

import (
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/rapport-dev/rapport/app/deeds"
	"github.com/rapport-dev/rapport/engine"
	"github.com/rapport-dev/rapport/partnership"
	"github.com/rapport-dev/rapport/store"
	"github.com/rapport-dev/rapport/wiring/keyring"
)

type keysCommands struct {
	Status keysStatus `cmd:"" help:"Which process has which codec key, which it writes with, and what is safe to do next."`
	Rotate keysRotate `cmd:"" help:"The next step of changing the codec key: what to set where, once it is safe."`
}

type keysStatus struct{}

// keysDocument is keys status in JSON.
type keysDocument struct {
	store.KeyRing
	Next keyring.Advice `json:"next"`
}

func (keysStatus) Run(a *app) error {
	kept, err := a.store()
	if err != nil {
		return err
	}
	ring, err := kept.KeyRing(a.ctx)
	if err != nil {
		return err
	}
	next := keyring.Advise(ring)
	return a.show(keysDocument{ring, next}, func(w io.Writer) {
		if len(ring.Processes) > 0 {
			table(w, "process where reads writes since", processRows(ring))
			line(w, "")
		}
		if len(ring.Keys) > 0 {
			table(w, "key fingerprint written dropped", keyRows(ring))
			line(w, "")
		}
		line(w, "%s", next.Say)
	})
}

func processRows(ring store.KeyRing) [][]string {
	var rows [][]string
	for _, r := range ring.Processes {
		rows = append(rows, []string{r.Kind, r.Place, strings.Join(r.Reads, ","), r.Writes, when(r.StartedAt)})
	}
	return rows
}

func keyRows(ring store.KeyRing) [][]string {
	var rows [][]string
	for _, k := range ring.Keys {
		written, dropped := "never", ""
		if k.WrittenAt != nil {
			written = when(*k.WrittenAt)
		}
		if k.DroppedAt != nil {
			dropped = when(*k.DroppedAt)
		}
		rows = append(rows, []string{k.ID, k.Fingerprint, written, dropped})
	}
	return rows
}

type keysRotate struct {
	Drop string `placeholder:"KEY" help:"Say that an old key is not needed any more. It is refused while a history may carry it."`
}

func (keysRotate) Help() string {
	return `A key is changed in two passes, with a restart of every process in each: the new one behind the old one everywhere, then in front. This says which pass is next, checks that the one before is
complete, and prints the setting. It prints keys: run it where nobody looks, with the RAPPORT_CODEC_KEYS of the running processes. Whatever the order of restarts, nothing is lost: a process writes
only with what every other can read.

  rapport keys rotate              # again after each pass
  rapport keys rotate --drop k1    # at the end`
}

// rotation is keys rotate in JSON.
type rotation struct {
	keyring.Advice
	Setting  string `json:"setting,omitempty"`  // the RAPPORT_CODEC_KEYS to start the processes with
	Carrying int64  `json:"carrying,omitempty"` // workflows that may carry an old key
}

func (c keysRotate) Run(a *app) error {
	s, err := a.settings()
	if err != nil {
		return err
	}
	if err := s.Require("RAPPORT_CODEC_KEYS"); err != nil {
		return err
	}
	kept, err := a.store()
	if err != nil {
		return err
	}
	ring, err := kept.KeyRing(a.ctx)
	if err != nil {
		return err
	}
	r, own := rotation{Advice: keyring.Advise(ring)}, keyring.ReadSetting(s.CodecKeys.Reveal())
	if c.Drop != "" && (r.Step != keyring.Rotated || !slices.Contains(r.Old, c.Drop)) {
		return partnership.FieldErrorf("drop", "%q is not a key that every process has behind a newer one. %s", c.Drop, r.Say)
	}
	switch r.Step {
	case keyring.Settled:
		if own.InOrder(r.New) == "" {
			return partnership.FieldErrorf("RAPPORT_CODEC_KEYS", "it lacks the key %q with which everybody writes: run this with the setting of the running processes", r.New)
		}
		r.Step, r.Old = keyring.Behind, []string{r.New}
		r.New, r.Setting = own.Next(ring)
		r.Say = "Pass 1: restart every process, workers first, with this RAPPORT_CODEC_KEYS, and keep it where the old one is kept. Then: rapport keys rotate"
	case keyring.Behind:
		r.Setting = own.InOrder(append(slices.Clone(r.Old), r.New)...)
	case keyring.Ready, keyring.Front:
		r.Setting = own.InOrder(append([]string{r.New}, r.Old...)...)
	case keyring.Rotated:
		if err := c.finish(a, kept, ring, own, &r); err != nil {
			return err
		}
	}
	return a.show(r, func(w io.Writer) {
		line(w, "%s", r.Say)
		if r.Setting != "" {
			line(w, "\nRAPPORT_CODEC_KEYS=%s", r.Setting)
		}
	})
}

// finish looks whether a history or a schedule may still carry an old key, and drops it when that was asked for.
func (c keysRotate) finish(a *app, kept *store.Store, ring store.KeyRing, own keyring.Setting, r *rotation) error {
	temporal, err := a.client()
	if err != nil {
		return err
	}
	keys, err := a.loaded.Keys()
	if err != nil {
		return err
	}
	if err := keys.Use(r.New); err != nil {
		return partnership.FieldErrorf("RAPPORT_CODEC_KEYS", "it lacks the key %q with which everybody writes", r.New)
	}
	if _, err := engine.RekeySchedules(a.ctx, temporal, a.loaded.TemporalNamespace, keys); err != nil {
		return err
	}
	old := r.Old[0]
	if c.Drop != "" {
		old = c.Drop
	}
	at := slices.IndexFunc(ring.Keys, func(k store.CodecKey) bool { return k.ID == old })
	if r.Carrying, err = engine.BegunBefore(a.ctx, temporal, a.loaded.TemporalNamespace, *ring.Keys[at].WrittenAt); err != nil {
		return err
	}
	switch {
	case r.Carrying > 0 && c.Drop == "":
		r.Say += fmt.Sprintf(" %s may be in %d workflows that are open or kept.", old, r.Carrying)
	case c.Drop == "":
		r.Say = "No history carries " + old + " any more: rapport keys rotate --drop " + old
	default:
		by, err := a.may(partnership.DeedDropKey)
		if err != nil {
			return err
		}
		if err := deeds.DropKey(a.ctx, kept, by, old, r.Carrying); err != nil {
			return err
		}
		r.Setting = own.Without(old)
		r.Say = old + " is dropped. Restart every process without it, and keep it with the backups that were made under it:"
	}
	return nil
}
