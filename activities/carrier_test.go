package activities

import (
	"context"
	"encoding/json"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/rapport-dev/rapport/partnership"
	"github.com/rapport-dev/rapport/partnership/money"
)

// loft is another carrier, which keeps what it was asked.
type loft struct {
	Shipper
	asked, bought, refunded []string
}

func (l *loft) CreateShipment(_ context.Context, r partnership.ShipmentRequest) (partnership.Shipment, error) {
	l.asked = append(l.asked, r.WebhookURL)
	return partnership.Shipment{ID: "pg_1", RateID: "pg_1"}, nil
}

func (l *loft) BuyLabel(_ context.Context, id, _ string) (partnership.Shipment, error) {
	l.bought = append(l.bought, id)
	return partnership.Shipment{ID: id, TrackingCode: "RING-1", CostMinor: 770, Currency: "CAD"}, nil
}

func (l *loft) Shipment(_ context.Context, id string) (partnership.Shipment, error) {
	return partnership.Shipment{ID: id, TrackingCode: "RING-1"}, nil
}

func (l *loft) Parcel(_ context.Context, id string) (partnership.Parcel, error) {
	l.asked = append(l.asked, id)
	return partnership.Parcel{Status: partnership.ParcelInTransit}, nil
}

func (l *loft) RefundLabel(_ context.Context, id string) error {
	l.refunded = append(l.refunded, id)
	return nil
}

// addressed is a store whose creators have addresses.
type addressed struct{ *counter }

func (a addressed) View(_ context.Context, id partnership.PartnershipID) (partnership.PartnershipView, error) {
	return partnership.PartnershipView{
		ID: id, Address: &partnership.Address{Name: "Ada", Line1: "1 Main St", City: "Austin", Region: "TX", PostalCode: "78701", Country: "US"},
		Campaign: partnership.Campaign{Brand: partnership.Brand{Name: "Acme", PostalAddress: "1 Main St, Austin TX 78701, US"}},
	}, nil
}

func (a addressed) NoteProgress(_ context.Context, key partnership.EffectKey, v any) (err error) {
	a.rows[key].Progress, err = json.Marshal(v)
	return err
}

// Two carriers stand side by side: each story's steps go to its own, and one that names none goes where stories went before.
func TestEachStoryHasItsOwnCarrier(t *testing.T) {
	a, c := newCounter()
	second, first := &loft{}, &loft{}
	a.Store, a.PublicURL = addressed{c}, "https://rapport.example"
	a.Carriers = Among[Shipper]{First: "easypost", By: map[string]Shipper{"easypost": first, "pigeon": second}}

	for carrier, to := range map[string]*loft{"pigeon": second, "": first} {
		id := partnership.PartnershipID("story " + carrier)
		_, err := a.BuyLabel(t.Context(), Gift{PartnershipID: id, Gift: partnership.Gift{Carrier: carrier, WeightOz: 4}})
		require.NoError(t, err)
		require.Equal(t, []string{"pg_1"}, to.bought)
		label := c.kept[len(c.kept)-1]
		require.Equal(t, money.Amount{Currency: "CAD", Minor: 770}, money.Amount{Currency: label.CostCurrency, Minor: label.CostMinor}, "a label costs in its carrier's currency")
		_, err = a.LookAtParcel(t.Context(), Parcel{PartnershipID: id, ShipmentID: "pg_1", Carrier: carrier})
		require.NoError(t, err)
		_, err = a.RefundLabel(t.Context(), Undo{PartnershipID: id, Carrier: carrier})
		require.NoError(t, err)
		require.Equal(t, []string{"pg_1"}, to.refunded)
	}
	require.Equal(t, []string{"https://rapport.example/webhooks/pigeon", "pg_1"}, second.asked)
	require.Equal(t, []string{"https://rapport.example/webhooks/easypost", "pg_1"}, first.asked)

	_, err := a.BuyLabel(t.Context(), Gift{PartnershipID: "z", Gift: partnership.Gift{Carrier: "owl", WeightOz: 4}})
	require.ErrorContains(t, err, `the carrier "owl" is not configured`)
}
