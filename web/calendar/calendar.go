// Package calendar is the campaign calendar for calendar programs: an iCalendar feed behind a secret link, which needs no
// token because such programs can send none.
package calendar

import (
	"bytes"
	"context"
	"errors"
	"log/slog"
	"net/http"
	"strings"

	"github.com/rapport-dev/rapport/partnership"
	"github.com/rapport-dev/rapport/partnership/board"
	"github.com/rapport-dev/rapport/store"
	"github.com/rapport-dev/rapport/web/page"
)

// Store is what the feed is read from.
type Store interface {
	CalendarByToken(ctx context.Context, token string) (board.Calendar, error)
}

// Feed serves GET /calendar/{token}.ics.
type Feed struct {
	Store     Store
	PublicURL string // without a slash at its end
	Log       *slog.Logger
}

// Register adds the route. A pattern's wildcard is a whole segment, so the suffix is taken off by hand.
func (f *Feed) Register(mux *http.ServeMux) { mux.HandleFunc("GET /calendar/{file}", f.serve) }

func (f *Feed) serve(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Cache-Control", "no-store") // it names people
	token, isFeed := strings.CutSuffix(r.PathValue("file"), ".ics")
	if !isFeed || token == "" {
		missing(w, r)
		return
	}
	doc, err := f.Store.CalendarByToken(r.Context(), token)
	if partnership.CodeOf(err) == partnership.NotFound {
		missing(w, r)
		return
	}
	if no, ok := errors.AsType[*partnership.Error](err); ok && no.Code == partnership.Gone {
		ended(w, r, no.Field)
		return
	}
	var body bytes.Buffer
	if err == nil {
		err = Write(&body, doc, f.PublicURL)
	}
	if err != nil {
		f.Log.ErrorContext(r.Context(), "calendar feed", "error", err)
		w.Header().Set("Retry-After", "60")
		page.Failure(w, r, http.StatusServiceUnavailable, "The calendar is out for a moment", "Nothing is lost. Your calendar program asks again by itself.")
		return
	}
	w.Header().Set("Content-Type", "text/calendar; charset=utf-8")
	w.Header().Set("Content-Disposition", `inline; filename="rapport.ics"`)
	_, _ = body.WriteTo(w) // the reader has gone: nobody to tell
}

// ended says what to do about a feed whose link was revoked or whose campaign is long over. Calendar programs stop asking at a 410.
func ended(w http.ResponseWriter, r *http.Request, why string) {
	what := "Its campaign ended some time ago. Take the calendar out of your program."
	if why == store.LinkRevoked {
		what = "It was replaced by another one. Ask the partnership team for it: the campaign's board and rapport campaign calendar ID show it."
	}
	page.Failure(w, r, http.StatusGone, "This calendar link has ended", what)
}

func missing(w http.ResponseWriter, r *http.Request) {
	page.Failure(w, r, http.StatusNotFound, "This link does not work", "It may be cut off. Ask for it again: rapport campaign calendar ID shows it.")
}
