package api

import (
	"bytes"
	"cmp"
	"encoding/json"
	"errors"
	"io"
	"mime"
	"net/http"
	"net/url"
	"strings"

	"github.com/rapport-dev/rapport/app/launch"
	"github.com/rapport-dev/rapport/partnership"
	"github.com/rapport-dev/rapport/partnership/board"
	"github.com/rapport-dev/rapport/store"
	"github.com/rapport-dev/rapport/web/access"
)

// keyHeader names a request: the same key with the same body is the same request, however often it is sent, and gets the first answer.
const keyHeader = "Idempotency-Key"

// maxKey is the longest key, in characters.
const maxKey = 255

// keyed answers a request that changes something. Its key, if it has one, is bound to its path and body before anything is done.
func (a *API) keyed(do handler, r *http.Request, c access.Caller) (int, any, error) {
	key := r.Header.Get(keyHeader)
	if key == "" {
		return do(r, c)
	}
	if len(key) > maxKey {
		return 0, nil, partnership.FieldErrorf(keyHeader, "has %d characters; at most %d are taken", len(key), maxKey)
	}
	body, err := io.ReadAll(r.Body)
	if err != nil {
		return 0, nil, err
	}
	r.Body = io.NopCloser(bytes.NewReader(body))
	id := once(r, c)
	before, err := a.Store.BindKey(r.Context(), id, r.Method+" "+r.URL.Path, short(string(bare(r, body))))
	if err != nil {
		return 0, nil, err
	}
	if before.Status != 0 {
		return again(before.Status), json.RawMessage(before.Body), nil
	}
	status, answer, err := do(r, c)
	if err != nil {
		_, faulty := errors.AsType[*launch.Faulty](err)
		if faulty || partnership.CodeOf(err) == partnership.Invalid {
			err = errors.Join(err, a.Store.FreeKey(r.Context(), id))
		}
		return status, answer, err
	}
	kept := answer
	if once, ok := answer.(shownOnce); ok {
		kept = once.again()
	}
	text, err := json.Marshal(kept)
	if err != nil {
		return 0, nil, err
	}
	return status, answer, a.Store.AnswerKey(r.Context(), id, store.KeyedAnswer{Status: status, Body: text})
}

// shownOnce is an answer with a secret in it: repeated, it is without.
type shownOnce interface{ again() any }

// again is the status of a repeated answer: nothing was created this time.
func again(status int) int {
	if status == http.StatusCreated {
		return http.StatusOK
	}
	return status
}

// bare is a body without the boundary of its parts, which is another one each time that a form is sent.
func bare(r *http.Request, body []byte) []byte {
	kind, parameters, err := mime.ParseMediaType(r.Header.Get("Content-Type"))
	if err != nil || !strings.HasPrefix(kind, "multipart/") || parameters["boundary"] == "" {
		return body
	}
	return bytes.ReplaceAll(body, []byte(parameters["boundary"]), nil)
}

// taken is the answer when a deed is kept and its workflow has not answered yet.
type taken struct {
	ID        string `json:"id"`
	State     string `json:"state"`
	Detail    string `json:"detail"`
	StatusURL string `json:"status_url"`
}

func takenAnswer(t *partnership.Taken) taken {
	return taken{ID: t.ID, State: "taken", Detail: t.Error(), StatusURL: prefix + "/deeds/" + url.PathEscape(t.ID)}
}

// deed is what became of something that was asked for.
func (a *API) deed(r *http.Request, _ access.Caller) (int, any, error) {
	d, err := a.Store.Asked(r.Context(), r.PathValue("id"))
	if err != nil {
		return 0, nil, err
	}
	doc := struct {
		partnership.Deed
		State   string           `json:"state"` // taken, done, refused
		Answer  json.RawMessage  `json:"answer,omitempty"`
		Code    partnership.Code `json:"code,omitempty"`
		Refusal string           `json:"refusal,omitempty"`
	}{Deed: d.Deed, State: d.State, Answer: d.Answer}
	if d.Refusal != nil {
		doc.Code, doc.Refusal = d.Refusal.Code, d.Refusal.Error()
	}
	return http.StatusOK, doc, nil
}

// audit is who did what and what came of it, newest first.
func (a *API) audit(r *http.Request, _ access.Caller) (int, any, error) {
	q := r.URL.Query()
	f := store.AuditFilter{Who: q.Get("who"), Deed: q.Get("deed"), Subject: q.Get("subject")}
	if text := q.Get("before"); text != "" {
		if err := json.Unmarshal([]byte(text), &f.Before); err != nil {
			return 0, nil, partnership.FieldErrorf("before", "must be the n of a line")
		}
	}
	p, err := pageOf(q)
	if err != nil {
		return 0, nil, err
	}
	if q.Has("limit") {
		f.Limit = p.Most
	}
	lines, err := a.Store.Audit(r.Context(), f)
	doc := document{"audit": append([]board.AuditLine{}, lines...)}
	if n := len(lines); n > 0 && n == cmp.Or(f.Limit, store.AuditLimit) {
		doc["next"] = lines[n-1].N // there may be more: send it as before
	}
	return http.StatusOK, doc, err
}
