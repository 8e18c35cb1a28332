package partnership

import (
	"bytes"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"encoding/hex"
	"encoding/json"
	"time"
)

// Proof travels with a person's decision and says which door made it, for whom and when. Only who holds RAPPORT_SECRET_KEY can make
// one: reaching Temporal is not enough to decide anything.
type Proof struct {
	ID  string    `json:"ID"` // of the deed; it counts once
	Who string    `json:"Who"`
	At  time.Time `json:"At"` // by the database's clock
	MAC string    `json:"MAC"`
}

// Claim is what a proof proves: that this person asked for just this, of just this workflow.
type Claim struct {
	ID, Who, Deed, Workflow string
	Content                 string // ContentHash of the message
	At                      time.Time
}

// ProofKey derives the key of proofs from the deployment's secret, so that no other use of the secret can stand in for it.
func ProofKey(secret []byte) []byte {
	mac := hmac.New(sha256.New, secret)
	mac.Write([]byte("rapport/proof-of-decision/v1"))
	return mac.Sum(nil)
}

// Prove makes the proof of a claim.
func Prove(key []byte, c Claim) Proof {
	return Proof{ID: c.ID, Who: c.Who, At: c.At, MAC: base64.RawURLEncoding.EncodeToString(c.mac(key))}
}

// Holds says whether the proof is one of just this claim, whose ID, Who and At are the proof's own.
func (p Proof) Holds(key []byte, deed, workflow, content string) bool {
	given, err := base64.RawURLEncoding.DecodeString(p.MAC)
	c := Claim{ID: p.ID, Who: p.Who, At: p.At, Deed: deed, Workflow: workflow, Content: content}
	return err == nil && hmac.Equal(given, c.mac(key))
}

// mac goes over each part with its length before it, so that no two claims read the same.
func (c Claim) mac(key []byte) []byte {
	mac := hmac.New(sha256.New, key)
	for _, part := range []string{c.ID, c.Who, c.Deed, c.Workflow, c.Content, c.At.UTC().Format(time.RFC3339Nano)} {
		var length [8]byte
		binary.BigEndian.PutUint64(length[:], uint64(len(part)))
		mac.Write(length[:])
		mac.Write([]byte(part))
	}
	return mac.Sum(nil)
}

// FieldsOf is a message in the form that proofs go over: an object with sorted keys, without its proof and without what is zero, so
// that a build that knows one field more reads the same.
func FieldsOf(message any) (map[string]any, error) {
	text, err := json.Marshal(message)
	if err != nil {
		return nil, err
	}
	decoder := json.NewDecoder(bytes.NewReader(text))
	decoder.UseNumber()
	fields := map[string]any{}
	if err := decoder.Decode(&fields); err != nil {
		return nil, err
	}
	delete(fields, "Proof")
	for name, value := range fields {
		switch value {
		case nil, "", false, json.Number("0"):
			delete(fields, name)
		}
	}
	return fields, nil
}

// ContentHash is the hash of a message's FieldsOf.
func ContentHash(message any) (string, error) {
	fields, err := FieldsOf(message)
	if err != nil {
		return "", err
	}
	text, err := json.Marshal(fields) // sorted keys
	if err != nil {
		return "", err
	}
	sum := sha256.Sum256(text)
	return hex.EncodeToString(sum[:]), nil
}

// Carried is a message on its way through an activity's input, as it is.
type Carried struct{ Value any }

// MarshalJSON writes the message itself.
func (m Carried) MarshalJSON() ([]byte, error) { return json.Marshal(m.Value) }

// UnmarshalJSON keeps the text, number by number.
func (m *Carried) UnmarshalJSON(text []byte) error {
	m.Value = json.RawMessage(bytes.Clone(text))
	return nil
}
