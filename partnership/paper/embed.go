package paper

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"unicode/utf16"

	"github.com/carlos7ags/folio/core"
	pdffont "github.com/carlos7ags/folio/font"
	"github.com/go-text/typesetting/font"
	ot "github.com/go-text/typesetting/font/opentype"
)

// used is a font as one document uses it.
type used struct {
	face *font.Face
	file pdffont.Face
	name string              // in the document, "" while nothing is drawn with it
	told map[font.GID]string // what a reader is told that a glyph stands for

	forms map[font.GID][]ot.Segment // outlines that are drawn by themselves
}

func newUsed(p *parsed) *used {
	return &used{face: font.NewFace(p.shape), file: p.embed, told: map[font.GID]string{}, forms: map[font.GID][]ot.Segment{}}
}

// tells says whether a reader who has nothing but a glyph is told that it stands for these characters. Who asks first decides.
func (u *used) tells(g font.GID, words string) bool {
	if _, ok := u.told[g]; !ok {
		u.told[g] = words
	}
	return u.told[g] == words
}

// meant is the character of a cluster that a glyph is nearest to.
func (u *used) meant(g font.GID, words []rune, place int) rune {
	for _, r := range words {
		if own, ok := u.face.NominalGlyph(r); ok && own == g {
			return r
		}
	}
	return words[min(place, len(words)-1)]
}

// code is a glyph in the document's text: its number in the font.
func code(g font.GID) []byte { return []byte{byte(g >> 8), byte(g)} }

// width is what a reader moves on by after a glyph, in thousandths of the size.
func (u *used) width(g font.GID) int {
	return u.file.GlyphAdvance(uint16(g)) * em / u.file.UnitsPerEm()
}

// glyphs are those that were drawn.
func (u *used) glyphs() []font.GID { return slices.Sorted(maps.Keys(u.told)) }

// objects puts the font into a document: of its outlines those that were drawn, how wide each is, and what it stands for.
func (u *used) objects(add func(core.PdfObject) *core.PdfIndirectReference) (*core.PdfDictionary, error) {
	kept, widths := map[uint16]rune{}, core.NewPdfArray()
	for _, g := range u.glyphs() {
		kept[uint16(g)] = rune(g) // the font's own table of characters is for nobody here: each glyph under its number is a table that is always the same
		widths.Add(core.NewPdfInteger(int(g)))
		widths.Add(core.NewPdfArray(core.NewPdfInteger(u.width(g))))
	}
	file, err := pdffont.Subset(u.file.RawData(), kept)
	if err != nil {
		return nil, err
	}
	program := core.NewPdfStreamCompressed(file)
	program.Dict.Set("Length1", core.NewPdfInteger(len(file)))
	name := core.NewPdfName("RAPPRT+" + u.file.PostScriptName())
	box := core.NewPdfArray()
	for _, edge := range u.file.BBox() {
		box.Add(core.NewPdfInteger(edge))
	}
	descriptor := dictionary("Type", core.NewPdfName("FontDescriptor"), "FontName", name, "Flags", core.NewPdfInteger(int(u.file.Flags())),
		"FontBBox", box, "ItalicAngle", core.NewPdfReal(u.file.ItalicAngle()), "Ascent", core.NewPdfInteger(u.file.Ascent()),
		"Descent", core.NewPdfInteger(u.file.Descent()), "CapHeight", core.NewPdfInteger(u.file.CapHeight()), "StemV", core.NewPdfInteger(u.file.StemV()),
		"FontFile2", add(program))
	cid := dictionary("Type", core.NewPdfName("Font"), "Subtype", core.NewPdfName("CIDFontType2"), "BaseFont", name,
		"CIDSystemInfo", dictionary("Registry", core.NewPdfLiteralString("Adobe"), "Ordering", core.NewPdfLiteralString("Identity"), "Supplement", core.NewPdfInteger(0)),
		"FontDescriptor", add(descriptor), "DW", core.NewPdfInteger(em), "W", widths, "CIDToGIDMap", core.NewPdfName("Identity"))
	return dictionary("Type", core.NewPdfName("Font"), "Subtype", core.NewPdfName("Type0"), "BaseFont", name, "Encoding", core.NewPdfName("Identity-H"),
		"DescendantFonts", core.NewPdfArray(add(cid)), "ToUnicode", add(core.NewPdfStreamCompressed([]byte(u.toUnicode())))), nil
}

// toUnicode says what each glyph stands for.
func (u *used) toUnicode() string {
	var b strings.Builder
	b.WriteString(`/CIDInit /ProcSet findresource begin
12 dict begin
begincmap
/CIDSystemInfo << /Registry (Adobe) /Ordering (UCS) /Supplement 0 >> def
/CMapName /Adobe-Identity-UCS def
/CMapType 2 def
1 begincodespacerange
<0000> <FFFF>
endcodespacerange
`)
	for some := range slices.Chunk(u.glyphs(), 100) { // a block holds no more
		fmt.Fprintf(&b, "%d beginbfchar\n", len(some))
		for _, g := range some {
			fmt.Fprintf(&b, "<%04X> <", g)
			for _, unit := range utf16.Encode([]rune(u.told[g])) {
				fmt.Fprintf(&b, "%04X", unit)
			}
			b.WriteString(">\n")
		}
		b.WriteString("endbfchar\n")
	}
	b.WriteString("endcmap\nCMapName currentdict /CMap defineresource pop\nend\nend\n")
	return b.String()
}
