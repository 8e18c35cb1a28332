package store

import (
	"context"
	"errors"

	"github.com/jackc/pgx/v5"

	"github.com/rapport-dev/rapport/partnership"
	"github.com/rapport-dev/rapport/partnership/ledger"
	"github.com/rapport-dev/rapport/store/db"
)

// View is what activities need to write to a creator or a vendor. Personal data: it never leaves an activity.
func (s *Store) View(ctx context.Context, id partnership.PartnershipID) (partnership.PartnershipView, error) {
	row, err := s.q.ViewPartnership(ctx, id)
	if err != nil {
		return partnership.PartnershipView{}, notFound("partnership", err)
	}
	view := partnership.PartnershipView{
		ID: id, Creator: creatorOf(row.Creator), Campaign: row.Spec, Terms: row.Partnership.Terms, OptedOut: row.OptedOut, SaidNo: row.SaidNo,
		PayoutReady: row.Creator.PayoutReady && row.Creator.PayoutAccount != "" && row.Spec.Payout.Offers(row.Creator.PayoutRail),
		AccountID:   row.Creator.PayoutAccount, AccountRail: row.Creator.PayoutRail,
	}
	if view.Address, err = optional(addressOf)(s.q.Address(ctx, row.Creator.ID)); err != nil {
		return view, err
	}
	if view.Kit, err = s.kit(ctx, id); err != nil {
		return view, err
	}
	if view.Delivery, err = optional(deliveryOf)(s.q.Delivery(ctx, id)); err != nil {
		return view, err
	}
	if view.PayoutReady {
		view.Waits = ledger.Account{ID: view.AccountID, Ready: true, ChangedAt: orZero(row.Creator.AccountChangedAt)}.Waits(s.now(), s.opt.Day)
	}
	if view.Lacking, err = s.lacking(ctx, row.Creator.ID, row.Spec.Program); err != nil {
		return view, err
	}
	view.Contract, err = optional(contractOf)(s.q.Agreement(ctx, id))
	return view, err
}

// optional turns a row that may not be there into a pointer.
func optional[R, T any](convert func(R) T) func(R, error) (*T, error) {
	return func(row R, err error) (*T, error) {
		if errors.Is(err, pgx.ErrNoRows) {
			return nil, nil
		}
		if err != nil {
			return nil, mapped("view", err)
		}
		v := convert(row)
		return &v, nil
	}
}

// AddEvent adds to a partnership's timeline what happened outside its workflow. The same key twice adds nothing.
func (s *Store) AddEvent(ctx context.Context, id partnership.PartnershipID, key string, e partnership.TimelineEvent) error {
	return mapped("add event", addEvents(ctx, s.q, db.AddEventsParams{PartnershipID: id}, func(int) string { return "event/" + key }, e))
}

// AddNote adds what a manager wrote about a partnership to its timeline, and who did to the audit. Personal data, which an erasure
// removes. The same key twice adds nothing.
func (s *Store) AddNote(ctx context.Context, id partnership.PartnershipID, key, by, name, text string) error {
	e := partnership.TimelineEvent{At: s.now(), Kind: "manager_note", Owner: "brand", Detail: "Note by " + name + ": " + text}
	return s.tx(ctx, "add note", func(q *db.Queries) error {
		if err := addEvents(ctx, q, db.AddEventsParams{PartnershipID: id}, func(int) string { return "event/note/" + key }, e); err != nil {
			return err
		}
		return s.record(ctx, q, partnership.Deed{ID: "note/" + string(id) + "/" + key, Who: by, Deed: partnership.DeedNote, Subject: partnership.WorkflowOfPartnership(id)})
	})
}

func addEvents(ctx context.Context, q *db.Queries, arg db.AddEventsParams, key func(i int) string, events ...partnership.TimelineEvent) error {
	if len(events) == 0 {
		return nil
	}
	for i, e := range events {
		arg.Keys, arg.Ats = append(arg.Keys, key(i)), append(arg.Ats, e.At)
		arg.Kinds, arg.Owners = append(arg.Kinds, e.Kind), append(arg.Owners, e.Owner)
		arg.Details, arg.Days = append(arg.Details, e.Detail), append(arg.Days, e.Days)
	}
	return q.AddEvents(ctx, arg)
}

