package ledger

import (
	"cmp"
	"encoding/json"
	"slices"
	"strings"

	"github.com/rapport-dev/rapport/partnership"
	"github.com/rapport-dev/rapport/partnership/money"
)

// Said is an order as the shop said it at one moment.
type Said struct {
	partnership.SaleState

	Currency string `json:"currency"`
	NetMinor int64  `json:"net_minor"` // goods still in it
}

// Facts are all that was ever heard about one order, in any order and however often.
type Facts struct {
	Said     []Said
	Refunds  []partnership.SaleRefund
	Disputes []partnership.SaleDispute
}

// Worth is what an order comes to by all that is known of it.
type Worth struct {
	Currency    string
	BoughtMinor int64 // goods that were bought and paid for: no lines that an edit took out, no tax, shipping, gift cards, tips
	BackMinor   int64 // of that, what came back: refunded, disputed and lost, cancelled
	NewCustomer *bool // the buyer's first order; nil where the shop does not say
}

// KeptMinor is what is left of it.
func (w Worth) KeptMinor() int64 { return w.BoughtMinor - w.BackMinor }

// Worth computes it from the newest that the shop said, what refunds have taken out of that, and what the buyer has back beside lines:
// that goes first against what the shop owed them for lines that an edit took out, and then counts in proportion to the goods. It depends
// on what was heard and not on when (RULES, money 3, 5, 14). ok is false while the order itself was not heard of.
func (f Facts) Worth() (w Worth, ok bool) {
	if len(f.Said) == 0 {
		return Worth{}, false
	}
	now := slices.MaxFunc(f.Said, laterSaid)
	refunds := f.oneOfEach(now.Currency)
	bought, total := inAll(now, refunds)
	var lines, beyond, paid int64
	cancelled := false
	for _, s := range f.Said {
		_, then := inAll(s, refunds)
		paid = max(paid, then, s.ReceivedMinor)
		cancelled = cancelled || !s.CancelledAt.IsZero()
		if w.NewCustomer == nil || s.NewCustomer != nil && !*s.NewCustomer {
			w.NewCustomer = s.NewCustomer
		}
	}
	for _, r := range refunds {
		goods, beside := r.Back(now.TaxesIncluded)
		lines, beyond = lines+goods, beyond+beside
	}
	beyond += lost(f.Disputes, now.Currency)
	beyond = max(0, beyond-max(0, paid-total))
	back := min(lines+money.RefundShare(bought, beyond, total), bought)
	if cancelled {
		back = bought
	}
	w.Currency, w.BoughtMinor, w.BackMinor = now.Currency, bought, back
	return w, true
}

// inAll is what was bought and paid in all as an order stood: its goods, and its total, with the lines that refunds took out of it. What
// an edit took out was not bought, whether the shop keeps a note of it among the refunds or not.
func inAll(s Said, refunds []partnership.SaleRefund) (net, total int64) {
	net, total = s.NetMinor, max(s.TotalMinor, s.NetMinor)
	removed := s.RemovedMinor
	for _, r := range refunds {
		if _, gross := r.Taken(s.TaxesIncluded); r.Edit() && s.knows(r) {
			removed -= min(gross, removed)
		}
	}
	for _, r := range refunds {
		if r.Edit() || !s.knows(r) {
			continue
		}
		goods, gross := r.Taken(s.TaxesIncluded)
		out := min(gross, removed)
		if removed > 0 && gross-removed <= int64(len(r.Lines)) { // the shop rounds each line in its own way
			out = gross
		}
		net, total, removed = net+money.RefundShare(goods, out, gross), total+out, max(0, removed-out)
	}
	if owed := min(s.OwedMinor, total); owed > 0 {
		return money.RefundShare(net, total-owed, total), total - owed
	}
	return net, total
}

// knows says whether an order that stood so had heard of a refund: it lists it, or, where it lists none at all, it is the newer.
func (s Said) knows(r partnership.SaleRefund) bool {
	if s.RefundsListed {
		return slices.Contains(s.RefundIDs, r.RefundID)
	}
	return !r.At.After(s.SaidAt)
}

// laterSaid orders what the shop said of an order by its own time. Of one second it is what knows more.
func laterSaid(a, b Said) int {
	return cmp.Or(a.SaidAt.Compare(b.SaidAt), cmp.Compare(len(a.RefundIDs), len(b.RefundIDs)), strings.Compare(text(a), text(b)))
}

// oneOfEach keeps of each refund what tells most of its money: money that has moved stays moved. They are sorted by their time.
func (f Facts) oneOfEach(currency string) (refunds []partnership.SaleRefund) {
	best := map[string]partnership.SaleRefund{}
	for _, r := range f.Refunds {
		if r.Currency != "" && r.Currency != currency {
			continue
		}
		if known, ok := best[r.RefundID]; !ok || tellsMore(r, known) > 0 {
			best[r.RefundID] = r
		}
	}
	for _, r := range best {
		r.Lines = slices.Clone(r.Lines)
		for i, line := range r.Lines { // what a refund does not tell of its lines, their order may
			r.Lines[i].NoGoods = line.NoGoods || slices.ContainsFunc(f.Said, func(s Said) bool { return slices.Contains(s.NoGoods, line.LineID) })
		}
		refunds = append(refunds, r)
	}
	slices.SortFunc(refunds, func(a, b partnership.SaleRefund) int {
		return cmp.Or(a.At.Compare(b.At), strings.Compare(a.RefundID, b.RefundID))
	})
	return refunds
}

func tellsMore(a, b partnership.SaleRefund) int {
	if a.MoneyListed != b.MoneyListed {
		if a.MoneyListed {
			return 1
		}
		return -1
	}
	return cmp.Or(cmp.Compare(a.MovedMinor, b.MovedMinor), a.At.Compare(b.At), cmp.Compare(len(a.Lines), len(b.Lines)), strings.Compare(text(a), text(b)))
}

// lost is what disputes took: of each the last decision counts, and one that was lost and won after all gives it back.
func lost(all []partnership.SaleDispute, currency string) (minor int64) {
	last := map[string]partnership.SaleDispute{}
	for _, d := range all {
		if d.Currency != currency {
			continue
		}
		if known, ok := last[d.DisputeID]; !ok || decidedLater(d, known) > 0 {
			last[d.DisputeID] = d
		}
	}
	for _, d := range last {
		if d.Lost {
			minor += d.AmountMinor
		}
	}
	return minor
}

func decidedLater(a, b partnership.SaleDispute) int {
	rank := func(d partnership.SaleDispute) int {
		switch {
		case d.Won:
			return 2
		case d.Lost:
			return 1
		}
		return 0
	}
	if (rank(a) == 0) != (rank(b) == 0) { // a decision is not undone by what was said before it
		return cmp.Compare(rank(a), rank(b))
	}
	return cmp.Or(a.FinalAt.Compare(b.FinalAt), cmp.Compare(rank(a), rank(b)), strings.Compare(text(a), text(b)))
}

// text orders what is otherwise alike, so that no order of arrival does.
func text(fact any) string {
	b, err := json.Marshal(fact)
	if err != nil {
		return ""
	}
	return string(b)
}
