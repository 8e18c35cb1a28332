package store_test

import (
	"slices"
	"strconv"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/rapport-dev/rapport/partnership"
	"github.com/rapport-dev/rapport/partnership/board"
	"github.com/rapport-dev/rapport/partnership/roster"
)

func TestLaunchingTwiceMakesOneCampaign(t *testing.T) {
	t.Parallel()
	f := open(t)
	var created atomic.Int32
	ids := make([]partnership.CampaignID, 10)
	atOnce(10, func(i int) {
		id, fresh, err := f.CreateCampaign(t.Context(), campaign(), people(5), "hash")
		if err != nil {
			t.Error(err)
		}
		ids[i] = id
		if fresh {
			created.Add(1)
		}
	})
	if created.Load() != 1 || len(slices.Compact(ids)) != 1 {
		t.Errorf("%d campaigns were created, ids %v", created.Load(), ids)
	}
	got, err := f.Campaign(t.Context(), ids[0])
	must(t, err)
	want := campaign()
	want.ID = ids[0]
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	creators, err := f.CampaignCreators(t.Context(), ids[0])
	must(t, err)
	for i, want := range people(5) {
		want.ID = creators[i].ID
		if diff := cmp.Diff(want, creators[i]); diff != "" {
			t.Error(diff)
		}
	}
}

func TestOtherContentOfTheSameRoundIsRefused(t *testing.T) {
	t.Parallel()
	f := open(t)
	_, _, err := f.CreateCampaign(t.Context(), campaign(), people(1), "one")
	must(t, err)
	_, _, err = f.CreateCampaign(t.Context(), campaign(), people(2), "two")
	wantCode(t, err, partnership.Conflict)
	other := campaign()
	other.Round = 2
	_, fresh, err := f.CreateCampaign(t.Context(), other, people(2), "three")
	if err != nil || !fresh {
		t.Errorf("a second round: fresh %v, %v", fresh, err)
	}
	other.Name, other.Currency = "In euros", "EUR"
	_, _, err = f.CreateCampaign(t.Context(), other, people(1), "four")
	wantCode(t, err, partnership.Conflict)
}

func TestReservationsNeverExceedTheBudget(t *testing.T) {
	t.Parallel()
	f := open(t)
	ctx, c := t.Context(), campaign()
	c.BudgetMinor = 1000
	id, _, err := f.CreateCampaign(ctx, c, people(20), "hash")
	must(t, err)
	creators, err := f.CampaignCreators(ctx, id)
	must(t, err)
	var reserved, refused atomic.Int32
	atOnce(20, func(i int) {
		switch err := f.ReserveBudget(ctx, id, partnership.RosterEntry{CreatorID: creators[i].ID}, terms(), 150); partnership.CodeOf(err) {
		case "":
			if err != nil {
				t.Error(err)
			}
			reserved.Add(1)
		case partnership.Conflict:
			refused.Add(1)
		default:
			t.Error(err)
		}
	})
	if reserved.Load() != 6 || refused.Load() != 14 {
		t.Errorf("%d reserved, %d refused of 1000 by 150", reserved.Load(), refused.Load())
	}
	totals, err := f.CampaignTotals(ctx, id)
	must(t, err)
	if totals.Committed.Of("USD") != 900 || totals.Invited != 6 {
		t.Errorf("totals are %+v", totals)
	}
}

func TestReservingAgainReplacesAndReleasingFrees(t *testing.T) {
	t.Parallel()
	f := open(t)
	ctx := t.Context()
	id, parties := f.launch(2, func(c *partnership.Campaign, _ *partnership.Terms) { c.BudgetMinor = 1000 })
	e := partnership.RosterEntry{PartnershipID: parties[0].id, CreatorID: parties[0].creator}
	must(t, f.ReserveBudget(ctx, id, e, terms(), 1000))
	must(t, f.sql("update campaigns set budget_minor = 300 where id = $1", id))
	must(t, f.ReserveBudget(ctx, id, e, terms(), 400)) // less is always covered
	wantCode(t, f.ReserveBudget(ctx, id, e, terms(), 401), partnership.Conflict)
	must(t, f.sql("update campaigns set budget_minor = 1000 where id = $1", id))
	must(t, f.ReserveBudget(ctx, id, partnership.RosterEntry{PartnershipID: parties[1].id, CreatorID: parties[1].creator}, terms(), 600))
	wantCode(t, f.ReserveBudget(ctx, id, e, terms(), 401), partnership.Conflict)
	must(t, f.SaveProjection(ctx, partnership.Projection{PartnershipID: parties[1].id, Seq: 99, Stage: partnership.Closed, Outcome: partnership.Declined}))
	must(t, f.ReserveBudget(ctx, id, e, terms(), 1000))
}

