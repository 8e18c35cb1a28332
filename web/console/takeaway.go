package console

import (
	"mime"
	"net/http"
)

// takeaway is a deed whose answer is a file. It is done as often as it is asked for, and each time leaves its line of the audit.
type takeaway struct {
	do     func(r *http.Request, v visitor) (download, error)
	stands show // the page that its form is on
}

// download is a file that leaves the house.
type download struct {
	name, kind string
	content    []byte
}

// away is the way of a deed that answers with a file. Nobody's browser keeps it but where its reader puts it.
func (c *Console) away(way string, t takeaway) http.HandlerFunc {
	return c.guarded(func(w http.ResponseWriter, r *http.Request, v visitor) {
		err := may(way, v.By)
		var f download
		if err == nil {
			f, err = t.do(r, v)
		}
		if err != nil {
			c.refuse(w, r, v, deed{stands: t.stands}, err)
			return
		}
		h := w.Header()
		h.Set("Content-Type", f.kind)
		h.Set("Content-Disposition", mime.FormatMediaType("attachment", map[string]string{"filename": f.name}))
		h.Set("Cache-Control", "no-store")
		_, _ = w.Write(f.content)
	})
}
