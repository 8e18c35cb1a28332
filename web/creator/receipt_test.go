package creator

import (
	"testing"

	"github.com/rapport-dev/rapport/partnership"
	"github.com/rapport-dev/rapport/partnership/locale"
)

// Who did all of it is thanked, and not told that it has come to an end.
func TestTheOfferOfWhoIsDone(t *testing.T) {
	t.Parallel()
	for outcome, want := range map[partnership.Outcome]string{
		partnership.Completed: "Es ist geschafft, danke", partnership.Replaced: "Das ist zu Ende gegangen",
	} {
		if title, _ := closedOffer(sheet{Locale: locale.Of("de"), Outcome: outcome}); title != want {
			t.Errorf("%s: %q, want %q", outcome, title, want)
		}
	}
}
