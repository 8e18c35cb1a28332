package main

import (
	"io"
	"strconv"
	"time"

	"github.com/rapport-dev/rapport/app/deeds"
	"github.com/rapport-dev/rapport/partnership"
)

type effectsCommands struct {
	List    effectsList    `cmd:"" help:"List them, oldest first."`
	Resolve effectsResolve `cmd:"" help:"Say whether one was done, after a look at the vendor."`
}

type effectsList struct{}

// effectDocument is an effect in JSON.
type effectDocument struct {
	Key      partnership.EffectKey   `json:"key"`
	Kind     string                  `json:"kind"`
	State    partnership.EffectState `json:"state"`
	Attempts int                     `json:"attempts"`
	FirstAt  time.Time               `json:"first_at"`
	Note     string                  `json:"note"`
}

func (effectsList) Run(a *app) error {
	kept, err := a.store()
	if err != nil {
		return err
	}
	unknown, err := kept.UnknownEffects(a.ctx)
	if err != nil {
		return err
	}
	documents, rows := []effectDocument{}, [][]string{}
	for _, e := range unknown {
		documents = append(documents, effectDocument{e.Key, e.Kind, e.State, e.Attempts, e.FirstAt, e.Note})
		rows = append(rows, []string{string(e.Key), e.Kind, strconv.Itoa(e.Attempts), when(e.FirstAt), e.Note})
	}
	return a.show(documents, func(w io.Writer) {
		if len(rows) == 0 {
			line(w, "None: every act outside is known to be done or not done.")
			return
		}
		table(w, "key kind attempts first why", rows)
		line(w, "Look each up at its vendor, then: rapport effects resolve KEY sent|not_sent")
	})
}

type effectsResolve struct {
	Key      string             `arg:"" help:"As effects list shows it."`
	Decision partnership.Choice `arg:"" enum:"sent,not_sent" help:"sent: it was done. not_sent: it was not, do it again."`
}

func (c effectsResolve) Run(a *app) error {
	by, err := a.may(partnership.DeedResolveEffect)
	if err != nil {
		return err
	}
	kept, err := a.store()
	if err != nil {
		return err
	}
	if err := deeds.ResolveEffect(a.ctx, kept, by, partnership.EffectKey(c.Key), c.Decision); err != nil {
		return hint(err, "there is no such effect; `rapport effects list` shows those that wait")
	}
	return a.show(map[string]string{"key": c.Key, "decision": string(c.Decision)}, func(w io.Writer) { line(w, "Noted: %s.", c.Decision) })
}
