package main

import (
	"fmt"
	"io"
	"os"
	"slices"
	"strings"

	"github.com/rapport-dev/rapport/app/payouts"
	"github.com/rapport-dev/rapport/partnership"
	"github.com/rapport-dev/rapport/partnership/money"
	"github.com/rapport-dev/rapport/partnership/payoutproof/check"
	"github.com/rapport-dev/rapport/store"
)

type payoutsProof struct {
	month
	Out string `placeholder:"FILE" help:"Write the proof to this file, which rapport payouts verify checks anywhere."`
}

func (payoutsProof) Help() string {
	return `All that a month's payouts rest on, as one file: each row with its order (no buyer), frozen rate and hold, what came back, holds
and who decided them, who approved which hash, the keys, and what the provider shows now. It is verified as it is made, and the command
fails when anything does not hold. With --creator the file tells of nobody else. It takes the role finance, and the audit has who took it.

  rapport payouts proof --program dreams --period 2026-11 --creator ana --out ana.json`
}

func (c payoutsProof) Run(a *app) error {
	if err := c.check(); err != nil {
		return err
	}
	by, err := a.may(partnership.DeedTakeProof)
	if err != nil {
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
	prover, err := a.prover(kept)
	if err != nil {
		return err
	}
	text, err := prover.Prove(a.ctx, by, c.of(), of)
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

// prover makes proofs from this shell.
func (a *app) prover(kept *store.Store) (*payouts.Prover, error) {
	s, err := a.settings()
	if err != nil {
		return nil, err
	}
	clients := s.Vendors.Open(s.Day)
	clients.Keep(kept)
	return &payouts.Prover{Books: kept, Rail: clients.Provider}, nil
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
