package slack

import (
	"errors"
	"fmt"
	"net/url"
	"strings"
	"time"
	"unicode"
	"unicode/utf16"

	"github.com/slack-go/slack"

	"github.com/rapport-dev/rapport/partnership"
)

// Slack's limits, in characters and elements. Beyond them it refuses the whole message.
const (
	maxHeader       = 150
	maxText         = 3000
	maxField        = 2000
	maxFields       = 10 // of a section
	maxButton       = 75
	maxValue        = 2000
	maxActionID     = 255
	maxActions      = 25 // of an actions block
	maxConfirmTitle = 100
	maxConfirmText  = 300
	maxURL          = 3000
)

// empty stands where Slack wants a text and there is none.
const empty = "–"

// render draws a message as Block Kit: headline, text, facts, buttons, small print. All that may come from a person is
// plain_text, in which Slack reads no mentions and links; only our own labels are mrkdwn, and escaped all the same.
func render(m partnership.Message) ([]slack.Block, error) {
	headline := oneLine(m.Text)
	if headline == "" {
		return nil, errors.New("the message has no text")
	}
	blocks := heading(m, headline)
	if strings.TrimSpace(m.Body) != "" {
		blocks = append(blocks, section(m.Body))
	}
	blocks = append(blocks, fields(m.Facts)...)
	actions, err := actions(m)
	if err != nil {
		return nil, err
	}
	blocks = append(blocks, actions...)
	if strings.TrimSpace(m.Context) != "" {
		blocks = append(blocks, slack.NewContextBlock("", marked(m.Context, maxText)))
	}
	return blocks, nil
}

// heading is the headline, or with a mention a line of its own: a header block knows no people.
func heading(m partnership.Message, headline string) []slack.Block {
	if who := mentioned(m); who != "" {
		return []slack.Block{slack.NewSectionBlock(marked(partnership.PersonMark(who)+" "+m.Text, maxText), nil, nil)}
	}
	blocks := []slack.Block{slack.NewHeaderBlock(plain(headline, maxHeader))}
	if length(headline) > maxHeader {
		blocks = append(blocks, section(m.Text))
	}
	return blocks
}

// mentioned is who is to hear of a message: somebody whom Slack does not know hears nothing by being named.
func mentioned(m partnership.Message) string {
	if door, _, _ := strings.Cut(m.Mention, ":"); door == "slack" {
		return m.Mention
	}
	return ""
}

func section(text string) *slack.SectionBlock {
	return slack.NewSectionBlock(plain(text, maxText), nil, nil)
}

// fields are pairs, label left and value right, so that a value can stay plain_text.
func fields(list []partnership.Fact) []slack.Block {
	var blocks []slack.Block
	for len(list) > 0 {
		n := min(len(list), maxFields/2)
		var pairs []*slack.TextBlockObject
		for _, f := range list[:n] {
			label := empty
			if l := oneLine(f.Label); l != "" {
				label = "*" + truncate(escape(l), maxField-2) + "*"
			}
			pairs = append(pairs,
				slack.NewTextBlockObject(slack.MarkdownType, label, false, true),
				value(f.Value))
		}
		blocks = append(blocks, slack.NewSectionBlock(nil, pairs, nil))
		list = list[n:]
	}
	return blocks
}

func actions(m partnership.Message) ([]slack.Block, error) {
	var elements []slack.BlockElement
	for _, b := range m.Buttons {
		e, err := button(b)
		if err != nil {
			return nil, err
		}
		elements = append(elements, e)
	}
	if m.LinkURL != "" {
		u, err := url.Parse(m.LinkURL)
		if err != nil || (u.Scheme != "https" && u.Scheme != "http") || u.Host == "" || len(m.LinkURL) > maxURL {
			return nil, errors.New("the link is not a web address")
		}
		label := m.LinkText
		if strings.TrimSpace(label) == "" {
			label = "Open"
		}
		e := slack.NewButtonBlockElement(partnership.ActOpenLink, "", plain(label, maxButton))
		e.URL = m.LinkURL
		elements = append(elements, e)
	}
	var blocks []slack.Block
	for len(elements) > 0 {
		n := min(len(elements), maxActions)
		blocks = append(blocks, slack.NewActionBlock("", elements[:n]...))
		elements = elements[n:]
	}
	return blocks, nil
}

