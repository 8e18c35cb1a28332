package store_test

import (
	"strings"
	"testing"

	"github.com/rapport-dev/rapport/partnership"
	"github.com/rapport-dev/rapport/store"
)

// An erased person's earnings are paid by the next run, also those that a minimum would have kept for the next month.
func TestWhatWasEarnedBeforeAnErasureIsPaid(t *testing.T) {
	t.Parallel()
	f := open(t)
	ctx := t.Context()
	_, parties := f.launch(2)
	f.order(parties[0], "o1", 10_000) // 10.00 of commission, below the minimum of 25.00
	f.order(parties[1], "o2", 10_000)
	before, err := f.LookAtErasure(ctx, parties[0].creator)
	must(t, err)
	if !before.AccountReady || len(before.Owed) != 1 || before.Owed[0].AmountMinor != 1000 || before.Erased {
		t.Errorf("beforehand it says %+v", before)
	}
	done, err := f.EraseCreator(ctx, "creator0", "U1")
	must(t, err)
	if !done.Erased || done.Held != 0 || len(done.Owed) != 1 {
		t.Errorf("afterwards it says %+v", done)
	}
	f.pass(40 * day)
	plan := f.plan()
	if len(plan.Payouts) != 1 || plan.TotalMinor != 1000 || plan.Carried != 1 {
		t.Errorf("the run pays %+v", plan)
	}
	payouts, err := f.PayoutsOfRun(ctx, plan.RunID)
	must(t, err)
	if payouts[0].CreatorID != parties[0].creator || payouts[0].Destination != "acct_0" {
		t.Errorf("paid is %+v", payouts[0])
	}
	mailed, err := f.StatementCreators(ctx, plan.RunID)
	must(t, err)
	if len(mailed) != 1 || mailed[0] != parties[1].creator {
		t.Errorf("statements go to %v", mailed)
	}
	f.sound()
}

// Somebody who was erased cannot be asked for a tax form: what they earned is held with what a person does, and is paid once that was done.
func TestAnErasedPayeeWithoutATaxFormIsAPersonsToSettle(t *testing.T) {
	t.Parallel()
	f := open(t)
	ctx := t.Context()
	_, parties := f.launch(2, asking(partnership.GateTaxForm))
	f.order(parties[0], "o1", 50_000)
	f.order(parties[1], "o2", 50_000)
	f.give(parties[1].creator, partnership.FormW9, "US", "123-45-6780")
	for _, handle := range []string{"creator0", "creator1"} {
		_, err := f.EraseCreator(ctx, handle, "U1")
		must(t, err)
	}
	f.pass(40 * day)
	plan := f.plan()
	held, err := f.HeldRows(ctx, 0)
	must(t, err)
	if len(plan.Payouts) != 1 || len(held) != 1 || !strings.Contains(held[0].Reason, "rapport tax record") || !strings.Contains(held[0].Reason, "no valid tax form") {
		t.Fatalf("planned are %+v, held %+v", plan, held)
	}
	f.pay(plan)
	must(t, f.AddTaxPaper(ctx, partnership.TaxPaper{CreatorID: parties[0].creator, Kind: partnership.FormW9, Country: "US", Reference: "Track1099 77"}, partnership.Deed{Who: "cli:finn", Deed: partnership.DeedRecordTaxPaper}))
	must(t, f.ClearRow(ctx, held[0].ID, "cli:finn", "the vendor has the form"))
	if next := f.plan(); len(next.Payouts) != 1 || next.TotalMinor != 5000 {
		t.Errorf("with the form the plan is %+v", next)
	}
	f.sound()
}

