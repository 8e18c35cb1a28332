package sendgrid

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"strconv"
	"time"

	"github.com/rapport-dev/rapport/partnership"
)

// Event is one thing that happened to one mail. Email is personal data: keep it out of logs.
type Event struct {
	ID            string // sg_event_id; deliveries repeat, so this is the key to drop repetitions by
	MessageID     string // sg_message_id, starts with the receipt's ID
	Type          string // processed, deferred, delivered, bounce, dropped, open, click, spamreport, unsubscribe, ...
	At            time.Time
	Email         string
	Key           partnership.EffectKey
	PartnershipID partnership.PartnershipID
	Kind          string
	Task          string
	Step          string
	BounceType    string // bounce or blocked, for bounces
	Fault         Fault  // whose doing it is that a mail did not arrive
	URL           string // for clicks
}

// Undeliverable reports whether the mail will not arrive.
func (e Event) Undeliverable() bool { return e.Type == "bounce" || e.Type == "dropped" }

// OptOut reports whether the person asked for no more mail.
func (e Event) OptOut() bool {
	return e.Type == "spamreport" || e.Type == "unsubscribe" || e.Type == "group_unsubscribe" || e.Fault == TheirWord
}

// maxEvents is far above what fits into SendGrid's 768 KB batch.
const maxEvents = 20_000

// ParseEvents reads a batch. An element that is not an object is left out rather than failing its neighbours, which
// would come back and fail again for 24 hours; one without an id gets a digest of its bytes as id.
func ParseEvents(body []byte) ([]Event, error) {
	var raw []json.RawMessage
	if err := json.Unmarshal(body, &raw); err != nil {
		return nil, errors.New("sendgrid events: the body is not a JSON array")
	}
	if len(raw) > maxEvents {
		return nil, errors.New("sendgrid events: too many events in one delivery")
	}
	events := make([]Event, 0, len(raw))
	for _, r := range raw {
		if e, ok := parseEvent(r); ok {
			events = append(events, e)
		}
	}
	return events, nil
}

func parseEvent(raw json.RawMessage) (Event, bool) {
	var fields map[string]json.RawMessage
	if json.Unmarshal(raw, &fields) != nil || fields == nil {
		return Event{}, false
	}
	str := func(name string) string {
		var s string
		_ = json.Unmarshal(fields[name], &s) // of another type or absent: ""
		return clean(s)
	}
	e := Event{
		ID: str("sg_event_id"), MessageID: str("sg_message_id"), Type: str("event"), At: epoch(fields["timestamp"]),
		Email: str("email"), Key: partnership.EffectKey(str(ArgKey)),
		PartnershipID: partnership.PartnershipID(str(ArgPartnershipID)),
		Kind:          str(ArgKind), Task: str(ArgTask), Step: str(ArgStep), URL: str("url"),
	}
	if e.Type == "" {
		return Event{}, false
	}
	switch e.Type {
	case "bounce":
		e.BounceType = str("type")
		e.Fault = faultOfBounce(e.BounceType, str("bounce_classification"), str("status"), str("reason"))
	case "dropped":
		e.Fault = faultOfDrop(str("reason"))
	}
	if e.ID == "" {
		sum := sha256.Sum256(raw)
		e.ID = "sha256-" + hex.EncodeToString(sum[:])
	}
	return e, true
}

// epoch reads seconds since 1970 as a number or a string; the zero time when it is neither.
func epoch(raw json.RawMessage) time.Time {
	s := string(bytes.Trim(raw, `"`))
	n, err := strconv.ParseFloat(s, 64)
	if err != nil || n <= 0 || n > 1<<40 {
		return time.Time{}
	}
	return time.Unix(int64(n), 0).UTC()
}
