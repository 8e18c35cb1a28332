package payoutproof

import (
	"slices"
	"strings"
	"time"

	"github.com/rapport-dev/rapport/partnership"
	"github.com/rapport-dev/rapport/partnership/payoutproof/check"
)

// Shown are a provider's transfers, by the payout that they name and by their own id.
type Shown map[string][]partnership.Transfer

// ShownBy leaves out what is under way: it has moved nothing yet.
func ShownBy(list []partnership.Transfer) Shown {
	by := Shown{}
	for _, t := range list {
		if t.State == partnership.TransferUnderway {
			continue
		}
		by["payout "+string(t.PayoutID)] = append(by["payout "+string(t.PayoutID)], t)
		by[t.ID] = append(by[t.ID], t)
	}
	return by
}

// AddTo adds to a payout what its provider shows of it: what names it, and the transfer that the books say paid it. One that the books had
// lost names another payout, or none.
func (s Shown) AddTo(p *check.Payout) error {
	of := slices.Clone(s["payout "+p.ID])
	for _, t := range s[p.TransferID] {
		if string(t.PayoutID) != p.ID {
			of = append(of, t)
		}
	}
	for _, t := range of {
		answer, err := Answer(t, p.Rail)
		if err != nil {
			return err
		}
		p.Transfers = append(p.Transfers, answer)
	}
	slices.SortFunc(p.Transfers, func(x, y check.Transfer) int { return strings.Compare(x.ID, y.ID) })
	return nil
}

// FirstPost is when the first of a proof's payouts was sent.
func FirstPost(f check.File) time.Time {
	first := f.MadeAt
	for _, p := range f.Payouts {
		if p.FirstPostedAt != nil && p.FirstPostedAt.Before(first) {
			first = *p.FirstPostedAt
		}
	}
	return first
}
