package slackapp

import (
	"encoding/json"
	"strings"

	slackapi "github.com/slack-go/slack"

	"github.com/rapport-dev/rapport/partnership"
)

// The modals' callback ids, and the blocks that they read.
const (
	modalWords   = "words"
	modalLaunch  = "launch"
	modalStop    = "stop"
	modalMessage = "message"
	modalAmend   = "amend"

	blockWords = "words"
	blockDay   = "day"
	fieldText  = "text" // the action id of every field, but of a day's
	fieldDay   = "day"
)

// Slack's limits, in characters.
const (
	maxInput   = 3000
	maxPrivate = 3000
	maxText    = 3000 // of a section, and of what we say at once
	maxButton  = 75
)

// asked is what a words modal carries from the button to its answer.
type asked struct {
	Verb   string
	Choice partnership.Choice
	Parts  []string
	Ref    partnership.MessageRef
	Card   cardAsk
	At     place
}

// wordsModal asks for what a decision needs said.
func wordsModal(d press) slackapi.ModalViewRequest {
	title, label, hint, button := "Your word", "Reason", "", "Send"
	switch partnership.ActionID(d.verb, d.choice) {
	case partnership.ActionID(partnership.ActReviewDraft, partnership.ChoiceAdjust):
		title, label, button = "A small change", "What should change?", "Approve and send"
		hint = "It is approved: the creator reads this word for word when they are cleared to post, and sends no other draft."
	case partnership.ActionID(partnership.ActReviewDraft, partnership.ChoiceChanges):
		title, label, button = "Ask for changes", "What should change?", "Send to creator"
		hint = "The creator reads this word for word. Say what and why; leave the how to them."
	case partnership.ActionID(partnership.ActApproveRun, partnership.ChoiceReject):
		title, label, button = "Reject the run", "Why?", "Reject"
		hint = "Every line goes back; the run can be made again."
	case partnership.ActionID(partnership.ActResolvePayout, partnership.ChoicePaid):
		title, label, button = "It was paid", "The transfer's id at the provider", "Confirm"
		hint = "It begins with tr_ and stands on the transfer's page."
	}
	if d.verb == partnership.ActDecideObjection {
		title, label, button = "The objection", "What do you write to the creator?", "Decide and send"
		hint = map[partnership.Choice]string{
			partnership.ChoiceRelease: "The line stands and goes on where it was. They read your words as they are.",
			partnership.ChoiceVoid:    "The line is rejected for good: it is never paid. They read your words as they are.",
			partnership.ChoiceAnswer:  "Nothing changes about the line; what is held stays held. They read your words as they are.",
		}[d.choice]
	}
	if d.verb == partnership.ActDecideHit {
		title, label, button = "The sanctions list", "By what do you know?", "Say so"
		hint = map[partnership.Choice]string{
			partnership.ChoiceClear:   "Such as another birthday. Their money goes with the next run.",
			partnership.ChoiceConfirm: "Such as the same passport. Nothing is paid to them, an approved run's payout too.",
		}[d.choice] + " The audit keeps your words."
	}
	switch partnership.ActionID(d.verb, d.choice) {
	case partnership.ActionID(partnership.ActTellBank, partnership.ChoicePaid):
		title, label, button = "The bank paid", "The bank's own reference", "All of it is paid"
		hint = "As its statement shows it. All of the file that is open is booked as paid; what it has returned of it is said by rapport payouts confirm first."
	case partnership.ActionID(partnership.ActTellBank, partnership.ChoiceUnexecuted):
		title, label, button = "Never executed", "By what do you know?", "It is owed again"
		hint = "All of the file is in the next run. If the bank did execute it, those creators are paid twice. " + partnership.PaidBefore + " The audit keeps your words."
	}
	if d.verb == partnership.ActAnswerCreator {
		title, label, button = "Answer", "Your words", "Send the mail"
		hint = "They go out as a mail in the creator's own thread, word for word, in the brand's name."
	}
	if d.verb == partnership.ActSettleDifference {
		title, label, button = "The transfer", "Why?", "Settle"
		hint = map[partnership.Settlement]string{
			partnership.SettleOurs:    "It is booked as paid: the creator's next payout is less by it.",
			partnership.SettleDouble:  "It is reversed at the provider before the next run pays anybody.",
			partnership.SettleForeign: "It stays out of the books.",
		}[partnership.Settlement(d.choice)] + " The audit keeps your words."
	}
	element := slackapi.NewPlainTextInputBlockElement(nil, fieldText)
	element.Multiline, element.MaxLength = d.verb != partnership.ActResolvePayout, maxInput
	input := slackapi.NewInputBlock(blockWords, plain(label), nil, element)
	if hint != "" {
		input.Hint = plain(hint)
	}
	blocks := []slackapi.Block{input}
	if d.verb == partnership.ActTellBank && d.choice == partnership.ChoicePaid {
		blocks = append(blocks, slackapi.NewInputBlock(blockDay, plain("The day on which it paid"), plain("The payments are of that day's year."), slackapi.NewDatePickerBlockElement(fieldDay)))
	}
	return slackapi.ModalViewRequest{
		Type: slackapi.VTModal, CallbackID: modalWords, Title: plain(title), Submit: plain(button), Close: plain("Back"),
		Blocks: slackapi.Blocks{BlockSet: blocks}, PrivateMetadata: private(d),
	}
}

// private packs the press into what the modal may carry.
func private(d press) string {
	b, _ := json.Marshal(asked{d.verb, d.choice, d.parts, d.ref, d.card, d.at}) // strings alone
	return string(b)
}

// pressOf unpacks it again, with the words that were typed.
func pressOf(in slackapi.InteractionCallback) (press, error) {
	var a asked
	if err := json.Unmarshal([]byte(in.View.PrivateMetadata), &a); err != nil {
		return press{}, err
	}
	if _, _, _, err := partnership.ParseAction(partnership.ActionID(a.Verb, a.Choice), partnership.ActionValue(a.Parts...)); err != nil {
		return press{}, err
	}
	a.At.User = in.User.ID
	return press{
		verb: a.Verb, choice: a.Choice, parts: a.Parts, ref: a.Ref, card: a.Card,
		words: typed(in, blockWords), day: pickedDay(in), user: in.User.ID, at: a.At,
	}, nil
}

// typed is what stands in a modal's field, without the space around it.
func typed(in slackapi.InteractionCallback, block string) string {
	return strings.TrimSpace(raw(in, block))
}

func raw(in slackapi.InteractionCallback, block string) string {
	if in.View.State == nil {
		return ""
	}
	return in.View.State.Values[block][fieldText].Value
}

// pickedDay is the day that was picked, "" where none was asked for.
func pickedDay(in slackapi.InteractionCallback) string {
	if in.View.State == nil {
		return ""
	}
	return in.View.State.Values[blockDay][fieldDay].SelectedDate
}

func plain(s string) *slackapi.TextBlockObject {
	return slackapi.NewTextBlockObject(slackapi.PlainTextType, s, false, false)
}
