package creator

import (
	"net/http"
	"strconv"

	"github.com/rapport-dev/rapport/app/answers"
	"github.com/rapport-dev/rapport/partnership"
	"github.com/rapport-dev/rapport/partnership/locale"
	"github.com/rapport-dev/rapport/partnership/postal"
	"github.com/rapport-dev/rapport/web/page"
)

// feeMeant is the field of an amount that was read back and meant, in minor units: without it no counter-offer counts.
const feeMeant = "fee_meant"

// The buttons that answer nothing: they show the form again, as it was filled in.
const (
	showFields = "show"  // those of the country that was chosen
	again      = "again" // back from what was read back
)

// kept are the fields that what is read back carries along.
var kept = []string{"action", "nonce", "fee", "note", "name", postal.Line1, postal.Line2, postal.City, postal.Region, postal.Postcode, "country", "phone", "consent"}

// unanswered shows a form, or what it says, before it is an answer. ok is false when it is one.
func (s *Pages) unanswered(w http.ResponseWriter, r *http.Request, sh sheet) (shown bool) {
	if !r.PostForm.Has(showFields) && !r.PostForm.Has(again) {
		return false
	}
	if sh.over() {
		page.Show(w, r, http.StatusConflict, closedPage(sh))
	} else {
		s.showTask(w, r, http.StatusOK, sh)
	}
	return true
}

// readBack shows a fee as it was understood, and where the gift goes; only what was seen so counts.
func readBack(w http.ResponseWriter, r *http.Request, sh sheet, a answers.Answer) (shown bool) {
	if a.Kind != partnership.ChoiceCounter || sh.over() || r.PostForm.Get(feeMeant) == strconv.FormatInt(a.FeeMinor, 10) {
		return false
	}
	meant, _ := fees(sh.Locale, r.PostForm, sh.View.Terms) // there is one: the form had no fault
	page.Show(w, r, http.StatusOK, readBackPage(sh, meant, a.Address))
	return true
}

// there is the country whose fields a form shows.
func (s sheet) there() postal.Country {
	code := s.value("country", s.address().Country)
	if !isCountry(code) {
		code = first
	}
	return postal.Of(code)
}

// addressFields say how a phone helps with each field.
var addressFields = map[string]string{
	postal.Line1: "address-line1", postal.Line2: "address-line2", postal.City: "address-level2", postal.Region: "address-level1", postal.Postcode: "postal-code",
}

// addressLabel is a field's label, which says when it may stay empty.
func (s sheet) addressLabel(there postal.Country, field string) string {
	if there.Needs(field) {
		return s.T(there.Name(field))
	}
	return s.T("%s (optional)", s.T(there.Name(field)))
}

// The names that the posts of most countries have for their fields; rarer ones stay English.
var _ = []string{
	locale.Words("Street and number"), locale.Words("Flat, floor"), locale.Words("Town or city"), locale.Words("State or province"), locale.Words("Postcode"),
	locale.Words("ZIP code"), locale.Words("Town"), locale.Words("State"), locale.Words("Province"), locale.Words("Prefecture"), locale.Words("County"),
}

// known is a field of an address that is known already.
func known(a partnership.Address, field string) string {
	return map[string]string{postal.Line1: a.Line1, postal.Line2: a.Line2, postal.City: a.City, postal.Region: a.Region, postal.Postcode: a.PostalCode}[field]
}

// labelOf is an address as a label prints it.
func labelOf(a partnership.Address) []string { return postal.Label(a, countryName(a.Country)) }
