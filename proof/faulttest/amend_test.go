package faulttest

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/rapport-dev/rapport/app/amend"
	"github.com/rapport-dev/rapport/partnership"
	"github.com/rapport-dev/rapport/partnership/timeline"
	"github.com/rapport-dev/rapport/proof/systemtest"
)

// amendDay is a campaign day of the campaign that is amended: so long that by itself nothing happens in it while the test looks.
// Whatever differs between the preview and the effect is then a fault, and no story that went on meanwhile.
const amendDay = 30 * time.Minute

// thirty says how many of the thirty creators rest where, by the first task that they leave alone, and what an amendment of the
// publish window has to do to them.
var thirty = []struct {
	n       int
	until   partnership.TaskKind
	waiting string
	reach   timeline.Reach
}{
	{5, partnership.TaskOffer, "the creator's answer to the offer", timeline.Moves},
	{5, partnership.TaskSign, "the creator's signature", timeline.Moves},
	{8, partnership.TaskReceive, "the parcel's delivery", timeline.Moves},
	{6, partnership.TaskDraft, "the creator's draft", timeline.Moves},
	{6, partnership.TaskPost, "the creator's post", timeline.Keeps},
}

// TestAmendingAThirtyCreatorCampaign changes the publish window of a running campaign; the worker and the command die in the middle.
func TestAmendingAThirtyCreatorCampaign(t *testing.T) {
	whole(t)
	amendUnder(t, "worker")
}

// amendUnder amends the campaign while processes are killed in the middle of it, has it applied to its end, applies it again, and
// takes it back.
func amendUnder(t *testing.T, kills ...string) {
	creators := systemtest.Crowd(30)
	s := systemtest.Start(t, systemtest.Options{
		Day: amendDay, Campaign: thirtyCampaign("+9", "+60"), Creators: systemtest.CSV(t, creators), Alone: true,
	})
	s.Await("Launched Made Together")
	c := &amended{t: t, s: s}
	c.settle(creators)

	before := s.Dates()
	file := filepath.Join(s.Dir, "amended.yaml")
	if err := os.WriteFile(file, []byte(thirtyCampaign("+45", "+80")), 0o600); err != nil {
		t.Fatal(err)
	}
	command := []string{"campaign", "amend", string(s.CampaignID()), "-f", file}
	var preview amend.Preview
	s.Document(&preview, command...)
	c.previewed(preview)
	if n := len(s.Mails("dates_moved", "")); n != 0 || !same(s.Dates(), before) {
		t.Fatalf("the preview alone sent %d mails or moved dates", n)
	}
	want := effect(before, preview)

	c.killInTheMiddle(append(command, "--apply", "--json"), kills)
	done := c.apply(append(command, "--apply")...)
	if done.Version != 1 || !done.Again || len(done.Missing) > 0 {
		t.Errorf("the command after the one that died says version %d, again %v, %d missing; want 1, true and none", done.Version, done.Again, len(done.Missing))
	}
	c.reached("the effect", want)
	c.toldOnce(preview, 1)
	t.Logf("a person was asked about %d mails of which nobody knew", len(s.Cards("unknown_effect", "")))

	done = c.apply(append(command, "--apply")...)
	if done.Version != 1 || !done.Again || done.Preview.Counts[timeline.Moves] != 0 {
		t.Errorf("applied once more it says version %d, again %v, and moves %d", done.Version, done.Again, done.Preview.Counts[timeline.Moves])
	}
	if out := s.Must(append(command, "--apply")...); !strings.Contains(out, "nothing was changed") {
		t.Errorf("applied once more it does not say that nothing changed: %s", out)
	}
	c.toldOnce(preview, 1)
	if !same(s.Dates(), want) {
		t.Error("applied once more it moved dates")
	}

	undo := []string{"campaign", "amend", string(s.CampaignID()), "--undo"}
	var back amend.Preview
	s.Document(&back, undo...)
	c.previewed(back)
	if !same(effect(want, back), before) {
		t.Error("the preview of the undo does not lead back")
	}
	if done = c.apply(append(undo, "--apply")...); done.Version != 2 || done.Again || len(done.Missing) > 0 {
		t.Errorf("the undo says version %d, again %v, %d missing", done.Version, done.Again, len(done.Missing))
	}
	c.reached("the undo", before)
	c.toldOnce(back, 2)
	s.Interrupt()
}

