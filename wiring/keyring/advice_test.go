package keyring

import (
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/rapport-dev/rapport/engine"
	"github.com/rapport-dev/rapport/store"
)

// ring reads "worker a k1,k2 k1; door b k1 k1" (kind, place, reads, writes) and "k1 written; k2 -".
func ring(processes, keys string) store.KeyRing {
	var r store.KeyRing
	for text := range strings.SplitSeq(processes, ";") {
		if f := strings.Fields(text); len(f) == 4 {
			r.Processes = append(r.Processes, store.CodecProcess{Kind: f[0], Place: f[1], Reads: strings.Split(f[2], ","), Writes: f[3]})
		}
	}
	at := time.Date(2026, 11, 1, 0, 0, 0, 0, time.UTC)
	for text := range strings.SplitSeq(keys, ";") {
		f := strings.Fields(text)
		k := store.CodecKey{ID: f[0]}
		if f[1] != "-" {
			k.WrittenAt = &at
		}
		if f[1] == "dropped" {
			k.DroppedAt = &at
		}
		r.Keys = append(r.Keys, k)
	}
	return r
}

func TestWhatIsSafeToDoNext(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		processes, keys string
		step            Step
		waiting         string
	}{
		"nobody runs":                {"shell s k1 k1", "k1 written", Nobody, ""},
		"plain":                      {"worker a plain plain", "plain written", Off, ""},
		"one key":                    {"worker a k1 k1; door b k1 k1", "k1 written", Settled, ""},
		"one key after another":      {"worker a k2 k2; door b k2 k2", "k1 dropped; k2 written", Settled, ""},
		"a worker has the next":      {"worker a k1,k2 k1; worker c k1 k1; door b k1 k1", "k1 written; k2 -", Behind, "worker c, door b"},
		"the next in front too soon": {"worker a k2,k1 k1; door b k1 k1", "k1 written; k2 -", Behind, "door b"},
		"all have the next":          {"worker a k1,k2 k1; door b k1,k2 k1; shell s k1 k1", "k1 written; k2 -", Ready, ""},
		"a door writes with it":      {"worker a k1,k2 k1; door b k2,k1 k2", "k1 written; k2 written", Front, "worker a"},
		"all write with it":          {"worker a k2,k1 k2; door b k2,k1 k2", "k1 written; k2 written", Rotated, ""},
	} {
		got := Advise(ring(test.processes, test.keys))
		if got.Step != test.step || strings.Join(got.Waiting, ", ") != test.waiting {
			t.Errorf("%s: %s, waiting for %v; want %s, %s\n%s", name, got.Step, got.Waiting, test.step, test.waiting, got.Say)
		}
	}
}

func TestTheSettingOfEachPass(t *testing.T) {
	t.Parallel()
	own, now := ReadSetting("k1:AAA"), ring("worker a k1 k1", "k1 written")
	id, behind := own.Next(now)
	require.Equal(t, "k2", id)
	keys, err := engine.ParseKeys(strings.Replace(behind, "AAA", random(t), 1))
	require.NoError(t, err)
	require.NoError(t, keys.Strong())
	require.Equal(t, "k1", keys.Writes(), "the next key is in front in the first pass")

	own = ReadSetting(behind)
	again, same := own.Next(now)
	require.Equal(t, id, again, "a second call makes another key")
	require.Equal(t, behind, same)
	front := own.InOrder("k2", "k1")
	require.True(t, strings.HasPrefix(front, "k2:") && strings.HasSuffix(front, ",k1:AAA"), front)
	require.Empty(t, own.InOrder("k3", "k1"))
	require.Equal(t, "k1:AAA", own.Without("k2"))
	_, last := ReadSetting("dev:AAA").Next(ring("worker a dev dev", "dev written; dev2 dropped"))
	require.Contains(t, last, ",dev3:")
}
