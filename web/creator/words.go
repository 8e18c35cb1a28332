package creator

import (
	"fmt"
	"strings"
	"time"

	"github.com/rapport-dev/rapport/partnership"
	"github.com/rapport-dev/rapport/partnership/money"
	"github.com/rapport-dev/rapport/partnership/zones"
)

// The offer in plain words. Each function answers one question that a creator asks.

// whatYouDo says what is to be made: "1 Instagram Reel".
func whatYouDo(t partnership.Terms) string {
	var parts []string
	for _, d := range t.Deliverables {
		parts = append(parts, fmt.Sprintf("%d %s", d.Count, plural(kindName(d.Kind), d.Count)))
	}
	return list(parts)
}

// linkLabel says what a link is for.
func linkLabel(l partnership.PostLink) string {
	if l.Deliverable == "" {
		return "Link"
	}
	return "Link for the " + kindName(l.Name())
}

func kindName(kind string) string {
	words := strings.Fields(strings.ReplaceAll(kind, "_", " "))
	for i, w := range words {
		switch strings.ToLower(w) {
		case "tiktok":
			words[i] = "TikTok"
		case "youtube":
			words[i] = "YouTube"
		case "instagram":
			words[i] = "Instagram"
		}
	}
	return strings.Join(words, " ")
}

func plural(noun string, n int) string {
	switch {
	case n == 1:
		return noun
	case strings.HasSuffix(noun, "story"):
		return strings.TrimSuffix(noun, "y") + "ies"
	default:
		return noun + "s"
	}
}

// atMost is where a commission ends.
func atMost(t partnership.Terms) string {
	if t.CommissionCap == 0 {
		return ""
	}
	return ", at most " + money.Display(t.CommissionCap, t.Currency) + " in all"
}

// whatYouGet lists fee, commission and gift, those that are offered.
func whatYouGet(t partnership.Terms) []string {
	var parts []string
	if t.FeeMinor > 0 {
		parts = append(parts, money.Display(t.FeeMinor, t.Currency)+" flat fee, earned when your content is live")
	}
	if t.CommissionBPS > 0 {
		parts = append(parts, money.FormatPercent(t.CommissionBPS)+" % of every sale through your own link or code, for "+days(t.WindowDays)+" after you post"+atMost(t))
	}
	if words := t.TierWords(t.Currency); words != "" {
		parts = append(parts, words+"; what was sold before keeps its rate")
	}
	for _, words := range t.BonusList(t.Currency) {
		parts = append(parts, "A bonus of "+words+", once")
	}
	if t.Gift != nil {
		parts = append(parts, t.Gift.Name+", worth "+money.Display(t.Gift.ValueMinor, t.Currency)+", yours to keep")
	}
	if t.DiscountBPS > 0 {
		parts = append(parts, "A code that gives your audience "+money.FormatPercent(t.DiscountBPS)+" % off")
	}
	return parts
}

// whenPaid says how earnings reach the creator.
func whenPaid(t partnership.Terms, policy partnership.PayoutPolicy) string {
	s := "Paid monthly"
	if t.CommissionBPS > 0 && t.HoldDays > 0 {
		s += "; a sale counts once its return window of " + days(t.HoldDays) + " is over"
	}
	if policy.MinimumMinor > 0 {
		s += "; from " + money.Display(policy.MinimumMinor, t.Currency) + ", smaller sums carry over to the next month"
	}
	return s + "."
}

// rightsInWords says what the brand may do with the content.
func rightsInWords(r partnership.UsageRights, brand string) string {
	if len(r.Channels) == 0 {
		return brand + " may not reuse your content outside your own channels."
	}
	var channels []string
	for _, c := range r.Channels {
		channels = append(channels, strings.ReplaceAll(c, "_", " "))
	}
	s := brand + " may use your content in " + list(channels) + " for " + days(float64(r.Days))
	if r.Paid {
		return s + ", as paid advertising too."
	}
	return s + ", not as paid advertising."
}

