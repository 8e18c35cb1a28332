package web_test

import (
	"encoding/json"
	"errors"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/rapport-dev/rapport/partnership"
	"github.com/rapport-dev/rapport/web"
	"github.com/rapport-dev/rapport/workflows"
)

// give presses a button or an entry of a menu that carries a command.
func (h *house) give(user, action, command string) answered {
	h.t.Helper()
	one := map[string]any{"type": "button", "block_id": "b", "action_id": action, "value": command, "action_ts": "1"}
	if action == "command:menu" {
		one = map[string]any{"type": "overflow", "block_id": "b", "action_id": action, "selected_option": map[string]any{"text": map[string]any{"type": "plain_text", "text": "x"}, "value": command}, "action_ts": "1"}
	}
	return h.slack("interactions", url.Values{"payload": {asJSON(h.t, map[string]any{
		"type": "block_actions", "trigger_id": "trigger " + command, "user": map[string]any{"id": user, "name": strings.ToLower(user)}, "channel": map[string]any{"id": "D1"},
		"container":    map[string]any{"type": "message", "message_ts": "1", "channel_id": "D1", "is_ephemeral": true},
		"response_url": "https://hooks.slack.example/press/" + user, "actions": []any{one},
	})}}.Encode())
}

// nextRound launches a further round of the house's campaign, with the same creator in it.
func (h *house) nextRound(round int) partnership.PartnershipID {
	h.t.Helper()
	ctx, spec := h.t.Context(), campaign()
	spec.Round = round
	id, _, err := h.store.CreateCampaign(ctx, spec, []partnership.Creator{h.creator}, "another")
	must(h.t, err)
	must(h.t, h.store.ReserveBudget(ctx, id, partnership.RosterEntry{CreatorID: h.creator.ID, Tier: partnership.Nano, Niche: "sleep", Rank: 1}, terms(), 50_000))
	h.other = id
	return partnership.PartnershipFor(id, h.creator.ID)
}

// TestSlackDoesEveryDeedOnOne: what is done to a whole campaign is done to one partnership, and its answer comes where it was asked for.
func TestSlackDoesEveryDeedOnOne(t *testing.T) {
	t.Parallel()
	h := open(t)
	flow := workflows.PartnershipWorkflowID(h.partnership)
	wantIn(t, h.command("U_MANAGER", "extend @ada.scents 3 days"), "“@ada.scents in Dreams Sunset, round", "giving 3 days more…")
	m := h.temporal.next(t)
	want(t, "workflow", m.WorkflowID, flow)
	want(t, "update", m.Name, workflows.UpdateGiveTime)
	want(t, "argument", m.Arg.(workflows.GiveTime), workflows.GiveTime{Days: 3, By: "slack:U_MANAGER"})
	s := h.said()
	want(t, "answered by", s.how, "respond")
	wantIn(t, s.text, "has 3 days more, and is told the new date")

	wantIn(t, h.command("U_MANAGER", "pause <@U9|ada.scents> she's travelling &amp; offline"), "pausing…")
	want(t, "argument", h.temporal.next(t).Arg.(workflows.Stop), workflows.Stop{Reason: "she's travelling & offline", By: "slack:U_MANAGER"})
	wantIn(t, h.said().text, "is paused")
	h.command("U_MANAGER", "resume “ada.scents”")
	want(t, "update", h.temporal.next(t).Name, workflows.UpdateResume)
	wantIn(t, h.said().text, "goes on")

	for verb, update := range map[string]string{"replace": workflows.UpdateReplace, "cancel": workflows.UpdateCancel, "end": workflows.UpdateCancel} {
		want(t, "asks first", h.command("U_MANAGER", verb+" @ada.scents. silent for weeks"), "")
		view := h.said().view
		wantIn(t, asJSON(t, view), "@ada.scents in Dreams Sunset", "silent for weeks", "cannot be undone")
		want(t, "asked of nobody yet", len(h.temporal.news), 0)
		h.submit("U_MANAGER", view, map[string]string{"words": "silent for weeks"})
		m := h.temporal.next(t)
		want(t, "update", m.Name, update)
		want(t, "workflow", m.WorkflowID, flow)
		want(t, "where the answer goes", h.said().how, "respond")
	}
	for text, says := range map[string]string{
		"extend":                      "say whom, and how many days",
		"extend @ada.scents":          "say whom, and how many days",
		"extend @ada.scents many":     "say whom, and how many days",
		"extend @ada.scents 31 days":  "more than 0 and at most 30",
		"extend @ada.scents -1":       "more than 0 and at most 30",
		"replace":                     "say whom and why",
		"cancel @nobody.at.all.there": "no creator has that handle",
	} {
		wantIn(t, h.command("U_MANAGER", text), says)
	}
	wantIn(t, h.command("U_FINANCE", "extend @ada.scents 3 days"), "manager")
	want(t, "asked for", len(h.temporal.messages()), 6)
}

