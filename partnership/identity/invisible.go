package identity

import (
	"fmt"
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// named are the characters that come along unseen when text is copied, by their names in Unicode.
var named = map[rune]string{
	0x00A0: "NO-BREAK SPACE", 0x00AD: "SOFT HYPHEN", 0x034F: "COMBINING GRAPHEME JOINER", 0x061C: "ARABIC LETTER MARK",
	0x115F: "HANGUL CHOSEONG FILLER", 0x1160: "HANGUL JUNGSEONG FILLER", 0x180E: "MONGOLIAN VOWEL SEPARATOR", 0x2007: "FIGURE SPACE",
	0x200B: "ZERO WIDTH SPACE", 0x200C: "ZERO WIDTH NON-JOINER", 0x200D: "ZERO WIDTH JOINER", 0x200E: "LEFT-TO-RIGHT MARK",
	0x200F: "RIGHT-TO-LEFT MARK", 0x2028: "LINE SEPARATOR", 0x2029: "PARAGRAPH SEPARATOR", 0x202A: "LEFT-TO-RIGHT EMBEDDING",
	0x202B: "RIGHT-TO-LEFT EMBEDDING", 0x202C: "POP DIRECTIONAL FORMATTING", 0x202D: "LEFT-TO-RIGHT OVERRIDE", 0x202E: "RIGHT-TO-LEFT OVERRIDE",
	0x202F: "NARROW NO-BREAK SPACE", 0x2060: "WORD JOINER", 0x2066: "LEFT-TO-RIGHT ISOLATE", 0x2067: "RIGHT-TO-LEFT ISOLATE",
	0x2068: "FIRST STRONG ISOLATE", 0x2069: "POP DIRECTIONAL ISOLATE", 0x2800: "BRAILLE PATTERN BLANK", 0x3000: "IDEOGRAPHIC SPACE",
	0x3164: "HANGUL FILLER", 0xFE6B: "SMALL COMMERCIAL AT", 0xFEFF: "ZERO WIDTH NO-BREAK SPACE (byte-order mark)",
	0xFF20: "FULLWIDTH COMMERCIAL AT", 0xFF0E: "FULLWIDTH FULL STOP", 0xFFA0: "HALFWIDTH HANGUL FILLER", 0xFFFD: "REPLACEMENT CHARACTER",
}

// Describe names a character so that it can be found.
func Describe(r rune) string {
	switch name := named[r]; {
	case name != "":
		return fmt.Sprintf("%s (U+%04X)", name, r)
	case unicode.IsGraphic(r) && !Invisible(r):
		return fmt.Sprintf("%q (U+%04X)", r, r)
	default:
		return fmt.Sprintf("character that cannot be seen (U+%04X)", r)
	}
}

// Invisible says whether a character cannot be seen, or looks like a plain space and is none.
func Invisible(r rune) bool {
	switch {
	case r == ' ' || r == '\t' || r == '\n' || r == '\r':
		return false
	case unicode.Is(unicode.Cf, r), unicode.IsControl(r), unicode.Is(unicode.Zs, r), unicode.Is(unicode.Zl, r), unicode.Is(unicode.Zp, r),
		unicode.Is(unicode.Variation_Selector, r), unicode.Is(unicode.Other_Default_Ignorable_Code_Point, r):
		return true
	}
	return r == 0x2800
}

// FirstInvisible finds the first such character.
func FirstInvisible(s string) (rune, bool) {
	for _, r := range s {
		if Invisible(r) {
			return r, true
		}
	}
	return 0, false
}

// CleanText is a name or a line of text as it looks: spaces of every width are plain ones, and what cannot be seen is gone, but
// for joiners and variants that shape letters and emoji. It says what it took out.
func CleanText(s string) (clean string, removed []rune) {
	in := []rune(norm.NFC.String(s))
	var out strings.Builder
	for i, r := range in {
		switch {
		case !Invisible(r) || shapes(in, i):
			out.WriteRune(r)
		case unicode.IsSpace(r):
			out.WriteRune(' ')
		default:
			removed = append(removed, r)
		}
	}
	// What stood between a letter and its mark may be gone: they are one character now, and text that was cleaned is clean.
	return norm.NFC.String(strings.Join(strings.Fields(out.String()), " ")), removed
}

// shapes says whether the unseen character at i changes how its neighbours look: joiners in scripts that join, and the joiners
// and variants of emoji.
func shapes(in []rune, i int) bool {
	if i == 0 {
		return false
	}
	before := in[i-1]
	if unicode.Is(unicode.Variation_Selector, in[i]) {
		return emoji(before) || unicode.In(before, unicode.Han, unicode.Mongolian)
	}
	if i+1 == len(in) || in[i] != 0x200C && in[i] != 0x200D {
		return false
	}
	after := in[i+1]
	joins := func(r rune) bool {
		return (unicode.IsLetter(r) || unicode.IsMark(r)) && !unicode.In(r, unicode.Latin, unicode.Greek, unicode.Cyrillic, unicode.Han, unicode.Hangul)
	}
	return joins(before) && joins(after) || in[i] == 0x200D && (emoji(before) || unicode.Is(unicode.Variation_Selector, before)) && emoji(after)
}

func emoji(r rune) bool { return unicode.In(r, unicode.So, unicode.Sk) && r > 0xFF }
