package rehearsal

import (
	"fmt"
	"math"
	"strings"
	"time"

	"github.com/rapport-dev/rapport/activities"
	"github.com/rapport-dev/rapport/partnership"
	"github.com/rapport-dev/rapport/partnership/ledger"
	"github.com/rapport-dev/rapport/partnership/money"
	"github.com/rapport-dev/rapport/workflows"
)

// mended is the submission of a post whose disclosure was mended.
const mended = "mended"

var never time.Time

// consider is what a creator does with an offer, or with the same offer after a counter-offer was refused.
func (c *cast) consider(l activities.Letter) {
	if l.Kind == "counter_refused" {
		c.after(c.dice.takes("answers "+l.Task, c.mood.Answers), func() {
			if c.dice.will("declines "+l.Task, 0.3) {
				c.answer(l.Task, partnership.ChoiceDecline, 0)
			} else {
				c.answer(l.Task, partnership.ChoiceAccept, 0)
			}
		})
		return
	}
	luck, m := c.dice.share("offer"), c.mood
	below := func(chance float64) bool { luck -= chance; return luck < 0 }
	answer, fee := partnership.ChoiceAccept, int64(0)
	switch {
	case below(m.OptsOut):
		c.after(c.dice.takes("opts out", m.Answers), func() {
			c.tell("creator", "opts out of mail", never)
			c.report(workflows.SignalOptedOut, workflows.OptedOut{})
		})
		return
	case below(m.Silent):
		return
	case below(m.Declines):
		answer = partnership.ChoiceDecline
	case below(m.Counters) && c.fee > 0:
		answer, fee = partnership.ChoiceCounter, c.wish()
	}
	act := func() { c.answer(l.Task, answer, fee) }
	if c.dice.will("waits for a reminder", m.Waits) {
		c.stirred[l.Task] = stirring{act: act}
		return
	}
	c.after(c.dice.takes("answers", m.Answers), act)
}

// wish is the fee that a counter-offer asks for, in whole units.
func (c *cast) wish() int64 {
	more := c.dice.between("asks for", 1.05, 1.2)
	if c.dice.will("asks boldly", c.mood.Bold) {
		more = c.dice.between("asks boldly for", 1.4, mostAsked)
	}
	return max(int64(float64(c.fee)*more)/c.unit, 1) * c.unit
}

func (c *cast) answer(task string, answer partnership.Choice, fee int64) {
	words := map[partnership.Choice]string{partnership.ChoiceAccept: "accepts the offer", partnership.ChoiceDecline: "declines the offer"}[answer]
	if answer == partnership.ChoiceCounter {
		words = "asks for " + money.Display(fee, c.Campaign.Currency)
	}
	c.tell("creator", words, never)
	c.say(workflows.UpdateAnswerOffer, workflows.AnswerOffer{Task: task, Answer: answer, FeeMinor: fee})
}

// stirring is what a reminder makes a creator do.
type stirring struct {
	act   func()
	quiet bool // only a check-in does, or nothing
}

// reminded is what a reminder stirs. A quiet creator comes back after a check-in, or never.
func (c *cast) reminded(l activities.Letter) {
	waiting, waits := c.stirred[l.Task]
	if !waits {
		return
	}
	takes := c.mood.Reminded
	if waiting.quiet {
		if !strings.HasPrefix(l.Step, "check_in") || !c.dice.will("returns", c.mood.Returns) {
			return
		}
		takes = c.mood.ComesBack
	}
	delete(c.stirred, l.Task)
	c.after(c.dice.takes("stirred "+l.Task, takes), waiting.act)
}

// sign is what a creator does with the contract.
func (c *cast) sign() {
	if c.dice.will("never signs", c.mood.NeverSigns) {
		return
	}
	c.after(c.dice.takes("signs", c.mood.Signs), func() {
		c.signedAt = c.now()
		c.tell("creator", "signs the contract", never)
		c.report(workflows.SignalEnvelopeChanged, workflows.EnvelopeChanged{EnvelopeID: "envelope"})
	})
}

// goesQuiet says whether the creator falls silent at this point: once, over the first draft or the first post.
func (c *cast) goesQuiet(overPost bool) bool {
	chance := c.mood.QuietPaid
	if c.in.Offer.FeeMinor == 0 {
		chance = c.mood.QuietGifted
	}
	return len(c.story.posts) == 0 && c.dice.will("goes quiet", chance) && c.dice.will("goes quiet late", c.mood.QuietLate) == overPost
}

// make is the creator's work on a draft.
func (c *cast) make(l activities.Letter) {
	act := func() {
		c.tell("creator", "sends the draft", never)
		if given := c.between(c.request.at, c.request.due); given > 0 {
			c.drafted = c.between(c.request.at, c.now()) / given
		}
		c.say(workflows.UpdateSubmitDraft, workflows.SubmitDraft{Task: l.Task, SubmissionID: "draft"})
	}
	if (l.Kind == "draft_request" || c.mood.QuietAgain) && c.goesQuiet(false) {
		c.stirred[l.Task] = stirring{act, true}
		return
	}
	if c.dice.will("waits with "+l.Task, c.mood.WaitsDraft) {
		c.stirred[l.Task] = stirring{act: func() { c.dally(l.Task, act) }}
		return
	}
	share := c.dice.takes("drafts "+l.Task, c.mood.Draft)
	if c.mood.Brisk {
		c.after(share, act)
		return
	}
	given := c.given(l.Due)
	c.after(share*given, act)
	if share > 1 && c.dice.will("asks for time "+l.Task, c.mood.Asks) {
		days := min(5, math.Ceil((share-1)*given))
		c.after(0.9*given, func() {
			c.tell("creator", fmt.Sprintf("asks for %g more days", days), never)
			c.alive = c.now()
			c.say(workflows.UpdateRequestExtension, workflows.RequestExtension{Task: l.Task, Days: days})
		})
	}
}

