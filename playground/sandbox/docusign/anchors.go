package docusign

import (
	"bytes"
	"compress/zlib"
	"encoding/binary"
	"io"
	"unicode/utf16"
)

// stands says whether a text can be found in a PDF, as far as a tab's anchor needs it: in one piece, in any case of
// letters, as bytes or as UTF-16, plain or compressed.
func stands(text string, pdf []byte) bool {
	var wide []byte
	for _, unit := range utf16.Encode([]rune(text)) {
		wide = binary.BigEndian.AppendUint16(wide, unit)
	}
	for _, part := range append(inflated(pdf), pdf) {
		part = bytes.ToLower(part)
		if bytes.Contains(part, bytes.ToLower([]byte(text))) || bytes.Contains(part, bytes.ToLower(wide)) {
			return true
		}
	}
	return false
}

// inflated are the compressed streams of a PDF.
func inflated(pdf []byte) [][]byte {
	var parts [][]byte
	for {
		_, rest, ok := bytes.Cut(pdf, []byte("stream\n"))
		if !ok {
			return parts
		}
		pdf = rest
		z, err := zlib.NewReader(bytes.NewReader(rest))
		if err != nil {
			continue // an image or a font, or not compressed
		}
		if part, err := io.ReadAll(io.LimitReader(z, 4<<20)); err == nil {
			parts = append(parts, part)
		}
	}
}
