package intake

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// The rates between which a fraction among per cents is looked for: 0.042 may well be 4.2 %.
const (
	leastRate = 0.005
	smallRate = 0.2
)

// rate is one that does not say whether it is a per cent or a fraction of one.
type rate struct {
	line  int
	value float64
}

// rate is the engagement rate. What is below one without a sign may be a fraction of one.
func (t *table) rate() float64 {
	s := t.need("engagement_rate", "a per cent such as 4.2")
	n := t.percent("engagement_rate", s)
	if !strings.Contains(s, "%") && n > 0 && n < 1 {
		t.rates = append(t.rates, rate{t.line, n})
	}
	return n
}

// fractions asks about rates that look like fractions of one, with all their lines: whoever is read as having 0.04 % drops out of every
// selection. Once there is one, every rate below one may be one.
func (t *table) fractions() {
	if !slices.ContainsFunc(t.rates, func(r rate) bool { return r.value >= leastRate && r.value < smallRate }) {
		return
	}
	lines := make([]int, len(t.rates))
	for i, r := range t.rates {
		lines[i] = r.line
	}
	first := t.rates[0].value
	t.fault(lines[0], "engagement_rate", "below 1 without a sign in %s: are these per cents or fractions of one? For per cents write the sign, as %s%%; a fraction is written as per cents, as %s",
		inLines(lines), figure(first), figure(rounded(first*100)))
}

// inLines names lines, the first of them where they are many.
func inLines(lines []int) string {
	const shown = 20
	names := make([]string, len(lines))
	for i, line := range lines {
		names[i] = strconv.Itoa(line)
	}
	out := strings.Join(names[:min(len(names), shown)], ", ")
	if more := len(names) - shown; more > 0 {
		out += fmt.Sprintf(" and %d more", more)
	}
	if len(names) == 1 {
		return "line " + out
	}
	return "lines " + out
}

func ordinal(n int) string {
	ending := "th"
	switch {
	case n%100 >= 11 && n%100 <= 13:
	case n%10 == 1:
		ending = "st"
	case n%10 == 2:
		ending = "nd"
	case n%10 == 3:
		ending = "rd"
	}
	return strconv.Itoa(n) + ending
}
