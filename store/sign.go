package store

import (
	"context"
	"crypto/hmac"
	"encoding/binary"

	"github.com/jackc/pgx/v5"

	"github.com/rapport-dev/rapport/store/db"
)

// Every transaction that writes into the books is signed at its end: a hash of all that it has written there, under a key that the
// database does not have. One that writes nothing there pays a look at a setting.
func (s *Store) sign(ctx context.Context, tx pgx.Tx) error {
	wrote, err := writtenItems(ctx, tx)
	if err != nil || wrote.Items == 0 {
		return err
	}
	return s.q.WithTx(tx).InsertSignature(ctx, db.InsertSignatureParams{
		Tx: wrote.Tx, Items: wrote.Items, Digest: wrote.Digest, Marks: wrote.Marks, Mac: s.signature(wrote.Tx, wrote.Items, wrote.Digest, wrote.Marks),
	})
}

// signature is the program's, of what a transaction wrote.
func (s *Store) signature(tx, items int64, digest, marks []byte) []byte {
	text := binary.BigEndian.AppendUint64(binary.BigEndian.AppendUint64(nil, uint64(tx)), uint64(items))
	return s.keyed("books/transaction", string(append(append(text, digest...), marks...)))
}

// What was there before there were signatures of it carries none: the books, and what else decides on money (00086).
const booksOfBefore, statesOfBefore = 0, -1

// signed says whether a signature is the program's. What was there before there were signatures has none: the next seal holds it.
func (s *Store) signed(row db.OpenSignaturesRow, chained bool) bool {
	if len(row.Mac) == 0 && (row.Tx == statesOfBefore || row.Tx == booksOfBefore && !chained) {
		return true
	}
	return hmac.Equal(row.Mac, s.signature(row.Tx, row.Items, row.Digest, row.Marks))
}
