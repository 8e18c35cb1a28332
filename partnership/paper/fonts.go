package paper

import (
	"archive/zip"
	"bytes"
	_ "embed"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"sync"
	"unicode"

	pdffont "github.com/carlos7ags/folio/font"
	"github.com/go-text/typesetting/font"
)

// fonts.zip is what every machine draws with alike: Noto Sans for the scripts that people write today, with its symbols and emoji, and
// Droid Sans Fallback and Nanum Square for Chinese, Japanese and Korean. CONTRIBUTING.md says where they come from.
//
//go:embed fonts.zip
var archive []byte

// The archive's fonts that have a place of their own: those of the headings' and the text's Latin, Greek and Cyrillic are asked first. Others
// have the signs of Chinese and Japanese too, in forms that are not theirs, so han is asked before them.
const (
	bold   = "NotoSans-Bold.ttf"
	text   = "NotoSans-Regular.ttf"
	han    = "DroidSansFallbackFull.ttf"
	hangul = "NanumSquareR.ttf"
)

// source is a font's file, read when a character first asks for it.
type source struct {
	name string
	read func() (*parsed, error)
}

// parsed is a font as it is shaped with and as it is embedded. Both may be used by several documents at once.
type parsed struct {
	shape *font.Font
	embed pdffont.Face
}

// Fonts are asked in their order for each character. The nil Fonts are those of the build.
type Fonts struct{ sources []source }

// Files are the fonts of the build with their licences, also for tests that look at pages on a machine without them.
var Files = sync.OnceValue(func() *zip.Reader {
	files, err := zip.NewReader(bytes.NewReader(archive), int64(len(archive)))
	if err != nil {
		panic(fmt.Sprintf("paper: the embedded fonts: %v", err))
	}
	return files
})

var embedded = sync.OnceValue(func() *Fonts {
	f := &Fonts{}
	for _, file := range Files().File {
		if !strings.HasSuffix(file.Name, ".ttf") {
			continue // a licence
		}
		f.sources = append(f.sources, fontOf(file.Name, func() ([]byte, error) {
			r, err := file.Open()
			if err != nil {
				return nil, err
			}
			defer r.Close()
			return io.ReadAll(r)
		}))
	}
	for i, name := range []string{bold, text, han} {
		at := slices.IndexFunc(f.sources, func(s source) bool { return s.name == name })
		s := f.sources[at]
		f.sources = slices.Insert(slices.Delete(f.sources, at, at+1), i, s)
	}
	return f
})

// draws says whether a font is asked for a character at all.
func (s source) draws(r rune, heading bool) bool {
	switch s.name {
	case bold:
		return heading
	case han, hangul: // each has some of the other's, and not all
		return unicode.Is(unicode.Hangul, r) == (s.name == hangul)
	}
	return true
}

// With are the fonts with a further file, which is asked after the text's own: whoever wants Chinese, Japanese and Korean in one language's
// forms brings them. It refuses what cannot be embedded.
func (f *Fonts) With(name string, file []byte) (*Fonts, error) {
	s := fontOf(name, func() ([]byte, error) { return file, nil })
	if _, err := s.read(); err != nil {
		return f, err
	}
	all := f.orEmbedded().sources
	at := slices.IndexFunc(all, func(s source) bool { return s.name == han })
	return &Fonts{slices.Insert(slices.Clone(all), at, s)}, nil
}

func (f *Fonts) orEmbedded() *Fonts {
	if f == nil {
		return embedded()
	}
	return f
}

func fontOf(name string, data func() ([]byte, error)) source {
	return source{name, sync.OnceValues(func() (*parsed, error) {
		file, err := data()
		if err != nil {
			return nil, fmt.Errorf("the font %s: %w", name, err)
		}
		p, err := parse(file)
		if err != nil {
			return nil, fmt.Errorf("the font %s: %w", name, err)
		}
		return p, nil
	})}
}

// parse reads a TrueType file. Others are refused: a font's glyphs have one number in it and another in the document where its outlines
// are PostScript's, and a variable one would be drawn at whatever weight it begins with.
func parse(file []byte) (*parsed, error) {
	if len(file) < 4 || !slices.Contains([]string{"\x00\x01\x00\x00", "true"}, string(file[:4])) {
		return nil, errors.New("is no single TrueType font (.ttf)")
	}
	shape, err := font.ParseTTF(bytes.NewReader(file))
	if err != nil {
		return nil, err
	}
	if _, ok := shape.NominalGlyph(' '); !ok {
		return nil, errors.New("has no space")
	}
	embed, err := pdffont.ParseTTF(file)
	if err != nil {
		return nil, err
	}
	if _, err := pdffont.Subset(file, map[uint16]rune{0: 0}); err != nil {
		return nil, err
	}
	return &parsed{shape.Font, embed}, nil
}
