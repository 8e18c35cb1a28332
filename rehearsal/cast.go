package rehearsal

import (
	"context"
	"math"
	"strconv"
	"time"

	"go.temporal.io/sdk/testsuite"

	"github.com/rapport-dev/rapport/activities"
	"github.com/rapport-dev/rapport/partnership"
	"github.com/rapport-dev/rapport/partnership/timeline"
	"github.com/rapport-dev/rapport/workflows"
)

// cast is everybody whom one partnership meets: its creator, the manager, the carrier, the vendors and the post's audience.
// Its exported methods are the steps of activities.Activities; each notes what would be sent and lets people react to it.
type cast struct {
	*world
	env    *testsuite.TestWorkflowEnvironment
	say    func(update string, arg any) // a person's answer to the workflow
	report func(signal string, arg any) // a vendor's fact to the workflow

	in    workflows.PartnershipInput
	who   partnership.Creator
	mood  Creator
	dice  dice
	pins  pins
	cal   timeline.Calendar
	story *story

	fee        int64 // as last offered or agreed
	signedAt   time.Time
	parcel     partnership.Parcel
	handedOver time.Time           // of the parcel to the carrier
	stirred    map[string]stirring // by task
	silences   int                 // that the manager was asked about
	reserved   int                 // reservations asked for so far
	request    request             // what the creator is asked for now
	alive      time.Time           // their last sign of life since then
	drafted    float64             // the share of the time given that their first draft took, 0 not known
	guess      func(int64) bool    // whether the budget would cover a reservation now
}

var castSteps = stepsOf[*cast]()

// perform plays one partnership from its invitation to its end.
func (w *world) perform(in workflows.PartnershipInput, who partnership.Creator, entry partnership.RosterEntry, from time.Time, guess func(int64) bool, pinned pins) (*story, error) {
	c := w.hire(in, who, entry, from)
	c.guess, c.pins = guess, pinned
	var r workflows.PartnershipResult
	if err := play(c, w.Limit, from, workflows.PartnershipWorkflowID(in.PartnershipID), workflows.PartnershipType, in, &r); err != nil {
		return nil, err
	}
	c.end(r.Outcome)
	return c.story, nil
}

// hire brings together whom a partnership meets.
func (w *world) hire(in workflows.PartnershipInput, who partnership.Creator, entry partnership.RosterEntry, from time.Time) *cast {
	return &cast{
		world: w, in: in, who: who, mood: w.mood(in.CreatorID, in.Tier), dice: w.dice.of(string(in.CreatorID)),
		cal: timeline.Calendar{Day: in.Day, Zone: in.Zone}.For(in.Schedule), fee: in.Offer.FeeMinor,
		story: &story{entry: entry, from: from}, stirred: map[string]stirring{},
	}
}

// end closes the story's books.
func (c *cast) end(o partnership.Outcome) {
	c.story.outcome, c.story.to = o, c.now()
	if g := c.in.Offer.Gift; g != nil && !c.handedOver.IsZero() && !c.story.to.Before(c.handedOver) {
		c.story.gift = g.ValueMinor
	}
}

func (c *cast) enter(env *testsuite.TestWorkflowEnvironment) {
	c.env = env
	// An answer that comes too late is refused, as it would be, and changes nothing.
	c.say = func(update string, arg any) { env.UpdateWorkflow(update, "", deaf{}, arg) }
	c.report = env.SignalWorkflow
	env.SetOnTimerScheduledListener(func(string, time.Duration) { c.story.work.Timers++ })
}

// horizon is when a rehearsal gives up on a story that does not end, in campaign days.
const horizon = 730

func (c *cast) begin() {
	c.env.RegisterDelayedCallback(c.env.CancelWorkflow, c.days(horizon))
	for _, s := range c.pins.signals {
		c.env.RegisterDelayedCallback(func() { c.report(s.name, s.arg) }, s.at.Sub(c.story.from))
	}
}

func (c *cast) step(name string, arg any, local bool) (any, error) {
	c.story.work.step(local)
	return call(castSteps, c, name, arg)
}

func (c *cast) signal(_, name string, arg any) error {
	c.story.heard = append(c.story.heard, outcry{at: c.now(), signal: name, arg: arg})
	return nil
}

func (c *cast) start(workflowID string, _ any) error {
	panic("the rehearsal does not know the child " + workflowID)
}

func (c *cast) now() time.Time { return c.env.Now().UTC() }

// after lets something happen later. Times are cut to the minute of a real day: the environment may then not mistake two moments.
func (c *cast) after(days float64, then func()) { c.later(c.days(days), then) }

func (c *cast) later(d time.Duration, then func()) {
	c.env.RegisterDelayedCallback(then, max(d, c.in.Day/minutes))
}

const minutes = 24 * 60

func (c *cast) days(n float64) time.Duration {
	return time.Duration(math.Round(n*minutes)) * (c.in.Day / minutes)
}

// business lets something happen after business days.
func (c *cast) business(days float64, then func()) {
	c.later(timeline.ReviewDue(c.cal, c.now(), math.Round(days*minutes)/minutes).Sub(c.now()), then)
}

// deaf is a person who does not look at what the page says after they have answered.
type deaf struct{}

