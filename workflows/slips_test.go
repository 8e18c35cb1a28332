package workflows_test

import (
	"math"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/rapport-dev/rapport/activities"
	"github.com/rapport-dev/rapport/partnership"
	"github.com/rapport-dev/rapport/partnership/timeline"
	"github.com/rapport-dev/rapport/workflows"
)

// lost are campaign days by owner.
type lost map[string]float64

// slips are the days booked to each owner, less those that were given back. Only a slip's own event may carry days.
func (pl *play) slips() lost {
	booked := lost{}
	for _, pr := range pl.steps.board {
		for _, e := range pr.Events {
			require.Equal(pl.t, e.Kind == timeline.SlipKind, e.Days != 0, "%+v", e)
			booked[e.Owner] = math.Round(100*(booked[e.Owner]+e.Days)) / 100
		}
	}
	for owner, days := range booked {
		if days == 0 {
			delete(booked, owner)
		}
	}
	return booked
}

// draftAfter makes the creator hand in each draft that long after it was asked for; also is called with the request.
func (pl *play) draftAfter(also func(l activities.Letter), took ...time.Duration) {
	eager, n := pl.steps.onMail, 0
	pl.steps.onMail = func(l activities.Letter) {
		if l.Kind != "draft_request" && l.Kind != "draft_changes" {
			eager(l)
			return
		}
		pl.after(took[n], func() {
			pl.update(workflows.UpdateSubmitDraft, workflows.SubmitDraft{Task: l.Task, SubmissionID: "s"})
		})
		n++
		also(l)
	}
}

func noMore(activities.Letter) {}

// stuck makes a step refused until somebody asks to try again, that long after the start.
func (pl *play) stuck(step string, until time.Duration) {
	pl.steps.refuse[step] = refusedForGood("no")
	pl.after(until, func() { pl.update(workflows.UpdateRetryStep, workflows.RetryStep{By: "U1"}) })
}

