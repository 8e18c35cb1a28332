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

const consentText = "I agree to receive and sign the agreement electronically. I can ask for a paper copy, or withdraw this, by replying to the mail."

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
	{"fee", "your fee"},
	{"name", "the name on the parcel"},
	{"line1", "the street and number"},
	{"line2", "the flat or floor"},
	{"city", "the town or city"},
	{"postal_code", "the postcode"},
	{"region", "the state or province"},
	{"country", "the country"},
	{"phone", "the phone number"},
	{"consent", "the box to tick"},
	{"url", "the link"},
	{"caption", "the caption"},
	{"reason", "the reason"},
	{"note", "your own words"},
	{"days", "the days you need"},
	{"tax_kind", "which form it is"},
	{"tax_name", "the name"},
	{"tax_address", "the address"},
	{"tax_country", "where you pay taxes"},
	{"tax_number", "the number"},
	{"tax_file", "the file"},
}

// inWords names the fields to mend.
func (f faults) inWords() string {
	var names []string
	for _, n := range fieldNames {
		if f[n.field] != "" {
			names = append(names, n.name)
		}
	}
	if len(names) == 0 {
		return "This is not sent yet. Please look at the form again."
	}
	return "This is not sent yet. Please look at " + list(names) + " again: below it says what to do. All else that you typed is still here."
}

// parse reads a form against the task it answers. It reports every fault at once.
func parse(form url.Values, task partnership.Task, v partnership.PartnershipView) (answers.Answer, faults) {
	action := form.Get("action")
	a, f := answers.Answer{Kind: partnership.Choice(action)}, faults{}
	if !slices.Contains(allowed[task.Kind], action) {
		f["action"] = "This page cannot take that answer. Use one of its buttons."
		return a, f
	}
	switch action {
	case doAccept, doCounter: // a counter-offer may be accepted by rule, and then the agreement follows at once
		if form.Get("consent") == "yes" {
			a.Consent = ConsentVersion
		} else {
			f["consent"] = "Tick the box to go on: the agreement is signed electronically."
		}
		if v.Terms.Gift != nil {
			a.Address = parseAddress(form, f)
		}
		if action == doCounter {
			a.FeeMinor = parseFee(form, v.Terms, f)
			a.Note = text(form, "note", f)
		}
	case doDecline:
		a.Note = declineWords(form, f)
	case doDraft:
		a.URL = link(form, "url", f)
		a.Caption, a.Note = text(form, "caption", f), text(form, "note", f)
	case doPost:
		a.URL = link(form, "url", f)
		if a.Caption = text(form, "caption", f); a.Caption == "" && f["caption"] == "" {
			f["caption"] = "Paste the caption as it stands in the post."
		}
	case doExtend:
		days, err := strconv.Atoi(form.Get("days"))
		if err != nil || days < 1 || days > timeline.MaxExtension {
			f["days"] = "Choose how many days you need."
		}
		a.Days = float64(days)
	}
	return a, f
}

// parseAddress reads where a parcel goes, as the country's post writes it.
func parseAddress(form url.Values, f faults) *partnership.Address {
	typed := partnership.Address{
		Name: required(form, "name", "Who should the parcel be addressed to?", f), Line1: line(form, postal.Line1, f), Line2: line(form, postal.Line2, f),
		City: line(form, postal.City, f), Region: line(form, postal.Region, f), PostalCode: line(form, postal.Postcode, f),
		Country: strings.ToUpper(required(form, "country", "Choose the country.", f)), Phone: line(form, "phone", f),
	}
	if typed.Country != "" && !isCountry(typed.Country) {
		f["country"] = "Choose a country from the list."
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
func fees(form url.Values, t partnership.Terms) (meant []int64, why string) {
	read, err := money.Readings(form.Get("fee"), t.Currency)
	if err != nil {
		return nil, sentence(err.Error()) + " Enter an amount in " + t.Currency + ", such as " + money.Format(max(t.FeeMinor, 10_000), t.Currency) + "."
	}
	meant = slices.DeleteFunc(read, func(fee int64) bool { return fee <= t.FeeMinor })
	if len(meant) == 0 {
		return nil, "Ask for more than the offer of " + money.Display(t.FeeMinor, t.Currency) + ", or accept it above."
	}
	return meant, ""
}

// parseFee is the fee that was read back and meant, else the first of those that may be.
func parseFee(form url.Values, t partnership.Terms, f faults) int64 {
	all, why := fees(form, t)
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
var reasons = []string{"The fee is too low", "I have no time in that window", "It doesn't fit my audience", "I work with a competitor", "Something else"}

func declineWords(form url.Values, f faults) string {
	reason, note := form.Get("reason"), text(form, "note", f)
	if !slices.Contains(reasons, reason) {
		f["reason"] = "Choose the closest reason: it decides whether we ask you again."
		return note
	}
	if note == "" {
		return reason
	}
	return reason + ": " + note
}

// line reads a one-line field: trimmed, bounded, without control characters.
func line(form url.Values, name string, f faults) string {
	s := strings.TrimSpace(form.Get(name))
	if utf8.RuneCountInString(s) > maxLine || strings.ContainsFunc(s, unicode.IsControl) || !utf8.ValidString(s) {
		f[name] = "Use one line of at most 100 characters."
	}
	return s
}

func required(form url.Values, name, ask string, f faults) string {
	s := line(form, name, f)
	if s == "" {
		f[name] = ask
	}
	return s
}

// text reads a field of several lines.
func text(form url.Values, name string, f faults) string {
	s := strings.TrimSpace(strings.ReplaceAll(form.Get(name), "\r\n", "\n"))
	if utf8.RuneCountInString(s) > maxText || !utf8.ValidString(s) || strings.ContainsRune(s, 0) {
		f[name] = "Keep it under 4,000 characters."
	}
	return s
}

// link reads the address of something that people will open; it is never fetched from here.
func link(form url.Values, name string, f faults) string {
	s := strings.TrimSpace(form.Get(name))
	if s != "" && !strings.Contains(s, "://") {
		s = "https://" + s
	}
	u, err := url.Parse(s)
	web := err == nil && (u.Scheme == "https" || u.Scheme == "http") && strings.Contains(u.Hostname(), ".") && u.User == nil
	if !web || len(s) > maxURL || strings.ContainsFunc(s, unicode.IsSpace) {
		f[name] = "Paste the whole link, starting with https://"
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
