package webhooks

import (
	"bytes"
	"errors"
	"hash"
	"io"
	"net/http"
	"os"
	"strconv"
	"time"

	"github.com/rapport-dev/rapport/partnership/facts"
)

// A place in memory is given after the proof and not before: until its signature fits, a stranger's large body lies on disk, is cut
// off when it comes too slowly, and keeps nobody else out.

const (
	patientFor = 10 * time.Second // a sender may take this long to begin; then it keeps a pace
	slowest    = 64 << 10         // bytes a second that a body must come with after that, on average
	oneBody    = time.Minute      // however fast it is
	inMemory   = 1 << 20          // what is read before anything is written to disk
	maxSpooled = 1 << 30          // of unproven bodies, all together
	maxProven  = 256 << 20        // of a body that is hashed to its end, whatever is kept of it
	placeFor   = 15 * time.Second // how long a proven body waits for its place in memory
)

var (
	errTooLarge = errors.New("the body is too large")
	errBroken   = errors.New("the body broke off or came too slowly")
	errBusy     = errors.New("busy: send it again")
)

// taken is a body as it came in.
type taken struct {
	kept  []byte   // the body, or its beginning
	spool *os.File // where it lies instead, until it is proven
	size  int64    // of the whole
	sum   []byte   // of the whole, with what the vendor's signature holds before it; nil where no hash was asked for
}

func (b *taken) close() {
	if b.spool != nil {
		_ = b.spool.Close()
		_ = os.Remove(b.spool.Name())
	}
}

// take reads a body at the pace of an honest sender. Of a large one keep bytes are kept and all are hashed.
func (d *Door) take(w http.ResponseWriter, r *http.Request, keep int64, digest hash.Hash) (b *taken, err error) {
	most := keep
	if digest != nil {
		most = maxProven
	}
	b = &taken{}
	defer func() {
		if err != nil {
			b.close()
		}
	}()
	var memory bytes.Buffer
	var spooled int64
	defer func() { d.spooled.Add(-spooled) }()
	chunk := make([]byte, 64<<10)
	pace := newPace(w)
	for {
		pace.allow(b.size)
		n, err := r.Body.Read(chunk)
		b.size += int64(n)
		if b.size > most {
			return b, errTooLarge
		}
		if digest != nil {
			_, _ = digest.Write(chunk[:n])
		}
		part := chunk[:min(int64(n), max(0, keep-(b.size-int64(n))))]
		switch {
		case b.spool == nil && int64(memory.Len()+len(part)) <= inMemory:
			memory.Write(part)
		case len(part) > 0:
			if d.spooled.Add(int64(len(part))) > maxSpooled {
				d.spooled.Add(-int64(len(part)))
				return b, errBusy
			}
			spooled += int64(len(part))
			if err := b.spill(&memory, part); err != nil {
				return b, err
			}
		}
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return b, errBroken
		}
	}
	pace.end()
	if b.spool == nil {
		b.kept = memory.Bytes()
	}
	if digest != nil {
		b.sum = digest.Sum(nil)
	}
	return b, nil
}

// spill writes on to disk what grew beyond what is kept in memory.
func (b *taken) spill(memory *bytes.Buffer, part []byte) error {
	if b.spool == nil {
		f, err := os.CreateTemp("", "rapport-webhook-*")
		if err != nil {
			return errBusy
		}
		b.spool = f
		if _, err := memory.WriteTo(f); err != nil {
			return errBusy
		}
	}
	if _, err := b.spool.Write(part); err != nil {
		return errBusy
	}
	return nil
}

// load brings a proven body into memory, in one of few places.
func (d *Door) load(r *http.Request, b *taken) (release func(), err error) {
	if b.spool == nil {
		return func() {}, nil
	}
	select {
	case d.places <- struct{}{}:
	case <-time.After(placeFor):
		return nil, errBusy
	case <-r.Context().Done():
		return nil, errBusy
	}
	if _, err := b.spool.Seek(0, io.SeekStart); err == nil {
		b.kept, err = io.ReadAll(b.spool)
		if err == nil {
			return func() { <-d.places }, nil
		}
	}
	<-d.places
	return nil, errBusy
}

// cut is the note on a delivery of which only the beginning is kept.
func (b *taken) cut(headers map[string][]string) {
	if int64(len(b.kept)) < b.size {
		headers[facts.HeaderCut] = []string{strconv.FormatInt(b.size, 10)}
	}
}

// pace moves the deadline of a connection on with what has come over it.
type pace struct {
	connection *http.ResponseController
	began      time.Time
}

func newPace(w http.ResponseWriter) pace { return pace{http.NewResponseController(w), time.Now()} }

func (p pace) allow(got int64) {
	earned := patientFor + time.Duration(got)*time.Second/slowest
	_ = p.connection.SetReadDeadline(p.began.Add(min(earned, oneBody))) // a recorder in a test has none
}

// end lifts the deadline, which would else be the next request's.
func (p pace) end() { _ = p.connection.SetReadDeadline(time.Time{}) }
