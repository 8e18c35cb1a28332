package check

import (
	"crypto/sha256"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"
)

func moved(p Payout) bool { return p.State == "paid" || p.State == "returned" }

// payout holds a payout against its rows, its run and what the provider says.
func (c *checker) payout(p Payout) {
	wrong := c.of("payout", p.ID)
	run, known := c.runs[p.RunID]
	wrong(!known || p.Currency != run.Currency || p.AmountMinor <= 0, "%d %s in run %q, which is in %q", p.AmountMinor, p.Currency, p.RunID, run.Currency)
	wrong(c.Creator != "" && p.CreatorID != c.Creator, "it is of creator %s, the file of %s", p.CreatorID, c.Creator)
	post, _ := strconv.Atoi(p.Key[strings.LastIndex(p.Key, "/")+1:]) // of a later post, where the rail keeps its refusal of the one before
	wrong(p.Key != "payout/"+p.ID && (post < 2 || p.Key != fmt.Sprintf("payout/%s/%d", p.ID, post)), "its key is %q: a transfer's key is its payout's id", p.Key)
	sum, in, out := c.sums(p, run, wrong)
	wrong(sum != p.AmountMinor || in != p.CarriedIn || out != p.CarriedOut, "its rows come to %d, of it %d from before, and leave %d; it says %d, %d and %d", sum, in, out, p.AmountMinor, p.CarriedIn, p.CarriedOut)
	whole, least := p.AmountMinor+p.CarriedOut, max(carries[p.Rail+"/"+p.Currency].step, 1)
	wrong(run.Settled == nil && p.CarriedOut != whole%least, "of %d %s leaves %d, not %d: it carries multiples of %d", whole, p.Rail, whole%least, p.CarriedOut, least)
	wrong(run.Settled == nil && !p.Last && whole < run.MinimumMinor, "%d is below the minimum of %d", whole, run.MinimumMinor)
	wrong(p.ReversedMinor < 0 || p.ReversedMinor > 0 && !moved(p) || (p.State == "returned") != (p.ReversedMinor >= p.AmountMinor), "it is %s, and %d came back", p.State, p.ReversedMinor)
	again := c.sum["return "+p.CreatorID+" "+p.Currency] // what is owed again because it came back
	wrong(p.ReversedMinor > again, "%d came back, and %d is owed again", p.ReversedMinor, again)
	c.transfers(p, run, wrong)
}

// sums are what the rows of a payout come to, what of it was due before the month began, and what its rail cannot carry.
func (c *checker) sums(p Payout, run Run, wrong faultIf) (sum, in, out int64) {
	state, known := map[string]string{"planned": "in_payout", "posted": "in_payout", "unknown": "in_payout", "paid": "paid", "returned": "paid", "failed": "", "void": ""}[p.State]
	wrong(!known, "%q is no state", p.State)
	for i, id := range p.Rows {
		r, here := c.rows[id]
		wrong(!here || r.CreatorID != p.CreatorID || r.Currency != p.Currency || i > 0 && id <= p.Rows[i-1], "row %s is of creator %q in %q, or there twice", id, r.CreatorID, r.Currency)
		wrong(state != "" && (r.PayoutID != p.ID || r.State != state) || state == "" && !slices.Contains(r.Released, p.ID), "it is %s, and its row %s is %s, claimed by %q", p.State, id, r.State, r.PayoutID)
		wrong(run.Settled == nil && r.AmountMinor >= 0 && !r.EligibleAt.Before(run.Cutoff), "row %s is payable from %s, and the run ends at %s", id, r.EligibleAt, run.Cutoff)
		sum += r.AmountMinor
		in += map[bool]int64{true: r.AmountMinor}[r.EligibleAt.Before(run.From)]
		if r.Kind == "adjustment" && r.OrderID == "" && r.AmountMinor < 0 && r.OccurredAt.Equal(run.Cutoff) {
			out -= r.AmountMinor
		}
	}
	return sum, in, out
}

// transfers holds what the books say against the provider: as much as was paid, by that transfer, to that account, once.
func (c *checker) transfers(p Payout, run Run, wrong faultIf) {
	net, paid, back, shown := int64(0), units(p.AmountMinor, p.Rail, p.Currency), units(p.ReversedMinor, p.Rail, p.Currency), 0
	for _, t := range p.Transfers {
		wrong(run.Settled == nil && t.PayoutID != p.ID || t.DestinationHash != p.DestinationHash || t.Currency != p.Currency, "transfer %s is of payout %q in %s, or to another account", t.ID, t.PayoutID, t.Currency)
		wrong(t.At.After(c.MadeAt.Add(skew)) || p.FirstPostedAt != nil && t.At.Before(p.FirstPostedAt.Add(-skew)), "transfer %s was made at %s, and asked for at %v", t.ID, t.At, p.FirstPostedAt)
		net += t.Units - t.ReversedUnits
		if t.ID == p.TransferID {
			shown++
			wrong(t.Units != paid || t.ReversedUnits != back, "transfer %s is of %d units of which %d came back, by the books %d and %d", t.ID, t.Units, t.ReversedUnits, paid, back)
		}
	}
	want := map[bool]int64{true: paid - back}[moved(p)]
	wrong(net != want, "the provider moved %d units, the books say %d", net, want)
	wrong(moved(p) != (p.TransferID != "") || moved(p) && (shown != 1 || p.FirstPostedAt == nil), "it is %s by transfer %q, shown %d times, first sent at %v", p.State, p.TransferID, shown, p.FirstPostedAt)
}

