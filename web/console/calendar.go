package console

import (
	"context"
	"net/http"
	"time"

	"github.com/rapport-dev/rapport/partnership"
	"github.com/rapport-dev/rapport/partnership/board"
	"github.com/rapport-dev/rapport/web/page"
)

func (c *Console) calendar(w http.ResponseWriter, r *http.Request, v visitor) {
	doc, err := c.Store.CampaignCalendar(r.Context(), partnership.CampaignID(r.PathValue("id")))
	if err != nil {
		c.fail(w, r, err)
		return
	}
	r = c.inCampaigns(r, doc.CampaignID)
	page.Show(w, r, http.StatusOK, calendarPage(v, doc, byWeek(r.Context(), doc, c.Now())))
}

// week are the days of a week on which something is due. Those that are near, and what lies behind, are unfolded.
type week struct {
	Name  string
	Near  bool
	Dates int
	Days  []calendarDay
}

// byWeek folds what is far: nobody scrolls through a season on a phone.
func byWeek(ctx context.Context, d board.Calendar, now time.Time) (weeks []week) {
	for _, day := range byDay(ctx, d, now) {
		name, near := "Before now", true
		if !day.Past {
			name, near = weekOf(ctx, day.Entries[0].Due, now)
		}
		if len(weeks) == 0 || weeks[len(weeks)-1].Name != name {
			weeks = append(weeks, week{Name: name, Near: near})
		}
		last := &weeks[len(weeks)-1]
		last.Days, last.Dates = append(last.Days, day), last.Dates+len(day.Entries)
	}
	return weeks
}

func weekOf(ctx context.Context, due, now time.Time) (name string, near bool) {
	monday := func(t time.Time) time.Time {
		day := midnight(ctx, t)
		return day.AddDate(0, 0, -(int(day.Weekday())+6)%7)
	}
	switch weeks := int(monday(due).Sub(monday(now)).Hours() / (7 * 24)); weeks {
	case 0:
		return "This week", true
	case 1:
		return "Next week", true
	default:
		return "Week of " + monday(due).Format("2 January"), false
	}
}
