package postal

import (
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/rapport-dev/rapport/partnership"
	"github.com/rapport-dev/rapport/partnership/identity"
	"github.com/rapport-dev/rapport/partnership/money"
)

// Check is an address as a carrier takes it, and what is wrong with it by field: each a sentence that says what to write. What the country
// has no field for is left out, and what is plainly meant is written as it is written there (sw1a1aa, Illinois).
func Check(a partnership.Address) (partnership.Address, map[string]string) {
	c, wrong := Of(a.Country), map[string]string{}
	a.Name, a.Line1, a.Line2 = clean(a.Name), clean(a.Line1), clean(a.Line2)
	a.City, a.Region = c.own(City, clean(a.City)), c.own(Region, clean(a.Region))
	a.PostalCode = c.own(Postcode, c.postcode(a.PostalCode))
	for field, value := range map[string]string{Line1: a.Line1, City: a.City, Region: a.Region, Postcode: a.PostalCode} {
		switch {
		case value == "" && c.Needs(field):
			wrong[field] = "Enter " + c.called(field) + "."
		case value != "" && !strings.ContainsFunc(value, func(r rune) bool { return unicode.IsLetter(r) || unicode.IsDigit(r) }):
			wrong[field] = "This says nothing: enter " + c.called(field) + "."
		}
	}
	region := c.checkRegion(&a, wrong)
	switch {
	case a.PostalCode == "" || wrong[Postcode] != "":
	case c.pattern != nil && !c.pattern.MatchString(a.PostalCode):
		wrong[Postcode] = fmt.Sprintf("This is not how %s is written there: %s.", c.called(Postcode), c.Example)
	case region.begins != nil && !region.begins.MatchString(a.PostalCode):
		wrong[Postcode] = fmt.Sprintf("%s does not belong to %s. Look at both.", a.PostalCode, longest(region.Names))
	case len(c.Regions) > 0 && strings.Trim(a.PostalCode, "0- ") == "":
		wrong[Postcode] = "Nobody has this one: enter " + c.called(Postcode) + "."
	}
	if a.City == "" && len(wrong) == 0 { // carriers ask for one everywhere
		a.City = a.Region
		if a.City == "" {
			a.City = cityStates[a.Country]
		}
	}
	return a, wrong
}

// cityStates are countries that are one town, whose addresses name none.
var cityStates = map[string]string{"SG": "Singapore", "MC": "Monaco", "GI": "Gibraltar", "VA": "Vatican City", "HK": "Hong Kong", "MO": "Macao", "NR": "Yaren"}

func (c Country) checkRegion(a *partnership.Address, wrong map[string]string) RegionOf {
	if len(c.Regions) == 0 || a.Region == "" || wrong[Region] != "" {
		return RegionOf{}
	}
	region, known := c.region(a.Region)
	if !known {
		wrong[Region] = fmt.Sprintf("There is no %s of that name. Write it out, or as the post does, such as %s.", strings.ToLower(c.Name(Region)), c.Regions[0].Names[0])
		return RegionOf{}
	}
	a.Region = region.Names[0]
	return region
}

// called is a field's name within a sentence.
func (c Country) called(field string) string {
	name := c.Name(field)
	if strings.HasPrefix(name, "ZIP") || strings.HasPrefix(name, "PIN") || strings.HasPrefix(name, "Eir") {
		return "the " + name
	}
	return "the " + strings.ToLower(name[:1]) + name[1:]
}

// own is a value of a field that the country has.
func (c Country) own(field, value string) string {
	if !c.Has(field) {
		return ""
	}
	return value
}

func clean(text string) string {
	text, _ = identity.CleanText(text)
	return text
}

// postcode is one in the country's spelling: capitals, its own digits as ours, and the mark where the post has it.
func (c Country) postcode(text string) string {
	text = strings.ToUpper(strings.TrimSpace(strings.TrimPrefix(money.Plain(text), "〒")))
	text = strings.NewReplacer("–", "-", "—", "-", "‐", "-", "ー", "-", " - ", "-").Replace(text)
	if c.pattern == nil || c.pattern.MatchString(text) && !strings.ContainsAny(c.Example, " -") {
		return text
	}
	if bare := strings.TrimLeft(text, "ABCDEFGHIJKLMNOPQRSTUVWXYZ- "); bare != text && c.pattern.MatchString(bare) { // D-10115, CH-8001
		return bare
	}
	at := strings.LastIndexAny(c.Example, " -")
	bare := strings.NewReplacer(" ", "", "-", "").Replace(text)
	if at < 0 || len(bare) <= len(c.Example)-at-1 {
		if c.pattern.MatchString(bare) {
			return bare
		}
		return text
	}
	cut := len(bare) - (len(c.Example) - at - 1)
	if marked := bare[:cut] + c.Example[at:at+1] + bare[cut:]; c.pattern.MatchString(marked) {
		return marked
	}
	return text
}

// longest is the fullest of a region's names in Latin letters.
func longest(names []string) string {
	out := ""
	for _, name := range names {
		if len(name) > len(out) && name[0] < utf8.RuneSelf {
			out = name
		}
	}
	return out
}

// Label is an address as a label prints it, with the country's name, in its English spelling, last.
func Label(a partnership.Address, country string) []string {
	c := Of(a.Country)
	street := a.Line1
	if a.Line2 != "" {
		street += "\n" + a.Line2
	}
	parts := map[byte]string{'N': a.Name, 'A': street, 'C': a.City, 'S': a.Region, 'Z': a.PostalCode}
	if !c.Has(City) && !strings.EqualFold(a.City, a.Region) && !strings.Contains(strings.ToUpper(c.label), strings.ToUpper(a.City)) {
		parts['A'] += "\n" + a.City
	}
	var out []string
	for line := range strings.SplitSeq(c.label, "%n") {
		if strings.Contains(line, "%") {
			line = filled(line, parts, c.capitals)
		}
		for text := range strings.SplitSeq(line, "\n") {
			if text = strings.Trim(text, " ,-/"); text != "" {
				out = append(out, text)
			}
		}
	}
	return append(out, strings.ToUpper(country))
}

// filled is a line of a label with its parts, "" where none of them is known.
func filled(line string, parts map[byte]string, capitals string) string {
	var out strings.Builder
	some := false
	for i := 0; i < len(line); i++ {
		if line[i] != '%' || i+1 == len(line) {
			out.WriteByte(line[i])
			continue
		}
		i++
		value := parts[line[i]]
		if strings.IndexByte(capitals, line[i]) >= 0 {
			value = strings.ToUpper(value)
		}
		some = some || value != ""
		out.WriteString(value)
	}
	if !some {
		return ""
	}
	return out.String()
}
