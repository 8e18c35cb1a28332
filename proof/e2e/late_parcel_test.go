package e2e

import (
	"fmt"
	"io"
	"maps"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/rapport-dev/rapport/partnership"
	"github.com/rapport-dev/rapport/partnership/board"
	"github.com/rapport-dev/rapport/partnership/timeline"
	"github.com/rapport-dev/rapport/partnership/zones"
	"github.com/rapport-dev/rapport/proof/systemtest"
)

// The campaign of TestALateParcelMovesTheCreatorsDates: two creators, and dates so close that a slip of a week reaches the live date.
const (
	parcelDay   = 1500 * time.Millisecond
	produceDays = 6
	reviewDays  = 1
	moreDays    = 4 // that the brand gives for the draft later on
)

func parcelCampaign(produce int) string {
	return systemtest.CrowdCampaign(2, fmt.Sprintf(
		`{publish_from: "+3", publish_to: "+90", outreach_days: 2, sign_days: 2, produce_days: %d, review_days: %d, buffer_days: 1, window_days: 8}`, produce, reviewDays))
}

// TestALateParcelMovesTheCreatorsDates has the carrier delay one creator's parcel twice, and the brand then give more time for the
// draft. Each time the creator hears of the new dates in one mail, and that mail, the one message in Slack, the API, the command
// line's calendar and its feed say the same. No reminder of a date that was replaced goes out, and nothing of it touches the other creator.
func TestALateParcelMovesTheCreatorsDates(t *testing.T) {
	if testing.Short() {
		t.Skip("it runs the whole system for a minute")
	}
	creators := systemtest.Crowd(2)
	s := systemtest.Start(t, systemtest.Options{Day: parcelDay, Campaign: parcelCampaign(produceDays), Creators: systemtest.CSV(t, creators), Alone: true})
	s.Await("Launched Made Together")
	// One of them signs and is not heard of again; the other goes on until the post is due.
	s.Play(creators, map[string]partnership.TaskKind{creators[0].Handle: partnership.TaskReceive, creators[1].Handle: partnership.TaskPost}, 200*time.Millisecond)
	var all map[string]board.Partnership
	s.Until("both parcels on their way", func() bool {
		all = s.Partnerships()
		return len(s.Parcels()) == 2 && all[creators[0].Handle].WaitingFor == "the parcel's delivery" && all[creators[1].Handle].WaitingFor == "the parcel's delivery"
	})
	one := &delayed{t: t, s: s, id: all[creators[0].Handle].ID, other: all[creators[1].Handle].ID}
	first := s.Dates()

	for round := range 2 {
		before, parcel := s.Dates()[one.id], s.Parcels()[one.id]
		slack := before[timeline.PublishDue].Sub(before[timeline.ReviewBy].Add(parcelDay)) // what may slip before the live date does
		slip := max(slack/4, min(slack, parcelDay))                                        // on a busy machine the story began late, and there is little
		if round == 1 {
			slip = max(slack, produceDays*parcelDay) + 2*parcelDay // past the draft's first date, however little slack there was
		}
		delay := before[timeline.DeliverBy].Add(slip).Sub(parcel.ETA) // the carrier's estimate is better than what was planned
		eta := s.Carrier(parcel, map[string]any{"delay_days": delay.Seconds() / parcelDay.Seconds()}).ETA
		want := maps.Clone(before)
		want[timeline.DeliverBy] = eta
		want[timeline.DraftDue] = eta.Add(produceDays * parcelDay)
		want[timeline.ReviewBy] = want[timeline.DraftDue].Add(reviewDays * parcelDay)
		if ready := want[timeline.ReviewBy].Add(parcelDay); ready.After(before[timeline.PublishDue]) { // the buffer goes first
			want[timeline.WindowEnd] = want[timeline.WindowEnd].Add(ready.Sub(before[timeline.PublishDue]))
			want[timeline.PublishDue] = ready
		}
		if moved := !want[timeline.PublishDue].Equal(before[timeline.PublishDue]); moved != (round == 1) {
			t.Fatalf("slip %d moves the live date: %v; the buffer was to take the first and not the second", round+1, moved)
		}
		one.told(round+1, before, want)
	}

	// The parcel comes. What was once the draft's date is past by now, and nobody was reminded of it.
	s.Until("the wait for the draft", func() bool { return s.Partnerships()[creators[0].Handle].WaitingFor == "the creator's draft" })
	request := s.Mails("draft_request", one.id)[0]
	if was := first[one.id][timeline.DraftDue]; !request.At.After(was) {
		t.Fatalf("the draft was asked for at %s, before its first date %s: this shows nothing", request.At, was)
	}
	if early := s.Mails("draft_reminder", one.id); len(early) > 0 {
		t.Errorf("%d reminders of a draft came before the product, the first at step %s", len(early), early[0].Step)
	}

	// The ladder of the draft stands now. It is drawn anew when the brand gives more time.
	before, asked := s.Dates()[one.id], time.Now()
	amendment := filepath.Join(s.Dir, "amended.yaml")
	if err := os.WriteFile(amendment, []byte(parcelCampaign(produceDays+moreDays)), 0o600); err != nil {
		t.Fatal(err)
	}
	s.Must("campaign", "amend", string(s.CampaignID()), "-f", amendment, "--apply")
	want := maps.Clone(before)
	want[timeline.DraftDue] = want[timeline.DraftDue].Add(moreDays * parcelDay)
	want[timeline.ReviewBy] = want[timeline.ReviewBy].Add(moreDays * parcelDay)
	s.Until("the new date of the draft", func() bool { return s.Dates()[one.id][timeline.DraftDue].Equal(want[timeline.DraftDue]) })
	for _, k := range []timeline.Kind{timeline.PublishDue, timeline.WindowEnd} {
		want[k] = s.Dates()[one.id][k] // more time promises another live date too: told has to find the same one everywhere
	}
	applied := one.told(3, before, want)

	old := timeline.Ladder(timeline.Calendar{Day: parcelDay}, partnership.Nano, request.At, before[timeline.DraftDue])
	new := timeline.Ladder(timeline.Calendar{Day: parcelDay}, partnership.Nano, asked, want[timeline.DraftDue])
	var reminders []systemtest.Mail
	s.Until("the first reminder of the new date", func() bool {
		reminders = s.Mails("draft_reminder", one.id)
		return len(reminders) > 0 && reminders[len(reminders)-1].At.After(new[0].At)
	})
	// One whose time had come before is on its way, and a busy machine delivers it after the news.
	late := map[string]time.Time{}
	for _, rung := range old {
		if rung.At.After(applied) {
			late[rung.Step] = rung.At
		}
	}
	for _, m := range reminders {
		if at, ok := late[m.Step]; ok && m.At.Before(new[0].At) {
			t.Errorf("the reminder %s of the old date, which was for %s, came at %s, after the date had moved at %s; the first of the new one is for %s",
				m.Step, at.UTC().Format(time.StampMilli), m.At.Format(time.StampMilli), applied.UTC().Format(time.StampMilli), new[0].At.UTC().Format(time.StampMilli))
		}
	}
	passed := 0
	for _, rung := range old {
		if rung.At.After(applied) && rung.At.Before(reminders[len(reminders)-1].At) {
			passed++
		}
	}
	if passed == 0 {
		t.Error("no rung of the old ladder had its time between the change and the new ladder's first: this shows nothing")
	}
	t.Logf("%d rungs of the old ladder passed in silence", passed)

	if n := len(s.Mails("dates_moved", one.id)); n != 3 {
		t.Errorf("%d mails about moved dates, want one for each of the 3 changes", n)
	}
	if n := len(s.Mails("dates_moved", one.other)); n != 0 || len(s.Cards("dates_moved", one.other)) != 0 {
		t.Errorf("the other creator, whose parcel was in time and whose draft is in, got %d mails about moved dates", n)
	}
	s.Interrupt()
}

