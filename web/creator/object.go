package creator

import (
	"net/http"
	"net/url"
	"strings"

	"github.com/rapport-dev/rapport/app/deeds"
	"github.com/rapport-dev/rapport/partnership"
	"github.com/rapport-dev/rapport/partnership/locale"
	"github.com/rapport-dev/rapport/store"
	"github.com/rapport-dev/rapport/web/page"
)

// A creator objects to a line of their statement on a page of its own: what it is, what happens to it, and their words. The visit shows,
// the press objects.

const doObject = string(partnership.ChoiceObject)

// maxWords bounds what somebody objects with, in bytes.
const maxWords = 4000

func (s *Pages) showObject(w http.ResponseWriter, r *http.Request) {
	p, of, m, line, ok := s.lineOf(w, r)
	if !ok {
		return
	}
	o, err := s.Store.ObjectionTo(r.Context(), of, line.RowID)
	switch {
	case err == nil:
		page.Show(w, r, http.StatusOK, objectedPage(p, m.Period, o))
	case partnership.CodeOf(err) == partnership.NotFound:
		page.Show(w, r, http.StatusOK, objectPage(p, m.Period, line, "", ""))
	default:
		s.fail(w, r, err)
	}
}

func (s *Pages) object(w http.ResponseWriter, r *http.Request) {
	r.Body = http.MaxBytesReader(w, r.Body, maxForm)
	if err := r.ParseForm(); err != nil {
		s.notWhole(w, r)
		return
	}
	p, of, m, line, ok := s.lineOf(w, r)
	if !ok {
		return
	}
	words := strings.TrimSpace(r.PostForm.Get("words"))
	switch {
	case words == "":
		page.Show(w, r, http.StatusUnprocessableEntity, objectPage(p, m.Period, line, words, p.T("Please say in a sentence what is wrong.")))
		return
	case len(words) > maxWords:
		page.Show(w, r, http.StatusUnprocessableEntity, objectPage(p, m.Period, line, words, p.T("That is too long: please say it shorter, and send the rest by mail.")))
		return
	}
	_, err := deeds.Object(r.Context(), s.Store, deeds.By{Who: partnership.ByCreator(of.Creator)}, of, line.RowID, words)
	if partnership.CodeOf(err) == partnership.Conflict {
		page.Show(w, r, http.StatusConflict, objectPage(p, m.Period, line, words, locale.Sentence(p.T(err.Error()))))
		return
	}
	if err != nil {
		s.fail(w, r, err)
		return
	}
	http.Redirect(w, r, "/e/"+url.PathEscape(p.token)+"/"+url.PathEscape(m.Period)+"/"+url.PathEscape(line.RowID), http.StatusSeeOther)
}

// lineOf finds the line that a page is about, or answers the request itself.
func (s *Pages) lineOf(w http.ResponseWriter, r *http.Request) (p purse, of store.EarningsOwner, m partnership.MonthView, line partnership.StatementLine, ok bool) {
	p, of, m, ok = s.month(w, r)
	if !ok {
		return p, of, m, line, false
	}
	all := m.Lines
	for _, v := range m.Payouts {
		all = append(all, v.Lines...)
	}
	for _, l := range all {
		if l.RowID == r.PathValue("row") {
			return p, of, m, l, true
		}
	}
	failure(w, r, p.Locale, http.StatusNotFound, p.T("This line is not there"), p.T("It may stand on the page of another month. Open your earnings from the mail again."))
	return p, of, m, line, false
}

// objectHint says before the press what it will do.
func objectHint(p purse, l partnership.StatementLine) string {
	switch {
	case l.State == "paid":
		return p.T("This line is paid already. Your objection does not stop it any more; a person looks at it, and what was wrong is put right with the next payouts.")
	case l.Group == partnership.LineRejected:
		return p.T("This line is not paid as it stands. A person looks at your objection and writes to you.")
	case l.AmountMinor < 0:
		return p.T("This is something that was taken back. It is not held up by an objection; a person looks at it, and what was wrong is put right with the next payouts.")
	case l.Group == partnership.LineHeld:
		return p.T("This line waits for a person anyhow. They read what you write here.")
	case l.Group == partnership.LinePaid:
		return p.T("This line is in a payout. If that is not being sent yet, it is stopped as a whole, and all but this line is in the next one; if it is, it goes on, and what was wrong is put right afterwards. The next page says which.")
	}
	return p.T("This line is held from now on: it is in no payout until a person has looked at it and written to you. All your other earnings go on.")
}

// cameWords say what came of an objection at once.
func cameWords(p purse, o partnership.Objection) string {
	switch o.Came {
	case partnership.CameHeld:
		return p.T("The line is held: it is in no payout until a person has decided.")
	case partnership.CameDropped:
		return p.T("The line is held, and the payout that it was in was stopped before it was sent. All else of it is in the next payouts.")
	case partnership.CameWasHeld:
		return p.T("The line is held as it was; whoever looks at it reads your words.")
	case partnership.CameDeduction:
		return p.T("What was taken back is not held up by an objection. If it was wrong, it is put right with the next payouts.")
	case partnership.CameTooLate:
		return p.T("It came too late to stop this line: its payout was being sent, or was paid. If it was wrong, it is put right with the next payouts.")
	}
	return p.T("Nothing of this line was being paid.")
}

// outcomeWords say what a person has decided.
func outcomeWords(p purse, o partnership.Objection) string {
	switch o.Decision {
	case partnership.ChoiceRelease:
		return p.T("It was looked at, and the line stands as it is.")
	case partnership.ChoiceVoid:
		return p.T("It was looked at, and the line was rejected.")
	}
	return p.T("It was answered.")
}

// objectionLine says what an objection is about: "Sale, order 1005: $3.60".
func objectionLine(p purse, o partnership.Objection) string {
	line := partnership.StatementLine{Kind: o.Kind, OrderID: o.OrderID, AmountMinor: o.AmountMinor}
	return p.T("It is about this line: %s, %s.", line.Name(p.Locale), p.amount(o.AmountMinor, o.Currency))
}
