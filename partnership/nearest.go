package partnership

import (
	"slices"
	"strings"
)

// ShortestID is how much of an id has to be typed: less is a slip of the finger, and a campaign can be cancelled.
const ShortestID = 4

// Nearest is the known word that a mistyped one was meant to be, "" when none is near or when it is no slip of the finger.
func Nearest(word string, known []string) string {
	if len(word) > 40 {
		return ""
	}
	best, least := "", len(word)/3+2
	for _, k := range known {
		if d := edits(strings.ToLower(word), strings.ToLower(k)); d < least {
			best, least = k, d
		}
	}
	return best
}

// slip is how many letters a slip of the finger gets wrong in a name.
const slip = 2

// Near are the known names that a mistyped one may have been meant to be, the nearest first, in their order where they are equally near: at most
// so many. Nobody acts on one by itself.
func Near(name string, known []string, most int) (near []int) {
	for d := range slip + 1 {
		for i, k := range known {
			if letters := len([]rune(k)) - len([]rune(name)); letters >= -slip && letters <= slip && edits(name, k) == d && d < len([]rune(k)) {
				near = append(near, i)
			}
		}
	}
	return slices.Clip(near[:min(len(near), most)])
}

// edits is how many letters have to be put in, taken out or changed to make the second of the first (Levenshtein's distance).
func edits(of, into string) int {
	a, b := []rune(of), []rune(into)
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		diagonal := row[0]
		row[0] = i + 1
		for j := range len(b) {
			change := diagonal
			if a[i] != b[j] {
				change++
			}
			diagonal = row[j+1]
			row[j+1] = min(change, row[j]+1, row[j+1]+1)
		}
	}
	return row[len(b)]
}
