package store

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"errors"
	"fmt"
	"math"
	"slices"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/rapport-dev/rapport/partnership"
	"github.com/rapport-dev/rapport/partnership/ledger"
	"github.com/rapport-dev/rapport/store/db"
)

// mostSealed is how many transactions one seal holds.
const mostSealed = 20_000

// Sealed is how far the chain over the books goes.
type Sealed struct {
	N    int64
	Hash []byte
	At   time.Time
	Open int64 // transactions that are signed and not sealed yet
}

// Head names the newest seal, so that somebody can keep it elsewhere; "" before the first.
func (s Sealed) Head() string {
	if s.N == 0 {
		return ""
	}
	return fmt.Sprintf("%d:%s", s.N, hex.EncodeToString(s.Hash))
}

// SealBooks puts what was signed since the last seal into the chain, one sealer at a time. Writers are not held up: what commits
// meanwhile is in the next seal. A signature that is not the program's is sealed by nobody: *partnership.Error Conflict.
func (s *Store) SealBooks(ctx context.Context) error {
	for {
		sealed, err := s.sealSome(ctx, false)
		if err != nil || sealed < mostSealed {
			return err
		}
	}
}

func (s *Store) sealSome(ctx context.Context, rekeys bool) (sealed int, err error) {
	err = s.tx(patient(ctx), "seal books", func(q *db.Queries) error {
		if err := q.LockSeals(ctx); err != nil {
			return err
		}
		last, err := q.LastSeal(ctx)
		if err != nil && !errors.Is(err, pgx.ErrNoRows) {
			return err
		}
		open, err := q.OpenSignatures(ctx, db.OpenSignaturesParams{After: math.MinInt64, MaxRows: mostSealed})
		if err != nil {
			return err
		}
		sealed = len(open)
		if sealed == 0 && !rekeys {
			return nil
		}
		digests := sha256.New()
		txs := make([]int64, sealed)
		for i, row := range open {
			if !rekeys && !s.signed(row, last.N > 0) {
				return partnership.Errorf(partnership.Conflict, "%s is not signed by the program", transaction(row.Tx))
			}
			txs[i] = row.Tx
			digests.Write(binary.BigEndian.AppendUint64(nil, uint64(row.Tx)))
			digests.Write(row.Digest)
		}
		digest := digests.Sum(nil)
		if sealed == 0 {
			digest = []byte{}
		}
		next := ledger.Seal{N: last.N, Hash: last.Hash}.Next(int64(sealed), digest, rekeys)
		if err := q.InsertSeal(ctx, db.InsertSealParams{N: next.N, Items: next.Items, Digest: next.Digest, Hash: next.Hash, Mac: s.keyed("books/seal", string(next.Hash)), Rekeys: rekeys}); err != nil {
			return err
		}
		_, err = q.SealSignatures(ctx, db.SealSignaturesParams{N: next.N, Txs: txs})
		return err
	})
	return sealed, err
}

// rekeyBooks lets the chain go on under another RAPPORT_SECRET_KEY: what was signed with the old one is sealed as it stands.
func (s *Store) rekeyBooks(ctx context.Context) error {
	for {
		if sealed, err := s.sealSome(ctx, true); err != nil || sealed < mostSealed {
			return err
		}
	}
}

// SealedBooks is how far the chain goes. A head that somebody kept is looked for: *partnership.Error Conflict when the chain does not hold
// it, because the books were put back to before it, or made anew.
func (s *Store) SealedBooks(ctx context.Context, head string) (sealed Sealed, err error) {
	chain, err := s.q.Seals(patient(ctx))
	if err != nil {
		return sealed, mapped("seals", err)
	}
	if len(chain) > 0 {
		last := chain[len(chain)-1]
		sealed = Sealed{N: last.N, Hash: last.Hash, At: last.At}
	}
	if sealed.Open, err = s.q.OpenSignatureCount(ctx); err != nil {
		return sealed, mapped("seals", err)
	}
	kept := func(r db.SealsRow) bool { return head == Sealed{N: r.N, Hash: r.Hash}.Head() }
	if head != "" && !slices.ContainsFunc(chain, kept) {
		return sealed, partnership.Errorf(partnership.Conflict, "the chain does not hold the seal %s: the books were put back to before it, or made anew", head)
	}
	return sealed, nil
}

