package pgtest

import (
	"context"
	"io"
	"net"
	"net/url"
	"sync/atomic"
	"testing"
)

// Wall stands between a program and its database. While it is up, connections are taken and nothing is ever said: that is what a stopped Postgres
// looks like.
type Wall struct {
	listener net.Listener
	up       atomic.Bool
}

// Through is the way to a database by a wall of its own, which is down at first and goes with the test.
func Through(t testing.TB, address string) (string, *Wall) {
	t.Helper()
	at, err := url.Parse(address)
	if err != nil {
		t.Fatal(err)
	}
	listener, err := (&net.ListenConfig{}).Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	w := &Wall{listener: listener}
	t.Cleanup(func() { _ = listener.Close() })
	go w.serve(context.WithoutCancel(t.Context()), at.Host)
	at.Host = listener.Addr().String()
	return at.String(), w
}

// Raise puts the wall up, or takes it down.
func (w *Wall) Raise(up bool) { w.up.Store(up) }

func (w *Wall) serve(ctx context.Context, to string) {
	for {
		in, err := w.listener.Accept()
		if err != nil {
			return
		}
		out, err := (&net.Dialer{}).DialContext(ctx, "tcp", to)
		if err != nil {
			_ = in.Close()
			continue
		}
		go w.pass(in, out)
		go w.pass(out, in)
	}
}

func (w *Wall) pass(from, to net.Conn) {
	defer func() { _, _ = from.Close(), to.Close() }()
	buf := make([]byte, 32<<10)
	for {
		n, err := from.Read(buf)
		if err != nil {
			return
		}
		if w.up.Load() {
			_, _ = io.Copy(io.Discard, from)
			return
		}
		if _, err := to.Write(buf[:n]); err != nil {
			return
		}
	}
}
