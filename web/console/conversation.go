package console

import (
	"net/http"
	"strconv"

	"github.com/rapport-dev/rapport/partnership"
	"github.com/rapport-dev/rapport/partnership/board"
)

// file hands a creator's file out to be kept, and to no program of ours or the browser's to be shown: a stranger sent it.
func (c *Console) file(w http.ResponseWriter, r *http.Request, _ visitor) {
	f, err := c.Store.MessageFile(r.Context(), r.PathValue("id"))
	if err != nil {
		c.fail(w, r, err)
		return
	}
	h := w.Header()
	h.Set("Content-Type", "application/octet-stream")
	h.Set("Content-Disposition", partnership.Attachment(f.Name))
	h.Set("Content-Length", strconv.Itoa(len(f.Content)))
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Content-Security-Policy", "sandbox; default-src 'none'")
	h.Set("Cache-Control", "no-store")
	_, _ = w.Write(f.Content) // the reader has gone: nobody to tell
}

// upload hands out a draft's file.
func (c *Console) upload(w http.ResponseWriter, r *http.Request, _ visitor) {
	u, err := c.Store.Upload(r.Context(), r.PathValue("id"))
	if err == nil && (c.Uploads == nil || u.Type == "") {
		err = partnership.Errorf(partnership.NotFound, "there is no such file")
	}
	if err == nil {
		err = c.Uploads.Show(w, r, u)
	}
	if err != nil {
		c.fail(w, r, err)
	}
}

// nameOf is a file's name, or that it has none.
func nameOf(f board.MailFile) string {
	if f.Name == "" {
		return "a file without a name"
	}
	return f.Name
}

func sizeOf(n int64) string {
	switch {
	case n >= 1<<20:
		return strconv.FormatFloat(float64(n)/(1<<20), 'f', 1, 64) + " MB"
	case n >= 1<<10:
		return strconv.FormatInt(n>>10, 10) + " KB"
	}
	return strconv.FormatInt(n, 10) + " bytes"
}

// more says whether the whole mail holds more than its words.
func more(m board.Mail) bool { return !m.Ours && m.Whole != m.Words }
