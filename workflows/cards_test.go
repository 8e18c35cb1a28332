package workflows_test

import (
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/rapport-dev/rapport/activities"
	"github.com/rapport-dev/rapport/partnership"
	"github.com/rapport-dev/rapport/workflows"
)

// chats are the ways in which a chat takes no card: it refuses each for good, or it is not there and never answers.
var chats = map[string]func() error{
	"archived": func() error {
		return refusedForGood("cannot post there: set SLACK_CHANNEL to a channel's id and invite the app to that channel")
	},
	"away": func() error { return errors.New("no answer") },
}

func attentions(pl *play) string {
	var all []string
	for _, b := range pl.steps.board {
		all = append(all, b.Attention)
	}
	return strings.Join(all, "\n")
}

func TestADraftIsApprovedByRuleWithoutAChat(t *testing.T) {
	for name, chat := range chats {
		t.Run(name, func(t *testing.T) {
			pl := newPlay(t)
			pl.eager()
			pl.steps.chat = chat
			require.Equal(t, partnership.Completed, pl.run().Outcome)
			asked, approved := pl.at(t, "mail draft_request"), pl.at(t, "mail cleared_to_post")
			require.InDelta(t, 5, (approved-asked).Hours()/24, 1.5, "two days for the draft and three for the review")
			require.Contains(t, attentions(pl), "not in the chat: Show the draft to a manager")
		})
	}
}

func TestADraftIsReviewedElsewhereWithoutAChat(t *testing.T) {
	for name, chat := range chats {
		t.Run(name, func(t *testing.T) {
			pl := newPlay(t)
			pl.eager()
			pl.steps.chat = chat
			mail := pl.steps.onMail
			pl.steps.onMail = func(l activities.Letter) {
				mail(l)
				if l.Kind == "draft_request" {
					pl.after(3*day, func() {
						pl.update(workflows.UpdateReviewDraft, workflows.ReviewDraft{Task: l.Task, Decision: partnership.ChoiceApprove, By: "api:ana"})
					})
				}
			}
			require.Equal(t, partnership.Completed, pl.run().Outcome)
			require.NoError(t, pl.acks[workflows.UpdateReviewDraft])
			asked, approved := pl.at(t, "mail draft_request"), pl.at(t, "mail cleared_to_post")
			require.Less(t, approved-asked, 4*day, "it waited for the card although somebody had answered")
		})
	}
}

// Once the channel is there again, a person posts the card at any door.
func TestACardIsPostedAgain(t *testing.T) {
	pl := newPlay(t)
	pl.eager()
	pl.steps.refuse["AskForReview"] = refusedForGood("is_archived")
	mail := pl.steps.onMail
	pl.steps.onMail = func(l activities.Letter) {
		mail(l)
		if l.Kind == "draft_request" {
			pl.after(2*day+time.Hour, func() { pl.update(workflows.UpdateRetryStep, workflows.RetryStep{By: "cli:ana"}) })
		}
	}
	require.Equal(t, partnership.Completed, pl.run().Outcome)
	require.NoError(t, pl.acks[workflows.UpdateRetryStep])
	require.Contains(t, pl.steps.log, "card review draft-1")
	last := pl.steps.board[len(pl.steps.board)-1]
	require.Empty(t, last.Attention)
}

func TestACounterOfferIsDecidedByRuleWithoutAChat(t *testing.T) {
	for name, chat := range chats {
		t.Run(name, func(t *testing.T) {
			pl := newPlay(t)
			pl.steps.chat = chat
			pl.steps.onMail = func(l activities.Letter) {
				if l.Kind == "invitation" {
					pl.after(day, func() {
						pl.update(workflows.UpdateAnswerOffer, workflows.AnswerOffer{Task: l.Task, Answer: partnership.ChoiceCounter, FeeMinor: 90_000})
					})
				}
			}
			require.Equal(t, partnership.Expired, pl.run().Outcome)
			require.InDelta(t, 4, pl.at(t, "mail counter_refused").Hours()/24, 1.2, "refused by rule after the review time")
		})
	}
}

func TestASilenceGoesItsWayWithoutAChat(t *testing.T) {
	silent := func(t *testing.T, chat func() error) *play {
		pl := newPlay(t)
		pl.eager()
		pl.steps.chat = chat
		mail := pl.steps.onMail
		pl.steps.onMail = func(l activities.Letter) {
			if l.Kind != "draft_request" {
				mail(l)
			}
		}
		pl.slot = func(m workflows.SlotChanged) {
			if m.Change == workflows.SlotReturned {
				pl.decide(workflows.SlotKept)
			}
		}
		require.Equal(t, partnership.Ghosted, pl.run().Outcome)
		return pl
	}
	usual := silent(t, nil)
	for name, chat := range chats {
		t.Run(name, func(t *testing.T) {
			pl := silent(t, chat)
			require.Equal(t, usual.at(t, "mail ended ended/ghosted"), pl.at(t, "mail ended ended/ghosted"), "given up at another time than with a chat")
			require.Contains(t, attentions(pl), "not in the chat: Ask the manager about the silence")
		})
	}
}

// Somebody mends the channel while the ladder goes on, and asks again.
func TestTheQuestionAboutASilenceIsPostedAgain(t *testing.T) {
	pl := newPlay(t)
	pl.eager()
	mail := pl.steps.onMail
	pl.steps.onMail = func(l activities.Letter) {
		if l.Kind != "draft_request" {
			mail(l)
		}
	}
	gone := true
	pl.steps.chat = func() error {
		if gone {
			return refusedForGood("is_archived")
		}
		return nil
	}
	for d := range 60 {
		pl.after(time.Duration(d)*day+time.Hour, func() {
			if strings.Contains(attentions(pl), "Ask the manager about the silence") {
				gone = false
				pl.update(workflows.UpdateRetryStep, workflows.RetryStep{By: "api:ana"})
			}
		})
	}
	pl.run()
	require.True(t, slices.ContainsFunc(pl.steps.log, func(l string) bool { return strings.HasPrefix(l, "card quiet") }), pl.steps.log)
}
