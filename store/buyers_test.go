package store_test

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/rapport-dev/rapport/partnership"
	"github.com/rapport-dev/rapport/partnership/board"
	"github.com/rapport-dev/rapport/partnership/ledger"
	"github.com/rapport-dev/rapport/store"
)

// bought records an order of 100.00 by a party's code, of somebody.
func (f *fixture) bought(pa party, id string, buyer partnership.Buyer, edit ...func(*store.OrderIn)) board.Row {
	f.t.Helper()
	in := store.OrderIn{OrderID: id, Currency: "USD", NetMinor: 10_000, Codes: []string{pa.kit.DiscountCode}, OccurredAt: f.clock(), Buyer: buyer}
	for _, e := range edit {
		e(&in)
	}
	_, err := f.RecordOrder(f.t.Context(), in)
	must(f.t, err)
	rows, _ := f.rows(id)
	return rows[0]
}

// RULES, money 14: own purchases (the creator's mail, address, payout account's name) are held.
func TestTheCreatorsOwnPurchasesAreHeld(t *testing.T) {
	t.Parallel()
	f := open(t)
	ctx := t.Context()
	_, parties := f.launch(2)
	pa := parties[0]
	must(t, f.SaveAddress(ctx, pa.creator, partnership.Address{Name: "Name 0", Line1: "12 Main Street", Line2: "Apt 4", City: "Springfield", PostalCode: "62704", Country: "US"}))
	must(t, f.SavePayoutAccount(ctx, pa.creator, partnership.PayoutAccount{ID: "acct_0", Ready: true, Holder: "Ada King Lovelace"}))
	for id, c := range map[string]struct {
		buyer partnership.Buyer
		why   string
	}{
		"mail":             {partnership.Buyer{Email: "creator0@mail.example"}, "mail address is the creator's own"},
		"another spelling": {partnership.Buyer{Email: "CREATOR0+gift@Mail.example"}, "mail address is the creator's own"},
		"address":          {partnership.Buyer{Email: "friend@mail.example", Address: partnership.Address{Name: "A Friend", Line1: "apt. 4, 12 main st", PostalCode: "62704-1111", Country: "US"}}, "sent to the creator's own address"},
		"name":             {partnership.Buyer{Email: "other@mail.example", Name: "Lovelace, Ada King"}, "name of the creator or of their payout account"},
		"their own name":   {partnership.Buyer{Name: "Namesake Ada King"}, ""},
		"a stranger":       {partnership.Buyer{Email: "creator1@mail.example", Name: "Bea Byron", Address: partnership.Address{Line1: "12 Main Street", Line2: "Apt 5", PostalCode: "62704", Country: "US"}}, ""},
		"nobody known":     {partnership.Buyer{}, ""},
	} {
		row := f.bought(pa, id, c.buyer)
		if (row.State == ledger.Held) != (c.why != "") || !strings.Contains(row.Reason, c.why) {
			t.Errorf("%s: %s, %q", id, row.State, row.Reason)
		}
	}
	other := f.bought(parties[1], "a colleague's", partnership.Buyer{Email: "creator0@mail.example"})
	if other.State != ledger.Pending {
		t.Errorf("what a creator buys by another's code is %s: %s", other.State, other.Reason)
	}
	f.pass(40 * day)
	if plan := f.plan(); plan.TotalMinor != 3000 { // the strangers' and the unknown one's, while the colleague's 10.00 carry: no timer releases the others
		t.Errorf("the run pays %d", plan.TotalMinor)
	}
	f.sound()
}

