package store

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"

	"github.com/rapport-dev/rapport/partnership"
)

// SQLSTATE codes that mean something to us.
const (
	uniqueViolation     = "23505"
	foreignKeyViolation = "23503"
	undefinedTable      = "42P01"
	duplicateObject     = "42710"
	// What the program's role may not do: grants.sql says what it may.
	insufficientPrivilege = "42501"
	integrityConstraint   = "23000" // raised by our own triggers, whose words are safe to show
	serializationFailure  = "40001"
	deadlockDetected      = "40P01"
)

// mapped turns what pgx says into an error that holds no values: Postgres quotes rows in its details and pgx quotes arguments.
// Refusals by our own rules pass through. Whatever is neither is worth another try.
func mapped(op string, err error) error {
	if err == nil || partnership.CodeOf(err) != "" {
		return err
	}
	if pg, ok := errors.AsType[*pgconn.PgError](err); ok {
		return ofPostgres(op, pg)
	}
	if connect, ok := errors.AsType[*pgconn.ConnectError](err); ok { // says host, user and database, never the password
		return fmt.Errorf("store: %s: %w", op, connect)
	}
	switch {
	case errors.Is(err, pgx.ErrNoRows):
		return partnership.Errorf(partnership.NotFound, "%s: there is none by that id", op)
	case errors.Is(err, context.Canceled):
		return fmt.Errorf("store: %s: %w", op, context.Canceled)
	case errors.Is(err, context.DeadlineExceeded):
		return fmt.Errorf("store: %s: %w", op, context.DeadlineExceeded)
	}
	return fmt.Errorf("store: %s: the database did not answer as expected (%T)", op, errors.Unwrap(err))
}

func ofPostgres(op string, pg *pgconn.PgError) error {
	switch pg.Code {
	case uniqueViolation:
		return partnership.Errorf(partnership.Conflict, "%s: this is there already (%s)", op, pg.ConstraintName)
	case foreignKeyViolation:
		return partnership.Errorf(partnership.NotFound, "%s: what it belongs to is not there (%s)", op, pg.ConstraintName)
	case undefinedTable:
		return fmt.Errorf("store: %s: the tables are not those of this build: run rapport migrate", op)
	case insufficientPrivilege:
		return fmt.Errorf("store: %s: the program's role may not do this (%s): run rapport migrate as the owner; a new table needs its line in store/grants.sql", op, pg.Message)
	case integrityConstraint:
		return partnership.Errorf(partnership.Conflict, "%s: %s", op, pg.Message)
	}
	if strings.HasPrefix(pg.Code, "23") {
		return partnership.Errorf(partnership.Invalid, "%s: outside what is allowed (%s)", op, pg.ConstraintName)
	}
	return fmt.Errorf("store: %s: the database refused it (SQLSTATE %s)", op, pg.Code)
}

// notFound says in plain words what is not there; every other error stays.
func notFound(what string, err error) error {
	if errors.Is(err, pgx.ErrNoRows) {
		return partnership.Errorf(partnership.NotFound, "there is no such %s", what)
	}
	return mapped(what, err)
}

// lostRun is notFound for whoever was told of a run by the books: they have gone back to before it.
func lostRun(err error) error {
	if noRows(err) {
		return partnership.Errorf(partnership.WentBack, "the books do not know this payout run any more: they have gone back to before it")
	}
	return mapped("payout run", err)
}

// lostPayout is lostRun for a payout.
func lostPayout(err error) error {
	if noRows(err) {
		return partnership.Errorf(partnership.WentBack, "the books do not know this payout any more: they have gone back to before it was planned")
	}
	return mapped("payout", err)
}

// some says NotFound when a write that must meet a row met none.
func some(what string, rows int64, err error) error {
	if err == nil && rows == 0 {
		return partnership.Errorf(partnership.NotFound, "there is no such %s", what)
	}
	return mapped(what, err)
}

func noRows(err error) bool { return errors.Is(err, pgx.ErrNoRows) }

func lostRace(err error) bool {
	pg, ok := errors.AsType[*pgconn.PgError](err)
	return ok && (pg.Code == serializationFailure || pg.Code == deadlockDetected)
}
