package deeds

import (
	"github.com/rapport-dev/rapport/partnership"
	"github.com/rapport-dev/rapport/workflows"
)

// DecideCounter answers a creator's counter-offer of that round.
func DecideCounter(id partnership.PartnershipID, round int, decision partnership.Choice) Request {
	return Request{Deed: partnership.DeedDecideCounter, Subject: workflows.PartnershipWorkflowID(id), message: func(who string) any {
		return workflows.DecideCounter{Round: round, Decision: decision, By: who}
	}}
}

// DecideQuiet decides about a creator who went quiet over a task.
func DecideQuiet(id partnership.PartnershipID, task string, decision partnership.Choice) Request {
	return Request{Deed: partnership.DeedDecideQuiet, Subject: workflows.PartnershipWorkflowID(id), message: func(who string) any {
		return workflows.DecideQuiet{Task: task, Decision: decision, By: who}
	}}
}
