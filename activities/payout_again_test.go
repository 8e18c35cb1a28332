package activities

import (
	"context"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/rapport-dev/rapport/partnership"
)

// restoredBank is a bank whose books went back to before the rest of its run was rejected, and remembers what was rejected again.
type restoredBank struct {
	*bank

	again []partnership.Deed
}

func (b *restoredBank) CheckSentBack(context.Context, partnership.PayoutID) error {
	return partnership.Errorf(partnership.WentBack, "the books do not have the rejection of this run's rest any more: they have gone back to before it")
}

func (b *restoredBank) RejectRestAgain(_ context.Context, _ string, d partnership.Deed) error {
	b.again = append(b.again, d)
	return nil
}

// What a person has sent back is not sent by books that have lost it: nothing is posted, and the rejection is written down under the name of
// whoever made it.
func TestWhatWasSentBackIsNotSentByBooksThatHaveLostThat(t *testing.T) {
	_, bank := newBank()
	b := &restoredBank{bank: bank}
	a := New(Deps{Store: b, Rails: Only[PayoutRail]("stripe", b), Clock: b.ledgerFake})
	_, err := a.ExecuteTransfer(t.Context(), PayoutRef{PayoutID: "po1", Rejected: true})
	require.ErrorContains(t, err, "gone back")
	require.Zero(t, b.sent)
	require.Equal(t, partnership.PayoutPlanned, b.payout.State)
	require.NoError(t, a.VoidPayoutPlan(t.Context(), Rejection{RunID: "dreams/2026-11/1", By: "slack:U_A", Reason: "no money", Rest: true, Again: true}))
	require.Len(t, b.again, 1)
	require.Equal(t, "slack:U_A: payout-run/dreams/2026-11: no money", b.again[0].Who+": "+b.again[0].Subject+": "+b.again[0].Reason)
	_, err = a.ExecuteTransfer(t.Context(), PayoutRef{PayoutID: "po1"})
	require.NoError(t, err, "of a run that nobody has rejected")
	require.Equal(t, 1, b.sent)
}

// cardsFake keeps the cards that were posted.
type cardsFake struct {
	Chat

	posted []partnership.Message
}

func (c *cardsFake) PostMessage(_ context.Context, m partnership.Message) (partnership.MessageRef, error) {
	c.posted = append(c.posted, m)
	return partnership.MessageRef{}, nil
}

// runBooks know the run that the cards are of.
type runBooks struct{ *ledgerFake }

func (runBooks) PayoutRun(_ context.Context, id string) (partnership.PayoutRun, error) {
	return partnership.PayoutRun{ID: id, Program: "dreams", Period: "2026-11", TotalMinor: 5_000, Currency: "USD"}, nil
}

// The card of a plan is posted once, and once more for each run that takes the plan up from the books: its first card may say that somebody
// approved it, which books that went back to before that do not know, and has no buttons any more.
func TestALostApprovalIsAskedForByACardOfItsOwn(t *testing.T) {
	_, ledger, _ := newFakes(true)
	chat := &cardsFake{}
	a := New(Deps{Store: runBooks{ledger}, Chat: chat, Clock: ledger})
	card := ApprovalCard{RunID: "dreams/2026-11/1", Program: "dreams", Period: "2026-11", Plan: partnership.PayoutPlan{LinesHash: "h1", TotalMinor: 5_000, Currency: "USD"}}
	for _, again := range []string{"", "", "w2", "w2", "w3"} {
		card.Again = again
		require.NoError(t, a.AskForApproval(t.Context(), card))
	}
	require.Len(t, chat.posted, 3)
	require.Empty(t, chat.posted[0].Body)
	for _, m := range chat.posted {
		require.Len(t, m.Buttons, 2)
		require.Equal(t, chat.posted[0].Buttons, m.Buttons, "whichever is pressed approves the same lines")
	}
	require.Contains(t, chat.posted[1].Body, "lost")
}
