package workflows

import (
	"fmt"
	"slices"
	"strings"

	"go.temporal.io/sdk/workflow"

	"github.com/rapport-dev/rapport/activities"
	p "github.com/rapport-dev/rapport/partnership"
	"github.com/rapport-dev/rapport/partnership/timeline"
)

// forCreator are the dates that a creator plans by; the others are the brand's and the carrier's own.
var forCreator = []timeline.Kind{timeline.OfferDue, timeline.SignDue, timeline.DraftDue, timeline.PublishDue}

// cascade recomputes the plan after a fact and tells what moved by it. The slip is booked to owner with its cause; buffer is
// used up first and the live date moves last, because the plan says so. Whoever waits on a ladder draws it anew, so that no
// reminder of an old date goes out; the creator hears of all their dates in one mail, the manager in one message that is kept
// up to date.
func (s *story) cascade(ctx workflow.Context, owner, cause string) error {
	return s.cascadeWith(ctx, owner, cause, false)
}

// cascadeAmended is cascade for an amendment, of which the campaign tells the team in one message for all: a message about this
// partnership is kept up to date, but none is posted.
func (s *story) cascadeAmended(ctx workflow.Context) error {
	return s.cascadeWith(ctx, "brand", "We have changed the dates of the campaign", true)
}

func (s *story) cascadeWith(ctx workflow.Context, owner, cause string, updateOnly bool) error {
	before := s.Plan
	s.replan()
	moved := timeline.Diff(before, s.Plan, s.cal)
	if len(moved) == 0 {
		return nil
	}
	s.Moves++
	words := strings.Split(timeline.Words(moved), "\n")
	s.Events = append(s.Events, p.TimelineEvent{
		At: workflow.Now(ctx), Kind: "dates_moved", Owner: owner, Days: moved[0].Days,
		Detail: fmt.Sprintf("%s. %s. Buffer left: %g days.", cause, strings.Join(words, "; "), s.Plan.BufferLeft),
	})
	theirs := slices.DeleteFunc(slices.Clone(moved), func(c timeline.Change) bool { return !slices.Contains(forCreator, c.Kind) })
	if len(theirs) > 0 {
		letter := activities.Letter{
			PartnershipID: s.PartnershipID, Stage: s.Stage, Kind: "dates_moved", Task: "dates", Step: fmt.Sprintf("moved-%d", s.Moves),
			Words: strings.Split(timeline.Words(theirs), "\n"), Cause: cause,
		}
		if _, err := step[activities.Sent](ctx, s, QueueMail, "Tell the creator which dates moved", act.SendLetter, letter); err != nil {
			return err
		}
	}
	news := activities.ScheduleNews{
		PartnershipID: s.PartnershipID, Cause: cause, Owner: owner, Words: words, BufferLeft: s.Plan.BufferLeft, Seq: s.Moves, UpdateOnly: updateOnly,
	}
	_, err := step[p.MessageRef](ctx, s, QueueChat, "Tell the manager which dates moved", act.TellSchedule, news)
	return err
}
