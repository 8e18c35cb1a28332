package store

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/rand"

	"github.com/rapport-dev/rapport/partnership"
)

// What nobody may read in a copy of the database is encrypted there: AES-256-GCM, under a key that follows from RAPPORT_SECRET_KEY and is
// nowhere else. about binds a text to its place: put into another row it does not open.

func (s *Store) seal(about string, text []byte) []byte {
	box := s.box()
	nonce := make([]byte, box.NonceSize())
	_, _ = rand.Read(nonce) // never fails: it ends the program instead
	return box.Seal(nonce, nonce, text, []byte(about))
}

func (s *Store) unseal(about string, sealed []byte) ([]byte, error) {
	box := s.box()
	if len(sealed) < box.NonceSize() {
		return nil, partnership.Errorf(partnership.Conflict, "what is kept there is cut off")
	}
	text, err := box.Open(nil, sealed[:box.NonceSize()], sealed[box.NonceSize():], []byte(about))
	if err != nil {
		return nil, partnership.Errorf(partnership.Conflict, "it was encrypted under another RAPPORT_SECRET_KEY, or was changed: put the key back under which it was given")
	}
	return text, nil
}

func (s *Store) box() cipher.AEAD {
	block, err := aes.NewCipher(s.keyed("encrypt", "at rest"))
	if err != nil {
		panic(err) // a SHA-256 is a key's length
	}
	box, err := cipher.NewGCM(block)
	if err != nil {
		panic(err) // AES has the block that it asks
	}
	return box
}
