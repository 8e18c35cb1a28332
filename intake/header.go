package intake

import (
	"bytes"
	"fmt"
	"slices"
	"strings"
)

var (
	requiredColumns = []string{"handle", "name", "email", "platform", "followers", "engagement_rate", "niche"}
	optionalColumns = []string{"country", "language", "timezone", "source", "audience_match", "past_customer", "notes"}
	knownColumns    = slices.Concat(requiredColumns, optionalColumns)
)

// otherHeaders are what people and their tools call the columns besides, without spaces and signs.
var otherHeaders = map[string]string{
	"username": "handle", "user": "handle", "account": "handle", "creator": "handle", "instagramhandle": "handle", "creatorhandle": "handle",
	"profile": "handle", "profileurl": "handle", "profilelink": "handle", "link": "handle", "url": "handle",
	"fullname": "name", "creatorname": "name", "displayname": "name", "realname": "name", "contactname": "name",
	"mail": "email", "emailaddress": "email", "emailadress": "email", "contactemail": "email", "mailaddress": "email", "contact": "email",
	"network": "platform", "socialnetwork": "platform", "channel": "platform", "socialplatform": "platform",
	"followerscount": "followers", "followercount": "followers", "follower": "followers", "numberoffollowers": "followers", "subscribers": "followers",
	"er": "engagement_rate", "engagement": "engagement_rate", "erpercent": "engagement_rate", "avgengagement": "engagement_rate", "averageengagement": "engagement_rate",
	"category": "niche", "vertical": "niche", "topic": "niche", "industry": "niche",
	"countrycode": "country", "lang": "language", "tz": "timezone", "note": "notes", "comments": "notes", "comment": "notes",
}

// columnOf is the column that a header means, "" for none of ours.
func columnOf(header string) string {
	bare := strings.Map(func(r rune) rune {
		if strings.ContainsRune(" _-.%()#", r) || r == 0xA0 {
			return -1
		}
		return r
	}, strings.ToLower(header))
	for _, name := range knownColumns {
		if bare == strings.ReplaceAll(name, "_", "") {
			return name
		}
	}
	return otherHeaders[bare]
}

// titleRows is how many lines before the header may be a title.
const titleRows = 5

// separator finds out what stands between a file's fields: what a line "sep=;" says, else what makes most columns of one of the
// first lines. The "sep=" line, which only spreadsheets know, is blanked so that lines keep their numbers.
func separator(text []byte, recognised func(row []string) int) (rune, []byte) {
	first, rest, _ := bytes.Cut(text, []byte("\n"))
	if sep, ok := strings.CutPrefix(strings.ToLower(strings.Trim(string(first), "\r\" ")), "sep="); ok && len(sep) == 1 {
		return rune(sep[0]), append([]byte("\n"), rest...)
	}
	best, most := ',', 0
	lines := bytes.SplitN(text, []byte("\n"), titleRows+2)
	for _, sep := range []rune{',', ';', '\t', '|'} {
		for _, line := range lines[:min(len(lines), titleRows+1)] {
			if n := recognised(strings.Split(string(line), string(sep))); n > most {
				best, most = sep, n
			}
		}
	}
	return best, text
}

// recognised is how many columns of ours a row names.
func recognised(row []string) int {
	found := map[string]bool{}
	for _, cell := range row {
		if name := columnOf(strings.Trim(cell, " \r\"\t")); name != "" {
			found[name] = true
		}
	}
	return len(found)
}

// enoughForAHeader is how many known columns make a row the header, where rows stand before it.
const enoughForAHeader = 4

// header finds the row that names the columns and reads it.
func (t *table) header() bool {
	var firstRow []string
	for range titleRows + 1 {
		row, err := t.csv.Read()
		if err != nil {
			break
		}
		line, _ := t.csv.FieldPos(0)
		if recognised(row) >= enoughForAHeader {
			if firstRow != nil {
				t.warn(line, "", "what stands before this line is taken for a title and left out; this line names the columns")
			}
			t.headerLine = line
			return t.name(row)
		}
		if firstRow == nil && !blank(row) {
			firstRow, t.headerLine = slices.Clone(row), line
		}
	}
	if firstRow == nil {
		t.fault(1, "", "no header; the first line names the columns: %s", strings.Join(requiredColumns, ","))
		return false
	}
	return t.name(firstRow)
}

// name reads the header: our own names first, then what else is understood as one of them; the rest are further columns.
func (t *table) name(row []string) bool {
	for len(row) > 0 && strings.TrimSpace(row[len(row)-1]) == "" { // a spreadsheet's empty columns
		row = row[:len(row)-1]
	}
	given := make([]string, len(row))
	for i, cell := range row {
		given[i] = strings.ToLower(meant(strings.TrimSpace(cell)))
		if given[i] != "" && slices.Contains(given[:i], given[i]) {
			t.fault(t.headerLine, given[i], "the column is given twice")
		}
	}
	t.columns = slices.Clone(given)
	for i, name := range given {
		meant := columnOf(name)
		if meant == "" || meant == name || slices.Contains(given, meant) {
			continue
		}
		if first := slices.Index(t.columns, meant); first >= 0 {
			t.fault(t.headerLine, meant, "%q and %q could both be it; name one of them %s", given[first], name, meant)
			continue
		}
		t.columns[i] = meant
	}
	for _, name := range requiredColumns {
		if !slices.Contains(t.columns, name) {
			t.fault(t.headerLine, name, "the column is missing%s; required: %s", t.perhaps(name), strings.Join(requiredColumns, ","))
		}
	}
	return len(t.faults) == 0
}

func (t *table) perhaps(name string) string {
	for _, have := range t.columns {
		if !slices.Contains(knownColumns, have) && suggest(have, []string{name}) != "" {
			return fmt.Sprintf(" (is it %q?)", have)
		}
	}
	return ""
}

func blank(row []string) bool {
	return !slices.ContainsFunc(row, func(cell string) bool { return strings.TrimSpace(cell) != "" })
}
