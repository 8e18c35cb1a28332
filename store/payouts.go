package store

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/rapport-dev/rapport/partnership"
	"github.com/rapport-dev/rapport/partnership/ledger"
	"github.com/rapport-dev/rapport/store/db"
)

// BeginTransfer is the last look before money moves: the lines must still be those that enough people approved, and the account
// the creator's own. It fixes the time of the first post and says from the row whether it may have been sent before. One whose fate is known, or a person's to say, comes back as it is, and
// one that was not sent when the rest of its run was rejected comes back void: the caller looks at State. *partnership.Error Conflict when it must not be sent.
func (s *Store) BeginTransfer(ctx context.Context, id partnership.PayoutID) (posting partnership.Posting, err error) {
	err = s.tx(ctx, "begin transfer", func(q *db.Queries) error {
		row, err := q.LockPayout(ctx, id)
		if err != nil {
			return lostPayout(err)
		}
		posting = partnership.Posting{Payout: payoutOf(row), Again: row.State != partnership.PayoutPlanned}
		switch row.State {
		case partnership.PayoutPaid, partnership.PayoutReturned, partnership.PayoutFailed, partnership.PayoutVoid:
			return nil
		case partnership.PayoutUnknown:
			now, err := q.PayoutsNow(ctx, s.testNow())
			posting.Age = now.Sub(orZero(row.FirstPostedAt))
			return err
		case partnership.PayoutPlanned, partnership.PayoutPosted:
		default:
			return partnership.Errorf(partnership.Conflict, "the payout is %s and is not sent again", row.State)
		}
		run, err := q.Run(ctx, row.RunID)
		if err != nil {
			return err
		}
		if row.State == partnership.PayoutPlanned && run.RestRejected != nil {
			posting.State, posting.Reason = partnership.PayoutVoid, *run.RestRejected
			return s.sendBack(ctx, q, row, posting.Reason)
		}
		if err := s.checkApproved(ctx, q, run, row); err != nil {
			return err
		}
		if row.State == partnership.PayoutPlanned { // what was sent before is found out where it was sent
			if err := s.checkPayee(ctx, q, row); err != nil {
				posting.Withheld = partnership.CodeOf(err) == partnership.Conflict
				return err
			}
		}
		if row, err = q.PostPayout(ctx, db.PostPayoutParams{ID: id, TestNow: s.testNow()}); err != nil {
			return err
		}
		posting.Payout, posting.PostedAt = payoutOf(row), row.UpdatedAt
		if posting.Again {
			posting.Age = row.UpdatedAt.Sub(orZero(row.FirstPostedAt))
		}
		return nil
	})
	return posting, err
}

// UnpostTransfer says of a first post that nothing was made of it: the payout is planned again, unless it was posted once more since.
// The time of the first post stays, so that the age of a key is never taken for less than it is.
// keyUsed says that the provider keeps its refusal under the key: the next post goes under the next one.
func (s *Store) UnpostTransfer(ctx context.Context, id partnership.PayoutID, postedAt time.Time, keyUsed bool) error {
	of := db.UnpostPayoutParams{ID: id, PostedAt: postedAt}
	if keyUsed {
		of.KeysUsed = 1
	}
	_, err := s.q.UnpostPayout(ctx, of)
	return mapped("unpost transfer", err)
}

// NoteOrdered keeps what the rail calls an order that it has taken and not paid yet, once. By it the order is found when the rail has
// forgotten whose it is.
func (s *Store) NoteOrdered(ctx context.Context, id partnership.PayoutID, ref string) error {
	return mapped("note an order", s.q.NoteOrdered(ctx, db.NoteOrderedParams{ID: id, OrderedRef: ref}))
}

// PostFound says of a payout that was never sent, as the books have it, that its provider shows a transfer of it: a backup came back from before
// it was sent. What speaks against sending it now comes too late.
func (s *Store) PostFound(ctx context.Context, id partnership.PayoutID) (found partnership.Payout, err error) {
	err = s.tx(ctx, "post a payout that was found", func(q *db.Queries) error {
		row, err := q.LockPayout(ctx, id)
		if err != nil {
			return lostPayout(err)
		}
		if row.State == partnership.PayoutPlanned {
			if row, err = q.PostPayout(ctx, db.PostPayoutParams{ID: id, TestNow: s.testNow()}); err != nil {
				return err
			}
		}
		found = payoutOf(row)
		return nil
	})
	return found, err
}