// Everybody is eager but for what each says: accepted on Tuesday, signed on Wednesday, delivered on Saturday, the draft then due
// in ten days.
func TestEachLostDayIsBookedOnceToWhoLostIt(t *testing.T) {
	extension := func(pl *play) func(activities.Letter) {
		return func(l activities.Letter) {
			pl.after(5*day, func() {
				pl.update(workflows.UpdateRequestExtension, workflows.RequestExtension{Task: l.Task, Days: 3})
			})
		}
	}
	pause := func(pl *play, from, to time.Duration) func(activities.Letter) {
		return func(activities.Letter) {
			pl.after(from, func() { pl.update(workflows.UpdatePause, workflows.Stop{Reason: "stock is late", By: "U1"}) })
			pl.after(to, func() { pl.update(workflows.UpdateResume, workflows.Stop{By: "U1"}) })
		}
	}
	for name, test := range map[string]struct {
		play func(pl *play)
		want lost
	}{
		"all in time":                  {func(*play) {}, lost{}},
		"the carrier's new date, kept": {func(pl *play) { pl.carrierSays(9) }, lost{"carrier": 4}},
		"a parcel late without a word": {func(pl *play) {
			pl.steps.onLabel = func() {
				pl.after(8*day, func() {
					pl.env.SignalWorkflow(workflows.SignalParcelMoved, workflows.ParcelMoved{ShipmentID: "shp-1", Status: partnership.ParcelDelivered, At: pl.env.Now()})
				})
			}
		}, lost{"carrier": 3}},
		"a gift sent on Monday instead of Friday":    {func(pl *play) { pl.stuck("OrderGift", 7*day) }, lost{"brand": 3}},
		"a draft two days late":                      {func(pl *play) { pl.draftAfter(noMore, 12*day) }, lost{"creator": 2}},
		"a draft some hours late":                    {func(pl *play) { pl.draftAfter(noMore, 10*day+6*time.Hour) }, lost{}},
		"an extension that was used":                 {func(pl *play) { pl.draftAfter(extension(pl), 13*day) }, lost{"creator": 3}},
		"an extension used by half":                  {func(pl *play) { pl.draftAfter(extension(pl), 11*day+12*time.Hour) }, lost{"creator": 1.5}},
		"an extension that was not needed":           {func(pl *play) { pl.draftAfter(extension(pl), 9*day) }, lost{}},
		"a draft later than its extension":           {func(pl *play) { pl.draftAfter(extension(pl), 14*day) }, lost{"creator": 4}},
		"a pause, and the draft on its new day":      {func(pl *play) { pl.draftAfter(pause(pl, 3*day, 7*day), 14*day) }, lost{"brand": 4}},
		"a pause, and the draft two days after that": {func(pl *play) { pl.draftAfter(pause(pl, 3*day, 7*day), 16*day) }, lost{"brand": 4, "creator": 2}},
		"a pause, and the draft on its first day":    {func(pl *play) { pl.draftAfter(pause(pl, 3*day, 7*day), 10*day) }, lost{}},
		"a draft handed in late while paused":        {func(pl *play) { pl.draftAfter(pause(pl, 8*day, 30*day), 12*day) }, lost{"brand": 2}},
		"a review whose card the chat refuses: by rule, in time": {func(pl *play) {
			pl.draftAfter(noMore, 4*day)
			pl.stuck("AskForReview", 16*day)
		}, lost{}},
		"changes that the brand asks for": {func(pl *play) {
			pl.draftAfter(noMore, 10*day, 3*day)
			approve := pl.steps.onCard
			pl.steps.onCard = func(kind string, id partnership.PartnershipID, task string) {
				if kind != "review" || task != "draft-1" {
					approve(kind, id, task)
					return
				}
				pl.after(2*day, func() {
					pl.update(workflows.UpdateReviewDraft, workflows.ReviewDraft{Task: task, Decision: partnership.ChoiceChanges, SubmissionID: "f", By: "U1"})
				})
			}
		}, lost{"brand": 5}}, // two for the review, three for the creator's changes
		"a post two days late": {func(pl *play) { pl.postAfter(2 * day) }, lost{"creator": 2}},
		"a go-live gate that is stuck past the live date": {func(pl *play) {
			pl.stuck("VerifyTracking", 60*day)
			pl.after(60*day-time.Minute, func() {
				plan := pl.steps.board[len(pl.steps.board)-1].Plan
				publish := plan[len(plan)-2]
				require.Equal(t, string(timeline.PublishDue), publish.Kind)
				require.Equal(t, 44*day+12*time.Hour, publish.Due.Sub(monday).Round(time.Hour), "the live date that was promised")
			})
			pl.postAfter(0)
		}, lost{"brand": 16.5}},
		"a counter-offer that is decided a day too late": {func(pl *play) {
			eager := pl.steps.onMail
			pl.steps.onMail = func(l activities.Letter) {
				if l.Kind != "invitation" {
					eager(l)
					return
				}
				pl.after(9*day, func() {
					pl.update(workflows.UpdateAnswerOffer, workflows.AnswerOffer{Task: l.Task, Answer: partnership.ChoiceCounter, FeeMinor: 90_000})
				})
				pl.after(11*day, func() {
					pl.update(workflows.UpdateDecideCounter, workflows.DecideCounter{Round: 1, Decision: partnership.ChoiceAccept, By: "U1"})
				})
			}
		}, lost{"brand": 1}},
	} {
		t.Run(name, func(t *testing.T) {
			pl := newPlay(t)
			pl.eager()
			test.play(pl)
			require.Equal(t, partnership.Completed, pl.run().Outcome)
			require.Equal(t, test.want, pl.slips())
		})
	}
}

// postAfter makes the creator post that long after the live date that they were told.
func (pl *play) postAfter(late time.Duration) {
	eager := pl.steps.onMail
	pl.steps.onMail = func(l activities.Letter) {
		if l.Kind != "cleared_to_post" {
			eager(l)
			return
		}
		pl.after(l.Due.Sub(pl.env.Now())+late, func() {
			pl.update(workflows.UpdateSubmitPost, workflows.SubmitPost{Task: l.Task, SubmissionID: "s"})
		})
	}
}

