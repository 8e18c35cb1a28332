package bench

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	slackapi "github.com/slack-go/slack"

	"github.com/rapport-dev/rapport/integrations"
	"github.com/rapport-dev/rapport/integrations/slack"
	"github.com/rapport-dev/rapport/partnership"
	"github.com/rapport-dev/rapport/proof/pgtest"
	"github.com/rapport-dev/rapport/store"
	"github.com/rapport-dev/rapport/web"
	"github.com/rapport-dev/rapport/web/access"
)

const (
	signingSecret = "a secret of the bench"
	managers      = 8
	presses       = 40 // of each
	ackWithin     = 500 * time.Millisecond
)

// BenchmarkAck presses buttons and types commands while Temporal is away and Postgres answers, refuses, or stands still, and says how long Slack waited
// for its ack. It fails above half a second at the 99th of 100.
func BenchmarkAck(b *testing.B) {
	for _, state := range []string{"answers", "refuses", "stands-still"} {
		b.Run("Postgres-"+state, func(b *testing.B) {
			address, wall := pgtest.Through(b, pgtest.New(b, store.Migrate))
			door, kept := chatDoor(b, address)
			switch state {
			case "refuses":
				kept.Close()
			case "stands-still":
				wall.Raise(true)
			}
			var waits []time.Duration
			for b.Loop() {
				waits = append(waits, pressed(b, door)...)
			}
			slices.Sort(waits)
			at := func(share float64) time.Duration { return waits[int(share*float64(len(waits)-1))] }
			b.ReportMetric(0, "ns/op") // of all: it says nothing
			b.ReportMetric(float64(at(.50).Microseconds())/1000, "p50-ms")
			b.ReportMetric(float64(at(.99).Microseconds())/1000, "p99-ms")
			if at(.99) > ackWithin {
				b.Errorf("the 99th of 100 waited %s for its ack", at(.99))
			}
		})
	}
}

// pressed has every manager ask for something, again and again, and returns how long each ack took.
func pressed(b *testing.B, door string) (waits []time.Duration) {
	b.Helper()
	var mu sync.Mutex
	var all sync.WaitGroup
	for m := range managers {
		all.Go(func() {
			for n := range presses {
				body, path := url.Values{"payload": {fmt.Sprintf(
					`{"type":"block_actions","trigger_id":"T%d.%d","user":{"id":"U_MANAGER"},"channel":{"id":"C1"},"message":{"ts":"1.%d"},"actions":[{"type":"button","block_id":"b","action_id":"review_draft:approve","value":"p%d|draft-%d"}]}`,
					m, n, n, m, n)}}.Encode(), "interactions"
				if n%4 == 0 {
					body, path = url.Values{"command": {"/rapport"}, "text": {"status"}, "user_id": {"U_MANAGER"}, "trigger_id": {fmt.Sprintf("T%d.%d.%d", m, n, time.Now().UnixNano())}}.Encode(), "commands"
				}
				began := time.Now()
				if err := sendSigned(door+"/slack/"+path, body); err != nil {
					b.Error(err)
				}
				mu.Lock()
				waits = append(waits, time.Since(began))
				mu.Unlock()
			}
		})
	}
	all.Wait()
	return waits
}

func sendSigned(to, body string) error {
	request, err := http.NewRequestWithContext(context.Background(), http.MethodPost, to, strings.NewReader(body))
	if err != nil {
		return err
	}
	at := strconv.FormatInt(time.Now().Unix(), 10)
	mac := hmac.New(sha256.New, []byte(signingSecret))
	mac.Write([]byte("v0:" + at + ":" + body))
	request.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	request.Header.Set(slack.HeaderTimestamp, at)
	request.Header.Set(slack.HeaderSignature, "v0="+hex.EncodeToString(mac.Sum(nil)))
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		return err
	}
	defer func() { _ = response.Body.Close() }()
	if response.StatusCode != http.StatusOK {
		return fmt.Errorf("it answers %s", response.Status)
	}
	_, err = io.Copy(io.Discard, response.Body)
	return err
}

// chatDoor is the front door with a chat that takes whatever is said, and an engine that is away.
func chatDoor(b *testing.B, database string) (address string, kept *store.Store) {
	b.Helper()
	kept, err := store.Open(b.Context(), database, store.Options{SecretKey: make([]byte, 32)})
	must(b, err)
	b.Cleanup(kept.Close)
	managers, err := access.ParsePeople("U_MANAGER: manager\n")
	must(b, err)
	server := httptest.NewServer(web.New(web.Deps{
		Store: kept, Workflows: noEngine{}, Chat: takesAll{}, People: managers, Slack: &slack.Settings{SigningSecret: integrations.Secrets{signingSecret}}, Log: slog.New(slog.DiscardHandler),
	}))
	b.Cleanup(server.Close)
	return server.URL, kept
}

var errAway = errors.New("away")

type noEngine struct{ web.Workflows }

func (noEngine) Keep(context.Context, partnership.Deed, any, any) (partnership.Asked, error) {
	return partnership.Asked{}, errAway
}

type takesAll struct{ web.Chat }

func (takesAll) Respond(context.Context, string, *slackapi.WebhookMessage) error { return nil }

func (takesAll) Direct(context.Context, string, string, []slackapi.Block) error { return nil }

func (takesAll) PublishHome(context.Context, string, slackapi.HomeTabViewRequest) error { return nil }

func (takesAll) ZoneOf(context.Context, string) (string, error) { return "", nil }

func (takesAll) MailOf(context.Context, string) (string, error) { return "", nil }
