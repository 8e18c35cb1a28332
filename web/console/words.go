package console

import (
	"context"
	"fmt"
	"math"
	"strconv"
	"strings"
	"time"

	"github.com/rapport-dev/rapport/partnership"
	"github.com/rapport-dev/rapport/partnership/board"
	"github.com/rapport-dev/rapport/partnership/money"
	"github.com/rapport-dev/rapport/partnership/zones"
)

// stageCount is how many partnerships stand in a stage.
type stageCount struct {
	Stage partnership.Stage
	N     int
}

// counts are the stages that have somebody, in the order of the story.
func counts(c board.Campaign) []stageCount {
	n := map[partnership.Stage]int{}
	for _, pa := range c.Partnerships {
		n[pa.Stage]++
	}
	var out []stageCount
	for _, stage := range partnership.Stages() {
		if n[stage] > 0 {
			out = append(out, stageCount{stage, n[stage]})
		}
	}
	return out
}

// inStage are the partnerships of a stage, in the order of their rank.
func inStage(c board.Campaign, stage partnership.Stage) []board.Partnership {
	var out []board.Partnership
	for _, pa := range c.Partnerships {
		if pa.Stage == stage {
			out = append(out, pa)
		}
	}
	return out
}

// tone is the colour of a state or outcome.
func tone(state string) string {
	switch state {
	case "running", "completed", "reconciled", "paid":
		return "tag on"
	case "paused", "planned", "review", "unknown", "posted":
		return "tag warn"
	case "cancelled", "ghosted", "rejected", "failed", "returned":
		return "tag bad"
	default:
		return "tag"
	}
}

// runTone is the colour of a run: one that has not paid everybody is not green.
func runTone(r partnership.PayoutRun) string {
	switch {
	case r.State == partnership.RunReconciled && r.Tally.Paid == 0 && r.Tally.Payouts > 0:
		return "tag bad"
	case r.Short():
		return "tag warn"
	}
	return tone(string(r.State))
}

// title makes a word of ours readable: "opted_out" is "Opted out".
func title(word string) string {
	if word == "" {
		return ""
	}
	s := strings.ReplaceAll(word, "_", " ")
	return strings.ToUpper(s[:1]) + s[1:]
}

// until says how far away an instant is: "in 2 d 3 h", "12 s ago".
func until(t, now time.Time) string {
	d := t.Sub(now).Round(time.Second)
	if d < 0 {
		return span(-d) + " ago"
	}
	return "in " + span(d)
}

func span(d time.Duration) string {
	switch {
	case d < time.Minute:
		return fmt.Sprintf("%d s", int(d.Seconds()))
	case d < time.Hour:
		return fmt.Sprintf("%d min", int(d.Minutes()))
	case d < 24*time.Hour:
		return fmt.Sprintf("%d h %d min", int(d.Hours()), int(d.Minutes())%60)
	default:
		return fmt.Sprintf("%d d %d h", int(d.Hours())/24, int(d.Hours())%24)
	}
}

func decimal(f float64) string { return strings.TrimSuffix(fmt.Sprintf("%.1f", f), ".0") }

// calendarDay is what is due on one day of the reader's zone, or all that lies behind.
type calendarDay struct {
	Name    string
	Past    bool
	Entries []board.CalendarEntry
}

// byDay groups a calendar, which is in the order of time.
func byDay(ctx context.Context, d board.Calendar, now time.Time) []calendarDay {
	var out []calendarDay
	for _, e := range d.Entries {
		name, past := dayName(ctx, e.Due), e.Due.Before(now)
		if past {
			name = "Before now"
		}
		if len(out) == 0 || out[len(out)-1].Name != name {
			out = append(out, calendarDay{Name: name, Past: past})
		}
		last := &out[len(out)-1]
		last.Entries = append(last.Entries, e)
	}
	return out
}

func dayName(ctx context.Context, t time.Time) string {
	return t.In(zoneOf(ctx)).Format("Monday, 2 January 2006")
}

func percent(share float64) string { return strconv.Itoa(int(math.Round(share*100))) + " %" }

