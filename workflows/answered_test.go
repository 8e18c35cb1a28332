package workflows_test

import (
	"errors"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/rapport-dev/rapport/partnership"
	"github.com/rapport-dev/rapport/workflows"
)

// quiet has the creator say nothing about their draft; asked comes with the question to the manager.
func (pl *play) quiet(risk float64, asked func(task string)) {
	pl.quietOverTheDraft("", nil)
	pl.steps.risk = risk
	eager := pl.steps.onCard
	pl.steps.onCard = func(kind string, id partnership.PartnershipID, task string) {
		if kind != "quiet" {
			eager(kind, id, task)
			return
		}
		pl.steps.risk = 0.1
		asked(task)
	}
}

func (pl *play) replace(task string, proven workflows.Proven) {
	pl.update(workflows.UpdateDecideQuiet, workflows.DecideQuiet{Task: task, Decision: partnership.ChoiceReplace, By: "U1", Proven: proven})
}

func (pl *play) handIn(task string) {
	pl.update(workflows.UpdateSubmitDraft, workflows.SubmitDraft{Task: task, SubmissionID: "s"})
}

// Whoever answered before the manager's decision counted keeps their place, and the manager is told: in the same moment, while the
// campaign is asked for the slot, and while the decision is written down.
func TestADraftThatCameBeforeReplaceIsReviewed(t *testing.T) {
	for name, risk := range map[string]float64{"still counted on": 0.1, "at risk, and the campaign is asked": 0.7} {
		for _, recorded := range []bool{false, true} {
			t.Run(name, func(t *testing.T) {
				pl := newPlay(t)
				pl.quiet(risk, func(task string) {
					pl.after(time.Hour, func() {
						if !recorded {
							pl.handIn(task)
							pl.replace(task, workflows.Proven{})
							return
						}
						back := pl.env.Now().Add(30 * time.Second) // the campaign answers after a minute
						pl.steps.audit = func() error {
							if pl.env.Now().Before(back) {
								return errors.New("store: the database did not answer")
							}
							return nil
						}
						pl.replace(task, proven)
						pl.after(time.Second, func() { pl.handIn(task) })
					})
				})
				require.Equal(t, partnership.Completed, pl.run().Outcome)
				require.NoError(t, pl.acks[workflows.UpdateSubmitDraft])
				require.ErrorContains(t, pl.acks[workflows.UpdateDecideQuiet], "has answered")
				require.Contains(t, pl.steps.log, "card review draft-1")
			})
		}
	}
}

// The other way round the manager's word counts, and the creator is told that their draft did not.
func TestADraftThatCameAfterReplaceIsRefused(t *testing.T) {
	for name, meanwhile := range map[string]bool{"in the same moment": false, "while the campaign is asked for the slot": true} {
		t.Run(name, func(t *testing.T) {
			pl := newPlay(t)
			pl.quiet(0.7, func(task string) {
				pl.after(time.Hour, func() {
					if meanwhile { // they reply, and the slot is asked for
						pl.env.SignalWorkflow(workflows.SignalCreatorActive, workflows.CreatorActive{Channel: "mail_reply", At: pl.env.Now()})
					}
					pl.after(time.Second, func() {
						pl.replace(task, workflows.Proven{})
						pl.handIn(task)
					})
				})
			})
			require.Equal(t, partnership.Replaced, pl.run().Outcome)
			require.NoError(t, pl.acks[workflows.UpdateDecideQuiet])
			require.Error(t, pl.acks[workflows.UpdateSubmitDraft])
			require.NotContains(t, pl.steps.log, "card review draft-1")
		})
	}
}
