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

// pen writes one line's glyphs into a page.
type pen struct {
	to      *content.Stream
	size, y float64
	font    *used
	pending []content.TextArrayElement
	at      float64 // where the pending ones have led a reader to
}

// run writes the glyphs of what is read from the left. Those that stand for the same characters wherever they stand are a text as they are.
// Others say beside them which characters they are, so that what is copied out is what was agreed.
func (p *pen) run(r run, words []rune) {
	p.font = r.font
	p.to.BeginText()
	p.to.SetFont(r.font.name, p.size)
	for _, c := range r.clusters(words, p.size) {
		switch g := c.glyphs[0]; {
		case len(c.words) == 1 && unicode.Is(unicode.Bidi_Control, c.words[0]):
		case len(c.glyphs) == 1 && g.XOffset == 0 && g.YOffset == 0 && p.font.tells(g.GlyphID, string(c.words)):
			p.plain(g, c.x)
		default:
			p.flush()
			p.cluster(c)
		}
	}
	p.flush()
	p.to.EndText()
}

// cluster writes one whose glyphs say together what they are. Marks above, below and inside others say nothing: a reader would take
// them for a line of their own, or for the cluster's end.
func (p *pen) cluster(c cluster) {
	onLine := func(g shaping.Glyph) bool { return g.YOffset == 0 && g.Advance > 0 }
	if !slices.ContainsFunc(c.glyphs, onLine) {
		onLine = func(shaping.Glyph) bool { return true }
	}
	p.to.BeginMarkedContentActualText(string(c.words))
	p.glyphs(c, onLine)
	p.to.EndMarkedContent()
	p.silent(c, func(g shaping.Glyph) bool { return !onLine(g) })
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
