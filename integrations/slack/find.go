package slack

import (
	"context"
	"time"

	"github.com/slack-go/slack"

	"github.com/rapport-dev/rapport/partnership"
)

// The bounds of a search. History is rate-limited hard for some apps, so a search is a last resort and a short one.
const (
	pageSize     = 200
	maxPages     = 10 // of messages since the given time
	maxOldPages  = 3  // of older messages, looked through for threads that went on since
	clockSkew    = time.Minute
	opFind       = "conversations.history"
	opFindThread = "conversations.replies"
)

// find looks for a message in one channel: first in the thread where it was to stand, then in the channel, then in threads that were answered
// since.
func (c *Client) find(ctx context.Context, m partnership.Message, since time.Time) (partnership.MessageRef, error) {
	channel, err := c.target(opFind, m.Channel)
	if err != nil {
		return partnership.MessageRef{}, err
	}
	oldest := stamp(since.Add(-clockSkew))
	s := search{api: c.api, channel: channel, key: m.Key, oldest: oldest}

	complete := true
	if m.ThreadTS != "" {
		s.threads = []string{m.ThreadTS}
		err = s.replies(ctx)
	}
	if err == nil && s.found == "" {
		complete, err = s.history(ctx, oldest, "", maxPages)
	}
	if err == nil && s.found == "" && complete {
		_, err = s.history(ctx, "", oldest, maxOldPages)
	}
	if err == nil && s.found == "" {
		err = s.replies(ctx)
	}
	switch {
	case err != nil:
		return partnership.MessageRef{}, err
	case s.found != "":
		return partnership.MessageRef{Channel: channel, TS: s.found}, nil
	case !complete:
		return partnership.MessageRef{}, &partnership.VendorError{
			Vendor: vendor, Op: opFind, Class: partnership.Ambiguous,
			Message: "too many messages since then to look through: look in the channel",
		}
	default:
		return partnership.MessageRef{}, partnership.Errorf(partnership.NotFound, "no message carries this key")
	}
}

type search struct {
	api     *slack.Client
	channel string
	key     partnership.EffectKey
	oldest  string
	found   string   // timestamp of the message
	threads []string // timestamps of threads that were answered since oldest
}

// history reads the channel's own messages between two stamps; complete says that it saw them all.
func (s *search) history(ctx context.Context, oldest, latest string, pages int) (complete bool, err error) {
	cursor := ""
	for range pages {
		page, err := s.api.GetConversationHistoryContext(ctx, &slack.GetConversationHistoryParameters{
			ChannelID: s.channel, Oldest: oldest, Latest: latest, Inclusive: oldest != "", Limit: pageSize, Cursor: cursor,
			IncludeAllMetadata: true,
		})
		if err != nil {
			return false, vendorError(opFind, err, true)
		}
		s.look(page.Messages)
		cursor = page.ResponseMetaData.NextCursor
		if s.found != "" || !page.HasMore || cursor == "" {
			return true, nil
		}
	}
	return false, nil
}

func (s *search) replies(ctx context.Context) error {
	threads := s.threads
	s.threads = nil
	for _, thread := range threads {
		cursor := ""
		for range maxPages {
			messages, more, next, err := s.api.GetConversationRepliesContext(ctx, &slack.GetConversationRepliesParameters{
				ChannelID: s.channel, Timestamp: thread, Oldest: s.oldest, Inclusive: true, Limit: pageSize, Cursor: cursor,
				IncludeAllMetadata: true,
			})
			if err != nil {
				return vendorError(opFindThread, err, true)
			}
			s.look(messages)
			cursor = next
			if s.found != "" {
				return nil
			}
			if !more || cursor == "" {
				break
			}
		}
	}
	return nil
}

func (s *search) look(messages []slack.Message) {
	for i := range messages {
		m := &messages[i].Msg
		if m.Metadata.EventType == EventType && m.Metadata.EventPayload[partnership.MessageKey] == string(s.key) && s.key != "" {
			s.found = m.Timestamp
			return
		}
		// Stamps are seconds with six decimals: of one length until the year 2286, so they compare as text.
		if m.ReplyCount > 0 && m.LatestReply >= s.oldest {
			s.threads = append(s.threads, m.Timestamp)
		}
	}
}
