// Package uploads keeps the files that creators send for their drafts, in a folder of this machine: whole in a form, or in pieces by the
// tus protocol, which goes on where a lost connection left it. A row says what is kept; when it goes, so does the file.
package uploads

import (
	"bytes"
	"context"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/google/uuid"

	"github.com/rapport-dev/rapport/partnership"
	"github.com/rapport-dev/rapport/partnership/locale"
)

// Store keeps the rows.
type Store interface {
	AddUpload(ctx context.Context, u partnership.Upload) error
	UploadWhole(ctx context.Context, id, mediaType string, bytes int64) error
	DropUpload(ctx context.Context, id string) error
	Upload(ctx context.Context, id string) (partnership.Upload, error)
	UploadsGone(ctx context.Context) ([]string, error)
	UploadsRemoved(ctx context.Context, ids []string) error
	UploadsKept(ctx context.Context, ids []string) ([]string, error)
}

// Why a file is not taken, as its sender reads it: *partnership.Error Invalid with field "file".
var (
	errKind  = partnership.FieldErrorf("file", "%s", locale.Words("This kind of file cannot be taken. Choose a photo (JPEG, PNG, WebP, HEIC) or a video (MP4, MOV, WebM)."))
	errImage = partnership.FieldErrorf("file", "%s", locale.Words("The photo is larger than 25 MB. Choose a smaller one, or paste a link."))
	errLarge = partnership.FieldErrorf("file", "%s", locale.Words("The file is larger than 500 MB. Choose a shorter video, or paste a link."))
	errTorn  = partnership.FieldErrorf("file", "%s", locale.Words("The file did not arrive whole. Please choose it again."))
	errMany  = partnership.FieldErrorf("file", "%s", locale.Words("There are enough files here for this draft. Paste a link, or write to us."))
)

// Folder is where the files lie. It is made when the first one comes.
type Folder struct {
	Path  string
	Store Store
	Log   *slog.Logger
}

// New is the folder at path, nil for "": then no files are taken.
func New(path string, kept Store, log *slog.Logger) *Folder {
	if path == "" {
		return nil
	}
	return &Folder{path, kept, log}
}

// Take keeps a file that comes whole. Of one that is refused nothing is kept.
func (f *Folder) Take(ctx context.Context, u partnership.Upload, src io.Reader) (partnership.Upload, error) {
	head := make([]byte, headBytes)
	n, err := io.ReadFull(src, head)
	if err != nil && !errors.Is(err, io.ErrUnexpectedEOF) && !errors.Is(err, io.EOF) {
		return u, errTorn
	}
	kind, most := kindOf(head[:n])
	if kind == "" {
		return u, errKind
	}
	u.ID, u.Name = uuid.NewString(), named(u.Name)
	if err := f.add(ctx, u); err != nil {
		return u, err
	}
	if u.Bytes, err = f.write(u.ID, io.LimitReader(io.MultiReader(bytes.NewReader(head[:n]), src), most+1)); err == nil && u.Bytes > most {
		err = tooLarge(kind)
	}
	if err == nil {
		u.Type, err = kind, f.Store.UploadWhole(context.WithoutCancel(ctx), u.ID, kind, u.Bytes)
	}
	if err != nil {
		f.drop(ctx, u.ID)
	}
	return u, err
}

