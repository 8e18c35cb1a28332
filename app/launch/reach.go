package launch

import (
	"cmp"
	"context"
	"fmt"
	"strings"

	"github.com/rapport-dev/rapport/intake"
	"github.com/rapport-dev/rapport/partnership"
	"github.com/rapport-dev/rapport/partnership/roster"
)

// Serves says in words why a rail cannot pay somebody of a country in a currency, "" when it can; no name is the first rail.
type Serves func(ctx context.Context, rail, country, currency string) (why string, err error)

// unreached names those whom the selection may invite and whom none of the campaign's rails can pay: they are not invited, for an offer
// would promise money that never arrives. A rail that cannot be asked just now is asked again before each invitation.
func (l *Launcher) unreached(ctx context.Context, r Request, d Draft) []intake.Warning {
	if !d.Campaign.PromisesMoney() {
		return nil
	}
	whys, names := map[string]string{}, []string(nil)
	for _, c := range d.Creators {
		if !roster.Passes(roster.Vet(c, d.Campaign.Selection)) {
			continue
		}
		why, asked := whys[c.Country]
		if !asked {
			var err error
			if why, err = l.whyUnpaid(ctx, d.Campaign, c.Country); err != nil {
				return []intake.Warning{{File: r.named().CreatorsName, Line: 1, Message: "whom the campaign can pay could not be asked: " + err.Error() + "; it is asked again before each invitation"}}
			}
			whys[c.Country] = why
		}
		if why != "" {
			names = append(names, "@"+c.Handle+" ("+why+")")
		}
	}
	if len(names) == 0 {
		return nil
	}
	shown := names[:min(len(names), namedLeftOut)]
	if more := len(names) - len(shown); more > 0 {
		shown = append(shown, fmt.Sprintf("and %d more", more))
	}
	return []intake.Warning{{File: r.named().CreatorsName, Line: 1, Message: fmt.Sprintf("%d of %d creators cannot be paid, and are not invited: %s; offer another rail in payout.provider",
		len(names), len(d.Creators), strings.Join(shown, ", "))}}
}

// whyUnpaid says why none of a campaign's rails pays somebody of a country, "" when one does.
func (l *Launcher) whyUnpaid(ctx context.Context, c partnership.Campaign, country string) (string, error) {
	var whys []string
	for _, rail := range c.Payout.Rails() {
		why, err := l.Serves(ctx, rail, country, c.Currency)
		if err != nil || why == "" {
			return "", err
		}
		whys = append(whys, why)
	}
	return cmp.Or(strings.Join(whys, "; "), "no rail"), nil
}
