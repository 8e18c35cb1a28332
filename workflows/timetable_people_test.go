package workflows_test

import (
	"slices"
	"time"

	"go.temporal.io/sdk/temporal"

	"github.com/rapport-dev/rapport/partnership"
	"github.com/rapport-dev/rapport/workflows"
)

func timetable() []scene {
	return slices.Concat(slipScenes(), silenceScenes(), returnScenes(), awayScenes(), raceScenes(), pauseScenes(), amendScenes(), calendarScenes())
}

// parcel makes the carrier report in transit after a day each with the estimates given, counted in days from the label, and
// deliver after so many days.
func (ta *tale) parcel(delivered int, estimates ...int) {
	ta.on("label", func(string) {
		shipped := ta.env.Now()
		for i, days := range estimates {
			ta.after(time.Duration(i+1)*day, func() {
				ta.carrier(partnership.ParcelInTransit, shipped.Add(time.Duration(days)*day).Sub(ta.env.Now()))
			})
		}
		ta.after(time.Duration(delivered)*day, func() { ta.carrier(partnership.ParcelDelivered, 0) })
	})
}

func slipScenes() []scene {
	return []scene{
		{
			name: "everybody answers in time",
			says: "Nobody is reminded. The draft is due ten days after the delivery and not after the signature; the post by the date promised at the start: every step at its full length, three business days of review over New Year, a day to post and six of buffer.", want: []string{
				"Sat 05 Dec 12:00 EST  mail draft_request draft-1/request, due Tue 15 Dec 12:00 EST",
				"Tue 08 Dec 12:00 EST  mail cleared_to_post post-1/request, due Thu 14 Jan 00:00 EST",
				"Sat 09 Jan 12:00 EST  ends completed",
			},
		},
		{
			name: "the carrier estimates a later day",
			says: "Five days of transit were planned and nine are estimated: the draft moves by four days, the six days of buffer keep the live date, one mail tells it, and no other comes before the parcel does.", want: []string{
				"Thu 03 Dec 12:00 EST  mail dates_moved dates/moved-1",
				"your draft: Mon 21 Dec 2026 instead of Thu 17 Dec 2026 (4 days later)",
				"Fri 11 Dec 12:00 EST  mail draft_request draft-1/request, due Mon 21 Dec 12:00 EST",
				"Mon 14 Dec 12:00 EST  mail cleared_to_post post-1/request, due Thu 14 Jan 00:00 EST",
			}, lost: "carrier 4",
			plot: func(ta *tale) { ta.parcel(9, 9) },
		},
		{
			name: "the carrier estimates a later day twice",
			says: "Each estimate that moves a date is told once, against the date that was told last; the card is the same message, its second version.", want: []string{
				"your draft: Sun 20 Dec 2026 instead of Thu 17 Dec 2026 (3 days later)",
				"your draft: Thu 24 Dec 2026 instead of Sun 20 Dec 2026 (4 days later)",
				"Fri 04 Dec 12:00 EST  card schedule carrier 2",
				"Mon 14 Dec 12:00 EST  mail draft_request draft-1/request, due Thu 24 Dec 12:00 EST",
			}, lost: "carrier 7",
			plot: func(ta *tale) { ta.parcel(12, 8, 12) },
		},
		{
			name: "the carrier takes a later estimate back",
			says: "A date that was told is not moved forward by an estimate; the clock starts at the true delivery, and the request for the draft names the date that follows.", want: []string{
				"your draft: Mon 21 Dec 2026 instead of Thu 17 Dec 2026 (4 days later)",
				"Tue 08 Dec 12:00 EST    carrier: delivered",
				"Tue 08 Dec 12:00 EST  mail draft_request draft-1/request, due Fri 18 Dec 12:00 EST",
			},
			plot: func(ta *tale) { ta.parcel(6, 9, 6) },
		},
		{
			name: "the parcel is late and the carrier says nothing",
			says: "Nobody knew of a slip before the delivery, so the request for the draft is the mail that tells the new date, ten days after the delivery.", want: []string{
				"Wed 02 Dec 12:00 EST  mail gift_shipped receive/request, due Mon 07 Dec 12:00 EST",
				"Thu 10 Dec 12:00 EST    carrier: delivered",
				"Thu 10 Dec 12:00 EST  mail draft_request draft-1/request, due Sun 20 Dec 12:00 EST",
			}, lost: "carrier 3",
			plot: func(ta *tale) { ta.parcel(8) },
		},
		{
			name: "a long slip moves the live date",
			says: "Thirty days are more than the buffer holds: the live date moves too, to a day after the review that follows the draft, and the same mail says so. A draft that then comes early brings the promised date back.", want: []string{
				"your draft: Sat 16 Jan 2027 instead of Thu 17 Dec 2026 (30 days later)",
				"your post: Sat 23 Jan 2027 instead of Thu 14 Jan 2027 (9 days later)",
				"buffer left: 0 days",
			},
			plot: func(ta *tale) { ta.parcel(35, 35) },
		},
		{
			name: "the brand ships late",
			says: "Two business days after Wednesday are Friday; shipped on Tuesday the gift is four days late, and the creator gets these four days.", want: []string{
				"Tue 08 Dec 12:00 EST  mail dates_moved dates/moved-1",
				"your draft: Wed 23 Dec 2026 instead of Sat 19 Dec 2026 (4 days later)",
				"Tue 08 Dec 12:00 EST  mail gift_shipped receive/request, due Sun 13 Dec 12:00 EST",
			}, lost: "brand 4",
			plot: func(ta *tale) {
				ta.steps.refuse["OrderGift"] = temporal.NewNonRetryableApplicationError("out of stock", "conflict", nil)
				ta.later("card refused", 6*day, func(string) { ta.tell("manager tries again", workflows.UpdateRetryStep, workflows.RetryStep{By: "U1"}) })
			},
		},
		{
			name: "the signature comes in the last hour",
			says: "Five days to sign: nudges at a third and two thirds, at 4 h and 20 h at night, so within the hours of that day; the later signature starts everything after it later and moves no live date.", want: []string{
				"Thu 03 Dec 09:00 EST  mail sign_reminder sign/nudge, due Sun 06 Dec 12:00 EST",
				"Fri 04 Dec 17:00 EST  mail sign_reminder sign/second_nudge, due Sun 06 Dec 12:00 EST",
				"Sat 12 Dec 11:00 EST  mail cleared_to_post post-1/request, due Thu 14 Jan 00:00 EST",
			},
			plot: func(ta *tale) { ta.later("contract", 5*day-time.Hour, func(string) { ta.signs() }) },
		},
		{
			name: "nobody reviews the draft",
			says: "A draft of Monday noon is reviewed within three business days, or is approved by rule on Thursday noon; the card is closed, and the creator goes on in that instant.", want: []string{
				"Mon 07 Dec 12:00 EST  card review draft-1, due Thu 10 Dec 12:00 EST",
				"Thu 10 Dec 12:00 EST  card review closed draft-1",
				"Thu 10 Dec 12:00 EST  mail cleared_to_post post-1/request, due Thu 14 Jan 00:00 EST",
			},
			plot: func(ta *tale) { ta.on("card review", nil) },
		},
		{
			name: "the manager asks for changes",
			says: "A revision adds a third of the ten days to the draft's date.", want: []string{
				"Tue 08 Dec 12:00 EST  mail draft_changes draft-2/request, due Fri 18 Dec 20:00 EST",
			},
			plot: func(ta *tale) {
				ta.later("card review draft-1", day, func(task string) { ta.reviews(task, partnership.ChoiceChanges) })
			},
		},
		{
			name: "the draft comes two days late",
			says: "Nudge at half of the time, day before, due, a day later; two days after the date nobody has been asked yet, and the days are the creator's.", want: []string{
				"Thu 10 Dec 12:00 EST  mail draft_reminder draft-1/nudge, due Tue 15 Dec 12:00 EST",
				"Mon 14 Dec 12:00 EST  mail draft_reminder draft-1/day_before, due Tue 15 Dec 12:00 EST",
				"Tue 15 Dec 12:00 EST  mail draft_reminder draft-1/due, due Tue 15 Dec 12:00 EST",
				"Wed 16 Dec 12:00 EST  mail draft_reminder draft-1/check_in, due Tue 15 Dec 12:00 EST",
				"Thu 17 Dec 12:00 EST    creator sends draft-1",
			}, lost: "creator 2",
			plot: func(ta *tale) { ta.later("mail draft_request", 12*day, ta.drafts) },
		},
		{
			name: "the post comes two days late",
			says: "As for the draft. The promised date is a midnight, and mails of a night come at nine of that day, those of an evening at five.", want: []string{
				"Sat 26 Dec 17:00 EST  mail post_reminder post-1/nudge, due Thu 14 Jan 00:00 EST",
				"Wed 13 Jan 09:00 EST  mail post_reminder post-1/day_before, due Thu 14 Jan 00:00 EST",
				"Thu 14 Jan 09:00 EST  mail post_reminder post-1/due, due Thu 14 Jan 00:00 EST",
				"Fri 15 Jan 09:00 EST  mail post_reminder post-1/check_in, due Thu 14 Jan 00:00 EST",
				"Mon 15 Feb 09:00 EST  ends completed",
			},
			plot: func(ta *tale) {
				ta.on("mail cleared_to_post", nil)
				ta.later("mail post_reminder post-1/check_in", day, ta.posts)
			},
		},
	}
}

