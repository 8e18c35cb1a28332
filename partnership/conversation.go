package partnership

import (
	"mime"
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"
)

// The bounds of what a person writes to a creator, in characters.
const (
	MaxAnswer  = 10_000
	MaxSubject = 150
)

// AnswerToCreator is what a person of the brand writes to a creator. Personal data.
type AnswerToCreator struct {
	ID            string        `json:"id"`
	PartnershipID PartnershipID `json:"partnership_id"`
	MessageID     string        `json:"message_id"` // the mail that it answers, "" the newest
	Subject       string        `json:"subject"`    // "" the mail's
	Words         string        `json:"words"`
}

// Check says what is wrong with it. Nothing of it is taken out or changed: they read it as it was written.
func (a AnswerToCreator) Check() error {
	switch length := utf8.RuneCountInString(a.Words); {
	case strings.TrimSpace(a.Words) == "":
		return FieldErrorf("words", "write what the creator is to read")
	case length > MaxAnswer:
		return FieldErrorf("words", "%d characters; at most %d go into one mail", length, MaxAnswer)
	case !utf8.ValidString(a.Words) || strings.ContainsFunc(a.Words, func(r rune) bool { return unicode.IsControl(r) && !strings.ContainsRune("\n\r\t", r) }):
		return FieldErrorf("words", "holds a character that no mail can; only line breaks and tabs may stand between the words")
	}
	if n := utf8.RuneCountInString(a.Subject); n > MaxSubject {
		return FieldErrorf("subject", "%d characters; at most %d", n, MaxSubject)
	}
	if strings.ContainsFunc(a.Subject, unicode.IsControl) || !utf8.ValidString(a.Subject) {
		return FieldErrorf("subject", "must be one line")
	}
	return nil
}

// AnswerNews is an answer as it is sent: in the thread in which the creator wrote.
type AnswerNews struct {
	ID, Subject, Words string
	MailID             string   // of the mail that it answers, "" for none
	Earlier            []string // those before it
}

// answers are what programs put before a subject that is answered.
var answers = regexp.MustCompile(`(?i)^(?:\s*(?:re|aw|antw|sv|vs|ref|rv|odp|ynt|atb|res|回复|回覆|答复|отв|به|رد|הנ|fwd?|wg|tr|enc|i)(?:\[\d+\])?\s*[:：])+\s*`)

// AnswerSubject is the subject of an answer: the same with one "Re:", because some mail programs keep a thread by it.
func AnswerSubject(subject, campaign string) string {
	subject = strings.TrimSpace(strings.Map(func(r rune) rune {
		if unicode.IsControl(r) {
			return ' '
		}
		return r
	}, answers.ReplaceAllString(subject, "")))
	if subject == "" {
		return "About " + campaign
	}
	if r := []rune(subject); len(r) > MaxSubject-4 {
		subject = string(r[:MaxSubject-4])
	}
	return "Re: " + subject
}

// maxFileName is how many characters of a stranger's name for a file are kept.
const maxFileName = 100

// SafeFileName is a stranger's name for a file as a name and nothing else: no path, nothing hidden, nothing that a shell or a header reads.
func SafeFileName(name string) string {
	name = name[strings.LastIndexAny(name, `/\`)+1:]
	name = strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) || unicode.IsMark(r) || unicode.IsDigit(r) || strings.ContainsRune(" ._-()", r) {
			return r
		}
		return '_'
	}, name)
	name = strings.Trim(name, " .")
	if r := []rune(name); len(r) > maxFileName {
		name = string(r[len(r)-maxFileName:]) // its end says what it is
	}
	if name == "" {
		return "file"
	}
	return name
}

// Attachment is the header by which a browser keeps a file under its name instead of showing it.
func Attachment(name string) string {
	return mime.FormatMediaType("attachment", map[string]string{"filename": SafeFileName(name)})
}
