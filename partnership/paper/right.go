package paper

import (
	"fmt"
	"maps"
	"slices"
	"unicode"

	"github.com/carlos7ags/folio/content"
	"github.com/carlos7ags/folio/core"
	"github.com/go-text/typesetting/font"
	ot "github.com/go-text/typesetting/font/opentype"
	"golang.org/x/text/unicode/bidi"
)

// What is read from the right is drawn as outlines, with its text laid over them unseen, as in a scan that can be searched. Readers that copy
// text out of a document turn each piece of Arabic or Hebrew around and leave numbers and commas where they stand: drawn as text, "5 Herzl
// Street" would come out as "Herzl Street 5". Laid as they turn it, it comes out as it is spoken.

// fromRight draws a phrase and lays its text over it.
func (p *pen) fromRight(f phrase, words []rune) {
	for _, r := range f.runs {
		for _, c := range r.clusters(words, p.size) {
			p.outlines(r.font, c)
		}
	}
	var letters []letter
	for _, r := range f.runs {
		for _, at := range r.spoken() {
			if !unicode.Is(unicode.Bidi_Control, words[at]) {
				letters = append(letters, letter{r.font, words[at]})
			}
		}
	}
	if len(letters) == 0 {
		return
	}
	p.to.BeginText()
	p.to.SetTextRenderingMode(3)
	wide := 0
	for _, l := range letters {
		if l.width() > 0 {
			wide++
		}
	}
	x, each := f.x, f.width/float64(max(wide, 1))
	for _, l := range turned(letters) {
		if l.width() == 0 { // a mark stands with the letter that it belongs to
			p.unseen(l, x, 0)
			continue
		}
		p.unseen(l, x, each)
		x += each
	}
	p.to.SetTextRenderingMode(0)
	p.to.SetHorizontalScaling(100)
	p.to.EndText()
}

// letter is a character and the font that draws it.
type letter struct {
	font *used
	r    rune
}

// glyph is one that the letter can be written with, and whether it is its own.
func (l letter) glyph() (font.GID, bool) {
	if g, ok := l.font.face.NominalGlyph(l.r); ok {
		return g, true
	}
	g, _ := l.font.face.NominalGlyph(' ')
	return g, false
}

func (l letter) width() int {
	g, own := l.glyph()
	if !own {
		return 0
	}
	return l.font.width(g)
}

// Marks without a form.
const (
	leftToRight = '\u200e'
	rightToLeft = '\u200f'
)

// turned turns each piece around that readers will turn around again: from a letter that is read from the right up to the last one before a
// letter, number or comma that is not. A mark says to them where it ends: the space, the bracket and the comma behind it are not turned.
func turned(letters []letter) (all []letter) {
	fromRight := func(l letter) bool { return class(l.r) == bidi.R || class(l.r) == bidi.AL }
	for from := 0; from < len(letters); {
		if !fromRight(letters[from]) {
			all = append(all, letters[from])
			from++
			continue
		}
		end := from
		for to := from; to < len(letters) && !forward(letters[to].r); to++ {
			if c := class(letters[to].r); fromRight(letters[to]) || c == bidi.NSM || c == bidi.BN {
				end = to + 1
			}
		}
		piece := slices.Clone(letters[from:end])
		if !fromRight(piece[len(piece)-1]) {
			piece = append(piece, letter{letters[from].font, rightToLeft}) // readers begin a piece with a letter, and this one ends with a vowel's mark
		}
		slices.Reverse(piece)
		all = append(append(all, piece...), letter{letters[from].font, leftToRight})
		from = end
	}
	return all
}

func forward(r rune) bool {
	return slices.Contains([]bidi.Class{bidi.L, bidi.EN, bidi.ES, bidi.ET, bidi.AN, bidi.CS}, class(r))
}

// unseen writes a character that is copied out and not seen, as wide as it shall be.
func (p *pen) unseen(l letter, x, width float64) {
	g, _ := l.glyph()
	told := l.font.tells(g, string(l.r))
	if !told {
		p.to.BeginMarkedContentActualText(string(l.r))
	}
	own := max(float64(l.font.width(g))*p.size/em, 0.01)
	p.to.SetFont(l.font.name, p.size)
	p.to.SetHorizontalScaling(max(width/own*100, 0.1))
	p.to.SetTextMatrix(1, 0, 0, 1, x, p.y)
	p.to.ShowTextHex(code(g))
	if !told {
		p.to.EndMarkedContent()
	}
}

// outlines draws a cluster's forms.
func (p *pen) outlines(u *used, c cluster) {
	x := c.x
	for _, g := range c.glyphs {
		if name := u.form(g.GlyphID); name != "" {
			scale := p.size / float64(u.face.Upem())
			p.to.SaveState()
			p.to.ConcatMatrix(scale, 0, 0, scale, x+points(g.XOffset)*p.size/em, p.y+points(g.YOffset)*p.size/em)
			p.to.Do(name)
			p.to.RestoreState()
		}
		x += points(g.Advance) * p.size / em
	}
}

// form is the name under which a glyph's outline stands in the document, "" for what has none.
func (u *used) form(g font.GID) string {
	outline, ok := u.face.GlyphData(g).(font.GlyphOutline)
	if !ok || len(outline.Segments) == 0 {
		return ""
	}
	u.forms[g] = outline.Segments
	return fmt.Sprintf("%sG%d", u.name, g)
}

// outlined puts the outlines that were drawn into a document.
func (u *used) outlined(add func(core.PdfObject) *core.PdfIndirectReference, into *core.PdfDictionary) {
	box := core.NewPdfArray()
	for _, edge := range []int{-2, -2, 4, 4} { // no glyph is larger
		box.Add(core.NewPdfInteger(edge * int(u.face.Upem())))
	}
	for _, g := range slices.Sorted(maps.Keys(u.forms)) {
		form := core.NewPdfStreamCompressed(path(u.forms[g]))
		form.Dict.Set("Type", core.NewPdfName("XObject"))
		form.Dict.Set("Subtype", core.NewPdfName("Form"))
		form.Dict.Set("BBox", box)
		into.Set(u.form(g), add(form))
	}
}

// path is an outline's lines and curves, filled; a document has only cubic ones.
func path(segments []ot.Segment) []byte {
	to := content.NewStream()
	var at ot.SegmentPoint
	third := func(from, to float32) float64 { return float64(from + (to-from)*2/3) }
	for _, s := range segments {
		a := s.Args
		switch s.Op {
		case ot.SegmentOpMoveTo:
			to.MoveTo(float64(a[0].X), float64(a[0].Y))
			at = a[0]
		case ot.SegmentOpLineTo:
			to.LineTo(float64(a[0].X), float64(a[0].Y))
			at = a[0]
		case ot.SegmentOpQuadTo:
			to.CurveTo(third(at.X, a[0].X), third(at.Y, a[0].Y), third(a[1].X, a[0].X), third(a[1].Y, a[0].Y), float64(a[1].X), float64(a[1].Y))
			at = a[1]
		case ot.SegmentOpCubeTo:
			to.CurveTo(float64(a[0].X), float64(a[0].Y), float64(a[1].X), float64(a[1].Y), float64(a[2].X), float64(a[2].Y))
			at = a[2]
		}
	}
	to.Fill()
	return to.Bytes()
}
