package store

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"time"

	"github.com/rapport-dev/rapport/partnership"
	"github.com/rapport-dev/rapport/partnership/ledger"
	"github.com/rapport-dev/rapport/partnership/locale"
	"github.com/rapport-dev/rapport/store/db"
)

// Heard says by which way a fact about an order came to us.
type Heard string

// The ways.
const (
	ByWebhook Heard = "webhook"
	ByReread  Heard = "reread" // the shop was asked
	ByImport  Heard = "import" // a person's file
)

// RefundResult is what became of a refund or a dispute.
type RefundResult struct {
	Fresh         bool   // false: it was there already and nothing changed
	Parked        bool   // its order is not there yet
	ReversedMinor int64  // of commission, now; below zero it was given back
	Look          string // why a person has to look, where nothing of it could be held for them
}

// RecordRefund takes off commission what a refund reverses, once its money has moved. The commission's row never changes: the
// difference is a further row, netted in the next run.
func (s *Store) RecordRefund(ctx context.Context, r partnership.SaleRefund, heard Heard) (RefundResult, error) {
	if r.OrderID == "" || r.RefundID == "" {
		return RefundResult{}, partnership.Errorf(partnership.Invalid, "a refund has an order and an id")
	}
	return s.recordFact(ctx, r.OrderID, refundOf(r, heard), locale.Words("refund of the order"))
}

// RecordDispute takes off commission what a lost dispute took, and gives it back when it is won after all.
func (s *Store) RecordDispute(ctx context.Context, d partnership.SaleDispute, heard Heard) (RefundResult, error) {
	if d.OrderID == "" || d.DisputeID == "" || d.AmountMinor < 0 {
		return RefundResult{}, partnership.Errorf(partnership.Invalid, "a dispute has an order, an id and an amount of zero or more")
	}
	why := locale.Words("a dispute of the order was lost")
	if d.Won {
		why = locale.Words("a dispute of the order was won")
	}
	return s.recordFact(ctx, d.OrderID, disputeOf(d, heard), why)
}

// BookSale keeps how an order stands that the shop was asked for, and returns what was booked because of it, and why a person has to look
// at it.
func (s *Store) BookSale(ctx context.Context, o partnership.Sale) (minor int64, look string, err error) {
	in := OrderOf(ledger.Dated(o, s.now()))
	in.Heard = ByReread
	result, err := s.RecordOrder(ctx, in)
	for _, one := range append(result.Others, result) {
		minor += one.CommissionMinor
	}
	return minor + result.ChangedMinor, result.Look, err
}

// OwnedCodes are those of the codes that are creators'.
func (s *Store) OwnedCodes(ctx context.Context, codes []string) (map[string]bool, error) {
	owned := map[string]bool{}
	for _, code := range codes {
		if _, known := owned[code]; known {
			continue
		}
		_, err := s.q.OwnerOfCode(ctx, code)
		if err != nil && !noRows(err) {
			return nil, mapped("codes", err)
		}
		owned[code] = err == nil
	}
	return owned, nil
}

// SoldIn is the currency in which an order was sold that is in the books, "" for one that is not.
func (s *Store) SoldIn(ctx context.Context, o partnership.Sale) (currency string, err error) {
	key, err := keyOf(ctx, s.q, o.Shop, o.ID, o.ProcessedAt)
	if err != nil {
		return "", mapped("order", err)
	}
	orders, err := s.q.OrdersByID(ctx, key)
	if len(orders) > 0 {
		currency = orders[0].Currency
	}
	return currency, mapped("order", err)
}

// ImportSale books an order of a person's file, in that program where the file names one.
func (s *Store) ImportSale(ctx context.Context, program string, o partnership.Sale) (credited bool, minor int64, err error) {
	in := OrderOf(o)
	in.Program, in.Heard = program, ByImport
	result, err := s.RecordOrder(ctx, in)
	for _, one := range append(result.Others, result) {
		credited = credited || one.PartnershipID != ""
		minor += one.CommissionMinor
	}
	return credited, minor + result.ChangedMinor, err
}

func (s *Store) recordFact(ctx context.Context, orderID string, f fact, why string) (result RefundResult, err error) {
	orderID = ledger.OrderKey(orderID)
	err = s.tx(ctx, "record "+f.kind, func(q *db.Queries) error {
		result = RefundResult{}
		if err := q.LockOrder(ctx, orderID); err != nil {
			return err
		}
		fresh, err := s.keepFact(ctx, q, orderID, f)
		if err != nil || !fresh {
			return err
		}
		orders, err := q.OrdersByID(ctx, orderID)
		if err != nil {
			return err
		}
		settled, err := s.settleOrder(ctx, q, orderID, f.among(ledger.Facts{}), why)
		if err != nil {
			return err
		}
		bonuses, err := s.settleBonusesOf(ctx, q, orderID)
		result = RefundResult{Fresh: true, Parked: len(orders) == 0, ReversedMinor: -settled.minor - bonuses, Look: settled.look}
		return err
	})
	return result, err
}

