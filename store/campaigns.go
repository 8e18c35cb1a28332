package store

import (
	"context"
	"errors"

	"github.com/jackc/pgx/v5"

	"github.com/rapport-dev/rapport/partnership"
	"github.com/rapport-dev/rapport/partnership/money"
	"github.com/rapport-dev/rapport/store/db"
)

// CreateCampaign keeps a launched campaign and its creators in one transaction. launchHash is the digest of what was launched:
// the same content again gives the first one's id and created false. The same program, name and round with other content is
// *partnership.Error Conflict, as is a program's second currency.
func (s *Store) CreateCampaign(ctx context.Context, c partnership.Campaign, creators []partnership.Creator, launchHash string) (id partnership.CampaignID, created bool, err error) {
	c.Round = max(c.Round, 1)
	if c.ID == "" {
		c.ID = partnership.CampaignID(newID())
	}
	err = s.tx(ctx, "create campaign", func(q *db.Queries) error {
		id, created = "", false
		program, err := q.EnsureProgram(ctx, db.EnsureProgramParams{
			Name: c.Program, Timezone: c.Timezone, Currency: c.Currency, Provider: c.Payout.Provider, Rails: c.Payout.Rails(),
			MinimumMinor: c.Payout.MinimumMinor, ApproveAboveMinor: c.Payout.ApproveAboveMinor, Now: s.now(),
			Gates: each(c.Payout.Gates, func(g partnership.Gate) string { return string(g) }), TaxFormUrl: c.Payout.TaxFormURL,
			SelfBilling: c.Payout.SelfBilling,
		})
		if err != nil {
			return err
		}
		// The program's row is locked from here on, so two launches of one file cannot both find nothing.
		if id, err = q.CampaignByLaunchHash(ctx, launchHash); !errors.Is(err, pgx.ErrNoRows) {
			return err
		}
		if program.Currency != c.Currency {
			return partnership.Errorf(partnership.Conflict, "currency: program %q is kept in %s and never mixes currencies; use %s or another program", c.Program, program.Currency, program.Currency)
		}
		if _, err := q.CampaignByRound(ctx, db.CampaignByRoundParams{Program: c.Program, Name: c.Name, Round: int64(c.Round)}); err == nil {
			return partnership.Errorf(partnership.Conflict, "campaign %q of program %q was already launched as round %d with other content; amend it, or launch the new file under another name or round",
				c.Name, c.Program, c.Round)
		} else if !errors.Is(err, pgx.ErrNoRows) {
			return err
		}
		if err := s.insertCampaign(ctx, q, c, creators, launchHash); err != nil {
			return err
		}
		id, created = c.ID, true
		return nil
	})
	return id, created, err
}

func (s *Store) insertCampaign(ctx context.Context, q *db.Queries, c partnership.Campaign, creators []partnership.Creator, launchHash string) error {
	if err := q.InsertCampaign(ctx, db.InsertCampaignParams{
		ID: c.ID, Program: c.Program, Name: c.Name, Round: int64(c.Round), State: partnership.CampaignLaunched, Spec: c, LaunchHash: launchHash,
		Currency: c.Currency, BudgetMinor: c.BudgetMinor, Now: s.now(),
	}); err != nil {
		return err
	}
	done, err := s.upsertCreators(ctx, q, creators, partnership.Consent{})
	if err != nil {
		return err
	}
	listed := db.AddCampaignCreatorsParams{CampaignID: c.ID}
	for i, id := range done.IDs {
		listed.Creators, listed.Positions = append(listed.Creators, string(id)), append(listed.Positions, int64(i+1))
	}
	return q.AddCampaignCreators(ctx, listed)
}

// Campaign is a campaign as launched.
func (s *Store) Campaign(ctx context.Context, id partnership.CampaignID) (partnership.Campaign, error) {
	row, err := s.q.Campaign(ctx, id)
	return row.Spec, notFound("campaign", err)
}

// CampaignCreators are the creators of the campaign's file, in its order. Personal data.
func (s *Store) CampaignCreators(ctx context.Context, id partnership.CampaignID) ([]partnership.Creator, error) {
	rows, err := s.q.CampaignCreators(ctx, id)
	return each(rows, creatorOf), mapped("campaign's creators", err)
}

