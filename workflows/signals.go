package workflows

import (
	"time"

	"go.temporal.io/sdk/workflow"

	"github.com/rapport-dev/rapport/activities"
	p "github.com/rapport-dev/rapport/partnership"
)

var noTime time.Time

// signals is one channel for each kind of fact. A fact may come twice, late and out of order: each handler only ever moves
// the state forward.
type signals struct {
	selector workflow.Selector
}

// drain takes in what has arrived and was not yet looked at, so that continue-as-new loses nothing.
func (g signals) drain(ctx workflow.Context) {
	for g.selector.HasPending() {
		g.selector.Select(ctx)
	}
}

func (s *story) listen(ctx workflow.Context) {
	sel := workflow.NewNamedSelector(ctx, "facts")
	on(ctx, sel, SignalEnvelopeChanged, func(EnvelopeChanged) {
		s.EnvelopeMove++ // whichever of this partnership's envelopes it is: whoever waits asks the vendor
	})
	on(ctx, sel, SignalParcelMoved, func(m ParcelMoved) {
		if m.At.IsZero() {
			m.At = workflow.Now(ctx)
		}
		s.parcelMoved(m)
	})
	on(ctx, sel, SignalCreatorActive, func(m CreatorActive) { s.activeAt(m.At, workflow.Now(ctx)) })
	on(ctx, sel, SignalMailFailed, func(m MailFailed) {
		s.Attention = "a mail to the creator did not arrive: " + m.Why
	})
	on(ctx, sel, SignalOptedOut, func(OptedOut) { s.optedOut(ctx) })
	on(ctx, sel, SignalPayoutAccountReady, func(PayoutAccountReady) { s.PayoutReady = true })
	on(ctx, sel, SignalAmended, func(m Amended) {
		if m.Version > s.Amended && (s.Amendment == nil || m.Version > s.Amendment.Version) {
			s.Amendment = &m
		}
	})
	on(ctx, sel, SignalSlotDecided, func(m SlotDecided) { s.slotDecided(ctx, m.Decision) })
	on(ctx, sel, SignalStopped, func(m Stopped) {
		switch m.Action {
		case Cancelled:
			s.end(p.Cancelled, m.Reason, m.By)
		case Paused:
			s.pause(ctx, m.Reason)
		case Resumed:
			s.pause(ctx, "")
		}
	})
	s.signals = signals{sel}
	workflow.GoNamed(ctx, "facts", func(ctx workflow.Context) {
		for {
			attention, paused := s.attention(), s.Paused
			sel.Select(ctx)
			if s.outcome == "" && (s.attention() != attention || s.Paused != paused) {
				s.show(ctx)
			}
		}
	})
}

func on[T addressed](ctx workflow.Context, sel workflow.Selector, name string, take func(T)) {
	sel.AddReceive(workflow.GetSignalChannel(ctx, name), func(c workflow.ReceiveChannel, _ bool) {
		var msg T
		if !c.ReceiveAsync(&msg) {
			return
		}
		if !msg.meantFor(workflow.GetInfo(ctx).WorkflowExecution.ID) {
			workflow.GetLogger(ctx).Warn(notOurs, "signal", name)
			return
		}
		take(msg)
	})
}

// parcelRank orders the carrier's words, so that a late one never moves a parcel back.
var parcelRank = map[p.ParcelStatus]int{
	p.ParcelUnknown: 0, p.ParcelPreTransit: 1, p.ParcelInTransit: 2, p.ParcelOut: 3, p.ParcelPickup: 4,
	p.ParcelFailure: 5, p.ParcelReturned: 5, p.ParcelError: 5, p.ParcelCancelled: 5, p.ParcelDelivered: 6,
}

func (s *story) parcelMoved(m ParcelMoved) {
	if s.Shipment != "" && m.ShipmentID != s.Shipment || parcelRank[m.Status] < parcelRank[s.Parcel] {
		return
	}
	if !m.ETA.IsZero() {
		s.ETA = m.ETA
	}
	s.Parcel = m.Status
	if m.Status == p.ParcelDelivered && s.Delivered.IsZero() {
		s.Delivered = m.At
	}
}

// optedOut ends a story that is still courtship. After the signature the contract stands: what courts or presses stops, which the sending
// itself sees to, and a person is told.
func (s *story) optedOut(ctx workflow.Context) {
	if !s.Signed {
		s.end(p.OptedOut, "the creator wants no more mail", "creator")
		return
	}
	if s.OptedOut {
		return
	}
	if !tellsOfOptOuts(ctx) {
		s.Attention = wantsNoMail
		return
	}
	s.OptedOut = true
	s.note(ctx, "opted_out", "creator", "Wants no more mail. The agreement stands; no reminder goes out any more.")
	s.showing++
	workflow.GoNamed(ctx, "tell of the opt-out", func(ctx workflow.Context) {
		defer func() { s.showing-- }()
		ref := activities.PartnershipRef{PartnershipID: s.PartnershipID}
		courtesy(ctx, s.Day, tellOptedOut, "Tell the manager that the creator opted out", ref, bounded(longestPause))
	})
}

const wantsNoMail = "the creator opted out of mail after signing; talk to them before the next step"

// attention is why a person should look. That a creator opted out stays true whatever else comes and is seen to.
func (s *story) attention() string {
	switch {
	case !s.OptedOut || s.outcome != "":
		return s.Attention
	case s.Attention == "":
		return wantsNoMail
	}
	return wantsNoMail + "; " + s.Attention
}

// tellsOfOptOuts is false in stories that said an opt-out after the signature on the board alone, until something else stood there.
func tellsOfOptOuts(ctx workflow.Context) bool {
	return workflow.GetVersion(ctx, "tells-of-opt-outs", workflow.DefaultVersion, 1) == 1
}
