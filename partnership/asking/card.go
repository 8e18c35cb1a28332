package asking

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"github.com/rapport-dev/rapport/partnership"
)

// drawn is how a kind's question looks as a card: what sort of message it is and which action its buttons have. Where whole is false the
// card was drawn by who posted it, with more than the list knows: it is left as it is until the question is over.
type drawn struct {
	message, verb string
	whole         bool
}

var cards = map[partnership.QuestionKind]drawn{
	partnership.AsksCounter:    {"counter_offer", partnership.ActDecideCounter, true},
	partnership.AsksDraft:      {"review_draft", partnership.ActReviewDraft, true},
	partnership.AsksSilence:    {"went_quiet", partnership.ActDecideQuiet, true},
	partnership.AsksStep:       {"step_refused", partnership.ActRetryStep, true},
	partnership.AsksEffect:     {"unknown_effect", partnership.ActResolveEffect, true},
	partnership.AsksRun:        {"approve_run", partnership.ActApproveRun, true},
	partnership.AsksPayout:     {"unknown_payout", partnership.ActResolvePayout, false},
	partnership.AsksMail:       {"creator_reply", partnership.ActAnswerCreator, false},
	partnership.AsksMend:       {"workflow_stuck", "", false},
	partnership.AsksDifference: {"difference", partnership.ActSettleDifference, false},
	partnership.AsksObjection:  {"objection", partnership.ActDecideObjection, false},
	partnership.AsksHeld:       {"earnings_held", "", false},
	partnership.AsksHit:        {"sanction_hit", partnership.ActDecideHit, false},
	partnership.AsksWriteOff:   {"write_off", partnership.ActDecideWriteOff, false},
	partnership.AsksAct:        {"agent_act", partnership.ActConfirmAct, false},
}

// Redrawn says whether its card is drawn anew while it is open, as the facts change.
func (d Decision) Redrawn() bool { return cards[d.Kind].whole }

// KindOfAction is which kind of question a button's action answers.
func KindOfAction(verb string) (partnership.QuestionKind, bool) {
	for kind, c := range cards {
		if c.verb == verb {
			return kind, true
		}
	}
	return "", false
}

// ToChat is the decision as a card: with its buttons while it is open, then the one line of what came of it. url is of the console.
func (d Decision) ToChat(url string) partnership.Message {
	c := cards[d.Kind]
	m := partnership.Message{Key: d.Card, Kind: c.message, Decision: d.ID, Text: d.Question}
	if d.Open() {
		m.Mention = d.Owner
	}
	switch {
	case d.Link != "" && d.Open():
		m.LinkURL, m.LinkText = d.Link, "See the draft"
	case d.PartnershipID != "":
		m.LinkURL, m.LinkText = url+"/partnerships/"+string(d.PartnershipID), "Open"
	case d.Who == finance:
		m.LinkURL, m.LinkText = url+"/payouts", "See every line"
	}
	if !d.Open() {
		m.Context = d.Line(Marked)
		return m
	}
	m.Body, m.Context = cmp.Or(d.runAskedAnew(), d.Said), d.smallPrint()
	for _, f := range d.Facts {
		value := partnership.Unmarked(f.Value)
		if !f.At.IsZero() {
			value = partnership.TimeMark(f.At)
		}
		m.Facts = append(m.Facts, partnership.Fact{Label: f.Label, Value: value})
	}
	if c.verb == "" { // it is answered by a word, not on its card
		return m
	}
	for _, o := range d.Choices {
		m.Buttons = append(m.Buttons, partnership.Button{ActionID: partnership.ActionID(c.verb, o.ID), Label: o.Label, Value: d.Value, Style: o.Style, Confirm: o.Confirm})
	}
	return m
}

// smallPrint says until when, what silence does, and what each choice does.
func (d Decision) smallPrint() string {
	var lines []string
	if d.Deadline != nil {
		lines = append(lines, "Answer by "+partnership.TimeMark(*d.Deadline)+".")
	}
	if d.SilenceMeans != "" {
		lines = append(lines, "If nobody answers: "+partnership.Unmarked(d.SilenceMeans))
	}
	for _, o := range d.Choices {
		if o.Consequence != "" {
			lines = append(lines, o.Label+": "+partnership.Unmarked(o.Consequence))
		}
	}
	if d.DecidedBy != "" { // and it takes another
		lines = append(lines, "“"+d.label()+"” so far by "+d.deciders(Marked)+".")
	}
	return strings.Join(lines, "\n")
}

// Reminder asks once more, in the thread of the card, before silence decides.
func (d Decision) Reminder(c Card) partnership.Message {
	return partnership.Message{
		Key: d.Card + "/reminder", Kind: "reminder", Channel: c.Ref.Channel, ThreadTS: c.thread(), Text: "Nobody has answered yet: " + d.Question, Mention: d.Owner,
		Context: "Answer by " + partnership.TimeMark(*d.Deadline) + ". If nobody answers: " + partnership.Unmarked(d.SilenceMeans) + c.leads(),
	}
}

// Moved says in the thread of the card that its time has changed: an edit of the card tells nobody.
func (d Decision) Moved(c Card) partnership.Message {
	return partnership.Message{
		Key: d.Card + partnership.EffectKey(fmt.Sprintf("/until/%d", d.Deadline.Unix())), Kind: "deadline_moved", Channel: c.Ref.Channel, ThreadTS: c.thread(), Mention: d.Owner,
		Text:    "There is another deadline: " + d.Question,
		Context: "Answer by " + partnership.TimeMark(*d.Deadline) + ", and no longer by " + partnership.TimeMark(c.Due) + "." + c.leads(),
	}
}

// Print is the same for messages that say the same, wherever they stand and whoever is called to them.
func Print(m partnership.Message) string {
	m.Channel, m.ThreadTS, m.Mention = "", "", ""
	text, _ := json.Marshal(m) // strings alone
	sum := sha256.Sum256(text)
	return hex.EncodeToString(sum[:12])
}

// Card is where a question is asked in the chat, and what is said there.
type Card struct {
	Key        partnership.EffectKey
	DecisionID string
	Ref        partnership.MessageRef
	PostedAt   time.Time
	Said       string    // print of it, "" as it was posted
	SaidAt     time.Time // zero as it was posted
	RemindedAt time.Time
	Campaign   partnership.CampaignID // in whose thread or channel it stands, "" none
	ThreadTS   string                 // of the message under which it stands, "" none
	Link       string                 // to it, "" not known
	Due        time.Time              // until when it waits, as people were told last; zero not yet
}

// thread is where replies to the card go: a reply has no thread of its own.
func (c Card) thread() string { return cmp.Or(c.ThreadTS, c.Ref.TS) }

// leads leads to the card from elsewhere in its thread.
func (c Card) leads() string {
	if c.ThreadTS == "" || c.Link == "" {
		return ""
	}
	return " " + partnership.LinkMark(c.Link, "The card") + "."
}
