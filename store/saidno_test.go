package store_test

import (
	"testing"

	"github.com/rapport-dev/rapport/partnership"
)

// A dead mailbox is no word of its owner.
func TestADeadAddressHasNotSaidNo(t *testing.T) {
	t.Parallel()
	f := open(t)
	_, parties := f.launch(2)
	for i, cause := range []partnership.SuppressionCause{partnership.ByPerson, partnership.ByAddress} {
		_, err := f.SuppressEmail(t.Context(), []string{"creator0@mail.example", "creator1@mail.example"}[i], cause, string(cause))
		must(t, err)
		view, err := f.View(t.Context(), parties[i].id)
		must(t, err)
		if !view.OptedOut || view.SaidNo != (cause == partnership.ByPerson) {
			t.Errorf("by %s: not written to %t, said no %t", cause, view.OptedOut, view.SaidNo)
		}
	}
}
