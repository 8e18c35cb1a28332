package creator

import (
	"net/mail"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/rapport-dev/rapport/app/answers"
	"github.com/rapport-dev/rapport/partnership"
	"github.com/rapport-dev/rapport/partnership/locale"
	"github.com/rapport-dev/rapport/partnership/money"
	"github.com/rapport-dev/rapport/partnership/postal"
	"github.com/rapport-dev/rapport/partnership/timeline"
)

// The values of a form's "action" field.
const (
	doAccept   = string(partnership.ChoiceAccept)
	doCounter  = string(partnership.ChoiceCounter)
	doDecline  = string(partnership.ChoiceDecline)
	doReceived = string(partnership.ChoiceReceived)
	doDamaged  = string(partnership.ChoiceDamaged)
	doDraft    = string(partnership.ChoiceDraft)
	doPost     = string(partnership.ChoicePost)
	doPayout   = "payout_setup"
	doTaxForm  = string(partnership.ChoiceTaxForm)
	doVAT      = string(partnership.ChoiceVAT)
	doExtend   = string(partnership.ChoiceExtend)
)

// allowed says which answers a kind of task takes. More time is given for what a creator makes.
var allowed = map[partnership.TaskKind][]string{
	partnership.TaskOffer:       {doAccept, doCounter, doDecline},
	partnership.TaskSign:        {},
	partnership.TaskReceive:     {doReceived, doDamaged},
	partnership.TaskDraft:       {doDraft, doExtend},
	partnership.TaskPost:        {doPost, doExtend},
	partnership.TaskPayoutSetup: {doPayout, doTaxForm, doVAT},
}

// ConsentVersion names the words of consentText, so that what a creator agreed to can be shown later.
const ConsentVersion = "esign-1"

var consentText = locale.Words("I agree to receive and sign the agreement electronically. I can ask for a paper copy, or withdraw this, by replying to the mail.")

// The lengths a form may hold, in characters.
const (
	maxLine = 100
	maxText = 4000
	maxURL  = 1000
)

// faults are what is wrong with a form, by field; the texts stand next to the fields.
type faults map[string]string

// fieldNames are the fields in their order on the pages, as a creator would call them.
var fieldNames = []struct{ field, name string }{
	{"fee", locale.Words("your fee")},
	{"name", locale.Words("the name on the parcel")},
	{"line1", locale.Words("the street and number")},
	{"line2", locale.Words("the flat or floor")},
	{"city", locale.Words("the town or city")},
	{"postal_code", locale.Words("the postcode")},
	{"region", locale.Words("the state or province")},
	{"country", locale.Words("the country")},
	{"phone", locale.Words("the phone number")},
	{"consent", locale.Words("the box to tick")},
	{"url", locale.Words("the link")},
	{"caption", locale.Words("the caption")},
	{"reason", locale.Words("the reason")},
	{"note", locale.Words("your own words")},
	{"days", locale.Words("the days you need")},
	{"tax_kind", locale.Words("which form it is")},
	{"tax_name", locale.Words("the name")},
	{"tax_address", locale.Words("the address")},
	{"tax_country", locale.Words("where you pay taxes")},
	{"tax_number", locale.Words("the number")},
	{"tax_file", locale.Words("the file")},
}

// inWords names the fields to mend.
func (f faults) inWords(l locale.Locale) string {
	var names []string
	for _, n := range fieldNames {
		if f[n.field] != "" {
			names = append(names, l.T(n.name))
		}
	}
	if len(names) == 0 {
		return l.T("This is not sent yet. Please look at the form again.")
	}
	return l.T("This is not sent yet. Please look at %s again: below it says what to do. All else that you typed is still here.", l.List(names))
}

// parse reads a form against the task it answers. It reports every fault at once.
func parse(l locale.Locale, form url.Values, task partnership.Task, v partnership.PartnershipView) (answers.Answer, faults) {
	action := form.Get("action")
	a, f := answers.Answer{Kind: partnership.Choice(action)}, faults{}
	if !slices.Contains(allowed[task.Kind], action) {
		f["action"] = l.T("This page cannot take that answer. Use one of its buttons.")
		return a, f
	}
	switch action {
	case doAccept, doCounter: // a counter-offer may be accepted by rule, and then the agreement follows at once
		if form.Get("consent") == "yes" {
			a.Consent = ConsentVersion
		} else {
			f["consent"] = l.T("Tick the box to go on: the agreement is signed electronically.")
		}
		if v.Terms.Gift != nil {
			a.Address = parseAddress(l, form, f)
		}
		if action == doCounter {
			a.FeeMinor = parseFee(l, form, v.Terms, f)
			a.Note = text(l, form, "note", f)
		}
	case doDecline:
		a.Note = declineWords(l, form, f)
	case doDraft:
		if a.UploadID = form.Get("upload"); a.UploadID == "" || strings.TrimSpace(form.Get("url")) != "" {
			a.URL = link(l, form, "url", f)
		}
		a.Caption, a.Note = text(l, form, "caption", f), text(l, form, "note", f)
	case doPost:
		a.URL = link(l, form, "url", f)
		if a.Caption = text(l, form, "caption", f); a.Caption == "" && f["caption"] == "" {
			f["caption"] = l.T("Paste the caption as it stands in the post.")
		}
	case doExtend:
		days, err := strconv.Atoi(form.Get("days"))
		if err != nil || days < 1 || days > timeline.MaxExtension {
			f["days"] = l.T("Choose how many days you need.")
		}
		a.Days = float64(days)
	}
	return a, f
}

