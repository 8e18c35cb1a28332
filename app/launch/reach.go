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

// unreached says whom the selection may invite and none of the campaign's rails can pay, and why, in the file's order: they are not invited,
// for an offer would promise money that never arrives. doubt is why it cannot be said just now; it is asked again before each invitation.
func (l *Launcher) unreached(ctx context.Context, d Draft) (all []unpaid, doubt error) {
	if !d.Campaign.PromisesMoney() {
		return nil, nil
	}
	whys := map[string]string{}
	for _, c := range d.Creators {
		if !roster.Passes(roster.Vet(c, d.Campaign.Selection)) {
			continue
		}
		why, asked := whys[c.Country]
		if !asked {
			if why, doubt = l.whyUnpaid(ctx, d.Campaign, c.Country); doubt != nil {
				return nil, doubt
			}
			whys[c.Country] = why
		}
		if why != "" {
			all = append(all, unpaid{c, why})
		}
	}
	return all, nil
}

// unpaid is a creator whom no rail pays.
type unpaid struct {
	creator partnership.Creator
	why     string
}

// unreachedInWords is the warning about them, none where everybody is reached.
func unreachedInWords(file string, all []unpaid, of int, doubt error) []intake.Warning {
	switch {
	case doubt != nil:
		return []intake.Warning{{File: file, Line: 1, Message: "whom the campaign can pay could not be asked: " + doubt.Error() + "; it is asked again before each invitation"}}
	case len(all) == 0:
		return nil
	}
	var shown []string
	for _, u := range all[:min(len(all), namedLeftOut)] {
		shown = append(shown, "@"+u.creator.Handle+" ("+u.why+")")
	}
	if more := len(all) - len(shown); more > 0 {
		shown = append(shown, fmt.Sprintf("and %d more", more))
	}
	return []intake.Warning{{File: file, Line: 1, Message: fmt.Sprintf("%d of %d creators cannot be paid, and are not invited: %s; offer another rail in payout.provider",
		len(all), of, strings.Join(shown, ", "))}}
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
