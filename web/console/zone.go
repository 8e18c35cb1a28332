package console

import (
	"context"
	"net/http"
	"time"

	"github.com/rapport-dev/rapport/partnership"
	"github.com/rapport-dev/rapport/partnership/zones"
)

// Every time of a page stands in its reader's own zone: that of their profile where they signed in by the chat, else their browser's, else that of
// the campaign that the page is about, else UTC. The page says once which it is, and each time holds its exact instant.

// The cookies that say where somebody's clock stands: the profile's, which is set at signing in, and the browser's, which the console's script sets.
const (
	profileZone = "rapport_profile_zone"
	browserZone = "rapport_zone"
)

// longestZone bounds a cookie that anybody may have made, in bytes.
const longestZone = 64

type zoneKey struct{}

// inReadersZone is a request whose page tells times in its reader's zone, as far as that is known.
func (c *Console) inReadersZone(r *http.Request) *http.Request {
	for _, name := range []string{c.host(profileZone), browserZone} {
		cookie, err := r.Cookie(name)
		if err != nil || cookie.Value == "" || len(cookie.Value) > longestZone {
			continue
		}
		if zone, err := zones.Load(cookie.Value); err == nil {
			return r.WithContext(context.WithValue(r.Context(), zoneKey{}, zone))
		}
	}
	return r
}

// inCampaigns is a request about a campaign: whoever's own zone is not known reads its times in the campaign's.
func (c *Console) inCampaigns(r *http.Request, id partnership.CampaignID) *http.Request {
	if _, known := r.Context().Value(zoneKey{}).(*time.Location); known {
		return r
	}
	campaign, err := c.Store.Campaign(r.Context(), id)
	if err != nil { // its page says so
		return r
	}
	return r.WithContext(context.WithValue(r.Context(), zoneKey{}, zones.Or(campaign.Timezone)))
}

// zoneOf is the zone in which a page tells times.
func zoneOf(ctx context.Context) *time.Location {
	if zone, known := ctx.Value(zoneKey{}).(*time.Location); known {
		return zone
	}
	return time.UTC
}

// timeOf is an instant as a page tells it.
func timeOf(ctx context.Context, t time.Time) string {
	return t.In(zoneOf(ctx)).Format("Mon 2 Jan 15:04")
}

// dateOf is the day of an instant.
func dateOf(ctx context.Context, t time.Time) string {
	return t.In(zoneOf(ctx)).Format("2 January 2006")
}

// midnight is the day of an instant, to count days with.
func midnight(ctx context.Context, t time.Time) time.Time {
	y, m, d := t.In(zoneOf(ctx)).Date()
	return time.Date(y, m, d, 0, 0, 0, 0, time.UTC)
}

// exactly is an instant for whoever points at it.
func exactly(ctx context.Context, t time.Time) string {
	return t.In(zoneOf(ctx)).Format("2 January 2006 15:04:05 MST")
}

func instant(t time.Time) string { return t.UTC().Format(time.RFC3339) }
