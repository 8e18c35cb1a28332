package doorstest

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/rapport-dev/rapport/partnership"
	"github.com/rapport-dev/rapport/partnership/board"
	"github.com/rapport-dev/rapport/playground/people"
	"github.com/rapport-dev/rapport/proof/judge"
	"github.com/rapport-dev/rapport/proof/systemtest"
)

const (
	day     = time.Second // of a campaign
	wanted  = 30
	manager = "U_MANAGER"
	finance = "U_FINANCE"
)

// message is one in the sandbox's Slack.
type message struct {
	Channel   string
	TS        string
	ThreadTS  string `json:"thread_ts"`
	Ephemeral string
	Text      string
	Kind      string
	Buttons   []struct{ Text string }
}

// TestACampaignBySlackAlone launches a campaign for thirty creators in Slack, answers there whatever is asked, starts the payout run there and has it
// approved. No shell and no console has a part in it, and thirty messages stand in the channel at most.
func TestACampaignBySlackAlone(t *testing.T) {
	long(t)
	pictures := newAlbum(t, nil)
	s := systemtest.Start(t, systemtest.Options{Day: day, Empty: true, Timeout: 10 * time.Minute})
	s.Await("Nothing is launched")
	creators := crowd(wanted + 10)
	s.PlayTown(people.Options{Creators: creators, Day: day, WindowDays: 8, PublishFrom: time.Now().Add(9 * day), Seed: 1})
	launch(s.Desk(manager), campaign(t), list(creators))
	s.Until("the campaign to begin", func() bool {
		var all struct{ Campaigns []board.Campaign }
		s.API("/campaigns", &all)
		return len(all.Campaigns) == 1
	})
	s.Within(8*time.Minute, "the campaign's end", func() bool {
		now := s.Board()
		pictures.midway(now, "door-slack", func() string { return threadOf(s, manager) })
		return now.State == "finished"
	})
	pay(s, "dreams")
	pictures.of("door-slack-end", threadOf(s, finance))

	top, threaded := standing(s)
	t.Logf("%d messages stand in the channel, %d are in threads", len(top), threaded)
	if len(top) > wanted {
		t.Errorf("%d messages stand in the channel:\n%s", len(top), strings.Join(top, "\n"))
	}
	byWhom(t, s, "slack")
	paid(t, s, wanted/3)
}

// crowd are people of whom nobody is anybody.
func crowd(n int) (all []partnership.Creator) {
	niches := []string{"fragrance", "home", "wellness", "sustainability", "finance", "bricks"}
	for i := range n {
		all = append(all, partnership.Creator{
			Handle: fmt.Sprintf("maker.%02d", i), Name: fmt.Sprintf("Robin Maker %c%c", 'A'+i/26, 'A'+i%26), Email: fmt.Sprintf("maker-%02d@mail.example", i), Platform: "instagram",
			Followers: 6_000 + 1_000*i, EngagementRate: 3 + float64(i%9)/2, Niche: niches[i%len(niches)], Country: "US", Language: "en", Timezone: "America/Chicago",
		})
	}
	return all
}

func list(creators []partnership.Creator) string {
	var text strings.Builder
	text.WriteString("handle,name,email,platform,followers,engagement_rate,niche,country,language,timezone\n")
	for _, c := range creators {
		fmt.Fprintf(&text, "%s,%s,%s,%s,%d,%.1f,%s,%s,%s,%s\n", c.Handle, c.Name, c.Email, c.Platform, c.Followers, c.EngagementRate, c.Niche, c.Country, c.Language, c.Timezone)
	}
	return text.String()
}

// campaign is the short one, for thirty.
func campaign(t *testing.T) string {
	t.Helper()
	text := systemtest.Campaign
	for was, is := range map[string]string{
		"target: 14": fmt.Sprintf("target: %d", wanted), "standby: 6": "standby: 10", `budget: "32000.00"`: `budget: "90000.00"`,
		`approve_above: "5000.00"`: `approve_above: "90000.00"`, // one person starts the run, another approves it
	} {
		if !strings.Contains(text, was) {
			t.Fatalf("the campaign has no %q", was)
		}
		text = strings.Replace(text, was, is, 1)
	}
	return text
}

// launch puts both files into the form, looks, and launches.
func launch(desk systemtest.Desk, campaign, creators string) {
	desk.Type("launch")
	desk.Send(desk.Opened("Launch a campaign"), systemtest.Filled{
		"campaign_file": systemtest.Attached(desk.Upload("campaign.yaml", campaign)), "creators_file": systemtest.Attached(desk.Upload("creators.csv", creators)),
	})
	desk.Send(desk.Opened("launch_look"), systemtest.Filled{})
}

// pay starts the month's run by a word, and waits until it is over.
func pay(s *systemtest.System, program string) {
	holdsOver(s)
	s.Desk(finance).Type("run " + program + " " + time.Now().UTC().Format("2006-01"))
	s.Until("the run's end", func() bool { return reconciled(s) })
}

func holdsOver(s *systemtest.System) {
	s.Until("the holds to be over", func() bool {
		return !slices.ContainsFunc(ledger(s), func(row board.Row) bool { return row.State == "pending" && row.EligibleAt.After(time.Now()) })
	})
}

func reconciled(s *systemtest.System) bool {
	type run struct{ State partnership.PayoutRunState }
	var all struct{ Runs []run }
	s.API("/payouts", &all)
	return slices.ContainsFunc(all.Runs, func(r run) bool { return r.State == partnership.RunReconciled })
}

func ledger(s *systemtest.System) []board.Row {
	var doc board.Ledger
	s.API("/ledger?limit=1000", &doc)
	return doc.Rows
}

// standing are the messages that stand in the channel, and how many stand under one.
func standing(s *systemtest.System) (top []string, threaded int) {
	var all struct{ Messages []message }
	s.Sandbox("/sandbox/slack/messages?after=0", &all)
	for _, m := range all.Messages {
		switch {
		case m.Ephemeral != "" || strings.HasPrefix(m.Channel, "D"):
		case m.ThreadTS != "" && m.ThreadTS != m.TS:
			threaded++
		default:
			top = append(top, m.Kind+": "+m.Text)
		}
	}
	return top, threaded
}

// byWhom checks that whatever was asked for was asked for by these doors, or by a creator.
func byWhom(t *testing.T, s *systemtest.System, by ...string) {
	t.Helper()
	var doc struct{ Audit []board.AuditLine }
	s.API("/audit?limit=1000", &doc)
	seen := map[string]int{}
	for _, line := range doc.Audit {
		seen[line.Door]++
		if line.Door != "creator" && !slices.Contains(by, line.Door) {
			t.Errorf("%s was asked for by %s", line.Deed, line.Who)
		}
	}
	t.Logf("asked for: %v", seen)
	if seen[by[0]] == 0 {
		t.Error("nothing was asked for there")
	}
}

// paid holds the provider's record against the books, and returns it.
func paid(t *testing.T, s *systemtest.System, least int) []judge.Transfer {
	t.Helper()
	var truth judge.Truth
	s.Sandbox("/truth", &truth)
	var left, booked int64
	for _, one := range truth.Transfers {
		left += one.AmountMinor - one.ReversedMinor
	}
	for _, row := range ledger(s) {
		if row.State == "paid" {
			booked += row.AmountMinor
		}
	}
	if len(truth.Transfers) < least || left != booked {
		t.Errorf("%d transfers of %d in all, and %d is booked as paid", len(truth.Transfers), left, booked)
	}
	return truth.Transfers
}
