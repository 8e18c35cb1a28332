package partnership_test

import (
	"strings"
	"testing"
	"unicode"

	"pgregory.net/rapid"

	"github.com/rapport-dev/rapport/partnership"
)

func TestAnAnswersSubject(t *testing.T) {
	t.Parallel()
	for subject, want := range map[string]string{
		"Re: offer": "Re: offer", "AW: WG: Angebot": "Re: Angebot", "Re: Re[2]: RE: x": "Re: x", "回复：报价": "Re: 报价", "Odp: oferta": "Re: oferta",
		"Ynt: teklif": "Re: teklif", "": "About Slow Evenings", "Re:": "About Slow Evenings", "Reading list": "Re: Reading list", "a\r\nBcc: x@y.example": "Re: a  Bcc: x@y.example",
	} {
		if got := partnership.AnswerSubject(subject, "Slow Evenings"); got != want {
			t.Errorf("%q becomes %q, want %q", subject, got, want)
		}
	}
	rapid.Check(t, func(r *rapid.T) {
		got := partnership.AnswerSubject(rapid.String().Draw(r, "subject"), "Slow Evenings")
		if strings.ContainsFunc(got, unicode.IsControl) || len([]rune(got)) > partnership.MaxSubject {
			r.Fatalf("%q", got)
		}
		if got != "About Slow Evenings" && partnership.AnswerSubject(got, "x") != got {
			r.Fatalf("%q grows when it is answered again", got)
		}
	})
}

func TestAnAnswersBounds(t *testing.T) {
	t.Parallel()
	for what, c := range map[string]struct {
		a     partnership.AnswerToCreator
		field string
	}{
		"fine":               {partnership.AnswerToCreator{Words: "Thursday\nis\tfine 🕯"}, ""},
		"no words":           {partnership.AnswerToCreator{Words: " \n"}, "words"},
		"a NUL":              {partnership.AnswerToCreator{Words: "a\x00b"}, "words"},
		"too long":           {partnership.AnswerToCreator{Words: strings.Repeat("ü", partnership.MaxAnswer+1)}, "words"},
		"a header of theirs": {partnership.AnswerToCreator{Words: "x", Subject: "a\nBcc: b"}, "subject"},
		"a long subject":     {partnership.AnswerToCreator{Words: "x", Subject: strings.Repeat("s", partnership.MaxSubject+1)}, "subject"},
	} {
		err := c.a.Check()
		if c.field == "" && err != nil || c.field != "" && (partnership.CodeOf(err) != partnership.Invalid || !strings.Contains(err.Error(), c.field)) {
			t.Errorf("%s: %v", what, err)
		}
	}
}

func TestAStrangersFileNameIsANameAndNothingElse(t *testing.T) {
	t.Parallel()
	for name, want := range map[string]string{
		"../../etc/passwd": "passwd", `C:\temp\a b.mp4`: "a b.mp4", "": "file", "...": "file", ".bashrc": "bashrc", "Żółw ł.png": "Żółw ł.png", "a\r\nSet-Cookie: x": "a__Set-Cookie_ x", "$(rm -rf).sh": "_(rm -rf).sh",
	} {
		if got := partnership.SafeFileName(name); got != want {
			t.Errorf("%q becomes %q, want %q", name, got, want)
		}
	}
	rapid.Check(t, func(r *rapid.T) {
		name := partnership.SafeFileName(rapid.String().Draw(r, "name"))
		if name == "" || strings.ContainsAny(name, "/\\\x00\r\n\"") || strings.HasPrefix(name, ".") || !strings.HasPrefix(partnership.Attachment(name), "attachment; filename") {
			r.Fatalf("%q", name)
		}
	})
}
