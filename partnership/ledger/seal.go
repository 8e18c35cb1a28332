package ledger

import (
	"bytes"
	"crypto/sha256"
	"encoding/binary"
	"fmt"
)

// Seal is one link of the chain over what is final in the books: it holds the transactions that were signed since the seal before, and that
// seal itself. What was sealed cannot be changed, added to or taken away without breaking every link after it.
type Seal struct {
	N      int64
	Items  int64  // transactions
	Digest []byte // of their digests
	Hash   []byte // of the seal before and of this one
	Rekeys bool   // the key of the signatures was changed here
}

// Next is the seal that follows s; the zero Seal is before the first.
func (s Seal) Next(items int64, digest []byte, rekeys bool) Seal {
	next := Seal{N: s.N + 1, Items: items, Digest: digest, Rekeys: rekeys}
	next.Hash = next.link(s.Hash)
	return next
}

func (s Seal) link(before []byte) []byte {
	h := sha256.New()
	h.Write([]byte("rapport books 1"))
	for _, part := range [][]byte{before, s.Digest} {
		h.Write(binary.BigEndian.AppendUint64(nil, uint64(len(part))))
		h.Write(part)
	}
	rekeys := byte(0)
	if s.Rekeys {
		rekeys = 1
	}
	h.Write(append(binary.BigEndian.AppendUint64(binary.BigEndian.AppendUint64(nil, uint64(s.N)), uint64(s.Items)), rekeys))
	return h.Sum(nil)
}

// KeptSeal is a seal as it is kept, beside what it should hold by the transactions that name it.
type KeptSeal struct {
	Seal
	Signed    bool // its signature is the program's, by the key of now
	HasItems  int64
	HasDigest []byte
}

// BrokenSeals says where a chain does not hold: a link that does not fit, a seal whose transactions are others now, one that the program
// did not sign. What stands before a change of the key rests on the seal that changed it.
func BrokenSeals(chain []KeptSeal) (faults []string) {
	rests := int64(0)
	for _, s := range chain {
		if s.Rekeys && s.Signed {
			rests = s.N
		}
	}
	var before Seal
	for _, s := range chain {
		switch {
		case s.N != before.N+1:
			faults = append(faults, fmt.Sprintf("seal %d: the seal before it is %d: what lies between was taken away", s.N, before.N))
		case !bytes.Equal(s.link(before.Hash), s.Hash):
			faults = append(faults, fmt.Sprintf("seal %d: it does not fit the seal before it: the chain was written over", s.N))
		}
		if !s.Signed && s.N >= rests {
			faults = append(faults, fmt.Sprintf("seal %d: the program did not sign it", s.N))
		}
		if s.HasItems != s.Items || !bytes.Equal(s.HasDigest, s.Digest) {
			faults = append(faults, fmt.Sprintf("seal %d: it holds %d transactions, and the books have %d of them or others: what was sealed was taken away or written over", s.N, s.Items, s.HasItems))
		}
		before = s.Seal
	}
	return faults
}
