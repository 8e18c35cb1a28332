package asking

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/rapport-dev/rapport/partnership"
	"github.com/rapport-dev/rapport/partnership/money"
	"github.com/rapport-dev/rapport/partnership/roster"
	"github.com/rapport-dev/rapport/partnership/zones"
)

// Asked is what is known of whom a partnership's question is about, and of what was said: with it a question is put into words, on a card
// and in every list alike. Personal data.
type Asked struct {
	PartnershipID partnership.PartnershipID
	Campaign      partnership.Campaign
	Creator       partnership.Creator
	Tier          partnership.Tier
	FreeMinor     int64                  // of the campaign's budget
	Standbys      int                    // who can still be asked
	Submission    partnership.Submission // the creator's words
	Drafts        []partnership.Draft    // their versions so far, oldest first
	Risk          float64
	RiskParts     []roster.RiskPart
}

// AskOf puts a partnership's question into words.
func AskOf(q partnership.Question, of Asked) Decision {
	d := Decision{
		ID: q.Kind.ID(string(of.PartnershipID), q.Of), Kind: q.Kind, About: string(of.PartnershipID), CampaignID: of.Campaign.ID, Campaign: of.Campaign.Name, PartnershipID: of.PartnershipID, Creator: of.Creator.Handle,
		Who: "manager", Since: q.At, State: partnership.QuestionOpen, Card: q.Card, Value: partnership.ActionValue(string(of.PartnershipID), q.Subject()),
	}
	if !q.Due.IsZero() {
		d.Deadline = &q.Due
	}
	d.Facts = []Fact{}
	d.fact("Campaign", of.Campaign.Name)
	switch q.Kind {
	case partnership.AsksCounter:
		d.counter(q, of)
	case partnership.AsksDraft:
		d.draft(q, of)
	case partnership.AsksSilence:
		d.silence(q, of)
	case partnership.AsksStep:
		d.step(q, of)
	}
	return d
}

func (d *Decision) counter(q partnership.Question, of Asked) {
	asked, offered := money.Display(q.AskedMinor, q.Currency), money.Display(q.OfferedMinor, q.Currency)
	more := q.AskedMinor - q.OfferedMinor
	left, yes := of.FreeMinor-more, Option{ID: partnership.ChoiceAccept, Label: "Accept", Style: "primary"}
	yes.Consequence = fmt.Sprintf("%s more than offered; %s stays free. The agreement is next.", money.Display(more, q.Currency), money.Display(left, q.Currency))
	if left < 0 {
		yes.Consequence = "over budget by " + money.Display(-left, q.Currency) + ": it will be refused; raise the budget first."
		yes.Style, yes.Confirm = "", "It is over budget by "+money.Display(-left, q.Currency)+" and will be refused. Raise the budget first. Accept all the same?"
	}
	d.Question, d.Said = "@"+of.Creator.Handle+" asks for "+asked+"; we offered "+offered, of.Submission.Note
	d.fact("Asked for", asked).fact("Offered", offered).fact("Why a person", q.Why).
		fact("Budget left", money.Display(of.FreeMinor, of.Campaign.Currency)).fact("If accepted", yes.Consequence).
		fact("Creator", fmt.Sprintf("%s followers, %.1f %% engaged, %s", thousands(of.Creator.Followers), of.Creator.EngagementRate, of.Creator.Niche))
	if doubts := roster.RateWarnings(of.Tier, q.AskedMinor, q.Currency); len(doubts) > 0 {
		d.fact("Rate", strings.Join(doubts, "; "))
	}
	d.SilenceMeans = "It is refused by rule; our " + offered + " stands, and the creator is told."
	d.Choices = []Option{yes, {ID: partnership.ChoiceRefuse, Label: "Keep our offer", Consequence: "They are told that " + offered + " stands and may still take it."}}
}

func (d *Decision) draft(q partnership.Question, of Asked) {
	d.Question, d.Said, d.Link = "Draft by @"+of.Creator.Handle+" to review", draftInWords(of.Submission), of.Submission.URL
	d.version(q, of.Drafts)
	if ok, why := partnership.Disclosed(of.Submission.Caption, of.Campaign.Brief.Disclosure); !ok && of.Submission.Caption != "" {
		d.fact("Disclosure", "Not yet: "+why)
	}
	for _, rule := range of.Campaign.Brief.NonNegotiables {
		d.fact("Guardrail", rule)
	}
	d.SilenceMeans = "It is approved by rule."
	d.Choices = []Option{
		{ID: partnership.ChoiceApprove, Label: "Approve", Consequence: "The creator is cleared to post once the tracking is verified.", Style: "primary"},
		{ID: partnership.ChoiceAdjust, Label: "Approve, with a small change", Consequence: "The creator is cleared to post, reads your words as they are, and hands in no other draft.", Words: "the small change, word for word as the creator reads it"},
		{ID: partnership.ChoiceChanges, Label: "Ask for changes", Consequence: "They read your words as they are and hand in another draft.", Words: "what should change, word for word as the creator reads it"},
	}
}

