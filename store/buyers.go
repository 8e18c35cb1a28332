package store

import (
	"context"
	"slices"
	"time"

	"github.com/rapport-dev/rapport/partnership"
	"github.com/rapport-dev/rapport/partnership/identity"
	"github.com/rapport-dev/rapport/partnership/ledger"
	"github.com/rapport-dev/rapport/store/db"
)

// lookAtBuyer compares an order with the creators who earn by it, and with what else their touches sold, and holds what a person should
// see first. Nothing of the buyer is kept but keyed hashes. It looks once, and again when a later report tells of the buyer.
func (s *Store) lookAtBuyer(ctx context.Context, q *db.Queries, in OrderIn) error {
	seen := sighting{
		buyer: in.Buyer, at: in.OccurredAt, day: s.opt.Day, site: ledger.CouponSiteOf(in.Referrer),
		mail: s.buyerHash("buyer", identity.MailboxKey(in.Buyer.Email)), place: s.buyerHash("place", identity.PlaceKey(in.Buyer.Address)),
	}
	orders, err := q.OrdersByID(ctx, in.OrderID)
	if err != nil || len(orders) == 0 { // not paid yet: it is looked at when it is a sale
		return err
	}
	fresh, err := q.KeepBuyer(ctx, db.KeepBuyerParams{OrderID: in.OrderID, MailHash: seen.mail, PlaceHash: seen.place, CouponSite: seen.site, Now: s.now()})
	if err != nil || fresh == 0 {
		return err
	}
	for _, o := range orders {
		if o.PartnershipID == nil {
			continue
		}
		if err := s.holdAtRisk(ctx, q, o, seen); err != nil {
			return err
		}
	}
	return nil
}

// buyerHash is how a buyer is known again, nil for nobody.
func (s *Store) buyerHash(purpose, key string) []byte {
	if key == "" {
		return nil
	}
	return s.keyed(purpose, key)
}

// sighting is an order as it is compared with others, and since when each sign is counted.
type sighting struct {
	buyer       partnership.Buyer
	site        string
	mail, place []byte
	at          time.Time
	day         time.Duration
	released    map[ledger.Risk]time.Time // what a person has looked at is not counted again
}

// around are the instants between which a sign is counted, so many campaign days around the order.
func (s sighting) around(risk ledger.Risk, days float64) (since, until time.Time) {
	span := time.Duration(days * float64(s.day))
	since, until = s.at.Add(-span), s.at.Add(span)
	if looked := s.released[risk]; looked.After(since) {
		since = looked
	}
	return since, until
}

// holdAtRisk holds what an order has earned in one program, with the others of its pattern, where there is a reason to look.
func (s *Store) holdAtRisk(ctx context.Context, q *db.Queries, o db.Order, seen sighting) error {
	id := *o.PartnershipID
	if err := q.LockBuying(ctx, string(id)); err != nil {
		return err
	}
	released, err := q.Released(ctx, db.ReleasedParams{PartnershipID: id, MailHash: seen.mail, PlaceHash: seen.place})
	if err != nil {
		return err
	}
	seen.released = map[ledger.Risk]time.Time{}
	for _, r := range released {
		seen.released[ledger.Risk(r.Risk)] = r.At
	}
	pattern, err := patternOf(ctx, q, id, seen)
	if err != nil {
		return err
	}
	risks := pattern.Risks()
	if len(risks) == 0 {
		return nil
	}
	own, err := q.LockOrderRows(ctx, db.LockOrderRowsParams{Program: o.Program, OrderID: o.OrderID})
	if err != nil {
		return err
	}
	if err := s.holdRows(ctx, q, own, risks, pattern.Reason(risks)); err != nil {
		return err
	}
	shared := slices.DeleteFunc(slices.Clone(risks), func(r ledger.Risk) bool { return !r.Shared() })
	if len(shared) == 0 {
		return nil
	}
	others, err := q.LockPatternRows(ctx, seen.others(id, shared))
	if err != nil {
		return err
	}
	return s.holdRows(ctx, q, others, shared, pattern.Reason(shared))
}

