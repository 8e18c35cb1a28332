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
	return c.stop(a, partnership.DeedCancel, c.Reason, "Cancelled: what was sent is taken back, and the creator is told. Its campaign goes on.")
}

// stop asks for what stops one partnership, or lets it go on.
func (c whichPartnership) stop(a *app, deed, reason, says string) error {
	ask := func(id partnership.PartnershipID) (deeds.Request, error) {
		return deeds.StopPartnership(deed, id, reason)
	}
	return c.decide(a, deed, ask, deed, says)
}

type partnershipReplace struct {
	whichPartnership
	Reason string `help:"Why; it stands in the audit and on the timeline, and is not told to the creator." required:""`
}

func (c partnershipReplace) Run(a *app) error {
	return c.stop(a, partnership.DeedReplace, c.Reason, "It ends, the creator is told, and the place goes to the next in line who can still be in time.")
}

type partnershipPause struct {
	whichPartnership
	Reason string `help:"Why; it stands in the audit and on the timeline." required:""`
}

func (c partnershipPause) Run(a *app) error {
	return c.stop(a, partnership.DeedPause, c.Reason, "Paused: they get no new mails, and their dates move with it. Its campaign goes on.")
}

type partnershipResume struct{ whichPartnership }

func (c partnershipResume) Run(a *app) error {
	return c.stop(a, partnership.DeedResume, "", "It goes on; every date that was moved by the pause has moved.")
}

type partnershipExtend struct {
	whichPartnership
	Days float64 `help:"How many campaign days more, at most 30." required:""`
}

func (c partnershipExtend) Run(a *app) error {
	give := func(id partnership.PartnershipID) (deeds.Request, error) { return deeds.GiveTime(id, c.Days) }
	return c.decide(a, partnership.DeedGiveTime, give, "extend", "The date moves, and the creator is told.")
}
