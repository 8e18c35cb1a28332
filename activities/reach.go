package activities

import (
	"context"
	"log/slog"
	"slices"

	"github.com/rapport-dev/rapport/partnership"
)

// unpaid are those of the creators whom none of the campaign's rails can pay: no offer promises them money. A rail that does not answer
// is asked again; one that is not set up here says nothing, and the campaign meets that where it pays.
func (a *Activities) unpaid(ctx context.Context, c partnership.Campaign, who []partnership.CreatorID) (out []partnership.CreatorID, err error) {
	if !c.PromisesMoney() || len(a.Rails.By) == 0 {
		return nil, nil
	}
	creators, err := a.Store.CampaignCreators(ctx, c.ID)
	if err != nil {
		return nil, err
	}
	whys := map[string]string{}
	for _, one := range creators {
		if !slices.Contains(who, one.ID) {
			continue
		}
		why, asked := whys[one.Country]
		if !asked {
			if why, err = a.whyUnpaid(ctx, c, one.Country); err != nil {
				return nil, err
			}
			whys[one.Country] = why
		}
		if why != "" {
			slog.WarnContext(ctx, "a creator is not invited, because no rail can pay them", "creator_id", one.ID, "why", why)
			out = append(out, one.ID)
		}
	}
	return out, nil
}

func (a *Activities) whyUnpaid(ctx context.Context, c partnership.Campaign, country string) (why string, err error) {
	for _, name := range c.Payout.Rails() {
		rail, there := a.Rails.By[a.Rails.name(name)]
		if !there {
			return "", nil
		}
		if why, err = rail.Serves(ctx, country, c.Currency); err != nil || why == "" {
			return "", err
		}
	}
	return why, nil
}
