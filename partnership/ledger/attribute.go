package ledger

import (
	"slices"
	"time"

	"github.com/rapport-dev/rapport/partnership"
)

// Why says by what an order is credited, or why it is nobody's. Its words are kept with the order.
type Why string

// The ways in which an order is credited, or is not.
const (
	ByCode      Why = "code"
	ByLink      Why = "link"
	OwnGift     Why = "our own gift order"
	NoTouch     Why = "no code or link of a creator"
	AfterWindow Why = "after the attribution window"
	AfterEnd    Why = "after the partnership ended without being completed"
)

// Sale is an order as far as it matters to whom it is credited.
type Sale struct {
	Program string // "" when only its touches say which
	At      time.Time
	Gift    bool    // our own: it never earns
	Codes   []Touch // by those of its codes that are creators', in the order in which the shop applied them
	Link    *Touch  // by the link of the last click, nil none
}

// Credit says whose an order is in one program, and why. Both touches are kept, the one that lost too.
type Credit struct {
	Program     string                    // "" where neither the order nor a touch says which
	Partnership partnership.PartnershipID // "" nobody's
	Why         Why
	Code, Link  partnership.PartnershipID // whose touches it carries in that program, counted or not, "" none
	Deliverable string                    // whose post or link brought it, "" not known
	Inferred    bool                      // the deliverable is that of the latest post before the order: a code does not say which
	Hold        string                    // why what it earns waits for a person, "" it does not
}

// Attribute credits a sale to at most one partnership in each program whose touches it carries (RULES, money 3): code beats link, the
// first creator's code beats the next, and a touch outside its time does not count, so that a late code leaves the sale to a link that
// is in time. day is the length of a campaign day.
func Attribute(s Sale, day time.Duration) []Credit {
	var credits []Credit
	for _, program := range s.programs() {
		credits = append(credits, s.in(program).credit(program, day))
	}
	return credits
}

// programs are those whose touches a sale carries, its first code's first; its own alone where it says which.
func (s Sale) programs() []string {
	if s.Program != "" {
		return []string{s.Program}
	}
	var programs []string
	for _, touch := range s.touches() {
		if !slices.Contains(programs, touch.Program) {
			programs = append(programs, touch.Program)
		}
	}
	if programs == nil {
		return []string{""}
	}
	return programs
}

// touches are its codes, and then its link.
func (s Sale) touches() []Touch {
	touches := slices.Clone(s.Codes)
	if s.Link != nil {
		touches = append(touches, *s.Link)
	}
	return touches
}

// in is the sale as one program sees it.
func (s Sale) in(program string) Sale {
	elsewhere := func(t Touch) bool { return t.Program != program }
	s.Codes = slices.DeleteFunc(slices.Clone(s.Codes), elsewhere)
	if s.Link != nil && elsewhere(*s.Link) {
		s.Link = nil
	}
	return s
}

// credit decides between touches that are of one program.
func (s Sale) credit(program string, day time.Duration) Credit {
	c := Credit{Program: program}
	if len(s.Codes) > 0 {
		c.Code = s.Codes[0].Partnership
	}
	if s.Link != nil {
		c.Link = s.Link.Partnership
	}
	touches := s.touches()
	if s.Gift || len(touches) == 0 {
		c.Why = NoTouch
		if s.Gift {
			c.Why = OwnGift
		}
		return c
	}
	at := slices.IndexFunc(touches, func(t Touch) bool { return t.phase(s.At, day) == counts })
	if at < 0 { // one that came too early is somebody's all the same; a person looks at it
		at = slices.IndexFunc(touches, func(t Touch) bool { return t.phase(s.At, day) == early })
		c.Hold = EarlyTouch
	}
	if at < 0 {
		c.Hold, c.Why = "", AfterWindow
		if touches[0].phase(s.At, day) == ended {
			c.Why = AfterEnd
		}
		return c
	}
	c.Partnership, c.Why = touches[at].Partnership, ByCode
	if at == len(s.Codes) {
		c.Why = ByLink
	}
	c.Deliverable, c.Inferred = s.post(touches[at])
	return c
}

// post is whose deliverable brought the sale by the touch that counts: that of the link, where it is the same creator's, else that of
// the latest post before the order.
func (s Sale) post(by Touch) (deliverable string, inferred bool) {
	if s.Link != nil && s.Link.Partnership == by.Partnership && s.Link.Deliverable != "" {
		return s.Link.Deliverable, false
	}
	last, _ := by.lastPost(s.At)
	return last.Deliverable, last.Deliverable != ""
}
