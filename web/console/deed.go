package console

import (
	"cmp"
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"errors"
	"io"
	"mime/multipart"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/rapport-dev/rapport/app/deeds"
	"github.com/rapport-dev/rapport/app/launch"
	"github.com/rapport-dev/rapport/partnership"
	"github.com/rapport-dev/rapport/store"
	"github.com/rapport-dev/rapport/web/page"
)

// Keys keep what a form was answered: sent twice it is done once.
type Keys interface {
	BindKey(ctx context.Context, id, request, hash string) (store.KeyedAnswer, error)
	AnswerKey(ctx context.Context, id string, a store.KeyedAnswer) error
	FreeKey(ctx context.Context, id string) error
	AnsweredKey(ctx context.Context, id string) (store.KeyedAnswer, error)
}

// deed is what a form asks for.
type deed struct {
	// do asks app for it, and says what came of it.
	do func(r *http.Request, v visitor) (said string, err error)
	// stands is the page that the form is on: it is shown again with what was typed where it cannot be done as it was sent.
	stands show
	// back is where what came of it is read.
	back func(r *http.Request) string
}

// told is what came of a form.
type told struct {
	Who  string `json:"who"`
	Said string `json:"said"`
	Tone string `json:"tone"`
	To   string `json:"to,omitempty"` // where it leads, "" to the page that its form stands on
}

// failed is a form that could not be done as it was sent.
type failed struct {
	at      string // its action
	field   string // "" the whole of it
	message string
	values  url.Values
	status  int
	ask     *partnership.UnconfirmedError // what has to be confirmed first
	faults  []launch.Fault
	look    *look // what it would do: nothing was wrong with it
}

func (f failed) typed(action, name string) string {
	if f.at != action {
		return ""
	}
	return f.values.Get(name)
}

func (f failed) wrong(action, name string) string {
	if f.at != action || f.field != name {
		return ""
	}
	return f.message
}

// newKey names one form: whatever is sent of it counts once.
func newKey() string { return rand.Text() }

// take is the way of a deed: the form is of this session and of this page, whoever sends it may, and it counts once.
func (c *Console) take(way string, d deed) http.HandlerFunc {
	return c.guarded(func(w http.ResponseWriter, r *http.Request, v visitor) {
		key := r.PostFormValue("key")
		if key == "" {
			page.Failure(w, r, http.StatusBadRequest, "This form is not whole", "Nothing was done. Go back, reload the page and send it again.")
			return
		}
		if err := may(way, v.By); err != nil {
			c.refuse(w, r, v, d, err)
			return
		}
		v.ID, v.Once = "console/"+short(v.Who+"\x00"+key), true
		before, err := c.Store.BindKey(r.Context(), v.ID, r.Method+" "+r.URL.Path, short(sent(r)))
		said := told{Who: v.Who, Tone: "ok"}
		if err == nil && before.Status != 0 {
			err = json.Unmarshal(before.Body, &said)
			if err == nil {
				c.leadBack(w, r, cmp.Or(said.To, d.back(r)), v.ID)
				return
			}
		}
		if err == nil {
			said.Said, err = d.do(r, v)
		}
		if taken, ok := errors.AsType[*partnership.Taken](err); ok {
			said.Said, said.Tone, err = title(taken.Error())+". What comes of it stands in the audit.", "warn", nil
		}
		if some, ok := errors.AsType[*partly](err); ok {
			said.Said, said.Tone, err = some.said, "warn", nil
		}
		if err != nil {
			if faulty(err) {
				err = errors.Join(err, c.Store.FreeKey(r.Context(), v.ID))
			}
			c.refuse(w, r, v, d, err)
			return
		}
		said.To = r.PathValue(leadsTo)
		text, err := json.Marshal(said)
		if err == nil {
			err = c.Store.AnswerKey(r.Context(), v.ID, store.KeyedAnswer{Status: http.StatusOK, Body: text})
		}
		if err != nil {
			c.fail(w, r, err)
			return
		}
		if secret := r.PathValue(onceAs); secret != "" {
			v.told = said
			page.Show(w, r, http.StatusOK, oncePage(v, secret, d.back(r)))
			return
		}
		c.leadBack(w, r, cmp.Or(said.To, d.back(r)), v.ID)
	})
}

// leadsTo is by what a deed says where it leads, when that is another page than its form's.
const leadsTo = "leads_to"

// may is nil for who may ask for one of the deeds of a way.
func may(way string, by deeds.By) error {
	err := error(partnership.Errorf(partnership.Forbidden, "this asks for nothing that anybody may do"))
	for _, name := range deeds.Of(deeds.Console, way) {
		d, _ := deeds.Find(name)
		if err = by.Has(d.Need); err == nil || d.Money != "" && by.Has(d.Money) == nil {
			return nil
		}
	}
	return err
}

