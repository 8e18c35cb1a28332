package timeline

import (
	"time"

	"github.com/rapport-dev/rapport/partnership"
)

// InTime says whether somebody who is invited now could still post inside the publish window: with everybody else prompt, there has
// to be the time to make the content and to publish it. Without a last date there is always time.
func InTime(c Calendar, s partnership.Schedule, now time.Time) bool {
	return s.PublishTo.IsZero() || !c.Add(now, s.ProduceDays+PostDays).After(s.PublishTo)
}

// ForStandby is the schedule of a standby creator who is offered the slot of somebody who went quiet: the slot's clock is running, so
// the offer stands for half of the usual time, a day at the least.
func ForStandby(s partnership.Schedule) partnership.Schedule {
	s.OutreachDays = min(s.OutreachDays, max(1, s.OutreachDays/2))
	return s
}
