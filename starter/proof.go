package main

import (
	"fmt"
	"io"
	"os"
	"slices"
	"strings"
	"time"

	"github.com/rapport-dev/rapport/activities"
	"github.com/rapport-dev/rapport/partnership"
	"github.com/rapport-dev/rapport/partnership/money"
	"github.com/rapport-dev/rapport/partnership/payoutproof"
	"github.com/rapport-dev/rapport/partnership/payoutproof/check"
	"github.com/rapport-dev/rapport/wiring/vendors"
)

type payoutsProof struct {
	month
	Out string `placeholder:"FILE" help:"Write the proof to this file, which rapport payouts verify checks anywhere."`
}

func (payoutsProof) Help() string {
	return `All that a month's payouts rest on, as one file: each row with its order (no buyer), frozen rate and hold, what came back, holds
and who decided them, who approved which hash, the keys, and what the provider shows now. It is verified as it is made, and the command
fails when anything does not hold. With --creator the file tells of nobody else.

  rapport payouts proof --program dreams --period 2026-11 --creator ana --out ana.json`
}

func (c payoutsProof) Run(a *app) error {
	if err := c.check(); err != nil {
		return err
	}
	kept, err := a.store()
	if err != nil {
		return err
	}
	var of partnership.CreatorID
	if c.Creator != "" {
		creator, err := kept.FindCreator(a.ctx, c.Creator)
		if err != nil {
			return err
		}
		of = creator.ID
	}
	f, err := kept.PayoutProof(a.ctx, c.Program, c.Period, of)
	if err != nil {
		return err
	}
	if err := a.askProvider(&f); err != nil {
		return err
	}
	text, err := payoutproof.Write(f)
	if err != nil {
		return err
	}
	if c.Out != "" {
		if err := os.WriteFile(c.Out, text, 0o600); err != nil {
			return fmt.Errorf("the proof could not be written: %w", err)
		}
	}
	return a.showProof(text)
}

type payoutsVerify struct {
	File string `arg:"" help:"As rapport payouts proof --out wrote it."`
}

func (payoutsVerify) Help() string {
	return `Checks a proof by its file alone, with code of its own: no database, no network, no settings. It computes each commission, what came
back, each sum, what was carried, the hash that was approved, and holds the books against the provider's answer.`
}

func (c payoutsVerify) Run(a *app) error {
	text, err := os.ReadFile(c.File)
	if err != nil {
		return partnership.FieldErrorf("file", "%q cannot be read: name a file that `rapport payouts proof --out` wrote", c.File)
	}
	return a.showProof(text)
}

// showProof verifies a proof and says what it proves, or what does not hold.
func (a *app) showProof(text []byte) error {
	f, faults := check.Verify(text)
	document := map[string]any{"ok": len(faults) == 0, "faults": orEmpty(faults), "proof": f}
	if err := a.show(document, func(w io.Writer) { sayProof(w, f, faults) }); err != nil {
		return err
	}
	if len(faults) > 0 {
		return &exitCode{failed}
	}
	return nil
}

const (
	// askEach is how many payouts are asked for one by one; above it the provider's whole list is read.
	askEach = 100
	// mostTransfers bounds that list.
	mostTransfers = 200_000
	// clocks is how far the provider's clock may be from ours, and a post from its transfer.
	clocks = 24 * time.Hour
)

// askProvider adds what each provider shows of its payouts now.
func (a *app) askProvider(f *check.File) error {
	s, err := a.settings()
	if err != nil {
		return err
	}
	kept, err := a.store()
	if err != nil {
		return err
	}
	clients := s.Vendors.Open(s.Day)
	clients.Keep(kept)
	rails := vendors.Among[activities.PayoutRail](clients, partnership.RailPort)
	lists := map[string]transfers{} // of the rails that are asked once
	for i := range f.Payouts {
		p := &f.Payouts[i]
		rail, err := rails.Named(partnership.RailPort, p.Rail)
		if err != nil {
			return err
		}
		shown, read := lists[p.Rail]
		switch {
		case len(f.Payouts) <= askEach:
			shown, err = a.askAbout(rail, *p)
		case !read:
			var list []partnership.Transfer
			list, err = rail.Transfers(a.ctx, firstPost(*f).Add(-clocks), mostTransfers)
			if err == nil {
				shown, err = a.transfersOf(p.Rail, list)
			}
			lists[p.Rail] = shown
		}
		if err != nil {
			return err
		}
		if err := answers(p, shown); err != nil {
			return err
		}
	}
	return nil
}

