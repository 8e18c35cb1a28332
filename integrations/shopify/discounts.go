package shopify

import (
	"context"
	"errors"
	"math"
	"strings"

	"github.com/rapport-dev/rapport/partnership"
)

// titlePrefix begins the title of each of our codes, which ends with its key: that is how the shop shows the key back.
const titlePrefix = "rapport "

// DiscountTitle is the title of a creator's code.
func DiscountTitle(program string, key partnership.EffectKey) string {
	return titlePrefix + program + " " + string(key)
}

// KeyOfTitle is the key in a code's title, "" when the code is not ours.
func KeyOfTitle(title string) partnership.EffectKey {
	rest, ok := strings.CutPrefix(title, titlePrefix)
	if !ok {
		return ""
	}
	i := strings.LastIndexByte(rest, ' ')
	return partnership.EffectKey(rest[i+1:])
}

// CreateDiscount makes a creator's code. Codes are unique in a shop, which makes it repeatable: a taken code that
// carries our key is success, another's is *partnership.Error Conflict.
func (c *Client) CreateDiscount(ctx context.Context, r partnership.DiscountRequest) (partnership.Discount, error) {
	const op = "DiscountCodeBasicCreate"
	if r.PercentBPS < 1 || r.PercentBPS > 10_000 {
		return partnership.Discount{}, refusal(op, "a discount is more than 0 and at most 100 per cent")
	}
	starts := r.StartsAt
	if starts.IsZero() {
		starts = c.now()
	}
	res, err := DiscountCodeBasicCreate(ctx, &c.gql, DiscountCodeBasicInput{
		Title:                  new(DiscountTitle(r.Program, r.Key)),
		Code:                   &r.Code,
		StartsAt:               new(starts.UTC()),
		AppliesOncePerCustomer: new(true),
		Context:                &DiscountContextInput{All: new(DiscountBuyerSelectionAll)},
		CustomerGets: &DiscountCustomerGetsInput{
			Items: &DiscountItemsInput{All: new(true)},
			// The nearest float64 prints as the exact decimal: 1,500 basis points are 0.15.
			Value: &DiscountCustomerGetsValueInput{Percentage: new(float64(r.PercentBPS) / 10_000)},
		},
	})
	if err != nil {
		return partnership.Discount{}, vendorErr(op, err)
	}
	if res.DiscountCodeBasicCreate == nil {
		return partnership.Discount{}, unreadable(op, false)
	}
	if err := discountRefusedBy(op, res.DiscountCodeBasicCreate.UserErrors); err != nil {
		if v, ok := errors.AsType[*partnership.VendorError](err); ok && v.VendorCode == string(DiscountErrorCodeTaken) {
			return c.takenBy(ctx, r, err)
		}
		return partnership.Discount{}, err
	}
	if res.DiscountCodeBasicCreate.CodeDiscountNode == nil {
		return partnership.Discount{}, unreadable(op, false)
	}
	return discount(*res.DiscountCodeBasicCreate.CodeDiscountNode, r.Code), nil
}

// takenBy looks whose code it is.
func (c *Client) takenBy(ctx context.Context, r partnership.DiscountRequest, taken error) (partnership.Discount, error) {
	d, err := c.FindDiscount(ctx, r.Code)
	switch {
	case partnership.CodeOf(err) == partnership.NotFound: // deleted in between
		v, _ := errors.AsType[*partnership.VendorError](taken)
		v.Class = partnership.Retry
		return partnership.Discount{}, v
	case err != nil:
		return partnership.Discount{}, err
	case d.Key != r.Key:
		return partnership.Discount{}, partnership.Errorf(partnership.Conflict, "the discount code is taken by something else in the shop: choose another")
	}
	return d, nil
}

// FindDiscount looks a code up; *partnership.Error NotFound when the shop has none.
func (c *Client) FindDiscount(ctx context.Context, code string) (partnership.Discount, error) {
	res, err := DiscountByCode(ctx, &c.gql, code)
	if err != nil {
		return partnership.Discount{}, vendorErr("DiscountByCode", err)
	}
	if res.CodeDiscountNodeByCode == nil {
		return partnership.Discount{}, partnership.Errorf(partnership.NotFound, "the shop has no such discount code")
	}
	return discount(*res.CodeDiscountNodeByCode, code), nil
}

// DeactivateDiscount ends a code. It is repeatable, also for a code that was deleted.
func (c *Client) DeactivateDiscount(ctx context.Context, id string) error {
	const op = "DiscountCodeDeactivate"
	res, err := DiscountCodeDeactivate(ctx, &c.gql, id)
	if err != nil {
		return vendorErr(op, err)
	}
	if res.DiscountCodeDeactivate == nil {
		return unreadable(op, true)
	}
	for _, e := range res.DiscountCodeDeactivate.UserErrors {
		if e.Code != nil && *e.Code == DiscountErrorCodeInvalid && len(e.Field) == 1 && e.Field[0] == "id" {
			return nil // there is no discount by that id any more
		}
	}
	err = discountRefusedBy(op, res.DiscountCodeDeactivate.UserErrors)
	if v, ok := errors.AsType[*partnership.VendorError](err); ok && v.Class == partnership.Ambiguous {
		v.Class = partnership.Retry
	}
	return err
}

// discount turns the shop's answer into ours. Other kinds of discount, and amounts instead of percentages, are not ours.
func discount(n BasicDiscount, code string) partnership.Discount {
	d := partnership.Discount{ID: n.Id, Code: code}
	basic, ok := n.CodeDiscount.(*BasicDiscountCodeDiscountDiscountCodeBasic)
	if !ok {
		return d
	}
	d.Active = basic.Status == DiscountStatusActive
	d.Key = KeyOfTitle(basic.Title)
	if len(basic.Codes.Nodes) > 0 {
		d.Code = basic.Codes.Nodes[0].Code
	}
	if p, ok := basic.CustomerGets.Value.(*BasicDiscountCodeDiscountDiscountCodeBasicCustomerGetsDiscountCustomerGetsValueDiscountPercentage); ok {
		d.PercentBPS = int(math.Round(p.Percentage * 10_000))
	}
	return d
}

// Check proves that the shop takes the token and lets it read codes: a code that nobody made is sure not to be there.
func (c *Client) Check(ctx context.Context) error {
	_, err := c.FindDiscount(ctx, "RAPPORT-DOCTOR")
	if partnership.CodeOf(err) == partnership.NotFound {
		return nil
	}
	return err
}
