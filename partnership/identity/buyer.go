package identity

import (
	"slices"
	"strings"
	"unicode"

	"golang.org/x/text/cases"
	"golang.org/x/text/unicode/norm"

	"github.com/rapport-dev/rapport/partnership"
)

// Keys by which a buyer is compared with a creator, and with other buyers. They are made to find the same person behind other spellings,
// not to write to them: what they find is looked at by a person. "" is nobody: it is compared with nothing.

// googleMail are the names of one mail service, which knows no dots before the @.
var googleMail = []string{"gmail.com", "googlemail.com"}

// MailboxKey is the mailbox that an address leads to: without what follows a plus (RFC 5233; at Gmail, Outlook, iCloud, Proton, Fastmail and
// most others), and without dots at Gmail.
func MailboxKey(address string) string {
	parsed, err := ParseMail(address)
	if err != nil {
		return ""
	}
	local, domain, _ := strings.Cut(strings.ToLower(parsed), "@")
	name, _, _ := strings.Cut(local, "+")
	if name = strings.TrimRight(name, "."); name != "" { // no address ends with a dot
		local = name
	}
	if slices.Contains(googleMail, domain) {
		local, domain = strings.ReplaceAll(local, ".", ""), googleMail[0]
	}
	return local + "@" + domain
}

// NameKey is a person's name in any order of its parts, any case, with or without accents and titles of one letter. A name of one part
// (or one said twice) is too many people's, and nobody's here.
func NameKey(name string) string {
	var parts []string
	for _, part := range words(name) {
		if len([]rune(part)) > 1 {
			parts = append(parts, part)
		}
	}
	slices.Sort(parts)
	if parts = slices.Compact(parts); len(parts) < 2 {
		return ""
	}
	return strings.Join(parts, " ")
}

// short are the ways in which parts of a street's line are shortened; what only announces a number is left out.
var short = map[string]string{
	"street": "st", "strasse": "str", "avenue": "ave", "av": "ave", "road": "rd", "boulevard": "blvd", "drive": "dr", "lane": "ln", "court": "ct", "place": "pl",
	"square": "sq", "terrace": "ter", "highway": "hwy", "north": "n", "south": "s", "east": "e", "west": "w",
	"apartment": "", "apt": "", "unit": "", "suite": "", "ste": "", "flat": "", "no": "", "nr": "", "number": "", "room": "", "rm": "", "floor": "", "fl": "",
}

// PlaceKey is a postal address in any order and spelling of its street's parts: country, postcode, and what is left of its lines. Where a
// country has no postcodes the city stands for it. Without a street and one of both it is no place.
func PlaceKey(a partnership.Address) string {
	zone := strings.Join(words(a.PostalCode), "")
	if zone == "" {
		zone = strings.Join(words(a.City), "")
	}
	if first, rest, ok := strings.Cut(a.PostalCode, "-"); ok && strings.EqualFold(a.Country, "US") && len(rest) == 4 {
		zone = first // ZIP+4 is the same door as ZIP
	}
	var parts []string
	for _, word := range words(a.Line1 + " " + a.Line2) {
		if known, ok := short[word]; ok {
			word = known
		}
		if prefix, ok := strings.CutSuffix(word, "strasse"); ok {
			word = prefix + "str"
		}
		if word != "" {
			parts = append(parts, word)
		}
	}
	if zone == "" || len(parts) == 0 {
		return ""
	}
	slices.Sort(parts)
	return strings.ToUpper(strings.TrimSpace(a.Country)) + "|" + zone + "|" + strings.Join(slices.Compact(parts), " ")
}

// foldCase takes the case away. Cherokee's letters fold to capitals and back in x/text, so that two spellings changed places.
func foldCase(text string) string { return strings.ToLower(cases.Fold().String(text)) }

// words are the letters and digits of a text, folded: no case, accents, widths or punctuation.
func words(text string) []string {
	folded := foldCase(norm.NFKD.String(text))
	folded = strings.Map(func(r rune) rune {
		switch {
		case unicode.Is(unicode.Mn, r) || r == '\'' || r == '’':
			return -1
		case unicode.IsLetter(r) || unicode.IsDigit(r):
			return r
		}
		return ' '
	}, folded)
	return strings.Fields(folded)
}
