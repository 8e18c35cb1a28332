package partnership_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/rapport-dev/rapport/partnership"
)

// Versions count for their deliverable, which the posts between them tell; what was said stands with the version that it is about.
func TestDraftsAreVersionsOfTheirDeliverable(t *testing.T) {
	t.Parallel()
	terms := partnership.Terms{Deliverables: []partnership.Deliverable{{Kind: "instagram_reel", Count: 1}, {Kind: "tiktok_video", Count: 1}}}
	at := time.Date(2026, 11, 2, 9, 0, 0, 0, time.UTC)
	sent := []partnership.Submission{
		{ID: "a", Task: "draft-1", URL: "https://d.example/1"},
		{ID: "a-words", Task: "draft-1", Note: "Lighter, please."},
		{ID: "b", Task: "draft-2", URL: "https://d.example/2"},
		{ID: "b2", Task: "draft-2", URL: "https://d.example/from-another-tab"}, // was not taken: b had come
		{ID: "p", Task: "post-1", URL: "https://p.example/1", Caption: "no disclosure"},
		{ID: "p2", Task: "post-2", URL: "https://p.example/1", Caption: "#ad mended"},
		{ID: "c", Task: "draft-3", URL: "https://d.example/3"},
		{ID: "c-words", Task: "draft-3", Note: "Say the price once."},
		{ID: "d", Task: "draft-4", UploadID: "u1"},
	}
	said := map[string]partnership.DraftWord{
		"draft-1": {SubmissionID: "a", State: partnership.QuestionAnswered, Choice: partnership.ChoiceChanges, By: "slack:U1", At: &at},
		"draft-2": {SubmissionID: "b", State: partnership.QuestionLapsed},
		"draft-3": {SubmissionID: "c", State: partnership.QuestionAnswered, Choice: partnership.ChoiceAdjust, By: "slack:U2"},
		"draft-4": {SubmissionID: "d", State: partnership.QuestionOpen},
	}
	type told struct {
		Version            int
		Piece, URL         string
		Verdict            partnership.DraftVerdict
		Feedback, Decision string
	}
	var got []told
	for _, d := range partnership.DraftsOf(terms, "#ad", sent, map[string]partnership.DraftFile{"u1": {ID: "u1", Name: "clip.mov", Type: "video/quicktime", Bytes: 3 << 20}}, said) {
		what := d.URL
		if d.File != nil {
			what = d.File.Words()
		}
		got = append(got, told{d.Version, d.Piece(), what, d.Verdict, d.Feedback, d.DecidedBy})
	}
	if diff := cmp.Diff([]told{
		{1, "Instagram Reel, 1 of 2", "https://d.example/1", partnership.DraftChanges, "Lighter, please.", "slack:U1"},
		{2, "Instagram Reel, 1 of 2", "https://d.example/2", partnership.DraftApprovedByRule, "", ""},
		{1, "TikTok Video, 2 of 2", "https://d.example/3", partnership.DraftAdjusted, "Say the price once.", "slack:U2"},
		{2, "TikTok Video, 2 of 2", "clip.mov (video/quicktime, 3.0 MB)", partnership.DraftWaits, "", ""},
	}, got); diff != "" {
		t.Error(diff)
	}
	if one := partnership.DraftsOf(partnership.Terms{Deliverables: terms.Deliverables[:1]}, "#ad", sent[:1], nil, nil); one[0].Piece() != "Instagram Reel" || one[0].Verdict != partnership.DraftWaits {
		t.Errorf("the only one is %+v", one[0])
	}
}
