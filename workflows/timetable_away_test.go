package workflows_test

import (
	"time"

	"github.com/rapport-dev/rapport/partnership"
	"github.com/rapport-dev/rapport/workflows"
)

// The campaign's words are deeds of the diary too.
func (ta *tale) campaign(decision string) {
	ta.do("campaign: %s", decision)
	ta.env.SignalWorkflow(workflows.SignalSlotDecided, workflows.SlotDecided{Decision: decision})
}

func awayScenes() []scene {
	silent := func(ta *tale) { ta.on("mail draft_request", nil) }
	// taken has a standby take the slot so long after the campaign looks for one; whoever comes back later is told.
	taken := func(ta *tale, after time.Duration, answer string) {
		ta.slot = func(m workflows.SlotChanged) {
			ta.do("campaign hears: %s", m.Change)
			switch m.Change {
			case workflows.SlotReturned:
				ta.after(time.Minute, func() { ta.campaign(answer) })
			default:
				ta.after(after, func() { ta.campaign(workflows.SlotReleased) })
			}
		}
	}
	return []scene{
		{
			name: "a ghosted creator sends the draft while the slot is free",
			says: "The slot is theirs again and the draft goes its way; the ten days from the due date to the draft are the creator's own.", want: []string{
				"Sun 20 Dec 12:00 EST  mail place_offered draft-1/away-1, due Sun 03 Jan 12:00 EST",
				"Fri 25 Dec 12:00 EST    creator sends draft-1",
				"Fri 25 Dec 12:01 EST  card review draft-1, due Thu 31 Dec 00:00 EST",
			},
			lost: "creator 10",
			plot: func(ta *tale) { silent(ta); ta.later("mail place_offered", 5*day, ta.drafts) },
		},
		{
			name: "a ghosted creator replies and has new time",
			says: "A reply is a return: three days from now at the old hour, a ladder of its own, and one mail with every date that moved.", want: []string{
				"Mon 21 Dec 15:00 EST    creator replies by mail",
				"Mon 21 Dec 15:01 EST  mail welcome_back draft-1/back-1, due Fri 25 Dec 12:00 EST",
				"Thu 24 Dec 12:00 EST  mail draft_reminder draft-1/day_before-2, due Fri 25 Dec 12:00 EST",
				"Thu 24 Dec 15:00 EST    creator sends draft-1",
			},
			plot: func(ta *tale) {
				silent(ta)
				ta.later("mail place_offered", day+3*time.Hour, func(string) { ta.replies() })
				ta.later("mail draft_reminder draft-1/day_before-2", 3*time.Hour, ta.drafts)
			},
		},
		{
			name: "a ghosted creator comes back after a standby took the slot, and the budget covers one", outcome: partnership.Ghosted,
			says: "They are told kindly and at once; what they sent is reviewed by nobody.", want: []string{
				"Tue 22 Dec 12:00 EST    campaign: released",
				"Wed 23 Dec 12:00 EST    creator sends draft-1",
				"Wed 23 Dec 12:01 EST    campaign: gone",
				"Wed 23 Dec 12:01 EST  mail ended ended/too_late",
			},
			plot: func(ta *tale) {
				silent(ta)
				taken(ta, 2*day, workflows.SlotGone)
				ta.later("mail place_offered", 3*day, ta.drafts)
			},
		},
		{
			name: "a ghosted creator comes back after a standby took the slot, and the budget covers both",
			says: "A further slot: the story goes on where it stopped.", want: []string{
				"Tue 22 Dec 12:00 EST    campaign: released",
				"Wed 23 Dec 12:00 EST    creator sends draft-1",
				"Wed 23 Dec 12:01 EST    campaign: kept",
				"Wed 23 Dec 12:01 EST  card review draft-1, due Tue 29 Dec 12:01 EST",
			},
			plot: func(ta *tale) {
				silent(ta)
				taken(ta, 2*day, workflows.SlotKept)
				ta.later("mail place_offered", 3*day, ta.drafts)
			},
		},
		{
			name: "a standby takes the slot of a creator who is only at risk", outcome: partnership.Ghosted,
			says: "The standby is looked for from the check-in on; once they accept nobody reminds the first, who hears once that their place is offered.", want: []string{
				"Wed 16 Dec 12:00 EST    campaign hears: at_risk",
				"Thu 17 Dec 12:00 EST    campaign: released",
				"Thu 17 Dec 12:00 EST  mail place_offered draft-1/away-1, due Thu 31 Dec 12:00 EST",
				"Thu 31 Dec 12:00 EST  mail ended ended/ghosted",
			},
			plot: func(ta *tale) {
				silent(ta)
				taken(ta, day, workflows.SlotGone)
				ta.later("mail draft_reminder draft-1/due", time.Hour, func(string) { ta.steps.risk = 0.7 })
			},
		},
		{
			name: "a creator at risk answers before a standby does",
			says: "The slot stays theirs: the draft is only late.", want: []string{
				"Wed 16 Dec 12:00 EST    campaign hears: at_risk",
				"Wed 16 Dec 18:00 EST    creator sends draft-1",
				"Wed 16 Dec 18:00 EST    campaign hears: returned",
				"Wed 16 Dec 18:01 EST    campaign: kept",
				"Wed 16 Dec 18:01 EST  card review draft-1, due Mon 21 Dec 18:01 EST",
			},
			plot: func(ta *tale) {
				silent(ta)
				taken(ta, 5*day, workflows.SlotKept)
				ta.later("mail draft_reminder draft-1/due", time.Hour, func(string) { ta.steps.risk = 0.7 })
				ta.later("mail draft_reminder draft-1/check_in", 6*time.Hour, ta.drafts)
			},
		},
		{
			name: "a pause while a ghosted creator may come back",
			says: "Ten paused days are added to the fourteen.", want: []string{
				"Sun 20 Dec 12:00 EST  mail place_offered draft-1/away-1, due Sun 03 Jan 12:00 EST",
				"Tue 12 Jan 12:00 EST    creator sends draft-1",
				"Tue 12 Jan 12:01 EST  card review draft-1, due Fri 15 Jan 12:01 EST",
			},
			plot: func(ta *tale) {
				silent(ta)
				ta.later("mail place_offered", 23*day, ta.drafts)
				ta.on("card quiet draft-1", func(string) {
					ta.after(3*day, ta.pauses)
					ta.after(13*day, ta.resumes)
				})
			},
		},
	}
}
