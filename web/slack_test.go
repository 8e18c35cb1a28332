package web_test

import (
	"encoding/json"
	"errors"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	slackapi "github.com/slack-go/slack"

	"github.com/rapport-dev/rapport/partnership"
	"github.com/rapport-dev/rapport/workflows"
)

// slack sends what Slack sends, signed.
func (h *house) slack(path, body string) answered {
	h.t.Helper()
	r := h.request(http.MethodPost, "/slack/"+path, strings.NewReader(body))
	r.Header = sign("slack", []byte(body))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	return h.do(r)
}

// command types /rapport and returns the answer.
func (h *house) command(user, text string) string {
	h.t.Helper()
	words, _ := h.ask(user, text)
	return words
}

// ask is command with what is drawn in the answer's place.
func (h *house) ask(user, text string) (words, blocks string) {
	h.t.Helper()
	res := h.slack("commands", url.Values{
		"command": {"/rapport"}, "text": {text}, "user_id": {user}, "channel_id": {"C1"}, "trigger_id": {"T" + strconv.FormatInt(sent.Add(1), 10)}, "team_id": {"T1"},
		"response_url": {"https://hooks.slack.example/commands/" + user},
	}.Encode())
	want(h.t, "status", res.StatusCode, http.StatusOK)
	var answer struct {
		Text   string
		Blocks json.RawMessage
	}
	if res.body != "" {
		must(h.t, json.Unmarshal([]byte(res.body), &answer))
	}
	if answer.Text != "One moment…" {
		return unescaped.Replace(answer.Text), string(answer.Blocks)
	}
	select { // a machine with no time to spare
	case s := <-h.chat.moments:
		return s.text, asJSON(h.t, s.blocks)
	case <-time.After(time.Minute):
		h.t.Fatal("nothing came after “One moment…”")
		return "", ""
	}
}

// card is a card as Slack sends it back with a press.
func card(buttons ...partnership.Button) map[string]any {
	var elements []map[string]any
	for _, b := range buttons {
		elements = append(elements, map[string]any{"type": "button", "action_id": b.ActionID, "value": b.Value, "text": map[string]any{"type": "plain_text", "text": b.Label}})
	}
	return map[string]any{
		"ts": "1700000000.000100", "text": "Draft to review",
		"metadata": map[string]any{"event_type": "rapport_effect", "event_payload": map[string]any{"key": "partnership/x/content/draft-1/review/1", "kind": "review_draft"}},
		"blocks": []map[string]any{
			{"type": "header", "text": map[string]any{"type": "plain_text", "text": "Draft to review"}},
			{"type": "section", "text": map[string]any{"type": "plain_text", "text": "Calm &amp; warm"}},
			{"type": "section", "fields": []map[string]any{{"type": "mrkdwn", "text": "*Campaign*"}, {"type": "plain_text", "text": "Dreams"}}},
			{"type": "actions", "elements": elements},
		},
	}
}

// press presses a button of a card.
func (h *house) press(user string, b partnership.Button) answered {
	h.t.Helper()
	payload := map[string]any{
		"type": "block_actions", "trigger_id": "trigger", "user": map[string]any{"id": user, "name": strings.ToLower(user)}, "channel": map[string]any{"id": "C1"},
		"message": card(b, partnership.Button{ActionID: "decide_quiet:replace", Label: "Other", Value: "x|y"}),
		"actions": []map[string]any{{"type": "button", "block_id": "b", "action_id": b.ActionID, "value": b.Value, "action_ts": "1"}},
	}
	return h.slack("interactions", url.Values{"payload": {asJSON(h.t, payload)}}.Encode())
}

func (h *house) button(verb string, choice partnership.Choice, parts ...string) partnership.Button {
	return partnership.Button{ActionID: partnership.ActionID(verb, choice), Label: string(choice), Value: partnership.ActionValue(parts...)}
}

// sent makes each modal that is sent another one, as they are for Slack.
var sent atomic.Int64

