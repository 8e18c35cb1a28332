package slack

import (
	"bytes"
	"crypto/sha256"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/rapport-dev/rapport/playground/sandbox"
)

// What the page's forms do, and how it hears of what others did.

const (
	pagePath   = "/slack"
	scriptPath = "/slack/page.js"
)

func (s *service) pageRoutes(mux *http.ServeMux) {
	mux.HandleFunc("GET "+pagePath, s.getPage)
	mux.HandleFunc("GET "+pagePath+"/live", s.live)
	mux.HandleFunc("GET "+pagePath+"/archives/{channel}/{message}", s.archive)
	for _, file := range []string{"page.js", "page.css"} {
		mux.HandleFunc("GET "+pagePath+"/"+file, func(w http.ResponseWriter, r *http.Request) {
			http.ServeFileFS(w, r, templateFiles, "templates/"+file)
		})
	}
	for name, do := range map[string]func(r *http.Request, at where) (notice string, err error){
		"type": s.typed, "press": s.pressed, "send": s.sent, "close": s.closeForm, "keep": s.keepForm,
		"home": func(_ *http.Request, at where) (string, error) { return "", s.openHome(at.User) },
	} {
		mux.HandleFunc("POST "+pagePath+"/"+name, s.doing(do))
	}
}

// maxForm is what a page's form may weigh: ten files.
const maxForm = 10*maxFile + 1<<20

// doing does what a form of the page asks for and goes back to where it was.
func (s *service) doing(do func(*http.Request, where) (string, error)) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		r.Body = http.MaxBytesReader(w, r.Body, maxForm)
		//nolint:gosec // G120: bounded by the line above
		if err := r.ParseMultipartForm(1 << 20); err != nil && r.MultipartForm != nil {
			http.Error(w, "the form cannot be read", http.StatusBadRequest)
			return
		}
		s.Lock()
		at := s.whereOf(r)
		s.Unlock()
		notice, err := do(r, at)
		failed := ""
		if err != nil {
			notice, failed = err.Error(), "1"
		}
		http.Redirect(w, r, at.To("notice", notice, "failed", failed), http.StatusSeeOther) //nolint:gosec // G710: it begins with the page's own path
	}
}

// typed is what somebody wrote below a channel or thread: a command, or a message.
func (s *service) typed(r *http.Request, at where) (string, error) {
	text := strings.TrimSpace(r.FormValue("text"))
	if !strings.HasPrefix(text, "/") {
		return "", s.write(at.User, at.Channel, at.Thread, text)
	}
	word, rest, _ := strings.Cut(text, " ")
	switch {
	case word != "/rapport":
		return "", sandbox.Invalid("%s is not a valid command. Here there is /rapport.", word)
	case at.Thread != "":
		return "", sandbox.Invalid("%s cannot be used in a thread: type it in the channel.", word)
	}
	a, err := s.slashCommand(r.Context(), command{User: at.User, Text: strings.TrimSpace(rest), Channel: at.Channel})
	return troubled(word, a, err)
}

// troubled is what Slack shows a person whose app did not answer as it should; "" when it did.
func troubled(what string, a frontAnswer, err error) (string, error) {
	if err == nil && a.Status != http.StatusOK {
		err = sandbox.Invalid("%s failed: the app answered with %d.", what, a.Status)
	}
	return "", err
}

// pressed is a button or a choice. The name of what was pressed carries its block, action and kind, and of a button its value.
func (s *service) pressed(r *http.Request, at where) (string, error) {
	parts := strings.SplitN(r.FormValue("press"), inputSep, 4)
	if len(parts) < 3 {
		return "", sandbox.NotFound("button")
	}
	q := click{Channel: r.FormValue("message_channel"), TS: r.FormValue("ts"), ViewID: r.FormValue("view_id"), BlockID: parts[0], ActionID: parts[1], User: at.User}
	switch {
	case len(parts) == 4:
		q.Value = parts[3]
	case q.ViewID == "": // in a view it stands among the values
		q.Value, _, _ = strings.Cut(r.FormValue(strings.Join(parts, inputSep)), inputSep)
	}
	given, err := s.given(r, at)
	if err != nil {
		return "", err
	}
	q.Values = given
	a, err := s.pressButton(r.Context(), q)
	return troubled("That", a, err)
}

// sent is a form that is sent. What is wrong with its fields stands beside them, so that nothing is said twice.
func (s *service) sent(r *http.Request, at where) (string, error) {
	given, err := s.given(r, at)
	if err != nil {
		return "", err
	}
	id := r.FormValue("view_id")
	a, err := s.submitView(r.Context(), submission{ViewID: id, User: at.User, Values: given})
	s.Lock()
	v := s.openModal(id)
	wrong := v != nil && len(v.Errors) > 0
	s.Unlock()
	if wrong {
		return "", nil
	}
	return troubled("The form", a, err)
}

func (s *service) closeForm(r *http.Request, at where) (string, error) {
	_, err := s.submitView(r.Context(), submission{ViewID: r.FormValue("view_id"), User: at.User, Close: true})
	return "", err
}

// keepForm notes what stands in a form, such as a file that was just chosen. The app is told nothing.
func (s *service) keepForm(r *http.Request, at where) (string, error) {
	given, err := s.given(r, at)
	if err != nil {
		return "", err
	}
	s.Lock()
	defer s.Unlock()
	v := s.openModal(r.FormValue("view_id"))
	if v == nil || v.User != at.User {
		return "", sandbox.NotFound("open form")
	}
	filled, problem := s.fill(v, given)
	if problem != "" {
		return "", sandbox.Invalid("%s", problem)
	}
	v.Values = filled
	s.Touch()
	return "", nil
}

