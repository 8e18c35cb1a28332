package stripe

import (
	"context"
	"slices"
	"strings"
	"sync"

	"github.com/stripe/stripe-go/v85"

	"github.com/rapport-dev/rapport/partnership"
)

// recipient is the service agreement of creators abroad: money crosses a border only to accounts under it, and an
// account's agreement cannot be changed once the creator has accepted it.
const recipient = "recipient"

// europe is the region whose countries pay each other's accounts as if no border were between them.
var europe = strings.Fields("AT BE BG CH CY CZ DE DK EE ES FI FR GB GI GR HR HU IE IS IT LI LT LU LV MT NL NO PL PT RO SE SI SK")

// home is where the platform's own Stripe account is, and whom Stripe pays from there. It never moves, so it is asked once.
type home struct {
	mu      sync.Mutex
	country string
	spec    *stripe.CountrySpec
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

// Onboarding says that creators are asked on Stripe's own pages.
func (c *Client) Onboarding() partnership.Onboarding { return partnership.OnboardHosted }

// Serves says in words why Stripe cannot pay somebody of a country in a currency, "" when it can: it says itself to which countries money
// goes from the platform's, before an offer promises any. No country is the platform's own.
func (c *Client) Serves(ctx context.Context, country, currency string) (string, error) {
	if err := c.check(opCountry, "-"); err != nil {
		return "", err
	}
	from, err := c.homeCountry(ctx)
	if err != nil {
		return "", err
	}
	spec, err := c.reach(ctx, from)
	if err != nil {
		return "", err
	}
	switch country = strings.ToUpper(country); {
	case country != "" && country != from && !slices.Contains(spec.SupportedTransferCountries, country):
		return "Stripe pays nobody in " + country + " from an account in " + from, nil
	case !slices.ContainsFunc(spec.SupportedPaymentCurrencies, func(c stripe.Currency) bool { return strings.EqualFold(string(c), currency) }):
		return "Stripe does not pay in " + currency + " from an account in " + from, nil
	}
	return "", nil
}

func (c *Client) reach(ctx context.Context, from string) (*stripe.CountrySpec, error) {
	c.home.mu.Lock()
	defer c.home.mu.Unlock()
	if c.home.spec != nil {
		return c.home.spec, nil
	}
	ctx, seen := watch(ctx)
	spec, err := c.api.V1CountrySpecs.Retrieve(ctx, from, nil)
	if err == nil && spec.ID == "" {
		err = errNoID
	}
	if err != nil {
		return nil, c.vendorError(opCountry, err, seen, true)
	}
	c.home.spec = spec
	return spec, nil
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
