package stack

import (
	"context"
	"fmt"
	"math/rand/v2"
	"net"
)

// Loopback is the only address that the embedded stack listens on.
const Loopback = "127.0.0.1"

// FreePorts returns one port for each preferred one, in the same order and all different: the preferred
// port where it is free, else any free one (0 prefers none).
//
// Ports are picked below the kernel's range for outgoing connections (from 32768): a client that keeps
// redialling a stopped server in that range can connect to itself and then blocks the server's return.
func FreePorts(preferred ...int) ([]int, error) {
	ports := make([]int, 0, len(preferred))
	held := make([]net.Listener, 0, len(preferred))
	defer func() {
		for _, listener := range held {
			_ = listener.Close()
		}
	}()
	for _, want := range preferred {
		listener, err := listenNear(want)
		if err != nil {
			return nil, err
		}
		held = append(held, listener)
		ports = append(ports, listener.Addr().(*net.TCPAddr).Port)
	}
	return ports, nil
}

// FreePort is FreePorts for one port.
func FreePort(preferred int) (int, error) {
	ports, err := FreePorts(preferred)
	if err != nil {
		return 0, err
	}
	return ports[0], nil
}

func listenNear(preferred int) (net.Listener, error) {
	const lowest, highest, tries = 15000, 32000, 200
	port := preferred
	var last error
	for range tries {
		if port != 0 {
			listener, err := listen(port)
			if err == nil {
				return listener, nil
			}
			last = err
		}
		port = lowest + rand.IntN(highest-lowest)
	}
	return nil, fmt.Errorf("no free port on %s: %w", Loopback, last)
}

// checkFree fails when port is taken. A server started on it would fail as well, but until then whoever
// holds the port could answer in its place.
func checkFree(ports ...int) error {
	for _, port := range ports {
		listener, err := listen(port)
		if err != nil {
			return fmt.Errorf("port %d is taken by another program: %w", port, err)
		}
		_ = listener.Close()
	}
	return nil
}

func listen(port int) (net.Listener, error) {
	var config net.ListenConfig // listening on loopback waits for nothing that a context could cut short
	return config.Listen(context.Background(), "tcp", fmt.Sprintf("%s:%d", Loopback, port))
}
