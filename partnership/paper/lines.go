package paper

import (
	"cmp"
	"slices"

	"github.com/go-text/typesetting/di"
	"github.com/go-text/typesetting/font"
	ot "github.com/go-text/typesetting/font/opentype"
	"github.com/go-text/typesetting/shaping"
	"golang.org/x/image/math/fixed"
)

// em is what text is measured at: a thousandth of the type's size is one unit, as in a document.
const em = 1000

// run is a piece of one line in one font, in one direction.
type run struct {
	shaping.Output
	font  *used
	level int
	x     float64 // where it begins, in points
}

// line is what stands on one line, from its left to its right.
type line struct {
	runs  []run
	width float64 // in thousandths of the size
	right bool    // its paragraph is read from the right and stands at that margin
}

// setter shapes text and breaks it into lines. It belongs to one document: none of this may be used by two at once.
type setter struct {
	fonts   *Fonts
	faces   map[*font.Face]*used
	loaded  []*used // by the place in fonts
	shaper  shaping.HarfbuzzShaper
	split   shaping.Segmenter
	wrapper shaping.LineWrapper
	err     error // of reading a font
}

func newSetter(f *Fonts) *setter {
	f = f.orEmbedded()
	return &setter{fonts: f, faces: map[*font.Face]*used{}, loaded: make([]*used, len(f.sources))}
}

// set makes one paragraph, which holds no end of a line, into lines of a width.
func (s *setter) set(words []rune, heading bool, width float64) []line {
	if len(words) == 0 {
		return nil
	}
	level := levels(words)
	all := s.shape(words, level, heading)
	direction := di.DirectionLTR
	right := readFromRight(words)
	if right {
		direction = di.DirectionRTL
	}
	wrapped, _ := s.wrapper.WrapParagraphF(shaping.WrapConfig{Direction: direction, DisableTrailingWhitespaceTrim: true},
		fixed.Int26_6(width*64), words, shaping.NewSliceIterator(all))
	lines := make([]line, len(wrapped))
	for i, pieces := range wrapped {
		lines[i].right = right
		for _, piece := range pieces {
			lines[i].runs = append(lines[i].runs, run{Output: piece, font: s.faces[piece.Face], level: level[piece.Runes.Offset]})
		}
		lines[i].endsClean(words)
		lines[i].order()
		for _, r := range lines[i].runs {
			lines[i].width += r.width()
		}
	}
	return lines
}

// shape makes glyphs of a paragraph's words, a piece for each level, script and font.
func (s *setter) shape(words []rune, level []int, heading bool) (all []shaping.Output) {
	for from := 0; from < len(words); {
		to := from + 1
		for to < len(words) && level[to] == level[from] {
			to++
		}
		direction := di.DirectionLTR
		if level[from]%2 == 1 {
			direction = di.DirectionRTL
		}
		in := shaping.Input{Text: words, RunStart: from, RunEnd: to, Direction: direction, Size: fixed.I(em), FontFeatures: plain}
		for _, piece := range s.split.Split(in, picker{s, heading}) {
			piece.Direction = direction
			out := s.shaper.ShapeNoExtents(piece)
			narrow(out.Glyphs, words)
			out.RecomputeAdvance()
			all = append(all, out)
		}
		from = to
	}
	return all
}

// narrow takes from the spaces that are drawn with a font of pictures what makes holes of them.
func narrow(glyphs []shaping.Glyph, words []rune) {
	for i, g := range glyphs {
		if words[g.TextIndex()] == ' ' {
			glyphs[i].Advance = min(g.Advance, fixed.I(em/3))
		}
	}
}

// plain leaves away the ligatures that are only an ornament: a reader that copies text from glyphs alone gets their first letter.
var plain = []shaping.FontFeature{{Tag: ot.MustNewTag("liga"), Value: 0}, {Tag: ot.MustNewTag("clig"), Value: 0}}

