package main

import (
	"errors"
	"io"
	"os"
	"strings"

	"go.temporal.io/api/serviceerror"
	"go.temporal.io/api/temporalproto"

	"github.com/rapport-dev/rapport/engine"
	"github.com/rapport-dev/rapport/partnership"
	"github.com/rapport-dev/rapport/workflows"
)

// historyFile is where a recorded history goes.
type historyFile struct {
	Output string `short:"o" required:"" placeholder:"FILE" help:"Where to write; - is stdout."`
}

// keep writes the history of a workflow's newest run as Temporal has it, payloads encrypted.
func (c historyFile) keep(a *app, workflowID, unknown string) error {
	temporal, err := a.client()
	if err != nil {
		return err
	}
	recorded, err := engine.History(a.ctx, temporal, workflowID, "")
	if _, missing := errors.AsType[*serviceerror.NotFound](err); missing {
		return partnership.Errorf(partnership.NotFound, "%s", unknown)
	}
	if err != nil {
		return err
	}
	text, err := temporalproto.CustomJSONMarshalOptions{Indent: "  "}.Marshal(recorded)
	if err != nil {
		return err
	}
	if c.Output == "-" {
		_, err := a.out.Write(text)
		return err
	}
	if err := os.WriteFile(c.Output, text, 0o600); err != nil {
		return err
	}
	events := len(recorded.Events)
	return a.show(map[string]any{"file": c.Output, "events": events}, func(w io.Writer) {
		line(w, "Wrote %d events to %s. Replay them: rapport replay %s", events, c.Output, c.Output)
	})
}

type partnershipHistory struct {
	whichPartnership
	historyFile
}

func (c partnershipHistory) Run(a *app) error {
	id, err := c.find(a)
	if err != nil {
		return err
	}
	return c.keep(a, workflows.PartnershipWorkflowID(id), unknownPartnership)
}

type campaignHistory struct {
	ID string `arg:"" help:"Its id or the beginning of it, or its name: as campaign list shows them."`
	historyFile
}

func (c campaignHistory) Run(a *app) error {
	id, err := a.campaignID(c.ID)
	if err != nil {
		return err
	}
	return c.keep(a, workflows.CampaignWorkflowID(id), "Temporal no longer has this campaign: it ended longer ago than the namespace keeps histories")
}

type payoutsHistory struct {
	Payout  string `arg:"" optional:"" help:"One payout, by its id; without it, the month's run."`
	Program string `help:"The program, as in campaign.yaml."`
	Period  string `placeholder:"2026-11" help:"The month, in the program's zone."`
	historyFile
}

func (c payoutsHistory) Run(a *app) error {
	switch {
	case c.Payout != "" && (c.Program != "" || c.Period != ""):
		return partnership.FieldErrorf("payout", "an id says it all; leave out --program and --period")
	case c.Payout != "":
		id := partnership.PayoutID(strings.TrimPrefix(c.Payout, "payout/"))
		return c.keep(a, workflows.PayoutWorkflowID(id), "there is no such payout; `rapport payouts status` lists a month's")
	case c.Program == "":
		return partnership.FieldErrorf("program", "name the run by --program and --period, or one payout by its id")
	}
	if err := (month{Period: c.Period}).check(); err != nil {
		return err
	}
	return c.keep(a, workflows.PayoutRunWorkflowID(c.Program, c.Period), "no run of that month; `rapport payouts status` shows those that there were")
}
