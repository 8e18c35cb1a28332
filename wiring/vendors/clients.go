package vendors

import (
	"cmp"
	"context"
	"net/http"
	"time"

	"github.com/rapport-dev/rapport/activities"
	"github.com/rapport-dev/rapport/app/deeds"
	"github.com/rapport-dev/rapport/app/payouts"
	"github.com/rapport-dev/rapport/integrations"
	"github.com/rapport-dev/rapport/integrations/httpx"
	"github.com/rapport-dev/rapport/partnership"
)

// Clients are the clients of the vendors that are on.
type Clients struct {
	vendors Vendors
	by      map[string]any
}

// Open makes the clients. It calls nobody.
func (v Vendors) Open(day time.Duration) Clients {
	c := Clients{vendors: v, by: map[string]any{}}
	for _, one := range v {
		if one.On() && one.Fills != "" {
			c.by[one.Name] = one.Settings.Open(&http.Client{Timeout: callTimeout(day)})
		}
	}
	return c
}

// Keep gives the book to those whose vendor cannot be asked.
func (c Clients) Keep(book integrations.BankBook) {
	for _, client := range c.by {
		if keeper, ok := client.(integrations.Keeper); ok {
			keeper.Keep(book)
		}
	}
}

// callTimeout bounds one call. It ends well before the activity's attempt does (workflows/options.go), so that two attempts of
// one step are never under way at once.
func callTimeout(day time.Duration) time.Duration {
	if day < time.Hour {
		return 4 * time.Second
	}
	return httpx.DefaultTimeout
}

// Check asks a vendor whether it takes our settings. One that is off, or whose client cannot ask, is not asked.
func (c Clients) Check(ctx context.Context, vendor string) error {
	if client, ok := c.by[vendor].(integrations.Checker); ok {
		return client.Check(ctx)
	}
	return nil
}

// subscriber is what a client is whose vendor reports by subscriptions that it may remove.
type subscriber interface {
	KeepSubscriptions(ctx context.Context, front string) (restored []string, err error)
}

// KeepSubscriptions puts back what a vendor has removed of its reports to our front door, and says what; asked is false for a vendor that
// removes none.
func (c Clients) KeepSubscriptions(ctx context.Context, vendor, front string) (restored []string, asked bool, err error) {
	client, ok := c.by[vendor].(subscriber)
	if !ok {
		return nil, false, nil
	}
	restored, err = client.KeepSubscriptions(ctx, front)
	return restored, true, err
}

// Among are the clients that fill a port side by side, as far as they are on.
func Among[C any](c Clients, port partnership.Port) activities.Among[C] {
	all := activities.Among[C]{By: map[string]C{}}
	for _, name := range c.vendors.Filling(port) {
		if all.First == "" {
			all.First = name
		}
		if client, on := c.by[name]; on {
			all.By[name] = client.(C) // one without its port's methods is no client: TestEachVendorFillsItsPort
		}
	}
	return all
}

// First is the client of a port that nobody chooses among, with its vendor's name. One that is off is a nil interface.
func First[C any](c Clients, port partnership.Port) (client C, name string) {
	all := Among[C](c, port)
	return all.By[all.First], all.First
}

// Banker is a rail that is paid by files.
func (c Clients) Banker(name string) (deeds.Banker, error) {
	rail, err := Among[any](c, partnership.RailPort).Named(partnership.RailPort, name)
	if bank, ok := rail.(deeds.Banker); ok {
		return bank, nil
	}
	return nil, cmp.Or[error](err, partnership.Errorf(partnership.Missing, "%s is paid by no file", name))
}

// Provider is a rail that shows what it has moved.
func (c Clients) Provider(name string) (payouts.Provider, error) {
	return Among[activities.PayoutRail](c, partnership.RailPort).Named(partnership.RailPort, name)
}

// Into gives the steps the clients that there are. One that is not stays a nil interface, which the steps look for.
func (c Clients) Into(d *activities.Deps) {
	d.Mailer, d.Names.Mail = First[activities.Mailer](c, partnership.MailPort)
	d.Signer, d.Names.Signing = First[activities.Signer](c, partnership.SigningPort)
	d.Shop, d.Names.Shop = First[activities.Shop](c, partnership.ShopPort)
	d.Orders, _ = First[activities.Orders](c, partnership.ShopPort)
	d.Chat, d.Names.Chat = First[activities.Chat](c, partnership.ChatPort)
	d.Carriers = Among[activities.Shipper](c, partnership.CarrierPort)
	d.Rails = Among[activities.PayoutRail](c, partnership.RailPort)
}
