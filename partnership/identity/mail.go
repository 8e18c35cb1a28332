package identity

import (
	"net/mail"
	"strings"
	"unicode/utf8"

	"golang.org/x/net/idna"

	"github.com/rapport-dev/rapport/partnership"
)

// maxMail is how long an address may be (RFC 5321).
const maxMail = 254

// ParseMail reads a mail address and gives it as mail is sent to it: its domain in lower case, and in ASCII where it is written
// in another script. What stands before the @ is left as it is: "sam+shop" and "sam" are two addresses. Errors are
// *partnership.Error and quote no address.
func ParseMail(text string) (string, error) {
	text = strings.TrimSpace(text)
	for _, r := range text {
		if Invisible(r) || r == 0xFF20 || r == 0xFE6B || r == 0xFF0E {
			return "", partnership.FieldErrorf("email", "holds a %s, which looks like nothing or like another character and makes another address of it: type it again", Describe(r))
		}
	}
	notOne := partnership.FieldErrorf("email", "not an email address such as sam@mail.example")
	at := strings.LastIndex(text, "@")
	if at < 1 || at == len(text)-1 {
		return "", notOne
	}
	local, domain := text[:at], strings.TrimSuffix(strings.ToLower(text[at+1:]), ".")
	for _, r := range local {
		if r >= utf8.RuneSelf {
			return "", partnership.FieldErrorf("email", "holds %s before the @, and mail systems rarely deliver there: ask for another address", Describe(r))
		}
	}
	if !ascii(domain) {
		encoded, err := idna.Lookup.ToASCII(domain)
		if err != nil {
			return "", partnership.FieldErrorf("email", "what stands behind the @ is no domain that can be looked up")
		}
		domain = encoded
	}
	whole := local + "@" + domain
	parsed, err := mail.ParseAddress(whole)
	if err != nil || parsed.Address != whole || len(whole) > maxMail || strings.ContainsAny(whole, "\r\n\"") {
		return "", notOne
	}
	return whole, nil
}

// MailKey tells addresses apart: in any case, by the domain in ASCII. What is no address is itself, in lower case.
func MailKey(address string) string {
	if parsed, err := ParseMail(address); err == nil {
		address = parsed
	}
	return strings.ToLower(strings.TrimSpace(address))
}

func ascii(s string) bool {
	for i := range len(s) {
		if s[i] >= utf8.RuneSelf {
			return false
		}
	}
	return true
}
