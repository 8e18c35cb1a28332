package web_test

import (
	"html"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/rapport-dev/rapport/app/deeds"
	"github.com/rapport-dev/rapport/partnership"
	"github.com/rapport-dev/rapport/store"
)

// asks makes the partnership's workflow ask, as it tells with its row on the board.
func (h *house) asks(seq int, all ...partnership.Question) {
	h.t.Helper()
	must(h.t, h.store.SaveProjection(h.t.Context(), partnership.Projection{
		PartnershipID: h.partnership, Seq: seq, RunID: "run", HistoryLength: seq, Stage: partnership.Negotiation, Asks: all,
	}))
}

// counterAsked is a counter-offer over what is free of the budget.
func counterAsked(h *house) partnership.Question {
	h.t.Helper()
	now, err := h.store.Time(h.t.Context())
	must(h.t, err)
	return partnership.Question{
		Kind: partnership.AsksCounter, Of: "1", At: now, Due: now.Add(48 * time.Hour), AskedMinor: 9_000_000, OfferedMinor: 60_000, Currency: "USD",
		Why: "it is above the campaign's limit", Card: partnership.Key(h.partnership, partnership.Negotiation, "counter", 1),
	}
}

// TestOneListOfDecisionsInEveryDoor shows a counter-offer and a silence at every door that lists, with whom it is about, until when, what
// silence does and what an answer costs.
func TestOneListOfDecisionsInEveryDoor(t *testing.T) {
	t.Parallel()
	h := open(t).as("U_MANAGER")
	id := partnership.AsksCounter.ID(string(h.partnership), "1")
	wantIn(t, h.command("U_FINANCE", "decisions"), "No decision waits for anybody") // the same words by the same person in one second are one command
	silence := partnership.Question{Kind: partnership.AsksSilence, Of: "draft-1:escalate", At: day, Due: day, What: "the creator's draft"}
	h.asks(1, counterAsked(h), silence)

	for _, text := range []string{"decisions", "decisions dreams sunset", "status dreams sunset"} {
		answer := h.command("U_MANAGER", text)
		wantIn(t, answer, "2 waiting for a decision", "@ada.scents asks for $90,000.00; we offered $600.00", "/partnerships/"+string(h.partnership),
			"If nobody answers: It is refused by rule; our $600.00 stands", "@ada.scents has gone quiet over the creator's draft", "nobody is left to take the place")
	}
	wantIn(t, h.command("U_NOBODY", "decisions"), "viewer")
	list := h.call(viewerToken, "GET", "/decisions", "").body
	wantIn(t, list, `"id": "`+id+`"`, `"silence_means": "It is refused by rule`, "over budget by $", "it will be refused; raise the budget first", `"creator": "ada.scents"`)
	wantIn(t, h.call(viewerToken, "GET", "/decisions/"+id, "").body, `"state": "open"`)
	wantIn(t, h.call(viewerToken, "GET", "/pending", "").body, `"decision_id": "`+id+`"`)
	want(t, "one of another kind", h.call(viewerToken, "GET", "/decisions/counter:nobody:1", "").StatusCode, http.StatusNotFound)
	wantIn(t, h.call(viewerToken, "GET", "/decisions?campaign=other", "").body, `"decisions": []`)
	wantIn(t, html.UnescapeString(h.get("/").body), "@ada.scents asks for $90,000.00; we offered $600.00", "If nobody answers", id)
}

// asked is a question that is open, and an answer to it.
type asked struct {
	id     string
	choice partnership.Choice
	words  string
}