// The kinds of facts.
const (
	orderFact   = "order"
	refundFact  = "refund"
	disputeFact = "dispute"
)

// fact is one thing that a shop said about an order.
type fact struct {
	kind, ref string
	at        time.Time
	value     any
	heard     Heard
}

func refundOf(r partnership.SaleRefund, heard Heard) fact {
	return fact{kind: refundFact, ref: r.RefundID, at: r.At, value: r, heard: heard}
}

func disputeOf(d partnership.SaleDispute, heard Heard) fact {
	return fact{kind: disputeFact, ref: d.DisputeID, at: d.At, value: d, heard: heard}
}

// among are those facts and this one.
func (f fact) among(all ledger.Facts) ledger.Facts {
	switch value := f.value.(type) {
	case ledger.Said:
		all.Said = append(all.Said, value)
	case partnership.SaleRefund:
		all.Refunds = append(all.Refunds, value)
	case partnership.SaleDispute:
		all.Disputes = append(all.Disputes, value)
	}
	return all
}

// keepFact keeps a fact once, however often it is said.
func (s *Store) keepFact(ctx context.Context, q *db.Queries, orderID string, f fact) (fresh bool, err error) {
	b, err := json.Marshal(f.value)
	if err != nil {
		return false, err
	}
	sum := sha256.Sum256(b)
	rows, err := q.InsertOrderFact(ctx, db.InsertOrderFactParams{
		OrderID: orderID, Kind: f.kind, Ref: f.ref, SaidAt: f.at, Digest: hex.EncodeToString(sum[:]), Fact: b, Heard: string(f.heard), Now: s.now(),
	})
	return rows > 0, err
}

// keepOrder keeps what an order says of itself, its refunds and disputes, and returns what of it is new. One that tells no time of its own
// stands as when it was made.
func (s *Store) keepOrder(ctx context.Context, q *db.Queries, in OrderIn) (fresh ledger.Facts, err error) {
	if in.SaidAt.IsZero() {
		in.SaidAt = in.OccurredAt
	}
	facts := []fact{{kind: orderFact, at: in.SaidAt, value: ledger.Said{SaleState: in.SaleState, Currency: in.Currency, NetMinor: in.NetMinor}, heard: in.Heard}}
	for _, r := range in.Refunds {
		facts = append(facts, refundOf(r, in.Heard))
	}
	for _, d := range in.Disputes {
		facts = append(facts, disputeOf(d, in.Heard))
	}
	for _, f := range facts {
		isNew, err := s.keepFact(ctx, q, in.OrderID, f)
		if err != nil {
			return fresh, err
		}
		if isNew {
			fresh = f.among(fresh)
		}
	}
	return fresh, nil
}

// change is what the creator reads of a row that comes of it.
func (in OrderIn) change() string {
	if !in.CancelledAt.IsZero() {
		return locale.Words("the order was cancelled")
	}
	return locale.Words("the order was changed")
}

// heardOf is all that is known of an order.
func heardOf(ctx context.Context, q *db.Queries, orderID string) (facts ledger.Facts, err error) {
	rows, err := q.OrderFacts(ctx, orderID)
	if err != nil {
		return facts, err
	}
	for _, row := range rows {
		switch row.Kind {
		case orderFact:
			err = readInto(&facts.Said, row.Fact, func(*ledger.Said) {})
		case refundFact:
			err = readInto(&facts.Refunds, row.Fact, func(r *partnership.SaleRefund) { r.OrderID, r.RefundID = orderID, row.Ref })
		case disputeFact:
			err = readInto(&facts.Disputes, row.Fact, func(d *partnership.SaleDispute) { d.OrderID, d.DisputeID = orderID, row.Ref })
		}
		if err != nil {
			return facts, err
		}
	}
	return facts, nil
}

func readInto[T any](all *[]T, raw []byte, named func(*T)) error {
	var one T
	if err := json.Unmarshal(raw, &one); err != nil {
		return err
	}
	named(&one)
	*all = append(*all, one)
	return nil
}

// RereadUntil is until when the shop was last asked again for all orders that changed, zero when the books know of no time.
func (s *Store) RereadUntil(ctx context.Context) (time.Time, error) {
	until, err := s.q.RereadUntil(ctx)
	if noRows(err) {
		return time.Time{}, nil
	}
	return until, mapped("orders were read again", err)
}

// RereadDone keeps that it was asked, until then.
func (s *Store) RereadDone(ctx context.Context, until time.Time) error {
	return mapped("orders were read again", s.q.RereadDone(ctx, until))
}
