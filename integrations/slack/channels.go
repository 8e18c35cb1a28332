package slack

import (
	"context"
	"errors"
	"slices"
	"time"

	"github.com/rapport-dev/rapport/partnership"
	"github.com/rapport-dev/rapport/partnership/asking"
)

// channels are where a message may stand, the first before the others. Those that name a channel stand there; finance's in finance's own where
// there is one, and in the team's when that takes none: a question about money is not lost to an archived channel.
func (c *Client) channels(m partnership.Message) []string {
	if m.Channel == "" && c.finance != "" && c.finance != c.channel && asking.OfFinance(m.Kind) {
		return []string{c.finance, c.channel}
	}
	return []string{m.Channel}
}

// PostMessage posts a message. Slack has no idempotency: after an Ambiguous error FindMessage tells.
func (c *Client) PostMessage(ctx context.Context, m partnership.Message) (ref partnership.MessageRef, err error) {
	for _, channel := range c.channels(m) {
		m.Channel = channel
		ref, err = c.post(ctx, m)
		if no, refused := errors.AsType[*partnership.VendorError](err); !refused || !slices.Contains(noChannel, no.VendorCode) {
			break
		}
	}
	return ref, err
}

// FindMessage looks for a message by the key in its metadata, posted since the given time, wherever it may stand. *partnership.Error NotFound
// means that it was looked for everywhere; an Ambiguous VendorError that there is too much to look through.
func (c *Client) FindMessage(ctx context.Context, m partnership.Message, since time.Time) (ref partnership.MessageRef, err error) {
	places := c.channels(m)
	for i, channel := range places {
		m.Channel = channel
		ref, err = c.find(ctx, m, since)
		no, refused := errors.AsType[*partnership.VendorError](err)
		unread := refused && slices.Contains(noChannel, no.VendorCode) && i+1 < len(places) // nothing of ours can have come in there
		if partnership.CodeOf(err) != partnership.NotFound && !unread {
			break
		}
	}
	return ref, err
}
