package workflows

import (
	"fmt"
	"math"

	"go.temporal.io/sdk/workflow"

	"github.com/rapport-dev/rapport/partnership"
	"github.com/rapport-dev/rapport/partnership/timeline"
)

// extensionState is more time that is granted on the open task.
type extensionState struct {
	Extra    float64 `json:"Extra"`    // campaign days that are not yet used
	Extended string  `json:"Extended"` // the task that has had its extension
}

// RequestExtension asks for more days on the task that is open. Granted by rule once per task, up to the buffer left.
type RequestExtension struct {
	Task string  `json:"Task"`
	Days float64 `json:"Days"`
	Proven
}

func (s *extensionState) noExtra() { s.Extra = 0 }

// GiveTime is a manager's word that what is open gets more time, asked or not.
type GiveTime struct {
	Days float64 `json:"Days"`
	By   string  `json:"By"`
	Proven
}

// moreTime is a manager's: the creator keeps the extension that is theirs by rule.
func (s *extensionState) moreTime(days float64) { s.Extra += days }

// handleExtension takes a creator's wish for more time.
func (s *story) handleExtension(ctx workflow.Context) error {
	return update(ctx, s, UpdateRequestExtension, s.mayExtend, func(ctx workflow.Context, m RequestExtension) {
		s.Extended, s.Extra = m.Task, m.Days
		s.active(ctx)
	})
}

// mayExtend grants an extension by rule: once for each task, of at most five days, for what the creator makes.
func (s *story) mayExtend(m RequestExtension) error {
	switch {
	case !s.asked(partnership.TaskDraft, m.Task) && !s.asked(partnership.TaskPost, m.Task):
		return refuse(partnership.Conflict, "only the draft or post that is open now can get more time")
	case s.Extended == m.Task:
		return refuse(partnership.Conflict, "this task has had its extension; reply to the mail to talk about more time")
	case m.Days <= 0 || m.Days > timeline.MaxExtension:
		return refuseField("days", "must be more than 0 and at most 5")
	}
	return nil
}

// mayGiveTime lets a manager give time for what the creator makes, as long as the place is theirs and the answer is not there.
func (s *story) mayGiveTime(m GiveTime) error {
	switch {
	case s.OpenTask == "" || s.OpenKind != partnership.TaskDraft && s.OpenKind != partnership.TaskPost:
		return refuse(partnership.Conflict, "only a draft or post that is open can get more time, and none is asked for now")
	case s.answered():
		return refuse(partnership.Conflict, "the creator has answered: nothing waits for them")
	case s.Away != nil || s.Quiet != nil:
		return refuse(partnership.Conflict, "their place is offered to somebody else, or just being decided about; decide about the silence instead")
	case !(m.Days > 0 && m.Days <= timeline.MostGiven):
		return refuseField("days", fmt.Sprintf("must be more than 0 and at most %d", timeline.MostGiven))
	}
	return nil
}

// quietExtension is what a manager's "extend" gives, and what a creator gets who comes back, in campaign days from now.
const quietExtension = 3

// giveTime extends what is open and tells the new dates.
func (s *story) giveTime(ctx workflow.Context, a ask, days float64) error {
	before := s.Plan
	s.extend(ctx, a, s.fromNow(ctx, a, days))
	return s.tellMoved(ctx, before, move{owner: timeline.Creator, cause: "You have more time"})
}

// fromNow is what days from now, or from the due date when that is still to come, are as an extension. What is late counts in whole
// days, so that it is due at the same hour.
func (s *story) fromNow(ctx workflow.Context, a ask, days float64) float64 {
	return math.Ceil(max(0, s.cal.Days(a.due(), workflow.Now(ctx)))) + days
}

// extend moves the due date of what is open and says so on the timeline.
func (s *story) extend(ctx workflow.Context, a ask, days float64) {
	before := a.due()
	s.noExtra()
	s.grant(ctx, a.kind, days, timeline.Creator, "more time was given for "+a.what)
	s.note(ctx, "deadline_moved", "creator", fmt.Sprintf("%g more days for %s: due %s, was %s.", days, a.what,
		a.due().UTC().Format("2 Jan"), before.UTC().Format("2 Jan")))
}
