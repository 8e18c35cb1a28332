package report

import (
	"fmt"
	"math"
	"strconv"
	"strings"

	"github.com/rapport-dev/rapport/partnership/money"
)

// Verdict says in a few sentences what came of a campaign.
func (r Document) Verdict() []string {
	all := r.InAll()
	if all.ROAS == nil {
		why := "nothing was spent"
		if len(all.Cost) > 0 {
			why = Apart
		}
		return []string{fmt.Sprintf("It brought %s and cost %s. There is no ROAS: %s.", all.Revenue.Display(r.Currency), all.Cost.Display(r.Currency), why)}
	}
	unit := int64(math.Pow10(money.Exponent(r.Currency)))
	said := []string{fmt.Sprintf("It brought %s in sales for each %s that it cost.", money.Display(int64(math.Round(*all.ROAS*float64(unit))), r.Currency), money.Display(unit, r.Currency))}
	switch {
	case all.ROASHigh == nil:
	case *all.ROASLow >= 1:
		said = append(said, "Even the low end of the range is above what it cost.")
	case *all.ROASHigh < 1:
		said = append(said, "Even the high end of the range is below what it cost.")
	default:
		said = append(said, "Whether it paid for itself is too close to say.")
	}
	return append(said, r.Next()...)
}

// named is how many a sentence names; whoever is left is counted.
const named = 5

// Next is which creators to scale and to stop, and how many to hold.
func (r Document) Next() (said []string) {
	who := map[Advice][]string{}
	for _, l := range r.Of(ByCreator) {
		who[l.Advice] = append(who[l.Advice], l.Name)
	}
	for _, advice := range []Advice{Scale, Stop} {
		names, more := who[advice], ""
		if len(names) > named {
			names, more = names[:named], fmt.Sprintf(" and %d more", len(names)-named)
		}
		if len(names) > 0 {
			said = append(said, strings.ToUpper(string(advice[:1]))+string(advice[1:])+": "+strings.Join(names, ", ")+more+".")
		}
	}
	if n := len(who[Hold]); n > 0 {
		said = append(said, fmt.Sprintf("Hold: the other %d.", n))
	}
	return said
}

// Of are the lines of one kind.
func (r Document) Of(by By) (lines []DocumentLine) {
	for _, l := range r.Lines {
		if l.By == by {
			lines = append(lines, l)
		}
	}
	return lines
}

// Words are a line's numbers as people read them, "" where there is none.
type Words struct{ Revenue, Cost, NewCustomers, ROAS, ROASRange, ROI, ROIRange, CAC, CACRange, CostPerPost, ShopShare string }

// Words of a line; home is the report's currency.
func (l DocumentLine) Words(home string) Words {
	w := Words{Revenue: l.Revenue.Display(home), Cost: l.Cost.Display(home), CAC: amount(l.CAC), CostPerPost: amount(l.CostPerPost)}
	if l.NewCustomers != nil {
		w.NewCustomers = strconv.Itoa(*l.NewCustomers)
		if l.NewKnown < l.Orders {
			w.NewCustomers += fmt.Sprintf(" of %d known", l.NewKnown)
		}
	}
	if l.ROAS != nil {
		w.ROAS, w.ROI = fmt.Sprintf("%.2f", *l.ROAS), percent(*l.ROI)
	}
	if l.ROASLow != nil {
		w.ROASRange = fmt.Sprintf("%.2f to %.2f", *l.ROASLow, *l.ROASHigh)
		w.ROIRange = percent(*l.ROILow) + " to " + percent(*l.ROIHigh)
	}
	if l.CACLow != nil {
		w.CACRange = amount(l.CACLow) + " to " + amount(l.CACHigh)
	}
	if l.ShopShare != nil {
		w.ShopShare = fmt.Sprintf("%.1f %%", 100**l.ShopShare)
	}
	return w
}

func percent(x float64) string {
	return strings.Replace(fmt.Sprintf("%+.0f %%", 100*x), "-", "−", 1)
}

func amount(a *money.Amount) string {
	if a == nil {
		return ""
	}
	return money.Display(a.Minor, a.Currency)
}
