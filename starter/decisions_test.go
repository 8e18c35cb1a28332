package main

import (
	"fmt"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/rapport-dev/rapport/partnership"
	"github.com/rapport-dev/rapport/store"
	"github.com/rapport-dev/rapport/workflows"
)

// asks makes the partnership's workflow ask.
func (h *shellHouse) asks(kind partnership.QuestionKind, of string) (id string) {
	h.t.Helper()
	h.asked++
	now := time.Now()
	q := partnership.Question{Kind: kind, Of: of, At: now, Due: now.Add(time.Hour), AskedMinor: 70_000, OfferedMinor: 60_000, Currency: "USD", What: "the draft", Why: "of the tests"}
	must(h.t, h.store.SaveProjection(h.t.Context(), partnership.Projection{PartnershipID: h.partnership, Seq: 100 + h.asked, HistoryLength: 100 + h.asked, Stage: partnership.Content, Asks: []partnership.Question{q}}))
	return kind.ID(string(h.partnership), of)
}

// decision makes a question that an answer settles by that deed, and returns what is typed.
func (h *shellHouse) decision(deed string) []string {
	h.t.Helper()
	ctx, now := h.t.Context(), time.Now()
	answer := func(id string, choice partnership.Choice) []string {
		return []string{id, string(choice), "--reason", "we think again"}
	}
	switch deed {
	case partnership.DeedDecideCounter:
		return answer(h.asks(partnership.AsksCounter, "1"), partnership.ChoiceRefuse)
	case partnership.DeedReviewDraft:
		return answer(h.asks(partnership.AsksDraft, "draft-1"), partnership.ChoiceApprove)
	case partnership.DeedDecideQuiet:
		return answer(h.asks(partnership.AsksSilence, "draft-1:escalate"), partnership.ChoiceExtend)
	case partnership.DeedRetryStep:
		return answer(h.asks(partnership.AsksStep, "1"), partnership.ChoiceAgain)
	case partnership.DeedCancel:
		return answer(h.asks(partnership.AsksStep, "2"), partnership.ChoiceCancel)
	case partnership.DeedResolveEffect:
		key := partnership.Key(h.partnership, partnership.Outreach, "listed/request", 1)
		_, err := h.store.BeginEffect(ctx, key, "mail")
		must(h.t, err)
		must(h.t, h.store.ParkEffect(ctx, key, "nobody knows"))
		return answer(partnership.AsksEffect.ID(string(key)), partnership.ChoiceNotSent)
	case partnership.DeedApproveRun, partnership.DeedRejectRun, partnership.DeedResolvePayout:
		return h.aboutARun(deed, answer)
	case partnership.DeedSettleDifference:
		_, err := h.store.NoteDifferences(ctx, "stripe", time.Time{}, []partnership.Transfer{{ID: "tr_listed", PayoutID: "gone", Destination: "acct_gone", AmountMinor: 5, Currency: "USD", CreatedAt: now}})
		must(h.t, err)
		return answer(partnership.AsksDifference.ID("stripe", "tr_listed"), partnership.Choice(partnership.SettleForeign))
	case partnership.DeedDecideObjection:
		creator, err := h.store.FindCreator(ctx, "lena")
		must(h.t, err)
		o, err := h.store.Object(ctx, store.EarningsOwner{Creator: creator.ID, Program: "dreams"}, h.earned("listed"), "that is too little", partnership.Deed{Who: partnership.ByCreator(creator.ID)})
		must(h.t, err)
		return answer(partnership.AsksObjection.ID(o.ID), partnership.ChoiceAnswer)
	case partnership.DeedReleaseRow, partnership.DeedVoidRow:
		row := h.earned("listed " + deed)
		must(h.t, h.store.HoldRow(ctx, row, "rapport", "looks odd"))
		return answer(partnership.AsksHeld.ID(row), map[string]partnership.Choice{partnership.DeedReleaseRow: partnership.ChoiceRelease, partnership.DeedVoidRow: partnership.ChoiceVoid}[deed])
	case partnership.DeedAnswerCreator:
		_, err := h.store.AddInboundMessage(ctx, store.InboundMessage{MessageID: "listed", PartnershipID: h.partnership, Body: "Thursday?", At: now, NeedsAnswer: true})
		must(h.t, err)
		return answer(partnership.AsksMail.ID("listed"), partnership.ChoiceAnswer)
	case partnership.DeedClearHit, partnership.DeedConfirmHit:
		return answer(partnership.AsksHit.ID(h.hitOn(deed)), map[string]partnership.Choice{partnership.DeedClearHit: partnership.ChoiceClear, partnership.DeedConfirmHit: partnership.ChoiceConfirm}[deed])
	case partnership.DeedApproveWriteOff, partnership.DeedWithdrawWriteOff:
		return answer(partnership.AsksWriteOff.ID(h.writeOff("tr_listed_"+deed)), map[string]partnership.Choice{partnership.DeedApproveWriteOff: partnership.ChoiceApprove, partnership.DeedWithdrawWriteOff: partnership.ChoiceWithdraw}[deed])
	}
	h.t.Fatalf("no question of the list is answered by %s", deed)
	return nil
}

