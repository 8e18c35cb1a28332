package slackapp

import (
	"strings"
	"testing"

	slackapi "github.com/slack-go/slack"

	"github.com/rapport-dev/rapport/partnership"
)

func TestALongCardGoesThroughAModalCut(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct{ body, kept string }{
		"short":         {"#ad Calm", "#ad Calm"},
		"long":          {strings.Repeat("é", 2900), strings.Repeat("é", bodyKept) + "…"},
		"emoji":         {strings.Repeat("😍", 2900), strings.Repeat("😍", bodyKept) + "…"},
		"worst of JSON": {strings.Repeat("<", 2900), strings.Repeat("<", bodyKept) + "…"},
	} {
		t.Run(name, func(t *testing.T) {
			d := press{verb: partnership.ActReviewDraft, choice: "changes", parts: []string{"pa", "draft-1"}, card: partnership.Message{Text: "Draft", Body: c.body, Facts: []partnership.Fact{{Label: "Campaign", Value: "Dreams"}}}}
			kept := private(d)
			if len(kept) > maxPrivate {
				t.Fatalf("%d bytes", len(kept))
			}
			back, err := pressOf(slackapi.InteractionCallback{View: slackapi.View{PrivateMetadata: kept}})
			if err != nil {
				t.Fatal(err)
			}
			if back.card.Body != c.kept || len(back.card.Facts) != 1 {
				t.Errorf("body %q, facts %v", back.card.Body, back.card.Facts)
			}
		})
	}
}
