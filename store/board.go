package store

import (
	"context"
	"encoding/json"
	"time"

	p "github.com/rapport-dev/rapport/partnership"
	"github.com/rapport-dev/rapport/partnership/roster"
	"github.com/rapport-dev/rapport/store/db"
)

// The documents below are what `--json`, the API and the console show. Their names are a contract with people's scripts.

// CampaignDocument is a campaign as people read it.
type CampaignDocument struct {
	ID           p.CampaignID          `json:"id"`
	Name         string                `json:"name"`
	Program      string                `json:"program"`
	Round        int                   `json:"round"`
	State        string                `json:"state"`
	Reason       string                `json:"reason,omitempty"` // why it is in that state
	Target       int                   `json:"target"`
	Live         int                   `json:"live"` // partnerships with a post
	Budget       BudgetDocument        `json:"budget"`
	Attention    string                `json:"attention,omitempty"` // why a person should look at the campaign itself
	Stuck        []StuckDocument       `json:"stuck,omitempty"`     // its workflow stands
	FailingSteps []FailingStepDocument `json:"failing_steps,omitempty"`
	Partnerships []PartnershipDocument `json:"partnerships"`
}

// BudgetDocument is a campaign's money. Committed is reserved for partnerships; spent is what they earned and their gifts cost.
type BudgetDocument struct {
	Currency       string `json:"currency"`
	LimitMinor     int64  `json:"limit_minor"`
	CommittedMinor int64  `json:"committed_minor"`
	SpentMinor     int64  `json:"spent_minor"`
}

// PartnershipDocument is a partnership as people read it. The creator's handle is personal data.
type PartnershipDocument struct {
	ID             p.PartnershipID       `json:"id"`
	CampaignID     p.CampaignID          `json:"campaign_id"`
	Creator        CreatorDocument       `json:"creator"`
	Standby        bool                  `json:"standby,omitempty"`
	Stage          p.Stage               `json:"stage"`
	WaitingFor     string                `json:"waiting_for"`
	Outcome        p.Outcome             `json:"outcome"`
	Reason         string                `json:"reason,omitempty"`
	Attention      string                `json:"attention,omitempty"`
	Paused         bool                  `json:"paused,omitempty"`
	Deadline       *time.Time            `json:"deadline"`
	BufferDaysLeft float64               `json:"buffer_days_left"`
	GhostRisk      float64               `json:"ghost_risk"`       // 0 (none) to 1 (gone): the sum of its parts
	GhostRiskParts []roster.RiskPart     `json:"ghost_risk_parts"` // none while the creator is asked for nothing
	Terms          TermsDocument         `json:"terms"`
	Tracking       *TrackingDocument     `json:"tracking"`
	Shipment       *ShipmentDocument     `json:"shipment"`
	Contract       *ContractDocument     `json:"contract"`
	Amendment      *ContractDocument     `json:"contract_amendment"` // the newest since the contract was signed, unless it is signed too
	Posts          []PostDocument        `json:"posts"`
	Slips          []SlipDocument        `json:"slips"`
	Timeline       []p.TimelineEvent     `json:"timeline"`
	Stuck          []StuckDocument       `json:"stuck,omitempty"` // its workflow stands
	FailingSteps   []FailingStepDocument `json:"failing_steps,omitempty"`
}

// CreatorDocument is who a partnership is with.
type CreatorDocument struct {
	Platform string `json:"platform"`
	Handle   string `json:"handle"`
	Tier     p.Tier `json:"tier"`
	Niche    string `json:"niche"`
}

// TermsDocument is the money of the terms.
type TermsDocument struct {
	FeeMinor      int64  `json:"fee_minor"`
	CommissionBPS int    `json:"commission_bps"`
	Currency      string `json:"currency"`
	Version       int    `json:"version"`
}

// TrackingDocument is how a partnership's sales are known.
type TrackingDocument struct {
	Link       string            `json:"link"`
	Code       string            `json:"code"`
	UTM        map[string]string `json:"utm"`
	VerifiedAt *time.Time        `json:"verified_at"`
}

