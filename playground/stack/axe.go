package stack

import (
	"archive/tar"
	"bytes"
	"compress/gzip"
	"context"
	"crypto/sha512"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"time"
)

// What the tests of pages look for faults with: axe-core of the npm registry. It ships with nothing of ours. To move to another version, take
// both from https://registry.npmjs.org/axe-core/latest: "version", and "integrity" of "dist".
const (
	AxeVersion   = "4.14.1"
	axeIntegrity = "sha512-FHfa+lmNjQZfJz1q8wKqIDwC6DExcHt/pkjNQb09a3NPjCKg2rhu5qb2S4r76ASyFNNtuFooJpZe37OgudVGtQ=="
	axeURL       = "https://registry.npmjs.org/axe-core/-/axe-core-" + AxeVersion + ".tgz"
)

// AxePath is where axe's one file is, once EnsureAxe has fetched it.
func AxePath() (string, error) {
	cache, err := cacheDir()
	return filepath.Join(cache, "axe-core", AxeVersion, "axe.min.js"), err
}

// EnsureAxe fetches axe where it is not there yet.
func EnsureAxe(ctx context.Context, progress func(string)) error {
	path, err := AxePath()
	if err != nil {
		return err
	}
	if _, err := os.Stat(path); err == nil {
		return nil
	}
	progress("fetching axe-core " + AxeVersion)
	archive, err := fetch(ctx, axeURL, time.Second)
	if err != nil {
		return err
	}
	return unpackAxe(archive, axeIntegrity, path)
}

// unpackAxe writes axe's file beside path and renames, so that it is there whole or not at all.
func unpackAxe(archive []byte, integrity, path string) error {
	sum := sha512.Sum512(archive)
	if got := "sha512-" + base64.StdEncoding.EncodeToString(sum[:]); got != integrity {
		return fmt.Errorf("axe-core's archive is not the one that was pinned: %s, want %s", got, integrity)
	}
	script, err := fileOf(archive, "package/axe.min.js")
	if err != nil {
		return err
	}
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		return err
	}
	whole, err := os.CreateTemp(filepath.Dir(path), "fetched-")
	if err != nil {
		return err
	}
	defer func() { _ = os.Remove(whole.Name()) }()
	_, err = whole.Write(script)
	if err := errors.Join(err, whole.Chmod(0o644), whole.Close()); err != nil {
		return err
	}
	return os.Rename(whole.Name(), path)
}

// fileOf reads one file of a packed archive.
func fileOf(archive []byte, name string) ([]byte, error) {
	plain, err := gzip.NewReader(bytes.NewReader(archive))
	if err != nil {
		return nil, err
	}
	for files := tar.NewReader(plain); ; {
		file, err := files.Next()
		if err != nil {
			return nil, fmt.Errorf("%s in the archive: %w", name, err)
		}
		if file.Name == name {
			return io.ReadAll(files)
		}
	}
}

// fetch gets what is at an address. A network has bad moments: it asks five times, each time after twice the wait.
func fetch(ctx context.Context, url string, wait time.Duration) (body []byte, err error) {
	for try := range 5 {
		if try > 0 {
			select {
			case <-ctx.Done():
				return nil, errors.Join(err, ctx.Err())
			case <-time.After(wait << (try - 1)):
			}
		}
		if body, err = fetchOnce(ctx, url); err == nil {
			return body, nil
		}
	}
	return nil, err
}

func fetchOnce(ctx context.Context, url string) ([]byte, error) {
	const most = 32 << 20
	ctx, cancel := context.WithTimeout(ctx, time.Minute)
	defer cancel()
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, url, nil)
	if err != nil {
		return nil, err
	}
	answer, err := http.DefaultClient.Do(request)
	if err != nil {
		return nil, err
	}
	defer func() { _ = answer.Body.Close() }()
	if answer.StatusCode != http.StatusOK {
		return nil, fmt.Errorf("%s answers %s", url, answer.Status)
	}
	return io.ReadAll(io.LimitReader(answer.Body, most))
}
