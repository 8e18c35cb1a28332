package activities

import (
	"context"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/rapport-dev/rapport/partnership"
)

// desk is a store that keeps what was booked, and a signing vendor that knows what was signed.
type desk struct {
	*ledgerFake
	Signer
	caption  string
	fees     []int64
	live     []bool
	status   partnership.EnvelopeStatus
	filed    []partnership.Contract
	asked    int
	reserved []int64
	refuse   error
}

func (d *desk) View(_ context.Context, id partnership.PartnershipID) (partnership.PartnershipView, error) {
	return partnership.PartnershipView{ID: id, Campaign: partnership.Campaign{Brief: partnership.Brief{Disclosure: "#ad"}}}, nil
}

func (d *desk) Submission(context.Context, string) (partnership.Submission, error) {
	return partnership.Submission{ID: "s1", Caption: d.caption, At: d.now}, nil
}

func (d *desk) SavePost(_ context.Context, _ partnership.PartnershipID, _, _ string, disclosed bool, _ string) error {
	d.live = append(d.live, disclosed)
	return nil
}

func (d *desk) EarnFee(_ context.Context, _ partnership.PartnershipID, _ string, minor int64, _ time.Time) error {
	d.fees = append(d.fees, minor)
	return nil
}

func (d *desk) Envelope(_ context.Context, id string) (partnership.Envelope, error) {
	d.asked++
	return partnership.Envelope{ID: id, Status: d.status}, nil
}

func (d *desk) Documents(context.Context, string) (partnership.SignedDocuments, error) {
	return partnership.SignedDocuments{Contract: []byte("signed"), Certificate: []byte("certificate")}, nil
}

func (d *desk) SaveContract(_ context.Context, c partnership.Contract) error {
	d.filed = append(d.filed, c)
	return nil
}

func (d *desk) ReserveBudget(_ context.Context, _ partnership.CampaignID, _ partnership.RosterEntry, _ partnership.Terms, minor int64) error {
	d.reserved = append(d.reserved, minor)
	return d.refuse
}

func newDesk() (*Activities, *desk) {
	_, l, _ := newFakes(true)
	d := &desk{ledgerFake: l}
	return New(Deps{Store: d, Signer: d, Clock: l, Day: 24 * time.Hour}), d
}

// A fee is for a post that says what it is: one that hides it is kept as evidence, and earns when it is mended.
func TestAPostEarnsItsFeeWhenItDiscloses(t *testing.T) {
	a, d := newDesk()
	d.caption = "Calm evenings. One flame. #ad"
	post := Post{PartnershipID: "x", SubmissionID: "s1", Deliverable: "reel-1", FeeMinor: 50_000}
	out, err := a.CheckPost(t.Context(), post)
	require.NoError(t, err)
	require.False(t, out.Disclosed)
	require.NotEmpty(t, out.Why)
	require.Empty(t, d.fees)

	d.caption = "#ad Calm evenings. One flame."
	out, err = a.CheckPost(t.Context(), post)
	require.NoError(t, err)
	require.True(t, out.Disclosed)
	require.Equal(t, []int64{50_000}, d.fees)
	require.Equal(t, []bool{false, true}, d.live)
}

// A message that a contract was signed proves nothing: the vendor is asked, and what it says is filed.
func TestASignatureIsTheVendorsWord(t *testing.T) {
	for _, status := range []partnership.EnvelopeStatus{partnership.EnvelopeSent, partnership.EnvelopeDeclined, partnership.EnvelopeCompleted} {
		a, d := newDesk()
		d.status = status
		env, err := a.ConfirmSignature(t.Context(), Contract{PartnershipID: "x", Version: 1, EnvelopeID: "env-1"})
		require.NoError(t, err)
		require.Equal(t, status, env.Status)
		require.Equal(t, 1, d.asked)
		require.Len(t, d.filed, 1)
		require.Equal(t, status, d.filed[0].Status)
		require.Equal(t, status == partnership.EnvelopeCompleted, len(d.filed[0].Certificate) > 0)
	}
}

// What was negotiated is reserved whole, gift and fee, and is agreed only when the budget has it.
func TestNegotiatedTermsAreReservedWhole(t *testing.T) {
	a, d := newDesk()
	terms := partnership.Terms{Currency: "USD", FeeMinor: 60_000, Gift: &partnership.Gift{ValueMinor: 3_600}}
	g, err := a.ReserveBudget(t.Context(), Reservation{CampaignID: "c", Terms: terms})
	require.NoError(t, err)
	require.True(t, g.OK)
	require.Equal(t, []int64{terms.CostMinor()}, d.reserved)
	require.GreaterOrEqual(t, d.reserved[0], int64(60_000))

	d.refuse = partnership.Errorf(partnership.Conflict, "the budget left does not cover it")
	g, err = a.ReserveBudget(t.Context(), Reservation{CampaignID: "c", Terms: terms})
	require.NoError(t, err)
	require.False(t, g.OK)
}
