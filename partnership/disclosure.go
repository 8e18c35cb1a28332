package partnership

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// What discloses a paid or gifted post to everybody (FTC: "#ad", "sponsored", "advertisement", a platform's "Paid
// partnership"). Shorter or vaguer tags do not: #sp, #spon, #collab, #partner, #ambassador, #gifted, #thanks. The single words
// are everyday ones too ("Ad hoc", "Sponsored athletes"), so they count only where a mark sets them apart: "Ad: ...".
var (
	disclosingTags    = []string{"#ad", "#sponsored", "#advertisement", "#paidad", "#paidpartnership"}
	disclosingPhrases = []string{"paid partnership", "sponsored by", "sponsored post", "this is an ad"}
	disclosingWords   = []string{"advertisement", "sponsored", "ad"}
	vagueTags         = []string{"#sp", "#spon", "#collab", "#collaboration", "#partner", "#ambassador", "#gifted", "#pr", "#thanks", "#thankyou"}
)

// What may stand before the disclosure: a few emoji or marks (a family emoji alone is seven characters) and one line break.
// More of either pushes it behind the "more" of a platform.
const (
	longestLead = 20
	leadLines   = 1
)

// Disclosed checks that a caption begins with its disclosure, where it is hard to miss. disclosure is the one the brief asks
// for; common equivalents pass too. Only blanks, and a few emoji or marks, may stand before it. why says in words what is wrong,
// for the request to cure it.
func Disclosed(caption, disclosure string) (ok bool, why string) {
	lead, text := opening(caption)
	if !begins(text, disclosure) {
		return false, misplaced(text, disclosure)
	}
	if utf8.RuneCountInString(lead) > longestLead || strings.Count(lead, "\n") > leadLines {
		return false, "the disclosure is pushed down by what stands before it; begin the caption with " + wanted(disclosure)
	}
	return true, ""
}

// misplaced says why a caption that does not begin with a disclosure fails: it has a vague one, a later one, or none.
func misplaced(text, disclosure string) string {
	if i := slices.IndexFunc(vagueTags, func(tag string) bool { return startsWith(text, phrases(tag)) }); i >= 0 {
		return vagueTags[i] + " does not tell everybody that this is a paid or gifted post; begin the caption with " + wanted(disclosure)
	}
	known := phrases(slices.Concat([]string{disclosure}, disclosingTags, disclosingPhrases)...)
	for i := range text {
		if startsWord(text, i) && startsWith(text[i:], known) {
			return "the disclosure comes later; nothing may stand before it: begin the caption with " + wanted(disclosure)
		}
	}
	return "the caption does not disclose the partnership; begin it with " + wanted(disclosure)
}

func wanted(disclosure string) string {
	if disclosure == "" {
		return "#ad"
	}
	return disclosure
}

// recognized says whether a brief's own disclosure is one that everybody understands.
func recognized(disclosure string) bool {
	_, text := opening(disclosure)
	return startsWith(text, phrases(slices.Concat(disclosingTags, disclosingPhrases, disclosingWords)...))
}

// begins says whether text begins with the brief's own disclosure or with one that everybody understands.
func begins(text, disclosure string) bool {
	if startsWith(text, phrases(slices.Concat([]string{disclosure}, disclosingTags, disclosingPhrases)...)) {
		return true
	}
	return slices.ContainsFunc(phrases(disclosingWords...), func(word []string) bool {
		rest, found := cutPhrase(text, word)
		return found && setApart(rest)
	})
}

func startsWith(text string, known [][]string) bool {
	return slices.ContainsFunc(known, func(words []string) bool {
		_, found := cutPhrase(text, words)
		return found
	})
}

// phrases are disclosures as their words, without the marks around them.
func phrases(disclosures ...string) [][]string {
	out := make([][]string, len(disclosures))
	for i, d := range disclosures {
		_, d = opening(d)
		out[i] = strings.Fields(strings.TrimRightFunc(d, func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) }))
	}
	return out
}

// opening splits a caption into what stands before its first word or tag, without the blanks at its very start, and the rest.
func opening(caption string) (lead, text string) {
	caption = strings.TrimLeftFunc(caption, blank)
	i := strings.IndexFunc(caption, func(r rune) bool { return unicode.IsLetter(r) || unicode.IsDigit(r) })
	if i < 0 {
		return caption, ""
	}
	if i > 0 && caption[i-1] == '#' {
		i--
	}
	return caption[:i], caption[i:]
}

// blank is what nobody sees: spaces, and marks of no width.
func blank(r rune) bool { return unicode.IsSpace(r) || unicode.Is(unicode.Cf, r) }

// cutPhrase cuts a phrase off the start of text, in any case and with any blanks between its words. A phrase that goes on is
// another one: "#ad" is neither "#adventure" nor "#ad-free".
func cutPhrase(text string, words []string) (rest string, found bool) {
	for i, word := range words {
		if i > 0 {
			after := strings.TrimLeftFunc(text, blank)
			if len(after) == len(text) {
				return "", false
			}
			text = after
		}
		if text, found = cutFold(text, word); !found {
			return "", false
		}
	}
	return text, len(words) > 0 && !goesOn(text)
}

// cutFold is strings.CutPrefix in any case.
func cutFold(text, prefix string) (rest string, found bool) {
	for _, want := range prefix {
		got, size := utf8.DecodeRuneInString(text)
		if size == 0 || unicode.ToLower(got) != unicode.ToLower(want) {
			return "", false
		}
		text = text[size:]
	}
	return text, true
}

// goesOn says whether a word is longer than what was cut off it.
func goesOn(rest string) bool {
	r, size := utf8.DecodeRuneInString(rest)
	if r == '-' || r == '\'' || r == '’' {
		r, _ = utf8.DecodeRuneInString(rest[size:])
	}
	variant := unicode.Is(unicode.Variation_Selector, r) // says how an emoji is drawn
	return unicode.IsLetter(r) || unicode.IsDigit(r) || r == '_' || unicode.IsMark(r) && !variant
}

// setApart says whether a mark or the line's end follows.
func setApart(rest string) bool {
	r, size := utf8.DecodeRuneInString(strings.TrimLeft(rest, " \t"))
	return size == 0 || r == '\n' || r == '\r' || strings.ContainsRune(":.,;|!/*)]}-–—•", r)
}

// startsWord says whether a word or tag begins at i.
func startsWord(text string, i int) bool {
	before, _ := utf8.DecodeLastRuneInString(text[:i])
	return i == 0 || !unicode.IsLetter(before) && !unicode.IsDigit(before) && before != '#' || text[i] == '#'
}
