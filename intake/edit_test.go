package intake_test

import (
	"strings"
	"testing"
	"time"

	"github.com/rapport-dev/rapport/intake"
	"github.com/rapport-dev/rapport/partnership"
)

var editLaunched = time.Date(2026, 8, 3, 15, 30, 0, 0, time.UTC)

// editable is a campaign in a zone in which the day of 6 September 2026 begins at one o'clock.
func editable() partnership.Campaign {
	return partnership.Campaign{
		Currency: "USD", Timezone: "America/Santiago", BudgetMinor: 3_000_000, Selection: partnership.Selection{Target: 3},
		Schedule: partnership.Schedule{
			PublishFrom: time.Date(2026, 9, 1, 4, 0, 0, 0, time.UTC), PublishTo: time.Date(2026, 9, 21, 3, 0, 0, 0, time.UTC), ProduceDays: 10, ReviewDays: 2.5,
		},
	}
}

func TestWhatIsShownToBeEditedChangesNothing(t *testing.T) {
	t.Parallel()
	for _, day := range []time.Duration{realDay, time.Minute} {
		c := editable()
		if day != realDay { // a demo's campaign: days of a minute, from its launch on
			c.Schedule.PublishFrom, c.Schedule.PublishTo = editLaunched.Add(18*day), editLaunched.Add(41*day)
		}
		values := intake.Editable(c, editLaunched, day)
		if len(values) != len(intake.Edits) {
			t.Errorf("%d values of %d words", len(values), len(intake.Edits))
		}
		same, faults := intake.EditCampaign(c, values, editLaunched, day)
		if len(faults) > 0 || same.Schedule != c.Schedule || same.BudgetMinor != c.BudgetMinor || same.Selection.Target != c.Selection.Target {
			t.Errorf("days of %s: %+v becomes %+v by %v, %v", day, c.Schedule, same.Schedule, values, faults)
		}
	}
}

func TestAnEditIsReadAsTheFileWouldBe(t *testing.T) {
	t.Parallel()
	c, faults := intake.EditCampaign(editable(), map[string]string{"slots": "5", "budget": "40,000.50", "from": "2026-09-06", "produce": "7.5"}, editLaunched, realDay)
	from := time.Date(2026, 9, 6, 4, 0, 0, 0, time.UTC) // the day's first instant: there is no midnight
	if len(faults) > 0 || c.Selection.Target != 5 || c.BudgetMinor != 4_000_050 || !c.Schedule.PublishFrom.Equal(from) || c.Schedule.ProduceDays != 7.5 || c.Schedule.ReviewDays != 2.5 {
		t.Errorf("%+v, %v", c, faults)
	}
	for word, says := range map[string]string{
		"slots=many":      "a whole number from 1 to",
		"slots=2.5":       "a whole number from 1 to",
		"slots=0":         "a whole number from 1 to",
		"budget=0":        "must be above zero",
		"budget=-1":       "is negative",
		"budget=1,23,4":   "is not allowed",
		"from=tomorrow":   "a date such as 2026-12-01",
		"from=2026-10-01": "is before the first day",
		"to=2026-08-30":   "is before the first day",
		"produce=0":       "a number from 0.1 to",
		"review=long":     "a number from 0.1 to",
		"name=Other":      "unknown key",
		"from=[2026]":     "is not allowed",
		"budget=\"1\"\n#": "is not allowed",
	} {
		key, typed, _ := strings.Cut(word, "=")
		if _, faults := intake.EditCampaign(editable(), map[string]string{key: typed}, editLaunched, realDay); len(faults) != 1 || !strings.Contains(faults[0].Message, says) {
			t.Errorf("%s: %+v", word, faults)
		}
	}
}
