package activities

import (
	"context"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/rapport-dev/rapport/partnership"
)

// news is a notice of a payout of 50 dollars for November.
func news(kind string, change ...func(*partnership.PayoutNews)) partnership.Notice {
	po := partnership.PayoutNews{
		ID: "po1", Period: "2026-11", AmountMinor: 5_000, WholeMinor: 5_000, Currency: "USD", Rail: "stripe", Account: "…7ab3", Ref: "tr_1",
		SentAt: time.Date(2026, 12, 4, 3, 0, 0, 0, time.UTC), Page: "https://r.example/e/abc/2026-11",
	}
	for _, edit := range change {
		edit(&po)
	}
	return partnership.Notice{ID: kind + "/po1", Kind: kind, Address: "old@mail.example", PartnershipID: "pa1", Payout: &po}
}

func TestAPayeeIsToldInWordsToActOn(t *testing.T) {
	for what, c := range map[string]struct {
		notice  partnership.Notice
		stopped bool
		saidNo  bool
		says    []string // no mail when there are none
	}{
		"paid":                          {news(partnership.NoticePaid), false, false, []string{"$50.00", "November 2026", "3 December 2026", "Stripe & Co", "…7ab3", "tr_1", "https://r.example/e/abc/2026-11"}},
		"paid, opted out":               {news(partnership.NoticePaid), true, true, []string{"$50.00"}},
		"paid, and the address is dead": {news(partnership.NoticePaid), true, false, nil},
		"not paid, their account": {
			news(partnership.NoticeFailed, func(po *partnership.PayoutNews) {
				po.Why = "the creator's account cannot receive transfers: the creator has to finish onboarding"
			}), false, false, []string{"$50.00", "your payout account does not take transfers", "look into your account", "Nothing of it is lost"},
		},
		"not paid, a reason that is ours": {
			news(partnership.NoticeFailed, func(po *partnership.PayoutNews) { po.Why = "no such object: key of U123 at platform acct_9" }), false, false,
			[]string{"refused the transfer", "tried again with the next payouts"},
		},
		"came back": {news(partnership.NoticeReturned), false, false, []string{"the $50.00 that we sent you", "We owe it to you again", "until a person here has looked at why"}},
		"came back in part": {
			news(partnership.NoticeReturned, func(po *partnership.PayoutNews) { po.AmountMinor = 2_000 }), false, false, []string{"of the $50.00 that we sent you", "$20.00 came back to us"},
		},
		"put off":               {news(partnership.NoticePutOff), false, false, []string{"$50.00", "stopped here before yours was sent", "you need not do anything"}},
		"put off, and taken up": {news(partnership.NoticePutOff, func(po *partnership.PayoutNews) { po.Overtaken = true }), false, false, nil},
		"their bank refused":    {news(partnership.NoticeBankRefused, func(po *partnership.PayoutNews) { po.Why = "account_closed" }), false, false, []string{"your bank did not take", "the account there is closed", "correct your bank details"}},
		"sent twice":            {news(partnership.NoticeDouble, func(po *partnership.PayoutNews) { po.Period = "" }), false, false, []string{"$50.00", "twice", "3 December 2026", "tr_1", "you need not do anything"}},
		"came back, said no":    {news(partnership.NoticeReturned), true, true, []string{"$50.00"}},
		"failed, dead address":  {news(partnership.NoticeFailed), true, false, nil},
	} {
		t.Run(what, func(t *testing.T) {
			a, s := newPost()
			a.Title = func(string) string { return "Stripe & Co" }
			o := &outbox{post: s, notice: c.notice, stopped: c.stopped}
			a.Store = o
			s.view.SaidNo, s.view.Creator.Email, s.view.Creator.Timezone = c.saidNo, "now@mail.example", "America/Los_Angeles"
			for range 2 {
				require.NoError(t, a.SendNotice(t.Context(), NoticeRef{NoticeID: c.notice.ID}))
			}
			require.Equal(t, 1, o.done)
			if c.says == nil {
				require.Empty(t, s.mails)
				return
			}
			require.Len(t, s.mails, 1)
			m := s.mails[0]
			require.Equal(t, "now@mail.example", m.To, "mail goes where the creator is reached now")
			require.Equal(t, partnership.EffectKey("notice/"+c.notice.ID), m.Key)
			require.Empty(t, m.Unsubscribe, "it is no advertising")
			words := strings.Join(strings.Fields(m.Subject+" "+m.Text), " ")
			for _, says := range append(c.says, "1 Main St, Austin TX 78701, US") {
				require.Contains(t, words, says)
			}
			for _, ours := range []string{"onboarding", "U123", "acct_9", "<no value>"} {
				require.NotContains(t, words, ours, "the team's own words")
			}
			require.NotContains(t, m.HTML, "<script>alert", "a name must not become markup")
		})
	}
}

