package ledger

import (
	"fmt"
	"strings"

	"github.com/rapport-dev/rapport/partnership/locale"
)

// Risk is a reason to look at an earning before it is paid. It holds and never rejects: each of them has honest explanations, so a person
// decides (RULES, money 4 and 14), and no timer does.
type Risk string

// The risks.
const (
	OwnMail    Risk = "own_mail"    // the creator bought, by their mailbox
	OwnPlace   Risk = "own_place"   // by where it was sent to
	OwnName    Risk = "own_name"    // by the name on the account that they are paid at, or their own
	CouponSite Risk = "coupon_site" // the buyer came from a site that collects codes
	SameBuyer  Risk = "same_buyer"  // one buyer again and again
	SamePlace  Risk = "same_place"  // several buyers at one address
	LeakedCode Risk = "leaked_code" // many buyers use the code, and hardly anybody clicks
	Burst      Risk = "burst"       // more sales at once than an audience makes
)

// The thresholds. Which signs matter is [P]: shop affiliate tools hold or notify on the same mail, address and name (BixGrow, GoAffPro), on
// codes found on coupon sites (GoAffPro, ReferralCandy), and on redemptions without clicks and sudden speed (Dub, Afflio); none publishes
// its numbers, so these are ours, set where an honest small audience does not reach them.
const (
	RepeatDays      = 30 // campaign days around the sale in which one buyer or address is counted
	SameBuyerOrders = 3  // by one buyer with one creator's touch
	SamePlaceOrders = 3  // to one address, by two buyers or more

	LeakDays          = 7  // campaign days around the sale in which uses of a code are counted
	LeakBuyers        = 10 // different buyers who used the code and had clicked on nothing
	LeakUsesPerAClick = 4  // a code that is passed on is used more often than that for each click on the creator's links

	BurstOrders = 30 // credited to one creator
	BurstHours  = 2  // 24ths of a campaign day around the sale
)

// Pattern is what an order is compared with: the creator, and what else the same creator's touches sold around it, this order included.
type Pattern struct {
	Mailbox, Place, Name bool   // the buyer's is the creator's
	CouponSite           string // that the buyer came from, "" none that is known
	BuyerOrders          int    // by the same buyer
	PlaceOrders          int    // to the same address
	PlaceBuyers          int    // who bought to it
	CodeBuyers           int    // different ones who used the code without a click
	Clicks               int    // by people, on the creator's links
	AtOnce               int    // in the span of a burst
}

// Risks are the reasons to hold the order's earning, worst first; none where there is nothing to see.
func (p Pattern) Risks() (risks []Risk) {
	for _, r := range []struct {
		is bool
		Risk
	}{
		{p.Mailbox, OwnMail},
		{p.Place, OwnPlace},
		{p.Name, OwnName},
		{p.CouponSite != "", CouponSite},
		{p.BuyerOrders >= SameBuyerOrders, SameBuyer},
		{p.PlaceOrders >= SamePlaceOrders && p.PlaceBuyers > 1, SamePlace},
		{p.CodeBuyers >= LeakBuyers && p.CodeBuyers > LeakUsesPerAClick*p.Clicks, LeakedCode},
		{p.AtOnce >= BurstOrders, Burst},
	} {
		if r.is {
			risks = append(risks, r.Risk)
		}
	}
	return risks
}

// Reason is the risks in words. The creator reads them, so they name nobody and no address.
func (p Pattern) Reason(risks []Risk) string {
	words := map[Risk]string{
		OwnMail: locale.Words("the buyer's mail address is the creator's own"), OwnPlace: locale.Words("it was sent to the creator's own address"),
		OwnName: locale.Words("the buyer has the name of the creator or of their payout account"), CouponSite: "the buyer came from " + p.CouponSite + ", which collects codes",
		SameBuyer:  fmt.Sprintf("one buyer ordered %d times, all within %d days of this order", p.BuyerOrders, RepeatDays),
		SamePlace:  fmt.Sprintf("%d buyers ordered %d times to one address, all within %d days of this order", p.PlaceBuyers, p.PlaceOrders, RepeatDays),
		LeakedCode: fmt.Sprintf("the code may have been passed on: %d buyers used it without a click, all within %d days of this order, beside %d clicks on the links", p.CodeBuyers, LeakDays, p.Clicks),
		Burst:      fmt.Sprintf("%d orders within %d hours", p.AtOnce, 2*BurstHours),
	}
	var said []string
	for _, r := range risks {
		said = append(said, words[r])
	}
	return strings.Join(said, "; ")
}

// Shared says whether a risk lies in several orders: who finds it holds the others of the pattern too.
func (r Risk) Shared() bool { return r == SameBuyer || r == SamePlace || r == LeakedCode || r == Burst }

// couponSites collect codes for whoever is about to pay: who comes from there was a buyer before they saw the creator's code.
var couponSites = []string{
	"retailmenot.com", "joinhoney.com", "capitaloneshopping.com", "couponfollow.com", "simplycodes.com", "dealspotr.com", "wethrift.com", "knoji.com", "slickdeals.net", "coupons.com",
	"couponcabin.com", "offers.com", "savings.com", "dontpayfull.com", "couponbirds.com", "hotdeals.com", "promocodes.com", "groupon.com", "rakuten.com", "vouchercodes.co.uk", "hotukdeals.com",
	"mydealz.de", "dealabs.com", "pepper.com", "igraal.com", "gutscheine.de", "couponchief.com", "goodsearch.com", "lovecoupons.com", "worthepenny.com", "valuecom.com",
}

// CouponSiteOf is the coupon site that a host belongs to, "" for any other.
func CouponSiteOf(host string) string {
	host = strings.TrimSuffix(strings.ToLower(host), ".")
	for _, site := range couponSites {
		if host == site || strings.HasSuffix(host, "."+site) {
			return site
		}
	}
	return ""
}