// askAbout is what a provider shows of one payout. A transfer that the books had lost bears another payout's id.
func (a *app) askAbout(rail activities.PayoutRail, p check.Payout) (transfers, error) {
	list, err := rail.TransfersOf(a.ctx, partnership.PayoutID(p.ID), p.TransferID)
	if err == nil && p.TransferID != "" && !slices.ContainsFunc(list, func(t partnership.Transfer) bool { return t.ID == p.TransferID }) {
		var since []partnership.Transfer
		since, err = rail.Transfers(a.ctx, p.FirstPostedAt.Add(-clocks), mostTransfers)
		list = since // the payout's own are among them
	}
	if err != nil {
		return nil, err
	}
	return a.transfersOf(p.Rail, list)
}

// firstPost is when the first of the payouts was sent.
func firstPost(f check.File) time.Time {
	first := f.MadeAt
	for _, p := range f.Payouts {
		if p.FirstPostedAt != nil && p.FirstPostedAt.Before(first) {
			first = *p.FirstPostedAt
		}
	}
	return first
}

// transfers are a provider's, by the payout that they carry and by their own id.
type transfers map[string][]partnership.Transfer

// transfersOf are a rail's as the books know whom they went to.
func (a *app) transfersOf(rail string, list []partnership.Transfer) (transfers, error) {
	kept, err := a.store()
	if err != nil {
		return nil, err
	}
	list, err = kept.NameTransfers(a.ctx, rail, list)
	return transfersOf(list), err
}

// transfersOf leaves out what is under way: it has moved nothing yet.
func transfersOf(list []partnership.Transfer) transfers {
	by := transfers{}
	for _, t := range list {
		if t.State == partnership.TransferUnderway {
			continue
		}
		by["payout "+string(t.PayoutID)] = append(by["payout "+string(t.PayoutID)], t)
		by[t.ID] = append(by[t.ID], t)
	}
	return by
}

func answers(p *check.Payout, shown transfers) error {
	of := slices.Clone(shown["payout "+p.ID])
	for _, t := range shown[p.TransferID] {
		if string(t.PayoutID) != p.ID { // one that the books had lost
			of = append(of, t)
		}
	}
	for _, t := range of {
		answer, err := payoutproof.Answer(t, p.Rail)
		if err != nil {
			return err
		}
		p.Transfers = append(p.Transfers, answer)
	}
	slices.SortFunc(p.Transfers, func(x, y check.Transfer) int { return strings.Compare(x.ID, y.ID) })
	return nil
}

func sayProof(w io.Writer, f check.File, faults []string) {
	for _, r := range f.Runs {
		var by []string
		for _, word := range r.Approvals {
			by = append(by, word.By)
		}
		line(w, "run %s: %s, prepared by %s, approved by %s, hash %s", r.ID, r.State, r.PreparedBy, strings.Join(by, ", "), r.LinesHash)
	}
	for _, p := range f.Payouts {
		line(w, "payout %s: %s, %s by %s %s to creator %s at %s", p.ID, money.Display(p.AmountMinor, p.Currency), p.State, p.Rail, p.TransferID, p.CreatorID, p.Destination)
		sayRows(w, f, p)
	}
	if len(f.Payouts) == 0 && len(faults) == 0 {
		line(w, "No payout of that month and creator. `rapport payouts status` shows the runs.")
	}
	for _, fault := range faults {
		line(w, "FAULT: %s", fault)
	}
	if len(faults) == 0 {
		line(w, "ok: %d payouts, %d rows and %d orders; sums, hashes, approvals and the provider's answers hold", len(f.Payouts), len(f.Rows), len(f.Orders))
	}
}

// sayRows shows how a payout's amount comes about. Rows and orders stand in the order of their ids.
func sayRows(w io.Writer, f check.File, p check.Payout) {
	var rows [][]string
	for _, id := range p.Rows {
		at, here := slices.BinarySearchFunc(f.Rows, id, func(r check.Row, id string) int { return strings.Compare(r.ID, id) })
		if !here {
			continue
		}
		r := f.Rows[at]
		basis := r.Reason
		if i, sold := slices.BinarySearchFunc(f.Orders, r.OrderID, func(o check.Order, id string) int { return strings.Compare(o.ID, id) }); sold && r.Kind == "commission" {
			basis = fmt.Sprintf("%s %% of %s", money.FormatPercent(int(r.RateBPS)), money.Display(f.Orders[i].SoldMinor, r.Currency))
		}
		rows = append(rows, []string{when(r.OccurredAt), r.Kind, money.Display(r.AmountMinor, r.Currency), r.OrderID, basis})
	}
	table(w, "at kind amount order basis", rows)
}
