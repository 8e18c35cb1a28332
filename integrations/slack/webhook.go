package slack

import (
	"crypto/sha256"
	"encoding/hex"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/rapport-dev/rapport/integrations/httpx"
	"github.com/rapport-dev/rapport/partnership/facts"
)

// The headers that carry a signature.
const (
	HeaderSignature = "X-Slack-Signature"
	HeaderTimestamp = "X-Slack-Request-Timestamp"
)

// Verify checks a request's raw body against any of the signing secrets (several while one is being rotated). It takes
// the time and does not touch the request, so that the body can be parsed afterwards. It does not tell replays apart:
// DeliveryID does.
func Verify(secrets []string, header http.Header, body []byte, now time.Time) error {
	stamp, _ := httpx.Single(header, HeaderTimestamp)
	sums := httpx.HMACs(secrets, []byte("v0:"+stamp+":"), body)
	if len(sums) == 0 {
		return facts.ErrNoKey // before all else: a person has to mend it
	}
	sent, err := strconv.ParseInt(stamp, 10, 64)
	if err != nil || strings.Trim(stamp, "0123456789") != "" {
		return facts.ErrNotSigned
	}
	signature, _ := httpx.Single(header, HeaderSignature)
	text, ok := strings.CutPrefix(signature, "v0=")
	if !ok {
		return facts.ErrNotSigned
	}
	given, err := hex.DecodeString(text)
	if err == nil && len(given) != sha256.Size {
		err = facts.ErrNotSigned
	}
	if err := sums.Check(given, err); err != nil {
		return err
	}
	return httpx.Recent(sent, now)
}

// DeliveryID names a verified request: a replay within the tolerance has the same. Events have their own id as well.
func DeliveryID(header http.Header) string {
	sum := sha256.Sum256([]byte(header.Get(HeaderTimestamp) + " " + header.Get(HeaderSignature)))
	return hex.EncodeToString(sum[:])
}
