package money

import (
	"errors"
	"fmt"
	"regexp"
	"strconv"
	"strings"
)

// Read reads an amount as people write it: 2300,00, 2.300,00, 2 300, $2,300, 2.3k, €2.300,-, in digits of any script. What can be read in
// two ways is an error that says both: where somebody can be asked, Readings has them. The form that our files ask for, with the currency's
// own decimals behind a point, is no question: 95.125 dinars are that. What vendors write is Parse's alone.
func Read(text, currency string) (int64, error) {
	if minor, err := Parse(text, currency); err == nil {
		return minor, nil
	}
	all, err := Readings(text, currency)
	switch {
	case err != nil:
		return 0, err
	case len(all) > 1:
		return 0, fmt.Errorf("it can be read as %s or as %s: write %s or %s",
			Display(all[0], currency), Display(all[1], currency), Format(all[0], currency), Format(all[1], currency))
	}
	return all[0], nil
}

// Readings are the amounts that a text may mean in a currency: one, or two for what means thousands to one reader and decimals to another,
// the larger first.
func Readings(text, currency string) ([]int64, error) {
	w, err := dismantle(text, currency)
	if err != nil {
		return nil, err
	}
	digits := Exponent(currency)
	var out []int64
	for _, number := range w.numbers(digits) {
		minor, err := w.minor(number, digits)
		if err != nil && len(out) > 0 { // 600.001 dollars are no amount, and whether six hundred thousand are meant is not ours to say
			return nil, fmt.Errorf("%w in %s; if thousands are meant, write %s", err, currency, Format(out[0], currency))
		}
		if err != nil {
			return nil, fmt.Errorf("%w in %s", err, currency)
		}
		out = append(out, minor)
	}
	if len(out) == 0 {
		return nil, wanted(digits)
	}
	return out, nil
}

func wanted(digits int) error {
	return fmt.Errorf("a decimal number such as %q is wanted", Example(digits))
}

// written is an amount taken to pieces.
type written struct {
	negative bool
	body     string // digits with the marks between them
	zeroes   int    // that "k" stands for
	whole    bool   // ",-" behind it: there are no decimals
}

// pieces are what stands before the digits, the digits, and what stands behind them. "Rs." ends with its own point.
var pieces = regexp.MustCompile(`^((?:\p{L}\.|[^0-9.,])*)([0-9][0-9 .,'_]*|[.,][0-9]+)(.*)$`)

// noDecimals are what people write for "and nothing behind it".
var noDecimals = regexp.MustCompile(`^(?:[.,](?:--?|–|—)|/-)`)

// shortened are how people write thousands and millions, longest first.
var shortened = []struct {
	name   string
	zeroes int
}{
	{"thousand", 3},
	{"tausend", 3},
	{"tsd.", 3},
	{"tsd", 3},
	{"тыс.", 3},
	{"тыс", 3},
	{"million", 6},
	{"mio.", 6},
	{"mio", 6},
	{"mln", 6},
	{"млн", 6},
	{"k", 3},
	{"m", 6},
	{"万", 4},
	{"萬", 4},
	{"만", 4},
}

func dismantle(text, currency string) (written, error) {
	parts := pieces.FindStringSubmatch(strings.ToLower(Plain(text)))
	if parts == nil {
		return written{}, wanted(Exponent(currency))
	}
	w := written{body: strings.TrimRight(parts[2], " ")}
	before, behind := strings.TrimSpace(parts[1]), parts[3]
	if before, w.negative = strings.CutPrefix(before, "-"); !w.negative {
		before, w.negative = strings.CutSuffix(before, "-")
	}
	if end := len(w.body) - 1; end > 0 && strings.ContainsRune(".,", rune(w.body[end])) {
		w.body, behind = w.body[:end], w.body[end:]+behind
	}
	if none := noDecimals.FindString(behind); none != "" {
		w.whole, behind = true, behind[len(none):]
	}
	behind = strings.TrimSpace(behind)
	if behind == "." || behind == "," {
		behind = ""
	}
	if !isMark(behind) {
		for _, s := range shortened {
			if rest, ok := strings.CutPrefix(behind, s.name); ok && isMark(strings.TrimSpace(rest)) {
				w.zeroes, behind = s.zeroes, strings.TrimSpace(rest)
				break
			}
		}
	}
	for _, mark := range []string{strings.TrimSpace(before), behind} {
		if err := fits(mark, currency); err != nil {
			return w, err
		}
	}
	return w, nil
}

