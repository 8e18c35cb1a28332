package report

import (
	"math"
	"time"

	"github.com/rapport-dev/rapport/partnership"
	"github.com/rapport-dev/rapport/partnership/money"
)

// Document is what came of a campaign: it in all, then by arm, niche, tier, creator and post. Handles are personal data.
type Document struct {
	CampaignID partnership.CampaignID    `json:"campaign_id"`
	Name       string                    `json:"name"`
	Round      int                       `json:"round"`
	State      partnership.CampaignState `json:"state"`
	At         time.Time                 `json:"at"`
	Currency   string                    `json:"currency"`
	Rates      string                    `json:"rates,omitempty"` // at which other currencies were brought to it, and of which days
	Lines      []DocumentLine            `json:"lines"`
}

// DocumentLine is a line of it. What rests on revenue and cost together is null where they cannot be compared: amounts of several currencies
// and no rate. Low and high hold nine in ten.
type DocumentLine struct {
	By           By            `json:"by"`
	Name         string        `json:"name"`
	Partnerships int           `json:"partnerships"`
	Posts        int           `json:"posts"`
	Clicks       int           `json:"clicks"`
	Orders       int           `json:"orders"`
	Inferred     int           `json:"inferred"`      // orders by code: their post is the latest before them
	NewCustomers *int          `json:"new_customers"` // null where the shop has not said of any buyer
	NewKnown     int           `json:"new_known"`     // the orders of which the shop has said
	Revenue      money.Sums    `json:"revenue"`       // net of what came back
	Fees         money.Sums    `json:"fees"`
	Commission   money.Sums    `json:"commission"` // bonuses and corrections too
	Product      money.Sums    `json:"product"`
	Shipping     money.Sums    `json:"shipping"`
	Cost         money.Sums    `json:"cost"`
	ROAS         *float64      `json:"roas"` // revenue / cost
	ROASLow      *float64      `json:"roas_low"`
	ROASHigh     *float64      `json:"roas_high"`
	ROI          *float64      `json:"roi"` // (revenue - cost) / cost
	ROILow       *float64      `json:"roi_low"`
	ROIHigh      *float64      `json:"roi_high"`
	CAC          *money.Amount `json:"cac"` // cost of a new customer
	CACLow       *money.Amount `json:"cac_low"`
	CACHigh      *money.Amount `json:"cac_high"`
	CostPerPost  *money.Amount `json:"cost_per_post"`
	ShopShare    *float64      `json:"shop_share"` // of all that the shop sold while the campaign ran
	Advice       Advice        `json:"advice"`
	Why          string        `json:"why"`
}

// Head is whose report it is.
type Head struct {
	ID    partnership.CampaignID
	Name  string
	Round int
	State partnership.CampaignState
	At    time.Time
}

// DocumentOf is a campaign's
func DocumentOf(h Head, f Facts) Document {
	out := Document{CampaignID: h.ID, Name: h.Name, Round: h.Round, State: h.State, At: h.At.UTC(), Currency: f.Currency}
	for _, l := range f.Lines() {
		if l.By == ByCampaign && l.Comparable {
			out.Rates = l.Rates
		}
		out.Lines = append(out.Lines, lineOf(l))
	}
	return out
}

// InAll is the line of the whole campaign.
func (r Document) InAll() DocumentLine { return r.Lines[0] }

func lineOf(l Line) DocumentLine {
	out := DocumentLine{
		By: l.By, Name: l.Name, Partnerships: l.Partnerships, Posts: l.Posts, Clicks: l.Clicks, Orders: l.Orders, Inferred: l.Inferred, NewKnown: l.NewKnown, Revenue: l.Revenue,
		Fees: l.Costs.Fees, Commission: l.Costs.Commission, Product: l.Costs.Product, Shipping: l.Costs.Shipping, Cost: l.Costs.All(),
	}
	if l.NewKnown > 0 {
		out.NewCustomers = &l.New
	}
	out.Advice, out.Why = l.Advise()
	if !l.Comparable {
		return out
	}
	if roas, ok := l.ROAS(); ok {
		roi, _ := l.ROI()
		out.ROAS, out.ROI = rounded(roas), rounded(roi)
		if in := l.ROASWithin; in.High > 0 {
			out.ROASLow, out.ROASHigh, out.ROILow, out.ROIHigh = rounded(in.Low), rounded(in.High), rounded(in.Low-1), rounded(in.High-1)
		}
	}
	amount := func(minor float64) *money.Amount {
		if minor == 0 {
			return nil
		}
		return &money.Amount{Currency: l.Currency, Minor: int64(math.Round(minor))}
	}
	out.CAC, out.CACLow, out.CACHigh, out.CostPerPost = amount(l.CAC), amount(l.CACWithin.Low), amount(l.CACWithin.High), amount(l.PostCost)
	if l.ShopShare > 0 {
		out.ShopShare = rounded(l.ShopShare)
	}
	return out
}

func rounded(x float64) *float64 {
	x = math.Round(x*10_000) / 10_000
	return &x
}