// faulty says whether what was sent was wrong and nothing was done: the same form may be sent again, mended.
func faulty(err error) bool {
	_, files := errors.AsType[*launch.Faulty](err)
	_, asks := errors.AsType[*partnership.UnconfirmedError](err)
	_, looks := errors.AsType[*look](err)
	return files || asks || looks || partnership.CodeOf(err) == partnership.Invalid
}

// leadBack leads to a page of ours, and nowhere else.
func (c *Console) leadBack(w http.ResponseWriter, r *http.Request, back, id string) {
	to, err := url.Parse(back)
	if err != nil || to.Host != "" || to.Scheme != "" || !strings.HasPrefix(to.Path, "/") {
		to = &url.URL{Path: "/"}
	}
	q := to.Query()
	q.Set("did", strings.TrimPrefix(id, "console/"))
	to.RawQuery = q.Encode()
	http.Redirect(w, r, to.String(), http.StatusSeeOther) //nolint:gosec // it has no host, as was looked at above
}

// toldOf is what came of a form that a page was led back from, to whoever sent it.
func (c *Console) toldOf(r *http.Request, who string) told {
	did := r.URL.Query().Get("did")
	if did == "" || r.Method != http.MethodGet {
		return told{}
	}
	answer, err := c.Store.AnsweredKey(r.Context(), "console/"+did)
	var t told
	if err != nil || json.Unmarshal(answer.Body, &t) != nil || t.Who != who {
		return told{}
	}
	return t
}

// refuse shows the page again with what was typed and what is in the way.
func (c *Console) refuse(w http.ResponseWriter, r *http.Request, v visitor, d deed, err error) {
	f := failed{at: r.URL.Path, values: r.PostForm, status: http.StatusUnprocessableEntity, message: err.Error()}
	no, ours := errors.AsType[*partnership.Error](err)
	wrong, files := errors.AsType[*launch.Faulty](err)
	ask, asks := errors.AsType[*partnership.UnconfirmedError](err)
	seen, looks := errors.AsType[*look](err)
	switch {
	case looks:
		f.look, f.message, f.status = seen, "", http.StatusOK
	case files:
		f.faults, f.message = wrong.Faults, "The files have faults; nothing was changed."
	case asks:
		f.ask, f.message, f.status = ask, ask.Error(), http.StatusConflict
	case ours:
		f.message = no.Message
		if r.PostForm.Has(no.Field) {
			f.field = no.Field
		} else if no.Field != "" {
			f.message = no.Field + ": " + no.Message
		}
		if s, known := map[partnership.Code]int{partnership.Forbidden: http.StatusForbidden, partnership.Conflict: http.StatusConflict, partnership.NotFound: http.StatusNotFound}[no.Code]; known {
			f.status = s
		}
	default:
		c.Log.ErrorContext(r.Context(), "console", "route", r.Pattern, "error", err)
		page.Failure(w, r, http.StatusServiceUnavailable, "It is not known whether this was taken", "The database or the engine does not answer. Go back and send the same form again: it counts once.")
		return
	}
	v.failed = f
	d.stands(&statused{w, f.status}, r, v)
}

// statused answers a page with the status of what it says.
type statused struct {
	http.ResponseWriter
	status int
}

func (s *statused) WriteHeader(status int) {
	if status == http.StatusOK {
		status = s.status
	}
	s.ResponseWriter.WriteHeader(status)
}

// sent is all that a form holds but what is another each time that the page is shown.
func sent(r *http.Request) string {
	var b strings.Builder
	names := make([]string, 0, len(r.PostForm))
	for name := range r.PostForm {
		names = append(names, name)
	}
	slices.Sort(names)
	for _, name := range names {
		if name != "form" {
			b.WriteString(url.Values{name: r.PostForm[name]}.Encode() + "\n")
		}
	}
	if r.MultipartForm != nil {
		for _, name := range []string{"campaign", "creators", "orders", "sdn", "alt"} {
			text, _ := fileOf(r, name) // what cannot be read is said by whoever needs it
			b.WriteString(name + " " + short(string(text)) + "\n")
		}
	}
	return b.String()
}

// fileOf is what a form holds as a file, or as one that was looked at before. Nil is none.
func fileOf(r *http.Request, name string) ([]byte, error) {
	f, _, err := r.FormFile(name)
	if errors.Is(err, http.ErrMissingFile) || errors.Is(err, http.ErrNotMultipart) || err == nil && emptyFile(f) {
		kept := r.PostFormValue(name + "_kept")
		if kept == "" {
			return nil, nil
		}
		return base64.StdEncoding.DecodeString(kept)
	}
	if err != nil {
		return nil, err
	}
	defer f.Close()
	return io.ReadAll(f)
}

func emptyFile(f multipart.File) bool {
	n, err := f.Seek(0, io.SeekEnd)
	if err == nil {
		_, err = f.Seek(0, io.SeekStart)
	}
	return n == 0 && err == nil
}

func short(s string) string {
	sum := sha256.Sum256([]byte(s))
	return hex.EncodeToString(sum[:16])
}
