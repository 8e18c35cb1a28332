package sandbox

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"time"
)

// saveEvery bounds how much a crash of the sandbox itself may lose.
const saveEvery = 200 * time.Millisecond

// parts are what the core and each vendor remember.
func (s *Server) parts() []any {
	parts := []any{s.st}
	for _, v := range s.services {
		if v.State != nil {
			parts = append(parts, v.State)
		}
	}
	return parts
}

func (s *Server) load() error {
	if s.cfg.StateFile == "" {
		return nil
	}
	raw, err := os.ReadFile(s.cfg.StateFile)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("sandbox: %w", err)
	}
	for _, part := range s.parts() {
		if err := json.Unmarshal(raw, part); err != nil {
			return fmt.Errorf("sandbox: %s is not a state file: %w", filepath.Base(s.cfg.StateFile), err)
		}
	}
	// What waits for a vendor of an earlier build that is no more goes nowhere.
	maps.DeleteFunc(s.st.Queues, func(queue string, _ []*Delivery) bool { return s.queue(queue) == nil })
	maps.DeleteFunc(s.st.Held, func(queue string, _ *Delivery) bool { return s.queue(queue) == nil })
	for _, deliveries := range s.st.Queues {
		for _, d := range deliveries {
			d.NotBefore = time.Time{} // what waited for the last run's backoff is tried at once
		}
	}
	return nil
}

// save writes the state file atomically: a crash leaves the old one or the new one.
func (s *Server) save() error {
	if s.cfg.StateFile == "" {
		return nil
	}
	raw, err := s.whole()
	if err != nil {
		return fmt.Errorf("sandbox: %w", err)
	}
	if err := os.MkdirAll(filepath.Dir(s.cfg.StateFile), 0o700); err != nil {
		return fmt.Errorf("sandbox: %w", err)
	}
	return writeAtomically(s.cfg.StateFile, raw)
}

// whole is everybody's part as one object.
func (s *Server) whole() ([]byte, error) {
	var written []json.RawMessage
	s.mu.Lock()
	for _, part := range s.parts() {
		raw, err := json.Marshal(part)
		if err != nil {
			s.mu.Unlock()
			return nil, err
		}
		written = append(written, raw)
	}
	s.mu.Unlock()
	all := map[string]json.RawMessage{}
	for _, raw := range written {
		var part map[string]json.RawMessage
		if err := json.Unmarshal(raw, &part); err != nil {
			return nil, err
		}
		for name, value := range part {
			if all[name] != nil {
				return nil, fmt.Errorf("two vendors remember something under %q", name)
			}
			all[name] = value
		}
	}
	return json.Marshal(all)
}

// runSaver writes the state soon after a change, and never more often than every saveEvery.
func (s *Server) runSaver(ctx context.Context) {
	for {
		select {
		case <-ctx.Done():
			return
		case <-s.dirty:
		}
		pause(ctx, saveEvery)
		if err := s.save(); err != nil {
			s.log.Error("saving the state failed", "error", err)
		}
	}
}
