package activities

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"go.temporal.io/sdk/activity"
	"go.temporal.io/sdk/temporal"

	"github.com/rapport-dev/rapport/partnership"
	"github.com/rapport-dev/rapport/partnership/money"
)

// keyLife is how long after the first post a transfer may be sent again under its key: a provider may forget a key after 24 h.
const keyLife = 23 * time.Hour

// ExecuteTransfer moves a payout's money. Every attempt carries the payout's own key, and before each, the first too, the provider's
// list is read: a replayed answer may hide what happened since, and a database that was restored from a backup takes for a first
// attempt what was sent long ago, under a key that the provider has forgotten.
func (a *Activities) ExecuteTransfer(ctx context.Context, in PayoutRef) (state partnership.PayoutState, err error) {
	defer mapped(&err)
	state, err = a.executeTransfer(ctx, in)
	if !in.Pauses {
		return state, err
	}
	attempt := int32(1)
	if activity.IsActivity(ctx) {
		attempt = activity.GetInfo(ctx).Attempt
	}
	if why := cannotNow(err, attempt, func() bool { return a.answers(ctx, in) }); why != "" {
		return "", temporal.NewApplicationErrorWithOptions(why, PlatformError, temporal.ApplicationErrorOptions{NonRetryable: true, Category: temporal.ApplicationErrorCategoryBenign})
	}
	return state, err
}

// PlatformError is what a transfer ends with that could not be made for a reason that all transfers share.
const PlatformError = "platform"

// cannotNow says why the platform, and not this payout, stands in the way: a key that is refused, a balance that is short, or a provider
// that was asked several times and answers nothing else either. It is "" for what a payout fails of by itself, and while it is in doubt.
func cannotNow(err error, attempt int32, answers func() bool) string {
	v, ok := errors.AsType[*partnership.VendorError](err)
	switch {
	case !ok:
		return ""
	case v.Class == partnership.Barred, v.Class == partnership.Short:
		return v.Message
	case v.Class == partnership.Retry && attempt >= outageAfter && !answers():
		return "the provider does not answer: " + v.Message
	}
	return ""
}

// answers says whether the provider answers something else while it answers nothing of this payout: then the others are sent.
func (a *Activities) answers(ctx context.Context, in PayoutRef) bool {
	rail, err := a.rail(in.Rail)
	if err != nil {
		return false
	}
	po, err := a.Store.Payout(ctx, in.PayoutID)
	if err != nil {
		return false
	}
	_, err = rail.AvailableBalance(ctx, po.Currency)
	return err == nil
}

// outageAfter is how many attempts make an outage of what might be a hiccup.
const outageAfter = 4

func (a *Activities) executeTransfer(ctx context.Context, in PayoutRef) (state partnership.PayoutState, err error) {
	if _, err := a.rail(in.Rail); err != nil {
		return "", err
	}
	if in.Rejected {
		if err := a.Store.CheckSentBack(ctx, in.PayoutID); err != nil {
			return "", err
		}
	}
	post, err := a.Store.BeginTransfer(ctx, in.PayoutID)
	if refusedAfterPost(post.Payout, err) {
		slog.WarnContext(ctx, "a repeated transfer was refused", "payout_id", in.PayoutID, "error", err)
		return partnership.PayoutUnknown, nil
	}
	if post.Withheld {
		return a.unlessSent(ctx, post.Payout, err)
	}
	if err != nil {
		return "", err
	}
	po := post.Payout
	switch po.State {
	case partnership.PayoutPaid, partnership.PayoutReturned, partnership.PayoutFailed, partnership.PayoutVoid:
		return po.State, nil
	}
	rail, err := a.rail(po.Provider) // as it was approved, whatever the message says
	if err != nil {
		if !post.Again {
			a.unpost(ctx, post, false)
		}
		return "", err
	}
	if st, err := a.settleFromList(ctx, po); err != nil || st != "" {
		if err != nil && !post.Again {
			a.unpost(ctx, post, false) // only the list was read
		}
		return st, err
	}
	if po.State == partnership.PayoutUnknown {
		// It waits for a person: the first post may have paid it, and the key that would tell may be forgotten.
		return partnership.PayoutUnknown, nil
	}
	if post.Age > keyLife {
		// Retrying is over: the workflow goes on to the look-up. Not "refused", because it may have been paid.
		return partnership.PayoutUnknown, nil
	}
	order, err := a.order(ctx, rail, po)
	if err != nil && !post.Again {
		a.unpost(ctx, post, false) // whom it goes to could not be read, and nothing was sent
		return "", err
	}
	var t partnership.Transfer
	if err == nil {
		t, err = rail.Transfer(ctx, order)
	}
	again := post.Again && !replayed(err)
	if again && (partnership.ClassOf(err) == partnership.Permanent || partnership.CodeOf(err) != "") {
		// A refused repetition (a revoked key, an account closed since, a receiver that was wiped) says nothing of the attempt whose answer was lost.
		slog.WarnContext(ctx, "a repeated transfer was refused", "payout_id", po.ID, "error", err)
		return partnership.PayoutUnknown, nil
	}
	if !again && neverSent(err) {
		a.unpost(ctx, post, partnership.ClassOf(err) == partnership.Short)
	}
	if err != nil {
		return "", err
	}
	return a.settle(ctx, po, t)
}

