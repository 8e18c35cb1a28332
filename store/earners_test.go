package store_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/rapport-dev/rapport/partnership"
	"github.com/rapport-dev/rapport/partnership/board"
	"github.com/rapport-dev/rapport/partnership/ledger"
	"github.com/rapport-dev/rapport/store"
)

// sold records an order of 100.00 at an instant, by a code, a link or both.
func (f *fixture) sold(id string, at time.Time, code, link string) store.OrderResult {
	f.t.Helper()
	in := store.OrderIn{OrderID: id, Currency: "USD", NetMinor: 10_000, LinkCode: link, OccurredAt: at}
	if code != "" {
		in.Codes = []string{code}
	}
	result, err := f.RecordOrder(f.t.Context(), in)
	must(f.t, err)
	return result
}

// RULES, tracking: who ended without completing earns nothing from then on, by code or link; the link still leads buyers to the shop.
func TestWhoEndedWithoutCompletingEarnsNothingFromThenOn(t *testing.T) {
	t.Parallel()
	for _, outcome := range []partnership.Outcome{partnership.Ghosted, partnership.Replaced, partnership.Cancelled, partnership.Declined, partnership.Expired, partnership.OptedOut} {
		t.Run(string(outcome), func(t *testing.T) {
			t.Parallel()
			f := open(t)
			_, parties := f.launch(1)
			pa, end := parties[0], epoch.Add(time.Hour)
			early := f.sold("reported before", end.Add(time.Minute), "", pa.kit.LinkCode) // the end waits for a vendor that is away
			must(t, f.SaveProjection(t.Context(), partnership.Projection{PartnershipID: pa.id, Seq: 1, Stage: partnership.Closed, Outcome: outcome, EndedAt: end}))
			f.pass(day)
			if got := f.sold("before", end.Add(-1), pa.kit.DiscountCode, ""); got.PartnershipID != pa.id || got.CommissionMinor != 1000 {
				t.Errorf("a sale of before the end, reported after it: %+v", got)
			}
			for id, got := range map[string]store.OrderResult{
				"by code": f.sold("code", end, pa.kit.DiscountCode, ""), "by link": f.sold("link", end, "", pa.kit.LinkCode), "by both": f.sold("both", end.Add(90*day), pa.kit.DiscountCode, pa.kit.LinkCode),
			} {
				if got.PartnershipID != "" || got.CommissionMinor != 0 || got.Why != ledger.AfterEnd {
					t.Errorf("%s: %+v", id, got)
				}
			}
			if leads, err := f.Destination(t.Context(), pa.kit.LinkCode); err != nil || leads != pa.kit.Destination {
				t.Errorf("the link leads to %q, %v", leads, err)
			}
			rows, _ := f.rows("reported before")
			if early.PartnershipID != pa.id || len(rows) != 1 || rows[0].State != ledger.Held || rows[0].Reason != ledger.SoldAfterEnd {
				t.Errorf("what was booked before the end was known is %+v", rows)
			}
			f.sound()
		})
	}
}

func TestWhoCompletedEarnsToTheEndOfTheWindow(t *testing.T) {
	t.Parallel()
	f := open(t)
	_, parties := f.launch(1)
	pa := parties[0]
	sub, err := f.AddSubmission(t.Context(), partnership.Submission{PartnershipID: pa.id, Task: "post"})
	must(t, err)
	must(t, f.SavePost(t.Context(), pa.id, sub, "", true, ""))
	must(t, f.SaveProjection(t.Context(), partnership.Projection{PartnershipID: pa.id, Seq: 1, Stage: partnership.Closed, Outcome: partnership.Completed, EndedAt: epoch}))
	if got := f.sold("inside", epoch.Add(30*day-time.Microsecond), pa.kit.DiscountCode, ""); got.PartnershipID != pa.id {
		t.Errorf("inside the window: %+v", got)
	}
	if got := f.sold("after", epoch.Add(30*day), pa.kit.DiscountCode, ""); got.Why != ledger.AfterWindow {
		t.Errorf("at its end: %+v", got)
	}
}