// noLines says why a run has no payouts.
func noLines(state partnership.PayoutRunState) string {
	switch state {
	case partnership.RunClosing, partnership.RunReview:
		return "Its lines are not drawn up yet: creators are shown their statements first."
	case partnership.RunRejected:
		return "It was rejected; what it had claimed is free for the next run."
	default:
		return "Nothing was payable: what is below the minimum, or lacks a payout account, carries over."
	}
}

func preparer(by string) string {
	if by == "schedule" {
		return "the monthly schedule"
	}
	return by
}

func notApproved(state partnership.PayoutRunState) string {
	switch state {
	case partnership.RunRejected:
		return "nobody: it was rejected"
	case partnership.RunEmpty:
		return "nobody: there is nothing to pay"
	default:
		return "nobody yet"
	}
}

func plural(n int, word string) string {
	if n == 1 {
		return "1 " + word
	}
	return strconv.Itoa(n) + " " + word + "s"
}

// invoiceWords say how a payout's invoice stands, invoiceHint how to read it.
func invoiceWords(s partnership.InvoiceState) string {
	switch {
	case s.Number == "" && len(s.Waits) == 0:
		return "invoice: is about to be issued"
	case s.Number == "":
		return "invoice waits: " + strings.Join(s.Waits, "; ")
	case s.Kind == partnership.KindCreditNote:
		return "credit note " + s.Number
	}
	return "invoice " + s.Number
}

func invoiceHint(s partnership.InvoiceState) string {
	if s.Number == "" {
		return ""
	}
	return "rapport payouts invoice " + s.Number + " --out FILE"
}

// daysIn is a span that a campaign's file gives in days.
func daysIn(n float64) string {
	if n == 1 {
		return "1 day"
	}
	return decimal(n) + " days"
}

func moneyOf(minor int64, currency string) string { return money.Display(minor, currency) }

// dayOf is the day of an instant in a zone.
func dayOf(t time.Time, timezone string) string {
	return t.In(zones.Or(timezone)).Format("2 January 2006")
}

// importedWords say what an import has done.
func importedWords(done partnership.Imported) string {
	said := plural(len(done.IDs), "creator") + " of the list are kept as they stand there."
	if done.Told > 0 {
		said += " " + plural(done.Told, "old address") + " hears of its change."
	}
	for _, n := range done.Notices {
		said += " Line " + strconv.Itoa(n.Row) + ": " + n.What + "."
	}
	return said
}

// number is a number of an address, 0 for none.
func number(text string) int64 {
	n, _ := strconv.ParseInt(text, 10, 64)
	return n
}

// lineOf is a partnership as a line of a file. What a spreadsheet would take for a formula is none.
func lineOf(pa board.Partnership) []string {
	due := ""
	if pa.Deadline != nil {
		due = pa.Deadline.UTC().Format(time.RFC3339)
	}
	cells := []string{
		pa.Creator.Platform, pa.Creator.Handle, string(pa.Creator.Tier), pa.Creator.Niche, string(pa.Stage), string(pa.Outcome), pa.WaitingFor, due, decimal(pa.BufferDaysLeft),
		strconv.FormatFloat(pa.GhostRisk, 'f', 2, 64), strconv.FormatBool(pa.Paused), pa.Attention, strconv.FormatInt(pa.Terms.FeeMinor, 10), strconv.Itoa(pa.Terms.CommissionBPS), pa.Terms.Currency, string(pa.ID),
	}
	for i, cell := range cells {
		if cell != "" && strings.ContainsRune("=+-@\t\r", rune(cell[0])) {
			cells[i] = "'" + cell
		}
	}
	return cells
}

// pips are the buffer days that are left, drawn: of at most five.
func pips(days float64) (left []bool, tone string) {
	n := int(math.Ceil(days))
	for i := range maxPips {
		left = append(left, i < n)
	}
	switch {
	case n <= 1:
		return left, "pips r"
	case n == 2:
		return left, "pips w"
	}
	return left, "pips"
}

const maxPips = 5

// share is a part of a whole as a length of a drawing of a hundred.
func share(part, whole int64) string {
	if whole <= 0 {
		return "0"
	}
	return strconv.FormatFloat(min(100, 100*float64(part)/float64(whole)), 'f', 1, 64)
}
