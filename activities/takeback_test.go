package activities

import (
	"context"
	"encoding/json"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/rapport-dev/rapport/partnership"
)

// counter is a shop and a carrier that keep what was taken back, and a store that knows what was made.
type counter struct {
	*ledgerFake
	Shop
	Shipper
	code, order, label []string // taken back
	codes              map[string]partnership.Discount
	kit                *partnership.TrackingKit
}

func (c *counter) View(_ context.Context, id partnership.PartnershipID) (partnership.PartnershipView, error) {
	return partnership.PartnershipView{ID: id, Kit: c.kit, Terms: partnership.Terms{DiscountBPS: 1500}}, nil
}

func (c *counter) EnsureKit(context.Context, partnership.PartnershipID) (partnership.TrackingKit, error) {
	return *c.kit, nil
}

func (c *counter) SaveKit(_ context.Context, k partnership.TrackingKit, _ any) error {
	c.kit = &k
	return nil
}

func (c *counter) FindDiscount(_ context.Context, code string) (partnership.Discount, error) {
	if d, ok := c.codes[code]; ok {
		return d, nil
	}
	return partnership.Discount{}, partnership.Errorf(partnership.NotFound, "no such code")
}

func (c *counter) DeactivateDiscount(_ context.Context, id string) error {
	c.code = append(c.code, id)
	return nil
}

func (c *counter) FindGiftOrder(context.Context, partnership.EffectKey) (partnership.GiftOrder, error) {
	return partnership.GiftOrder{ID: "draft_1"}, nil
}

func (c *counter) CancelGiftOrder(_ context.Context, id string) error {
	c.order = append(c.order, id)
	return nil
}

func (c *counter) Shipment(_ context.Context, id string) (partnership.Shipment, error) {
	return partnership.Shipment{ID: id, TrackingCode: "EZ1"}, nil
}

func (c *counter) RefundLabel(_ context.Context, id string) error {
	c.label = append(c.label, id)
	return nil
}

func newCounter() (*Activities, *counter) {
	_, l, _ := newFakes(true)
	c := &counter{ledgerFake: l, codes: map[string]partnership.Discount{}, kit: &partnership.TrackingKit{PartnershipID: "x", Link: "https://r.example/c/abc", DiscountCode: "ADA15", DiscountID: "d1"}}
	return New(Deps{Store: c, Shop: c, Carriers: Only[Shipper]("easypost", c), Clock: l, Probe: leads("https://shop.example/p?utm_content=abc"), Day: 24 * time.Hour}), c
}

// leads is a link that leads there.
type leads string

func (l leads) Probe(context.Context, string) (string, error) { return string(l), nil }

// made puts an act into the ledger as confirmed, or as one whose answer was lost.
func (c *counter) made(t *testing.T, key partnership.EffectKey, receipt any) {
	t.Helper()
	row := &partnership.Effect{Key: key, State: partnership.EffectIntent, Attempts: 1, FirstAt: c.now}
	if receipt != nil {
		data, err := json.Marshal(receipt)
		require.NoError(t, err)
		row.State, row.Receipt, row.Progress = partnership.EffectConfirmed, data, data
	}
	c.rows[key] = row
}

func TestAnEndedCreatorsCodeSellsNoMore(t *testing.T) {
	for name, receipt := range map[string]any{"its receipt is there": partnership.Discount{ID: "d1", Code: "ADA15"}, "its answer was lost": nil} {
		t.Run(name, func(t *testing.T) {
			a, c := newCounter()
			c.made(t, codeKey("x"), receipt)
			c.codes["ADA15"] = partnership.Discount{ID: "d1", Code: "ADA15", Key: codeKey("x"), Active: true}
			done, err := a.DeactivateCode(t.Context(), Undo{PartnershipID: "x"})
			require.NoError(t, err)
			require.Equal(t, []string{"d1"}, c.code)
			require.Contains(t, done.Detail, "deactivated")
		})
	}
}

func TestNobodyElsesCodeIsTakenBack(t *testing.T) {
	a, c := newCounter()
	c.made(t, codeKey("x"), nil)
	c.codes["ADA15"] = partnership.Discount{ID: "d9", Code: "ADA15", Key: codeKey("somebody else"), Active: true}
	c.now = c.now.Add(time.Hour) // a look-up is believed by now
	_, err := a.DeactivateCode(t.Context(), Undo{PartnershipID: "x"})
	require.NoError(t, err)
	require.Empty(t, c.code)
}

