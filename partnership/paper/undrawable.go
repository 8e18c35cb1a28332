package paper

import (
	"fmt"
	"slices"
	"strings"

	"golang.org/x/text/unicode/runenames"
)

// Undrawable are the characters of a text that no font has, or that would make it look like other words than it holds, in their order.
func (f *Fonts) Undrawable(words string) (runes []rune) {
	if plainly(words) {
		return nil
	}
	s := newSetter(f)
	for _, paragraph := range paragraphs(words) {
		for _, r := range s.undrawable(paragraph) {
			if !slices.Contains(runes, r) {
				runes = append(runes, r)
			}
		}
	}
	return runes
}

// plainly says whether there is nothing to ask the fonts for: most words are so.
func plainly(words string) bool {
	return !strings.ContainsFunc(words, func(r rune) bool { return (r < ' ' || r > '~') && r != '\n' && r != '\r' && r != '\t' })
}

func (s *setter) undrawable(words []rune) (runes []rune) {
	for _, r := range words {
		if deceives(r) {
			runes = append(runes, r)
		}
	}
	if len(runes) > 0 || len(words) == 0 {
		return runes
	}
	for _, piece := range s.shape(words, levels(words), false) {
		for _, g := range piece.Glyphs {
			if g.GlyphID == 0 {
				runes = append(runes, s.unknown(words[g.TextIndex():g.TextIndex()+g.RunesCount()])...)
			}
		}
	}
	return runes
}

// unknown are those of a cluster's characters that are in no font, all of them when each is in one.
func (s *setter) unknown(cluster []rune) []rune {
	p := picker{s, false}
	lacking := slices.DeleteFunc(slices.Clone(cluster), func(r rune) bool { return has(p.ResolveFace(r), r) })
	if len(lacking) == 0 {
		return cluster
	}
	return lacking
}

// deceives says whether a character is none that is drawn, or turns others around: what is seen is then not what is said.
func deceives(r rune) bool {
	return r < ' ' || r >= 0x7f && r < 0xa0 || r >= 0x202a && r <= 0x202e || r >= 0xfff9 && r <= 0xfffd || r >= 0xe0000 && r <= 0xe007f
}

// Named says which characters these are: U+1F9FF NAZAR AMULET.
func Named(runes []rune) string {
	names := make([]string, len(runes))
	for i, r := range runes {
		names[i] = fmt.Sprintf("%U %s", r, runenames.Name(r))
		if strings.HasSuffix(names[i], " ") {
			names[i] += "<unassigned>"
		}
	}
	return strings.Join(names, ", ")
}

// paragraphs are a text's own lines. A tab is a space to a contract, and so is the end of a line that nobody sees.
func paragraphs(words string) [][]rune {
	words = strings.NewReplacer("\r\n", "\n", "\r", "\n", "\u2028", "\n", "\u2029", "\n", "\u0085", "\n", "\t", " ").Replace(words)
	var all [][]rune
	for part := range strings.SplitSeq(words, "\n") {
		all = append(all, []rune(part))
	}
	return all
}
