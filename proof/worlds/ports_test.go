package worlds

import (
	"context"
	"fmt"
	"sync"
	"time"

	"github.com/rapport-dev/rapport/activities"
	"github.com/rapport-dev/rapport/partnership"
	"github.com/rapport-dev/rapport/store"
)

// What the steps of a run ask for, each between two boundaries. TestEveryCallOfTheStepsHasItsBoundaries holds this list against the steps.

// books are the real store.
type books struct {
	activities.Store
	p *process
}

func (b books) OpenPayoutRun(ctx context.Context, program, period, by string, now time.Time) (partnership.PayoutRun, error) {
	return around(ctx, b.p, "OpenPayoutRun", func() (partnership.PayoutRun, error) { return b.Store.OpenPayoutRun(ctx, program, period, by, now) })
}

func (b books) DrawStatements(ctx context.Context, run string) (int, error) {
	return around(ctx, b.p, "DrawStatements", func() (int, error) { return b.Store.DrawStatements(ctx, run) })
}

func (b books) StatementBatch(ctx context.Context, run string, n int) ([]partnership.CreatorID, error) {
	return around(ctx, b.p, "StatementBatch", func() ([]partnership.CreatorID, error) { return b.Store.StatementBatch(ctx, run, n) })
}

func (b books) Statement(ctx context.Context, run string, id partnership.CreatorID) (partnership.Statement, error) {
	return around(ctx, b.p, "Statement", func() (partnership.Statement, error) { return b.Store.Statement(ctx, run, id) })
}

func (b books) StatementTold(ctx context.Context, run string, st partnership.Statement) error {
	return around0(ctx, b.p, "StatementTold", func() error { return b.Store.StatementTold(ctx, run, st) })
}

func (b books) BeginEffect(ctx context.Context, key partnership.EffectKey, kind string) (partnership.Effect, error) {
	return around(ctx, b.p, "BeginEffect", func() (partnership.Effect, error) { return b.Store.BeginEffect(ctx, key, kind) })
}

func (b books) ConfirmEffect(ctx context.Context, key partnership.EffectKey, receipt any) error {
	return around0(ctx, b.p, "ConfirmEffect", func() error { return b.Store.ConfirmEffect(ctx, key, receipt) })
}

func (b books) SavePayoutAccount(ctx context.Context, id partnership.CreatorID, a partnership.PayoutAccount) error {
	return around0(ctx, b.p, "SavePayoutAccount", func() error { return b.Store.SavePayoutAccount(ctx, id, a) })
}

func (b books) NotePayoutAccount(ctx context.Context, a partnership.PayoutAccount) ([]partnership.CreatorID, error) {
	return around(ctx, b.p, "NotePayoutAccount", func() ([]partnership.CreatorID, error) { return b.Store.NotePayoutAccount(ctx, a) })
}

func (b books) VerifyLedger(ctx context.Context) ([]string, error) {
	return around(ctx, b.p, "VerifyLedger", func() ([]string, error) { return b.Store.VerifyLedger(ctx) })
}

func (b books) SealBooks(ctx context.Context) error {
	return around0(ctx, b.p, "SealBooks", func() error { return b.Store.SealBooks(ctx) })
}

func (b books) Receiver(ctx context.Context, rail, account string) (partnership.Receiver, error) {
	return around(ctx, b.p, "Receiver", func() (partnership.Receiver, error) { return b.Store.Receiver(ctx, rail, account) })
}

func (b books) CheckRun(ctx context.Context, run string, known partnership.RunKnown) error {
	return around0(ctx, b.p, "CheckRun", func() error { return b.Store.CheckRun(ctx, run, known) })
}

func (b books) KnownUntil(ctx context.Context, program string) ([]partnership.KnownUntil, error) {
	return around(ctx, b.p, "KnownUntil", func() ([]partnership.KnownUntil, error) { return b.Store.KnownUntil(ctx, program) })
}

func (b books) NoteDifferences(ctx context.Context, provider string, since time.Time, list []partnership.Transfer) ([]partnership.Difference, error) {
	return around(ctx, b.p, "NoteDifferences", func() ([]partnership.Difference, error) { return b.Store.NoteDifferences(ctx, provider, since, list) })
}

func (b books) PlanPayouts(ctx context.Context, run string, now time.Time) (partnership.PayoutPlan, error) {
	return around(ctx, b.p, "PlanPayouts", func() (partnership.PayoutPlan, error) { return b.Store.PlanPayouts(ctx, run, now) })
}

func (b books) UnsentMinor(ctx context.Context, run, rail, currency string) (int64, error) {
	return around(ctx, b.p, "UnsentMinor", func() (int64, error) { return b.Store.UnsentMinor(ctx, run, rail, currency) })
}

func (b books) SetRunWaits(ctx context.Context, run, why string) error {
	return around0(ctx, b.p, "SetRunWaits", func() error { return b.Store.SetRunWaits(ctx, run, why) })
}

