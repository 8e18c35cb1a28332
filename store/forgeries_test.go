package store_test

import (
	"context"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/rapport-dev/rapport/activities"
	"github.com/rapport-dev/rapport/partnership"
	"github.com/rapport-dev/rapport/store"
)

// forgery is somebody's SQL, and the words by which `rapport ledger verify` names it.
type forgery struct{ name, sql, found string }

// balanced writes a posting with its entries, as the product would.
const balanced = `with head as (insert into postings (key, kind, at) values ('row/forged', 'earn', now()) returning id)
	insert into entries select h.id, x.account, 'USD', x.minor from head h,
		(select 'expense:dreams:bonus', -90000 union all (select 'creator:' || creator_id || ':payable', 90000 from ledger_rows where order_id = 'o1' limit 1)) x (account, minor);`

// aBonus is a row of the kind that no order has to stand behind.
const aBonus = `insert into ledger_rows (id, program, campaign_id, partnership_id, creator_id, kind, state, amount_minor, currency, occurred_at, eligible_at, created_at)
	select 'forged', program, campaign_id, partnership_id, creator_id, 'bonus', 'eligible', 90000, 'USD', now(), now() - interval '40 days', now() from ledger_rows where order_id = 'o1' limit 1;`

// The books of these forgeries hold a run that is paid (o1, o2), one that is approved (o3, o4), a refund of o4, and o5, which is owed.
var forgeries = []forgery{
	// Those that were found open.
	{"a bonus and its posting", aBonus + balanced, "row forged: "},
	{"entries in an old posting", `insert into entries select p.id, x.account, 'USD', x.minor from (select id from postings order by id limit 1) p,
		(values ('cash:stripe', -500), ('expense:dreams:commission', 500)) x (account, minor) on conflict do nothing`, "is not as it was written"},
	{"no rows at all", `truncate ledger_rows cascade`, "are gone from the books"},
	{"a paid payout that is planned again", `update payouts set state = 'planned' where provider_ref <> ''`, "it is planned by the transfer"},
	{"a paid payout that is planned again, without its receipt", `update payouts set state = 'planned', provider_ref = '' where provider_ref <> ''`, "the journal says that it was paid"},
	{
		"an approval", `insert into run_approvals (run_id, approved_by, lines_hash, at) select id, 'nobody', lines_hash, now() from payout_runs order by id desc limit 1`,
		"by nobody: ",
	},
	{"an order that is worth more", `update orders set net_minor = net_minor * 10 where order_id = 'o5'`, "order dreams/o5: it is not as it was written"},
	{"a refund that is worth less", `update order_facts set fact = '{}' where kind = 'refund'`, "order fact o4/refund/r1"},
	{"an order whose refund is forgotten", `update order_sums set back_minor = 0 where back_minor > 0`, "order sum o4/"},
	// Others of their kind.
	{"a refund that never was", `delete from order_facts where kind = 'refund'`, "are gone from the books"},
	{
		"an order that is cancelled by hand", `insert into order_sums (order_id, n, currency, bought_minor, back_minor, recorded_at) select order_id, n + 1, currency, bought_minor, bought_minor, now() from order_sums where order_id = 'o5'`,
		"order sum o5/",
	},
	{
		"an order of nobody", `insert into orders (program, order_id, currency, net_minor, why, occurred_at, recorded_at) values ('dreams', 'forged', 'USD', 1, 'code', now(), now())`,
		"order dreams/forged: ",
	},
	{"a row that is worth more", `update ledger_rows set amount_minor = amount_minor * 10 where order_id = 'o5'`, "is not as it was written"},
	{
		"a row and its posting that are worth more", `update ledger_rows set amount_minor = amount_minor * 10 where order_id = 'o5';
		update entries set amount_minor = amount_minor * 10 where posting_id = (select p.id from postings p join ledger_rows l on p.key = 'row/' || l.id where l.order_id = 'o5' limit 1)`,
		"is not as it was written",
	},
	{"a row of somebody else", `update ledger_rows set creator_id = (select max(creator_id) from ledger_rows) where creator_id = (select min(creator_id) from ledger_rows)`, "is not as it was written"},
	{"a hold that is over at once", `update ledger_rows set eligible_at = now() - interval '1 year' where order_id = 'o5'`, "is not as it was written"},
	{"a paid row that is owed again", `update ledger_rows set state = 'eligible', payout_id = null where order_id = 'o1'`, "it is eligible, and payout"},
	{"a paid row that is owed again, and its claim let go", `update payout_rows set released_at = now() where row_id in (select id from ledger_rows where order_id = 'o1');
		update ledger_rows set state = 'eligible', payout_id = null where order_id = 'o1'`, "payable is"},
	{"two rows that change places", `update ledger_rows set state = case order_id when 'o1' then 'eligible' else 'paid' end, payout_id = case order_id when 'o1' then null
		else (select payout_id from ledger_rows where order_id = 'o1') end where order_id in ('o1', 'o5')`, "it is eligible, and payout"},
	{"a row that was rejected, and is owed again", `update ledger_rows set state = 'eligible' where order_id = 'o6'`, "the journal says that it was rejected"},
	{"another destination", `update payouts set destination = 'acct_thief' where state = 'planned'`, "is not as it was written"},
	{"another rail", `update payouts set provider = 'paypal' where state = 'planned'`, "is not as it was written"},
	{"another amount", `update payouts set amount_minor = amount_minor * 2 where state = 'planned'`, "is not as it was written"},
	{"a claim more", `insert into payout_rows (payout_id, row_id) select (select id from payouts where state = 'planned' limit 1), id from ledger_rows where order_id = 'o5'`, "is not as it was written"},
	{"a payout by another transfer", `update payouts set provider_ref = 'tr_other' where id = (select min(id) from payouts where provider_ref <> '')`, `by the transfer "tr_other"`},
	{"a payout that was paid by nobody", `update payouts set state = 'paid', provider_ref = 'tr_forged' where id = (select min(id) from payouts where state = 'planned')`, "the journal says that it was planned"},
	{"a posting and all that hangs on it, gone", `delete from entries where posting_id = (select max(id) from postings); delete from postings where id = (select max(id) from postings)`, "are gone from the books"},
	{"a run that needs nobody", `update payout_runs set need_approvers = 0 where state = 'approved'`, "are not those that were planned"},
	{"a run that somebody else prepared", `update payout_runs set prepared_by = 'nobody' where state = 'approved'`, "are not those that were planned"},
	{"an approver who prepared it", `update run_approvals set approved_by = 'schedule'`, "is not as it was written"},
	{"no approvals", `delete from run_approvals`, "with 0 of 1 approvals"},
	// What decides on money before there is any.
	{"a creator who is paid elsewhere", `update creators set payout_account = 'acct_thief'`, "payee "},
	{"a creator who is paid by another rail", `update creators set payout_rail = 'paypal' where payout_account <> ''`, "payee "},
	{"an account that is long known", `update creators set account_changed_at = now() - interval '1 year' where payout_account <> ''`, "payee "},
	{"a limit that nobody reaches", `update programs set approve_above_minor = 100000000`, "program dreams: it says"},
	{"a program without gates", `update programs set gates = '{none}', minimum_minor = 0`, "program dreams: it says"},
	{"a partnership on better terms", `update partnerships set terms = jsonb_set(terms, '{commission_bps}', '9000')`, "partnership "},
	{"a partnership whose money waits for nothing", `update partnerships set payout_hold = case payout_hold when '' then 'x' else '' end`, "partnership "},
	{"a code of somebody else", `update tracking_kits set discount_code = 'ALLMINE' where partnership_id = (select min(partnership_id) from tracking_kits)`, "code "},
	{"a hold that nobody has ended", `update ledger_rows set state = 'eligible', reason = '' where order_id = 'o7'`, `it says "over", and what the program signed of it last is "held for`},
	{"a name that nobody has looked at", `insert into sanction_hits (id, creator_id, name_key, source, uid, entry_name, program, percent, list_hash, found_at, current, decision, decided_by)
		select 'forged', min(id), 'key', 'ofac', '1', 'Somebody', 'dreams', 90, 'hash', now(), true, 'cleared', 'finance' from creators`, "sanctions hit forged: "},
	{"a difference that nobody has settled", `insert into payout_differences (provider, transfer_id, destination, amount_minor, currency, made_at, found_at, why, settled, settled_by, settled_at, closed_at)
		values ('stripe', 'tr_forged', 'acct_1', 1, 'USD', now(), now(), 'x', 'foreign', 'finance', now(), now())`, "difference stripe/tr_forged: "},
	{"a partnership of somebody else", `update partnerships set creator_id = (select max(creator_id) from partnerships) || 'x' where id = (select min(id) from partnerships)`, "partnership "},
	{"a creator who earns again", `update partnerships set ended_at = case when ended_at is null then now() - interval '1 year' end`, "partnership "},
	{"a month that ends elsewhere", `update programs set timezone = 'Pacific/Kiritimati'`, "program dreams: it says"},
	{"a link of one's own", `insert into tracking_links (partnership_id, deliverable, link_code, destination, utm, created_at) select partnership_id, 'forged', 'mine', '', '{}', now() from tracking_kits limit 1`, "link "},
	{"why a line waits", `update ledger_rows set reason = 'a post lacks its disclosure' where order_id = 'o7'`, "it says \"held for"},
	{"a name that stands no more", `update sanction_hits set current = false`, "sanctions hit hit-1: "},
	{"whose transfer it was", `insert into payout_differences (provider, transfer_id, destination, amount_minor, currency, made_at, found_at, why) values ('stripe', 'tr_whose', 'acct_1', 1, 'USD', now(), now(), 'x')`, "difference stripe/tr_whose: "},
	{"a limit with a note of one's own", `update programs set approve_above_minor = 100000000; insert into book_states (what, id, says, tx) select what, id, says, this_transaction() from book_states_now where what = 'program'`, "state program/dreams/"},
	{"a limit with its note written over", `update programs set approve_above_minor = 100000000; update book_states s set says = v.says from book_states_now v where v.what = 'program' and s.what = v.what and s.id = v.id`, "state program/dreams/"},
	{"a signature of one's own", aBonus + balanced + `insert into book_signatures (tx, items, digest, marks, mac)
		select this_transaction(), count(*), sha256(string_agg(hash, ''::bytea order by what, id collate "C")), string_agg(substr(hash, 1, 8), ''::bytea order by what, id collate "C"), 'mine'
		from book_items(this_transaction(), this_transaction() + 1)`, "its signature is not the program's"},
	{"a row that says it was always there", aBonus + balanced + `update ledger_rows set tx = 0 where id = 'forged'; update postings set tx = 0 where key = 'row/forged'`, "row forged: "},
	{"a signature that is taken for another", `update book_signatures g set mac = (select mac from book_signatures where tx <> g.tx limit 1), seal = null where seal is not null`, "signature is not the program's"},
	{"no signatures", `delete from book_signatures`, "it holds"},
	{"no seal", `delete from book_seals where n = 1`, "what lies between was taken away"},
	{"no seals", `delete from book_seals`, "signed transactions name it"},
	{"a seal of one's own", `insert into book_seals (n, items, digest, hash, mac, rekeys) select n + 1, 0, '', sha256('mine'), 'mine', true from book_seals order by n desc limit 1`, "the program did not sign it"},
	{"the whole of one sale, taken back without a trace", `do $$ declare t bigint := (select tx from orders where order_id = 'o5'); begin
		delete from entries where posting_id in (select id from postings where tx = t); delete from postings where tx = t;
		delete from ledger_rows where tx = t; delete from orders where tx = t; delete from order_facts where tx = t; delete from order_sums where tx = t; delete from book_signatures where tx = t; end $$`, "what was sealed was taken away"},
}