// TestSlackAsksWhichOne: a name that fits several is asked back with a button each, which carries what was typed; one that fits none with whoever is
// near it. Nothing happens by a guess.
func TestSlackAsksWhichOne(t *testing.T) {
	t.Parallel()
	h := open(t)
	second := h.nextRound(2)
	words, blocks := h.ask("U_MANAGER", "pause dreams sunset")
	wantIn(t, words, "2 campaigns fit. Which one do you mean? Nothing was changed.")
	wantIn(t, blocks, `"action_id":"command:0"`, `"value":"pause `+string(h.campaign)+`"`, `"value":"pause `+string(h.other)+`"`, "round 2")
	want(t, "status says which", strings.Count(h.command("U_MANAGER", "status"), string(h.other)), 2) // its link, and the id

	h.give("U_MANAGER", "command:1", "pause "+string(h.other))
	view := h.said().view
	want(t, "form", view.CallbackID, "stop")
	h.submit("U_MANAGER", view, map[string]string{"words": "The product is late"})
	want(t, "workflow", h.temporal.next(t).WorkflowID, workflows.CampaignWorkflowID(h.other))
	wantIn(t, h.said().text, "is paused")

	words, blocks = h.ask("U_MANAGER", "extend @ada.scents 3 days")
	wantIn(t, words, "2 partnerships fit")
	wantIn(t, blocks, `"value":"extend `+string(second)+` 3 days"`)
	h.give("U_MANAGER", "command:0", "extend "+string(second)+" 3 days")
	want(t, "workflow", h.temporal.next(t).WorkflowID, workflows.PartnershipWorkflowID(second))
	for range 2 { // at once, and what came of it
		wantIn(t, h.said().text, "3 days more")
	}

	words, blocks = h.ask("U_MANAGER", "find @ada.sents")
	wantIn(t, words, "Did you mean", "@ada.scents on instagram")
	wantIn(t, blocks, `"value":"find instagram:ada.scents"`)
	must(t, h.store.SetCampaignState(t.Context(), h.other, partnership.CampaignCancelled, "over"))
	_, blocks = h.ask("U_MANAGER", "cancel dreams sunset")
	wantIn(t, blocks, "It cannot be cancelled: it has ended", `"value":"cancel `+string(h.campaign)+`"`)
	if strings.Contains(blocks, `"value":"cancel `+string(h.other)) {
		t.Error("what has ended is offered to be cancelled")
	}
	want(t, "asked for", len(h.temporal.messages()), 2)
	h.give("U_FINANCE", "command:0", "cancel "+string(h.campaign)) // a button is no key: the role is asked for
	wantIn(t, h.said().text, "manager")
}

