package easypost

import (
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"time"

	"golang.org/x/text/unicode/norm"

	"github.com/rapport-dev/rapport/integrations/httpx"
	"github.com/rapport-dev/rapport/partnership"
	"github.com/rapport-dev/rapport/partnership/facts"
)

// HeaderSignature carries "hmac-sha256-hex=<hex>".
const HeaderSignature = "X-Hmac-Signature"

const signaturePrefix = "hmac-sha256-hex="

// Verify checks a delivery's raw bytes against any of the secrets (several while one is being rotated). EasyPost uses the
// NFKD form of a secret: "é" is two code points there.
func Verify(secrets []string, header http.Header, body []byte) error {
	keys := make([]string, len(secrets))
	for i, secret := range secrets {
		keys[i] = norm.NFKD.String(secret)
	}
	value, _ := httpx.Single(header, HeaderSignature)
	text, ok := strings.CutPrefix(value, signaturePrefix)
	given, err := hex.DecodeString(text)
	if !ok {
		err = facts.ErrNotSigned
	}
	return httpx.HMACs(keys, body).Check(given, err)
}

// Sign is the header's value for a body, as EasyPost makes it.
func Sign(secret string, body []byte) string {
	return signaturePrefix + hex.EncodeToString(httpx.HMAC(norm.NFKD.String(secret), body))
}

// TrackerEvent is what a webhook says about a parcel. Other events have no tracker: TrackerID is "".
type TrackerEvent struct {
	DeliveryID string // the same for every repetition of one event
	Kind       string // tracker.created, tracker.updated, ...
	Mode       string // test or production: compare with the key in use
	TrackerID  string
	ShipmentID string // "" where EasyPost leaves it out: find the parcel by its tracking code
	Parcel     partnership.Parcel
	At         time.Time // when EasyPost made the event
}

// Parse reads a verified delivery.
func Parse(body []byte) (TrackerEvent, error) {
	var w Event
	if err := json.Unmarshal(body, &w); err != nil {
		return TrackerEvent{}, fmt.Errorf("easypost webhook: not an event: %w", err)
	}
	if w.ID == "" {
		return TrackerEvent{}, errors.New("easypost webhook: the event has no id")
	}
	e := TrackerEvent{DeliveryID: w.ID, Kind: w.Description, Mode: w.Mode, At: parseTime(w.CreatedAt)}
	if !strings.HasPrefix(w.Description, "tracker.") || len(w.Result) == 0 {
		return e, nil
	}
	var t Tracker
	if err := json.Unmarshal(w.Result, &t); err != nil {
		return TrackerEvent{}, fmt.Errorf("easypost webhook: not a tracker: %w", err)
	}
	e.TrackerID, e.ShipmentID, e.Parcel = t.ID, t.ShipmentID, parcel(t)
	return e, nil
}
