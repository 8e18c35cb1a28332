package amend

import (
	"fmt"
	"maps"
	"strings"

	"github.com/rapport-dev/rapport/partnership/money"
	"github.com/rapport-dev/rapport/partnership/timeline"
)

// Words are the preview in sentences, without names: for the terminal and for the team's channel.
func (pv Preview) Words() []string {
	var lines []string
	say := func(format string, args ...any) { lines = append(lines, fmt.Sprintf(format, args...)) }
	if pv.Target[0] != pv.Target[1] {
		say("Slots: %d instead of %d.", pv.Target[1], pv.Target[0])
	}
	if pv.Budget[0] != pv.Budget[1] {
		say("Budget: %s instead of %s.", money.Display(pv.Budget[1], pv.Currency), money.Display(pv.Budget[0], pv.Currency))
	}
	if !maps.Equal(pv.Rates[0], pv.Rates[1]) {
		say("The rates for reports change: what they say of the past changes with them.")
	}
	if pv.Invites != nil {
		lines = append(lines, pv.Invites.words(pv)...)
	}
	n := pv.Counts
	say("%d of %d open partnerships move; %d have a draft in and keep their dates; %d are signed and need a contract amendment; %d are not touched; %d are past it.",
		n[timeline.Moves], len(pv.Lines), n[timeline.Keeps], n[timeline.Contract], n[timeline.Unchanged], n[timeline.Over])
	if n[timeline.Withdrawn] > 0 {
		say("Contract amendments that are not signed yet and are just taken back: %d.", n[timeline.Withdrawn])
	}
	if n[timeline.Waits] > 0 {
		say("Away, and told when they come back: %d.", n[timeline.Waits])
	}
	return lines
}

func (in *Invites) words(pv Preview) []string {
	var parts []string
	part := func(format string, args ...any) { parts = append(parts, fmt.Sprintf(format, args...)) }
	if pv.Target[0] != pv.Target[1] {
		part("%s", change(pv.Target, "slot", "slots"))
	}
	if in.Reranked {
		part("%s%s", change(in.Fit, "creator fits", "creators fit"), in.nicheWords())
		part("%s", change(in.Standby, "standby", "standbys"))
	}
	switch {
	case in.LeftMinor < 0:
		part("%s more than the budget is committed already", money.Display(-in.LeftMinor, pv.Currency))
	case in.NeedMinor > 0:
		part("needs %s of %s left", money.Display(in.NeedMinor, pv.Currency), money.Display(in.LeftMinor, pv.Currency))
	default:
		part("%s are left", money.Display(in.LeftMinor, pv.Currency))
	}
	return append([]string{strings.Join(parts, "; ") + "."}, in.notes(pv)...)
}

// notes are what a manager should know before applying it.
func (in *Invites) notes(pv Preview) (lines []string) {
	note := func(yes bool, format string, args ...any) {
		if yes {
			lines = append(lines, fmt.Sprintf(format, args...))
		}
	}
	covered := 0
	for _, c := range in.Next {
		if c.Covered {
			covered++
		}
	}
	next, target := len(in.Next), pv.Target[1]
	note(target < pv.Target[0] && in.Held > target,
		"No open partnership ends by this: %d slots are held, and one that falls free is given on only while fewer than %d are.", in.Held, target)
	note(covered < next, "The budget covers %d of the next %d invitations; a higher budget in the file invites the others.", covered, next)
	note(in.TooLate && in.Free > 0, "Nobody who is invited now could post before the publish window ends, so nobody is: move publish_to.")
	note(!in.TooLate && next < in.Free, "Free slots: %d; creators to invite: %d. Widen the selection, or add creators with --creators.", in.Free, next)
	note(in.Paused && next > 0, "The campaign is paused: they are invited once it is resumed.")
	return lines
}

func (in *Invites) nicheWords() string {
	var of []string
	for _, n := range in.NewNiches {
		of = append(of, fmt.Sprintf("%d of them of the new niche %s", n.Fit, n.Niche))
	}
	if len(of) == 0 {
		return ""
	}
	return ": " + strings.Join(of, ", ")
}

// change says how a number changes: "4 more slots", "1 fewer standby", "12 creators fit as before".
func change(n [2]int, one, many string) string {
	by, how := n[1]-n[0], "more "
	if by < 0 {
		by, how = -by, "fewer "
	}
	switch {
	case by == 0:
		by, how, one, many = n[1], "", one+" as before", many+" as before"
	case n[1] == 0:
		return fmt.Sprintf("no %s instead of %d", one, n[0])
	}
	if by == 1 {
		return "1 " + how + one
	}
	return fmt.Sprintf("%d %s%s", by, how, many)
}
