package systemtest

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"net/http"
	"syscall"
	"time"
)

// Plan is a fault for POST /faults of the sandbox.
type Plan struct {
	Vendor   string  `json:"vendor"`
	Endpoint string  `json:"endpoint"`
	Kind     string  `json:"kind"`
	Count    int     `json:"count,omitempty"`
	Rate     float64 `json:"rate,omitempty"`
	MS       int     `json:"ms,omitempty"`
}

// Plan sets faults, once the sandbox is there.
func (s *System) Plan(plans ...Plan) {
	s.t.Helper()
	if len(plans) == 0 {
		return
	}
	body, err := json.Marshal(plans)
	if err != nil {
		s.t.Fatal(err)
	}
	address := fmt.Sprintf("http://%s/faults", s.sandbox())
	err = s.until(func(ctx context.Context) (bool, error) {
		request, err := http.NewRequestWithContext(ctx, http.MethodPost, address, bytes.NewReader(body))
		if err != nil {
			return false, err
		}
		response, err := http.DefaultClient.Do(request)
		if err != nil {
			return false, nil // not up yet
		}
		defer response.Body.Close()
		if response.StatusCode != http.StatusOK {
			return false, fmt.Errorf("the sandbox refuses the plan: %s", response.Status)
		}
		return true, nil
	})
	if err != nil {
		s.t.Fatal(err)
	}
}

// NoFaults takes every plan back.
func (s *System) NoFaults() {
	s.t.Helper()
	s.answer(nil, http.MethodDelete, "http://"+s.sandbox()+"/faults", nil, http.Header{})
}

// sandbox waits until the ports are chosen and returns the sandbox's address.
func (s *System) sandbox() string {
	s.t.Helper()
	s.Await("Starting the worker") // by then it listens
	return fmt.Sprintf("127.0.0.1:%d", s.Ports().Sandbox)
}

// Kill is kill -9 for one of the processes. It waits until another one has taken its place, and returns false when there was
// nothing to kill because the system has come to its end.
func (s *System) Kill(name string) bool {
	s.t.Helper()
	pids, err := s.pids()
	if pids[name] == 0 || err != nil || syscall.Kill(pids[name], syscall.SIGKILL) != nil {
		return false
	}
	err = s.until(func(context.Context) (bool, error) {
		now, err := s.pids()
		if errors.Is(err, fs.ErrNotExist) {
			return false, errEnded
		}
		return now[name] != 0 && now[name] != pids[name] && Alive(now[name]), err
	})
	if err != nil && !errors.Is(err, errEnded) {
		s.t.Errorf("%s was not started again: %v", name, err)
	}
	return true
}

// Every strikes again and again until the system ends, and returns how often it hit.
func (s *System) Every(interval time.Duration, strike func() bool) (hits int) {
	tick := time.NewTicker(interval)
	defer tick.Stop()
	for {
		select {
		case <-s.ended:
			return hits
		case <-tick.C:
			if strike() {
				hits++
			}
		}
	}
}

var errEnded = errors.New("the system has ended")

// until is within two minutes.
func (s *System) until(done func(context.Context) (bool, error)) error {
	return s.within(2*time.Minute, done)
}

// within asks again and again, at short intervals, for what no event tells, and not beyond the system's end.
func (s *System) within(limit time.Duration, done func(context.Context) (bool, error)) error {
	ctx, cancel := context.WithTimeout(s.t.Context(), limit)
	defer cancel()
	tick := time.NewTicker(50 * time.Millisecond)
	defer tick.Stop()
	for {
		if ok, err := done(ctx); ok || err != nil {
			return err
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-s.ended:
			return errEnded
		case <-tick.C:
		}
	}
}
