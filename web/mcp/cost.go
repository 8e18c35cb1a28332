package mcp

import (
	"encoding/json"
	"slices"

	"github.com/rapport-dev/rapport/partnership"
)

// cost is what a deed may cost; minor is nil where nobody can say: then a person confirms.
type cost struct {
	minor    *int64
	currency string
}

// free are deeds that move no money, commit none, and can be taken back or repeated. What is not here and shows no amount waits for a person.
var free = []string{
	partnership.DeedPause, partnership.DeedResume, partnership.DeedRetryStep, partnership.DeedRetryVendor, partnership.DeedNote, partnership.DeedRejectRun, partnership.DeedRereadOrders,
	partnership.DeedResendEvent, partnership.DeedVeto,
}

// amounts are where documents say what is at stake, and its currency beside it: of a launch, a run, a row or payout.
var amounts = []string{"budget_minor", "total_minor", "amount_minor"}

func costOf(deed string, args arguments, about any) cost {
	none := int64(0)
	if slices.Contains(free, deed) || deed == partnership.DeedApproveRun && args.text("reject") != "" {
		return cost{minor: &none}
	}
	doc, _ := about.(map[string]any)
	if budget, ok := doc["budget"].(map[string]any); ok { // of a campaign: what it has promised
		return amount(budget, "committed_minor")
	}
	if terms, ok := doc["terms"].(map[string]any); ok { // of a partnership
		return amount(terms, "fee_minor")
	}
	if runs, ok := doc["runs"].([]any); ok && deed == partnership.DeedApproveRun && len(runs) > 0 {
		doc, _ = runs[0].(map[string]any) // the newest of its month
	}
	for _, name := range amounts {
		if c := amount(doc, name); c.minor != nil {
			return c
		}
	}
	return cost{}
}

func amount(doc map[string]any, name string) cost {
	number, ok := doc[name].(json.Number)
	currency, known := doc["currency"].(string)
	n, err := number.Int64()
	if !ok || !known || currency == "" || err != nil {
		return cost{}
	}
	n = max(n, -n)
	return cost{&n, currency}
}

// reach is how far a deed about this reaches: its partnerships by stage.
func reach(about any) map[string]any {
	doc, _ := about.(map[string]any)
	list, ok := doc["partnerships"].([]any)
	if !ok {
		return map[string]any{}
	}
	stages, open := map[string]int{}, 0
	for _, one := range list {
		pa, _ := one.(map[string]any)
		if outcome, _ := pa["outcome"].(string); outcome == "" {
			open++
			stage, _ := pa["stage"].(string)
			stages[stage]++
		}
	}
	return map[string]any{"partnerships": len(list), "open": open, "by_stage": stages}
}

// mostShown is how many lines of a list a preview has.
const mostShown = 20

// short is a document with its lists cut: reaches counts them.
func short(about any) any {
	doc, ok := about.(map[string]any)
	if !ok {
		return about
	}
	out := map[string]any{}
	for key, value := range doc {
		if list, ok := value.([]any); ok && len(list) > mostShown {
			value = list[:mostShown]
		}
		if key == "partnerships" {
			continue
		}
		out[key] = value
	}
	return out
}
