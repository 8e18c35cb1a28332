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
)

// Choices of ActApproveRun and ActResolveEffect; the other verbs' choices are those of their update.
const (
	ChoiceApprove = "approve"
	ChoiceReject  = "reject"
	ChoiceSent    = "sent"     // a person found it at the vendor
	ChoiceNotSent = "not_sent" // a person is sure that it is not there: it may be sent again
)

// actionArity says how many parts the value of each verb holds.
var actionArity = map[string]int{
	ActDecideCounter: 2, ActReviewDraft: 2, ActDecideQuiet: 2, ActApproveRun: 3, ActResolveEffect: 1, ActResolvePayout: 1,
	ActRetryStep: 1,
}

// actionSeparator never occurs in ids, task names, programs, periods or keys.
const actionSeparator = "|"

// ActionID is a button's action id.
func ActionID(verb, choice string) string { return verb + ":" + choice }

// ActionValue is a button's value.
func ActionValue(parts ...string) string { return strings.Join(parts, actionSeparator) }

// ParseAction takes a button's action id and value apart. An unknown verb and a value with missing or empty parts are
// Invalid: such a card is older or newer than this build.
func ParseAction(actionID, value string) (verb, choice string, parts []string, err error) {
	verb, choice, _ = strings.Cut(actionID, ":")
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
