package workflows_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
	"go.temporal.io/sdk/client"

	"github.com/rapport-dev/rapport/engine"
	"github.com/rapport-dev/rapport/partnership"
	"github.com/rapport-dev/rapport/workflows"
)

// scenario is a story told on a real server: what answers come, and how it starts.
type scenario struct {
	script  func(what string) []answer
	play    func(t *testing.T, st *stage, name string) (workflowID string)
	options []func(*client.Options)
}

// scenarios are recorded for replay and held to their budget.
var scenarios = map[string]scenario{
	"happy":           {script: happyScript, play: partnershipOf(2*time.Hour, 1./7200)},
	"happy-encrypted": {script: happyScript, play: partnershipOf(2*time.Hour, 1./7200), options: []func(*client.Options){encrypted}},
	"declined":        {script: declineScript, play: partnershipOf(2*time.Hour, 1)},
	"ghosted":         {script: without(happyScript, "mail draft_request"), play: partnershipOf(time.Second, 1)},
	"returned":        {script: returnScript, play: partnershipOf(time.Second, 1)},
	"rescheduled":     {script: slipScript, play: partnershipOf(2*time.Hour, 1./7200)},
	"amended":         {script: amendScript, play: partnershipOf(2*time.Hour, 1./7200)},
	"cancelled":       {script: cancelScript, play: partnershipOf(2*time.Hour, 1)},
	"payout-run":      {script: approveScript, play: payoutRun},
	"payout":          {script: approveScript, play: payoutOnly},
}

func partnershipOf(day time.Duration, windowDays float64) func(*testing.T, *stage, string) string {
	return func(_ *testing.T, st *stage, name string) string {
		in := input()
		in.CampaignID, in.PartnershipID = partnership.CampaignID(uuid.NewString()), partnership.PartnershipID(uuid.NewString())
		in.Day, in.Schedule.WindowDays, in.Schedule.ProduceDays = day, windowDays, 2
		in.Schedule.PublishFrom = time.Now()
		in.Schedule.PublishTo = in.Schedule.PublishFrom.Add(100 * day)
		return st.partnership(in)
	}
}

// payoutRun pays one creator: two payouts begin and end in one task or in two, as the server happens to find them.
func payoutRun(t *testing.T, st *stage, name string) string {
	st.money.payouts = st.money.payouts[:1]
	program := strings.ToLower(uuid.NewString())
	return st.play(workflows.PayoutRunWorkflowID(program, "2026-11"), workflows.PayoutRunType,
		workflows.PayoutRunInput{Program: program, Zone: "UTC", Period: "2026-11", PreparedBy: "U_PREPARER", Day: time.Second, ReviewDays: 1})
}

func payoutOnly(t *testing.T, st *stage, _ string) string {
	return st.play(workflows.PayoutWorkflowID(payoutOf(t, 3)), workflows.PayoutType, workflows.PayoutInput{PayoutID: payoutOf(t, 3), Day: time.Second})
}

// payoutOf is a payout's id of its own for each test.
func payoutOf(t *testing.T, n int) partnership.PayoutID {
	return partnership.PayoutID(uuid.NewSHA1(uuid.NameSpaceOID, fmt.Append(nil, t.Name(), n)).String())
}

func encrypted(o *client.Options) {
	keys, err := engine.ParseKeys(recordingKey)
	if err != nil {
		panic(err) // the key is written above
	}
	keys.Host(o)
}

// proven stands for the proof that a door makes: recording it is part of what a decision of the team costs.
var proven = workflows.Proven{Proof: &partnership.Proof{ID: "d1", Who: "U1"}}

