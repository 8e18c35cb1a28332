package paper

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// A is an Arabic letter here and H a Hebrew one. The digits say how deep each character is embedded (UAX #9); each case is worked out by hand.
func TestLevels(t *testing.T) {
	t.Parallel()
	for words, want := range map[string]string{
		"abc 12":               "000000",
		"AAA":                  "111",
		"AAA 12":               "111122",
		"abc AAA":              "0000111",
		"abc AAA 12, def":      "000011112200000",
		"abc AAA 12,5% def":    "00001111222200000",
		"abc AAA $12 def":      "000011111220000",
		"abc HHH 12,5% def":    "00001111222220000",
		"abc HHH $12 def":      "000011112220000",
		"abc HHH 3+4 def":      "000011112220000",
		"abc AAA 3+4 def":      "000011112120000",
		"abc AAA 12 AAA def":   "000011112211110000",
		"AAA abc 12":           "1111222222",
		"abc [AAA 12] def":     "00000" + "111122" + "00000",
		"abc [AAA], [AAA] def": "00000" + "111" + "0000" + "111" + "00000",
		"abc [AAA b] def":      "00000" + "11112" + "00000",
		"abc [b AAA] def":      "00000" + "00111" + "00000",
	} {
		text := []rune(strings.NewReplacer("A", "ش", "H", "ש", "[", "\u2068", "]", "\u2069").Replace(words))
		got := ""
		for _, level := range levels(text) {
			got += string(rune('0' + level))
		}
		require.Equal(t, want, got, words)
	}
}

// What the eye sees from the left: the number stands behind its Arabic words, which is on their left, whatever comes after them.
func TestTheOrderOfTheEye(t *testing.T) {
	t.Parallel()
	words := []rune("to " + Isolated("شارع 12") + " (it)")
	lines := newSetter(nil).set(words, false, 100_000)
	require.Len(t, lines, 1)
	seen := ""
	for _, r := range lines[0].runs {
		seen += "<" + string(words[r.Runes.Offset:r.Runes.Offset+r.Runes.Count]) + ">"
	}
	seen = strings.NewReplacer("\u2068", "", "\u2069", "").Replace(seen)
	require.Equal(t, "<to ><12><شارع >< (it)>", seen)
}
