// Package shopify is a thin client of Shopify's GraphQL Admin API (gift orders, discount codes, orders) and its order
// webhooks. operations.graphql holds every request; generated.go is made from it by genqlient.
package shopify

import "encoding/json"

// APIVersion is the version of the Admin API that operations.graphql is written for.
const APIVersion = "2026-10"

// Topics of the webhooks that Rapport reads (header X-Shopify-Topic).
const (
	TopicOrdersCreate       = "orders/create"
	TopicOrdersPaid         = "orders/paid"
	TopicOrdersUpdated      = "orders/updated"
	TopicOrdersEdited       = "orders/edited"
	TopicOrdersCancelled    = "orders/cancelled"
	TopicRefundsCreate      = "refunds/create"
	TopicTransactionsCreate = "order_transactions/create" // also when a transaction succeeds or fails later
	TopicDisputesCreate     = "disputes/create"
	TopicDisputesUpdate     = "disputes/update"
)

// Headers of a webhook.
const (
	HeaderHMAC       = "X-Shopify-Hmac-Sha256"
	HeaderTopic      = "X-Shopify-Topic"
	HeaderShop       = "X-Shopify-Shop-Domain"
	HeaderAPIVersion = "X-Shopify-API-Version"
	HeaderEventID    = "X-Shopify-Event-Id"   // one per event: the id to deduplicate by
	HeaderWebhookID  = "X-Shopify-Webhook-Id" // one per delivery of it to a subscription
	HeaderTriggered  = "X-Shopify-Triggered-At"
)

// Marks that gift orders carry, so that they are found again and never counted as sales.
const (
	GiftTag              = "rapport-gift"
	KeyTagPrefix         = "rk-" // followed by 24 hex digits of the key's SHA-256: a tag holds 40 characters at most
	AttributeKey         = "rapport_key"
	AttributePartnership = "partnership_id"
)

// Decimal is an amount as Shopify writes it: a JSON string in most places, a JSON number in refund lines. The digits
// are kept as they came, so nothing is lost to binary fractions.
type Decimal string

// UnmarshalJSON accepts a string, a number or null.
func (d *Decimal) UnmarshalJSON(b []byte) error {
	if len(b) > 0 && b[0] == '"' {
		return json.Unmarshal(b, (*string)(d))
	}
	var n json.Number
	if err := json.Unmarshal(b, &n); err != nil {
		return err
	}
	*d = Decimal(n)
	return nil
}

// Text is a value that shops' themes write freely: anything that is not a string is kept as its JSON.
type Text string

// UnmarshalJSON accepts any JSON.
func (v *Text) UnmarshalJSON(b []byte) error {
	switch {
	case string(b) == "null":
		*v = ""
		return nil
	case len(b) > 0 && b[0] == '"':
		return json.Unmarshal(b, (*string)(v))
	}
	*v = Text(b)
	return nil
}

// OrderPayload is the body of orders/create, paid, updated and cancelled, as far as Rapport uses it.
type OrderPayload struct {
	ID                int64              `json:"id"`
	AdminGraphqlAPIID string             `json:"admin_graphql_api_id"`
	Name              string             `json:"name,omitempty"`
	Currency          string             `json:"currency"` // the shop's currency, which all plain amounts are in
	TaxesIncluded     bool               `json:"taxes_included"`
	Test              bool               `json:"test"`
	Tags              string             `json:"tags"` // comma-separated
	SourceName        string             `json:"source_name"`
	LandingSite       string             `json:"landing_site"`
	FinancialStatus   string             `json:"financial_status"`
	ProcessedAt       string             `json:"processed_at"`
	UpdatedAt         string             `json:"updated_at"`
	CancelledAt       string             `json:"cancelled_at"`
	TotalOutstanding  Decimal            `json:"total_outstanding"` // not paid yet; below zero, owed to the buyer
	Customer          CustomerPayload    `json:"customer"`
	DiscountCodes     []DiscountCodeUsed `json:"discount_codes"`
	NoteAttributes    []NoteAttribute    `json:"note_attributes"`
	LineItems         []LinePayload      `json:"line_items"`
	ShippingLines     []ShippingPayload  `json:"shipping_lines"`
	Refunds           []RefundPayload    `json:"refunds"` // nil where the body does not tell of them
}

// CustomerPayload is the buyer, as far as Rapport looks: how many orders there were with this one. Newer versions of the API leave it out.
type CustomerPayload struct {
	OrdersCount *int64 `json:"orders_count"`
}

// ShippingPayload is a line of shipping; its price is before discounts.
type ShippingPayload struct {
	Price           Decimal   `json:"price"`
	DiscountedPrice *Decimal  `json:"discounted_price"`
	TaxLines        []TaxLine `json:"tax_lines"`
}

// DiscountCodeUsed is a code that the buyer entered.
type DiscountCodeUsed struct {
	Code   string  `json:"code"`
	Amount Decimal `json:"amount"`
	Type   string  `json:"type"`
}

// NoteAttribute is a cart attribute, e.g. the click's token that the landing page put there.
type NoteAttribute struct {
	Name  string `json:"name"`
	Value Text   `json:"value"`
}

// LinePayload is one line; Price is for one piece, before discounts. Discounts and taxes are those of Quantity, also where an edit or a
// refund has left less of it.
type LinePayload struct {
	ID                  int64                `json:"id"`
	Title               string               `json:"title,omitempty"`
	SKU                 string               `json:"sku,omitempty"`
	Quantity            int64                `json:"quantity"`
	CurrentQuantity     *int64               `json:"current_quantity"`
	GiftCard            bool                 `json:"gift_card"`
	Tip                 json.RawMessage      `json:"tip"` // an object, or null for what is none
	Price               Decimal              `json:"price"`
	DiscountAllocations []DiscountAllocation `json:"discount_allocations"`
	TaxLines            []TaxLine            `json:"tax_lines"`
}

