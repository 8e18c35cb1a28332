package workflows_test

import (
	"time"

	"github.com/rapport-dev/rapport/partnership"
)

func returnScenes() []scene {
	quiet := func(ta *tale, decision partnership.Choice) {
		ta.on("mail draft_request", nil)
		ta.on("card quiet draft-1", once(func(task string) { ta.after(4*time.Hour, func() { ta.decides(task, decision) }) }))
	}
	return []scene{
		{
			name: "an answer to the first nudge stops the ladder",
			says: "No reminder after the answer.", want: []string{
				"Thu 10 Dec 12:00 EST  mail draft_reminder draft-1/nudge, due Tue 15 Dec 12:00 EST",
				"Thu 10 Dec 15:00 EST    creator sends draft-1",
				"Thu 10 Dec 15:00 EST  card review draft-1, due Tue 15 Dec 15:00 EST",
			},
			plot: func(ta *tale) {
				ta.on("mail draft_request", nil)
				ta.later("mail draft_reminder draft-1/nudge", 3*time.Hour, ta.drafts)
			},
		},
		{
			name: "a reply by mail stops the reminders and not the manager", outcome: partnership.Ghosted,
			says: "The silence counts from the reply: three days later the manager is asked, five days later, at a decent hour, the creator is given up.", want: []string{
				"Wed 16 Dec 18:00 EST    creator replies by mail",
				"Sat 19 Dec 18:00 EST  card quiet draft-1, due Tue 15 Dec 12:00 EST",
				"Tue 22 Dec 09:00 EST  mail place_offered draft-1/away-1, due Tue 05 Jan 09:00 EST",
			},
			plot: func(ta *tale) { ta.later("mail draft_request", 11*day+6*time.Hour, func(string) { ta.replies() }) },
		},
		{
			name: "an early reply by mail",
			says: "A reply in the first days silences every reminder; three days after the due date nobody has been asked yet.", want: []string{
				"Mon 07 Dec 12:00 EST    creator replies by mail",
				"Fri 18 Dec 00:00 EST    creator sends draft-1",
				"Fri 18 Dec 00:00 EST  card review draft-1, due Wed 23 Dec 00:00 EST",
			},
			plot: func(ta *tale) {
				ta.later("mail draft_request", 2*day, func(task string) {
					ta.replies()
					ta.after(10*day+12*time.Hour, func() { ta.drafts(task) })
				})
			},
		},
		{
			name: "the creator answers after the manager was asked",
			says: "An answer is welcome until the creator is given up; the late days are theirs.", want: []string{
				"Fri 18 Dec 12:00 EST  card quiet draft-1, due Tue 15 Dec 12:00 EST",
				"Sat 19 Dec 12:00 EST    creator sends draft-1",
				"Sat 19 Dec 12:00 EST  card review draft-1, due Thu 24 Dec 00:00 EST",
			},
			plot: func(ta *tale) {
				ta.on("mail draft_request", nil)
				ta.later("card quiet draft-1", day, ta.drafts)
			},
		},
		{
			name: "the manager extends",
			says: "Three days from the decision and not from a date that is over, at the hour of the old date; the creator is told at once, and the reminders are those of the new date.", want: []string{
				"Fri 18 Dec 16:00 EST  mail dates_moved dates/moved-1",
				"your draft: Tue 22 Dec 2026 instead of Tue 15 Dec 2026 (7 days later)",
				"Mon 21 Dec 12:00 EST  mail draft_reminder draft-1/day_before-2, due Tue 22 Dec 12:00 EST",
			},
			plot: func(ta *tale) {
				quiet(ta, partnership.ChoiceExtend)
				ta.later("mail draft_reminder draft-1/day_before-2", 3*time.Hour, ta.drafts)
			},
		},
		{
			name: "the manager extends for a micro creator",
			says: "Asked on the fourth day, three days on the old date would be over already. The silence goes on, and the ladder runs to its end from the new date.", want: []string{
				"your draft: Wed 23 Dec 2026 instead of Tue 15 Dec 2026 (8 days later)",
				"Wed 23 Dec 12:00 EST  mail draft_reminder draft-1/due-2, due Wed 23 Dec 12:00 EST",
				"Sun 27 Dec 12:00 EST  card quiet draft-1, due Wed 23 Dec 12:00 EST",
				"Wed 30 Dec 12:00 EST  mail place_offered draft-1/away-1, due Wed 13 Jan 12:00 EST",
			}, outcome: partnership.Ghosted,
			plot: func(ta *tale) { ta.in.Tier = partnership.Micro; quiet(ta, partnership.ChoiceExtend) },
		},
		{
			name: "the manager keeps waiting", outcome: partnership.Ghosted,
			says: "The silence counts from the decision: one check-in a day later, the manager again after three days, ghosted after five.", want: []string{
				"Fri 18 Dec 16:00 EST    manager decides on the silence: keep_waiting",
				"Sat 19 Dec 16:00 EST  mail draft_reminder draft-1/check_in-2, due Tue 15 Dec 12:00 EST",
				"Mon 21 Dec 16:00 EST  card quiet draft-1, due Tue 15 Dec 12:00 EST",
				"Wed 23 Dec 16:00 EST  mail place_offered draft-1/away-1, due Wed 06 Jan 16:00 EST",
			},
			plot: func(ta *tale) { quiet(ta, partnership.ChoiceKeepWaiting) },
		},
		{
			name: "a reply while the manager keeps waiting", outcome: partnership.Ghosted,
			says: "The silence counts from the last sign of life, also when the date was over long before: three days after the reply the manager is asked, and after five the creator is given up.", want: []string{
				"Sat 19 Dec 19:00 EST    creator replies by mail",
				"Tue 22 Dec 19:00 EST  card quiet draft-1, due Tue 15 Dec 12:00 EST",
				"Fri 25 Dec 09:00 EST  mail place_offered draft-1/away-1, due Fri 08 Jan 09:00 EST",
			},
			plot: func(ta *tale) {
				quiet(ta, partnership.ChoiceKeepWaiting)
				ta.later("mail draft_reminder draft-1/check_in-2", 3*time.Hour, func(string) { ta.replies() })
			},
		},
		{
			name: "the manager replaces", outcome: partnership.Replaced,
			says: "The story ends with the decision, the code goes back, and the creator is told.", want: []string{
				"Fri 18 Dec 16:00 EST    manager decides on the silence: replace",
				"Fri 18 Dec 16:00 EST  undo code",
				"Fri 18 Dec 16:00 EST  mail ended ended/replaced",
			},
			plot: func(ta *tale) { quiet(ta, partnership.ChoiceReplace) },
		},
		{
			name: "the creator asks for more time on the draft",
			says: "Granted by rule; the date moves by three days, told in one mail, and the reminders are those of the new date only.", want: []string{
				"your draft: Fri 18 Dec 2026 instead of Tue 15 Dec 2026 (3 days later)",
				"Sat 12 Dec 12:00 EST  mail draft_reminder draft-1/nudge-2, due Fri 18 Dec 12:00 EST",
				"Fri 18 Dec 12:00 EST  mail draft_reminder draft-1/due-2, due Fri 18 Dec 12:00 EST",
			},
			plot: func(ta *tale) {
				ta.later("mail draft_request", day, func(task string) { ta.asksForMore(task, 3) })
				ta.later("mail draft_reminder draft-1/due-2", 3*time.Hour, ta.drafts)
			},
		},
		{
			name: "the creator asks for more time on the post",
			says: "Five days on the live date, and the sales window with it.", want: []string{
				"your post: Tue 19 Jan 2027 instead of Thu 14 Jan 2027 (5 days later)",
				"Wed 30 Dec 09:00 EST  mail post_reminder post-1/nudge-2, due Tue 19 Jan 00:00 EST",
				"Mon 18 Jan 09:00 EST  mail post_reminder post-1/day_before-2, due Tue 19 Jan 00:00 EST",
			},
			plot: func(ta *tale) {
				ta.later("mail cleared_to_post", 2*day, func(task string) { ta.asksForMore(task, 5) })
				ta.later("mail post_reminder post-1/day_before-2", 3*time.Hour, ta.posts)
			},
		},
		{
			name: "the creator asks for more time when it is over",
			says: "One day from when it was asked, not from the date that is over.", want: []string{
				"your draft: Fri 18 Dec 2026 instead of Tue 15 Dec 2026 (3 days later)",
				"Fri 18 Dec 12:00 EST  mail draft_reminder draft-1/due-2, due Fri 18 Dec 12:00 EST",
			},
			plot: func(ta *tale) {
				ta.on("mail draft_request", nil)
				ta.later("mail draft_reminder draft-1/check_in", day, func(task string) { ta.asksForMore(task, 1) })
				ta.later("mail draft_reminder draft-1/due-2", time.Hour, ta.drafts)
			},
		},
		{
			name: "a counter-offer is refused and the standing offer taken",
			says: "The two days of the decision are the brand's: the standing offer is open for half of the first time from when it is made again.", want: []string{
				"Wed 09 Dec 12:00 EST  card counter 1",
				"Fri 11 Dec 12:00 EST  mail counter_refused offer-2/request, due Wed 16 Dec 12:00 EST",
				"Sat 12 Dec 12:00 EST  contract",
			},
			plot: func(ta *tale) {
				ta.later("mail invitation", 9*day, func(task string) { ta.answers(task, partnership.ChoiceCounter, 90_000) })
				ta.later("card counter", 2*day, func(string) { ta.refusesTheCounter() })
			},
		},
		{
			name: "a counter-offer within the limits is taken by rule",
			says: "20 % above the offer is within the limit: reserved and agreed in the same instant.", want: []string{
				"Tue 01 Dec 12:00 EST    creator answers offer: counter 600",
				"Tue 01 Dec 12:00 EST  reserve",
				"Tue 01 Dec 12:00 EST  contract",
			},
			plot: func(ta *tale) {
				ta.later("mail invitation", day, func(task string) { ta.answers(task, partnership.ChoiceCounter, 60_000) })
			},
		},
		{
			name: "a missing disclosure is cured",
			says: "The cure has the date of the post; the sales window starts when the disclosure holds.", want: []string{
				"Thu 10 Dec 12:00 EST  mail disclosure_fix post-2/request, due Thu 14 Jan 00:00 EST",
				"Mon 11 Jan 12:00 EST  ends completed",
			},
			plot: func(ta *tale) { ta.steps.undisclosed = 1 },
		},
		{
			name: "two deliverables",
			says: "The second draft is due ten days after the first post; both posts share the promised date.", want: []string{
				"Thu 10 Dec 12:00 EST  mail draft_request draft-2/request, due Sun 20 Dec 12:00 EST",
				"Sun 13 Dec 12:00 EST  mail cleared_to_post post-2/request, due Thu 14 Jan 00:00 EST",
			},
			plot: func(ta *tale) { ta.in.Offer.Deliverables[0].Count = 2 },
		},
		{
			name: "an extension is for one deliverable only",
			says: "The three days were asked for the first draft: the second has its ten from the post before.", want: []string{
				"your draft: Fri 18 Dec 2026 instead of Tue 15 Dec 2026 (3 days later)",
				"Thu 10 Dec 12:00 EST  mail draft_request draft-2/request, due Sun 20 Dec 12:00 EST",
			},
			plot: func(ta *tale) {
				ta.in.Offer.Deliverables[0].Count = 2
				ta.on("mail draft_request draft-1", func(task string) {
					ta.after(day, func() { ta.asksForMore(task, 3) })
					ta.after(2*day, func() { ta.drafts(task) })
				})
			},
		},
	}
}

// once is f the first time and silence afterwards.
func once(f func(string)) func(string) {
	played := false
	return func(task string) {
		if !played {
			played = true
			f(task)
		}
	}
}