// Without an account that takes money it is held, finance sees it, and can settle it.
func TestEarningsThatNoAccountTakesAreSaidToFinance(t *testing.T) {
	t.Parallel()
	for _, when := range []string{"before the erasure", "after it"} {
		t.Run(when, func(t *testing.T) {
			f := open(t)
			ctx := t.Context()
			_, parties := f.launch(1)
			pa := parties[0]
			f.order(pa, "o1", 50_000)
			closed := partnership.PayoutAccount{ID: "acct_0"}
			if when == "before the erasure" {
				must(t, f.SavePayoutAccount(ctx, pa.creator, closed))
			}
			done, err := f.EraseCreator(ctx, "creator0", "U1")
			must(t, err)
			if want := map[bool]int{true: 1}[when == "before the erasure"]; done.Held != want {
				t.Errorf("held are %d rows", done.Held)
			}
			must(t, f.SavePayoutAccount(ctx, pa.creator, closed)) // what the rail says of the account still counts
			wantCode(t, f.SavePayoutAccount(ctx, pa.creator, partnership.PayoutAccount{ID: "acct_thief", Ready: true}), partnership.NotFound)
			f.order(pa, "o2", 50_000) // sales that come in later
			f.pass(40 * day)
			if plan := f.plan(); len(plan.Payouts) != 0 {
				t.Errorf("paid is %+v", plan)
			}
			held, err := f.HeldRows(ctx, 0)
			must(t, err)
			if len(held) != 2 || !strings.Contains(held[0].Reason, "by hand") {
				t.Fatalf("held are %+v", held)
			}
			pending, err := f.PendingDecisions(ctx, 0)
			must(t, err)
			if len(pending) != 2 || pending[0].Kind != "held_row" || pending[0].ID != held[0].ID || pending[1].ID != held[1].ID {
				t.Errorf("finance is told %+v", pending)
			}
			must(t, f.VoidRow(ctx, held[0].ID, "cli:finn", "paid by bank transfer 4711"))
			must(t, f.VoidRow(ctx, held[1].ID, "cli:finn", "paid by bank transfer 4711"))
			if pending, err = f.PendingDecisions(ctx, 0); err != nil || len(pending) != 0 {
				t.Errorf("still pending %+v, %v", pending, err)
			}
			f.sound()
		})
	}
}

func TestAnErasureReachesWhatCameFromAnywhere(t *testing.T) {
	t.Parallel()
	f := open(t)
	ctx := t.Context()
	_, parties := f.launch(2)
	pa, other := parties[0], parties[1]
	token := func(id partnership.PartnershipID) string { return strings.Split(f.ReplyAddress(id), "@")[0] }
	receive := func(provider, id, body string) {
		t.Helper()
		_, err := f.Receive(ctx, provider, id, nil, []byte(body))
		must(t, err)
	}
	apply := func() {
		t.Helper()
		rows, err := f.ClaimInbox(ctx, 50, 0)
		must(t, err)
		for _, w := range rows {
			must(t, f.InboxApplied(ctx, w.ID))
		}
	}
	receive("sendgrid-inbound", "old mail", `{"from":"private@else.example","to":["`+strings.ToUpper(token(pa.id))+`@in.rapport.example"],"text":"CANARY"}`)
	receive("sendgrid-inbound", "another's", `{"from":"b@mail.example","to":["`+token(other.id)+`@in.rapport.example"],"text":"KEEP"}`)
	receive("shopify", "order", `{"landing_site":"/?utm_id=`+string(pa.id)+`","email":"CANARY"}`)
	receive("stripe", "account", `{"account":"acct_0","name":"CANARY"}`)
	_, err := f.AddInboundMessage(ctx, store.InboundMessage{MessageID: "m1", PartnershipID: pa.id, Subject: "CANARY", Body: "CANARY", At: f.clock()})
	must(t, err)

	_, err = f.EraseCreator(ctx, "creator0", "U1")
	must(t, err)
	left := func(want int, words ...string) {
		t.Helper()
		for _, word := range words {
			for _, table := range []string{"inbox where position('" + word + "'::bytea in body) > 0", "inbound_messages x where to_jsonb(x)::text like '%" + word + "%'"} {
				if err := f.sql(`do $$ begin if (select count(*) from ` + table + `) > ` + string(rune('0'+want)) + ` then raise 'left'; end if; end $$`); err != nil {
					t.Errorf("%s is left in %s", word, table)
				}
			}
		}
	}
	apply() // orders and news of accounts that were waiting are applied first, because money hangs on them
	left(0, "CANARY")
	// What comes later is emptied as soon as it is applied, and a mail is a fact without its words.
	receive("sendgrid-inbound", "new mail", `{"from":"new@else.example","to":["`+token(pa.id)+`@in.rapport.example"],"text":"CANARY"}`)
	receive("sendgrid", "event", `[{"event":"open","partnership_id":"`+string(pa.id)+`","ip":"CANARY"}]`)
	_, err = f.AddInboundMessage(ctx, store.InboundMessage{MessageID: "m2", PartnershipID: pa.id, Subject: "CANARY", Body: "CANARY", At: f.clock()})
	must(t, err)
	apply()
	left(0, "CANARY")
	if mails, err := f.InboundMessages(ctx, pa.id); err != nil || len(mails) != 1 || mails[0].Body != "" {
		t.Errorf("the fact is %+v, %v", mails, err)
	}
	must(t, f.sql(`do $$ begin if not exists (select from inbox where position('KEEP'::bytea in body) > 0) then raise 'another person was touched'; end if; end $$`))
	// A form that comes in late brings nothing back.
	must(t, f.SaveAddress(ctx, pa.creator, partnership.Address{Name: "CANARY", Line1: "CANARY"}))
	must(t, f.sql(`do $$ begin if exists (select from addresses x where to_jsonb(x)::text like '%CANARY%') then raise 'back'; end if; end $$`))
}

