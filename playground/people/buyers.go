package people

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"net/http"
	"slices"
	"time"

	"github.com/rapport-dev/rapport/partnership"
)

// published is a post that is live: what its audience sees.
type published struct {
	partnership string
	creator     partnership.Creator
	link, code  string
}

// How a creator's audience buys.
const (
	fewestBuyers = 2
	mostBuyers   = 6
	lastOrder    = 0.75 // of the sales window: late orders would only show that the window ends
	shopCloses   = 0.9  // of it: on a machine with no time to spare a buyer may come too late
)

// live makes a post's audience act: they click at various times, some buy, some send things back.
func (t *town) live(ctx context.Context, post published) {
	t.mu.Lock()
	t.posts = append(t.posts, post)
	t.mu.Unlock()
	d := dice(t.seed, "audience", post.partnership)
	now := time.Now()
	for i := range fewestBuyers + d.IntN(mostBuyers-fewestBuyers+1) {
		own := dice(t.seed, "buyer", post.partnership, fmt.Sprint(i))
		at := now.Add(t.days(t.window * between(own, 0.03, lastOrder)))
		t.later(ctx, at, func(ctx context.Context) { t.buy(ctx, post, now.Add(t.days(t.window*shopCloses)), own) })
	}
	for range 3 + d.IntN(6) { // looks without buying
		at := now.Add(t.days(t.window * between(d, 0.02, lastOrder)))
		t.later(ctx, at, func(ctx context.Context) { _, _ = t.follow(ctx, post.link) })
	}
}

// buy is one buyer: by code, by link, by both, or with a code of one creator after a click on another's link. Who has not checked out when
// the shop closes, leaves.
func (t *town) buy(ctx context.Context, post published, closes time.Time, d *rand.Rand) {
	order := checkout{
		Currency: t.place.currency, CustomerEmail: fmt.Sprintf("buyer-%d@shoppers.example", d.IntN(1_000_000)),
		TaxMinor: int64(d.IntN(400)), ShippingMinor: t.place.shipping,
	}
	if t.place.country != here {
		order.TaxMinor = 0 // the shop knows it
	}
	for range 1 + d.IntN(2) {
		order.Items = append(order.Items, item{Title: "Sunset sampler", Quantity: int64(1 + d.IntN(3)), PriceMinor: t.place.price(1999 + 100*d.IntN(40) + d.IntN(100))})
	}
	way := d.Float64()
	if way >= 0.35 { // by link, alone or with a code
		link := post.link
		if way >= 0.9 {
			link = t.anotherLink(post, d)
		}
		landing, err := t.follow(ctx, link)
		if err != nil {
			t.log.Warn("a buyer's click leads nowhere", "error", err)
			return
		}
		order.LandingSite = landing
	}
	if way < 0.35 || way >= 0.65 {
		order.Code = post.code
	}
	if time.Now().Before(closes) {
		t.order(ctx, order, d)
	}
}

// order checks out, and in some cases sends something back later.
func (t *town) order(ctx context.Context, order checkout, d *rand.Rand) {
	done, err := t.sandbox.buy(ctx, order)
	if err != nil {
		if ctx.Err() == nil {
			t.log.Warn("a buyer cannot check out", "error", err)
		}
		return
	}
	if d.Float64() >= 0.28 || done.NetMinor < 2 {
		return
	}
	back := []int64{done.NetMinor} // all of it
	switch part := max(done.NetMinor/3, 1); d.IntN(3) {
	case 0:
		back = []int64{part}
	case 1:
		back = []int64{part, part} // in two goes
	}
	for i, amount := range back {
		at := time.Now().Add(t.days(between(d, 0.5, 4) * float64(i+1)))
		t.later(ctx, at, func(ctx context.Context) {
			if err := t.sandbox.refund(ctx, done.OrderID, amount); err != nil && ctx.Err() == nil {
				t.log.Warn("a buyer cannot send something back", "error", err)
			}
		})
	}
}

// follow clicks a tracking link and returns where it leads, without going there.
func (t *town) follow(ctx context.Context, link string) (string, error) {
	if link == "" {
		return "", errors.New("the post shows no link")
	}
	client := http.Client{
		Timeout:       10 * time.Second,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
	for wait := 200 * time.Millisecond; ; wait = min(2*wait, 2*time.Second) {
		request, err := http.NewRequestWithContext(ctx, http.MethodGet, link, nil)
		if err != nil {
			return "", err
		}
		request.Header.Set("User-Agent", "Mozilla/5.0 (Linux; Android 16) AppleWebKit/537.36 Chrome/140.0 Mobile Safari/537.36")
		response, err := client.Do(request)
		if err == nil {
			_ = response.Body.Close()
			if response.StatusCode == http.StatusFound {
				return response.Header.Get("Location"), nil
			}
			if response.StatusCode < http.StatusInternalServerError {
				return "", fmt.Errorf("the link answers %d", response.StatusCode)
			}
		}
		if sleep(ctx, wait); ctx.Err() != nil {
			return "", ctx.Err()
		}
	}
}

// anotherLink is a link of another creator whose post is live, or the same where there is none.
func (t *town) anotherLink(post published, d *rand.Rand) string {
	t.mu.Lock()
	defer t.mu.Unlock()
	others := slices.DeleteFunc(slices.Clone(t.posts), func(other published) bool { return other.creator.Handle == post.creator.Handle })
	if len(others) == 0 {
		return post.link
	}
	return others[d.IntN(len(others))].link
}

// passersBy buy without any creator's doing: nobody may be credited for them.
func (t *town) passersBy(ctx context.Context) {
	d := dice(t.seed, "passers-by")
	for range 3 {
		sleep(ctx, t.days(between(d, 8, 16)))
		if ctx.Err() != nil {
			return
		}
		t.order(ctx, checkout{
			Currency: t.place.currency, CustomerEmail: fmt.Sprintf("passer-%d@shoppers.example", d.IntN(1_000_000)),
			LandingSite: "/?utm_source=newsletter", ShippingMinor: t.place.shipping,
			Items: []item{{Title: "Sunset sampler", Quantity: 1, PriceMinor: t.place.price(3600)}},
		}, d)
	}
}
