package creator

import (
	"net/http"
	"slices"
	"strings"
	"time"

	"rsc.io/qr"

	"github.com/rapport-dev/rapport/partnership"
	"github.com/rapport-dev/rapport/partnership/timeline"
	"github.com/rapport-dev/rapport/store"
)

// A creator's home is what stands below what is asked of them, on every page of their links: how far things are, what comes when, and
// all that is theirs. Nothing on it is remembered or guessed: dates are the workflow's plan, states are what vendors said.

// accepted says whether they are in: the offer's terms are agreed.
func (s sheet) accepted() bool {
	return s.Stage != "" && s.Stage.Order() >= partnership.Contracting.Order() && s.Outcome != partnership.Declined
}

// goesOn says whether anything more can be asked of them.
func (s sheet) goesOn() bool { return s.Outcome == "" }

// asked is what waits for them, other than the page that they look at; nil when nothing does. How they are paid is asked apart.
func (s sheet) asked() *store.OpenTask {
	if !s.goesOn() {
		return nil
	}
	for i, o := range s.Open {
		if o.Task.Kind != partnership.TaskPayoutSetup && (o.Task.ID != s.Task.ID || s.over()) {
			return &s.Open[i]
		}
	}
	return nil
}

// stands says that an offer is made again, after their counter-offer was not taken.
func (s sheet) stands() bool { return s.Task.Kind == partnership.TaskOffer && s.Task.Name != "offer" }

// asksFor says what a task asks for, as its link says it.
func (s sheet) asksFor(t partnership.Task) string {
	switch t.Kind {
	case partnership.TaskOffer:
		return s.T("Answer our offer")
	case partnership.TaskSign:
		return s.T("Sign the agreement")
	case partnership.TaskReceive:
		return s.T("Tell us when your parcel is there")
	case partnership.TaskDraft:
		return s.T("Send your draft")
	case partnership.TaskPost:
		return s.T("Post it, and tell us where")
	}
	return s.T("See what is asked")
}

// entry is a line of what happened and what comes.
type entry struct {
	what, date string
	done, now  bool
}

// story are the dates of the partnership in their order, as its workflow plans them.
func (s sheet) story() (lines []entry) {
	next := true
	for _, m := range s.Plan {
		done, comes := storyWords(s, timeline.Kind(m.Kind))
		if done == "" {
			continue
		}
		if m.Fact {
			lines = append(lines, entry{what: done, date: s.day(orDue(m)), done: true})
			continue
		}
		if !s.goesOn() {
			break // what was planned after the end never comes
		}
		date := s.T("by %s", s.when(m.Due))
		if timeline.Kind(m.Kind) == timeline.WindowEnd {
			date = s.T("until %s", s.when(m.Due))
		}
		lines = append(lines, entry{what: comes, date: date, now: next})
		next = false
	}
	return lines
}

func orDue(m partnership.Milestone) time.Time {
	if m.At.IsZero() {
		return m.Due
	}
	return m.At
}

// storyWords say of a milestone what has happened, and what comes.
func storyWords(s sheet, kind timeline.Kind) (done, comes string) {
	switch kind {
	case timeline.OfferDue:
		return s.T("You said yes"), s.T("Your answer to the offer")
	case timeline.SignDue:
		return s.T("Agreement signed"), s.T("Your signature")
	case timeline.ShipBy:
		return s.T("Your parcel was sent"), s.T("We send your parcel")
	case timeline.DeliverBy:
		return s.T("Your parcel arrived"), s.T("Your parcel arrives")
	case timeline.DraftDue:
		return s.T("You sent your draft"), s.T("Your draft")
	case timeline.ReviewBy:
		return s.T("We approved your draft"), s.T("Our answer to your draft")
	case timeline.PublishDue:
		return s.T("Your post is live"), s.T("Your post")
	case timeline.WindowEnd:
		return s.T("The sales window has ended"), s.T("Sales count for you")
	}
	return "", ""
}

// copies says whether the page has something to copy. Where money goes the page stays without any script.
func (s sheet) copies() bool {
	return s.View.Kit != nil && !s.View.Kit.VerifiedAt.IsZero() && s.accepted() && s.Task.Kind != partnership.TaskPayoutSetup
}

