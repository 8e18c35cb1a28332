package main

import (
	"io"

	"github.com/rapport-dev/rapport/app/deeds"
	"github.com/rapport-dev/rapport/partnership"
	"github.com/rapport-dev/rapport/workflows"
)

type payoutsReject struct {
	month
	Hash   string `help:"The hash of the lines that you have looked at; those of the newest run when left out."`
	Reason string `required:"" help:"Why; whoever prepared it will ask."`
}

func (payoutsReject) Help() string {
	return `A run can be sent back while it waits for approval or for funds, and while its provider takes no transfers: then what was not
sent yet is sent back, and what may have been sent is found out. Its rows are in the next run.`
}

func (c payoutsReject) Run(a *app) error {
	if err := c.whole(); err != nil {
		return err
	}
	by, err := a.may(partnership.DeedRejectRun)
	if err != nil {
		return err
	}
	deed, err := c.deed(a)
	if err != nil {
		return hint(err, noRun)
	}
	w, err := a.workflows()
	if err != nil {
		return err
	}
	var said deeds.Word
	if err := deed.Decide(a.ctx, w, by, &said); err != nil {
		return hint(err, noRun)
	}
	return a.show(map[string]string{"run": workflows.PayoutRunWorkflowID(c.Program, c.Period), "waiting_for": said.WaitingFor}, func(out io.Writer) {
		line(out, "Rejected. Waiting for %s.", said.WaitingFor)
	})
}

func (c payoutsReject) deed(a *app) (deeds.Request, error) {
	if c.Hash != "" {
		return deeds.RejectRun(c.Program, c.Period, c.Reason, c.Hash)
	}
	kept, err := a.store()
	if err != nil {
		return deeds.Request{}, err
	}
	return deeds.RejectNewest(a.ctx, kept, c.Program, c.Period, c.Reason)
}
