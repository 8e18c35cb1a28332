package decisions

import "github.com/rapport-dev/rapport/partnership"

// DeedOf is the deed that an answer asks for, "" where no answer settles such a question.
func DeedOf(kind partnership.QuestionKind, choice partnership.Choice) string {
	either := func(this partnership.Choice, deed, other string) string {
		if choice == this {
			return deed
		}
		return other
	}
	switch kind {
	case partnership.AsksCounter:
		return partnership.DeedDecideCounter
	case partnership.AsksDraft:
		return partnership.DeedReviewDraft
	case partnership.AsksSilence:
		return partnership.DeedDecideQuiet
	case partnership.AsksStep:
		return either(partnership.ChoiceCancel, partnership.DeedCancel, partnership.DeedRetryStep)
	case partnership.AsksEffect:
		return partnership.DeedResolveEffect
	case partnership.AsksMail:
		return partnership.DeedAnswerCreator
	case partnership.AsksRun:
		return either(partnership.ChoiceReject, partnership.DeedRejectRun, partnership.DeedApproveRun)
	case partnership.AsksPayout:
		return partnership.DeedResolvePayout
	case partnership.AsksDifference:
		return partnership.DeedSettleDifference
	case partnership.AsksObjection:
		return partnership.DeedDecideObjection
	case partnership.AsksHeld:
		return either(partnership.ChoiceVoid, partnership.DeedVoidRow, partnership.DeedReleaseRow)
	case partnership.AsksHit:
		return either(partnership.ChoiceClear, partnership.DeedClearHit, partnership.DeedConfirmHit)
	case partnership.AsksWriteOff:
		return either(partnership.ChoiceWithdraw, partnership.DeedWithdrawWriteOff, partnership.DeedApproveWriteOff)
	}
	return ""
}
