package store_test

import (
	"io"
	"net"
	"net/url"
	"sync/atomic"
	"testing"
	"time"

	"github.com/rapport-dev/rapport/partnership"
	"github.com/rapport-dev/rapport/proof/pgtest"
	"github.com/rapport-dev/rapport/store"
)

// mute stands between the store and its database. While it is muted, connections are taken and nothing is ever said: that is what a
// stopped Postgres looks like.
type mute struct {
	net.Listener
	muted atomic.Bool
}

func (m *mute) serve(to string) {
	for {
		in, err := m.Accept()
		if err != nil {
			return
		}
		out, err := net.Dial("tcp", to)
		if err != nil {
			_ = in.Close()
			continue
		}
		go m.pass(in, out)
		go m.pass(out, in)
	}
}

func (m *mute) pass(from, to net.Conn) {
	defer from.Close()
	defer to.Close()
	buf := make([]byte, 32<<10)
	for {
		n, err := from.Read(buf)
		if err != nil {
			return
		}
		if m.muted.Load() {
			_, _ = io.Copy(io.Discard, from)
			return
		}
		if _, err := to.Write(buf[:n]); err != nil {
			return
		}
	}
}

// Whoever asks without a deadline of their own gets an answer all the same, and afterwards all is well again.
func TestAStoppedDatabaseHoldsNobody(t *testing.T) {
	if testing.Short() {
		t.Skip("it waits for a limit in real time")
	}
	t.Parallel()
	at, err := url.Parse(pgtest.New(t, store.Migrate))
	must(t, err)
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	must(t, err)
	m := &mute{Listener: listener}
	t.Cleanup(func() { _ = m.Close() })
	go m.serve(at.Host)
	at.Host = listener.Addr().String()
	s, err := store.Open(t.Context(), at.String(), store.Options{SecretKey: []byte("a secret of thirty-two bytes.....")})
	must(t, err)
	t.Cleanup(s.Close)

	m.muted.Store(true)
	asked := time.Now()
	failed := make(chan error, 20) // more than there are connections
	for range cap(failed) {
		go func() {
			_, err := s.Campaign(t.Context(), "c1")
			failed <- err
		}()
	}
	for range cap(failed) {
		if err := <-failed; err == nil || partnership.CodeOf(err) != "" {
			t.Errorf("a database that is stopped answers %v", err)
		}
	}
	if took := time.Since(asked); took > 45*time.Second {
		t.Errorf("they were held for %s", took)
	}
	m.muted.Store(false)
	if _, err := s.Campaign(t.Context(), "c1"); partnership.CodeOf(err) != partnership.NotFound {
		t.Errorf("afterwards it answers %v", err)
	}
}
