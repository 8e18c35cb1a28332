package store_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/rapport-dev/rapport/partnership"
	"github.com/rapport-dev/rapport/partnership/board"
	"github.com/rapport-dev/rapport/partnership/timeline"
)

// planned is a partnership's plan on its way: signed, the parcel delivered two days late, the draft awaited.
func planned(f *fixture, id partnership.PartnershipID, seq int) timeline.Plan {
	f.t.Helper()
	start := epoch.Add(-20*day + 7*time.Nanosecond)
	plan := timeline.Make(timeline.Calendar{Zone: "America/New_York"}, partnership.Schedule{OutreachDays: 10, SignDays: 5, ProduceDays: 10, ReviewDays: 3, BufferDays: 4, WindowDays: 30},
		partnership.Nano, timeline.Facts{
			Start: start, InvitedAt: start, AcceptedAt: start.Add(day), SignedAt: start.Add(7 * day), ShippedAt: start.Add(8 * day),
			DeliveredAt: start.Add(15 * day), Gift: true,
		})
	must(f.t, f.SaveProjection(f.t.Context(), partnership.Projection{
		PartnershipID: id, Seq: seq, Stage: partnership.Content, WaitingFor: "the creator's draft", Deadline: plan.Due(timeline.DraftDue),
		BufferDaysLeft: plan.BufferLeft, Plan: plan.Record(),
	}))
	return plan
}

func TestCalendarShowsWhatIsDueWhenForWhom(t *testing.T) {
	t.Parallel()
	f := open(t)
	ctx := t.Context()
	from := time.Date(2026, 12, 1, 5, 0, 0, 0, time.UTC)
	id, parties := f.launch(4, func(c *partnership.Campaign, _ *partnership.Terms) {
		c.Schedule.PublishFrom, c.Schedule.PublishTo = from, from.Add(20*day)
	})
	planned(f, parties[0].id, 3)
	late := f.clock().Add(-day)
	must(t, f.SaveProjection(ctx, partnership.Projection{ // an older build's, without a plan
		PartnershipID: parties[1].id, Seq: 1, Stage: partnership.Gifting, WaitingFor: "the parcel's delivery (late)", Deadline: late, BufferDaysLeft: 1.5, Paused: true,
	}))
	must(t, f.SaveProjection(ctx, partnership.Projection{PartnershipID: parties[2].id, Seq: 1, Stage: partnership.Closed, Outcome: partnership.Declined, Deadline: late, WaitingFor: "nothing"}))

	doc, err := f.CampaignCalendar(ctx, id)
	must(t, err)
	var got []string
	for _, e := range doc.Entries {
		who, flags := "-", ""
		if e.Creator != nil {
			who = e.Creator.Handle
		}
		for flag, on := range map[string]bool{"+": e.Awaited, "!": e.Overdue, "h": e.HeldUp, "z": e.Paused} {
			if on {
				flags += flag
			}
		}
		got = append(got, fmt.Sprintf("%s %s %s %s %g %d %s", e.Day, who, e.Kind, e.Owner, e.BufferDaysLeft, e.Revision, sorted(flags)))
	}
	want := []string{
		"2026-11-09 Creator1 awaited carrier 1.5 1 !+z",
		"2026-11-15 Creator0 draft_due creator 6 3 +",
		"2026-11-19 Creator0 review_due brand 6 3 ", // the draft is due on a Sunday, so the three days count from Monday
		"2026-12-01 - publish_from brand 0 0 ",
		"2026-12-07 Creator0 publish_due creator 6 3 ",
		"2026-12-21 - publish_to brand 0 0 ",
		"2027-01-06 Creator0 window_end brand 6 3 ",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	if e := doc.Entries[0]; e.What != "the parcel's delivery (late)" || e.WaitingFor != e.What {
		t.Errorf("the wait that is no milestone is %+v", e)
	}
	f.pass(40 * day) // past the window, and the draft is still not there
	doc, err = f.CampaignCalendar(ctx, id)
	must(t, err)
	for _, e := range doc.Entries {
		if e.Creator == nil && e.Kind != board.DatePublishTo || e.Overdue != e.Awaited || e.HeldUp == (e.Creator == nil || e.Awaited) {
			t.Errorf("later: %+v", e)
		}
	}
	_, err = f.CampaignCalendar(ctx, "nothing")
	wantCode(t, err, partnership.NotFound)
}

func sorted(flags string) string {
	out := ""
	for _, flag := range []string{"!", "+", "h", "z"} {
		if strings.Contains(flags, flag) {
			out += flag
		}
	}
	return out
}

func TestAProjectionWithoutAPlanKeepsTheOldOne(t *testing.T) {
	t.Parallel()
	f := open(t)
	ctx := t.Context()
	id, parties := f.launch(1)
	pa := parties[0].id
	planned(f, pa, 2)
	must(t, f.SaveProjection(ctx, partnership.Projection{PartnershipID: pa, Seq: 3, Stage: partnership.Content, WaitingFor: "a manager", Deadline: epoch}))
	older := timeline.Make(timeline.Calendar{}, partnership.Schedule{OutreachDays: 90}, partnership.Nano, timeline.Facts{Start: epoch})
	must(t, f.SaveProjection(ctx, partnership.Projection{PartnershipID: pa, Seq: 1, Plan: older.Record()}))
	doc, err := f.CampaignCalendar(ctx, id)
	must(t, err)
	if len(doc.Entries) != 5 || doc.Entries[0].Kind != board.DateAwaited || doc.Entries[1].Kind != string(timeline.DraftDue) {
		t.Errorf("entries are %+v", doc.Entries)
	}
}

func TestAFeedIsFoundByItsLinkOnly(t *testing.T) {
	t.Parallel()
	f := open(t)
	ctx := t.Context()
	first, _ := f.launch(1)
	second, _ := f.launch(1, func(c *partnership.Campaign, _ *partnership.Terms) { c.Name = "Another" })
	doc, err := f.CampaignCalendar(ctx, second)
	must(t, err)
	token := strings.TrimSuffix(strings.TrimPrefix(doc.FeedURL, "https://rapport.example/calendar/"), ".ics")
	if len(token) != 43 || strings.Contains(must2(f.CalendarURL(ctx, first))(t), token) {
		t.Fatalf("the feed is at %s", doc.FeedURL)
	}
	found, err := f.CalendarByToken(ctx, token)
	must(t, err)
	if diff := cmp.Diff(doc, found); diff != "" {
		t.Error(diff)
	}
	for _, wrong := range []string{"", string(second), token[1:], token + "x"} {
		_, err := f.CalendarByToken(ctx, wrong)
		wantCode(t, err, partnership.NotFound)
	}
	must(t, f.sql(`do $$ begin if exists (select from campaigns where to_jsonb(campaigns)::text like '%`+token+`%') then raise 'token found'; end if; end $$`))
}
