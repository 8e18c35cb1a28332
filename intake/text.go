package intake

import (
	"bytes"
	"encoding/json"
	"fmt"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/charmap"
	utf "golang.org/x/text/encoding/unicode"
)

// maxFile bounds the work on a file, in bytes.
const maxFile = 16 << 20

// noText are the files that are no text at all, by how they begin.
var noText = []struct{ start, what string }{
	{"\xD0\xCF\x11\xE0", "is an old Excel file (.xls), or one with a password; save it as .xlsx without a password, or as CSV UTF-8"},
	{"%PDF", "is a PDF; save the list as .xlsx or as CSV UTF-8"},
	{"{\\rtf", "is a rich text document; save the list as .xlsx or as CSV UTF-8"},
	{"\x1F\x8B", "is compressed; unpack it first"},
	{"\x89PNG", "is a picture; save the list as .xlsx or as CSV UTF-8"},
	{"\xFF\xD8\xFF", "is a picture; save the list as .xlsx or as CSV UTF-8"},
}

// markup is how a web page begins, which some programs save as .xls.
var markup = []string{"<!doctype", "<html", "<table", "<?xml"}

// refusal is why a file cannot be read, and where.
type refusal struct {
	line    int
	message string
}

// decode gives a file's text in UTF-8, without a byte-order mark, and the line of the first letter that was read by a guess, 0 for none.
// Spreadsheets save "Unicode text" as UTF-16, with the mark or, after some mail programs, without; and plain CSV in the code page of the
// machine.
func decode(data []byte) (text []byte, guessed int, no *refusal) {
	if len(data) > maxFile {
		return nil, 0, &refusal{1, fmt.Sprintf("the file holds %d bytes; at most %d are allowed", len(data), maxFile)}
	}
	for _, kind := range noText {
		if bytes.HasPrefix(data, []byte(kind.start)) {
			return nil, 0, &refusal{1, kind.what}
		}
	}
	if order, is := wide(data); is {
		text, err := utf.UTF16(order, utf.UseBOM).NewDecoder().Bytes(data)
		if err != nil {
			return nil, 0, &refusal{1, "is cut off: not readable as UTF-16; save it as CSV UTF-8"}
		}
		data = bytes.TrimPrefix(text, []byte("\uFEFF"))
	}
	text = bytes.TrimPrefix(data, []byte("\uFEFF"))
	if !utf8.Valid(text) {
		if text, guessed, no = western(text); no != nil {
			return nil, 0, no
		}
	}
	if at := bytes.IndexByte(text, 0); at >= 0 {
		return nil, 0, &refusal{lineAt(text, at), "holds a zero byte, so it is no text; save it as CSV UTF-8"}
	}
	start := bytes.ToLower(bytes.TrimSpace(text[:min(len(text), 64)]))
	for _, tag := range markup {
		if bytes.HasPrefix(start, []byte(tag)) {
			return nil, 0, &refusal{1, "is a web page or XML, whatever its name says; save the list as .xlsx or as CSV UTF-8"}
		}
	}
	return text, guessed, nil
}

// isJSON says whether a text is JSON where a table was wanted.
func isJSON(text []byte) bool {
	text = bytes.TrimSpace(text)
	return len(text) > 1 && (text[0] == '[' || text[0] == '{') && json.Valid(text)
}

// wide says whether a text is UTF-16 and in which order: by its mark, or because nearly every other byte of its beginning is zero.
func wide(data []byte) (utf.Endianness, bool) {
	switch {
	case bytes.HasPrefix(data, []byte{0xFF, 0xFE}):
		return utf.LittleEndian, true
	case bytes.HasPrefix(data, []byte{0xFE, 0xFF}):
		return utf.BigEndian, true
	}
	const some, enough = 256, 8
	start := data[:min(len(data), some)&^1]
	var zeroes [2]int
	for i, b := range start {
		if b == 0 {
			zeroes[i%2]++
		}
	}
	most := len(start) / 2 * 4 / 5
	switch {
	case len(start) < 2*enough:
		return utf.LittleEndian, false
	case zeroes[1] >= most && zeroes[0] == 0:
		return utf.LittleEndian, true
	case zeroes[0] >= most && zeroes[1] == 0:
		return utf.BigEndian, true
	}
	return utf.LittleEndian, false
}

// western reads a text that is no UTF-8 as Windows-1252, what Western Europe's machines save, where that makes words. Every byte is some
// letter in some code page: what looks like another one's is refused rather than turned into other people's names.
func western(data []byte) (text []byte, first int, no *refusal) {
	at := 0
	for at < len(data) {
		r, size := utf8.DecodeRune(data[at:])
		if r == utf8.RuneError && size == 1 {
			break
		}
		at += size
	}
	other := func(at int) *refusal {
		return &refusal{lineAt(data, at), "not readable as UTF-8, nor as Western European text (Windows-1252); save it as “CSV UTF-8”"}
	}
	text, err := charmap.Windows1252.NewDecoder().Bytes(data)
	if err != nil || bytes.ContainsRune(text, encoding.ASCIISub) || bytes.ContainsRune(text, utf8.RuneError) || mixed(data) {
		return nil, 0, other(at)
	}
	if odd := foreign([]rune(string(text))); odd >= 0 { // one byte is one character
		return nil, 0, other(odd)
	}
	return text, lineAt(data, at), nil
}

// mixed says whether a text is UTF-8 elsewhere: then a byte is broken, or two files were put together.
func mixed(data []byte) bool {
	for at := 0; at < len(data); {
		r, size := utf8.DecodeRune(data[at:])
		if size > 1 && r != utf8.RuneError {
			return true
		}
		at += size
	}
	return false
}

// foreign is where a text stops to look Western European: signs within words, and words without a plain letter. -1 is nowhere.
func foreign(text []rune) int {
	const tooMany = 4
	accents := 0
	for i, r := range text {
		letter := unicode.IsLetter(r)
		if accents++; r < utf8.RuneSelf || !letter {
			accents = 0
		}
		before := i > 0 && unicode.IsLetter(text[i-1])
		after := i+1 < len(text) && unicode.IsLower(text[i+1])
		sign := r > 0xA0 && r < 0xC0 && !letter && r != '´' && r != '·' && r != '»' && r != '«' || r == '×' || r == '÷'
		switch {
		case accents >= tooMany, sign && before && after, after && (r == '£' || r == '¥' || r == '¹' || r == '³' || r == '¼' || r == '¾'):
			return i
		}
	}
	return -1
}

func lineAt(data []byte, at int) int { return 1 + bytes.Count(data[:at], []byte("\n")) }
