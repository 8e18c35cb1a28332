package sandbox

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"sync"
)

// PutBlob keeps a large body and returns its name.
func (s *Server) PutBlob(body []byte) string { return s.blobs.put(body) }

// Blob is a body that was kept, nil when there is none of that name.
func (s *Server) Blob(name string) []byte { return s.blobs.get(name) }

// blobs keeps large bodies (contracts, mails) by their hash, each written once: the state file stays small enough to be
// rewritten several times a second.
type blobs struct {
	mu  sync.Mutex
	dir string // "" keeps them in memory only
	all map[string][]byte
}

func newBlobs(stateFile string) *blobs {
	b := &blobs{all: map[string][]byte{}}
	if stateFile != "" {
		b.dir = stateFile + ".blobs"
	}
	return b
}

// put keeps body and returns its name. A disk that refuses costs the body at the next start, not the request.
func (b *blobs) put(body []byte) string {
	sum := sha256.Sum256(body)
	name := hex.EncodeToString(sum[:])
	b.mu.Lock()
	defer b.mu.Unlock()
	if _, ok := b.all[name]; ok {
		return name
	}
	b.all[name] = body
	if b.dir != "" && os.MkdirAll(b.dir, 0o700) == nil {
		_ = writeAtomically(filepath.Join(b.dir, name), body)
	}
	return name
}

func (b *blobs) get(name string) []byte {
	b.mu.Lock()
	defer b.mu.Unlock()
	if body, ok := b.all[name]; ok || b.dir == "" || name == "" {
		return body
	}
	body, err := os.ReadFile(filepath.Join(b.dir, filepath.Base(name)))
	if err == nil {
		b.all[name] = body
	}
	return body
}

func writeAtomically(path string, raw []byte) error {
	f, err := os.CreateTemp(filepath.Dir(path), filepath.Base(path)+".*")
	if err != nil {
		return fmt.Errorf("sandbox: %w", err)
	}
	_, err = f.Write(raw)
	if err = errors.Join(err, f.Close()); err == nil {
		err = os.Rename(f.Name(), path)
	}
	if err != nil {
		os.Remove(f.Name())
		return fmt.Errorf("sandbox: %w", err)
	}
	return nil
}
