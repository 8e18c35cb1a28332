package money

import (
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// marks are what other scripts and programs write for our point, comma, apostrophe and minus.
var marks = strings.NewReplacer("٫", ".", "٬", ",", "،", ",", "、", ",", "。", ".", "’", "'", "‘", "'", "`", "'", "´", "'", "ʼ", "'", "−", "-", "٪", "%")

// Plain is a number as our keyboard has it: digits of any script as 0 to 9, wide signs as narrow ones, every space as a plain one, and
// nothing that cannot be seen. Money and counts are read from it.
func Plain(text string) string {
	return strings.TrimSpace(strings.Map(func(r rune) rune {
		switch {
		case unicode.Is(unicode.Nd, r):
			return digit(r)
		case unicode.Is(unicode.Cf, r): // marks of direction stand in most Arabic amounts
			return -1
		case unicode.IsSpace(r):
			return ' '
		}
		return r
	}, norm.NFKC.String(marks.Replace(text))))
}

// digit is a decimal digit of any script as ours: every script has its ten in a row.
func digit(r rune) rune {
	for d := range rune(10) {
		if !unicode.Is(unicode.Nd, r-d-1) {
			return '0' + d
		}
	}
	return '0' + (r-'0')%10
}
