package main

import (
	"io"
	"strconv"
	"strings"

	"github.com/rapport-dev/rapport/app/deeds"
	"github.com/rapport-dev/rapport/partnership"
	"github.com/rapport-dev/rapport/store"
)

type webhooksCommands struct {
	List   webhooksList   `cmd:"" help:"Which addresses hear of what."`
	Add    webhooksAdd    `cmd:"" help:"Let an address hear of what happens here. Its secret is shown once."`
	Remove webhooksRemove `cmd:"" help:"End what an address hears."`
	Log    webhooksLog    `cmd:"" help:"What was sent to whom, or waits, the newest first."`
	Resend webhooksResend `cmd:"" help:"Send an event to an address once more."`
}

type webhooksList struct{}

func (webhooksList) Run(a *app) error {
	kept, err := a.store()
	if err != nil {
		return err
	}
	list, _, err := kept.Endpoints(a.ctx, store.Page{Most: 1000})
	if err != nil {
		return err
	}
	return a.show(orEmpty(list), func(w io.Writer) {
		if len(list) == 0 {
			line(w, "Nobody listens.")
			return
		}
		var rows [][]string
		for _, e := range list {
			state := "listens"
			if e.RemovedBy != "" {
				state = "removed by " + e.RemovedBy
			}
			rows = append(rows, []string{e.ID, e.URL, orAll(e.Types), state})
		}
		table(w, "endpoint url events state", rows)
	})
}

func orAll(types []string) string {
	if len(types) == 0 {
		return "all"
	}
	return strings.Join(types, ",")
}

type webhooksAdd struct {
	URL  string   `arg:"" help:"An https:// address."`
	Type []string `placeholder:"EVENT" help:"Only these events, such as payout.changed; without any: all."`
}

func (c webhooksAdd) Run(a *app) error {
	by, err := a.may(partnership.DeedAddWebhook)
	if err != nil {
		return err
	}
	s, err := a.settings()
	if err != nil {
		return err
	}
	kept, err := a.store()
	if err != nil {
		return err
	}
	e, secret, err := deeds.AddWebhook(a.ctx, kept, by, c.URL, c.Type, s.WebhooksPrivate)
	if err != nil {
		return err
	}
	shown := struct {
		partnership.Endpoint
		Secret string `json:"secret"`
	}{e, secret}
	return a.show(shown, func(w io.Writer) {
		line(w, "%s", secret)
		line(w, "This is shown once: the receiver checks with it what it is sent. %s hears of what happens from now on; rapport webhooks log shows what was sent.", e.ID)
	})
}

type webhooksRemove struct {
	ID string `arg:"" help:"As webhooks list shows it."`
}

func (c webhooksRemove) Run(a *app) error {
	by, err := a.may(partnership.DeedRemoveWebhook)
	if err != nil {
		return err
	}
	kept, err := a.store()
	if err != nil {
		return err
	}
	if err := deeds.RemoveWebhook(a.ctx, kept, by, c.ID); err != nil {
		return hint(err, "`rapport webhooks list` shows those that there are")
	}
	return a.show(map[string]string{"removed": c.ID}, func(w io.Writer) { line(w, "Removed: it hears nothing any more, and what was on its way is not sent.") })
}

type webhooksLog struct {
	Endpoint string `placeholder:"ID" help:"Only what goes to this one."`
	Limit    int    `default:"100" help:"How many, the newest."`
}

func (c webhooksLog) Run(a *app) error {
	kept, err := a.store()
	if err != nil {
		return err
	}
	list, _, err := kept.Events(a.ctx, c.Endpoint, store.Page{Most: c.Limit})
	if err != nil {
		return err
	}
	return a.show(orEmpty(list), func(w io.Writer) {
		if len(list) == 0 {
			line(w, "Nothing was sent.")
			return
		}
		var rows [][]string
		for _, e := range list {
			next := "-"
			if !e.NextAt.IsZero() {
				next = when(e.NextAt)
			}
			rows = append(rows, []string{e.ID, when(e.At), e.Type, e.Endpoint, e.State, strconv.Itoa(e.Attempts), next, e.Why})
		}
		table(w, "event at type endpoint state attempts next why", rows)
	})
}

type webhooksResend struct {
	Endpoint string `arg:"" help:"As webhooks log shows it."`
	Event    string `arg:"" help:"As webhooks log shows it."`
}

func (c webhooksResend) Run(a *app) error {
	by, err := a.may(partnership.DeedResendEvent)
	if err != nil {
		return err
	}
	kept, err := a.store()
	if err != nil {
		return err
	}
	if err := deeds.ResendEvent(a.ctx, kept, by, c.Event, c.Endpoint); err != nil {
		return hint(err, "`rapport webhooks log` shows what was sent")
	}
	return a.show(map[string]string{"resent": c.Event}, func(w io.Writer) { line(w, "It is sent once more, as soon as a front door runs.") })
}
