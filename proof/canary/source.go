package canary

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net/http"
	"os"
)

// Source is something to look through.
type Source struct {
	name string
	read func() ([]part, error)
}

// part is a piece of a source that is reported by a name of its own.
type part struct {
	name string
	data []byte
}

// Reader is what r still holds, once.
func Reader(name string, r io.Reader) Source {
	return Source{name, func() ([]part, error) {
		data, err := io.ReadAll(r)
		return []part{{name, data}}, err
	}}
}

// URL is the body of a GET, which must be answered with 200.
func URL(ctx context.Context, client *http.Client, url string) Source {
	return Source{url, func() ([]part, error) {
		req, err := http.NewRequestWithContext(ctx, http.MethodGet, url, http.NoBody)
		if err != nil {
			return nil, err
		}
		resp, err := client.Do(req)
		if err != nil {
			return nil, err
		}
		defer func() { _ = resp.Body.Close() }()
		if resp.StatusCode != http.StatusOK {
			return nil, fmt.Errorf("it answers %s", resp.Status)
		}
		data, err := io.ReadAll(resp.Body)
		return []part{{url, data}}, err
	}}
}

// File is a file. Of a SQLite database it is also the -wal and the -journal beside it, and the records that SQLite spreads
// over several pages. The database may be in use: what was committed before the scan is seen, in one file or another.
func File(path string) Source {
	return Source{path, func() ([]part, error) {
		// The log first: what is moved from it into the database in between is then seen twice, and not missed.
		wal, err := readIfThere(path + "-wal")
		if err != nil {
			return nil, err
		}
		journal, err := readIfThere(path + "-journal")
		if err != nil {
			return nil, err
		}
		data, err := os.ReadFile(path)
		if err != nil {
			return nil, err
		}
		return []part{
			{path, data},
			{path + "-wal", wal},
			{path + "-journal", journal},
			{path + " (spread records)", spreadRecords(data, wal)},
		}, nil
	}}
}

func readIfThere(path string) ([]byte, error) {
	data, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	return data, err
}
