package paper

import (
	"slices"

	textbidi "github.com/go-text/typesetting/bidi"
	"golang.org/x/text/unicode/bidi"
)

// Isolated is somebody's words amid other ones: their direction does not move what stands around them.
func Isolated(words string) string { return "\u2068" + words + "\u2069" }

// levels is each character's level of embedding (UAX #9): even ones are read from the left, odd ones from the right. The engine says
// which way each is read, and merges the levels that go the same way; a number that ends an Arabic phrase goes the way of the English
// behind it and stands with the Arabic all the same.
func levels(words []rune) []int {
	base := 0
	if readFromRight(words) {
		base = 1
	}
	right := fromRight(words, base)
	all := make([]int, len(words))
	outer, digits := []int{base}, 0
	for i, r := range words {
		level := outer[len(outer)-1]
		switch c := class(r); {
		case c == bidi.LRI || c == bidi.RLI || c == bidi.FSI:
			outer = append(outer, inside(words[i:], level))
		case c == bidi.PDI && len(outer) > 1:
			outer = outer[:len(outer)-1]
			level = outer[len(outer)-1]
		case right[i] != (level%2 == 1):
			level++
		case digits == 0 && level%2 == 0 && i > 0 && all[i-1] == level+1:
			digits = number(words[i:], afterArabic(words[:i]))
		}
		if digits > 0 {
			digits--
			level += 2
		}
		all[i] = level
	}
	return all
}

// fromRight says of each character whether it is read from the right.
func fromRight(words []rune, base int) []bool {
	var p textbidi.Paragraph
	runs := p.Segment(words, []textbidi.Direction{textbidi.LeftToRight, textbidi.RightToLeft}[base])
	right := make([]bool, len(words))
	for i := range runs.NumRuns() {
		run := runs.Run(i)
		for k := run.Start; k < run.End; k++ {
			right[k] = !run.IsLeftToRight()
		}
	}
	return right
}

// inside is the level of what an isolate holds: the next one up where it is read the other way. One that is read the same way stands in the
// same order a level higher or not.
func inside(words []rune, level int) int {
	right := class(words[0]) == bidi.RLI || class(words[0]) == bidi.FSI && readFromRight(words[1:])
	if right == (level%2 == 1) {
		return level
	}
	return level + 1
}

// readFromRight is the direction of the first letter that has one, up to the end of the isolate that the words stand in.
func readFromRight(words []rune) bool {
	depth := 0
	for _, r := range words {
		switch c := class(r); {
		case c == bidi.LRI || c == bidi.RLI || c == bidi.FSI:
			depth++
		case c == bidi.PDI && depth == 0:
			return false
		case c == bidi.PDI:
			depth--
		case depth == 0 && c == bidi.L:
			return false
		case depth == 0 && (c == bidi.R || c == bidi.AL):
			return true
		}
	}
	return false
}

// number is how many characters of a number the words begin with. Behind Arabic a sign of its unit or its direction is none of it (W2, W4, W5).
func number(words []rune, arabic bool) (n int) {
	digit := func(i int) bool {
		return i < len(words) && (class(words[i]) == bidi.EN || class(words[i]) == bidi.AN)
	}
	for n < len(words) {
		c := class(words[n])
		switch {
		case digit(n), c == bidi.ET && !arabic:
		case (c == bidi.CS || c == bidi.ES && !arabic) && n > 0 && digit(n-1) && digit(n+1):
		default:
			return n
		}
		n++
	}
	return n
}

// afterArabic says whether the last letter with a direction is Arabic.
func afterArabic(words []rune) bool {
	for _, r := range slices.Backward(words) {
		switch class(r) {
		case bidi.AL:
			return true
		case bidi.L, bidi.R:
			return false
		}
	}
	return false
}

func class(r rune) bidi.Class {
	p, _ := bidi.LookupRune(r)
	return p.Class()
}
