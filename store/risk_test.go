package store_test

import (
	"context"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/jackc/pgx/v5"

	"github.com/rapport-dev/rapport/partnership"
	"github.com/rapport-dev/rapport/partnership/board"
	"github.com/rapport-dev/rapport/partnership/roster"
	"github.com/rapport-dev/rapport/partnership/timeline"
	"github.com/rapport-dev/rapport/store"
)

// asked opens a request at from that is due at due, as a workflow does.
func (f *fixture) asked(id partnership.PartnershipID, kind partnership.TaskKind, name string, from, due time.Time) {
	f.t.Helper()
	back := f.clock().Sub(from)
	f.pass(-back)
	_, err := f.OpenTask(f.t.Context(), partnership.Task{PartnershipID: id, Kind: kind, Name: name, Due: due})
	must(f.t, err)
	f.pass(back)
}

// risk is the score and what each part adds.
func (f *fixture) risk(id partnership.PartnershipID) (float64, map[string]roster.RiskPart) {
	f.t.Helper()
	doc, err := f.PartnershipDocument(f.t.Context(), id)
	must(f.t, err)
	score, parts, err := f.GhostRisk(f.t.Context(), id)
	must(f.t, err)
	if score != doc.GhostRisk || len(parts) != len(doc.GhostRiskParts) {
		f.t.Errorf("the document's risk is %g, alone it is %g", doc.GhostRisk, score)
	}
	byName := map[string]roster.RiskPart{}
	for _, part := range parts {
		byName[part.Name] = part
	}
	return score, byName
}

func (f *fixture) mail(id partnership.PartnershipID, task, step, event string, at time.Time) {
	f.t.Helper()
	key := partnership.Key(id, partnership.Content, task+"/"+step, 1)
	_, err := f.AddMailEvent(f.t.Context(), store.MailEvent{ID: string(key) + event + at.String(), Key: key, Event: event, At: at})
	must(f.t, err)
}

func TestGhostRiskComesFromTheHistory(t *testing.T) {
	t.Parallel()
	f := open(t)
	ctx := t.Context()
	_, parties := f.launch(2)
	id, other := parties[0].id, parties[1].id
	plan := planned(f, id, 1) // delivered on 5 November 12:00, the draft due ten days later
	due := plan.Due(timeline.DraftDue)
	delivered := due.Add(-10 * day)

	if score, parts := f.risk(id); score != 0 || len(parts) > 0 {
		t.Errorf("nothing is asked, and the risk is %g", score)
	}
	f.asked(id, partnership.TaskDraft, "draft-1", delivered, due)
	f.asked(other, partnership.TaskDraft, "draft-1", epoch.Add(-100*day), epoch.Add(-90*day))
	f.pass(due.Add(2 * day).Sub(f.clock()))
	_, parts := f.risk(id)
	for name, want := range map[string]string{
		"silence":    "silent for 12 days, asked 12 days ago; their habit is not known, the time given is 10 days",
		"soft_dates": "4 reminders without an answer, 1 date met late before", // the signature
		"held":       "the content clock has run for 12 days",
		"unclicked":  "no mail was opened without a click",
	} {
		if parts[name].Words != want {
			t.Errorf("%s: %q, want %q", name, parts[name].Words, want)
		}
	}
	before, _ := f.risk(id)
	f.mail(id, "draft-1", "request", "open", due)
	f.mail(id, "draft-1", "request", "open", due.Add(time.Hour))
	f.mail(id, "draft-1", "nudge", "open", due)
	f.mail(id, "offer", "request", "open", due) // about something else
	f.mail(other, "draft-1", "nudge", "click", due.Add(day))
	if score, parts := f.risk(id); parts["unclicked"].Words != "2 mails opened and none clicked" || score <= before {
		t.Errorf("two mails were opened: %+v, risk %g after %g", parts["unclicked"], score, before)
	}
	_, err := f.AddInboundMessage(ctx, store.InboundMessage{MessageID: "auto", PartnershipID: id, At: due.Add(day), AutoReply: true})
	must(t, err)
	if _, parts := f.risk(id); parts["silence"].Adds == 0 {
		t.Error("an answering machine was taken for a person")
	}
	f.mail(id, "draft-1", "nudge", "click", due.Add(2*day))
	score, parts := f.risk(id)
	if parts["silence"].Adds != 0 || parts["unclicked"].Adds != 0 || parts["soft_dates"].Words != "0 reminders without an answer, 1 date met late before" {
		t.Errorf("after a click: %+v", parts)
	}
	if again, _ := f.risk(id); again != score {
		t.Errorf("the same history gives %g and %g", score, again)
	}
	must(t, f.SaveProjection(ctx, partnership.Projection{PartnershipID: id, Seq: 9, Stage: partnership.Content, WaitingFor: "the creator's draft", Deadline: due, Paused: true}))
	if score, parts := f.risk(id); score != 0 || len(parts) > 0 {
		t.Errorf("a pause has a risk of %g", score)
	}
}

