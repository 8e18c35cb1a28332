package intake

import (
	"errors"
	"slices"
	"strings"

	"github.com/rapport-dev/rapport/partnership"
	"github.com/rapport-dev/rapport/partnership/identity"
)

// creator reads the current row.
func (t *table) creator() partnership.Creator {
	account := t.account()
	c := partnership.Creator{
		Handle:         account.Handle,
		Name:           t.text("name", t.fullName()),
		Email:          t.email(),
		Platform:       account.Platform,
		Followers:      t.followers(),
		EngagementRate: t.rate(),
		Niche:          strings.ToLower(t.text("niche", t.need("niche", "the niche's name"))),
		Country:        t.country(),
		Language:       t.text("language", t.get("language")),
		Timezone:       t.timezone(),
		Source:         t.source(),
		AudienceMatch:  t.percent("audience_match", t.get("audience_match")),
		PastCustomer:   t.flag("past_customer"),
		Notes:          strings.NewReplacer("\r\n", "\n", "\r", "\n").Replace(t.get("notes")),
	}
	t.samePerson(c)
	for i, column := range t.columns {
		if value := meant(strings.TrimSpace(t.row[i])); value != "" && column != "" && !slices.Contains(knownColumns, column) && value != noValue {
			if c.Extra == nil {
				c.Extra = map[string]string{}
			}
			c.Extra[column] = strings.ToValidUTF8(value, "\uFFFD")
		}
	}
	return c
}

// fullName is the person's name, put together where a list keeps its halves apart: then "name" is the family's.
func (t *table) fullName() string {
	last := "name"
	if !slices.Contains(t.columns, last) {
		last = lastNameColumn
	}
	if !slices.Contains(t.columns, firstNameColumn) || last == "name" && slices.Contains(t.columns, lastNameColumn) {
		return t.need("name", "the person's name")
	}
	first, family := t.get(firstNameColumn), t.get(last)
	name := strings.TrimSpace(first + " " + family)
	if first != "" && strings.Contains(family, first) {
		name = family
	}
	if name == "" {
		t.fault(t.line, "name", "empty; the person's name is wanted")
	}
	return name
}

// account is whom the row is about. A link to a profile says the platform itself.
func (t *table) account() identity.Account {
	before := len(t.faults)
	handle := t.need("handle", "the name on the platform")
	platform := t.get("platform")
	if platform == "" && !strings.Contains(handle, "/") {
		platform = t.need("platform", "instagram, youtube, tiktok or another")
	}
	if platform != "" {
		platform = t.text("platform", platform)
	}
	if len(t.faults) > before {
		return identity.Account{Platform: platform, Handle: handle}
	}
	a, err := identity.ParseAccount(platform, handle)
	if t.refused(err) {
		return a
	}
	key := identity.Account{Platform: a.Platform, Handle: a.Key()}
	if line, twice := t.accounts[key]; twice {
		t.fault(t.line, "handle", "the same as in line %d, on the same platform; each creator once", line)
		return a
	}
	t.accounts[key] = t.line
	return a
}

// refused turns a refusal of the rules into a fault of this line.
func (t *table) refused(err error) bool {
	if no, ok := errors.AsType[*partnership.Error](err); ok {
		t.fault(t.line, no.Field, "%s", no.Message)
	}
	return err != nil
}

// text is a line of text as it looks; what could not be seen in it is gone, with a word about it.
func (t *table) text(column, s string) string {
	clean, removed := identity.CleanText(s)
	if len(removed) > 0 {
		t.warn(t.line, column, "a %s was taken out: it cannot be seen", identity.Describe(removed[0]))
	}
	if clean == "" && s != "" {
		t.fault(t.line, column, "holds nothing that can be seen")
	}
	return clean
}

func (t *table) email() string {
	e := t.need("email", "the address that the offer goes to")
	if e == "" {
		return ""
	}
	address, err := identity.ParseMail(e)
	if t.refused(err) {
		return e
	}
	return address
}

// samePerson compares who shares an address: several people behind one are an agency, which is said; one name behind it twice
// is one person, who is said to be one.
func (t *table) samePerson(c partnership.Creator) {
	key, name := identity.MailKey(c.Email), strings.ToLower(c.Name)
	if c.Email == "" {
		return
	}
	for _, earlier := range t.mails[key] {
		if earlier.name == name {
			t.warn(t.line, samePersonField, "the same name and address as in line %d: one person with two accounts, who would be invited twice to one campaign", earlier.line)
		}
	}
	if first := t.mails[key]; len(first) > 0 && first[0].name != name {
		t.warn(t.line, "email", "the same address as in line %d: an agency's, or one person twice? Mail for both goes to it, and an opt-out there counts for both", first[0].line)
	}
	t.mails[key] = append(t.mails[key], person{t.line, name})
}

// samePersonField is the field of the warning that two lines are one person. An import keeps both accounts.
const samePersonField = "person"

// Twice are the faults that a file has for a campaign though an import may keep it: nobody is invited to one campaign twice.
func Twice(warnings []Warning) []Fault {
	var out []Fault
	for _, w := range warnings {
		if w.Field == samePersonField {
			out = append(out, Fault{w.File, w.Line, w.Field, w.Message + "; leave one of the lines out"})
		}
	}
	return out
}

func (t *table) timezone() string {
	z := t.get("timezone")
	if z == "" || t.zones[z] {
		return z
	}
	if !isZone(z) {
		t.fault(t.line, "timezone", "%q is not an IANA time zone such as Europe/Berlin", z)
		return z
	}
	t.zones[z] = true
	return z
}

func (t *table) source() string {
	s := strings.ToLower(t.get("source"))
	if s != "" && !slices.Contains(sources, s) {
		t.fault(t.line, "source", "%q is not allowed%s; allowed: %s", s, suggest(s, sources), strings.Join(sources, ", "))
	}
	return s
}

func (t *table) flag(column string) bool {
	switch s := strings.ToLower(t.get(column)); s {
	case "true", "yes", "1":
		return true
	case "false", "no", "0", "":
		return false
	default:
		t.fault(t.line, column, "%q is not allowed; true or false is wanted", s)
		return false
	}
}