// TestSlackShowsWhatCanBeDone: a creator's and a campaign's answer have a menu of deeds.
func TestSlackShowsWhatCanBeDone(t *testing.T) {
	t.Parallel()
	h := open(t)
	id := string(h.partnership)
	for _, name := range []string{"@ada.scents", "creator ada.scents", "https://instagram.com/ada.scents", canaryMail, canaryName, id[:20]} {
		_, blocks := h.ask("U_MANAGER", "find "+strings.TrimPrefix(name, "creator "))
		wantIn(t, blocks, `"overflow"`, `"value":"message `+id+`"`, `"value":"extend `+id+` 3 days"`, `"value":"replace `+id+`"`, `"value":"cancel `+id+`"`, `"value":"pause `+id+`"`)
	}
	_, blocks := h.ask("U_MANAGER", "status dreams sunset")
	wantIn(t, blocks, `"value":"invite to `+string(h.campaign)+`"`, `"value":"results `+string(h.campaign)+`"`, `"value":"cancel `+string(h.campaign)+`"`)
	h.give("U_MANAGER", "command:menu", "calendar "+string(h.campaign))
	s := h.said()
	wantIn(t, s.text, "what is due")
	want(t, "the menu stays", s.replaces, false)
	wantIn(t, h.command("U_MANAGER", "results"), "Dreams Sunset, round", "posts")
	wantIn(t, h.command("U_FINANCE", "differences"), "The books explain every transfer")
	for _, month := range []string{"2026-11", "november", "Nov 2026", "11/2026"} {
		if said := h.command("U_FINANCE", "payouts "+month); !strings.Contains(said, "No payout run of November") {
			t.Errorf("%s: %s", month, said)
		}
	}
	must(t, h.store.EarnFee(t.Context(), h.partnership, "reel/1", 5000, time.Now()))
	wantIn(t, h.command("U_FINANCE", "payouts"), "No payout run yet", "$50.00 of dreams is ", "for 1 creators")
	help, _ := h.ask("U_NOBODY", "help")
	wantIn(t, help, "*One creator*", "`/rapport extend @handle 3 days`", "*Money (finance)*")
}

// TestSlackWritesToACreator by a form: "message" opens it.
func TestSlackWritesToACreator(t *testing.T) {
	t.Parallel()
	h := open(t)
	want(t, "said", h.command("U_MANAGER", "message"+" @ada.scents Thursday is &lt;fine&gt;"), "")
	view := h.said().view
	wantIn(t, asJSON(t, view), "@ada.scents in Dreams Sunset", `Thursday is \u003cfine\u003e`)
	wantIn(t, h.submit("U_MANAGER", view, map[string]string{"words": " "}).body, "errors", "write what the creator is to read")
	wantIn(t, h.submit("U_FINANCE", view, map[string]string{"words": "I may not"}).body, "errors", "manager")
	want(t, "ack", h.submit("U_MANAGER", view, map[string]string{"words": "Thursday is fine."}).body, "")
	wantIn(t, h.said().text, "Kept, and mailed to @ada.scents")
	want(t, "audited", h.audited(partnership.DeedAnswerCreator, "slack:U_MANAGER"), true)
}

// TestSlackAnswersWhereItWasAsked: an answer that comes later goes to the request's own address, in whatever channel that was; when Slack takes no more
// there, to the person alone.
func TestSlackAnswersWhereItWasAsked(t *testing.T) {
	t.Parallel()
	h := open(t)
	h.command("U_MANAGER", "resume Dreams Sunset")
	h.temporal.next(t)
	s := h.said()
	want(t, "how", s.how, "respond")
	want(t, "whom", s.user, "U_MANAGER")

	h.command("U_MANAGER", "pause")
	view := h.said().view
	h.chat.used.Store(true)
	h.submit("U_MANAGER", view, map[string]string{"words": "The product is late"})
	h.temporal.next(t)
	s = h.said()
	want(t, "how", s.how, "direct")
	want(t, "whom", s.user, "U_MANAGER")
	wantIn(t, s.text, "is paused")
	h.chat.used.Store(false)

	h.temporal.mu.Lock()
	h.temporal.refuse = func(message) error { return errors.New("away") }
	h.temporal.mu.Unlock()
	h.command("U_MANAGER", "resume Dreams Sunset")
	wantIn(t, h.said().text, "not known whether this was taken")
	if strings.Contains(h.dump(), "hooks.slack.example") {
		t.Error("the address for answers is readable in the database")
	}
	want(t, "ssl_check", h.slack("commands", "ssl_check=1&token=x").StatusCode, http.StatusOK)
}

