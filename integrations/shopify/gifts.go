package shopify

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"strings"

	"github.com/rapport-dev/rapport/partnership"
	"github.com/rapport-dev/rapport/partnership/money"
)

// The words of partnership.GiftOrder.Status.
const (
	giftOpen      = "open"
	giftCompleted = "completed"
	giftCancelled = "cancelled"
)

// KeyTag is the tag that a gift order carries for its key: a tag is short and searchable, a key is neither.
func KeyTag(key partnership.EffectKey) string {
	sum := sha256.Sum256([]byte(key))
	return KeyTagPrefix + hex.EncodeToString(sum[:12])
}

// CreateGiftOrder makes a draft order at 100 % discount. Nothing leaves the shop before it is completed. After an
// Ambiguous error FindGiftOrder tells whether it exists; the shop's search may lag by a few seconds.
func (c *Client) CreateGiftOrder(ctx context.Context, r partnership.GiftOrderRequest) (partnership.GiftOrder, error) {
	const op = "DraftOrderCreate"
	line, err := c.giftLine(ctx, r)
	if err != nil {
		return partnership.GiftOrder{}, err
	}
	res, err := DraftOrderCreate(ctx, &c.gql, DraftOrderInput{
		LineItems:       []DraftOrderLineItemInput{line},
		Email:           optional(r.Email),
		ShippingAddress: mailingAddress(r.To),
		Tags:            []string{GiftTag, KeyTag(r.Key)},
		Note:            new("A gift to a creator. It is shipped apart from the shop."),
		CustomAttributes: []AttributeInput{
			{Key: AttributeKey, Value: string(r.Key)},
			{Key: AttributePartnership, Value: string(r.PartnershipID)},
		},
		AppliedDiscount: &DraftOrderAppliedDiscountInput{
			Title: new("Gift"), Value: 100, ValueType: DraftOrderAppliedDiscountTypePercentage,
		},
	})
	if err != nil {
		return partnership.GiftOrder{}, vendorErr(op, err)
	}
	if res.DraftOrderCreate == nil {
		return partnership.GiftOrder{}, unreadable(op, false)
	}
	if err := refusedBy(op, res.DraftOrderCreate.UserErrors); err != nil {
		return partnership.GiftOrder{}, err
	}
	if res.DraftOrderCreate.DraftOrder == nil {
		return partnership.GiftOrder{}, unreadable(op, false)
	}
	return giftOrder(*res.DraftOrderCreate.DraftOrder), nil
}

// giftLine is the shop's own variant where the SKU is one, so that stock is counted; else a custom line. Shipping is
// never the shop's: the parcel is ours.
func (c *Client) giftLine(ctx context.Context, r partnership.GiftOrderRequest) (DraftOrderLineItemInput, error) {
	line := DraftOrderLineItemInput{Quantity: 1, RequiresShipping: new(false)}
	if r.Gift.SKU != "" {
		res, err := VariantsBySKU(ctx, &c.gql, "sku:"+quote(r.Gift.SKU))
		if err != nil {
			return line, vendorErr("VariantsBySKU", err)
		}
		for _, v := range res.ProductVariants.Nodes {
			if v.Sku != nil && *v.Sku == r.Gift.SKU {
				line.VariantId = new(v.Id)
				return line, nil
			}
		}
	}
	name := r.Gift.Name
	if name == "" {
		name = "Gift"
	}
	line.Title = new(name)
	line.Sku = optional(r.Gift.SKU)
	line.Taxable = new(false)
	line.OriginalUnitPriceWithCurrency = &MoneyInput{
		Amount: money.Format(r.Gift.ValueMinor, r.Currency), CurrencyCode: r.Currency,
	}
	return line, nil
}

// FindGiftOrder looks a draft or order up by its key; *partnership.Error NotFound when the shop has none.
func (c *Client) FindGiftOrder(ctx context.Context, key partnership.EffectKey) (partnership.GiftOrder, error) {
	res, err := DraftOrdersByTag(ctx, &c.gql, "tag:"+KeyTag(key))
	if err != nil {
		return partnership.GiftOrder{}, vendorErr("DraftOrdersByTag", err)
	}
	var found *Gift
	for _, g := range res.DraftOrders.Nodes {
		if attribute(g, AttributeKey) == string(key) && (found == nil || g.Order != nil) {
			found = &g
		}
	}
	if found == nil {
		return partnership.GiftOrder{}, partnership.Errorf(partnership.NotFound, "the shop has no gift order for this step")
	}
	return giftOrder(*found), nil
}

