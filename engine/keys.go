package engine

import (
	"crypto/aes"
	"crypto/cipher"
	"encoding/base64"
	"errors"
	"fmt"
	"strings"
)

// plain is the value of RAPPORT_CODEC_KEYS that turns encryption off.
const plain = "plain"

// Keys encrypt what Rapport stores in Temporal. The first key encrypts and any of them decrypts, so a key is rotated by
// putting a new one in front and dropping the old one when no history carries it any more.
type Keys struct {
	first   string // "" in plain mode
	ciphers map[string]cipher.AEAD
}

// Plain leaves payloads readable. It exists for tests that show what encryption hides.
func Plain() Keys { return Keys{} }

// IsPlain reports whether nothing is encrypted.
func (k Keys) IsPlain() bool { return k.first == "" }

// ParseKeys reads "id:base64,id2:base64" with keys of 32 bytes (AES-256), or the word "plain". The error never holds a key.
func ParseKeys(text string) (Keys, error) {
	text = strings.TrimSpace(text)
	switch text {
	case plain:
		return Plain(), nil
	case "":
		return Keys{}, errors.New("it is not set: give id:base64 with 32 random bytes, such as k1:$(openssl rand -base64 32)")
	}
	keys := Keys{ciphers: map[string]cipher.AEAD{}}
	for i, part := range strings.Split(text, ",") {
		id, encoded, found := strings.Cut(strings.TrimSpace(part), ":")
		if !found || id == "" {
			return Keys{}, fmt.Errorf("key %d: it must be id:base64", i+1)
		}
		if _, taken := keys.ciphers[id]; taken {
			return Keys{}, fmt.Errorf("key %d: the id %q is there twice", i+1, id)
		}
		secret, err := base64.StdEncoding.DecodeString(encoded)
		if err != nil || len(secret) != 32 {
			return Keys{}, fmt.Errorf("key %d (%s): it must be 32 bytes in standard base64", i+1, id)
		}
		block, err := aes.NewCipher(secret)
		if err != nil {
			return Keys{}, fmt.Errorf("key %d (%s): %w", i+1, id, err)
		}
		if keys.ciphers[id], err = cipher.NewGCM(block); err != nil {
			return Keys{}, fmt.Errorf("key %d (%s): %w", i+1, id, err)
		}
		if keys.first == "" {
			keys.first = id
		}
	}
	return keys, nil
}
