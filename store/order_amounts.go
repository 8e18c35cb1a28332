package store

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/rapport-dev/rapport/partnership"
	"github.com/rapport-dev/rapport/partnership/ledger"
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
	Fresh         bool  // false: it was there already and nothing changed
	Parked        bool  // its order is not there yet
	ReversedMinor int64 // of commission, now; below zero it was given back
}

// RecordRefund takes off commission what a refund reverses, once its money has moved. The commission's row never changes: the
// difference is a further row, netted in the next run.
func (s *Store) RecordRefund(ctx context.Context, r partnership.SaleRefund, heard Heard) (RefundResult, error) {
	if r.OrderID == "" || r.RefundID == "" {
		return RefundResult{}, partnership.Errorf(partnership.Invalid, "a refund has an order and an id")
	}
	return s.recordFact(ctx, r.OrderID, fact{kind: refundFact, ref: r.RefundID, at: r.At, value: r, heard: heard}, "refund of the order")
}

// RecordDispute takes off commission what a lost dispute took, and gives it back when it is won after all.
func (s *Store) RecordDispute(ctx context.Context, d partnership.SaleDispute, heard Heard) (RefundResult, error) {
	if d.OrderID == "" || d.DisputeID == "" || d.AmountMinor < 0 {
		return RefundResult{}, partnership.Errorf(partnership.Invalid, "a dispute has an order, an id and an amount of zero or more")
	}
	why := "a dispute of the order was lost"
	if d.Won {
		why = "a dispute of the order was won"
	}
	return s.recordFact(ctx, d.OrderID, fact{kind: disputeFact, ref: d.DisputeID, at: d.At, value: d, heard: heard}, why)
}

// BookSale keeps how an order stands that the shop was asked for, and returns what was booked because of it.
func (s *Store) BookSale(ctx context.Context, o partnership.Sale) (minor int64, err error) {
	in := OrderOf(o)
	in.Heard = ByReread
	if in.OccurredAt.IsZero() {
		in.OccurredAt = in.SaidAt
	}
	result, err := s.RecordOrder(ctx, in)
	for _, one := range append(result.Others, result) {
		minor += one.CommissionMinor
	}
	return minor + result.ChangedMinor, err
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
		result = RefundResult{Fresh: true, Parked: len(orders) == 0}
		booked, err := s.settleOrder(ctx, q, orderID, why)
		result.ReversedMinor = -booked
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

// keepOrder keeps what an order says of itself, its refunds and disputes. One that tells no time of its own stands as when it was made.
func (s *Store) keepOrder(ctx context.Context, q *db.Queries, in OrderIn) error {
	if in.SaidAt.IsZero() {
		in.SaidAt = in.OccurredAt
	}
	facts := []fact{{kind: orderFact, at: in.SaidAt, value: ledger.Said{SaleState: in.SaleState, Currency: in.Currency, NetMinor: in.NetMinor}}}
	for _, r := range in.Refunds {
		facts = append(facts, fact{kind: refundFact, ref: r.RefundID, at: r.At, value: r})
	}
	for _, d := range in.Disputes {
		facts = append(facts, fact{kind: disputeFact, ref: d.DisputeID, at: d.At, value: d})
	}
	for _, f := range facts {
		f.heard = in.Heard
		if _, err := s.keepFact(ctx, q, in.OrderID, f); err != nil {
			return err
		}
	}
	return nil
}

// change is what the creator reads of a row that comes of it.
func (in OrderIn) change() string {
	if !in.CancelledAt.IsZero() {
		return "the order was cancelled"
	}
	return "the order was changed"
}

// worthOf is what an order comes to by all that is known of it; ok is false while only its refunds are.
func worthOf(ctx context.Context, q *db.Queries, orderID string) (w ledger.Worth, ok bool, err error) {
	rows, err := q.OrderFacts(ctx, orderID)
	if err != nil {
		return w, false, err
	}
	var facts ledger.Facts
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
			return w, false, err
		}
	}
	w, ok = facts.Worth()
	return w, ok, nil
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

// settleOrder writes down what an order comes to now, and brings the rows of whom it is credited to to it. It returns what was booked.
func (s *Store) settleOrder(ctx context.Context, q *db.Queries, orderID, why string) (booked int64, err error) {
	w, ok, err := worthOf(ctx, q, orderID)
	if err != nil || !ok {
		return 0, err
	}
	was, err := s.writeSum(ctx, q, orderID, w)
	if err != nil {
		return 0, err
	}
	orders, err := q.OrdersByID(ctx, orderID)
	if err != nil {
		return 0, err
	}
	for _, o := range orders {
		minor, err := s.correct(ctx, q, o, was, w, why)
		if err != nil {
			return booked, err
		}
		booked += minor
	}
	return booked, nil
}

// writeSum keeps what an order comes to now, and returns what it came to before.
func (s *Store) writeSum(ctx context.Context, q *db.Queries, orderID string, w ledger.Worth) (was ledger.Worth, err error) {
	last, err := q.LastOrderSum(ctx, orderID)
	if err != nil && !errors.Is(err, pgx.ErrNoRows) {
		return was, err
	}
	was = ledger.Worth{Currency: last.Currency, BoughtMinor: last.BoughtMinor, BackMinor: last.BackMinor}
	same := last.N > 0 && last.Currency == w.Currency && last.BoughtMinor == w.BoughtMinor && last.BackMinor == w.BackMinor &&
		(last.NewCustomer == nil) == (w.NewCustomer == nil) && deref(last.NewCustomer) == deref(w.NewCustomer)
	if same {
		return was, nil
	}
	return was, q.InsertOrderSum(ctx, db.InsertOrderSumParams{
		OrderID: orderID, N: last.N + 1, Currency: w.Currency, BoughtMinor: w.BoughtMinor, BackMinor: w.BackMinor, NewCustomer: w.NewCustomer, Now: s.now(),
	})
}

// correct posts the difference between what an order earned and what it is to have earned.
func (s *Store) correct(ctx context.Context, q *db.Queries, o db.Order, was, w ledger.Worth, why string) (int64, error) {
	if o.PartnershipID == nil {
		return 0, nil
	}
	locked, err := q.LockOrderRows(ctx, db.LockOrderRowsParams{Program: o.Program, OrderID: o.OrderID})
	if err != nil {
		return 0, err
	}
	rows := each(locked, rowOf)
	c, ok := ledger.CorrectionOf(rows, o.NetMinor, w, s.now(), why)
	if !ok {
		return 0, nil
	}
	e, err := q.Earner(ctx, *o.PartnershipID)
	if err != nil {
		return 0, err
	}
	used, err := s.commissionUsed(ctx, q, *o.PartnershipID, e.Terms)
	if err != nil {
		return 0, err
	}
	if c, ok = c.Capped(e.Terms, used, ledger.Grown(rows, o.NetMinor, was, w)); !ok {
		return 0, nil
	}
	added, err := s.insertRow(ctx, q, c.Row, c.Posting)
	if err != nil || !c.Full {
		return c.Row.AmountMinor, err
	}
	ids := []string{added}
	for _, row := range rows {
		if row.State.Open() {
			ids = append(ids, row.ID)
		}
	}
	return c.Row.AmountMinor, q.MoveRows(ctx, db.MoveRowsParams{Ids: ids, State: ledger.Reversed, Reason: "the order was refunded in full"})
}
