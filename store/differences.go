package store

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/rapport-dev/rapport/partnership"
	"github.com/rapport-dev/rapport/partnership/ledger"
	"github.com/rapport-dev/rapport/store/db"
)

// overlap is how far before the newest transfer that the books know the provider's list is read: its clock is not ours, and a call may
// have been under way for long.
const overlap = 48 * time.Hour

// reversible is how long after it was sent a transfer is still read every day, for it may come back and the message of that be lost. A provider
// lists transfers by when they were made, not by when they came back.
const reversible = 90 * 24 * time.Hour

// KnownUntil is each provider that a program pays by, or by which something of it is under way, and from when on its list has to be read to
// find what the books do not know: since it was read last, or the newest transfer that they know. That a newer one is known proves nothing of the
// time between: books that were restored go on. None when nothing was ever earned, so that there is nothing to pay.
func (s *Store) KnownUntil(ctx context.Context, program string) (known []partnership.KnownUntil, err error) {
	if _, err := s.q.Program(ctx, program); err != nil {
		return nil, notFound("program", err)
	}
	providers, err := s.q.ProvidersOf(ctx, program)
	if err != nil {
		return nil, mapped("known until", err)
	}
	for _, provider := range providers {
		at, err := s.q.KnownUntil(ctx, provider)
		if errors.Is(err, pgx.ErrNoRows) {
			return nil, nil
		}
		if err != nil {
			return nil, mapped("known until", err)
		}
		known = append(known, partnership.KnownUntil{Provider: provider, Since: at.Add(-overlap)})
	}
	return known, nil
}

// KnownTransfers is KnownUntil of all programs, each provider once, since the earliest; and since the oldest transfer that may still come back. A rail that
// keeps its list for less than that clips it.
func (s *Store) KnownTransfers(ctx context.Context) (all []partnership.KnownUntil, err error) {
	programs, err := s.q.Programs(ctx)
	if err != nil {
		return nil, mapped("known transfers", err)
	}
	for _, program := range programs {
		known, err := s.KnownUntil(ctx, program.Name)
		if err != nil {
			return nil, err
		}
		for _, of := range known {
			switch i := slices.IndexFunc(all, func(k partnership.KnownUntil) bool { return k.Provider == of.Provider }); {
			case i < 0:
				all = append(all, of)
			case of.Since.Before(all[i].Since):
				all[i] = of
			}
		}
	}
	for i, of := range all {
		at, err := s.q.OldestReversible(ctx, db.OldestReversibleParams{Provider: of.Provider, Since: s.now().Add(-reversible), Known: of.Since.Add(overlap)})
		if err != nil {
			return nil, mapped("known transfers", err)
		}
		all[i].Since = at.Add(-overlap)
	}
	return all, nil
}

// NoteDifferences keeps which transfers of a provider's list the books do not explain, lets go of those that are explained by now, books
// what came back of those that paid somebody, and returns all that are open, oldest first: nothing is planned or sent while there is one. The
// list is the provider's since an instant that was KnownUntil, and is read from here on the next time; unless the books have gone back
// meanwhile, to where they know less than that.
func (s *Store) NoteDifferences(ctx context.Context, provider string, since time.Time, list []partnership.Transfer) (open []partnership.Difference, err error) {
	err = s.tx(ctx, "note differences", func(q *db.Queries) error {
		whole, err := readWhole(ctx, q, provider, since)
		if err != nil {
			return err
		}
		list, err := s.named(ctx, q, provider, list)
		if err != nil {
			return err
		}
		of := db.ExplainedTransfersParams{Provider: provider}
		for _, t := range list {
			of.Ids, of.Payouts, of.Destinations = append(of.Ids, t.ID), append(of.Payouts, string(t.PayoutID)), append(of.Destinations, t.Destination)
		}
		known, err := q.ExplainedTransfers(ctx, of)
		if err != nil {
			return err
		}
		until := s.now() // the overlap is longer than any list takes to be read
		for i, row := range known {
			k := knownOf(row)
			if err := s.noteDifference(ctx, q, provider, list[i], row, k); err != nil {
				return err
			}
			if made := list[i].CreatedAt; k.ForNow() && !made.IsZero() && made.Before(until) {
				until = made
			}
		}
		if whole {
			if err := q.TransfersRead(ctx, db.TransfersReadParams{Provider: provider, ReadUntil: until}); err != nil {
				return err
			}
		}
		open, err = openDifferences(ctx, q, provider)
		return err
	})
	return open, err
}

// readWhole says whether a list since an instant has all that the books may not know. A step that has waited may have fixed the instant by books that
// knew more: what was sent before it would never be read.
func readWhole(ctx context.Context, q *db.Queries, provider string, since time.Time) (bool, error) {
	at, err := q.KnownUntil(ctx, provider)
	if noRows(err) {
		return since.IsZero(), nil
	}
	return !since.After(at.Add(-overlap)), err
}

