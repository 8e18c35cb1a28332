package ledger

import (
	"time"

	"github.com/rapport-dev/rapport/partnership"
)

// DefaultWindowDays is how many campaign days after its last post a partnership earns, where its terms name none (RULES, money 3).
const DefaultWindowDays = 30

// Why says by what an order is credited, or why it is nobody's. Its words are kept with the order.
type Why string

// The ways in which an order is credited, or is not.
const (
	ByCode      Why = "code"
	ByLink      Why = "link"
	OwnGift     Why = "our own gift order"
	NoTouch     Why = "no code or link of a creator"
	AfterWindow Why = "after the attribution window"
)

// Touch connects an order to a creator's partnership, by its code or its link.
type Touch struct {
	Program     string
	Partnership partnership.PartnershipID
	LastPost    time.Time // zero before the first: a code that sells before the post is still the creator's
	WindowDays  float64   // of the terms, in campaign days; zero or less is DefaultWindowDays
}

// counts says whether a sale at that instant lies inside the touch's window: until so many days after its last post, exclusive.
func (t Touch) counts(at time.Time, day time.Duration) bool {
	days := t.WindowDays
	if days <= 0 {
		days = DefaultWindowDays
	}
	return t.LastPost.IsZero() || at.Before(t.LastPost.Add(time.Duration(days*float64(day))))
}

// Sale is an order as far as it matters to whom it is credited.
type Sale struct {
	Program string // "" when only its touches say which
	At      time.Time
	Gift    bool    // our own: it never earns
	Codes   []Touch // by those of its codes that are creators', in the order in which the shop applied them
	Link    *Touch  // by the link of the last click, nil none
}

// Credit says whose an order is and why. Both touches are kept, the one that lost too.
type Credit struct {
	Program     string                    // the order's own, else that of its first code, else that of its link, else ""
	Partnership partnership.PartnershipID // "" nobody's
	Why         Why
	Code, Link  partnership.PartnershipID // whose touches it carries in that program, counted or not, "" none
}

// Attribute credits a sale to at most one partnership (RULES, money 3): code beats link, the first creator's code beats the next,
// and a touch outside its window does not count, so that a late code leaves the sale to a link that is in time. day is the length
// of a campaign day.
func Attribute(s Sale, day time.Duration) Credit {
	c := Credit{Program: s.Program}
	var codes []Touch
	for _, code := range s.Codes {
		if c.Program == "" || code.Program == c.Program {
			c.Program, codes = code.Program, append(codes, code)
		}
	}
	if len(codes) > 0 {
		c.Code = codes[0].Partnership
	}
	link := s.Link
	if link != nil && c.Program != "" && link.Program != c.Program {
		link = nil
	}
	if link != nil {
		c.Program, c.Link = link.Program, link.Partnership
	}
	c.Partnership, c.Why = earnerOf(s, codes, link, day)
	return c
}

// earnerOf decides between touches that are of one program.
func earnerOf(s Sale, codes []Touch, link *Touch, day time.Duration) (partnership.PartnershipID, Why) {
	switch {
	case s.Gift:
		return "", OwnGift
	case len(codes) == 0 && link == nil:
		return "", NoTouch
	}
	for _, code := range codes {
		if code.counts(s.At, day) {
			return code.Partnership, ByCode
		}
	}
	if link != nil && link.counts(s.At, day) {
		return link.Partnership, ByLink
	}
	return "", AfterWindow
}