// patternOf reads what an order is compared with.
func patternOf(ctx context.Context, q *db.Queries, id partnership.PartnershipID, seen sighting) (p ledger.Pattern, err error) {
	creator, err := q.BuyersCreator(ctx, id)
	if err != nil {
		return p, err
	}
	arg := seen.others(id, nil)
	since, _ := seen.around("", ledger.RepeatDays)
	counts, err := q.BuyingPattern(ctx, db.BuyingPatternParams{
		PartnershipID: string(id), MailHash: seen.mail, PlaceHash: seen.place, BuyerSince: arg.BuyerSince, PlaceSince: arg.PlaceSince, RepeatUntil: arg.RepeatUntil,
		LeakSince: arg.LeakSince, LeakUntil: arg.LeakUntil, BurstSince: arg.BurstSince, BurstUntil: arg.BurstUntil, Since: since,
	})
	same := func(a, b string) bool { return a != "" && a == b }
	name := identity.NameKey(seen.buyer.Name)
	return ledger.Pattern{
		Mailbox: same(identity.MailboxKey(seen.buyer.Email), identity.MailboxKey(creator.Email)),
		Place: same(identity.PlaceKey(seen.buyer.Address), identity.PlaceKey(partnership.Address{
			Line1: creator.Line1, Line2: creator.Line2, City: creator.City, PostalCode: creator.PostalCode, Country: creator.Country,
		})),
		Name: same(name, identity.NameKey(creator.PayoutHolder)) || same(name, identity.NameKey(creator.Name)), CouponSite: seen.site,
		BuyerOrders: int(counts.BuyerOrders), PlaceOrders: int(counts.PlaceOrders), PlaceBuyers: int(counts.PlaceBuyers),
		CodeBuyers: int(counts.CodeBuyers), Clicks: int(counts.Clicks), AtOnce: int(counts.AtOnce),
	}, err
}

// others asks for the earnings of the orders that show those risks together with this one.
func (s sighting) others(id partnership.PartnershipID, risks []ledger.Risk) db.LockPatternRowsParams {
	has := func(r ledger.Risk) bool { return slices.Contains(risks, r) }
	arg := db.LockPatternRowsParams{
		PartnershipID: string(id), MailHash: s.mail, PlaceHash: s.place,
		SameBuyer: has(ledger.SameBuyer), SamePlace: has(ledger.SamePlace), LeakedCode: has(ledger.LeakedCode), Burst: has(ledger.Burst),
		Risks: each(risks, func(r ledger.Risk) string { return string(r) }),
	}
	arg.BuyerSince, arg.RepeatUntil = s.around(ledger.SameBuyer, ledger.RepeatDays)
	arg.PlaceSince, _ = s.around(ledger.SamePlace, ledger.RepeatDays)
	arg.LeakSince, arg.LeakUntil = s.around(ledger.LeakedCode, ledger.LeakDays)
	arg.BurstSince, arg.BurstUntil = s.around(ledger.Burst, ledger.BurstHours/24.0)
	return arg
}

// holdRows holds what nobody has claimed, each with its reason, and with a sale what it has grown by since; one that waits already waits
// for this too.
func (s *Store) holdRows(ctx context.Context, q *db.Queries, rows []db.LedgerRow, risks []ledger.Risk, reason string) error {
	for _, row := range rows {
		if rowOf(row).Waits(reason).State != ledger.Held {
			continue
		}
		if err := holdRow(ctx, q, row, reason); err != nil {
			return err
		}
		words := each(risks, func(r ledger.Risk) string { return string(r) })
		if err := q.AddRisks(ctx, db.AddRisksParams{RowID: row.ID, Risks: words, Now: s.now()}); err != nil {
			return err
		}
	}
	return nil
}

// forgetBuyer takes the hashes of somebody who asked to be forgotten from what they bought.
func (s *Store) forgetBuyer(ctx context.Context, q *db.Queries, c partnership.Creator) error {
	address, err := optional(addressOf)(q.Address(ctx, c.ID))
	if err != nil {
		return err
	}
	var hashes [][]byte
	for _, hash := range [][]byte{s.buyerHash("buyer", identity.MailboxKey(c.Email)), s.buyerHash("place", identity.PlaceKey(deref(address)))} {
		if hash != nil {
			hashes = append(hashes, hash)
		}
	}
	return q.ForgetBuyer(ctx, hashes)
}