// endsClean takes the space away at which a line was broken.
func (l *line) endsClean(words []rune) {
	last := &l.runs[len(l.runs)-1]
	end := last.Runes.Offset + last.Runes.Count - 1
	if words[end] != ' ' {
		return
	}
	last.Glyphs = slices.DeleteFunc(slices.Clone(last.Glyphs), func(g shaping.Glyph) bool { return g.TextIndex() == end })
}

// order puts a line's runs, which stand as they are spoken, in the order of the eye (UAX #9, L2).
func (l *line) order() {
	highest := 0
	for _, r := range l.runs {
		highest = max(highest, r.level)
	}
	for level := highest; level > 0; level-- {
		for from := 0; from < len(l.runs); from++ {
			to := from
			for to < len(l.runs) && l.runs[to].level >= level {
				to++
			}
			if to > from {
				slices.Reverse(l.runs[from:to])
				from = to
			}
		}
	}
}

// phrase is a part of a line that is read one way, but for what stands in it; its runs are as they are spoken.
type phrase struct {
	runs     []run
	right    bool
	x, width float64 // in points
}

// phrases gives each run its place, from the left of the line, and parts the line into what is read from the left and from the right. The
// order of the eye and that of the tongue are one for them where the line is read from the left, and where it is read from the right it is
// one phrase.
func (l *line) phrases(x, size float64) (all []phrase) {
	for _, r := range l.runs {
		right := l.right || r.level > 0
		if len(all) == 0 || all[len(all)-1].right != right {
			all = append(all, phrase{right: right, x: x})
		}
		f := &all[len(all)-1]
		r.x = x
		x += r.width() * size / em
		f.runs, f.width = append(f.runs, r), x-f.x
	}
	for _, f := range all {
		slices.SortFunc(f.runs, func(a, b run) int { return a.Runes.Offset - b.Runes.Offset })
	}
	return all
}

// spoken are the places of a run's characters that are drawn.
func (r *run) spoken() (all []int) {
	for _, g := range r.Glyphs {
		for i := range g.RunesCount() {
			all = append(all, g.TextIndex()+i)
		}
	}
	slices.Sort(all)
	return slices.Compact(all)
}

func (r *run) width() (w float64) {
	for _, g := range r.Glyphs {
		w += points(g.Advance)
	}
	return w
}

// height is how much room the line needs at least, in thousandths of the size.
func (l *line) height() (above, below float64) {
	for _, r := range l.runs {
		above, below = max(above, points(r.LineBounds.Ascent)), max(below, -points(r.LineBounds.Descent))
	}
	return above, below
}

func points(n fixed.Int26_6) float64 { return float64(n) / 64 }

// picker chooses the font of each character: the first that has it.
type picker struct {
	*setter
	heading bool
}

// ResolveFace is asked by the engine. What no font has is drawn as the first one's empty box, and found afterwards.
func (p picker) ResolveFace(r rune) *font.Face {
	if r >= 0x1100 && r <= 0x11ff {
		r = '각' // the engine makes syllables of Korean letters, and who has syllables needs no letters
	}
	for i := range p.fonts.sources {
		if !p.fonts.sources[i].draws(r, p.heading) {
			continue
		}
		u := p.font(i)
		if u == nil {
			continue
		}
		if has(u.face, r) {
			return u.face
		}
	}
	return p.font(slices.IndexFunc(p.fonts.sources, func(s source) bool { return s.name == text })).face
}

// has says whether a font draws a character. Some have a place for what they only leave blank.
func has(face *font.Face, r rune) bool {
	g, ok := face.NominalGlyph(r)
	return ok && g != 0
}

// font is one of the fonts, as this document uses it.
func (s *setter) font(i int) *used {
	if s.loaded[i] == nil {
		parsed, err := s.fonts.sources[i].read()
		if err != nil {
			s.err = cmp.Or(s.err, err)
			return nil
		}
		s.loaded[i] = newUsed(parsed)
		s.faces[s.loaded[i].face] = s.loaded[i]
	}
	return s.loaded[i]
}
