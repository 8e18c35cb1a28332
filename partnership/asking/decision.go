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
	Also          []string                  `json:"-"` // who decided the same before, where it takes several
	Going         bool                      `json:"-"` // decided, and what comes of it goes on
}

// Fact is a labelled value that helps to decide.
type Fact struct {
	Label string    `json:"label"`
	Value string    `json:"value"`
	At    time.Time `json:"at,omitzero"` // of an instant: Value has it in words
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

// Voice is how a door says who somebody is and when something was.
type Voice struct {
	Name func(who string) string
	At   func(time.Time) string
}

// Plain names people as the audit knows them, and instants in UTC.
var Plain = Voice{Name: func(who string) string { return who }, At: func(t time.Time) string { return t.UTC().Format("2 Jan 15:04 UTC") }}

// Marked leaves both to whoever fills the marks, such as the chat.
var Marked = Voice{Name: partnership.PersonMark, At: partnership.TimeMark}

// Line is what was decided, by whom, when, and what came of it. "" while it is open.
func (d Decision) Line(as Voice) string {
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
		line = "“" + d.label() + "” by " + d.deciders(as)
		if d.DecidedAt != nil {
			line += ", " + as.At(*d.DecidedAt)
		}
		line += "."
	} else if d.DecidedAt != nil && d.State != partnership.QuestionAnswered {
		line = strings.TrimSuffix(line, ".") + ", " + as.At(*d.DecidedAt) + "."
	}
	switch {
	case d.Outcome != "":
		return strings.TrimSpace(line + " " + d.Outcome)
	case d.State == partnership.QuestionAnswered:
		return strings.TrimSpace(line + " What comes of it will stand here.")
	case d.State == partnership.QuestionLapsed:
		return line + " " + d.SilenceMeans
	}
	return line + " It is not asked any more."
}

func (d Decision) deciders(as Voice) string {
	names := ""
	for _, who := range d.Also {
		names += as.Name(who) + " and "
	}
	return names + as.Name(d.DecidedBy)
}

// Final says that nothing about it changes any more.
func (d Decision) Final() bool { return !d.Open() && d.Outcome != "" && !d.Going }

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
