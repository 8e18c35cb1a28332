package asking

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/rapport-dev/rapport/partnership"
	"github.com/rapport-dev/rapport/partnership/board"
	"github.com/rapport-dev/rapport/partnership/money"
)

// A campaign has one thread in the chat. At its head stands the board; drafts, mails and news go into the thread; one docket in the channel
// lists what waits there; and only what is out of the ordinary has a message in the channel of its own, so that those are few enough to be read.

// Weight is how a message of a campaign comes to people.
type Weight int

// The weights. What nobody has weighed is an exception: somebody had better see it.
const (
	Exception Weight = iota // in the channel
	Routine                 // in the thread, with a mention, and on the docket
	News                    // in the thread
)

var weights = map[string]Weight{
	"review_draft": Routine, "creator_reply": Routine,
	"campaign_started": News, "campaign_amended": News, "campaign_cancelled": News, "campaign_finished": News, "extra_slot": News, "dates_moved": News,
	NewsKind: News, ActKind: News,
}

// WeightOf is how a kind of message comes to people.
func WeightOf(kind string) Weight { return weights[kind] }

// The kinds of what is the campaign's own in the chat.
const (
	BoardKind  = "board"
	DocketKind = "docket"
	NewsKind   = "news"
	ActKind    = "act"
)

// BoardKey and DocketKey are of the nth of a campaign: each is posted again when somebody deletes it.
func BoardKey(id partnership.CampaignID, n int64) partnership.EffectKey {
	return partnership.CampaignKey(id, BoardKind, int(n))
}

// DocketKey is the same of a docket.
func DocketKey(id partnership.CampaignID, n int64) partnership.EffectKey {
	return partnership.CampaignKey(id, DocketKind, int(n))
}

// MostInChannel is how many messages of a campaign may stand in the channel when another exception comes: beyond them it goes into the thread,
// with a mention and a row on the docket. With that one they are 29, of the 30 that people are promised.
const MostInChannel = 28

// Threaded is a decision, and where in the chat it is asked.
type Threaded struct {
	Decision
	URL      string // of its card, "" not known
	InThread bool   // so that it needs a row on the docket
}

// Standing is how a campaign stands, for its board and its docket.
type Standing struct {
	Campaign board.Campaign
	Calendar board.Calendar
	Waits    []Threaded
	Owner    string // who launched it, as the audit knows them
	Now      time.Time
}

// barCells is how wide a bar is.
const barCells = 20

// share is a part of a whole, and by which sign a bar shows it.
type share struct {
	n    int64
	sign string
}

// bar draws shares of a whole; what is left is ░. It stands after its numbers: nothing is said by it alone.
func bar(whole int64, parts ...share) string {
	out, used, sum := "", 0, int64(0)
	for _, p := range parts {
		sum += max(p.n, 0)
		end := barCells
		if whole > 0 {
			end = int(min(sum, whole) * barCells / whole)
		}
		out += strings.Repeat(p.sign, max(end-used, 0))
		used = max(used, end)
	}
	return out + strings.Repeat("░", barCells-used)
}

// name is the campaign's, with its round where there was another before.
func (s Standing) name() string {
	if s.Campaign.Round > 1 {
		return fmt.Sprintf("%s, round %d", s.Campaign.Name, s.Campaign.Round)
	}
	return s.Campaign.Name
}

// Board is the head of the campaign's thread.
func (s Standing) Board(key partnership.EffectKey, url string) partnership.Message {
	c := s.Campaign
	m := partnership.Message{
		Key: key, Kind: BoardKind, Text: fmt.Sprintf("%s: %d of %d live", s.name(), c.Live, c.Target),
		Body:    strings.Join([]string{s.liveLine(), s.stagesLine(), s.budgetLine()}, "\n"),
		LinkURL: url + "/campaigns/" + string(c.ID), LinkText: "Open the campaign",
		Context: "News of this campaign is in this thread.",
	}
	if len(s.Waits) > 0 {
		m.Text += ", " + plural(len(s.Waits), "decision") + " " + map[bool]string{true: "waits", false: "wait"}[len(s.Waits) == 1]
	}
	if s.Owner != "" {
		m.Facts = append(m.Facts, partnership.Fact{Label: "Launched by", Value: partnership.PersonMark(s.Owner)})
	}
	if c.Attention != "" {
		m.Facts = append(m.Facts, partnership.Fact{Label: "Look at it", Value: partnership.Unmarked(c.Attention)})
	}
	if dates := s.nextDates(); dates != "" {
		m.Facts = append(m.Facts, partnership.Fact{Label: "Next dates", Value: dates})
	}
	if waits := waiting(s.Waits); waits != "" {
		m.Facts = append(m.Facts, partnership.Fact{Label: "Waits for a decision", Value: waits})
	}
	return m
}

func (s Standing) liveLine() string {
	line := fmt.Sprintf("%d of %d live · %s", s.Campaign.Live, s.Campaign.Target, s.Campaign.State)
	if s.Campaign.Reason != "" {
		line += ": " + s.Campaign.Reason
	}
	return line + "\n" + bar(int64(s.Campaign.Target), share{int64(s.Campaign.Live), "█"})
}

