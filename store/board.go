package store

import (
	"context"
	"slices"

	"github.com/rapport-dev/rapport/partnership"
	"github.com/rapport-dev/rapport/partnership/board"
	"github.com/rapport-dev/rapport/store/db"
)

// Campaigns are all campaigns, oldest first, without their partnerships.
func (s *Store) Campaigns(ctx context.Context) ([]board.Campaign, error) {
	rows, err := s.q.Campaigns(ctx)
	if err != nil {
		return nil, mapped("campaigns", err)
	}
	return s.campaignHeads(ctx, rows)
}

// NewestCampaigns are the newest campaigns with their partnerships, oldest first, and how many older ones there are.
func (s *Store) NewestCampaigns(ctx context.Context, most int) (newest []board.Campaign, older int, err error) {
	rows, err := s.q.NewestCampaigns(ctx, int32(most))
	if err != nil {
		return nil, 0, mapped("campaigns", err)
	}
	for _, row := range slices.Backward(rows) {
		c, err := s.CampaignDocument(ctx, row.ID)
		if err != nil {
			return nil, 0, err
		}
		newest, older = append(newest, c), int(row.Of)-len(rows)
	}
	return newest, older, nil
}

func (s *Store) campaignHeads(ctx context.Context, rows []db.Campaign) ([]board.Campaign, error) {
	standing, err := s.standing(ctx)
	if err != nil {
		return nil, err
	}
	out := make([]board.Campaign, len(rows))
	for i, row := range rows {
		if out[i], err = s.campaignHead(ctx, row, standing); err != nil {
			return nil, err
		}
	}
	return out, nil
}

// CampaignDocument is one campaign with its partnerships, by rank.
func (s *Store) CampaignDocument(ctx context.Context, id partnership.CampaignID) (doc board.Campaign, err error) {
	row, err := s.q.Campaign(ctx, id)
	if err != nil {
		return doc, notFound("campaign", err)
	}
	standing, err := s.standing(ctx)
	if err != nil {
		return doc, err
	}
	if doc, err = s.campaignHead(ctx, row, standing); err != nil {
		return doc, err
	}
	text := string(id)
	doc.Partnerships, err = s.partnershipDocuments(ctx, db.BoardPartnershipsParams{CampaignID: &text})
	return doc, err
}

// standing is all that stands, read once for many campaigns.
func (s *Store) standing(ctx context.Context) (all board.Standing, err error) {
	if all.Findings, err = s.OpenFindings(ctx); err != nil {
		return all, err
	}
	all.Steps, err = s.FailingSteps(ctx)
	return all, err
}

func (s *Store) campaignHead(ctx context.Context, row db.Campaign, standing board.Standing) (board.Campaign, error) {
	counts, err := s.q.CampaignCounts(ctx, row.ID)
	if err != nil {
		return board.Campaign{}, mapped("campaign", err)
	}
	committed, spent, err := s.committedAndSpent(ctx, row.ID)
	return board.CampaignOf(board.CampaignFacts{
		ID: row.ID, Name: row.Name, Program: row.Program, Round: int(row.Round), Target: row.Spec.Selection.Target, State: row.State, Reason: row.Reason,
		Live: int(counts.Live), Standing: standing,
		Budget: board.BudgetOf(row.Currency, row.BudgetMinor, committed, spent),
	}), err
}

// PartnershipDocument is one partnership.
func (s *Store) PartnershipDocument(ctx context.Context, id partnership.PartnershipID) (board.Partnership, error) {
	text := string(id)
	docs, err := s.partnershipDocuments(ctx, db.BoardPartnershipsParams{ID: &text})
	if err == nil && len(docs) == 0 {
		return board.Partnership{}, partnership.Errorf(partnership.NotFound, "there is no such partnership")
	}
	if err != nil {
		return board.Partnership{}, err
	}
	docs[0].Drafts, err = s.Drafts(ctx, id)
	return docs[0], err
}

// facts are what is known of partnerships, by their ids.
type facts map[partnership.PartnershipID]*board.PartnershipFacts