// PartnershipByReply is whose mail was answered, by the token of its reply address.
func (s *Store) PartnershipByReply(ctx context.Context, token string) (partnership.PartnershipID, error) {
	id, err := s.q.PartnershipByReply(ctx, digest(token))
	return id, notFound("partnership", err)
}

// PartnershipByEnvelope is whose contract an envelope is.
func (s *Store) PartnershipByEnvelope(ctx context.Context, envelope string) (partnership.PartnershipID, error) {
	id, err := s.q.PartnershipByEnvelope(ctx, envelope)
	return id, notFound("partnership", err)
}

// PartnershipByShipment is whose parcel a shipment is, by the shipment's id or its tracking code.
func (s *Store) PartnershipByShipment(ctx context.Context, shipmentOrCode string) (partnership.PartnershipID, error) {
	if shipmentOrCode == "" {
		return "", partnership.Errorf(partnership.NotFound, "there is no such parcel")
	}
	id, err := s.q.PartnershipByShipment(ctx, shipmentOrCode)
	return id, notFound("partnership", err)
}

// SaveContract keeps a version of the agreement. What is final stays final, and empty fields keep what is known.
func (s *Store) SaveContract(ctx context.Context, c partnership.Contract) error {
	return mapped("save contract", s.q.SaveContract(ctx, db.SaveContractParams{
		PartnershipID: c.PartnershipID, Version: int64(c.Version), EnvelopeID: c.EnvelopeID, Status: c.Status, Pdf: c.PDF,
		PdfSha256: c.PDFSHA256, Certificate: c.Certificate, CompletedAt: timeOrNil(c.CompletedAt), Now: s.now(),
	}))
}

// Contracts are all versions of a partnership's agreement, oldest first. Personal data.
func (s *Store) Contracts(ctx context.Context, id partnership.PartnershipID) ([]partnership.Contract, error) {
	rows, err := s.q.Contracts(ctx, id)
	return each(rows, contractOf), mapped("contracts", err)
}

// SaveDelivery keeps the gift's order and parcel. A parcel's status moves only forward; empty fields keep what is known.
func (s *Store) SaveDelivery(ctx context.Context, d partnership.Delivery) error {
	return mapped("save delivery", s.q.SaveDelivery(ctx, db.SaveDeliveryParams{
		PartnershipID: d.PartnershipID, GiftOrderID: d.GiftOrderID, OrderID: d.OrderID, ShipmentID: d.ShipmentID, Carrier: d.Carrier,
		TrackingCode: d.TrackingCode, LabelUrl: d.LabelURL, CostMinor: d.CostMinor, CostCurrency: d.CostCurrency, Status: d.Status,
		LabelRefunded: d.LabelRefunded, GiftCancelled: d.GiftCancelled, Now: s.now(),
	}))
}

func addressOf(a db.Address) partnership.Address {
	return partnership.Address{Name: a.Name, Line1: a.Line1, Line2: a.Line2, City: a.City, Region: a.Region, PostalCode: a.PostalCode, Country: a.Country, Phone: a.Phone}
}

func deliveryOf(d db.Delivery) partnership.Delivery {
	return partnership.Delivery{
		PartnershipID: d.PartnershipID, GiftOrderID: d.GiftOrderID, OrderID: d.OrderID, ShipmentID: d.ShipmentID, Carrier: d.Carrier,
		TrackingCode: d.TrackingCode, LabelURL: d.LabelUrl, CostMinor: d.CostMinor, CostCurrency: d.CostCurrency, Status: d.Status,
		LabelRefunded: d.LabelRefunded, GiftCancelled: d.GiftCancelled,
	}
}

func contractOf(c db.Contract) partnership.Contract {
	return partnership.Contract{
		PartnershipID: c.PartnershipID, Version: int(c.Version), EnvelopeID: c.EnvelopeID, Status: c.Status, PDF: c.Pdf,
		PDFSHA256: c.PdfSha256, Certificate: c.Certificate, CompletedAt: orZero(c.CompletedAt),
	}
}
