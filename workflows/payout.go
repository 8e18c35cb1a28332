package workflows

import (
	"time"

	"go.temporal.io/sdk/workflow"

	"github.com/rapport-dev/rapport/activities"
	"github.com/rapport-dev/rapport/partnership"
)

// PayoutInput starts a Payout.
type PayoutInput struct {
	PayoutID partnership.PayoutID `json:"PayoutID"`
	Day      time.Duration        `json:"Day"`
	Rail     string               `json:"Rail,omitempty"`     // "" in payouts from before there were several
	Rejected bool                 `json:"Rejected,omitempty"` // what was not sent of its run was sent back
}

// PayoutResult is what became of one payout.
type PayoutResult struct {
	PayoutID partnership.PayoutID    `json:"PayoutID"`
	State    partnership.PayoutState `json:"State"`
}

// ResolvePayout is a person's word on an unknown transfer.
type ResolvePayout struct {
	By         string             `json:"By"`
	Decision   partnership.Choice `json:"Decision"`
	TransferID string             `json:"TransferID"` // with paid
	Proven
}

// PayoutWaits says that a payout waits for a person.
type PayoutWaits struct {
	PayoutID partnership.PayoutID `json:"PayoutID"`
	Batch    string               `json:"Batch,omitempty"` // the workflow of a batch of which nothing else is left
}

// ladder is how long an ambiguous transfer is sent again under its one key. A provider may forget a key after 24 hours; an hour
// is kept back. These are real hours: the provider knows nothing of campaign days.
const ladder = 23 * time.Hour

// Payout moves one creator's money once. While nobody knows whether a transfer was made, the same key is sent again; when the
// key may have been forgotten, the provider's list decides; when that is empty too, a person does. It never fails: what cannot be
// settled now is parked, and its rows stay claimed. The only error that leaves it is that a person cancelled it.
func Payout(ctx workflow.Context, in PayoutInput) (PayoutResult, error) {
	var resolved *ResolvePayout
	waiting, recording := false, false
	must(workflow.SetUpdateHandlerWithOptions(ctx, UpdateResolvePayout, func(ctx workflow.Context, m ResolvePayout) (Ack, error) {
		recording = true
		defer func() { recording = false }()
		if err := named(ctx, in, m); err != nil {
			return Ack{}, err
		}
		if err := decided(ctx, in.Day, UpdateResolvePayout, m); err != nil {
			return Ack{}, err
		}
		resolved = &m
		return Ack{}, nil
	}, workflow.UpdateHandlerOptions{Validator: func(_ workflow.Context, m ResolvePayout) error {
		switch {
		case !waiting || resolved != nil || recording:
			return refuse(partnership.Conflict, "this payout does not wait for a person")
		case m.Decision != partnership.ChoicePaid && m.Decision != partnership.ChoiceRelease:
			return refuseField("decision", "must be paid or release")
		}
		return nil
	}}))
	s := &settling{in: in}
	must(handleRetry(ctx, in.Day, func() { s.retries++ }, func() bool { return s.parked }))
	s.hearMoves(ctx)
	s.hearLooks(ctx)
	result := PayoutResult{PayoutID: in.PayoutID}

	var err error
	if result.State, err = s.arrived(ctx, s.send); err != nil || result.State != partnership.PayoutUnknown {
		return result.unlessLost(err)
	}
	for asked := 0; ; asked++ {
		look := activities.LookUp{PayoutID: in.PayoutID, Resolved: resolution(resolved), Asked: asked, Beside: moneyBeforeCards(ctx), Sends: true}
		if resolved != nil && resolved.Decision == partnership.ChoicePaid && holdsNamed(ctx) {
			look.TransferID = resolved.TransferID
		}
		result.State, err = s.arrived(ctx, func(ctx workflow.Context) (partnership.PayoutState, error) { return s.lookUp(ctx, look) })
		if err != nil || result.State != partnership.PayoutUnknown {
			return result.unlessLost(err)
		}
		workflow.SetCurrentDetails(ctx, "Waiting for finance: the provider does not show this transfer, which does not prove that it was not made")
		waiting, resolved = true, nil
		s.tellRun(ctx)
		if look.Beside {
			askUntil(ctx, in.Day, askAboutTransfer, "Ask finance about the transfer", look, func() bool { return resolved != nil })
		}
		for resolved == nil {
			seen := s.news
			if err := workflow.Await(ctx, func() bool { return resolved != nil || s.news > seen }); err != nil {
				return result, err
			}
			if resolved != nil || recording || !looksAgain(ctx) {
				continue
			}
			look := activities.LookUp{PayoutID: in.PayoutID, Beside: true, Sends: true}
			result.State, err = s.arrived(ctx, func(ctx workflow.Context) (partnership.PayoutState, error) { return s.lookUp(ctx, look) })
			if err != nil || result.State != partnership.PayoutUnknown {
				return result.unlessLost(err)
			}
		}
		waiting = false
	}
}

// unlessLost is the result of a payout that ended: one that the books do not know any more ends as that.
func (r PayoutResult) unlessLost(err error) (PayoutResult, error) {
	if wentBack(err) != "" {
		r.State = partnership.PayoutLost
		return r, nil
	}
	return r, err
}