// A person decides: what is released is paid, what is rejected is not, and refunds go their way.
func TestAPersonReleasesOrRejectsAnOwnPurchase(t *testing.T) {
	t.Parallel()
	f := open(t)
	ctx := t.Context()
	_, parties := f.launch(1)
	own := partnership.Buyer{Email: "creator0@mail.example"}
	gift, cheat, back := f.bought(parties[0], "gift", own), f.bought(parties[0], "cheat", own), f.bought(parties[0], "back", own)
	must(t, f.ClearRow(ctx, gift.ID, "cli:fin", "a present for their sister; agreed"))
	must(t, f.VoidRow(ctx, cheat.ID, "cli:fin", "self-referral"))
	f.refund("back", "r1", 4000)
	rows, sum := f.rows("back")
	if rows[0].State != ledger.Held || len(rows) != 2 || rows[1].State != ledger.Eligible || sum != 600 || rows[0].ID != back.ID {
		t.Errorf("after a refund: %+v", rows)
	}
	again := f.bought(parties[0], "gift", own) // a replay takes no decision back
	if again.State != ledger.Pending {
		t.Errorf("after the release: %+v", again)
	}
	f.sound()
}

func TestRepeatedBuyersAreHeldTogether(t *testing.T) {
	t.Parallel()
	f := open(t)
	_, parties := f.launch(2)
	pa := parties[0]
	buyer := func(i int) partnership.Buyer { return partnership.Buyer{Email: fmt.Sprintf("b.uyer+%d@gmail.com", i)} }
	f.bought(pa, "long ago", buyer(0), func(in *store.OrderIn) { in.OccurredAt = epoch.Add(-ledger.RepeatDays * day) })
	f.bought(pa, "one", buyer(1))
	f.bought(parties[1], "of another creator", buyer(2))
	if two := f.bought(pa, "two", buyer(3)); two.State != ledger.Pending {
		t.Errorf("a second order: %+v", two)
	}
	f.bought(pa, "a stranger's", partnership.Buyer{Email: "stranger@mail.example"})
	f.bought(pa, "three", buyer(4))
	for id, want := range map[string]ledger.State{"one": ledger.Held, "two": ledger.Held, "three": ledger.Held, "a stranger's": ledger.Pending, "of another creator": ledger.Pending} {
		if rows, _ := f.rows(id); rows[0].State != want || want == ledger.Held && !strings.Contains(rows[0].Reason, "one buyer ordered 3 times") {
			t.Errorf("%s is %s: %q", id, rows[0].State, rows[0].Reason)
		}
	}
	rows, _ := f.rows("one")
	f.pass(time.Hour)
	must(t, f.ClearRow(t.Context(), rows[0].ID, "cli:fin", "a regular of the shop"))
	f.pass(time.Hour)
	if four := f.bought(pa, "four", buyer(5)); four.State != ledger.Pending {
		t.Errorf("after a person has looked: %+v", four)
	}
	f.sound()
}

// Orders of a pattern that wait for something else wait for the pattern too, which stays when the other is over, and is said once.
func TestAPatternHoldsWhatIsHeldAlready(t *testing.T) {
	t.Parallel()
	f := open(t)
	ctx := t.Context()
	_, parties := f.launch(1)
	same := partnership.Buyer{Email: "again@mail.example"}
	f.bought(parties[0], "o1", same)
	o := f.object(parties[0], "o1")
	cure := f.undisclosed(parties[0])
	for _, order := range []string{"o2", "o3", "o4", "o5"} {
		f.bought(parties[0], order, same)
	}
	cure()
	_ = must2(f.decide(o, partnership.ChoiceRelease, "it stands"))(t)
	for _, order := range []string{"o1", "o2", "o3", "o4", "o5"} {
		if rows, _ := f.rows(order); rows[0].State != ledger.Held || !strings.HasPrefix(rows[0].Reason, "one buyer ordered ") || strings.Contains(rows[0].Reason, "; ") {
			t.Errorf("%s of one buyer's five is %s: %q", order, rows[0].State, rows[0].Reason)
		}
	}
	told, err := f.UntoldHolds(ctx)
	must(t, err)
	if len(told) != 5 {
		t.Errorf("%d of them are told: %+v", len(told), told)
	}
	f.sound()
}

