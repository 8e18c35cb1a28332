package workflows_test

import (
	"context"
	"fmt"
	"slices"
	"sync"
	"time"

	"github.com/rapport-dev/rapport/activities"
	"github.com/rapport-dev/rapport/partnership"
)

// steps stands in for the activities under their own names and keeps what was asked of them, with the virtual time.
type steps struct {
	now func() time.Time

	mu      sync.Mutex
	log     []string // "mail draft_request draft-1/request", "undo contract", ...
	times   []time.Time
	told    []detail // what stood in each line of the log
	board   []partnership.Projection
	news    []activities.CampaignNews
	letters []activities.Letter
	waves   [][]partnership.RosterEntry
	onMail  func(activities.Letter)
	onCard  func(kind string, id partnership.PartnershipID, task string)
	onSign  func()
	onLabel func()
	onWave  func()
	onAmend func(activities.AmendmentRef) activities.AmendmentPlan // nil: one slot more
	kitWait time.Duration                                          // how much longer the kit takes than what runs beside it

	refuse      map[string]error // by step name, once
	chat        func() error     // what the chat says to every card; nil takes it
	undisclosed int              // posts that lack the disclosure
	optedOut    bool             // reminders say that their reader wants no more
	risk        float64          // of a silence, after each reminder
	places      int              // how many the budget covers at once, 0 any
	justSigned  bool             // the creator signs a moment before a contract is voided
	declines    bool             // the creator declines a moment before a contract is voided
	overBudget  bool             // the budget covers nothing more
	account     bool             // the payout account is ready
	envelope    partnership.EnvelopeStatus
	envelopes   map[int]partnership.EnvelopeStatus // by the contract's version, where it stands otherwise
	contracts   []activities.Contract              // sent
	reserved    []int64                            // one after the other
	parcel      partnership.ParcelStatus
	plan        activities.CampaignPlan
	state       func(activities.CampaignEnd) error // what the board says to a campaign's state; nil takes it
	audit       func() error                       // what the database says to a decision's line; nil takes it
	tooLate     []string                           // decisions whose moment had passed when their line was written
}

// detail is what a mail or a card says beside its name.
type detail struct {
	due   time.Time
	words []string
	board partnership.Projection // as it stood then
}

func (s *steps) did(format string, args ...any) { s.say(detail{}, format, args...) }

func (s *steps) say(d detail, format string, args ...any) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, pr := range s.board {
		if pr.Seq > d.board.Seq {
			d.board = pr
		}
	}
	s.log = append(s.log, fmt.Sprintf(format, args...))
	s.times = append(s.times, s.now())
	s.told = append(s.told, d)
}

// has says whether that was done, while others are doing more.
func (s *steps) has(line string) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Contains(s.log, line)
}

func (s *steps) refused(step string) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	err := s.refuse[step]
	delete(s.refuse, step)
	return err
}

// RecordDecision lets everything count that carries a proof.
func (s *steps) RecordDecision(context.Context, activities.Decision) error {
	if s.audit != nil {
		return s.audit()
	}
	return nil
}

// RefuseDecision keeps which decision came too late, and why.
func (s *steps) RefuseDecision(_ context.Context, in activities.RefusedDecision) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.tooLate = append(s.tooLate, in.Decision.Deed+" of "+in.Decision.Proof.Who+": "+in.Why)
	return nil
}

func (s *steps) SaveProjection(_ context.Context, pr partnership.Projection) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.board = append(s.board, pr)
	return nil
}

func (s *steps) mail(l activities.Letter) (activities.Sent, error) {
	s.say(detail{due: l.Due, words: l.Words}, "mail %s %s/%s", l.Kind, l.Task, l.Step)
	s.mu.Lock()
	s.letters = append(s.letters, l)
	s.mu.Unlock()
	if s.onMail != nil {
		s.onMail(l)
	}
	return activities.Sent{}, nil
}

func (s *steps) AskCreator(_ context.Context, in activities.Request) (activities.Sent, error) {
	if err := s.refused("AskCreator"); err != nil {
		return activities.Sent{}, err
	}
	return s.mail(in.Letter)
}

func (s *steps) SendLetter(_ context.Context, in activities.Letter) (activities.Sent, error) {
	sent, err := s.mail(in)
	sent.OptedOut, sent.Risk = s.optedOut, s.risk
	return sent, err
}

func (s *steps) AskForPayoutSetup(_ context.Context, in activities.Request) (activities.Payable, error) {
	if s.account {
		return activities.Payable{Ready: true}, nil
	}
	_, err := s.mail(in.Letter)
	return activities.Payable{}, err
}