func TestNoGiftAndNoLabelOutliveTheirCreator(t *testing.T) {
	a, c := newCounter()
	c.made(t, giftKey("x"), partnership.GiftOrder{ID: "draft_1"})
	c.made(t, labelKey("x"), partnership.Shipment{ID: "shp_1"})
	_, err := a.CancelGift(t.Context(), Undo{PartnershipID: "x"})
	require.NoError(t, err)
	_, err = a.RefundLabel(t.Context(), Undo{PartnershipID: "x"})
	require.NoError(t, err)
	require.Equal(t, []string{"draft_1"}, c.order)
	require.Equal(t, []string{"shp_1"}, c.label)
	require.Equal(t, []partnership.Delivery{{PartnershipID: "x", GiftCancelled: true}, {PartnershipID: "x", LabelRefunded: true}}, c.kept, "neither is counted as spent any more")
}

// The gate opens to this creator's own link and code and to nothing else.
func TestTheGoLiveGate(t *testing.T) {
	right := partnership.Discount{ID: "d1", Code: "ADA15", Key: codeKey("x"), Active: true, PercentBPS: 1500}
	with := func(change func(*partnership.Discount)) partnership.Discount { d := right; change(&d); return d }
	for name, c := range map[string]struct {
		code     partnership.Discount
		location string
		refused  string
	}{
		"all is right":        {right, "https://shop.example/p?utm_content=abc", ""},
		"another host":        {right, "https://evil.example/p?utm_content=abc", "leads to evil.example/p"},
		"without TLS":         {right, "http://shop.example/p?utm_content=abc", "leads to"},
		"another product":     {right, "https://shop.example/other?utm_content=abc", "leads to"},
		"without its UTM":     {right, "https://shop.example/p", "lacks utm_content"},
		"no address":          {right, "https://shop example/%zz", "no address"},
		"somebody else's":     {with(func(d *partnership.Discount) { d.Key = codeKey("y") }), "https://shop.example/p?utm_content=abc", "not this creator's"},
		"switched off":        {with(func(d *partnership.Discount) { d.Active = false }), "https://shop.example/p?utm_content=abc", "not active"},
		"of another discount": {with(func(d *partnership.Discount) { d.PercentBPS = 1000 }), "https://shop.example/p?utm_content=abc", "gives 10 %"},
	} {
		t.Run(name, func(t *testing.T) {
			a, s := newCounter()
			a.Probe = leads(c.location)
			s.kit.Destination, s.kit.UTM = "https://shop.example/p", map[string]string{"utm_content": "abc"}
			s.codes["ADA15"] = c.code
			_, err := a.VerifyTracking(t.Context(), Tracking{PartnershipID: "x"})
			if c.refused == "" {
				require.NoError(t, err)
				require.False(t, s.kit.VerifiedAt.IsZero())
				return
			}
			require.ErrorContains(t, err, c.refused)
			require.True(t, s.kit.VerifiedAt.IsZero(), "nobody is cleared by it")
		})
	}
}

// sites are what each link answers with.
type sites map[string]string

func (s sites) Probe(_ context.Context, link string) (string, error) { return s[link], nil }

// Each deliverable's link is tried: one that leads astray clears nobody.
func TestTheGoLiveGateTriesEachLink(t *testing.T) {
	for name, c := range map[string]struct{ second, refused string }{
		"all lead home":          {"https://shop.example/p?utm_content=two", ""},
		"the second goes astray": {"https://shop.example/p?utm_content=one", "lacks utm_content"},
	} {
		t.Run(name, func(t *testing.T) {
			a, s := newCounter()
			link := func(code string) partnership.PostLink {
				return partnership.PostLink{Deliverable: code, Code: code, Link: "https://r.example/c/" + code, Destination: "https://shop.example/p", UTM: map[string]string{"utm_content": code}}
			}
			s.kit.Links = []partnership.PostLink{link("one"), link("two")}
			s.kit.Link, s.kit.Destination, s.kit.UTM = s.kit.Links[0].Link, s.kit.Links[0].Destination, s.kit.Links[0].UTM
			a.Probe = sites{"https://r.example/c/one": "https://shop.example/p?utm_content=one", "https://r.example/c/two": c.second}
			s.codes["ADA15"] = partnership.Discount{ID: "d1", Code: "ADA15", Key: codeKey("x"), Active: true, PercentBPS: 1500}
			seen, err := a.VerifyTracking(t.Context(), Tracking{PartnershipID: "x"})
			if c.refused == "" {
				require.NoError(t, err)
				require.Contains(t, seen.Detail, "The 2 links lead to the product")
				return
			}
			require.ErrorContains(t, err, c.refused)
			require.True(t, s.kit.VerifiedAt.IsZero(), "nobody is cleared by it")
		})
	}
}
