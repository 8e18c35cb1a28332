package slackapp

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	slackapi "github.com/slack-go/slack"

	"github.com/rapport-dev/rapport/app/launch"
)

// What is shown between a form and a launch: that it is rehearsed, what is wrong, or the look before the leap.

const (
	modalLook = "launch_look"
	modalWait = "launch_wait"

	blockVeto   = "veto"
	fieldVeto   = "veto"
	blockReason = "reason"
)

// Slack's limits of a view: the length of its title and its submit, of an option, and how many options stand in a group.
const (
	maxTitle   = 24
	maxOption  = 75
	maxOptions = 100
)

// How much of a long list a look shows; whoever wants all of it has the file.
const (
	shownFaults  = 30
	shownPlaces  = 60
	shownUnfit   = 20
	shownWarning = 12
)

// What a wait says.
const slowWords = "It takes longer than usual: there are many creators, or much is going on. Close this if you like: the result comes to you as a message."

func anewWords(same bool) string {
	if same {
		return "What you were shown is more than ten minutes old, or something has changed since. It is counted anew, and nothing was sent."
	}
	return "It is counted anew without whom you left out. Nothing was sent; look again, then send."
}

// waitModal says that a rehearsal is under way. external is our own name for a form that Slack has not named yet.
func waitModal(external, words string) slackapi.ModalViewRequest {
	return slackapi.ModalViewRequest{
		Type: slackapi.VTModal, CallbackID: modalWait, Title: plain("Launch a campaign"), Close: plain("Back"), ExternalID: external,
		Blocks: slackapi.Blocks{BlockSet: []slackapi.Block{
			slackapi.NewSectionBlock(markup("⏳ *Rehearsing…*\n"+escape(words)), nil, nil),
			slackapi.NewContextBlock("", plain("The campaign is played many times on a clock of its own. Close this if you like: the result comes to you as a message.")),
		}},
	}
}

// faultsModal lists what is wrong, by file. The form stays behind it as it was typed.
func faultsModal(faults map[string][]string) slackapi.ModalViewRequest {
	blocks := []slackapi.Block{slackapi.NewSectionBlock(markup("🛑 *Nothing was launched.* What you typed and chose is still in the form behind this."), nil, nil)}
	n := 0
	for _, file := range slices.Sorted(maps.Keys(faults)) {
		lines := faults[file]
		n += len(lines)
		if file != "" {
			blocks = append(blocks, slackapi.NewSectionBlock(markup(fmt.Sprintf("*%s* (%d)", escape(file), len(lines))), nil, nil))
		}
		shown := lines[:min(len(lines), shownFaults)]
		if more := len(lines) - len(shown); more > 0 {
			shown = append(slices.Clone(shown), fmt.Sprintf("… and %d more", more))
		}
		blocks = append(blocks, list(shown)...)
	}
	title := "One thing to mend"
	if n != 1 {
		title = fmt.Sprintf("%d things to mend", n)
	}
	return slackapi.ModalViewRequest{
		Type: slackapi.VTModal, CallbackID: modalWait, Title: plain(title), Close: plain("Back to the form"), Blocks: slackapi.Blocks{BlockSet: blocks},
	}
}

func faultLine(f launch.Fault) string {
	words := fmt.Sprintf("Line %d: ", f.Line)
	if f.Field != "" {
		words += f.Field + ": "
	}
	return words + f.Message
}

// lookModal shows what a launch would do and how it would go.
func lookModal(p launch.Prepared, external string) slackapi.ModalViewRequest {
	l := *p.Look
	invited := l.Invited()
	blocks := []slackapi.Block{verdict(l), slackapi.NewSectionBlock(nil, sums(l), nil), slackapi.NewSectionBlock(markup(dates(l)), nil, nil)}
	blocks = append(blocks, headed("⚠️ *Look at this first*", l.Warnings)...)
	blocks = append(blocks, headed("✏️ *It also changes people with open work*", l.Changes)...)
	if l.Erased {
		reason := slackapi.NewInputBlock(blockReason, plain("Why does somebody come back who was erased?"), plain("The audit keeps your words."), slackapi.NewPlainTextInputBlockElement(nil, fieldText))
		blocks = append(blocks, reason)
	}
	blocks = append(blocks, slackapi.NewSectionBlock(markup("*Whom, in this order* (engagement and fit come before followers)"), nil, nil))
	blocks = append(blocks, list(placesInWords(invited))...)
	if standby := l.Places[len(invited):]; len(standby) > 0 {
		blocks = append(blocks, slackapi.NewSectionBlock(markup(fmt.Sprintf("*Standing by* (%d)", len(standby))), nil, nil))
		blocks = append(blocks, list(placesInWords(standby))...)
	}
	blocks = append(blocks, unfit(l)...)
	blocks = append(blocks, vetoInput(l), slackapi.NewContextBlock("", markup(
		fmt.Sprintf("*When you press:* %s %s invited by mail, each at their time of day; what an offer may cost is reserved first. Nothing was sent before.", plural(len(invited), "creator"), isAre(len(invited))))))
	return slackapi.ModalViewRequest{
		Type: slackapi.VTModal, CallbackID: modalLook, Title: plain(cut(l.Campaign.Name, maxTitle)), Submit: plain("Send " + plural(len(invited), "invitation")), Close: plain("Back, change it"),
		Blocks: slackapi.Blocks{BlockSet: blocks}, PrivateMetadata: p.ID, ExternalID: external,
	}
}