// submit sends a modal.
func (h *house) submit(user string, view slackapi.ModalViewRequest, fields map[string]string) answered {
	h.t.Helper()
	values := map[string]map[string]any{}
	for block, text := range fields {
		if block == "day" {
			values[block] = map[string]any{"day": map[string]any{"type": "datepicker", "selected_date": text}}
			continue
		}
		values[block] = map[string]any{"text": map[string]any{"type": "plain_text_input", "value": text}}
	}
	return h.sendView(user, view, values)
}

// sendView sends a modal with whatever its fields hold.
func (h *house) sendView(user string, view slackapi.ModalViewRequest, values map[string]map[string]any) answered {
	h.t.Helper()
	payload := map[string]any{
		"type": "view_submission", "user": map[string]any{"id": user, "name": strings.ToLower(user)},
		"view": map[string]any{"id": "V" + strconv.FormatInt(sent.Add(1), 10), "type": "modal", "callback_id": view.CallbackID, "private_metadata": view.PrivateMetadata, "state": map[string]any{"values": values}},
	}
	return h.slack("interactions", url.Values{"payload": {asJSON(h.t, payload)}}.Encode())
}

func TestSlackRequestsMustBeSigned(t *testing.T) {
	t.Parallel()
	h := open(t)
	for _, path := range []string{"commands", "interactions", "events"} {
		r := h.request(http.MethodPost, "/slack/"+path, strings.NewReader("command=/rapport&user_id=U_MANAGER"))
		want(t, path, h.do(r).StatusCode, http.StatusUnauthorized)
		r = h.request(http.MethodPost, "/slack/"+path, strings.NewReader("command=/other&user_id=U_MANAGER"))
		r.Header = sign("slack", []byte("command=/rapport&user_id=U_MANAGER"))
		want(t, path+" with another body", h.do(r).StatusCode, http.StatusUnauthorized)
	}
}

func TestSlackHandshake(t *testing.T) {
	t.Parallel()
	h := open(t)
	res := h.slack("events", `{"type":"url_verification","challenge":"abc"}`)
	wantIn(t, res.body, `"challenge":"abc"`)
	event := `{"type":"event_callback","event_id":"Ev1","event":{"type":"app_home_opened","user":"U_MANAGER"}}`
	want(t, "an event", h.slack("events", event).StatusCode, http.StatusOK)
	want(t, "an event again", h.slack("events", event+" ").StatusCode, http.StatusOK)
}

func TestSlackCommands(t *testing.T) {
	t.Parallel()
	h := open(t)
	wantIn(t, h.command("U_NOBODY", "help"), "/rapport launch")
	wantIn(t, h.command("U_NOBODY", "status"), "viewer")
	wantIn(t, h.command("U_FINANCE", "launch"), "manager")
	wantIn(t, h.command("U_MANAGER", "status"), "Dreams Sunset", "0 of 3 live", "$30,000.00")
	wantIn(t, h.command("U_MANAGER", "status dreams sunset"), "outreach: 1")
	wantIn(t, h.command("U_MANAGER", "status <!channel>"), "no such campaign")
	wantIn(t, h.command("U_MANAGER", "find @ada.scents"), "nano, 9,000 followers", "/partnerships/"+string(h.partnership))
	wantIn(t, h.command("U_MANAGER", "find @nobody"), "That is over or was never there")
	wantIn(t, h.command("U_FINANCE", "payouts"), "No payout run yet")
	for _, no := range []string{"9999-99", "novembre", "2999-01", "november 2999", "0"} {
		wantIn(t, h.command("U_FINANCE", "payouts "+no), "Not done", "no month that has begun")
	}
	wantIn(t, h.command("U_MANAGER", "dance <@U1>"), "`/rapport dance` is no command.", "What Rapport understands")
	wantIn(t, h.command("U_NOBODY", "staus"), "Did you mean `/rapport status`?", "/rapport note @handle text")
}