func silenceScenes() []scene {
	return []scene{
		{
			name: "the mail vendor refuses everybody for twelve days", outcome: partnership.Expired,
			says: "The creator's ten days count from when the invitation left and not from when it was to leave: they are told the date that holds, reminded at a third and two thirds of it, and the offer lapses then and not before.", want: []string{
				"Sat 12 Dec 12:00 EST  mail invitation offer/request, due Thu 10 Dec 12:00 EST",
				"your answer: Tue 22 Dec 2026 instead of Thu 10 Dec 2026 (12 days later)",
				"Tue 22 Dec 12:00 EST  ends expired",
			}, lost: "brand 12",
			plot: func(ta *tale) {
				ta.steps.refuse["AskCreator"] = temporal.NewNonRetryableApplicationError("access denied", "permanent", nil)
				ta.later("card refused", 12*day, func(string) { ta.tell("manager tries again", workflows.UpdateRetryStep, workflows.RetryStep{By: "U1"}) })
				ta.on("mail invitation", nil)
			},
		},
		{
			name: "a draft is asked for four days late",
			says: "The creator has all their days from when they were asked: nine are none too many.", want: []string{
				"Wed 09 Dec 12:00 EST  mail draft_request draft-1/request, due Tue 15 Dec 12:00 EST",
				"your draft: Sat 19 Dec 2026 instead of Tue 15 Dec 2026 (4 days later)",
				"Fri 18 Dec 12:00 EST    creator sends draft-1",
			}, lost: "brand 3",
			plot: func(ta *tale) {
				ta.on("label", func(string) {
					ta.after(3*day, func() {
						ta.steps.refuse["AskCreator"] = temporal.NewNonRetryableApplicationError("access denied", "permanent", nil)
						ta.carrier(partnership.ParcelDelivered, 0)
					})
				})
				ta.later("card refused", 4*day, func(string) { ta.tell("manager tries again", workflows.UpdateRetryStep, workflows.RetryStep{By: "U1"}) })
				ta.later("mail draft_request", 9*day, ta.drafts)
			},
		},
		{
			name: "the contract is sent six days late", outcome: partnership.Expired,
			says: "The five days for the signature count from when the contract was there to be signed.", want: []string{
				"your signature: Sat 12 Dec 2026 instead of Sun 6 Dec 2026 (6 days later)",
			}, lost: "brand 6",
			plot: func(ta *tale) {
				ta.steps.refuse["SendContract"] = temporal.NewNonRetryableApplicationError("access denied", "permanent", nil)
				ta.later("card refused", 6*day, func(string) { ta.tell("manager tries again", workflows.UpdateRetryStep, workflows.RetryStep{By: "U1"}) })
				ta.on("contract", nil)
				ta.steps.envelope = partnership.EnvelopeSent
			},
		},
		{
			name: "the offer is never answered", outcome: partnership.Expired,
			says: "Ten days: nudges at a third (20 h, so 17 h) and two thirds (4 h, so 9 h), then the offer is over. Nobody who never answered is told of an end.", want: []string{
				"Thu 03 Dec 17:00 EST  mail offer_reminder offer/nudge, due Thu 10 Dec 12:00 EST",
				"Mon 07 Dec 09:00 EST  mail offer_reminder offer/second_nudge, due Thu 10 Dec 12:00 EST",
				"Thu 10 Dec 12:00 EST  ends expired",
			},
			plot: func(ta *tale) { ta.on("mail invitation", nil) },
		},
		{
			name: "the contract is never signed", outcome: partnership.Expired,
			says: "Five days, two nudges, a last look at the vendor; the open contract is voided, and the creator, who had accepted, is told.", want: []string{
				"Fri 04 Dec 17:00 EST  mail sign_reminder sign/second_nudge, due Sun 06 Dec 12:00 EST",
				"Sun 06 Dec 12:00 EST  undo contract",
				"Sun 06 Dec 12:00 EST  mail ended ended/expired",
			},
			plot: func(ta *tale) { ta.on("contract", nil); ta.steps.envelope = partnership.EnvelopeSent },
		},
		{
			name: "a nano creator never drafts", outcome: partnership.Ghosted,
			says: "Nudge at half, day before, due, +1 in another tone, +3 the manager is asked, +5 ghosted.", want: []string{
				"Wed 16 Dec 12:00 EST  mail draft_reminder draft-1/check_in, due Tue 15 Dec 12:00 EST",
				"Fri 18 Dec 12:00 EST  card quiet draft-1, due Tue 15 Dec 12:00 EST",
				"Sun 20 Dec 12:00 EST  mail place_offered draft-1/away-1, due Sun 03 Jan 12:00 EST",
				"Sun 03 Jan 12:00 EST  mail ended ended/ghosted",
			},
			plot: func(ta *tale) { ta.on("mail draft_request", nil) },
		},
		{
			name: "a micro creator never drafts", outcome: partnership.Ghosted,
			says: "The same mails, but the manager is asked after four days and the creator given up after seven.", want: []string{
				"Wed 16 Dec 12:00 EST  mail draft_reminder draft-1/check_in, due Tue 15 Dec 12:00 EST",
				"Sat 19 Dec 12:00 EST  card quiet draft-1, due Tue 15 Dec 12:00 EST",
				"Tue 22 Dec 12:00 EST  mail place_offered draft-1/away-1, due Tue 05 Jan 12:00 EST",
				"Tue 05 Jan 12:00 EST  mail ended ended/ghosted",
			},
			plot: func(ta *tale) { ta.in.Tier = partnership.Micro; ta.on("mail draft_request", nil) },
		},
		{
			name: "the creator never posts", outcome: partnership.Ghosted,
			says: "The same ladder, drawn to the live date: half of 36.5 days, day before, due, +1, +3, +5.", want: []string{
				"Fri 15 Jan 09:00 EST  mail post_reminder post-1/check_in, due Thu 14 Jan 00:00 EST",
				"Sun 17 Jan 00:00 EST  card quiet post-1, due Thu 14 Jan 00:00 EST",
				"Tue 19 Jan 09:00 EST  mail place_offered post-1/away-1, due Tue 02 Feb 09:00 EST",
				"Tue 02 Feb 09:00 EST  mail ended ended/ghosted",
			},
			plot: func(ta *tale) { ta.on("mail cleared_to_post", nil) },
		},
		{
			name: "the payout account is never set up",
			says: "At most every three days and three times; the money waits and the story ends well.", want: []string{
				"Sun 13 Dec 12:00 EST  mail payout_reminder payout_setup/chaser-1, due Sat 09 Jan 12:00 EST",
				"Wed 16 Dec 12:00 EST  mail payout_reminder payout_setup/chaser-2, due Sat 09 Jan 12:00 EST",
				"Sat 19 Dec 12:00 EST  mail payout_reminder payout_setup/chaser-3, due Sat 09 Jan 12:00 EST",
				"Sat 09 Jan 12:00 EST  ends completed",
			},
			plot: func(ta *tale) { ta.on("mail payout_setup", nil) },
		},
	}
}