func (b books) ApprovePayoutRun(ctx context.Context, run, hash string, d partnership.Deed, of string, names []string) (int, error) {
	return around(ctx, b.p, "ApprovePayoutRun", func() (int, error) { return b.Store.ApprovePayoutRun(ctx, run, hash, d, of, names) })
}

func (b books) RejectPayoutRun(ctx context.Context, run string, d partnership.Deed, of string) error {
	return around0(ctx, b.p, "RejectPayoutRun", func() error { return b.Store.RejectPayoutRun(ctx, run, d, of) })
}

func (b books) CheckSentBack(ctx context.Context, id partnership.PayoutID) error {
	return around0(ctx, b.p, "CheckSentBack", func() error { return b.Store.CheckSentBack(ctx, id) })
}

func (b books) RejectRestAgain(ctx context.Context, run string, d partnership.Deed) error {
	return around0(ctx, b.p, "RejectRestAgain", func() error { return b.Store.RejectRestAgain(ctx, run, d) })
}

func (b books) RejectRest(ctx context.Context, run string, d partnership.Deed, of string) error {
	return around0(ctx, b.p, "RejectRest", func() error { return b.Store.RejectRest(ctx, run, d, of) })
}

func (b books) RecordDeed(ctx context.Context, d partnership.Deed, run string) error {
	return around0(ctx, b.p, "RecordDeed", func() error { return b.Store.RecordDeed(ctx, d, run) })
}

func (b books) BatchPayouts(ctx context.Context, run string, n int) ([]partnership.PayoutID, error) {
	return around(ctx, b.p, "BatchPayouts", func() ([]partnership.PayoutID, error) { return b.Store.BatchPayouts(ctx, run, n) })
}

func (b books) BeginTransfer(ctx context.Context, id partnership.PayoutID) (partnership.Posting, error) {
	return around(ctx, b.p, "BeginTransfer", func() (partnership.Posting, error) { return b.Store.BeginTransfer(ctx, id) })
}

func (b books) PostFound(ctx context.Context, id partnership.PayoutID) (partnership.Payout, error) {
	return around(ctx, b.p, "PostFound", func() (partnership.Payout, error) { return b.Store.PostFound(ctx, id) })
}

func (b books) UnpostTransfer(ctx context.Context, id partnership.PayoutID, at time.Time, used bool) error {
	return around0(ctx, b.p, "UnpostTransfer", func() error { return b.Store.UnpostTransfer(ctx, id, at, used) })
}

func (b books) NoteOrdered(ctx context.Context, id partnership.PayoutID, ref string) error {
	return around0(ctx, b.p, "NoteOrdered", func() error { return b.Store.NoteOrdered(ctx, id, ref) })
}

func (b books) ConfirmTransfer(ctx context.Context, id partnership.PayoutID, t partnership.Transfer) error {
	return around0(ctx, b.p, "ConfirmTransfer", func() error { return b.Store.ConfirmTransfer(ctx, id, t) })
}

func (b books) FailTransfer(ctx context.Context, id partnership.PayoutID, why string) error {
	return around0(ctx, b.p, "FailTransfer", func() error { return b.Store.FailTransfer(ctx, id, why) })
}

func (b books) ParkTransfer(ctx context.Context, id partnership.PayoutID, why string) error {
	return around0(ctx, b.p, "ParkTransfer", func() error { return b.Store.ParkTransfer(ctx, id, why) })
}

func (b books) ReverseTransfer(ctx context.Context, id partnership.PayoutID, transfer string, minor int64) error {
	return around0(ctx, b.p, "ReverseTransfer", func() error { return b.Store.ReverseTransfer(ctx, id, transfer, minor) })
}

func (b books) Payout(ctx context.Context, id partnership.PayoutID) (partnership.Payout, error) {
	return around(ctx, b.p, "Payout", func() (partnership.Payout, error) { return b.Store.Payout(ctx, id) })
}

func (b books) PayoutsOfBatch(ctx context.Context, run string, n int) ([]partnership.Payout, error) {
	return around(ctx, b.p, "PayoutsOfBatch", func() ([]partnership.Payout, error) { return b.Store.PayoutsOfBatch(ctx, run, n) })
}

func (b books) SettledTransfers(ctx context.Context, provider string, ids []string) ([]string, error) {
	return around(ctx, b.p, "SettledTransfers", func() ([]string, error) { return b.Store.SettledTransfers(ctx, provider, ids) })
}

func (b books) SetPayoutRunState(ctx context.Context, run string, state partnership.PayoutRunState) error {
	return around0(ctx, b.p, "SetPayoutRunState", func() error { return b.Store.SetPayoutRunState(ctx, run, state) })
}

func (b books) PayoutRun(ctx context.Context, run string) (partnership.PayoutRun, error) {
	return around(ctx, b.p, "PayoutRun", func() (partnership.PayoutRun, error) { return b.Store.PayoutRun(ctx, run) })
}