// sealFaults says where the chain does not hold, and which signatures that are not in it yet are not the program's.
func (s *Store) sealFaults(ctx context.Context, q *db.Queries) (faults []string, err error) {
	rows, err := q.Seals(ctx)
	if err != nil {
		return nil, err
	}
	faults = ledger.BrokenSeals(each(rows, func(r db.SealsRow) ledger.KeptSeal {
		return ledger.KeptSeal{
			Seal:   ledger.Seal{N: r.N, Items: r.Items, Digest: r.Digest, Hash: r.Hash, Rekeys: r.Rekeys},
			Signed: hmac.Equal(r.Mac, s.keyed("books/seal", string(r.Hash))), HasItems: r.HasItems, HasDigest: r.HasDigest,
		}
	}))
	nowhere, err := q.SealedNowhere(ctx)
	if err != nil {
		return nil, err
	}
	for _, n := range nowhere {
		faults = append(faults, fmt.Sprintf("seal %d: it is gone, and %d signed transactions name it", n.Seal, n.Signatures))
	}
	for after := int64(math.MinInt64); ; {
		open, err := q.OpenSignatures(ctx, db.OpenSignaturesParams{After: after, MaxRows: mostSealed})
		if err != nil {
			return nil, err
		}
		for _, row := range open {
			if after = row.Tx; !s.signed(row, len(rows) > 0) {
				faults = append(faults, transaction(row.Tx)+": its signature is not the program's: somebody wrote into the books past it")
			}
		}
		if len(open) < mostSealed {
			return faults, nil
		}
	}
}

// signatureFaults holds every item of the books against the signature of its transaction, in parts, and names each that was changed or
// written past the program.
func (s *Store) signatureFaults(ctx context.Context, tx pgx.Tx) (faults []string, err error) {
	q := s.q.WithTx(tx)
	cuts, err := q.SignatureSteps(ctx, mostSealed)
	if err != nil {
		return nil, err
	}
	from := int64(math.MinInt64)
	for _, to := range append(cuts, math.MaxInt64) {
		changed, err := changedTransactions(ctx, tx, from, to)
		if err != nil {
			return nil, err
		}
		for _, c := range changed {
			more, err := changedItems(ctx, tx, q, c)
			if err != nil {
				return nil, err
			}
			faults = append(faults, more...)
		}
		from = to
	}
	return faults, nil
}

// mostNamed is how many items of one transaction are named.
const mostNamed = 20

func changedItems(ctx context.Context, tx pgx.Tx, q *db.Queries, c changed) (faults []string, err error) {
	items, err := itemsOfTransaction(ctx, tx, c.Tx)
	if err != nil {
		return nil, err
	}
	signed, err := q.MarksOfTransaction(ctx, c.Tx)
	if err != nil && !errors.Is(err, pgx.ErrNoRows) {
		return nil, err
	}
	marks := map[string]int{}
	for mark := range slices.Chunk(signed.Marks, 8) {
		marks[string(mark)]++
	}
	for _, item := range items {
		switch {
		case c.Unsigned:
			faults = append(faults, fmt.Sprintf("%s %s: no transaction of the program wrote it (it says %s)", item.What, item.ID, transaction(c.Tx)))
		case marks[string(item.Mark)] > 0:
			marks[string(item.Mark)]--
		default:
			faults = append(faults, fmt.Sprintf("%s %s: it is not as it was written, or was added later to %s", item.What, item.ID, transaction(c.Tx)))
		}
	}
	if gone := signed.Items - int64(len(items)); gone > 0 {
		faults = append(faults, fmt.Sprintf("%s: %d of the %d things that it wrote are gone from the books", transaction(c.Tx), gone, signed.Items))
	}
	if len(faults) == 0 { // each item is there: the signature itself was touched
		faults = append(faults, transaction(c.Tx)+": its signature was written over")
	}
	if more := len(faults) - mostNamed; more > 0 {
		faults = append(faults[:mostNamed], fmt.Sprintf("%s: %d more", transaction(c.Tx), more))
	}
	return faults, nil
}

// transaction names a transaction of the books, with its time.
func transaction(tx int64) string {
	if tx <= booksOfBefore {
		return "what was in the books before they were signed"
	}
	return fmt.Sprintf("the transaction %d of %s", tx, time.UnixMilli(tx>>20).UTC().Format("2 Jan 2006 15:04:05"))
}