// decision makes a question that an answer settles by that deed.
func (h *house) decision(deed string) asked {
	h.t.Helper()
	now, pa, ctx := time.Now(), string(h.partnership), h.t.Context()
	step := partnership.Question{Kind: partnership.AsksStep, Of: "1", At: now, What: "Send the agreement", Why: "the address is unknown"}
	switch deed {
	case partnership.DeedDecideCounter:
		h.asks(1, counterAsked(h))
		return asked{partnership.AsksCounter.ID(pa, "1"), partnership.ChoiceAccept, ""}
	case partnership.DeedReviewDraft:
		h.asks(1, partnership.Question{Kind: partnership.AsksDraft, Of: "draft-1", At: now, Due: now.Add(time.Hour)})
		return asked{partnership.AsksDraft.ID(pa, "draft-1"), partnership.ChoiceChanges, "less music"}
	case partnership.DeedDecideQuiet:
		h.asks(1, partnership.Question{Kind: partnership.AsksSilence, Of: "draft-1:escalate", At: now, What: "the draft"})
		return asked{partnership.AsksSilence.ID(pa, "draft-1", "escalate"), partnership.ChoiceKeepWaiting, ""}
	case partnership.DeedRetryStep, partnership.DeedCancel:
		h.asks(1, step)
		return asked{partnership.AsksStep.ID(pa, "1"), map[string]partnership.Choice{partnership.DeedRetryStep: partnership.ChoiceAgain, partnership.DeedCancel: partnership.ChoiceCancel}[deed], ""}
	case partnership.DeedResolveEffect:
		return asked{partnership.AsksEffect.ID(string(h.parked())), partnership.ChoiceSent, ""}
	case partnership.DeedApproveRun, partnership.DeedRejectRun:
		plan := h.run()
		id := partnership.AsksRun.ID("dreams", now.Format("2006-01"), plan.LinesHash)
		return asked{id, map[string]partnership.Choice{partnership.DeedApproveRun: partnership.ChoiceApprove, partnership.DeedRejectRun: partnership.ChoiceReject}[deed], "look again"}
	case partnership.DeedResolvePayout:
		plan := h.run()
		at, err := h.store.Time(ctx)
		must(h.t, err)
		_, err = h.store.ApprovePayoutRun(ctx, plan.RunID, plan.LinesHash, partnership.Deed{ID: "a", Who: "slack:U_FINANCE", Deed: partnership.DeedApproveRun, At: at}, "run", []string{"slack:U_FINANCE"})
		must(h.t, err)
		_, err = h.store.BeginTransfer(ctx, plan.Payouts[0])
		must(h.t, err)
		must(h.t, h.store.ParkTransfer(ctx, plan.Payouts[0], "nobody knows"))
		return asked{partnership.AsksPayout.ID(string(plan.Payouts[0])), partnership.ChoiceRelease, ""}
	case partnership.DeedSettleDifference:
		h.difference("tr_listed")
		return asked{partnership.AsksDifference.ID("stripe", "tr_listed"), partnership.Choice(partnership.SettleForeign), "sent by hand"}
	case partnership.DeedDecideObjection:
		return asked{partnership.AsksObjection.ID(h.objection()), partnership.ChoiceRelease, "it is as agreed"}
	case partnership.DeedReleaseRow, partnership.DeedVoidRow:
		return asked{partnership.AsksHeld.ID(h.earning(true)), map[string]partnership.Choice{partnership.DeedReleaseRow: partnership.ChoiceRelease, partnership.DeedVoidRow: partnership.ChoiceVoid}[deed], "looked at"}
	case partnership.DeedAnswerCreator:
		must2(h.store.AddInboundMessage(ctx, store.InboundMessage{MessageID: "m1", PartnershipID: h.partnership, Body: "Thursday?", At: now, NeedsAnswer: true}))(h.t)
		return asked{partnership.AsksMail.ID("m1"), partnership.ChoiceAnswer, "Thursday is fine."}
	case partnership.DeedClearHit, partnership.DeedConfirmHit:
		return asked{partnership.AsksHit.ID(h.hit()), map[string]partnership.Choice{partnership.DeedClearHit: partnership.ChoiceClear, partnership.DeedConfirmHit: partnership.ChoiceConfirm}[deed], "another birthday"}
	case partnership.DeedApproveWriteOff, partnership.DeedWithdrawWriteOff:
		return asked{partnership.AsksWriteOff.ID(h.writeOff()), map[string]partnership.Choice{partnership.DeedApproveWriteOff: partnership.ChoiceApprove, partnership.DeedWithdrawWriteOff: partnership.ChoiceWithdraw}[deed], ""}
	}
	h.t.Fatalf("no question of the list is answered by %s", deed)
	return asked{}
}

// TestAnAnswerIsOneOfTheChoices answers by the API what is refused, and changes nothing; and what is over, which says what stands.
func TestAnAnswerIsOneOfTheChoices(t *testing.T) {
	t.Parallel()
	h := open(t)
	q := h.decision(partnership.DeedReviewDraft)
	answer := func(token string, body map[string]string) answered {
		return h.call(token, "POST", "/decisions/"+q.id, asJSON(t, body))
	}
	for want, body := range map[string]map[string]string{
		`\"dance\" is no answer to this; allowed are approve, adjust, changes`: {"choice": "dance"}, "say what should change": {"choice": "changes"},
	} {
		wantIn(t, answer(managerToken, body).body, want)
	}
	want(t, "finance", answer(financeToken, map[string]string{"choice": "approve"}).StatusCode, http.StatusForbidden)
	want(t, "told", len(h.temporal.messages()), 0)
	must(t, h.store.SaveProjection(t.Context(), partnership.Projection{
		PartnershipID: h.partnership, Seq: 2, RunID: "run", HistoryLength: 2, Stage: partnership.Content,
		Settled: []partnership.Closing{{Kind: partnership.AsksDraft, Of: "draft-1", State: partnership.QuestionLapsed, At: day, Came: "Nobody reviewed it in time: it is approved by rule."}},
	}))
	wantIn(t, answer(managerToken, map[string]string{"choice": "approve"}).body, "this is over: Nobody decided, 10 Nov 15:00 UTC. Nobody reviewed it in time: it is approved by rule.")
	want(t, "told", len(h.temporal.messages()), 0)
}

// TestADecisionIsAnsweredByItsIDWhileNoWorkerRuns answers one of each kind: what a workflow waits for is taken and said so, all else is done.
func TestADecisionIsAnsweredByItsIDWhileNoWorkerRuns(t *testing.T) {
	t.Parallel()
	way := strings.Join([]string{"POST", "/decisions/{id}"}, " ")
	here := []string{
		partnership.DeedResolveEffect, partnership.DeedSettleDifference, partnership.DeedDecideObjection, partnership.DeedReleaseRow, partnership.DeedVoidRow,
		partnership.DeedAnswerCreator, partnership.DeedClearHit, partnership.DeedConfirmHit, partnership.DeedApproveWriteOff, partnership.DeedWithdrawWriteOff,
	}
	for _, deed := range deeds.Of(deeds.API, way) {
		t.Run(deed, func(t *testing.T) {
			t.Parallel()
			h := open(t)
			h.temporal.refuse = func(m message) error { return &partnership.Taken{ID: m.UpdateID} }
			q := h.decision(deed)
			d, _ := deeds.Find(deed)
			res := h.call(map[deeds.Role]string{deeds.Manager: managerToken, deeds.Finance: financeToken}[d.Need], "POST", "/decisions/"+url.PathEscape(q.id), asJSON(t, map[string]string{"choice": string(q.choice), "words": q.words}))
			if slices.Contains(here, deed) {
				want(t, "status", res.StatusCode, http.StatusOK)
				wantIn(t, res.body, `"id": "`+q.id)
				return
			}
			want(t, "status", res.StatusCode, http.StatusAccepted)
			wantIn(t, res.body, `"state": "taken"`)
		})
	}
}
