package bench

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/rapport-dev/rapport/partnership"
	"github.com/rapport-dev/rapport/proof/pgtest"
	"github.com/rapport-dev/rapport/store"
	"github.com/rapport-dev/rapport/web"
)

const (
	buyers = 8   // at once
	visits = 200 // of each in a burst
)

// BenchmarkClickRedirect follows one tracking link through the whole front door, over a real Postgres that counts the clicks
// meanwhile, and holds it against net/http's own 302 under the same load in the same run. Bursts alternate, so that a busy
// machine slows both. The visitors run on the same cores, and so dampen the ratio.
func BenchmarkClickRedirect(b *testing.B) {
	const destination = "https://shop.example/products/sampler"
	bare := httptest.NewServer(http.RedirectHandler(destination, http.StatusFound))
	defer bare.Close()
	door := openDoor(b, destination)
	browser := http.Client{
		Transport:     &http.Transport{MaxIdleConnsPerHost: buyers},
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
	defer browser.CloseIdleConnections()

	var floor, ours time.Duration
	var waits []time.Duration
	n := 0
	for b.Loop() {
		took, _ := burst(b, &browser, bare.URL)
		floor += took
		took, each := burst(b, &browser, door)
		ours, waits = ours+took, append(waits, each...)
		n += buyers * visits
	}
	slices.Sort(waits)
	micros := func(share float64) float64 {
		return float64(waits[int(share*float64(len(waits)-1))].Nanoseconds()) / 1000
	}
	b.ReportMetric(0, "ns/op") // of both together: it says nothing
	b.ReportMetric(float64(n)/ours.Seconds(), "clicks/s")
	b.ReportMetric(floor.Seconds()/ours.Seconds(), "x-bare-302")
	b.ReportMetric(micros(.50), "p50-µs")
	b.ReportMetric(micros(.99), "p99-µs")
}

// burst has every buyer follow a link, again and again, and returns how long that took in all and each time.
func burst(b *testing.B, browser *http.Client, link string) (all time.Duration, each []time.Duration) {
	b.Helper()
	var mu sync.Mutex
	var wait sync.WaitGroup
	began := time.Now()
	for range buyers {
		wait.Go(func() {
			mine := make([]time.Duration, 0, visits)
			for range visits {
				at := time.Now()
				if err := follow(browser, link); err != nil {
					b.Error(err)
					return
				}
				mine = append(mine, time.Since(at))
			}
			mu.Lock()
			defer mu.Unlock()
			each = append(each, mine...)
		})
	}
	wait.Wait()
	all = time.Since(began)
	if b.Failed() {
		b.FailNow()
	}
	return all, each
}

func follow(browser *http.Client, link string) error {
	request, err := http.NewRequestWithContext(context.Background(), http.MethodGet, link, nil)
	if err != nil {
		return err
	}
	request.Header.Set("User-Agent", "Mozilla/5.0")
	response, err := browser.Do(request)
	if err != nil {
		return err
	}
	defer func() { _ = response.Body.Close() }()
	if response.StatusCode != http.StatusFound {
		return fmt.Errorf("the link answers %s", response.Status)
	}
	_, err = io.Copy(io.Discard, response.Body)
	return err
}

// openDoor opens the front door with one campaign and one creator, and returns the creator's link.
func openDoor(b *testing.B, destination string) string {
	b.Helper()
	ctx := b.Context()
	server := httptest.NewUnstartedServer(nil)
	base := "http://" + server.Listener.Addr().String()
	kept, err := store.Open(ctx, pgtest.New(b, store.Migrate), store.Options{SecretKey: make([]byte, 32), PublicURL: base})
	must(b, err)
	b.Cleanup(kept.Close)
	id, _, err := kept.CreateCampaign(ctx, partnership.Campaign{
		Name: "Bench", Program: "bench", Currency: "USD", Timezone: "UTC", BudgetMinor: 100_000, Destination: destination,
		Payout: partnership.PayoutPolicy{Provider: "stripe"},
	}, []partnership.Creator{{Handle: "bench", Name: "Bench", Email: "bench@example.com", Platform: "instagram", Niche: "bench"}}, "bench")
	must(b, err)
	creators, err := kept.CampaignCreators(ctx, id)
	must(b, err)
	entry := partnership.RosterEntry{CreatorID: creators[0].ID, Tier: partnership.Nano, Niche: "bench", Rank: 1}
	must(b, kept.ReserveBudget(ctx, id, entry, partnership.Terms{Version: 1, Currency: "USD"}, 0))
	kit, err := kept.EnsureKit(ctx, partnership.PartnershipFor(id, creators[0].ID))
	must(b, err)

	door := web.New(web.Deps{Store: kept, PublicURL: base, Log: slog.New(slog.DiscardHandler)})
	running, stop := context.WithCancel(context.Background())
	done := make(chan struct{})
	go func() { defer close(done); door.Run(running) }()
	server.Config.Handler = door
	server.Start()
	b.Cleanup(func() { server.Close(); stop(); <-done })
	return kit.Link
}

func must(b testing.TB, err error) {
	b.Helper()
	if err != nil {
		b.Fatal(err)
	}
}
