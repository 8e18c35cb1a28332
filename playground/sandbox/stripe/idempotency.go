package stripe

import (
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/rapport-dev/rapport/playground/sandbox"
)

// keyLife is how long Stripe keeps the answer to an idempotency key at least; then it may be forgotten.
const keyLife = 24 * time.Hour

// savedCall is an answer that an idempotency key replays.
type savedCall struct {
	Params string    `json:"params"` // path and form: the key fits only the same call
	Status int       `json:"status"`
	Body   []byte    `json:"body"`
	At     time.Time `json:"at"`
}

type operation func(r *http.Request, f form) (any, *apiError)

// post gives a POST its idempotency: the first answer is saved and replayed, other parameters are an error. As at
// Stripe, what fails before it is executed (an unknown or missing parameter) is not saved; later refusals are.
func (s *service) post(do operation, allowed ...string) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		if err := r.ParseForm(); err != nil {
			refuse(w, invalid("", "", "Invalid request body"))
			return
		}
		r.PostForm.Del("expand[0]")
		key, params := r.Header.Get("Idempotency-Key"), r.URL.Path+"?"+r.PostForm.Encode()
		if len(key) > 255 {
			refuse(w, invalid("", "", "Idempotency keys are at most 255 characters"))
			return
		}
		if old := s.savedCall(key); old != nil {
			s.replay(w, key, params, old)
			return
		}
		f := form{r.PostForm, allowed}
		if p := f.unknown(); p != "" {
			refuse(w, invalid("parameter_unknown", p, "Received unknown parameter: %s", p))
			return
		}
		rec := sandbox.NewAnswer()
		var out any
		serr := f.badMetadata()
		if serr == nil {
			out, serr = do(r, f)
		}
		if serr != nil {
			refuse(rec, serr)
		} else {
			sandbox.WriteJSON(rec, http.StatusOK, out)
		}
		if key != "" && (serr == nil || !strings.HasPrefix(serr.code, "parameter_")) {
			s.st.StripeKeys[key] = &savedCall{params, rec.Status, slices.Clone(rec.Bytes()), s.Now()}
			w.Header().Set("Idempotency-Key", key)
		}
		rec.Send(w)
	}
}

func (s *service) savedCall(key string) *savedCall {
	old := s.st.StripeKeys[key]
	if key == "" || old == nil || time.Since(old.At) > keyLife {
		return nil
	}
	return old
}

func (s *service) replay(w http.ResponseWriter, key, params string, old *savedCall) {
	w.Header().Set("Idempotency-Key", key)
	if old.Params != params {
		refuse(w, &apiError{
			http.StatusBadRequest, "idempotency_error", "", "",
			"Keys for idempotent requests can only be used with the same parameters they were first used with. Try using a key other than '" + key + "' if you meant to execute a different request.",
		})
		return
	}
	w.Header().Set("Idempotent-Replayed", "true")
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(old.Status)
	w.Write(old.Body)
}

// stick answers with a failure and saves it under the request's idempotency key: Stripe replays its 500s too.
func (s *service) stick(w http.ResponseWriter, r *http.Request) {
	rec := sandbox.NewAnswer()
	broken(rec)
	rec.Send(w)
	key := r.Header.Get("Idempotency-Key")
	if key == "" || r.ParseForm() != nil {
		return
	}
	r.PostForm.Del("expand[0]")
	s.Lock()
	defer s.Unlock()
	if s.savedCall(key) == nil {
		s.st.StripeKeys[key] = &savedCall{r.URL.Path + "?" + r.PostForm.Encode(), rec.Status, slices.Clone(rec.Bytes()), s.Now()}
		s.Touch()
	}
}

// forgetKeys drops saved answers as if a day had passed: all, or one.
func (s *service) forgetKeys(key string) int {
	s.Lock()
	defer s.Unlock()
	n := 0
	for k := range s.st.StripeKeys {
		if key == "" || k == key {
			delete(s.st.StripeKeys, k)
			n++
		}
	}
	s.Touch()
	return n
}