// given is what stands in the fields of the form that was sent, as Slack's state.values.
func (s *service) given(r *http.Request, at where) (values, error) {
	s.Lock()
	v := sandbox.Find(s.st.Views, func(v *view) bool { return v.ID == r.FormValue("view_id") && v.Open && v.User == at.User })
	var fields []field
	zone := time.UTC
	if v != nil {
		fields = v.fields()
	}
	if u, ok := userByID(at.User); ok {
		zone = sandbox.Must(zoneNamed(s.presenceOf(u).Zone))
	}
	s.Unlock()
	out := values{}
	for _, f := range fields {
		kind := f.Element.text("type")
		name := strings.Join([]string{f.Block, f.Action, kind}, inputSep)
		value, err := s.valueGiven(r, at.User, name, kind, zone)
		if err != nil {
			return nil, err
		}
		out.set(f, map[string]any{"type": kind, holds[kind]: value})
	}
	return out, nil
}

func (s *service) valueGiven(r *http.Request, user, name, kind string, zone *time.Location) (any, error) {
	all := r.Form[name]
	first := ""
	if len(all) > 0 {
		first = all[0]
	}
	switch holds[kind] {
	case "selected_option":
		value, text, _ := strings.Cut(first, inputSep) // the words of a choice that only the app knows come with it
		return option(value, text), nil
	case "selected_options":
		many := []any{}
		for _, one := range all {
			value, text, _ := strings.Cut(one, inputSep)
			if chosen := option(value, text); chosen != nil {
				many = append(many, chosen)
			}
		}
		return many, nil
	case "selected_users", "selected_conversations", "selected_channels":
		many := []any{}
		for _, one := range all {
			many = append(many, one)
		}
		return many, nil
	case "selected_date_time":
		at, err := time.ParseInLocation(dateTime, first, zone)
		if err != nil {
			return nil, nil //nolint:nilerr // nothing, or nothing that is a time, was chosen
		}
		return float64(at.Unix()), nil // as it comes back from JSON
	case "files":
		return s.filesGiven(r, user, name)
	}
	return sandbox.Nullable(strings.ReplaceAll(first, "\r\n", "\n")), nil
}

// filesGiven are those that were there before and those that come with the form.
func (s *service) filesGiven(r *http.Request, user, name string) (any, error) {
	files := []any{}
	for _, id := range r.Form[name] {
		if id != "" { // a field in which nothing was chosen comes as a value without words
			files = append(files, map[string]any{"id": id})
		}
	}
	if r.MultipartForm == nil {
		return files, nil
	}
	for _, header := range r.MultipartForm.File[name] {
		in, err := header.Open()
		if err != nil {
			return nil, sandbox.Invalid("%s cannot be read", header.Filename)
		}
		f, err := s.takeUpload(user, header.Filename, in)
		in.Close()
		if err != nil {
			return nil, err
		}
		files = append(files, map[string]any{"id": f.ID})
	}
	return files, nil
}

func option(value, text string) any {
	if value == "" {
		return nil
	}
	if text == "" {
		text = value
	}
	return map[string]any{"value": value, "text": map[string]any{"type": "plain_text", "text": text, "emoji": true}}
}

// archive leads a permalink, which is Slack's own but for the host, to its message.
func (s *service) archive(w http.ResponseWriter, r *http.Request) {
	digits := strings.TrimPrefix(r.PathValue("message"), "p")
	if _, err := strconv.ParseInt(digits, 10, 64); err != nil || len(digits) < 7 {
		http.NotFound(w, r)
		return
	}
	ts := digits[:len(digits)-6] + "." + digits[len(digits)-6:]
	s.Lock()
	m := s.messageOf(r.PathValue("channel"), ts)
	s.Unlock()
	if m == nil {
		http.NotFound(w, r)
		return
	}
	at := where{User: r.FormValue("user"), Channel: m.Channel, Thread: m.ThreadTS}
	http.Redirect(w, r, at.To()+"#m"+strings.ReplaceAll(ts, ".", "-"), http.StatusSeeOther) //nolint:gosec // G710: as above
}

// lookEvery bounds how often an open page is drawn anew.
const lookEvery = 300 * time.Millisecond

// live sends an event whenever what a person sees has changed.
func (s *service) live(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Content-Type", "text/event-stream")
	w.Header().Set("Cache-Control", "no-store")
	out := http.NewResponseController(w)
	last := [sha256.Size]byte{}
	for {
		s.Lock()
		shown, changed := s.render("body", s.chatPage(s.whereOf(r))), s.Changed()
		s.Unlock()
		if sum := sha256.Sum256(bytes.TrimSpace(shown)); sum != last {
			last = sum
			if _, err := fmt.Fprintf(w, "data: %x\n\n", sum[:8]); err != nil { //nolint:gosec // G705: sixteen digits
				return
			}
		}
		if out.Flush() != nil {
			return
		}
		select {
		case <-r.Context().Done():
			return
		case <-changed:
		}
		select { // what comes in a row is one change
		case <-r.Context().Done():
			return
		case <-time.After(lookEvery):
		}
	}
}
