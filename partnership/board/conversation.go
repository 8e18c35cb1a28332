package board

import (
	"slices"
	"time"
)

// Mail is one of a conversation between a creator and the brand. Personal data, without the creator's secret links.
type Mail struct {
	ID          string     `json:"id"`
	At          time.Time  `json:"at"`
	Ours        bool       `json:"ours"` // a person of the brand wrote it
	From        string     `json:"from"` // as the mail says, or who of the brand
	Subject     string     `json:"subject"`
	Words       string     `json:"words"` // what they wrote, as far as it can be told from what they quote
	Whole       string     `json:"text"`  // all of it
	Files       []MailFile `json:"files"`
	Doubts      []string   `json:"doubts"` // what could not be read
	Machine     bool       `json:"machine"`
	NeedsAnswer bool       `json:"needs_answer"`
	State       string     `json:"state,omitempty"` // of ours: waits, sent, refused, unsure, let_go
	InboxID     int64      `json:"inbox_id,omitempty"`
}

// What became of a mail of ours.
const (
	MailWaits   = "waits" // it is sent in a moment
	MailSent    = "sent"
	MailRefused = "refused" // the vendor did not take it
	MailUnsure  = "unsure"  // nobody knows: a person is asked
	MailLetGo   = "let_go"  // its reader wants no mail any more
)

// MailFile is a file that came with a mail. ID is "" where an earlier build kept its name alone.
type MailFile struct {
	ID   string `json:"id,omitempty"`
	Name string `json:"name"`
	Type string `json:"type"`
	Size int64  `json:"size"`
}

// SortMails puts a conversation in the order in which it was held.
func SortMails(all []Mail) {
	slices.SortStableFunc(all, func(a, b Mail) int { return a.At.Compare(b.At) })
}

// StateWords say what became of a mail of ours.
func (m Mail) StateWords() string {
	return map[string]string{
		MailWaits: "goes out in a moment", MailSent: "sent", MailRefused: "the mail vendor refused it: it was not sent", MailUnsure: "nobody knows whether it went out: a person is asked",
		MailLetGo: "not sent: they want no mail any more",
	}[m.State]
}