// run holds a run against its payouts, its hash and who approved it.
func (c *checker) run(r Run) {
	wrong := c.of("run", r.ID)
	far := func(t, midnight time.Time) bool { return t.Sub(midnight).Abs() > 15*time.Hour } // whatever the zone
	wrong(far(r.From, monthOf(c.Period)) || far(r.To, monthOf(c.Period).AddDate(0, 1, 0)) || r.Cutoff.Before(r.From) || r.Cutoff.After(r.To), "from %s to %s, up to %s, is not %s", r.From, r.To, r.Cutoff, c.Period)
	wrong(!strings.HasPrefix(r.ID, c.Program+"/"+c.Period+"/"), "it is no run of %s in %s", c.Program, c.Period)
	lines, total := []Payout{}, int64(0)
	for _, p := range c.Payouts {
		if p.RunID == r.ID {
			lines, total = append(lines, p), total+p.AmountMinor
		}
	}
	wrong(c.Creator == "" && (total != r.TotalMinor || len(lines) != r.Payees) || total > r.TotalMinor || len(lines) > r.Payees, "%d payouts come to %d; it says %d and %d", len(lines), total, r.Payees, r.TotalMinor)
	if s := r.Settled; s != nil { // a transfer that the books had lost, booked on a person's word instead of approvals
		wrong(s.Deed != "settle_difference" || s.By == "" || s.By != r.PreparedBy || s.Reason == "" || r.LinesHash != "" || r.State != "reconciled" || len(r.Approvals) > 0, "%q is settled by %q for %q in a run by %q", s.On, s.By, s.Reason, r.PreparedBy)
		for _, p := range lines {
			wrong(p.TransferID != s.On || len(p.Rows) != 1 || !moved(p), "transfer %q was settled, and payout %s is paid by %q", s.On, p.ID, p.TransferID)
		}
		return
	}
	hash := c.hash(r, lines, wrong)
	wrong(hash != r.LinesHash && (r.LinesHash != "" || r.Payees > 0), "its lines hash to %q, approved is %q", hash, r.LinesHash)
	c.approved(r, lines, wrong)
}

// hash computes what approvals are bound to: each payout is one of the run's lines, and the run is bound to all of them.
func (c *checker) hash(r Run, lines []Payout, wrong faultIf) string {
	sorted := slices.Sorted(slices.Values(r.LineHashes))
	for _, p := range lines {
		_, known := slices.BinarySearch(sorted, hexOf(fmt.Appendf(nil, "%s\n%s\n%s\n%d\n%s", p.CreatorID, p.DestinationHash, p.Currency, p.AmountMinor, strings.Join(p.Rows, ","))))
		wrong(!known, "payout %s is none of its lines", p.ID)
	}
	wrong(len(sorted) != r.Payees || len(slices.Compact(sorted)) != r.Payees, "it has %d lines for %d payees, or one twice", len(sorted), r.Payees)
	return hexOf([]byte(strings.Join(append(slices.Clone(r.LineHashes), ""), "\n")))
}

func hexOf(text []byte) string { return fmt.Sprintf("%x", sha256.Sum256(text)) }

// approved: by enough people, none of whom prepared it, over just this hash, before anything was sent.
func (c *checker) approved(r Run, lines []Payout, wrong faultIf) {
	need := map[bool]int{true: 2, false: 1}[r.ApproveAbove > 0 && r.TotalMinor > r.ApproveAbove]
	wrong(r.NeedApprovers < need, "%d, with a limit of %d, needs %d approvers, not %d", r.TotalMinor, r.ApproveAbove, need, r.NeedApprovers)
	by, last := map[string]bool{}, time.Time{}
	for _, a := range r.Approvals {
		wrong(a.Deed != "approve_run" || a.By == "" || by[a.By] || a.By == r.PreparedBy, "%q by %q: it was prepared by %q, and each approves once", a.Deed, a.By, r.PreparedBy)
		wrong(a.On != r.LinesHash || a.At.Before(last) || a.At.After(c.MadeAt.Add(skew)), "%q approved %q at %s", a.By, a.On, a.At)
		by[a.By], last = true, a.At
	}
	open := slices.Contains([]string{"closing", "review", "planned", "rejected", "empty"}, r.State)
	wrong(r.PreparedBy == "" || !open && !slices.Contains([]string{"approved", "executing", "reconciled"}, r.State), "it is %q, prepared by %q", r.State, r.PreparedBy)
	wrong(!open && len(by) < max(need, r.NeedApprovers), "it is %s with %d of %d approvals", r.State, len(by), r.NeedApprovers)
	for _, p := range lines {
		wrong(p.FirstPostedAt != nil && (open || last.After(p.FirstPostedAt.Add(skew))), "payout %s was sent at %v, before it was approved", p.ID, p.FirstPostedAt)
	}
}