func verdict(l launch.Look) slackapi.Block {
	mark := map[launch.Verdict]string{launch.Holds: "✅", launch.Open: "⚖️", launch.Unlikely: "🛑"}[l.Forecast.Verdict()]
	first, rest := l.Forecast.Lines(l.Campaign.Currency), ""
	rest = strings.Join(first[1:], "\n")
	return slackapi.NewSectionBlock(markup(mark+" *"+escape(first[0])+"*\n"+escape(rest)), nil, nil)
}

func sums(l launch.Look) (fields []*slackapi.TextBlockObject) {
	for _, f := range l.Facts() {
		fields = append(fields, markup("*"+f.Label+"*\n"+escape(f.Value)))
	}
	return fields
}

// dates are the campaign's, each in its reader's own zone.
func dates(l launch.Look) string {
	s := l.Campaign.Schedule
	return fmt.Sprintf("*Dates*\nInvitations from now on; %s to answer, %s to sign, %s from the parcel to the draft, %s of business for your review.\nLive %s to %s (%s).",
		days(s.OutreachDays), days(s.SignDays), days(s.ProduceDays), days(s.ReviewDays), day(s.PublishFrom), day(s.PublishTo.Add(-1)), escape(l.Campaign.Timezone))
}

// headed is a list under a heading, none for none.
func headed(heading string, lines []string) []slackapi.Block {
	if len(lines) == 0 {
		return nil
	}
	shown := lines[:min(len(lines), shownWarning)]
	if more := len(lines) - len(shown); more > 0 {
		shown = append(slices.Clone(shown), fmt.Sprintf("… and %d more", more))
	}
	return append([]slackapi.Block{slackapi.NewSectionBlock(markup(fmt.Sprintf("%s (%d)", heading, len(lines))), nil, nil)}, list(shown)...)
}

func placesInWords(all []launch.Placed) (lines []string) {
	for i, one := range all[:min(len(all), shownPlaces)] {
		lines = append(lines, fmt.Sprintf("%d. @%s, %s followers, %s", i+1, one.Handle, thousands(one.Followers), strings.Join(one.Why, ", ")))
	}
	if more := len(all) - len(lines); more > 0 {
		lines = append(lines, fmt.Sprintf("… and %d more", more))
	}
	return lines
}

// unfit are those who are not invited, and why; and how many would fit and have no place.
func unfit(l launch.Look) []slackapi.Block {
	var lines []string
	for _, u := range l.Unfit[:min(len(l.Unfit), shownUnfit)] {
		lines = append(lines, "@"+u.Handle+": "+u.Why)
	}
	if more := len(l.Unfit) - len(lines); more > 0 {
		lines = append(lines, fmt.Sprintf("… and %d more", more))
	}
	if l.Spare > 0 {
		lines = append(lines, plural(l.Spare, "more creator")+" would fit and have no place")
	}
	if len(lines) == 0 {
		return nil
	}
	return append([]slackapi.Block{slackapi.NewSectionBlock(markup(fmt.Sprintf("*Not invited* (%d)", len(l.Unfit)+l.Spare)), nil, nil)}, list(lines)...)
}

// vetoInput offers everybody with a place, and who was left out before.
func vetoInput(l launch.Look) *slackapi.InputBlock {
	var groups []*slackapi.OptionGroupBlockObject
	var chosen []*slackapi.OptionBlockObject
	offer := func(label string, all []launch.Placed, out bool) {
		for some := range slices.Chunk(all, maxOptions) {
			var options []*slackapi.OptionBlockObject
			for _, one := range some {
				option := slackapi.NewOptionBlockObject(one.Key, plain(cut("@"+one.Handle, maxOption)), plain(cut(fmt.Sprintf("%s followers · %g %%", thousands(one.Followers), one.Engagement), maxOption)))
				options = append(options, option)
				if out {
					chosen = append(chosen, option)
				}
			}
			groups = append(groups, slackapi.NewOptionGroupBlockElement(plain(label), options...))
		}
	}
	invited := l.Invited()
	offer("Left out", l.Vetoed, true)
	offer("Invited", invited, false)
	offer("Standing by", l.Places[len(invited):], false)
	element := slackapi.NewOptionsGroupMultiSelectBlockElement(slackapi.MultiOptTypeStatic, plain("Nobody"), fieldVeto, groups...)
	element.InitialOptions = chosen
	input := slackapi.NewInputBlock(blockVeto, plain("Leave out"), plain("The next standby takes the place. It is counted anew and shown again before anything is sent."), element)
	input.Optional = true
	return input
}

// list is lines in which nothing is markup, none for none.
func list(lines []string) []slackapi.Block {
	if len(lines) == 0 {
		return nil
	}
	text := slackapi.NewRichTextSectionTextElement("• "+strings.Join(lines, "\n• "), nil)
	return []slackapi.Block{slackapi.NewRichTextBlock("", slackapi.NewRichTextSection(text))}
}

func markup(s string) *slackapi.TextBlockObject {
	return slackapi.NewTextBlockObject(slackapi.MarkdownType, cut(s, maxInput), false, true)
}
