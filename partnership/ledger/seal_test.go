package ledger_test

import (
	"slices"
	"testing"

	"pgregory.net/rapid"

	"github.com/rapport-dev/rapport/partnership/ledger"
)

// A chain that was made holds; whatever is changed in it, taken out or put elsewhere is found.
func TestEachChangeOfAChainIsFound(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		var chain []ledger.KeptSeal
		var last ledger.Seal
		for range rapid.IntRange(1, 8).Draw(t, "seals") {
			last = last.Next(rapid.Int64Range(1, 1000).Draw(t, "items"), rapid.SliceOfN(rapid.Byte(), 32, 32).Draw(t, "digest"), rapid.Bool().Draw(t, "rekeys"))
			chain = append(chain, ledger.KeptSeal{Seal: last, Signed: true, HasItems: last.Items, HasDigest: last.Digest})
		}
		if faults := ledger.BrokenSeals(chain); len(faults) != 0 {
			t.Fatalf("a chain that was made: %v", faults)
		}
		i := rapid.IntRange(0, len(chain)-1).Draw(t, "which")
		forged := slices.Clone(chain)
		s := &forged[i]
		switch rapid.SampledFrom([]string{"digest", "items", "hash", "taken out", "signature", "transaction", "rekeys"}).Draw(t, "how") {
		case "digest":
			s.Digest = append([]byte{s.Digest[0] + 1}, s.Digest[1:]...)
			s.HasDigest = s.Digest
		case "items":
			s.Items++
			s.HasItems++
		case "hash":
			s.Hash = append([]byte{s.Hash[0] + 1}, s.Hash[1:]...)
		case "taken out":
			if i == len(chain)-1 { // the newest: nothing in the chain tells, its transactions and a head that somebody keeps do
				return
			}
			forged = slices.Delete(forged, i, i+1)
		case "signature":
			if slices.ContainsFunc(chain[i+1:], func(h ledger.KeptSeal) bool { return h.Rekeys }) {
				return // the key has changed since
			}
			s.Signed = false
		case "transaction":
			s.HasItems--
		case "rekeys":
			s.Rekeys = !s.Rekeys
		}
		if faults := ledger.BrokenSeals(forged); len(faults) == 0 {
			t.Fatal("it was not found")
		}
	})
}
