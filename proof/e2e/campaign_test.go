package e2e

import (
	"fmt"
	"net"
	"testing"
	"time"

	"github.com/rapport-dev/rapport/proof/systemtest"
)

// day is how long a campaign day lasts here: long enough for a machine with two busy cores.
const day = time.Second

// TestACampaignFromOutside plays a campaign of made-up creators to its payouts, judges the report by the vendors' record, and looks
// for traces of the creators where none may be. Then the same folder is started once more, and stopped by Ctrl-C.
func TestACampaignFromOutside(t *testing.T) {
	if testing.Short() {
		t.Skip("it runs the whole system for minutes")
	}
	dir, people := systemtest.NewDir(t), markedPeople(t)
	s := systemtest.Start(t, systemtest.Options{Dir: dir, Day: day, Creators: people.csv, Exit: true, Timeout: 5 * time.Minute})
	s.Await("Launched Dreams In Short")
	pids, metrics := s.PIDs(), scrape(t, s)
	r := s.Report()
	t.Run("the report holds", func(t *testing.T) { systemtest.Judge(t, r, dir) })
	t.Run("nothing runs on", func(t *testing.T) { nothingRunsOn(t, s, pids) })
	t.Run("no trace of the creators", func(t *testing.T) { people.nowhere(t, dir, metrics()) })
	if t.Failed() {
		return
	}
	t.Run("another start plays the next round, until Ctrl-C", func(t *testing.T) {
		s := systemtest.Start(t, systemtest.Options{Dir: dir, Day: day, Creators: people.csv})
		s.Await("Launched Dreams In Short, round 2.")
		s.Await(": contracting") // somebody has accepted anew
		pids := s.PIDs()
		s.Interrupt()
		nothingRunsOn(t, s, pids)
	})
}

// nothingRunsOn checks that an ended system left none of its processes and no listener.
func nothingRunsOn(t *testing.T, s *systemtest.System, pids map[string]int) {
	t.Helper()
	for _, name := range []string{"dev", "postgres", "temporal", "worker"} {
		if pid := pids[name]; pid == 0 || systemtest.Alive(pid) {
			t.Errorf("%s, process %d, runs on", name, pid)
		}
	}
	for _, port := range s.Ports().All() {
		listener, err := (&net.ListenConfig{}).Listen(t.Context(), "tcp", fmt.Sprintf("127.0.0.1:%d", port))
		if err != nil {
			t.Errorf("port %d is still taken: %v", port, err)
			continue
		}
		_ = listener.Close()
	}
}
