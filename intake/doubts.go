package intake

import (
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/rapport-dev/rapport/partnership"
	"github.com/rapport-dev/rapport/partnership/money"
	"github.com/rapport-dev/rapport/partnership/paper"
	"github.com/rapport-dev/rapport/partnership/roster"
	"github.com/rapport-dev/rapport/partnership/timeline"
)

// doubts judges a campaign that was read without faults: the brief, the fees, the budget and the time.
func (r *reader) doubts(c partnership.Campaign, now time.Time, day time.Duration) []Warning {
	var out []Warning
	warn := func(field, format string, args ...any) {
		out = append(out, Warning{r.file, r.line(field), field, fmt.Sprintf(format, args...)})
	}
	if r.guessed > 0 {
		out = append(out, Warning{r.file, r.guessed, "", "the file is not in UTF-8; its accents are read as Western European (Windows-1252): look at the words from here on, and save it as UTF-8 if one of them is wrong"})
	}
	for _, w := range partnership.LintBrief(c.Brief) {
		warn(w.Field, "%s", w.Message)
	}
	var dearest int64
	for _, tier := range c.Selection.Tiers {
		for _, w := range roster.RateWarnings(tier, c.Offer.FeeMinor[tier], c.Currency) {
			warn("offer.fee."+string(tier), "%s", w)
		}
		terms, err := partnership.OfferFor(c, tier)
		if err != nil {
			r.refuse(err)
			continue
		}
		if terms.CommissionOnly() {
			warn("offer", "commission alone puts the whole risk on creators; propose a gift or a modest fee besides it")
		}
		dearest = max(dearest, terms.CostMinor())
	}
	for tier := range c.Offer.FeeMinor {
		if !slices.Contains(c.Selection.Tiers, tier) {
			warn("offer.fee."+string(tier), "selection.tiers does not invite this tier")
		}
	}
	if need := dearest * int64(c.Selection.Target); dearest > 0 && c.BudgetMinor/dearest < int64(c.Selection.Target) {
		warn("budget", "covers %d offers of the dearest tier; %d need %s", c.BudgetMinor/dearest, c.Selection.Target, money.Display(need, c.Currency))
	}
	if calendar := (timeline.Calendar{Day: day, Zone: c.Timezone}).For(c.Schedule); calendar.Real() && calendar.Holidays == "" && calendar.Country() == "" {
		warn("timezone", "no holidays are known for %s, so your business days are Monday to Friday; timeline.holidays names a country to follow, or none", c.Timezone)
	}
	plan := timeline.Make(timeline.Calendar{Day: day, Zone: c.Timezone}, c.Schedule, c.Selection.Tiers[0], timeline.Facts{Start: now, Gift: c.Offer.Gift != nil})
	if plan.Due(timeline.PublishDue).After(c.Schedule.PublishTo) {
		warn("timeline.publish_to", "if everybody takes all the time they are given, content is ready after the publish window")
	} else if plan.BufferLeft < c.Schedule.BufferDays {
		warn("timeline.publish_to", "if everybody takes all the time they are given, %g of %g buffer days are left", plan.BufferLeft, c.Schedule.BufferDays)
	}
	slices.SortStableFunc(out, func(a, b Warning) int { return a.Line - b.Line })
	return out
}

// drawable refuses words that would be holes in every contract of the campaign.
func (r *reader) drawable(c partnership.Campaign, fonts *paper.Fonts) {
	for _, w := range c.ContractWords() {
		if strange := fonts.Undrawable(w.Words); len(strange) > 0 {
			r.refuse(partnership.FieldErrorf(w.Field, "holds %s, which no font here has: it cannot stand in a contract; write it otherwise, or add a font that has it (RAPPORT_FONTS)", paper.Named(strange)))
		}
	}
}

// refuse turns a refusal of the rules into a fault of the field it is about.
func (r *reader) refuse(err error) {
	field, message := "", err.Error()
	if e, ok := errors.AsType[*partnership.Error](err); ok {
		field, message = e.Field, e.Message
	}
	f := Fault{r.file, r.line(field), field, message}
	if !slices.Contains(r.faults, f) {
		r.faults = append(r.faults, f)
	}
}