// button refuses a value that is too long instead of cutting it: half an id decides the wrong thing.
func button(b partnership.Button) (*slack.ButtonBlockElement, error) {
	if b.ActionID == "" || length(b.ActionID) > maxActionID {
		return nil, errors.New("a button has no action or too long a one")
	}
	if length(b.Value) > maxValue {
		return nil, errors.New("a button's value is longer than Slack accepts")
	}
	e := slack.NewButtonBlockElement(b.ActionID, b.Value, plain(oneLine(b.Label), maxButton))
	switch style := slack.Style(b.Style); style {
	case slack.StyleDefault, slack.StylePrimary, slack.StyleDanger:
		e.Style = style
	default:
		return nil, errors.New("a button's style is neither primary nor danger")
	}
	if b.Confirm != "" {
		e.Confirm = slack.NewConfirmationBlockObject(
			plain(oneLine(b.Label), maxConfirmTitle), plain(b.Confirm, maxConfirmText), plain("Yes", 30), plain("Not now", 30))
		if e.Style == slack.StyleDanger {
			e.Confirm.Style = slack.StyleDanger
		}
	}
	return e, nil
}

// value is a fact's, without line breaks by which it could fake another.
func value(s string) *slack.TextBlockObject {
	if partnership.HasMarks(s) {
		return marked(s, maxField)
	}
	return plain(oneLine(s), maxField)
}

// marked is a text with what its marks stand for: people by name, instants in the reader's own zone. Without a mark it stays plain text.
func marked(s string, limit int) *slack.TextBlockObject {
	if !partnership.HasMarks(s) {
		return plain(s, limit)
	}
	words := partnership.FillMarks(strings.TrimSpace(s), escape, person, instant, link)
	return slack.NewTextBlockObject(slack.MarkdownType, truncate(words, limit), false, true)
}

// person is somebody as Slack knows them, or in words who came by another door.
func person(who string) string {
	door, id, _ := strings.Cut(who, ":")
	switch door {
	case "slack":
		return "<@" + escape(id) + ">"
	case "cli":
		return escape(id) + " at a shell"
	case "api", "agent":
		return escape(id) + " by the API"
	}
	return escape(who)
}

// link is words that lead somewhere; an address that Slack would not take for one leaves the words alone.
func link(to, words string) string {
	if u, err := url.Parse(to); err != nil || u.Scheme != "https" && u.Scheme != "http" || strings.ContainsAny(to, "<>|") {
		return escape(words)
	}
	return "<" + escape(to) + "|" + strings.ReplaceAll(escape(words), "|", "/") + ">"
}

// instant is a time as its reader's clock shows it.
func instant(t time.Time) string {
	return fmt.Sprintf("<!date^%d^{date_short_pretty} {time}|%s>", t.Unix(), t.UTC().Format("2 Jan 15:04 UTC"))
}

// plain makes a plain_text object, which Slack wants never empty.
func plain(s string, limit int) *slack.TextBlockObject {
	s = truncate(strings.TrimSpace(s), limit)
	if s == "" {
		s = empty
	}
	return slack.NewTextBlockObject(slack.PlainTextType, s, false, false)
}

var escaper = strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;")

// escape disarms the three characters with which mrkdwn starts mentions, channels and links.
func escape(s string) string { return escaper.Replace(s) }

// oneLine keeps a value from faking further facts below it.
func oneLine(s string) string {
	return strings.Join(strings.FieldsFunc(s, func(r rune) bool { return unicode.IsSpace(r) || unicode.IsControl(r) }), " ")
}

// length counts as Slack's JavaScript does, in UTF-16 units: counting runes would let an emoji pass the limit.
func length(s string) int {
	n := 0
	for _, r := range s {
		n += max(utf16.RuneLen(r), 1)
	}
	return n
}

// truncate cuts between runes and marks the cut. Of escaped text it leaves no half entity behind.
func truncate(s string, limit int) string {
	s = strings.ToValidUTF8(s, "\uFFFD")
	if length(s) <= limit {
		return s
	}
	n, end := 1, 0 // one for the ellipsis
	for i, r := range s {
		if n += max(utf16.RuneLen(r), 1); n > limit {
			end = i
			break
		}
	}
	cut := s[:end]
	if amp := strings.LastIndexByte(cut, '&'); amp >= 0 && len(cut)-amp < len("&amp;") && !strings.Contains(cut[amp:], ";") {
		cut = cut[:amp]
	}
	return strings.TrimRightFunc(cut, unicode.IsSpace) + "…"
}
