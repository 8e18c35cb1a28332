package workflows

import (
	"errors"
	"time"

	"go.temporal.io/sdk/workflow"

	"github.com/rapport-dev/rapport/activities"
	"github.com/rapport-dev/rapport/partnership"
)

// silenceState is what a manager is asked about a silence.
type silenceState struct {
	QuietTask string       `json:"QuietTask"` // the task whose silence it is
	Quiet     *DecideQuiet `json:"Quiet"`     // what the manager said, until it is done
	Unshown   *Unshown     `json:"Unshown,omitempty"`
}

// Unshown is a question about a silence that the chat did not take: the ladder goes on, and "try again" posts it again.
type Unshown struct {
	Card activities.QuietCard `json:"Card"`
	Seen int                  `json:"Seen"` // of the retries, when it was refused
}

// DecideQuiet is a manager's decision on a quiet creator.
type DecideQuiet struct {
	Task     string             `json:"Task"`
	Decision partnership.Choice `json:"Decision"`
	By       string             `json:"By"`
	Proven
}

// notQuiet drops the question and what was said to it.
func (s *silenceState) notQuiet() { s.QuietTask, s.Quiet = "", nil }

// handleSilence takes the manager's word on a silence, and more time that they give, which may answer one.
func (s *story) handleSilence(ctx workflow.Context) error {
	if err := update(ctx, s, UpdateGiveTime, s.mayGiveTime, func(ctx workflow.Context, m GiveTime) {
		s.moreTime(m.Days)
		s.gaveTime(ctx, m.By)
	}); err != nil {
		return err
	}
	return updateIfStill(ctx, s, UpdateDecideQuiet,
		func(m DecideQuiet) error { return s.mayDecideQuiet(m, s.answeredQuiet()) },
		func(ctx workflow.Context, m DecideQuiet) error {
			return s.mayDecideQuiet(m, s.answeredQuiet() && answersOutrankDecisions(ctx))
		},
		func(_ workflow.Context, m DecideQuiet) { s.Quiet = &m })
}

func (s *story) mayDecideQuiet(m DecideQuiet, outranked bool) error {
	if s.QuietTask == "" || m.Task != s.QuietTask || s.Quiet != nil {
		return refuse(partnership.Conflict, "this has been decided already, or the creator has answered")
	}
	if outranked {
		return refuse(partnership.Conflict, "the creator has answered meanwhile and keeps their place; look at what they sent")
	}
	if m.Decision != partnership.ChoiceExtend && m.Decision != partnership.ChoiceKeepWaiting && m.Decision != partnership.ChoiceReplace {
		return refuseField("decision", "must be extend, keep_waiting or replace")
	}
	if s.released() && m.Decision != partnership.ChoiceReplace {
		return refuse(partnership.Conflict, "a standby creator has taken the slot; if this one comes back, a further slot is given when the budget covers it")
	}
	return nil
}

// answeredQuiet says whether the creator about whose silence the manager is asked has answered. Whoever answered before the decision
// counted keeps their place.
func (s *story) answeredQuiet() bool {
	return s.QuietTask != "" && s.QuietTask == s.OpenTask && s.answered()
}

// replaced says whether the manager has given the creator's place to somebody else: what comes in now would be lost.
func (s *story) replaced() bool {
	return s.Quiet != nil && s.Quiet.Decision == partnership.ChoiceReplace
}

const placeGiven = "we have just given your place to somebody else; reply to our mail, and if there is still a place for you, we find it together"

// escalate asks the manager what to do about a silence: extend, keep waiting or replace.
func (s *story) escalate(ctx workflow.Context, a ask, stepName string, most time.Duration) error {
	s.QuietTask = a.task
	s.needs("no sign of life while waiting for " + a.what)
	s.settles(ctx, partnership.AsksSilence, partnership.Closing{State: partnership.QuestionOver, Came: "It is asked again in a newer card."}, about(a.task))
	s.puts(ctx, partnership.Question{
		Kind: partnership.AsksSilence, Of: a.task + ":" + stepName, Card: partnership.Key(s.PartnershipID, s.Stage, a.task+"/"+stepName, 1), What: a.what,
		Due: workflow.Now(ctx).Add(most), LastActive: s.LastActive, WasDue: s.Deadline,
	})
	s.note(ctx, "went_quiet", "creator", "No sign of life while waiting for "+a.what+"; the manager was asked.")
	s.waitFor(ctx, a.what, s.Deadline)
	card := activities.QuietCard{PartnershipID: s.PartnershipID, Stage: s.Stage, Task: a.task, Step: stepName, What: a.what, Due: s.Deadline, LastActive: s.LastActive}
	return s.askAboutSilence(ctx, a, card, most)
}

