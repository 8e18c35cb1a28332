package partnership

import "strings"

// The decisions that a person takes by pressing a button on a card. A button's action id is "<verb>:<choice>" and its
// value is opaque ids joined by ActionValue: whoever posts a card and whoever answers a press agree on both here.
const (
	ActDecideCounter = "decide_counter" // value: partnership, round            choices: accept, refuse
	ActReviewDraft   = "review_draft"   // value: partnership, task             choices: approve, changes
	ActDecideQuiet   = "decide_quiet"   // value: partnership, task             choices: extend, keep_waiting, replace
	ActApproveRun    = "approve_run"    // value: program, period, lines hash   choices: approve, reject
	ActResolveEffect = "resolve_effect" // value: effect key                    choices: sent, not_sent
	ActResolvePayout = "resolve_payout" // value: payout                        choices: paid, release
	ActRetryStep     = "retry_step"     // value: partnership                   choices: again, cancel

	ActDecideObjection  = "decide_objection"  // value: objection                   choices: release, void, answer
	ActAnswerCreator    = "answer_creator"    // value: partnership, mail           choices: answer, none
	ActConfirmAct       = "confirm_act"       // value: hash                        choices: approve, refuse
	ActSettleDifference = "settle_difference" // value: rail, transfer, program     choices: ours, double, foreign
	ActDecideHit        = "decide_hit"        // value: sanctions hit               choices: clear, confirm
	ActTellBank         = "tell_bank"         // value: bank file                   choices: paid, unexecuted
	ActDecideWriteOff   = "decide_write_off"  // value: write-off                   choices: approve, withdraw
)

// ActOpenLink is the action id of a card's link: a chat reports that it was opened too, and that needs no answer.
const ActOpenLink = "open_link"

// Choice is what a person picks out of a few: with a button of a card or of a page, or by its word. The words are on the wire.
type Choice string

// The choices. The comment of each verb says which are its own.
const (
	ChoiceAccept  Choice = "accept"  // an offer or a counter-offer
	ChoiceCounter Choice = "counter" // an offer: for another fee
	ChoiceDecline Choice = "decline" // an offer
	ChoiceRefuse  Choice = "refuse"  // a counter-offer: the standing offer stays open

	ChoiceObject Choice = "object" // to a line of a statement

	ChoiceDraft Choice = "draft" // here it is
	ChoicePost  Choice = "post"  // it is live here

	ChoiceTaxForm Choice = "tax_form" // here is mine
	ChoiceVAT     Choice = "vat_id"
	ChoiceInvoice Choice = "invoice_details" // and you may write my invoices

	ChoiceReceived Choice = "received" // a parcel
	ChoiceDamaged  Choice = "damaged"  // a parcel

	ChoiceApprove Choice = "approve" // a draft or a payout run
	ChoiceAdjust  Choice = "adjust"  // a draft is approved, with a small change that needs no other one
	ChoiceChanges Choice = "changes" // to a draft
	ChoiceReject  Choice = "reject"  // a payout run

	ChoiceExtend      Choice = "extend" // the time of a task
	ChoiceKeepWaiting Choice = "keep_waiting"
	ChoiceReplace     Choice = "replace" // a creator who went quiet

	ChoicePaid Choice = "paid" // a person found the transfer at the provider; the bank carried out a file

	ChoiceUnexecuted Choice = "unexecuted" // the bank never executed a file

	ChoiceRelease Choice = "release"  // a person is sure that it is not there: it may be sent again; of an objection: the line stands, and goes on
	ChoiceSent    Choice = "sent"     // a person found it at the vendor
	ChoiceNotSent Choice = "not_sent" // a person is sure that it is not there: it may be sent again

	ChoiceVoid   Choice = "void"   // the line that was objected to is rejected
	ChoiceAnswer Choice = "answer" // an objection or a mail, in words
	ChoiceNone   Choice = "none"   // a mail that needs no answer

	ChoiceClear    Choice = "clear"    // a name on the sanctions list is somebody else's
	ChoiceConfirm  Choice = "confirm"  // it is theirs
	ChoiceWithdraw Choice = "withdraw" // a write-off

	ChoiceAgain  Choice = "again" // try a step that was refused
	ChoiceCancel Choice = "cancel"
)

// actionArity says how many parts the value of each verb holds.
var actionArity = map[string]int{
	ActDecideCounter: 2, ActReviewDraft: 2, ActDecideQuiet: 2, ActApproveRun: 3, ActResolveEffect: 1, ActResolvePayout: 1,
	ActRetryStep: 1, ActDecideObjection: 1, ActAnswerCreator: 2, ActSettleDifference: 3, ActDecideHit: 1, ActDecideWriteOff: 1, ActTellBank: 1, ActConfirmAct: 1,
}

// actionSeparator never occurs in ids, task names, programs, periods or keys.
const actionSeparator = "|"

// ActionID is a button's action id.
func ActionID(verb string, choice Choice) string { return verb + ":" + string(choice) }

// ActionValue is a button's value.
func ActionValue(parts ...string) string { return strings.Join(parts, actionSeparator) }

// ParseAction takes a button's action id and value apart. An unknown verb and a value with missing or empty parts are
// Invalid: such a card is older or newer than this build.
func ParseAction(actionID, value string) (verb string, choice Choice, parts []string, err error) {
	verb, word, _ := strings.Cut(actionID, ":")
	choice = Choice(word)
	parts = strings.Split(value, actionSeparator)
	arity, known := actionArity[verb]
	if !known || choice == "" || len(parts) != arity {
		return "", "", nil, Errorf(Invalid, "this button belongs to another version of Rapport; open the partnership in the console instead")
	}
	for _, part := range parts {
		if part == "" {
			return "", "", nil, Errorf(Invalid, "this button has lost what it is about; open the partnership in the console instead")
		}
	}
	return verb, choice, parts, nil
}
