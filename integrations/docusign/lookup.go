package docusign

import (
	"context"
	"net/url"
	"time"

	"github.com/rapport-dev/rapport/partnership"
)

// FindEnvelope looks an envelope up by its key: first by transaction id, which DocuSign keeps for seven days, then by
// custom field. *partnership.Error NotFound when both say there is none.
func (c *Client) FindEnvelope(ctx context.Context, key partnership.EffectKey) (partnership.Envelope, error) {
	if err := c.ready("envelope.list"); err != nil {
		return partnership.Envelope{}, err
	}
	id, err := c.findByTransaction(ctx, TransactionID(key))
	if err == nil && id == "" {
		id, err = c.findByField(ctx, key)
	}
	switch {
	case err != nil:
		return partnership.Envelope{}, err
	case id == "":
		return partnership.Envelope{}, partnership.Errorf(partnership.NotFound, "DocuSign has no envelope for this step")
	}
	return c.Envelope(ctx, id)
}

func (c *Client) findByTransaction(ctx context.Context, transaction string) (string, error) {
	info, err := c.envelopes.ListStatusChanges(ctx, url.Values{"transaction_ids": {transaction}})
	if err != nil {
		if hasCode(err, codeNoEnvelope) {
			return "", nil
		}
		return "", err
	}
	for _, s := range info.EnvelopeTransactionStatuses {
		if s.TransactionID == transaction && s.EnvelopeID != "" && (s.ErrorDetails == nil || s.ErrorDetails.ErrorCode == "") {
			return s.EnvelopeID, nil
		}
	}
	for _, e := range info.Envelopes {
		if e.TransactionID == transaction {
			return e.EnvelopeID, nil
		}
	}
	return "", nil
}

func (c *Client) findByField(ctx context.Context, key partnership.EffectKey) (string, error) {
	info, err := c.envelopes.ListStatusChanges(ctx, url.Values{
		"from_date":    {c.envelopes.now().Add(-searchBack).UTC().Format(time.RFC3339)},
		"custom_field": {FieldKey + "=" + string(key)},
		"include":      {"custom_fields"},
	})
	if err != nil {
		return "", err
	}
	for _, e := range info.Envelopes {
		if e.CustomFields.Get(FieldKey) == string(key) {
			return e.EnvelopeID, nil
		}
	}
	return "", nil
}

// Envelope reads where an envelope stands.
func (c *Client) Envelope(ctx context.Context, id string) (partnership.Envelope, error) {
	if err := c.ready("envelope.get"); err != nil {
		return partnership.Envelope{}, err
	}
	e, err := c.envelopes.GetEnvelope(ctx, id)
	if err != nil {
		return partnership.Envelope{}, err
	}
	return partnership.Envelope{
		ID:          e.EnvelopeID,
		Status:      partnership.EnvelopeStatus(e.Status),
		CompletedAt: parseTime(e.CompletedDateTime),
	}, nil
}

// VoidEnvelope takes an unsigned envelope back. It is repeatable: one that is already voided or was declined is
// success; a completed one is *partnership.Error Conflict. The reason is shown to the signer.
func (c *Client) VoidEnvelope(ctx context.Context, id, reason string) error {
	if err := c.ready("envelope.update"); err != nil {
		return err
	}
	err := c.envelopes.Update(ctx, id, EnvelopeDefinition{
		Status:       string(partnership.EnvelopeVoided),
		VoidedReason: cut(orDefault(reason, "cancelled"), maxVoidReason),
	})
	if !hasCode(err, codeCannotVoid, codeInvalidStatus) {
		return err
	}
	now, readErr := c.Envelope(ctx, id)
	switch {
	case readErr != nil:
		return readErr
	case now.Status == partnership.EnvelopeVoided, now.Status == partnership.EnvelopeDeclined:
		return nil
	case now.Status == partnership.EnvelopeCompleted:
		return partnership.Errorf(partnership.Conflict, "the contract is already signed by all and can no longer be voided")
	}
	return err
}

// Documents returns the signed contract and DocuSign's certificate of completion.
func (c *Client) Documents(ctx context.Context, id string) (partnership.SignedDocuments, error) {
	if err := c.ready("document.get"); err != nil {
		return partnership.SignedDocuments{}, err
	}
	contract, err := c.envelopes.GetDocument(ctx, id, "combined")
	if err != nil {
		return partnership.SignedDocuments{}, err
	}
	certificate, err := c.envelopes.GetDocument(ctx, id, "certificate")
	if err != nil {
		return partnership.SignedDocuments{}, err
	}
	return partnership.SignedDocuments{Contract: contract, Certificate: certificate}, nil
}

// parseTime reads DocuSign's times; the zero time where there is none.
func parseTime(s string) time.Time {
	t, err := time.Parse(time.RFC3339, s)
	if err != nil {
		return time.Time{}
	}
	return t.UTC()
}
