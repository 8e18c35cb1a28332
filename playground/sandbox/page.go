package sandbox

import (
	"embed"
	"fmt"
	"html/template"
	"net/http"
	"slices"
	"strconv"
	"strings"
)

// The page for people: everything that went out, with the buttons that answer it. It needs no script; each action is a
// form that comes back to the page.

//go:embed templates
var templateFiles embed.FS

var templates = template.Must(template.New("").Funcs(template.FuncMap{
	"stamp": stamp,
	"money": func(minor int64, currency string) string {
		return decimal(minor, currency) + " " + strings.ToUpper(currency)
	},
	"dict": dict,
}).ParseFS(templateFiles, "templates/*.html"))

// dict gives a template several values under names.
func dict(pairs ...any) map[string]any {
	out := map[string]any{}
	for i := 0; i+1 < len(pairs); i += 2 {
		out[fmt.Sprint(pairs[i])] = pairs[i+1]
	}
	return out
}

// render writes a page. mu is held when a vendor's handler calls it; the templates read only what they are given.
func (s *Server) render(w http.ResponseWriter, name string, data any) {
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.Header().Set("Cache-Control", "no-store")
	w.Header().Set("X-Content-Type-Options", "nosniff")
	w.Header().Set("Referrer-Policy", "no-referrer")
	if err := templates.ExecuteTemplate(w, name+".html", data); err != nil {
		s.log.Error("rendering failed", "page", name, "error", err)
	}
}

// tab is an entry of the navigation.
type tab struct {
	Name, Title string
	Count       int
}

// pageData is what the page shows.
type pageData struct {
	View    string
	Tabs    []tab
	Notice  string
	Failed  bool
	Refresh bool

	Mails    []mailView
	Mail     *mailView
	Plain    bool
	Mailbox  string
	Messages []chatCard
	Views    []modalView
	Replies  []chatResponse
	Users    []slackUser
	User     string

	Envelopes []*envelope
	Parcels   []*shipment
	Drafts    []giftRow
	Discounts []discountRow
	Orders    []*orderRow
	Accounts  []accountView
	Transfers []*transferRow
	Balance   int64
	Plans     []*plan
	Struck    []struck
	Queues    []queueRow
	Kinds     []string
	Vendors   []string
}

type giftRow struct {
	*draft
	Key, State string
}
type discountRow struct {
	*discount
	State string
}
type orderRow struct {
	*order
	Name           string
	Net, Back      int64
	Partnership    string
	Left           int64
	Gift, Canceled bool
}
type transferRow struct {
	*transfer
	Reversed int64
}
type queueRow struct {
	Name    string
	Pending int
	Held    bool
	queueStats
}

func (s *Server) pageRoutes(mux *http.ServeMux) {
	mux.HandleFunc("GET /{$}", s.getPage)
	mux.Handle("GET /style.css", serveEmbedded("style.css"))
	mux.HandleFunc("GET /labels/{id}", s.getLabel)
	mux.HandleFunc("POST /ui/{action}", s.uiAction)
}

func serveEmbedded(name string) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		http.ServeFileFS(w, r, templateFiles, "templates/"+name)
	})
}

func (s *Server) getPage(w http.ResponseWriter, r *http.Request) {
	s.mu.Lock()
	d := s.pageData(r)
	s.mu.Unlock()
	s.render(w, "page", d)
}

