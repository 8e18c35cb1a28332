package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"strconv"
	"strings"

	"go.temporal.io/api/enums/v1"
	"go.temporal.io/api/history/v1"
	"go.temporal.io/api/serviceerror"
	"go.temporal.io/api/temporalproto"
	"go.temporal.io/sdk/client"

	p "github.com/rapport-dev/rapport/partnership"
	"github.com/rapport-dev/rapport/partnership/money"
	"github.com/rapport-dev/rapport/store"
	"github.com/rapport-dev/rapport/workflows"
)

type partnershipCommands struct {
	Show     partnershipShow     `cmd:"" help:"Where it stands, and what it is made of."`
	Timeline partnershipTimeline `cmd:"" help:"What happened, and who lost which days."`
	Note     partnershipNote     `cmd:"" help:"Keep what you and the creator said elsewhere; reminders stop as for any answer."`
	History  partnershipHistory  `cmd:"" help:"Write its recorded history to a file, for replay."`
}

func (a *app) partnership(which whichPartnership) (store.PartnershipDocument, error) {
	kept, err := a.store()
	if err != nil {
		return store.PartnershipDocument{}, err
	}
	id, err := which.find(a)
	if err != nil {
		return store.PartnershipDocument{}, err
	}
	document, err := kept.PartnershipDocument(a.ctx, id)
	return document, hint(err, unknownPartnership)
}

type partnershipShow struct {
	whichPartnership
}

func (c partnershipShow) Run(a *app) error {
	d, err := a.partnership(c.whichPartnership)
	if err != nil {
		return err
	}
	return a.show(d, func(w io.Writer) {
		line(w, "@%s (%s, %s)   %s", d.Creator.Handle, d.Creator.Tier, d.Creator.Niche, d.Stage)
		fact := func(label, text string) {
			if text != "" {
				line(w, "  %-12s %s", label, text)
			}
		}
		fact("outcome", string(d.Outcome))
		fact("why", d.Reason)
		fact("waiting for", d.WaitingFor)
		fact("due", deadline(d.Deadline))
		fact("attention", d.Attention)
		for _, t := range d.Stuck {
			fact("last words", t.Why)
		}
		for _, step := range d.FailingSteps {
			fact("failing", fmt.Sprintf("%s since %s, %d attempts (%s %s)", step.Step, when(step.Since), step.Attempts, step.Vendor, step.Why))
		}
		fact("terms", money.Display(d.Terms.FeeMinor, d.Terms.Currency)+" fee, "+money.FormatPercent(d.Terms.CommissionBPS)+" % of sales")
		fact("buffer", strconv.FormatFloat(d.BufferDaysLeft, 'g', 3, 64)+" days left")
		if len(d.GhostRiskParts) > 0 {
			fact("ghost risk", fmt.Sprintf("%.0f %%", 100*d.GhostRisk))
		}
		for _, part := range d.GhostRiskParts {
			fact("", fmt.Sprintf("+%.0f %% %s (at most %.0f %%)", 100*part.Adds, part.Words, 100*part.Weight))
		}
		for _, slip := range d.Slips {
			fact("days lost", fmt.Sprintf("%.1f by the %s: %s", slip.Days, slip.Owner, slip.Reason))
		}
		if d.Contract != nil {
			fact("contract", string(d.Contract.Status))
		}
		if d.Tracking != nil {
			fact("link", d.Tracking.Link)
			fact("code", d.Tracking.Code)
		}
		if d.Shipment != nil {
			fact("parcel", d.Shipment.Carrier+" "+d.Shipment.TrackingCode+": "+string(d.Shipment.Status))
		}
		for _, post := range d.Posts {
			fact("post", post.URL)
		}
	})
}

type partnershipTimeline struct {
	whichPartnership
}

func (c partnershipTimeline) Run(a *app) error {
	d, err := a.partnership(c.whichPartnership)
	if err != nil {
		return err
	}
	return a.show(d.Timeline, func(w io.Writer) {
		var rows [][]string
		for _, e := range d.Timeline {
			days := ""
			if e.Days != 0 {
				days = strconv.FormatFloat(e.Days, 'g', 3, 64)
			}
			rows = append(rows, []string{e.At.Local().Format("2 Jan 15:04:05"), e.Owner, e.Kind, days, strings.ReplaceAll(e.Detail, "\n", " ")})
		}
		table(w, "at owner what days detail", rows)
	})
}

type partnershipHistory struct {
	whichPartnership
	Output string `short:"o" required:"" placeholder:"FILE" help:"Where to write; - is stdout."`
}

func (c partnershipHistory) Run(a *app) error {
	engine, err := a.client()
	if err != nil {
		return err
	}
	id, err := c.find(a)
	if err != nil {
		return err
	}
	text, events, err := recordedHistory(a.ctx, engine, workflows.PartnershipWorkflowID(id))
	if _, missing := errors.AsType[*serviceerror.NotFound](err); missing {
		return p.Errorf(p.NotFound, "%s", unknownPartnership)
	}
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
	return a.show(map[string]any{"file": c.Output, "events": events}, func(w io.Writer) {
		line(w, "Wrote %d events to %s. Replay them: rapport replay %s", events, c.Output, c.Output)
	})
}

// recordedHistory is a workflow's newest run as Temporal keeps it, payloads encrypted.
func recordedHistory(ctx context.Context, c client.Client, workflowID string) ([]byte, int, error) {
	var recorded history.History
	events := c.GetWorkflowHistory(ctx, workflowID, "", false, enums.HISTORY_EVENT_FILTER_TYPE_ALL_EVENT)
	for events.HasNext() {
		event, err := events.Next()
		if err != nil {
			return nil, 0, err
		}
		recorded.Events = append(recorded.Events, event)
	}
	text, err := temporalproto.CustomJSONMarshalOptions{Indent: "  "}.Marshal(&recorded)
	return text, len(recorded.Events), err
}