// A creator who was given up and may still come back gives their budget to a standby, and needs it anew to go on.
func TestAReleasedReservationIsFreeForTheNextAndIsReservedAnew(t *testing.T) {
	t.Parallel()
	f := open(t)
	ctx := t.Context()
	id, parties := f.launch(2, func(c *partnership.Campaign, _ *partnership.Terms) { c.BudgetMinor = 100_000 })
	first := partnership.RosterEntry{PartnershipID: parties[0].id, CreatorID: parties[0].creator}
	next := partnership.RosterEntry{PartnershipID: parties[1].id, CreatorID: parties[1].creator}
	must(t, f.ReserveBudget(ctx, id, first, terms(), 90_000))
	must(t, f.EarnFee(ctx, first.PartnershipID, "reel-1", 20_000, time.Now()))
	wantCode(t, f.ReserveBudget(ctx, id, next, terms(), 80_000), partnership.Conflict)
	for range 2 {
		must(t, f.ReleaseBudget(ctx, first.PartnershipID))
	}
	wantCode(t, f.ReserveBudget(ctx, id, next, terms(), 80_001), partnership.Conflict) // what was earned stays committed
	must(t, f.ReserveBudget(ctx, id, next, terms(), 80_000))
	wantCode(t, f.ReserveBudget(ctx, id, first, terms(), 90_000), partnership.Conflict)
	must(t, f.SaveProjection(ctx, partnership.Projection{PartnershipID: next.PartnershipID, Seq: 99, Stage: partnership.Closed, Outcome: partnership.Cancelled}))
	must(t, f.ReserveBudget(ctx, id, first, terms(), 90_000))
}

// A standby takes what they lack from the creator who was given up: only when it is needed and suffices, and once.
func TestABudgetPassesWholeOrNotAtAll(t *testing.T) {
	t.Parallel()
	f := open(t)
	ctx := t.Context()
	id, parties := f.launch(3, func(c *partnership.Campaign, _ *partnership.Terms) { c.BudgetMinor = 100_000 })
	first, next, last := parties[0], parties[1], parties[2]
	must(t, f.ReserveBudget(ctx, id, partnership.RosterEntry{CreatorID: first.creator}, terms(), 60_000))
	must(t, f.EarnFee(ctx, first.id, "reel-1", 20_000, time.Now()))
	pass := func(to party, amount int64, code partnership.Code, firstKeeps, committed int64) {
		t.Helper()
		for range 2 {
			wantCode(t, f.PassBudget(ctx, id, first.id, partnership.RosterEntry{CreatorID: to.creator}, terms(), amount), code)
			f.wantReserved(first, firstKeeps)
			totals, err := f.CampaignTotals(ctx, id)
			must(t, err)
			if totals.Committed.Of("USD") != committed {
				t.Errorf("%d are committed, want %d", totals.Committed.Of("USD"), committed)
			}
		}
	}
	pass(next, 80_001, partnership.Conflict, 60_000, 60_000) // what was earned is not given on
	pass(next, 30_000, "", 60_000, 90_000)
	pass(last, 50_001, partnership.Conflict, 60_000, 90_000)
	pass(last, 50_000, "", 20_000, 100_000)
	wantCode(t, f.PassBudget(ctx, id, "", partnership.RosterEntry{CreatorID: next.creator}, terms(), 30_001), partnership.Conflict)
}

// Two standbys cannot both have what one creator gave up.
func TestOneReservationPassesToOneStandby(t *testing.T) {
	t.Parallel()
	f := open(t)
	ctx := t.Context()
	id, parties := f.launch(9, func(c *partnership.Campaign, _ *partnership.Terms) { c.BudgetMinor = 1000 })
	must(t, f.ReserveBudget(ctx, id, partnership.RosterEntry{CreatorID: parties[0].creator}, terms(), 1000))
	var passed atomic.Int32
	atOnce(8, func(i int) {
		err := f.PassBudget(ctx, id, parties[0].id, partnership.RosterEntry{CreatorID: parties[i+1].creator}, terms(), 1000)
		if err == nil {
			passed.Add(1)
		} else if partnership.CodeOf(err) != partnership.Conflict {
			t.Error(err)
		}
	})
	if passed.Load() != 1 {
		t.Errorf("it passed to %d", passed.Load())
	}
	f.wantReserved(parties[0], 0)
}

