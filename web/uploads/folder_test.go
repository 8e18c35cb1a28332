package uploads_test

import (
	"bytes"
	"context"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/rapport-dev/rapport/partnership"
	"github.com/rapport-dev/rapport/web/uploads"
)

// rows are the store's, in memory.
type rows struct {
	mu   sync.Mutex
	by   map[string]partnership.Upload
	gone []string
}

func (r *rows) AddUpload(_ context.Context, u partnership.Upload) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.by[u.ID] = u
	return nil
}

func (r *rows) UploadWhole(_ context.Context, id, kind string, n int64) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	u := r.by[id]
	u.Type, u.Bytes = kind, n
	r.by[id] = u
	return nil
}

func (r *rows) DropUpload(_ context.Context, id string) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	delete(r.by, id)
	r.gone = append(r.gone, id)
	return nil
}

func (r *rows) UploadsGone(context.Context) ([]string, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	return slices.Clone(r.gone), nil
}

func (r *rows) UploadsRemoved(_ context.Context, ids []string) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.gone = slices.DeleteFunc(r.gone, func(id string) bool { return slices.Contains(ids, id) })
	return nil
}

func (r *rows) Upload(_ context.Context, id string) (partnership.Upload, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.by[id], nil
}

func (r *rows) UploadsKept(_ context.Context, ids []string) (kept []string, _ error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, id := range ids {
		if _, there := r.by[id]; there {
			kept = append(kept, id)
		}
	}
	return kept, nil
}

func folder(t *testing.T) (*uploads.Folder, *rows) {
	t.Helper()
	kept := &rows{by: map[string]partnership.Upload{}}
	return uploads.New(filepath.Join(t.TempDir(), "uploads"), kept, slog.New(slog.DiscardHandler)), kept
}

func lies(t *testing.T, f *uploads.Folder) int {
	t.Helper()
	entries, err := os.ReadDir(f.Path)
	if err != nil && !errors.Is(err, os.ErrNotExist) {
		t.Fatal(err)
	}
	return len(entries)
}

// Beginnings of files, as phones and browsers make them.
const (
	jpeg = "\xff\xd8\xff\xe0\x00\x10JFIF\x00"
	mp4  = "\x00\x00\x00\x18ftypisom\x00\x00\x02\x00"
	mov  = "\x00\x00\x00\x14ftypqt  \x00\x00\x00\x00"
	webm = "\x1a\x45\xdf\xa3\x9f\x42\x86\x81\x01\x42\x82\x84webm"
)

// What is taken is known by what it holds, whatever it is called; of what is refused nothing is kept.
func TestAFileIsKnownByWhatItHolds(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct{ holds, kind string }{
		"a photo":               {jpeg, "image/jpeg"},
		"a PNG":                 {"\x89PNG\r\n\x1a\n", "image/png"},
		"a photo of an iPhone":  {"\x00\x00\x00\x18ftypheic", "image/heic"},
		"a film":                {mp4, "video/mp4"},
		"a film of an iPhone":   {mov, "video/quicktime"},
		"a film of a browser":   {webm, "video/webm"},
		"another Matroska":      {"\x1a\x45\xdf\xa3\x9f\x42\x86\x81\x01\x42\x82\x88matroska", ""},
		"sound":                 {"\x00\x00\x00\x18ftypM4A ", ""},
		"a page":                {"<html><script>alert(1)</script>", ""},
		"a picture that can do": {`<svg xmlns="http://www.w3.org/2000/svg"><script/></svg>`, ""},
		"nothing":               {"", ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			f, kept := folder(t)
			u, err := f.Take(t.Context(), partnership.Upload{Name: "../../clip.mp4"}, strings.NewReader(c.holds))
			if c.kind == "" {
				if partnership.CodeOf(err) != partnership.Invalid || len(kept.by) != 0 || lies(t, f) != 0 {
					t.Errorf("it is refused by %v, with %d rows and %d files kept", err, len(kept.by), lies(t, f))
				}
				return
			}
			if err != nil || kept.by[u.ID].Type != c.kind || kept.by[u.ID].Bytes != int64(len(c.holds)) || u.Name != "clip.mp4" || lies(t, f) != 1 {
				t.Errorf("kept is %+v, %v", kept.by[u.ID], err)
			}
		})
	}
}

type torn struct{}

func (torn) Read([]byte) (int, error) { return 0, errors.New("connection reset") }

func TestNothingIsKeptOfWhatIsTooLargeOrTorn(t *testing.T) {
	t.Parallel()
	f, kept := folder(t)
	_, err := f.Take(t.Context(), partnership.Upload{}, io.MultiReader(strings.NewReader(jpeg), io.LimitReader(zeros{}, uploads.MaxImage)))
	if err == nil || !strings.Contains(err.Error(), "larger than 25 MB") || lies(t, f) != 0 {
		t.Errorf("a large photo: %v, %d files", err, lies(t, f))
	}
	_, err = f.Take(t.Context(), partnership.Upload{}, io.MultiReader(strings.NewReader(mp4+strings.Repeat("x", 1000)), torn{}))
	if err == nil || !strings.Contains(err.Error(), "did not arrive whole") || lies(t, f) != 0 || len(kept.by) != 0 {
		t.Errorf("a torn film: %v, %d files", err, lies(t, f))
	}
}

type zeros struct{}

func (zeros) Read(b []byte) (int, error) { clear(b); return len(b), nil }

