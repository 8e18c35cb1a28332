package dev

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/rapport-dev/rapport/partnership"
	"github.com/rapport-dev/rapport/partnership/money"
)

// view is what the board shows at one moment.
type view struct {
	Elapsed   time.Duration
	Day       time.Duration
	Now       time.Time
	Addresses [][2]string // label, URL
	Campaigns []campaignView
	Note      string // what is awaited besides: a hold, an approval
}

type campaignView struct {
	Name, State       string
	Round, Target     int
	Currency          string
	Budget, Committed int64  // minor units
	Spent, Earned     string // as people read them; Earned is what creators' links and codes sold
	Partnerships      []row
}

// row is one creator's line.
type row struct {
	Handle, Niche, WaitingFor, Attention string
	Tier                                 partnership.Tier
	Stage                                partnership.Stage
	Outcome                              partnership.Outcome
	Deadline                             time.Time
}

// stageOrder is the order of the story, in which counts are shown.
var stageOrder = []partnership.Stage{partnership.Outreach, partnership.Negotiation, partnership.Contracting, partnership.Tracking, partnership.Gifting, partnership.Content, partnership.Performance, partnership.PayoutStage, partnership.Renewal}

var outcomeOrder = []partnership.Outcome{partnership.Completed, partnership.Declined, partnership.Expired, partnership.Ghosted, partnership.Replaced, partnership.Cancelled, partnership.OptedOut}

// render draws the board for a terminal of that size; what does not fit below is counted instead.
func render(v view, width, height int) string {
	var lines []string
	add := func(format string, args ...any) { lines = append(lines, cutWidth(fmt.Sprintf(format, args...), width)) }
	add("Rapport   %s   one campaign day = %s", clock(v.Elapsed), v.Day)
	for _, a := range v.Addresses {
		add("  %-9s %s", a[0], a[1])
	}
	for _, c := range v.Campaigns {
		add("")
		add("%s, round %d: %s   %d slots   budget %s, committed %s, spent %s   sales %s", c.Name, c.Round, c.State, c.Target,
			money.Display(c.Budget, c.Currency), money.Display(c.Committed, c.Currency), c.Spent, c.Earned)
		add("  %s", counts(c.Partnerships))
		rows := sorted(c.Partnerships)
		room := max(height-len(lines)-3, 3)
		for i, r := range rows {
			if i == room && len(rows) > room+1 {
				add("  ... and %d more", len(rows)-room)
				break
			}
			add("  %s", r.line(v))
		}
	}
	if v.Note != "" {
		add("")
		add("%s", v.Note)
	}
	return strings.Join(lines, "\n") + "\n"
}

func (r row) line(v view) string {
	where, what := string(r.Stage), "waiting for "+r.WaitingFor
	switch {
	case r.Outcome != "":
		where, what = string(r.Outcome), ""
	case r.WaitingFor == "":
		what = "working"
	}
	if r.Attention != "" {
		what = "! " + r.Attention
	} else if r.Outcome == "" && !r.Deadline.IsZero() {
		what += ", due " + inDays(r.Deadline.Sub(v.Now), v.Day)
	}
	return strings.TrimRight(fmt.Sprintf("%-20s %-6s %-13s %-12s %s", "@"+r.Handle, short(r.Tier), r.Niche, where, what), " ")
}

func short(t partnership.Tier) string {
	if t == partnership.AboveMicro {
		return "above"
	}
	return string(t)
}

// inDays says how far away an instant is, in campaign days.
func inDays(d, day time.Duration) string {
	days := float64(d) / float64(day)
	switch {
	case days < -0.05:
		return fmt.Sprintf("%.1f days ago", -days)
	case days < 0.05:
		return "now"
	default:
		return fmt.Sprintf("in %.1f days", days)
	}
}

// counts says how many creators are in each stage and how many ended how.
func counts(rows []row) string {
	stages, outcomes := map[partnership.Stage]int{}, map[partnership.Outcome]int{}
	for _, r := range rows {
		if r.Outcome == "" {
			stages[r.Stage]++
		} else {
			outcomes[r.Outcome]++
		}
	}
	var open, ended []string
	for _, s := range stageOrder {
		if n := stages[s]; n > 0 {
			open = append(open, fmt.Sprintf("%s %d", s, n))
		}
	}
	for _, o := range outcomeOrder {
		if n := outcomes[o]; n > 0 {
			ended = append(ended, fmt.Sprintf("%s %d", o, n))
		}
	}
	switch {
	case len(rows) == 0:
		return "ranking the roster"
	case len(open) == 0:
		return strings.Join(ended, " · ")
	case len(ended) == 0:
		return strings.Join(open, " · ")
	default:
		return strings.Join(open, " · ") + "   |   " + strings.Join(ended, " · ")
	}
}

// sorted puts what needs a person first, then by stage, the ended ones last.
func sorted(rows []row) []row {
	rows = slices.Clone(rows)
	rank := func(r row) int {
		switch {
		case r.Outcome != "":
			return 100 + slices.Index(outcomeOrder, r.Outcome)
		case r.Attention != "":
			return -1
		default:
			return slices.Index(stageOrder, r.Stage)
		}
	}
	slices.SortStableFunc(rows, func(a, b row) int {
		if d := rank(a) - rank(b); d != 0 {
			return d
		}
		return strings.Compare(a.Handle, b.Handle)
	})
	return rows
}

// changes are a line for each creator that moved between two views, for output that is not a terminal.
func changes(before, after view) []string {
	was := map[string]row{}
	for _, c := range before.Campaigns {
		for _, r := range c.Partnerships {
			was[c.Name+"/"+r.Handle] = r
		}
	}
	var lines []string
	for _, c := range after.Campaigns {
		for _, r := range c.Partnerships {
			old, known := was[c.Name+"/"+r.Handle]
			switch {
			case known && old.Stage == r.Stage && old.Outcome == r.Outcome && old.Attention == r.Attention:
				continue
			case r.Outcome != "":
				lines = append(lines, fmt.Sprintf("%s  @%s: %s", clock(after.Elapsed), r.Handle, r.Outcome))
			case r.Attention != "":
				lines = append(lines, fmt.Sprintf("%s  @%s: %s, attention: %s", clock(after.Elapsed), r.Handle, r.Stage, r.Attention))
			default:
				lines = append(lines, fmt.Sprintf("%s  @%s: %s", clock(after.Elapsed), r.Handle, r.Stage))
			}
		}
	}
	if after.Note != "" && wordsOf(after.Note) != wordsOf(before.Note) { // a countdown is no news
		lines = append(lines, clock(after.Elapsed)+"  "+after.Note)
	}
	return lines
}

// wordsOf is a note without its numbers.
func wordsOf(note string) string {
	return strings.Map(func(r rune) rune {
		if r >= '0' && r <= '9' || r == '.' {
			return -1
		}
		return r
	}, note)
}

// clock is minutes and seconds.
func clock(d time.Duration) string {
	return fmt.Sprintf("%02d:%02d", int(d.Minutes()), int(d.Seconds())%60)
}

// cutWidth cuts a line that would wrap and spoil the redraw. It counts characters, which is right for all but wide scripts.
func cutWidth(line string, width int) string {
	runes := []rune(line)
	if width <= 1 || len(runes) <= width {
		return line
	}
	return string(runes[:width-1]) + "…"
}
