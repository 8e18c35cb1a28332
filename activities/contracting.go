package activities

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"log/slog"

	"go.temporal.io/sdk/temporal"

	"github.com/rapport-dev/rapport/partnership"
)

func contractKey(id partnership.PartnershipID, version int) partnership.EffectKey {
	return partnership.Key(id, partnership.Contracting, "contract", version)
}

// SendContract draws the contract from the agreed terms and has the vendor ask for the signature. It opens the task page too,
// where the creator sees how it stands.
func (a *Activities) SendContract(ctx context.Context, in Contract) (env partnership.Envelope, err error) {
	defer mapped(&err)
	if err := need(partnership.SigningPort, a.Names.Signing, a.Signer != nil); err != nil {
		return env, err
	}
	v, err := a.Store.View(ctx, in.PartnershipID)
	if err != nil {
		return env, err
	}
	pdf, err := contractPDF(v, in.Terms, in.Version, a.Fonts)
	if err != nil {
		return env, err
	}
	link, err := a.Store.OpenTask(ctx, partnership.Task{PartnershipID: in.PartnershipID, Kind: partnership.TaskSign, Name: "sign", Due: in.Due})
	if err != nil {
		return env, err
	}
	if err := a.tellAccepted(ctx, in, link); err != nil {
		return env, err
	}
	key := contractKey(in.PartnershipID, in.Version)
	env, err = once(ctx, a, effect[partnership.Envelope]{
		key: key, kind: "envelope",
		do: func(ctx context.Context, _ partnership.Effect) (partnership.Envelope, error) {
			return a.Signer.CreateEnvelope(ctx, partnership.EnvelopeRequest{
				Key: key, PartnershipID: in.PartnershipID, Version: in.Version,
				Subject: "Your agreement with " + v.Campaign.Brand.Name, Message: "Please read and sign. Reply to our mails with any question.",
				PDF: pdf, SignerName: v.Creator.Name, SignerEmail: v.Creator.Email, WebhookURL: a.webhook(a.Names.Signing),
			})
		},
		find: func(ctx context.Context, _ partnership.Effect) (partnership.Envelope, sighting, error) {
			return sight(a.Signer.FindEnvelope(ctx, key))
		},
	})
	if err != nil {
		return env, err
	}
	return env, a.Store.SaveContract(ctx, partnership.Contract{
		PartnershipID: in.PartnershipID, Version: in.Version, EnvelopeID: env.ID, Status: env.Status, PDF: pdf, PDFSHA256: digest(pdf),
	})
}

// tellAccepted mails what was accepted, beside the first contract. One that cannot be delivered holds up no agreement, which says the same.
func (a *Activities) tellAccepted(ctx context.Context, in Contract, link string) error {
	if in.Version > 1 || a.Mailer == nil {
		return nil
	}
	_, err := a.mail(ctx, Letter{PartnershipID: in.PartnershipID, Stage: partnership.Contracting, Kind: "accepted", Task: "accepted", Step: "request", Due: in.Due}, link)
	if undelivered(err) {
		slog.WarnContext(ctx, "what was accepted could not be mailed", "partnership_id", in.PartnershipID, "error", err)
		return nil
	}
	return err
}

// undelivered says that trying a mail again now brings nothing: it was refused, or a person has to say whether it was sent.
func undelivered(err error) bool {
	switch partnership.ClassOf(err) {
	case partnership.Permanent, partnership.Barred:
		return true // a lost answer is looked for, until it is found or a person is asked
	}
	waits, ok := errors.AsType[*temporal.ApplicationError](err)
	return ok && waits.Type() == "unknown_effect"
}

// ConfirmSignature asks the vendor what became of the contract; a webhook alone proves nothing. A completed one is filed with
// its certificate and the hash of what was signed.
func (a *Activities) ConfirmSignature(ctx context.Context, in Contract) (env partnership.Envelope, err error) {
	defer mapped(&err)
	env, err = a.Signer.Envelope(ctx, in.EnvelopeID)
	if err != nil {
		return env, err
	}
	c := partnership.Contract{PartnershipID: in.PartnershipID, Version: in.Version, EnvelopeID: env.ID, Status: env.Status, CompletedAt: env.CompletedAt}
	if env.Status == partnership.EnvelopeCompleted {
		if env.CompletedAt.IsZero() {
			env.CompletedAt = a.Clock.Now()
			c.CompletedAt = env.CompletedAt
		}
		docs, err := a.Signer.Documents(ctx, in.EnvelopeID)
		if err != nil {
			return env, err
		}
		c.PDF, c.PDFSHA256, c.Certificate = docs.Contract, digest(docs.Contract), docs.Certificate
	}
	return env, a.Store.SaveContract(ctx, c)
}

// VoidContract makes sure that no contract stays open. One that was signed meanwhile stands and stays on file.
func (a *Activities) VoidContract(ctx context.Context, in Undo) (u Undone, err error) {
	defer mapped(&err)
	version := max(in.Version, 1)
	key := contractKey(in.PartnershipID, version)
	env, done, err := made(ctx, a, key, func() (partnership.Envelope, error) { return a.Signer.FindEnvelope(ctx, key) })
	if err != nil || !done {
		return Undone{"No contract had been sent."}, err
	}
	if env, err = a.Signer.Envelope(ctx, env.ID); err != nil { // a receipt says how it stood when it was sent
		return u, err
	}
	switch env.Status {
	case partnership.EnvelopeCompleted:
		return Undone{"The contract was signed already; it stays on file."}, nil
	case partnership.EnvelopeDeclined, partnership.EnvelopeVoided:
		return Undone{"The contract was closed already."}, nil
	}
	err = a.Signer.VoidEnvelope(ctx, env.ID, short(in.Reason, 200))
	if partnership.CodeOf(err) == partnership.Conflict {
		return Undone{"The contract was signed already; it stays on file."}, nil
	}
	if err != nil {
		return u, err
	}
	err = a.Store.SaveContract(ctx, partnership.Contract{PartnershipID: in.PartnershipID, Version: version, EnvelopeID: env.ID, Status: partnership.EnvelopeVoided})
	return Undone{"The contract was voided."}, err
}

func digest(b []byte) string {
	sum := sha256.Sum256(b)
	return hex.EncodeToString(sum[:])
}

// short cuts a text to n runes.
func short(s string, n int) string {
	r := []rune(s)
	if len(r) <= n {
		return s
	}
	return string(r[:n-1]) + "…"
}