func knownOf(k db.ExplainedTransfersRow) ledger.Known {
	return ledger.Known{
		Pays: partnership.PayoutID(k.Pays), Named: partnership.PayoutState(k.NamedState), Creator: cmp.Or(whose(k), several(k)), Settled: partnership.Settlement(k.Settled),
	}
}

// whose is the creator to whose account a transfer went. Of several who share it that is who its own payout was for, and else nobody's guess.
func whose(k db.ExplainedTransfersRow) partnership.CreatorID {
	if len(k.Creators) == 1 {
		return partnership.CreatorID(k.Creators[0])
	}
	if slices.Contains(k.Creators, k.NamedCreator) {
		return partnership.CreatorID(k.NamedCreator)
	}
	return ""
}

// several is one of the creators who share an account: the transfer went to somebody here.
func several(k db.ExplainedTransfersRow) partnership.CreatorID {
	if len(k.Creators) == 0 {
		return ""
	}
	return partnership.CreatorID(k.Creators[0])
}

func (s *Store) noteDifference(ctx context.Context, q *db.Queries, provider string, t partnership.Transfer, k db.ExplainedTransfersRow, known ledger.Known) error {
	why := ledger.Unexplained(t, known)
	if why == "" {
		if k.Pays != "" && t.ReversedMinor > k.ReversedMinor {
			if err := s.reverseByList(ctx, q, partnership.PayoutID(k.Pays), t); err != nil {
				return err
			}
		}
		double := partnership.Settlement(k.Settled) == partnership.SettleDouble
		switch {
		case !k.Open:
			return nil
		case double && t.ReversedMinor < t.AmountMinor: // the rest is to be reversed
			return q.NoteReversed(ctx, db.NoteReversedParams{Provider: provider, TransferID: t.ID, ReversedMinor: t.ReversedMinor})
		case double:
			told := db.AddDoubleNoticeParams{ID: partnership.NoticeDouble + "/" + provider + "/" + t.ID, Kind: partnership.NoticeDouble, Provider: provider, TransferID: t.ID, Now: s.now()}
			if err := q.AddDoubleNotice(ctx, told); err != nil {
				return err
			}
		}
		return q.CloseDifference(ctx, db.CloseDifferenceParams{Provider: provider, TransferID: t.ID, ReversedMinor: t.ReversedMinor, Now: s.now()})
	}
	var creator *partnership.CreatorID
	if id := whose(k); id != "" {
		creator = &id
	}
	return q.NoteDifference(ctx, db.NoteDifferenceParams{
		Provider: provider, TransferID: t.ID, PayoutID: t.PayoutID, CreatorID: creator, Destination: t.Destination, AmountMinor: t.AmountMinor,
		ReversedMinor: t.ReversedMinor, Currency: strings.ToUpper(t.Currency), MadeAt: t.CreatedAt, Now: s.now(), Why: why,
	})
}

// reverseByList books what came back of a transfer and whose message was lost: nobody else may look at it again.
func (s *Store) reverseByList(ctx context.Context, q *db.Queries, id partnership.PayoutID, t partnership.Transfer) error {
	paid, err := q.LockPayout(ctx, id)
	if err != nil {
		return err
	}
	return s.reverse(ctx, q, paid, t.ReversedMinor)
}

// OpenDifferences are the transfers that nobody has settled yet, or whose reversal is under way, oldest first; "" is every provider's.
func (s *Store) OpenDifferences(ctx context.Context, provider string) ([]partnership.Difference, error) {
	open, err := openDifferences(ctx, s.q, provider)
	return open, mapped("open differences", err)
}

// UntoldDifferences are those that were not told yet, and of those that one card tells together the ones of which it says something else than is so.
func (s *Store) UntoldDifferences(ctx context.Context) ([]partnership.Difference, error) {
	rows, err := s.q.OpenDifferences(ctx, db.OpenDifferencesParams{Untold: true})
	return each(rows, differenceOf), mapped("untold differences", err)
}

// DifferenceTold keeps where finance was asked about a difference, and how it stood. bundle is of many that one card tells of, "" it
// has its own.
func (s *Store) DifferenceTold(ctx context.Context, rail, transferID string, ref partnership.MessageRef, state, bundle string) error {
	data, err := json.Marshal(card{Ref: ref, State: state, Bundle: bundle})
	if err != nil {
		return fmt.Errorf("store: card of a difference: %w", err)
	}
	return mapped("difference told", s.q.DifferenceTold(ctx, db.DifferenceToldParams{Provider: rail, TransferID: transferID, Card: data}))
}

func openDifferences(ctx context.Context, q *db.Queries, provider string) ([]partnership.Difference, error) {
	rows, err := q.OpenDifferences(ctx, db.OpenDifferencesParams{Provider: provider})
	return each(rows, differenceOf), err
}