// parseAddress reads where a parcel goes, as the country's post writes it.
func parseAddress(l locale.Locale, form url.Values, f faults) *partnership.Address {
	typed := partnership.Address{
		Name: required(l, form, "name", l.T("Who should the parcel be addressed to?"), f), Line1: line(l, form, postal.Line1, f), Line2: line(l, form, postal.Line2, f),
		City: line(l, form, postal.City, f), Region: line(l, form, postal.Region, f), PostalCode: line(l, form, postal.Postcode, f),
		Country: strings.ToUpper(required(l, form, "country", l.T("Choose the country."), f)), Phone: line(l, form, "phone", f),
	}
	if typed.Country != "" && !isCountry(typed.Country) {
		f["country"] = l.T("Choose a country from the list.")
		typed.Country = ""
	}
	a, wrong := postal.Check(typed)
	for field, words := range wrong {
		if f[field] == "" {
			f[field] = words
		}
	}
	return &a
}

// fees are the amounts that a counter-offer may mean: those above the offer. why is what is wrong where there is none.
func fees(l locale.Locale, form url.Values, t partnership.Terms) (meant []int64, why string) {
	read, err := money.Readings(form.Get("fee"), t.Currency)
	if err != nil {
		return nil, feeUnread(l, err, t)
	}
	meant = slices.DeleteFunc(read, func(fee int64) bool { return fee <= t.FeeMinor })
	if len(meant) == 0 {
		return nil, l.T("Ask for more than the offer of %s, or accept it above.", l.Money(t.FeeMinor, t.Currency))
	}
	return meant, ""
}

// feeUnread says what is wrong with an amount that cannot be read. What money says of it is English, and said so as a whole.
func feeUnread(l locale.Locale, err error, t partnership.Terms) string {
	example := l.Money(max(t.FeeMinor, 10_000), t.Currency)
	if l.IsEnglish() {
		return locale.Sentence(err.Error()) + " Enter an amount in " + t.Currency + ", such as " + money.Format(max(t.FeeMinor, 10_000), t.Currency) + "."
	}
	return l.T("Enter an amount in %s, such as %s.", t.Currency, example)
}

// parseFee is the fee that was read back and meant, else the first of those that may be.
func parseFee(l locale.Locale, form url.Values, t partnership.Terms, f faults) int64 {
	all, why := fees(l, form, t)
	if why != "" {
		f["fee"] = why
		return 0
	}
	for _, fee := range all {
		if form.Get(feeMeant) == strconv.FormatInt(fee, 10) {
			return fee
		}
	}
	return all[0]
}

// reasons are the ways to decline that a creator picks from; the words are kept as they are shown.
var reasons = []string{
	locale.Words("The fee is too low"), locale.Words("I have no time in that window"), locale.Words("It doesn't fit my audience"), locale.Words("I work with a competitor"),
	locale.Words("Something else"),
}

func declineWords(l locale.Locale, form url.Values, f faults) string {
	reason, note := form.Get("reason"), text(l, form, "note", f)
	if !slices.Contains(reasons, reason) {
		f["reason"] = l.T("Choose the closest reason: it decides whether we ask you again.")
		return note
	}
	if note == "" {
		return reason
	}
	return reason + ": " + note
}

// line reads a one-line field: trimmed, bounded, without control characters.
func line(l locale.Locale, form url.Values, name string, f faults) string {
	s := strings.TrimSpace(form.Get(name))
	if utf8.RuneCountInString(s) > maxLine || strings.ContainsFunc(s, unicode.IsControl) || !utf8.ValidString(s) {
		f[name] = l.T("Use one line of at most 100 characters.")
	}
	return s
}

func required(l locale.Locale, form url.Values, name, ask string, f faults) string {
	s := line(l, form, name, f)
	if s == "" {
		f[name] = ask
	}
	return s
}

// text reads a field of several lines.
func text(l locale.Locale, form url.Values, name string, f faults) string {
	s := strings.TrimSpace(strings.ReplaceAll(form.Get(name), "\r\n", "\n"))
	if utf8.RuneCountInString(s) > maxText || !utf8.ValidString(s) || strings.ContainsRune(s, 0) {
		f[name] = l.T("Keep it under 4,000 characters.")
	}
	return s
}

// link reads the address of something that people will open; it is never fetched from here.
func link(l locale.Locale, form url.Values, name string, f faults) string {
	s := strings.TrimSpace(form.Get(name))
	if s != "" && !strings.Contains(s, "://") {
		s = "https://" + s
	}
	u, err := url.Parse(s)
	web := err == nil && (u.Scheme == "https" || u.Scheme == "http") && strings.Contains(u.Hostname(), ".") && u.User == nil
	if !web || len(s) > maxURL || strings.ContainsFunc(s, unicode.IsSpace) {
		f[name] = l.T("Paste the whole link, starting with https://")
	}
	return s
}

// replyAddress is the bare address people write to, "" when the brand has set none.
func replyAddress(b partnership.Brand) string {
	a, err := mail.ParseAddress(b.ReplyTo)
	if err != nil {
		return ""
	}
	return a.Address
}
