package board_test

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/rapport-dev/rapport/partnership"
	"github.com/rapport-dev/rapport/partnership/board"
	"github.com/rapport-dev/rapport/partnership/roster"
	"github.com/rapport-dev/rapport/partnership/timeline"
)

var noon = time.Date(2026, 11, 10, 12, 0, 0, 0, time.UTC)

const day = 24 * time.Hour

// Lists are never null, so that a script can count them.
func TestAPartnershipOfWhichNothingIsKnown(t *testing.T) {
	t.Parallel()
	got := board.PartnershipOf(board.PartnershipFacts{Shows: partnership.Projection{PartnershipID: "pa", Stage: partnership.Outreach}})
	want := board.Partnership{ID: "pa", Stage: partnership.Outreach, GhostRiskParts: []roster.RiskPart{}, Posts: []board.Post{}, Slips: []board.Slip{}, Timeline: []partnership.TimelineEvent{}}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

func TestWhichContractStands(t *testing.T) {
	t.Parallel()
	version := func(n int, status partnership.EnvelopeStatus) partnership.Contract {
		return partnership.Contract{EnvelopeID: "env", Version: n, Status: status}
	}
	const sent, signed, voided = partnership.EnvelopeStatus("sent"), partnership.EnvelopeCompleted, partnership.EnvelopeStatus("voided")
	for name, c := range map[string]struct {
		versions         []partnership.Contract
		stands, proposed int // versions, 0 none
	}{
		"none":                          {nil, 0, 0},
		"sent":                          {[]partnership.Contract{version(1, sent)}, 1, 0},
		"sent again unsigned":           {[]partnership.Contract{version(1, voided), version(2, sent)}, 2, 0},
		"an amendment":                  {[]partnership.Contract{version(1, signed), version(2, sent)}, 1, 2},
		"the newest amendment":          {[]partnership.Contract{version(1, signed), version(2, voided), version(3, sent)}, 1, 3},
		"an amendment that was signed":  {[]partnership.Contract{version(1, signed), version(2, voided), version(3, signed)}, 3, 0},
		"an amendment of the amendment": {[]partnership.Contract{version(1, signed), version(2, signed), version(3, sent)}, 2, 3},
	} {
		doc := board.PartnershipOf(board.PartnershipFacts{Contracts: c.versions})
		number := func(c *board.Contract) int {
			if c == nil {
				return 0
			}
			return c.Version
		}
		if number(doc.Contract) != c.stands || number(doc.Amendment) != c.proposed {
			t.Errorf("%s: version %d stands, %d is proposed", name, number(doc.Contract), number(doc.Amendment))
		}
	}
}

// What stands still comes before what a story asks for, and that before a step that fails.
func TestWhatNeedsAttentionFirst(t *testing.T) {
	t.Parallel()
	finding := partnership.Finding{Stuck: partnership.Stuck{WorkflowID: "partnership/pa", Kind: partnership.StuckFailed, Since: noon}}
	step := partnership.FailingStep{WorkflowID: "partnership/pa", Activity: "AskCreator", Since: noon, Vendor: "sendgrid", Why: "retry"}
	for _, c := range []struct {
		asks     string
		standing board.Standing
		want     string
	}{
		{"", board.Standing{}, ""},
		{"look", board.Standing{}, "look"},
		{"look", board.Standing{Steps: []partnership.FailingStep{step}}, "look"},
		{"", board.Standing{Steps: []partnership.FailingStep{step}}, "ask creator has not succeeded since 10 Nov 12:00 UTC (sendgrid: retry)"},
		{"look", board.Standing{Findings: []partnership.Finding{finding}, Steps: []partnership.FailingStep{step}}, "stands still since 10 Nov 12:00 UTC, its workflow failed: rapport workflows mend partnership/pa"},
	} {
		doc := board.PartnershipOf(board.PartnershipFacts{Shows: partnership.Projection{Attention: c.asks}, Standing: c.standing})
		if doc.Attention != c.want || len(doc.Stuck) != len(c.standing.Findings) || len(doc.FailingSteps) != len(c.standing.Steps) {
			t.Errorf("%+v: %q, want %q", c.standing, doc.Attention, c.want)
		}
	}
}

// A campaign shows its own workflow's trouble; its partnerships' stand with them.
func TestACampaignShowsItsOwnTrouble(t *testing.T) {
	t.Parallel()
	of := func(workflow string) board.Standing {
		return board.Standing{
			Findings: []partnership.Finding{{Stuck: partnership.Stuck{WorkflowID: workflow, Kind: partnership.StuckTaskFailing, Since: noon}}},
			Steps:    []partnership.FailingStep{{WorkflowID: workflow, Activity: "Rank", Since: noon}},
		}
	}
	if c := board.CampaignOf(board.CampaignFacts{ID: "c1", Standing: of("campaign/c1")}); len(c.Stuck) != 1 || len(c.FailingSteps) != 1 || !strings.HasPrefix(c.Attention, "stands still") {
		t.Errorf("its own: %+v", c)
	}
	if c := board.CampaignOf(board.CampaignFacts{ID: "c1", Standing: of("campaign/c2")}); len(c.Stuck)+len(c.FailingSteps) != 0 || c.Attention != "" {
		t.Errorf("another's: %+v", c)
	}
}

func TestOnlyWhatIsAwaitedIsOverdue(t *testing.T) {
	t.Parallel()
	milestone := func(kind timeline.Kind, after time.Duration, met bool) partnership.Milestone {
		return partnership.Milestone{Kind: string(kind), Due: noon.Add(after), At: noon.Add(after), Fact: met}
	}
	facts := board.CalendarFacts{
		CampaignID: "c1", State: "running", Timezone: "Pacific/Auckland", Schedule: partnership.Schedule{PublishFrom: noon.Add(-day), PublishTo: noon.Add(9 * day)},
		Partnerships: []board.Dated{{Shows: partnership.Projection{
			PartnershipID: "late", WaitingFor: "the creator's draft", Deadline: noon.Add(-day),
			Plan: []partnership.Milestone{milestone(timeline.OfferDue, -5*day, true), milestone(timeline.DraftDue, -day, false), milestone(timeline.PublishDue, 3*day, false)},
		}}, {Shows: partnership.Projection{
			PartnershipID: "off plan", WaitingFor: "the parcel's delivery (late)", Deadline: noon.Add(day),
			Plan: []partnership.Milestone{milestone(timeline.PublishDue, 2*day, false)},
		}}},
	}
	type line struct {
		Of, Kind, Owner, Day     string
		Awaited, Overdue, HeldUp bool
	}
	lines := func() (out []line) {
		for _, e := range board.CalendarOf(facts, noon).Entries {
			out = append(out, line{string(e.PartnershipID), e.Kind, e.Owner, e.Day, e.Awaited, e.Overdue, e.HeldUp})
		}
		return out
	}
	want := []line{
		{"late", string(timeline.DraftDue), timeline.Creator, "2026-11-10", true, true, false}, // the zone is a day ahead
		{"off plan", board.DateAwaited, timeline.Carrier, "2026-11-12", true, false, false},
		{"off plan", string(timeline.PublishDue), timeline.Creator, "2026-11-13", false, false, false},
		{"late", string(timeline.PublishDue), timeline.Creator, "2026-11-14", false, false, true},
		{"", board.DatePublishTo, timeline.Brand, "2026-11-20", false, false, false},
	}
	if diff := cmp.Diff(want, lines()); diff != "" {
		t.Error(diff)
	}
	facts.State = "cancelled"
	if got := lines(); len(got) != len(want)-1 {
		t.Errorf("a cancelled campaign has a publish window: %+v", got)
	}
}