// stagesLine counts those that go on by their stage, and then the ends of the others.
func (s Standing) stagesLine() string {
	stages, ends, order := map[partnership.Stage]int{}, map[partnership.Outcome]int{}, []partnership.Outcome{}
	for _, p := range s.Campaign.Partnerships {
		switch {
		case p.Outcome == "":
			stages[p.Stage]++
		default:
			if ends[p.Outcome]++; ends[p.Outcome] == 1 {
				order = append(order, p.Outcome)
			}
		}
	}
	var open, over []string
	for _, stage := range partnership.Stages() {
		if stages[stage] > 0 {
			open = append(open, fmt.Sprintf("%s %d", stage, stages[stage]))
		}
	}
	slices.Sort(order)
	for _, end := range order {
		over = append(over, fmt.Sprintf("%s %d", end, ends[end]))
	}
	if len(open)+len(over) == 0 {
		return "Nobody is invited yet."
	}
	if len(open) == 0 {
		return "All have ended: " + strings.Join(over, " · ")
	}
	return strings.Join(append(open, over...), " · ")
}

func (s Standing) budgetLine() string {
	b := s.Campaign.Budget
	shown := func(minor int64) string { return money.Display(minor, b.Currency) }
	promised := max(b.CommittedMinor-b.SpentMinor, 0)
	free := b.LimitMinor - max(b.CommittedMinor, b.SpentMinor)
	return fmt.Sprintf("Budget %s: %s spent, %s promised, %s free\n%s", shown(b.LimitMinor), b.Spent(), shown(promised), shown(free),
		bar(b.LimitMinor, share{b.SpentMinor, "█"}, share{promised, "▓"}))
}

// How much a board shows of what comes and of what waits; the console has all.
const (
	shownDays  = 3
	shownWaits = 8
)

// nextDates are the next days on which something is due, with what.
func (s Standing) nextDates() string {
	type date struct {
		first time.Time
		what  map[string]int
		order []string
	}
	var days []*date
	byDay := map[string]*date{}
	entries := slices.SortedStableFunc(slices.Values(s.Calendar.Entries), func(a, b board.CalendarEntry) int { return a.Due.Compare(b.Due) })
	for _, e := range entries {
		if e.Due.Before(s.Now) || e.HeldUp {
			continue
		}
		d := byDay[e.Day]
		if d == nil {
			if len(days) == shownDays {
				break
			}
			d = &date{first: e.Due, what: map[string]int{}}
			byDay[e.Day], days = d, append(days, d)
		}
		if d.what[e.What]++; d.what[e.What] == 1 {
			d.order = append(d.order, e.What)
		}
	}
	var lines []string
	for _, d := range days {
		var words []string
		for _, what := range d.order {
			if n := d.what[what]; n > 1 {
				what = fmt.Sprintf("%d × %s", n, what)
			}
			words = append(words, partnership.Unmarked(what))
		}
		lines = append(lines, partnership.TimeMark(d.first)+"  "+strings.Join(words, " · "))
	}
	return strings.Join(lines, "\n")
}

// byDeadline puts first what silence decides soonest.
func byDeadline(waits []Threaded) []Threaded {
	return slices.SortedStableFunc(slices.Values(waits), func(a, b Threaded) int {
		switch {
		case a.Deadline != nil && b.Deadline != nil:
			return a.Deadline.Compare(*b.Deadline)
		case a.Deadline != nil:
			return -1
		case b.Deadline != nil:
			return 1
		}
		return a.Since.Compare(b.Since)
	})
}

func waiting(waits []Threaded) string {
	var lines []string
	for i, w := range byDeadline(waits) {
		if i == shownWaits {
			lines = append(lines, fmt.Sprintf("and %d more", len(waits)-i))
			break
		}
		until := "no deadline"
		if w.Deadline != nil {
			until = partnership.TimeMark(*w.Deadline)
		}
		lines = append(lines, "• "+until+"  "+partnership.LinkMark(w.URL, cutAt(w.Question, shownQuestion)))
	}
	return strings.Join(lines, "\n")
}

// How much of a question a row shows, in characters, and how many rows a docket has.
const (
	shownQuestion = 120
	docketRows    = 40
)

// Docket is what waits in the campaign's thread, a row each.
func (s Standing) Docket(key partnership.EffectKey, url string) partnership.Message {
	m := partnership.Message{
		Key: key, Kind: DocketKind, LinkURL: url + "/campaigns/" + string(s.Campaign.ID), LinkText: "Open the campaign",
		Context: "Each card is in the campaign's thread. This message is brought up to date, not posted again.",
	}
	var rows []Threaded
	for _, w := range byDeadline(s.Waits) {
		if w.InThread {
			rows = append(rows, w)
		}
	}
	if len(rows) == 0 {
		m.Text = "In the thread of " + s.name() + " nothing waits"
		return m
	}
	m.Text = fmt.Sprintf("In the thread of %s wait %d", s.name(), len(rows))
	for i, w := range rows {
		if i == docketRows {
			m.Facts = append(m.Facts, partnership.Fact{Label: "And", Value: fmt.Sprintf("%d more", len(rows)-i)})
			break
		}
		value := partnership.LinkMark(w.URL, "The card")
		if w.URL == "" {
			value = "In the thread"
		}
		if w.Deadline != nil {
			value += " by " + partnership.TimeMark(*w.Deadline)
		}
		m.Facts = append(m.Facts, partnership.Fact{Label: cutAt(w.Question, shownQuestion), Value: value + "\nIf nobody answers: " + partnership.Unmarked(w.SilenceMeans)})
	}
	return m
}