func (s *steps) HandOver(_ context.Context, in activities.Letter) (activities.HandedOver, error) {
	_, err := s.mail(in)
	return activities.HandedOver{Summary: "sums", Renewal: "Suggestion: scale."}, err
}

func (s *steps) card(kind string, id partnership.PartnershipID, task string, d ...detail) (partnership.MessageRef, error) {
	if s.chat != nil {
		if err := s.chat(); err != nil {
			return partnership.MessageRef{}, err
		}
	}
	s.say(append(d, detail{})[0], "card %s %s", kind, task)
	if s.onCard != nil {
		s.onCard(kind, id, task)
	}
	return partnership.MessageRef{Channel: "C1", TS: "1"}, nil
}

func (s *steps) AskAboutSilence(_ context.Context, in activities.QuietCard) (activities.QuietAsked, error) {
	ref, err := s.card("quiet", in.PartnershipID, in.Task, detail{due: in.Due})
	return activities.QuietAsked{Card: ref, Risk: s.risk}, err
}

func (s *steps) TellOptedOut(_ context.Context, in activities.PartnershipRef) (partnership.MessageRef, error) {
	return s.card("opted out", in.PartnershipID, "once")
}

func (s *steps) ReportRefusedStep(_ context.Context, in activities.RefusedStep) (partnership.MessageRef, error) {
	return s.card("refused", in.PartnershipID, in.Step)
}

func (s *steps) AskAboutCounter(_ context.Context, in activities.CounterCard) (partnership.MessageRef, error) {
	return s.card("counter", in.PartnershipID, fmt.Sprint(in.Round))
}

func (s *steps) AskForReview(_ context.Context, in activities.ReviewCard) (partnership.MessageRef, error) {
	if err := s.refused("AskForReview"); err != nil {
		return partnership.MessageRef{}, err
	}
	return s.card("review", in.PartnershipID, in.Task, detail{due: in.Due})
}

func (s *steps) CloseReviewCard(_ context.Context, in activities.ReviewCard) (partnership.MessageRef, error) {
	if err := s.refused("CloseReviewCard"); err != nil {
		return partnership.MessageRef{}, err
	}
	return s.card("review closed", in.PartnershipID, in.Task)
}

func (s *steps) ReserveBudget(_ context.Context, in activities.Reservation) (activities.Granted, error) {
	s.did("reserve")
	s.mu.Lock()
	defer s.mu.Unlock()
	if !s.overBudget {
		s.reserved = append(s.reserved, in.Terms.CostMinor())
	}
	return activities.Granted{OK: !s.overBudget}, nil
}

func (s *steps) SendContract(_ context.Context, in activities.Contract) (partnership.Envelope, error) {
	if err := s.refused("SendContract"); err != nil {
		return partnership.Envelope{}, err
	}
	s.did("contract")
	s.mu.Lock()
	s.contracts = append(s.contracts, in)
	s.mu.Unlock()
	if s.onSign != nil {
		s.onSign()
	}
	return partnership.Envelope{ID: "env-1", Status: partnership.EnvelopeSent}, nil
}

