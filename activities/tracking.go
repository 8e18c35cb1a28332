package activities

import (
	"context"
	"fmt"
	"net/url"
	"time"

	"github.com/rapport-dev/rapport/partnership"
	"github.com/rapport-dev/rapport/partnership/money"
)

func codeKey(id partnership.PartnershipID) partnership.EffectKey {
	return partnership.Key(id, partnership.Tracking, "code", 1)
}

// activeSince is how long before it is made a code begins to count. The shop reads the date on its own clock: where ours is ahead, a
// code that begins now is one that waits, and nobody could be cleared to post.
const activeSince = 48 * time.Hour

// CreateTrackingKit makes the creator's own link, UTM set and discount code. The code exists in the shop before any content can.
func (a *Activities) CreateTrackingKit(ctx context.Context, in Tracking) (kit partnership.TrackingKit, err error) {
	defer mapped(&err)
	if err := need(partnership.ShopPort, a.Names.Shop, a.Shop != nil); err != nil {
		return kit, err
	}
	v, err := a.Store.View(ctx, in.PartnershipID)
	if err != nil {
		return kit, err
	}
	if kit, err = a.Store.EnsureKit(ctx, in.PartnershipID); err != nil {
		return kit, err
	}
	key := codeKey(in.PartnershipID)
	code, err := once(ctx, a, effect[partnership.Discount]{
		key: key, kind: "code", single: true,
		do: func(ctx context.Context, _ partnership.Effect) (partnership.Discount, error) {
			return a.Shop.CreateDiscount(ctx, partnership.DiscountRequest{
				Key: key, PartnershipID: in.PartnershipID, Program: v.Campaign.Program, Code: kit.DiscountCode,
				PercentBPS: v.Terms.DiscountBPS, StartsAt: a.Clock.Now().Add(-activeSince),
			})
		},
		find: func(ctx context.Context, _ partnership.Effect) (partnership.Discount, sighting, error) {
			d, seen, err := sight(a.Shop.FindDiscount(ctx, kit.DiscountCode))
			if seen == found && d.Key != key {
				return d, unsure, partnership.Errorf(partnership.Conflict, "the code %s belongs to something else in the shop", kit.DiscountCode)
			}
			return d, seen, err
		},
	})
	if err != nil {
		return kit, err
	}
	kit.DiscountID, kit.DiscountBPS = code.ID, v.Terms.DiscountBPS
	return kit, a.Store.SaveKit(ctx, kit, nil)
}

// VerifyTracking is the go-live gate. It asks the link where it leads and the shop what the code gives, and keeps both answers:
// only then may anybody be cleared to post.
func (a *Activities) VerifyTracking(ctx context.Context, in Tracking) (out Verified, err error) {
	defer mapped(&err)
	v, err := a.Store.View(ctx, in.PartnershipID)
	if err != nil {
		return out, err
	}
	if v.Kit == nil || v.Kit.DiscountID == "" {
		return out, partnership.Errorf(partnership.Conflict, "there is no tracking kit yet; make it before anybody posts")
	}
	kit, err := a.Store.EnsureKit(ctx, in.PartnershipID) // the terms may have gained a deliverable since
	if err != nil {
		return out, err
	}
	locations, err := a.probe(ctx, kit)
	if err != nil {
		return out, err
	}
	code, err := a.Shop.FindDiscount(ctx, v.Kit.DiscountCode)
	if err != nil {
		return out, err
	}
	switch {
	case code.Key != codeKey(in.PartnershipID):
		return out, partnership.Errorf(partnership.Conflict, "the code %s in the shop is not this creator's", v.Kit.DiscountCode)
	case !code.Active:
		return out, partnership.Errorf(partnership.Conflict, "the code %s is not active in the shop", v.Kit.DiscountCode)
	case code.PercentBPS != v.Terms.DiscountBPS:
		return out, partnership.Errorf(partnership.Conflict, "the code %s gives %s %% in the shop; agreed were %s %%", v.Kit.DiscountCode,
			money.FormatPercent(code.PercentBPS), money.FormatPercent(v.Terms.DiscountBPS))
	}
	kit.VerifiedAt = a.Clock.Now()
	evidence := map[string]any{"links": locations, "code": code, "at": kit.VerifiedAt}
	if err := a.Store.SaveKit(ctx, kit, evidence); err != nil {
		return out, err
	}
	return Verified{At: kit.VerifiedAt, Detail: fmt.Sprintf("%s to the product with its UTM set; the code gives %s %% in the shop. Both are this creator's.",
		lead(len(locations)), money.FormatPercent(code.PercentBPS))}, nil
}

func lead(links int) string {
	if links == 1 {
		return "The link leads"
	}
	return fmt.Sprintf("The %d links lead", links)
}

// probe asks each link of a kit where it leads: the kit's own, and each deliverable's.
func (a *Activities) probe(ctx context.Context, kit partnership.TrackingKit) (locations map[string]string, err error) {
	locations = map[string]string{}
	own := partnership.PostLink{Link: kit.Link, Destination: kit.Destination, UTM: kit.UTM}
	for _, link := range append([]partnership.PostLink{own}, kit.Links...) {
		if locations[link.Link] != "" {
			continue
		}
		location, err := a.Probe.Probe(ctx, link.Link)
		if err != nil {
			return nil, err
		}
		if err := leadsHome(location, link); err != nil {
			return nil, err
		}
		locations[link.Link] = location
	}
	return locations, nil
}

// leadsHome checks that a link's answer is the stored destination with every UTM parameter.
func leadsHome(location string, link partnership.PostLink) error {
	got, err := url.Parse(location)
	if err != nil {
		return partnership.Errorf(partnership.Conflict, "the link answers with something that is no address")
	}
	want, err := url.Parse(link.Destination)
	if err != nil {
		return partnership.FieldErrorf("destination", "is no address")
	}
	if got.Scheme != want.Scheme || got.Host != want.Host || got.Path != want.Path {
		return partnership.Errorf(partnership.Conflict, "the link leads to %s%s instead of %s%s", got.Host, got.Path, want.Host, want.Path)
	}
	for name, value := range link.UTM {
		if got.Query().Get(name) != value {
			return partnership.Errorf(partnership.Conflict, "the link lacks %s", name)
		}
	}
	return nil
}

// DeactivateCode makes sure that no code of an ended partnership sells on.
func (a *Activities) DeactivateCode(ctx context.Context, in Undo) (u Undone, err error) {
	defer mapped(&err)
	v, err := a.Store.View(ctx, in.PartnershipID)
	if err != nil {
		return u, err
	}
	if v.Kit == nil {
		return Undone{"No code had been made."}, nil
	}
	key := codeKey(in.PartnershipID)
	code, done, err := made(ctx, a, key, func() (partnership.Discount, error) {
		d, err := a.Shop.FindDiscount(ctx, v.Kit.DiscountCode)
		if err == nil && d.Key != key {
			err = partnership.Errorf(partnership.NotFound, "the code is somebody else's")
		}
		return d, err
	})
	if err != nil || !done {
		return Undone{"No code had been made."}, err
	}
	return Undone{"The discount code was deactivated."}, a.Shop.DeactivateDiscount(ctx, code.ID)
}
