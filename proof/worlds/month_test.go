package worlds

import (
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/rapport-dev/rapport/partnership"
	"github.com/rapport-dev/rapport/store"
)

// What happens in a month, and what each creator has earned by it: the rules written a second time, by the simplest means, from
// RULES §Money 2, 5 and 14 alone.

type month struct {
	bps      int64
	minimum  int64
	creators []*creator
	orders   []*order
	most     map[*creator]int64 // that each had ever earned: whatever was given back later, no more was due at any time
}

type creator struct {
	n        int
	id       partnership.CreatorID
	of       partnership.PartnershipID
	code     string
	accounts []string // at the provider, the newest last
	payable  bool     // the newest takes money
	moved    bool     // the account was replaced: money waits for a while
	fees     map[string]int64
}

type order struct {
	id       string
	of       *creator
	net      int64
	at       time.Time
	refunds  map[string]int64
	beside   map[string]int64 // given back without lines
	disputes map[string]partnership.SaleDispute
	held     bool // a person holds it
	cleared  bool // and found it right
	rejected bool // or rejected it
}

// half is n/d rounded half away from zero.
func half(n, d int64) int64 {
	if n < 0 {
		return -half(-n, d)
	}
	return (2*n + d) / (2 * d)
}

// earned is what a sale comes to.
func (o *order) earned(bps int64) int64 {
	if o.rejected {
		return 0
	}
	back := int64(0)
	for _, minor := range o.refunds {
		back += minor
	}
	for _, minor := range o.beside {
		back += minor
	}
	for _, d := range o.disputes {
		if d.Lost && !d.Won {
			back += d.AmountMinor
		}
	}
	full := half(o.net*bps, 10_000)
	return full - half(full*min(back, o.net), o.net)
}

// earned is what a creator has earned in all.
func (w *world) earned(c *creator) (minor int64) {
	for _, fee := range c.fees {
		minor += fee
	}
	for _, o := range w.orders {
		if o.of == c {
			minor += o.earned(w.bps)
		}
	}
	return minor
}

// reckon takes down what everybody has earned by now, before something is given back.
func (w *world) reckon() {
	if w.most == nil {
		w.most = map[*creator]int64{}
	}
	for _, c := range w.creators {
		w.most[c] = max(w.most[c], w.earned(c))
	}
}

// populate makes the creators with their accounts, and what they had earned before the first run.
func (w *world) populate() {
	ctx, n := w.ctx, 5+w.rng.IntN(8)
	if w.rng.IntN(6) == 0 {
		n = 13 + w.rng.IntN(28)
	}
	w.bps, w.minimum = int64(200+w.rng.IntN(1800)), []int64{0, 100, 2_500}[w.rng.IntN(3)]
	people := make([]partnership.Creator, n)
	for i := range people {
		people[i] = partnership.Creator{
			Handle: fmt.Sprintf("c%d", i), Name: fmt.Sprintf("Creator %d", i), Email: fmt.Sprintf("c%d@mail.example", i), Platform: "instagram", Followers: 9000, Niche: "home",
		}
	}
	above := int64(1) << 40
	if w.rng.IntN(3) == 0 {
		above = 1 // two people
	}
	id, _, err := w.store.CreateCampaign(ctx, partnership.Campaign{
		Name: "World", Program: w.program, Round: 1, Currency: w.currency, Timezone: "UTC", BudgetMinor: 1 << 40, Brand: partnership.Brand{Name: "Acme"},
		Destination: "https://shop.example/p", Selection: partnership.Selection{Target: n},
		Payout: partnership.PayoutPolicy{HoldDays: 1, MinimumMinor: w.minimum, Provider: railName, ApproveAboveMinor: above},
	}, people, w.program)
	must(w.t, err)
	w.campaign = id
	all, err := w.store.CampaignCreators(ctx, id)
	must(w.t, err)
	terms := partnership.Terms{Version: 1, Currency: w.currency, CommissionBPS: int(w.bps), HoldDays: 1, WindowDays: 30}
	for i, one := range all {
		c := &creator{n: i, id: one.ID, of: partnership.PartnershipFor(id, one.ID), fees: map[string]int64{}}
		must(w.t, w.store.ReserveBudget(ctx, id, partnership.RosterEntry{CreatorID: c.id, Tier: partnership.Nano, Niche: "home", Rank: i + 1}, terms, 0))
		kit, err := w.store.EnsureKit(ctx, c.of)
		must(w.t, err)
		kit.VerifiedAt = time.Now().Add(-10 * day)
		must(w.t, w.store.SaveKit(ctx, kit, nil))
		c.code = kit.DiscountCode
		w.openAccount(c, w.rng.IntN(8) != 0)
		w.creators = append(w.creators, c)
		for range w.rng.IntN(5) {
			w.sell(c)
		}
		if w.rng.IntN(2) == 0 {
			w.fee(c)
		}
	}
}