func TestSlackNotes(t *testing.T) {
	t.Parallel()
	h := open(t)
	const words = "we spoke on the phone:\nthe draft comes on <Friday>"
	want(t, "a viewer's", h.command("U_FINANCE", "note @ada.scents "+words), "`note` takes the role “manager”. An administrator gives it in RAPPORT_ROLES.")
	before := h.dump()
	for text, wanted := range map[string]string{
		"note":                  "say whom and what",
		"note @ada.scents":      "say whom and what",
		"note @nobody hello":    "no creator has that handle",
		"note 01890000 hello":   "no partnership that id",
		"note @ada.scents \x00": "say what was said",
		"note @ada.scents " + strings.Repeat("é", 2001): "2001 characters; at most 2000 are kept",
	} {
		wantIn(t, h.command("U_MANAGER", text), wanted)
	}
	if h.dump() != before || len(h.temporal.messages()) != 0 {
		t.Error("a refused note changed something")
	}

	wantIn(t, h.command("U_MANAGER", "note @Ada.Scents  "+words), "Noted for <", "/partnerships/"+string(h.partnership), "the silence counts from now")
	m := h.temporal.next(t)
	want(t, "workflow", m.WorkflowID, workflows.PartnershipWorkflowID(h.partnership))
	want(t, "signal", m.Name, workflows.SignalCreatorActive)
	want(t, "channel", m.Arg.(workflows.CreatorActive).Channel, "manager_note")
	if strings.Contains(asJSON(t, m.Arg), "phone") || strings.Contains(h.log.String(), "phone") {
		t.Error("the words of a note left the database")
	}
	h.command("U_MANAGER", "note "+string(h.partnership)+" "+words) // the same again, by id: one note, and one more sign of life
	h.temporal.next(t)
	doc, err := h.store.PartnershipDocument(t.Context(), h.partnership)
	must(t, err)
	want(t, "events", len(doc.Timeline), 1)
	want(t, "event", doc.Timeline[0].Detail, "Note by @U_MANAGER: "+words)
	wantIn(t, h.dump(), `slack:U_MANAGER`)

	must(t, h.store.SaveProjection(t.Context(), partnership.Projection{PartnershipID: h.partnership, Seq: 1, Stage: partnership.Closed, Outcome: partnership.Ghosted}))
	wantIn(t, h.command("U_MANAGER", "note @ada.scents too late"), "has ended (ghosted)")
	want(t, "told", len(h.temporal.messages()), 2)
}

func TestSlackStops(t *testing.T) {
	t.Parallel()
	h := open(t)
	want(t, "said", h.command("U_MANAGER", "pause"), "")
	view := h.said().view
	want(t, "modal", view.CallbackID, "stop")
	wantIn(t, h.submit("U_MANAGER", view, map[string]string{"words": ""}).body, "Please say why")
	want(t, "ack", h.submit("U_MANAGER", view, map[string]string{"words": "The product is late"}).StatusCode, http.StatusOK)
	m := h.temporal.next(t)
	want(t, "update", m.Name, workflows.UpdatePause)
	want(t, "argument", m.Arg.(workflows.Stop), workflows.Stop{Reason: "The product is late", By: "slack:U_MANAGER"})
	wantIn(t, h.said().text, "is paused")

	wantIn(t, h.command("U_MANAGER", "resume Dreams Sunset"), "resuming")
	want(t, "update", h.temporal.next(t).Name, workflows.UpdateResume)
	wantIn(t, h.said().text, "goes on")

	h.submit("U_FINANCE", view, map[string]string{"words": "I may not"})
	wantIn(t, h.said().text, "role “manager”")
}

