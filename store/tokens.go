package store

import (
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base32"
	"encoding/base64"
	"math/big"
	"strings"

	"github.com/google/uuid"

	p "github.com/rapport-dev/rapport/partnership"
)

// Links are secrets: whoever has one may answer. A token is a keyed hash of an id, so it can be made again for the next mail,
// and the database keeps only its digest, so a copy of the database opens nothing.

// TaskToken is the {token} of /t/{token}.
func (s *Store) TaskToken(id p.TaskID) string { return s.token("task", string(id)) }

// TaskURL is a task's page.
func (s *Store) TaskURL(id p.TaskID) string { return s.opt.PublicURL + "/t/" + s.TaskToken(id) }

// OptOutToken is the {token} of /u/{token}.
func (s *Store) OptOutToken(id p.CreatorID) string { return s.token("optout", string(id)) }

// OptOutURL is where a creator says no more.
func (s *Store) OptOutURL(id p.CreatorID) string { return s.opt.PublicURL + "/u/" + s.OptOutToken(id) }

// ReplyToken tells a partnership's replies apart. Mail systems change case, so it is lower-case base32.
func (s *Store) ReplyToken(id p.PartnershipID) string {
	sum := s.keyed("reply", string(id))
	return strings.ToLower(base32.StdEncoding.EncodeToString(sum[:20]))
}

// ReplyAddress is where a creator's replies go, "" when no inbound domain is configured.
func (s *Store) ReplyAddress(id p.PartnershipID) string {
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
	return s.keyed("email", strings.ToLower(strings.TrimSpace(email)))
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
