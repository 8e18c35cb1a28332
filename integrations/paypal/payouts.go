package paypal

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"strings"

	"github.com/rapport-dev/rapport/partnership"
	"github.com/rapport-dev/rapport/partnership/money"
)

// provider is under which name money/ knows how PayPal counts currencies.
const provider = "paypal"

// Transfer orders a payout: a batch of one item. The same key within PayPal's 30 days makes no second one: PayPal names the original,
// and that is the answer. What is ordered is rarely paid at once: the item's state says whether it is.
func (c *Client) Transfer(ctx context.Context, r partnership.TransferRequest) (partnership.Transfer, error) {
	order, err := orderOf(r)
	if err != nil {
		return partnership.Transfer{}, err
	}
	var made batch
	err = c.call(ctx, opPayout, http.MethodPost, "/v1/payments/payouts", r.Key, order, &made, false)
	id := made.Header.ID
	if again, ok := errors.AsType[*duplicateError](err); ok {
		id, err = again.batch, nil
	}
	if err == nil && id == "" {
		err = &partnership.VendorError{Vendor: vendor, Op: opPayout, Class: partnership.Ambiguous, Message: "an answer without a batch"}
	}
	if err != nil {
		return partnership.Transfer{}, err
	}
	c.known.add(r.PayoutID, id)
	now, err := c.transfer(ctx, id)
	if err != nil { // it is there, and is looked at again
		return partnership.Transfer{ //nolint:nilerr // the order stands, whatever keeps us from reading it
			ID: id, PayoutID: r.PayoutID, Receiver: r.To.ID, AmountMinor: r.AmountMinor, Currency: strings.ToUpper(r.Currency), CreatedAt: c.now().UTC(),
			State: partnership.TransferUnderway, Why: pending,
		}, nil
	}
	return now, nil
}

// orderOf is a payout in PayPal's words.
func orderOf(r partnership.TransferRequest) (createPayout, error) {
	currency := strings.ToUpper(r.Currency)
	switch {
	case r.PayoutID == "" || len(r.PayoutID) > 63:
		return createPayout{}, refusal(opPayout, "no payout: without its id the transfer could not be found again")
	case r.Key == "" || len(r.Key) > 256:
		return createPayout{}, refusal(opPayout, "the idempotency key is empty or longer than 256 characters")
	case r.AmountMinor <= 0:
		return createPayout{}, refusal(opPayout, "the amount is not above zero")
	case Serves("", currency) != "":
		return createPayout{}, refusal(opPayout, Serves("", currency))
	case !validReceiver(r.To):
		return createPayout{}, refusal(opPayout, "the receiver is none of PayPal's: the creator has to say how they are paid")
	}
	value, err := valueOf(r.AmountMinor, currency)
	if err != nil {
		return createPayout{}, refusal(opPayout, err.Error())
	}
	return createPayout{
		Header: senderHeader{SenderBatchID: string(r.Key), EmailSubject: "You have been paid"},
		Items: []item{{
			RecipientType: r.To.Kind, Receiver: r.To.ID, Amount: amount{currency, value}, SenderItemID: string(r.PayoutID),
		}},
	}, nil
}

// valueOf writes minor units as PayPal takes them: HUF, JPY and TWD without decimals. No float is involved.
func valueOf(minor int64, currency string) (string, error) {
	if _, err := money.ToProvider(minor, currency, provider); err != nil {
		return "", err
	}
	text := money.Format(minor, currency)
	if whole[currency] {
		text, _, _ = strings.Cut(text, ".")
	}
	return text, nil
}

// whole are the currencies of which PayPal takes no decimals.
var whole = map[string]bool{"HUF": true, "JPY": true, "TWD": true}

// AvailableBalance is what can be sent now in a currency, in its minor units; 0 in one that the account does not hold.
func (c *Client) AvailableBalance(ctx context.Context, currency string) (int64, error) {
	currency = strings.ToUpper(currency)
	var got balances
	query := url.Values{"currency_code": {currency}}
	if err := c.call(ctx, opBalance, http.MethodGet, "/v1/reporting/balances?"+query.Encode(), "", nil, &got, true); err != nil {
		return 0, err
	}
	for _, b := range got.Balances {
		if !strings.EqualFold(b.Currency, currency) {
			continue
		}
		minor, err := money.Parse(b.Available.Value, currency)
		if err != nil {
			return 0, &partnership.VendorError{Vendor: vendor, Op: opBalance, Class: partnership.Permanent, Message: "the balance could not be read"}
		}
		return minor, nil
	}
	return 0, nil
}

// Reverse is nothing that PayPal does: what a receiver has claimed is theirs.
func (c *Client) Reverse(context.Context, partnership.EffectKey, string, string, int64) error {
	return refusal(opReverse, "PayPal takes no payout back: ask the creator to send it back, or settle it as ours")
}

// OpenAccount is nothing that PayPal does: creators have their own and say which it is.
func (c *Client) OpenAccount(context.Context, partnership.AccountRequest) (partnership.PayoutAccount, error) {
	return partnership.PayoutAccount{}, refusal(opAccount, "PayPal opens no accounts for others: the creator says where they are paid")
}

// Account is as our own books have it.
func (c *Client) Account(context.Context, string) (partnership.PayoutAccount, error) {
	return partnership.PayoutAccount{}, partnership.Errorf(partnership.NotFound, "PayPal keeps no account of ours")
}

// Onboarding says that creators name a receiver.
func (c *Client) Onboarding() partnership.Onboarding { return partnership.OnboardReceiver }

// needed are the events without which nothing is heard of a payout.
var needed = strings.Fields("PAYMENT.PAYOUTSBATCH.PROCESSING PAYMENT.PAYOUTSBATCH.SUCCESS PAYMENT.PAYOUTSBATCH.DENIED PAYMENT.PAYOUTS-ITEM.SUCCEEDED " +
	"PAYMENT.PAYOUTS-ITEM.FAILED PAYMENT.PAYOUTS-ITEM.DENIED PAYMENT.PAYOUTS-ITEM.BLOCKED PAYMENT.PAYOUTS-ITEM.HELD PAYMENT.PAYOUTS-ITEM.CANCELED " +
	"PAYMENT.PAYOUTS-ITEM.UNCLAIMED PAYMENT.PAYOUTS-ITEM.RETURNED PAYMENT.PAYOUTS-ITEM.REFUNDED")

// Check proves that the credentials are taken, that the balance may be read, and that PayPal reports what became of payouts.
func (c *Client) Check(ctx context.Context) error {
	if _, err := c.AvailableBalance(ctx, "USD"); err != nil {
		return err
	}
	var got webhook
	if err := c.call(ctx, opWebhook, http.MethodGet, "/v1/notifications/webhooks/"+url.PathEscape(c.cfg.WebhookID), "", nil, &got, true); err != nil {
		return err
	}
	has := map[string]bool{}
	for _, e := range got.EventTypes {
		has[e.Name] = true
	}
	var missing []string
	for _, name := range needed {
		if !has[name] && !has["*"] {
			missing = append(missing, name)
		}
	}
	if len(missing) > 0 {
		return refusal(opWebhook, "the webhook of PAYPAL_WEBHOOK_ID does not report "+strings.Join(missing, ", ")+": add them at developer.paypal.com")
	}
	return nil
}