func thirtyCampaign(from, to string) string {
	return systemtest.CrowdCampaign(30, fmt.Sprintf(
		"{publish_from: %q, publish_to: %q, outreach_days: 5, sign_days: 4, produce_days: 5, review_days: 2, buffer_days: 2, window_days: 8}", from, to))
}

// amended is the campaign under test.
type amended struct {
	t *testing.T
	s *systemtest.System
}

// settle plays the creators until each rests where they should.
func (c *amended) settle(creators []partnership.Creator) {
	c.t.Helper()
	until, waiting, parcels, i := map[string]partnership.TaskKind{}, map[string]string{}, map[string]bool{}, 0
	for _, group := range thirty {
		for range group.n {
			h := creators[i].Handle
			until[h], waiting[h], parcels[h] = group.until, group.waiting, group.until == partnership.TaskDraft || group.until == partnership.TaskPost
			i++
		}
	}
	c.s.Play(creators, until, 250*time.Millisecond)
	c.s.Until("everybody to rest in their stage", func() bool {
		resting, all, under := 0, c.s.Partnerships(), c.s.Parcels()
		for handle, one := range all {
			parcel, sent := under[one.ID]
			if parcels[handle] && sent && parcel.Status != "delivered" {
				c.s.Carrier(parcel, map[string]any{"status": "delivered"})
			}
			if one.WaitingFor == waiting[handle] {
				resting++
			}
		}
		return resting == len(creators) && len(all) == len(creators)
	})
}

// previewed checks that a preview reaches each group as it should.
func (c *amended) previewed(preview amend.Preview) {
	c.t.Helper()
	want, all := map[string]timeline.Reach{}, c.s.Partnerships()
	for _, group := range thirty {
		want[group.waiting] = group.reach
	}
	if len(preview.Lines) != len(all) {
		c.t.Errorf("the preview has %d lines for %d partnerships", len(preview.Lines), len(all))
	}
	for _, line := range preview.Lines {
		if line.Reach != want[all[line.Creator].WaitingFor] || (line.Reach == timeline.Moves) != (len(line.Changes) > 0) {
			c.t.Errorf("@%s, waiting for %s: %s with %d changes", line.Creator, all[line.Creator].WaitingFor, line.Reach, len(line.Changes))
		}
	}
}

// killInTheMiddle starts the command and, once some creators and not all have heard, kills it and the processes.
func (c *amended) killInTheMiddle(command, kills []string) {
	c.t.Helper()
	// Some mails leave at once, some hang at the vendor and are neither sent nor known not to be when the worker dies.
	c.s.Plan(systemtest.Plan{Vendor: "sendgrid", Endpoint: "mail.send", Kind: "slow", MS: 5000, Count: 6})
	cmd := c.s.Command(command...)
	if err := cmd.Start(); err != nil {
		c.t.Fatal(err)
	}
	c.s.Until("the middle", func() bool { return len(c.s.Mails("dates_moved", "")) >= 6 })
	told := len(c.s.Mails("dates_moved", ""))
	_ = cmd.Process.Kill()
	err := cmd.Wait()
	for _, name := range kills {
		if !c.s.Kill(name) {
			c.t.Errorf("%s was not there to be killed", name)
		}
	}
	c.t.Logf("killed after %d of 24 mails, the command with %v", told, err)
	if told >= 24 {
		c.t.Error("everybody had heard already: this shows nothing")
	}
	if exit, ok := err.(*exec.ExitError); !ok || exit.Success() {
		c.t.Error("the command had ended already")
	}
}

// applied is what `campaign amend --apply --json` prints.
type applied struct {
	Version int
	Again   bool
	Preview amend.Preview
	Missing []amend.Line
}

