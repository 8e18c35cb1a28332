// Package news tells partnerships what happened outside: to a contract, a parcel, a mail, an account, or that the creator is there.
// Nobody asks for it, so nobody may be refused and it is no deed. It may be told twice, late and out of order: a partnership only ever
// moves forward. Errors are *partnership.Error, NotFound when the partnership has ended.
package news

import (
	"context"
	"time"

	"github.com/rapport-dev/rapport/partnership"
	"github.com/rapport-dev/rapport/workflows"
)

// Teller tells a workflow a fact.
type Teller interface {
	Signal(ctx context.Context, workflowID, name string, arg any) error
}

// EnvelopeChanged says that something happened to an envelope; the partnership asks the signing vendor what.
func EnvelopeChanged(ctx context.Context, w Teller, id partnership.PartnershipID, envelope, event string) error {
	return tell(ctx, w, id, workflows.SignalEnvelopeChanged, workflows.EnvelopeChanged{EnvelopeID: envelope, EventID: event})
}

// ParcelMoved is the carrier's news of a shipment.
func ParcelMoved(ctx context.Context, w Teller, id partnership.PartnershipID, shipment string, now partnership.Parcel, event string) error {
	return tell(ctx, w, id, workflows.SignalParcelMoved, workflows.ParcelMoved{
		ShipmentID: shipment, Status: now.Status, At: now.UpdatedAt, ETA: now.EstimatedAt, EventID: event,
	})
}

// The channels on which a creator shows that they are there.
const (
	ByMail = "mail_reply"
	ByPage = "page_message"
	Click  = "click"
	Noted  = "manager_note" // a manager has spoken with them elsewhere
)

// CreatorActive is a sign of life.
func CreatorActive(ctx context.Context, w Teller, id partnership.PartnershipID, channel, event string, at time.Time) error {
	return tell(ctx, w, id, workflows.SignalCreatorActive, workflows.CreatorActive{Channel: channel, EventID: event, At: at})
}

// MailFailed says that a mail bounced or was dropped.
func MailFailed(ctx context.Context, w Teller, id partnership.PartnershipID, mail partnership.EffectKey, why, event string) error {
	return tell(ctx, w, id, workflows.SignalMailFailed, workflows.MailFailed{Key: string(mail), Why: why, EventID: event})
}

// OptedOut says that the creator wants no more mail.
func OptedOut(ctx context.Context, w Teller, id partnership.PartnershipID, event string) error {
	return tell(ctx, w, id, workflows.SignalOptedOut, workflows.OptedOut{EventID: event})
}

// PayoutAccountReady says that the creator's account may receive transfers.
func PayoutAccountReady(ctx context.Context, w Teller, id partnership.PartnershipID, event string) error {
	return tell(ctx, w, id, workflows.SignalPayoutAccountReady, workflows.PayoutAccountReady{EventID: event})
}

// PayoutMoved says that a transfer that was under way has moved; the payout asks its rail how it stands.
func PayoutMoved(ctx context.Context, w Teller, id partnership.PayoutID, event string) error {
	return w.Signal(ctx, workflows.PayoutWorkflowID(id), workflows.SignalPayoutMoved, workflows.PayoutMoved{EventID: event})
}

func tell(ctx context.Context, w Teller, id partnership.PartnershipID, name string, fact workflows.Signal) error {
	return w.Signal(ctx, workflows.PartnershipWorkflowID(id), name, fact)
}
