package deeds

import (
	p "github.com/rapport-dev/rapport/partnership"
	"github.com/rapport-dev/rapport/workflows"
)

// DecideCounter answers a creator's counter-offer of that round.
func DecideCounter(id p.PartnershipID, round int, decision p.Choice) Request {
	return Request{Deed: p.DeedDecideCounter, Subject: workflows.PartnershipWorkflowID(id), message: func(who string) any {
		return workflows.DecideCounter{Round: round, Decision: decision, By: who}
	}}
}

// ReviewDraft approves a draft or asks for changes; feedback is the submission that holds the words, "" without any.
func ReviewDraft(id p.PartnershipID, task string, decision p.Choice, feedback string) Request {
	return Request{Deed: p.DeedReviewDraft, Subject: workflows.PartnershipWorkflowID(id), message: func(who string) any {
		return workflows.ReviewDraft{Task: task, Decision: decision, SubmissionID: feedback, By: who}
	}}
}

// DecideQuiet decides about a creator who went quiet over a task.
func DecideQuiet(id p.PartnershipID, task string, decision p.Choice) Request {
	return Request{Deed: p.DeedDecideQuiet, Subject: workflows.PartnershipWorkflowID(id), message: func(who string) any {
		return workflows.DecideQuiet{Task: task, Decision: decision, By: who}
	}}
}
