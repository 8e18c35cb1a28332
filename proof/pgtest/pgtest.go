// Package pgtest gives each test a Postgres database of its own. One server runs for each test process; it
// starts with the first test that needs it and is gone with the process, however that ends. The schema
// is migrated once, into a template that each test's database is copied from.
//
// With RAPPORT_TEST_DATABASE_URL set (a role that may create databases) that server is used instead. Short tests do without one: a
// test that asks for it is skipped.
package pgtest

import (
	"context"
	"crypto/hmac"
	"crypto/pbkdf2"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"github.com/rapport-dev/rapport/playground/stack"
)

// Migrate brings the empty database at the owner's URL to the current schema, and gives the program's role its rights. It must be a plain
// function: what a closure captures is not seen, and one template serves all its copies.
type Migrate func(ctx context.Context, owner, program string) error

// The program's role of every database here: what runs with it may do what the product may do, and a grant that is missing is found.
const (
	programUser     = "rapport_test_program"
	programPassword = "of tests only"
)

// New returns the program's URL of a fresh database that migrate was applied to, or the owner's of an empty one (migrate is nil). It is
// dropped when the test ends.
func New(t testing.TB, migrate Migrate) string {
	t.Helper()
	server := started(t)
	address, drop, err := server.database(context.Background(), migrate)
	if migrate != nil {
		address = as(address, url.UserPassword(programUser, programPassword))
	}
	return untilTheEnd(t, address, drop, err)
}

// Copy returns the program's URL of a database that is what the one that New gave is now. Whoever is connected to that one is disconnected.
func Copy(t testing.TB, program string) string {
	t.Helper()
	server := started(t)
	of, err := url.Parse(program)
	if err != nil {
		t.Fatal(err)
	}
	address, drop, err := server.like(context.Background(), strings.TrimPrefix(of.Path, "/"))
	return untilTheEnd(t, as(address, of.User), drop, err)
}

func untilTheEnd(t testing.TB, address string, drop func() error, err error) string {
	t.Helper()
	if err != nil {
		t.Fatalf("pgtest: %v", err)
	}
	t.Cleanup(func() {
		if err := drop(); err != nil {
			t.Errorf("pgtest: drop database: %v", err)
		}
	})
	return address
}

// Owner is the URL of the owner of the database that New has given to the program.
func Owner(t testing.TB, program string) string {
	t.Helper()
	u, err := url.Parse(started(t).url)
	if err != nil {
		t.Fatal(err)
	}
	return as(program, u.User)
}

func as(address string, user *url.Userinfo) string {
	u, err := url.Parse(address)
	if err != nil {
		panic(err) // it was made here
	}
	u.User = user
	return u.String()
}

// Server returns the URL of the server's maintenance database, for a test that needs the server itself.
func Server(t testing.TB) string {
	t.Helper()
	return started(t).url
}

func started(t testing.TB) *server {
	t.Helper()
	if testing.Short() {
		t.Skip("it needs Postgres")
	}
	server, err := start()
	if err != nil {
		t.Fatalf("pgtest: %v", err)
	}
	return server
}

// server is the one Postgres of this test process.
type server struct {
	url      string        // of the maintenance database
	admin    *pgxpool.Pool // there: a connection for each copy would cost as much as the copy
	strategy string        // how a template is copied, "" as the server would

	mu        sync.Mutex // a template is copied and made by one test at a time
	templates map[uintptr]string
}

var start = sync.OnceValues(func() (*server, error) {
	ctx, cancel := context.WithTimeout(context.Background(), 3*time.Minute)
	defer cancel()
	if external := os.Getenv("RAPPORT_TEST_DATABASE_URL"); external != "" {
		return serverAt(ctx, external)
	}
	dir, err := stack.SharedTempDir(stack.Memory(), "rapport-pgtest-")
	if err != nil {
		return nil, err
	}
	postgres, err := stack.StartPostgres(ctx, stack.PostgresOptions{
		DataDir: filepath.Join(dir, "data"), LogFile: filepath.Join(dir, "log"), Fast: true,
	})
	if err != nil {
		return nil, err
	}
	if err := stack.Guard(postgres.PID(), dir); err != nil {
		return nil, err
	}
	server, err := serverAt(ctx, postgres.DatabaseURL("postgres"))
	if err != nil {
		return nil, err
	}
	return server, errors.Join(server.quickPasswords(ctx), server.quickCopies(ctx))
})

func serverAt(ctx context.Context, address string) (*server, error) {
	admin, err := pgxpool.New(ctx, address)
	return &server{url: address, admin: admin, templates: map[uintptr]string{}}, err
}

