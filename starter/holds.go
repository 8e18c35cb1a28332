package main

import (
	"context"
	"io"

	"github.com/rapport-dev/rapport/partnership/money"
	"github.com/rapport-dev/rapport/store"
)

type ledgerHolds struct{}

func (ledgerHolds) Run(a *app) error {
	kept, err := a.store()
	if err != nil {
		return err
	}
	held, err := kept.HeldRows(a.ctx)
	if err != nil {
		return err
	}
	return a.show(orEmpty(held), func(w io.Writer) {
		if len(held) == 0 {
			line(w, "Nothing is held.")
			return
		}
		var rows [][]string
		for _, r := range held {
			rows = append(rows, []string{r.ID, "@" + r.Creator, string(r.PartnershipID), money.Display(r.AmountMinor, r.Currency), when(r.Since), r.Reason})
		}
		table(w, "row creator partnership amount since why", rows)
		line(w, "A missing disclosure ends its holds when it is mended. Else: rapport ledger release ROW --reason WHY, or rapport ledger void ROW --reason WHY")
	})
}

// heldRow is a decision about one row. Whoever has the role finance takes it; the audit keeps who and why.
type heldRow struct {
	Row    string `arg:"" help:"As ledger holds shows it."`
	Reason string `required:"" help:"Why. The creator reads it, and the audit keeps it."`
}

type ledgerRelease struct{ heldRow }

func (c ledgerRelease) Run(a *app) error { return c.decide(a, "released", (*store.Store).ClearRow) }

type ledgerVoid struct{ heldRow }

func (c ledgerVoid) Run(a *app) error { return c.decide(a, "rejected", (*store.Store).VoidRow) }

func (c heldRow) decide(a *app, done string, how func(kept *store.Store, ctx context.Context, id, by, reason string) error) error {
	who, err := a.finance()
	if err != nil {
		return err
	}
	kept, err := a.store()
	if err != nil {
		return err
	}
	if err := how(kept, a.ctx, c.Row, who, c.Reason); err != nil {
		return hint(err, "there is no such row; `rapport ledger holds` lists those that wait")
	}
	return a.show(map[string]string{"row": c.Row, "decision": done}, func(w io.Writer) { line(w, "The row is %s.", done) })
}
