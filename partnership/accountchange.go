package partnership

import "time"

// A creator's link may be passed on, or be read over a shoulder. So an account that takes another's place takes more than the link: a code
// that is mailed to the creator, who is told afterwards too.

// ErrNeedsCode refuses an account that would take the place of one that could be paid.
var ErrNeedsCode = Errorf(Forbidden, "money could already reach this creator: another account takes the code that is mailed to them")

// What bounds a code. Tries and mails together bound how many codes somebody who has the link may guess.
const (
	CodeLife      = 15 * time.Minute
	CodeTries     = 5
	CodeMails     = 3 // within CodeLife
	CodeMailsADay = 10
)

// ChangeEnd is how a wish for another account ended.
type ChangeEnd string

// The ends of an AccountChange.
const (
	ChangeMade     ChangeEnd = "made"
	ChangeKept     ChangeEnd = "kept"     // it was left as it is
	ChangeMistyped ChangeEnd = "mistyped" // too many codes were wrong
	ChangeLate     ChangeEnd = "late"     // nobody gave the code in time
	ChangeReplaced ChangeEnd = "replaced" // something else was wished for since
)

// AccountChange is a wish to be paid elsewhere.
type AccountChange struct {
	ID        string
	Rail      string
	Shown     string // the last four characters of the receiver, "" where the rail has pages of its own
	ExpiresAt time.Time
	End       ChangeEnd // "" while it waits for its code
	EndedAt   time.Time
}

// The kinds of notices about where money goes.
const (
	NoticeCode           = "payout_code"
	NoticeAccountChanged = "payout_account" // money goes elsewhere from now on
)

// ChangeNews is what a notice tells of an AccountChange. Secret: it holds the code.
type ChangeNews struct {
	Rail    string
	Account string // the end of it, for its owner to know it again; "" unknown
	Code    string // "" in what is told afterwards
	Until   time.Time
	At      time.Time // when it was changed
	From    time.Time // when money goes there at the earliest
	Over    bool      // the code opens nothing any more
}
