package amend

import (
	"strconv"
	"strings"
	"time"

	"github.com/rapport-dev/rapport/partnership"
	"github.com/rapport-dev/rapport/partnership/money"
	"github.com/rapport-dev/rapport/partnership/zones"
)

// Edits are the parts of a campaign's file that can be changed without the file: each by its word, as somebody typed it.
var Edits = []string{"slots", "budget", "from", "to", "produce", "review"}

// mostDays is how long a creator may have for a step, in campaign days.
const mostDays = 365

// Edit is the change of a running campaign that words such as slots=32 or to=2026-12-20 ask for; what is not given stays as it runs.
func Edit(running partnership.Campaign, edits map[string]string) (partnership.CampaignChange, error) {
	spec := running
	for word, typed := range edits {
		typed = strings.TrimSpace(typed)
		var err error
		switch word {
		case "slots":
			spec.Selection.Target, err = number(word, typed, 1, 10_000)
		case "budget":
			if spec.BudgetMinor, err = money.Parse(typed, running.Currency); err != nil || spec.BudgetMinor <= 0 {
				err = partnership.FieldErrorf(word, "%q is no amount of %s; write it like 40000 or 40000.50", typed, running.Currency)
			}
		case "from":
			var day time.Time
			day, err = dayOf(word, typed, running.Timezone)
			spec.Schedule.PublishFrom = day.UTC()
		case "to": // the last day on which a post may go live
			var day time.Time
			day, err = dayOf(word, typed, running.Timezone)
			spec.Schedule.PublishTo = day.AddDate(0, 0, 1).UTC()
		case "produce":
			spec.Schedule.ProduceDays, err = daysOf(word, typed)
		case "review":
			spec.Schedule.ReviewDays, err = daysOf(word, typed)
		default:
			err = partnership.FieldErrorf(word, "is nothing that can be changed here; allowed are %s, and all else by the changed file", strings.Join(Edits, ", "))
		}
		if err != nil {
			return partnership.CampaignChange{}, err
		}
	}
	if !spec.Schedule.PublishFrom.Before(spec.Schedule.PublishTo) {
		return partnership.CampaignChange{}, partnership.FieldErrorf("to", "the last day to post is before the first")
	}
	return partnership.CampaignChange{Spec: spec}, nil
}

func number(word, typed string, least, most int) (int, error) {
	n, err := strconv.Atoi(typed)
	if err != nil || n < least || n > most {
		return 0, partnership.FieldErrorf(word, "%q is not allowed: a number from %d to %d", typed, least, most)
	}
	return n, nil
}

func daysOf(word, typed string) (float64, error) {
	n, err := strconv.ParseFloat(strings.Replace(typed, ",", ".", 1), 64)
	if err != nil || !(n > 0 && n <= mostDays) {
		return 0, partnership.FieldErrorf(word, "%q is not allowed: more than 0 and at most %d days", typed, mostDays)
	}
	return n, nil
}

// dayOf is the beginning of a day in the campaign's zone.
func dayOf(word, typed, zone string) (time.Time, error) {
	at, err := time.ParseInLocation(time.DateOnly, typed, zones.Or(zone))
	if err != nil {
		return at, partnership.FieldErrorf(word, "%q is no day; write it like 2026-12-20", typed)
	}
	return at, nil
}
