package faulttest

import (
	"encoding/json"
	"fmt"
	"net/url"
	"os"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/rapport-dev/rapport/app/deeds"
	"github.com/rapport-dev/rapport/partnership"
	"github.com/rapport-dev/rapport/partnership/board"
	"github.com/rapport-dev/rapport/store"
)

// outage is how long no worker runs: 40 s, and some more for a machine on which other suites run too.
const outage = 45 * time.Second

// TestEveryDeedWhileNoWorkerRuns does every deed by every door in one outage of the worker. The person is told what is so, the deed
// happens once, and the audit has one line with what came of it.
func TestEveryDeedWhileNoWorkerRuns(t *testing.T) {
	long(t)
	g := openTown(t)
	rows := g.rows()
	must(t, g.noteTroubles())
	before := map[int]int{}
	for i, r := range rows {
		if r.ends != store.Done {
			before[i] = g.updates(r.subject(), r.deed)
		}
	}
	said := make([]told, len(rows))
	var hands, waiting, away sync.WaitGroup
	away.Go(func() {
		if !g.s.Hold("worker", outage) {
			t.Error("there was no worker to hold")
		}
		g.worked.Store(true)
	})
	started := time.Now()
	for _, lane := range lanes(rows) {
		group := &hands
		if rows[lane[0]].waits {
			group = &waiting
		}
		group.Go(func() {
			for _, i := range lane {
				said[i] = rows[i].press()
			}
		})
	}
	hands.Wait()
	took := time.Since(started).Round(time.Second)
	if took > outage {
		t.Errorf("the deeds took %s: the last of them were done after the outage", took)
	}
	for i, r := range rows {
		if !r.waits {
			r.toldAtOnce(t, said[i])
		}
	}
	away.Wait()
	waiting.Wait()
	for i, r := range rows {
		if r.waits {
			r.toldAtOnce(t, said[i])
		}
	}
	for i, r := range rows {
		g.came(r, said[i], before[i])
	}
	t.Logf("%d rows, the last of them %s into the outage", len(rows), took)
}

