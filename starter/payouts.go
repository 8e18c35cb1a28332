package main

import (
	"cmp"
	"fmt"
	"io"
	"maps"
	"slices"
	"time"

	"github.com/rapport-dev/rapport/app/deeds"
	"github.com/rapport-dev/rapport/app/payouts"
	"github.com/rapport-dev/rapport/partnership"
	"github.com/rapport-dev/rapport/partnership/money"
	"github.com/rapport-dev/rapport/store"
	"github.com/rapport-dev/rapport/workflows"
)

type payoutsCommands struct {
	Preview payoutsPreview `cmd:"" help:"What a run started now would pay and carry. Changes nothing."`
	Run     payoutsRun     `cmd:"" help:"Start the run of a month by hand; the schedule does it on the 1st."`
	Status  payoutsStatus  `cmd:"" help:"The runs of a month and what became of each payout."`
	Approve payoutsApprove `cmd:"" help:"Approve a run's lines, bound to their hash."`
	Reject  payoutsReject  `cmd:"" help:"Send a run back; nothing of it is paid, or what was not sent yet."`
	History payoutsHistory `cmd:"" help:"Write the recorded history of a month's run, or of one payout, to a file, for replay."`
	Proof   payoutsProof   `cmd:"" help:"All that each payout rests on, held against the provider, as one file."`
	Verify  payoutsVerify  `cmd:"" help:"Check such a file by itself."`

	Differences    payoutsDifferences    `cmd:"" help:"Transfers that the provider shows and the books do not explain; while there is one nothing is paid."`
	Counterfactual payoutsCounterfactual `cmd:"" help:"What the same sales would have earned under another rate, hold, window or attribution. Changes nothing."`
	Settle         payoutsSettle         `cmd:"" help:"Say what such a transfer is: ours, a double, or somebody else's."`

	Resolve payoutsResolve `cmd:"" help:"Say whether a transfer was made of which nobody knows, after a look at the provider."`

	Bankfile   payoutsBankfile   `cmd:"" help:"Write the files by which the bank pays a month."`
	Confirm    payoutsConfirm    `cmd:"" help:"Say what the bank did with a payment, or paid of a file."`
	Unexecuted payoutsUnexecuted `cmd:"" help:"Say that the bank never executed a file; what it was to pay is owed again."`

	Invoices payoutsInvoices `cmd:"" help:"The invoices that the brand writes for its creators, and what those wait for that are not there yet."`
	Invoice  payoutsInvoice  `cmd:"" help:"Write one as the PDF that it was issued as."`
	Credit   payoutsCredit   `cmd:"" help:"Correct one by a credit note; another invoice follows."`

	Objections payoutsObjections `cmd:"" help:"Lines of statements that their creators object to."`
	Answer     payoutsAnswer     `cmd:"" help:"Decide about such a line, or answer its creator in words."`
}

// month says which run is meant.
type month struct {
	Program string `required:"" help:"The program, as in campaign.yaml."`
	Period  string `required:"" placeholder:"2026-11" help:"The month, in the program's zone."`
	Creator string `placeholder:"HANDLE" help:"Only this creator's: for preview, status and proof."`
}

func (m month) check() error {
	if _, err := time.Parse("2006-01", m.Period); err != nil {
		return partnership.FieldErrorf("period", "%q is not a month; write it like 2026-11", m.Period)
	}
	return nil
}

func (m month) of() payouts.Month { return payouts.Month{Program: m.Program, Period: m.Period} }

// whole is check for what is done to a whole month.
func (m month) whole() error {
	if m.Creator != "" {
		return partnership.FieldErrorf("creator", "a run is of a whole month and pays everybody who is due: --creator narrows preview, status and proof only")
	}
	return m.check()
}

const unknownProgram = "no campaign has that program; `rapport campaign list` shows them"

type payoutsPreview struct{ month }

// previewLine is one creator in a preview.
type previewLine struct {
	Creator     string `json:"creator"`
	Currency    string `json:"currency"`
	AmountMinor int64  `json:"amount_minor"`
	Pays        bool   `json:"pays"`
	Reason      string `json:"reason,omitempty"` // why it waits
	Rows        int    `json:"rows,omitempty"`
	Tax         string `json:"tax,omitempty"` // what it makes of the year's payments, from 80 % of the threshold on
}

