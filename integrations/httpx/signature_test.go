package httpx_test

import (
	"encoding/hex"
	"net/http"
	"testing"

	"github.com/rapport-dev/rapport/integrations/httpx"
)

func TestHMACs(t *testing.T) {
	t.Parallel()
	// RFC 4231, test case 2.
	const want = "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"
	sum, err := hex.DecodeString(want)
	if err != nil {
		t.Fatal(err)
	}
	for name, keys := range map[string][]string{"only": {"Jefe"}, "new one first": {"other", "Jefe"}, "old one first": {"Jefe", "", "other"}} {
		if !httpx.HMACs(keys, []byte("what do ya want "), []byte("for nothing?")).Match(sum) {
			t.Errorf("%s: the key's sum does not match", name)
		}
	}
	sums := httpx.HMACs([]string{"other"}, []byte("what do ya want for nothing?"))
	for name, given := range map[string][]byte{"another key's": sum, "empty": nil, "cut": sums[0][:31], "longer": append(sums[0][:32:32], 0)} {
		if sums.Match(given) {
			t.Errorf("%s sum matches", name)
		}
	}
	if got := httpx.HMACs([]string{"", ""}, []byte("x")); len(got) != 0 || got.Match(nil) {
		t.Errorf("without a key there are %d sums", len(got))
	}
}

func TestSingle(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		values []string
		want   string
		ok     bool
	}{{nil, "", false}, {[]string{""}, "", false}, {[]string{"a"}, "a", true}, {[]string{"a", "b"}, "", false}} {
		if got, ok := httpx.Single(http.Header{"X-S": c.values}, "X-S"); got != c.want || ok != c.ok {
			t.Errorf("%q: %q %v", c.values, got, ok)
		}
	}
}