// An invitation that did not go out gives its budget back and keeps its row; one that did is left alone.
func TestOnlyWhoWasNotInvitedIsUnreserved(t *testing.T) {
	t.Parallel()
	f := open(t)
	ctx := t.Context()
	id, parties := f.launch(3)
	for _, pa := range parties {
		must(t, f.ReserveBudget(ctx, id, partnership.RosterEntry{CreatorID: pa.creator}, terms(), 500))
	}
	waits, runs, other := parties[0], parties[1], parties[2]
	must(t, f.SaveProjection(ctx, partnership.Projection{PartnershipID: runs.id, Seq: 1, Stage: partnership.Outreach}))
	must(t, f.Unreserve(ctx, "another", []partnership.PartnershipID{waits.id}))
	f.wantReserved(waits, 500)
	for range 2 {
		must(t, f.Unreserve(ctx, id, []partnership.PartnershipID{waits.id, runs.id, "nobody"}))
		f.wantReserved(waits, 0)
		f.wantReserved(runs, 500)
		f.wantReserved(other, 500)
	}
	must(t, f.Unreserve(ctx, id, nil))
	must(t, f.ReserveBudget(ctx, id, partnership.RosterEntry{CreatorID: waits.creator}, terms(), 700))
	f.wantReserved(waits, 700)
}

func TestWhoWasErasedOrOptedOutIsUninvitable(t *testing.T) {
	t.Parallel()
	f := open(t)
	ctx := t.Context()
	_, parties := f.launch(4)
	var all []partnership.CreatorID
	for _, pa := range parties {
		all = append(all, pa.creator)
	}
	_, err := f.EraseCreator(ctx, "Creator1", "U1")
	must(t, err)
	_, err = f.SuppressEmail(ctx, "CREATOR3@mail.example", partnership.ByPerson, "complaint")
	must(t, err)
	gone, err := f.Uninvitable(ctx, append(all[:4:4], "nobody"))
	must(t, err)
	slices.Sort(gone)
	want := []partnership.CreatorID{all[1], all[3]}
	slices.Sort(want)
	if !slices.Equal(gone, want) {
		t.Errorf("%v are uninvitable, want %v", gone, want)
	}
	if gone, err = f.Uninvitable(ctx, nil); err != nil || len(gone) != 0 {
		t.Errorf("of nobody %v are uninvitable (%v)", gone, err)
	}
}

func (f *fixture) wantReserved(pa party, want int64) {
	f.t.Helper()
	must(f.t, f.sql(`do $$ declare n bigint; begin
		select reserved_minor into strict n from partnerships where id = '`+string(pa.id)+`';
		if n <> `+strconv.FormatInt(want, 10)+` then raise '% are reserved, want `+strconv.FormatInt(want, 10)+`', n; end if;
	end $$`))
}

// What an early end has really cost stays committed: the fee that was earned, the gift that the carrier has.
func TestAnEarlyEndKeepsWhatItCost(t *testing.T) {
	t.Parallel()
	f := open(t)
	ctx := t.Context()
	id, parties := f.launch(1, func(c *partnership.Campaign, _ *partnership.Terms) { c.BudgetMinor = 100_000 })
	pt := parties[0]
	must(t, f.ReserveBudget(ctx, id, partnership.RosterEntry{PartnershipID: pt.id, CreatorID: pt.creator}, terms(), 90_000))
	must(t, f.SaveDelivery(ctx, partnership.Delivery{PartnershipID: pt.id, OrderID: "1001", ShipmentID: "shp_1", Status: partnership.ParcelInTransit}))
	must(t, f.EarnFee(ctx, pt.id, "reel-1", 20_000, time.Now()))
	must(t, f.SaveProjection(ctx, partnership.Projection{PartnershipID: pt.id, Seq: 99, Stage: partnership.Closed, Outcome: partnership.Ghosted}))
	totals, err := f.CampaignTotals(ctx, id)
	must(t, err)
	want := int64(20_000)
	if g := terms().Gift; g != nil {
		want += g.ValueMinor
	}
	if totals.Committed.Of("USD") != want {
		t.Errorf("committed %d, want %d", totals.Committed.Of("USD"), want)
	}
}

// A list as long as people have them is imported whole, and again without anybody twice.
func TestFiveThousandCreatorsAreImported(t *testing.T) {
	t.Parallel()
	f := open(t)
	list := people(5000)
	for range 2 {
		_, err := f.ImportCreators(t.Context(), list, partnership.Consent{})
		must(t, err)
	}
	creators, err := f.Creators(t.Context())
	must(t, err)
	if len(creators) != 5000 {
		t.Errorf("%d creators, want 5000", len(creators))
	}
	_, err = f.ImportCreators(t.Context(), []partnership.Creator{{Handle: "a"}, {Handle: "@A"}}, partnership.Consent{})
	wantCode(t, err, partnership.Invalid)
}

