package intake

import (
	"fmt"
	"math"
	"regexp"
	"slices"
	"strconv"
	"strings"
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
var noSpaces = strings.NewReplacer(" ", "", "\u00a0", "", "\u202f", "", "\u2009", "", "'", "", "’", "")

// number reads a field that fits says is possible; "" is 0. What can be read in two ways is refused with both.
func (t *table) number(column, s, wanted string, times float64, fits func(float64) bool) float64 {
	if s == "" {
		return 0
	}
	var fitting []float64
	for _, n := range readings(noSpaces.Replace(s), string(t.csv.Comma)) {
		if n = math.Round(n*times*1e9) / 1e9; fits(n) {
			fitting = append(fitting, n)
		}
	}
	switch len(fitting) {
	case 0:
		t.fault(t.line, column, "%q is not allowed; %s is wanted", t.get(column), wanted)
		return 0
	case 1:
		return fitting[0]
	}
	t.fault(t.line, column, "%q can be read as %s or as %s; write it without a mark for thousands", t.get(column), figure(fitting[0]), figure(fitting[1]))
	return 0
}

func figure(n float64) string { return strconv.FormatFloat(n, 'f', -1, 64) }

// percent reads a rate from 0 to 100, with or without its sign.
func (t *table) percent(column, s string) float64 {
	return t.number(column, strings.TrimSuffix(s, "%"), "a number from 0 to 100 such as 4.2", 1, func(n float64) bool { return n >= 0 && n <= 100 })
}

const maxFollowers = 2_000_000_000

// followers reads a count as spreadsheets and platforms show it: 18000, 18,000, 18000.0, 18k, 1.2M.
func (t *table) followers() int {
	s := strings.TrimSuffix(t.need("followers", "a whole number"), "+")
	times := 1.0
	for unit, factor := range map[string]float64{"k": 1e3, "m": 1e6} {
		if cut, ok := strings.CutSuffix(strings.ToLower(s), unit); ok {
			s, times = strings.TrimSpace(cut), factor
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

// The rates between which a fraction among per cents is looked for: 0.042 may well be 4.2 %.
const (
	smallRate = 0.2
	leastRate = 0.005
)

// fractions warns of rates that look like fractions of one, with all their lines: whoever is read as having 0.04 % drops out of
// every selection.
func (t *table) fractions() {
	if len(t.small) == 0 {
		return
	}
	lines := make([]string, len(t.small))
	for i, line := range t.small {
		lines[i] = strconv.Itoa(line)
	}
	shown := strings.Join(lines[:min(len(lines), 20)], ", ")
	if more := len(lines) - 20; more > 0 {
		shown += fmt.Sprintf(" and %d more", more)
	}
	t.warn(t.small[0], "engagement_rate", "below %g %% in line %s, which is read as it stands; if it is a fraction of one (0.042 for 4.2 %%), write per cents: such creators drop out of the selection", smallRate, shown)
}
