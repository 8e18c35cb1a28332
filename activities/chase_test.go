package activities

import (
	"context"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/rapport-dev/rapport/partnership"
)

// payees are those whose money waits.
type payees struct {
	*post
	waiting [][]partnership.WaitingPayee // by page
	chased  map[partnership.CreatorID]partnership.EffectKey
	lost    error // instead of the answer to a mail
}

func (p *payees) WaitingPayees(_ context.Context, cursor string) ([]partnership.WaitingPayee, string, error) {
	if cursor == "" && len(p.waiting) > 1 {
		return p.waiting[0], "next", nil
	}
	return p.waiting[len(p.waiting)-1], "", nil
}

func (p *payees) MayChase(_ context.Context, id partnership.CreatorID, key partnership.EffectKey) (bool, error) {
	if before, there := p.chased[id]; there {
		return before == key, nil
	}
	p.chased[id] = key
	return true, nil
}

// OpenChasers are as the store has them: sent, and not answered.
func (p *payees) OpenChasers(context.Context) (open []partnership.EffectKey, err error) {
	for _, key := range p.chased {
		if row := p.rows[key]; row != nil && row.State == partnership.EffectIntent && row.Attempts > 0 {
			open = append(open, key)
		}
	}
	return open, nil
}

func (p *payees) SendMail(ctx context.Context, m partnership.Mail) (partnership.Receipt, error) {
	if receipt, err := p.post.SendMail(ctx, m); p.lost == nil {
		return receipt, err
	}
	return partnership.Receipt{}, p.lost
}

func newPayees(waiting ...[]partnership.WaitingPayee) (*Activities, *payees) {
	a, s := newPost()
	p := &payees{post: s, waiting: waiting, chased: map[partnership.CreatorID]partnership.EffectKey{}}
	s.view.PayoutReady, s.view.Lacking = true, []partnership.Gate{partnership.GateTaxForm, partnership.GateVATID}
	a.Store, a.Mailer, a.Day = p, p, 24*time.Hour
	return a, p
}

// One mail says all that is missing; tried again it is the same mail, and nobody gets another.
func TestAChaserSaysAllThatIsMissingOnce(t *testing.T) {
	lena := partnership.WaitingPayee{CreatorID: "c1", PartnershipID: "p1", Timezone: "America/New_York"}
	a, p := newPayees([]partnership.WaitingPayee{lena}, []partnership.WaitingPayee{lena, {CreatorID: "c2"}})
	noon := time.Date(2026, 11, 30, 17, 0, 0, 0, time.UTC) // in New York
	for range 2 {
		_, err := a.ChasePayees(t.Context(), ChasePage{Since: noon})
		require.NoError(t, err)
	}
	require.Len(t, p.mails, 1)
	require.Contains(t, p.mails[0].Text, "- your tax form")
	require.Contains(t, p.mails[0].Text, "- your VAT id")
	require.NotContains(t, p.mails[0].Text, "where the money should go", "their account is ready")
	require.Equal(t, partnership.TaskPayoutSetup, p.tasks[0].Kind)
	_, err := a.ChasePayees(t.Context(), ChasePage{Since: noon.Add(24 * time.Hour)})
	require.NoError(t, err)
	require.Len(t, p.mails, 1, "another look is another mail, and too early")
}

// A mail whose answer was lost is on nobody's list any more: it is looked for all the same, and sent to nobody twice.
func TestALostAnswerAboutAChaserIsFound(t *testing.T) {
	a, p := newPayees([]partnership.WaitingPayee{{CreatorID: "c1", PartnershipID: "p1", Timezone: "America/New_York"}})
	page := ChasePage{Since: time.Date(2026, 11, 30, 17, 0, 0, 0, time.UTC)}
	p.lost = &partnership.VendorError{Vendor: "sendgrid", Class: partnership.Ambiguous}
	_, err := a.ChasePayees(t.Context(), page)
	require.Error(t, err, "it is not known yet")
	p.waiting, p.lost = [][]partnership.WaitingPayee{nil}, nil // who was just written to
	_, err = a.ChasePayees(t.Context(), page)
	require.Error(t, err, "nor is it now")
	p.accepted = true // an event says so
	_, err = a.ChasePayees(t.Context(), page)
	require.NoError(t, err)
	require.Len(t, p.mails, 1)
	require.Equal(t, partnership.EffectConfirmed, p.rows[p.chased["c1"]].State)
}

func TestNobodyIsChasedAtNight(t *testing.T) {
	for hour, written := range map[int]int{8: 0, 9: 1, 17: 1, 18: 0} { // in Berlin
		a, p := newPayees([]partnership.WaitingPayee{{CreatorID: "c1", PartnershipID: "p1", Timezone: "Europe/Berlin"}})
		_, err := a.ChasePayees(t.Context(), ChasePage{Since: time.Date(2026, 11, 30, hour-1, 30, 0, 0, time.UTC)})
		require.NoError(t, err)
		require.Len(t, p.mails, written, hour)
	}
}

// A partnership's own reminder goes on until all is there, and names what is missing.
func TestTheReminderGoesOnUntilAllIsThere(t *testing.T) {
	remind := Letter{PartnershipID: "p1", Stage: partnership.Performance, Kind: "payout_reminder", Task: "payout_setup", Step: "chaser-1"}
	a, p := newPayees(nil)
	_, err := a.SendLetter(t.Context(), remind)
	require.NoError(t, err)
	require.Len(t, p.mails, 1, "an account is not all")

	a, p = newPayees(nil)
	p.view.Lacking = nil
	_, err = a.SendLetter(t.Context(), remind)
	require.NoError(t, err)
	require.Empty(t, p.mails)

	a, p = newPayees(nil)
	out, err := a.AskForPayoutSetup(t.Context(), Request{Task: partnership.TaskPayoutSetup, Letter: Letter{PartnershipID: "p1", Stage: partnership.Performance, Kind: "payout_setup", Task: "payout_setup", Step: "request"}})
	require.NoError(t, err)
	require.False(t, out.Ready, "whose form is missing is not ready")
	require.Contains(t, p.mails[0].Text, "- your tax form")
}
