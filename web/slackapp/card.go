package slackapp

import (
	"strings"

	slackapi "github.com/slack-go/slack"

	"github.com/rapport-dev/rapport/partnership"
)

// cardAsk is which card was pressed, as it says itself: its key, and its headline for who is told something about it.
type cardAsk struct {
	Key  partnership.EffectKey
	Text string
}

func cardOf(m slackapi.Message) cardAsk {
	key, _ := m.Metadata.EventPayload[partnership.MessageKey].(string)
	return cardAsk{Key: partnership.EffectKey(key), Text: headline(unescape(m.Text))}
}

// maxHeadline is how much of a card's text goes along with what is said about it, in characters.
const maxHeadline = 200

func headline(text string) string {
	if r := []rune(text); len(r) > maxHeadline {
		return string(r[:maxHeadline]) + "…"
	}
	return text
}

// unescape undoes the three entities of Slack's texts; the client escapes again.
func unescape(s string) string {
	return strings.NewReplacer("&lt;", "<", "&gt;", ">", "&amp;", "&").Replace(s)
}
