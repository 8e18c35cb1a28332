package activities

import (
	"context"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/rapport-dev/rapport/partnership"
)

// outbox is a post with one notice in it.
type outbox struct {
	*post
	notice  partnership.Notice
	stopped bool
	done    int
}

func (o *outbox) Notice(context.Context, string) (partnership.Notice, error) { return o.notice, nil }

func (o *outbox) NoticeDone(context.Context, string) error {
	o.done++
	o.notice.Address = ""
	return nil
}
func (o *outbox) Suppressed(context.Context, string) (bool, error) { return o.stopped, nil }

func TestNoticesGoOutOnceAndForgetTheirAddress(t *testing.T) {
	links := []partnership.NoticeLink{{Kind: partnership.TaskDraft, URL: "https://r.example/t/new"}, {Kind: partnership.TaskPayoutSetup, URL: "https://r.example/t/pay"}}
	for what, c := range map[string]struct {
		notice  partnership.Notice
		stopped bool
		signed  bool
		mails   int
		says    []string
	}{
		"an old address":                           {partnership.Notice{ID: "n1", Kind: partnership.NoticeMailChanged, Address: "old@mail.example"}, false, true, 1, []string{"another address", "a person reads it"}},
		"an old address that wants no mail":        {partnership.Notice{ID: "n1", Kind: partnership.NoticeMailChanged, Address: "old@mail.example"}, true, true, 0, nil},
		"a fresh link":                             {partnership.Notice{ID: "n1", Kind: partnership.NoticeFreshLink, Address: "a@mail.example", Links: links}, false, false, 1, []string{"https://r.example/t/new", "https://r.example/t/pay"}},
		"a fresh link when nothing is open":        {partnership.Notice{ID: "n1", Kind: partnership.NoticeFreshLink, Address: "a@mail.example"}, false, false, 1, []string{"Nothing is open"}},
		"a fresh link of somebody who opted out":   {partnership.Notice{ID: "n1", Kind: partnership.NoticeFreshLink, Address: "a@mail.example", Links: links}, true, false, 0, nil},
		"a fresh link in an agreement that stands": {partnership.Notice{ID: "n1", Kind: partnership.NoticeFreshLink, Address: "a@mail.example", Links: links}, true, true, 1, nil},
	} {
		t.Run(what, func(t *testing.T) {
			a, s := newPost()
			o := &outbox{post: s, notice: c.notice, stopped: c.stopped}
			a.Store = o
			s.view.Contract = nil
			if c.signed {
				s.view.Contract = &partnership.Contract{Version: 1, Status: partnership.EnvelopeCompleted}
			}
			require.NoError(t, a.SendNotice(t.Context(), NoticeRef{NoticeID: "n1"}))
			require.NoError(t, a.SendNotice(t.Context(), NoticeRef{NoticeID: "n1"}))
			require.Len(t, s.mails, c.mails)
			require.Equal(t, 1, o.done)
			for _, m := range s.mails {
				require.Equal(t, c.notice.Address, m.To)
				require.NotContains(t, m.HTML, "<script>alert", "a name must not become markup")
				require.Contains(t, m.Text, "1 Main St, Austin TX 78701, US", "who writes must be clear")
				require.Equal(t, partnership.EffectKey("notice/n1"), m.Key)
				for _, words := range c.says {
					require.Contains(t, strings.Join(strings.Fields(m.Text), " "), words)
				}
			}
		})
	}
}