// CompleteGiftOrder turns the draft into a paid order of 0. It is repeatable: a completed draft returns its order.
func (c *Client) CompleteGiftOrder(ctx context.Context, draftID string) (partnership.GiftOrder, error) {
	const op = "DraftOrderComplete"
	g, err := c.draft(ctx, draftID)
	switch {
	case err != nil:
		return partnership.GiftOrder{}, err
	case g == nil:
		return partnership.GiftOrder{}, partnership.Errorf(partnership.NotFound, "the gift's draft order is no longer in the shop")
	case g.Status == DraftOrderStatusCompleted:
		return giftOrder(*g), nil
	}
	res, err := DraftOrderComplete(ctx, &c.gql, draftID)
	if err != nil {
		return partnership.GiftOrder{}, vendorErr(op, err)
	}
	if res.DraftOrderComplete == nil {
		return partnership.GiftOrder{}, unreadable(op, true)
	}
	if refused := refusedBy(op, res.DraftOrderComplete.UserErrors); refused != nil {
		// Another attempt may have been faster: the draft itself says so.
		g, err := c.draft(ctx, draftID)
		if err == nil && g != nil && g.Status == DraftOrderStatusCompleted {
			return giftOrder(*g), nil
		}
		if err != nil {
			return partnership.GiftOrder{}, err
		}
		return partnership.GiftOrder{}, refused
	}
	if res.DraftOrderComplete.DraftOrder == nil {
		return partnership.GiftOrder{}, unreadable(op, true)
	}
	return giftOrder(*res.DraftOrderComplete.DraftOrder), nil
}

// CancelGiftOrder deletes an open draft and cancels a completed one's order. It is repeatable: what is gone or
// cancelled already is success.
func (c *Client) CancelGiftOrder(ctx context.Context, draftID string) error {
	g, err := c.draft(ctx, draftID)
	switch {
	case err != nil:
		return err
	case g == nil:
		return nil
	case g.Status == DraftOrderStatusCompleted:
		return c.cancelOrder(ctx, draftID, g.Order)
	}
	const op = "DraftOrderDelete"
	res, err := DraftOrderDelete(ctx, &c.gql, draftID)
	if err != nil {
		return vendorErr(op, err)
	}
	if res.DraftOrderDelete == nil {
		return unreadable(op, true)
	}
	if refused := refusedBy(op, res.DraftOrderDelete.UserErrors); refused != nil {
		switch g, err := c.draft(ctx, draftID); {
		case err != nil:
			return err
		case g == nil:
			return nil
		case g.Status == DraftOrderStatusCompleted: // completed between our look and our delete
			return c.cancelOrder(ctx, draftID, g.Order)
		}
		return refused
	}
	return nil
}

func (c *Client) cancelOrder(ctx context.Context, draftID string, o *GiftOrder) error {
	const op = "OrderCancel"
	if o == nil || o.CancelledAt != nil { // an order that was deleted in the shop is as good as cancelled
		return nil
	}
	res, err := OrderCancel(ctx, &c.gql, o.Id, "The partnership ended before the gift was needed.")
	if err != nil {
		return vendorErr(op, err)
	}
	if res.OrderCancel == nil {
		return unreadable(op, true)
	}
	if len(res.OrderCancel.OrderCancelUserErrors) == 0 {
		return nil // Shopify cancels in the background, within seconds
	}
	g, err := c.draft(ctx, draftID)
	if err == nil && (g == nil || g.Order == nil || g.Order.CancelledAt != nil) {
		return nil
	}
	if err != nil {
		return err
	}
	e, code := res.OrderCancel.OrderCancelUserErrors[0], ""
	if e.Code != nil {
		code = string(*e.Code)
	}
	return userError(op, code, e.Field, e.Message)
}

// draft reads a draft order, nil when the shop has none by that id.
func (c *Client) draft(ctx context.Context, id string) (*Gift, error) {
	res, err := DraftOrderByID(ctx, &c.gql, id)
	if err != nil {
		return nil, vendorErr("DraftOrderByID", err)
	}
	return res.DraftOrder, nil
}

func giftOrder(g Gift) partnership.GiftOrder {
	out := partnership.GiftOrder{ID: g.Id, Status: giftOpen}
	if g.Status == DraftOrderStatusCompleted {
		out.Status = giftCompleted
	}
	if g.Order != nil {
		out.OrderID = g.Order.Id
		if g.Order.CancelledAt != nil {
			out.Status = giftCancelled
		}
	}
	return out
}

func attribute(g Gift, key string) string {
	for _, a := range g.CustomAttributes {
		if a.Key == key && a.Value != nil {
			return *a.Value
		}
	}
	return ""
}

// mailingAddress splits the name, which Shopify wants in two, and sends the region by code or, where it is written out, by name.
func mailingAddress(a partnership.Address) *MailingAddressInput {
	if a.Line1 == "" {
		return nil
	}
	first, last := "", a.Name
	if i := strings.LastIndexByte(a.Name, ' '); i > 0 {
		first, last = a.Name[:i], a.Name[i+1:]
	}
	out := &MailingAddressInput{
		FirstName: optional(first), LastName: &last, Address1: &a.Line1, Address2: optional(a.Line2), City: &a.City,
		Zip: &a.PostalCode, CountryCode: optional(a.Country), Phone: optional(a.Phone),
	}
	if len(a.Region) <= 3 {
		out.ProvinceCode = optional(a.Region)
	} else {
		out.Province = &a.Region
	}
	return out
}

func optional(s string) *string {
	if s == "" {
		return nil
	}
	return &s
}

// quote makes a search term literal.
func quote(s string) string {
	return `"` + strings.NewReplacer(`\`, `\\`, `"`, `\"`).Replace(s) + `"`
}
