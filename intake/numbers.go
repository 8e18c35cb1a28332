package intake

import (
	"math"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/rapport-dev/rapport/partnership/money"
)

// plainNumber is what is left of a number when spaces, signs and units are gone.
var plainNumber = regexp.MustCompile(`^[0-9]+(?:[.,][0-9]+)*$`)

// readings are the numbers that a text may mean: "4.2" is one, "15.000" is two, fifteen and fifteen thousand, unless the file's
// other habits say which.
func readings(s, separator string) []float64 {
	last := strings.LastIndexAny(s, ".,")
	if !plainNumber.MatchString(s) {
		return nil
	}
	if last < 0 {
		return values(s)
	}
	mark, whole, rest := s[last], s[:last], s[last+1:]
	other := "."
	if mark == '.' {
		other = ","
	}
	switch {
	case strings.Contains(whole, other): // 1,234.5: the last mark is the decimal one
		if !grouped(whole, other) {
			return nil
		}
		return values(strings.ReplaceAll(whole, other, "") + "." + rest)
	case strings.ContainsRune(whole, rune(mark)): // 1,234,567: all of them group
		if !grouped(s, string(mark)) {
			return nil
		}
		return values(strings.ReplaceAll(s, string(mark), ""))
	case len(rest) != 3 || len(whole) > 3 || whole == "0": // no group of thousands
		return values(whole + "." + rest)
	case separator == "," && mark == ',': // quoted in a file of commas: who writes that writes points for decimals
		return values(whole + rest)
	}
	return values(whole+rest, whole+"."+rest)
}

func grouped(s, mark string) bool {
	parts := strings.Split(s, mark)
	if len(parts[0]) > 3 {
		return false
	}
	return !slices.ContainsFunc(parts[1:], func(part string) bool { return len(part) != 3 })
}

func values(texts ...string) []float64 {
	var out []float64
	for _, text := range texts {
		if n, err := strconv.ParseFloat(text, 64); err == nil {
			out = append(out, n)
		}
	}
	return out
}

// spaces that people put between thousands.
var noSpaces = strings.NewReplacer(" ", "", "'", "")

// number reads a field that fits says is possible; "" is 0. What can be read in two ways is refused with both.
func (t *table) number(column, s, wanted string, times float64, fits func(float64) bool) float64 {
	if s == "" {
		return 0
	}
	var fitting []float64
	for _, n := range readings(noSpaces.Replace(s), t.comma) {
		if n = rounded(n * times); fits(n) {
			fitting = append(fitting, n)
		}
	}
	switch len(fitting) {
	case 0:
		t.fault(t.line, column, "%q is not allowed; %s is wanted%s", t.get(column), wanted, spoilt(t.get(column)))
		return 0
	case 1:
		return fitting[0]
	}
	t.fault(t.line, column, "%q can be read as %s or as %s; write it without a mark for thousands", t.get(column), figure(fitting[0]), figure(fitting[1]))
	return 0
}

// What a spreadsheet makes of a number behind its writer's back.
var (
	aDay       = regexp.MustCompile(`(?i)^\d{4}-\d{2}-\d{2}|^\d{1,2}[./-]\d{1,2}[./-]\d{2,4}$|^\d{1,2}[.\- ]+\p{L}{3,}|^\p{L}{3,}\.?[\- ]\d{1,2}$`)
	shortened  = regexp.MustCompile(`(?i)^\d([.,]\d+)?e\+?\d+$`)
	tooNarrow  = regexp.MustCompile(`^#+$`)
	fromToWhat = regexp.MustCompile(`\d\s*\p{L}{0,4}\.?\s*(-|–|—|\bto\b|\bbis\b)\s*\d`)
)

// spoilt says what may have happened to a number that is none.
func spoilt(s string) string {
	switch {
	case aDay.MatchString(s):
		return " (a spreadsheet has made a date of it: format the column as numbers and type it again)"
	case shortened.MatchString(s):
		return " (a spreadsheet has shortened it: format the column as whole numbers and save again)"
	case tooNarrow.MatchString(s):
		return " (the column was too narrow for it when the file was saved)"
	case fromToWhat.MatchString(s):
		return " (one number, not from and to)"
	}
	return ""
}

func rounded(n float64) float64 { return math.Round(n*1e9) / 1e9 }

func figure(n float64) string { return strconv.FormatFloat(n, 'f', -1, 64) }

// percent reads a rate from 0 to 100, with or without its sign, which some write before it.
func (t *table) percent(column, s string) float64 {
	bare := strings.TrimSpace(strings.TrimPrefix(strings.TrimSuffix(money.Plain(s), "%"), "%"))
	if bare == "" && s != "" {
		bare = s
	}
	return t.number(column, bare, "a number from 0 to 100 such as 4.2", 1, func(n float64) bool { return n >= 0 && n <= 100 })
}

const maxFollowers = 2_000_000_000

// units are how people shorten large numbers. "mil" is not among them: it is a thousand in Spanish and a million in English.
var units = []struct {
	name  string
	times float64
}{
	{"thousand", 1e3},
	{"tausend", 1e3},
	{"tsd.", 1e3},
	{"tsd", 1e3},
	{"tys.", 1e3},
	{"tys", 1e3},
	{"тыс.", 1e3},
	{"тыс", 1e3},
	{"k", 1e3},
	{"million", 1e6},
	{"millions", 1e6},
	{"millionen", 1e6},
	{"mio.", 1e6},
	{"mio", 1e6},
	{"mln.", 1e6},
	{"mln", 1e6},
	{"млн", 1e6},
	{"mill.", 1e6},
	{"m", 1e6},
	{"billion", 1e9},
	{"b", 1e9},
	{"万", 1e4},
	{"萬", 1e4},
	{"만", 1e4},
	{"億", 1e8},
	{"亿", 1e8},
	{"억", 1e8},
}

// followers reads a count as spreadsheets and platforms show it: 18000, 18,000, 18000.0, 18k, 1.2M, 1,2 Mio., 12万.
func (t *table) followers() int {
	s := strings.ToLower(money.Plain(t.need("followers", "a whole number")))
	s = strings.TrimSpace(strings.TrimRight(strings.TrimLeft(s, "~≈ "), "+ "))
	times := 1.0
	for _, unit := range units {
		if cut, ok := strings.CutSuffix(s, unit.name); ok && cut != "" {
			s, times = strings.TrimSpace(cut), unit.times
			break
		}
	}
	whole := func(n float64) bool { return n == math.Trunc(n) && n <= maxFollowers }
	if times > 1 { // 1.234M has no thousands
		s = strings.ReplaceAll(s, ",", ".")
		if strings.Count(s, ".") == 1 {
			s += "0"
		}
	}
	return int(t.number("followers", s, "a whole number such as 18000", times, whole))
}
