package keyring

import (
	"crypto/rand"
	"encoding/base64"
	"slices"
	"strconv"
	"strings"

	"github.com/rapport-dev/rapport/store"
)

// Setting is the text of RAPPORT_CODEC_KEYS taken apart: "id:base64" each. It holds keys.
type Setting []string

// ReadSetting takes a setting apart that engine.ParseKeys has read.
func ReadSetting(text string) Setting {
	var s Setting
	for part := range strings.SplitSeq(text, ",") {
		s = append(s, strings.TrimSpace(part))
	}
	return s
}

// Next is the key that comes next, and the setting with it behind the others: one that is in the setting and with no process
// yet, else a new random one.
func (s Setting) Next(ring store.KeyRing) (id, text string) {
	for _, part := range s {
		id = idOf(part)
		if !slices.ContainsFunc(ring.Processes, func(r store.CodecProcess) bool { return slices.Contains(r.Reads, id) }) {
			return id, strings.Join(append(slices.DeleteFunc(slices.Clone(s), func(other string) bool { return other == part }), part), ",")
		}
	}
	secret := make([]byte, 32)
	_, _ = rand.Read(secret) // never fails on the systems that Go supports
	id = s.nextID(ring)
	return id, strings.Join(append(slices.Clone(s), id+":"+base64.StdEncoding.EncodeToString(secret)), ",")
}

// InOrder is the setting with these keys in front of the others, in this order. It is "" when one is not there: whoever asks has
// an older setting than the processes.
func (s Setting) InOrder(ids ...string) string {
	var front Setting
	rest := slices.Clone(s)
	for _, id := range ids {
		at := slices.IndexFunc(rest, func(part string) bool { return idOf(part) == id })
		if at < 0 {
			return ""
		}
		front, rest = append(front, rest[at]), slices.Delete(rest, at, at+1)
	}
	return strings.Join(append(front, rest...), ",")
}

// Without is the setting without a key.
func (s Setting) Without(id string) string {
	return strings.Join(slices.DeleteFunc(slices.Clone(s), func(part string) bool { return idOf(part) == id }), ",")
}

// nextID is an id that no key ever had: k1 is followed by k2.
func (s Setting) nextID(ring store.KeyRing) string {
	last := idOf(s[0])
	stem := strings.TrimRight(last, "0123456789")
	n, _ := strconv.Atoi(strings.TrimPrefix(last, stem))
	for n = max(n, 1) + 1; ; n++ {
		id := stem + strconv.Itoa(n)
		if !slices.ContainsFunc(ring.Keys, func(k store.CodecKey) bool { return k.ID == id }) && !slices.ContainsFunc(s, func(part string) bool { return idOf(part) == id }) {
			return id
		}
	}
}

func idOf(part string) string {
	id, _, _ := strings.Cut(part, ":")
	return id
}
