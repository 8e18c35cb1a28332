package main

import (
	"io"

	"github.com/rapport-dev/rapport/app/deeds"
	"github.com/rapport-dev/rapport/partnership"
)

// decide asks a deed of one partnership; says is what the person reads when it is done.
func (c whichPartnership) decide(a *app, deed string, request func(partnership.PartnershipID) (deeds.Request, error), done, says string) error {
	by, err := a.may(deed)
	if err != nil {
		return err
	}
	id, err := c.find(a)
	if err != nil {
		return err
	}
	asked, err := request(id)
	if err != nil {
		return err
	}
	w, err := a.workflows()
	if err != nil {
		return err
	}
	if err := asked.Decide(a.ctx, w, by, nil); err != nil {
		return err
	}
	return a.show(map[string]string{"id": string(id), "done": done}, func(out io.Writer) { line(out, "%s", says) })
}

type partnershipRetry struct{ whichPartnership }

func (c partnershipRetry) Run(a *app) error {
	retry := func(id partnership.PartnershipID) (deeds.Request, error) { return deeds.RetryPartnership(id), nil }
	return c.decide(a, partnership.DeedRetryStep, retry, "retry", "It is tried again.")
}

type partnershipCancel struct {
	whichPartnership
	Reason string `help:"Why; it stands in the audit and on the timeline, and is not told to the creator." required:""`
}

func (c partnershipCancel) Run(a *app) error {
	end := func(id partnership.PartnershipID) (deeds.Request, error) {
		return deeds.CancelPartnership(id, c.Reason)
	}
	return c.decide(a, partnership.DeedCancel, end, partnership.DeedCancel, "Cancelled: what was sent is taken back, and the creator is told. Its campaign goes on.")
}
