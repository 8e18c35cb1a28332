package finance

import (
	"cmp"
	"fmt"
	"strings"

	"github.com/rapport-dev/rapport/partnership"
	"github.com/rapport-dev/rapport/partnership/money"
)

// hitCard asks whether a creator is who is on the sanctions list: what the list says, how like the names are, and in which words they differ.
func hitCard(h partnership.NameHit, publicURL string) partnership.Message {
	m := partnership.Message{
		Key: partnership.EffectKey("sanction-hit/" + h.ID), Kind: "sanction_hit", Decision: partnership.AsksHit.ID(h.ID), Text: "@" + h.Creator + " has a name like “" + h.Listed + "” on the sanctions list",
		Body: "Their money waits until somebody has said whether it is they. Look at the entry at its publisher first.",
		Facts: []partnership.Fact{
			{Label: "Entry", Value: h.Source + " " + h.UID},
			{Label: "Listed under", Value: cmp.Or(h.Program, "no program")},
			{Label: "How like", Value: fmt.Sprintf("%d %%", h.Percent)},
			{Label: "What differs", Value: differs(h)},
			{Label: "Country of the creator", Value: cmp.Or(h.Country, "not known")},
			{Label: "Found", Value: stamp(h.FoundAt)},
		},
		LinkURL: publicURL + "/payouts", LinkText: "Open payouts",
	}
	m.Buttons = []partnership.Button{
		button(partnership.ActDecideHit, partnership.ChoiceClear, "Another person", "primary", h.ID),
		button(partnership.ActDecideHit, partnership.ChoiceConfirm, "It is they", "danger", h.ID),
	}
	return m
}

func differs(h partnership.NameHit) string {
	if len(h.OnlyTheirs)+len(h.OnlyListed) == 0 {
		return "nothing: the words are the same"
	}
	or := func(words []string) string { return cmp.Or(strings.Join(words, " "), "nothing") }
	return "only theirs: " + or(h.OnlyTheirs) + "; only listed: " + or(h.OnlyListed)
}

// writeOffCard asks whether what a creator owes is forgiven.
func writeOffCard(w partnership.WriteOff, publicURL string) partnership.Message {
	amount := money.Display(w.AmountMinor, w.Currency)
	m := partnership.Message{
		Key: partnership.EffectKey("write-off/" + w.ID), Kind: "write_off", Decision: partnership.AsksWriteOff.ID(w.ID), Text: "Forgive @" + w.Creator + " " + amount + "?",
		Body: "“" + w.Reason + "” It is booked once somebody other than who asked approves it, and netted by the next run.",
		Facts: []partnership.Fact{
			{Label: "Program", Value: w.Program}, {Label: "Amount", Value: amount}, {Label: "Asked by", Value: w.AskedBy}, {Label: "Asked", Value: stamp(w.AskedAt)},
		},
		LinkURL: publicURL + "/payouts", LinkText: "Open payouts",
	}
	m.Buttons = []partnership.Button{
		button(partnership.ActDecideWriteOff, partnership.ChoiceApprove, "Forgive it", "primary", w.ID),
		button(partnership.ActDecideWriteOff, partnership.ChoiceWithdraw, "Withdraw", "", w.ID),
	}
	return m
}

func button(verb string, choice partnership.Choice, label, style, about string) partnership.Button {
	return partnership.Button{ActionID: partnership.ActionID(verb, choice), Label: label, Value: partnership.ActionValue(about), Style: style}
}
