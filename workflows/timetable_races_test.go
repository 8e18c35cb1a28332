package workflows_test

import (
	"time"

	"github.com/rapport-dev/rapport/partnership"
)

// ghost is how long after the draft's request a silent nano creator is given up on with ten days to make it.
const ghost = 15 * day

func raceScenes() []scene {
	return []scene{
		{
			name: "an answer a moment before the offer lapses",
			says: "A nanosecond before its end an offer can be taken.", want: []string{
				"Thu 10 Dec 11:59 EST    creator answers offer: accept",
				"Thu 10 Dec 11:59 EST  contract",
			},
			plot: func(ta *tale) {
				ta.later("mail invitation", 10*day-time.Nanosecond, func(task string) { ta.answers(task, partnership.ChoiceAccept, 0) })
			},
		},
		{
			name: "an answer in the instant in which the offer lapses", outcome: partnership.Expired,
			says: "An offer is open until its end and not at it: the answer is refused, in words.", want: []string{
				"Thu 10 Dec 12:00 EST    creator answers offer: accept: refused, this partnership has ended (type: conflict, retryable: false)",
				"Thu 10 Dec 12:00 EST  ends expired",
			},
			plot: func(ta *tale) {
				ta.later("mail invitation", 10*day, func(task string) { ta.answers(task, partnership.ChoiceAccept, 0) })
			},
		},
		{
			name: "a draft a moment before the creator is given up",
			says: "A nanosecond before the end the draft is taken and the ladder is over.", want: []string{
				"Fri 18 Dec 12:00 EST  card quiet draft-1, due Tue 15 Dec 12:00 EST",
				"Sun 20 Dec 11:59 EST    creator sends draft-1",
				"Mon 21 Dec 11:59 EST  mail cleared_to_post post-1/request, due Thu 14 Jan 00:00 EST",
			},
			plot: func(ta *tale) { ta.later("mail draft_request", ghost-time.Nanosecond, ta.drafts) },
		},
		{
			name: "a draft in the instant in which the creator is given up",
			says: "Whoever answers as they are given up is back: the slot is free, so it is theirs, and nobody writes that it is offered.", want: []string{
				"Sun 20 Dec 12:00 EST    creator sends draft-1",
				"Sun 20 Dec 12:01 EST  card review draft-1, due Thu 24 Dec 00:00 EST",
			},
			plot: func(ta *tale) { ta.later("mail draft_request", ghost, ta.drafts) },
		},
	}
}

func pauseScenes() []scene {
	return []scene{
		{
			name: "a pause over the draft's deadline",
			says: "Fourteen days of pause are fourteen days more; nobody is reminded, asked about or given up meanwhile, and the reminders are drawn anew from the end of the pause.", want: []string{
				"Fri 11 Dec 12:00 EST    manager pauses",
				"Fri 25 Dec 12:00 EST    manager resumes",
				"Sun 27 Dec 12:00 EST  mail draft_reminder draft-1/nudge-2, due Tue 29 Dec 12:00 EST",
				"Tue 29 Dec 12:00 EST  mail draft_reminder draft-1/due-2, due Tue 29 Dec 12:00 EST",
			},
			plot: func(ta *tale) {
				ta.on("mail draft_request", func(task string) {
					ta.after(6*day, ta.pauses)
					ta.after(20*day, ta.resumes)
					ta.after(24*day+3*time.Hour, func() { ta.drafts(task) })
				})
			},
		},
		{
			name: "a pause that ends before the deadline",
			says: "Four days of pause are four days more, and the reminders of the old date are gone.", want: []string{
				"Fri 11 Dec 12:00 EST    manager resumes",
				"Tue 15 Dec 12:00 EST  mail draft_reminder draft-1/nudge-2, due Sat 19 Dec 12:00 EST",
				"Fri 18 Dec 12:00 EST  mail draft_reminder draft-1/day_before-2, due Sat 19 Dec 12:00 EST",
			},
			plot: func(ta *tale) {
				ta.on("mail draft_request", func(task string) {
					ta.after(2*day, ta.pauses)
					ta.after(6*day, ta.resumes)
					ta.after(13*day+3*time.Hour, func() { ta.drafts(task) })
				})
			},
		},
		{
			name: "a pause while the parcel is on its way",
			says: "The parcel runs on; the draft is asked for when the pause is over, with its full ten days.", want: []string{
				"Sat 05 Dec 12:00 EST    carrier: delivered",
				"Thu 10 Dec 12:00 EST    manager resumes",
				"Thu 10 Dec 12:00 EST  mail draft_request draft-1/request, due Sun 20 Dec 12:00 EST",
			},
			plot: func(ta *tale) {
				ta.on("mail gift_shipped", func(string) {
					ta.after(day, ta.pauses)
					ta.after(8*day, ta.resumes)
				})
			},
		},
		{
			name: "a pause over the offer's end", outcome: partnership.Expired,
			says: "The offer had one day left when the pause began and has one day left when it ends.", want: []string{
				"Wed 09 Dec 12:00 EST    manager pauses",
				"Sun 20 Dec 12:00 EST    manager resumes",
				"Mon 21 Dec 12:00 EST  ends expired",
			},
			plot: func(ta *tale) {
				ta.on("mail invitation", func(string) {
					ta.after(9*day, ta.pauses)
					ta.after(20*day, ta.resumes)
				})
			},
		},
		{
			name: "a pause while the standing offer is open", outcome: partnership.Expired,
			says: "The date of the first offer is later than five days from Wednesday, so it stays; three days of pause are three more.", want: []string{
				"Wed 02 Dec 12:00 EST  mail counter_refused offer-2/request, due Thu 10 Dec 12:00 EST",
				"Tue 08 Dec 12:00 EST    manager resumes",
				"Sun 13 Dec 12:00 EST  ends expired",
			},
			plot: func(ta *tale) {
				ta.later("mail invitation", day, func(task string) { ta.answers(task, partnership.ChoiceCounter, 90_000) })
				ta.later("card counter", day, func(string) { ta.refusesTheCounter() })
				ta.on("mail counter_refused", func(string) {
					ta.after(3*day, ta.pauses)
					ta.after(6*day, ta.resumes)
				})
			},
		},
		{
			name: "the parcel slips during a pause",
			says: "The slip is told at once, and the draft is asked for when the pause is over, with its full ten days.", want: []string{
				"your draft: Mon 21 Dec 2026 instead of Thu 17 Dec 2026 (4 days later)",
				"Fri 11 Dec 12:00 EST    carrier: delivered",
				"Wed 16 Dec 12:00 EST  mail draft_request draft-1/request, due Sat 26 Dec 12:00 EST",
			},
			plot: func(ta *tale) {
				ta.parcel(9, 9)
				ta.on("mail gift_shipped", func(string) {
					ta.after(12*time.Hour, ta.pauses)
					ta.after(14*day, ta.resumes)
				})
			},
		},
	}
}
