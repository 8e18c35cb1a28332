package store_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/rapport-dev/rapport/store"
)

// keys are codec keys by id; "id!" is one of other bytes under the same id.
func keys(ids string) []store.CodecKey {
	var named []store.CodecKey
	for id := range strings.SplitSeq(ids, ",") {
		name := strings.TrimSuffix(id, "!")
		named = append(named, store.CodecKey{ID: name, Fingerprint: "print of " + id})
	}
	return named
}

// Processes join in some order, each with its keys; which one each writes with, or why it is refused.
func TestWhoWritesWithWhichKey(t *testing.T) {
	t.Parallel()
	type step struct{ who, keys, want string }
	for name, steps := range map[string][]step{
		"one key, any order":                        {{"door 1", "k1", "k1"}, {"worker 1", "k1", "k1"}, {"shell 1", "k1", "k1"}},
		"door first, in front":                      {{"worker 1", "k1", "k1"}, {"door 1", "k2,k1", "k1"}, {"worker 1", "k2,k1", "k2"}, {"door 1", "k2,k1", "k2"}},
		"worker first, in front":                    {{"worker 1", "k1", "k1"}, {"door 1", "k1", "k1"}, {"worker 1", "k2,k1", "k1"}, {"door 1", "k2,k1", "k2"}, {"worker 1", "k2,k1", "k2"}},
		"one of two workers is late":                {{"worker 1", "k1", "k1"}, {"worker 2", "k1", "k1"}, {"worker 1", "k2,k1", "k1"}, {"worker 2", "k2,k1", "k2"}},
		"behind everywhere, then in front":          {{"worker 1", "k1,k2", "k1"}, {"door 1", "k1,k2", "k1"}, {"door 1", "k2,k1", "k2"}, {"worker 1", "k1,k2", "k1"}, {"worker 1", "k2,k1", "k2"}},
		"a shell that has only the new key":         {{"worker 1", "k1", "k1"}, {"shell 1", "k2", `the key "k1" is missing`}},
		"a shell that has only the old key":         {{"worker 1", "k2,k1", "k2"}, {"shell 1", "k1", `the key "k2" is missing`}},
		"a worker that has another key":             {{"door 1", "k1", "k1"}, {"worker 1", "k2", `the key "k1" is missing`}},
		"the same id with other bytes":              {{"worker 1", "k1", "k1"}, {"worker 2", "k1!", `the key "k1" is another one`}, {"shell 1", "k2,k1!", `the key "k1" is another one`}},
		"all are down and a door has a further one": {{"worker 1", "k1", "k1"}, {"worker 1", "", "gone"}, {"door 1", "k2,k1", "k1"}},
		"the key that was written with is left out": {{"worker 1", "k1,k2", "k1"}, {"worker 1", "", "gone"}, {"worker 1", "k2", `the key "k1" is missing`}},
		"plain among keys":                          {{"worker 1", "k1", "k1"}, {"door 1", "plain", `the key "k1" is missing`}},
		"keys among plain":                          {{"worker 1", "plain", "plain"}, {"door 1", "k1", "worker here 1 runs with the value plain"}},
		"from plain to keys, all at once":           {{"worker 1", "plain", "plain"}, {"worker 1", "", "gone"}, {"door 1", "k1", "no worker has ever had k1"}, {"worker 1", "k1", "k1"}, {"door 1", "k1", "k1"}},
	} {
		t.Run(name, func(t *testing.T) {
			f := open(t)
			for i, s := range steps {
				kind, number, _ := strings.Cut(s.who, " ")
				if s.want == "gone" {
					if err := f.LeaveKeys(t.Context(), s.who); err != nil {
						t.Fatal(err)
					}
					continue
				}
				writes, err := f.JoinKeys(t.Context(), store.CodecProcess{ID: s.who, Kind: kind, Place: "here " + number}, keys(s.keys))
				if got := fmt.Sprint(writes, err); writes != s.want && (err == nil || !strings.Contains(got, s.want)) {
					t.Fatalf("step %d, %s with %s: writes %q, %v; want %q", i+1, s.who, s.keys, writes, err, s.want)
				}
			}
		})
	}
}

// A process that fell silent counts no more, by the database's clock; one that is refused leaves no trace.
func TestSilentAndRefusedProcessesDoNotCount(t *testing.T) {
	t.Parallel()
	f := open(t)
	join := func(id, of string) (string, error) {
		return f.JoinKeys(t.Context(), store.CodecProcess{ID: id, Kind: strings.Fields(id)[0], Place: id}, keys(of))
	}
	for _, id := range []string{"worker 1", "worker 2"} {
		if _, err := join(id, "k1"); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := join("shell 1", "k9"); err == nil {
		t.Fatal("a shell with a foreign key is taken")
	}
	if err := f.sql(`update codec_processes set seen_at = now() - interval '31 seconds' where id = 'worker 2'`); err != nil {
		t.Fatal(err)
	}
	if writes, err := join("worker 1", "k2,k1"); writes != "k2" {
		t.Errorf("it writes with %q, %v: the silent one still counts", writes, err)
	}
	ring, err := f.KeyRing(t.Context())
	if err != nil || len(ring.Processes) != 1 || len(ring.Keys) != 2 {
		t.Errorf("%+v, %v", ring, err)
	}
	// The silent one wakes up and lacks what is written now.
	if _, err := join("worker 2", "k1"); err == nil || !strings.Contains(err.Error(), `RAPPORT_CODEC_KEYS: the key "k2" is missing`) {
		t.Errorf("it goes on: %v", err)
	}
	if err := f.DropKey(t.Context(), "k1", "cli:ada"); err != nil {
		t.Fatal(err)
	}
	if n := f.audited("cli:ada"); n != 1 {
		t.Errorf("the audit has %d lines of it", n)
	}
	if writes, err := join("worker 3", "k2"); writes != "k2" {
		t.Errorf("without the key that was dropped: %q, %v", writes, err)
	}
}

func TestADatabaseKnowsTheSettingsThatItWasMadeWith(t *testing.T) {
	t.Parallel()
	f := open(t)
	own := store.Prints{Secret: "own", Day: "24h0m0s"}
	for range 2 {
		if err := f.Belongs(t.Context(), own); err != nil {
			t.Fatal(err)
		}
	}
	for want, is := range map[string]store.Prints{
		"RAPPORT_SECRET_KEY: it is another one": {Secret: "foreign", Day: own.Day}, "RAPPORT_DAY: it is 2s, and this database was made with 24h0m0s": {Secret: own.Secret, Day: "2s"},
	} {
		if err := f.Belongs(t.Context(), is); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%+v: %v", is, err)
		}
	}
	if err := f.Accept(t.Context(), "RAPPORT_CODEC_KEYS", own); err == nil {
		t.Error("a codec key can be exchanged under its id")
	}
	if err := f.Accept(t.Context(), "RAPPORT_DAY", store.Prints{Secret: own.Secret, Day: "2s"}); err != nil {
		t.Fatal(err)
	}
	if err := f.Belongs(t.Context(), store.Prints{Secret: own.Secret, Day: "2s"}); err != nil {
		t.Error(err)
	}
	f.launch(1)
	if err := f.Accept(t.Context(), "RAPPORT_DAY", own); err == nil || !strings.Contains(err.Error(), "are open") {
		t.Errorf("the day changes under an open campaign: %v", err)
	}
}
