package sandbox

import (
	"bytes"
	"cmp"
	"embed"
	"fmt"
	"html/template"
	"io/fs"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"
)

// The page for people: everything that went out, with the buttons that answer it. It needs no script; each action is a
// form that comes back to the page. The shell and the faults are the core's, each other tab is a vendor's.

// A Tab is a vendor's part of the page.
type Tab struct {
	Name, Title string
	At          string // where it is, when it has a page of its own; then Count is all that follows
	Count       func() int
	Pages       *template.Template        // holds a template of the tab's name
	Show        func(r *http.Request) any // what the template shows; both run under the lock
	Forms       map[string]Form           // what its buttons do, by the action of POST /ui/{action}
	Keep        map[string]string         // fields of its forms that stay in the address afterwards, by their name there
}

// A Form does what a form of the page asks for, and tells what was done.
type Form func(r *http.Request) (notice string, err error)

//go:embed templates
var templateFiles embed.FS

var shell = ParsePages(templateFiles)

// ParsePages reads the templates/*.html of a package, which may use stamp, money and dict.
func ParsePages(files fs.FS) *template.Template {
	return template.Must(template.New("").Funcs(template.FuncMap{
		"stamp": stamp,
		"money": func(minor int64, currency string) string {
			return Decimal(minor, currency) + " " + strings.ToUpper(currency)
		},
		"dict": dict,
	}).ParseFS(files, "templates/*.html"))
}

// stamp formats an instant for people, "" for the zero time.
func stamp(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.Format("2 Jan 15:04:05")
}

// dict gives a template several values under names.
func dict(pairs ...any) map[string]any {
	out := map[string]any{}
	for i := 0; i+1 < len(pairs); i += 2 {
		out[fmt.Sprint(pairs[i])] = pairs[i+1]
	}
	return out
}

// Render writes a page of its own, such as the one where a contract is signed.
func (s *Server) Render(w http.ResponseWriter, pages *template.Template, name string, data any) {
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.Header().Set("Cache-Control", "no-store")
	w.Header().Set("X-Content-Type-Options", "nosniff")
	w.Header().Set("Referrer-Policy", "no-referrer")
	if err := pages.ExecuteTemplate(w, name+".html", data); err != nil {
		s.log.Error("rendering failed", "page", name, "error", err)
	}
}

func (s *Server) pageRoutes(mux *http.ServeMux) {
	mux.HandleFunc("GET /{$}", s.getPage)
	mux.HandleFunc("GET /style.css", func(w http.ResponseWriter, r *http.Request) {
		http.ServeFileFS(w, r, templateFiles, "templates/style.css")
	})
	mux.HandleFunc("POST /ui/{action}", s.uiAction)
}

// tabs are the vendors' tabs, and the faults.
func (s *Server) tabs() []*Tab {
	var tabs []*Tab
	for _, v := range s.services {
		if v.Tab != nil {
			tabs = append(tabs, v.Tab)
		}
	}
	return append(tabs, s.faultsTab())
}

// pageData is what the shell shows.
type pageData struct {
	View    string
	Tabs    []tabData
	Notice  string
	Failed  bool
	Refresh bool
	Body    template.HTML
}

// tabData is an entry of the navigation.
type tabData struct {
	Name, Title, At string
	Count           int
}

func (s *Server) getPage(w http.ResponseWriter, r *http.Request) {
	d := pageData{Notice: r.FormValue("notice"), Failed: r.FormValue("failed") != "", Refresh: r.FormValue("refresh") != ""}
	tabs := s.tabs()
	shown := tabs[0]
	if i := slices.IndexFunc(tabs, func(t *Tab) bool { return t.Name == r.FormValue("view") }); i >= 0 {
		shown = tabs[i]
	}
	d.View = shown.Name
	if shown.At != "" {
		http.Redirect(w, r, shown.At, http.StatusSeeOther)
		return
	}
	var body bytes.Buffer
	s.mu.Lock()
	for _, t := range tabs {
		d.Tabs = append(d.Tabs, tabData{t.Name, t.Title, cmp.Or(t.At, "/?view="+t.Name), t.Count()})
	}
	err := shown.Pages.ExecuteTemplate(&body, shown.Name, shown.Show(r))
	s.mu.Unlock()
	if err != nil {
		s.log.Error("rendering failed", "page", shown.Name, "error", err)
	}
	d.Body = template.HTML(body.String()) //nolint:gosec // a template's own output, escaped there
	s.Render(w, shell, "page", d)
}

// uiAction does what a form of the page asks for, with the same functions as the people's endpoints, and goes back.
func (s *Server) uiAction(w http.ResponseWriter, r *http.Request) {
	if err := r.ParseForm(); err != nil {
		http.Error(w, "the form cannot be read", http.StatusBadRequest)
		return
	}
	q, notice, err := url.Values{}, "", NotFound("action")
	for _, t := range s.tabs() {
		do := t.Forms[r.PathValue("action")]
		if do == nil {
			continue
		}
		q.Set("view", t.Name)
		for field, name := range t.Keep {
			if v := r.FormValue(field); v != "" {
				q.Set(name, v)
			}
		}
		notice, err = do(r)
	}
	if err != nil {
		notice = err.Error()
		q.Set("failed", "1")
	}
	q.Set("notice", notice)
	http.Redirect(w, r, "/?"+q.Encode(), http.StatusSeeOther)
}

// faultsPage is what the core's own tab shows.
type faultsPage struct {
	Vendors, Kinds []string
	Plans          []*plan
	Struck         []struck
	Queues         []queueRow
}

type queueRow struct {
	Name    string
	Pending int
	Held    bool
	queueStats
}

func (s *Server) faultsTab() *Tab {
	return &Tab{
		Name: "faults", Title: "Faults", Pages: shell, Count: func() int { return len(s.st.Plans) },
		Show: func(*http.Request) any {
			d := faultsPage{Vendors: s.vendorNames(), Kinds: s.faultKinds("*"), Plans: s.st.Plans, Struck: s.struckFaults()}
			for _, q := range s.queues {
				d.Queues = append(d.Queues, queueRow{q.Name, len(s.st.Queues[q.Name]), s.st.Held[q.Name] != nil, *s.stats(q.Name)})
			}
			return d
		},
		Forms: map[string]Form{
			"fault": func(r *http.Request) (string, error) { return "The fault is planned.", s.planFault(r) },
			"clear-faults": func(*http.Request) (string, error) {
				s.mu.Lock()
				defer s.mu.Unlock()
				s.st.Plans = nil
				s.Touch()
				return "No faults are planned any more.", nil
			},
		},
	}
}

func (s *Server) planFault(r *http.Request) error {
	count, _ := strconv.Atoi(r.FormValue("count"))
	p := &plan{Vendor: r.FormValue("vendor"), Endpoint: strings.TrimSpace(r.FormValue("endpoint")), Kind: r.FormValue("kind"), Count: count}
	if err := s.checkPlan(p); err != nil {
		return Invalid("%v", err)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.st.Plans = append(s.st.Plans, p)
	s.Touch()
	return nil
}
