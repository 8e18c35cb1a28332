package store

import (
	"context"
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"strings"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/stdlib"
	"github.com/pressly/goose/v3"
	"github.com/pressly/goose/v3/lock"
)

//go:embed migrations/*.sql
var migrations embed.FS

//go:embed grants.sql
var grants string

// Migrate brings the database to the current schema as the owner of its tables, and gives the role of the program's URL what grants.sql
// says; the role is made when it is not there. Where both URLs have one role the program owns the tables, and nothing holds it to the
// guards of the books. Several may call it at once; one does the work, the rest wait.
func Migrate(ctx context.Context, owner, program string) error {
	config, err := pgx.ParseConfig(owner)
	if err != nil {
		return errors.New("store: RAPPORT_DATABASE_OWNER_URL is not a Postgres URL")
	}
	role, err := pgx.ParseConfig(program)
	if err != nil {
		return errors.New("store: RAPPORT_DATABASE_URL is not a Postgres URL")
	}
	sql := stdlib.OpenDB(*config)
	defer sql.Close()
	locker, err := lock.NewPostgresSessionLocker()
	if err != nil {
		return err
	}
	files, err := fs.Sub(migrations, "migrations")
	if err != nil {
		return err
	}
	provider, err := goose.NewProvider(goose.DialectPostgres, sql, files, goose.WithSessionLocker(locker))
	if err != nil {
		return err
	}
	if _, err = provider.Up(ctx); err != nil || role.User == config.User {
		return err
	}
	return grant(ctx, config, role)
}

// grant gives the program's role its rights, those of every table at one instant.
func grant(ctx context.Context, owner, program *pgx.ConnConfig) error {
	conn, err := pgx.ConnectConfig(ctx, owner)
	if err != nil {
		return mapped("grants", err)
	}
	defer func() { _ = conn.Close(context.WithoutCancel(ctx)) }()
	if err := ensureRole(ctx, conn, program); err != nil {
		return err
	}
	name := pgx.Identifier{program.User}.Sanitize()
	database := pgx.Identifier{owner.Database}.Sanitize()
	err = pgx.BeginFunc(ctx, conn, func(tx pgx.Tx) error {
		// One at a time: two that grant at once would stumble over each other's rows of the catalog.
		if _, err := tx.Exec(ctx, "select pg_advisory_xact_lock(hashtext('rapport grants'))"); err != nil {
			return err
		}
		if _, err := tx.Exec(ctx, "grant connect on database "+database+" to "+name); err != nil {
			return err
		}
		_, err := tx.Exec(ctx, strings.ReplaceAll(grants, `:"program"`, name))
		return err
	})
	if err != nil {
		return fmt.Errorf("store: grants for the role %s: %w", program.User, err)
	}
	return nil
}

// unbound is whether a role is one that no grant and no trigger binds.
const unbound = `r.rolsuper or pg_has_role(r.oid, (select c.relowner from pg_class c where c.oid = 'postings'::regclass), 'member')`

// ensureRole makes the program's role when it is not there, and refuses one that no grant would bind.
func ensureRole(ctx context.Context, conn *pgx.Conn, program *pgx.ConnConfig) error {
	var free bool
	err := conn.QueryRow(ctx, `select `+unbound+` from pg_roles r where r.rolname = $1`, program.User).Scan(&free)
	switch {
	case errors.Is(err, pgx.ErrNoRows):
	case err != nil:
		return mapped("role of the program", err)
	case free:
		return fmt.Errorf("store: RAPPORT_DATABASE_URL: the role %s is a superuser or owns the tables, so nothing holds it to the guards of the books: give the program a role of its own", program.User)
	default:
		return nil
	}
	statement := "create role " + pgx.Identifier{program.User}.Sanitize() + " login"
	if program.Password != "" {
		statement += " password '" + scramVerifier(program.Password) + "'"
	}
	_, err = conn.Exec(ctx, statement)
	if pg, ok := errors.AsType[*pgconn.PgError](err); ok {
		switch pg.Code {
		case duplicateObject, uniqueViolation: // somebody else made it meanwhile
			return nil
		case insufficientPrivilege:
			return fmt.Errorf("store: the role %s is not there, and the owner may not make it: create role %s login password '...', then migrate again", program.User, program.User)
		}
	}
	return err
}

// Role is the role that the program runs as, and whether the database holds it to the guards of the books: it is no superuser and does
// not own them.
func (s *Store) Role(ctx context.Context) (name string, bound bool, err error) {
	err = s.pool.QueryRow(ctx, `select r.rolname, not (`+unbound+`) from pg_roles r where r.rolname = current_user`).Scan(&name, &bound)
	return name, bound, mapped("role of the program", err)
}
