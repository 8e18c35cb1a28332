package store

import (
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base32"
	"encoding/base64"
	"math/big"
	"strconv"
	"strings"

	"github.com/google/uuid"

	"github.com/rapport-dev/rapport/partnership"
	"github.com/rapport-dev/rapport/partnership/identity"
)

// Links are secrets: whoever has one may answer. A token is a keyed hash of an id, so it can be made again for the next mail,
// and the database keeps only its digest, so a copy of the database opens nothing.

// taskToken is the {token} of /t/{token}. n counts how often the task's link was revoked.
func (s *Store) taskToken(id partnership.TaskID, n int64) string {
	return s.token("task", nth(string(id), n))
}

func (s *Store) taskURL(id partnership.TaskID, n int64) string {
	return s.opt.PublicURL + "/t/" + s.taskToken(id, n)
}

// calendarToken is the {token} of /calendar/{token}.ics.
func (s *Store) calendarToken(id partnership.CampaignID, n int64) string {
	return s.token("calendar", nth(string(id), n))
}

func (s *Store) calendarURL(id partnership.CampaignID, n int64) string {
	return s.opt.PublicURL + "/calendar/" + s.calendarToken(id, n) + ".ics"
}

// nth names the link that follows n revoked ones. The first is named by its subject alone, as all were before links could end.
func nth(subject string, n int64) string {
	if n == 0 {
		return subject
	}
	return subject + "#" + strconv.FormatInt(n, 10)
}

// OptOutToken is the {token} of /u/{token}.
func (s *Store) OptOutToken(id partnership.CreatorID) string { return s.token("optout", string(id)) }

// OptOutURL is where a creator says no more.
func (s *Store) OptOutURL(id partnership.CreatorID) string {
	return s.opt.PublicURL + "/u/" + s.OptOutToken(id)
}

// ReplyToken tells a partnership's replies apart. Mail systems change case, so it is lower-case base32.
func (s *Store) ReplyToken(id partnership.PartnershipID) string {
	sum := s.keyed("reply", string(id))
	return strings.ToLower(base32.StdEncoding.EncodeToString(sum[:20]))
}

// ReplyAddress is where a creator's replies go, "" when no inbound domain is configured.
func (s *Store) ReplyAddress(id partnership.PartnershipID) string {
	if s.opt.InboundDomain == "" {
		return ""
	}
	return "reply+" + s.ReplyToken(id) + "@" + s.opt.InboundDomain
}

// LinkURL is a kit's short link.
func (s *Store) LinkURL(code string) string { return s.opt.PublicURL + "/c/" + code }

func (s *Store) token(purpose, id string) string {
	return base64.RawURLEncoding.EncodeToString(s.keyed(purpose, id))
}

// emailHash is how a suppressed address is known after the address itself is gone.
func (s *Store) emailHash(email string) []byte {
	return s.keyed("email", identity.MailKey(email))
}

func (s *Store) keyed(purpose, text string) []byte {
	mac := hmac.New(sha256.New, s.opt.SecretKey)
	mac.Write([]byte(purpose + "|" + text))
	return mac.Sum(nil)
}

// digest is what the database keeps of a token.
func digest(token string) []byte {
	sum := sha256.Sum256([]byte(token))
	return sum[:]
}

// newID is a UUIDv7: opaque and in the order of creation.
func newID() string { return uuid.Must(uuid.NewV7()).String() }

const (
	base58 = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"
	spoken = "23456789ABCDEFGHJKMNPQRSTUVWXYZ" // told apart when read out
)

// random is n letters of an alphabet.
func random(n int, alphabet string) string {
	out := make([]byte, n)
	for i := range out {
		k, err := rand.Int(rand.Reader, big.NewInt(int64(len(alphabet))))
		if err != nil {
			panic(err) // crypto/rand never fails
		}
		out[i] = alphabet[k.Int64()]
	}
	return string(out)
}
