package slackapp

import (
	"errors"
	"strings"
	"unicode"

	slackapi "github.com/slack-go/slack"

	"github.com/rapport-dev/rapport/partnership"
)

func isSpace(r rune) bool { return unicode.IsSpace(r) }

// needsOpen are the words that do something to what they name, which what has ended does not take.
var needsOpen = map[string]string{
	"pause": "pause", "resume": "go on", "cancel": "be cancelled", "replace": "be replaced", "extend": "have more time", "amend": "be amended", "note": "take a note",
	"invite": "be added to", "veto": "be changed",
}

// whichOne asks which one was meant where a name fits several, or none and others are near it: with a button each that carries what was typed, and
// nothing done. What cannot be meant is named with the reason.
func whichOne(verb, rest string, err error) (answer, bool) {
	no, is := errors.AsType[*partnership.Error](err)
	if !is || len(no.Fits) == 0 {
		return answer{}, false
	}
	first, _, _ := strings.Cut(no.Message, ":\n")
	first, _, _ = strings.Cut(first, " (did you mean")
	first, _, _ = strings.Cut(first, ": say ")
	first = escape(capital(strings.TrimSuffix(first, "; name one by its id"))) + ". "
	if no.Code == partnership.NotFound {
		first += "Did you mean…"
	} else {
		first += "Which one do you mean?"
	}
	w := answer{text: first + " Nothing was changed.", blocks: []slackapi.Block{marked("*" + first + "* Nothing was changed.")}}
	for i, fit := range no.Fits {
		section := marked("*" + escape(fit.Words) + "* · `" + escape(fit.ID) + "`")
		if can := needsOpen[verb]; fit.Ended && can != "" {
			section = marked("*" + escape(fit.Words) + "* · `" + escape(fit.ID) + "`\n_It cannot " + can + ": it has ended._")
		} else {
			section.Accessory = slackapi.NewAccessory(carries(label(fit.Words), again(verb, rest, fit.ID), i))
		}
		w.text += "\n• " + escape(fit.Words) + " – " + escape(fit.ID)
		w.blocks = append(w.blocks, section)
	}
	w.blocks = append(w.blocks, small("You typed: `"+escape(cut("/rapport "+verb+" "+rest, maxHeadline))+"`. Names with their round, ids and their beginnings, mail addresses and profile links work too."))
	return w, true
}

// again is what was typed, with what was meant in the place of the name that fitted several.
func again(verb, rest, meant string) string {
	if verb == partnership.DeedInvite || verb == partnership.DeedVeto { // they name two: a creator by platform and handle, a campaign by its id
		return pickIn(rest).again(verb, meant)
	}
	return strings.TrimSpace(verb + " " + meant + " " + after(verb, rest))
}

// after is what was typed behind the name, for the words that take something there.
func after(verb, rest string) string {
	switch verb {
	case "note", "extend", "writeoff", "record-form", "replace":
		_, more := firstWord(rest)
		return more
	case "amend":
		_, edits, _ := editsIn(rest)
		return worded(edits)
	case "pause", "resume", "cancel":
		if one, more := ofOne(rest); one {
			return more
		}
	}
	return ""
}

// label is what a button says of what it means.
func label(words string) string { return cut(words, maxButton) }

func capital(s string) string {
	r := []rune(s)
	if len(r) > 0 {
		r[0] = unicode.ToUpper(r[0])
	}
	return string(r)
}
