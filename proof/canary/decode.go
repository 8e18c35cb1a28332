package canary

import (
	"bytes"
	"encoding/hex"
	"html"
	"strconv"
	"unicode/utf16"
	"unicode/utf8"
)

// decoders undo one layer each. They return only what is encoded, with its surroundings, so that the layers below cost
// little; the pieces are kept apart by a zero byte.
var decoders = []struct {
	name   string
	decode func([]byte, *finder) []byte
}{
	{"json", escaped('\\', backslash)}, // Go's, SQL's and protobuf's texts escape alike
	{"percent", escaped('%', percent)},
	{"quoted-printable", escaped('=', quotedPrintable)},
	{"html", escaped('&', entity)},
	{"base64", packed(sextets, 6)},
	{"hex", packed(nibbles, 4)},
}

// escaped decodes escapes that begin with lead. one returns what the escape at the start of its argument stands for, and
// its length; 0 is no escape.
func escaped(lead byte, one func([]byte) ([]byte, int)) func([]byte, *finder) []byte {
	return func(src []byte, find *finder) []byte {
		reach := 16 * find.longest // of a marker that lies under further layers: an escape of JSON alone makes six bytes of one
		var out []byte
		end := -1 // of the last escape
		for i := 0; ; {
			next := bytes.IndexByte(src[i:], lead)
			if next < 0 {
				break
			}
			i += next
			text, n := one(src[i:])
			if n == 0 {
				i++
				continue
			}
			switch {
			case end < 0:
				out = append(out, src[max(i-reach, 0):i]...)
			case i-end <= 2*reach:
				out = append(out, src[end:i]...)
			default:
				out = append(append(out, src[end:end+reach]...), 0)
				out = append(out, src[i-reach:i]...)
			}
			out = append(out, text...)
			i += n
			end = i
		}
		if end >= 0 {
			out = append(out, src[end:min(end+reach, len(src))]...)
		}
		return out
	}
}

func backslash(src []byte) ([]byte, int) {
	if len(src) < 2 {
		return nil, 0
	}
	switch src[1] {
	case '/', '"', '\'':
		return src[1:2], 2
	case 'u':
		if high, low := codeUnit(src), codeUnit(src[min(6, len(src)):]); utf16.IsSurrogate(high) {
			if r := utf16.DecodeRune(high, low); r != utf8.RuneError {
				return utf8.AppendRune(nil, r), 12
			}
		}
	}
	text := string(src[:min(len(src), len(`\U0001F600`))])
	r, multibyte, rest, err := strconv.UnquoteChar(text, 0)
	if err != nil {
		return nil, 0
	}
	if !multibyte {
		return []byte{byte(r)}, len(text) - len(rest)
	}
	return utf8.AppendRune(nil, r), len(text) - len(rest)
}

// codeUnit reads \uXXXX; 0 is something else.
func codeUnit(src []byte) rune {
	if len(src) < 6 || src[0] != '\\' || src[1] != 'u' {
		return 0
	}
	n, err := strconv.ParseUint(string(src[2:6]), 16, 16)
	if err != nil {
		return 0
	}
	return rune(n)
}

func percent(src []byte) ([]byte, int) {
	var b [1]byte
	if len(src) < 3 {
		return nil, 0
	}
	if _, err := hex.Decode(b[:], src[1:3]); err != nil {
		return nil, 0
	}
	return b[:], 3
}

func quotedPrintable(src []byte) ([]byte, int) {
	for _, softBreak := range []string{"=\r\n", "=\n"} {
		if bytes.HasPrefix(src, []byte(softBreak)) {
			return nil, len(softBreak)
		}
	}
	return percent(src) // the same after another lead
}

func entity(src []byte) ([]byte, int) {
	n := bytes.IndexByte(src[:min(len(src), len("&#x0001F600;"))], ';') + 1
	if text := html.UnescapeString(string(src[:n])); n > 0 && text != string(src[:n]) {
		return []byte(text), n
	}
	return nil, 0
}

// packed decodes runs of digits that stand for some bits each, broken into lines or not. Where a run begins says nothing,
// since letters may precede it: a marker's first digit may be any, so every alignment to bytes is tried.
func packed(digits [256]int8, bits int) func([]byte, *finder) []byte {
	alignments := map[int]int{6: 4, 4: 2}[bits]
	return func(src []byte, find *finder) []byte {
		shortest := (find.shortest*8 + bits - 1) / bits
		var out []byte
		var run []int8
		for i := 0; i < len(src); i++ {
			run = run[:0]
			for ; i < len(src); i++ {
				if d := digits[src[i]]; d >= 0 {
					run = append(run, d)
				} else if len(run) == 0 || src[i] != '\r' && src[i] != '\n' {
					break
				}
			}
			if len(run) < shortest {
				continue
			}
			for skip := range alignments {
				out = append(unpack(out, run[skip:], bits), 0)
			}
		}
		return out
	}
}

func unpack(out []byte, run []int8, bits int) []byte {
	var held uint
	n := 0 // bits held
	for _, d := range run {
		held, n = held<<bits|uint(d), n+bits
		if n >= 8 {
			n -= 8
			out = append(out, byte(held>>n))
		}
	}
	return out
}

var (
	sextets = digitTable("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/", "-_") // both alphabets
	nibbles = digitTable("0123456789abcdef", "")
)

func digitTable(alphabet, others string) (table [256]int8) {
	for c := range table {
		table[c] = -1
	}
	for i := range len(alphabet) {
		table[alphabet[i]] = int8(i)
	}
	for i := range len(others) { // the last digits of the other alphabet
		table[others[i]] = int8(len(alphabet) - len(others) + i)
	}
	if len(alphabet) == 16 {
		for i, c := range "ABCDEF" {
			table[c] = int8(10 + i)
		}
	}
	return table
}
