package easypost

import (
	"errors"
	"net/http"
	"testing"

	"github.com/rapport-dev/rapport/partnership/facts"
)

// By a signature of our own making, so that it holds also where the vendor's vectors are not there.
func TestAForgedDeliveryIsRefused(t *testing.T) {
	t.Parallel()
	const body = `{"description":"tracker.updated"}`
	for name, tt := range map[string]struct {
		signature string
		want      error
	}{
		"theirs":               {Sign("secret", []byte(body)), nil},
		"by another secret":    {Sign("Secret", []byte(body)), facts.ErrSignature},
		"of another body":      {Sign("secret", []byte(body+" ")), facts.ErrSignature},
		"a signature in shape": {signaturePrefix + "00ff", facts.ErrSignature},
		"none":                 {"", facts.ErrNotSigned},
	} {
		if err := Verify([]string{"secret"}, http.Header{HeaderSignature: {tt.signature}}, []byte(body)); !errors.Is(err, tt.want) {
			t.Errorf("%s: %v, want %v", name, err, tt.want)
		}
	}
}
