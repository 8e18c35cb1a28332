package easypost

import (
	"cmp"
	"encoding/json"
	"fmt"
	"hash/fnv"
	"math/rand/v2"
	"net/http"
	"slices"
	"time"

	"github.com/rapport-dev/rapport/playground/sandbox"
)

// A parcel moves by itself on the campaign clock.
type parcel struct {
	TrackerID string    `json:"tracker_id"`
	Code      string    `json:"code"`
	Status    string    `json:"status"`
	ETA       time.Time `json:"eta"`
	Plan      []leg     `json:"plan"` // what is still to come, in order
	Scans     []leg     `json:"scans"`
	UpdatedAt time.Time `json:"updated_at"`
}

// leg is one step of a parcel.
type leg struct {
	Status string    `json:"status"`
	Detail string    `json:"detail"`
	At     time.Time `json:"at"`
	ETA    time.Time `json:"eta,omitzero"` // a new estimate that comes with this scan
}

var parcelStatuses = []string{"unknown", "pre_transit", "in_transit", "out_for_delivery", "delivered", "available_for_pickup", "return_to_sender", "failure", "cancelled", "error"}

// slipChance is how often a carrier is late by more than its jitter.
const slipChance = 0.12

// sendParcel plans a parcel's way: about three campaign days, and sometimes a slip of one or two more, which the carrier
// announces on the way. It depends only on the seed and the shipment's reference, so that a run can be repeated. The lock is held.
func (s *service) sendParcel(sh *shipment) {
	h := fnv.New64a()
	_, _ = fmt.Fprint(h, s.Seed(), cmp.Or(sh.Reference, sh.ID))
	rng := rand.New(rand.NewPCG(h.Sum64(), 3))
	jitter := func(mean, spread float64) time.Duration { return s.Days(mean + (rng.Float64()*2-1)*spread) }
	now := s.Now()
	moves, out, arrives := now.Add(jitter(0.7, 0.3)), now.Add(jitter(2.6, 0.2)), now.Add(jitter(3, 0.15))
	p := &parcel{
		TrackerID: sandbox.NewID("trk_", 32), Code: "94346" + fmt.Sprintf("%017d", 208303000000000+s.Next()), Status: "pre_transit",
		ETA: now.Add(s.Days(3)), UpdatedAt: now,
	}
	p.Scans = []leg{{Status: "pre_transit", Detail: "label_created", At: now}}
	p.Plan = []leg{{Status: "in_transit", Detail: "arrived_at_facility", At: moves}}
	if rng.Float64() < slipChance {
		late := jitter(1.5, 0.5)
		p.Plan = append(p.Plan, leg{Status: "in_transit", Detail: "delayed", At: now.Add(jitter(1.8, 0.2)), ETA: p.ETA.Add(late)})
		out, arrives = out.Add(late), arrives.Add(late)
	}
	p.Plan = append(p.Plan, leg{Status: "out_for_delivery", Detail: "out_for_delivery", At: out}, leg{Status: "delivered", Detail: "arrived_at_destination", At: arrives})
	sh.Parcel = p
	s.trackerEvent(sh, "tracker.created", "")
}

// moveParcels takes the steps that are due. The lock is held.
func (s *service) moveParcels(now time.Time) (next time.Time) {
	for _, sh := range s.st.Shipments {
		for sh.Parcel != nil && len(sh.Parcel.Plan) > 0 && !now.Before(sh.Parcel.Plan[0].At) {
			l := sh.Parcel.Plan[0]
			sh.Parcel.Plan = sh.Parcel.Plan[1:]
			s.scan(sh, l)
		}
		if sh.Parcel != nil && len(sh.Parcel.Plan) > 0 {
			next = sandbox.Earlier(next, sh.Parcel.Plan[0].At)
		}
	}
	return next
}

// scan records a step and reports it. The lock is held.
func (s *service) scan(sh *shipment, l leg) {
	before := sh.Parcel.Status
	sh.Parcel.Status, sh.Parcel.UpdatedAt, sh.UpdatedAt = l.Status, s.Now(), s.Now()
	if !l.ETA.IsZero() {
		sh.Parcel.ETA = l.ETA
	}
	sh.Parcel.Scans = append(sh.Parcel.Scans, l)
	s.trackerEvent(sh, "tracker.updated", before)
}

func (p *parcel) deliveredAt() time.Time {
	for _, l := range p.Scans {
		if l.Status == "delivered" {
			return l.At
		}
	}
	return time.Time{}
}