// partnershipDocuments loads a whole board with one query for each kind of thing on it.
func (s *Store) partnershipDocuments(ctx context.Context, which db.BoardPartnershipsParams) ([]board.Partnership, error) {
	rows, err := s.q.BoardPartnerships(ctx, which)
	if err != nil {
		return nil, mapped("board", err)
	}
	known, ids := make(facts, len(rows)), make([]string, len(rows))
	for i, row := range rows {
		known[row.Partnership.ID], ids[i] = factsOf(row), string(row.Partnership.ID)
	}
	for _, add := range []func(context.Context, []string, facts) error{
		s.addTimelines, s.addKits, s.addShipments, s.addContracts, s.addPosts, s.addRisks, s.addFindings, s.addFailingSteps,
	} {
		if err := add(ctx, ids, known); err != nil {
			return nil, mapped("board", err)
		}
	}
	return each(rows, func(row db.BoardPartnershipsRow) board.Partnership {
		return board.PartnershipOf(*known[row.Partnership.ID])
	}), nil
}

func factsOf(row db.BoardPartnershipsRow) *board.PartnershipFacts {
	pa := row.Partnership
	return &board.PartnershipFacts{
		CampaignID: pa.CampaignID, Creator: board.Creator{Platform: row.Platform, Handle: row.Handle, Tier: pa.Tier, Niche: pa.Niche}, Standby: pa.Standby, Terms: pa.Terms,
		Shows: partnership.Projection{
			PartnershipID: pa.ID, Stage: pa.Stage, WaitingFor: pa.WaitingFor, Deadline: orZero(pa.Deadline), BufferDaysLeft: pa.BufferDaysLeft, Outcome: pa.Outcome,
			Reason: pa.Reason, Attention: pa.Attention, Paused: pa.Paused,
		},
	}
}

func (s *Store) addTimelines(ctx context.Context, ids []string, known facts) error {
	rows, err := s.q.Events(ctx, ids)
	for _, e := range rows {
		one := known[e.PartnershipID]
		one.Events = append(one.Events, partnership.TimelineEvent{At: e.At, Kind: e.Kind, Owner: e.Owner, Detail: e.Detail, Days: e.Days})
	}
	return err
}

func (s *Store) addKits(ctx context.Context, ids []string, known facts) error {
	rows, err := s.q.BoardKits(ctx, ids)
	if err != nil {
		return err
	}
	links, err := s.q.LinksOf(ctx, ids)
	for _, row := range rows {
		kit := s.kitOf(row)
		known[row.PartnershipID].Kit = &kit
	}
	for _, link := range links {
		if kit := known[link.PartnershipID].Kit; kit != nil { // nil: the kit was made between the two questions
			kit.Links = append(kit.Links, s.postLinkOf(link))
		}
	}
	return err
}

func (s *Store) addShipments(ctx context.Context, ids []string, known facts) error {
	rows, err := s.q.BoardDeliveries(ctx, ids)
	for _, row := range rows {
		delivery := deliveryOf(row)
		known[row.PartnershipID].Delivery = &delivery
	}
	return err
}

func (s *Store) addContracts(ctx context.Context, ids []string, known facts) error {
	rows, err := s.q.BoardContracts(ctx, ids)
	for _, c := range rows {
		one := known[c.PartnershipID]
		one.Contracts = append(one.Contracts, partnership.Contract{PartnershipID: c.PartnershipID, Version: int(c.Version), EnvelopeID: c.EnvelopeID, Status: c.Status})
	}
	return err
}

func (s *Store) addPosts(ctx context.Context, ids []string, known facts) error {
	rows, err := s.q.Posts(ctx, ids)
	for _, post := range rows {
		one := known[post.PartnershipID]
		one.Posts = append(one.Posts, board.Post{URL: post.Url, ApprovedAt: post.ApprovedAt, Disclosed: post.Disclosed})
	}
	return err
}

func (s *Store) addRisks(ctx context.Context, ids []string, known facts) error {
	rows, err := s.q.RiskFacts(ctx, ids)
	now := s.now()
	for _, row := range rows {
		risk := s.riskFacts(row, now)
		known[row.ID].Risk = &risk
	}
	return err
}

func (s *Store) addFindings(ctx context.Context, ids []string, known facts) error {
	rows, err := s.q.BoardFindings(ctx, ids)
	for _, row := range rows {
		one := known[row.PartnershipID]
		one.Standing.Findings = append(one.Standing.Findings, findingOf(row))
	}
	return err
}

func (s *Store) addFailingSteps(ctx context.Context, ids []string, known facts) error {
	rows, err := s.q.BoardFailingSteps(ctx, ids)
	for _, row := range rows {
		one := known[row.PartnershipID]
		one.Standing.Steps = append(one.Standing.Steps, failingOf(row))
	}
	return err
}
