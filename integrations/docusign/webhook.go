package docusign

import (
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/rapport-dev/rapport/integrations/httpx"
	"github.com/rapport-dev/rapport/partnership"
	"github.com/rapport-dev/rapport/partnership/facts"
)

// headerPrefix is followed by 1, 2, ...: one header for each of the account's active HMAC keys.
const headerPrefix = "X-Docusign-Signature-"

// maxSignatures is how many keys DocuSign allows an account.
const maxSignatures = 100

// Verify checks a delivery's raw bytes: any signature header may match any of our keys, so that both sides can rotate.
// A key is used as the text that DocuSign shows, not base64-decoded. Nothing signed tells the time, so replays are
// told apart by Event.DeliveryID.
func Verify(keys []string, header http.Header, body []byte) error {
	sums := httpx.HMACs(keys, body)
	if len(sums) == 0 {
		return facts.ErrNoKey
	}
	found := false
	for i := 1; i <= maxSignatures; i++ {
		value := header.Get(headerPrefix + strconv.Itoa(i))
		if value == "" {
			continue
		}
		found = true
		if given, err := base64.StdEncoding.DecodeString(value); err == nil && sums.Match(given) {
			return nil
		}
	}
	if !found {
		return facts.ErrNotSigned
	}
	return facts.ErrSignature
}

// Event is what a webhook says. It is a hint to read the envelope again, never a proof that something was signed.
type Event struct {
	DeliveryID    string // the same for every repetition of one event
	Kind          string // envelope-completed, recipient-declined, ...; kinds that we do not know are delivered too
	AccountID     string // whose envelope it is; "" where DocuSign leaves it out
	EnvelopeID    string // "" for events that are about no envelope
	Status        partnership.EnvelopeStatus
	Key           partnership.EffectKey     // "" when the envelope is not ours
	PartnershipID partnership.PartnershipID // "" likewise
	Version       int                       // 1 the agreement, 2.. its amendments, 0 unknown
	At            time.Time                 // when DocuSign made the event
}

// Parse reads a verified delivery. It fails only on what is not Connect's JSON: an event of an unknown kind is still
// an event, because one refused delivery stops DocuSign's whole configuration for a day.
func Parse(body []byte) (Event, error) {
	var w ConnectEvent
	if err := json.Unmarshal(body, &w); err != nil {
		return Event{}, fmt.Errorf("docusign webhook: not Connect's JSON (is the format set to legacy XML?): %w", err)
	}
	e := Event{
		Kind:       w.Event,
		AccountID:  w.Data.AccountID,
		EnvelopeID: w.Data.EnvelopeID,
		At:         parseTime(w.GeneratedDateTime),
		DeliveryID: deliveryID(w, body),
	}
	switch w.Event {
	case "envelope-sent", "envelope-delivered", "envelope-completed", "envelope-declined", "envelope-voided":
		e.Status = partnership.EnvelopeStatus(strings.TrimPrefix(w.Event, "envelope-"))
	}
	if s := w.Data.EnvelopeSummary; s != nil {
		if s.Status != "" {
			e.Status = partnership.EnvelopeStatus(s.Status)
		}
		e.Key = partnership.EffectKey(s.CustomFields.Get(FieldKey))
		e.PartnershipID = partnership.PartnershipID(s.CustomFields.Get(FieldPartnershipID))
		e.Version, _ = strconv.Atoi(s.CustomFields.Get(FieldVersion))
	}
	return e, nil
}

// deliveryID leaves out retryCount, which changes from one repetition to the next.
func deliveryID(w ConnectEvent, body []byte) string {
	if w.Data.EnvelopeID == "" || w.GeneratedDateTime == "" {
		sum := sha256.Sum256(body)
		return "sha256:" + hex.EncodeToString(sum[:])
	}
	id := w.Data.EnvelopeID + "/" + w.Event + "/" + w.GeneratedDateTime
	if w.Data.RecipientID != "" {
		id += "/" + w.Data.RecipientID
	}
	return id
}