func (b books) WhyFailed(ctx context.Context, run string) ([]partnership.FailedFor, error) {
	return around(ctx, b.p, "WhyFailed", func() ([]partnership.FailedFor, error) { return b.Store.WhyFailed(ctx, run) })
}

// rail is the real client of the sandbox's Stripe.
type rail struct {
	activities.PayoutRail
	p *process
}

func (r rail) Account(ctx context.Context, id string) (partnership.PayoutAccount, error) {
	return around(ctx, r.p, "the rail's Account", func() (partnership.PayoutAccount, error) { return r.PayoutRail.Account(ctx, id) })
}

func (r rail) AvailableBalance(ctx context.Context, currency string) (int64, error) {
	return around(ctx, r.p, "the rail's AvailableBalance", func() (int64, error) { return r.PayoutRail.AvailableBalance(ctx, currency) })
}

func (r rail) Transfer(ctx context.Context, q partnership.TransferRequest) (partnership.Transfer, error) {
	return around(ctx, r.p, "the rail's Transfer", func() (partnership.Transfer, error) { return r.PayoutRail.Transfer(ctx, q) })
}

func (r rail) TransfersOf(ctx context.Context, id partnership.PayoutID, ref string) ([]partnership.Transfer, error) {
	return around(ctx, r.p, "the rail's TransfersOf", func() ([]partnership.Transfer, error) { return r.PayoutRail.TransfersOf(ctx, id, ref) })
}

func (r rail) Transfers(ctx context.Context, since time.Time, most int) ([]partnership.Transfer, error) {
	return around(ctx, r.p, "the rail's Transfers", func() ([]partnership.Transfer, error) { return r.PayoutRail.Transfers(ctx, since, most) })
}

func (r rail) Reverse(ctx context.Context, key partnership.EffectKey, transfer, currency string, minor int64) error {
	return around0(ctx, r.p, "the rail's Reverse", func() error { return r.PayoutRail.Reverse(ctx, key, transfer, currency, minor) })
}

// outside is the mail vendor, which reports what it has sent, and the chat. It counts.
type outside struct {
	store *store.Store

	note func(fault string)

	mu       sync.Mutex
	mails    map[partnership.EffectKey]int
	cards    map[partnership.EffectKey]int
	loses    int // that many of the chat's answers are lost
	noEnding int // that many messages of how a run ended the chat refuses for good
}

// fails is how the chat answers to what it has posted, or would not post.
func (o *outside) fails(m partnership.Message) *partnership.VendorError {
	switch {
	case o.noEnding > 0 && m.Kind == "run_finished":
		o.noEnding--
		o.note("the chat refuses how a run ended")
		return &partnership.VendorError{Vendor: "slack", Op: "chat.postMessage", Class: partnership.Permanent, Message: "the channel is archived"}
	case o.loses > 0:
		o.loses--
		o.note("an answer of the chat is lost")
		return &partnership.VendorError{Vendor: "slack", Op: "chat.postMessage", Class: partnership.Ambiguous, Message: "no answer came"}
	}
	return nil
}

type mailer struct {
	*outside
	p *process
}

func (m mailer) SendMail(ctx context.Context, mail partnership.Mail) (partnership.Receipt, error) {
	return around(ctx, m.p, "the mail vendor's SendMail", func() (partnership.Receipt, error) {
		m.mu.Lock()
		m.mails[mail.Key]++
		n := len(m.mails)
		m.mu.Unlock()
		event := store.MailEvent{ID: fmt.Sprintf("%s/%d", mail.Key, n), Key: mail.Key, Event: "delivered", At: time.Now()}
		_ = eventually(func() error { _, err := m.store.AddMailEvent(ctx, event); return err }) // the vendor tells it until it was heard
		return partnership.Receipt{ID: "m"}, nil
	})
}

type chat struct {
	*outside
	p *process
}

func (c chat) PostMessage(ctx context.Context, m partnership.Message) (partnership.MessageRef, error) {
	return around(ctx, c.p, "the chat's PostMessage", func() (partnership.MessageRef, error) {
		c.mu.Lock()
		defer c.mu.Unlock()
		err := c.fails(m)
		if err == nil || err.Class == partnership.Ambiguous {
			c.cards[m.Key]++
		}
		if err != nil {
			return partnership.MessageRef{}, err
		}
		return refOf(m.Key), nil
	})
}

func (c chat) FindMessage(ctx context.Context, m partnership.Message, _ time.Time) (partnership.MessageRef, error) {
	return around(ctx, c.p, "the chat's FindMessage", func() (partnership.MessageRef, error) {
		c.mu.Lock()
		defer c.mu.Unlock()
		if c.cards[m.Key] == 0 {
			return partnership.MessageRef{}, partnership.Errorf(partnership.NotFound, "no such message")
		}
		return refOf(m.Key), nil
	})
}

func (c chat) UpdateMessage(context.Context, partnership.MessageRef, partnership.Message) error {
	return nil
}

func refOf(key partnership.EffectKey) partnership.MessageRef {
	return partnership.MessageRef{Channel: "C1", TS: string(key)}
}
