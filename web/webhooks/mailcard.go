package webhooks

import (
	"fmt"
	"strings"
	"unicode/utf8"

	"github.com/rapport-dev/rapport/partnership"
	"github.com/rapport-dev/rapport/partnership/facts"
	"github.com/rapport-dev/rapport/partnership/optout"
	"github.com/rapport-dev/rapport/store"
)

// How much of a mail the card shows, in characters. All of it is on the partnership's page.
const (
	maxShown = 1500
	maxFact  = 300
)

// replyCard shows what a creator wrote: their words, who wrote them and under what, which files came along, and what is not shown.
// Our own secret links, which mails quote, are not for colleagues.
func replyCard(v partnership.PartnershipView, in facts.MailReceived, id string, wish optout.Wish, publicURL string) partnership.Message {
	body, hint := wordsOf(in)
	if wish == optout.Unsure {
		hint = strings.TrimSpace("They may want no more mail: please read it. " + hint)
	}
	facts := []partnership.Fact{{Label: "Campaign", Value: v.Campaign.Name}}
	add := func(label, value string) {
		if value = partnership.HideLinks(strings.TrimSpace(value)); value != "" {
			facts = append(facts, partnership.Fact{Label: label, Value: cut(value, maxFact)})
		}
	}
	how := " replied by mail"
	if in.Page {
		how = " wrote on their page"
	}
	add("Subject", in.Subject)
	add("From", in.HeaderFrom)
	add("Files", filesOf(in.Files))
	add("Could not be read", strings.Join(in.Doubts, "; "))
	return partnership.Message{
		Key: partnership.EffectKey("partnership/" + string(v.ID) + "/mail/" + in.ID), Kind: "creator_reply", Decision: partnership.AsksMail.ID(id),
		Text: "@" + v.Creator.Handle + how, Body: body, Facts: facts, Context: hint, Buttons: mailButtons(v.ID, id),
		LinkURL: publicURL + "/partnerships/" + string(v.ID), LinkText: "Open the partnership",
	}
}

// mailButtons answer a mail in its own thread, or say that it needs no answer.
func mailButtons(of partnership.PartnershipID, mail string) (buttons []partnership.Button) {
	for _, b := range []partnership.Button{{Label: "Answer…", Style: "primary", Value: string(partnership.ChoiceAnswer)}, {Label: "Needs no answer", Value: string(partnership.ChoiceNone)}} {
		b.ActionID, b.Value = partnership.ActionID(partnership.ActAnswerCreator, partnership.Choice(b.Value)), partnership.ActionValue(string(of), mail)
		buttons = append(buttons, b)
	}
	return buttons
}

// wordsOf is what they wrote, and what of the mail that leaves out.
func wordsOf(in facts.MailReceived) (body, hint string) {
	body, whole := strings.TrimSpace(in.Reply), strings.TrimSpace(in.Text)
	switch {
	case body == "" && whole == "":
		body = "The mail has no text."
	case body == "":
		body = "They wrote nothing of their own: the mail only quotes ours."
	}
	body = partnership.HideLinks(body)
	if shown := cut(body, maxShown); shown != body {
		body, hint = shown, "The words are cut here. "
	}
	if more := utf8.RuneCountInString(whole) - utf8.RuneCountInString(strings.TrimSpace(in.Reply)); more > 0 {
		hint += fmt.Sprintf("%d more characters, taken for a quote or a signature, are on the partnership's page.", more)
	} else if hint != "" {
		hint += "All of them are on the partnership's page."
	}
	return body, hint
}

func filesOf(files []facts.MailFile) string {
	var names []string
	for _, f := range files {
		name := f.Name
		if name == "" {
			name = "a file without a name"
		}
		names = append(names, fmt.Sprintf("%s (%s, %s)", name, f.Type, bytesInWords(f.Size)))
	}
	if len(names) == 0 {
		return ""
	}
	return fmt.Sprintf("%d: %s", len(names), strings.Join(names, ", "))
}

func bytesInWords(n int) string {
	switch {
	case n >= 1<<20:
		return fmt.Sprintf("%.1f MB", float64(n)/(1<<20))
	case n >= 1<<10:
		return fmt.Sprintf("%d KB", n>>10)
	}
	return fmt.Sprintf("%d bytes", n)
}

func cut(text string, limit int) string {
	if r := []rune(text); len(r) > limit {
		return string(r[:limit]) + "…"
	}
	return text
}

// unreadCard tells of a signed mail that this build cannot take apart. What it holds stays in the inbox.
func unreadCard(w store.Webhook) partnership.Message {
	return partnership.Message{
		Key: partnership.EffectKey(fmt.Sprintf("inbox/%d/unread", w.ID)), Kind: "mail_unread",
		Text: "A mail came that could not be read",
		Body: fmt.Sprintf("It names no recipient, or it is no mail. It is kept whole: `rapport inbox list` shows it as %d, and `rapport inbox retry %d` tries again after an update.", w.ID, w.ID),
	}
}
