package slackapp

import (
	"strings"
	"testing"

	slackapi "github.com/slack-go/slack"

	"github.com/rapport-dev/rapport/partnership"
)

// TestAPressGoesThroughItsForm packs a press on a card with the longest headline into what a form may carry, and unpacks it.
func TestAPressGoesThroughItsForm(t *testing.T) {
	t.Parallel()
	for _, text := range []string{"Draft", strings.Repeat("é", 2900), strings.Repeat("😍", 2900), strings.Repeat("<", 2900)} {
		card := cardOf(slackapi.Message{Msg: slackapi.Msg{Text: text, Metadata: slackapi.SlackMetadata{EventPayload: map[string]any{partnership.MessageKey: "partnership/x/content/draft-1/review/1"}}}})
		d := press{verb: partnership.ActReviewDraft, choice: "changes", parts: []string{"pa", "draft-1"}, card: card}
		kept := private(d)
		if len(kept) > maxPrivate {
			t.Fatalf("%d bytes", len(kept))
		}
		back, err := pressOf(slackapi.InteractionCallback{View: slackapi.View{PrivateMetadata: kept}})
		if err != nil || back.card != card || back.verb != d.verb {
			t.Errorf("%+v %v", back, err)
		}
	}
}

// Whoever says that a bank never executed a file reads before they do that one refused as a duplicate was paid.
func TestTheFormOfAFileThatWasNeverExecutedWarnsOfDuplicates(t *testing.T) {
	t.Parallel()
	view := wordsModal(press{verb: partnership.ActTellBank, choice: partnership.ChoiceUnexecuted, parts: []string{"RPT1"}})
	input, ok := view.Blocks.BlockSet[0].(*slackapi.InputBlock)
	if !ok || input.Hint == nil || !strings.Contains(input.Hint.Text, "refuses a file as a duplicate has paid it before") {
		t.Errorf("the form says %+v", view.Blocks.BlockSet)
	}
}
