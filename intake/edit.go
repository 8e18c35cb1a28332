package intake

import (
	"strconv"
	"strings"
	"time"

	"github.com/rapport-dev/rapport/partnership"
	"github.com/rapport-dev/rapport/partnership/money"
	"github.com/rapport-dev/rapport/partnership/timeline"
	"github.com/rapport-dev/rapport/partnership/zones"
)

// Edits are the parts of a campaign that can be changed without its file, each by a word: selection.target, budget, and of timeline publish_from,
// publish_to, produce_days and review_days.
var Edits = []string{"slots", "budget", "from", "to", "produce", "review"}

// EditCampaign is a running campaign with some parts as somebody typed them, by the rules of its file; what is not given stays as it runs. A
// fault's field is the word. launched and day turn dates into instants, as for ParseCampaign.
func EditCampaign(running partnership.Campaign, edits map[string]string, launched time.Time, day time.Duration) (partnership.Campaign, []Fault) {
	r := &reader{file: "the change", lines: map[string]int{}}
	doc := map[string]any{}
	for word, typed := range edits {
		doc[word] = typedAs(word, strings.TrimSpace(typed))
	}
	text, err := WriteDocument(doc)
	if err != nil {
		r.fault(1, "", "not readable: %v", err)
		return running, r.faults
	}
	node, ok := r.open(text)
	if !ok {
		return running, r.faults
	}
	o, _ := r.object(node, "", 1, Edits...)
	c := running
	c.Selection.Target = o.whole("slots", c.Selection.Target, 1, maxTargets, false)
	c.BudgetMinor = budget(o, c.Currency, c.BudgetMinor, false)
	c.Schedule.ProduceDays = o.number("produce", c.Schedule.ProduceDays, 0.1, maxDays)
	c.Schedule.ReviewDays = o.number("review", c.Schedule.ReviewDays, 0.1, maxDays)
	loc, calendar := zones.Or(c.Timezone), timeline.Calendar{Day: day, Zone: c.Timezone}
	if from, is := publishDate(o, "from", launched.In(loc), false); is {
		c.Schedule.PublishFrom = instant(calendar, launched, from, loc)
	}
	if to, is := publishDate(o, "to", launched.In(loc), false); is {
		c.Schedule.PublishTo = instant(calendar, launched, to+1, loc)
	}
	if (o.has("from") || o.has("to")) && !c.Schedule.PublishFrom.Before(c.Schedule.PublishTo) {
		o.fault("to", "is before the first day; the window needs at least one day")
	}
	return c, sortFaults(r.faults)
}

// typedAs is a word's value as the file would have it: numbers without quotes, amounts and dates with them.
func typedAs(word, typed string) any {
	if word == "budget" || word == "from" || word == "to" {
		return typed
	}
	if n, err := strconv.Atoi(typed); err == nil {
		return n
	}
	if n, err := strconv.ParseFloat(typed, 64); err == nil {
		return n
	}
	return typed
}

// Editable is what EditCampaign can change, by its word, as a running campaign has it.
func Editable(c partnership.Campaign, launched time.Time, day time.Duration) map[string]string {
	return map[string]string{
		"slots": strconv.Itoa(c.Selection.Target), "budget": money.Format(c.BudgetMinor, c.Currency),
		"from": dateOf(c.Schedule.PublishFrom, 0, c.Timezone, launched, day), "to": dateOf(c.Schedule.PublishTo, 1, c.Timezone, launched, day),
		"produce": figure(c.Schedule.ProduceDays), "review": figure(c.Schedule.ReviewDays),
	}
}

// dateOf is the day so many days before an instant, as publishDate reads it.
func dateOf(at time.Time, before int, zone string, launched time.Time, day time.Duration) string {
	calendar := timeline.Calendar{Day: day, Zone: zone}
	if !calendar.Real() {
		return "+" + strconv.Itoa(int((at.Sub(launched)+day/2)/day)-before)
	}
	return at.In(zones.Or(zone)).AddDate(0, 0, -before).Format(time.DateOnly)
}
