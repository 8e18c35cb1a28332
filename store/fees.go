package store

import (
	"context"
	"strings"

	"github.com/rapport-dev/rapport/partnership"
	"github.com/rapport-dev/rapport/partnership/ledger"
	"github.com/rapport-dev/rapport/store/db"
)

// BookFee books what a live deliverable earns on a person's word. Books that went back to a backup do not know a fee that its story has
// booked since, and the story has moved on. Only that the post is live, and since when, is theirs to say: the fee is the one of the terms, and
// stands once, whoever books it; terms that nobody is known to have signed earn none. of names the deliverable, "" the only one. booked is false where the fee was there.
func (s *Store) BookFee(ctx context.Context, id partnership.PartnershipID, of, on string, d partnership.Deed) (fee partnership.Fee, booked bool, err error) {
	if strings.TrimSpace(d.Reason) == "" {
		return fee, false, partnership.FieldErrorf("reason", "say why it is booked by hand; whoever looks at the books reads it")
	}
	err = s.tx(ctx, "book fee", func(q *db.Queries) error {
		e, err := q.Earner(ctx, id)
		if err != nil {
			return notFound("partnership", err)
		}
		if err := wasSigned(ctx, q, id); err != nil {
			return err
		}
		pr, err := q.Program(ctx, e.Program)
		if err != nil {
			return err
		}
		liveAt, err := ledger.Day(pr.Timezone, "on", on)
		switch {
		case err != nil:
			return err
		case liveAt.After(s.now()):
			return partnership.FieldErrorf("on", "a fee is earned once the post is live, and %s is yet to come", on)
		}
		if fee, err = e.Terms.Fee(of); err != nil {
			return err
		}
		row, err := s.addRow(ctx, q, earnerOf(e).Fee(fee.Deliverable, fee.AmountMinor, liveAt))
		if err != nil {
			return err
		}
		_, err = q.Row(ctx, row)
		if booked = err == nil; !booked {
			if noRows(err) {
				return nil
			}
			return err
		}
		d.Deed, d.Subject = partnership.DeedBookFee, "partnership/"+string(id)
		d.Details = map[string]any{"deliverable": fee.Deliverable, "live_at": liveAt, "amount_minor": fee.AmountMinor, "currency": fee.Currency}
		return s.record(ctx, q, d)
	})
	return fee, booked, err
}

// wasSigned refuses where nothing in the books says that the terms were signed: they may be an offer, also where the signature is younger than the
// backup.
func wasSigned(ctx context.Context, q *db.Queries, id partnership.PartnershipID) error {
	signed, err := q.Signed(ctx, id)
	if err != nil || signed {
		return err
	}
	return partnership.Errorf(partnership.Conflict, "nothing in the books says that the terms of partnership %s were signed, so what they say of a fee may be an offer. "+
		"Look at the agreement at the signing vendor: where it was signed since the backup, a story that goes on brings stage and terms back with its next step, and then the fee is booked; "+
		"the fee of one that has ended is paid outside of Rapport, by that agreement", id)
}
