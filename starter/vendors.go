package main

import (
	"io"
	"strconv"
	"strings"

	"github.com/rapport-dev/rapport/app/deeds"
	"github.com/rapport-dev/rapport/partnership"
)

type vendorsCommands struct {
	Status vendorsStatus `cmd:"" help:"Which vendors refuse everybody, or hold something against us as the sender, since when, and what to mend."`
	Retry  vendorsRetry  `cmd:"" help:"Try a vendor at once, and all steps that were refused one by one."`
}

type vendorsStatus struct{}

func (vendorsStatus) Run(a *app) error {
	kept, err := a.store()
	if err != nil {
		return err
	}
	s, err := a.settings()
	if err != nil {
		return err
	}
	open, err := kept.OpenTroubles(a.ctx)
	if err != nil {
		return err
	}
	refused, err := kept.RefusedSteps(a.ctx)
	if err != nil {
		return err
	}
	return a.show(struct {
		Troubles []partnership.Trouble       `json:"troubles"`
		Refused  []partnership.PartnershipID `json:"refused"`
	}{orEmpty(open), orEmpty(refused)}, func(w io.Writer) {
		var rows [][]string
		for _, t := range open {
			rows = append(rows, []string{s.Vendors.Title(t.Vendor), string(t.Kind), when(t.Since), strconv.Itoa(t.Times), t.Words})
		}
		if len(rows) == 0 {
			line(w, "No vendor refuses everybody.")
		} else {
			table(w, "vendor kind since times mend", rows)
			line(w, "What needs them waits. Once the cause is mended it goes on within a minute; rapport vendors retry VENDOR tries at once.")
		}
		if len(refused) > 0 {
			line(w, "%d partnership(s) wait for \"try again\": rapport vendors retry tries them all.", len(refused))
		}
	})
}

type vendorsRetry struct {
	Vendor string `arg:"" optional:"" help:"As vendors status shows it, in small letters; all when it is left out."`
}

func (c vendorsRetry) Run(a *app) error {
	s, err := a.settings()
	if err != nil {
		return err
	}
	if c.Vendor != "" && !s.Vendors.Has(c.Vendor) {
		return partnership.FieldErrorf("vendor", "%q is none; there are %s", c.Vendor, strings.Join(s.Vendors.Names(), ", "))
	}
	by, err := a.may(partnership.DeedRetryVendor)
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
	asked, err := deeds.RetryVendor(a.ctx, kept, by, c.Vendor)
	if err != nil {
		return err
	}
	steps, err := deeds.RetryRefused(a.ctx, kept, w, by)
	if err != nil {
		return err
	}
	err = a.show(map[string]int{"vendors": asked, "steps": steps.Again, "taken": steps.Taken}, func(out io.Writer) {
		line(out, "Tried again: %d vendor(s) that refuse everybody, %d step(s) that were refused one by one.", asked, steps.Again)
		if steps.Taken > 0 {
			line(out, "%d more step(s) are taken, not yet confirmed: no worker has answered. Each is tried again once, as soon as one does; rapport audit --deed %s says what came of it.", steps.Taken, partnership.DeedRetryStep)
		}
	})
	if err == nil && steps.Taken > 0 {
		return &exitCode{taken}
	}
	return err
}

type inboxCommands struct {
	List  inboxList  `cmd:"" help:"Those that were given up on, newest first."`
	Retry inboxRetry `cmd:"" help:"Apply them again, with this build."`
}

// shownDead is how many dead deliveries are listed.
const shownDead = 200

type inboxList struct{}

func (inboxList) Run(a *app) error {
	kept, err := a.store()
	if err != nil {
		return err
	}
	dead, err := kept.DeadInbox(a.ctx, shownDead)
	if err != nil {
		return err
	}
	return a.show(orEmpty(dead), func(w io.Writer) {
		if len(dead) == 0 {
			line(w, "None: every delivery was applied, or waits to be.")
			return
		}
		var rows [][]string
		for _, d := range dead {
			rows = append(rows, []string{strconv.FormatInt(d.ID, 10), d.Provider, when(d.ReceivedAt), strconv.FormatInt(d.Bytes, 10), strconv.Itoa(d.Attempts), d.Why})
		}
		table(w, "id vendor received bytes attempts why", rows)
		line(w, "Once the cause is mended, or with a newer build: rapport inbox retry ID, or rapport inbox retry --all")
	})
}

type inboxRetry struct {
	ID  int64 `arg:"" optional:"" help:"As inbox list shows it."`
	All bool  `help:"All of them."`
}

func (c inboxRetry) Run(a *app) error {
	if (c.ID == 0) == !c.All {
		return partnership.FieldErrorf("id", "name one delivery, or --all")
	}
	by, err := a.may(partnership.DeedRetryInbox)
	if err != nil {
		return err
	}
	kept, err := a.store()
	if err != nil {
		return err
	}
	n, err := deeds.RetryInbox(a.ctx, kept, by, c.ID)
	if err != nil {
		return err
	}
	return a.show(map[string]int{"retried": n}, func(w io.Writer) { line(w, "%d wait to be applied again.", n) })
}
