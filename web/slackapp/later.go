package slackapp

import (
	"context"
	"encoding/json"
	"errors"

	"github.com/rapport-dev/rapport/app/deeds"
	"github.com/rapport-dev/rapport/partnership"
)

// answerTo is where a person in Slack is to be told what came of a deed whose workflow did not answer while they waited: on the card
// that they pressed, or in the channel in which they asked to stop a campaign.
type answerTo struct {
	Press asked
	Stop  *stopping `json:",omitempty"`
	User  string
}

// Said tells whoever asked in Slack what has come of it since.
func (a *App) Said(ctx context.Context, d partnership.Asked) error {
	var to answerTo
	if err := json.Unmarshal(d.Reply, &to); err != nil || partnership.Door(d.Who) != "slack" || a.Chat == nil {
		return nil //nolint:nilerr // not ours to say
	}
	channel, what := to.Press.Ref.Channel, to.Press.Card.Text
	if to.Stop != nil {
		channel, what = to.Stop.Channel, to.Stop.Name
	}
	if d.Refusal != nil {
		return a.Chat.Ephemeral(ctx, channel, to.User, about(what, a.explain(ctx, d.Deed.Deed, d.Refusal)))
	}
	if to.Stop != nil {
		return a.Chat.Ephemeral(ctx, channel, to.User, stoppedWords(*to.Stop))
	}
	said, err := deeds.WordOf(d)
	if err != nil {
		return err
	}
	on := press{verb: to.Press.Verb, choice: to.Press.Choice, parts: to.Press.Parts, ref: to.Press.Ref, card: to.Press.Card, user: to.User}
	a.taken(ctx, on, said, nil)
	return nil
}

// told notes that the person knows what came of a deed. When they were told that it is taken, they are told again.
func (a *App) told(ctx context.Context, id string, err error) {
	if _, taken := errors.AsType[*partnership.Taken](err); taken || id == "" {
		return
	}
	if err := a.Store.AskedTold(ctx, id); err != nil {
		a.Log.WarnContext(ctx, "it may be said twice what came of a decision", "error", err)
	}
}
