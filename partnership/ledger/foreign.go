package ledger

import (
	"fmt"
	"slices"
)

// In is what was heard of an order in the currency that it was sold in. Its worth is computed of that alone: no rule makes one currency of
// another (RULES, money 1, 15).
func (f Facts) In(sold string) Facts {
	f.Said = slices.DeleteFunc(slices.Clone(f.Said), func(s Said) bool { return s.Currency != sold })
	return f
}

// Foreign says what would move money and was said in another currency than the order was sold in: no sum has it, so a person has to look.
func (f Facts) Foreign(sold string) (words []string) {
	add := func(what, currency string) {
		if w := fmt.Sprintf("the shop tells of %s in %q, and it was sold in %s", what, currency, sold); currency != sold && !slices.Contains(words, w) {
			words = append(words, w)
		}
	}
	for _, s := range f.Said {
		add("the order", s.Currency)
	}
	for _, r := range f.Refunds {
		if goods, beside := r.Back(false); goods+beside > 0 && r.Currency != "" {
			add("a refund of the order", r.Currency)
		}
	}
	for _, d := range f.Disputes {
		if d.Lost {
			add("a lost dispute of the order", d.Currency)
		}
	}
	return words
}
