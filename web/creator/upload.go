package creator

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"io"
	"mime"
	"net/http"
	"net/url"
	"time"

	"github.com/rapport-dev/rapport/partnership"
	"github.com/rapport-dev/rapport/web/page"
)

// A draft's file comes with the form, or before it in pieces that a script sends; then the form names it. It belongs to its task, and is
// reached by the links of its partnership alone.

// content is the field that stands for what a file holds, in a form that came with one.
const content = "content"

// takesFile says whether a form comes with a draft's file.
func (s sheet) takesFile(r *http.Request) bool {
	kind, _, _ := mime.ParseMediaType(r.Header.Get("Content-Type"))
	return s.Uploads && kind == "multipart/form-data"
}

// answerWithFile takes a form with its file, however long it comes: only a sender who stops is given up.
func (s *Pages) answerWithFile(w http.ResponseWriter, r *http.Request, sh sheet) {
	form, fault, err := s.parts(w, r, sh)
	if err != nil {
		s.notWhole(w, r)
		return
	}
	_ = http.NewResponseController(w).SetWriteDeadline(time.Now().Add(stalls)) // a door without deadlines needs none
	ctx, cancel := context.WithTimeout(context.WithoutCancel(r.Context()), stalls)
	defer cancel()
	r.PostForm = form
	r = r.WithContext(ctx)
	if fault == nil {
		s.take(w, r, sh)
		return
	}
	sh.Form = form
	no, ours := errors.AsType[*partnership.Error](fault)
	if !ours {
		s.Log.ErrorContext(ctx, "a creator's file was not kept", "partnership", sh.Task.PartnershipID, "error", fault)
		s.unavailable(w, r, sh)
		return
	}
	s.refuse(w, r, sh, http.StatusUnprocessableEntity, faults{"file": no.Message}, "")
}

// stalls is how long a sender may send nothing, and how long the rest may take once all is there.
const stalls = 30 * time.Second

// parts reads a form with a file. fault is why the file was not kept.
func (s *Pages) parts(w http.ResponseWriter, r *http.Request, sh sheet) (form url.Values, fault, err error) {
	r.Body = struct {
		io.Reader
		io.Closer
	}{patient{r.Body, http.NewResponseController(w)}, r.Body}
	parts, err := r.MultipartReader()
	if err != nil {
		return nil, nil, err
	}
	form, left := url.Values{}, int64(maxForm)
	for {
		part, err := parts.NextPart()
		if errors.Is(err, io.EOF) {
			return form, fault, nil
		}
		if err != nil {
			return form, fault, errors.Join(err, fault)
		}
		if part.FormName() == "file" {
			if part.FileName() == "" || form.Has(content) { // none was chosen; or a second one, which no page of ours sends
				continue
			}
			sum := sha256.New()
			u := partnership.Upload{PartnershipID: sh.Task.PartnershipID, Task: sh.Task.Name, Name: part.FileName()}
			if u, fault = s.Uploads.Take(r.Context(), u, io.TeeReader(part, sum)); fault != nil {
				return form, fault, nil // the rest is not read: it may be long
			}
			form.Set("upload", u.ID)
			form.Set(content, hex.EncodeToString(sum.Sum(nil)))
			continue
		}
		value, err := io.ReadAll(io.LimitReader(part, left+1))
		if left -= int64(len(value)); err != nil || left < 0 {
			return form, nil, errors.Join(err, errors.New("the form is too long"))
		}
		if part.FormName() != "upload" || form.Get("upload") == "" {
			form.Add(part.FormName(), string(value))
		}
	}
}

// patient waits for each piece of a body anew.
type patient struct {
	io.Reader
	door *http.ResponseController
}

func (p patient) Read(b []byte) (int, error) {
	_ = p.door.SetReadDeadline(time.Now().Add(stalls)) // a door without deadlines needs none
	return p.Reader.Read(b)
}

// uploaded looks at the file that a draft's form names; false when it answered the request itself.
func (s *Pages) uploaded(w http.ResponseWriter, r *http.Request, sh *sheet) bool {
	id := r.PostForm.Get("upload")
	if id == "" || !sh.Uploads {
		r.PostForm.Del("upload")
		return true
	}
	u, err := s.Store.Upload(r.Context(), id)
	switch {
	case err != nil && partnership.CodeOf(err) != partnership.NotFound:
		s.fail(w, r, err)
		return false
	case err != nil || u.PartnershipID != sh.Task.PartnershipID || u.Task != sh.Task.Name || u.Type == "":
		r.PostForm.Del("upload")
		s.refuse(w, r, *sh, http.StatusUnprocessableEntity, faults{"file": sh.T("The file did not arrive whole. Please choose it again.")}, "")
		return false
	}
	sh.File = &u
	return true
}

// beginUpload says that a file comes in pieces.
func (s *Pages) beginUpload(w http.ResponseWriter, r *http.Request) {
	sh, ok := s.load(w, r)
	switch {
	case !ok:
	case !sh.Uploads:
		page.Show(w, r, http.StatusConflict, closedPage(sh))
	default:
		s.piece(w, r, sh, partnership.Upload{PartnershipID: sh.Task.PartnershipID, Task: sh.Task.Name})
	}
}

// goOnUpload takes a piece, or says how much is there.
func (s *Pages) goOnUpload(w http.ResponseWriter, r *http.Request) {
	sh, u, ok := s.upload(w, r)
	switch {
	case !ok:
	case !sh.Uploads || u.Task != sh.Task.Name:
		page.Show(w, r, http.StatusConflict, closedPage(sh))
	default:
		s.piece(w, r, sh, u)
	}
}

func (s *Pages) piece(w http.ResponseWriter, r *http.Request, sh sheet, u partnership.Upload) {
	s.Uploads.Piece(w, r, s.PublicURL+"/t/"+url.PathEscape(sh.Token)+"/files/", u, func(words string) string { return sh.T(words) })
}

// showUpload hands out a file that they sent.
func (s *Pages) showUpload(w http.ResponseWriter, r *http.Request) {
	_, u, ok := s.upload(w, r)
	if !ok {
		return
	}
	err := partnership.Errorf(partnership.NotFound, "this file is not whole")
	if u.Type == "" {
		s.fail(w, r, err)
	} else if err := s.Uploads.Show(w, r, u); err != nil {
		s.fail(w, r, err)
	}
}

// upload finds the page and its file. Another's is not found, like one that never was.
func (s *Pages) upload(w http.ResponseWriter, r *http.Request) (sheet, partnership.Upload, bool) {
	sh, ok := s.load(w, r)
	if !ok {
		return sh, partnership.Upload{}, false
	}
	u, err := s.Store.Upload(r.Context(), r.PathValue("id"))
	if err == nil && (u.PartnershipID != sh.Task.PartnershipID || s.Uploads == nil) {
		err = partnership.Errorf(partnership.NotFound, "there is no such upload")
	}
	if err != nil {
		s.fail(w, r, err)
	}
	return sh, u, err == nil
}
