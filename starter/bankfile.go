package main

import (
	"fmt"
	"io"
	"os"
	"path/filepath"

	"github.com/rapport-dev/rapport/app/deeds"
	"github.com/rapport-dev/rapport/partnership"
	"github.com/rapport-dev/rapport/partnership/money"
)

type payoutsBankfile struct {
	month
	Out string `required:"" placeholder:"DIR" type:"path" help:"The folder that the files are written to. They hold creators' bank details."`
}

func (payoutsBankfile) Help() string {
	return `Writes the files of an approved run, for the bank: SEPA credit transfers, ACH or CSV, as the bank's settings say. Nobody is paid by a file:
upload it at the bank, and once the bank has answered somebody else says so, by payouts confirm. A file that was written before is written
the same, to the byte and with the same message id, so that the bank refuses it a second time; where it cannot be, that is said of it and the
others are written. What was ordered since is in a file of its own. Each asks for the bank's next business day.`
}

func (c payoutsBankfile) Run(a *app) error {
	if err := c.whole(); err != nil {
		return err
	}
	by, err := a.may(partnership.DeedBankFile)
	if err != nil {
		return err
	}
	kept, err := a.store()
	if err != nil {
		return err
	}
	banker, err := a.banker()
	if err != nil {
		return err
	}
	files, err := deeds.BankFiles(a.ctx, kept, banker, by, c.Program, c.Period)
	if err != nil {
		return err
	}
	for _, f := range files {
		if f.Wrong != "" {
			continue
		}
		if err := os.WriteFile(filepath.Join(c.Out, f.Name), f.Text, 0o600); err != nil {
			return fmt.Errorf("the file could not be written; it is made, and the same again next time: %w", err)
		}
	}
	return a.show(map[string]any{"files": files, "dir": c.Out}, func(w io.Writer) {
		for _, f := range files {
			if f.Wrong != "" {
				line(w, "Not written: %s", f.Wrong)
				continue
			}
			due := ""
			if f.DueOn != "" {
				due = ", to be carried out on " + f.DueOn
			}
			line(w, "%s: %d payments, %s, %d open, made by %s on %s%s", filepath.Join(c.Out, f.Name), f.Payments, money.Display(f.TotalMinor, f.Currency), f.Open, f.MadeBy, when(f.MadeAt), due)
		}
		line(w, "Upload each once at the bank and delete it here. Whoever else sees at the bank that it was carried out says so: rapport payouts confirm FILE --as paid --reference REF --on DAY. A payment's own id there is its payout's.")
	})
}

// banker opens a rail that is paid by files, by its name.
func (a *app) banker() (func(name string) (deeds.Banker, error), error) {
	s, err := a.settings()
	if err != nil {
		return nil, err
	}
	return s.Vendors.Open(s.Day).Banker, nil
}

type payoutsConfirm struct {
	Payment   string                 `arg:"" name:"payout|file" help:"A payout, as payouts status shows it; or a bank file, for all of it that is open."`
	As        partnership.BankAnswer `required:"" placeholder:"paid|returned" help:"paid: the money has left. returned: the bank refused it, or it came back, however late."`
	Reference string                 `help:"The bank's own reference, as its statement shows it. It takes one to be paid."`
	On        string                 `placeholder:"2026-11-28" help:"The day on which the bank paid, as its statement shows it: the payment is of that day's year. It takes one to be paid."`
	Reason    string                 `help:"Why it was returned."`
}

func (payoutsConfirm) Help() string {
	return `Says what the bank did, as its statement shows it; somebody else than who took the file says it. A payment that is in no file yet and cannot
be paid by one is taken out by --as returned.`
}

func (c payoutsConfirm) Run(a *app) error {
	by, names, err := a.mayUnder(partnership.DeedTellBank)
	if err != nil {
		return err
	}
	kept, err := a.store()
	if err != nil {
		return err
	}
	w, err := a.workflows()
	if err != nil {
		return err
	}
	n, err := deeds.TellBank(a.ctx, kept, w, by, c.Payment, partnership.BankWord{Answer: c.As, Reference: c.Reference, On: c.On}, names, c.Reason)
	if err != nil {
		return err
	}
	return a.show(map[string]any{"of": c.Payment, "as": c.As, "payments": n}, func(w io.Writer) {
		switch {
		case n == 0:
			line(w, "That was said before.")
		case c.As == partnership.BankPaid:
			line(w, "Noted: %d paid.", n)
		default:
			line(w, "Noted: what it was to pay is owed, and finance reads why.")
		}
	})
}

type payoutsUnexecuted struct {
	File   string `arg:"" help:"Its message id, as payouts bankfile shows it."`
	Reason string `required:"" help:"How it is known that the bank did not execute it. The audit keeps it."`
}

func (payoutsUnexecuted) Help() string {
	return `Says that the bank never executed a file. All that it was to pay is owed again and is in the next run of the month, with payouts and an approval
of its own: if the bank did execute the file, those creators are paid twice. ` + partnership.PaidBefore
}

func (c payoutsUnexecuted) Run(a *app) error {
	by, names, err := a.mayUnder(partnership.DeedVoidBankFile)
	if err != nil {
		return err
	}
	kept, err := a.store()
	if err != nil {
		return err
	}
	w, err := a.workflows()
	if err != nil {
		return err
	}
	n, err := deeds.VoidBankFile(a.ctx, kept, w, by, c.File, names, c.Reason)
	if err != nil {
		return err
	}
	return a.show(map[string]any{"file": c.File, "payments": n}, func(w io.Writer) {
		if n == 0 {
			line(w, "That was said before.")
			return
		}
		line(w, "%d payments are owed again; once their payouts have seen it, rapport payouts run plans them anew.", n)
	})
}