// forged are books with all that the forgeries touch, sealed in two steps.
func forged(t *testing.T) *fixture {
	f := open(t)
	parties, plan := f.month(2)
	f.pay(plan)
	must(t, f.SealBooks(t.Context()))
	f.order(parties[0], "o3", 60_000)
	f.order(parties[1], "o4", 60_000)
	f.refund("o4", "r1", 10_000)
	f.order(parties[1], "o6", 60_000)
	rows, _ := f.rows("o6")
	must(t, f.HoldRow(t.Context(), rows[0].ID, "finance", "her own"))
	must(t, f.VoidRow(t.Context(), rows[0].ID, "finance", "her own"))
	f.pass(2 * day)
	second := f.plan()
	_, err := f.approveAs(second.RunID, "finance", second.LinesHash)
	must(t, err)
	f.order(parties[0], "o5", 60_000)
	f.order(parties[1], "o7", 60_000)
	rows, _ = f.rows("o7")
	must(t, f.HoldRow(t.Context(), rows[0].ID, "finance", "a question about it"))
	must(t, f.Signed(t.Context(), `insert into sanction_hits (id, creator_id, name_key, source, uid, entry_name, program, percent, list_hash, found_at, current, decision, decided_by, decided_at)
		values ('hit-1', $1, 'key', 'ofac', '7', 'Somebody', 'dreams', 90, 'hash', now(), true, 'cleared', 'finance', now())`, parties[0].creator))
	must(t, f.SealBooks(t.Context()))
	f.sound()
	return f
}