// named holds the transfer that a person names against the provider's: a wrong one is refused with what differs, and decides nothing.
func named(ctx workflow.Context, in PayoutInput, m ResolvePayout) error {
	if m.Decision != partnership.ChoicePaid || m.TransferID == "" || !holdsNamed(ctx) {
		return nil
	}
	_, err := call(ctx, in.Day, checkTransfer.by(in.Rail), "Hold the named transfer against the provider's", activities.NamedTransfer{PayoutID: in.PayoutID, TransferID: m.TransferID})
	return err
}

// holdsNamed is false in payouts that took any id for the transfer that paid them, and threw it away.
func holdsNamed(ctx workflow.Context) bool {
	return workflow.GetVersion(ctx, "holds-named-transfer", workflow.DefaultVersion, 1) == 1
}

// send moves the money, or gives the rows of a refused transfer back. Unknown says to look closer: the key is too old to send again, the
// provider shows several, or no attempt got through.
func (s *settling) send(ctx workflow.Context) (state partnership.PayoutState, err error) {
	ref := activities.PayoutRef{PayoutID: s.in.PayoutID, Rail: s.in.Rail, Rejected: s.in.Rejected}
	state, err = execute(ctx, s.in.Day, executeTransfer.by(s.in.Rail), "Transfer, always under the same key", ref, bounded(ladder))
	switch {
	case err == nil:
		return state, nil
	case wentBack(err) != "":
		return "", err
	case refusalOf(err) != nil:
		return s.release(ctx, why(err))
	case ctx.Err() != nil:
		return "", err
	}
	return partnership.PayoutUnknown, nil
}

// lookUp finds out what became of a transfer. One that was never sent in all its hours, because nobody was there to send it or the
// provider refused all of us, is no question to a person: it is sent now, or refused like any other.
func (s *settling) lookUp(ctx workflow.Context, look activities.LookUp) (partnership.PayoutState, error) {
	for {
		state, err := settled(ctx, s, lookUpTransfer.by(s.in.Rail), "Look the transfer up at the provider", look)
		if err != nil || state != partnership.PayoutPlanned {
			return state, err
		}
		if state, err := s.send(ctx); err != nil || state != partnership.PayoutUnknown {
			return state, err
		}
	}
}

// arrived follows a transfer that its rail has taken and has not paid yet to its end: PayPal's items, which somebody has to claim within
// 30 days, and a bank file's lines, which a person confirms. Until then the payout is posted, its rows stay claimed, and the run pays
// the others.
func (s *settling) arrived(ctx workflow.Context, step func(ctx workflow.Context) (partnership.PayoutState, error)) (partnership.PayoutState, error) {
	state, err := step(ctx)
	waited := false
	for looks := 0; err == nil && state == partnership.PayoutPosted; looks++ {
		waited = true
		s.tellRun(ctx)
		workflow.SetCurrentDetails(ctx, "The rail has the transfer and has not paid it yet")
		seen := s.news
		within(ctx, lookAfter(s.in.Day, looks), "Look again at a transfer that is under way", func() bool { return s.news > seen || ctx.Err() != nil })
		look := activities.LookUp{PayoutID: s.in.PayoutID, Beside: true, Sends: true}
		state, err = s.lookUp(ctx, look)
	}
	if waited && err == nil && state == partnership.PayoutFailed {
		courtesy(ctx, s.in.Day, tellRefused, "Tell finance that a transfer failed", activities.Refused{PayoutID: s.in.PayoutID, Beside: true}, lastWords(s.in.Day))
	}
	return state, err
}

// tellRun says to the run that this payout waits for a person, once: whoever is paid after it need not wait along.
func (s *settling) tellRun(ctx workflow.Context) {
	run := workflow.GetInfo(ctx).ParentWorkflowExecution
	if run == nil || s.told || !waitsBeside(ctx) {
		return
	}
	s.told = true
	workflow.SignalExternalWorkflow(ctx, run.ID, "", SignalPayoutWaits, PayoutWaits{PayoutID: s.in.PayoutID}) // a run that has ended need not hear it
}

// waitsBeside is false in payouts that keep their place in the run while they wait for a person, and in the runs of those.
func waitsBeside(ctx workflow.Context) bool {
	return workflow.GetVersion(ctx, "waits-beside", workflow.DefaultVersion, 1) == 1
}

// release gives the rows of a refused transfer back, and then tells finance.
func (s *settling) release(ctx workflow.Context, why string) (partnership.PayoutState, error) {
	refused := activities.Refused{PayoutID: s.in.PayoutID, Why: why, Beside: moneyBeforeCards(ctx)}
	state, err := settled(ctx, s, releaseRefused, "Release the rows of a refused transfer", refused)
	if err == nil && refused.Beside {
		courtesy(ctx, s.in.Day, tellRefused, "Tell finance that a transfer was refused", refused, lastWords(s.in.Day))
	}
	return state, err
}

func resolution(m *ResolvePayout) partnership.Choice {
	if m == nil {
		return ""
	}
	return m.Decision
}