// A run that is begun again from before its end has not ended.
func TestAResetTakesAnEndBack(t *testing.T) {
	t.Parallel()
	f := open(t)
	_, parties := f.launch(1)
	pa := parties[0]
	must(t, f.SaveProjection(t.Context(), partnership.Projection{PartnershipID: pa.id, Seq: 2, RunID: "one", Outcome: partnership.Cancelled}))
	must(t, f.SaveProjection(t.Context(), partnership.Projection{PartnershipID: pa.id, Seq: 1, RunID: "two", Stage: partnership.Content}))
	if got := f.sold("o1", epoch.Add(day), pa.kit.DiscountCode, ""); got.PartnershipID != pa.id {
		t.Errorf("it goes on: %+v", got)
	}
}

// An order and the end of its partnership at once: whichever is first, nothing after the end is payable.
func TestAnEndAndASaleAtOnce(t *testing.T) {
	t.Parallel()
	f := open(t)
	_, parties := f.launch(1)
	pa := parties[0]
	atOnce(20, func(i int) {
		if i == 10 {
			if err := f.SaveProjection(t.Context(), partnership.Projection{PartnershipID: pa.id, Seq: 1, Outcome: partnership.Ghosted, EndedAt: epoch}); err != nil {
				t.Error(err)
			}
			return
		}
		if _, err := f.RecordOrder(t.Context(), store.OrderIn{OrderID: fmt.Sprint("o", i), Currency: "USD", NetMinor: 10_000, LinkCode: pa.kit.LinkCode, OccurredAt: epoch}); err != nil {
			t.Error(err)
		}
	})
	rows, _ := f.rows("")
	for _, row := range rows {
		if row.State != ledger.Held {
			t.Errorf("a row of %s is %s", row.OrderID, row.State)
		}
	}
	f.pass(5 * day)
	if plan := f.plan(); len(plan.Payouts) != 0 {
		t.Errorf("it is paid: %+v", plan)
	}
	f.sound()
}

// What waited for its post when the end was written down waits for a person, too: the mended post does not let go of a sale after the end.
func TestASaleAfterTheEndWaitsThoughItsPostIsMended(t *testing.T) {
	t.Parallel()
	f := open(t)
	_, parties := f.launch(1)
	cure := f.undisclosed(parties[0])
	f.order(parties[0], "o1", 90_000)
	for seq := range 2 {
		must(t, f.SaveProjection(t.Context(), partnership.Projection{PartnershipID: parties[0].id, Seq: seq + 1, Outcome: partnership.Ghosted, EndedAt: epoch}))
	}
	cure()
	if rows, _ := f.rows("o1"); rows[0].State != ledger.Held || rows[0].Reason != ledger.SoldAfterEnd {
		t.Errorf("it is %s: %q", rows[0].State, rows[0].Reason)
	}
	f.sound()
}

// RULES, tracking: an order before the clearance is held.
func TestAnOrderBeforeTheClearanceIsHeld(t *testing.T) {
	t.Parallel()
	f := open(t)
	ctx := t.Context()
	_, parties := f.launch(1)
	pa := parties[0]
	f.sold("early", epoch.Add(-1), pa.kit.DiscountCode, "")
	f.sold("in time", epoch, pa.kit.DiscountCode, "")
	rows, _ := f.rows("early")
	if len(rows) != 1 || rows[0].State != ledger.Held || rows[0].Reason != ledger.EarlyTouch {
		t.Fatalf("the early row is %+v", rows)
	}
	if in, _ := f.rows("in time"); in[0].State != ledger.Pending {
		t.Errorf("the row of the clearance's own instant is %+v", in)
	}
	f.pass(day)
	pa.kit.VerifiedAt = f.clock() // the gate of the next deliverable moves nothing
	must(t, f.SaveKit(ctx, pa.kit, nil))
	f.sold("between", epoch.Add(time.Hour), pa.kit.DiscountCode, "")
	if between, _ := f.rows("between"); between[0].State != ledger.Pending {
		t.Errorf("a second verification moved the clearance: %+v", between)
	}
	must(t, f.ClearRow(ctx, rows[0].ID, "cli:fin", "the shop let friends in early"))
	f.sound()
}