// pageData collects what one view shows, newest first. It copies what may change. mu is held.
func (s *Server) pageData(r *http.Request) *pageData {
	d := &pageData{
		View: r.FormValue("view"), Notice: r.FormValue("notice"), Failed: r.FormValue("failed") != "", Refresh: r.FormValue("refresh") != "",
		Users: slackUsers, User: r.FormValue("user"), Kinds: faultKinds, Vendors: vendors, Mailbox: r.FormValue("to"),
	}
	if d.User == "" {
		d.User = slackUsers[0].ID
	}
	open := 0
	for _, e := range s.st.Envelopes {
		if e.Status == "sent" || e.Status == "delivered" {
			open++
		}
	}
	d.Tabs = []tab{
		{"mail", "Mail", len(s.st.Mails)},
		{"slack", "Slack", len(s.st.Messages)},
		{"contracts", "Contracts", open},
		{"parcels", "Parcels", len(s.truth().Labels)},
		{"shop", "Shop", len(s.st.Orders)},
		{"money", "Money", len(s.st.Transfers)},
		{"faults", "Faults", len(s.st.Plans)},
	}
	if !slices.ContainsFunc(d.Tabs, func(t tab) bool { return t.Name == d.View }) {
		d.View = "mail"
	}
	switch d.View {
	case "mail":
		s.mailPage(r, d)
	case "slack":
		s.slackPage(d)
	case "contracts":
		for _, e := range slices.Backward(s.st.Envelopes) {
			c := *e
			d.Envelopes = append(d.Envelopes, &c)
		}
	case "parcels":
		for _, sh := range slices.Backward(s.st.Shipments) {
			if sh.Parcel != nil {
				c, p := *sh, *sh.Parcel
				c.Parcel = &p
				d.Parcels = append(d.Parcels, &c)
			}
		}
	case "shop":
		s.shopPage(d)
	case "money":
		d.Accounts, d.Balance = s.accountsFor(r, 0), s.funds("usd")
		for _, t := range slices.Backward(s.st.Transfers) {
			c := *t
			d.Transfers = append(d.Transfers, &transferRow{&c, t.reversed()})
		}
	case "faults":
		d.Struck = s.struckFaults()
		for _, p := range s.st.Plans {
			c := *p
			d.Plans = append(d.Plans, &c)
		}
		for _, q := range queues {
			d.Queues = append(d.Queues, queueRow{q, len(s.st.Queues[q]), s.st.Held[q] != nil, *s.stats(q)})
		}
	}
	return d
}

// mailsShown bounds the list on the page.
const mailsShown = 200

func (s *Server) mailPage(r *http.Request, d *pageData) {
	seq, _ := strconv.ParseInt(r.FormValue("mail"), 10, 64)
	d.Plain = r.FormValue("plain") != ""
	for _, l := range slices.Backward(s.st.Mails) {
		if d.Mailbox != "" && !strings.EqualFold(l.To, d.Mailbox) || len(d.Mails) >= mailsShown {
			continue
		}
		v := s.mailView(l)
		if l.Seq == seq || seq == 0 && d.Mail == nil {
			d.Mail = &v
		}
		d.Mails = append(d.Mails, v)
	}
	if d.Mail != nil { // links open beside the page, not inside the frame
		d.Mail.HTML = `<base target="_blank"><style>body{margin:12px;font-family:system-ui,sans-serif}</style>` + d.Mail.HTML
	}
}

func (s *Server) shopPage(d *pageData) {
	for _, g := range slices.Backward(s.st.Drafts) {
		c := *g
		d.Drafts = append(d.Drafts, giftRow{&c, attributeOf(g.Attributes, "rapport_key"), s.giftStatus(g)})
	}
	for _, x := range slices.Backward(s.st.Discounts) {
		c := *x
		d.Discounts = append(d.Discounts, discountRow{&c, x.status(s.now())})
	}
	for _, o := range slices.Backward(s.st.Orders) {
		c := *o
		d.Orders = append(d.Orders, &orderRow{&c, o.name(), o.net(), o.refunded(), o.utm("utm_id"), o.net() - o.refunded(), o.DraftID != 0, !o.CancelledAt.IsZero()})
	}
}

// getLabel draws a postage label: a real one would be printed.
func (s *Server) getLabel(w http.ResponseWriter, r *http.Request) {
	id := strings.TrimSuffix(r.PathValue("id"), ".svg")
	s.mu.Lock()
	sh := find(s.st.Shipments, func(sh *shipment) bool { return sh.LabelID == id && id != "" })
	code := ""
	if sh != nil {
		code = sh.Parcel.Code
	}
	s.mu.Unlock()
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
