package activities

import (
	"context"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/rapport-dev/rapport/partnership"
)

// draftStore holds one draft.
type draftStore struct {
	*ledgerFake
	draft partnership.Submission
}

func (s draftStore) View(_ context.Context, id partnership.PartnershipID) (partnership.PartnershipView, error) {
	brief := partnership.Brief{Disclosure: "#ad", NonNegotiables: []string{"No health claims."}}
	return partnership.PartnershipView{ID: id, Creator: partnership.Creator{Handle: "ada"}, Campaign: partnership.Campaign{Name: "Dreams", Timezone: "UTC", Brief: brief}}, nil
}

func (s draftStore) Submission(context.Context, string) (partnership.Submission, error) {
	return s.draft, nil
}

func (s draftStore) Drafts(context.Context, partnership.PartnershipID) ([]partnership.Draft, error) {
	return []partnership.Draft{{Task: s.draft.Task, Version: 1, Deliverable: "Reel", Number: 1, Of: 1}}, nil
}

func TestTheReviewCardShowsWhatIsApproved(t *testing.T) {
	const notDisclosed = "Not yet: the caption does not disclose the partnership; begin it with #ad"
	for name, c := range map[string]struct {
		draft            partnership.Submission
		body, disclosure string
	}{
		"caption and note": {
			partnership.Submission{Caption: "#ad Calm evenings.\nOne flame.", Note: "Raw cut."},
			"The caption that is planned:\n#ad Calm evenings.\nOne flame.\n\nThe creator says:\nRaw cut.", "",
		},
		"no words":                {partnership.Submission{}, "No caption came with it.", ""},
		"a caption that hides it": {partnership.Submission{Caption: "Calm evenings"}, "The caption that is planned:\nCalm evenings", notDisclosed},
		"long words": {
			partnership.Submission{Caption: "#ad" + strings.Repeat("é", 3000), Note: strings.Repeat("n", 610)},
			"The caption that is planned:\n#ad" + strings.Repeat("é", 2197) + "… (803 more characters)\n\nThe creator says:\n" + strings.Repeat("n", 600) + "… (10 more characters)", notDisclosed,
		},
	} {
		t.Run(name, func(t *testing.T) {
			chat := &chatFake{}
			c.draft.URL = "https://drive.example/draft"
			a := New(Deps{Store: draftStore{&ledgerFake{rows: map[partnership.EffectKey]*partnership.Effect{}}, c.draft}, Chat: chat, Clock: partnership.SystemClock{}})
			_, err := a.AskForReview(t.Context(), ReviewCard{PartnershipID: "pa", Task: "draft-1", Due: time.Date(2026, 12, 1, 10, 0, 0, 0, time.UTC)})
			require.NoError(t, err)
			card := chat.posted[0]
			require.Equal(t, c.body, card.Body)
			require.LessOrEqual(t, len([]rune(card.Body)), 3000)
			require.Equal(t, "https://drive.example/draft", card.LinkURL)
			want := []partnership.Fact{{Label: "Campaign", Value: "Dreams"}}
			require.Contains(t, card.Context, "Answer by "+partnership.TimeMark(time.Date(2026, 12, 1, 10, 0, 0, 0, time.UTC))+".\nIf nobody answers: It is approved by rule.")
			require.Equal(t, partnership.AsksDraft.ID("pa", "draft-1"), card.Decision)
			if c.disclosure != "" {
				want = append(want, partnership.Fact{Label: "Disclosure", Value: c.disclosure})
			}
			require.Equal(t, append(want, partnership.Fact{Label: "Guardrail", Value: "No health claims."}), card.Facts)
		})
	}
}
