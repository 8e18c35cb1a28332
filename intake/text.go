package intake

import (
	"bytes"
	"encoding/binary"
	"unicode/utf16"
)

// decode is a file's text in UTF-8, without a byte-order mark. Spreadsheets save "Unicode text" as UTF-16, with the mark or, after
// some e-mail programs, without: then every other byte of plain text is zero.
func decode(data []byte) []byte {
	switch {
	case bytes.HasPrefix(data, []byte{0xEF, 0xBB, 0xBF}):
		return data[3:]
	case bytes.HasPrefix(data, []byte{0xFF, 0xFE}):
		return fromUTF16(data[2:], binary.LittleEndian)
	case bytes.HasPrefix(data, []byte{0xFE, 0xFF}):
		return fromUTF16(data[2:], binary.BigEndian)
	case zeroes(data, 1):
		return fromUTF16(data, binary.LittleEndian)
	case zeroes(data, 0):
		return fromUTF16(data, binary.BigEndian)
	}
	return data
}

func fromUTF16(data []byte, order binary.ByteOrder) []byte {
	units := make([]uint16, len(data)/2)
	for i := range units {
		units[i] = order.Uint16(data[2*i:])
	}
	return bytes.TrimPrefix([]byte(string(utf16.Decode(units))), []byte{0xEF, 0xBB, 0xBF})
}

// zeroes says whether each second byte of a text's beginning is zero, starting with the one at offset.
func zeroes(data []byte, offset int) bool {
	const some = 16
	if len(data) < some {
		return false
	}
	for i := offset; i < some; i += 2 {
		if data[i] != 0 || data[i^1] == 0 {
			return false
		}
	}
	return true
}
