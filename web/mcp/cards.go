package mcp

import (
	"context"
	"log/slog"
	"time"

	"github.com/rapport-dev/rapport/partnership"
	"github.com/rapport-dev/rapport/partnership/money"
	"github.com/rapport-dev/rapport/web/finance"
)

// Cards ask in the chat what waits for a person, once, and show there what came of it. Poster is nil without a chat.
type Cards struct {
	Store  Store
	Poster finance.Poster
	Editor finance.Editor
	Do     func(ctx context.Context, hash string) error
	Log    *slog.Logger
}

// Run does what a person has let, and asks what is unasked, until ctx ends.
func (b *Cards) Run(ctx context.Context, every time.Duration) {
	tick := time.NewTicker(every)
	defer tick.Stop()
	for {
		if err := b.sweep(ctx); err != nil && ctx.Err() == nil {
			b.Log.WarnContext(ctx, "nobody was asked about agents' acts", "error", err)
		}
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
	}
}

func (b *Cards) sweep(ctx context.Context) error {
	let, err := b.Store.LetPreparations(ctx)
	for _, hash := range let {
		if err := b.Do(ctx, hash); err != nil && partnership.CodeOf(err) == "" { // a refusal stands on the card
			return err
		}
	}
	if err != nil || b.Poster == nil {
		return err
	}
	list, err := b.Store.UntoldPreparations(ctx)
	for _, p := range list {
		if err == nil {
			err = b.show(ctx, p)
		}
	}
	return err
}

func (b *Cards) show(ctx context.Context, p partnership.Preparation) error {
	m := actCard(p)
	if p.Card != nil {
		if err := b.Editor.UpdateMessage(ctx, *p.Card, m); err != nil && partnership.ClassOf(err) != partnership.Permanent {
			return err
		}
		return b.Store.PreparationTold(ctx, p.Hash, *p.Card, p.State)
	}
	ref, err := b.Poster.Post(ctx, m, p.PreparedAt)
	if err != nil {
		return err
	}
	return b.Store.PreparationTold(ctx, p.Hash, ref, p.State)
}

// mostArguments is how much of its arguments a card shows, in characters.
const mostArguments = 1200

func actCard(p partnership.Preparation) partnership.Message {
	costs := "Nobody can say"
	if p.CostMinor != nil {
		costs = money.Display(*p.CostMinor, p.Currency)
	}
	m := partnership.Message{
		Key: partnership.EffectKey("act/" + p.Hash), Kind: "agent_act", Text: "An agent asks: " + p.Deed,
		Facts: []partnership.Fact{
			{Label: "Who", Value: p.Who}, {Label: "About", Value: p.Subject}, {Label: "At stake", Value: costs}, {Label: "Until", Value: stamp(p.ExpiresAt)},
		},
	}
	if p.State != partnership.PreparedWaiting {
		m.Context = came(p)
		return m
	}
	words := []rune(string(p.Request.Arguments))
	if len(words) > mostArguments {
		words = append(words[:mostArguments], '…')
	}
	m.Body = "It would ask, word for word: " + partnership.HideLinks(string(words))
	button := func(choice partnership.Choice, label, style string) partnership.Button {
		return partnership.Button{ActionID: partnership.ActionID(partnership.ActConfirmAct, choice), Label: label, Value: partnership.ActionValue(p.Hash), Style: style}
	}
	m.Buttons = []partnership.Button{button(partnership.ChoiceApprove, "Do it", "primary"), button(partnership.ChoiceRefuse, "Refuse", "danger")}
	return m
}

// came is what came of it, in a line.
func came(p partnership.Preparation) string {
	by := ""
	if p.DecidedBy != "" {
		by = " Decided by " + p.DecidedBy + "."
	}
	switch p.State {
	case partnership.PreparedDone:
		return "Done." + by
	case partnership.PreparedRefused:
		return "Not done: refused." + by
	case partnership.PreparedStale:
		return "Not done: what it is about had changed." + by
	case partnership.PreparedExpired:
		return "Not done: nobody decided in time."
	}
	return "It is being done." + by
}

func stamp(t time.Time) string { return t.UTC().Format("2 Jan 2006 15:04 UTC") }
