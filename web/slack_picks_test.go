package web_test

import (
	"encoding/json"
	"net/http"
	"strings"
	"testing"

	"github.com/rapport-dev/rapport/partnership"
	"github.com/rapport-dev/rapport/workflows"
)

// standsBy puts somebody on the campaign's list, in line.
func (h *house) standsBy(handle string) partnership.Creator {
	h.t.Helper()
	ctx := h.t.Context()
	h.offers()
	_, err := h.store.ImportCreators(ctx, []partnership.Creator{{
		Handle: handle, Name: handle, Email: handle + "@mail.example", Platform: "instagram", Followers: 8000, EngagementRate: 5, Niche: "sleep", Country: "US", Timezone: "America/Chicago",
	}}, partnership.Consent{By: "tests"})
	must(h.t, err)
	creator, err := h.store.FindCreator(ctx, "@"+handle)
	must(h.t, err)
	must2(h.store.ListCreator(ctx, h.campaign, creator.ID))(h.t)
	must(h.t, h.store.SaveRoster(ctx, h.campaign, []partnership.RosterEntry{{CreatorID: creator.ID, Tier: partnership.Nano, Niche: "sleep", Rank: 2, Standby: true}}))
	return creator
}

// TestSlackInvitesAfterALook: what an invitation out of turn would do is shown first, and a button does just that. What cannot be says what can.
func TestSlackInvitesAfterALook(t *testing.T) {
	t.Parallel()
	h := open(t)
	bo := h.standsBy("bo.sleeps")
	words, blocks := h.ask("U_MANAGER", "invite"+" @bo.sleeps to dreams sunset")
	wantIn(t, words, "Invite @bo.sleeps to Dreams Sunset, round", "Nothing is sent yet", "a fee of $500.00; it commits $500.00 of the $29,500.00", "the offer lapses <!date^", "one that is free: 1 of 3")
	want(t, "asked of nobody yet", len(h.temporal.messages()), 0)
	press := applied(t, blocks)
	wantIn(t, press, "invite instagram:bo.sleeps to "+string(h.campaign)+" sure=")

	h.give("U_MANAGER", "command:0", strings.Replace(press, "sure=", "sure=0", 1)) // something else was shown
	wantIn(t, h.said().text, "something else by now", "Nothing is sent yet")
	want(t, "asked of nobody yet", len(h.temporal.messages()), 0)

	h.give("U_MANAGER", "command:0", press)
	m := h.temporal.next(t)
	want(t, "workflow", m.WorkflowID, workflows.CampaignWorkflowID(h.campaign))
	want(t, "argument", m.Arg.(workflows.Invite), workflows.Invite{CreatorID: bo.ID, By: "slack:U_MANAGER"})

	for text, says := range map[string]string{
		"invite @ada.scents to dreams sunset": "@ada.scents is invited already",
		"invite @bo.sleepz":                   "Did you mean",
		"invite @bo.sleeps to winter":         "there is no such campaign",
	} {
		wantIn(t, h.command("U_MANAGER", text), says)
	}
	wantIn(t, h.command("U_FINANCE", "invite @bo.sleeps"), "manager")
	h.sql(`update campaigns set budget_minor = 60000`)
	wantIn(t, h.command("U_MANAGER", "invite @bo.sleeps"), "raise the budget first, by amend", "$100.00")
	must(t, h.store.SetCampaignState(t.Context(), h.campaign, partnership.CampaignPaused, "late"))
	wantIn(t, h.command("U_MANAGER", "invite @bo.sleeps to dreams sunset"), "resume it first")
}

