package uploads

import (
	"bufio"
	"errors"
	"io"
	"net/http"

	"github.com/google/uuid"
	"github.com/tus/tusd/v2/pkg/filelocker"
	"github.com/tus/tusd/v2/pkg/filestore"
	"github.com/tus/tusd/v2/pkg/handler"
	"golang.org/x/exp/slog"

	"github.com/rapport-dev/rapport/partnership"
)

// silent keeps the protocol's own lines out of the log: they would hold the secret link.
var silent = slog.New(slog.NewTextHandler(io.Discard, nil))

// Piece takes a request of the tus protocol: base is the path below which the task's uploads are made, u whose they are, and u.ID which
// one a HEAD or PATCH is about. say puts a refusal into the sender's words.
func (f *Folder) Piece(w http.ResponseWriter, r *http.Request, base string, u partnership.Upload, say func(string) string) {
	composer := handler.NewStoreComposer()
	files := filestore.New(f.Path)
	files.DirModePerm, files.FileModePerm = 0o700, 0o600
	composer.UseCore(files)
	filelocker.New(f.Path).UseIn(composer)
	tus, err := handler.NewUnroutedHandler(handler.Config{
		StoreComposer: composer, BasePath: base, MaxSize: MaxVideo, DisableDownload: true, DisableTermination: true, DisableConcatenation: true,
		Cors: &handler.CorsConfig{Disable: true}, Logger: silent,
		PreUploadCreateCallback: func(hook handler.HookEvent) (handler.HTTPResponse, handler.FileInfoChanges, error) {
			one := u
			one.ID, one.Name, one.Bytes = uuid.NewString(), named(hook.Upload.MetaData["filename"]), hook.Upload.Size
			if hook.Upload.SizeIsDeferred || one.Bytes <= 0 {
				return handler.HTTPResponse{}, handler.FileInfoChanges{}, refusal(errTorn, say)
			}
			err := f.add(hook.Context, one)
			return handler.HTTPResponse{}, handler.FileInfoChanges{ID: one.ID, MetaData: handler.MetaData{}}, refusal(err, say)
		},
		PreFinishResponseCallback: func(hook handler.HookEvent) (handler.HTTPResponse, error) {
			return handler.HTTPResponse{}, refusal(f.whole(hook.Context, hook.Upload.ID), say)
		},
	})
	if err != nil { // its settings stand above
		panic(err)
	}
	if r.Method == http.MethodPatch && r.Header.Get("Upload-Offset") == "0" {
		if err := f.begins(r, u); err != nil {
			f.drop(r.Context(), u.ID)
			http.Error(w, say(err.Message), http.StatusUnprocessableEntity)
			return
		}
	}
	switch r.Method {
	case http.MethodHead:
		tus.Middleware(http.HandlerFunc(tus.HeadFile)).ServeHTTP(w, below(r, u.ID))
	case http.MethodPatch:
		tus.Middleware(http.HandlerFunc(tus.PatchFile)).ServeHTTP(w, below(r, u.ID))
	default:
		r.Header.Del("Content-Type") // a first piece comes by PATCH like all others
		tus.Middleware(http.HandlerFunc(tus.PostFile)).ServeHTTP(w, r)
	}
}

// below is a request as the protocol's handler reads it: its path is the upload's id.
func below(r *http.Request, id string) *http.Request {
	to := r.Clone(r.Context())
	to.URL.Path = "/" + id
	return to
}

// begins looks at the first bytes of a file before the rest is sent: a long film of a wrong kind need not come whole.
func (f *Folder) begins(r *http.Request, u partnership.Upload) *partnership.Error {
	first := bufio.NewReaderSize(r.Body, headBytes)
	head, _ := first.Peek(headBytes) // an end that came too soon is seen by who reads on
	kind, most := kindOf(head)
	r.Body = struct {
		io.Reader
		io.Closer
	}{first, r.Body}
	switch {
	case int64(len(head)) < min(headBytes, u.Bytes): // more is to come
		return nil
	case kind == "":
		return errKind
	case u.Bytes > most:
		return tooLarge(kind)
	}
	return nil
}

// refusal is a no of ours as the protocol answers it.
func refusal(err error, say func(string) string) error {
	no, ours := errors.AsType[*partnership.Error](err)
	if !ours {
		return err
	}
	return handler.Error{ErrorCode: string(no.Code), Message: no.Message, HTTPResponse: handler.HTTPResponse{
		StatusCode: http.StatusUnprocessableEntity, Body: say(no.Message), Header: handler.HTTPHeader{"Content-Type": "text/plain; charset=utf-8"},
	}}
}