// payer pays by the books as they stand, at a provider that has moved nothing yet.
func (f *fixture) payer() (*activities.Activities, *provider) {
	p := &provider{}
	return activities.New(activities.Deps{Store: f.Store, Rails: activities.Only[activities.PayoutRail]("stripe", p), Day: day}), p
}

// provider keeps its own record of what was moved.
type provider struct {
	activities.PayoutRail
	moved []partnership.Transfer
}

func (p *provider) Onboarding() partnership.Onboarding { return partnership.OnboardHosted }

func (p *provider) Transfer(_ context.Context, in partnership.TransferRequest) (partnership.Transfer, error) {
	t := partnership.Transfer{ID: "tr_new", PayoutID: in.PayoutID, Destination: in.Destination, AmountMinor: in.AmountMinor, Currency: in.Currency, CreatedAt: epoch}
	p.moved = append(p.moved, t)
	return t, nil
}

func (p *provider) TransfersOf(context.Context, partnership.PayoutID, string) ([]partnership.Transfer, error) {
	return nil, nil
}

func (p *provider) Transfers(context.Context, time.Time, int) ([]partnership.Transfer, error) {
	return p.moved, nil
}

// run goes on with the second run as its workflow does: the books first, and then each transfer.
func (f *fixture) run(a *activities.Activities) error {
	runs, err := f.PayoutRuns(f.t.Context(), program, period)
	must(f.t, err)
	run := runs[len(runs)-1]
	if err := a.CheckBooks(f.t.Context(), activities.RunRef{RunID: run.ID, Program: program}); err != nil {
		return err
	}
	payouts, err := f.PayoutsOfRun(f.t.Context(), run.ID)
	must(f.t, err)
	for _, payout := range payouts {
		if _, err := a.ExecuteTransfer(f.t.Context(), activities.PayoutRef{PayoutID: payout.ID}); err != nil {
			return err
		}
	}
	return nil
}

