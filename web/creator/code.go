package creator

import (
	"errors"
	"net/http"
	"net/url"
	"time"

	"github.com/rapport-dev/rapport/app/deeds"
	"github.com/rapport-dev/rapport/partnership"
	"github.com/rapport-dev/rapport/partnership/locale"
)

// The fields of the form that a wish for another account shows, and what its other buttons say.
const (
	changeField = "change"
	insteadOf   = "instead"
	mailAgain   = "mail"
	leaveIt     = "leave"
)

// codeNews is for how long the page says what became of a wish.
const codeNews = partnership.CodeLife

// changes shows the wish that waits for its code, or what has just become of it.
func (s *Pages) changes(r *http.Request, sh *sheet) {
	c, err := s.Payees.Change(r.Context(), sh.View)
	if err != nil {
		s.Log.WarnContext(r.Context(), "wish for another account", "partnership", sh.Task.PartnershipID, "error", err)
		return
	}
	switch {
	case c.ID == "":
	case c.End == "":
		sh.Change = &c
		if sh.Titles[c.Rail] == "" { // its rail is offered no more
			sh.Titles = map[string]string{c.Rail: s.Filling(partnership.RailPort, c.Rail)}
		}
	case sh.Notice == "" && sh.News == "" && sh.Now.Sub(c.EndedAt) < codeNews:
		sh.News = sh.T(becameOf[c.End])
	}
}

// becameOf says what became of a wish.
var becameOf = map[partnership.ChangeEnd]string{
	partnership.ChangeMade:     locale.Words("It is changed, and we have written to you. Money waits two days for a way that replaced another."),
	partnership.ChangeKept:     locale.Words("It stays as it was."),
	partnership.ChangeMistyped: locale.Words("Five codes were wrong. Nothing is changed."),
	partnership.ChangeLate:     locale.Words("The time of your code is over. Nothing is changed."),
	partnership.ChangeReplaced: locale.Words("Nothing is changed."),
}

// codeSent says where the code is.
func (s sheet) codeSent() string {
	return s.T("We have sent a code to %s.", partnership.AccountEnding(s.View.Creator.Email))
}

// wished says what it is for.
func (s sheet) wished() string {
	if s.Change.Shown == "" {
		return s.T("Your money would go by %s from then on.", s.Titles[s.Change.Rail])
	}
	return s.T("Your money would go by %s, to %s, from then on.", s.Titles[s.Change.Rail], s.Change.Shown)
}

func (s sheet) codeUntil(t time.Time) string {
	return s.T("The code is good until %s. After five wrong ones it is over, and nothing is changed.", s.when(t))
}

// prove takes the code of a wish, or one of the buttons beside it.
func (s *Pages) prove(w http.ResponseWriter, r *http.Request, sh sheet) {
	back := s.PublicURL + "/t/" + url.PathEscape(sh.Token)
	by := deeds.By{Who: partnership.ByCreator(sh.View.Creator.ID), ID: submissionID(sh)}
	wish, link := sh.Form.Get(changeField), ""
	var err error
	switch sh.Form.Get(insteadOf) {
	case mailAgain:
		err = s.Payees.SendAgain(r.Context(), by, sh.View, wish)
	case leaveIt:
		err = s.Payees.Leave(r.Context(), by, sh.View, wish)
	default:
		link, err = s.Payees.Prove(r.Context(), by, sh.View, wish, sh.Form.Get("code"), back)
	}
	s.chosen(w, r, sh, link, back, err)
}

// chosen answers what a creator has said of where their money goes.
func (s *Pages) chosen(w http.ResponseWriter, r *http.Request, sh sheet, link, back string, err error) {
	no, refused := errors.AsType[*partnership.Error](err)
	switch {
	case err == nil && link != "":
		http.Redirect(w, r, link, http.StatusSeeOther)
	case err == nil:
		http.Redirect(w, r, back, http.StatusSeeOther)
	case refused && no.Field != "":
		s.refuse(w, r, sh, http.StatusUnprocessableEntity, faults{no.Field: locale.Sentence(sh.T(no.Message))}, locale.Sentence(sh.T(no.Message)))
	default:
		s.Log.WarnContext(r.Context(), "payout onboarding", "partnership", sh.Task.PartnershipID, "error", err)
		s.unavailable(w, r, sh)
	}
}
