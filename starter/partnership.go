package main

import (
	"fmt"
	"io"
	"strconv"
	"strings"

	"github.com/rapport-dev/rapport/partnership/board"
	"github.com/rapport-dev/rapport/partnership/money"
)

type partnershipCommands struct {
	Show     partnershipShow     `cmd:"" help:"Where it stands, and what it is made of."`
	Timeline partnershipTimeline `cmd:"" help:"What happened, and who lost which days."`
	Note     partnershipNote     `cmd:"" help:"Keep what you and the creator said elsewhere; reminders stop as for any answer."`
	Retry    partnershipRetry    `cmd:"" help:"Try again what was refused or what the chat did not take, once its cause is mended."`
	Extend   partnershipExtend   `cmd:"" help:"Give more time for the draft or post that is open; the creator is told."`
	Pause    partnershipPause    `cmd:"" help:"Stop the mails to one creator for a while; their dates move with it, and the campaign goes on."`
	Resume   partnershipResume   `cmd:"" help:"Let one paused partnership go on."`
	Replace  partnershipReplace  `cmd:"" help:"End one partnership, so that its place goes to the next in line."`
	Cancel   partnershipCancel   `cmd:"" help:"End one partnership: what was sent is taken back, the creator is told, its campaign goes on."`
	Mails    partnershipMails    `cmd:"" help:"What the creator and the brand wrote to each other, whole; the creator's secret links are left out."`
	Answer   partnershipAnswer   `cmd:"" help:"Write to the creator in the thread of their mails, or say that their mail needs no answer."`
	History  partnershipHistory  `cmd:"" help:"Write its recorded history to a file, for replay."`
}

func (a *app) partnership(which whichPartnership) (board.Partnership, error) {
	kept, err := a.store()
	if err != nil {
		return board.Partnership{}, err
	}
	id, err := which.find(a)
	if err != nil {
		return board.Partnership{}, err
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
		if d.Amendment != nil {
			fact("contract amendment", string(d.Amendment.Status)+"; what was signed before stands")
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
