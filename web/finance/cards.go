package finance

import (
	"strconv"
	"strings"
	"time"

	"github.com/rapport-dev/rapport/partnership"
	"github.com/rapport-dev/rapport/partnership/money"
)

// quoted is how much of a creator's words a card shows, in characters.
const quoted = 1500

func objectionCard(o partnership.Objection, publicURL string) partnership.Message {
	words := []rune(strings.TrimSpace(o.Words))
	if len(words) > quoted {
		words = append(words[:quoted], '…')
	}
	m := partnership.Message{
		Key: partnership.EffectKey("objection/" + o.ID), Kind: "objection", Decision: partnership.AsksObjection.ID(o.ID), Text: "@" + o.Creator + " objects to " + o.Line(),
		Body: "“" + partnership.HideLinks(string(words)) + "”",
		Facts: []partnership.Fact{
			{Label: "Program", Value: o.Program}, {Label: "So now", Value: came(o)}, {Label: "Objected", Value: stamp(o.At)}, {Label: "Row", Value: o.RowID},
		},
		LinkURL: publicURL + "/partnerships/" + string(o.PartnershipID), LinkText: "Open the partnership",
	}
	button := func(choice partnership.Choice, label, style string) partnership.Button {
		return partnership.Button{ActionID: partnership.ActionID(partnership.ActDecideObjection, choice), Label: label, Value: partnership.ActionValue(o.ID), Style: style}
	}
	m.Buttons = []partnership.Button{button(partnership.ChoiceRelease, "The line stands", "")}
	if o.Came.Holds() {
		m.Buttons = append(m.Buttons, button(partnership.ChoiceVoid, "Reject the line", "danger"))
	}
	m.Buttons = append(m.Buttons, button(partnership.ChoiceAnswer, "Answer only", ""))
	if o.Answer != "" {
		m.Context = "Answered by " + o.By + ", and not decided yet."
	}
	return m
}

// bankCard says that somebody has to go to the bank. How much it is grows while the run sends: the console shows it.
func bankCard(w partnership.BankWait, publicURL string) partnership.Message {
	return partnership.Message{
		Key: partnership.EffectKey("bank-orders/" + w.Key), Kind: "bank_orders", Text: "Payouts of " + partnership.MonthName(w.Period) + " wait to be taken to the bank",
		Body:  "Write the file with `rapport payouts bankfile` and upload it once. Somebody else says what the bank did: `rapport payouts confirm`. Until then nobody is paid by it.",
		Facts: []partnership.Fact{{Label: "Program", Value: w.Program}}, LinkURL: publicURL + "/payouts", LinkText: "Open the payouts",
	}
}

// bankFileCard asks what the bank did with a file; somebody else than who took it there says it.
func bankFileCard(w partnership.BankWait, publicURL string) partnership.Message {
	m := partnership.Message{
		Key: partnership.EffectKey("bank-file/" + w.FileID), Kind: "bank_file", Text: "What did the bank do with " + money.Display(w.AmountMinor, w.Currency) + " of " + partnership.MonthName(w.Period) + "?",
		Body: "Look at its statement, not at who took the file: that person cannot say it. A part that was returned is said first, by `rapport payouts confirm PAYOUT --as returned`.",
		Facts: []partnership.Fact{
			{Label: "File", Value: w.FileID}, {Label: "Payments", Value: strconv.Itoa(w.Payments)}, {Label: "Taken by", Value: w.By}, {Label: "Taken", Value: stamp(w.Since)}, {Label: "Program", Value: w.Program},
		},
		LinkURL: publicURL + "/payouts", LinkText: "Open the payouts",
	}
	if w.Over {
		m.Body, m.Context = "Nobody has to look any more.", "It is said of all of it."
		return m
	}
	m.Buttons = []partnership.Button{
		button(partnership.ActTellBank, partnership.ChoicePaid, "All of it is paid", "primary", w.FileID),
		button(partnership.ActTellBank, partnership.ChoiceUnexecuted, "It was never executed", "danger", w.FileID),
	}
	return m
}

// came says what became of the line at once.
func came(o partnership.Objection) string {
	switch o.Came {
	case partnership.CameHeld:
		return "Held until this is decided; no timer releases it"
	case partnership.CameDropped:
		return "Held until this is decided. Its payout of " + money.Display(o.PayoutMinor, o.Currency) + " was taken out of run " + o.RunID + ", which pays that much less; all but this line is in the next run"
	case partnership.CameWasHeld:
		return "It was held before, for another reason, and still is"
	case partnership.CameDeduction:
		return "It was taken back, which is never held: it is netted as it stands"
	case partnership.CameTooLate:
		return "Too late to stop: its payout is being sent, or was paid"
	}
	return "It was rejected or given back before; nothing of it is paid"
}

func differenceCard(d partnership.Difference, rail, publicURL string) partnership.Message {
	amount := money.Display(d.AmountMinor, d.Currency)
	m := partnership.Message{
		Key: partnership.EffectKey("difference/" + d.Provider + "/" + d.ID), Kind: "difference", Decision: partnership.AsksDifference.ID(d.Provider, d.ID), Text: rail + " shows " + amount + " that the books do not explain",
		Body: "The books say: " + d.Why + ". Nothing is planned or sent by " + rail + " until this is settled. Look it up there before you decide.",
		Facts: []partnership.Fact{
			{Label: "Transfer", Value: d.ID}, {Label: "Made", Value: stamp(d.CreatedAt)}, {Label: "To", Value: d.To()}, {Label: "Found", Value: stamp(d.FoundAt)},
		},
		LinkURL: publicURL + "/payouts", LinkText: "Open payouts",
	}
	m.Buttons = buttons(d)
	if len(d.Programs) > 1 {
		m.Body += " Several programs owe this creator: one that is ours is settled by rapport payouts settle " + d.ID + " --as ours --program " + strings.Join(d.Programs, "|") + "."
	}
	if len(d.CouldBe) > 0 {
		m.Body += " Several creators share the account that it went to: one that is ours is settled by rapport payouts settle " + d.ID + " --as ours --creator @" + strings.Join(d.CouldBe, "|@") + "."
	}
	return m
}

// buttons are the ways to settle a difference. One that went to nobody's account is not ours; and where several programs owe its receiver,
// a button cannot say which.
func buttons(d partnership.Difference) (all []partnership.Button) {
	add := func(as partnership.Settlement, program, label, style string) {
		all = append(all, partnership.Button{
			ActionID: partnership.ActionID(partnership.ActSettleDifference, partnership.Choice(as)), Label: label, Style: style,
			Value: partnership.ActionValue(d.Provider, d.ID, program),
		})
	}
	if len(d.Programs) == 1 {
		add(partnership.SettleOurs, d.Programs[0], "Ours: book it", "primary")
	}
	add(partnership.SettleDouble, partnership.NoProgram, "A double: reverse it", "danger")
	add(partnership.SettleForeign, partnership.NoProgram, "Not ours", "")
	return all
}

func stamp(t time.Time) string { return t.UTC().Format("2 Jan 2006 15:04 UTC") }