// elsewhere are the cells of the registry that no row plays, because no worker has a part in them, and the tests that do.
var elsewhere = map[cell]struct{ file, test string }{
	{partnership.DeedConfirmAct, bySlack, "confirm_act:approve"}:                             {"../../web/mcp_test.go", "TestAPersonConfirmsWhatIsAboveTheCap"},
	{partnership.DeedConfirmAct, bySlack, "confirm_act:refuse"}:                              {"../../web/mcp_test.go", "TestAPersonConfirmsWhatIsAboveTheCap"},
	{partnership.DeedConfirmAct, byAPI, "POST /preparations/{hash}/confirm"}:                 {"../../web/mcp_test.go", "TestAPersonConfirmsWhatIsAboveTheCap"},
	{partnership.DeedConfirmAct, byAPI, "POST /preparations/{hash}/refuse"}:                  {"../../web/mcp_test.go", "TestAPersonConfirmsWhatIsAboveTheCap"},
	{partnership.DeedAmend, bySlack, "amend"}:                                                {"../../web/slack_one_test.go", "TestSlackAmendsAfterALook"},
	{partnership.DeedInvite, bySlack, "invite"}:                                              {"../../web/slack_picks_test.go", "TestSlackInvitesAfterALook"},
	{partnership.DeedInvite, byAPI, "POST /campaigns/{id}/invite"}:                           {"../../web/slack_picks_test.go", "TestTheAPIShowsWhoMayBeInvited"},
	{partnership.DeedInvite, byShell, "campaign invite"}:                                     {"../../starter/deeds_test.go", "TestEveryDeedByTheShell"},
	{partnership.DeedVeto, bySlack, "veto"}:                                                  {"../../web/slack_picks_test.go", "TestSlackLeavesSomebodyOut"},
	{partnership.DeedVeto, byAPI, "POST /campaigns/{id}/veto"}:                               {"../../web/slack_picks_test.go", "TestTheAPIShowsWhoMayBeInvited"},
	{partnership.DeedVeto, byShell, "campaign veto"}:                                         {"../../starter/deeds_test.go", "TestEveryDeedByTheShell"},
	{partnership.DeedAnswerCreator, bySlack, "message"}:                                      {"../../web/slack_one_test.go", "TestSlackWritesToACreator"},
	{partnership.DeedAddWebhook, byAPI, "POST /webhooks"}:                                    {"../../web/announce_test.go", "TestWhatHappensIsAnnounced"},
	{partnership.DeedRemoveWebhook, byAPI, "POST /webhooks/{id}/remove"}:                     {"../../web/announce_test.go", "TestWhatHappensIsAnnounced"},
	{partnership.DeedResendEvent, byAPI, "POST /webhooks/{id}/resend"}:                       {"../../web/announce_test.go", "TestWhatHappensIsAnnounced"},
	{partnership.DeedAddWebhook, byShell, "webhooks add"}:                                    {"../../starter/webhooks_test.go", "TestWebhooksFromAShell"},
	{partnership.DeedRemoveWebhook, byShell, "webhooks remove"}:                              {"../../starter/webhooks_test.go", "TestWebhooksFromAShell"},
	{partnership.DeedResendEvent, byShell, "webhooks resend"}:                                {"../../starter/webhooks_test.go", "TestWebhooksFromAShell"},
	{partnership.DeedCreateToken, byAPI, "POST /tokens"}:                                     {"../../web/tokens_test.go", "TestTokensByTheAPI"},
	{partnership.DeedRevokeToken, byAPI, "POST /tokens/{name}/revoke"}:                       {"../../web/tokens_test.go", "TestTokensByTheAPI"},
	{partnership.DeedCreateToken, byShell, "tokens create"}:                                  {"../../starter/tokens_test.go", "TestTokensFromAShell"},
	{partnership.DeedRevokeToken, byShell, "tokens revoke"}:                                  {"../../starter/tokens_test.go", "TestTokensFromAShell"},
	{partnership.DeedDecideCounter, byAPI, "POST /decisions/{id}"}:                           {"../../web/decisions_test.go", "TestADecisionIsAnsweredByItsIDWhileNoWorkerRuns"},
	{partnership.DeedDecideCounter, byShell, "decisions decide"}:                             {"../../starter/decisions_test.go", "TestDecisionsFromAShell"},
	{partnership.DeedReviewDraft, byAPI, "POST /decisions/{id}"}:                             {"../../web/decisions_test.go", "TestADecisionIsAnsweredByItsIDWhileNoWorkerRuns"},
	{partnership.DeedReviewDraft, byShell, "decisions decide"}:                               {"../../starter/decisions_test.go", "TestDecisionsFromAShell"},
	{partnership.DeedDecideQuiet, byAPI, "POST /decisions/{id}"}:                             {"../../web/decisions_test.go", "TestADecisionIsAnsweredByItsIDWhileNoWorkerRuns"},
	{partnership.DeedDecideQuiet, byShell, "decisions decide"}:                               {"../../starter/decisions_test.go", "TestDecisionsFromAShell"},
	{partnership.DeedRetryStep, byAPI, "POST /decisions/{id}"}:                               {"../../web/decisions_test.go", "TestADecisionIsAnsweredByItsIDWhileNoWorkerRuns"},
	{partnership.DeedRetryStep, byShell, "decisions decide"}:                                 {"../../starter/decisions_test.go", "TestDecisionsFromAShell"},
	{partnership.DeedCancel, byAPI, "POST /decisions/{id}"}:                                  {"../../web/decisions_test.go", "TestADecisionIsAnsweredByItsIDWhileNoWorkerRuns"},
	{partnership.DeedCancel, byShell, "decisions decide"}:                                    {"../../starter/decisions_test.go", "TestDecisionsFromAShell"},
	{partnership.DeedResolveEffect, byAPI, "POST /decisions/{id}"}:                           {"../../web/decisions_test.go", "TestADecisionIsAnsweredByItsIDWhileNoWorkerRuns"},
	{partnership.DeedResolveEffect, byShell, "decisions decide"}:                             {"../../starter/decisions_test.go", "TestDecisionsFromAShell"},
	{partnership.DeedApproveRun, byAPI, "POST /decisions/{id}"}:                              {"../../web/decisions_test.go", "TestADecisionIsAnsweredByItsIDWhileNoWorkerRuns"},
	{partnership.DeedApproveRun, byShell, "decisions decide"}:                                {"../../starter/decisions_test.go", "TestDecisionsFromAShell"},
	{partnership.DeedRejectRun, byAPI, "POST /decisions/{id}"}:                               {"../../web/decisions_test.go", "TestADecisionIsAnsweredByItsIDWhileNoWorkerRuns"},
	{partnership.DeedRejectRun, byShell, "decisions decide"}:                                 {"../../starter/decisions_test.go", "TestDecisionsFromAShell"},
	{partnership.DeedResolvePayout, byAPI, "POST /decisions/{id}"}:                           {"../../web/decisions_test.go", "TestADecisionIsAnsweredByItsIDWhileNoWorkerRuns"},
	{partnership.DeedResolvePayout, byShell, "decisions decide"}:                             {"../../starter/decisions_test.go", "TestDecisionsFromAShell"},
	{partnership.DeedSettleDifference, byAPI, "POST /decisions/{id}"}:                        {"../../web/decisions_test.go", "TestADecisionIsAnsweredByItsIDWhileNoWorkerRuns"},
	{partnership.DeedSettleDifference, byShell, "decisions decide"}:                          {"../../starter/decisions_test.go", "TestDecisionsFromAShell"},
	{partnership.DeedDecideObjection, byAPI, "POST /decisions/{id}"}:                         {"../../web/decisions_test.go", "TestADecisionIsAnsweredByItsIDWhileNoWorkerRuns"},
	{partnership.DeedDecideObjection, byShell, "decisions decide"}:                           {"../../starter/decisions_test.go", "TestDecisionsFromAShell"},
	{partnership.DeedReleaseRow, byAPI, "POST /decisions/{id}"}:                              {"../../web/decisions_test.go", "TestADecisionIsAnsweredByItsIDWhileNoWorkerRuns"},
	{partnership.DeedReleaseRow, byShell, "decisions decide"}:                                {"../../starter/decisions_test.go", "TestDecisionsFromAShell"},
	{partnership.DeedVoidRow, byAPI, "POST /decisions/{id}"}:                                 {"../../web/decisions_test.go", "TestADecisionIsAnsweredByItsIDWhileNoWorkerRuns"},
	{partnership.DeedVoidRow, byShell, "decisions decide"}:                                   {"../../starter/decisions_test.go", "TestDecisionsFromAShell"},
	{partnership.DeedAnswerCreator, byAPI, "POST /decisions/{id}"}:                           {"../../web/decisions_test.go", "TestADecisionIsAnsweredByItsIDWhileNoWorkerRuns"},
	{partnership.DeedAnswerCreator, byShell, "decisions decide"}:                             {"../../starter/decisions_test.go", "TestDecisionsFromAShell"},
	{partnership.DeedClearHit, byAPI, "POST /decisions/{id}"}:                                {"../../web/decisions_test.go", "TestADecisionIsAnsweredByItsIDWhileNoWorkerRuns"},
	{partnership.DeedClearHit, byShell, "decisions decide"}:                                  {"../../starter/decisions_test.go", "TestDecisionsFromAShell"},
	{partnership.DeedConfirmHit, byAPI, "POST /decisions/{id}"}:                              {"../../web/decisions_test.go", "TestADecisionIsAnsweredByItsIDWhileNoWorkerRuns"},
	{partnership.DeedConfirmHit, byShell, "decisions decide"}:                                {"../../starter/decisions_test.go", "TestDecisionsFromAShell"},
	{partnership.DeedApproveWriteOff, byAPI, "POST /decisions/{id}"}:                         {"../../web/decisions_test.go", "TestADecisionIsAnsweredByItsIDWhileNoWorkerRuns"},
	{partnership.DeedApproveWriteOff, byShell, "decisions decide"}:                           {"../../starter/decisions_test.go", "TestDecisionsFromAShell"},
	{partnership.DeedWithdrawWriteOff, byAPI, "POST /decisions/{id}"}:                        {"../../web/decisions_test.go", "TestADecisionIsAnsweredByItsIDWhileNoWorkerRuns"},
	{partnership.DeedWithdrawWriteOff, byShell, "decisions decide"}:                          {"../../starter/decisions_test.go", "TestDecisionsFromAShell"},
	{partnership.DeedPromoteBuild, byShell, "deployments promote"}:                           {"../../starter/deployments_test.go", "TestAShellPromotesABuild"},
	{partnership.DeedSettleDifference, byShell, "payouts settle"}:                            {"../../starter/differences_test.go", "TestADifferenceIsSettledFromAShell"},
	{partnership.DeedRereadOrders, byShell, "orders reread"}:                                 {"../../starter/orders_test.go", "TestOrdersAreReadAgainFromAShell"},
	{partnership.DeedImportOrders, byShell, "orders import"}:                                 {"../../starter/orders_test.go", "TestOrdersOfAnotherShopAreImportedFromAShell"},
	{partnership.DeedTakeProof, byShell, "payouts proof"}:                                    {"../../starter/proof_test.go", "TestAProofIsMadeAndVerifiedFromAShell"},
	{partnership.DeedExportCreators, byShell, "creators export"}:                             {"../../starter/export_test.go", "TestWhoTookTheCreatorsIsKnown"},
	{partnership.DeedReport1099, byShell, "tax 1099"}:                                        {"../../starter/tax_test.go", "TestAYearsPaymentsFromAShell"},
	{partnership.DeedRecordTaxPaper, byShell, "tax record"}:                                  {"../../starter/taxforms_test.go", "TestTaxFormsFromAShell"},
	{partnership.DeedOpenTaxPaper, byShell, "tax open"}:                                      {"../../starter/taxforms_test.go", "TestTaxFormsFromAShell"},
	{partnership.DeedRejectTaxPaper, byShell, "tax reject"}:                                  {"../../starter/taxforms_test.go", "TestTaxFormsFromAShell"},
	{partnership.DeedGiveTaxPaper, byCreator, "tax_form"}:                                    {"../../web/tax_test.go", "TestACreatorGivesTheirTaxForm"},
	{partnership.DeedGiveTaxPaper, byCreator, "vat_id"}:                                      {"../../web/tax_test.go", "TestACreatorGivesTheirTaxForm"},
	{partnership.DeedAgreeInvoices, byCreator, "invoice_details"}:                            {"../../web/invoices_test.go", "TestACreatorsInvoices"},
	{partnership.DeedSetTaxTreatment, byAPI, "POST /tax/treatments"}:                         {"../../web/invoices_test.go", "TestInvoicesByTheAPI"},
	{partnership.DeedSetTaxTreatment, byShell, "tax treatment"}:                              {"../../starter/invoices_test.go", "TestInvoicesFromAShell"},
	{partnership.DeedTakeInvoice, byAPI, "POST /invoices/{number}/open"}:                     {"../../web/invoices_test.go", "TestInvoicesByTheAPI"},
	{partnership.DeedTakeInvoice, byShell, "payouts invoice"}:                                {"../../starter/invoices_test.go", "TestInvoicesFromAShell"},
	{partnership.DeedCreditInvoice, byAPI, "POST /invoices/{number}/credit"}:                 {"../../web/invoices_test.go", "TestInvoicesByTheAPI"},
	{partnership.DeedCreditInvoice, byShell, "payouts credit"}:                               {"../../starter/invoices_test.go", "TestInvoicesFromAShell"},
	{partnership.DeedDropKey, byShell, "keys rotate --drop"}:                                 {"../../starter/keys_test.go", "TestRotatingTheCodecKeyByItsCommands"},
	{partnership.DeedAskWriteOff, byShell, "ledger writeoff"}:                                {"../../starter/writeoff_test.go", "TestAWriteOffFromAShell"},
	{partnership.DeedApproveWriteOff, byShell, "ledger writeoff --approve"}:                  {"../../starter/writeoff_test.go", "TestAWriteOffFromAShell"},
	{partnership.DeedWithdrawWriteOff, byShell, "ledger writeoff --withdraw"}:                {"../../starter/writeoff_test.go", "TestAWriteOffFromAShell"},
	{partnership.DeedImportSanctions, byShell, "sanctions import"}:                           {"../../starter/sanctions_test.go", "TestSanctionsFromAShell"},
	{partnership.DeedClearHit, byShell, "sanctions clear"}:                                   {"../../starter/sanctions_test.go", "TestSanctionsFromAShell"},
	{partnership.DeedConfirmHit, byShell, "sanctions confirm"}:                               {"../../starter/sanctions_test.go", "TestSanctionsFromAShell"},
	{partnership.DeedChooseAccount, byCreator, "payout_setup"}:                               {"../../web/payees_test.go", "TestACreatorChoosesHowTheyArePaid"},
	{partnership.DeedObject, byCreator, "object"}:                                            {"../../web/disputes_test.go", "TestAnObjectionByItsDoors"},
	{partnership.DeedDecideObjection, bySlack, "decide_objection:release"}:                   {"../../web/disputes_test.go", "TestAnObjectionByItsDoors"},
	{partnership.DeedDecideObjection, bySlack, "decide_objection:void"}:                      {"../../web/disputes_test.go", "TestAnObjectionByItsDoors"},
	{partnership.DeedDecideObjection, bySlack, "decide_objection:answer"}:                    {"../../web/disputes_test.go", "TestAnObjectionByItsDoors"},
	{partnership.DeedDecideObjection, byAPI, "POST /objections/{id}/decide"}:                 {"../../web/disputes_test.go", "TestAnObjectionByItsDoors"},
	{partnership.DeedDecideObjection, byShell, "payouts answer"}:                             {"../../starter/objections_test.go", "TestAnObjectionIsDecidedFromAShell"},
	{partnership.DeedAnswerCreator, bySlack, "answer_creator:answer"}:                        {"../../web/conversation_test.go", "TestACreatorIsAnsweredByItsDoors"},
	{partnership.DeedAnswerCreator, bySlack, "answer_creator:none"}:                          {"../../web/conversation_test.go", "TestACreatorIsAnsweredByItsDoors"},
	{partnership.DeedAnswerCreator, byAPI, "POST /partnerships/{id}/messages"}:               {"../../web/conversation_test.go", "TestACreatorIsAnsweredByItsDoors"},
	{partnership.DeedAnswerCreator, byShell, "partnership answer"}:                           {"../../starter/mails_test.go", "TestACreatorIsAnsweredFromAShell"},
	{partnership.DeedSettleDifference, bySlack, "settle_difference:ours"}:                    {"../../web/disputes_test.go", "TestADifferenceByItsDoors"},
	{partnership.DeedSettleDifference, bySlack, "settle_difference:double"}:                  {"../../web/disputes_test.go", "TestADifferenceByItsDoors"},
	{partnership.DeedSettleDifference, bySlack, "settle_difference:foreign"}:                 {"../../web/disputes_test.go", "TestADifferenceByItsDoors"},
	{partnership.DeedSettleDifference, byAPI, "POST /payouts/differences/{transfer}/settle"}: {"../../web/disputes_test.go", "TestADifferenceByItsDoors"},
	{partnership.DeedBankFile, byShell, "payouts bankfile"}:                                  {"../../starter/bankfile_test.go", "TestABankIsPaidByFileFromAShell"},
	{partnership.DeedTellBank, byAPI, "POST /payouts/bank/{of}/confirm"}:                     {"../../web/bank_test.go", "TestABankByItsDoors"},
	{partnership.DeedTellBank, byShell, "payouts confirm"}:                                   {"../../starter/bankfile_test.go", "TestABankIsPaidByFileFromAShell"},
	{partnership.DeedVoidBankFile, byAPI, "POST /payouts/bank/{of}/unexecuted"}:              {"../../web/bank_test.go", "TestABankByItsDoors"},
	{partnership.DeedBookFee, byShell, "ledger fee"}:                                         {"../../starter/fee_test.go", "TestALostFeeIsBookedFromAShell"},
	{partnership.DeedVoidBankFile, byShell, "payouts unexecuted"}:                            {"../../starter/bankfile_test.go", "TestABankIsPaidByFileFromAShell"},

	{partnership.DeedStartRun, bySlack, "run"}:                                  {"../../web/finance_doors_test.go", "TestFinanceAsksByItsDoors"},
	{partnership.DeedRereadOrders, bySlack, "reread"}:                           {"../../web/finance_doors_test.go", "TestFinanceAsksByItsDoors"},
	{partnership.DeedRereadOrders, byAPI, "POST /orders/reread"}:                {"../../web/finance_doors_test.go", "TestFinanceAsksByItsDoors"},
	{partnership.DeedImportOrders, byAPI, "POST /orders/import"}:                {"../../web/finance_doors_test.go", "TestFinanceAsksByItsDoors"},
	{partnership.DeedReport1099, bySlack, "1099"}:                               {"../../web/finance_doors_test.go", "TestFinanceAsksByItsDoors"},
	{partnership.DeedReport1099, byAPI, "POST /tax/1099"}:                       {"../../web/finance_doors_test.go", "TestFinanceAsksByItsDoors"},
	{partnership.DeedRecordTaxPaper, bySlack, "record-form"}:                    {"../../web/finance_doors_test.go", "TestTaxPapersByTheirDoors"},
	{partnership.DeedRecordTaxPaper, byAPI, "POST /tax/papers"}:                 {"../../web/finance_doors_test.go", "TestTaxPapersByTheirDoors"},
	{partnership.DeedOpenTaxPaper, byAPI, "POST /tax/papers/{id}/open"}:         {"../../web/finance_doors_test.go", "TestTaxPapersByTheirDoors"},
	{partnership.DeedRejectTaxPaper, bySlack, "reject-form"}:                    {"../../web/finance_doors_test.go", "TestTaxPapersByTheirDoors"},
	{partnership.DeedRejectTaxPaper, byAPI, "POST /tax/papers/{id}/reject"}:     {"../../web/finance_doors_test.go", "TestTaxPapersByTheirDoors"},
	{partnership.DeedImportSanctions, byAPI, "POST /sanctions/lists"}:           {"../../web/finance_doors_test.go", "TestFinanceAsksByItsDoors"},
	{partnership.DeedClearHit, bySlack, "decide_hit:clear"}:                     {"../../web/finance_doors_test.go", "TestANameOnTheListByItsDoors"},
	{partnership.DeedClearHit, byAPI, "POST /sanctions/hits/{id}/clear"}:        {"../../web/finance_doors_test.go", "TestANameOnTheListByItsDoors"},
	{partnership.DeedConfirmHit, bySlack, "decide_hit:confirm"}:                 {"../../web/finance_doors_test.go", "TestANameOnTheListByItsDoors"},
	{partnership.DeedConfirmHit, byAPI, "POST /sanctions/hits/{id}/confirm"}:    {"../../web/finance_doors_test.go", "TestANameOnTheListByItsDoors"},
	{partnership.DeedAskWriteOff, bySlack, "writeoff"}:                          {"../../web/finance_doors_test.go", "TestAWriteOffByItsDoors"},
	{partnership.DeedAskWriteOff, byAPI, "POST /write-offs"}:                    {"../../web/finance_doors_test.go", "TestAWriteOffByItsDoors"},
	{partnership.DeedTellBank, bySlack, "tell_bank:paid"}:                       {"../../web/bank_test.go", "TestABankFileByItsCard"},
	{partnership.DeedVoidBankFile, bySlack, "tell_bank:unexecuted"}:             {"../../web/bank_test.go", "TestABankFileByItsCard"},
	{partnership.DeedResolvePayout, byShell, "payouts resolve"}:                 {"../../starter/resolve_test.go", "TestAPayoutIsResolvedFromAShell"},
	{partnership.DeedApproveWriteOff, bySlack, "decide_write_off:approve"}:      {"../../web/finance_doors_test.go", "TestAWriteOffByItsDoors"},
	{partnership.DeedApproveWriteOff, byAPI, "POST /write-offs/{id}/approve"}:   {"../../web/finance_doors_test.go", "TestAWriteOffByItsDoors"},
	{partnership.DeedWithdrawWriteOff, bySlack, "decide_write_off:withdraw"}:    {"../../web/finance_doors_test.go", "TestAWriteOffByItsDoors"},
	{partnership.DeedWithdrawWriteOff, byAPI, "POST /write-offs/{id}/withdraw"}: {"../../web/finance_doors_test.go", "TestAWriteOffByItsDoors"},
}

