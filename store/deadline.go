package store

import (
	"context"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
)

// A database that is stopped refuses nothing: it keeps connections open and never answers. So everything that is asked of it ends by
// itself, whoever asks and however long they would wait; whoever repeats it finds a fresh connection.
const (
	connectWithin = 5 * time.Second
	pingWithin    = 5 * time.Second
	answerWithin  = 20 * time.Second // one statement; far above what the slowest takes
	planWithin    = 10 * time.Minute // one that grows with a program's earnings: it plans a run, draws its statements, or looks at the books as a whole
)

// deadlines gives every wait for a connection and every statement a limit, where the caller has set no nearer one.
type deadlines struct{ acquire, answer time.Duration }

type cancelKey struct{}

type patientKey struct{}

// patient lets statements of what follows take as long as planning may.
func patient(ctx context.Context) context.Context {
	return context.WithValue(ctx, patientKey{}, planWithin)
}

func limited(ctx context.Context, most time.Duration) context.Context {
	ctx, cancel := context.WithTimeout(ctx, most)
	return context.WithValue(ctx, cancelKey{}, cancel)
}

func release(ctx context.Context) {
	if cancel, ok := ctx.Value(cancelKey{}).(context.CancelFunc); ok {
		cancel()
	}
}

// TraceQueryStart is called before each statement; what it returns is the statement's context.
func (d deadlines) TraceQueryStart(ctx context.Context, _ *pgx.Conn, _ pgx.TraceQueryStartData) context.Context {
	if most, ok := ctx.Value(patientKey{}).(time.Duration); ok {
		return limited(ctx, most)
	}
	return limited(ctx, d.answer)
}

// TraceQueryEnd is called when a statement's last row was read.
func (d deadlines) TraceQueryEnd(ctx context.Context, _ *pgx.Conn, _ pgx.TraceQueryEndData) {
	release(ctx)
}

// TraceAcquireStart is called before a connection is taken from the pool.
func (d deadlines) TraceAcquireStart(ctx context.Context, _ *pgxpool.Pool, _ pgxpool.TraceAcquireStartData) context.Context {
	return limited(ctx, d.acquire)
}

// TraceAcquireEnd is called once it was taken, or was not.
func (d deadlines) TraceAcquireEnd(ctx context.Context, _ *pgxpool.Pool, _ pgxpool.TraceAcquireEndData) {
	release(ctx)
}
