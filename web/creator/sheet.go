package creator

import (
	"slices"
	"strings"
	"time"

	"github.com/a-h/templ"

	"github.com/rapport-dev/rapport/partnership"
	"github.com/rapport-dev/rapport/partnership/roster"
	"github.com/rapport-dev/rapport/partnership/zones"
	"github.com/rapport-dev/rapport/store"
)

func (s sheet) brand() string { return s.View.Campaign.Brand.Name }

// zone is the creator's own time zone, else the campaign's, else UTC.
func (s sheet) zone() *time.Location {
	for _, name := range []string{s.View.Creator.Timezone, s.View.Campaign.Timezone} {
		if name == "" {
			continue
		}
		if zone, err := zones.Load(name); err == nil {
			return zone
		}
	}
	return time.UTC
}

// in is the sheet as one form of the page sees it: what was sent, and what is wrong with it, belongs to the form that was sent.
func (s sheet) in(action string) sheet {
	if s.Form.Get("action") != action {
		s.Form, s.Faults = nil, nil
	}
	return s
}

// value is what the creator typed, else what is known already.
func (s sheet) value(name, known string) string {
	if s.Form != nil && s.Form.Has(name) {
		return s.Form.Get(name)
	}
	return known
}

// aria ties a field to its fault for those who hear the page.
func (s sheet) aria(name string) templ.Attributes {
	if s.Faults[name] == "" {
		return nil
	}
	return templ.Attributes{"aria-invalid": "true", "aria-describedby": name + "-error"}
}

// address is where the last parcel went, empty when none is known.
func (s sheet) address() partnership.Address {
	if s.View.Address != nil {
		return *s.View.Address
	}
	return partnership.Address{Name: s.View.Creator.Name, Country: s.View.Creator.Country}
}

// early says that a post would come before the publish window opens. A post that is live already and mended is never early,
// even when the window has been moved since.
func (s sheet) early() bool {
	return !s.over() && !s.Cure && s.Now.Before(s.View.Campaign.Schedule.PublishFrom)
}

// over says that the task is closed, or its partnership is.
func (s sheet) over() bool { return s.Ended || !s.Task.ClosedAt.IsZero() }

// mends says whether a task asks to mend a post, and which: the newest that was told before it lacks its disclosure.
func mends(t store.TaskView) (last partnership.Submission, mends bool) {
	if t.Task.Kind != partnership.TaskPost {
		return last, false
	}
	for _, s := range slices.Backward(t.Submissions) {
		if s.Task != t.Task.Name && strings.HasPrefix(s.Task, "post-") {
			if ok, _ := partnership.Disclosed(s.Caption, t.View.Campaign.Brief.Disclosure); ok {
				break
			}
			return s, true
		}
	}
	return last, false
}

// postTitle is the title of the page that asks for a post.
func (s sheet) postTitle() string {
	if s.Cure {
		return s.T("One thing to mend in your post")
	}
	return s.T("Post it")
}

// band says what a post by somebody of their size usually earns, "" where the guide names nothing or there is no fee.
func (s sheet) band() string {
	low, high, ok := roster.UsualFee(s.Tier, s.View.Terms.Currency)
	if !ok || s.View.Terms.FeeMinor == 0 {
		return ""
	}
	return s.T("A post by somebody with an audience of your size usually earns %s to %s. You may ask for another fee below.", s.money(low), s.money(high))
}

// acceptButton says what is accepted, with its amount where there is one.
func (s sheet) acceptButton() string {
	if s.View.Terms.FeeMinor == 0 {
		return s.T("Accept the offer")
	}
	return s.T("Accept the offer: %s", s.money(s.View.Terms.FeeMinor))
}

// has says whether something of a kind is asked of them.
func (s sheet) has(kind partnership.TaskKind) bool {
	return slices.ContainsFunc(s.Open, func(o store.OpenTask) bool { return o.Task.Kind == kind })
}

// countered says whether a counter-offer makes sense: there is a fee to talk about, and rounds to do it in.
func (s sheet) countered() bool {
	return s.View.Terms.FeeMinor > 0 && s.View.Campaign.Offer.Negotiation.Rounds > 0
}