// cell is one way of a door to ask for a deed.
type cell struct{ deed, door, way string }

// TestEveryDeedHasARow holds the table against the registry, both ways: every way by which a door offers a deed is played here while no
// worker runs, and nothing is played that the registry does not know.
func TestEveryDeedHasARow(t *testing.T) {
	played := map[cell]bool{}
	for _, r := range new(town).rows() {
		played[cell{r.deed, r.door, r.how}] = true
	}
	for _, d := range deeds.All {
		for _, door := range deeds.Doors {
			for _, way := range d.Ways[door] {
				c := cell{d.Name, door, way}
				other, known := elsewhere[c]
				if door == deeds.Console { // its forms ask for what the other doors' rows play
					other.file, other.test, known = "../../web/console_deeds_test.go", "TestTheConsoleAsksWhileNoWorkerRuns", true
				}
				switch {
				case played[c] && known:
					t.Errorf("%v has a row, and %s is said to play it", c, other.test)
				case known:
					c.playedIn(t, other.file, other.test)
				case !played[c]:
					t.Errorf("no row plays %s by %s (%s): add one, or say in elsewhere what does", c.deed, c.door, c.way)
				}
				delete(played, c)
			}
		}
	}
	for c := range played {
		t.Errorf("a row plays %s by %s (%s), and the registry of deeds does not offer it", c.deed, c.door, c.way)
	}
}

