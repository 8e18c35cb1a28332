package sanctions_test

import (
	"fmt"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/rapport-dev/rapport/partnership/sanctions"
)

const sdn = `36,"AEROCARIBBEAN AIRLINES",-0- ,"CUBA",-0- ,-0- ,-0- ,-0- ,-0- ,-0- ,-0- ,-0-
9696,"PETROVIC, Milan Dragan","individual","BALKANS",-0- ,-0- ,-0- ,-0- ,-0- ,-0- ,-0- ,"DOB 1 Jan 1950."
7000,"QADDAFI, Example","individual","LIBYA2",-0- ,-0- ,-0- ,-0- ,-0- ,-0- ,-0- ,-0-
` + "\x1a"

const alt = `9696,1,"aka","PETROVITCH, Milan",-0-
7000,2,"aka","GADHAFI, Exampel",-0-
`

func parsed(t testing.TB) *sanctions.Screener {
	entries, err := sanctions.ParseSDN("ofac-sdn", strings.NewReader(sdn), strings.NewReader(alt))
	if err != nil || len(entries) != 3 || entries[1].Aliases[0] != "PETROVITCH, Milan" || entries[0].Kind != "" {
		t.Fatalf("it reads %+v, %v", entries, err)
	}
	return sanctions.NewScreener(entries)
}

func TestNamesThatAreLike(t *testing.T) {
	t.Parallel()
	s := parsed(t)
	for name, want := range map[string]string{
		"Milan Petrovic": "9696", "Petrović Milan": "9696", "MILAN PETROVITCH": "9696", "Dr. Milan D. Petrovic": "9696", "Milan Dragan Petrovic": "9696",
		"Example Khaddafi": "7000", "Exampel Gaddafi": "7000", "Aerocaribbean Airlines": "36",
		"Milan Kovac": "", "Anna Petrovic": "", "Petrovic": "", "Milan": "", "": "", "Lena Weiß": "", "Jordan Lee": "",
	} {
		found := s.Like(name)
		got := ""
		if len(found) > 0 {
			got = found[0].Entry.UID
		}
		if got != want || len(found) > 1 {
			t.Errorf("%q is like %+v, want %q", name, found, want)
		}
	}
}

// A name on the list is found as it stands, in any order, case and with marks of letters.
func TestAListedNameIsAlwaysFound(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		word := rapid.StringMatching(`[A-Z][a-z]{3,9}`)
		first, last := word.Draw(t, "first"), word.Draw(t, "last")
		s := sanctions.NewScreener([]sanctions.Entry{{Source: "l", UID: "1", Name: strings.ToUpper(last) + ", " + first}})
		for _, name := range []string{first + " " + last, last + " " + first, strings.ToLower(first) + "  " + last, first + "-" + " " + last} {
			if len(s.Like(name)) != 1 {
				t.Fatalf("%q is not found", name)
			}
		}
	})
}

func TestWhatIsNoListIsRefusedWhole(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct{ sdn, alt string }{
		"empty":               {"", ""},
		"another file":        {"handle,name\nlena,Lena\n", ""},
		"a row that is cut":   {sdn[:len(sdn)-20], ""},
		"a number twice":      {`1,"A B",-0-,-0-,-0-,-0-,-0-,-0-,-0-,-0-,-0-,-0-` + "\n" + `1,"C D",-0-,-0-,-0-,-0-,-0-,-0-,-0-,-0-,-0-,-0-`, ""},
		"no name":             {`1,-0-,-0-,-0-,-0-,-0-,-0-,-0-,-0-,-0-,-0-,-0-`, ""},
		"names of other days": {sdn, `1,1,"aka","X, Y",-0-`},
	} {
		if entries, err := sanctions.ParseSDN("l", strings.NewReader(c.sdn), strings.NewReader(c.alt)); err == nil {
			t.Errorf("%s is taken: %+v", name, entries)
		}
	}
}

// A name is compared with few of a long list: a run of 100,000 creators takes minutes and not days.
func TestANameIsComparedWithFewOfALongList(t *testing.T) {
	t.Parallel()
	syllables := []string{"ka", "mo", "re", "su", "ti", "na", "lo", "vi", "ba", "de", "fu", "gi"}
	word := func(n int) string {
		return syllables[n%12] + syllables[n/12%12] + syllables[n/144%12] + syllables[n/1728%12]
	}
	var entries []sanctions.Entry
	for i := range 20_000 {
		entries = append(entries, sanctions.Entry{Source: "l", UID: fmt.Sprint(i), Name: word(i*7) + " " + word(i*31+5)})
	}
	s := sanctions.NewScreener(entries)
	compared := 0
	for i := range 500 {
		compared += s.Near(word(i*13+1) + " " + word(i*17+3))
	}
	if per := compared / 500; per == 0 || per > len(entries)/50 {
		t.Errorf("a name is compared with %d of %d", per, len(entries))
	}
}
