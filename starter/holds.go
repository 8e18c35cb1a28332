package main

import (
	"context"
	"io"

	"github.com/rapport-dev/rapport/app/deeds"
	"github.com/rapport-dev/rapport/partnership"
	"github.com/rapport-dev/rapport/partnership/money"
)

type ledgerHolds struct{}

func (ledgerHolds) Run(a *app) error {
	kept, err := a.store()
	if err != nil {
		return err
	}
	held, err := kept.HeldRows(a.ctx, 0)
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

// oneRow is a decision about one earning.
type oneRow struct {
	Row    string `arg:"" help:"As ledger show and ledger holds show it."`
	Reason string `required:"" help:"Why. The creator reads it, and the audit keeps it."`
}

type ledgerHold struct{ oneRow }

func (c ledgerHold) Run(a *app) error {
	return c.decide(a, partnership.DeedHoldRow, "held", deeds.HoldRow)
}

type ledgerRelease struct{ oneRow }

func (c ledgerRelease) Run(a *app) error {
	return c.decide(a, partnership.DeedReleaseRow, "released", deeds.ReleaseRow)
}

type ledgerVoid struct{ oneRow }

func (c ledgerVoid) Run(a *app) error {
	return c.decide(a, partnership.DeedVoidRow, "rejected", deeds.VoidRow)
}

func (c oneRow) decide(a *app, deed, done string, do func(ctx context.Context, kept deeds.Rows, by deeds.By, row, reason string) error) error {
	by, err := a.may(deed)
	if err != nil {
		return err
	}
	kept, err := a.store()
	if err != nil {
		return err
	}
	if err := do(a.ctx, kept, by, c.Row, c.Reason); err != nil {
		return hint(err, "there is no such row; `rapport ledger show` lists all, `rapport ledger holds` those that wait")
	}
	return a.show(map[string]string{"row": c.Row, "decision": done}, func(w io.Writer) { line(w, "The row is %s.", done) })
}