// checkPayee refuses money for whom it may not go to any more.
func (s *Store) checkPayee(ctx context.Context, q *db.Queries, payout db.Payout) error {
	if err := checkAccount(ctx, q, payout); err != nil {
		return err
	}
	return s.checkGates(ctx, q, payout)
}

// checkAccount refuses money for an account that the creator has left since the approver saw it: neither the old account nor
// the new one gets it, and the next run pays it once the new one's wait is over.
func checkAccount(ctx context.Context, q *db.Queries, payout db.Payout) error {
	creator, err := q.Creator(ctx, payout.CreatorID)
	if err != nil {
		return notFound("creator", err)
	}
	if creator.PayoutAccount != payout.Destination || creator.PayoutRail != "" && creator.PayoutRail != payout.Provider {
		return partnership.Errorf(partnership.Conflict, "the creator's payout account changed after the run was planned, and nothing was sent")
	}
	return nil
}

// checkApproved reads the payout's own line and the approvals, whatever the size of the run: of the hashes of all lines the hash is made
// that was approved, and the database keeps each as it was planned. Runs from before lines had hashes are read whole.
func (s *Store) checkApproved(ctx context.Context, q *db.Queries, run db.PayoutRun, payout db.Payout) error {
	switch run.State {
	case partnership.RunApproved, partnership.RunExecuting:
	case partnership.RunClosing, partnership.RunReview, partnership.RunPlanned: // whoever sends has seen its approval
		return partnership.Errorf(partnership.WentBack, "the run is %s in the books; nothing is sent before it is approved", run.State)
	default:
		return partnership.Errorf(partnership.Conflict, "the run is %s; nothing of it is sent any more", run.State)
	}
	if err := checkLine(ctx, q, run, payout); err != nil {
		return err
	}
	approvals, err := s.countApprovals(ctx, q, run)
	if err != nil {
		return err
	}
	if approvals < int(run.NeedApprovers) {
		return partnership.Errorf(partnership.Conflict, "the run has %d of %d approvals", approvals, run.NeedApprovers)
	}
	return nil
}

// ConfirmTransfer books that a payout was paid, once. A transfer of another amount, currency or destination, or a second one,
// is *partnership.Error Conflict: a person has to look.
func (s *Store) ConfirmTransfer(ctx context.Context, id partnership.PayoutID, t partnership.Transfer) error {
	return s.tx(ctx, "confirm transfer", func(q *db.Queries) error {
		row, err := q.LockPayout(ctx, id)
		if err != nil {
			return lostPayout(err)
		}
		return s.confirm(ctx, q, row, t)
	})
}

func (s *Store) confirm(ctx context.Context, q *db.Queries, row db.Payout, t partnership.Transfer) error {
	switch {
	case row.ProviderRef != "" && row.ProviderRef == t.ID:
		return nil
	case row.ProviderRef != "":
		return partnership.Errorf(partnership.Conflict, "the payout was already paid by another transfer")
	case row.State != partnership.PayoutPosted && row.State != partnership.PayoutUnknown:
		return partnership.Errorf(partnership.Conflict, "the payout is %s, yet a transfer for it was found", row.State)
	case t.ID == "" || t.PayoutID != "" && t.PayoutID != row.ID || t.AmountMinor != row.AmountMinor || !strings.EqualFold(t.Currency, row.Currency) || !s.wentTo(ctx, q, t, row):
		return partnership.Errorf(partnership.Conflict, "the transfer found is not the one that was ordered: amount, currency or destination differ")
	}
	if err := q.PayPayout(ctx, db.PayPayoutParams{ID: row.ID, ProviderRef: t.ID, Now: s.now()}); err != nil {
		return err
	}
	return s.payRows(ctx, q, row)
}