// number is a number in two halves.
type number struct{ whole, fraction string }

// numbers are what the digits may mean: as thousands and as decimals.
func (w written) numbers(digits int) []number {
	if w.body[0] == '.' || w.body[0] == ',' {
		return []number{{"0", w.body[1:]}}
	}
	if at := strings.IndexAny(w.body, " '_"); at >= 0 { // these only ever stand between thousands
		whole, fraction, found := cutLast(w.body, ".,")
		if strings.ContainsAny(fraction, " '_") || found && fraction == "" {
			return nil
		}
		return one(ungroup(whole, w.body[at:at+1]), fraction)
	}
	points, commas := strings.Count(w.body, "."), strings.Count(w.body, ",")
	whole, fraction, _ := cutLast(w.body, ".,")
	switch {
	case points+commas == 0:
		return []number{{w.body, ""}}
	case points > 0 && commas > 0: // the last one is the decimals'
		other := ","
		if w.body[len(whole)] == ',' {
			other = "."
		}
		return one(ungroup(whole, other), fraction)
	case points+commas > 1:
		return one(ungroup(w.body, w.body[len(whole):len(whole)+1]), "")
	case w.whole || len(fraction) == 3 && len(whole) <= 3 && whole[0] != '0':
		return w.either(whole, fraction, digits, commas > 0)
	}
	return []number{{whole, fraction}}
}

// either reads one mark with three digits behind it. A comma stands between thousands where the currency has no third decimal, a point
// where it has none at all; else a point may be either, since machines write three decimals.
func (w written) either(whole, fraction string, digits int, comma bool) []number {
	thousands, decimals := number{whole + fraction, ""}, number{whole, fraction}
	switch {
	case w.whole && len(fraction) != 3:
		return nil
	case w.whole, digits == 0 && w.zeroes == 0, comma && digits < 3 && w.zeroes == 0:
		return []number{thousands}
	}
	return []number{thousands, decimals}
}

func one(whole, fraction string) []number {
	if whole == "" {
		return nil
	}
	return []number{{whole, fraction}}
}

// cutLast cuts at the last of the marks.
func cutLast(s, marks string) (before, behind string, found bool) {
	at := strings.LastIndexAny(s, marks)
	if at < 0 {
		return s, "", false
	}
	return s[:at], s[at+1:], true
}

// ungroup takes the marks from between thousands, "" where they stand elsewhere. India groups by two above the thousands.
func ungroup(s, mark string) string {
	groups := strings.Split(s, mark)
	last := len(groups) - 1
	for i, g := range groups {
		switch {
		case !isDigits(g), i == 0 && len(g) > 3, i == last && i > 0 && len(g) != 3, i > 0 && i < last && len(g) != 3 && len(g) != 2:
			return ""
		}
	}
	return strings.Join(groups, "")
}

// minor is a number in minor units.
func (w written) minor(n number, digits int) (int64, error) {
	text, power := n.whole+n.fraction, digits+w.zeroes-len(n.fraction)
	if !isDigits(text) {
		return 0, wanted(digits)
	}
	for ; power < 0 && strings.HasSuffix(text, "0") && (w.zeroes > 0 || len(n.fraction) == 3); power++ {
		text = text[:len(text)-1]
	}
	if power < 0 {
		return 0, fmt.Errorf("at most %d decimals are allowed", digits)
	}
	if w.negative {
		text = "-" + text
	}
	minor, err := strconv.ParseInt(text+strings.Repeat("0", power), 10, 64)
	if err != nil {
		return 0, errors.New("the number is too large")
	}
	return minor, nil
}
