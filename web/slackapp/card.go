package slackapp

import (
	"strings"

	slackapi "github.com/slack-go/slack"

	"github.com/rapport-dev/rapport/partnership"
)

// cardOf reads a card of ours back from Slack, so that it can be shown again with its buttons gone. Parts that are not ours
// are left out.
func cardOf(m slackapi.Message) partnership.Message {
	card := partnership.Message{Text: unescape(m.Text), ThreadTS: m.ThreadTimestamp}
	if key, ok := m.Metadata.EventPayload[partnership.MessageKey].(string); ok {
		card.Key = partnership.EffectKey(key)
	}
	if kind, ok := m.Metadata.EventPayload[partnership.MessageKind].(string); ok {
		card.Kind = kind
	}
	for _, block := range m.Blocks.BlockSet {
		switch b := block.(type) {
		case *slackapi.HeaderBlock:
			card.Text = text(b.Text)
		case *slackapi.SectionBlock:
			if b.Text != nil && text(b.Text) != card.Text {
				card.Body = strings.TrimSpace(card.Body + "\n" + text(b.Text))
			}
			card.Facts = append(card.Facts, factsOf(b.Fields)...)
		case *slackapi.ActionBlock:
			addButtons(&card, b)
		case *slackapi.ContextBlock:
			for _, e := range b.ContextElements.Elements {
				if t, ok := e.(*slackapi.TextBlockObject); ok {
					card.Context = strings.TrimSpace(card.Context + "\n" + text(t))
				}
			}
		}
	}
	return card
}

// factsOf reads pairs of fields: a bold label, then its value.
func factsOf(fields []*slackapi.TextBlockObject) []partnership.Fact {
	var facts []partnership.Fact
	for i := 0; i+1 < len(fields); i += 2 {
		facts = append(facts, partnership.Fact{Label: strings.Trim(text(fields[i]), "*"), Value: text(fields[i+1])})
	}
	return facts
}

func addButtons(card *partnership.Message, block *slackapi.ActionBlock) {
	if block.Elements == nil {
		return
	}
	for _, e := range block.Elements.ElementSet {
		b, ok := e.(*slackapi.ButtonBlockElement)
		if !ok {
			continue
		}
		if b.ActionID == partnership.ActOpenLink {
			card.LinkURL, card.LinkText = b.URL, text(b.Text)
			continue
		}
		button := partnership.Button{ActionID: b.ActionID, Label: text(b.Text), Value: b.Value, Style: string(b.Style)}
		if b.Confirm != nil {
			button.Confirm = text(b.Confirm.Text)
		}
		card.Buttons = append(card.Buttons, button)
	}
}

func text(t *slackapi.TextBlockObject) string {
	if t == nil {
		return ""
	}
	return unescape(t.Text)
}

// unescape undoes the three entities of Slack's texts; the client escapes again.
func unescape(s string) string {
	return strings.NewReplacer("&lt;", "<", "&gt;", ">", "&amp;", "&").Replace(s)
}
