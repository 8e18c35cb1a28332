package main

import (
	"bytes"
	"encoding/json"
	"log/slog"
	"os"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"
	"go.temporal.io/sdk/client"

	"github.com/rapport-dev/rapport/engine"
	"github.com/rapport-dev/rapport/proof/temporaltest"
	"github.com/rapport-dev/rapport/store"
	"github.com/rapport-dev/rapport/wiring/keyring"
)

// A rotation by the commands alone: each step prints the setting of the next, and says who is not there yet.
func TestRotatingTheCodecKeyByItsCommands(t *testing.T) {
	if testing.Short() {
		t.Skip("it needs a database and Temporal")
	}
	kept(t)
	server := temporaltest.Server(t)
	t.Setenv("TEMPORAL_ADDRESS", server.Address())
	t.Setenv("TEMPORAL_NAMESPACE", server.Namespace())
	setting := "k1:jnVJ3ZxPtWZ6S0dUSwXa8K1nLqg8uYxO2vCq0bTzR5c="
	t.Setenv("RAPPORT_CODEC_KEYS", setting)
	s, err := store.Open(t.Context(), os.Getenv("RAPPORT_DATABASE_URL"), store.Options{SecretKey: []byte("a secret of these very tests ...")})
	must(t, err)
	defer s.Close()
	running := map[string]*keyring.Member{}
	start := func(kind, setting string) {
		t.Helper()
		if running[kind] != nil {
			running[kind].Leave()
		}
		keys, err := engine.ParseKeys(setting)
		must(t, err)
		running[kind], err = keyring.Join(t.Context(), s, keys, kind, slog.New(slog.DiscardHandler), func(err error) { t.Error(err) })
		must(t, err)
		t.Cleanup(running[kind].Leave)
	}
	start(store.Worker, setting)
	start(store.Door, setting)

	rotate := func(want keyring.Step, args ...string) rotation {
		t.Helper()
		var r rotation
		must(t, json.Unmarshal([]byte(output(t, append([]string{"--json", "keys", "rotate"}, args...)...)), &r))
		if r.Step != want {
			t.Fatalf("step %s, want %s: %s", r.Step, want, r.Say)
		}
		return r
	}
	first := rotate(keyring.Behind)
	if first.New != "k2" || !strings.HasPrefix(first.Setting, setting+",k2:") {
		t.Fatalf("pass 1 sets %d characters for %s", len(first.Setting), first.New)
	}
	start(store.Worker, first.Setting)
	if r := rotate(keyring.Behind); len(r.Waiting) != 1 || !strings.HasPrefix(r.Waiting[0], "door ") || r.Setting != "" {
		t.Errorf("with the door to come: waiting for %v; a shell with the old setting gets %q", r.Waiting, r.Setting)
	}
	t.Setenv("RAPPORT_CODEC_KEYS", first.Setting)
	start(store.Door, first.Setting)
	second := rotate(keyring.Ready)
	if !strings.HasPrefix(second.Setting, "k2:") || !strings.HasSuffix(second.Setting, ","+setting) {
		t.Fatal("pass 2 does not put the new key in front")
	}
	start(store.Door, second.Setting)
	if r := rotate(keyring.Front); len(r.Waiting) != 1 || !strings.HasPrefix(r.Waiting[0], "worker ") {
		t.Errorf("with the worker to come: waiting for %v", r.Waiting)
	}
	start(store.Worker, second.Setting)
	t.Setenv("RAPPORT_CODEC_KEYS", second.Setting)
	if text := output(t, "keys", "status"); !strings.Contains(text, "Every process writes with k2. Keep k1 behind it") || strings.Contains(text, "jnVJ3ZxP") {
		t.Errorf("status\n%s", text)
	}
	at(t, `update codec_keys set written_at = now() where id = 'k1'`)
	_, err = temporaltest.Client(t).ExecuteWorkflow(t.Context(), client.StartWorkflowOptions{TaskQueue: t.Name()}, "Anything")
	must(t, err)
	// Visibility follows the start; until it does nothing may be dropped on its word, and what is retained counts as much as what is open.
	for rotate(keyring.Rotated).Carrying == 0 {
	}
	var said bytes.Buffer
	if code := run(t.Context(), []string{"keys", "rotate", "--drop", "k1"}, &said, &said); code == done || !strings.Contains(said.String(), "may carry it") {
		t.Errorf("it drops a key that histories carry: exit %d, %s", code, &said)
	}
	at(t, `update codec_keys set written_at = now() - interval '2 years' where id = 'k1'`)
	if r := rotate(keyring.Rotated); r.Carrying != 0 || !strings.Contains(r.Say, "rapport keys rotate --drop k1") {
		t.Errorf("%d workflows: %s", r.Carrying, r.Say)
	}
	last := rotate(keyring.Rotated, "--drop", "k1")
	if !strings.HasPrefix(last.Setting, "k2:") || strings.Contains(last.Setting, ",") {
		t.Error("the last setting is not the new key alone")
	}
	t.Setenv("RAPPORT_CODEC_KEYS", last.Setting)
	start(store.Worker, last.Setting)
	start(store.Door, last.Setting)
	if text := output(t, "keys", "status"); !strings.Contains(text, "One key, k2, everywhere.") {
		t.Errorf("status\n%s", text)
	}
}

// at changes the database behind the store's back, as time would.
func at(t *testing.T, statement string) {
	t.Helper()
	conn, err := pgx.Connect(t.Context(), os.Getenv("RAPPORT_DATABASE_URL"))
	must(t, err)
	defer conn.Close(t.Context())
	_, err = conn.Exec(t.Context(), statement)
	must(t, err)
}
