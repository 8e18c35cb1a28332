package deeds

import (
	"github.com/rapport-dev/rapport/partnership"
	"github.com/rapport-dev/rapport/workflows"
)

// Answer is a creator's own deed about their partnership: message is the update of that name.
func Answer(id partnership.PartnershipID, deed string, message any) Request {
	return Request{Deed: deed, Subject: workflows.PartnershipWorkflowID(id), message: func(string) any { return message }}
}
