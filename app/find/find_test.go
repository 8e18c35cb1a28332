package find_test

import (
	"context"
	"strings"
	"testing"

	"github.com/rapport-dev/rapport/app/find"
	"github.com/rapport-dev/rapport/partnership"
	"github.com/rapport-dev/rapport/partnership/board"
)

type campaigns []board.Campaign

func (c campaigns) Campaigns(context.Context) ([]board.Campaign, error) { return c, nil }

func TestACampaignByEverySpellingOfItsName(t *testing.T) {
	t.Parallel()
	all := campaigns{
		{ID: "aaaa1111-0000", Name: "Dreams Sunset", Round: 1, State: partnership.CampaignFinished},
		{ID: "aaaa2222-0000", Name: "Dreams Sunset", Round: 2, State: partnership.CampaignRunning},
		{ID: "bbbb1111-0000", Name: "Café R&B", Round: 1, State: partnership.CampaignCancelled},
		{ID: "cccc1111-0000", Name: "夜の香り", Round: 1, State: partnership.CampaignCancelled},
	}
	for _, c := range []struct {
		typed string
		want  partnership.CampaignID
		code  partnership.Code
		says  []string // of the refusal
		fits  int
	}{
		{typed: "aaaa1111-0000", want: "aaaa1111-0000"},
		{typed: "AAAA2", want: "aaaa2222-0000"},
		{typed: "bbbb", want: "bbbb1111-0000"},
		{typed: "dreams sunset 2", want: "aaaa2222-0000"},
		{typed: "Dreams Sunset, round 1", want: "aaaa1111-0000"},
		{typed: "“Dreams Sunset” #2", want: "aaaa2222-0000"},
		{typed: "dreams-sunset r2", want: "aaaa2222-0000"},
		{typed: "cafe r&amp;b", want: "bbbb1111-0000"},
		{typed: "’CAFÉ R&B’", want: "bbbb1111-0000"},
		{typed: "<http://cccc1111-0000|cccc1111-0000>", want: "cccc1111-0000"},
		{typed: "夜の香り", want: "cccc1111-0000"},
		{typed: "", want: "aaaa2222-0000"}, // the only one that is open
		{typed: "Dreams Sunset", code: partnership.Invalid, says: []string{"2 campaigns fit", "aaaa1111-0000  Dreams Sunset, round 1, finished", "round 2, running"}, fits: 2},
		{typed: "aaaa", code: partnership.Invalid, says: []string{"2 campaigns fit"}, fits: 2},
		{typed: "aaa", code: partnership.NotFound, says: []string{"no such campaign"}},
		{typed: "Dreams Sunst 2", code: partnership.NotFound, says: []string{"did you mean"}, fits: 2},
		{typed: "dreams", code: partnership.NotFound, says: []string{"did you mean Dreams Sunset, round 1, finished or Dreams Sunset, round 2, running?"}, fits: 2},
		{typed: "winter", code: partnership.NotFound, says: []string{"no such campaign"}},
		{typed: "!!!", code: partnership.NotFound, says: []string{"no such campaign"}},
	} {
		got, err := find.Campaign(t.Context(), all, c.typed)
		if got.ID != c.want || partnership.CodeOf(err) != c.code {
			t.Errorf("%q is %q, %v", c.typed, got.ID, err)
			continue
		}
		for _, part := range c.says {
			if !strings.Contains(err.Error(), part) {
				t.Errorf("%q: %q does not say %q", c.typed, err, part)
			}
		}
		if no, is := err.(*partnership.Error); is && len(no.Fits) != c.fits {
			t.Errorf("%q fits %+v, want %d", c.typed, no.Fits, c.fits)
		}
	}
}