// unpost says of a first post that it was not sent. A provider that refused it for want of money repeats that to its key for a day.
func (a *Activities) unpost(ctx context.Context, post partnership.Posting, keyUsed bool) {
	if err := a.Store.UnpostTransfer(ctx, post.ID, post.PostedAt, keyUsed); err != nil { // then it counts as sent, and ages
		slog.WarnContext(ctx, "a transfer that was not sent stays posted", "payout_id", post.ID, "error", err)
	}
}

// neverSent says whether an answer proves that nothing was made of a transfer: the provider, or our own gate before it, refuses all of
// us. Taken for sent it would have 23 hours, and then be a question to a person about a transfer that nobody made.
func neverSent(err error) bool {
	v, ok := errors.AsType[*partnership.VendorError](err)
	return ok && (v.Class == partnership.Barred || v.Class == partnership.Short) && v.Status < 500
}

// replayed says that the provider repeats its answer to an attempt before, whose own answer was lost with the process that waited for it.
func replayed(err error) bool {
	v, ok := errors.AsType[*partnership.VendorError](err)
	return ok && v.Replayed
}

// refusedAfterPost says whether our own rules refuse a transfer that an attempt before may have made. That is no refusal of what was
// sent: it would release the rows, and the next run would pay them again.
func refusedAfterPost(po partnership.Payout, err error) bool {
	return partnership.CodeOf(err) != "" && (po.State == partnership.PayoutPosted || po.State == partnership.PayoutUnknown)
}

// LookUpTransfer decides by the provider's list what a transfer became whose key may have been forgotten. None found is
// unknown, not absent: only a person releases it, and the list is read once more even then. What was never sent is planned still.
func (a *Activities) LookUpTransfer(ctx context.Context, in LookUp) (state partnership.PayoutState, err error) {
	defer mapped(&err)
	state, err = a.lookUpTransfer(ctx, in)
	if err != nil || state != partnership.PayoutUnknown || in.Beside {
		return state, err
	}
	return state, unlessBarred(a.askAboutTransfer(ctx, in))
}

// unlessBarred lets a chat pass that refuses everybody: payouts from before take no answer, and do not end, until their card is done.
func unlessBarred(err error) error {
	if partnership.ClassOf(err) == partnership.Barred {
		return nil
	}
	return err
}

func (a *Activities) lookUpTransfer(ctx context.Context, in LookUp) (partnership.PayoutState, error) {
	if in.Sends {
		if po, err := a.Store.Payout(ctx, in.PayoutID); err == nil && po.State == partnership.PayoutPlanned {
			return po.State, nil
		}
	}
	post, err := a.Store.BeginTransfer(ctx, in.PayoutID)
	if err != nil && !refusedAfterPost(post.Payout, err) { // looking sends nothing
		return "", err
	}
	po := post.Payout
	switch po.State {
	case partnership.PayoutPaid, partnership.PayoutReturned, partnership.PayoutFailed, partnership.PayoutVoid:
		return po.State, nil
	}
	if in.TransferID != "" {
		return a.settleNamed(ctx, po, in.TransferID)
	}
	if st, err := a.settleFromList(ctx, po); err != nil || st != "" {
		return st, err
	}
	if in.Resolved == partnership.ChoiceRelease {
		return partnership.PayoutFailed, a.Store.FailTransfer(ctx, po.ID, "released by a person: the provider shows no transfer")
	}
	return a.inDoubt(ctx, po, doubt(nil))
}

// AskAboutTransfer asks finance about a transfer that is in doubt. Their answer may come by another door while this goes on trying.
func (a *Activities) AskAboutTransfer(ctx context.Context, in LookUp) (err error) {
	defer mapped(&err)
	return a.askAboutTransfer(ctx, in)
}