// RULES, money 3: an order counts once in each program.
func TestAnOrderOfTwoProgramsCountsOnceInEach(t *testing.T) {
	t.Parallel()
	f := open(t)
	ctx := t.Context()
	_, ours := f.launch(1)
	_, theirs := f.launch(1, func(c *partnership.Campaign, agreed *partnership.Terms) {
		c.Name, c.Program, agreed.CommissionBPS = "Dreams Abroad", "abroad", 500
	})
	in := store.OrderIn{OrderID: "o1", Currency: "USD", NetMinor: 10_000, Codes: []string{ours[0].kit.DiscountCode, theirs[0].kit.DiscountCode}, OccurredAt: f.clock()}
	for range 2 {
		got, err := f.RecordOrder(ctx, in)
		must(t, err)
		if len(got.Others) != 1 || got.PartnershipID != ours[0].id && got.Others[0].PartnershipID != ours[0].id || got.PartnershipID == got.Others[0].PartnershipID {
			t.Errorf("credited %+v", got)
		}
	}
	rows, sum := f.rows("o1")
	if len(rows) != 2 || sum != 1500 {
		t.Errorf("%d rows sum to %d, want one of each program: 10.00 and 5.00", len(rows), sum)
	}
	if back := f.refund("o1", "r1", 5000); back.ReversedMinor != 750 {
		t.Errorf("a refund of half takes %d back, want half in each", back.ReversedMinor)
	}
	f.sound()
}

// The shop's two forms of an order's id are one order.
func TestOurOwnGiftsNeverEarnHoweverTheShopNamesThem(t *testing.T) {
	t.Parallel()
	for kept, reported := range map[string]string{"gid://shop/Order/1001": "1001", "1001": "gid://shop/Order/1001"} {
		f := open(t)
		_, parties := f.launch(1)
		must(t, f.SaveDelivery(t.Context(), partnership.Delivery{PartnershipID: parties[0].id, OrderID: kept}))
		if got := f.order(parties[0], reported, 3600); got.PartnershipID != "" || got.Why != ledger.OwnGift {
			t.Errorf("%s, kept as %s: %+v", reported, kept, got)
		}
		if got := f.order(parties[0], "100", 3600); got.PartnershipID == "" {
			t.Errorf("a sale of another number: %+v", got)
		}
		if again := f.order(parties[0], "gid://shop/Order/100", 3600); again.Fresh {
			t.Errorf("one order twice: %+v", again)
		}
		if back := f.refund("gid://shop/Order/100", "r1", 3600); back.ReversedMinor != 360 {
			t.Errorf("its refund takes %d back", back.ReversedMinor)
		}
	}
}