// By tus a file goes on where it was; one of a wrong kind is refused by its first piece.
func TestAFileInPieces(t *testing.T) {
	t.Parallel()
	f, kept := folder(t)
	ask := func(method, id string, header map[string]string, body string) *httptest.ResponseRecorder {
		u, _ := kept.Upload(t.Context(), id)
		u.ID, u.PartnershipID = id, "pa"
		r := httptest.NewRequestWithContext(t.Context(), method, "/t/secret/files/"+id, strings.NewReader(body))
		r.Header.Set("Tus-Resumable", "1.0.0")
		for k, v := range header {
			r.Header.Set(k, v)
		}
		w := httptest.NewRecorder()
		f.Piece(w, r, "https://rapport.example/t/secret/files/", u, strings.ToUpper)
		return w
	}
	begin := func(n int) string {
		w := ask(http.MethodPost, "", map[string]string{"Upload-Length": strconv.Itoa(n), "Upload-Metadata": "filename Y2xpcC5tcDQ="}, "")
		where := w.Header().Get("Location")
		if w.Code != http.StatusCreated || !strings.HasPrefix(where, "https://rapport.example/t/secret/files/") {
			t.Fatalf("it begins with %d at %q: %s", w.Code, where, w.Body)
		}
		return where[strings.LastIndex(where, "/")+1:]
	}
	piece := func(id string, from int, body string) *httptest.ResponseRecorder {
		return ask(http.MethodPatch, id, map[string]string{"Upload-Offset": strconv.Itoa(from), "Content-Type": "application/offset+octet-stream"}, body)
	}
	film := mp4 + strings.Repeat("film", 1000)
	id := begin(len(film))
	if w := piece(id, 0, film[:1500]); w.Code != http.StatusNoContent {
		t.Fatalf("the first piece: %d %s", w.Code, w.Body)
	}
	if kept.by[id].Type != "" || kept.by[id].Name != "clip.mp4" {
		t.Errorf("half of it is kept as %+v", kept.by[id])
	}
	if w := ask(http.MethodHead, id, nil, ""); w.Header().Get("Upload-Offset") != "1500" {
		t.Errorf("it goes on at %q", w.Header().Get("Upload-Offset"))
	}
	if w := piece(id, 0, film); w.Code != http.StatusConflict {
		t.Errorf("from the beginning again: %d", w.Code)
	}
	if w := piece(id, 1500, film[1500:]); w.Code != http.StatusNoContent || kept.by[id].Type != "video/mp4" {
		t.Fatalf("the rest: %d %s, %+v", w.Code, w.Body, kept.by[id])
	}
	got, err := os.ReadFile(filepath.Join(f.Path, id))
	if err != nil || !bytes.Equal(got, []byte(film)) {
		t.Errorf("kept are %d bytes of %d, %v", len(got), len(film), err)
	}

	wrong := begin(5000)
	w := piece(wrong, 0, "<html>"+strings.Repeat("x", 1000))
	if _, there := kept.by[wrong]; w.Code != http.StatusUnprocessableEntity || !strings.Contains(w.Body.String(), "THIS KIND OF FILE") || there {
		t.Errorf("a wrong kind: %d %s", w.Code, w.Body)
	}
	if w := ask(http.MethodPost, "", map[string]string{"Upload-Length": strconv.Itoa(uploads.MaxVideo + 1)}, ""); w.Code != http.StatusRequestEntityTooLarge {
		t.Errorf("a long film begins with %d", w.Code)
	}
	photo := begin(uploads.MaxImage + 1)
	if w := piece(photo, 0, jpeg+strings.Repeat("x", 1000)); w.Code != http.StatusUnprocessableEntity || !strings.Contains(w.Body.String(), "25 MB") {
		t.Errorf("a large photo: %d %s", w.Code, w.Body)
	}
}

// A file goes with its row. One of which nothing is known stays for a month: the database may be a backup of before it came. What is not ours
// stays.
func TestFilesGoWithTheirRows(t *testing.T) {
	t.Parallel()
	f, kept := folder(t)
	var ids []string
	for range 4 {
		u, err := f.Take(t.Context(), partnership.Upload{Name: "a.jpg"}, strings.NewReader(jpeg))
		if err != nil {
			t.Fatal(err)
		}
		ids = append(ids, u.ID)
	}
	if err := os.WriteFile(filepath.Join(f.Path, "lost+found"), nil, 0o600); err != nil {
		t.Fatal(err)
	}
	month := time.Now().AddDate(0, 0, -31)
	for _, id := range []string{ids[1], ids[3]} {
		if err := os.Chtimes(filepath.Join(f.Path, id), month, month); err != nil {
			t.Fatal(err)
		}
	}
	if err := kept.DropUpload(t.Context(), ids[0]); err != nil {
		t.Fatal(err)
	}
	delete(kept.by, ids[2])
	delete(kept.by, ids[3])
	if err := f.Tidy(t.Context()); err != nil {
		t.Fatal(err)
	}
	for name, stays := range map[string]bool{ids[0]: false, ids[1]: true, ids[2]: true, ids[3]: false, "lost+found": true} {
		if _, err := os.Stat(filepath.Join(f.Path, name)); (err == nil) != stays {
			t.Errorf("%s: %v", name, err)
		}
	}
	if len(kept.gone) != 0 {
		t.Errorf("still to be removed: %v", kept.gone)
	}
}