// whyYou says why this creator was chosen, from what is known and true.
func whyYou(c partnership.Creator) string {
	audience := "people who care about " + strings.ReplaceAll(c.Niche, "_", " ")
	if c.Niche == "" {
		audience = "people who listen to you"
	}
	switch {
	case c.PastCustomer:
		return "You already know our products, and your audience is " + audience + "."
	case c.Source == "organic_mention":
		return "You have talked about what we make before, and your audience is " + audience + "."
	case c.EngagementRate > 0:
		return fmt.Sprintf("Your audience is %s, and %.1f %% of it answers what you post. That matters to us more than a big number.", audience, c.EngagementRate)
	default:
		return "Your audience is " + audience + "."
	}
}

// publishWindow says between which days the content goes live: days of the campaign's own zone. To is exclusive, so the last
// day is the one before it.
func publishWindow(s partnership.Schedule, timezone string) string {
	const layout = "2 January"
	zone := zones.Or(timezone)
	from, to := s.PublishFrom.In(zone), s.PublishTo.Add(-time.Nanosecond).In(zone)
	if from.Format(layout) == to.Format(layout) {
		return "on " + from.Format(layout)
	}
	return "between " + from.Format(layout) + " and " + to.Format(layout)
}

// opens is when the publish window does, in the reader's time zone.
func opens(s sheet) string { return deadline(s.View.Campaign.Schedule.PublishFrom, s.zone()) }

// tooEarly refuses a post before the publish window.
func tooEarly(s sheet) string {
	return "The publish window opens on " + opens(s) + ", so we cannot take a post yet. Please tell us from then on. If it is public already, hide it until then, or reply to our mail. What you typed is still here."
}

// closedOffer is what became of an offer, for whom follows its link again.
func closedOffer(s sheet) (title, next string) {
	switch {
	case s.Outcome == partnership.Declined:
		return "You said no to this offer", "That is fine, and we leave it at that. If you have changed your mind, reply to the mail this link came in: if there is still a place for you, we find it together."
	case s.Outcome == partnership.Expired:
		return "This offer has ended", "Its time passed without an answer. If you would have liked to join, reply to the mail this link came in: if there is still a place for you, we find it together."
	case s.Outcome != "":
		return "This has come to an end", "Nothing more is asked of you here. If that surprises you, reply to the mail this link came in: a person reads it."
	case s.Stage == partnership.Outreach || s.Stage == partnership.Negotiation:
		return "We have your answer", "You hear from us by mail, usually within a few days. There is nothing more to do here."
	case s.Stage == partnership.Contracting && !s.signed():
		return "You have accepted this offer", "The agreement comes by mail from " + s.Signer + ": look in your spam folder too. Nothing binds you before you have signed it."
	default:
		return "You are in", "You accepted this offer, and the agreement is signed. Every further step comes by mail, with a link of its own."
	}
}

func (s sheet) signed() bool {
	return s.View.Contract != nil && s.View.Contract.Status == partnership.EnvelopeCompleted
}

// deadline is an instant in the reader's own time zone.
func deadline(t time.Time, zone *time.Location) string {
	return t.In(zone).Format("Monday 2 January, 15:04 MST")
}

func days(n float64) string {
	if n == 1 {
		return "1 day"
	}
	return strings.TrimSuffix(fmt.Sprintf("%.1f", n), ".0") + " days"
}

func list(parts []string) string {
	if len(parts) < 2 {
		return strings.Join(parts, "")
	}
	return strings.Join(parts[:len(parts)-1], ", ") + " and " + parts[len(parts)-1]
}

// firstName greets; a creator without a name is greeted by handle.
func firstName(c partnership.Creator) string {
	if name, _, _ := strings.Cut(strings.TrimSpace(c.Name), " "); name != "" {
		return name
	}
	return "@" + c.Handle
}

// sentence makes a refusal of the rules a sentence on a page.
func sentence(s string) string {
	if s == "" {
		return s
	}
	s = strings.ToUpper(s[:1]) + s[1:]
	if strings.HasSuffix(s, ".") {
		return s
	}
	return s + "."
}