// TestSlackSaysOneMoment: a command whose answer takes longer is acknowledged before, and the answer takes the place of that.
func TestSlackSaysOneMoment(t *testing.T) {
	t.Parallel()
	slow := make(chan struct{})
	h := open(t, func(d *web.Deps) { d.AckAfter = 0 })
	h.chat.opening = slow
	done := make(chan answered, 1)
	go func() {
		done <- h.slack("commands", url.Values{"command": {"/rapport"}, "text": {"pause"}, "user_id": {"U_MANAGER"}, "trigger_id": {"T"}, "response_url": {"https://hooks.slack.example/commands/U_MANAGER"}}.Encode())
	}()
	var ack struct{ Text string }
	must(t, json.Unmarshal([]byte((<-done).body), &ack))
	want(t, "at once", ack.Text, "One moment…")
	close(slow)
	h.said() // the form
	s := <-h.chat.moments
	want(t, "takes its place", s.replaces && s.text == "", true)
}

var applies = regexp.MustCompile(`"value":"((?:amend|invite) [^"]+ sure=[0-9a-f]+)"`)

// applied is the command that the button under a preview carries.
func applied(t *testing.T, blocks string) string {
	t.Helper()
	found := applies.FindStringSubmatch(blocks)
	if found == nil {
		t.Fatalf("no button applies it: %s", blocks)
	}
	return found[1]
}

// offers gives the campaign an offer, as each has that was launched.
func (h *house) offers() {
	h.t.Helper()
	offer := partnership.Offer{FeeMinor: map[partnership.Tier]int64{partnership.Nano: 50_000}, Deliverables: terms().Deliverables, UsageRights: terms().UsageRights, Negotiation: campaign().Offer.Negotiation}
	h.sql(`update campaigns set spec = jsonb_set(spec, '{offer}', $1::jsonb)`, asJSON(h.t, offer))
}

// TestSlackAmendsAfterALook: a change is shown before it is done, by a form or by words; what is done is what was shown.
func TestSlackAmendsAfterALook(t *testing.T) {
	t.Parallel()
	h := open(t, amends)
	h.offers()
	want(t, "said", h.command("U_MANAGER", "amend"+" dreams sunset"), "")
	view := h.said().view
	wantIn(t, asJSON(t, view), `"initial_value":"30000`, `"initial_value":"2026-12-20"`, "Whom it reaches is shown before")
	as := map[string]string{"slots": "3", "budget": "30000.00", "from": "2026-12-01", "to": "2026-12-20", "produce": "10", "review": "3"}
	wantIn(t, h.submit("U_MANAGER", view, as).body, "Nothing is changed")
	as["slots"], as["to"] = "many", "tomorrow"
	wantIn(t, h.submit("U_MANAGER", view, as).body, "errors", "a whole number from 1 to", "a date such as 2026-12-01")
	as["slots"], as["to"] = "5", "2026-12-28"
	want(t, "ack", h.submit("U_MANAGER", view, as).body, "")
	s := h.said()
	wantIn(t, s.text, "what the change would do.", "Nothing is changed yet", "Slots: 5 instead of 3")
	want(t, "applied yet", len(h.temporal.messages()), 0)
	command := applied(t, asJSON(t, s.blocks))
	wantIn(t, command, "slots=5", "to=2026-12-28")

	h.give("U_FINANCE", "command:0", command)
	wantIn(t, h.said().text, "manager")
	h.give("U_MANAGER", "command:0", strings.Replace(command, "slots=5", "slots=6", 1)) // it is not what was shown
	wantIn(t, h.said().text, "something else by now", "Slots: 6 instead of 3")
	h.give("U_MANAGER", "command:0", command)
	wantIn(t, h.said().text, "applied as amendment 1", "undo")
	m := h.temporal.next(t)
	want(t, "update", m.Name, workflows.UpdateAmend)
	want(t, "workflow", m.WorkflowID, workflows.CampaignWorkflowID(h.campaign))
	for text, says := range map[string]string{
		"amend dreams sunset name=Other":                    "unknown key; allowed: slots, budget",
		"amend dreams sunset budget=-1":                     "is negative",
		"amend dreams sunset from=2026-12-30 to=2026-12-01": "is before the first day",
		"amend dreams sunset produce=0":                     "a number from 0.1 to",
		"amend winter":                                      "no such campaign",
	} {
		wantIn(t, h.command("U_MANAGER", text), says)
	}
}
