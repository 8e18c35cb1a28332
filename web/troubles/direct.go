package troubles

import (
	"context"
	"errors"
	"strings"

	"github.com/rapport-dev/rapport/partnership"
)

// direct tells those who launched what runs that the team's channel takes nothing, such as because it is archived or the app was removed: in
// their direct messages, since no card gets into the channel. Each hears of it once.
func (b *Board) direct(ctx context.Context, t partnership.Trouble) error {
	owners, err := b.Store.OwnersInChat(ctx, b.Chat)
	if err != nil {
		return err
	}
	for _, o := range owners {
		m := b.card(t)
		m.Key += partnership.EffectKey("/direct/" + o.Who)
		_, m.Channel, _ = strings.Cut(o.Who, ":")
		m.Kind, m.Text = "channel_trouble", "Nothing gets into the channel of "+strings.Join(o.Campaigns, ", ")
		m.Body = sentence(t.Words) + " Nothing is lost: what waits for you stands in the Home tab and comes by /rapport decisions, also here, and all that was to be posted comes by itself within a minute of the channel being mended."
		if _, no := b.Poster.Post(ctx, m, t.Since); no != nil {
			err = errors.Join(err, no) // the others hear of it all the same
		}
	}
	return err
}

// ofChannel says whether a trouble is that the chat takes no message, though it answers.
func (b *Board) ofChannel(t partnership.Trouble) bool {
	return b.Chat != "" && strings.HasPrefix(t.Vendor, b.Chat+"/") && t.Kind == partnership.RefusesAll && t.EndedAt.IsZero()
}
