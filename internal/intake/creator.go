package intake

import (
	"slices"
	"strconv"
	"strings"

	"github.com/rapport-dev/rapport/partnership"
)

// creator reads the current row.
func (t *table) creator() partnership.Creator {
	c := partnership.Creator{
		Handle:         t.handle(),
		Name:           t.need("name", "the person's name"),
		Email:          t.email(),
		Platform:       strings.ToLower(t.need("platform", "instagram, youtube, tiktok or another")),
		Followers:      t.followers(),
		EngagementRate: t.number("engagement_rate", t.need("engagement_rate", "a per cent such as 4.2"), 100),
		Niche:          strings.ToLower(t.need("niche", "the niche's name")),
		Country:        strings.ToUpper(t.get("country")),
		Language:       t.get("language"),
		Timezone:       t.timezone(),
		Source:         t.source(),
		AudienceMatch:  t.number("audience_match", t.get("audience_match"), 100),
		PastCustomer:   t.flag("past_customer"),
		Notes:          t.get("notes"),
	}
	if c.Country != "" && (len(c.Country) != 2 || strings.ContainsFunc(c.Country, func(r rune) bool { return r < 'A' || r > 'Z' })) {
		t.fault(t.line, "country", "%q is not an ISO 3166 code of two letters such as US", c.Country)
	}
	for i, column := range t.columns {
		if value := meant(strings.TrimSpace(t.row[i])); value != "" && !slices.Contains(requiredColumns, column) && !slices.Contains(optionalColumns, column) {
			if c.Extra == nil {
				c.Extra = map[string]string{}
			}
			c.Extra[column] = strings.ToValidUTF8(value, "\uFFFD")
		}
	}
	return c
}

func (t *table) handle() string {
	h := strings.TrimPrefix(t.need("handle", "the name on the platform"), "@")
	if h == "" {
		return ""
	}
	bad := func(r rune) bool {
		return !(r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' || strings.ContainsRune("._-", r))
	}
	if strings.ContainsFunc(h, bad) || len(h) > 64 {
		t.fault(t.line, "handle", "not allowed; up to 64 of a-z, A-Z, 0-9, dot, hyphen and underscore are wanted")
		return h
	}
	t.unique("handle", h)
	return h
}

func (t *table) email() string {
	e := t.need("email", "the address that the offer goes to")
	if e == "" {
		return ""
	}
	if !isEmail(e) {
		t.fault(t.line, "email", "not an email address such as sam@mail.example")
		return e
	}
	t.unique("email", e)
	return e
}

func (t *table) followers() int {
	s := t.need("followers", "a whole number")
	if s == "" {
		return 0
	}
	n, err := strconv.Atoi(s)
	if err != nil || n < 0 || n > 2_000_000_000 {
		t.fault(t.line, "followers", "%q is not allowed; a whole number such as 18000, without separators, is wanted", s)
		return 0
	}
	return n
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
