package creator

import (
	"fmt"
	"strings"
	"time"

	"github.com/rapport-dev/rapport/partnership"
	"github.com/rapport-dev/rapport/partnership/locale"
	"github.com/rapport-dev/rapport/partnership/zones"
)

// The offer in plain words. Each function answers one question that a creator asks.

// whatYouDo says what is to be made: "1 Instagram reel".
func whatYouDo(l locale.Locale, t partnership.Terms) string {
	var parts []string
	for _, d := range t.Deliverables {
		if l.IsEnglish() {
			parts = append(parts, fmt.Sprintf("%d %s", d.Count, plural(partnership.KindInWords(d.Kind), d.Count)))
		} else {
			parts = append(parts, fmt.Sprintf("%d\u00a0× %s", d.Count, partnership.KindTitle(d.Kind))) // the platforms' own names, which need no plural
		}
	}
	return l.List(parts)
}

// linkLabel says what a link is for.
func linkLabel(s sheet, l partnership.PostLink) string {
	if l.Deliverable == "" {
		return s.T("Link")
	}
	return s.T("Link for the %s", partnership.KindInWords(l.Name()))
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

// whatYouGet lists fee, commission and gift, those that are offered.
func whatYouGet(l locale.Locale, t partnership.Terms) []string {
	var parts []string
	if t.FeeMinor > 0 {
		parts = append(parts, l.T("%s flat fee, earned when your content is live", l.Money(t.FeeMinor, t.Currency)))
	}
	if t.CommissionBPS > 0 {
		rate, window := l.Percent(t.CommissionBPS), l.Days(t.WindowDays)
		if t.CommissionCap > 0 {
			parts = append(parts, l.T("%s %% of every sale through your own link or code, for %s after you post, at most %s in all", rate, window, l.Money(t.CommissionCap, t.Currency)))
		} else {
			parts = append(parts, l.T("%s %% of every sale through your own link or code, for %s after you post", rate, window))
		}
	}
	if words := t.TierWords(t.Currency); words != "" {
		parts = append(parts, words+"; what was sold before keeps its rate")
	}
	for _, words := range t.BonusList(t.Currency) {
		parts = append(parts, "A bonus of "+words+", once")
	}
	if t.Gift != nil {
		parts = append(parts, l.T("%s, worth %s, yours to keep", t.Gift.Name, l.Money(t.Gift.ValueMinor, t.Currency)))
	}
	if t.DiscountBPS > 0 {
		parts = append(parts, l.T("A code that gives your audience %s %% off", l.Percent(t.DiscountBPS)))
	}
	return parts
}

// whenPaid says how earnings reach the creator, a sentence each.
func whenPaid(l locale.Locale, t partnership.Terms, policy partnership.PayoutPolicy) string {
	said := []string{l.T("Paid monthly.")}
	if t.CommissionBPS > 0 && t.HoldDays > 0 {
		said = append(said, l.T("A sale counts once its return window of %s is over.", l.Days(t.HoldDays)))
	}
	if policy.MinimumMinor > 0 {
		said = append(said, l.T("Paid from %s on; smaller sums carry over to the next month.", l.Money(policy.MinimumMinor, t.Currency)))
	}
	return l.Sentences(said...)
}

// inAll is the sum of an offer before sales, and what comes with it.
func inAll(l locale.Locale, t partnership.Terms) (sum, besides string) {
	switch {
	case t.FeeMinor > 0 && t.Gift != nil:
		return l.Money(t.FeeMinor, t.Currency), l.T("and %s, worth %s", t.Gift.Name, l.Money(t.Gift.ValueMinor, t.Currency))
	case t.FeeMinor > 0:
		return l.Money(t.FeeMinor, t.Currency), ""
	case t.Gift != nil:
		return t.Gift.Name, l.T("worth %s, yours to keep", l.Money(t.Gift.ValueMinor, t.Currency))
	}
	return l.T("%s %% of your sales", l.Percent(t.CommissionBPS)), l.T("and no fee")
}

// channelName is where a brand may use content, as its file names it.
func channelName(l locale.Locale, channel string) string {
	return l.T(strings.ReplaceAll(channel, "_", " "))
}

// The channels that files name most; others stay as they are written there.
var _ = []string{
	locale.Words("paid social"), locale.Words("organic social"), locale.Words("email"), locale.Words("website"), locale.Words("shop"), locale.Words("ads"),
}

// rightsInWords says what the brand may do with the content.
func rightsInWords(l locale.Locale, r partnership.UsageRights, brand string) string {
	if len(r.Channels) == 0 {
		return l.T("%s may not reuse your content outside your own channels.", brand)
	}
	var channels []string
	for _, c := range r.Channels {
		channels = append(channels, channelName(l, c))
	}
	if r.Paid {
		return l.T("%s may use your content in %s for %s, as paid advertising too.", brand, l.List(channels), l.Days(float64(r.Days)))
	}
	return l.T("%s may use your content in %s for %s, not as paid advertising.", brand, l.List(channels), l.Days(float64(r.Days)))
}

// whyYou says why this creator was chosen, from what is known and true. A niche is a word of the brand's file, and English.
func whyYou(l locale.Locale, c partnership.Creator) string {
	if c.Niche != "" && l.IsEnglish() {
		return whyYourNiche(c, strings.ReplaceAll(c.Niche, "_", " "))
	}
	switch {
	case c.PastCustomer:
		return l.T("You already know our products, and your audience is people who listen to you.")
	case c.Source == "organic_mention":
		return l.T("You have talked about what we make before, and your audience is people who listen to you.")
	case c.EngagementRate > 0:
		return l.T("Your audience is people who listen to you, and %s %% of it answers what you post. That matters to us more than a big number.", oneDecimal(l, c.EngagementRate))
	default:
		return l.T("Your audience is people who listen to you.")
	}
}

func whyYourNiche(c partnership.Creator, niche string) string {
	switch {
	case c.PastCustomer:
		return "You already know our products, and your audience is people who care about " + niche + "."
	case c.Source == "organic_mention":
		return "You have talked about what we make before, and your audience is people who care about " + niche + "."
	case c.EngagementRate > 0:
		return fmt.Sprintf("Your audience is people who care about %s, and %.1f %% of it answers what you post. That matters to us more than a big number.", niche, c.EngagementRate)
	default:
		return "Your audience is people who care about " + niche + "."
	}
}

func oneDecimal(l locale.Locale, n float64) string { return l.Number(float64(int(10*n+0.5)) / 10) }

// publishWindow says between which days the content goes live: days of the campaign's own zone. To is exclusive, so the last
// day is the one before it.
func publishWindow(l locale.Locale, s partnership.Schedule, timezone string) string {
	zone := zones.Or(timezone)
	from, to := l.Day(s.PublishFrom, zone), l.Day(s.PublishTo.Add(-time.Nanosecond), zone)
	if from == to {
		return l.T("on %s", from)
	}
	return l.T("between %s and %s", from, to)
}

// window is the publish window of a sheet.
func (s sheet) window() string {
	return publishWindow(s.Locale, s.View.Campaign.Schedule, s.View.Campaign.Timezone)
}

// opens is when the publish window does, in the reader's time zone.
func opens(s sheet) string { return s.when(s.View.Campaign.Schedule.PublishFrom) }

// tooEarly refuses a post before the publish window.
func tooEarly(s sheet) string {
	return s.T("The publish window opens on %s, so we cannot take a post yet. Please tell us from then on. If it is public already, hide it until then, or reply to our mail. What you typed is still here.", opens(s))
}

func (s sheet) signed() bool {
	return s.View.Contract != nil && s.View.Contract.Status == partnership.EnvelopeCompleted
}

// when is an instant in the reader's own time zone. All dates of a creator's pages go through it, or through day.
func (s sheet) when(t time.Time) string { return s.When(t, s.zone()) }

// day is the day of an instant in the reader's own time zone.
func (s sheet) day(t time.Time) string { return s.Weekday(t, s.zone()) }

// money is an amount of the partnership's terms.
func (s sheet) money(minor int64) string { return s.Money(minor, s.View.Terms.Currency) }

// firstName greets; a creator without a name is greeted by handle.
func firstName(c partnership.Creator) string {
	if name, _, _ := strings.Cut(strings.TrimSpace(c.Name), " "); name != "" {
		return name
	}
	return "@" + c.Handle
}