func TestBoardDocuments(t *testing.T) {
	t.Parallel()
	f := open(t)
	ctx := t.Context()
	id, parties := f.launch(2)
	pa := parties[0]
	f.pass(-10 * day)
	_, err := f.OpenTask(ctx, partnership.Task{PartnershipID: pa.id, Kind: partnership.TaskDraft, Name: "draft-1"})
	must(t, err)
	f.pass(10 * day)
	due := f.clock().Add(-day)
	must(t, f.SaveProjection(ctx, partnership.Projection{
		PartnershipID: pa.id, Seq: 1, Stage: partnership.Content, WaitingFor: "the creator's draft", Deadline: due, BufferDaysLeft: 2.5,
		Events: []partnership.TimelineEvent{{At: epoch, Kind: "slip", Owner: "carrier", Detail: "the parcel was late", Days: 2}},
	}))
	must(t, f.SaveContract(ctx, partnership.Contract{PartnershipID: pa.id, Version: 1, EnvelopeID: "env-1", Status: partnership.EnvelopeSent, PDF: []byte("%PDF")}))
	must(t, f.SaveDelivery(ctx, partnership.Delivery{PartnershipID: pa.id, ShipmentID: "shp_1", Carrier: "USPS", TrackingCode: "EZ1", Status: partnership.ParcelInTransit}))
	sub, err := f.AddSubmission(ctx, partnership.Submission{PartnershipID: pa.id, Task: "post", URL: "https://instagram.example/p/1"})
	must(t, err)
	must(t, f.SavePost(ctx, pa.id, sub, "", true, ""))

	doc, err := f.CampaignDocument(ctx, id)
	must(t, err)
	if doc.Live != 1 || doc.Target != 3 || doc.State != partnership.CampaignLaunched || len(doc.Partnerships) != 2 {
		t.Errorf("campaign is %+v", doc)
	}
	got := doc.Partnerships[0]
	single, err := f.PartnershipDocument(ctx, pa.id)
	must(t, err)
	if diff := cmp.Diff(single, got); diff != "" {
		t.Errorf("the campaign's partnership differs from its own document: %s", diff)
	}
	want := board.Partnership{
		ID: pa.id, CampaignID: id, Creator: board.Creator{Platform: "instagram", Handle: "Creator0", Tier: partnership.Nano, Niche: "sleep"}, Stage: partnership.Content,
		WaitingFor: "the creator's draft", Deadline: &due, BufferDaysLeft: 2.5, GhostRisk: 0.05,
		GhostRiskParts: []roster.RiskPart{
			{Name: "silence", Words: "silent for 0 days, asked 10 days ago; their habit is not known, the time given is 9 days", Weight: 0.5}, // they sent a post just now
			{Name: "soft_dates", Words: "0 reminders without an answer", Weight: 0.2},
			{Name: "held", Words: "the content clock has not started", Weight: 0.15},
			{Name: "unclicked", Words: "no mail was opened without a click", Weight: 0.1},
			{Name: "tier", Words: "nano creators have day jobs and go quiet most often", Weight: 0.05, Adds: 0.05},
		},
		Terms:    board.Terms{CommissionBPS: 1000, Currency: "USD", Version: 1},
		Tracking: &board.Tracking{Link: pa.kit.Link, Code: pa.kit.DiscountCode, UTM: pa.kit.UTM, VerifiedAt: &pa.kit.VerifiedAt, Links: []board.PostLink{}},
		Shipment: &board.Shipment{Carrier: "USPS", TrackingCode: "EZ1", Status: partnership.ParcelInTransit},
		Contract: &board.Contract{EnvelopeID: "env-1", Status: partnership.EnvelopeSent, Version: 1},
		Posts:    []board.Post{{URL: "https://instagram.example/p/1", ApprovedAt: epoch, Disclosed: true}},
		Slips:    []board.Slip{{Days: 2, Owner: "carrier", Reason: "the parcel was late"}},
		Timeline: []partnership.TimelineEvent{{At: epoch, Kind: "slip", Owner: "carrier", Detail: "the parcel was late", Days: 2}},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	_, err = f.PartnershipDocument(ctx, "nobody")
	wantCode(t, err, partnership.NotFound)
}

// The board reads as many campaigns as it shows, whatever there are.
func TestTheNewestCampaignsAreReadAlone(t *testing.T) {
	t.Parallel()
	f := open(t)
	var ids []partnership.CampaignID
	for round := range 4 {
		c := campaign()
		c.Round = round + 1
		id, _, err := f.CreateCampaign(t.Context(), c, people(2), strconv.Itoa(round))
		must(t, err)
		ids = append(ids, id)
		f.pass(time.Minute)
	}
	for most, older := range map[int]int{1: 3, 3: 1, 4: 0, 12: 0} {
		newest, n, err := f.NewestCampaigns(t.Context(), most)
		must(t, err)
		var got []partnership.CampaignID
		for _, c := range newest {
			got = append(got, c.ID)
			whole, err := f.CampaignDocument(t.Context(), c.ID)
			must(t, err)
			if diff := cmp.Diff(whole, c); diff != "" {
				t.Error(diff)
			}
		}
		if want := ids[older:]; !slices.Equal(got, want) || n != older {
			t.Errorf("of %d: %v and %d older, want %v", most, got, n, want)
		}
	}
}
