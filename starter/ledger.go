package main

import (
	"io"
	"time"

	"github.com/rapport-dev/rapport/partnership/money"
	"github.com/rapport-dev/rapport/store"
)

type ledgerCommands struct {
	Show   ledgerShow   `cmd:"" help:"Earnings, corrections and balances."`
	Verify ledgerVerify `cmd:"" help:"Check that the books balance and agree with the rows."`

	Holds   ledgerHolds   `cmd:"" help:"Earnings that are held until a person decides, the longest held first."`
	Hold    ledgerHold    `cmd:"" help:"Hold an earning that is not paid yet until a person releases or rejects it."`
	Release ledgerRelease `cmd:"" help:"Let a held earning go: its sale hold goes on where it was, then a run pays it."`
	Void    ledgerVoid    `cmd:"" help:"Reject a held earning for good."`
}

type ledgerShow struct {
	Creator  string `placeholder:"HANDLE" help:"Only this creator's."`
	Campaign string `placeholder:"ID" help:"Only this campaign's rows; balances are not kept by campaign."`
}

func (c ledgerShow) Run(a *app) error {
	kept, err := a.store()
	if err != nil {
		return err
	}
	only := store.LedgerFilter{Handle: c.Creator}
	if c.Campaign != "" {
		if only.CampaignID, err = a.campaignID(c.Campaign); err != nil {
			return err
		}
	}
	document, err := kept.LedgerDocument(a.ctx, only)
	if err != nil {
		return err
	}
	return a.show(document, func(w io.Writer) {
		var rows [][]string
		for _, r := range document.Rows {
			rows = append(rows, []string{
				r.ID, when(r.OccurredAt), "@" + r.Creator, string(r.Kind), money.Display(r.AmountMinor, r.Currency),
				string(r.State), when(r.EligibleAt), r.OrderID, r.Reason,
			})
		}
		table(w, "row at creator kind amount state eligible order reason", rows)
		line(w, "")
		rows = nil
		for _, b := range document.Balances {
			rows = append(rows, []string{b.Account, money.Display(b.AmountMinor, b.Currency)})
		}
		table(w, "account balance", rows)
	})
}

type ledgerVerify struct{}

func (ledgerVerify) Run(a *app) error {
	kept, err := a.store()
	if err != nil {
		return err
	}
	started := time.Now()
	faults, err := kept.VerifyLedger(a.ctx)
	if err != nil {
		return err
	}
	document := map[string]any{"ok": len(faults) == 0, "faults": orEmpty(faults)}
	if err := a.show(document, func(w io.Writer) {
		for _, fault := range faults {
			line(w, "FAULT %s", fault)
		}
		if len(faults) == 0 {
			line(w, "The books balance (%s).", time.Since(started).Round(time.Millisecond))
		}
	}); err != nil {
		return err
	}
	if len(faults) > 0 {
		return &exitCode{failed}
	}
	return nil
}