// TestSlackLeavesSomebodyOut: a veto is of one who was not invited yet, and is taken back by the same word.
func TestSlackLeavesSomebodyOut(t *testing.T) {
	t.Parallel()
	h := open(t)
	bo := h.standsBy("bo.sleeps")
	words, blocks := h.ask("U_MANAGER", "invite to dreams sunset")
	wantIn(t, words, "who was not invited", "@bo.sleeps", "stands by")
	wantIn(t, blocks, `"value":"invite instagram:bo.sleeps to `+string(h.campaign)+`"`, `"value":"veto instagram:bo.sleeps from `+string(h.campaign)+`"`)

	wantIn(t, h.command("U_MANAGER", "veto @bo.sleeps from dreams sunset"), "leaving out…")
	want(t, "argument", h.temporal.next(t).Arg.(workflows.Veto), workflows.Veto{CreatorID: bo.ID, By: "slack:U_MANAGER"})
	wantIn(t, h.said().text, "“@bo.sleeps in Dreams Sunset, round 1” is left out")
	_, _, err := h.store.LeaveOutCreator(t.Context(), h.campaign, bo.ID, false)
	must(t, err)
	_, blocks = h.ask("U_MANAGER", "veto")
	wantIn(t, blocks, "left out", "Put back in line", `"value":"veto instagram:bo.sleeps from `+string(h.campaign)+` back"`)
	h.command("U_MANAGER", "veto bo.sleeps in dreams sunset back")
	want(t, "argument", h.temporal.next(t).Arg.(workflows.Veto), workflows.Veto{CreatorID: bo.ID, Back: true, By: "slack:U_MANAGER"})
	wantIn(t, h.said().text, "stands in line again")
}

// TestTheAPIShowsWhoMayBeInvited: the look before an invitation, and who stands by.
func TestTheAPIShowsWhoMayBeInvited(t *testing.T) {
	t.Parallel()
	h := open(t)
	bo := h.standsBy("bo.sleeps")
	var list struct {
		StandingBy []struct {
			CreatorID string `json:"creator_id"`
			Vetoed    bool
		} `json:"standing_by"`
	}
	path := "/campaigns/" + string(h.campaign)
	must(t, json.Unmarshal([]byte(h.call(viewerToken, "GET", path+"/standing-by", "").body), &list))
	if len(list.StandingBy) != 1 || list.StandingBy[0].CreatorID != string(bo.ID) {
		t.Errorf("%+v", list)
	}
	var look struct {
		AmountMinor int64 `json:"amount_minor"`
		Warnings    []string
	}
	must(t, json.Unmarshal([]byte(h.call(viewerToken, "GET", path+"/invite?creator=@bo.sleeps", "").body), &look))
	want(t, "what it commits", look.AmountMinor, 50_000)
	want(t, "who is invited", h.call(viewerToken, "GET", path+"/invite?creator=@ada.scents", "").StatusCode, http.StatusConflict)
	want(t, "nobody", h.call(viewerToken, "GET", path+"/invite", "").StatusCode, http.StatusUnprocessableEntity)
	want(t, "a viewer's invitation", h.call(viewerToken, "POST", path+"/invite", `{"creator":"@bo.sleeps"}`).StatusCode, http.StatusForbidden)
	for _, way := range []string{"/campaigns/{id}/invite", "/campaigns/{id}/veto"} {
		want(t, way, h.call(managerToken, "POST", strings.Replace(way, "{id}", string(h.campaign), 1), `{"creator":"@bo.sleeps"}`).StatusCode, http.StatusOK)
	}
	want(t, "an invitation", h.temporal.next(t).Arg.(workflows.Invite), workflows.Invite{CreatorID: bo.ID, By: "api:manager"})
	want(t, "a veto", h.temporal.next(t).Arg.(workflows.Veto), workflows.Veto{CreatorID: bo.ID, By: "api:manager"})
}

// TestTheConsoleShowsAnInvitationFirst: the campaign's page lists who was not invited, shows what an invitation would do, and does what it showed.
func TestTheConsoleShowsAnInvitationFirst(t *testing.T) {
	t.Parallel()
	h := open(t).as("U_MANAGER")
	h.standsBy("bo.sleeps")
	page := "/campaigns/" + string(h.campaign)
	wantIn(t, h.get(page).body, "Who was not invited", "@bo.sleeps", "Leave out")
	seen := h.send(page+"/invite", "k1", map[string][]string{"creator": {"@bo.sleeps"}})
	want(t, "the look", seen.StatusCode, http.StatusOK)
	wantIn(t, seen.body, "What it would do", "commits $500.00", "Send the invitation")
	want(t, "asked of nobody yet", len(h.temporal.messages()), 0)
	sure := shownSure.FindStringSubmatch(seen.body)
	want(t, "sent", h.send(page+"/invite", "k2", map[string][]string{"creator": {"@bo.sleeps"}, "sure": {sure[1]}}).StatusCode, http.StatusSeeOther)
	want(t, "update", h.temporal.next(t).Name, workflows.UpdateInvite)
	wantIn(t, h.send(page+"/invite", "k3", map[string][]string{"creator": {"@ada.scents"}}).body, "@ada.scents is invited already")
}