func (c payoutsPreview) Run(a *app) error {
	if err := c.check(); err != nil {
		return err
	}
	starter, err := a.payouts()
	if err != nil {
		return err
	}
	plan, err := starter.Preview(a.ctx, c.of())
	if err != nil {
		return hint(err, unknownProgram)
	}
	lines, err := a.previewLines(c.Program, plan, c.Creator)
	if err != nil {
		return err
	}
	return a.show(lines, func(w io.Writer) {
		if len(lines) == 0 {
			line(w, "Nothing is payable.")
			return
		}
		var rows [][]string
		for _, l := range lines {
			what := fmt.Sprintf("pays (rows: %d)", l.Rows)
			if !l.Pays {
				what = "waits: " + l.Reason
			}
			rows = append(rows, []string{"@" + l.Creator, money.Display(l.AmountMinor, l.Currency), what, l.Tax})
		}
		table(w, "creator amount what tax", rows)
	})
}

func (a *app) previewLines(program string, plan payouts.Plan, only string) ([]previewLine, error) {
	ids := []partnership.CreatorID{}
	for _, one := range plan.Carried {
		ids = append(ids, one.CreatorID)
	}
	for _, one := range plan.Payouts {
		ids = append(ids, one.CreatorID)
	}
	warnings, err := a.taxWarnings(program, plan.Payouts)
	if err != nil {
		return nil, err
	}
	handles, err := a.opened.Handles(a.ctx, ids) // of all at once: there may be 100,000
	if err != nil {
		return nil, err
	}
	lines := []previewLine{}
	var wanted partnership.CreatorID
	if only != "" {
		creator, err := a.opened.FindCreator(a.ctx, only)
		if err != nil {
			return nil, err
		}
		wanted = creator.ID
	}
	add := func(id partnership.CreatorID, l previewLine) {
		if l.Creator, l.Tax = handles[id], warnings[id]; only == "" || id == wanted {
			lines = append(lines, l)
		}
	}
	for _, one := range plan.Payouts {
		add(one.CreatorID, previewLine{Currency: one.Currency, AmountMinor: one.AmountMinor, Pays: true, Rows: one.RowCount})
	}
	for _, one := range plan.Carried {
		add(one.CreatorID, previewLine{Currency: one.Currency, AmountMinor: one.AmountMinor, Reason: one.Reason})
	}
	slices.SortFunc(lines, func(x, y previewLine) int { return cmp.Compare(x.Creator, y.Creator) })
	return lines, nil
}

type payoutsRun struct {
	month
	ReviewDays float64 `default:"0" help:"Campaign days between the statements and the plan, for creators to object."`
}

func (payoutsRun) Help() string {
	return `Closes the month, mails statements, plans the payouts and asks finance in Slack to approve. Rows that an earlier
run claimed are not claimed again, so a month may be run any number of times.

  rapport payouts run --program dreams --period 2026-11`
}

func (c payoutsRun) Run(a *app) error {
	if err := c.whole(); err != nil {
		return err
	}
	by, err := a.may(partnership.DeedStartRun)
	if err != nil {
		return err
	}
	starter, err := a.payouts()
	if err != nil {
		return err
	}
	found, err := starter.Start(a.ctx, by, c.of(), c.ReviewDays)
	if err != nil {
		return hint(err, unknownProgram)
	}
	return a.show(found, func(w io.Writer) { sayStarted(w, found) })
}

// payouts starts runs from this shell. A preview reaches no engine.
func (a *app) payouts() (*payouts.Starter, error) {
	kept, err := a.store()
	if err != nil {
		return nil, err
	}
	return &payouts.Starter{Books: kept, Workflows: func() (payouts.Workflows, error) { return a.workflows() }, Now: time.Now}, nil
}

type payoutsStatus struct{ month }