// The code, and what was changed by it, reach the creator whatever they said of our mails; a code that opens nothing any more reaches nobody.
func TestACreatorIsToldWhereTheirMoneyGoes(t *testing.T) {
	at := time.Date(2026, 12, 4, 3, 0, 0, 0, time.UTC)
	for what, c := range map[string]struct {
		kind string
		news partnership.ChangeNews
		says []string // no mail when there are none
	}{
		"the code":        {partnership.NoticeCode, partnership.ChangeNews{Rail: "paypal", Account: "…mple", Code: "012345", Until: at}, []string{"012345", "…mple", "give the code to nobody", "19:00"}},
		"one that ended":  {partnership.NoticeCode, partnership.ChangeNews{Rail: "paypal", Code: "012345", Until: at, Over: true}, nil},
		"what it changed": {partnership.NoticeAccountChanged, partnership.ChangeNews{Rail: "paypal", Account: "…mple", At: at, From: at.Add(48 * time.Hour)}, []string{"…mple", "3 Dec", "5 Dec", "reply to this mail", "need no link"}},
	} {
		t.Run(what, func(t *testing.T) {
			a, s := newPost()
			o := &outbox{post: s, notice: partnership.Notice{ID: c.kind + "/c1/1", Kind: c.kind, Address: "old@mail.example", PartnershipID: "pa1", Change: &c.news}, stopped: true}
			a.Store = o
			s.view.SaidNo, s.view.Creator.Email, s.view.Creator.Timezone = true, "now@mail.example", "America/Los_Angeles"
			require.NoError(t, a.SendNotice(t.Context(), NoticeRef{NoticeID: o.notice.ID}))
			require.Equal(t, 1, o.done)
			if c.says == nil {
				require.Empty(t, s.mails)
				return
			}
			require.Len(t, s.mails, 1)
			require.Equal(t, "now@mail.example", s.mails[0].To)
			require.NotContains(t, s.mails[0].Subject, "012345", "a subject stands in lists and logs of vendors")
			for _, says := range c.says {
				require.Contains(t, strings.Join(strings.Fields(s.mails[0].Text), " "), says)
			}
		})
	}
}

func TestWhoObjectedReadsWhatWasDecided(t *testing.T) {
	for how, says := range map[partnership.Choice]string{partnership.ChoiceRelease: "it stands as it is", partnership.ChoiceVoid: "it was rejected", partnership.ChoiceAnswer: "is held until it is decided"} {
		a, s := newPost()
		o := partnership.Objection{ID: "o1", Kind: "commission", Decision: how, AmountMinor: 360, Currency: "USD", OrderID: "1005"}
		if how != partnership.ChoiceAnswer {
			o.DecidedAt = time.Date(2026, 12, 4, 3, 0, 0, 0, time.UTC)
		}
		said := "Look again:\n[press here](https://evil.example)"
		a.Store = &outbox{post: s, notice: partnership.Notice{
			ID: "n1", Kind: partnership.NoticeObjection, Address: "a@mail.example", PartnershipID: "pa1",
			Objection: &partnership.ObjectionNews{Objection: o, Said: said, Page: "https://r.example/e/abc"},
		}}
		require.NoError(t, a.SendNotice(t.Context(), NoticeRef{NoticeID: "n1"}))
		require.Len(t, s.mails, 1)
		require.Contains(t, strings.Join(strings.Fields(s.mails[0].Text), " "), says)
		require.Contains(t, s.mails[0].Subject, "Sale, order 1005, $3.60")
		require.NotContains(t, s.mails[0].HTML, `href="https://evil.example"`, "what was typed becomes no button")
	}
}

// A mail that its vendor refuses for good ends its notice, so that those behind it go on.
func TestAPayeeWhoCannotBeWrittenToHoldsUpNobody(t *testing.T) {
	a, s := newPost()
	o := &outbox{post: s, notice: news(partnership.NoticePaid)}
	a.Store, a.Mailer = o, refusingMailer{}
	require.NoError(t, a.SendNotice(t.Context(), NoticeRef{NoticeID: "payout_paid/po1"}))
	require.Equal(t, 1, o.done)
}

type refusingMailer struct{}

func (refusingMailer) SendMail(context.Context, partnership.Mail) (partnership.Receipt, error) {
	return partnership.Receipt{}, &partnership.VendorError{Vendor: "sendgrid", Op: "mail.send", Class: partnership.Permanent, Message: "the address is malformed"}
}