// quickPasswords has both roles prove their passwords by one round of hashing. The usual 4,096 are for passwords that people choose, and tests
// connect thousands of times: under the race detector they were most of what those of the store cost.
func (s *server) quickPasswords(ctx context.Context) error {
	u, err := url.Parse(s.url)
	if err != nil {
		return err
	}
	password, _ := u.User.Password()
	owner := pgx.Identifier{u.User.Username()}.Sanitize()
	return errors.Join(
		s.exec(ctx, fmt.Sprintf("alter role %s password '%s'", owner, verifier(password))),
		s.exec(ctx, fmt.Sprintf("create role %s login password '%s'", programUser, verifier(programPassword))),
	)
}

// quickCopies has the files of a template copied, where the server would rather write them into its log (15 and later): three times as quick in
// memory, and where no disk is waited for.
func (s *server) quickCopies(ctx context.Context) error {
	var logs bool
	if err := s.admin.QueryRow(ctx, "select current_setting('server_version_num')::int >= 150000").Scan(&logs); err != nil {
		return err
	}
	if logs {
		s.strategy = " strategy file_copy"
	}
	return nil
}

// verifier is what Postgres keeps of a password (RFC 5803), for one round.
func verifier(password string) string {
	salt := []byte("of tests")
	salted, err := pbkdf2.Key(sha256.New, password, salt, 1, sha256.Size)
	if err != nil {
		panic(err) // only lengths that are wrong above
	}
	sign := func(text string) []byte {
		mac := hmac.New(sha256.New, salted)
		mac.Write([]byte(text))
		return mac.Sum(nil)
	}
	stored := sha256.Sum256(sign("Client Key"))
	b64 := base64.StdEncoding.EncodeToString
	return fmt.Sprintf("SCRAM-SHA-256$1:%s$%s:%s", b64(salt), b64(stored[:]), b64(sign("Server Key")))
}

// database copies the template of migrate.
func (s *server) database(ctx context.Context, migrate Migrate) (address string, drop func() error, err error) {
	ctx, cancel := context.WithTimeout(ctx, 2*time.Minute)
	defer cancel()
	s.mu.Lock()
	defer s.mu.Unlock()
	template, err := s.template(ctx, migrate)
	if err != nil {
		return "", nil, err
	}
	return s.copied(ctx, template)
}

// like copies a test's own database, which nobody may be connected to meanwhile.
func (s *server) like(ctx context.Context, name string) (address string, drop func() error, err error) {
	ctx, cancel := context.WithTimeout(ctx, 2*time.Minute)
	defer cancel()
	s.mu.Lock()
	defer s.mu.Unlock()
	if err := s.disconnect(ctx, name); err != nil {
		return "", nil, err
	}
	return s.copied(ctx, name)
}

func (s *server) copied(ctx context.Context, template string) (address string, drop func() error, err error) {
	name := "test_" + randomName()
	if err := s.exec(ctx, fmt.Sprintf("create database %s template %s%s", name, template, s.strategy)); err != nil {
		return "", nil, err
	}
	address, err = s.urlOf(name)
	return address, func() error {
		return s.exec(context.Background(), fmt.Sprintf("drop database if exists %s with (force)", name))
	}, err
}

// template returns the database that migrate was applied to, and makes it the first time.
func (s *server) template(ctx context.Context, migrate Migrate) (string, error) {
	if migrate == nil {
		return "template0", nil
	}
	key := reflect.ValueOf(migrate).Pointer()
	if name, ok := s.templates[key]; ok {
		return name, nil
	}
	name := "template_" + randomName()
	if err := s.exec(ctx, "create database "+name+" template template0"); err != nil {
		return "", err
	}
	address, err := s.urlOf(name)
	if err != nil {
		return "", err
	}
	if err := migrate(ctx, address, as(address, url.UserPassword(programUser, programPassword))); err != nil {
		return "", fmt.Errorf("migrate: %w", err)
	}
	// A pool that migrate left behind would keep the template from being copied.
	if err := s.disconnect(ctx, name); err != nil {
		return "", err
	}
	s.templates[key] = name
	return name, nil
}

func (s *server) disconnect(ctx context.Context, name string) error {
	return s.exec(ctx, "select pg_terminate_backend(pid) from pg_stat_activity where datname = $1", name)
}

func (s *server) exec(ctx context.Context, sql string, args ...any) error {
	_, err := s.admin.Exec(ctx, sql, args...)
	return err
}

func (s *server) urlOf(database string) (string, error) {
	u, err := url.Parse(s.url)
	if err != nil {
		return "", fmt.Errorf("RAPPORT_TEST_DATABASE_URL is not a URL: %w", err)
	}
	u.Path = "/" + database
	return u.String(), nil
}

func randomName() string { return strings.ToLower(rand.Text()[:12]) }
