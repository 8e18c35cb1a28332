package creator

import (
	"context"
	"net/http"

	"github.com/rapport-dev/rapport/partnership"
	"github.com/rapport-dev/rapport/partnership/locale"
	"github.com/rapport-dev/rapport/web/page"
)

// Post takes what a creator writes on their page. It is kept before it is acknowledged, and goes the way of their mails: into the
// conversation, and before the team. The same id is one message.
type Post interface {
	Wrote(ctx context.Context, of partnership.PartnershipID, id, subject, words string, plain bool) error
}

// The messages of one press. Their words are the team's, and English; they ask for what a person does.
const (
	wishStop  = "stop"
	wishErase = "erase"
)

var wishes = map[string]struct{ subject, words, title, next string }{
	wishStop: {
		"Wants to end the collaboration", "By the button of my page: I want to end this collaboration.",
		locale.Words("We have your wish to stop"), locale.Words("A person reads it and writes to you. Until then nothing changes, and nothing more is needed from you."),
	},
	wishErase: {
		"Asks for their data to be deleted", "By the button of my page: I ask for all my data to be deleted.",
		locale.Words("We have your wish"), locale.Words("A person looks at what is open and owed, deletes your data, and tells you. It is not deleted yet."),
	},
}

// write takes a message. The page of the answer says only that it is kept.
func (s *Pages) write(w http.ResponseWriter, r *http.Request) {
	if !s.read(w, r) {
		return
	}
	sh, ok := s.load(w, r)
	if !ok {
		return
	}
	sh.Form = r.PostForm
	if wish, ok := wishes[r.PostForm.Get("wish")]; ok {
		s.keepWords(w, r, sh, wish.subject, wish.words, true, sh.T(wish.title), sh.T(wish.next))
		return
	}
	wrong := faults{}
	words := text(sh.Locale, r.PostForm, "words", wrong)
	if words == "" && wrong["words"] == "" {
		wrong["words"] = sh.T("Write a few words first.")
	}
	if why := wrong["words"]; why != "" {
		sh.Form, sh.Said, sh.SaidWrong = nil, words, why
		s.showAs(w, r, http.StatusUnprocessableEntity, sh)
		return
	}
	s.keepWords(w, r, sh, "", words, false, sh.T("We have your message"), sh.T("A person reads it and answers by mail. It stands among your messages in a moment."))
}

func (s *Pages) keepWords(w http.ResponseWriter, r *http.Request, sh sheet, subject, words string, plain bool, title, next string) {
	if err := s.Post.Wrote(r.Context(), sh.Task.PartnershipID, submissionID(sh), subject, words, plain); err != nil {
		s.Log.WarnContext(r.Context(), "a creator's message was not kept", "partnership", sh.Task.PartnershipID, "error", err)
		w.Header().Set("Retry-After", "10")
		sh.Form, sh.Said = nil, words
		sh.Notice = sh.T("We could not take that just now. What you typed is still here: please press the button again in a minute.")
		s.showAs(w, r, http.StatusServiceUnavailable, sh)
		return
	}
	page.Show(w, r, http.StatusOK, writtenPage(sh, title, next))
}

// showAs shows the page as it stands, open or over.
func (s *Pages) showAs(w http.ResponseWriter, r *http.Request, status int, sh sheet) {
	if sh.over() {
		page.Show(w, r, status, closedPage(sh))
		return
	}
	s.showTask(w, r, status, sh)
}
