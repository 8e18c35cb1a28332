package ledger

import (
	"time"

	"github.com/rapport-dev/rapport/partnership"
)

// bonusOf is one bonus of a partnership, or what a tier adds to one sale.
type bonusOf struct {
	partnership partnership.PartnershipID
	key         string
}

// bonuses count what sales reached, as it was booked and by the rules under the change. What a person has rejected stays rejected, and what
// they hold stays held.
func (pl *player) bonuses(credited []Credit, until time.Time) {
	booked := map[bonusOf][]Row{}
	for _, row := range pl.past.Bonuses {
		if row.WrittenAt.Before(until) {
			of := bonusOf{row.PartnershipID, row.Deliverable}
			booked[of] = append(booked[of], row.Row)
		}
	}
	for _, rows := range booked {
		into := Share{rows[0].CreatorID, rows[0].Currency}
		pl.played.Booked[into] = pl.played.Booked[into].plus(bonusOutcome(rows, until))
	}
	for id, sales := range pl.bonusSales(credited, until) {
		earner := pl.past.Earners[id]
		if pl.change.HoldDays != nil {
			earner.Terms.HoldDays = *pl.change.HoldDays
		}
		left, into := earner.Terms.CommissionCap-pl.used[id], Share{earner.CreatorID, earner.Terms.Currency}
		for _, due := range BonusesDue(earner.Terms, sales, pl.day) {
			if OfTier(due.Key) && earner.Terms.CommissionCap > 0 {
				due.Minor = min(due.Minor, max(0, left))
				left -= due.Minor
			}
			row := Row{Kind: BonusRow, AmountMinor: due.Minor, EligibleAt: due.At.Add(time.Duration(earner.Terms.HoldDays * float64(pl.day)))}
			for _, was := range booked[bonusOf{id, due.Key}] {
				if was.Kind == BonusRow && (was.State == Voided || was.State == Held) {
					row.State = was.State
				}
			}
			pl.played.Then[into] = pl.played.Then[into].plus(bonusOutcome([]Row{row}, until))
		}
	}
}

// bonusSales are the sales of each partnership whose terms have incentives, as the change has them.
func (pl *player) bonusSales(credited []Credit, until time.Time) map[partnership.PartnershipID][]BonusSale {
	all := map[partnership.PartnershipID][]BonusSale{}
	for i, o := range pl.past.Orders {
		id := credited[i].Partnership
		if terms := pl.past.Earners[id].Terms; len(terms.Bonuses)+len(terms.Tiers) == 0 || !o.At.Before(until) {
			continue
		}
		s := BonusSale{OrderID: o.ID, Currency: o.Currency, At: o.Sale.At, BoughtMinor: o.Net}
		for _, w := range o.Worths {
			if w.At.Before(until) {
				s.BoughtMinor, s.BackMinor = w.BoughtMinor, w.BackMinor
			}
		}
		for _, row := range pl.rows[i] {
			if row.Kind == CommissionRow {
				s.RateBPS, s.Out = row.RateBPS, row.State == Voided || row.State == Held && row.Reason != pl.past.Holds[id]
			}
		}
		all[id] = append(all[id], s)
	}
	return all
}

// bonusOutcome is that of the rows of one bonus: it is payable once it has waited, and what is left of it then.
func bonusOutcome(rows []Row, until time.Time) (o Outcome) {
	payable := false
	for _, row := range rows {
		if row.Kind == BonusRow && row.State == Voided {
			return Outcome{}
		}
		o.EarnedMinor += row.AmountMinor
		payable = payable || row.Kind == BonusRow && row.State != Held && row.EligibleAt.Before(until)
	}
	if payable {
		o.DueMinor = o.EarnedMinor
	}
	return o
}

func (o Outcome) plus(more Outcome) Outcome {
	return Outcome{o.EarnedMinor + more.EarnedMinor, o.DueMinor + more.DueMinor}
}
