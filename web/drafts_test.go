package web_test

import (
	"encoding/json"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/rapport-dev/rapport/partnership"
	"github.com/rapport-dev/rapport/partnership/board"
)

// reviewed is a first draft on which changes were asked for, and a second one that is asked for now; its link.
func (h *house) reviewed() (second string) {
	h.t.Helper()
	h.underWay()
	at := time.Now().Add(-time.Hour).UTC().Truncate(time.Second)
	for i, s := range []partnership.Submission{
		{ID: "first", Task: "draft-1", URL: "https://drive.example/first", Caption: "#ad Calm", Note: "A raw cut."},
		{ID: "words", Task: "draft-1", Note: "Please say what the scent is, early on."},
	} {
		s.PartnershipID, s.At = h.partnership, at.Add(time.Duration(i)*time.Minute)
		_, err := h.store.AddSubmission(h.t.Context(), s)
		must(h.t, err)
	}
	must(h.t, h.store.SaveProjection(h.t.Context(), partnership.Projection{
		PartnershipID: h.partnership, Seq: 4, RunID: "run", Stage: partnership.Content, Asks: []partnership.Question{{Kind: partnership.AsksDraft, Of: "draft-1", At: at, SubmissionID: "first"}},
	}))
	second = h.task(partnership.TaskDraft, "draft-2", func(t *partnership.Task) { t.Note = "Please say what the scent is, early on." })
	must(h.t, h.store.SaveProjection(h.t.Context(), partnership.Projection{
		PartnershipID: h.partnership, Seq: 5, RunID: "run", Stage: partnership.Content, ClosedTasks: []string{"draft-1"}, OpenTask: "draft-2",
		Settled: []partnership.Closing{{Kind: partnership.AsksDraft, Of: "draft-1", State: partnership.QuestionAnswered, Choice: partnership.ChoiceChanges, By: "api:manager", At: at, Came: "The creator is asked for another draft."}},
	}))
	return second
}

// A draft's versions stand with what was said of each: on the page that asks for the next, in the console's file, in the API and on the card.
func TestDraftsAreVersionsEverywhere(t *testing.T) {
	t.Parallel()
	h := open(t)
	second := h.reviewed()
	page := h.get(second).body
	wantIn(t, page, "Show us version 2 of your draft", "What we said about version 1", "Please say what the scent is, early on.", "Version 1, sent on", "https://drive.example/first", "We asked for another one.")
	file := h.as("U_MANAGER").get("/partnerships/" + string(h.partnership)).body
	wantIn(t, file, "Version 1</b> of the", "changes asked for", "https://drive.example/first", "A raw cut.", "Please say what the scent is, early on.")
	var doc board.Partnership
	must(t, json.Unmarshal([]byte(h.call(viewerToken, http.MethodGet, "/partnerships/"+string(h.partnership), "").body), &doc))
	if d := doc.Drafts; len(d) != 1 || d[0].Version != 1 || d[0].Verdict != partnership.DraftChanges || d[0].Feedback != "Please say what the scent is, early on." || d[0].DecidedBy != "api:manager" {
		t.Errorf("by the API the drafts are %+v", d)
	}

	_, err := h.store.AddSubmission(t.Context(), partnership.Submission{ID: "second", PartnershipID: h.partnership, Task: "draft-2", URL: "https://drive.example/second", At: time.Now()})
	must(t, err)
	must(t, h.store.SaveProjection(t.Context(), partnership.Projection{
		PartnershipID: h.partnership, Seq: 6, RunID: "run", Stage: partnership.Content, Asks: []partnership.Question{{Kind: partnership.AsksDraft, Of: "draft-2", At: time.Now(), SubmissionID: "second"}},
	}))
	d, err := h.store.Decision(t.Context(), partnership.AsksDraft.ID(string(h.partnership), "draft-2"))
	must(t, err)
	var said []string
	for _, f := range d.ToChat("https://rapport.example").Facts {
		said = append(said, f.Label+": "+f.Value)
	}
	wantIn(t, strings.Join(said, "\n"), "Version: 2", "Asked about version 1: Please say what the scent is, early on.")
}