// wentTo says whether a transfer went where its payout was to go. A receiver is held against the kept one; where that was wiped or cannot
// be read any more, nobody can say, and a person looks.
func (s *Store) wentTo(ctx context.Context, q *db.Queries, t partnership.Transfer, payout db.Payout) bool {
	if t.Receiver == "" {
		return t.Destination == payout.Destination
	}
	to, err := s.receiver(ctx, q, payout.Provider, payout.Destination)
	return err == nil && strings.EqualFold(t.Receiver, to.ID)
}

// payRows books that the rows of a payout are paid, and by which transfer.
func (s *Store) payRows(ctx context.Context, q *db.Queries, payout db.Payout) error {
	if _, err := q.PayRows(ctx, string(payout.ID)); err != nil {
		return err
	}
	if err := q.InsertReceipt(ctx, db.InsertReceiptParams{PayoutID: payout.ID, Now: s.now()}); err != nil {
		return err
	}
	if err := s.tellPayee(ctx, q, payeeNotice{kind: partnership.NoticePaid, payout: payout, minor: payout.AmountMinor}); err != nil {
		return err
	}
	return s.post(ctx, q, journal{"pay/" + string(payout.ID), ledger.PayPayout(payout.CreatorID, payout.Provider, payout.Currency, payout.AmountMinor)})
}

// FailTransfer releases the rows of a payout that certainly was not paid.
func (s *Store) FailTransfer(ctx context.Context, id partnership.PayoutID, reason string) error {
	return s.tx(ctx, "fail transfer", func(q *db.Queries) error {
		row, err := q.LockPayout(ctx, id)
		if err != nil {
			return lostPayout(err)
		}
		switch row.State {
		case partnership.PayoutFailed, partnership.PayoutVoid: // its rows are free already
			return nil
		case partnership.PayoutPlanned, partnership.PayoutPosted, partnership.PayoutUnknown:
			if err := s.tellPayee(ctx, q, payeeNotice{kind: partnership.NoticeFailed, payout: row, minor: row.AmountMinor, why: reason}); err != nil {
				return err
			}
			return s.release(ctx, q, row, partnership.PayoutFailed, reason)
		}
		return partnership.Errorf(partnership.Conflict, "the payout is %s and cannot fail any more", row.State)
	})
}

// release gives a payout's rows back to the next run.
func (s *Store) release(ctx context.Context, q *db.Queries, payout db.Payout, state partnership.PayoutState, reason string) error {
	if err := q.SetPayoutState(ctx, db.SetPayoutStateParams{ID: payout.ID, State: state, Reason: reason, Now: s.now()}); err != nil {
		return err
	}
	if err := q.LockEarnersOf(ctx, string(payout.ID)); err != nil {
		return err
	}
	if _, err := q.ReleaseRows(ctx, string(payout.ID)); err != nil {
		return err
	}
	if err := q.HoldReleased(ctx, payout.ID); err != nil {
		return err
	}
	if err := q.ReleasePayoutRows(ctx, db.ReleasePayoutRowsParams{PayoutID: payout.ID, Now: s.now()}); err != nil {
		return err
	}
	return s.post(ctx, q, journal{"release/" + string(payout.ID), ledger.ReleasePayout(payout.CreatorID, payout.Currency, payout.AmountMinor)})
}

// ParkTransfer says that nobody but a person can tell whether a payout was paid. Its rows stay claimed.
func (s *Store) ParkTransfer(ctx context.Context, id partnership.PayoutID, reason string) error {
	return s.tx(ctx, "park transfer", func(q *db.Queries) error {
		row, err := q.LockPayout(ctx, id)
		if err != nil {
			return lostPayout(err)
		}
		switch row.State {
		case partnership.PayoutUnknown:
			return nil
		case partnership.PayoutPosted:
			return q.SetPayoutState(ctx, db.SetPayoutStateParams{ID: id, State: partnership.PayoutUnknown, Reason: reason, Now: s.now()})
		}
		return partnership.Errorf(partnership.Conflict, "the payout is %s; there is nothing to find out", row.State)
	})
}

