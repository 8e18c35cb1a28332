package main

import (
	"errors"
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/rapport-dev/rapport/app/mending"
	"github.com/rapport-dev/rapport/partnership"
	"github.com/rapport-dev/rapport/partnership/board"
	"github.com/rapport-dev/rapport/wiring/mend"
	"github.com/rapport-dev/rapport/workflows"
)

type workflowsCommands struct {
	Stuck stuckCommand `cmd:"" help:"What failed, was ended from outside or makes no progress, and which steps have failed for long."`
	Mend  mendCommand  `cmd:"" help:"Let one go on from where it was well, or end it so that its slot and budget come back."`
}

type stuckCommand struct{}

// stuckDocument is what stands, in JSON.
type stuckDocument struct {
	LookedAt  *time.Time          `json:"looked_at"` // by the watchdog; null when it never did
	Workflows []board.Stuck       `json:"workflows"`
	Steps     []board.FailingStep `json:"steps"`
}

func (stuckCommand) Run(a *app) error {
	kept, err := a.store()
	if err != nil {
		return err
	}
	document := stuckDocument{Workflows: []board.Stuck{}, Steps: []board.FailingStep{}}
	findings, err := kept.OpenFindings(a.ctx)
	if err != nil {
		return err
	}
	for _, f := range findings {
		document.Workflows = append(document.Workflows, board.StuckOf(f))
	}
	steps, err := kept.FailingSteps(a.ctx)
	if err != nil {
		return err
	}
	for _, s := range steps {
		document.Steps = append(document.Steps, board.FailingStepOf(s))
	}
	looked, err := kept.WatchdogLast(a.ctx)
	if err != nil {
		return err
	}
	if !looked.IsZero() {
		document.LookedAt = &looked
	}
	return a.show(document, func(w io.Writer) { writeStuck(w, document) })
}

func writeStuck(w io.Writer, d stuckDocument) {
	switch {
	case d.LookedAt == nil:
		line(w, "The watchdog has not looked yet: it needs a worker (rapport doctor).")
	case len(d.Workflows) == 0 && len(d.Steps) == 0:
		line(w, "None: every workflow goes on, and no step has failed for long. Last looked %s.", when(*d.LookedAt))
	default:
		line(w, "Last looked %s.", when(*d.LookedAt))
	}
	if len(d.Workflows) > 0 {
		var rows [][]string
		for _, t := range d.Workflows {
			rows = append(rows, []string{t.WorkflowID, string(t.Kind), when(t.Since), t.Why})
		}
		table(w, "workflow kind since why", rows)
		line(w, "Once the cause is mended: rapport workflows mend WORKFLOW. To end one instead: --end --reason \"why\"")
	}
	if len(d.Steps) > 0 {
		var rows [][]string
		for _, s := range d.Steps {
			rows = append(rows, []string{s.Step, when(s.Since), s.Vendor, s.Why, s.WorkflowID})
		}
		table(w, "step failing_since vendor why workflow", rows)
	}
}

type mendCommand struct {
	ID     string `arg:"" help:"The workflow, as workflows stuck shows it."`
	End    bool   `help:"End it instead: what was made is taken back, its slot and budget come back, its campaign is told. What no books know is only terminated. Never for payouts of ours."`
	Reason string `help:"Why it is ended; it stands on the board and in the audit." placeholder:"R"`
}

func (mendCommand) Help() string {
	return `Without --end the workflow goes on from the newest point of its history from which this build can tell it: after a failure,
a termination, a time-out, or when its task fails again and again. What was done outside since then is found again by its key and
not done twice. Mend the cause first. Mended twice, nothing happens the second time.

  rapport workflows stuck
  rapport workflows mend partnership/0190...
  rapport workflows mend partnership/0190... --end --reason "the history cannot be read any more"`
}

func (c mendCommand) Run(a *app) error {
	id, err := workflowID(c.ID)
	if err != nil {
		return err
	}
	by, err := a.asker()
	if err != nil {
		return err
	}
	if err := mending.May(by, id); err != nil { // before anything is opened
		return err
	}
	kept, err := a.store()
	if err != nil {
		return err
	}
	temporal, err := a.client()
	if err != nil {
		return err
	}
	keys, err := a.loaded.Keys()
	if err != nil {
		return err
	}
	mender := &mend.Mender{
		Engine: mend.NewEngine(temporal, a.loaded.TemporalNamespace, keys, a.loaded.Day, partnership.SystemClock{}.Now),
		Store:  kept, Client: temporal, Keys: keys, Day: a.loaded.Day,
	}
	done, err := mending.Mend(a.ctx, kept, mender, by, mending.Order{WorkflowID: id, End: c.End, Reason: c.Reason})
	unheard, notYet := errors.AsType[*mending.UnheardError](err)
	if err != nil && !notYet {
		return err
	}
	if err := a.show(done, func(w io.Writer) { line(w, "%s", done.Outcome) }); err != nil || !notYet {
		return err
	}
	_, _ = fmt.Fprintf(a.errOut, "Taken, not yet confirmed: %v.\n", unheard)
	return &exitCode{taken}
}

// workflowID is what somebody typed, as a workflow's id.
func workflowID(typed string) (string, error) {
	kind, rest, found := strings.Cut(typed, "/")
	switch kind {
	case "campaign", "partnership", "payout", "payout-run":
		if found && rest != "" {
			return typed, nil
		}
	}
	return "", partnership.FieldErrorf("id", "%q is not a workflow's id: write it as `rapport workflows stuck` shows it, such as %s", typed, workflows.PartnershipWorkflowID("0190..."))
}
