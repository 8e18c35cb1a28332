package partnership

import (
	"fmt"
	"strconv"
	"strings"
	"time"
)

// Draft is one version of a draft as it was handed in, and what became of it. Personal data.
type Draft struct {
	Version     int          `json:"version"` // of its deliverable, from 1
	Task        string       `json:"task"`
	Deliverable string       `json:"deliverable"` // in words
	Number      int          `json:"number"`      // which of all deliverables, from 1
	Of          int          `json:"of"`          // how many deliverables there are
	URL         string       `json:"url"`
	File        *DraftFile   `json:"file,omitempty"` // what was sent instead of a link, or beside it
	Caption     string       `json:"caption"`
	Note        string       `json:"note"` // what the creator says of it
	SentAt      time.Time    `json:"sent_at"`
	Verdict     DraftVerdict `json:"verdict"`
	Feedback    string       `json:"feedback"` // what the creator was told of it, as they read it
	DecidedBy   string       `json:"decided_by,omitempty"`
	DecidedAt   *time.Time   `json:"decided_at,omitempty"`
}

// DraftFile is a file that a creator sent.
type DraftFile struct {
	ID    string `json:"id"` // "": it is not kept any more
	Name  string `json:"name"`
	Type  string `json:"type"` // such as video/mp4
	Bytes int64  `json:"bytes"`
}

// Words name a file, its kind and its size.
func (f DraftFile) Words() string {
	if f.ID == "" {
		return "it is not kept any more"
	}
	return fmt.Sprintf("%s (%s, %.1f MB)", f.Name, f.Type, float64(f.Bytes)/(1<<20))
}

// DraftVerdict is what became of a draft.
type DraftVerdict string

// The verdicts.
const (
	DraftWaits          DraftVerdict = "waiting"
	DraftApproved       DraftVerdict = "approved"
	DraftAdjusted       DraftVerdict = "adjusted"         // approved, with a small change
	DraftApprovedByRule DraftVerdict = "approved_by_rule" // nobody reviewed it in time
	DraftChanges        DraftVerdict = "changes"          // another one was asked for
	DraftOver           DraftVerdict = "over"             // nobody decides on it any more
)

// Words say a verdict.
func (v DraftVerdict) Words() string {
	switch v {
	case DraftApproved:
		return "approved"
	case DraftAdjusted:
		return "approved, with a small change"
	case DraftApprovedByRule:
		return "approved by rule"
	case DraftChanges:
		return "changes asked for"
	case DraftOver:
		return "over"
	}
	return "waits for review"
}

// Piece says which deliverable it is about, in words.
func (d Draft) Piece() string {
	if d.Of < 2 {
		return d.Deliverable
	}
	return d.Deliverable + ", " + strconv.Itoa(d.Number) + " of " + strconv.Itoa(d.Of)
}

// DraftWord is what a draft's review came to.
type DraftWord struct {
	SubmissionID string // the draft that was shown, "" where that is not known
	State        QuestionState
	Choice       Choice
	By           string
	At           *time.Time
}

// DraftsOf are the drafts among all that was sent in for a partnership, oldest first like that; files are by their ids, said by the draft's task. A deliverable's
// first draft is asked for when the one before is live, so the posts between them say which one a draft is about.
func DraftsOf(terms Terms, disclosure string, sent []Submission, files map[string]DraftFile, said map[string]DraftWord) []Draft {
	var list []Draft
	words := map[string]string{}
	for _, s := range sent {
		if isDraft(s.Task) && !handsIn(s) {
			words[s.Task] = s.Note
		}
	}
	units, number, version := terms.Units(), 1, 0
	for _, s := range sent {
		if PostHolds(s, disclosure) {
			number, version = number+1, 0
		}
		word, known := said[s.Task]
		if !isDraft(s.Task) || !handsIn(s) || known && word.SubmissionID != "" && word.SubmissionID != s.ID { // another form of theirs came first
			continue
		}
		version++
		d := Draft{
			Version: version, Task: s.Task, Number: number, Of: len(units), URL: s.URL, Caption: s.Caption, Note: s.Note, SentAt: s.At,
			Verdict: word.verdict(), Feedback: words[s.Task], DecidedBy: word.By, DecidedAt: word.At,
		}
		if s.UploadID != "" {
			file := files[s.UploadID]
			d.File = &file
		}
		if number <= len(units) {
			d.Deliverable = KindTitle(KindOf(units[number-1]))
		}
		list = append(list, d)
	}
	return list
}

// handsIn says whether it is a draft itself, and not words about one.
func handsIn(s Submission) bool { return s.URL != "" || s.UploadID != "" }

func isDraft(task string) bool { return strings.HasPrefix(task, "draft-") }

// PostHolds says whether what was sent in is a post whose disclosure holds: its deliverable is live with it.
func PostHolds(s Submission, disclosure string) bool {
	holds, _ := Disclosed(s.Caption, disclosure)
	return holds && strings.HasPrefix(s.Task, "post-")
}

func (w DraftWord) verdict() DraftVerdict {
	switch {
	case w.State == QuestionLapsed:
		return DraftApprovedByRule
	case w.State == QuestionAnswered && w.Choice == ChoiceChanges:
		return DraftChanges
	case w.State == QuestionAnswered && w.Choice == ChoiceAdjust:
		return DraftAdjusted
	case w.State == QuestionAnswered:
		return DraftApproved
	case w.State == QuestionOver:
		return DraftOver
	}
	return DraftWaits
}
