// Package store keeps Rapport's facts in Postgres: campaigns and people, the projection that people read, the effect ledger,
// the inbox of webhooks, and the money. Every write may be repeated. Personal data lives in creators, addresses, submissions,
// contracts, inbound_messages and the inbox's bodies, and nowhere else; errors never quote values.
package store

import (
	"context"
	"errors"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgtype"
	"github.com/jackc/pgx/v5/pgxpool"

	"github.com/rapport-dev/rapport/store/db"
)

//go:generate go tool -modfile=../tools/go.mod sqlc generate

// Options are what the store needs besides a database.
type Options struct {
	SecretKey     []byte           // signs links and hashes addresses; changing it voids every link that is out
	Day           time.Duration    // how long a campaign day lasts, 24h when zero
	PublicURL     string           // where links lead, without a slash at its end
	InboundDomain string           // where creators' replies go, "" when there is no inbound mail
	LinkDays      int              // how many days a link lives on after what it is about is over, 30 when zero
	Now           func() time.Time // for tests: stands in for this machine's clock and the database's
}

// Store is Rapport's database. It is safe for concurrent use.
type Store struct {
	pool *pgxpool.Pool
	q    *db.Queries
	opt  Options
	test bool // Options.Now was given
}

// poolSize lets a worker's activities run side by side on a small machine too, where pgx's default is four.
const poolSize = 16

// Open connects to the database at url. It does not migrate.
func Open(ctx context.Context, url string, opt Options) (*Store, error) {
	if len(opt.SecretKey) == 0 {
		return nil, errors.New("store: a secret key is needed: set RAPPORT_SECRET_KEY")
	}
	if opt.Day <= 0 {
		opt.Day = 24 * time.Hour
	}
	test := opt.Now != nil
	if !test {
		opt.Now = time.Now
	}
	config, err := pgxpool.ParseConfig(url)
	if err != nil {
		return nil, errors.New("store: RAPPORT_DATABASE_URL is not a Postgres URL") // the cause may quote the password
	}
	if !strings.Contains(url, "pool_max_conns") {
		config.MaxConns = max(config.MaxConns, poolSize)
	}
	if config.ConnConfig.ConnectTimeout == 0 {
		config.ConnConfig.ConnectTimeout = connectWithin
	}
	config.ConnConfig.Tracer = deadlines{acquire: answerWithin, answer: answerWithin}
	config.AfterConnect = func(ctx context.Context, c *pgx.Conn) error {
		c.TypeMap().RegisterType(&pgtype.Type{Name: "timestamptz", OID: pgtype.TimestamptzOID, Codec: &pgtype.TimestamptzCodec{ScanLocation: time.UTC}})
		// Every query here takes milliseconds; Postgres would compile a board's for longer than it runs.
		_, err := c.Exec(ctx, "set jit = off")
		return err
	}
	pool, err := pgxpool.NewWithConfig(ctx, config)
	if err != nil {
		return nil, mapped("open", err)
	}
	s := &Store{pool: pool, q: db.New(pool), opt: opt, test: test}
	if err := s.Ping(ctx); err != nil {
		pool.Close()
		return nil, err
	}
	return s, nil
}

// Close gives every connection back and waits for those in use.
func (s *Store) Close() { s.pool.Close() }

// Ping asks whether the database answers.
func (s *Store) Ping(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, pingWithin)
	defer cancel()
	return mapped("ping", s.pool.Ping(ctx))
}

// maxTries bounds how often a transaction that Postgres chose as a deadlock's victim is run again.
const maxTries = 5

// tx runs fn in one transaction, again when Postgres says that it lost against another. What it writes into the books is signed.
func (s *Store) tx(ctx context.Context, op string, fn func(q *db.Queries) error) error {
	return s.signedTx(ctx, op, pgx.TxOptions{}, fn)
}

// snapshot is tx on one state of the database from its first statement on.
func (s *Store) snapshot(ctx context.Context, op string, fn func(q *db.Queries) error) error {
	return s.signedTx(ctx, op, pgx.TxOptions{IsoLevel: pgx.RepeatableRead}, fn)
}

func (s *Store) signedTx(ctx context.Context, op string, how pgx.TxOptions, fn func(q *db.Queries) error) error {
	var err error
	for range maxTries {
		err = pgx.BeginTxFunc(ctx, s.pool, how, func(tx pgx.Tx) error {
			if err := fn(s.q.WithTx(tx)); err != nil {
				return err
			}
			return s.sign(ctx, tx)
		})
		if !lostRace(err) {
			break
		}
	}
	return mapped(op, err)
}

// Time is the database's clock, the one clock by which ages and what is due are judged: workers' clocks differ.
func (s *Store) Time(ctx context.Context) (time.Time, error) {
	if s.test {
		return s.now(), nil
	}
	now, err := s.q.Clock(ctx)
	return now, mapped("clock", err)
}

// testNow is a test's clock, nil to let the database take its own.
func (s *Store) testNow() *time.Time {
	if !s.test {
		return nil
	}
	now := s.now()
	return &now
}

// now is the time that rows are written with where nothing is judged by it. Postgres keeps microseconds, and so what is returned is
// what will be read.
func (s *Store) now() time.Time { return s.opt.Now().UTC().Truncate(time.Microsecond) }

// each reads rows with the function that reads one.
func each[R, T any](rows []R, of func(R) T) []T {
	out := make([]T, len(rows))
	for i, row := range rows {
		out[i] = of(row)
	}
	return out
}

// timeOrNil is how a zero time is kept.
func timeOrNil(t time.Time) *time.Time {
	if t.IsZero() {
		return nil
	}
	return &t
}

// orZero is how a time that is not set is read.
func orZero(t *time.Time) time.Time {
	if t == nil {
		return time.Time{}
	}
	return *t
}
