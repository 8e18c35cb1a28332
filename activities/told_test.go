package activities

import (
	"context"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/rapport-dev/rapport/partnership"
)

// slackFake takes messages, or refuses them.
type slackFake struct {
	Chat
	refuses func(partnership.Message) error
	posted  []string // kinds
}

func (c *slackFake) PostMessage(_ context.Context, m partnership.Message) (partnership.MessageRef, error) {
	if c.refuses != nil {
		if err := c.refuses(m); err != nil {
			return partnership.MessageRef{}, err
		}
	}
	c.posted = append(c.posted, m.Kind)
	return partnership.MessageRef{}, nil
}

// revoked is what Slack says to everybody once its token was revoked.
func revoked(partnership.Message) error {
	return &partnership.VendorError{Vendor: "slack", Op: "post_message", Class: partnership.Barred, Message: "token_revoked"}
}

// tellFake keeps two findings and which were told.
type tellFake struct {
	*ledgerFake
	told []int64
}

func (w *tellFake) Findings(context.Context, []int64) ([]partnership.Finding, error) {
	of := func(id int64) partnership.Finding {
		return partnership.Finding{ID: id, Stuck: partnership.Stuck{WorkflowID: "payout/x", WorkflowType: "Payout", Kind: partnership.StuckFailed}}
	}
	return []partnership.Finding{of(1), of(2)}, nil
}

func (w *tellFake) FindingsTold(_ context.Context, ids []int64) error {
	w.told = append(w.told, ids...)
	return nil
}

func TestWhatTheChatDidNotTakeIsNotTold(t *testing.T) {
	_, ledger, _ := newFakes(true)
	w, chat := &tellFake{ledgerFake: ledger}, &slackFake{refuses: revoked}
	a := New(Deps{Store: w, Chat: chat, Clock: ledger})
	in := StuckCards{Findings: []int64{1, 2}}
	require.Error(t, a.TellStuck(t.Context(), in))
	require.Empty(t, w.told)
	chat.refuses = func(m partnership.Message) error {
		if m.Key == "workflow/payout/x/stuck/1/"+"-62135596800" {
			return &partnership.VendorError{Vendor: "slack", Op: "post_message", Class: partnership.Permanent, Message: "msg_too_long"}
		}
		return nil
	}
	require.Error(t, a.TellStuck(t.Context(), in))
	require.Equal(t, []int64{2}, w.told, "one that is refused silences no other")
	chat.refuses = nil
	require.NoError(t, a.TellStuck(t.Context(), in))
	require.Contains(t, w.told, int64(1))
}

// What finance has to know of is there when a revoked token is replaced; what it is about does not wait for that.
func TestACardOfMoneyIsThereWhenTheChatIsBack(t *testing.T) {
	for kind, tell := range map[string]func(context.Context, *Activities) error{
		"unknown_payout": func(ctx context.Context, a *Activities) error {
			return a.AskAboutTransfer(ctx, LookUp{PayoutID: "po1", Beside: true})
		},
		"payout_refused": func(ctx context.Context, a *Activities) error {
			return a.TellRefused(ctx, Refused{PayoutID: "po1", Beside: true})
		},
		"funds_missing": func(ctx context.Context, a *Activities) error {
			return a.CheckFunds(ctx, Funds{RunID: "r1"})
		},
		"reconciliation": func(ctx context.Context, a *Activities) error { return a.ReconcileRun(ctx, RunRef{RunID: "r1"}) },
		"run_stuck": func(ctx context.Context, a *Activities) error {
			return a.ReportStuckRun(ctx, StuckRun{PayoutID: "po1"})
		},
		"unknown_effect": func(ctx context.Context, a *Activities) error { return a.park(ctx, "mail/1", "mail", a.Clock.Now()) },
	} {
		t.Run(kind, func(t *testing.T) {
			_, b := newBank()
			chat := &slackFake{refuses: revoked}
			a := New(Deps{Store: b, Rails: Only[PayoutRail]("stripe", b), Chat: chat, Clock: b.ledgerFake, Day: 24 * time.Hour})
			b.payout.State = partnership.PayoutUnknown
			if kind == "funds_missing" {
				b.payout.State = partnership.PayoutPlanned
			}
			if kind == "reconciliation" { // a run is reconciled once nothing of it is in doubt any more
				b.payout.State = partnership.PayoutPaid
			}
			b.made = []partnership.Transfer{{ID: "tr_1", AmountMinor: 1}, {ID: "tr_2", AmountMinor: 1}}
			_, err := b.BeginEffect(t.Context(), "mail/1", "mail")
			require.NoError(t, err)
			require.ErrorContains(t, tell(t.Context(), a), "token_revoked", "an attempt that told nobody is no success")
			chat.refuses = nil
			_ = tell(t.Context(), a)
			require.Equal(t, []string{kind}, chat.posted)
		})
	}
}

// The rows of a refused transfer, and a look-up's finding, are written whatever the chat does.
func TestMoneyIsSettledWithoutTheChat(t *testing.T) {
	_, b := newBank()
	a := New(Deps{Store: b, Rails: Only[PayoutRail]("stripe", b), Chat: &slackFake{refuses: revoked}, Clock: b.ledgerFake, Day: 24 * time.Hour})
	for _, beside := range []bool{true, false} { // false: of payouts from before
		b.payout.State = partnership.PayoutPosted
		state, err := a.LookUpTransfer(t.Context(), LookUp{PayoutID: "po1", Beside: beside})
		require.NoError(t, err)
		require.Equal(t, partnership.PayoutUnknown, state)
		state, err = a.ReleaseRefused(t.Context(), Refused{PayoutID: "po1", Beside: beside})
		require.NoError(t, err)
		require.Equal(t, partnership.PayoutFailed, state)
	}
}