// ReverseTransfer books that paid money came back. reversedMinor is all that has come back of the transfer so far, so a repeated
// event changes nothing. Paid rows stay paid: the creator is owed a further row, which is held until a person decides.
func (s *Store) ReverseTransfer(ctx context.Context, id partnership.PayoutID, transferID string, reversedMinor int64) error {
	return s.tx(ctx, "reverse transfer", func(q *db.Queries) error {
		row, err := q.LockPayout(ctx, id)
		if err != nil {
			return notFound("payout", err)
		}
		if row.ProviderRef != transferID || row.State != partnership.PayoutPaid && row.State != partnership.PayoutReturned {
			return partnership.Errorf(partnership.Conflict, "the payout is %s and was not paid by this transfer", row.State)
		}
		return s.reverse(ctx, q, row, reversedMinor)
	})
}

func (s *Store) reverse(ctx context.Context, q *db.Queries, paid db.Payout, reversedMinor int64) error {
	if reversedMinor > paid.AmountMinor {
		return partnership.Errorf(partnership.Conflict, "more came back than was paid")
	}
	if reversedMinor <= paid.ReversedMinor {
		return nil
	}
	state := partnership.PayoutPaid
	if reversedMinor == paid.AmountMinor {
		state = partnership.PayoutReturned
	}
	if err := q.ReversePayout(ctx, db.ReversePayoutParams{ID: paid.ID, State: state, ReversedMinor: reversedMinor, Reason: ledger.CameBack, Now: s.now()}); err != nil {
		return err
	}
	back := payeeNotice{kind: partnership.NoticeReturned, payout: paid, minor: reversedMinor - paid.ReversedMinor, of: fmt.Sprint("/", reversedMinor)}
	if err := s.tellPayee(ctx, q, back); err != nil {
		return err
	}
	return s.oweAgain(ctx, q, paid, reversedMinor-paid.ReversedMinor)
}

func (s *Store) oweAgain(ctx context.Context, q *db.Queries, payout db.Payout, minor int64) error {
	first, err := q.FirstRowOfPayout(ctx, payout.ID)
	if err != nil {
		return err
	}
	_, err = s.insertRow(ctx, q, ledger.OwedAgain(rowOf(first), minor, s.now()), ledger.ReturnPayout(payout.CreatorID, payout.Provider, payout.Currency, minor))
	return err
}

// Payout is a payout by its id.
func (s *Store) Payout(ctx context.Context, id partnership.PayoutID) (partnership.Payout, error) {
	row, err := s.q.Payout(ctx, id)
	return payoutOf(row), notFound("payout", err)
}

// PayoutByRef is the payout that a provider's transfer paid.
func (s *Store) PayoutByRef(ctx context.Context, provider, ref string) (partnership.PayoutID, error) {
	id, err := s.q.PayoutByRef(ctx, db.PayoutByRefParams{Provider: provider, ProviderRef: ref})
	return id, notFound("payout", err)
}

// PayoutsOfRun are the payouts of a run, by creator.
func (s *Store) PayoutsOfRun(ctx context.Context, runID string) ([]partnership.Payout, error) {
	rows, err := s.q.PayoutsOfRun(ctx, runID)
	return each(rows, payoutOf), mapped("payouts of a run", err)
}

func payoutOf(r db.Payout) partnership.Payout {
	key := r.IdempotencyKey
	if r.KeyN > 0 {
		key += partnership.EffectKey(fmt.Sprintf("/%d", r.KeyN+1))
	}
	return partnership.Payout{
		ID: r.ID, RunID: r.RunID, CreatorID: r.CreatorID, Destination: r.Destination, AmountMinor: r.AmountMinor, Currency: r.Currency, State: r.State,
		Provider: r.Provider, ProviderRef: r.ProviderRef, IdempotencyKey: key, FirstPostedAt: orZero(r.FirstPostedAt),
		ReversedMinor: r.ReversedMinor, Reason: r.Reason, OrderedRef: r.OrderedRef,
	}
}
