package sandbox

import (
	"maps"
	"net/http"
	"strings"
	"time"
)

// What really happened outside, as GET /truth gives it: lists of all vendors, and the faults that struck. Amounts are
// minor units.

// Instant is RFC 3339 in UTC with exactly six digits of a second: every parser reads that. The zero time is null.
type Instant time.Time

// MarshalJSON writes the instant.
func (t Instant) MarshalJSON() ([]byte, error) {
	if time.Time(t).IsZero() {
		return []byte("null"), nil
	}
	return []byte(time.Time(t).UTC().Format(`"2006-01-02T15:04:05.000000Z"`)), nil
}

func (s *Server) getTruth(w http.ResponseWriter, _ *http.Request) {
	s.mu.Lock()
	t := s.truth()
	s.mu.Unlock()
	WriteJSON(w, http.StatusOK, t)
}

// truth collects everything; the lock is held. Lists are copies: they are written after it is given back.
func (s *Server) truth() map[string]any {
	t := map[string]any{"faults": s.struckFaults()}
	for _, v := range s.services {
		if v.Truth != nil {
			maps.Copy(t, v.Truth())
		}
	}
	return t
}

// PartnershipOf reads the partnership out of a key "partnership/<id>/...", "" for the keys of campaigns and payouts.
func PartnershipOf(key string) string {
	rest, ok := strings.CutPrefix(key, "partnership/")
	if !ok {
		return ""
	}
	id, _, _ := strings.Cut(rest, "/")
	return id
}
