package stripe

import (
	"context"
	"slices"
	"strings"
	"sync"

	"github.com/stripe/stripe-go/v85"
)

// recipient is the service agreement of creators abroad: money crosses a border only to accounts under it, and an
// account's agreement cannot be changed once the creator has accepted it.
const recipient = "recipient"

// europe is the region whose countries pay each other's accounts as if no border were between them.
var europe = strings.Fields("AT BE BG CH CY CZ DE DK EE ES FI FR GB GI GR HR HU IE IS IT LI LT LU LV MT NL NO PL PT RO SE SI SK")

// home is where the platform's own Stripe account is. It never moves, so it is asked once.
type home struct {
	mu      sync.Mutex
	country string
}

func (c *Client) homeCountry(ctx context.Context) (string, error) {
	c.home.mu.Lock()
	defer c.home.mu.Unlock()
	if c.home.country != "" {
		return c.home.country, nil
	}
	ctx, seen := watch(ctx)
	platform, err := c.api.V1Accounts.Retrieve(ctx, nil)
	if err == nil && platform.Country == "" {
		err = errNoID
	}
	if err != nil {
		return "", c.vendorError(opAccount, err, seen, true)
	}
	c.home.country = platform.Country
	return platform.Country, nil
}

// agreement says under which service agreement an account in that country can be paid; nil is Stripe's usual one.
func (c *Client) agreement(ctx context.Context, country string) (*stripe.AccountCreateTOSAcceptanceParams, error) {
	if country == "" { // then Stripe opens it in the platform's own
		return nil, nil
	}
	from, err := c.homeCountry(ctx)
	if err != nil || from == country || slices.Contains(europe, from) && slices.Contains(europe, country) {
		return nil, err
	}
	return &stripe.AccountCreateTOSAcceptanceParams{ServiceAgreement: stripe.String(recipient)}, nil
}