func TestBooksThatNobodyForgedArePaidBy(t *testing.T) {
	t.Parallel()
	f := forged(t)
	a, p := f.payer()
	if err := f.run(a); err != nil || len(p.moved) != 2 {
		t.Errorf("%d transfers, %v", len(p.moved), err)
	}
	f.sound()
}

// Each forgery is refused to the program's role; done by the server's superuser, with every trigger off, it is found by verify, named, and
// not a cent moves. The judge is the provider's own record.
func TestEachForgeryIsRefusedAndFound(t *testing.T) {
	t.Parallel()
	books := forged(t)
	for _, forgery := range forgeries {
		t.Run(forgery.name, func(t *testing.T) {
			t.Parallel()
			f := books.copied(t)
			a, p := f.payer()
			refused := f.sqlAsProgram("begin; " + strings.TrimRight(forgery.sql, "; ") + "; commit")
			if refused == nil && len(f.faults()) == 0 {
				t.Error("the program may, and verify finds nothing")
			}
			if refused != nil {
				must(t, f.sql("begin; set local session_replication_role = replica; "+unguarded(forgery.sql)+"; commit"))
			}
			faults := strings.Join(f.faults(), "\n")
			if !strings.Contains(faults, forgery.found) {
				t.Errorf("found:\n%s\nwant %q", faults, forgery.found)
			}
			if err := f.run(a); err == nil || !strings.Contains(err.Error(), "the books do not verify") {
				t.Errorf("the run goes on: %v", err)
			}
			if len(p.moved) != 0 {
				t.Errorf("moved: %+v", p.moved)
			}
		})
	}
}

// unguarded gives what the triggers would have stamped: triggers are off.
func unguarded(sql string) string {
	return strings.NewReplacer("insert into postings (key, kind, at) values ('row/forged', 'earn', now())", "insert into postings (key, kind, at, tx) values ('row/forged', 'earn', now(), this_transaction())").Replace(sql)
}

func (f *fixture) faults() []string {
	f.t.Helper()
	faults, err := f.VerifyLedger(f.t.Context())
	must(f.t, err)
	return faults
}

// A forgery that is right in all that triggers and sums can see lacks the program's signature.
func TestWhatNobodySignedIsRefused(t *testing.T) {
	t.Parallel()
	f := open(t)
	f.month(1)
	for _, run := range []func(string, ...any) error{f.sqlAsProgram, f.sql} {
		if err := run("begin; " + aBonus + balanced + " commit"); err == nil || !strings.Contains(err.Error(), "signed by the program") {
			t.Errorf("a bonus and its posting: %v", err)
		}
	}
	f.sound()
}

