package store

import (
	"context"

	"github.com/jackc/pgx/v5"
)

// The three statements here read a function of the database (book_items, 00027), whose columns sqlc does not see.

// written is what a transaction has written into the books.
type written struct {
	Tx, Items     int64
	Digest, Marks []byte
}

// writtenItems looks at what the transaction that runs has written there, and not at all where it has written nothing.
func writtenItems(ctx context.Context, tx pgx.Tx) (w written, err error) {
	err = tx.QueryRow(ctx, `select this_transaction(), count(*), coalesce(sha256(string_agg(hash, ''::bytea order by what, id collate "C")), ''),
			coalesce(string_agg(substr(hash, 1, 8), ''::bytea order by what, id collate "C"), '')
		from book_items(this_transaction(), this_transaction() + 1)
		where current_setting('rapport.books', true) = 'written'`).Scan(&w.Tx, &w.Items, &w.Digest, &w.Marks)
	return w, err
}

// changed is a transaction whose items are not what was signed.
type changed struct {
	Tx       int64
	Unsigned bool
}

// changedTransactions are those of a part, the oldest first.
func changedTransactions(ctx context.Context, tx pgx.Tx, from, to int64) ([]changed, error) {
	rows, err := tx.Query(ctx, `with now as (
			select i.tx, count(*) as items, sha256(string_agg(i.hash, ''::bytea order by i.what, i.id collate "C")) as digest
			from book_items($1::bigint, $2::bigint) i group by i.tx),
		signed as (select g.tx, g.items, g.digest from book_signatures g where g.tx >= $1::bigint and g.tx < $2::bigint)
		select coalesce(n.tx, s.tx), s.tx is null
		from now n full join signed s on s.tx = n.tx
		where coalesce(n.items, 0) <> coalesce(s.items, 0) or coalesce(n.digest, '') <> coalesce(s.digest, '')
		order by 1 limit 100`, from, to)
	if err != nil {
		return nil, err
	}
	return pgx.CollectRows(rows, pgx.RowToStructByPos[changed])
}

// bookItem is something final in the books.
type bookItem struct {
	What, ID string
	Mark     []byte
}

func itemsOfTransaction(ctx context.Context, tx pgx.Tx, of int64) ([]bookItem, error) {
	rows, err := tx.Query(ctx, `select what, id, substr(hash, 1, 8) from book_items($1::bigint, $1::bigint + 1) order by what, id collate "C"`, of)
	if err != nil {
		return nil, err
	}
	return pgx.CollectRows(rows, pgx.RowToStructByPos[bookItem])
}
