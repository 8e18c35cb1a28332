package partnership

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Words that disclose a paid or gifted post to everybody (FTC: "#ad", "sponsored", "advertisement", a platform's "Paid
// partnership"). Shorter or vaguer ones do not: #sp, #spon, #collab, #partner, #ambassador, #gifted, #thanks.
var (
	disclosingTags    = []string{"#ad", "#sponsored", "#advertisement", "#paidad", "#paidpartnership"}
	disclosingPhrases = []string{"paid partnership", "sponsored by", "sponsored post", "this is an ad", "advertisement", "sponsored", "ad"}
	vagueTags         = []string{"#sp", "#spon", "#collab", "#collaboration", "#partner", "#ambassador", "#gifted", "#pr", "#thanks", "#thankyou"}
)

// Where a disclosure is hard to miss: among the first words, or at least before platforms cut a caption with "more".
const (
	leadingWords  = 3
	visibleLength = 125
	hashtagHeap   = 3
	longest       = 20_000 // bytes of a caption that are read; every platform allows fewer
)

// Disclosed checks that a caption discloses the partnership first and in a way that is hard to miss. disclosure is the one the
// brief asks for; common equivalents pass too. why says in words what is wrong, for the request to cure it.
func Disclosed(caption, disclosure string) (ok bool, why string) {
	words := captionWords(caption[:min(len(caption), longest)])
	phrases := append([]string{disclosure}, disclosingTags...)
	phrases = append(phrases, disclosingPhrases...)
	first := -1
	for _, phrase := range phrases {
		if i := find(words, phrase); i >= 0 && (first < 0 || i < first) {
			first = i
		}
	}
	if first < 0 {
		if i := slices.IndexFunc(words, func(w word) bool { return slices.Contains(vagueTags, w.text) }); i >= 0 {
			return false, words[i].text + " does not tell everybody that this is a paid or gifted post; begin the caption with " + wanted(disclosure)
		}
		return false, "the caption does not disclose the partnership; begin it with " + wanted(disclosure)
	}
	before, run := heap(words, first)
	switch {
	case before >= 2 || run >= hashtagHeap && first >= leadingWords:
		return false, "the disclosure is buried among hashtags; begin the caption with " + wanted(disclosure)
	case first < leadingWords, words[first].end <= visibleLength:
		return true, ""
	default:
		return false, "the disclosure comes after the part of the caption that everybody sees; begin with " + wanted(disclosure)
	}
}

func wanted(disclosure string) string {
	if disclosure == "" {
		return "#ad"
	}
	return disclosure
}

// recognized says whether a brief's own disclosure is one that everybody understands.
func recognized(disclosure string) bool {
	words := captionWords(disclosure)
	return slices.ContainsFunc(append(slices.Clone(disclosingTags), disclosingPhrases...), func(p string) bool { return find(words, p) >= 0 })
}

// word is a word of a caption in lower case without punctuation around it; end is where it ends, in characters.
type word struct {
	text string
	end  int
}

func captionWords(caption string) []word {
	var words []word
	at := 0
	for _, field := range strings.FieldsFunc(caption, func(r rune) bool { return unicode.IsSpace(r) || unicode.Is(unicode.Cf, r) }) {
		i := strings.Index(caption, field)
		at += utf8.RuneCountInString(caption[:i]) + utf8.RuneCountInString(field)
		caption = caption[i+len(field):]
		for _, part := range splitTags(field) {
			words = append(words, word{part, at})
		}
	}
	return words
}

// splitTags separates hashtags written without a space ("#ad#dreams") and cuts punctuation off.
func splitTags(field string) []string {
	var parts []string
	for i, part := range strings.Split(strings.ToLower(field), "#") {
		part = strings.TrimFunc(part, func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) })
		if part == "" {
			continue
		}
		if i > 0 {
			part = "#" + part
		}
		parts = append(parts, part)
	}
	return parts
}

// find is the index of the last word of phrase's first occurrence, or -1. The plain word "ad" counts only as the first one
// ("Ad: ..."): inside a sentence it says something else.
func find(words []word, phrase string) int {
	want := captionWords(phrase)
	if len(want) == 0 {
		return -1
	}
	for i := 0; i+len(want) <= len(words); i++ {
		if len(want) == 1 && !strings.HasPrefix(want[0].text, "#") && i > 0 {
			return -1
		}
		if slices.EqualFunc(words[i:i+len(want)], want, func(a, b word) bool { return a.text == b.text }) {
			return i + len(want) - 1
		}
	}
	return -1
}

// heap is the run of hashtags around a word: how many stand before it, and how many there are in all.
func heap(words []word, at int) (before, run int) {
	tag := func(i int) bool { return i >= 0 && i < len(words) && strings.HasPrefix(words[i].text, "#") }
	if !tag(at) {
		return 0, 0
	}
	for tag(at - before - 1) {
		before++
	}
	after := 0
	for tag(at + after + 1) {
		after++
	}
	return before, before + 1 + after
}
