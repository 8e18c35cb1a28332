package main

import (
	"io"
	"strconv"
	"time"

	"github.com/rapport-dev/rapport/partnership"
	"github.com/rapport-dev/rapport/partnership/board"
	"github.com/rapport-dev/rapport/partnership/zones"
	"github.com/rapport-dev/rapport/web/calendar"
)

type campaignCalendarCommand struct {
	ID  string `arg:"" help:"Its id or the beginning of it, or its name: as campaign list shows them."`
	ICS bool   `name:"ics" help:"Print it as iCalendar, as its feed gives it."`
}

func (campaignCalendarCommand) Help() string {
	return `What is due when, for whom, and how many days of buffer are left. The link under it is the same as a feed for calendar
programs; whoever has the link can read it.

  rapport campaign calendar ID --ics > campaign.ics`
}

func (c campaignCalendarCommand) Run(a *app) error {
	if c.ICS && a.json {
		return partnership.FieldErrorf("ics", "--ics and --json exclude each other")
	}
	id, err := a.campaignID(c.ID)
	if err != nil {
		return err
	}
	document, err := a.opened.CampaignCalendar(a.ctx, id)
	if err != nil {
		return hint(err, unknownCampaign)
	}
	if c.ICS {
		return calendar.Write(a.out, document, a.loaded.PublicURL)
	}
	return a.show(document, func(w io.Writer) { writeCalendar(w, document) })
}

func writeCalendar(w io.Writer, d board.Calendar) {
	line(w, "%s, in %s", d.Name, d.Timezone)
	if len(d.Entries) == 0 {
		line(w, "Nothing is due.")
	}
	var rows [][]string
	for _, e := range d.Entries {
		who, buffer := "", ""
		if e.Creator != nil {
			who, buffer = "@"+e.Creator.Handle, strconv.FormatFloat(e.BufferDaysLeft, 'f', -1, 64)+" d"
		}
		rows = append(rows, []string{dueIn(e.Due, d.Timezone), who, e.What, e.Owner, buffer, mark(e)})
	}
	if len(rows) > 0 {
		table(w, "due creator what who_acts buffer now", rows)
	}
	line(w, "Subscribe in a calendar program (the link is a secret): %s", d.FeedURL)
}

// mark says what is special about a date.
func mark(e board.CalendarEntry) string {
	switch {
	case e.Paused:
		return "paused"
	case e.Overdue:
		return "overdue"
	case e.Awaited:
		return "awaited"
	case e.HeldUp:
		return "held up"
	default:
		return ""
	}
}

// dueIn is a date with its time of day in the campaign's zone.
func dueIn(t time.Time, timezone string) string {
	zone := zones.Or(timezone)
	return t.In(zone).Format("Mon 2 Jan 2006 15:04")
}
