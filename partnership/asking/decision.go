// Package asking puts what people of the brand are asked into words: on cards, and in the list that every door shows, alike.
package asking

import (
	"strings"
	"time"

	"github.com/rapport-dev/rapport/partnership"
)

// Decision is a question to a person of the brand, as every door shows it. Handles and words are personal data.
type Decision struct {
	ID            string                    `json:"id"`
	Kind          partnership.QuestionKind  `json:"kind"`
	CampaignID    partnership.CampaignID    `json:"campaign_id,omitempty"`
	Campaign      string                    `json:"campaign,omitempty"` // its name
	PartnershipID partnership.PartnershipID `json:"partnership_id,omitempty"`
	Creator       string                    `json:"creator,omitempty"` // handle
	Question      string                    `json:"question"`
	Said          string                    `json:"said,omitempty"` // by the creator, in their words
	Facts         []Fact                    `json:"facts"`
	Choices       []Option                  `json:"choices"`
	Who           string                    `json:"who"`   // the role that may
	Owner         string                    `json:"owner"` // who is asked, "" everybody who may
	Since         time.Time                 `json:"since"`
	Deadline      *time.Time                `json:"deadline"`
	SilenceMeans  string                    `json:"silence_means"`
	State         partnership.QuestionState `json:"state"`
	Choice        partnership.Choice        `json:"choice,omitempty"`
	DecidedBy     string                    `json:"decided_by,omitempty"`
	DecidedAt     *time.Time                `json:"decided_at,omitempty"`
	Outcome       string                    `json:"outcome,omitempty"` // what came of it, in the workflow's word
	Link          string                    `json:"-"`                 // what the card opens beside the partnership
	Card          partnership.EffectKey     `json:"-"`
	About         string                    `json:"-"` // the id of what it is about
	Value         string                    `json:"-"` // of its card's buttons
	Amiss         bool                      `json:"-"` // it did not come as it was meant
}

// Fact is a labelled value that helps to decide.
type Fact struct {
	Label string `json:"label"`
	Value string `json:"value"`
}

// Option is one answer and what follows from it.
type Option struct {
	ID          partnership.Choice `json:"id"`
	Label       string             `json:"label"`
	Consequence string             `json:"consequence"`
	Words       string             `json:"words,omitempty"` // what has to be said with it, "" nothing
	Style       string             `json:"-"`
	Confirm     string             `json:"-"`
}

// May says whether that is one of the answers.
func (d Decision) May(choice partnership.Choice) (Option, bool) {
	for _, o := range d.Choices {
		if o.ID == choice {
			return o, true
		}
	}
	return Option{}, false
}

// Allowed is all that may be chosen, in words.
func (d Decision) Allowed() string {
	var ids []string
	for _, o := range d.Choices {
		ids = append(ids, string(o.ID))
	}
	return strings.Join(ids, ", ")
}

// Open says whether it still waits for a person.
func (d Decision) Open() bool { return d.State == partnership.QuestionOpen }

// Line is what was decided, by whom, when, and what came of it; name says how people know somebody. "" while it is open.
func (d Decision) Line(name func(who string) string) string {
	line := ""
	switch d.State {
	case partnership.QuestionOpen:
		return ""
	case partnership.QuestionLapsed:
		line = "Nobody decided."
	case partnership.QuestionOver:
		line = "Over."
	}
	if d.DecidedBy != "" {
		line = "“" + d.label() + "” by " + name(d.DecidedBy)
		if d.DecidedAt != nil {
			line += ", " + d.DecidedAt.UTC().Format("2 Jan 15:04 UTC")
		}
		line += "."
	}
	if d.Outcome != "" {
		return strings.TrimSpace(line + " " + d.Outcome)
	}
	if d.State == partnership.QuestionAnswered {
		return line + " What comes of it will stand here."
	}
	return strings.TrimSpace(line + " " + d.SilenceMeans)
}

// label is how the choice is called that was taken.
func (d Decision) label() string {
	if o, ok := d.May(d.Choice); ok {
		return o.Label
	}
	return string(d.Choice)
}

// Pending is the decision as a line of what waits.
func (d Decision) Pending() Pending {
	return Pending{Kind: string(d.Kind), ID: d.About, DecisionID: d.ID, CampaignID: d.CampaignID, Creator: d.Creator, What: d.Question, Since: d.Since}
}

// verbs are the actions of the buttons of each kind's card.
var verbs = map[partnership.QuestionKind]string{
	partnership.AsksCounter: partnership.ActDecideCounter, partnership.AsksDraft: partnership.ActReviewDraft, partnership.AsksSilence: partnership.ActDecideQuiet,
	partnership.AsksStep: partnership.ActRetryStep, partnership.AsksEffect: partnership.ActResolveEffect, partnership.AsksPayout: partnership.ActResolvePayout,
	partnership.AsksRun: partnership.ActApproveRun,
}

// ToChat is the decision as a card: with its buttons while it is open, then the one line of what came of it. url is of the console.
func (d Decision) ToChat(kind, url string, name func(who string) string) partnership.Message {
	m := partnership.Message{Key: d.Card, Kind: kind, Text: d.Question}
	if d.Link != "" {
		m.LinkURL, m.LinkText = d.Link, "See the draft"
	} else if d.PartnershipID != "" {
		m.LinkURL, m.LinkText = url+"/partnerships/"+string(d.PartnershipID), "Open"
	}
	if !d.Open() {
		m.Context = d.Line(name)
		return m
	}
	m.Body, m.Context = d.Said, d.smallPrint()
	for _, f := range d.Facts {
		m.Facts = append(m.Facts, partnership.Fact(f))
	}
	for _, o := range d.Choices {
		m.Buttons = append(m.Buttons, partnership.Button{ActionID: partnership.ActionID(verbs[d.Kind], o.ID), Label: o.Label, Value: d.Value, Style: o.Style, Confirm: o.Confirm})
	}
	return m
}

// smallPrint says until when, what silence does, and what each choice does.
func (d Decision) smallPrint() string {
	var lines []string
	if d.SilenceMeans != "" {
		lines = append(lines, "If nobody answers: "+d.SilenceMeans)
	}
	for _, o := range d.Choices {
		if o.Consequence != "" {
			lines = append(lines, o.Label+": "+o.Consequence)
		}
	}
	return strings.Join(lines, "\n")
}