func TestSeveralBuyersAtOneAddressAreHeld(t *testing.T) {
	t.Parallel()
	f := open(t)
	_, parties := f.launch(1)
	at := partnership.Address{Line1: "1 Warehouse Road", PostalCode: "10001", Country: "US"}
	for i := range 3 {
		f.bought(parties[0], fmt.Sprint("o", i), partnership.Buyer{Email: fmt.Sprintf("buyer%d@mail.example", i), Address: at})
	}
	for i := range 3 {
		if rows, _ := f.rows(fmt.Sprint("o", i)); rows[0].State != ledger.Held || !strings.Contains(rows[0].Reason, "to one address") {
			t.Errorf("order %d is %s: %q", i, rows[0].State, rows[0].Reason)
		}
	}
}

// A code that many use who never clicked was passed on. Clicks, and a person who has looked, say otherwise.
func TestALeakedCodeIsHeld(t *testing.T) {
	t.Parallel()
	f := open(t)
	ctx := t.Context()
	_, parties := f.launch(2)
	leaked, clicked := parties[0], parties[1]
	for range 5 {
		must(t, f.RecordClick(ctx, clicked.kit.LinkCode, f.clock(), false))
		must(t, f.RecordClick(ctx, leaked.kit.LinkCode, f.clock(), true)) // machines do not count
	}
	several := func(pa party, name string, n int) {
		for i := range n {
			f.bought(pa, fmt.Sprint(name, i), partnership.Buyer{Email: fmt.Sprintf("%s%d@mail.example", name, i)})
		}
	}
	count := func(name string, state ledger.State) (n int) {
		rows, _ := f.rows("")
		for _, row := range rows {
			if strings.HasPrefix(row.OrderID, name) && row.State == state {
				n++
			}
		}
		return n
	}
	several(leaked, "early", ledger.LeakBuyers-1)
	if held := count("early", ledger.Held); held != 0 {
		t.Errorf("%d are held of fewer than it takes", held)
	}
	several(leaked, "last", 1)
	several(clicked, "fans", ledger.LeakBuyers+2)
	if held := count("early", ledger.Held) + count("last", ledger.Held); held != ledger.LeakBuyers {
		t.Errorf("%d of the %d uses are held", held, ledger.LeakBuyers)
	}
	if held := count("fans", ledger.Held); held != 0 {
		t.Errorf("%d of a creator's are held whose audience clicks", held)
	}
	rows, _ := f.rows("last0")
	f.pass(time.Minute)
	must(t, f.ClearRow(ctx, rows[0].ID, "cli:fin", "read out in a podcast"))
	f.pass(time.Minute)
	several(leaked, "after", 2)
	if held := count("after", ledger.Held); held != 0 {
		t.Errorf("%d are held again of what a person has looked at", held)
	}
	f.sound()
}

func TestABurstOfSalesIsHeldWhoeverBuys(t *testing.T) {
	t.Parallel()
	f := open(t)
	_, parties := f.launch(1)
	atOnce(ledger.BurstOrders, func(i int) {
		in := store.OrderIn{OrderID: fmt.Sprint("o", i), Currency: "USD", NetMinor: 10_000, LinkCode: parties[0].kit.LinkCode, OccurredAt: epoch}
		if _, err := f.RecordOrder(t.Context(), in); err != nil {
			t.Error(err)
		}
	})
	rows, _ := f.rows("")
	for _, row := range rows {
		if row.State != ledger.Held || !strings.Contains(row.Reason, "30 orders within") {
			t.Errorf("%s is %s: %q", row.OrderID, row.State, row.Reason)
		}
	}
	f.sound()
}

func TestWhoComesFromACouponSiteIsHeld(t *testing.T) {
	t.Parallel()
	f := open(t)
	_, parties := f.launch(1)
	row := f.bought(parties[0], "o1", partnership.Buyer{}, func(in *store.OrderIn) { in.Referrer = "www.retailmenot.com" })
	if row.State != ledger.Held || !strings.Contains(row.Reason, "retailmenot.com, which collects codes") {
		t.Errorf("%s: %q", row.State, row.Reason)
	}
}