func TestSlackDecisions(t *testing.T) {
	t.Parallel()
	h := open(t)
	id := string(h.partnership)
	for _, c := range []struct {
		user   string
		button partnership.Button
		flow   string
		want   any
	}{
		{"U_MANAGER", h.button(partnership.ActDecideCounter, "accept", id, "1"), "partnership/" + id, workflows.DecideCounter{Round: 1, Decision: "accept", By: "slack:U_MANAGER"}},
		{"U_MANAGER", h.button(partnership.ActReviewDraft, "approve", id, "draft-1"), "partnership/" + id, workflows.ReviewDraft{Task: "draft-1", Decision: "approve", By: "slack:U_MANAGER"}},
		{"U_MANAGER", h.button(partnership.ActDecideQuiet, "keep_waiting", id, "draft-1"), "partnership/" + id, workflows.DecideQuiet{Task: "draft-1", Decision: "keep_waiting", By: "slack:U_MANAGER"}},
		{"U_MANAGER", h.button(partnership.ActRetryStep, "again", id), "partnership/" + id, workflows.RetryStep{By: "slack:U_MANAGER"}},
		{"U_FINANCE", h.button(partnership.ActApproveRun, "approve", "dreams", "2026-11", "h4sh"), "payout-run/dreams/2026-11", workflows.ApproveRun{By: "slack:U_FINANCE", Hash: "h4sh"}},
		{"U_FINANCE2", h.button(partnership.ActApproveRun, "approve", "dreams", "2026-12", "h4sh"), "payout-run/dreams/2026-12", workflows.ApproveRun{By: "slack:U_FINANCE2", Hash: "h4sh"}},
		{"U_FINANCE", h.button(partnership.ActResolvePayout, "release", "po_1"), "payout/po_1", workflows.ResolvePayout{By: "slack:U_FINANCE", Decision: "release"}},
	} {
		t.Run(c.button.ActionID, func(t *testing.T) {
			want(t, "ack", h.press(c.user, c.button).StatusCode, http.StatusOK)
			m := h.temporal.next(t)
			want(t, "workflow", m.WorkflowID, c.flow)
			want(t, "argument", asJSON(t, m.Arg), asJSON(t, c.want))
		})
	}
}

func TestSlackRolesAndRefusals(t *testing.T) {
	t.Parallel()
	h := open(t)
	id := string(h.partnership)
	approve := h.button(partnership.ActApproveRun, "approve", "dreams", "2026-11", "h4sh")
	for _, user := range []string{"U_MANAGER", "U_NOBODY"} {
		h.press(user, approve)
		s := h.said()
		want(t, "told whom", s.user, user)
		wantIn(t, s.text, "finance")
	}
	h.press("U_FINANCE", h.button(partnership.ActReviewDraft, "approve", id, "draft-1"))
	wantIn(t, h.said().text, "manager")
	want(t, "workflow messages", len(h.temporal.messages()), 0)

	h.press("U_MANAGER", h.button("unheard_of", "x", id))
	wantIn(t, h.said().text, "another version")
	h.press("U_MANAGER", h.button(partnership.ActReviewDraft, "approve", id))
	wantIn(t, h.said().text, "another version")

	h.temporal.refuse = func(message) error {
		return partnership.Errorf(partnership.Conflict, "this draft has been reviewed already")
	}
	h.press("U_MANAGER", h.button(partnership.ActReviewDraft, "approve", id, "draft-1"))
	wantIn(t, h.said().text, "reviewed already")
	h.temporal.refuse = func(message) error { return errors.New("away") }
	h.press("U_MANAGER", h.button(partnership.ActReviewDraft, "approve", id, "draft-2"))
	wantIn(t, h.said().text, "not known whether this was taken")
}

func TestSlackTwoApprovers(t *testing.T) {
	t.Parallel()
	h := open(t)
	approve := h.button(partnership.ActApproveRun, "approve", "dreams", "2026-11", "h4sh")
	h.temporal.ack = workflows.Ack{WaitingFor: "one more", More: 1}
	h.press("U_FINANCE", approve)
	wantIn(t, h.said().text, "Yours is kept; it takes 1 more")
	h.temporal.mu.Lock()
	h.temporal.ack = workflows.Ack{WaitingFor: "the transfers"}
	h.temporal.mu.Unlock()
	h.press("U_FINANCE2", approve)
	h.temporal.next(t)
	h.temporal.next(t)
	want(t, "approvals", len(h.temporal.messages()), 2)
}

