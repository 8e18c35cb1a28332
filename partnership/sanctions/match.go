package sanctions

import (
	"slices"
	"strings"
	"unicode"

	edlib "github.com/hbollon/go-edlib"
	"golang.org/x/text/unicode/norm"
)

// Match is a name that is like one of an entry.
type Match struct {
	Entry   Entry
	Name    string // the entry's
	Percent int    // how like
}

// LikeFrom is from how much on a person is asked. Honest namesakes are many and misses are dear, so it is low: about one creator in a
// thousand is shown to somebody.
const LikeFrom = 90

// Screener compares names with a list. Only entries that share a sound with a name are looked at, so that 100,000 names take minutes and
// not days.
type Screener struct {
	entries []Entry
	names   []listed
	bySound map[string][]int
}

type listed struct {
	entry  int
	name   string
	tokens []string
}

// NewScreener prepares a list.
func NewScreener(entries []Entry) *Screener {
	s := &Screener{entries: entries, bySound: map[string][]int{}}
	for i, e := range entries {
		for _, name := range e.Names() {
			tokens := Tokens(name)
			if len(tokens) == 0 {
				continue
			}
			at := len(s.names)
			s.names = append(s.names, listed{i, name, tokens})
			for _, sound := range sounds(tokens) {
				s.bySound[sound] = append(s.bySound[sound], at)
			}
		}
	}
	return s
}

// Like are the listed names that a name is like, each entry once by its likest name.
func (s *Screener) Like(name string) (found []Match) {
	tokens := Tokens(name)
	best := map[int]Match{}
	for _, at := range s.near(tokens) {
		l := s.names[at]
		if percent := likeness(tokens, l.tokens); percent >= LikeFrom && percent > best[l.entry].Percent {
			best[l.entry] = Match{s.entries[l.entry], l.name, percent}
		}
	}
	for _, m := range best {
		found = append(found, m)
	}
	slices.SortFunc(found, func(a, b Match) int { return strings.Compare(a.Entry.Source+a.Entry.UID, b.Entry.Source+b.Entry.UID) })
	return found
}

// near are the listed names that share a sound with these words, each once: all that a name is compared with.
func (s *Screener) near(tokens []string) (names []int) {
	seen := map[int]bool{}
	for _, sound := range sounds(tokens) {
		for _, at := range s.bySound[sound] {
			if !seen[at] {
				seen[at], names = true, append(names, at)
			}
		}
	}
	return names
}

// titles say nothing of who somebody is.
var titles = map[string]bool{"mr": true, "mrs": true, "ms": true, "dr": true, "sir": true, "the": true, "al": true, "el": true, "de": true, "bin": true, "ibn": true}

// Tokens are the words of a name without case, marks of letters, order and titles.
func Tokens(name string) []string {
	var plain strings.Builder
	for _, r := range norm.NFKD.String(strings.ToLower(name)) {
		switch {
		case unicode.Is(unicode.Mn, r), r == '\'', r == '’', r == '-':
		case unicode.IsLetter(r) || unicode.IsDigit(r):
			plain.WriteRune(r)
		default:
			plain.WriteByte(' ')
		}
	}
	var tokens []string
	for _, word := range strings.Fields(strings.NewReplacer("ß", "ss", "ø", "o", "ł", "l", "đ", "d", "æ", "ae").Replace(plain.String())) {
		if !titles[word] {
			tokens = append(tokens, word)
		}
	}
	slices.Sort(tokens)
	return slices.Compact(tokens)
}

// Differ are the words that a name and a listed one do not share, for whoever has to say whether they are one person's.
func Differ(name, listed string) (onlyTheirs, onlyListed []string) {
	a, b := Tokens(name), Tokens(listed)
	without := func(of, known []string) []string {
		return slices.DeleteFunc(slices.Clone(of), func(word string) bool { return slices.Contains(known, word) })
	}
	return without(a, b), without(b, a)
}

// likeness is how like two names are, in percent: each word of the shorter one against the likest of the other, and a little less for each
// word that the other has besides. One word alone is like a name of one word only: "Ali" is not everybody of that name.
func likeness(a, b []string) int {
	if len(a) > len(b) {
		a, b = b, a
	}
	if len(a) == 0 || len(a) == 1 && len(b) > 1 {
		return 0
	}
	sum, letters := 0.0, 0
	for _, word := range a {
		likest := float32(0)
		for _, other := range b {
			likest = max(likest, edlib.JaroWinklerSimilarity(word, other))
		}
		sum, letters = sum+float64(likest)*float64(len(word)), letters+len(word)
	}
	return int(100*sum/float64(letters)) - 2*(len(b)-len(a))
}

// sounds are what the words of a name begin and go on with, as it is heard: Qaddafi, Khadafy and Gadhafi are one.
func sounds(tokens []string) (keys []string) {
	for _, word := range tokens {
		var key []rune
		for _, r := range word {
			if same, there := heard[r]; there {
				r = same
			}
			if r != 0 && (len(key) == 0 || key[len(key)-1] != r) {
				key = append(key, r)
			}
		}
		if len(key) == 0 {
			key = []rune(word)
		}
		keys = append(keys, string(key[:min(len(key), 3)]))
	}
	return keys
}

// heard are letters that writers of names take for one another; 0 are those that are not heard.
var heard = map[rune]rune{
	'a': 0, 'e': 0, 'i': 0, 'o': 0, 'u': 0, 'y': 0, 'h': 0, 'w': 0, 'j': 0, 'q': 'k', 'c': 'k', 'g': 'k', 'x': 'k', 'z': 's', 'v': 'f', 'p': 'b', 'd': 't',
}