// version says which version it is, of what, and what was asked about the one before.
func (d *Decision) version(q partnership.Question, drafts []partnership.Draft) {
	at := slices.IndexFunc(drafts, func(v partnership.Draft) bool { return v.Task == q.Of })
	if at < 0 {
		return
	}
	v := drafts[at]
	if v.File != nil {
		d.fact("File", v.File.Words())
	}
	if v.Of > 1 {
		d.fact("Deliverable", v.Piece())
	}
	if v.Version == 1 {
		return
	}
	d.fact("Version", strconv.Itoa(v.Version))
	if before := drafts[at-1]; before.Feedback != "" {
		d.fact("Asked about version "+strconv.Itoa(before.Version), cutAt(before.Feedback, feedbackOnCard))
	}
}

func (d *Decision) silence(q partnership.Question, of Asked) {
	d.Question = "@" + of.Creator.Handle + " has gone quiet over " + q.What
	d.Facts = append(d.Facts, Fact{"Was due", Day(q.WasDue, of.Campaign.Timezone), q.WasDue}, Fact{"Last sign of life", lastSeen(q.LastActive, of.Campaign.Timezone), q.LastActive})
	d.Facts = append(d.Facts, riskFacts(of.Risk, of.RiskParts)...)
	next := plural(of.Standbys, "standby creator") + " can still be asked."
	if of.Standbys == 0 {
		next = "nobody is left to take the place."
	}
	d.SilenceMeans = "They count as ghosted in a few days, and " + next + " When the risk is high, the next is asked already."
	d.Choices = []Option{
		{ID: partnership.ChoiceExtend, Label: "Give 3 more days", Consequence: "The creator is told the new date.", Style: "primary"},
		{ID: partnership.ChoiceKeepWaiting, Label: "Keep waiting", Consequence: "The silence counts from now."},
		{ID: partnership.ChoiceReplace, Label: "Replace", Consequence: "The partnership ends and the creator is told; " + next, Style: "danger", Confirm: "End this partnership? " + strings.ToUpper(next[:1]) + next[1:]},
	}
}

func (d *Decision) step(q partnership.Question, of Asked) {
	d.Value = partnership.ActionValue(string(of.PartnershipID))
	d.Question, d.Said = q.What+" was refused for @"+of.Creator.Handle, q.Why+". Mend the cause, then try again; or cancel this partnership."
	d.SilenceMeans = "It waits; nothing is tried again by itself where somebody refused it for good."
	d.Choices = []Option{
		{ID: partnership.ChoiceAgain, Label: "Try again", Consequence: "Mend the cause first, else it is refused again.", Style: "primary"},
		{ID: partnership.ChoiceCancel, Label: "Cancel the partnership", Consequence: "What was made is taken back and the creator is told.", Style: "danger", Confirm: "Cancel, take back what was made, and tell the creator?"},
	}
}

func (d *Decision) fact(label, value string) *Decision {
	d.Facts = append(d.Facts, Fact{Label: label, Value: value})
	return d
}

// Day is how people read a date: in the campaign's own zone.
func Day(t time.Time, zone string) string {
	if t.IsZero() {
		return "no date"
	}
	return t.In(zones.Or(zone)).Format("Mon 2 Jan 15:04 MST")
}

func lastSeen(t time.Time, zone string) string {
	if t.IsZero() {
		return "none yet"
	}
	return Day(t, zone)
}

// shownReasons is how many parts of a risk a card shows; the partnership's page has all.
const shownReasons = 2

// riskFacts are the score and what adds most to it.
func riskFacts(score float64, parts []roster.RiskPart) []Fact {
	if score == 0 {
		return nil
	}
	most := slices.SortedStableFunc(slices.Values(parts), func(a, b roster.RiskPart) int { return cmp.Compare(b.Adds, a.Adds) })
	var why []string
	for _, part := range most[:min(shownReasons, len(most))] {
		if part.Adds > 0 {
			why = append(why, part.Words)
		}
	}
	return []Fact{{Label: "Ghost risk", Value: percent(score)}, {Label: "Mostly because", Value: strings.Join(why, "\n")}}
}

func percent(share float64) string { return strconv.Itoa(int(math.Round(100*share))) + " %" }

// How much of a draft's words a card holds, in characters: together less than the 3,000 that a chat takes in one text, and the caption is
// what is approved.
const (
	captionOnCard = 2200 // Instagram's longest
	noteOnCard    = 600
	// What was asked about the version before stands in a field of its own, which holds 2,000.
	feedbackOnCard = 600
)

// draftInWords is what a manager approves beside the draft itself: the caption that is planned, and what the creator says.
func draftInWords(s partnership.Submission) string {
	parts := []string{"No caption came with it."}
	if s.Caption != "" {
		parts[0] = "The caption that is planned:\n" + cutAt(s.Caption, captionOnCard)
	}
	if s.Note != "" {
		parts = append(parts, "The creator says:\n"+cutAt(s.Note, noteOnCard))
	}
	return strings.Join(parts, "\n\n")
}

// cutAt shortens text to a number of characters, and says that it did.
func cutAt(text string, limit int) string {
	n := utf8.RuneCountInString(text)
	if n <= limit {
		return text
	}
	return strings.TrimSpace(string([]rune(text)[:limit])) + fmt.Sprintf("… (%d more characters)", n-limit)
}

func plural(n int, word string) string {
	if n == 1 {
		return "1 " + word
	}
	return strconv.Itoa(n) + " " + word + "s"
}

func thousands(n int) string {
	s := strconv.Itoa(n)
	for i := len(s) - 3; i > 0; i -= 3 {
		s = s[:i] + "," + s[i:]
	}
	return s
}
