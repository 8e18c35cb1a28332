package faulttest

import (
	"crypto/rand"
	"encoding/base64"
	"strings"
	"testing"
	"time"

	"github.com/rapport-dev/rapport/proof/systemtest"
)

// TestRollingRestartWithOtherKeys changes the codec key of a campaign that runs, in its two passes. In each there are processes of the
// pass before and of the one that comes: a worker beside the system is always one step away from it. Everything is restarted twice,
// while most people are away and timers move the stories.
func TestRollingRestartWithOtherKeys(t *testing.T) {
	long(t)
	const day = 2 * time.Second
	k1, k2 := key("k1"), key("k2")
	passes := []struct{ system, beside string }{
		{keys(k1), keys(k1, k2)},     // the new key comes behind the old one
		{keys(k1, k2), keys(k2, k1)}, // and before it
		{keys(k2, k1), keys(k1, k2)}, // one worker is late
	}
	dir, creators := systemtest.NewDir(t), systemtest.Crowd(18)
	for i, pass := range passes {
		last := i == len(passes)-1
		s := systemtest.Start(t, systemtest.Options{
			Dir: dir, Day: day, Alone: true, Exit: last, Timeout: patience, Env: []string{pass.system},
			Creators: systemtest.CSV(t, creators), Campaign: absentCampaign,
		})
		s.AwaitAny([]string{"Launched Made Together"}, []string{"goes on where the last start left it"})
		town := mostlyAway(creators)
		town.Day, town.WindowDays, town.PublishFrom = day, 8, time.Now().Add(9*day)
		if i > 0 {
			town.PublishFrom = time.Now()
		}
		away := s.PlayTown(town)
		leave := s.Worker(pass.beside)
		if !last {
			pause(s, 8*day)
			away()
			leave()
			s.Interrupt()
			continue
		}
		r := s.Report()
		leave()
		systemtest.Judge(t, r, dir)
		moved(t, r)
	}
	nobodyDied(t, dir)
}

// TestAWorkerWithAWrongKey has the only worker come back with a wrong key for a minute, first with other bytes under the same name,
// then without the key that everything is written with. It is refused before it reads anything; no story notices but by the time.
func TestAWorkerWithAWrongKey(t *testing.T) {
	long(t)
	const day, minute = 4 * time.Second, time.Minute
	creators, right := systemtest.Crowd(18), key("k1")
	s := systemtest.Start(t, systemtest.Options{
		Day: day, Alone: true, Exit: true, Timeout: patience, Env: []string{keys(right)}, OwnWorker: true,
		Creators: systemtest.CSV(t, creators), Campaign: absentCampaign,
	})
	s.Await("Launched Made Together")
	town := mostlyAway(creators)
	town.Day, town.WindowDays, town.PublishFrom = day, 8, time.Now().Add(9*day)
	s.PlayTown(town)
	for _, wrong := range []struct{ moment, keys, refusal string }{
		{": contracting", key("k1"), `the key "k1" is another one`},
		{": content", key("k2"), `the key "k1" is missing`},
	} {
		s.Await(wrong.moment)
		before := len(s.WorkerLog())
		s.SetWorker(keys(wrong.keys))
		since := func() string { return s.WorkerLog()[before:] }
		s.Until("its refusal", func() bool { return strings.Contains(since(), wrong.refusal) })
		if !pause(s, minute) {
			t.Fatal("the campaign ended without a worker")
		}
		t.Logf("%s: refused %d times", wrong.refusal, strings.Count(since(), wrong.refusal))
		if strings.Contains(since(), "worker started") {
			t.Error("a worker with a wrong key began to work")
		}
		s.SetWorker()
		s.Until("the worker with the right key", func() bool { return strings.Contains(since(), "worker started") })
	}
	r := s.Report()
	systemtest.Judge(t, r, s.Dir)
	moved(t, r)
	nobodyDied(t, s.Dir)
}

// key is a fresh codec key by that name.
func key(name string) string {
	secret := make([]byte, 32)
	_, _ = rand.Read(secret)
	return name + ":" + base64.StdEncoding.EncodeToString(secret)
}

func keys(in ...string) string { return "RAPPORT_CODEC_KEYS=" + strings.Join(in, ",") }