func (deaf) Accept()             {}
func (deaf) Reject(error)        {}
func (deaf) Complete(any, error) {}

// tell notes an event where a list is wanted.
func (c *cast) tell(kind, what string, due time.Time) {
	if c.Listing {
		c.story.events = append(c.story.events, Event{At: c.now(), Kind: kind, Creator: c.who.Handle, What: what, Due: due.UTC()})
	}
}

func (c *cast) mailed(l activities.Letter) { c.tell("mail", letterWords(l), l.Due) }

func (c *cast) spend(kind flowKind, at time.Time, minor int64) {
	if minor != 0 {
		c.story.flows = append(c.story.flows, flow{at, kind, minor})
	}
}

// SaveProjection is the board's row.
func (c *cast) SaveProjection(context.Context, partnership.Projection) error { return nil }

// AskCreator opens a task and mails its link.
func (c *cast) AskCreator(_ context.Context, in activities.Request) (activities.Sent, error) {
	c.mailed(in.Letter)
	c.tell("task", taskWords[in.Task], in.Letter.Due)
	c.asked(in)
	switch in.Task {
	case partnership.TaskOffer:
		c.consider(in.Letter)
	case partnership.TaskDraft:
		c.make(in.Letter)
	case partnership.TaskPost:
		c.publish(in.Letter)
	}
	return activities.Sent{}, nil
}

// SendLetter is a reminder or news.
func (c *cast) SendLetter(_ context.Context, in activities.Letter) (activities.Sent, error) {
	c.mailed(in)
	c.reminded(in)
	return activities.Sent{Risk: c.risk()}, nil
}

// SendContract has the signing vendor mail the contract.
func (c *cast) SendContract(_ context.Context, in activities.Contract) (partnership.Envelope, error) {
	if in.Version <= 1 {
		c.mailed(activities.Letter{Kind: "accepted", Due: in.Due})
	}
	c.tell("mail", "the contract, from the signing vendor", in.Due)
	c.tell("task", taskWords[partnership.TaskSign], in.Due)
	c.sign()
	return partnership.Envelope{ID: "envelope", Status: partnership.EnvelopeSent}, nil
}

// ConfirmSignature re-reads the contract.
func (c *cast) ConfirmSignature(context.Context, activities.Contract) (partnership.Envelope, error) {
	if c.signedAt.IsZero() {
		return partnership.Envelope{ID: "envelope", Status: partnership.EnvelopeDelivered}, nil
	}
	return partnership.Envelope{ID: "envelope", Status: partnership.EnvelopeCompleted, CompletedAt: c.signedAt}, nil
}

// ReserveBudget asks the campaign's budget for a higher fee.
func (c *cast) ReserveBudget(_ context.Context, in activities.Reservation) (activities.Granted, error) {
	cost := in.Terms.CostMinor()
	granted := c.guess(cost)
	if c.reserved < len(c.pins.grants) {
		granted = c.pins.grants[c.reserved]
	}
	c.reserved++
	c.story.heard = append(c.story.heard, outcry{at: c.now(), reserve: cost, granted: granted})
	if granted {
		c.fee = in.Terms.FeeMinor
	}
	return activities.Granted{OK: granted}, nil
}

// CreateTrackingKit makes link and code.
func (c *cast) CreateTrackingKit(context.Context, activities.Tracking) (partnership.TrackingKit, error) {
	return partnership.TrackingKit{PartnershipID: c.in.PartnershipID}, nil
}

// VerifyTracking is the go-live gate.
func (c *cast) VerifyTracking(context.Context, activities.Tracking) (activities.Verified, error) {
	return activities.Verified{At: c.now(), Detail: "rehearsed"}, nil
}

// CheckPost looks for the disclosure and books the fee.
func (c *cast) CheckPost(_ context.Context, in activities.Post) (activities.LivePost, error) {
	first := len(c.story.posts) == 0 && in.SubmissionID != mended
	if first && c.dice.will("forgets the disclosure", c.mood.Undisclosed) {
		return activities.LivePost{Why: "there is no disclosure"}, nil
	}
	c.story.posts = append(c.story.posts, c.now())
	c.story.fees += in.FeeMinor
	c.spend(feeFlow, c.now(), in.FeeMinor)
	c.sell(len(c.story.posts))
	return activities.LivePost{Disclosed: true}, nil
}

// AskForPayoutSetup asks how the creator wants to be paid.
func (c *cast) AskForPayoutSetup(_ context.Context, in activities.Request) (activities.Payable, error) {
	c.mailed(in.Letter)
	c.tell("task", taskWords[in.Task], in.Letter.Due)
	if !c.dice.will("never sets up payouts", c.mood.NeverSetsUp) {
		c.after(c.dice.takes("sets up payouts", c.mood.SetsUp), func() {
			c.story.payable = c.now()
			c.tell("creator", "sets up how to be paid", time.Time{})
			c.report(workflows.SignalPayoutAccountReady, workflows.PayoutAccountReady{})
		})
	}
	return activities.Payable{}, nil
}

// HandOver sums up.
func (c *cast) HandOver(_ context.Context, in activities.Letter) (activities.HandedOver, error) {
	c.mailed(in)
	return activities.HandedOver{Summary: strconv.Itoa(c.story.orders) + " orders"}, nil
}