func (s *steps) ConfirmSignature(_ context.Context, in activities.Contract) (partnership.Envelope, error) {
	s.did("confirm signature")
	if err := s.refused(fmt.Sprint("ConfirmSignature ", in.Version)); err != nil {
		return partnership.Envelope{}, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	status := s.envelope
	if known := s.envelopes[in.Version]; known != "" {
		status = known
	}
	return partnership.Envelope{ID: "env-1", Status: status, CompletedAt: s.now()}, nil
}

func (s *steps) CreateTrackingKit(context.Context, activities.Tracking) (partnership.TrackingKit, error) {
	if err := s.refused("CreateTrackingKit"); err != nil {
		return partnership.TrackingKit{}, err
	}
	s.did("kit")
	<-time.After(s.kitWait)
	return partnership.TrackingKit{}, nil
}

func (s *steps) VerifyTracking(context.Context, activities.Tracking) (activities.Verified, error) {
	if err := s.refused("VerifyTracking"); err != nil {
		return activities.Verified{}, err
	}
	s.did("verify")
	return activities.Verified{At: s.now().Add(61 * time.Second), Detail: "works"}, nil // a worker's clock that is ahead
}

func (s *steps) OrderGift(context.Context, activities.Gift) (partnership.GiftOrder, error) {
	if err := s.refused("OrderGift"); err != nil {
		return partnership.GiftOrder{}, err
	}
	s.did("gift")
	return partnership.GiftOrder{ID: "g1"}, nil
}

func (s *steps) BuyLabel(context.Context, activities.Gift) (partnership.Shipment, error) {
	s.did("label")
	if s.onLabel != nil {
		s.onLabel()
	}
	return partnership.Shipment{ID: "shp-1", Carrier: "USPS"}, nil
}

func (s *steps) LookAtParcel(context.Context, activities.Parcel) (partnership.Parcel, error) {
	s.did("look at parcel")
	return partnership.Parcel{Status: s.parcel, UpdatedAt: s.now()}, nil
}

func (s *steps) CheckPost(context.Context, activities.Post) (activities.LivePost, error) {
	s.did("check post")
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.undisclosed > 0 {
		s.undisclosed--
		return activities.LivePost{Why: "no disclosure"}, nil
	}
	return activities.LivePost{Disclosed: true}, nil
}

func (s *steps) undo(what string) (activities.Undone, error) {
	s.did("undo %s", what)
	return activities.Undone{Detail: what + " taken back"}, nil
}

func (s *steps) VoidContract(_ context.Context, in activities.Undo) (activities.Undone, error) {
	s.mu.Lock()
	if s.envelopes == nil {
		s.envelopes = map[int]partnership.EnvelopeStatus{}
	}
	switch {
	case s.declines:
		s.envelopes[in.Version] = partnership.EnvelopeDeclined
	case s.justSigned:
		s.envelopes[in.Version] = partnership.EnvelopeCompleted
	case s.envelopes[in.Version] != partnership.EnvelopeCompleted: // a signed one stands
		s.envelopes[in.Version] = partnership.EnvelopeVoided
	}
	s.mu.Unlock()
	return s.undo("contract")
}

func (s *steps) DeactivateCode(context.Context, activities.Undo) (activities.Undone, error) {
	return s.undo("code")
}

func (s *steps) CancelGift(context.Context, activities.Undo) (activities.Undone, error) {
	return s.undo("gift")
}

func (s *steps) RefundLabel(context.Context, activities.Undo) (activities.Undone, error) {
	return s.undo("label")
}

func (s *steps) RankRoster(context.Context, activities.CampaignRef) (activities.CampaignPlan, error) {
	return s.plan, nil
}

func (s *steps) ReserveWave(_ context.Context, in activities.Wave) (activities.Reserved, error) {
	if s.onWave != nil {
		s.onWave()
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.waves = append(s.waves, in.Entries)
	var out activities.Reserved
	for i, e := range in.Entries {
		if s.places > 0 && i >= s.places {
			out.OverBudget = "the budget left does not cover it"
			break
		}
		out.Invitations = append(out.Invitations, activities.Invitation{Entry: e, Terms: offer()})
	}
	return out, nil
}

func (s *steps) ReleaseWave(_ context.Context, in activities.Wave) error {
	s.did("release %d", len(in.Entries))
	return nil
}

func (s *steps) TellTeam(_ context.Context, in activities.CampaignNews) error {
	if s.chat != nil {
		if err := s.chat(); err != nil {
			return err
		}
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.news = append(s.news, in)
	return nil
}

func (s *steps) SetCampaignState(_ context.Context, in activities.CampaignEnd) error {
	if s.state != nil {
		return s.state(in)
	}
	return nil
}

func offer() partnership.Terms {
	return partnership.Terms{
		Version: 1, Currency: "USD", FeeMinor: 50_000, CommissionBPS: 1_000, DiscountBPS: 1_500,
		Gift:         &partnership.Gift{SKU: "SAMPLER-12", Name: "Sampler", ValueMinor: 3_600, WeightOz: 40},
		Deliverables: []partnership.Deliverable{{Kind: "instagram_reel", Count: 1}},
		UsageRights:  partnership.UsageRights{Channels: []string{"paid_social"}, Days: 180, Paid: true},
		HoldDays:     30, WindowDays: 30, BriefVersion: 1,
	}
}

func (s *steps) TellSchedule(_ context.Context, in activities.ScheduleNews) (partnership.MessageRef, error) {
	kind, words := "schedule", append([]string{fmt.Sprintf("buffer left: %g days", in.BufferLeft)}, in.Words...)
	if in.UpdateOnly {
		kind = "schedule, if there is one:"
	}
	return s.card(kind, in.PartnershipID, fmt.Sprintf("%s %d", in.Owner, in.Seq), detail{words: words})
}

func (s *steps) LoadAmendment(_ context.Context, in activities.AmendmentRef) (activities.AmendmentPlan, error) {
	s.did("load amendment %d", in.Version)
	if s.onAmend != nil {
		return s.onAmend(in), nil
	}
	plan := activities.AmendmentPlan{Target: s.plan.Target + 1, Schedule: partnership.Schedule{OutreachDays: 9}, Offers: map[partnership.Tier]partnership.Terms{}}
	plan.Offers[partnership.Nano] = offer()
	return plan, nil
}
