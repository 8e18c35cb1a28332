package partnership

import (
	"regexp"
	"strings"
)

// A creator's links are secrets: whoever has one may answer for them. Their mails quote ours, so what reaches colleagues is shown
// without the links, in every form that mail programs give them: wrapped over lines, with quote marks and soft breaks in between,
// percent-encoded, in the redirects of link scanners.

const (
	// soft is what mail programs put into a long word: a line's end with quote marks, a soft break, marks that nobody sees.
	soft = `(?:=?[ \t]*\r?\n[ \t>|]*|[\x{00AD}\x{200B}-\x{200D}\x{2060}\x{FEFF}])`
	// slash is a path's, also encoded once, twice, for quoted-printable, or by Proofpoint (_).
	slash = `(?:/|%(?:25)*2[fF]|=2[fF]|_|&#(?:47|x2[fF]);)`
	// letter is one of a token's. An encoded one counts as one.
	letter = `(?:%(?:25)*(?:2[dD]|5[fF]|[46][1-9a-fA-F]|[57][0-9aA]|3[0-9])|=(?:2[dD]|5[fF])|-(?:2D|5F)|[A-Za-z0-9_\-])`
	doors  = `(?:t|u|me)`
)

var (
	// a token is a keyed SHA-256 in base64 without padding: 43 letters
	wholeToken = regexp.MustCompile(slash + soft + `?` + doors + soft + `?` + slash + soft + `?` + letter + `(?:` + soft + `*` + letter + `){42}`)
	// anyToken is a shorter or cut one at a host's first path, in one piece.
	anyToken = regexp.MustCompile(`(?i)((?:://|%3a(?:%2f){2}|%253a(?:%252f){2})[^\s/<>"'%]+` + slash + `(?:t|me)` + slash + `)` + letter + `{8,}`)
	optOut   = regexp.MustCompile(`(?i)((?:://|%3a(?:%2f){2})[^\s/<>"'%]+` + slash + `u` + slash + `)` + letter + `{20,}`) // shorter ones are people's profiles
	// bareToken stands alone: somebody copied it without its address.
	bareToken  = regexp.MustCompile(`(^|[^A-Za-z0-9_\-])([A-Za-z0-9_\-]{43})($|[^A-Za-z0-9_\-=])`)
	replyToken = regexp.MustCompile(`(?i)\breply(?:\+|%2b|=2b)` + soft + `?[a-z2-7](?:` + soft + `?[a-z2-7]){15,31}`)
	door       = regexp.MustCompile(slash + soft + `?(` + doors + `)` + soft + `?` + slash)
)

// hidden stands for a link that only the creator may have.
const hidden = "[their own link]"

// HideLinks takes the secret links out of what a creator wrote or quoted.
func HideLinks(text string) string {
	text = wholeToken.ReplaceAllStringFunc(text, func(link string) string {
		return "/" + doorOf(link) + "/" + hidden
	})
	text = anyToken.ReplaceAllString(text, "${1}"+hidden)
	text = optOut.ReplaceAllString(text, "${1}"+hidden)
	text = replyToken.ReplaceAllString(text, "reply+[token]")
	for range 2 { // two that share the sign between them
		text = bareToken.ReplaceAllStringFunc(text, func(match string) string {
			parts := bareToken.FindStringSubmatch(match)
			if !random(parts[2]) {
				return match
			}
			return parts[1] + hidden + parts[3]
		})
	}
	return text
}

func doorOf(link string) string {
	if m := door.FindStringSubmatch(link); m != nil {
		return m[1]
	}
	return "t"
}

// random tells a token from a long word: it has capitals, small letters and digits.
func random(s string) bool {
	return strings.ContainsAny(s, "0123456789") && strings.ToLower(s) != s && strings.ToUpper(s) != s
}
