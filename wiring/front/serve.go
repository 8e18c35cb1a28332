package front

import (
	"context"
	"errors"
	"net"
	"net/http"
	"time"

	"github.com/rapport-dev/rapport/web"
)

// grace is how long requests under way may take after the front door was asked to close.
const grace = 10 * time.Second

// Serve serves until ctx ends, then lets requests under way finish and what they left for later be done.
func Serve(ctx context.Context, listener net.Listener, door *web.Server) error {
	server := web.HTTP(door)
	server.RegisterOnShutdown(door.Closing)
	working, stopWorking := context.WithCancel(context.WithoutCancel(ctx))
	defer stopWorking()
	done := make(chan struct{})
	go func() { defer close(done); door.Run(working) }()
	failed := make(chan error, 1)
	go func() { failed <- server.Serve(listener) }()
	var err error
	select {
	case err = <-failed:
	case <-ctx.Done():
		bounded, cancel := context.WithTimeout(context.WithoutCancel(ctx), grace)
		defer cancel()
		if err = server.Shutdown(bounded); errors.Is(err, context.DeadlineExceeded) {
			err = server.Close()
		}
	}
	stopWorking()
	<-done
	if errors.Is(err, http.ErrServerClosed) {
		return nil
	}
	return err
}