// DiscountAllocation is a discount's share of a line.
type DiscountAllocation struct {
	Amount Decimal `json:"amount"`
}

// TaxLine is a tax on a line; it is part of the line's price when the order has taxes_included.
type TaxLine struct {
	Price Decimal `json:"price"`
}

// RefundPayload is the body of refunds/create, and stands in orders.
type RefundPayload struct {
	ID                int64           `json:"id"`
	AdminGraphqlAPIID string          `json:"admin_graphql_api_id"`
	OrderID           int64           `json:"order_id"`
	CreatedAt         string          `json:"created_at"`
	ProcessedAt       string          `json:"processed_at"`
	RefundLineItems   []RefundLine    `json:"refund_line_items"`
	OrderAdjustments  []Adjustment    `json:"order_adjustments"`
	ShippingLines     []RefundShip    `json:"refund_shipping_lines"`
	Transactions      []RefundPayment `json:"transactions"` // nil where the body does not tell of them
}

// RefundLine is a refunded line. Subtotal and TotalTax are JSON numbers at Shopify; SubtotalSet names the currency.
type RefundLine struct {
	ID          int64       `json:"id"`
	LineItemID  int64       `json:"line_item_id"`
	LineItem    LinePayload `json:"line_item"`
	Quantity    int64       `json:"quantity"`
	Subtotal    Decimal     `json:"subtotal"`
	TotalTax    Decimal     `json:"total_tax"`
	SubtotalSet MoneySet    `json:"subtotal_set"`
	TotalTaxSet MoneySet    `json:"total_tax_set"`
}

// Adjustment makes up the difference between a refund's lines and its money: below zero more is given back than the lines come to.
type Adjustment struct {
	Kind      string   `json:"kind"` // refund_discrepancy, shipping_refund
	Amount    Decimal  `json:"amount"`
	TaxAmount Decimal  `json:"tax_amount"`
	AmountSet MoneySet `json:"amount_set"`
}

// RefundShip is refunded shipping.
type RefundShip struct {
	SubtotalAmountSet MoneySet `json:"subtotal_amount_set"`
	TaxAmountSet      MoneySet `json:"tax_amount_set"`
}

// RefundPayment is a transaction of a refund, and the body of order_transactions/create.
type RefundPayment struct {
	OrderID   int64    `json:"order_id"`
	Kind      string   `json:"kind"`   // refund, void, ...
	Status    string   `json:"status"` // success, pending, failure, error
	Amount    Decimal  `json:"amount"`
	Currency  string   `json:"currency"` // the buyer's may differ from the shop's
	AmountSet MoneySet `json:"amount_set"`
}

// EditPayload is the body of orders/edited: it tells what was done and not what the order is now.
type EditPayload struct {
	OrderEdit struct {
		OrderID int64 `json:"order_id"`
	} `json:"order_edit"`
}

// DisputePayload is the body of disputes/create and update.
type DisputePayload struct {
	ID          int64   `json:"id"`
	OrderID     int64   `json:"order_id"` // null for a charge without an order
	Type        string  `json:"type"`     // chargeback, inquiry
	Amount      Decimal `json:"amount"`
	Currency    string  `json:"currency"`
	Status      string  `json:"status"` // needs_response, under_review, charge_refunded, accepted, won, lost
	InitiatedAt string  `json:"initiated_at"`
	FinalizedOn string  `json:"finalized_on"`
}

// MoneySet is an amount in the shop's and in the buyer's currency.
type MoneySet struct {
	ShopMoney        ShopMoney `json:"shop_money"`
	PresentmentMoney ShopMoney `json:"presentment_money"`
}

// ShopMoney is an amount with its currency.
type ShopMoney struct {
	Amount       Decimal `json:"amount"`
	CurrencyCode string  `json:"currency_code"`
}

// GraphQLRequest is the body of every request.
type GraphQLRequest struct {
	Query         string          `json:"query"`
	Variables     json.RawMessage `json:"variables,omitempty"`
	OperationName string          `json:"operationName,omitempty"`
}

// GraphQLResponse is the body of every answer; errors come with HTTP 200 too.
type GraphQLResponse struct {
	Data       json.RawMessage   `json:"data,omitempty"`
	Errors     []GraphQLError    `json:"errors,omitempty"`
	Extensions GraphQLExtensions `json:"extensions"`
}

// GraphQLError is a refusal of the whole request.
type GraphQLError struct {
	Message    string `json:"message"`
	Extensions struct {
		Code string `json:"code"` // THROTTLED, ACCESS_DENIED, INTERNAL_SERVER_ERROR, ...
	} `json:"extensions"`
}

// GraphQLExtensions tells what a request cost.
type GraphQLExtensions struct {
	Cost *Cost `json:"cost,omitempty"`
}

// Cost is in points of the shop's bucket.
type Cost struct {
	RequestedQueryCost float64        `json:"requestedQueryCost"`
	ActualQueryCost    float64        `json:"actualQueryCost"`
	ThrottleStatus     ThrottleStatus `json:"throttleStatus"`
}

// ThrottleStatus is the bucket: RestoreRate points flow back every second.
type ThrottleStatus struct {
	MaximumAvailable   float64 `json:"maximumAvailable"`
	CurrentlyAvailable float64 `json:"currentlyAvailable"`
	RestoreRate        float64 `json:"restoreRate"`
}
