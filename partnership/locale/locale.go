// Package locale says what creators read in their own language: words by catalogs that translators keep (words/*.json), and dates, numbers
// and money as people there write them. The English words are the keys, so whoever reads the code reads what is said.
package locale

import (
	"embed"
	"encoding/json"
	"fmt"
	"path"
	"strings"
	"sync"

	"golang.org/x/text/feature/plural"
	"golang.org/x/text/language"
)

//go:embed words/*.json
var files embed.FS

// Languages are those in which creators are spoken to, the one that stands in for all others first.
var Languages = []string{"en", "de", "fr", "es", "pt", "ja"}

// Locale is a language as a creator reads it. The zero value is English.
type Locale struct{ *spoken }

// spoken is a language with its words. Of one phrase there are several where it counts something.
type spoken struct {
	name  string
	tag   language.Tag
	words map[string]phrase
}

// phrase is what stands for an English one, by the form in which a number is counted; what counts nothing has only "other".
type phrase map[string]string

// UnmarshalJSON reads "words", or {"one": "words", "other": "words"}.
func (p *phrase) UnmarshalJSON(data []byte) error {
	if len(data) > 0 && data[0] == '{' {
		var forms map[string]string
		err := json.Unmarshal(data, &forms)
		*p = forms
		return err
	}
	var words string
	err := json.Unmarshal(data, &words)
	*p = phrase{"other": words}
	return err
}

var known = sync.OnceValue(func() map[string]*spoken {
	all := map[string]*spoken{}
	for _, name := range Languages {
		s := &spoken{name: name, tag: language.MustParse(name), words: map[string]phrase{}}
		if name != Languages[0] {
			data, err := files.ReadFile(path.Join("words", name+".json"))
			if err == nil {
				err = json.Unmarshal(data, &s.words)
			}
			if err != nil {
				panic("locale: " + name + ": " + err.Error()) // the files are part of the program, and a test reads them all
			}
		}
		all[name] = s
	}
	return all
})

var closest = sync.OnceValue(func() language.Matcher {
	tags := make([]language.Tag, len(Languages))
	for i, name := range Languages {
		tags[i] = language.MustParse(name)
	}
	return language.NewMatcher(tags)
})

// Of is the language that a BCP 47 tag asks for ("pt-BR", "de_AT"), English where it is not spoken here. A neighbour's language, which
// its speakers may also read, is none of theirs.
func Of(tag string) Locale {
	asked, err := language.Parse(strings.TrimSpace(tag))
	if err != nil {
		return English()
	}
	return first([]language.Tag{asked})
}

// Accepted is the first language of an Accept-Language header that is spoken here, for a page that does not know its reader.
func Accepted(header string) Locale {
	asked, _, err := language.ParseAcceptLanguage(header)
	if err != nil {
		return English()
	}
	return first(asked)
}

func first(asked []language.Tag) Locale {
	for _, tag := range asked {
		_, at, _ := closest().Match(tag)
		if base, _ := tag.Base(); base.String() == Languages[at] {
			return Locale{known()[Languages[at]]}
		}
	}
	return English()
}

// English is the language of everybody whose own is not spoken here.
func English() Locale { return Locale{known()[Languages[0]]} }

func (l Locale) spokenOr() *spoken {
	if l.spoken == nil {
		return English().spoken
	}
	return l.spoken
}

// Name is the language as a page says it to browsers.
func (l Locale) Name() string { return l.spokenOr().name }

// Dir is the direction in which it is written. All that are spoken here run from left to right.
func (l Locale) Dir() string { return "ltr" }

// IsEnglish says whether nothing is translated.
func (l Locale) IsEnglish() bool { return l.Name() == Languages[0] }

// Knows says whether words have their own in this language.
func (l Locale) Knows(words string) bool {
	s := l.spokenOr()
	return s.name == Languages[0] || s.words[words]["other"] != ""
}

// Reasons are why something is so, as the books keep it, several of them joined by "; ", in this language. What a person typed, and what
// holds numbers, stands as it was given.
func (l Locale) Reasons(joined string) string {
	if l.Knows(joined) {
		return l.T(joined)
	}
	parts := strings.Split(joined, "; ")
	for i, part := range parts {
		parts[i] = l.T(part)
	}
	return strings.Join(parts, "; ")
}

// T is words in this language, with what stands in their places as fmt does it. What is not translated is said in English, whole.
func (l Locale) T(words string, in ...any) string {
	if own := l.spokenOr().words[words]["other"]; own != "" {
		words = own
	}
	if len(in) == 0 {
		return words
	}
	return fmt.Sprintf(words, in...)
}

// N is words that count n, the first of what stands in their places: one for a single thing, many for all else.
func (l Locale) N(n int, one, many string, in ...any) string {
	words, s := many, l.spokenOr()
	switch own := s.words[many]; {
	case own != nil:
		if words = own[form(s.tag, n)]; words == "" {
			words = own["other"]
		}
	case n == 1:
		words = one
	}
	if !strings.Contains(words, "%") {
		return words
	}
	return fmt.Sprintf(words, append([]any{n}, in...)...)
}

var forms = map[plural.Form]string{plural.Zero: "zero", plural.One: "one", plural.Two: "two", plural.Few: "few", plural.Many: "many", plural.Other: "other"}

func form(tag language.Tag, n int) string {
	return forms[plural.Cardinal.MatchPlural(tag, n, 0, 0, 0, 0)]
}

// Words marks words that are said elsewhere by T, so that the test which looks for every key finds them.
func Words(words string) string { return words }
