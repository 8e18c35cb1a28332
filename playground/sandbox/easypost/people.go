package easypost

import (
	"fmt"
	"net/http"
	"strings"

	"github.com/rapport-dev/rapport/playground/sandbox"
)

// people adds what people see of parcels and do to them.
func (s *service) people(mux *http.ServeMux) {
	mux.HandleFunc("GET /labels/{id}", s.getLabel)
	mux.HandleFunc("GET /sandbox/parcels", sandbox.Feed(s.Server, "parcels", s.parcelsFor))
	mux.HandleFunc("POST /sandbox/parcels/{code}", sandbox.Act(func(r *http.Request, q parcelChange) (any, error) { return s.changeParcel(r.PathValue("code"), q) }))
}

func (s *service) parcelsFor(*http.Request, int64) []map[string]any {
	var out []map[string]any
	for _, sh := range s.st.Shipments {
		if sh.Parcel != nil {
			row := s.trackerJSON(sh)
			row["reference"], row["partnership_id"], row["refunded"] = sh.Reference, sandbox.PartnershipOf(sh.Reference), !sh.RefundedAt.IsZero()
			out = append(out, row)
		}
	}
	return out
}

// getLabel draws a postage label: a real one would be printed.
func (s *service) getLabel(w http.ResponseWriter, r *http.Request) {
	id := strings.TrimSuffix(r.PathValue("id"), ".svg")
	s.Lock()
	sh := sandbox.Find(s.st.Shipments, func(sh *shipment) bool { return sh.LabelID == id && id != "" })
	code := ""
	if sh != nil {
		code = sh.Parcel.Code
	}
	s.Unlock()
	if code == "" {
		http.NotFound(w, r)
		return
	}
	w.Header().Set("Content-Type", "image/svg+xml")
	fmt.Fprintf(w, `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 400 240"><rect width="400" height="240" fill="#fff" stroke="#000"/>`+
		`<text x="20" y="50" font-family="sans-serif" font-size="28" font-weight="bold">USPS SANDBOX</text>`)
	for i, c := range code {
		fmt.Fprintf(w, `<rect x="%d" y="80" width="%d" height="90"/>`, 20+i*16, 3+int(c-'0'))
	}
	fmt.Fprintf(w, `<text x="20" y="210" font-family="monospace" font-size="20">%s</text></svg>`, code)
}
