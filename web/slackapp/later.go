package slackapp

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"

	"github.com/rapport-dev/rapport/app/deeds"
	"github.com/rapport-dev/rapport/partnership"
)

// answerTo is where a person in Slack is to be told what came of a deed whose workflow did not answer while they waited: of a card that they
// pressed, or of what they asked for by a word.
type answerTo struct {
	Press asked
	Stop  *act   `json:",omitempty"`
	User  string `json:",omitempty"`
}

// Said tells whoever asked in Slack what has come of it since.
func (a *App) Said(ctx context.Context, d partnership.Asked) error {
	var to answerTo
	if err := json.Unmarshal(d.Reply, &to); err != nil || partnership.Door(d.Who) != "slack" || a.Chat == nil {
		return nil //nolint:nilerr // not ours to say
	}
	at, what := to.Press.At, to.Press.Card.Text
	if to.Stop != nil {
		at, what = to.Stop.At, to.Stop.Name
	}
	at.User = cmp.Or(at.User, to.User)
	if d.Refusal != nil {
		return a.say(ctx, at, spoken(about(what, a.explain(ctx, d.Deed.Deed, d.Refusal))), atTheEnd, false)
	}
	if to.Stop != nil {
		return a.say(ctx, at, spoken(to.Stop.done()), atTheEnd, false)
	}
	said, err := deeds.WordOf(d)
	if err != nil {
		return err
	}
	on := press{verb: to.Press.Verb, choice: to.Press.Choice, parts: to.Press.Parts, ref: to.Press.Ref, card: to.Press.Card, user: at.User, at: at}
	a.taken(ctx, on, said, nil)
	return nil
}

// refused says why a deed was not done. That nobody knows yet is not the end: what came of it follows.
func (a *App) refused(ctx context.Context, to place, words answer, err error) {
	_, taken := errors.AsType[*partnership.Taken](err)
	if err := a.say(ctx, to, words, !taken, false); err != nil {
		a.Log.WarnContext(ctx, "slack answer not shown", "error", err)
	}
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
