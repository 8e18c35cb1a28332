package ledger

import (
	"regexp"
	"time"

	"github.com/rapport-dev/rapport/partnership"
	"github.com/rapport-dev/rapport/partnership/locale"
)

// DefaultWindowDays is how many campaign days after its last post a partnership earns, where its terms name none (RULES, money 3).
const DefaultWindowDays = 30

// EarlyTouch is why an order waits for a person that came before its creator was cleared to post (RULES, tracking).
var EarlyTouch = locale.Words("the order came before its creator was cleared to post")

// Touch connects an order to a creator's partnership, by its code or its link.
type Touch struct {
	Program     string
	Partnership partnership.PartnershipID
	ClearedAt   time.Time  // when the go-live gate first passed, zero before
	EndedAt     time.Time  // when it ended without being completed, zero while it runs or where it was completed
	Posts       []LivePost // in any order
	WindowDays  float64    // of the terms, in campaign days; zero or less is DefaultWindowDays
	Deliverable string     // whose own link it is, "" where the code or the link is for all of them
}

// LivePost is what a creator has published.
type LivePost struct {
	Deliverable string // "" of a post from before posts had links of their own
	At          time.Time
}

// phase is where an instant lies in the life of a touch.
type phase int

const (
	early  phase = iota // before the clearance: it waits for a person
	counts              // it earns
	late                // after the window
	ended               // after an unhappy end, whatever the window says
)

// phase of an instant: [clearance, end of the window or unhappy end), at the instants' equality too.
func (t Touch) phase(at time.Time, day time.Duration) phase {
	post, posted := t.lastPost(at)
	days := t.WindowDays
	if days <= 0 {
		days = DefaultWindowDays
	}
	switch {
	case !t.EndedAt.IsZero() && !at.Before(t.EndedAt):
		return ended
	case posted && !at.Before(post.At.Add(time.Duration(days*float64(day)))):
		return late
	case t.ClearedAt.IsZero() || at.Before(t.ClearedAt):
		return early
	}
	return counts
}

// lastPost is the latest one that was live at that instant: what comes later does not change whose a sale was.
func (t Touch) lastPost(at time.Time) (last LivePost, posted bool) {
	for _, post := range t.Posts {
		if !post.At.After(at) && (!posted || post.At.After(last.At)) {
			last, posted = post, true
		}
	}
	return last, posted
}

// globalID is the form in which a shop's newer interface writes the number of its older one: gid://app/Order/123.
var globalID = regexp.MustCompile(`^gid://[^/]+/[^/]+/([^/?]+)`)

// OrderKey is an order's id in the one form in which orders are kept and compared.
func OrderKey(id string) string {
	if found := globalID.FindStringSubmatch(id); found != nil {
		return found[1]
	}
	return id
}

// OrderOf is the id under which an order is kept: numbers of two shops may be the same, so one of another shop than the one that reports to
// us by itself ("") carries its shop's name.
func OrderOf(shop, id string) string {
	if shop == "" {
		return OrderKey(id)
	}
	return shop + "/" + OrderKey(id)
}
