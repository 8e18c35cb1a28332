package slackapp

import (
	"context"
	"crypto/sha256"
	"slices"
	"strconv"
	"strings"

	"github.com/google/uuid"

	"github.com/rapport-dev/rapport/app/deeds"
	p "github.com/rapport-dev/rapport/partnership"
	"github.com/rapport-dev/rapport/workflows"
)

// press is a decision that somebody took: which, about what, on which card.
type press struct {
	verb       string
	choice     p.Choice
	parts      []string // of the button's value
	words      string   // typed into a modal: feedback, a reason, a transfer's id
	user, name string   // of the person; name is what others call them
	ref        p.MessageRef
	card       p.Message
}

// did says in the past tense what a choice was, for the card.
var did = map[string]string{
	p.ActionID(p.ActDecideCounter, p.ChoiceAccept):    "Counter-offer accepted",
	p.ActionID(p.ActDecideCounter, p.ChoiceRefuse):    "Counter-offer refused",
	p.ActionID(p.ActReviewDraft, p.ChoiceApprove):     "Draft approved",
	p.ActionID(p.ActReviewDraft, p.ChoiceChanges):     "Changes asked for",
	p.ActionID(p.ActDecideQuiet, p.ChoiceExtend):      "More time given",
	p.ActionID(p.ActDecideQuiet, p.ChoiceKeepWaiting): "Waiting on",
	p.ActionID(p.ActDecideQuiet, p.ChoiceReplace):     "Replaced by a standby",
	p.ActionID(p.ActApproveRun, p.ChoiceApprove):      "Approved",
	p.ActionID(p.ActApproveRun, p.ChoiceReject):       "Rejected",
	p.ActionID(p.ActResolveEffect, p.ChoiceSent):      "Found: it was done",
	p.ActionID(p.ActResolveEffect, p.ChoiceNotSent):   "Not there: it is tried again",
	p.ActionID(p.ActRetryStep, p.ChoiceAgain):         "It is tried again",
	p.ActionID(p.ActRetryStep, p.ChoiceCancel):        "Cancelled",
	p.ActionID(p.ActResolvePayout, p.ChoicePaid):      "Found: it was paid",
	p.ActionID(p.ActResolvePayout, p.ChoiceRelease):   "Not there: it may be sent again",
}

// take keeps a decision before Slack has its ack, so that no death of this process loses what was acknowledged, carries it out
// afterwards and then shows on the card who took it. A second press is harmless: the same one is the same deed, another one is
// refused by the workflow, and the person is told.
func (a *App) take(ctx context.Context, d press) {
	by, may := a.allowed(ctx, d)
	if !may {
		return
	}
	by.ID = d.id()
	kept, err := a.keep(ctx, d, by)
	a.later(ctx, func(ctx context.Context) {
		var ack workflows.Ack
		if err == nil && kept.ID != "" {
			err = a.Workflows.Tell(ctx, kept, &ack)
		}
		if err != nil {
			a.tell(ctx, d.ref.Channel, d.user, about(d.card.Text, a.explain(ctx, d.verb, err)))
		} else {
			a.decided(ctx, d, ack)
		}
		a.told(ctx, kept.ID, err)
	})
}

// decided shows on the card who decided what.
func (a *App) decided(ctx context.Context, d press, ack workflows.Ack) {
	card := d.card
	line := did[p.ActionID(d.verb, d.choice)] + " by @" + d.name + ", " + a.Now().UTC().Format("2 Jan 15:04 UTC") + "."
	card.Context = strings.TrimSpace(card.Context + "\n" + line)
	if ack.More == 0 {
		card.Buttons = nil
	}
	if err := a.Chat.UpdateMessage(ctx, d.ref, card); err != nil {
		a.Log.WarnContext(ctx, "slack card not updated", "decision", d.verb, "error", err)
		a.tell(ctx, d.ref.Channel, d.user, "Done: "+line)
	}
}

// keep turns a decision into the deed that its workflow waits for, and keeps it. One that is done with here has no id.
func (a *App) keep(ctx context.Context, d press, by deeds.By) (p.Asked, error) {
	if d.verb == p.ActResolveEffect { // the step that waits asks again by itself and finds the answer
		return p.Asked{}, deeds.ResolveEffect(ctx, a.Store, by, p.EffectKey(d.parts[0]), d.choice)
	}
	deed, err := a.deed(ctx, d, by)
	if err != nil {
		return p.Asked{}, err
	}
	return deed.Keep(ctx, a.Workflows, by, answerTo{Press: asked{d.verb, d.choice, d.parts, d.ref, d.card}, User: d.user, Name: d.name})
}

// deed is what was decided, of the workflow that waits for it.
func (a *App) deed(ctx context.Context, d press, by deeds.By) (deeds.Request, error) {
	partnership := p.PartnershipID(d.parts[0])
	switch d.verb {
	case p.ActDecideCounter:
		round, err := strconv.Atoi(d.parts[1])
		if err != nil {
			return deeds.Request{}, p.Errorf(p.Invalid, "this button has lost its round; decide in a newer card")
		}
		return deeds.DecideCounter(partnership, round, d.choice), nil
	case p.ActReviewDraft:
		review := deeds.Review{Partnership: partnership, Task: d.parts[1], Decision: d.choice, Words: d.words, WordsID: d.wordsID()}
		return deeds.ReviewDraft(ctx, a.Store, by, review, a.Now())
	case p.ActDecideQuiet:
		return deeds.DecideQuiet(partnership, d.parts[1], d.choice), nil
	case p.ActApproveRun:
		if d.choice == p.ChoiceReject {
			return deeds.RejectRun(d.parts[0], d.parts[1], d.words, d.parts[2])
		}
		return deeds.ApproveRun(d.parts[0], d.parts[1], d.parts[2])
	case p.ActResolvePayout:
		return deeds.ResolvePayout(p.PayoutID(d.parts[0]), d.choice, d.words)
	case p.ActRetryStep:
		if d.choice == p.ChoiceCancel {
			return deeds.CancelPartnership(partnership, "a vendor refused a step for good")
		}
		return deeds.RetryPartnership(partnership), nil
	}
	return deeds.Request{}, p.Errorf(p.Invalid, "this button asks for nothing that is known; decide in a newer card")
}

// wordsID is the same for the same words however often the modal is sent.
func (d press) wordsID() string {
	sum := sha256.Sum256([]byte(d.id() + "\x00" + d.words))
	id, _ := uuid.FromBytes(sum[:16]) // 16 bytes always fit
	return id.String()
}

// id makes the same press the same deed. Each person's is their own: two who approve a run are two approvals, and one's refusal is
// not the other's.
func (d press) id() string {
	return strings.Join([]string{"slack", d.ref.Channel, d.ref.TS, p.ActionID(d.verb, d.choice), d.user}, "/")
}

// asksWords says whether a decision opens a modal first.
func asksWords(verb string, choice p.Choice) bool {
	return slices.Contains([]string{
		p.ActionID(p.ActReviewDraft, p.ChoiceChanges), p.ActionID(p.ActApproveRun, p.ChoiceReject), p.ActionID(p.ActResolvePayout, p.ChoicePaid),
	}, p.ActionID(verb, choice))
}