// SaveRoster keeps how a campaign's creators were ranked.
func (s *Store) SaveRoster(ctx context.Context, id partnership.CampaignID, roster []partnership.RosterEntry) error {
	arg := db.SaveRosterParams{CampaignID: id}
	for _, e := range roster {
		arg.Creators, arg.Partnerships = append(arg.Creators, string(e.CreatorID)), append(arg.Partnerships, string(partnershipOf(id, e)))
		arg.Tiers, arg.Niches = append(arg.Tiers, string(e.Tier)), append(arg.Niches, e.Niche)
		arg.Ranks, arg.Standbys = append(arg.Ranks, int64(e.Rank)), append(arg.Standbys, e.Standby)
	}
	rows, err := s.q.SaveRoster(ctx, arg)
	if err == nil && rows != int64(len(roster)) {
		return partnership.Errorf(partnership.NotFound, "%d of %d creators of the roster are not on the campaign's list", int64(len(roster))-rows, len(roster))
	}
	return mapped("save roster", err)
}

func partnershipOf(id partnership.CampaignID, e partnership.RosterEntry) partnership.PartnershipID {
	if e.PartnershipID != "" {
		return e.PartnershipID
	}
	return partnership.PartnershipFor(id, e.CreatorID)
}

// ReserveBudget makes the partnership's row and commits amountMinor of the campaign's budget to it, replacing what it had.
// *partnership.Error Conflict when the budget left does not cover it. Reservations of one campaign wait for each other.
func (s *Store) ReserveBudget(ctx context.Context, id partnership.CampaignID, e partnership.RosterEntry, terms partnership.Terms, amountMinor int64) error {
	return s.PassBudget(ctx, id, "", e, terms, amountMinor)
}

// PassBudget is ReserveBudget that may take what it lacks from a partnership that was given up: from gives back what it has not
// used only when the budget does not cover the amount otherwise and does with it. "" is nobody. A refusal changes nothing.
func (s *Store) PassBudget(ctx context.Context, id partnership.CampaignID, from partnership.PartnershipID, e partnership.RosterEntry, terms partnership.Terms, amountMinor int64) error {
	if amountMinor < 0 {
		return partnership.FieldErrorf("amount", "a reservation is zero or more")
	}
	pa := partnershipOf(id, e)
	return s.tx(ctx, "reserve budget", func(q *db.Queries) error {
		campaign, err := q.LockCampaign(ctx, id)
		if err != nil {
			return notFound("campaign", err)
		}
		now, err := q.PartnershipByID(ctx, pa)
		if err != nil && !errors.Is(err, pgx.ErrNoRows) {
			return err
		}
		if terms.Currency != campaign.Currency {
			return partnership.FieldErrorf("currency", "terms in %q are not paid from a budget in %s", terms.Currency, campaign.Currency)
		}
		others := db.CommittedOfOthersParams{CampaignID: id, Currency: campaign.Currency, ID: pa}
		committed, err := q.CommittedOfOthers(ctx, others)
		if err != nil {
			return err
		}
		if from != "" && amountMinor > campaign.BudgetMinor-committed {
			if err := q.SettleReservation(ctx, from); err != nil {
				return err
			}
			if committed, err = q.CommittedOfOthers(ctx, others); err != nil {
				return err
			}
		}
		// Less than it has is always covered, also by a budget that was cut below what is committed.
		if left := campaign.BudgetMinor - committed; amountMinor > left && amountMinor > now.ReservedMinor {
			return partnership.Errorf(partnership.Conflict, "the budget left is %s and does not cover %s", money.Display(left, campaign.Currency), money.Display(amountMinor, campaign.Currency))
		}
		if _, err := q.InsertPartnership(ctx, db.InsertPartnershipParams{
			ID: pa, CampaignID: id, CreatorID: e.CreatorID, Tier: e.Tier, Niche: e.Niche, Rank: int64(e.Rank), Standby: e.Standby,
			Stage: partnership.Outreach, Terms: terms, ReplyHash: digest(s.ReplyToken(pa)), Now: s.now(),
		}); err != nil {
			return err
		}
		return q.SetReserved(ctx, db.SetReservedParams{ID: pa, ReservedMinor: amountMinor})
	})
}

// ReleaseBudget gives back what a partnership has reserved and neither earned nor shipped; repeated, it changes nothing.
func (s *Store) ReleaseBudget(ctx context.Context, id partnership.PartnershipID) error {
	return mapped("release budget", s.q.SettleReservation(ctx, id))
}

