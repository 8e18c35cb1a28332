package stack

import (
	"archive/tar"
	"bytes"
	"compress/gzip"
	"crypto/sha512"
	"encoding/base64"
	"errors"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"testing"
	"time"
)

// What the registry has is taken when it is what was pinned, also where it answers at the third time only.
func TestAxeIsTakenAsItWasPinned(t *testing.T) {
	t.Parallel()
	const script = "axe"
	var archive bytes.Buffer
	packed := gzip.NewWriter(&archive)
	files := tar.NewWriter(packed)
	for name, content := range map[string]string{"package/axe.js": "another", "package/axe.min.js": script} {
		if err := files.WriteHeader(&tar.Header{Name: name, Mode: 0o644, Size: int64(len(content))}); err != nil {
			t.Fatal(err)
		}
		if _, err := files.Write([]byte(content)); err != nil {
			t.Fatal(err)
		}
	}
	if err := errors.Join(files.Close(), packed.Close()); err != nil {
		t.Fatal(err)
	}
	asked := 0
	registry := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		if asked++; asked < 3 {
			w.WriteHeader(http.StatusBadGateway)
			return
		}
		_, _ = w.Write(archive.Bytes())
	}))
	defer registry.Close()
	got, err := fetch(t.Context(), registry.URL, time.Millisecond)
	if err != nil {
		t.Fatal(err)
	}

	path := filepath.Join(t.TempDir(), "1.0.0", "axe.min.js")
	if err := unpackAxe(got, "sha512-of another", path); err == nil {
		t.Error("another archive is taken")
	}
	if _, err := os.Stat(path); err == nil {
		t.Error("of another archive there is a file")
	}
	sum := sha512.Sum512(archive.Bytes())
	if err := unpackAxe(got, "sha512-"+base64.StdEncoding.EncodeToString(sum[:]), path); err != nil {
		t.Fatal(err)
	}
	if kept, err := os.ReadFile(path); err != nil || string(kept) != script {
		t.Errorf("kept is %q, %v", kept, err)
	}
}
