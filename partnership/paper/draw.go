package paper

import (
	"slices"
	"unicode"

	"github.com/carlos7ags/folio/content"
	"github.com/go-text/typesetting/shaping"
)

// cluster is what a few characters look like together: glyphs in the order of the eye, and where the first of them stands.
type cluster struct {
	glyphs []shaping.Glyph
	words  []rune
	x      float64 // in points
}

// clusters are a run's in the order of the eye, for a size of type.
func (r *run) clusters(words []rune, size float64) (all []cluster) {
	x := r.x
	for i := 0; i < len(r.Glyphs); {
		n, c := 0, cluster{x: x}
		for first := r.Glyphs[i]; i+n < len(r.Glyphs) && r.Glyphs[i+n].TextIndex() == first.TextIndex(); n++ {
			x += points(r.Glyphs[i+n].Advance) * size / em
		}
		from := r.Glyphs[i].TextIndex()
		c.glyphs, c.words = r.Glyphs[i:i+n], words[from:from+r.Glyphs[i].RunesCount()]
		all = append(all, c)
		i += n
	}
	return all
}

// spoken puts the words of what is read from the right in the order in which they are spoken. Within a word the eye's order stays: readers
// turn each word around themselves, and few turn a whole line.
func spoken(seen []cluster) (all []cluster) {
	space := func(c cluster) bool { return c.words[0] == ' ' }
	for end := len(seen); end > 0; {
		start := end - 1
		for !space(seen[end-1]) && start > 0 && !space(seen[start-1]) {
			start--
		}
		all = append(all, seen[start:end]...)
		end = start
	}
	return all
}

// pen writes one line's glyphs into a page.
type pen struct {
	to      *content.Stream
	size, y float64
	font    *used
	pending []content.TextArrayElement
	at      float64 // where the pending ones have led a reader to
}

// run writes the glyphs of a run. Those that stand for the same characters wherever they stand are a text as they are. Others say beside
// them which characters they are, so that what is copied out is what was agreed.
func (p *pen) run(r run, words []rune) {
	p.font = r.font
	p.to.SetFont(r.font.name, p.size)
	all := r.clusters(words, p.size)
	right := r.level%2 == 1
	if right {
		all = spoken(all)
		if r.turns {
			defer p.unseen(leftToRight, r.x+r.width()*p.size/em)
		}
	}
	for _, c := range all {
		switch g := c.glyphs[0]; {
		case len(c.words) == 1 && unicode.Is(unicode.Bidi_Control, c.words[0]):
		case (len(c.words) == 1 || !right) && len(c.glyphs) == 1 && g.XOffset == 0 && g.YOffset == 0 && p.font.tells(g.GlyphID, string(c.words)):
			p.plain(g, c.x)
		case right:
			p.flush()
			p.fromRight(c)
		default:
			p.flush()
			p.fromLeft(c)
		}
	}
	p.flush()
}

// leftToRight is a mark without a form. It says to readers that turn around what they take for Arabic or Hebrew where that ends: the comma and
// the bracket behind it are not turned with it.
const leftToRight = '\u200e'

// fromLeft writes a cluster whose glyphs say together what they are. Marks above, below and inside others say nothing: a reader would take
// them for a line of their own, or for the cluster's end.
func (p *pen) fromLeft(c cluster) {
	onLine := func(g shaping.Glyph) bool { return g.YOffset == 0 && g.Advance > 0 }
	if !slices.ContainsFunc(c.glyphs, onLine) {
		onLine = func(shaping.Glyph) bool { return true }
	}
	p.to.BeginMarkedContentActualText(string(c.words))
	p.glyphs(c, onLine)
	p.to.EndMarkedContent()
	p.silent(c, func(g shaping.Glyph) bool { return !onLine(g) })
}

// fromRight writes a cluster whose characters a reader turns around one by one: each is said by a glyph of its own, from the last to the
// first, those behind the first by one that is not seen and takes no room.
func (p *pen) fromRight(c cluster) {
	for k := len(c.words) - 1; k > 0; k-- {
		p.unseen(c.words[k], c.x)
	}
	first := len(c.glyphs) - 1
	isFirst := func(g shaping.Glyph) bool { return g == c.glyphs[first] }
	p.silent(c, func(g shaping.Glyph) bool { return !isFirst(g) })
	if p.font.tells(c.glyphs[first].GlyphID, string(c.words[:1])) {
		p.glyphs(c, isFirst)
		return
	}
	p.to.BeginMarkedContentActualText(string(c.words[:1]))
	p.glyphs(c, isFirst)
	p.to.EndMarkedContent()
}

// silent writes those of a cluster's glyphs that say nothing.
func (p *pen) silent(c cluster, which func(shaping.Glyph) bool) {
	if !slices.ContainsFunc(c.glyphs, which) {
		return
	}
	p.to.BeginMarkedContentActualText("")
	p.glyphs(c, which)
	p.to.EndMarkedContent()
}

// glyphs writes some of a cluster's, each in its place.
func (p *pen) glyphs(c cluster, which func(shaping.Glyph) bool) {
	x := c.x
	for i, g := range c.glyphs {
		if which(g) {
			p.font.tells(g.GlyphID, string(p.font.meant(g.GlyphID, c.words, i)))
			p.to.SetTextMatrix(1, 0, 0, 1, x+points(g.XOffset)*p.size/em, p.y+points(g.YOffset)*p.size/em)
			p.to.ShowTextHex(code(g.GlyphID))
		}
		x += points(g.Advance) * p.size / em
	}
}

// unseen writes a character that is copied out and not seen.
func (p *pen) unseen(r rune, x float64) {
	g, ok := p.font.face.NominalGlyph(r)
	if !ok {
		g, _ = p.font.face.NominalGlyph(' ')
	}
	told := p.font.tells(g, string(r))
	if !told {
		p.to.BeginMarkedContentActualText(string(r))
	}
	p.to.SetTextRenderingMode(3)
	p.to.SetHorizontalScaling(1)
	p.to.SetTextMatrix(1, 0, 0, 1, x, p.y)
	p.to.ShowTextHex(code(g))
	p.to.SetHorizontalScaling(100)
	p.to.SetTextRenderingMode(0)
	if !told {
		p.to.EndMarkedContent()
	}
}

// plain adds a glyph to the text that is written next.
func (p *pen) plain(g shaping.Glyph, x float64) {
	gap := (p.at - x) * em / p.size
	if len(p.pending) > 0 && (gap > em/3 || gap < -em/3) {
		p.flush()
	}
	if len(p.pending) == 0 {
		p.to.SetTextMatrix(1, 0, 0, 1, x, p.y)
	} else if gap > 0.5 || gap < -0.5 {
		p.pending = append(p.pending, content.TextArrayElement{Adjustment: gap, IsAdjustment: true})
	}
	p.pending = append(p.pending, content.TextArrayElement{HexData: code(g.GlyphID)})
	p.at = x + float64(p.font.width(g.GlyphID))*p.size/em
}

func (p *pen) flush() {
	if len(p.pending) > 0 {
		p.to.ShowTextArrayHex(p.pending)
		p.pending = nil
	}
}
