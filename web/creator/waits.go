package creator

import (
	"encoding/json"
	"net/http"
	"strconv"

	"github.com/rapport-dev/rapport/partnership"
	"github.com/rapport-dev/rapport/web/page"
)

// looksAgain is after how many seconds a page that waits for its answer's confirmation asks by itself.
const looksAgain = 5

// waits shows what became of an answer that was taken while nobody could confirm it: the link of the receipt names it, and whoever
// opens the task's own link finds it too. False when there is none, or it was confirmed: then the usual pages say how things stand.
func (s *Pages) waits(w http.ResponseWriter, r *http.Request, sh sheet) bool {
	subject := partnership.WorkflowOfPartnership(sh.Task.PartnershipID)
	id := r.URL.Query().Get("asked")
	if id == "" {
		waiting, err := s.Store.WaitingAsked(r.Context(), subject)
		if err != nil {
			s.fail(w, r, err)
			return true
		}
		for _, d := range waiting {
			if isAnswer(d, sh) {
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
		s.refuse(w, r, sh, http.StatusUnprocessableEntity, nil, sentence(d.Refusal.Message))
		return true
	case d.Refusal != nil:
		page.Show(w, r, http.StatusConflict, refusedPage(sh, sentence(d.Refusal.Message)))
		return true
	}
	return false
}

// isAnswer says whether a deed is this creator's answer to this task. A parcel's has no task's name: it is open once.
func isAnswer(d partnership.Asked, sh sheet) bool {
	var m struct{ Task string }
	if json.Unmarshal(d.Message, &m) != nil || d.Who != partnership.ByCreator(sh.View.Creator.ID) {
		return false
	}
	return m.Task == sh.Task.Name || d.Deed.Deed == partnership.DeedConfirmDelivery && sh.Task.Kind == partnership.TaskReceive
}

func (s *Pages) taken(w http.ResponseWriter, r *http.Request, sh sheet) bool {
	w.Header().Set("Refresh", strconv.Itoa(looksAgain))
	page.Show(w, r, http.StatusAccepted, takenPage(sh))
	return true
}