// Books that were there before there were signatures are taken as they stand, once: what is changed of them later is found.
func TestBooksOfBeforeAreTakenAsTheyStand(t *testing.T) {
	t.Parallel()
	f := open(t)
	_, plan := f.month(2)
	f.pay(plan)
	must(t, f.sql(`set session_replication_role = replica; delete from book_signatures; delete from book_seals; delete from book_states;
		do $$ declare n text; begin for n in select table_name from information_schema.columns where column_name = 'tx' and table_schema = 'public' and table_name not like 'book%'
			loop execute 'update ' || n || ' set tx = 0'; end loop; end $$; `+
		adopts(t, "00027_signed_books", "\n-- +goose")+adopts(t, "00086_book_states", "\ncreate trigger")))
	f.sound()
	must(t, f.SealBooks(t.Context()))
	f.order(party{kit: partnership.TrackingKit{}}, "o9", 100)
	f.sound()
	must(t, f.sql(`set session_replication_role = replica; update ledger_rows set amount_minor = amount_minor + 1 where order_id = 'o1'`))
	if faults := f.faults(); len(faults) == 0 || !strings.Contains(faults[0], "it is not as it was written") {
		t.Errorf("found: %v", faults)
	}
}

// adopts is what a migration does with what is there already.
func adopts(t *testing.T, migration, until string) string {
	t.Helper()
	text, err := os.ReadFile("migrations/" + migration + ".sql")
	must(t, err)
	_, adopts, found := strings.Cut(string(text), "-- What is there already is taken as it stands")
	if !found {
		t.Fatalf("%s takes nothing as it stands", migration)
	}
	adopts, _, _ = strings.Cut(adopts, until)
	return "--" + adopts
}

// Another secret key lets the chain go on: what the old one signed is sealed as it stands, and is still held.
func TestAnotherSecretKeySealsWhatTheOldOneSigned(t *testing.T) {
	t.Parallel()
	f := open(t)
	_, plan := f.month(1)
	f.pay(plan)
	must(t, f.SealBooks(t.Context()))
	f.order(party{}, "o9", 100) // signed and not sealed
	other, err := store.Open(t.Context(), f.url, store.Options{SecretKey: []byte("another secret of thirty-two byt"), Now: f.clock})
	must(t, err)
	defer other.Close()
	if faults, err := other.VerifyLedger(t.Context()); err != nil || len(faults) == 0 {
		t.Errorf("under another key all signatures fit: %v, %v", faults, err)
	}
	must(t, other.Accept(t.Context(), "RAPPORT_SECRET_KEY", store.Prints{Secret: "another"}))
	f.Store = other
	f.order(party{}, "o10", 100)
	f.sound()
	must(t, f.sql(`set session_replication_role = replica; update orders set net_minor = 1 where order_id = 'o1'`))
	if faults := f.faults(); len(faults) != 1 {
		t.Errorf("found: %v", faults)
	}
}

// A sealer that works beside a hundred writers holds nobody up and leaves nothing out.
func TestSealingBesideWriters(t *testing.T) {
	t.Parallel()
	f := open(t)
	_, parties := f.launch(1)
	atOnce(20, func(i int) {
		if i%5 == 0 {
			if err := f.SealBooks(t.Context()); err != nil {
				t.Error(err)
			}
			return
		}
		for n := range 3 {
			_, err := f.RecordOrder(t.Context(), store.OrderIn{OrderID: strings.Repeat("o", i+1) + string(rune('a'+n)), Currency: "USD", NetMinor: 1000, Codes: []string{parties[0].kit.DiscountCode}, OccurredAt: f.clock()})
			if err != nil {
				t.Error(err)
			}
		}
	})
	f.sound()
	must(t, f.SealBooks(t.Context()))
	must(t, f.SealBooks(t.Context()))
	sealed, err := f.SealedBooks(t.Context(), "")
	if err != nil || sealed.Open != 0 || sealed.N == 0 {
		t.Errorf("%+v, %v", sealed, err)
	}
	if again, err := f.SealedBooks(t.Context(), sealed.Head()); err != nil || again.Head() != sealed.Head() {
		t.Errorf("the head is %s, %v", again.Head(), err)
	}
	_, err = f.SealedBooks(t.Context(), "1:00")
	wantCode(t, err, partnership.Conflict)
	f.sound()
}
