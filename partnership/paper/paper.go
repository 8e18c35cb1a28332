// Package paper sets text in any script on pages that can be kept: shaped by HarfBuzz's rules, in both directions, with the fonts inside,
// so that it looks the same everywhere and what is copied out of it are the very words. The same words give the same bytes.
package paper

import (
	"bytes"
	"fmt"
	"slices"

	"github.com/carlos7ags/folio/content"
	"github.com/carlos7ags/folio/core"
	pdf "github.com/carlos7ags/folio/document"
	pdffont "github.com/carlos7ags/folio/font"
)

// Letter's size and the margin around the text, in points.
const (
	pageWidth, pageHeight = 612.0, 792.0
	margin                = 62.0
)

// Document is written from its top to its end.
type Document struct {
	title string
	set   *setter
	pages []*content.Stream
	fonts []*used // in the order in which they were first drawn with
	y     float64 // how far down the page is written
	fixed bool    // something stands in a reader's own font
	err   error
}

// New begins a document. The nil fonts are those of the build.
func New(title string, fonts *Fonts) *Document {
	d := &Document{title: title, set: newSetter(fonts)}
	d.turn()
	return d
}

// Heading writes a line or two in bold.
func (d *Document) Heading(size float64, words string) { d.write(size, words, true) }

// Text writes what may fill several lines. The words' own ends of lines are kept.
func (d *Document) Text(size float64, words string) { d.write(size, words, false) }

// Space leaves room below what was written.
func (d *Document) Space(points float64) { d.y += points }

func (d *Document) write(size float64, words string, heading bool) {
	for _, paragraph := range paragraphs(words) {
		if runes := d.set.undrawable(paragraph); len(runes) > 0 && d.err == nil {
			d.err = fmt.Errorf("it holds %s, which no font here has", Named(runes))
			return
		}
		for _, l := range d.set.set(paragraph, heading, (pageWidth-2*margin)*em/size) {
			d.line(l, paragraph, size)
		}
	}
}

// line writes one line. Some scripts stand higher than Latin, and their lines further apart.
func (d *Document) line(l line, words []rune, size float64) {
	above, below := l.height()
	above, below = max(above, 1000)*size/em, max(below, 350)*size/em
	if d.y+above+below > pageHeight-margin {
		d.turn()
	}
	d.y += above
	x := margin
	if l.right {
		x = pageWidth - margin - l.width*size/em
	}
	p := pen{to: d.pages[len(d.pages)-1], size: size, y: pageHeight - d.y}
	for _, r := range l.runs {
		d.names(r.font)
	}
	for _, f := range l.phrases(x, size) {
		if f.right {
			p.fromRight(f, words)
			continue
		}
		for _, r := range f.runs {
			p.run(r, words)
		}
	}
	d.y += below
}

// Anchor writes a line in Helvetica, which every reader has, letter by letter as it is given: a signing vendor looks for its words in the
// file. They are ASCII.
func (d *Document) Anchor(size float64, words string) {
	if d.y+2*size > pageHeight-margin {
		d.turn()
	}
	d.fixed = true
	d.y += size
	page := d.pages[len(d.pages)-1]
	page.BeginText()
	page.SetFont("Fixed", size)
	page.MoveText(margin, pageHeight-d.y)
	page.ShowText(words)
	page.EndText()
	d.y += size / 2
}

// turn begins a page.
func (d *Document) turn() {
	d.pages = append(d.pages, content.NewStream())
	d.y = margin
}

func (d *Document) names(u *used) {
	if u.name == "" {
		d.fonts = append(d.fonts, u)
		u.name = fmt.Sprintf("F%d", len(d.fonts))
	}
}

// PDF is the document, or what could not be drawn.
func (d *Document) PDF() ([]byte, error) {
	if d.err != nil {
		return nil, d.err
	}
	if d.set.err != nil {
		return nil, d.set.err
	}
	w := pdf.NewWriter("1.7")
	fonts, outlines := core.NewPdfDictionary(), core.NewPdfDictionary()
	for _, u := range d.fonts {
		font, err := u.objects(w.AddObject)
		if err != nil {
			return nil, err
		}
		fonts.Set(u.name, w.AddObject(font))
		u.outlined(w.AddObject, outlines)
	}
	if d.fixed {
		fonts.Set("Fixed", w.AddObject(dictionary("Type", core.NewPdfName("Font"), "Subtype", core.NewPdfName("Type1"),
			"BaseFont", core.NewPdfName(pdffont.Helvetica.Name()), "Encoding", core.NewPdfName("WinAnsiEncoding"))))
	}
	tree := dictionary("Type", core.NewPdfName("Pages"), "Count", core.NewPdfInteger(len(d.pages)),
		"MediaBox", core.NewPdfArray(core.NewPdfInteger(0), core.NewPdfInteger(0), core.NewPdfReal(pageWidth), core.NewPdfReal(pageHeight)),
		"Resources", dictionary("Font", fonts, "XObject", outlines))
	root := w.AddObject(tree)
	kids := core.NewPdfArray()
	for _, page := range d.pages {
		kids.Add(w.AddObject(dictionary("Type", core.NewPdfName("Page"), "Parent", root,
			"Contents", w.AddObject(core.NewPdfStreamCompressed(page.Bytes())))))
	}
	tree.Set("Kids", kids)
	w.SetRoot(w.AddObject(dictionary("Type", core.NewPdfName("Catalog"), "Pages", root)))
	w.SetInfo(w.AddObject(dictionary("Title", core.NewPdfTextString(d.title))))
	var out bytes.Buffer
	if _, err := w.WriteToWithOptions(&out, pdf.WriteOptions{Deterministic: true}); err != nil {
		return nil, err
	}
	return out.Bytes(), nil
}

// dictionary is made of names, each with what stands under it.
func dictionary(pairs ...any) *core.PdfDictionary {
	d := core.NewPdfDictionary()
	for pair := range slices.Chunk(pairs, 2) {
		d.Set(pair[0].(string), pair[1].(core.PdfObject))
	}
	return d
}
