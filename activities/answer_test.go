package activities

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/rapport-dev/rapport/partnership"
)

// An answer goes out once, as it was written, in the thread of the creator's mails; who wants no more mail and has signed nothing gets none.
func TestAnAnswerGoesOutOnceInItsThread(t *testing.T) {
	answer := &partnership.AnswerNews{ID: "a1", Subject: "Re: dates", Words: "Thursday is fine.\n[not a button](https://x.example)", MailID: "theirs@mail.example", Earlier: []string{"first@in.example"}}
	for what, c := range map[string]struct {
		optedOut, saidNo, signed bool
		mails                    int
		says, not                []string
	}{
		"before a signature":              {false, false, false, 1, []string{"Thursday is fine.\n[not a button](https://x.example)\n", "1 Main St, Austin TX 78701, US", "No more mails from us: "}, nil},
		"after it":                        {false, false, true, 1, []string{"Thursday is fine."}, []string{"No more mails"}},
		"they said no and signed nothing": {true, true, false, 0, nil, nil},
		"they said no and have signed":    {true, true, true, 1, []string{"Thursday is fine."}, nil},
		"their address is dead":           {true, false, true, 0, nil, nil},
	} {
		t.Run(what, func(t *testing.T) {
			a, s := newPost()
			o := &outbox{post: s, notice: partnership.Notice{ID: "answer/a1", Kind: partnership.NoticeAnswer, Address: "a@mail.example", PartnershipID: "p1", Answer: answer}}
			a.Store = o
			s.view.Contract, s.view.OptedOut, s.view.SaidNo = nil, c.optedOut, c.saidNo
			if c.signed {
				s.view.Contract = &partnership.Contract{Version: 1, Status: partnership.EnvelopeCompleted}
			}
			require.NoError(t, a.SendNotice(t.Context(), NoticeRef{NoticeID: "answer/a1"}))
			require.NoError(t, a.SendNotice(t.Context(), NoticeRef{NoticeID: "answer/a1"}))
			require.Len(t, s.mails, c.mails)
			require.Equal(t, 1, o.done)
			for _, m := range s.mails {
				require.Equal(t, partnership.EffectKey("notice/answer/a1"), m.Key)
				require.Equal(t, "Re: dates", m.Subject)
				require.Empty(t, m.HTML, "plain words, as people write")
				require.Equal(t, []string{"first@in.example", "theirs@mail.example"}, m.Earlier)
				require.Equal(t, !c.signed, m.Unsubscribe != "")
				for _, words := range c.says {
					require.Contains(t, m.Text, words)
				}
				for _, words := range c.not {
					require.NotContains(t, m.Text, words)
				}
			}
		})
	}
}

// Every mail of a partnership stands behind its first one.
func TestMailsStandInOneThread(t *testing.T) {
	first := partnership.Mail{Key: partnership.Key("p1", partnership.Outreach, "offer/request", 1), ReplyTo: "reply+abc@in.example"}
	threaded(&first, "p1")
	require.True(t, strings.HasSuffix(first.MessageID, "@in.example"))
	require.Empty(t, first.Earlier)
	later := partnership.Mail{Key: partnership.Key("p1", partnership.Content, "draft/due", 1), ReplyTo: "reply+abc@in.example"}
	threaded(&later, "p1")
	require.Equal(t, []string{first.MessageID}, later.Earlier)
	require.NotEqual(t, first.MessageID, later.MessageID)
	another := partnership.Mail{Key: later.Key, ReplyTo: "reply+def@in.example"}
	threaded(&another, "p2")
	require.NotEqual(t, later.Earlier, another.Earlier, "another creator's")
	brands := partnership.Mail{Key: later.Key, ReplyTo: "partners@brand.example"}
	threaded(&brands, "p1")
	require.Empty(t, brands.MessageID, "no id in somebody else's domain")
}

func TestALongThreadIsNamedByItsFirstAndNewest(t *testing.T) {
	var long []string
	for i := range 40 {
		long = append(long, strings.Repeat("x", i+1))
	}
	short := newest(long)
	require.Len(t, short, maxEarlier)
	require.Equal(t, long[0], short[0])
	require.Equal(t, long[39], short[maxEarlier-1])
}