// askAboutTransfer posts a card for each time that a person is asked: the buttons of an answered one are gone.
func (a *Activities) askAboutTransfer(ctx context.Context, in LookUp) error {
	po, err := a.Store.Payout(ctx, in.PayoutID)
	if err != nil {
		return err
	}
	list, err := a.transfersOf(ctx, po)
	if err != nil {
		return err
	}
	key := po.IdempotencyKey + "/unknown"
	if in.Asked > 0 {
		key += partnership.EffectKey(fmt.Sprintf("/%d", in.Asked+1))
	}
	value := partnership.ActionValue(string(po.ID))
	return a.tell(ctx, partnership.Message{
		Key: key, Kind: "unknown_payout", Decision: partnership.AsksPayout.ID(string(po.ID)),
		Text:  "A transfer of " + money.Display(po.AmountMinor, po.Currency) + " needs a look",
		Body:  "Rapport sent it and " + doubt(list) + ". Look at the provider's dashboard before you decide: released money is paid again in the next run.",
		Facts: []partnership.Fact{{Label: "Payout", Value: string(po.ID)}, {Label: "First sent", Value: po.FirstPostedAt.UTC().Format("2 Jan 15:04 UTC")}},
		Buttons: []partnership.Button{
			{ActionID: partnership.ActionID(partnership.ActResolvePayout, partnership.ChoicePaid), Label: "I see it: look again", Value: value, Style: "primary"},
			{ActionID: partnership.ActionID(partnership.ActResolvePayout, partnership.ChoiceRelease), Label: "It is not there: release", Value: value, Style: "danger", Confirm: "Are you sure that the provider never made this transfer?"},
		},
	})
}

// ReleaseRefused gives the rows of a transfer that was refused for good back to the next run.
func (a *Activities) ReleaseRefused(ctx context.Context, in Refused) (state partnership.PayoutState, err error) {
	defer mapped(&err)
	if err := a.Store.FailTransfer(ctx, in.PayoutID, in.Why); err != nil {
		return "", err
	}
	if in.Beside {
		return partnership.PayoutFailed, nil
	}
	return partnership.PayoutFailed, unlessBarred(a.tellRefused(ctx, in))
}

// TellRefused tells finance why a transfer was refused.
func (a *Activities) TellRefused(ctx context.Context, in Refused) (err error) {
	defer mapped(&err)
	return a.tellRefused(ctx, in)
}

func (a *Activities) tellRefused(ctx context.Context, in Refused) error {
	if in.Why == "" { // the rail failed it later than it was sent, and the books say why
		po, err := a.Store.Payout(ctx, in.PayoutID)
		if err != nil {
			return err
		}
		in.Why = po.Reason
	}
	return a.tell(ctx, partnership.Message{
		Key: partnership.PayoutKey(in.PayoutID) + "/refused", Kind: "payout_refused", Text: "A transfer was refused",
		Body:  in.Why + ". Its rows are in the next run.",
		Facts: []partnership.Fact{{Label: "Payout", Value: string(in.PayoutID)}},
	})
}

// CheckFunds waits until the rail has the money for what of the run still has to be sent: a payout that was taken out meanwhile, such as
// one that its creator objected to, needs none. Missing funds are told once and looked for again and again.
func (a *Activities) CheckFunds(ctx context.Context, in Funds) (err error) {
	defer mapped(&err)
	if run, err := a.Store.PayoutRun(ctx, in.RunID); err == nil && run.RestRejected != "" {
		return nil // begun anew to find out what became of what was sent
	}
	rail, err := a.Rails.Named(partnership.RailPort, in.Rail)
	if err != nil {
		return err
	}
	need, err := a.Store.UnsentMinor(ctx, in.RunID, a.Rails.name(in.Rail), in.Currency)
	if err != nil {
		return err
	}
	have, err := rail.AvailableBalance(ctx, in.Currency)
	if err != nil {
		return err
	}
	if need == 0 || have >= need {
		return a.Store.SetRunWaits(ctx, in.RunID, "")
	}
	needed, there := money.Display(need, in.Currency), money.Display(have, in.Currency)
	key := partnership.EffectKey("payout-run/" + in.RunID + "/funds")
	if rail := a.Rails.name(in.Rail); rail != a.Rails.First {
		key, there = key+partnership.EffectKey("/"+rail), there+" at "+rail
	}
	if err := a.Store.SetRunWaits(ctx, in.RunID, partnership.FundsMissing+", "+needed+" are needed and "+there+" are there; it goes on by itself"); err != nil {
		return err
	}
	card := partnership.Message{
		Key: key, Kind: "funds_missing", Text: "The payout run needs more funds",
		Body:  "Top up the balance; the run goes on by itself.",
		Facts: []partnership.Fact{{Label: "Needed", Value: needed}, {Label: "Available", Value: there}},
	}
	if in.LinesHash != "" {
		value := partnership.ActionValue(in.Program, in.Period, in.LinesHash)
		card.Buttons = []partnership.Button{{ActionID: partnership.ActionID(partnership.ActApproveRun, partnership.ChoiceReject), Label: "Reject the run", Value: value, Style: "danger"}}
	}
	if err := a.tell(ctx, card); err != nil {
		return err
	}
	return temporal.NewApplicationErrorWithOptions("waits for funds", "funds_missing", temporal.ApplicationErrorOptions{
		NextRetryDelay: scaled(a.Day, time.Hour, 2*time.Second), Category: temporal.ApplicationErrorCategoryBenign,
	})
}