// RULES, tracking: a sale by link belongs to its post; one by code to the post that was live last before it, marked as inferred.
func TestASaleBelongsToAPost(t *testing.T) {
	t.Parallel()
	f := open(t)
	ctx := t.Context()
	campaign, parties := f.launch(1, func(_ *partnership.Campaign, agreed *partnership.Terms) {
		agreed.Deliverables = []partnership.Deliverable{{Kind: "instagram_reel", Count: 1}, {Kind: "instagram_story", Count: 2}}
	})
	pa := parties[0]
	units := []string{"instagram_reel-1", "instagram_story-2", "instagram_story-3"}
	codes := map[string]string{}
	for i, unit := range units {
		link := pa.kit.LinkOf(unit)
		if link == nil || link.UTM["utm_content"] != link.Code || !strings.Contains(link.Destination, "utm_content="+link.Code) || link.Link != "https://rapport.example/c/"+link.Code {
			t.Fatalf("the link of %s is %+v", unit, link)
		}
		if (link.Code == pa.kit.LinkCode) != (i == 0) {
			t.Errorf("the first deliverable's link is the kit's own, and no other's: %s is %s", unit, link.Code)
		}
		if leads, err := f.Destination(ctx, link.Code); err != nil || leads != link.Destination {
			t.Errorf("it leads to %q, %v", leads, err)
		}
		codes[unit] = link.Code
	}
	for _, unit := range units[:2] {
		f.sold("before "+unit, f.clock(), pa.kit.DiscountCode, "")
		sub, err := f.AddSubmission(ctx, partnership.Submission{PartnershipID: pa.id, Task: unit})
		must(t, err)
		must(t, f.SavePost(ctx, pa.id, sub, unit, true, ""))
		f.pass(day)
	}
	f.sold("by code", epoch.Add(day), pa.kit.DiscountCode, "")
	f.sold("late news", epoch.Add(day-time.Microsecond), pa.kit.DiscountCode, "")
	f.sold("by link", f.clock(), "", codes[units[2]])
	f.sold("by both", f.clock(), pa.kit.DiscountCode, codes[units[0]])
	for order, want := range map[string]string{
		"before " + units[0]: "/false", "before " + units[1]: units[0] + "/true", "by code": units[1] + "/true", "late news": units[0] + "/true", "by link": units[2] + "/false", "by both": units[0] + "/false",
	} {
		if err := f.sql(`do $$ begin if not exists (select from orders where order_id = '` + order + `' and deliverable || '/' || deliverable_inferred = '` + want + `') then raise 'no'; end if; end $$`); err != nil {
			t.Errorf("%s is not of %s", order, want)
		}
	}
	must(t, f.RecordClick(ctx, codes[units[1]], epoch, false))
	must(t, f.sql(`do $$ begin if (select deliverable from clicks) <> 'instagram_story-2' then raise 'no'; end if; end $$`))
	docs, err := f.PartnershipDocument(ctx, pa.id)
	must(t, err)
	if docs.Tracking == nil || len(docs.Tracking.Links) != 3 || docs.Tracking.Links[1] != (board.PostLink{Deliverable: units[1], Link: "https://rapport.example/c/" + codes[units[1]]}) {
		t.Errorf("the board of %s shows %+v", campaign, docs.Tracking)
	}
	f.sound()
}

// A kit from before deliverables had links keeps the one that was given out: for all of them, or as that of the only one.
func TestOldLinksGoOnWorking(t *testing.T) {
	t.Parallel()
	for count, own := range map[int]bool{1: true, 2: false} {
		f := open(t)
		ctx := t.Context()
		_, parties := f.launch(1, func(_ *partnership.Campaign, agreed *partnership.Terms) {
			agreed.Deliverables = []partnership.Deliverable{{Kind: "instagram_reel", Count: count}}
		})
		pa := parties[0]
		must(t, f.sql(`delete from tracking_links`))
		if got := f.sold("old", epoch, "", pa.kit.LinkCode); got.PartnershipID != pa.id {
			t.Errorf("by the old link: %+v", got)
		}
		kit, err := f.EnsureKit(ctx, pa.id)
		must(t, err)
		again, err := f.EnsureKit(ctx, pa.id)
		must(t, err)
		if len(kit.Links) != count || kit.LinkCode != pa.kit.LinkCode || (kit.Links[0].Code == pa.kit.LinkCode) != own || again.Links[0].Code != kit.Links[0].Code {
			t.Errorf("of %d: %+v, then %+v", count, kit, again)
		}
		must(t, f.RecordClick(ctx, pa.kit.LinkCode, epoch, false))
		if got := f.sold("new", epoch, "", pa.kit.LinkCode); got.PartnershipID != pa.id || got.Why != ledger.ByLink {
			t.Errorf("by the old link: %+v", got)
		}
	}
}