func (c payoutsStatus) Run(a *app) error {
	if err := c.check(); err != nil {
		return err
	}
	kept, err := a.store()
	if err != nil {
		return err
	}
	runs, err := kept.PayoutRuns(a.ctx, c.Program, c.Period)
	if err != nil {
		return err
	}
	payouts, err := kept.PayoutDocuments(a.ctx, store.PayoutFilter{Program: c.Program, Period: c.Period, Handle: c.Creator})
	if err != nil {
		return err
	}
	warnings, err := a.taxWarnings(c.Program, nil)
	if err != nil && partnership.CodeOf(err) != partnership.NotFound { // a program without campaigns has no runs either
		return err
	}
	waits, err := kept.BankWaits(a.ctx)
	if err != nil {
		return err
	}
	waits = slices.DeleteFunc(waits, func(w partnership.BankWait) bool { return w.Program != c.Program || w.Period != c.Period })
	document := map[string]any{"runs": orEmpty(runs), "payouts": orEmpty(payouts), "tax": warnings, "bank": orEmpty(waits)}
	return a.show(document, func(w io.Writer) {
		if len(runs) == 0 {
			line(w, "No run of that month. `rapport payouts preview` says what one would pay.")
			return
		}
		for _, r := range runs {
			line(w, "%s: %s   %d payees, %s   prepared by %s, approved by %v", r.ID, r.Words(), r.Payees, money.Display(r.TotalMinor, r.Currency), r.PreparedBy, r.Approvals)
		}
		var rows [][]string
		for _, one := range payouts {
			rows = append(rows, []string{"@" + one.Creator, money.Display(one.AmountMinor, one.Currency), string(one.State), one.ProviderRef, string(one.ID), one.Reason})
		}
		table(w, "creator amount state transfer payout why", rows)
		for _, one := range waits {
			line(w, "bank: %s", one.Words())
		}
		for _, id := range slices.Sorted(maps.Keys(warnings)) {
			line(w, "tax: creator %s: %s", id, warnings[id])
		}
	})
}

type payoutsApprove struct {
	month
	Hash string `help:"The hash of the lines, as this command shows it without --hash."`
}

func (c payoutsApprove) Run(a *app) error {
	if err := c.whole(); err != nil {
		return err
	}
	id := workflows.PayoutRunWorkflowID(c.Program, c.Period)
	if c.Hash == "" {
		return c.look(a, id)
	}
	by, err := a.may(partnership.DeedApproveRun)
	if err != nil {
		return err
	}
	w, err := a.workflows()
	if err != nil {
		return err
	}
	deed, err := deeds.ApproveRun(c.Program, c.Period, c.Hash)
	if err != nil {
		return err
	}
	var said deeds.Word
	if err := deed.Decide(a.ctx, w, by, &said); err != nil {
		return hint(err, noRun)
	}
	return a.show(map[string]string{"run": id, "waiting_for": said.WaitingFor}, func(out io.Writer) {
		line(out, "Approved. Waiting for %s.", said.WaitingFor)
	})
}

const noRun = "no run of that month is under way; start one: rapport payouts run"

// look shows what an approval would be bound to.
func (c payoutsApprove) look(a *app, id string) error {
	w, err := a.workflows()
	if err != nil {
		return err
	}
	var run workflows.PayoutRunSnapshot
	if err := w.Query(a.ctx, id, workflows.QuerySnapshot, &run); err != nil {
		return hint(err, noRun)
	}
	if err := w.Standing(a.ctx, id); err != nil { // it answers all the same
		return hint(err, noRun)
	}
	if run.State != partnership.RunPlanned {
		return partnership.Errorf(partnership.Conflict, "this run is %s and does not wait for approval", run.State)
	}
	return a.show(run.Plan, func(out io.Writer) {
		line(out, "%s: %d payouts, %s in all; %d payees wait for a later run. %d approver(s) needed, approved by %v.", run.Run.ID,
			run.Plan.Payees(), money.Display(run.Plan.TotalMinor, run.Plan.Currency), run.Plan.Carried, run.Plan.NeedApprovers, run.Approvals)
		line(out, "Each payout: rapport payouts status --program %s --period %s", c.Program, c.Period)
		line(out, "To approve exactly these lines: rapport payouts approve --program %s --period %s --hash %s", c.Program, c.Period, run.Plan.LinesHash)
	})
}