func (s *service) trackerJSON(sh *shipment) map[string]any {
	p := sh.Parcel
	details := []any{}
	for _, l := range p.Scans {
		details = append(details, map[string]any{
			"object": "TrackingDetail", "status": l.Status, "status_detail": l.Detail, "message": l.Detail, "datetime": timestamp(l.At), "source": "USPS",
			"tracking_location": map[string]any{"object": "TrackingLocation", "city": nil, "state": nil, "country": sandbox.Nullable(sh.To.Country), "zip": nil},
		})
	}
	return map[string]any{
		"id": p.TrackerID, "object": "Tracker", "mode": s.mode(), "tracking_code": p.Code, "status": p.Status, "status_detail": p.Scans[len(p.Scans)-1].Detail,
		"created_at": timestamp(p.Scans[0].At), "updated_at": timestamp(p.UpdatedAt), "est_delivery_date": timestamp(p.ETA), "shipment_id": sh.ID,
		"carrier": "USPS", "tracking_details": details, "signed_by": nil, "weight": nil, "fees": []any{}, "carrier_detail": nil,
		"finalized": p.Status == "delivered", "is_return": false, "public_url": "https://track.easypost.com/" + p.TrackerID,
	}
}

func (s *service) trackerEvent(sh *shipment, description, before string) {
	previous := map[string]any{}
	if before != "" {
		previous["status"] = before
	}
	at := s.Now().Format("2006-01-02T15:04:05.000Z")
	body := sandbox.Must(json.Marshal(map[string]any{
		"id": sandbox.NewID("evt_", 32), "object": "Event", "description": description, "mode": s.mode(), "previous_attributes": previous,
		"created_at": at, "updated_at": at, "pending_urls": []string{}, "completed_urls": []string{}, "user_id": "user_sandbox",
		"status": "pending", "result": s.trackerJSON(sh),
	}))
	s.Post(&sandbox.Delivery{Queue: name, Path: "/webhooks/easypost", ContentType: "application/json", Body: body, Events: []string{description}})
}

// parcelChange is what a person does to a parcel: a status at once, or a delay of what is to come, in campaign days.
type parcelChange struct {
	Status    string  `json:"status"`
	DelayDays float64 `json:"delay_days"`
}

func (s *service) changeParcel(code string, q parcelChange) (map[string]any, error) {
	s.Lock()
	defer s.Unlock()
	sh := s.parcelOf(code)
	switch {
	case sh == nil:
		return nil, sandbox.NotFound("parcel")
	case q.Status != "" && !slices.Contains(parcelStatuses, q.Status):
		return nil, sandbox.Invalid("status %q is not one of %v", q.Status, parcelStatuses)
	case q.Status == "" && q.DelayDays == 0:
		return nil, sandbox.Invalid("give a status or delay_days")
	case sh.Parcel.Status == "delivered" || !sh.RefundedAt.IsZero():
		return nil, &sandbox.Refusal{Status: http.StatusConflict, Message: "the parcel is delivered or its label was refunded"}
	}
	p := sh.Parcel
	if q.DelayDays != 0 {
		by, eta := s.Days(q.DelayDays), p.ETA
		p.Plan = slices.DeleteFunc(p.Plan, func(l leg) bool { // a slip that it was to announce later is told with this one
			if !l.ETA.IsZero() {
				eta = l.ETA
			}
			return !l.ETA.IsZero()
		})
		for i := range p.Plan {
			p.Plan[i].At = p.Plan[i].At.Add(by)
		}
		s.scan(sh, leg{Status: p.Status, Detail: "delayed", At: s.Now(), ETA: eta.Add(by)})
	}
	if q.Status != "" {
		// What lies before the given status in the plan is skipped; an end, good or bad, has nothing after it.
		i := slices.IndexFunc(p.Plan, func(l leg) bool { return l.Status == q.Status })
		p.Plan = p.Plan[i+1:]
		if slices.Contains([]string{"delivered", "return_to_sender", "failure", "cancelled"}, q.Status) {
			p.Plan = nil
		}
		s.scan(sh, leg{Status: q.Status, Detail: "status_update", At: s.Now()})
	}
	s.Touch()
	return s.trackerJSON(sh), nil
}

// parcelOf finds a bought shipment by its tracker's id or its tracking code.
func (s *service) parcelOf(idOrCode string) *shipment {
	return sandbox.Find(s.st.Shipments, func(sh *shipment) bool {
		return sh.Parcel != nil && idOrCode != "" && (sh.Parcel.TrackerID == idOrCode || sh.Parcel.Code == idOrCode)
	})
}
