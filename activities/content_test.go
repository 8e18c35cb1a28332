package activities

import (
	"context"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	p "github.com/rapport-dev/rapport/partnership"
)

// draftStore holds one draft.
type draftStore struct {
	*ledgerFake
	draft p.Submission
}

func (s draftStore) View(_ context.Context, id p.PartnershipID) (p.PartnershipView, error) {
	brief := p.Brief{Disclosure: "#ad", NonNegotiables: []string{"No health claims."}}
	return p.PartnershipView{ID: id, Creator: p.Creator{Handle: "ada"}, Campaign: p.Campaign{Name: "Dreams", Timezone: "UTC", Brief: brief}}, nil
}

func (s draftStore) Submission(context.Context, string) (p.Submission, error) { return s.draft, nil }

func TestTheReviewCardShowsWhatIsApproved(t *testing.T) {
	const notDisclosed = "Not yet: the caption does not disclose the partnership; begin it with #ad"
	for name, c := range map[string]struct {
		draft            p.Submission
		body, disclosure string
	}{
		"caption and note": {
			p.Submission{Caption: "#ad Calm evenings.\nOne flame.", Note: "Raw cut."},
			"The caption that is planned:\n#ad Calm evenings.\nOne flame.\n\nThe creator says:\nRaw cut.", "",
		},
		"no words":                {p.Submission{}, "No caption came with it.", ""},
		"a caption that hides it": {p.Submission{Caption: "Calm evenings"}, "The caption that is planned:\nCalm evenings", notDisclosed},
		"long words": {
			p.Submission{Caption: "#ad" + strings.Repeat("é", 3000), Note: strings.Repeat("n", 610)},
			"The caption that is planned:\n#ad" + strings.Repeat("é", 2197) + "… (803 more characters)\n\nThe creator says:\n" + strings.Repeat("n", 600) + "… (10 more characters)", notDisclosed,
		},
	} {
		t.Run(name, func(t *testing.T) {
			chat := &chatFake{}
			c.draft.URL = "https://drive.example/draft"
			a := New(Deps{Store: draftStore{&ledgerFake{rows: map[p.EffectKey]*p.Effect{}}, c.draft}, Chat: chat, Clock: p.SystemClock{}})
			_, err := a.AskForReview(t.Context(), ReviewCard{PartnershipID: "pa", Task: "draft-1", Due: time.Date(2026, 12, 1, 10, 0, 0, 0, time.UTC)})
			require.NoError(t, err)
			card := chat.posted[0]
			require.Equal(t, c.body, card.Body)
			require.LessOrEqual(t, len([]rune(card.Body)), 3000)
			require.Equal(t, "https://drive.example/draft", card.LinkURL)
			want := []p.Fact{{Label: "Campaign", Value: "Dreams"}, {Label: "Review by", Value: "Tue 1 Dec 10:00 UTC, else approved by rule"}}
			if c.disclosure != "" {
				want = append(want, p.Fact{Label: "Disclosure", Value: c.disclosure})
			}
			require.Equal(t, append(want, p.Fact{Label: "Guardrail", Value: "No health claims."}), card.Facts)
		})
	}
}