// openAccount gives a creator an account, of which the provider's forms are done or not.
func (w *world) openAccount(c *creator, done bool) {
	key := partnership.EffectKey(fmt.Sprintf("account/%s/%d", c.id, len(c.accounts)))
	var account partnership.PayoutAccount
	must(w.t, eventually(func() (err error) {
		account, err = w.rail.OpenAccount(w.ctx, partnership.AccountRequest{Key: key, CreatorID: c.id, Email: fmt.Sprintf("c%d@mail.example", c.n), Country: "US"})
		return err
	}))
	if done {
		must(w.t, eventually(func() error { return w.onboard(account.ID) }))
	}
	must(w.t, eventually(func() error {
		return w.store.SavePayoutAccount(w.ctx, c.id, partnership.PayoutAccount{ID: account.ID, Ready: done})
	}))
	c.moved = c.moved || len(c.accounts) > 0
	c.accounts, c.payable = append(c.accounts, account.ID), done
}

// onboard is the creator finishing the provider's forms, who comes back to nobody.
func (w *world) onboard(account string) error {
	stay := &http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	req, err := http.NewRequestWithContext(w.ctx, http.MethodPost, w.vendor.URL()+"/stripe/onboarding/"+account, nil)
	if err != nil {
		return err
	}
	resp, err := stay.Do(req)
	if err != nil {
		return err
	}
	return resp.Body.Close()
}

// sell is a sale by a creator's code. Most are past their hold.
func (w *world) sell(c *creator) {
	o := &order{
		id: strconv.Itoa(1000 + len(w.orders)), of: c, net: 1 + w.rng.Int64N(90_000), at: time.Now().Add(-time.Duration(2+w.rng.IntN(6)) * day),
		refunds: map[string]int64{}, beside: map[string]int64{}, disputes: map[string]partnership.SaleDispute{},
	}
	if w.rng.IntN(5) == 0 {
		o.at = time.Now()
	}
	w.orders = append(w.orders, o)
	w.tell(o)
}

// tell is the shop saying all that it knows of an order; whatever was heard before changes nothing.
func (w *world) tell(o *order) {
	w.must(func() error {
		_, err := w.store.RecordOrder(w.ctx, store.OrderIn{OrderID: o.id, Currency: w.currency, NetMinor: o.net, Codes: []string{o.of.code}, OccurredAt: o.at})
		return err
	})
	for id, minor := range o.refunds {
		w.refund(o, partnership.SaleRefund{RefundID: id, Lines: []partnership.RefundLine{{SubtotalMinor: minor}}})
	}
	for id, minor := range o.beside {
		w.refund(o, partnership.SaleRefund{RefundID: id, BesideMinor: minor})
	}
	for _, d := range o.disputes {
		w.must(func() error { _, err := w.store.RecordDispute(w.ctx, d, store.ByWebhook); return err })
	}
}

func (w *world) refund(o *order, r partnership.SaleRefund) {
	r.OrderID, r.Currency, r.At = o.id, w.currency, o.at.Add(time.Minute)
	w.must(func() error { _, err := w.store.RecordRefund(w.ctx, r, store.ByWebhook); return err })
}

// must does what a database that is away may keep from happening for a while.
func (w *world) must(f func() error) {
	w.t.Helper()
	must(w.t, eventually(f))
}

func (w *world) fee(c *creator) {
	w.earn(c, fmt.Sprintf("reel/%d", len(c.fees)), 1+w.rng.Int64N(40_000))
}

func (w *world) earn(c *creator, deliverable string, minor int64) {
	c.fees[deliverable] = minor
	w.must(func() error { return w.store.EarnFee(w.ctx, c.of, deliverable, minor, time.Now().Add(-time.Hour)) })
}

// retell is what a shop that is read again, and people who are asked again, say after a restore: all that has happened.
func (w *world) retell() {
	for _, o := range w.orders {
		w.tell(o)
	}
	for _, c := range w.creators {
		for deliverable, minor := range c.fees {
			w.earn(c, deliverable, minor)
		}
		account := partnership.PayoutAccount{ID: c.accounts[len(c.accounts)-1], Ready: c.payable}
		w.must(func() error { return w.store.SavePayoutAccount(w.ctx, c.id, account) })
	}
}

// ownerOf is whose account it is.
func (w *world) ownerOf(account string) *creator {
	for _, c := range w.creators {
		for _, a := range c.accounts {
			if a == account {
				return c
			}
		}
	}
	return nil
}

func upper(s string) string { return strings.ToUpper(s) }