// playedIn holds the name of a test against its source, which has to name the way.
func (c cell) playedIn(t *testing.T, file, test string) {
	t.Helper()
	text, err := os.ReadFile(file)
	must(t, err)
	_, body, found := strings.Cut(string(text), "\nfunc "+test+"(")
	body, _, _ = strings.Cut(body, "\n}\n")
	for _, word := range strings.Fields(c.way) {
		found = found && strings.Contains(body, `"`+word+`"`)
	}
	if !found {
		t.Errorf("%s has no test %s that plays %s", file, test, c.way)
	}
}

// lanes are rows that are done one after another: a person's in Slack and those of one creator's page. The others are done at once.
func lanes(rows []row) [][]int {
	by := map[string][]int{}
	for i, r := range rows {
		lane := fmt.Sprint(i)
		if r.door == bySlack && r.how == "launch" || r.ends == pair {
			lane = r.door + r.subject()
		}
		by[lane] = append(by[lane], i)
	}
	all := make([][]int, 0, len(by))
	for _, lane := range by {
		all = append(all, lane)
	}
	return all
}

func (r row) name() string { return r.deed + " by " + r.door + " (" + r.how + ")" }

// toldAtOnce checks what the person was shown while no worker ran.
func (r row) toldAtOnce(t *testing.T, s told) {
	t.Helper()
	want := r.says
	if r.ends != store.Done {
		want = map[string]string{bySlack: "Taken, not yet confirmed", byAPI: `"state": "taken"`, byCreator: "Taken, not yet confirmed", byShell: "exit 3: Taken, not yet confirmed"}[r.door]
		if r.waits {
			want = r.says
		}
	}
	now := s.now
	if r.ends == store.Done && s.later != nil {
		now += s.later()
	}
	if !strings.Contains(now, want) || r.waits && !strings.Contains(now, "No worker answers just now") {
		t.Errorf("%s about %s: the person is told %.400q, not %q", r.name(), r.subject(), now, want)
	}
}