// A shop may tell of the buyer later than of the order.
func TestABuyerWhoIsToldLaterIsLookedAtThen(t *testing.T) {
	t.Parallel()
	f := open(t)
	_, parties := f.launch(1)
	if row := f.bought(parties[0], "o1", partnership.Buyer{}); row.State != ledger.Pending {
		t.Fatalf("of nobody known: %+v", row)
	}
	for range 2 {
		if row := f.bought(parties[0], "o1", partnership.Buyer{Email: "creator0@mail.example"}); row.State != ledger.Held || strings.Count(row.Reason, "own") != 1 {
			t.Errorf("now that it is known: %+v", row)
		}
	}
}

// Nothing of a buyer is kept in plain, and an erasure takes the hashes too.
func TestNothingOfABuyerIsKeptInPlain(t *testing.T) {
	t.Parallel()
	f := open(t)
	ctx := t.Context()
	_, parties := f.launch(1)
	home := partnership.Address{Name: "Canary Holder", Line1: "77 Canary Wharf", City: "Canaryville", PostalCode: "77001", Country: "US"}
	must(t, f.SavePayoutAccount(ctx, parties[0].creator, partnership.PayoutAccount{ID: "acct_0", Ready: true, Holder: "Canary Holder"}))
	f.bought(parties[0], "o1", partnership.Buyer{Email: "canary@mail.example", Name: "Canary Bird", Address: home})
	f.bought(parties[0], "o2", partnership.Buyer{Email: "creator0@mail.example"})
	plain := `do $$ declare t text; found boolean; begin
		for t in select table_name from information_schema.tables where table_schema = 'public' and table_type = 'BASE TABLE' and table_name <> 'creators' loop
			execute format('select exists (select from %I x where x::text ilike ''%%canar%%'')', t) into found;
			if found then raise exception '% holds a buyer in plain', t; end if;
		end loop; end $$`
	must(t, f.sql(plain))
	must(t, f.sql(`do $$ begin if (select count(*) from order_buyers where mail_hash is not null) <> 2 then raise 'not kept'; end if; end $$`))
	_, err := f.EraseCreator(ctx, "instagram:Creator0", "cli:ana")
	must(t, err)
	must(t, f.sql(`do $$ begin if (select count(*) from order_buyers where mail_hash is not null) <> 1 or exists (select from creators where payout_holder <> '') then raise 'not erased'; end if; end $$`))
}

// Orders of one creator's touches are compared one after the other: two at once would not see each other.
func TestOrdersAtOnceAreComparedOneAfterTheOther(t *testing.T) {
	t.Parallel()
	f := open(t)
	ctx := t.Context()
	_, parties := f.launch(1)
	conn, err := pgx.Connect(ctx, f.url)
	must(t, err)
	defer conn.Close(context.WithoutCancel(ctx))
	another, err := conn.Begin(ctx)
	must(t, err)
	_, err = another.Exec(ctx, "select pg_advisory_xact_lock(hashtextextended('buying/' || $1::text, 0))", string(parties[0].id))
	must(t, err)
	done := make(chan error, 1)
	go func() {
		_, err := f.RecordOrder(ctx, store.OrderIn{OrderID: "o1", Currency: "USD", NetMinor: 10_000, LinkCode: parties[0].kit.LinkCode, OccurredAt: epoch})
		done <- err
	}()
	for waits := 0; waits == 0; {
		select {
		case err := <-done:
			t.Fatalf("it did not wait for the other one (%v)", err)
		default:
			must(t, another.QueryRow(ctx, "select count(*) from pg_locks where locktype = 'advisory' and not granted and database = (select oid from pg_database where datname = current_database())").Scan(&waits))
		}
	}
	must(t, another.Commit(ctx))
	must(t, <-done)
}
