package activities

import (
	"context"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/rapport-dev/rapport/partnership"
)

// Letters that court carry the way out, for mail programs and in words, and the sender's address; they are not sent without it, and to
// nobody who opted out, whatever agreement stands.
func TestCourtingLettersKeepTheLaw(t *testing.T) {
	for _, kind := range []string{"invitation", "offer_reminder", "counter_refused"} {
		letter := Letter{PartnershipID: "p1", Stage: partnership.Outreach, Kind: kind, Task: "offer", Step: "nudge"}
		a, s := newPost()
		_, err := a.SendLetter(t.Context(), letter)
		require.NoError(t, err)
		require.Len(t, s.mails, 1, kind)
		require.Equal(t, "https://r.example/u/y", s.mails[0].Unsubscribe, kind)
		require.Contains(t, s.mails[0].Text, "https://r.example/u/y", kind)
		require.Contains(t, s.mails[0].Text, s.view.Campaign.Brand.PostalAddress, kind)

		a, s = newPost()
		s.view.Campaign.Brand.PostalAddress = " "
		_, err = a.SendLetter(t.Context(), letter)
		require.ErrorContains(t, err, "brand.postal_address")
		require.Empty(t, s.mails, kind)

		a, s = newPost()
		s.view.OptedOut, s.view.Contract = true, &partnership.Contract{Version: 1, Status: partnership.EnvelopeCompleted}
		sent, err := a.SendLetter(t.Context(), letter)
		require.NoError(t, err)
		require.True(t, sent.OptedOut, kind)
		require.Empty(t, s.mails, kind)
	}
}

// A contract that took the place of the first is no signature: until somebody has signed, whoever opted out hears nothing.
func TestAContractSentAnewIsNoSignature(t *testing.T) {
	for status, sent := range map[partnership.EnvelopeStatus]int{partnership.EnvelopeSent: 0, partnership.EnvelopeCompleted: 1} {
		a, s := newPost()
		s.view.OptedOut, s.view.Contract = true, &partnership.Contract{Version: 2, Status: status}
		_, err := a.SendLetter(t.Context(), Letter{PartnershipID: "p1", Stage: partnership.Contracting, Kind: "sign_reminder", Task: "sign", Step: "nudge"})
		require.NoError(t, err)
		require.Len(t, s.mails, sent, status)
	}
}

// forgetful is a chat that takes a message, loses its answer, and cannot be asked.
type forgetful struct {
	Chat
	posted int
	found  error
}

func (c *forgetful) PostMessage(context.Context, partnership.Message) (partnership.MessageRef, error) {
	c.posted++
	return partnership.MessageRef{}, &partnership.VendorError{Vendor: "slack", Class: partnership.Ambiguous, Message: "no answer"}
}

func (c *forgetful) FindMessage(context.Context, partnership.Message, time.Time) (partnership.MessageRef, error) {
	return partnership.MessageRef{}, c.found
}

// "I cannot say" is no "no": a vendor that is away, or refuses the question, does not make the act be done again.
func TestAVendorThatCannotBeAskedMakesNoSecondOne(t *testing.T) {
	for name, cannot := range map[string]error{
		"away":        &partnership.VendorError{Vendor: "slack", Class: partnership.Retry, Message: "503"},
		"a wrong key": &partnership.VendorError{Vendor: "slack", Class: partnership.Permanent, Message: "invalid_auth"},
		"no answer":   &partnership.VendorError{Vendor: "slack", Class: partnership.Ambiguous, Message: "connection reset"},
	} {
		t.Run(name, func(t *testing.T) {
			_, l, _ := newFakes(true)
			chat := &forgetful{found: cannot}
			a := New(Deps{Store: l, Chat: chat, Clock: l, Day: 24 * time.Hour})
			for range 5 {
				_, err := a.post(t.Context(), partnership.Message{Key: "campaign/c1/news/1", Kind: "news"})
				require.Error(t, err)
				l.now = l.now.Add(10 * time.Minute)
			}
			require.Equal(t, 1, chat.posted)
		})
	}
}