func differenceOf(row db.OpenDifferencesRow) partnership.Difference {
	r := row.PayoutDifference
	d := partnership.Difference{
		Transfer: partnership.Transfer{
			ID: r.TransferID, PayoutID: r.PayoutID, Destination: r.Destination, AmountMinor: r.AmountMinor, ReversedMinor: r.ReversedMinor,
			Currency: r.Currency, CreatedAt: r.MadeAt,
		},
		Provider: r.Provider, Platform: row.Platform, Creator: row.Handle, Why: r.Why, FoundAt: r.FoundAt, Settled: r.Settled, By: r.SettledBy,
		Programs: row.Programs, CouldBe: row.CouldBe, ClosedAt: orZero(r.ClosedAt),
	}
	if r.CreatorID != nil {
		d.CreatorID = *r.CreatorID
	}
	var c card
	if len(r.Card) > 0 && json.Unmarshal(r.Card, &c) == nil {
		d.Card, d.Bundle = &c.Ref, c.Bundle
	}
	return d
}

// SettleDifference says once what a transfer is, with its line in the audit. One that is ours is booked as paid: the creator's next
// payout is less by it. One that paid twice is reversed at the provider before the next run; until it is, it may be settled otherwise,
// for the money may be gone. A word names the program where several owe the creator, and the creator where several share the account that it
// went to. *partnership.Error Conflict when it was settled otherwise before.
func (s *Store) SettleDifference(ctx context.Context, word partnership.DifferenceWord, d partnership.Deed) error {
	switch {
	case !slices.Contains(partnership.Settlements(), word.As):
		return partnership.FieldErrorf("as", "%q is none of %s, %s and %s", word.As, partnership.SettleOurs, partnership.SettleDouble, partnership.SettleForeign)
	case word.Creator != "" && word.As != partnership.SettleOurs:
		return partnership.FieldErrorf("creator", "only what is settled as %s is a creator's: leave the creator out", partnership.SettleOurs)
	case strings.TrimSpace(d.Reason) == "":
		return partnership.FieldErrorf("reason", "say why; whoever looks at the books reads it")
	}
	return s.tx(ctx, "settle difference", func(q *db.Queries) error {
		row, err := lockDifference(ctx, q, word.Rail, word.Transfer)
		if err == nil && word.Creator != "" {
			err = receivedBy(ctx, q, &row, word.Creator)
		}
		if err != nil {
			return err
		}
		return s.settleDifference(ctx, q, row, word.As, word.Program, d)
	})
}

func (s *Store) settleDifference(ctx context.Context, q *db.Queries, row db.PayoutDifference, how partnership.Settlement, program string, d partnership.Deed) (err error) {
	switch {
	case row.Settled == how:
		return nil
	case row.ClosedAt != nil || row.Settled != partnership.Unsettled && row.Settled != partnership.SettleDouble:
		return partnership.Errorf(partnership.Conflict, "this transfer is settled already%s", settledAs(row))
	}
	if how == partnership.SettleOurs {
		if program, err = s.bookTransfer(ctx, q, row, program, d); err != nil {
			return err
		}
	}
	set := db.SettleDifferenceParams{Provider: row.Provider, TransferID: row.TransferID, Settled: how, SettledBy: d.Who, Reason: d.Reason, Now: s.now()}
	if how != partnership.SettleDouble {
		now := s.now()
		set.ClosedAt = &now
	}
	if err := q.SettleDifference(ctx, set); err != nil {
		return err
	}
	d.Deed, d.Subject = partnership.DeedSettleDifference, "transfer/"+row.TransferID
	d.Details = map[string]any{"as": how, "amount_minor": row.AmountMinor, "currency": row.Currency, "program": program}
	return s.record(ctx, q, d)
}

func lockDifference(ctx context.Context, q *db.Queries, rail, transferID string) (db.PayoutDifference, error) {
	found, err := q.LockDifference(ctx, db.LockDifferenceParams{TransferID: transferID, Provider: rail})
	switch {
	case err != nil:
		return db.PayoutDifference{}, err
	case len(found) == 0:
		return db.PayoutDifference{}, partnership.Errorf(partnership.NotFound, "there is no such difference")
	case len(found) > 1:
		rails := each(found, func(d db.PayoutDifference) string { return d.Provider })
		return db.PayoutDifference{}, partnership.FieldErrorf("rail", "several rails show a transfer of that id; say which: %s", strings.Join(rails, ", "))
	}
	return found[0], nil
}

// SettledTransfers are those of the transfers that a person has settled, with nothing left to do.
func (s *Store) SettledTransfers(ctx context.Context, provider string, ids []string) ([]string, error) {
	settled, err := s.q.SettledTransfers(ctx, db.SettledTransfersParams{Provider: provider, Ids: ids})
	return settled, mapped("settled transfers", err)
}

func settledAs(row db.PayoutDifference) string {
	if row.Settled == partnership.Unsettled {
		return ": the provider shows that it was reversed"
	}
	return fmt.Sprintf(" as %s by %s", row.Settled, row.SettledBy)
}
