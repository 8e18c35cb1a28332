package stack

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"net/url"
	"strconv"
	"syscall"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
)

// The superuser, who owns the tables, the program's role, and the database that every embedded Postgres has.
const (
	PostgresUser     = "rapport"
	ProgramUser      = "rapport_program"
	PostgresDatabase = "rapport"
)

// PostgresOptions say where a Postgres keeps its data and how it is reached.
type PostgresOptions struct {
	DataDir string // created when missing, kept when stopped
	Port    int    // 0: any free port
	LogFile string // "" discards the server's log
	Fast    bool   // for tests only: no fsync, so a power cut (not a kill) may lose data
}

// Postgres is a running server on 127.0.0.1. Its one superuser has a random password, which is kept
// beside the data: other accounts on the machine can reach the port, but not the database.
type Postgres struct {
	slot
	options  PostgresOptions
	account  *Account
	binaries binaries
	password string
}

// StartPostgres starts a server, and initialises its data folder the first time. It uses the Postgres
// installed on the machine; where there is none, it downloads one. As root it runs the server as the
// account "postgres" (or "nobody"); when that account cannot reach DataDir, the data is kept under
// /var/tmp instead: see Postgres.DataDir.
func StartPostgres(ctx context.Context, options PostgresOptions) (*Postgres, error) {
	account, err := serviceAccount()
	if err != nil {
		return nil, err
	}
	if options.DataDir, err = reachableDir(account, options.DataDir); err != nil {
		return nil, fmt.Errorf("postgres data folder: %w", err)
	}
	found, err := findPostgres(ctx, dataVersion(options.DataDir))
	if err != nil {
		return nil, err
	}
	p := &Postgres{options: options, account: account, binaries: found}
	if p.password, err = initCluster(ctx, found, account, options); err != nil {
		return nil, fmt.Errorf("initialise postgres: %w", err)
	}
	if err := p.startOnFreePort(ctx, options.Port); err != nil {
		return nil, err
	}
	if err := p.createDatabase(ctx); err != nil {
		return nil, errors.Join(err, p.Kill())
	}
	return p, nil
}

// startOnFreePort tries again when another program takes the port that was found free.
func (p *Postgres) startOnFreePort(ctx context.Context, port int) error {
	const tries = 3
	var err error
	for range tries {
		if p.options.Port = port; port == 0 {
			if p.options.Port, err = FreePort(0); err != nil {
				return err
			}
		}
		if err = p.start(ctx); err == nil || port != 0 || ctx.Err() != nil {
			return err
		}
	}
	return err
}

// start runs the server and waits until it answers. After a kill, backends that have not noticed yet can
// hold the shared memory for a moment, in which a new server ends at once: that is tried again.
func (p *Postgres) start(ctx context.Context) error {
	crashed, err := awaitPredecessor(ctx, p.options.DataDir)
	if err != nil {
		return err
	}
	deadline := time.Now().Add(predecessorTimeout)
	for {
		err := p.startOnce(ctx)
		if err == nil || !crashed || ctx.Err() != nil || time.Now().After(deadline) {
			return err
		}
		select {
		case <-ctx.Done():
		case <-time.After(200 * time.Millisecond):
		}
	}
}

func (p *Postgres) startOnce(ctx context.Context) error {
	if err := checkFree(p.options.Port); err != nil {
		return fmt.Errorf("postgres: %w", err)
	}
	return p.run(ctx, Command{
		Name:        "postgres",
		Path:        p.binaries.path("postgres"),
		Args:        p.arguments(),
		Dir:         "/", // the account may not be able to enter ours
		LogFile:     p.options.LogFile,
		Account:     p.account,
		StopSignal:  syscall.SIGINT,  // "fast": ends sessions, then a checkpoint
		DeathSignal: syscall.SIGQUIT, // "immediate": takes the backends along; recovered at the next start
		Grace:       30 * time.Second,
	}, p.ping)
}

func (p *Postgres) arguments() []string {
	settings := []string{
		"listen_addresses=" + Loopback,
		"port=" + strconv.Itoa(p.options.Port),
		"unix_socket_directories=",
		"max_connections=200",
		"timezone=UTC",
		"log_timezone=UTC",
		// Statements, parameters and details hold people's data, which has no place in a log.
		"log_min_messages=log",
		"log_min_error_statement=panic",
		"log_error_verbosity=terse",
	}
	if p.options.Fast {
		settings = append(settings, "fsync=off", "full_page_writes=off", "shared_buffers=64MB")
	}
	args := []string{"-D", p.options.DataDir}
	for _, setting := range settings {
		args = append(args, "-c", setting)
	}
	return args
}

// ping asks the maintenance database, which exists from the first second.
func (p *Postgres) ping(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, 2*time.Second)
	defer cancel()
	conn, err := pgx.Connect(ctx, p.DatabaseURL("postgres"))
	if err != nil {
		return err
	}
	defer func() { _ = conn.Close(ctx) }()
	return conn.Ping(ctx)
}

func (p *Postgres) createDatabase(ctx context.Context) error {
	conn, err := pgx.Connect(ctx, p.DatabaseURL("postgres"))
	if err != nil {
		return fmt.Errorf("connect to postgres: %w", err)
	}
	defer func() { _ = conn.Close(ctx) }()
	_, err = conn.Exec(ctx, "create database "+PostgresDatabase)
	const duplicateDatabase = "42P04"
	var refused *pgconn.PgError
	if errors.As(err, &refused) && refused.Code == duplicateDatabase {
		return nil
	}
	return err
}

// URL connects to the database "rapport" as its superuser. It contains the password: never log it.
func (p *Postgres) URL() string { return p.DatabaseURL(PostgresDatabase) }

// ProgramURL is URL as the role that the program runs as, which migrating makes. Its password follows from the superuser's, and not the
// other way.
func (p *Postgres) ProgramURL() string {
	mac := hmac.New(sha256.New, []byte(p.password))
	mac.Write([]byte(ProgramUser))
	return p.urlOf(PostgresDatabase, url.UserPassword(ProgramUser, hex.EncodeToString(mac.Sum(nil))))
}

// DatabaseURL is URL for another database of the same server.
func (p *Postgres) DatabaseURL(database string) string {
	return p.urlOf(database, url.UserPassword(PostgresUser, p.password))
}

func (p *Postgres) urlOf(database string, user *url.Userinfo) string {
	u := url.URL{
		Scheme:   "postgres",
		User:     user,
		Host:     Loopback + ":" + strconv.Itoa(p.options.Port),
		Path:     "/" + database,
		RawQuery: "sslmode=disable",
	}
	return u.String()
}

// Port is the TCP port on 127.0.0.1.
func (p *Postgres) Port() int { return p.options.Port }

// DataDir is where the data really is.
func (p *Postgres) DataDir() string { return p.options.DataDir }

// Restart stops the server if it runs and starts it again on the same port with the same data. After
// Kill it recovers from the write-ahead log, as after a crash.
func (p *Postgres) Restart(ctx context.Context) error {
	if err := p.Stop(ctx); err != nil {
		return err
	}
	return p.start(ctx)
}
