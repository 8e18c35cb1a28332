package api

import (
	"net/http"

	"github.com/rapport-dev/rapport/app/creators"
	"github.com/rapport-dev/rapport/web/access"
)

// file is a body that is kept and no document.
type file struct {
	name, kind string
	data       []byte
}

func (f file) write(w http.ResponseWriter) {
	w.Header().Set("Content-Type", f.kind)
	w.Header().Set("Content-Disposition", `attachment; filename="`+f.name+`"`)
	_, _ = w.Write(f.data) // the reader has gone: nobody to tell
}

// template is a list of creators to be filled in.
func template(name, kind string) handler {
	return func(*http.Request, access.Caller) (int, any, error) {
		data, err := creators.Template(name)
		return http.StatusOK, file{name, kind, data}, err
	}
}
