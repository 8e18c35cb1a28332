package partnership_test

import (
	"strings"
	"testing"
	"unicode"

	"github.com/rapport-dev/rapport/partnership"
)

func TestDisclosed(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		caption string
		why     string // part of what is wrong, "" when the disclosure holds
	}{
		{"#ad My evenings smell of Sunset now", ""},
		{"#AD. My evenings", ""},
		{"#ad", ""},
		{"#ad - my evenings", ""},
		{"#ad#dreams my evenings", ""},
		{"#ad #dreams #candle #cosy my evenings", ""},
		{"  \n\t#ad my evenings", ""},
		{"\u200b#ad my evenings", ""},
		{"(#ad) My evenings", ""},
		{"😍✨ #ad my evenings", ""},
		{"👨‍👩‍👧‍👦 #ad my evenings", ""},
		{"✨\n#ad my evenings", ""},
		{"#ad\ufe0f my evenings", ""},
		{"#sponsored my evenings", ""},
		{"#PaidPartnership my evenings", ""},
		{"Paid  partnership with Acme. My evenings", ""},
		{"Sponsored by Acme: my evenings", ""},
		{"Ad: my evenings", ""},
		{"AD | my evenings", ""},
		{"Ad\nMy evenings", ""},
		{"Advertisement", ""},

		{"", "does not disclose"},
		{"✨✨", "does not disclose"},
		{"My evenings smell of Sunset now", "does not disclose"},
		{"I love this ad from the nineties", "does not disclose"},
		{"Ad hoc evenings", "does not disclose"},
		{"Ad-hoc: evenings", "does not disclose"},
		{"Sponsored athletes sleep well", "does not disclose"},
		{"#adventure in my kitchen", "does not disclose"},
		{"#ads and #adventures", "does not disclose"},
		{"#ad-free? No!", "does not disclose"}, // a platform's tag ends at the hyphen, a reader's word does not
		{"#ad_venture", "does not disclose"},
		{"#ad2 my evenings", "does not disclose"},
		{"#a d my evenings", "does not disclose"},
		{"#sp my evenings", "#sp does not tell"},
		{"#Ambassador my evenings", "#ambassador does not tell"},
		{"#gifted my evenings", "#gifted does not tell"},
		{"My #ad evening", "comes later"},
		{"Hi #ad", "comes later"},
		{"1. #ad my evenings", "comes later"},
		{"@acme #ad my evenings", "comes later"},
		{"#love #candle #ad my evenings", "comes later"},
		{"My evenings smell of Sunset now #ad", "comes later"},
		{"So happy about these evenings. Paid partnership with Acme!", "comes later"},
		{strings.Repeat("word ", 30) + "#ad", "comes later"},
		{".\n.\n.\n#ad my evenings", "pushed down"},
		{strings.Repeat("✨", 21) + "#ad my evenings", "pushed down"},
	} {
		ok, why := partnership.Disclosed(c.caption, "#ad")
		if ok != (c.why == "") || !strings.Contains(why, c.why) || ok != (why == "") {
			t.Errorf("%q: %v, %q; want %q", c.caption, ok, why, c.why)
		}
	}
}

func TestDisclosedInTheBriefsOwnWords(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		caption, disclosure string
		ok                  bool
	}{
		{"Anzeige mein Abend", "Anzeige", true},
		{"ANZEIGE: mein Abend", "Anzeige:", true},
		{"Anzeigen sind doof", "Anzeige", false},
		{"Mein Abend. Anzeige", "Anzeige", false},
		{"#werbung mein Abend", "#Werbung", true},
		{"werbung mein Abend", "#werbung", false},
		{"[Ad] my evening", "[Ad]", true},
		{"mein Abend", "", false},
		{"mein Abend", "#", false},
	} {
		if ok, why := partnership.Disclosed(c.caption, c.disclosure); ok != c.ok {
			t.Errorf("%q with %q: %v, %q", c.caption, c.disclosure, ok, why)
		}
	}
}

func FuzzDisclosed(f *testing.F) {
	for _, s := range []string{"#ad hello", "Paid partnership", "\u200b#ad", "# # #", "#\xff#ad", "İ#AD", ".\n#ad", "ad-hoc", ""} {
		f.Add(s, "#ad")
	}
	f.Fuzz(func(t *testing.T, caption, disclosure string) {
		ok, why := partnership.Disclosed(caption, disclosure)
		if ok != (why == "") {
			t.Fatalf("%v with %q", ok, why)
		}
		if first, why := partnership.Disclosed("#ad "+caption, disclosure); !first {
			t.Fatalf("%q is not disclosed with #ad before it: %s", caption, why)
		}
		if ok && !strings.ContainsFunc(caption, func(r rune) bool { return unicode.IsLetter(r) || unicode.IsDigit(r) }) {
			t.Fatalf("%q discloses without a word", caption)
		}
		for _, before := range []string{"Hi, ", "#adx", "7 "} { // words, a longer tag, a number
			if later, _ := partnership.Disclosed(before+caption, "#ad"); later {
				t.Fatalf("%q is disclosed though %q stands first", before+caption, before)
			}
		}
	})
}