func TestSlackFeedbackIsAskedFor(t *testing.T) {
	t.Parallel()
	h := open(t)
	h.press("U_MANAGER", h.button(partnership.ActReviewDraft, "changes", string(h.partnership), "draft-1"))
	view := h.said().view
	want(t, "modal", view.Title.Text, "Ask for changes")
	wantIn(t, h.submit("U_MANAGER", view, map[string]string{"words": " "}).body, "response_action", "errors")
	for range 2 { // sent twice, it is one review
		h.submit("U_MANAGER", view, map[string]string{"words": "Less music, please"})
	}
	h.temporal.next(t)
	told := h.temporal.messages()
	want(t, "reviews", len(told), 1)
	review := told[0].Arg.(workflows.ReviewDraft)
	kept, err := h.store.Submission(t.Context(), review.SubmissionID)
	must(t, err)
	want(t, "feedback", kept.Note, "Less music, please")
	want(t, "decision", review.Decision, "changes")
}

func TestSlackApprovesWithASmallChange(t *testing.T) {
	t.Parallel()
	h := open(t)
	h.press("U_MANAGER", h.button(partnership.ActReviewDraft, "adjust", string(h.partnership), "draft-1"))
	view := h.said().view
	want(t, "modal", view.Title.Text, "A small change")
	h.submit("U_MANAGER", view, map[string]string{"words": "Say the price once."})
	h.temporal.next(t)
	review := h.temporal.messages()[0].Arg.(workflows.ReviewDraft)
	kept, err := h.store.Submission(t.Context(), review.SubmissionID)
	must(t, err)
	want(t, "the change", kept.Note, "Say the price once.")
	want(t, "decision", review.Decision, partnership.ChoiceAdjust)
}

func TestAPressIsKeptBeforeSlackHasItsAck(t *testing.T) {
	t.Parallel()
	h := open(t)
	id, goOn := string(h.partnership), make(chan struct{})
	h.temporal.hold = goOn
	approve := h.button(partnership.ActReviewDraft, "approve", id, "draft-1")
	want(t, "ack", h.press("U_MANAGER", approve).StatusCode, http.StatusOK)
	want(t, "kept at the ack", h.temporal.keptDeeds(), 1) // whatever dies now, it is told
	close(goOn)
	h.temporal.next(t)

	h.command("U_MANAGER", "pause")
	h.submit("U_MANAGER", h.said().view, map[string]string{"words": "The product is late"})
	want(t, "kept at the ack", h.temporal.keptDeeds(), 2)
	wantIn(t, h.said().text, "is paused")

	h.temporal.mu.Lock()
	h.temporal.away = errors.New("the database is away")
	h.temporal.mu.Unlock()
	h.press("U_MANAGER", h.button(partnership.ActReviewDraft, "approve", id, "draft-2"))
	wantIn(t, h.said().text, "not known whether this was taken")
	want(t, "told", len(h.temporal.messages()), 2)
}

func TestEachPersonsPressIsTheirOwn(t *testing.T) {
	t.Parallel()
	h := open(t)
	release := h.button(partnership.ActResolvePayout, "release", "po_1")
	for _, user := range []string{"U_FINANCE", "U_FINANCE2"} {
		h.press(user, release)
		h.temporal.next(t)
	}
	told := h.temporal.messages()
	if len(told) != 2 || told[0].UpdateID == told[1].UpdateID {
		t.Errorf("told were %+v", told)
	}
}

// Slack's trigger lives for three seconds; the one in a slow moment is told that it is over, and not that the database is away.
func TestACommandWhoseFormDoesNotOpenSaysSo(t *testing.T) {
	t.Parallel()
	h := open(t)
	h.chat.shut = errors.New("expired_trigger_id")
	for _, command := range []string{"launch", "pause"} {
		if said := h.command("U_MANAGER", command); !strings.Contains(said, "did not open") || strings.Contains(said, "database") {
			t.Errorf("%s: %s", command, said)
		}
	}
}