// version is which one of its deliverable the draft is that this page asks for: 1 before there is any.
func (s sheet) version() int {
	if before := s.before(); before != nil {
		return before.Version + 1
	}
	return 1
}

// before is the version before the one that this page asks for, nil where it is the first of its deliverable.
func (s sheet) before() *partnership.Draft {
	for i, d := range slices.Backward(s.Drafts) {
		if d.Task != s.Task.Name {
			if d.Number != s.posted+1 {
				break
			}
			return &s.Drafts[i]
		}
	}
	return nil
}

// verdict says to a creator what became of a version.
func (s sheet) verdict(d partnership.Draft) string {
	switch d.Verdict {
	case partnership.DraftApproved:
		return s.T("We approved it.")
	case partnership.DraftAdjusted:
		return s.T("We approved it, with a small change.")
	case partnership.DraftApprovedByRule:
		return s.T("We did not answer in time, so it counts as approved.")
	case partnership.DraftChanges:
		return s.T("We asked for another one.")
	case partnership.DraftOver:
		return ""
	}
	return s.T("We are looking at it.")
}

// deliverable says which of several pieces a draft or a post is about, "" where there is one.
func (s sheet) deliverable() string {
	units := s.View.Terms.Units()
	if s.posted >= len(units) {
		return ""
	}
	return s.piece(s.posted+1, len(units), partnership.KindTitle(partnership.KindOf(units[s.posted])))
}

// piece names one of several, "" where there is one.
func (s sheet) piece(number, of int, kind string) string {
	if of < 2 {
		return ""
	}
	return s.T("number %d of %d, %s", number, of, kind)
}

// posted is how many pieces are live with their disclosure, before a task.
func posted(t store.TaskView) (n int) {
	for _, sub := range t.Submissions {
		if sub.Task != t.Task.Name && partnership.PostHolds(sub, t.View.Campaign.Brief.Disclosure) {
			n++
		}
	}
	return n
}

// carriers are where a carrier shows a parcel. Others have their code alone.
var carriers = map[string]string{
	"usps": "https://tools.usps.com/go/TrackConfirmAction?tLabels=", "ups": "https://www.ups.com/track?tracknum=", "fedex": "https://www.fedex.com/fedextrack/?trknbr=",
	"dhl": "https://www.dhl.com/en/express/tracking.html?AWB=", "dhlexpress": "https://www.dhl.com/en/express/tracking.html?AWB=",
}

// carrierLink is the carrier's own page of a parcel, "" where none is known.
func carrierLink(d partnership.Delivery) string {
	base := carriers[strings.ToLower(strings.ReplaceAll(d.Carrier, " ", ""))]
	if base == "" || d.TrackingCode == "" || strings.ContainsFunc(d.TrackingCode, func(r rune) bool { return !('0' <= r && r <= '9' || 'A' <= r && r <= 'Z' || 'a' <= r && r <= 'z') }) {
		return ""
	}
	return base + d.TrackingCode
}

// squares are the dark squares of a link's QR code as one path, and its width with the quiet zone that readers need.
func squares(link string) (path string, width int) {
	const quiet = 4
	code, err := qr.Encode(link, qr.M)
	if err != nil { // it is too long for any phone
		return "", 0
	}
	var b strings.Builder
	for y := range code.Size {
		for x := 0; x < code.Size; x++ {
			from := x
			for x < code.Size && code.Black(x, y) {
				x++
			}
			if x > from {
				b.WriteString("M" + itoa(from+quiet) + " " + itoa(y+quiet) + "h" + itoa(x-from) + "v1h-" + itoa(x-from) + "z")
			}
		}
	}
	return b.String(), code.Size + 2*quiet
}

// agreement is the signed agreement as a file.
func (s *Pages) agreement(w http.ResponseWriter, r *http.Request) {
	sh, ok := s.load(w, r)
	if !ok {
		return
	}
	if !sh.signed() || len(sh.View.Contract.PDF) == 0 {
		s.fail(w, r, partnership.Errorf(partnership.NotFound, "nothing is signed"))
		return
	}
	h := w.Header()
	h.Set("Content-Type", "application/pdf")
	h.Set("Content-Disposition", `attachment; filename="agreement.pdf"`)
	h.Set("Cache-Control", "no-store")
	_, _ = w.Write(sh.View.Contract.PDF) // the reader has gone: nobody to tell
}
