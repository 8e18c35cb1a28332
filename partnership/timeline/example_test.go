package timeline_test

import (
	"fmt"
	"time"

	"github.com/rapport-dev/rapport/partnership"
	"github.com/rapport-dev/rapport/partnership/timeline"
	"github.com/rapport-dev/rapport/partnership/zones"
)

// A plan is computed from the schedule and what has happened, and never patched: a parcel that comes late moves the draft, and the
// live date only when the buffer is used up.
func ExampleMake() {
	schedule := partnership.Schedule{OutreachDays: 6, SignDays: 4, ProduceDays: 8, ReviewDays: 3, BufferDays: 4, WindowDays: 30}
	days := timeline.Calendar{Zone: "America/New_York"}
	facts := timeline.Facts{Start: time.Date(2027, 2, 1, 17, 0, 0, 0, time.UTC), Gift: true}

	show := func(when string) {
		plan := timeline.Make(days, schedule, partnership.Micro, facts)
		draft, live := plan.Due(timeline.DraftDue), plan.Due(timeline.PublishDue)
		fmt.Printf("%s: draft %s, live %s, %g days of buffer\n", when, draft.Format("2 Jan"), live.Format("2 Jan"), plan.BufferLeft)
	}
	show("at the start")
	due := timeline.Make(days, schedule, partnership.Micro, facts).Due(timeline.DeliverBy)
	facts.DeliveredAt = due.AddDate(0, 0, 2)
	show("two days late")
	facts.DeliveredAt = due.AddDate(0, 0, 6)
	show("six days late")
	// Output:
	// at the start: draft 1 Mar, live 9 Mar, 4 days of buffer
	// two days late: draft 3 Mar, live 9 Mar, 0 days of buffer
	// six days late: draft 7 Mar, live 12 Mar, 0 days of buffer
}

// A creator is reminded at most once a day, and then the manager is asked. None of it comes at night where the creator lives.
func ExampleLadder() {
	days := timeline.Calendar{Zone: "America/New_York"}
	asked := time.Date(2027, 2, 1, 17, 0, 0, 0, time.UTC)
	for _, rung := range timeline.Ladder(days, partnership.Nano, asked, asked.AddDate(0, 0, 8)) {
		at := days.Quiet(rung.At, "Europe/Berlin").In(zones.Or("Europe/Berlin"))
		fmt.Println(at.Format("2 Jan 15:04"), rung.Step, rung.Action)
	}
	// Output:
	// 6 Feb 09:00 nudge mail
	// 9 Feb 09:00 day_before mail
	// 10 Feb 09:00 due mail
	// 11 Feb 09:00 check_in mail
	// 13 Feb 09:00 escalate escalate
	// 15 Feb 09:00 ghost ghost
}
