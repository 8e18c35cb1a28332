package integrations

import (
	"slices"
	"testing"
)

func TestSeveralSecretsWhileOneIsRotated(t *testing.T) {
	if got := (Secrets{"new", "", "old"}).Reveal(); !slices.Equal(got, []string{"new", "old"}) {
		t.Errorf("read as %q", got)
	}
}
