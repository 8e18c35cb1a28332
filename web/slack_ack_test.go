package web_test

import (
	"encoding/json"
	"errors"
	"net/http"
	"testing"

	slackapi "github.com/slack-go/slack"

	"github.com/rapport-dev/rapport/partnership"
	"github.com/rapport-dev/rapport/proof/pgtest"
	"github.com/rapport-dev/rapport/store"
	"github.com/rapport-dev/rapport/web"
)

// TestSlackIsAcknowledgedWhateverIsDown: a database that refuses, or one that stands still in the middle of everything, and Temporal away. Slack has
// its ack before either answers, nothing is said to be done that is not, and whoever asked is told. bench says how soon.
func TestSlackIsAcknowledgedWhateverIsDown(t *testing.T) {
	t.Parallel()
	for _, stands := range []bool{false, true} {
		t.Run(map[bool]string{false: "refuses", true: "stands still"}[stands], func(t *testing.T) {
			t.Parallel()
			address, wall := pgtest.Through(t, pgtest.New(t, store.Migrate))
			h := openAt(t, address, nil, func(d *web.Deps) { d.AckAfter = 0 })
			h.temporal.refuse = func(message) error { return errors.New("temporal is away") }
			approve := h.button(partnership.ActReviewDraft, partnership.ChoiceApprove, string(h.partnership), "draft-1")
			if stands {
				wall.Raise(true)
			} else {
				h.store.Close()
			}
			words, _ := h.ask("U_MANAGER", "status")
			wantIn(t, words, "database does not answer", "twice does no harm")

			want(t, "a press", h.press("U_MANAGER", approve).StatusCode, http.StatusOK)
			wantIn(t, h.toldOf("U_MANAGER"), "not known whether this was taken")

			sent := h.submit("U_MANAGER", slackapi.ModalViewRequest{CallbackID: "stop", PrivateMetadata: `{"Verb":"pause","Campaign":"` + string(h.campaign) + `"}`}, map[string]string{"words": "a holiday"})
			var shown slackapi.ViewSubmissionResponse
			must(t, json.Unmarshal([]byte(sent.body), &shown))
			if shown.ResponseAction != slackapi.RAPush { // over the form, which keeps what was typed
				t.Errorf("a sent form is answered %q", sent.body)
			}
			wantIn(t, sent.body, "not known whether this was taken", "Back to the form")

			event := `{"type":"event_callback","event_id":"Ev1","event":{"type":"app_home_opened","user":"U_MANAGER","tab":"home"}}`
			want(t, "an event comes again", h.slack("events", event).StatusCode, http.StatusServiceUnavailable)
			if len(h.temporal.messages()) > 0 {
				t.Error("something was done")
			}
		})
	}
}

// TestAPressIsDoneThoughItsAckCameFirst: a database that is only slow.
func TestAPressIsDoneThoughItsAckCameFirst(t *testing.T) {
	t.Parallel()
	h := open(t, func(d *web.Deps) { d.AckAfter = 1 })
	want(t, "ack", h.press("U_MANAGER", h.button(partnership.ActReviewDraft, partnership.ChoiceApprove, string(h.partnership), "draft-1")).StatusCode, http.StatusOK)
	want(t, "done", h.temporal.next(t).WorkflowID, "partnership/"+string(h.partnership))
}

// toldOf is what somebody is told next in a direct message.
func (h *house) toldOf(user string) string {
	h.t.Helper()
	for {
		if s := h.said(); s.how == "direct" && s.user == user {
			return s.text
		}
	}
}
