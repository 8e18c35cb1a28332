// Package stripe pays creators through Stripe Connect: accounts that creators own, transfers to them, and the webhooks
// that tell what became of both.
package stripe

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/stripe/stripe-go/v85"

	"github.com/rapport-dev/rapport/integrations/httpx"
	"github.com/rapport-dev/rapport/partnership"
	"github.com/rapport-dev/rapport/partnership/money"
)

// The metadata that our objects carry at Stripe.
const (
	MetaPayoutID  = "payout_id"
	MetaCreatorID = "creator_id"
	MetaKey       = "rapport_key"
)

// Config says how to reach Stripe.
type Config struct {
	APIKey     string       // a secret or, better, a restricted key: Connect, transfers and balance
	BaseURL    string       // "" is Stripe's own; a path prefix is kept
	HTTPClient *http.Client // nil is a client of our own with httpx.DefaultTimeout
}

// Client moves money. It is safe for concurrent use and never retries by itself: the caller owns the attempts.
type Client struct {
	api *stripe.Client
	key string
	bad string // what is wrong with the configuration
	now func() time.Time

	home home
}

// New returns a client. What is wrong with c is reported by the first call, with what to do about it.
func New(c Config) *Client {
	out := &Client{key: c.APIKey, now: time.Now}
	base := c.BaseURL
	if base == "" {
		base = stripe.APIURL
	}
	u, err := url.Parse(base)
	if err != nil || u.Host == "" || (u.Scheme != "https" && u.Scheme != "http") {
		out.bad = "the base URL is not a web address: check STRIPE_BASE_URL"
		u = &url.URL{Scheme: "https", Host: "invalid.invalid"}
	}
	client := httpx.Client(c.HTTPClient)
	client.Transport = &wire{prefix: strings.TrimRight(u.Path, "/"), base: client.Transport}
	out.api = stripe.NewClient(c.APIKey, stripe.WithBackends(stripe.NewBackendsWithConfig(&stripe.BackendConfig{
		HTTPClient:        client,
		URL:               stripe.String(u.Scheme + "://" + u.Host),
		MaxNetworkRetries: stripe.Int64(0),
		EnableTelemetry:   stripe.Bool(false),
		LeveledLogger:     &stripe.LeveledLogger{Level: stripe.LevelNull}, // its messages quote requests
	})))
	return out
}

// The operations, as they appear in errors.
const (
	vendor         = "stripe"
	opOpenAccount  = "account.create"
	opAccount      = "account.get"
	opAccountLink  = "account_link.create"
	opCountry      = "country_spec.get"
	opBalance      = "balance.get"
	opTransfer     = "transfer.create"
	opTransferList = "transfer.list"
	opReversal     = "reversal.create"
)

// OpenAccount opens an account that the creator completes in Stripe's own pages: an Express dashboard, and transfers as
// the only capability, because creators receive money and never charge; abroad, under the agreement that lets money cross.
func (c *Client) OpenAccount(ctx context.Context, r partnership.AccountRequest) (partnership.PayoutAccount, error) {
	if err := c.check(opOpenAccount, r.Key); err != nil {
		return partnership.PayoutAccount{}, err
	}
	country := strings.ToUpper(r.Country)
	agreement, err := c.agreement(ctx, country)
	if err != nil {
		return partnership.PayoutAccount{}, err
	}
	ctx, seen := watch(ctx)
	params := &stripe.AccountCreateParams{
		Params: idempotent(r.Key),
		Email:  optional(r.Email), Country: optional(country), TOSAcceptance: agreement,
		Capabilities: &stripe.AccountCreateCapabilitiesParams{
			Transfers: &stripe.AccountCreateCapabilitiesTransfersParams{Requested: stripe.Bool(true)},
		},
		Controller: &stripe.AccountCreateControllerParams{
			Fees:            &stripe.AccountCreateControllerFeesParams{Payer: stripe.String("application")},
			Losses:          &stripe.AccountCreateControllerLossesParams{Payments: stripe.String("application")},
			StripeDashboard: &stripe.AccountCreateControllerStripeDashboardParams{Type: stripe.String("express")},
		},
		Metadata: map[string]string{MetaCreatorID: string(r.CreatorID), MetaKey: string(r.Key)},
	}
	account, err := c.api.V1Accounts.Create(ctx, params)
	if err == nil && account.ID == "" {
		err = errNoID
	}
	if err != nil { // repeatable: the key makes it so for a day, and an account twice is an empty account too many
		return partnership.PayoutAccount{}, c.vendorError(opOpenAccount, err, seen, true)
	}
	return payoutAccount(account), nil
}

// Account reads an account; Ready means that transfers to it are allowed now.
func (c *Client) Account(ctx context.Context, id string) (partnership.PayoutAccount, error) {
	if err := c.check(opAccount, "-"); err != nil {
		return partnership.PayoutAccount{}, err
	}
	if !isAccount(id) {
		return partnership.PayoutAccount{}, refusal(opAccount, "not an account id of Stripe")
	}
	ctx, seen := watch(ctx)
	account, err := c.api.V1Accounts.GetByID(ctx, id, nil)
	if err == nil && account.ID == "" {
		err = errNoID
	}
	if err != nil {
		return partnership.PayoutAccount{}, c.vendorError(opAccount, err, seen, true)
	}
	return payoutAccount(account), nil
}