// happyScript answers everything as a willing creator and a prompt manager do.
func happyScript(what string) []answer {
	task := what[strings.LastIndex(what, " ")+1:]
	switch {
	case strings.HasPrefix(what, "mail invitation"):
		return []answer{{name: workflows.UpdateAnswerOffer, arg: workflows.AnswerOffer{Task: task, Answer: partnership.ChoiceAccept}}}
	case strings.HasPrefix(what, "contract"):
		return []answer{{signal: true, name: workflows.SignalEnvelopeChanged, arg: workflows.EnvelopeChanged{EnvelopeID: "env-1", EventID: "e1"}}}
	case strings.HasPrefix(what, "mail gift_shipped"):
		return []answer{{signal: true, name: workflows.SignalParcelMoved, arg: workflows.ParcelMoved{ShipmentID: "shp-1", Status: partnership.ParcelDelivered, At: time.Now(), EventID: "e2"}}}
	case strings.HasPrefix(what, "mail draft_request"):
		return []answer{{name: workflows.UpdateSubmitDraft, arg: workflows.SubmitDraft{Task: task, SubmissionID: "s1"}}}
	case strings.HasPrefix(what, "card review"):
		return []answer{{name: workflows.UpdateReviewDraft, arg: workflows.ReviewDraft{Task: task, Decision: partnership.ChoiceApprove, By: "U1", Proven: proven}}}
	case strings.HasPrefix(what, "mail cleared_to_post"):
		return []answer{{name: workflows.UpdateSubmitPost, arg: workflows.SubmitPost{Task: task, SubmissionID: "s2"}}}
	case strings.HasPrefix(what, "mail payout_setup"):
		return []answer{{signal: true, name: workflows.SignalPayoutAccountReady, arg: workflows.PayoutAccountReady{EventID: "e3"}}}
	}
	return nil
}

// without answers everything but what begins like that.
func without(script func(string) []answer, silent string) func(string) []answer {
	return func(what string) []answer {
		if strings.HasPrefix(what, silent) {
			return nil
		}
		return script(what)
	}
}

func declineScript(what string) []answer {
	if !strings.HasPrefix(what, "mail invitation") {
		return nil
	}
	return []answer{{name: workflows.UpdateAnswerOffer, arg: workflows.AnswerOffer{Task: "offer", Answer: partnership.ChoiceDecline}}}
}

// cancelScript cancels while the gift is on its way.
func cancelScript(what string) []answer {
	if strings.HasPrefix(what, "mail gift_shipped") {
		return []answer{{name: workflows.UpdateCancel, arg: workflows.Stop{Reason: "budget cut", By: "U1"}}}
	}
	return happyScript(what)
}

// returnScript is a creator who sends the draft when their place has been offered to somebody else.
func returnScript(what string) []answer {
	switch {
	case strings.HasPrefix(what, "mail draft_request"):
		return nil
	case strings.HasPrefix(what, "mail place_offered"):
		return []answer{{name: workflows.UpdateSubmitDraft, arg: workflows.SubmitDraft{Task: "draft-1", SubmissionID: "s1"}}}
	}
	return happyScript(what)
}

// slipScript is a carrier who says that it is three days late, and then is.
func slipScript(what string) []answer {
	parcel := func(status partnership.ParcelStatus, eta time.Time, event string) []answer {
		return []answer{{signal: true, name: workflows.SignalParcelMoved, arg: workflows.ParcelMoved{ShipmentID: "shp-1", Status: status, At: time.Now(), ETA: eta, EventID: event}}}
	}
	switch {
	case strings.HasPrefix(what, "mail gift_shipped"):
		return parcel(partnership.ParcelInTransit, time.Now().Add(8*2*time.Hour), "e2")
	case strings.HasPrefix(what, "card schedule"):
		return parcel(partnership.ParcelDelivered, noTime, "e3")
	}
	return happyScript(what)
}

// amendScript moves the publish window while the creator works on the draft, which comes when they have heard of it.
func amendScript(what string) []answer {
	switch {
	case strings.HasPrefix(what, "mail draft_request"):
		in := input()
		in.Schedule.WindowDays, in.Schedule.ProduceDays = 1./7200, 4
		return []answer{{signal: true, name: workflows.SignalAmended, arg: workflows.Amended{Version: 1, Schedule: in.Schedule, Offer: in.Offer}}}
	case strings.HasPrefix(what, "card schedule"):
		return []answer{{name: workflows.UpdateSubmitDraft, arg: workflows.SubmitDraft{Task: "draft-1", SubmissionID: "s1"}}}
	}
	return happyScript(what)
}

func approveScript(what string) []answer {
	if !strings.HasPrefix(what, "card approval") {
		return nil
	}
	return []answer{{name: workflows.UpdateApproveRun, arg: workflows.ApproveRun{By: "U_FINANCE", Hash: "h1"}}}
}