// came waits for what came of a deed and checks its line, its workflow and what its door says.
func (g *town) came(r row, s told, before int) {
	g.t.Helper()
	about := r.name() + " about " + r.subject()
	var lines []board.AuditLine
	settled := func() bool {
		var doc struct{ Audit []board.AuditLine }
		g.read("/audit?who="+url.QueryEscape(r.who())+"&deed="+r.deed+"&subject="+url.QueryEscape(r.subject()), &doc)
		lines = slices.DeleteFunc(doc.Audit, func(l board.AuditLine) bool { return s.id != "" && l.ID != s.id })
		waiting, err := g.kept.WaitingAsked(g.t.Context(), r.subject())
		return err == nil && len(waiting) == 0 && (len(lines) > 0 || time.Now().After(g.patience))
	}
	g.s.Until("what came of "+about, settled)
	want := max(r.lines, 1)
	if r.ends == pair && s.id == "" { // two buttons of one card, of one deed or of two
		want = len(lines)
	}
	if len(lines) != want {
		text, _ := json.Marshal(lines)
		g.t.Errorf("%s: %d lines in the audit, want %d: %s", about, len(lines), want, text)
		return
	}
	if len(lines) == 0 {
		return
	}
	outcome := lines[0].Outcome
	if r.ends != pair && outcome != r.ends {
		g.t.Errorf("%s: the audit says %s (%s), want %s", about, outcome, lines[0].Why, r.ends)
	}
	if outcome == store.Refused && lines[0].Why == "" {
		g.t.Errorf("%s: refused, and the audit does not say why", about)
	}
	if r.ends == store.Accepted {
		if n := g.updates(r.subject(), r.deed) - before; n != 1 && r.deed != partnership.DeedCancel {
			g.t.Errorf("%s: let into its workflow %d times", about, n)
		}
	}
	if s.later == nil || r.ends == store.Done {
		return
	}
	says := map[string]string{bySlack: r.says, byAPI: `"state": "done"`, byCreator: r.says, byShell: "  accepted"}[r.door]
	if outcome == store.Refused {
		says = map[string]string{bySlack: "Not done", byAPI: `"state": "refused"`, byCreator: "This could not be taken", byShell: "  refused"}[r.door]
	}
	if len(lines) > 1 {
		says = "Not done" // of both, one is told so
	}
	var now string
	deadline := time.Now().Add(20 * time.Second)
	g.s.Until("what the door says of "+about, func() bool { now = s.later(); return strings.Contains(now, says) || time.Now().After(deadline) })
	if !strings.Contains(now, says) {
		g.t.Errorf("%s: %s, and the door says %.400q, not %q", about, outcome, now, says)
	}
}

// noteTroubles notes two vendors' troubles when no worker can end them any more.
func (g *town) noteTroubles() error {
	g.patience = time.Now().Add(outage + 60*time.Second)
	for _, vendor := range []string{"easypost", "shopify"} {
		if _, err := g.kept.NoteTrouble(g.t.Context(), vendor, partnership.RefusesAll, "of the tests", time.Hour); err != nil {
			return err
		}
	}
	return nil
}