// ShipmentDocument is a partnership's parcel.
type ShipmentDocument struct {
	Carrier      string         `json:"carrier"`
	TrackingCode string         `json:"tracking_code"`
	Status       p.ParcelStatus `json:"status"`
}

// ContractDocument is a version of a partnership's agreement: the one that stands, or an amendment of it that is not signed.
type ContractDocument struct {
	EnvelopeID string           `json:"envelope_id"`
	Status     p.EnvelopeStatus `json:"status"`
	Version    int              `json:"version"`
}

// PostDocument is a post that was confirmed.
type PostDocument struct {
	URL        string    `json:"url"`
	ApprovedAt time.Time `json:"approved_at"`
	Disclosed  bool      `json:"disclosed"`
}

// SlipDocument is days lost and who lost them: brand, carrier or creator. Negative days were given back.
type SlipDocument struct {
	Days   float64 `json:"days"`
	Owner  string  `json:"owner"`
	Reason string  `json:"reason"`
}

// Campaigns are all campaigns, oldest first, without their partnerships.
func (s *Store) Campaigns(ctx context.Context) ([]CampaignDocument, error) {
	rows, err := s.q.Campaigns(ctx)
	if err != nil {
		return nil, mapped("campaigns", err)
	}
	stands, err := s.standing(ctx)
	if err != nil {
		return nil, err
	}
	out := make([]CampaignDocument, len(rows))
	for i, row := range rows {
		if out[i], err = s.campaignHead(ctx, row); err != nil {
			return nil, err
		}
		stands.of(&out[i])
	}
	return out, nil
}

// CampaignDocument is one campaign with its partnerships, by rank.
func (s *Store) CampaignDocument(ctx context.Context, id p.CampaignID) (doc CampaignDocument, err error) {
	row, err := s.q.Campaign(ctx, id)
	if err != nil {
		return doc, notFound("campaign", err)
	}
	if doc, err = s.campaignHead(ctx, row); err != nil {
		return doc, err
	}
	stands, err := s.standing(ctx)
	if err != nil {
		return doc, err
	}
	stands.of(&doc)
	text := string(id)
	doc.Partnerships, err = s.partnershipDocuments(ctx, db.BoardPartnershipsParams{CampaignID: &text})
	return doc, err
}

func (s *Store) campaignHead(ctx context.Context, row db.Campaign) (CampaignDocument, error) {
	counts, err := s.q.CampaignCounts(ctx, row.ID)
	if err != nil {
		return CampaignDocument{}, mapped("campaign", err)
	}
	money, err := s.q.CampaignMoney(ctx, row.ID)
	if err != nil {
		return CampaignDocument{}, mapped("campaign", err)
	}
	return CampaignDocument{
		ID: row.ID, Name: row.Name, Program: row.Program, Round: int(row.Round), State: row.State, Reason: row.Reason, Target: row.Spec.Selection.Target,
		Live: int(counts.Live), Partnerships: []PartnershipDocument{},
		Budget: BudgetDocument{row.Currency, row.BudgetMinor, counts.CommittedMinor, money.SpentMinor},
	}, nil
}

// PartnershipDocument is one partnership.
func (s *Store) PartnershipDocument(ctx context.Context, id p.PartnershipID) (PartnershipDocument, error) {
	text := string(id)
	docs, err := s.partnershipDocuments(ctx, db.BoardPartnershipsParams{ID: &text})
	if err == nil && len(docs) == 0 {
		return PartnershipDocument{}, p.Errorf(p.NotFound, "there is no such partnership")
	}
	if err != nil {
		return PartnershipDocument{}, err
	}
	return docs[0], nil
}