// decideQuiet does what the manager said about a silence.
func (s *story) decideQuiet(ctx workflow.Context, a ask) (again bool, err error) {
	s.forgetQuiet()
	decision, by, task := s.Quiet.Decision, s.Quiet.By, s.QuietTask
	s.notQuiet()
	s.needs("")
	defer func() { s.quietSettled(ctx, a, task, decision, by, err) }()
	if decision == partnership.ChoiceReplace && !(a.done() && answersOutrankDecisions(ctx)) {
		return false, &Ending{Outcome: partnership.Replaced, Reason: "replaced by the manager after a silence"}
	}
	if s.Away != nil {
		if err := s.reclaim(ctx, a); err != nil {
			return false, err
		}
		if a.done() { // they have answered meanwhile
			return false, nil
		}
	}
	if a.done() && decision == partnership.ChoiceReplace { // and at risk no longer either
		return false, nil
	}
	if decision == partnership.ChoiceExtend {
		return true, s.giveTime(ctx, a, quietExtension)
	}
	s.active(ctx) // the silence counts from now
	s.note(ctx, "kept_waiting", "brand", "The manager keeps waiting.")
	return true, nil
}

// quietSettled says what came of a manager's word on a silence.
func (s *story) quietSettled(ctx workflow.Context, a ask, task string, decision partnership.Choice, by string, err error) {
	as := partnership.Closing{State: partnership.QuestionAnswered, Choice: decision, By: by}
	end, ended := errors.AsType[*Ending](err)
	switch {
	case ended && end.Outcome == partnership.Replaced:
		as.Came = "The partnership has ended and the creator is told; the place goes to the next who can still be asked."
	case ended:
		as.Came, as.Amiss = closedDetail(*end), true
	case err != nil:
		return // the end says it
	case a.done():
		as.Came, as.Amiss = "The creator has answered meanwhile and keeps their place.", true
	case decision == partnership.ChoiceExtend:
		as.Came = "It is due " + onDay(a.due()) + ", and the creator is told."
	default:
		as.Came = "The silence counts from now."
	}
	s.settles(ctx, partnership.AsksSilence, as, about(task))
}

// gaveTime closes what is asked about a silence when a manager has given time by another way.
func (s *story) gaveTime(ctx workflow.Context, by string) {
	if s.QuietTask == "" {
		return
	}
	s.settles(ctx, partnership.AsksSilence, partnership.Closing{State: partnership.QuestionAnswered, Choice: partnership.ChoiceExtend, By: by, Came: "There is more time, and the creator is told."}, about(s.QuietTask))
	s.forgetQuiet()
	s.notQuiet()
	s.needs("")
}

// answersOutrankDecisions is false in stories that gave the place of a creator away who had answered just before.
func answersOutrankDecisions(ctx workflow.Context) bool {
	return workflow.GetVersion(ctx, "answers-outrank-decisions", workflow.DefaultVersion, 1) == 1
}

// askAboutSilence asks the manager what to do about a silence. It keeps trying until the next rung of the ladder is due.
func (s *story) askAboutSilence(ctx workflow.Context, a ask, card activities.QuietCard, most time.Duration) error {
	s.forgetQuiet()
	s.needs("no sign of life while waiting for " + a.what)
	over := func() bool { return a.done() || s.Quiet != nil || s.back(a) || s.released() }
	asked, shown, err := showCard(ctx, s, askAboutSilence, "Ask the manager about the silence", card, most, over)
	s.watch(ctx, a, asked.Risk)
	if err == nil && !shown && !over() {
		s.Unshown = &Unshown{Card: card, Seen: s.Retries}
		s.waitsForRetry()
		s.waitFor(ctx, s.WaitingFor, s.Deadline)
	}
	return err
}

// quietAgain says that somebody asked to post the question about a silence again.
func (s *story) quietAgain() bool { return s.Unshown != nil && s.Retries > s.Unshown.Seen }

// forgetQuiet drops a question that was not shown, once it is answered or asked again.
func (s *story) forgetQuiet() {
	if s.Unshown != nil {
		s.Unshown = nil
		s.recovered()
	}
}
