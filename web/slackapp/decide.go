package slackapp

import (
	"context"
	"crypto/sha256"
	"slices"
	"strings"

	"github.com/google/uuid"

	"github.com/rapport-dev/rapport/app/decisions"
	"github.com/rapport-dev/rapport/app/deeds"
	"github.com/rapport-dev/rapport/partnership"
)

// press is a decision that somebody took: which, about what, on which card.
type press struct {
	verb       string
	choice     partnership.Choice
	parts      []string // of the button's value
	words      string   // typed into a modal: feedback, a reason, a transfer's id
	user, name string   // of the person; name is what others call them
	ref        partnership.MessageRef
	card       partnership.Message
}

// did says in the past tense what a choice was, for the card.
var did = map[string]string{
	partnership.ActionID(partnership.ActDecideCounter, partnership.ChoiceAccept):    "Counter-offer accepted",
	partnership.ActionID(partnership.ActDecideCounter, partnership.ChoiceRefuse):    "Counter-offer refused",
	partnership.ActionID(partnership.ActReviewDraft, partnership.ChoiceApprove):     "Draft approved",
	partnership.ActionID(partnership.ActReviewDraft, partnership.ChoiceChanges):     "Changes asked for",
	partnership.ActionID(partnership.ActDecideQuiet, partnership.ChoiceExtend):      "More time given",
	partnership.ActionID(partnership.ActDecideQuiet, partnership.ChoiceKeepWaiting): "Waiting on",
	partnership.ActionID(partnership.ActDecideQuiet, partnership.ChoiceReplace):     "Replaced by a standby",
	partnership.ActionID(partnership.ActApproveRun, partnership.ChoiceApprove):      "Approved",
	partnership.ActionID(partnership.ActApproveRun, partnership.ChoiceReject):       "Rejected",
	partnership.ActionID(partnership.ActResolveEffect, partnership.ChoiceSent):      "Found: it was done",
	partnership.ActionID(partnership.ActResolveEffect, partnership.ChoiceNotSent):   "Not there: it is tried again",
	partnership.ActionID(partnership.ActRetryStep, partnership.ChoiceAgain):         "It is tried again",
	partnership.ActionID(partnership.ActRetryStep, partnership.ChoiceCancel):        "Cancelled",
	partnership.ActionID(partnership.ActResolvePayout, partnership.ChoicePaid):      "Found: it was paid",
	partnership.ActionID(partnership.ActResolvePayout, partnership.ChoiceRelease):   "Not there: it may be sent again",

	partnership.ActionID(partnership.ActConfirmAct, partnership.ChoiceApprove): "Let",
	partnership.ActionID(partnership.ActConfirmAct, partnership.ChoiceRefuse):  "Refused",

	partnership.ActionID(partnership.ActDecideObjection, partnership.ChoiceRelease): "The line stands",
	partnership.ActionID(partnership.ActDecideObjection, partnership.ChoiceVoid):    "The line was rejected",
	partnership.ActionID(partnership.ActDecideObjection, partnership.ChoiceAnswer):  "Answered",

	partnership.ActionID(partnership.ActAnswerCreator, partnership.ChoiceAnswer): "Answered by mail",
	partnership.ActionID(partnership.ActAnswerCreator, partnership.ChoiceNone):   "It needs no answer, said",

	partnership.ActionID(partnership.ActSettleDifference, partnership.Choice(partnership.SettleOurs)):    "Ours, and booked",
	partnership.ActionID(partnership.ActSettleDifference, partnership.Choice(partnership.SettleDouble)):  "A double: it is reversed before the next run pays anybody",
	partnership.ActionID(partnership.ActSettleDifference, partnership.Choice(partnership.SettleForeign)): "Not ours",

	partnership.ActionID(partnership.ActDecideHit, partnership.ChoiceClear):   "Another person",
	partnership.ActionID(partnership.ActDecideHit, partnership.ChoiceConfirm): "It is they: nothing is paid",

	partnership.ActionID(partnership.ActTellBank, partnership.ChoicePaid):       "The bank carried it out, said",
	partnership.ActionID(partnership.ActTellBank, partnership.ChoiceUnexecuted): "The bank never executed it, said",

	partnership.ActionID(partnership.ActDecideWriteOff, partnership.ChoiceApprove):  "Forgiven",
	partnership.ActionID(partnership.ActDecideWriteOff, partnership.ChoiceWithdraw): "Withdrawn",
}

// take keeps a decision before Slack has its ack, so that no death of this process loses what was acknowledged, carries it out
// afterwards and then shows on the card who took it. A second press is harmless: the same one is the same deed, another one is
// refused by the workflow, and the person is told.
func (a *App) take(ctx context.Context, d press) {
	by, may := a.allowed(ctx, d)
	if !may {
		return
	}
	by.ID = d.id()
	kept, said, err := a.keep(ctx, d, by)
	a.later(ctx, func(ctx context.Context) {
		if err == nil && kept.ID != "" {
			said, err = deeds.Tell(ctx, a.Workflows, kept)
		}
		if err != nil {
			a.tell(ctx, d.ref.Channel, d.user, about(d.card.Text, a.explain(ctx, d.verb, err)))
		} else {
			a.decided(ctx, d, said)
		}
		a.told(ctx, kept.ID, err)
	})
}

// decided shows on the card who decided what.
func (a *App) decided(ctx context.Context, d press, said deeds.Word) {
	card := d.card
	line := did[partnership.ActionID(d.verb, d.choice)] + " by @" + d.name + ", " + a.Now().UTC().Format("2 Jan 15:04 UTC") + "."
	card.Context = strings.TrimSpace(card.Context + "\n" + line)
	if said.More == 0 {
		card.Buttons = nil
	}
	if err := a.Chat.UpdateMessage(ctx, d.ref, card); err != nil {
		a.Log.WarnContext(ctx, "slack card not updated", "decision", d.verb, "error", err)
		a.tell(ctx, d.ref.Channel, d.user, "Done: "+line)
	}
}

