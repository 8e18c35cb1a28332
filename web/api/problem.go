package api

import (
	"encoding/json"
	"errors"
	"net/http"

	"github.com/rapport-dev/rapport/app/launch"
	"github.com/rapport-dev/rapport/partnership"
)

// Problem is every error's document (RFC 9457).
type Problem struct {
	Type   string         `json:"type"`
	Title  string         `json:"title"`
	Status int            `json:"status"`
	Code   string         `json:"code"`
	Detail string         `json:"detail"`
	Field  string         `json:"field,omitempty"`
	Faults []launch.Fault `json:"faults,omitempty"`
	// Changes are what an import would do to people with open work; the same request with confirm set to Confirm does it.
	Changes []partnership.PersonChange `json:"changes,omitempty"`
	Confirm string                     `json:"confirm,omitempty"`
}

// fail answers with what went wrong: our own refusals in their words, everything else without any.
func (a *API) fail(w http.ResponseWriter, r *http.Request, err error) {
	if wrong, ok := errors.AsType[*launch.Faulty](err); ok {
		writeJSON(w, http.StatusUnprocessableEntity, "application/problem+json", Problem{
			Type: "about:blank", Title: http.StatusText(http.StatusUnprocessableEntity), Status: http.StatusUnprocessableEntity,
			Code: string(partnership.Invalid), Detail: "the files have faults; nothing was changed", Faults: wrong.Faults,
		})
		return
	}
	if ask, ok := errors.AsType[*partnership.UnconfirmedError](err); ok {
		writeJSON(w, http.StatusConflict, "application/problem+json", Problem{
			Type: "about:blank", Title: http.StatusText(http.StatusConflict), Status: http.StatusConflict, Code: string(partnership.Conflict),
			Detail:  "the file would change people with open work, or bring back people who were erased; nothing was changed. Look at the changes and send the same request with confirm (and a reason for who was erased)",
			Changes: ask.Changes, Confirm: ask.Hash,
		})
		return
	}
	if no, ok := errors.AsType[*partnership.Error](err); ok {
		problem(w, statusOf(no.Code), no)
		return
	}
	if t, ok := errors.AsType[*partnership.Taken](err); ok {
		writeJSON(w, http.StatusAccepted, "application/json", takenAnswer(t))
		return
	}
	if _, ok := errors.AsType[*http.MaxBytesError](err); ok {
		problem(w, http.StatusRequestEntityTooLarge, partnership.Errorf(partnership.Invalid, "the body is larger than 8 MiB"))
		return
	}
	a.Log.ErrorContext(r.Context(), "api", "route", r.Pattern, "error", err)
	w.Header().Set("Retry-After", "5")
	problem(w, http.StatusServiceUnavailable, partnership.Errorf("unavailable", "the database or the engine cannot be reached, and it is not known whether this was taken; send it again with the same Idempotency-Key, which counts once"))
}

// TooManyWrongTokens answers whoever has tried too many, in the API's own shape: a program reads it.
func TooManyWrongTokens(w http.ResponseWriter) {
	problem(w, http.StatusTooManyRequests, partnership.Errorf("too_many", "too many wrong tokens came from this address; nothing was looked at. Come again after the seconds in Retry-After"))
}

// Broke answers whoever has met a bug, in the API's own shape: a program reads it.
func Broke(w http.ResponseWriter) {
	problem(w, http.StatusInternalServerError, partnership.Errorf("broken", "something broke on our side, and it was noted; whether this was taken is not known: send it again with the same Idempotency-Key, which counts once"))
}

func statusOf(code partnership.Code) int {
	switch code {
	case partnership.NotFound:
		return http.StatusNotFound
	case partnership.Conflict, partnership.WentBack:
		return http.StatusConflict
	case partnership.Gone:
		return http.StatusGone
	case partnership.Forbidden:
		return http.StatusForbidden
	case partnership.Missing:
		return http.StatusServiceUnavailable
	default:
		return http.StatusUnprocessableEntity
	}
}

func problem(w http.ResponseWriter, status int, no *partnership.Error) {
	writeJSON(w, status, "application/problem+json", Problem{
		Type: "about:blank", Title: http.StatusText(status), Status: status, Code: string(no.Code), Detail: no.Message, Field: no.Field,
	})
}

func writeJSON(w http.ResponseWriter, status int, kind string, body any) {
	h := w.Header()
	h.Set("Content-Type", kind)
	h.Set("Cache-Control", "no-store")
	w.WriteHeader(status)
	encoder := json.NewEncoder(w)
	encoder.SetIndent("", "  ")
	_ = encoder.Encode(body) // the reader has gone: nobody to tell
}
