package main

import (
	"errors"
	"io"
	"time"

	"github.com/rapport-dev/rapport/partnership"
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

	Fee      ledgerFee      `cmd:"" help:"Book the fee of a live post that the books lost with a restored backup."`
	Writeoff ledgerWriteOff `cmd:"" help:"Forgive what a creator owes: one person asks, another approves."`
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

type ledgerVerify struct {
	Head string `placeholder:"N:HASH" help:"A seal that an earlier verify showed: the chain must still hold it."`
}

// mendBooks is what somebody does about books that do not verify. The database's owner alone can mend them, as the owner alone broke them.
const mendBooks = `No run plans or sends before this is clear. Find out who had the database (its owner can switch the guards off; the program cannot).
What was written past the program has to go, and what was changed has to be put back from a backup, by the owner; then verify again.`

func (c ledgerVerify) Run(a *app) error {
	kept, err := a.store()
	if err != nil {
		return err
	}
	started := time.Now()
	faults, err := kept.VerifyLedger(a.ctx)
	if err != nil {
		return err
	}
	sealed, err := kept.SealedBooks(a.ctx, c.Head)
	if refused, ok := errors.AsType[*partnership.Error](err); ok && refused.Code == partnership.Conflict {
		faults = append(faults, refused.Message)
	} else if err != nil {
		return err
	}
	document := map[string]any{"ok": len(faults) == 0, "faults": orEmpty(faults), "head": sealed.Head(), "sealed_at": sealed.At, "open": sealed.Open}
	if err := a.show(document, func(w io.Writer) {
		for _, fault := range faults {
			line(w, "FAULT %s", fault)
		}
		if len(faults) == 0 {
			line(w, "The books balance (%s).", time.Since(started).Round(time.Millisecond))
		} else {
			line(w, "%s", mendBooks)
		}
		if sealed.N > 0 {
			line(w, "Sealed until %s, %d transactions since. The newest seal is %s: kept elsewhere, it shows later that nothing was put back (--head).", when(sealed.At), sealed.Open, sealed.Head())
		}
	}); err != nil {
		return err
	}
	if len(faults) > 0 {
		return &exitCode{failed}
	}
	return nil
}
