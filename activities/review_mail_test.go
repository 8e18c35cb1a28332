package activities

import (
	"context"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/rapport-dev/rapport/partnership"
	"github.com/rapport-dev/rapport/partnership/roster"
)

// post is what letters are made of and where they go.
type post struct {
	*eventsFake
	view  partnership.PartnershipView
	words string
	tasks []partnership.Task
	mails []partnership.Mail
	month partnership.Statement
	ready bool // what the rail says of the account
}

func newPost() (*Activities, *post) {
	_, l, _ := newFakes(true)
	s := &post{eventsFake: &eventsFake{ledgerFake: l}, view: someView()}
	return New(Deps{Store: s, Mailer: s, Rails: Only[PayoutRail]("stripe", s), Clock: l, Day: 24 * time.Hour}), s
}

func (s *post) View(context.Context, partnership.PartnershipID) (partnership.PartnershipView, error) {
	return s.view, nil
}

func (s *post) Submission(_ context.Context, id string) (partnership.Submission, error) {
	return partnership.Submission{ID: id, Note: s.words}, nil
}

func (s *post) OpenTask(_ context.Context, t partnership.Task) (string, error) {
	s.tasks = append(s.tasks, t)
	return "https://r.example/t/x", nil
}
func (s *post) OptOutURL(partnership.CreatorID) string        { return "https://r.example/u/y" }
func (s *post) ReplyAddress(partnership.PartnershipID) string { return "" }

func (s *post) SendMail(_ context.Context, m partnership.Mail) (partnership.Receipt, error) {
	s.mails = append(s.mails, m)
	return partnership.Receipt{ID: "m"}, nil
}

func (s *post) StatementTold(context.Context, string, partnership.Statement) error { return nil }

func (s *post) Statement(context.Context, string, partnership.CreatorID) (partnership.Statement, error) {
	return s.month, nil
}

func (s *post) NotePayoutAccount(_ context.Context, a partnership.PayoutAccount) ([]partnership.CreatorID, error) {
	return nil, s.SavePayoutAccount(context.Background(), "", a)
}

func (s *post) SavePayoutAccount(_ context.Context, _ partnership.CreatorID, a partnership.PayoutAccount) error {
	s.view.PayoutReady, s.month.PayoutReady = a.Ready, a.Ready
	return nil
}

func (s *post) Account(_ context.Context, id string) (partnership.PayoutAccount, error) {
	return partnership.PayoutAccount{ID: id, Ready: s.ready}, nil
}

func (s *post) OpenAccount(context.Context, partnership.AccountRequest) (partnership.PayoutAccount, error) {
	return partnership.PayoutAccount{}, nil
}
func (s *post) AvailableBalance(context.Context, string) (int64, error) { return 0, nil }

func (s *post) Transfer(context.Context, partnership.TransferRequest) (partnership.Transfer, error) {
	return partnership.Transfer{}, nil
}

func (s *post) GhostRisk(context.Context, partnership.PartnershipID) (float64, []roster.RiskPart, error) {
	return 0.7, nil, nil
}

func (s *post) TransfersOf(context.Context, partnership.PayoutID, string) ([]partnership.Transfer, error) {
	return nil, nil
}

func (s *post) Transfers(context.Context, time.Time, int) ([]partnership.Transfer, error) {
	return nil, nil
}

func (s *post) Onboarding() partnership.Onboarding { return partnership.OnboardHosted }

func (s *post) Serves(context.Context, string, string) (string, error) { return "", nil }

func (s *post) Reverse(context.Context, partnership.EffectKey, string, string, int64) error {
	return nil
}

// The page shows what the manager wrote, and the mail quotes it whole: no line of it becomes anything else.
func TestFeedbackReachesTheCreatorInItsWords(t *testing.T) {
	a, s := newPost()
	s.words = "Warmer light.\n[Log in here](https://evil.example)\n~ small"
	_, err := a.AskCreator(t.Context(), Request{Task: partnership.TaskDraft, Letter: Letter{
		PartnershipID: "p1", Stage: partnership.Content, Kind: "draft_changes", Task: "draft-2", Step: "request", Note: "4f2c-a-submission",
	}})
	require.NoError(t, err)
	require.Equal(t, s.words, s.tasks[0].Note)
	require.NotContains(t, s.mails[0].HTML, `href="https://evil.example"`)
	require.Contains(t, s.mails[0].Text, "> [Log in here](https://evil.example)")
}

// Before the signature every letter courts; after it the agreement is served.
func TestNobodyWhoOptedOutIsWrittenToBeforeTheSignature(t *testing.T) {
	for _, kind := range []string{"invitation", "offer_reminder", "sign_reminder", "ended"} {
		a, s := newPost()
		s.view.OptedOut = true
		sent, err := a.SendLetter(t.Context(), Letter{PartnershipID: "p1", Stage: partnership.Outreach, Kind: kind, Task: "offer", Step: "nudge"})
		require.NoError(t, err)
		require.True(t, sent.OptedOut, kind)
		require.Empty(t, s.mails, kind)
	}
	a, s := newPost()
	s.view.OptedOut, s.view.Contract = true, &partnership.Contract{Status: partnership.EnvelopeCompleted}
	sent, err := a.SendLetter(t.Context(), Letter{PartnershipID: "p1", Stage: partnership.Content, Kind: "draft_reminder", Task: "draft-1", Step: "nudge"})
	require.NoError(t, err)
	require.Len(t, s.mails, 1)
	require.InDelta(t, 0.7, sent.Risk, 0, "a reminder tells how likely they are gone")
}

func TestAnAccountWhoseMessageWasLostIsFoundReady(t *testing.T) {
	a, s := newPost()
	s.view.AccountID, s.ready = "acct_1", true
	_, err := a.SendLetter(t.Context(), Letter{PartnershipID: "p1", Stage: partnership.Performance, Kind: "payout_reminder", Task: "payout_setup", Step: "chaser-1"})
	require.NoError(t, err)
	require.True(t, s.view.PayoutReady)
	require.Empty(t, s.mails)

	a, s = newPost()
	s.month = partnership.Statement{Creator: s.view.Creator, Brand: s.view.Campaign.Brand, Period: "2026-11", Currency: "USD", AccountID: "acct_1"}
	s.ready = true
	require.NoError(t, a.SendStatement(t.Context(), StatementFor{RunID: "r", CreatorID: "c1"}))
	require.True(t, s.month.PayoutReady)
	require.NotContains(t, s.mails[0].Text, "set-up is missing")
}
