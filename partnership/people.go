package partnership

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"strings"
)

// What an import asks about.
const (
	PersonChanged = "changed" // somebody with open work would be written to, named or scheduled differently
	PersonErased  = "erased"  // somebody who asked to be erased would be brought back
)

// FieldChange is one field of a person before and after.
type FieldChange struct {
	Field string `json:"field"`
	Was   string `json:"was"`
	Is    string `json:"is"`
}

// PersonChange is what an import would do to somebody that nobody may do unasked. Personal data.
type PersonChange struct {
	Row       int             `json:"row"` // of the list, from 1
	Platform  string          `json:"platform"`
	Handle    string          `json:"handle"`
	CreatorID CreatorID       `json:"creator_id,omitempty"`
	Kind      string          `json:"kind"`
	Fields    []FieldChange   `json:"fields,omitempty"`
	Open      []PartnershipID `json:"open,omitempty"` // partnerships that go on
	Owed      bool            `json:"owed,omitempty"` // money that was earned and not paid yet
}

// String is one line for a person who is asked.
func (c PersonChange) String() string {
	who := fmt.Sprintf("%s:%s", c.Platform, c.Handle)
	if c.Kind == PersonErased {
		return who + ": was erased at their own wish; bringing them back takes a reason"
	}
	parts := make([]string, len(c.Fields))
	for i, f := range c.Fields {
		parts[i] = fmt.Sprintf("%s %q becomes %q", f.Field, f.Was, f.Is)
	}
	why := fmt.Sprintf("%d open partnerships", len(c.Open))
	switch {
	case len(c.Open) == 1:
		why = "an open partnership"
	case len(c.Open) == 0:
		why = "money that is owed to them"
	}
	return fmt.Sprintf("%s, with %s: %s", who, why, strings.Join(parts, ", "))
}

// Consent is a person's word for the changes that were shown.
type Consent struct {
	Hash   string // of the changes
	By     string // who says so, as it stands in the audit
	Reason string // needed to bring back somebody who was erased
}

// UnconfirmedError refuses an import that would change people unasked. Nothing was changed.
type UnconfirmedError struct {
	Changes []PersonChange
	Hash    string // what a Consent has to carry
}

// Unconfirmed makes the refusal for changes, which are not empty.
func Unconfirmed(changes []PersonChange) *UnconfirmedError {
	text, err := json.Marshal(changes)
	if err != nil {
		panic(err) // strings and numbers alone
	}
	sum := sha256.Sum256(text)
	return &UnconfirmedError{changes, hex.EncodeToString(sum[:8])}
}

// Lines are the changes in words.
func (u *UnconfirmedError) Lines() []string {
	lines := make([]string, len(u.Changes))
	for i, c := range u.Changes {
		lines[i] = c.String()
	}
	return lines
}

// Ask is the whole of it for the person who decides: the changes, and how to confirm them. Personal data.
func (u *UnconfirmedError) Ask() string {
	return u.Error() + "\n" + strings.Join(u.Lines(), "\n")
}

func (u *UnconfirmedError) Error() string {
	return fmt.Sprintf("%d people of this file have open work and would be changed, or were erased. Nothing was changed. "+
		"Look at them, then confirm with: rapport creators import FILE --confirm", len(u.Changes))
}

// Unwrap makes it a refusal like any other.
func (u *UnconfirmedError) Unwrap() error { return &Error{Code: Conflict, Message: u.Error()} }

// ImportNotice is something that an import did and that is worth a look.
type ImportNotice struct {
	Row  int    `json:"row"`
	What string `json:"what"`
}

// Imported is what an import did.
type Imported struct {
	IDs     []CreatorID
	Notices []ImportNotice
	Told    int // old addresses that are told of their change
}

// The kinds of notices: what somebody is told beside the course of a campaign.
const (
	NoticeMailChanged = "mail_changed" // at the old address: mail goes to another one from now on
	NoticeFreshLink   = "fresh_link"   // a link that has ended was asked for anew
	NoticeAnswer      = "answer"       // what a person of the brand writes to them
)

// Notice is a mail that is to be sent once. Personal data.
type Notice struct {
	ID            string
	Kind          string
	Address       string // "" once it was sent, or when its reader was erased
	PartnershipID PartnershipID
	Links         []NoticeLink // of a fresh_link: what is open
	Payout        *PayoutNews  // of those about a payout
	Objection     *ObjectionNews
	Answer        *AnswerNews
	Change        *ChangeNews
}

// NoticeLink is a task that is open, or the page of what they earn (of no kind), and its link.
type NoticeLink struct {
	Kind TaskKind
	URL  string
}