func (f *Folder) write(id string, src io.Reader) (int64, error) {
	if err := os.MkdirAll(f.Path, 0o700); err != nil {
		return 0, err
	}
	file, err := os.OpenFile(f.at(id), os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
	if err != nil {
		return 0, err
	}
	n, err := io.Copy(file, src)
	if closed := file.Close(); err == nil {
		err = closed
	} else if _, disk := errors.AsType[*os.PathError](err); !disk { // the sender went away
		err = errTorn
	}
	return n, err
}

func (f *Folder) add(ctx context.Context, u partnership.Upload) error {
	err := f.Store.AddUpload(ctx, u)
	if partnership.CodeOf(err) == partnership.Conflict {
		return errMany
	}
	return err
}

func (f *Folder) at(id string) string { return filepath.Join(f.Path, filepath.Base(id)) }

// drop keeps nothing of a file. What cannot be removed now is removed by Run.
func (f *Folder) drop(ctx context.Context, id string) {
	ctx = context.WithoutCancel(ctx)
	if err := f.Store.DropUpload(ctx, id); err != nil {
		f.Log.WarnContext(ctx, "a refused upload is not forgotten yet", "error", err)
	}
	_ = f.remove(id) // Run removes what is left
}

func tooLarge(kind string) *partnership.Error {
	if strings.HasPrefix(kind, "image/") {
		return errImage
	}
	return errLarge
}

// named is a file's name as it is shown: one line of at most 100 characters.
func named(name string) string {
	name = strings.ToValidUTF8(strings.Map(func(r rune) rune {
		if r < ' ' || r == 0x7f {
			return -1
		}
		return r
	}, filepath.Base(strings.ReplaceAll(name, "\\", "/"))), "")
	if r := []rune(name); len(r) > 100 {
		name = string(r[len(r)-100:]) // its end says what it is
	}
	return name
}

// whole looks at a file that has arrived. Of one that is refused nothing is kept.
func (f *Folder) whole(ctx context.Context, id string) error {
	file, err := os.Open(f.at(id))
	if err != nil {
		return err
	}
	defer file.Close()
	head := make([]byte, headBytes)
	n, err := io.ReadFull(file, head)
	if err != nil && !errors.Is(err, io.ErrUnexpectedEOF) {
		return err
	}
	there, err := file.Stat()
	if err != nil {
		return err
	}
	switch kind, most := kindOf(head[:n]); {
	case kind == "":
		err = errKind
	case there.Size() > most:
		err = tooLarge(kind)
	default:
		return f.Store.UploadWhole(ctx, id, kind, there.Size())
	}
	f.drop(ctx, id)
	return err
}

// download is how long a reader may take for a whole file.
const download = 30 * time.Minute

// Show hands a file out, whole or in ranges, to be kept or shown in a page of ours: a stranger sent it, so by itself it may do nothing.
func (f *Folder) Show(w http.ResponseWriter, r *http.Request, u partnership.Upload) error {
	file, err := os.Open(f.at(u.ID))
	if err != nil {
		return partnership.Errorf(partnership.NotFound, "this file is not kept any more")
	}
	defer file.Close()
	h := w.Header()
	h.Set("Content-Type", u.Type)
	h.Set("Content-Disposition", partnership.Attachment(u.Name))
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Content-Security-Policy", "sandbox; default-src 'none'")
	h.Set("Cache-Control", "private, no-store")
	_ = http.NewResponseController(w).SetWriteDeadline(time.Now().Add(download)) // a door without deadlines needs none
	http.ServeContent(w, r, "", u.At, file)
	return nil
}

// Run removes files whose rows went, at once and then every so often until ctx ends.
func (f *Folder) Run(ctx context.Context) {
	if f == nil {
		return
	}
	tick := time.NewTicker(tidyEvery)
	defer tick.Stop()
	for {
		if err := f.Tidy(ctx); err != nil && ctx.Err() == nil {
			f.Log.WarnContext(ctx, "uploads not tidied", "error", err)
		}
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
	}
}

// tidyEvery is how long a file outlives its row at most.
const tidyEvery = time.Minute

// unknown is how long a file lies here of which no row tells anything. The database may be a backup of before it came, or not the one that
// this folder belongs to: then nothing is lost by a start.
const unknown = 30 * 24 * time.Hour

// ours are the names of files that this package makes; whatever else lies in the folder is left alone.
var ours = regexp.MustCompile(`^([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})(?:\.info|\.lock|\.stop)?$`)

// Tidy removes files whose rows went, and those of which nothing was known for long.
func (f *Folder) Tidy(ctx context.Context) error {
	gone, err := f.Store.UploadsGone(ctx)
	if err != nil {
		return err
	}
	for _, id := range gone {
		if err := f.remove(id); err != nil {
			return err
		}
	}
	if err := f.Store.UploadsRemoved(ctx, gone); err != nil {
		return err
	}
	old, err := f.old()
	if err != nil || len(old) == 0 {
		return err
	}
	kept, err := f.Store.UploadsKept(ctx, old)
	if err != nil {
		return err
	}
	for _, id := range old {
		if !slices.Contains(kept, id) {
			err = errors.Join(err, f.remove(id))
		}
	}
	return err
}

// old are files that nobody has written to for as long as one may lie here unknown.
func (f *Folder) old() (ids []string, err error) {
	entries, err := os.ReadDir(f.Path)
	if errors.Is(err, os.ErrNotExist) {
		return nil, nil
	}
	for _, e := range entries {
		m := ours.FindStringSubmatch(e.Name())
		if len(m) == 0 || slices.Contains(ids, m[1]) {
			continue
		}
		if there, err := e.Info(); err == nil && time.Since(there.ModTime()) > unknown {
			ids = append(ids, m[1])
		}
	}
	return ids, err
}

// remove removes a file, and what the protocol keeps beside it.
func (f *Folder) remove(id string) error {
	for _, end := range []string{"", ".info", ".lock", ".stop"} {
		if err := os.Remove(f.at(id) + end); err != nil && !errors.Is(err, os.ErrNotExist) {
			return err
		}
	}
	return nil
}
