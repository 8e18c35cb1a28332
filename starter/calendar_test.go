package main

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/rapport-dev/rapport/partnership"
	"github.com/rapport-dev/rapport/partnership/board"
	"github.com/rapport-dev/rapport/partnership/timeline"
	"github.com/rapport-dev/rapport/partnership/zones"
	"github.com/rapport-dev/rapport/proof/pgtest"
	"github.com/rapport-dev/rapport/store"
)

// kept is a database with one campaign and one partnership, whose draft is awaited; commands run on it.
func kept(t *testing.T) (partnership.CampaignID, partnership.PartnershipID) {
	t.Helper()
	id, pa, _ := keptUntil(t)
	return id, pa
}

// keptUntil is kept, with the day on which the draft is due: the commands ask the clock what is late.
func keptUntil(t *testing.T) (_ partnership.CampaignID, _ partnership.PartnershipID, due time.Time) {
	t.Helper()
	url, secret := pgtest.New(t, store.Migrate), []byte("a secret of these very tests ...")
	for name, value := range map[string]string{
		"RAPPORT_DATABASE_URL": url, "RAPPORT_SECRET_KEY": base64.StdEncoding.EncodeToString(secret), "RAPPORT_PUBLIC_URL": "https://rapport.example",
	} {
		t.Setenv(name, value)
	}
	s, err := store.Open(t.Context(), url, store.Options{SecretKey: secret})
	must(t, err)
	defer s.Close()
	c := partnership.Campaign{Name: "Dreams Sunset", Program: "dreams", Currency: "USD", Timezone: "America/New_York", BudgetMinor: 1_000_000}
	c.Payout.Provider = "stripe"
	id, _, err := s.CreateCampaign(t.Context(), c, []partnership.Creator{{Handle: "lena", Email: "lena@mail.example", Followers: 9000, Niche: "sleep"}}, "hash")
	must(t, err)
	creators, err := s.CampaignCreators(t.Context(), id)
	must(t, err)
	pa := partnership.PartnershipFor(id, creators[0].ID)
	must(t, s.ReserveBudget(t.Context(), id, partnership.RosterEntry{CreatorID: creators[0].ID, Tier: partnership.Nano, Niche: "sleep", Rank: 1}, partnership.Terms{Version: 1, Currency: "USD"}, 0))
	_, err = s.OpenTask(t.Context(), partnership.Task{PartnershipID: pa, Kind: partnership.TaskDraft, Name: "draft-1"})
	must(t, err)
	start := time.Now().UTC().Truncate(24 * time.Hour).Add((2*24 + 15) * time.Hour)
	plan := timeline.Make(timeline.Calendar{}, partnership.Schedule{ProduceDays: 10, ReviewDays: 3, BufferDays: 4, WindowDays: 30}, partnership.Nano,
		timeline.Facts{Start: start, AcceptedAt: start, SignedAt: start})
	must(t, s.SaveProjection(t.Context(), partnership.Projection{
		PartnershipID: pa, Seq: 1, Stage: partnership.Content, WaitingFor: "the creator's draft", Deadline: plan.Due(timeline.DraftDue), BufferDaysLeft: plan.BufferLeft,
		Plan: plan.Record(), Events: []partnership.TimelineEvent{timeline.Slip{Kind: timeline.DeliverBy, Days: 2.5, Owner: timeline.Carrier, Cause: "the parcel was late"}.Event(start)},
	}))
	return id, pa, plan.Due(timeline.DraftDue)
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// output is what a command prints that has to succeed.
func output(t *testing.T, args ...string) string {
	t.Helper()
	var out, errOut bytes.Buffer
	if code := run(t.Context(), args, &out, &errOut); code != done {
		t.Fatalf("%v: exit %d, %s", args, code, errOut.String())
	}
	return out.String()
}

func TestCampaignCalendar(t *testing.T) {
	if testing.Short() {
		t.Skip("it needs a database")
	}
	id, _, due := keptUntil(t)
	newYork, err := zones.Load("America/New_York")
	must(t, err)
	var doc board.Calendar
	must(t, json.Unmarshal([]byte(output(t, "campaign", "calendar", string(id), "--json")), &doc))
	if len(doc.Entries) != 4 || doc.Entries[0].Kind != "draft_due" || !strings.HasPrefix(doc.FeedURL, "https://rapport.example/calendar/") {
		t.Errorf("document %+v", doc)
	}
	text := output(t, "campaign", "calendar", string(id))
	for _, want := range []string{
		"Dreams Sunset, in America/New_York\n", fmt.Sprintf("%-21s  @lena    the creator's draft          creator   6 d     awaited\n", due.In(newYork).Format("Mon 2 Jan 2006 15:04")),
		"review of the draft", "(the link is a secret): " + doc.FeedURL + "\n",
	} {
		if !strings.Contains(text, want) {
			t.Errorf("%q is missing in\n%s", want, text)
		}
	}
	ics := output(t, "campaign", "calendar", string(id), "--ics")
	if !strings.HasPrefix(ics, "BEGIN:VCALENDAR\r\n") || !strings.Contains(ics, due.Format("DTSTART:20060102T150405Z\r\n")) || !strings.Contains(ics, "URL:https://rapport.example/partnerships/") {
		t.Errorf("iCalendar is %q", ics)
	}
	var errOut bytes.Buffer
	if code := run(t.Context(), []string{"campaign", "calendar", "nothing"}, &errOut, &errOut); code != failed || !strings.Contains(errOut.String(), "campaign list") {
		t.Errorf("exit %d, %s", code, &errOut)
	}
}

func TestShowSaysWhoLostDaysAndHowFarACreatorCanBeReliedOn(t *testing.T) {
	if testing.Short() {
		t.Skip("it needs a database")
	}
	_, pa := kept(t)
	text := output(t, "creators", "show", "@lena")
	for _, want := range []string{"Reliability 100 %\n", "  dates     100 %  2 of 2 own dates kept\n", "(2.5 days were lost by brands and carriers and do not count.)\n"} {
		if !strings.Contains(text, want) {
			t.Errorf("%q is missing in\n%s", want, text)
		}
	}
	var doc struct{ Reliability board.Reliability }
	must(t, json.Unmarshal([]byte(output(t, "creators", "show", "lena", "--json")), &doc))
	if doc.Reliability.Score == nil || *doc.Reliability.Score != 1 || doc.Reliability.Record.OthersDays != 2.5 {
		t.Errorf("reliability %+v", doc.Reliability)
	}
	text = output(t, "partnership", "show", string(pa))
	for _, want := range []string{"ghost risk", "+5 % nano creators have day jobs", "2.5 by the carrier: The parcel was late."} {
		if !strings.Contains(text, want) {
			t.Errorf("%q is missing in\n%s", want, text)
		}
	}
}