// Unreserve gives back the reservations of those who were never invited. Their rows stay for a later invitation. Repeated, it
// changes nothing, and neither does it for a partnership that has begun or is not the campaign's.
func (s *Store) Unreserve(ctx context.Context, id partnership.CampaignID, who []partnership.PartnershipID) error {
	ids := each(who, func(id partnership.PartnershipID) string { return string(id) })
	return mapped("unreserve", s.q.Unreserve(ctx, db.UnreserveParams{CampaignID: id, Ids: ids}))
}

// SetCampaignState keeps the campaign's state as people read it, and why. A campaign's end closes whoever was never invited.
func (s *Store) SetCampaignState(ctx context.Context, id partnership.CampaignID, state partnership.CampaignState, reason string) error {
	return s.tx(ctx, "set the campaign's state", func(q *db.Queries) error {
		rows, err := q.SetCampaignState(ctx, db.SetCampaignStateParams{ID: id, State: state, Reason: reason, Now: s.now()})
		if err := some("campaign", rows, err); err != nil || !state.Ended() {
			return err
		}
		return s.closeNeverInvited(ctx, q, id)
	})
}

// closeNeverInvited closes the rows that a reservation has made and no invitation has followed: what shows a row is its story, and they
// have none. One that has begun after all shows itself over it.
func (s *Store) closeNeverInvited(ctx context.Context, q *db.Queries, id partnership.CampaignID) error {
	never, err := q.NeverInvited(ctx, id)
	if err != nil {
		return err
	}
	for _, pa := range never {
		closed := partnership.Projection{PartnershipID: pa, Seq: 1, Stage: partnership.Closed, Outcome: partnership.Cancelled, Reason: "they were not invited after all"}
		if err := s.showProjection(ctx, q, closed, false); err != nil {
			return err
		}
	}
	return nil
}

// CampaignTotals is what the campaign's report is made of.
func (s *Store) CampaignTotals(ctx context.Context, id partnership.CampaignID) (partnership.CampaignTotals, error) {
	campaign, err := s.q.Campaign(ctx, id)
	if err != nil {
		return partnership.CampaignTotals{}, notFound("campaign", err)
	}
	n, err := s.q.CampaignCounts(ctx, id)
	if err != nil {
		return partnership.CampaignTotals{}, mapped("campaign totals", err)
	}
	traffic, err := s.q.CampaignTraffic(ctx, id)
	if err != nil {
		return partnership.CampaignTotals{}, mapped("campaign totals", err)
	}
	t := partnership.CampaignTotals{
		Invited: int(n.Invited), Live: int(n.Live), Completed: int(n.Completed), Declined: int(n.Declined), Expired: int(n.Expired),
		Ghosted: int(n.Ghosted), Replaced: int(n.Replaced), Cancelled: int(n.Cancelled), OptedOut: int(n.OptedOut),
		Currency: campaign.Currency, Clicks: int(traffic.Clicks), Orders: int(traffic.Orders),
	}
	if t.Committed, t.Spent, err = s.committedAndSpent(ctx, id); err != nil {
		return t, err
	}
	revenue, err := s.q.CampaignRevenue(ctx, id)
	t.Revenue = sums(revenue, func(r db.CampaignRevenueRow) money.Amount {
		return money.Amount{Currency: r.Currency, Minor: r.AmountMinor}
	})
	return t, mapped("campaign totals", err)
}

// committedAndSpent is what a campaign has reserved, and what its creators earned and their gifts cost.
func (s *Store) committedAndSpent(ctx context.Context, id partnership.CampaignID) (committed, spent money.Sums, err error) {
	reserved, err := s.q.CampaignCommitted(ctx, id)
	if err != nil {
		return nil, nil, mapped("campaign money", err)
	}
	costs, err := s.q.CampaignSpent(ctx, id)
	return sums(reserved, func(r db.CampaignCommittedRow) money.Amount {
			return money.Amount{Currency: r.Currency, Minor: r.AmountMinor}
		}),
		sums(costs, func(r db.CampaignSpentRow) money.Amount {
			return money.Amount{Currency: r.Currency, Minor: r.AmountMinor}
		}), mapped("campaign money", err)
}

// sums are rows that a query has summed by currency.
func sums[R any](rows []R, amount func(R) money.Amount) money.Sums {
	return money.SumOf(each(rows, amount)...)
}