// Whatever happens, an owner's days are what that owner's milestones lost in all, however often they were said and moved.
func TestNoDayIsBookedTwice(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		const day = time.Hour // plain durations: no weekend stretches a slip
		halves := func(name string, least, most int) time.Duration {
			return time.Duration(rapid.IntRange(2*least, 2*most).Draw(rt, name)) * day / 2
		}
		pl := newPlay(t)
		pl.eager()
		var estimates []time.Duration
		for range rapid.IntRange(0, 3).Draw(rt, "estimates") {
			estimates = append(estimates, halves("estimate", -1, 6))
		}
		ship, parcel := halves("ship", 0, 3), halves("parcel", -1, 6)
		draft, review, post := halves("draft", -3, 2), halves("review", 0, 3), halves("post", -1, 2)
		extension, pause := halves("extension", 0, 3), halves("pause", 0, 3)
		moved := func(status partnership.ParcelStatus, eta time.Time) {
			pl.env.SignalWorkflow(workflows.SignalParcelMoved, workflows.ParcelMoved{ShipmentID: "shp-1", Status: status, At: pl.env.Now(), ETA: eta})
		}
		retry := func(step string, after time.Duration) {
			pl.steps.refuse[step] = refusedForGood("no")
			pl.after(after, func() { pl.update(workflows.UpdateRetryStep, workflows.RetryStep{By: "U1"}) })
		}
		if ship > 0 { // the signature comes two days' lengths of the eager after the start
			retry("OrderGift", 48*time.Hour+2*day+ship)
		}
		pl.steps.onLabel = func() {
			planned := pl.env.Now().Add(5 * day)
			for i, e := range estimates {
				pl.after(time.Duration(i+1)*day, func() { moved(partnership.ParcelInTransit, planned.Add(e)) })
			}
			pl.after(5*day+parcel, func() { moved(partnership.ParcelDelivered, noTime) })
		}
		eager := pl.steps.onMail
		pl.steps.onMail = func(l activities.Letter) {
			switch l.Kind {
			case "draft_request":
				pl.after(2*day, func() {
					pl.update(workflows.UpdateRequestExtension, workflows.RequestExtension{Task: l.Task, Days: extension.Hours()})
				})
				pl.after(3*day, func() { pl.update(workflows.UpdatePause, workflows.Stop{Reason: "stock is late", By: "U1"}) })
				pl.after(3*day+pause, func() { pl.update(workflows.UpdateResume, workflows.Stop{By: "U1"}) })
				pl.after(10*day+draft, func() {
					if review > 0 { // the chat's refusal of the card holds nobody up
						retry("AskForReview", 3*day+review)
					}
					pl.update(workflows.UpdateSubmitDraft, workflows.SubmitDraft{Task: l.Task, SubmissionID: "s"})
				})
			case "cleared_to_post":
				pl.after(max(0, l.Due.Sub(pl.env.Now())+post), func() {
					pl.update(workflows.UpdateSubmitPost, workflows.SubmitPost{Task: l.Task, SubmissionID: "s"})
				})
			default:
				eager(l)
			}
		}
		pl.steps.onCard = nil // a review that is not late is by rule
		in := input()
		in.Day, in.Schedule.OutreachDays, in.Schedule.SignDays = day, 100, 100 // the eager answer after real days
		in.Schedule.PublishFrom, in.Schedule.PublishTo = noTime, noTime
		require.Equal(t, partnership.Completed, pl.runWith(in).Outcome)

		late := func(d time.Duration) float64 { return max(0, d).Hours() }
		booked := pl.slips()
		require.Equal(t, late(parcel), booked["carrier"], "%v", booked)
		require.Equal(t, late(ship)+late(draft)+late(post), booked["brand"]+booked["creator"], "%v", booked)
		require.LessOrEqual(t, booked["creator"], late(draft)+late(post), "%v", booked)
		require.GreaterOrEqual(t, booked["creator"], late(draft-pause)+late(post), "%v", booked)
	})
}

var noTime time.Time