func TestNobodyComesBackFromAnErasureUnasked(t *testing.T) {
	t.Parallel()
	f := open(t)
	ctx := t.Context()
	f.bring(person("tiktok", "fern", "Fern", "fern@mail.example"))
	_, err := f.EraseCreator(ctx, "fern", "U1")
	must(t, err)
	again := []partnership.Creator{person("tiktok", "FERN", "Fern", "new@mail.example"), person("instagram", "fern.other", "Fern", "Fern@mail.example"), person("instagram", "fern", "Another", "a@mail.example")}
	_, err = f.ImportCreators(ctx, again, partnership.Consent{})
	ask := asked(t, err)
	if len(ask.Changes) != 2 || ask.Changes[0].Kind != partnership.PersonErased || ask.Changes[1].Row != 2 {
		t.Fatalf("asked about %+v", ask.Changes)
	}
	_, err = f.ImportCreators(ctx, again, partnership.Consent{Hash: ask.Hash, By: "cli:ada"})
	wantCode(t, err, partnership.Invalid) // a reason is wanted
	done, err := f.ImportCreators(ctx, again, partnership.Consent{Hash: ask.Hash, By: "cli:ada", Reason: "she wrote on 3 December that she is in again"})
	must(t, err)
	if gone, err := f.Uninvitable(ctx, done.IDs); err != nil || len(gone) != 0 {
		t.Errorf("uninvitable are %v, %v", gone, err)
	}
	f.bring(again...)
}

func TestLinksOfAnErasedPersonEnd(t *testing.T) {
	t.Parallel()
	f := open(t)
	ctx := t.Context()
	_, parties := f.launch(1)
	link, err := f.OpenTask(ctx, partnership.Task{PartnershipID: parties[0].id, Kind: partnership.TaskPayoutSetup, Name: "payout_setup"})
	must(t, err)
	token := strings.TrimPrefix(link, "https://rapport.example/t/")
	_, err = f.EraseCreator(ctx, "creator0", "U1")
	must(t, err)
	_, err = f.TaskView(ctx, token)
	wantCode(t, err, partnership.Gone)
	_, err = f.AskFreshLink(ctx, token)
	wantCode(t, err, partnership.Gone)
	again, err := f.OpenTask(ctx, partnership.Task{PartnershipID: parties[0].id, Kind: partnership.TaskPayoutSetup, Name: "payout_setup"})
	must(t, err)
	_, err = f.TaskView(ctx, strings.TrimPrefix(again, "https://rapport.example/t/"))
	wantCode(t, err, partnership.Gone)
	// A step that was under way opens a page, and it is closed with the story: not even a page that is over is theirs.
	must(t, f.SaveProjection(ctx, partnership.Projection{PartnershipID: parties[0].id, Seq: 1, Stage: partnership.Closed, Outcome: partnership.Cancelled, ClosedTasks: []string{"payout_setup"}}))
	_, err = f.TaskView(ctx, strings.TrimPrefix(again, "https://rapport.example/t/"))
	wantCode(t, err, partnership.Gone)
}