// apply runs a command that applies, and once more as long as it says that it has to be tried again: a process that was killed may
// not be back yet.
func (c *amended) apply(command ...string) (done applied) {
	c.t.Helper()
	c.s.Until("the command to be answered", func() bool {
		cmd := c.s.Command(append(command, "--json")...)
		var out, errOut bytes.Buffer
		cmd.Stdout, cmd.Stderr = &out, &errOut
		err := cmd.Run()
		if err != nil && strings.Contains(errOut.String(), "try again in a moment") {
			return false
		}
		if err == nil {
			err = json.Unmarshal(out.Bytes(), &done)
		}
		if err != nil {
			c.t.Fatalf("rapport %s: %v: %s", strings.Join(command, " "), err, errOut.String())
		}
		return true
	})
	return done
}

// effect is what the dates have to be after what was previewed.
func effect(before systemtest.Dates, preview amend.Preview) systemtest.Dates {
	after := systemtest.Dates{}
	for id, dates := range before {
		after[id] = maps.Clone(dates)
	}
	for _, line := range preview.Lines {
		for _, change := range line.Changes {
			after[line.PartnershipID][change.Kind] = change.To
		}
	}
	return after
}

func same(a, b systemtest.Dates) bool {
	return maps.EqualFunc(a, b, func(x, y map[timeline.Kind]time.Time) bool { return maps.EqualFunc(x, y, time.Time.Equal) })
}

// reached waits until the board has the dates, partnership by partnership, and checks that nobody's story went on meanwhile.
func (c *amended) reached(what string, want systemtest.Dates) {
	c.t.Helper()
	deadline := time.Now().Add(30 * time.Second)
	var now systemtest.Dates
	c.s.Until(what, func() bool { now = c.s.Dates(); return same(now, want) || time.Now().After(deadline) })
	for handle, one := range c.s.Partnerships() {
		for kind, due := range want[one.ID] {
			if !now[one.ID][kind].Equal(due) {
				c.t.Errorf("%s: @%s, waiting for %s: %s is at %s, previewed %s", what, handle, one.WaitingFor, kind, now[one.ID][kind], due)
			}
		}
	}
	if len(now) != len(want) {
		c.t.Errorf("%s: %d partnerships have dates, want %d", what, len(now), len(want))
	}
	at := map[string]int{}
	for _, one := range c.s.Partnerships() {
		at[one.WaitingFor]++
	}
	for _, group := range thirty {
		if at[group.waiting] != group.n {
			c.t.Errorf("%d wait for %s, want %d as before", at[group.waiting], group.waiting, group.n)
		}
	}
}

// toldOnce checks that whoever moves has got times mails in all, the last of which says what was previewed, and nobody else anything;
// and that the team has got as many messages, each for all of them.
func (c *amended) toldOnce(preview amend.Preview, times int) {
	c.t.Helper()
	for _, line := range preview.Lines {
		mails := c.s.Mails("dates_moved", line.PartnershipID)
		if line.Reach != timeline.Moves {
			if len(mails) > 0 {
				c.t.Errorf("@%s does not move and is told of it", line.Creator)
			}
			continue
		}
		if len(mails) != times {
			c.t.Errorf("@%s got %d mails, want %d", line.Creator, len(mails), times)
			continue
		}
		for _, words := range strings.Split(timeline.Words(line.Changes), "\n") {
			if strings.HasPrefix(words, "your") && !strings.Contains(mails[times-1].Text, words) {
				c.t.Errorf("@%s: the mail does not say %q", line.Creator, words)
			}
		}
	}
	if cards := c.s.Cards("dates_moved", ""); len(cards) > 0 {
		c.t.Errorf("the team got %d messages about single partnerships", len(cards))
	}
	news := c.s.Cards("campaign_amended", "")
	if want := fmt.Sprintf("%d of %d open partnerships move", preview.Counts[timeline.Moves], len(preview.Lines)); len(news) != times || !strings.Contains(string(news[len(news)-1].Blocks), want) {
		c.t.Errorf("the team got %d messages about the amendment, want %d, the last with %q", len(news), times, want)
	}
}
