package faulttest

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/rapport-dev/rapport/partnership"
	"github.com/rapport-dev/rapport/playground/people"
	"github.com/rapport-dev/rapport/proof/judge"
	"github.com/rapport-dev/rapport/proof/systemtest"
)

// Faults that strike while people act hit little: what was asked for is asked for again. Here most of the people are away, and what
// moves the stories is time: offers and contracts lapse, drafts are approved by rule, a silence is escalated to managers who do not
// look, creators are given up, sales windows and holds end.

// absence is a campaign of people who are mostly away, and a fault that lasts.
type absence struct {
	name string
	day  time.Duration
	env  []string
	// strike acts until the system ends and returns how often it hit.
	strike func(*systemtest.System) map[string]int
	// prepare makes the data folder what the fault needs; nil takes a fresh one.
	prepare func(t *testing.T) (dir string)
	worker  time.Duration // how far the worker's clock is ahead
}

// TestAbsence are the long scenarios.
func TestAbsence(t *testing.T) {
	long(t)
	const day = 2 * time.Second
	for _, a := range []absence{
		{name: "Postgres is held for 4 s of every 15", day: day, strike: holdEvery("postgres", 4*time.Second, 15*time.Second)},
		{name: "Postgres is held for 12 s of every 30", day: day, strike: holdEvery("postgres", 12*time.Second, 30*time.Second)},
		{name: "Postgres is held for 60 s of every 90", day: day, strike: holdEvery("postgres", 60*time.Second, 90*time.Second)},
		{name: "Postgres is held for 9 s of every 13", day: day, strike: holdEvery("postgres", 9*time.Second, 13*time.Second)},
		{name: "Temporal hangs for 20 s of every 40", day: day, strike: holdEvery("temporal", 20*time.Second, 40*time.Second)},
		{name: "the database's disk is full for 45 s", day: day, prepare: smallDisk, strike: fillDisk(45 * time.Second)},
		{name: "the worker's clock is 2 s behind", day: day, worker: -2 * time.Second, strike: holdEvery("postgres", 4*time.Second, 30*time.Second)},
		{name: "the worker's clock is 61 s ahead", day: day, worker: 61 * time.Second, strike: holdEvery("postgres", 4*time.Second, 30*time.Second)},
	} {
		t.Run(a.name, a.run)
	}
}

func (a absence) run(t *testing.T) {
	t.Parallel()
	creators := systemtest.Crowd(18)
	dir := ""
	if a.prepare != nil {
		dir = a.prepare(t)
	} else {
		dir = systemtest.NewDir(t)
	}
	s := systemtest.Start(t, systemtest.Options{
		Dir: dir, Day: a.day, Alone: true, Exit: true, Timeout: patience, Creators: systemtest.CSV(t, creators), Env: a.env, WorkerClock: a.worker,
		Campaign: absentCampaign,
	})
	s.Await("Launched Made Together")
	town := mostlyAway(creators)
	town.Day, town.WindowDays, town.PublishFrom = a.day, 8, time.Now().Add(9*a.day)
	s.PlayTown(town)
	hits := a.strike(s)
	r := s.Report()
	for name, n := range hits {
		t.Logf("%s: %d times", name, n)
		if n == 0 {
			t.Errorf("%s: never", name)
		}
	}
	systemtest.Judge(t, r, s.Dir)
	moved(t, r)
	nobodyDied(t, s.Dir)
}

// absentCampaign is for people who are mostly away: two thirds of its slots are given on or end by themselves.
var absentCampaign = systemtest.CrowdCampaign(14, "{publish_from: +9, publish_to: +40, outreach_days: 4, sign_days: 4, produce_days: 5, review_days: 2, buffer_days: 2, window_days: 8}")

// moved holds that time moved stories to their ends.
func moved(t *testing.T, r judge.Report) {
	t.Helper()
	of := outcomes(t, r)
	for _, timed := range []string{"expired", "ghosted", "completed"} {
		if of[timed] == 0 {
			t.Errorf("none was %s: time moved too little", timed)
		}
	}
}

// mostlyAway are people of whom three do everything and one says no; the others stop answering at one stage or another, and the
// managers never look.
func mostlyAway(creators []partnership.Creator) people.Options {
	o := people.Options{Creators: creators, Seed: 1, Cast: map[string]string{}, Until: map[string]partnership.TaskKind{}, ManagersAway: true}
	kinds := slices.Concat(
		slices.Repeat([]string{"prompt"}, 3), []string{"decliner"}, slices.Repeat([]string{"silent"}, 3), slices.Repeat([]string{string(partnership.TaskSign)}, 2),
		slices.Repeat([]string{"vanisher"}, 2), slices.Repeat([]string{"quitter"}, 2), []string{string(partnership.TaskPost)},
	)
	for i, c := range creators {
		kind := "silent" // the standbys
		if i < len(kinds) {
			kind = kinds[i]
		}
		if kind == string(partnership.TaskSign) || kind == string(partnership.TaskPost) {
			o.Until[c.Handle] = partnership.TaskKind(kind)
			continue
		}
		o.Cast[c.Handle] = kind
	}
	return o
}

// holdEvery stops a process for so long, again and again, until the system ends.
func holdEvery(name string, howLong, every time.Duration) func(*systemtest.System) map[string]int {
	return func(s *systemtest.System) map[string]int {
		return map[string]int{fmt.Sprintf("%s held for %s", name, howLong): s.Every(every, func() bool { return s.Hold(name, howLong) })}
	}
}

// nobodyDied holds that no workflow ended as none may: failed, terminated or timed out.
func nobodyDied(t *testing.T, dir string) {
	t.Helper()
	byStatus, died := systemtest.Ends(t, dir)
	t.Logf("workflows: %v", byStatus)
	if len(died) > 0 {
		t.Errorf("%d workflows died: %v", len(died), died)
	}
	if byStatus["Completed"] == 0 {
		t.Error("no workflow is completed: this shows nothing")
	}
}

// TestOffersLapseWhileTheDatabaseIsAway is the short scenario of every test run: nobody answers, and the database is held at the very
// time at which the offers lapse.
func TestOffersLapseWhileTheDatabaseIsAway(t *testing.T) {
	whole(t)
	const day = time.Second
	s := systemtest.Start(t, systemtest.Options{
		Day: day, Alone: true, Exit: true, Timeout: 3 * time.Minute, Creators: systemtest.CSV(t, systemtest.Crowd(6)),
		Campaign: systemtest.CrowdCampaign(6, "{publish_from: +1, publish_to: +9, outreach_days: 5, sign_days: 4, produce_days: 5, review_days: 2, buffer_days: 2, window_days: 8}"),
	})
	s.Await("Launched Made Together")
	s.Until("all offers to be out", func() bool { return len(s.Mails("invitation", "")) == 6 })
	if !s.Hold("postgres", 12*time.Second) {
		t.Error("there was no database to hold")
	}
	r := s.Report()
	lapsed := 0
	for _, one := range r.Campaigns[0].Partnerships {
		if one.Outcome == "expired" {
			lapsed++
		}
	}
	if c := r.Campaigns[0]; lapsed != 6 || c.Budget.CommittedMinor != 0 || c.State != "finished" {
		t.Errorf("%d of 6 offers lapsed, %d stay committed, the campaign is %s", lapsed, c.Budget.CommittedMinor, c.State)
	}
	nobodyDied(t, s.Dir)
}
