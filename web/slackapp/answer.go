package slackapp

import (
	"context"
	"strings"

	"github.com/google/uuid"
	slackapi "github.com/slack-go/slack"
)

// answer is what one person is told, who alone sees it: a text in Slack's markup, for notifications and screen readers, and what is drawn in its place.
type answer struct {
	text   string
	blocks []slackapi.Block
}

// said is an answer of words alone, in Slack's markup.
func said(words string) answer { return answer{text: words} }

// spoken is an answer of words that may be anybody's: nothing in them is markup.
func spoken(words string) answer {
	return answer{text: escape(words), blocks: []slackapi.Block{slackapi.NewSectionBlock(plain(cut(words, maxText)), nil, nil)}}
}

// none says whether there is nothing to say, because a form says it.
func (w answer) none() bool { return w.text == "" && len(w.blocks) == 0 }

// message is the answer as Slack takes it.
func (w answer) message(replaces bool) *slackapi.WebhookMessage {
	m := &slackapi.WebhookMessage{Text: cut(w.text, maxText), ResponseType: slackapi.ResponseTypeEphemeral, ReplaceOriginal: replaces}
	if len(w.blocks) > 0 {
		m.Blocks = &slackapi.Blocks{BlockSet: w.blocks}
	}
	return m
}

// place is where somebody asked for something, and is told what came of it: where Slack takes answers to their command or press, whatever channel
// that was in. When it takes no more, after half an hour or five answers, they are told in a direct message.
type place struct {
	User  string
	Reply string `json:",omitempty"` // under which Slack's address is kept: it is a secret, and no form and no deed carries it

	address string // itself, for as long as the request is here and where the database is not
}

// at keeps where a request is answered.
func (a *App) at(ctx context.Context, user, address string) place {
	to := place{User: user, address: address}
	if address == "" {
		return to
	}
	id := uuid.NewString()
	if err := a.Store.KeepReply(ctx, id, address); err != nil {
		a.Log.WarnContext(ctx, "slack's address for answers not kept", "error", err)
		return to
	}
	to.Reply = id
	return to
}

// The moment of an answer: one that is not the end of the matter leaves Slack's last answer for that.
const (
	notYet   = false
	atTheEnd = true
)

// say answers whoever asked. replaces takes the place of what was said to the request before, or of the message that was pressed.
func (a *App) say(ctx context.Context, to place, w answer, last, replaces bool) error {
	m := w.message(replaces)
	if w.none() {
		m.DeleteOriginal = replaces
	}
	address, err := a.addressOf(ctx, to, last)
	if err == nil && address != "" {
		if err = a.Chat.Respond(ctx, address, m); err == nil {
			return nil
		}
	}
	if err != nil {
		a.Log.WarnContext(ctx, "slack answer goes as a direct message", "error", err)
	}
	if w.none() {
		return nil
	}
	return a.Chat.Direct(ctx, to.User, m.Text, w.blocks)
}

// addressOf is where Slack takes an answer, "" where it takes none any more.
func (a *App) addressOf(ctx context.Context, to place, last bool) (string, error) {
	if to.Reply == "" {
		return to.address, nil
	}
	address, err := a.Store.TakeReply(ctx, to.Reply, last)
	if err != nil && to.address != "" {
		return to.address, nil
	}
	return address, err
}

// tell says words to one person. It is a courtesy: when it fails, the card and the audit still show the truth.
func (a *App) tell(ctx context.Context, to place, words string) {
	if err := a.say(ctx, to, spoken(words), atTheEnd, false); err != nil {
		a.Log.WarnContext(ctx, "slack answer not shown", "error", err)
	}
}

// marked is a section of Slack's markup.
func marked(words string) *slackapi.SectionBlock {
	return slackapi.NewSectionBlock(slackapi.NewTextBlockObject(slackapi.MarkdownType, cut(words, maxText), false, false), nil, nil)
}

// small is the small print of an answer.
func small(words string) *slackapi.ContextBlock {
	return slackapi.NewContextBlock("", slackapi.NewTextBlockObject(slackapi.MarkdownType, cut(words, maxText), false, false))
}

// escape makes text of people's own inert in Slack's mrkdwn.
func escape(s string) string {
	return strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;", "`", "'", "*", "∗").Replace(s)
}