// dally is a creator who waited for a reminder and may ask for two more days even then.
func (c *cast) dally(task string, act func()) {
	if !c.dice.will("asks for time "+task, c.mood.Asks) {
		act()
		return
	}
	const days = 2
	c.tell("creator", fmt.Sprintf("asks for %d more days", days), never)
	c.say(workflows.UpdateRequestExtension, workflows.RequestExtension{Task: task, Days: days})
	c.after(c.dice.between("dallies "+task, 0.5, 1.5), act)
}

// given is how long a creator has, in campaign days: at least one, because nobody works faster for being late.
func (c *cast) given(due time.Time) float64 {
	return max(1, float64(due.Sub(c.now()))/float64(c.in.Day))
}

// publish is the creator's post, inside the publish window where there is time for that.
func (c *cast) publish(l activities.Letter) {
	submission := "post"
	if l.Kind == "disclosure_fix" {
		submission = mended
	}
	act := func() {
		c.tell("creator", "posts", never)
		c.say(workflows.UpdateSubmitPost, workflows.SubmitPost{Task: l.Task, SubmissionID: submission})
	}
	switch {
	case submission == mended:
		c.after(c.dice.takes("mends "+l.Task, c.mood.Mends), act)
		return
	case c.goesQuiet(true):
		c.stirred[l.Task] = stirring{act, true}
		return
	}
	takes, first := c.dice.takes("posts "+l.Task, c.mood.Post), 0.0
	if c.mood.Brisk {
		first = takes / 4
	} else {
		takes *= c.given(l.Due)
		first = c.dice.between("first day "+l.Task, 0.4, 0.8)
	}
	wait := c.days(takes)
	if c.now().Add(wait).Before(c.in.Schedule.PublishFrom) { // done early: it waits for the first live day
		wait = c.in.Schedule.PublishFrom.Sub(c.now()) + c.days(first)
	}
	c.later(wait, act)
}

// sell is what a post's audience does. Orders that are sent back earn nothing: they come back within the hold.
func (c *cast) sell(nth int) {
	a, d := c.Behaviour.Audience, c.dice.of("audience").at(nth)
	expected := a.clicks(c.who)
	clicks := d.count("clicks", expected, c.who.Followers)
	c.story.clicks += clicks
	bps := c.in.Offer.CommissionBPS
	for i := range a.sold(d, clicks, c.who) {
		o := d.at(i)
		after := o.takes("after", a.After)
		if a.To > 0 {
			after = o.between("after", a.From, a.To) * c.in.Offer.WindowDays
		}
		if after > c.in.Offer.WindowDays {
			continue
		}
		at := c.now().Add(c.days(after))
		net := int64(math.Round(min(o.takes("value", a.Order), a.MostValue) * float64(c.orderUnit())))
		c.story.orders++
		if o.will("comes back", a.Refunds) {
			continue
		}
		c.story.revenue += net
		earned := c.commission(net, bps)
		if most := c.in.Offer.CommissionCap; most > 0 {
			earned = min(earned, most-c.story.sales)
		}
		c.story.sales += earned
		c.spend(commissionFlow, at.Add(c.days(c.in.Offer.HoldDays)), earned)
		c.story.sold = append(c.story.sold, ledger.BonusSale{OrderID: fmt.Sprint(c.story.orders), Currency: c.in.Offer.Currency, At: at, BoughtMinor: net, RateBPS: bps})
	}
	c.earnMore()
}

// earnMore is what bonuses and tiers add to what was sold so far, by the rules that book them.
func (c *cast) earnMore() {
	for _, due := range ledger.BonusesDue(c.in.Offer, c.story.sold, c.days(1)) {
		if c.story.more[due.Key] {
			continue
		}
		if c.story.more == nil {
			c.story.more = map[string]bool{}
		}
		c.story.more[due.Key] = true
		if most := c.in.Offer.CommissionCap; most > 0 && ledger.OfTier(due.Key) {
			due.Minor = min(due.Minor, most-c.story.sales)
		}
		if ledger.OfTier(due.Key) {
			c.story.sales += due.Minor
		}
		c.spend(commissionFlow, due.At.Add(c.days(c.in.Offer.HoldDays)), due.Minor)
	}
}

// clicks are what a post of that creator brings on average.
func (a Audience) clicks(who partnership.Creator) float64 {
	if a.Looks > 0 {
		return a.Looks
	}
	return float64(who.Followers) * who.EngagementRate / 100 * a.Clicks
}

// sold is how many orders so many clicks on a post of that creator bring.
func (a Audience) sold(d dice, clicks int, who partnership.Creator) int {
	if a.Most > 0 {
		return a.Fewest + int(d.share("orders")*float64(a.Most-a.Fewest+1))
	}
	return d.count("orders", float64(clicks)*a.Buys, a.most(who))
}

// most is the number of orders that a post of that creator never passes.
func (a Audience) most(who partnership.Creator) int {
	if a.Most > 0 {
		return a.Most
	}
	return int(math.Ceil(a.Peak*math.Ceil(a.clicks(who))*a.Buys)) + a.PeakMore
}

// orderUnit is what an order's value is a share of.
func (w *world) orderUnit() int64 {
	if g := w.Campaign.Offer.Gift; g != nil && g.ValueMinor > 0 {
		return g.ValueMinor
	}
	return int64(math.Round(w.Behaviour.Audience.OrderUnit * float64(w.unit)))
}