// aboutARun plans a run of a program of its own, in which one creator has a fee.
func (h *shellHouse) aboutARun(deed string, answer func(string, partnership.Choice) []string) []string {
	h.t.Helper()
	ctx, program, now := h.t.Context(), "listed-"+strings.ReplaceAll(deed, "_", "-"), time.Now()
	who := partnership.Creator{Platform: "instagram", Handle: program, Name: "Of the tests", Email: program + "@mail.example", Followers: 9000, Niche: "home"}
	c := partnership.Campaign{Name: program, Program: program, Currency: "USD", Timezone: "America/New_York", BudgetMinor: 1_000_000}
	c.Payout.Provider = "stripe"
	id, _, err := h.store.CreateCampaign(ctx, c, []partnership.Creator{who}, program)
	must(h.t, err)
	creators, err := h.store.CampaignCreators(ctx, id)
	must(h.t, err)
	must(h.t, h.store.ReserveBudget(ctx, id, partnership.RosterEntry{CreatorID: creators[0].ID, Tier: partnership.Nano, Niche: "home", Rank: 1}, partnership.Terms{Version: 1, Currency: "USD"}, 0))
	must(h.t, h.store.SavePayoutAccount(ctx, creators[0].ID, partnership.PayoutAccount{ID: "acct_" + program, Ready: true}))
	must(h.t, h.store.EarnFee(ctx, partnership.PartnershipFor(id, creators[0].ID), "reel/1", 50_000, now.Add(-time.Hour)))
	run, err := h.store.OpenPayoutRun(ctx, program, now.Format("2006-01"), "schedule", now)
	must(h.t, err)
	plan, err := h.store.PlanPayouts(ctx, run.ID, now)
	must(h.t, err)
	h.takes(workflows.PayoutRunWorkflowID(program, run.Period))
	asks := partnership.AsksRun.ID(program, run.Period, plan.LinesHash)
	switch deed {
	case partnership.DeedApproveRun:
		return answer(asks, partnership.ChoiceApprove)
	case partnership.DeedRejectRun:
		return answer(asks, partnership.ChoiceReject)
	}
	at, err := h.store.Time(ctx)
	must(h.t, err)
	_, err = h.store.ApprovePayoutRun(ctx, plan.RunID, plan.LinesHash, partnership.Deed{ID: program, Who: "slack:U9", Deed: partnership.DeedApproveRun, At: at}, "run", []string{"slack:U9"})
	must(h.t, err)
	_, err = h.store.BeginTransfer(ctx, plan.Payouts[0])
	must(h.t, err)
	must(h.t, h.store.ParkTransfer(ctx, plan.Payouts[0], "nobody knows"))
	h.takes(workflows.PayoutWorkflowID(plan.Payouts[0]))
	return answer(partnership.AsksPayout.ID(string(plan.Payouts[0])), partnership.ChoiceRelease)
}

// TestDecisionsFromAShell lists what waits, shows one with its choices, refuses what is no answer, and says of one that is over what stands.
func TestDecisionsFromAShell(t *testing.T) {
	_, pa := kept(t)
	s, err := store.Open(t.Context(), os.Getenv("RAPPORT_DATABASE_URL"), store.Options{SecretKey: []byte("a secret of these very tests ...")})
	must(t, err)
	t.Cleanup(s.Close)
	q := partnership.Question{Kind: partnership.AsksCounter, Of: "1", At: time.Now(), Due: time.Now().Add(time.Hour), AskedMinor: 9_000_000, OfferedMinor: 60_000, Currency: "USD", Why: "it is above the limit"}
	id := q.Kind.ID(string(pa), "1")
	must(t, s.SaveProjection(t.Context(), partnership.Projection{PartnershipID: pa, Seq: 2, Asks: []partnership.Question{q}}))
	says(t, []string{"decisions"}, done, id, "@lena asks for $90,000.00; we offered $600.00", "Dreams Sunset", "accept, refuse", "our $600.00 stands")
	says(t, []string{"decisions", "list", "--campaign", "Dreams Sunset"}, done, id)
	says(t, []string{"decisions", "show", id}, done, "If nobody answers", "over budget by $79,400.00: it will be refused; raise the budget first")
	says(t, []string{"decisions", "show", "counter:nobody:1"}, failed, "rapport decisions")
	must(t, s.SaveProjection(t.Context(), partnership.Projection{PartnershipID: pa, Seq: 3, Settled: []partnership.Closing{{
		Kind: q.Kind, Of: "1", State: partnership.QuestionAnswered, Choice: partnership.ChoiceRefuse, By: "slack:U1", At: time.Now(), Came: "The offer of $600.00 stands.",
	}}}))
	says(t, []string{"decisions"}, done, "No decision waits for anybody")
	says(t, []string{"decisions", "decide", id, "accept"}, failed, "this is over: “Keep our offer” by slack:U1", "The offer of $600.00 stands.")
	says(t, []string{"decisions", "--all"}, done, "“Keep our offer” by slack:U1", "The offer of $600.00 stands.")
}

func says(t *testing.T, args []string, code int, all ...string) {
	t.Helper()
	var out strings.Builder
	if got := run(t.Context(), args, &out, &out); got != code {
		t.Errorf("%v exits %d: %s", args, got, out.String())
	}
	for _, want := range all {
		if !strings.Contains(out.String(), want) {
			t.Errorf("%v lacks %q: %s", args, want, fmt.Sprint(out.String()))
		}
	}
}