// partnershipDocuments loads a whole board with one query for each kind of thing on it.
func (s *Store) partnershipDocuments(ctx context.Context, which db.BoardPartnershipsParams) ([]PartnershipDocument, error) {
	rows, err := s.q.BoardPartnerships(ctx, which)
	if err != nil {
		return nil, mapped("board", err)
	}
	docs := make([]PartnershipDocument, len(rows))
	place, ids := make(map[p.PartnershipID]*PartnershipDocument, len(rows)), make([]string, len(rows))
	for i, row := range rows {
		docs[i] = partnershipHead(row)
		place[row.Partnership.ID], ids[i] = &docs[i], string(row.Partnership.ID)
	}
	for _, add := range []func(context.Context, []string, map[p.PartnershipID]*PartnershipDocument) error{
		s.addTimelines, s.addKits, s.addShipments, s.addContracts, s.addPosts, s.addRisks, s.addTroubles, s.addFailingSteps,
	} {
		if err := add(ctx, ids, place); err != nil {
			return nil, mapped("board", err)
		}
	}
	return docs, nil
}

func partnershipHead(row db.BoardPartnershipsRow) PartnershipDocument {
	pa := row.Partnership
	return PartnershipDocument{
		ID: pa.ID, CampaignID: pa.CampaignID, Creator: CreatorDocument{row.Platform, row.Handle, pa.Tier, pa.Niche}, Standby: pa.Standby, Stage: pa.Stage,
		WaitingFor: pa.WaitingFor, Outcome: pa.Outcome, Reason: pa.Reason, Attention: pa.Attention, Paused: pa.Paused, Deadline: pa.Deadline,
		BufferDaysLeft: pa.BufferDaysLeft, GhostRiskParts: []roster.RiskPart{},
		Terms: TermsDocument{pa.Terms.FeeMinor, pa.Terms.CommissionBPS, pa.Terms.Currency, pa.Terms.Version},
		Posts: []PostDocument{}, Slips: []SlipDocument{}, Timeline: []p.TimelineEvent{},
	}
}

func (s *Store) addTimelines(ctx context.Context, ids []string, place map[p.PartnershipID]*PartnershipDocument) error {
	rows, err := s.q.Events(ctx, ids)
	for _, e := range rows {
		doc := place[e.PartnershipID]
		doc.Timeline = append(doc.Timeline, p.TimelineEvent{At: e.At, Kind: e.Kind, Owner: e.Owner, Detail: e.Detail, Days: e.Days})
		if e.Days != 0 {
			doc.Slips = append(doc.Slips, SlipDocument{e.Days, e.Owner, e.Detail})
		}
	}
	return err
}

func (s *Store) addKits(ctx context.Context, ids []string, place map[p.PartnershipID]*PartnershipDocument) error {
	rows, err := s.q.BoardKits(ctx, ids)
	for _, k := range rows {
		var utm map[string]string
		_ = json.Unmarshal(k.Utm, &utm) // written by newKit
		place[k.PartnershipID].Tracking = &TrackingDocument{s.LinkURL(k.LinkCode), k.DiscountCode, utm, k.VerifiedAt}
	}
	return err
}

func (s *Store) addShipments(ctx context.Context, ids []string, place map[p.PartnershipID]*PartnershipDocument) error {
	rows, err := s.q.BoardDeliveries(ctx, ids)
	for _, d := range rows {
		place[d.PartnershipID].Shipment = &ShipmentDocument{d.Carrier, d.TrackingCode, d.Status}
	}
	return err
}

func (s *Store) addContracts(ctx context.Context, ids []string, place map[p.PartnershipID]*PartnershipDocument) error {
	rows, err := s.q.BoardContracts(ctx, ids)
	for _, c := range rows {
		doc, version := place[c.PartnershipID], &ContractDocument{c.EnvelopeID, c.Status, int(c.Version)}
		if stands := doc.Contract; stands != nil && stands.Status == p.EnvelopeCompleted && c.Status != p.EnvelopeCompleted {
			doc.Amendment = version
			continue
		}
		doc.Contract, doc.Amendment = version, nil
	}
	return err
}

func (s *Store) addPosts(ctx context.Context, ids []string, place map[p.PartnershipID]*PartnershipDocument) error {
	rows, err := s.q.Posts(ctx, ids)
	for _, post := range rows {
		doc := place[post.PartnershipID]
		doc.Posts = append(doc.Posts, PostDocument{post.Url, post.ApprovedAt, post.Disclosed})
	}
	return err
}