// OnboardingLink returns a page of Stripe's where the creator enters what Stripe wants to know. It works once and for a
// few minutes: make it when the creator asks, send the creator to refreshURL for a new one. Making two harms nobody.
func (c *Client) OnboardingLink(ctx context.Context, accountID, returnURL, refreshURL string) (string, error) {
	if err := c.check(opAccountLink, "-"); err != nil {
		return "", err
	}
	if !isAccount(accountID) {
		return "", refusal(opAccountLink, "not an account id of Stripe")
	}
	ctx, seen := watch(ctx)
	link, err := c.api.V1AccountLinks.Create(ctx, &stripe.AccountLinkCreateParams{
		Params:  idempotent(partnership.EffectKey(stripe.NewIdempotencyKey())), // each link is wanted new
		Account: stripe.String(accountID), Type: stripe.String(string(stripe.AccountLinkTypeAccountOnboarding)),
		ReturnURL: stripe.String(returnURL), RefreshURL: stripe.String(refreshURL),
	})
	if err == nil && link.URL == "" {
		err = errNoID
	}
	if err != nil {
		return "", c.vendorError(opAccountLink, err, seen, true)
	}
	return link.URL, nil
}

// AvailableBalance is what the platform can send now in a currency, in its minor units; 0 in one it does not hold.
func (c *Client) AvailableBalance(ctx context.Context, currency string) (int64, error) {
	if err := c.check(opBalance, "-"); err != nil {
		return 0, err
	}
	ctx, seen := watch(ctx)
	balance, err := c.api.V1Balance.Retrieve(ctx, nil)
	if err != nil {
		return 0, c.vendorError(opBalance, err, seen, true)
	}
	var sum int64
	for _, a := range balance.Available {
		if strings.EqualFold(string(a.Currency), currency) {
			sum += a.Amount
		}
	}
	return money.FromProvider(sum, strings.ToUpper(currency), provider), nil
}

// provider is under which name money/ knows how Stripe counts currencies.
const provider = "stripe"

// Transfer moves money to a creator's account. The key makes repetitions safe for a day: Stripe then answers with the
// first attempt's result, good or bad, and refuses the key with other parameters.
func (c *Client) Transfer(ctx context.Context, r partnership.TransferRequest) (partnership.Transfer, error) {
	if err := c.check(opTransfer, r.Key); err != nil {
		return partnership.Transfer{}, err
	}
	switch {
	case r.PayoutID == "":
		return partnership.Transfer{}, refusal(opTransfer, "no payout: without its id the transfer could not be found again")
	case r.AmountMinor <= 0:
		return partnership.Transfer{}, refusal(opTransfer, "the amount is not above zero")
	case len(r.Currency) != 3:
		return partnership.Transfer{}, refusal(opTransfer, "the currency is not an ISO code")
	case !isAccount(r.Destination):
		return partnership.Transfer{}, refusal(opTransfer, "the destination is not an account of Stripe: the creator has to finish onboarding")
	}
	amount, err := money.ToProvider(r.AmountMinor, strings.ToUpper(r.Currency), provider)
	if err != nil {
		return partnership.Transfer{}, refusal(opTransfer, err.Error())
	}
	ctx, seen := watch(ctx)
	t, err := c.api.V1Transfers.Create(ctx, &stripe.TransferCreateParams{
		Params:        idempotent(r.Key),
		Amount:        stripe.Int64(amount),
		Currency:      stripe.String(strings.ToLower(r.Currency)),
		Destination:   stripe.String(r.Destination),
		TransferGroup: stripe.String(string(r.PayoutID)),
		Metadata:      map[string]string{MetaPayoutID: string(r.PayoutID), MetaKey: string(r.Key)},
	})
	if err == nil && t.ID == "" {
		err = errNoID
	}
	if err != nil {
		return partnership.Transfer{}, c.vendorError(opTransfer, err, seen, false)
	}
	return transfer(t), nil
}

// errNoID is JSON that is no object of Stripe's.
var errNoID = errors.New("an answer without an id")

// check is what every call needs; keys longer than Stripe takes are refused before stripe-go does, untyped.
func (c *Client) check(op string, key partnership.EffectKey) error {
	switch {
	case c.bad != "":
		return refusal(op, c.bad).ForAll()
	case c.key == "":
		return refusal(op, "no API key: set STRIPE_API_KEY").ForAll()
	case key == "" || len(key) > 255 || strings.TrimSpace(string(key)) != string(key):
		return refusal(op, "the idempotency key is empty, longer than 255 characters or padded")
	}
	return nil
}

func idempotent(key partnership.EffectKey) stripe.Params {
	return stripe.Params{IdempotencyKey: stripe.String(string(key))}
}

func optional(s string) *string {
	if s == "" {
		return nil
	}
	return &s
}

func isAccount(id string) bool { return strings.HasPrefix(id, "acct_") && len(id) > len("acct_") }

func payoutAccount(a *stripe.Account) partnership.PayoutAccount {
	return partnership.PayoutAccount{
		ID:    a.ID,
		Ready: a.Capabilities != nil && a.Capabilities.Transfers == stripe.AccountCapabilityStatusActive,
		// Stripe rejects an account for good: the creator gets another, or another rail.
		Closed: a.Deleted || a.Requirements != nil && strings.HasPrefix(string(a.Requirements.DisabledReason), "rejected."),
		Holder: holder(a),
	}
}

// holder is the name on an account, "" where Stripe keeps it to itself.
func holder(a *stripe.Account) string {
	switch {
	case a.Individual != nil && a.Individual.LastName != "":
		return strings.TrimSpace(a.Individual.FirstName + " " + a.Individual.LastName)
	case a.Company != nil && a.Company.Name != "":
		return a.Company.Name
	case a.BusinessProfile != nil:
		return a.BusinessProfile.Name
	}
	return ""
}

// Check proves that the key is taken and may read the balance.
func (c *Client) Check(ctx context.Context) error {
	_, err := c.AvailableBalance(ctx, "USD")
	return err
}
