package partnership

import (
	"fmt"
	"slices"
	"strings"

	"github.com/rapport-dev/rapport/partnership/money"
)

// Units lists what is to be made one by one: a count of two is two entries, each with its own name ("instagram_reel-1").
func (t Terms) Units() []string {
	var units []string
	for _, d := range t.Deliverables {
		for range d.Count {
			units = append(units, fmt.Sprintf("%s-%d", d.Kind, len(units)+1))
		}
	}
	return units
}

// FeeShare is the part of the fee that unit i of Units earns. The parts sum to the fee to the last minor unit.
func (t Terms) FeeShare(i int) int64 {
	weights := make([]int64, len(t.Units()))
	for j := range weights {
		weights[j] = 1
	}
	if i < 0 || i >= len(weights) {
		return 0
	}
	return money.Allocate(t.FeeMinor, weights)[i]
}

// Fee is what a deliverable earns once it is live.
type Fee struct {
	Deliverable string `json:"deliverable"`
	AmountMinor int64  `json:"amount_minor"`
	Currency    string `json:"currency"`
}

// Fee is the fee of a deliverable by its name; "" is the only one. *Error where the terms have no such deliverable, or no fee.
func (t Terms) Fee(of string) (Fee, error) {
	units := t.Units()
	if of == "" && len(units) == 1 {
		of = units[0]
	}
	i := slices.Index(units, of)
	switch {
	case t.FeeMinor == 0:
		return Fee{}, Errorf(Conflict, "these terms have no fee")
	case i < 0:
		return Fee{}, FieldErrorf("deliverable", "say which of these is live: %s", strings.Join(units, ", "))
	}
	return Fee{Deliverable: of, AmountMinor: t.FeeShare(i), Currency: t.Currency}, nil
}

// Summary is the terms in one line: "$500.00 fee, 10 % commission, gift worth $36.00".
func (t Terms) Summary() string {
	var parts []string
	if t.FeeMinor > 0 {
		parts = append(parts, money.Display(t.FeeMinor, t.Currency)+" fee")
	}
	if t.CommissionBPS > 0 {
		parts = append(parts, money.FormatPercent(t.CommissionBPS)+" % commission")
	}
	if len(t.Tiers) > 0 {
		parts = append(parts, "up to "+money.FormatPercent(t.Tiers[len(t.Tiers)-1].BPS)+" %")
	}
	if len(t.Bonuses) > 0 {
		parts = append(parts, "bonuses")
	}
	if t.Gift != nil {
		parts = append(parts, "gift worth "+money.Display(t.Gift.ValueMinor, t.Currency))
	}
	return strings.Join(parts, ", ")
}

// KindOf is the kind of a unit of Units.
func KindOf(unit string) string {
	if i := strings.LastIndex(unit, "-"); i >= 0 {
		return unit[:i]
	}
	return unit
}

// KindInWords is a deliverable's kind as people say it, with platforms as they write themselves.
func KindInWords(kind string) string {
	words := strings.Fields(strings.ReplaceAll(kind, "_", " "))
	for i, w := range words {
		switch strings.ToLower(w) {
		case "tiktok":
			words[i] = "TikTok"
		case "youtube":
			words[i] = "YouTube"
		case "instagram":
			words[i] = "Instagram"
		}
	}
	return strings.Join(words, " ")
}

// KindTitle is a kind as platforms write it: "Instagram Reel".
func KindTitle(kind string) string {
	words := strings.Fields(KindInWords(kind))
	for i, w := range words {
		words[i] = strings.ToUpper(w[:1]) + w[1:]
	}
	return strings.Join(words, " ")
}
