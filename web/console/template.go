package console

import (
	"net/http"

	"github.com/rapport-dev/rapport/app/creators"
)

// template is a list of creators to be filled in.
func (c *Console) template(name, kind string) show {
	return func(w http.ResponseWriter, r *http.Request, _ visitor) {
		data, err := creators.Template(name)
		if err != nil {
			c.fail(w, r, err)
			return
		}
		w.Header().Set("Content-Type", kind)
		w.Header().Set("Content-Disposition", `attachment; filename="`+name+`"`)
		_, _ = w.Write(data) // the reader has gone: nobody to tell
	}
}