// keep turns a decision into the deed that its workflow waits for, and keeps it. One that is done with here has no id.
func (a *App) keep(ctx context.Context, d press, by deeds.By) (kept partnership.Asked, said deeds.Word, err error) {
	if done, said, err := a.doneHere(ctx, d, by); done {
		return kept, said, err
	}
	deed, err := a.deed(ctx, d, by)
	if err != nil {
		return kept, said, err
	}
	kept, err = deed.Keep(ctx, a.Workflows, by, answerTo{Press: asked{d.verb, d.choice, d.parts, d.ref, d.card}, User: d.user, Name: d.name})
	return kept, said, err
}

// doneHere does what no workflow waits for: the database takes it, and whoever waits finds it there.
func (a *App) doneHere(ctx context.Context, d press, by deeds.By) (done bool, said deeds.Word, err error) {
	switch d.verb {
	case partnership.ActDecideObjection:
		o, err := deeds.DecideObjection(ctx, a.Store, by, d.parts[0], d.choice, d.words)
		if err == nil && o.DecidedAt.IsZero() { // an answer: the question stays open
			said.More = 1
		}
		return true, said, err
	case partnership.ActAnswerCreator:
		return true, said, a.answerCreator(ctx, d, by)
	case partnership.ActConfirmAct: // done by whoever sweeps: Slack has its ack first
		return true, said, deeds.ConfirmAct(ctx, a.Store, by, d.parts[0], d.choice)
	case partnership.ActDecideHit:
		return true, said, deeds.AnswerHit(ctx, a.Store, by, d.parts[0], d.choice, d.words)
	case partnership.ActDecideWriteOff:
		return true, said, a.decideWriteOff(ctx, by, d)
	case partnership.ActTellBank:
		return true, said, a.tellBank(ctx, by, d)
	}
	done, err = decisions.Here(ctx, a.Store, by, d.answer())
	return done, said, err
}

// decideWriteOff approves a write-off under all names of whoever pressed, or withdraws it.
func (a *App) decideWriteOff(ctx context.Context, by deeds.By, d press) error {
	if d.choice == partnership.ChoiceWithdraw {
		_, err := deeds.WithdrawWriteOff(ctx, a.Store, by, d.parts[0])
		return err
	}
	_, names, err := a.Directory.Of(ctx, by.Who)
	if err != nil {
		return err
	}
	_, err = deeds.ApproveWriteOff(ctx, a.Store, by, d.parts[0], names)
	return err
}

// tellBank says what the bank did with a file, under all names of whoever pressed: it is somebody else than who took it there.
func (a *App) tellBank(ctx context.Context, by deeds.By, d press) error {
	_, names, err := a.Directory.Of(ctx, by.Who)
	if err != nil {
		return err
	}
	if d.choice == partnership.ChoiceUnexecuted {
		_, err = deeds.VoidBankFile(ctx, a.Store, a.Workflows, by, d.parts[0], names, d.words)
		return err
	}
	_, err = deeds.TellBank(ctx, a.Store, a.Workflows, by, d.parts[0], partnership.BankPaid, d.words, names, "")
	return err
}

// deed is what was decided, of the workflow that waits for it.
func (a *App) deed(ctx context.Context, d press, by deeds.By) (deeds.Request, error) {
	return decisions.Ask(ctx, a.Store, by, d.answer(), a.Now())
}

// answers are the questions that the buttons of cards answer.
var answers = map[string]partnership.QuestionKind{
	partnership.ActDecideCounter: partnership.AsksCounter, partnership.ActReviewDraft: partnership.AsksDraft, partnership.ActDecideQuiet: partnership.AsksSilence,
	partnership.ActRetryStep: partnership.AsksStep, partnership.ActApproveRun: partnership.AsksRun, partnership.ActResolvePayout: partnership.AsksPayout,
	partnership.ActResolveEffect: partnership.AsksEffect, partnership.ActSettleDifference: partnership.AsksDifference,
}

func (d press) answer() decisions.Answer {
	return decisions.Answer{Kind: answers[d.verb], Parts: d.parts, Choice: d.choice, Words: d.words, WordsID: d.wordsID()}
}

// wordsID is the same for the same words however often the modal is sent.
func (d press) wordsID() string {
	sum := sha256.Sum256([]byte(d.id() + "\x00" + d.words))
	id, _ := uuid.FromBytes(sum[:16]) // 16 bytes always fit
	return id.String()
}

// id makes the same press the same deed. Each person's is their own: two who approve a run are two approvals, and one's refusal is
// not the other's.
func (d press) id() string {
	return strings.Join([]string{"slack", d.ref.Channel, d.ref.TS, partnership.ActionID(d.verb, d.choice), d.user}, "/")
}

// asksWords says whether a decision opens a modal first.
func asksWords(verb string, choice partnership.Choice) bool {
	return verb == partnership.ActDecideObjection || verb == partnership.ActSettleDifference || verb == partnership.ActDecideHit || verb == partnership.ActTellBank ||
		verb == partnership.ActAnswerCreator && choice == partnership.ChoiceAnswer || slices.Contains([]string{
		partnership.ActionID(partnership.ActReviewDraft, partnership.ChoiceChanges), partnership.ActionID(partnership.ActApproveRun, partnership.ChoiceReject), partnership.ActionID(partnership.ActResolvePayout, partnership.ChoicePaid),
	}, partnership.ActionID(verb, choice))
}
