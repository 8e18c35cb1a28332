package creator

import (
	"net/http"
	"net/url"

	"github.com/rapport-dev/rapport/app/deeds"
	"github.com/rapport-dev/rapport/app/payees"
	"github.com/rapport-dev/rapport/partnership"
)

// by is the sheet as the form of one way sees it.
func (s sheet) by(rail string) sheet {
	if s.Form.Get("rail") != rail {
		s.Form, s.Faults = nil, nil
	}
	return s
}

func (s sheet) railTitle(w payees.Way) string { return s.Titles[w.Rail] }

func (s sheet) title(w payees.Way) string {
	switch {
	case w.Onboarding == partnership.OnboardBank:
		return s.T("To your bank")
	case len(s.Ways) == 1 && w.Onboarding == partnership.OnboardHosted && !w.Account.Ready:
		return s.T("Five minutes at %s", s.Titles[w.Rail])
	}
	return s.Titles[w.Rail]
}

func (s sheet) hostedButton(w payees.Way) string {
	if w.Account.Ready {
		return s.T("Look at my details at %s", s.Titles[w.Rail])
	}
	return s.T("Go on to %s", s.Titles[w.Rail])
}

// goesHere says that a way is theirs, with the last of whom it goes to.
func (s sheet) goesHere(w payees.Way) string {
	if w.Account.Shown == "" {
		return s.T("Your money goes this way.")
	}
	return s.T("Your money goes this way, to %s.", w.Account.Shown)
}

// ways are the ways to be paid, with how people know their rails.
func (s *Pages) ways(r *http.Request, sh *sheet) {
	ways, err := s.Payees.Ways(r.Context(), sh.View)
	if err != nil {
		s.Log.WarnContext(r.Context(), "ways to be paid", "partnership", sh.Task.PartnershipID, "error", err)
		return // the page says that it is being prepared
	}
	sh.Ways, sh.Titles = ways, map[string]string{}
	for _, w := range ways {
		sh.Titles[w.Rail] = s.Filling(partnership.RailPort, w.Rail)
	}
}

// onboard keeps how a creator wants to be paid, and leads to the rail's own pages where it has some. A link there lives for minutes and
// works once.
func (s *Pages) onboard(w http.ResponseWriter, r *http.Request, sh sheet) {
	if sh.Form.Has(changeField) {
		s.prove(w, r, sh)
		return
	}
	form, wrong := sh.Form, faults{}
	words := payees.Words{
		Rail: line(sh.Locale, form, "rail", wrong), Receiver: line(sh.Locale, form, "receiver", wrong), Confirmed: form.Get("confirmed") == "yes",
		Bank: partnership.BankAccount{
			Name: line(sh.Locale, form, "name", wrong), IBAN: line(sh.Locale, form, "iban", wrong), Routing: line(sh.Locale, form, "routing", wrong), Account: line(sh.Locale, form, "account", wrong), Savings: form.Get("savings") == "yes",
		},
	}
	if len(wrong) > 0 {
		s.refuse(w, r, sh, http.StatusUnprocessableEntity, wrong, wrong.inWords(sh.Locale))
		return
	}
	back := s.PublicURL + "/t/" + url.PathEscape(sh.Token)
	by := deeds.By{Who: partnership.ByCreator(sh.View.Creator.ID), ID: submissionID(sh)}
	link, err := s.Payees.Choose(r.Context(), by, sh.View, words, back)
	s.chosen(w, r, sh, link, back, err)
}
