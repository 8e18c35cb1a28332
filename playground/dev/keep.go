package dev

import (
	"context"
	"encoding/json"
	"errors"
	"io/fs"
	"maps"
	"os"
	"sync"
	"time"
)

// server is an embedded server that can be killed from outside and is then started again.
type server interface {
	PID() int
	Done() <-chan struct{}
	Stop(ctx context.Context) error
	Restart(ctx context.Context) error
}

// keepUp starts a server again whenever it dies, until it is lowered.
func (u *stackUp) keepUp(name string, s server) {
	u.pids.add(name, s)
	stopping, cancel := context.WithCancel(context.Background())
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		for {
			select {
			case <-stopping.Done():
				return
			case <-s.Done():
			}
			u.log.Warn("server died, starting it again", "name", name)
			for s.Restart(stopping) != nil && stopping.Err() == nil {
				wait(stopping, time.Second)
			}
			_ = u.pids.save()
		}
	}()
	u.then(func() error {
		cancel()
		<-ended
		bounded, done := context.WithTimeout(context.Background(), 40*time.Second)
		defer done()
		return s.Stop(bounded)
	})
}

// pidFile tells other programs (fault tests, people) which process is which.
type pidFile struct {
	path string
	mu   sync.Mutex
	all  map[string]interface{ PID() int }
	last map[string]int
}

func newPIDFile(path string) *pidFile {
	return &pidFile{path: path, all: map[string]interface{ PID() int }{}}
}

func (f *pidFile) add(name string, process interface{ PID() int }) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.all[name] = process
}

// save writes the file if a process is another one than before.
func (f *pidFile) save() error {
	f.mu.Lock()
	defer f.mu.Unlock()
	now := map[string]int{"dev": os.Getpid()}
	for name, process := range f.all {
		now[name] = process.PID()
	}
	if maps.Equal(now, f.last) {
		return nil
	}
	f.last = now
	text, err := json.Marshal(now)
	if err != nil {
		return err
	}
	temporary := f.path + ".new"
	if err := os.WriteFile(temporary, append(text, '\n'), 0o600); err != nil {
		return err
	}
	return os.Rename(temporary, f.path)
}

// remove deletes the file: its numbers soon belong to other programs.
func (f *pidFile) remove() error {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.last = nil
	if err := os.Remove(f.path); !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	return nil
}

// wait waits for d or until ctx ends.
func wait(ctx context.Context, d time.Duration) {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-ctx.Done():
	case <-timer.C:
	}
}
