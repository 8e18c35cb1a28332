package mcp

import (
	"context"
	"log/slog"
	"time"

	"github.com/rapport-dev/rapport/partnership"
	"github.com/rapport-dev/rapport/partnership/money"
	"github.com/rapport-dev/rapport/web/finance"
)

// Cards ask in the chat what waits for a person, once; whoever keeps all cards shows there what came of it. Poster is nil without a chat.
type Cards struct {
	Store  Store
	Poster finance.Poster
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
			_, err = b.Poster.Post(ctx, actCard(p), p.PreparedAt)
		}
	}
	return err
}

// mostArguments is how much of its arguments a card shows, in characters.
const mostArguments = 1200

func actCard(p partnership.Preparation) partnership.Message {
	costs := "Nobody can say"
	if p.CostMinor != nil {
		costs = money.Display(*p.CostMinor, p.Currency)
	}
	m := partnership.Message{
		Key: partnership.EffectKey("act/" + p.Hash), Kind: "agent_act", Decision: partnership.AsksAct.ID(p.Hash), Text: "An agent asks: " + p.Deed,
		Facts: []partnership.Fact{
			{Label: "Who", Value: p.Who}, {Label: "About", Value: p.Subject}, {Label: "At stake", Value: costs}, {Label: "Until", Value: stamp(p.ExpiresAt)},
		},
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

func stamp(t time.Time) string { return t.UTC().Format("2 Jan 2006 15:04 UTC") }
