package partnership

import "strings"

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

// edits is how many letters have to be put in, taken out or changed to make b of a (Levenshtein's distance), in bytes.
func edits(a, b string) int {
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