// delayed is the creator whose parcel is late.
type delayed struct {
	t         *testing.T
	s         *systemtest.System
	id, other partnership.PartnershipID
	card      string // ts of the message in Slack
}

// told waits until the new dates are everywhere and checks that they are the same everywhere: n mails so far, one message in Slack,
// and the calendar in its three forms. It returns when the mail came.
func (d *delayed) told(n int, before, want map[timeline.Kind]time.Time) time.Time {
	d.t.Helper()
	s := d.s
	s.Until(fmt.Sprintf("change %d in the API", n), func() bool { return maps.EqualFunc(s.Dates()[d.id], want, time.Time.Equal) })
	s.Until(fmt.Sprintf("mail %d", n), func() bool { return len(s.Mails("dates_moved", d.id)) >= n })
	mails := s.Mails("dates_moved", d.id)
	if len(mails) != n {
		d.t.Fatalf("%d mails about moved dates after %d changes", len(mails), n)
	}
	mail := mails[n-1]
	d.same("the mail", mail.Text, before, want, []timeline.Kind{timeline.OfferDue, timeline.SignDue, timeline.DraftDue, timeline.PublishDue})

	words := wordsOf(mail.Text)
	s.Until(fmt.Sprintf("change %d in Slack", n), func() bool {
		cards := s.Cards("dates_moved", d.id)
		return len(cards) > 0 && wordsOf(string(cards[0].Blocks))["your draft"] == words["your draft"]
	})
	cards := s.Cards("dates_moved", d.id)
	if d.card == "" {
		d.card = cards[0].TS
	}
	if len(cards) != 1 || cards[0].TS != d.card || cards[0].Edited != (n > 1) {
		d.t.Errorf("change %d: %d messages in Slack, the first is %s (edited: %v), want %s alone, edited from the second change on", n, len(cards), cards[0].TS, cards[0].Edited, d.card)
	}
	d.same("the message in Slack", string(cards[0].Blocks), before, want, []timeline.Kind{
		timeline.DeliverBy, timeline.DraftDue, timeline.ReviewBy, timeline.PublishDue, timeline.WindowEnd,
	})

	id := string(s.CampaignID())
	var shell board.Calendar
	s.Document(&shell, "campaign", "calendar", id)
	if got := systemtest.DatesOf(shell)[d.id]; !maps.EqualFunc(got, want, time.Time.Equal) {
		d.t.Errorf("the command line's calendar says %v, want %v", got, want)
	}
	for name, feed := range map[string]string{"calendar --ics": s.Must("campaign", "calendar", id, "--ics"), "the feed": d.feed(shell.FeedURL)} {
		events := eventsOf(feed)
		for kind, due := range want {
			if got := events[string(d.id)+"-"+string(kind)+"@rapport"]; got != due.UTC().Format("20060102T150405Z") {
				d.t.Errorf("%s has %s at %q, want %s", name, kind, got, due)
			}
		}
	}
	return mail.At
}

