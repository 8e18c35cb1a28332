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

// DecideQuiet decides about a creator who went quiet over a task.
func DecideQuiet(id p.PartnershipID, task string, decision p.Choice) Request {
	return Request{Deed: p.DeedDecideQuiet, Subject: workflows.PartnershipWorkflowID(id), message: func(who string) any {
		return workflows.DecideQuiet{Task: task, Decision: decision, By: who}
	}}
}
