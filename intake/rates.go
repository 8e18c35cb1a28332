package intake

import (
	"fmt"
	"time"

	"github.com/rapport-dev/rapport/partnership/money"
)

// rates are what a unit of other currencies is worth in the campaign's, for reports.
func rates(o object, home string, now time.Time) money.Rates {
	out := money.Rates{}
	for i, n := range o.items("rates", "{currency, worth, as_of}", false) {
		item, ok := o.r.object(n, fmt.Sprintf("rates[%d]", i), lineOf(n), "currency", "worth", "as_of")
		if !ok {
			continue
		}
		before := len(o.r.faults)
		code := currency(item)
		if len(o.r.faults) > before {
			continue
		}
		switch _, twice := out[code]; {
		case code == home:
			item.fault("currency", "%s is the campaign's own currency: it needs no rate", code)
			continue
		case twice:
			item.fault("currency", "%s has a rate already", code)
		}
		out[code] = money.Rate{Worth: worth(item, code, home), AsOf: pastDate(item, "as_of", now)}
	}
	if len(out) == 0 {
		return nil
	}
	return out
}

func worth(o object, code, home string) money.Worth {
	wanted := fmt.Sprintf("what one %s is worth in %s, in quotes such as \"150.25\"", code, home)
	text, isString, ok := o.scalar("worth", wanted)
	if !ok {
		if !o.has("worth") {
			o.missing("worth", wanted)
		}
		return 0
	}
	w, err := money.ParseWorth(text)
	if !isString || err != nil {
		o.fault("worth", "%s is not allowed; %s", text, wanted)
	}
	return w
}

// pastDate is a day that has been: a rate of tomorrow is a guess.
func pastDate(o object, key string, now time.Time) string {
	const wanted = "the day of the rate, such as 2026-11-01"
	text := o.text(key, wanted, true)
	if text == "" {
		return ""
	}
	day, err := time.Parse(time.DateOnly, text)
	switch {
	case err != nil:
		o.fault(key, "%q is not allowed; %s is wanted", text, wanted)
	case day.After(now.Add(14 * time.Hour)): // it is tomorrow already somewhere
		o.fault(key, "%s has not come yet; %s is wanted", text, wanted)
	}
	return text
}