func TestSilenceIsMeasuredAgainstTheirOwnHabit(t *testing.T) {
	t.Parallel()
	f := open(t)
	ctx := t.Context()
	_, parties := f.launch(1)
	id := parties[0].id
	_, earlier := f.launch(1, func(c *partnership.Campaign, _ *partnership.Terms) { c.Name = "Last year's" })
	// They took a tenth of the time to say yes, and half of it to make something.
	for i, e := range []struct {
		kind  partnership.TaskKind
		event string
		took  time.Duration
	}{{partnership.TaskOffer, "accepted", day}, {partnership.TaskDraft, "draft_submitted", 9 * day}, {partnership.TaskPost, "posted", day}} {
		from := epoch.Add(time.Duration(i-10) * 20 * day)
		f.asked(earlier[0].id, e.kind, string(e.kind), from, from.Add(10*day))
		must(t, f.AddEvent(ctx, earlier[0].id, e.event, partnership.TimelineEvent{At: from.Add(e.took), Kind: e.event, Owner: "creator"}))
	}
	f.asked(id, partnership.TaskDraft, "draft-1", epoch.Add(-8*day), epoch.Add(4*day))
	_, parts := f.risk(id)
	if want := "silent for 8 days, asked 8 days ago; usually answers within 6 days (2 answers so far)"; parts["silence"].Words != want || parts["silence"].Adds != 0.2 {
		t.Errorf("silence is %+v, want %q", parts["silence"], want)
	}
	must(t, f.AddEvent(ctx, id, "kept", partnership.TimelineEvent{At: epoch.Add(-day), Kind: "kept_waiting", Owner: "brand"}))
	must(t, f.AddEvent(ctx, id, "quiet", partnership.TimelineEvent{At: epoch, Kind: "went_quiet", Owner: "creator"}))
	if _, parts := f.risk(id); parts["silence"].Words != "silent for 1 day, asked 8 days ago; usually answers within 6 days (2 answers so far)" {
		t.Errorf("after the manager's word: %+v", parts["silence"])
	}
	for range 2 {
		must(t, f.AddNote(ctx, id, "n1", "cli:mia", "@mia", "we spoke"))
	}
	if n := f.audited("cli:mia"); n != 1 {
		t.Errorf("a note left %d lines in the audit", n)
	}
	if _, parts := f.risk(id); parts["silence"].Adds != 0 || !strings.HasPrefix(parts["silence"].Words, "silent for 0 days") {
		t.Errorf("after the manager's note: %+v", parts["silence"])
	}
}

func TestReliabilityCountsTheirOwnDaysOnly(t *testing.T) {
	t.Parallel()
	f := open(t)
	ctx := t.Context()
	_, first := f.launch(2)
	_, second := f.launch(2, func(c *partnership.Campaign, _ *partnership.Terms) { c.Name = "Another" })
	creator := first[0].creator
	unknown, err := f.Reliability(ctx, creator)
	must(t, err)
	if diff := cmp.Diff(board.Reliability{Parts: []roster.ReliabilityPart{}}, unknown); diff != "" {
		t.Error(diff)
	}
	planned(f, first[0].id, 1) // the offer answered in time, the signature a day late
	lost := func(id partnership.PartnershipID, owner string, days float64) {
		must(t, f.AddEvent(ctx, id, owner, partnership.TimelineEvent{At: epoch, Kind: timeline.SlipKind, Owner: owner, Days: days}))
	}
	lost(first[0].id, "creator", 1)
	lost(first[0].id, "carrier", 2)
	lost(second[0].id, "brand", 30)
	lost(second[1].id, "creator", 40) // somebody else
	must(t, f.SaveProjection(ctx, partnership.Projection{PartnershipID: first[0].id, Seq: 2, Stage: partnership.Closed, Outcome: partnership.Completed}))
	must(t, f.SaveProjection(ctx, partnership.Projection{PartnershipID: second[0].id, Seq: 2, Stage: partnership.Closed, Outcome: partnership.Declined}))
	got, err := f.Reliability(ctx, creator)
	must(t, err)
	score := 0.81
	want := board.Reliability{
		Score: &score, Record: roster.Record{Completed: 1, DatesKept: 1, DatesLate: 1, OwnDays: 1, OthersDays: 32},
		Parts: []roster.ReliabilityPart{
			{Name: "finished", Words: "1 partnership finished, 0 went quiet", Weight: 0.5, Value: 1},
			{Name: "dates", Words: "1 of 2 own dates kept", Weight: 0.3, Value: 0.5},
			{Name: "days", Words: "1 day lost by the creator", Weight: 0.2, Value: 0.8},
		},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

// A partial index serves a query only while their conditions agree, which nothing else would tell.
func TestTheRisksOfABoardAreReadByTheirIndexes(t *testing.T) {
	t.Parallel()
	f := open(t)
	f.launch(1)
	file, err := os.ReadFile("queries/calendar.sql")
	must(t, err)
	_, query, found := strings.Cut(string(file), "-- name: RiskFacts :many\n")
	if !found {
		t.Fatal("there is no such query")
	}
	query, _, _ = strings.Cut(query, "-- name:")
	conn, err := pgx.Connect(t.Context(), f.url)
	must(t, err)
	defer conn.Close(context.WithoutCancel(t.Context()))
	_, err = conn.Exec(t.Context(), "set enable_seqscan = off") // a table of three rows is read whole otherwise
	must(t, err)
	rows, err := conn.Query(t.Context(), "explain "+strings.ReplaceAll(query, "@partnership_ids", "'{x}'"))
	must(t, err)
	lines, err := pgx.CollectRows(rows, pgx.RowTo[string])
	must(t, err)
	plan := strings.Join(lines, "\n")
	for _, index := range []string{"timeline_events_alive", "timeline_events_answers", "mail_events_partnership"} {
		if !strings.Contains(plan, index) {
			t.Errorf("%s is not used:\n%s", index, plan)
		}
	}
}
