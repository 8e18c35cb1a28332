package creator

import (
	"encoding/json"
	"net/http"
	"strconv"

	"github.com/rapport-dev/rapport/partnership"
	"github.com/rapport-dev/rapport/partnership/locale"
	"github.com/rapport-dev/rapport/web/page"
)

// looksAgain is after how many seconds a page that waits for its answer's confirmation asks by itself.
const looksAgain = 5

// said shows what became of an answer that the link of its receipt names: nothing is said that was not answered, and confirmed. Whoever
// opens the task's own link finds an answer that waits too. False when there is none: then the usual pages say how things stand.
func (s *Pages) said(w http.ResponseWriter, r *http.Request, sh sheet) bool {
	subject := partnership.WorkflowOfPartnership(sh.Task.PartnershipID)
	id := r.URL.Query().Get("asked")
	if id == "" {
		waiting, err := s.Store.WaitingAsked(r.Context(), subject)
		if err != nil {
			s.fail(w, r, err)
			return true
		}
		for _, d := range waiting {
			if answered(d, sh) != "" {
				return s.taken(w, r, sh)
			}
		}
		return false
	}
	d, err := s.Store.Asked(r.Context(), id)
	switch {
	case partnership.CodeOf(err) == partnership.NotFound || err == nil && d.Subject != subject:
		return false
	case err != nil:
		s.fail(w, r, err)
		return true
	case d.Taken():
		return s.taken(w, r, sh)
	case d.Refusal != nil && d.Refusal.Code == partnership.Invalid:
		s.refuse(w, r, sh, http.StatusUnprocessableEntity, nil, locale.Sentence(sh.T(d.Refusal.Message)))
		return true
	case d.Refusal != nil:
		page.Show(w, r, http.StatusConflict, refusedPage(sh, locale.Sentence(sh.T(d.Refusal.Message))))
		return true
	}
	done, ok := receiptOf(answered(d, sh), sh)
	if ok {
		page.Show(w, r, http.StatusOK, receiptPage(sh, done))
	}
	return ok
}

// answered is how a deed answers this task of this creator, "" where it does not. A parcel's has no task's name: it is open once.
func answered(d partnership.Asked, sh sheet) partnership.Choice {
	var m struct {
		Task      string
		Answer    partnership.Choice
		Condition partnership.Choice
	}
	if json.Unmarshal(d.Message, &m) != nil || d.Who != partnership.ByCreator(sh.View.Creator.ID) {
		return ""
	}
	if d.Deed.Deed == partnership.DeedConfirmDelivery && sh.Task.Kind == partnership.TaskReceive {
		return m.Condition
	}
	if m.Task != sh.Task.Name {
		return ""
	}
	switch d.Deed.Deed {
	case partnership.DeedAnswerOffer:
		return m.Answer
	case partnership.DeedSubmitDraft:
		return partnership.ChoiceDraft
	case partnership.DeedSubmitPost:
		return partnership.ChoicePost
	case partnership.DeedRequestExtension:
		return partnership.ChoiceExtend
	}
	return ""
}

func (s *Pages) taken(w http.ResponseWriter, r *http.Request, sh sheet) bool {
	w.Header().Set("Refresh", strconv.Itoa(looksAgain))
	page.Show(w, r, http.StatusAccepted, takenPage(sh))
	return true
}