var inWords = map[timeline.Kind]string{
	timeline.OfferDue: "your answer", timeline.SignDue: "your signature", timeline.DeliverBy: "the delivery", timeline.DraftDue: "your draft",
	timeline.ReviewBy: "our review", timeline.PublishDue: "your post", timeline.WindowEnd: "the end of the sales window",
}

// same checks that a text names exactly the dates that moved, each with its old and its new date.
func (d *delayed) same(where, text string, before, want map[timeline.Kind]time.Time, kinds []timeline.Kind) {
	d.t.Helper()
	said := wordsOf(text)
	for _, kind := range kinds {
		words, told := said[inWords[kind]]
		if moved := !before[kind].Equal(want[kind]); told != moved {
			d.t.Errorf("%s tells of %s: %v; it moved: %v\n%s", where, kind, told, moved, text)
			continue
		}
		if told && (!reads(words.to, want[kind]) || !reads(words.from, before[kind])) {
			d.t.Errorf("%s says %s: %s instead of %s, want %s instead of %s", where, kind, words.to, words.from, want[kind], before[kind])
		}
	}
}

type shift struct{ to, from string }

var sentence = regexp.MustCompile(`(your answer|your signature|the delivery|your draft|our review|your post|the end of the sales window): (.+?) instead of (.+?) \(`)

func wordsOf(text string) map[string]shift {
	out := map[string]shift{}
	for _, m := range sentence.FindAllStringSubmatch(strings.Join(strings.Fields(text), " "), -1) {
		out[m[1]] = shift{m[2], m[3]}
	}
	return out
}

// reads says whether a date in words is this instant, as exactly as the words are.
func reads(words string, at time.Time) bool {
	zone, err := zones.Load("America/New_York")
	if err != nil {
		return false
	}
	for _, layout := range []string{"Mon 2 Jan 2006", "Mon 2 Jan 2006 15:04", "Mon 2 Jan 2006 15:04:05"} {
		if at.In(zone).Format(layout) == words {
			return true
		}
	}
	return false
}

// eventsOf are the starts of a calendar's events by their uid.
func eventsOf(ics string) map[string]string {
	out, uid := map[string]string{}, ""
	for line := range strings.SplitSeq(strings.ReplaceAll(ics, "\r\n ", ""), "\r\n") {
		if v, ok := strings.CutPrefix(line, "UID:"); ok {
			uid = v
		}
		if v, ok := strings.CutPrefix(line, "DTSTART:"); ok {
			out[uid] = v
		}
	}
	return out
}

func (d *delayed) feed(url string) string {
	d.t.Helper()
	request, err := http.NewRequestWithContext(d.t.Context(), http.MethodGet, url, nil)
	if err != nil {
		d.t.Fatal(err)
	}
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		d.t.Fatal(err)
	}
	defer func() { _ = response.Body.Close() }()
	text, err := io.ReadAll(response.Body)
	if err != nil || response.StatusCode != http.StatusOK {
		d.t.Fatalf("the feed: %s, %v", response.Status, err)
	}
	return string(text)
}
