package main

import (
	"encoding/json"
	"io"
	"slices"

	"github.com/rapport-dev/rapport/partnership/board"
	"github.com/rapport-dev/rapport/store"
)

type auditCommand struct {
	Who     string `placeholder:"WHO" help:"Only what this person did, such as slack:U012AB, cli:ada, api:ada, creator:ID."`
	Deed    string `placeholder:"DEED" help:"Only this kind of deed, such as approve_run or pause."`
	Subject string `placeholder:"ID" help:"Only what is about this, such as campaign/ID, partnership/ID, payout-run/PROGRAM/2026-11, row/ID."`
	ID      string `placeholder:"ID" help:"Only the deed of this id, also one that waits for its workflow's answer."`
	Limit   int    `default:"100" help:"How many, the newest."`
}

func (c auditCommand) Run(a *app) error {
	kept, err := a.store()
	if err != nil {
		return err
	}
	subject := c.Subject
	if c.ID != "" {
		subject = c.ID
	}
	lines, err := kept.Audit(a.ctx, store.AuditFilter{Who: c.Who, Deed: c.Deed, Subject: subject, Limit: c.Limit})
	if err != nil {
		return err
	}
	waiting, err := kept.WaitingAsked(a.ctx, "")
	if err != nil {
		return err
	}
	for _, d := range slices.Backward(waiting) {
		if (subject == "" || subject == d.Subject || subject == d.ID) && (c.Who == "" || c.Who == d.Who) && (c.Deed == "" || c.Deed == d.Deed.Deed) {
			lines = slices.Insert(lines, 0, board.TakenLine(d))
		}
	}
	return a.show(orEmpty(lines), func(w io.Writer) {
		if len(lines) == 0 {
			line(w, "Nothing.")
			return
		}
		var rows [][]string
		for _, l := range slices.Backward(lines) {
			rows = append(rows, []string{when(l.DecidedAt), l.Who, l.Deed, l.Subject, l.Outcome, cameOf(l)})
		}
		table(w, "when who deed subject outcome what", rows)
	})
}

// cameOf is why a deed was refused, else what its workflow waits for since, else the reason that was given.
func cameOf(l board.AuditLine) string {
	var ack struct{ Stage, WaitingFor string }
	_ = json.Unmarshal(l.Answer, &ack) // a deed without an answer has none
	switch {
	case l.Why != "":
		return l.Why
	case ack.WaitingFor != "":
		return "waits for " + ack.WaitingFor
	}
	return l.Reason
}
