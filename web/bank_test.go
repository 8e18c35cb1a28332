package web_test

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/rapport-dev/rapport/partnership"
	"github.com/rapport-dev/rapport/store"
)

// banked is a payout that the bank was ordered, and the month that it is of.
func (h *house) banked() (payout partnership.PayoutID, period string) {
	h.t.Helper()
	ctx := h.t.Context()
	h.policy(`rails = '{stripe,filebank}'`)
	to := partnership.Receiver{Kind: "US", ID: "12345678", Routing: "011401533", Name: "Mira"}
	must(h.t, h.store.ChooseAccount(ctx, h.creator.ID, partnership.PayoutAccount{Rail: "filebank", Ready: true}, to, partnership.Deed{Who: partnership.ByCreator(h.creator.ID)}))
	must(h.t, h.store.EarnFee(ctx, h.partnership, "reel/1", 5_000_00, time.Now().Add(-time.Hour)))
	now, err := h.store.Time(ctx)
	must(h.t, err)
	period = now.Format("2006-01")
	run, err := h.store.OpenPayoutRun(ctx, "dreams", period, "schedule", now)
	must(h.t, err)
	plan, err := h.store.PlanPayouts(ctx, run.ID, now)
	must(h.t, err)
	want(h.t, "payouts", len(plan.Payouts), 1)
	deed := partnership.Deed{ID: run.ID, Who: "slack:U1", Deed: partnership.DeedApproveRun, Subject: "payout-run/dreams/" + period, At: now}
	_, err = h.store.ApprovePayoutRun(ctx, run.ID, plan.LinesHash, deed, "a-run", []string{"slack:U1"})
	must(h.t, err)
	payout = plan.Payouts[0]
	_, err = h.store.BeginTransfer(ctx, payout)
	must(h.t, err)
	must(h.t, h.store.OrderBank(ctx, "filebank", payout))
	return payout, period
}

// yesterday is over in every zone, and no earlier than a bank may have paid what was made today.
func yesterday() string { return time.Now().UTC().AddDate(0, 0, -1).Format(time.DateOnly) }

// take is what somebody does who takes it to the bank.
func (h *house) take(who, period string) (file string) {
	h.t.Helper()
	files, err := h.store.BankFiles(h.t.Context(), "dreams", period, func(f *partnership.BankFile) error {
		f.Text = []byte(f.ID)
		return nil
	}, partnership.Deed{Who: who})
	must(h.t, err)
	return files[0].ID
}

func (h *house) atTheBank() (payout partnership.PayoutID, file string) {
	h.t.Helper()
	payout, period := h.banked()
	return payout, h.take("cli:ana", period)
}

// What waits at the bank stands in the chat, on the console and in the API, and what the bank did is said there by who did not take the file.
func TestABankByItsDoors(t *testing.T) {
	t.Parallel()
	h := running(t).as("U_MANAGER")
	payout, period := h.banked()
	card := h.said().message
	want(t, "the card", card.Kind, "bank_orders")
	wantIn(t, card.Text, "wait to be taken to the bank")
	wantIn(t, h.get("/payouts").body, "At the bank", "$5,000.00", "a file")
	wantIn(t, h.call(viewerToken, "GET", "/payouts/bank", "").body, `"payments": 1`, `"period": "`+period)
	file := h.take("api:finance", period)
	h.take("cli:ana", period)
	wantIn(t, h.get("/payouts").body, "the bank's answer to", file)
	wantIn(t, h.call(viewerToken, "GET", "/payouts/bank", "").body, file)
	of := strings.NewReplacer("{of}", file).Replace
	confirm, never := of("/payouts/bank/{of}/confirm"), of("/payouts/bank/{of}/unexecuted")
	for path, body := range map[string]string{confirm: `{"as":"paid","reference":"R1","on":"` + yesterday() + `"}`, never: `{"reason":"the bank refused it"}`} {
		want(t, "a manager may not", h.call(managerToken, "POST", path, body).StatusCode, http.StatusForbidden)
		took := h.call(financeToken, "POST", path, body)
		want(t, "who took it may not", took.StatusCode, http.StatusForbidden)
		wantIn(t, took.body, "someone other than who took the file")
	}
	asked := h.said().message
	want(t, "finance is asked", asked.Kind, "bank_file")
	wantIn(t, asked.Text, "What did the bank do with $5,000.00")
	told, err := h.store.TellBank(t.Context(), file, partnership.BankWord{Answer: partnership.BankPaid, Reference: "R1", On: yesterday()}, []string{"slack:U2"}, partnership.Deed{Who: "slack:U2"})
	if err != nil || len(told) != 1 || told[0] != payout {
		t.Fatalf("%v %v", told, err)
	}
	if page := h.get("/payouts").body; strings.Contains(page, "At the bank") {
		t.Error("what is done still waits there")
	}
	eventually(t, "the card says so", func() bool { return h.cardSays("It is said of all of it.") })
}

// Who did not take a file says on its card what the bank did, with a word of how it is known; who took it is refused.
func TestABankFileByItsCard(t *testing.T) {
	t.Parallel()
	for _, way := range []string{"tell_bank:paid", "tell_bank:unexecuted"} {
		verb, choice, _ := strings.Cut(way, ":")
		t.Run(way, func(t *testing.T) {
			t.Parallel()
			h := open(t)
			_, period := h.banked()
			file := h.take("slack:U_FINANCE", period)
			press := func() {
				h.press("U_FINANCE", h.button(verb, partnership.Choice(choice), file))
				h.submit("U_FINANCE", h.said().view, map[string]string{"words": "statement 11", "day": yesterday()})
			}
			press()
			eventually(t, "who took it may not", func() bool { return h.whispered("someone other than who took the file") })
			waits, err := h.store.BankWaits(t.Context())
			must(t, err)
			want(t, "it waits", len(waits), 1)

			h = open(t)
			var payout partnership.PayoutID
			payout, file = h.atTheBank()
			press()
			eventually(t, "nothing waits", func() bool {
				waits, err := h.store.BankWaits(t.Context())
				return err == nil && len(waits) == 0
			})
			list, err := h.store.BankTransfers(t.Context(), "filebank", payout, time.Time{})
			must(t, err)
			moved := list[0].State == partnership.TransferMoved
			want(t, "it is paid", moved, choice == "paid")
			lines, err := h.store.Audit(t.Context(), store.AuditFilter{Deed: map[bool]string{true: partnership.DeedTellBank, false: partnership.DeedVoidBankFile}[moved]})
			must(t, err)
			want(t, "lines in the audit", len(lines), 1)
			want(t, "it says the day", strings.Contains(string(lines[0].Details), yesterday()), moved)
		})
	}
}
