package web_test

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/prometheus/client_golang/prometheus"

	"github.com/rapport-dev/rapport/app/deeds"
	"github.com/rapport-dev/rapport/app/launch"
	"github.com/rapport-dev/rapport/app/payees"
	"github.com/rapport-dev/rapport/app/payouts"
	"github.com/rapport-dev/rapport/integrations"
	"github.com/rapport-dev/rapport/integrations/slack"
	"github.com/rapport-dev/rapport/partnership"
	"github.com/rapport-dev/rapport/proof/pgtest"
	"github.com/rapport-dev/rapport/store"
	"github.com/rapport-dev/rapport/web"
	"github.com/rapport-dev/rapport/web/access"
	"github.com/rapport-dev/rapport/web/slackapp"
	"github.com/rapport-dev/rapport/web/webhooks"
	"github.com/rapport-dev/rapport/wiring/vendors"
)

// lines is a log that tests search.
type lines struct {
	mu  sync.Mutex
	buf bytes.Buffer
}

func (l *lines) Write(b []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.buf.Write(b)
}

func (l *lines) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.buf.String()
}

// house is the whole front door over a real database.
type house struct {
	*httptest.Server
	t        *testing.T
	url      string
	store    *store.Store
	temporal *temporal
	chat     *chat
	log      *lines
	door     *web.Server
	session  string // of whoever is signed in on the console, "" nobody

	campaign    partnership.CampaignID
	other       partnership.CampaignID // where a test has launched another
	partnership partnership.PartnershipID
	creator     partnership.Creator
}

var day = time.Date(2026, 11, 10, 15, 0, 0, 0, time.UTC)

// The markers that must never be in a log.
const (
	canaryName   = "Ada Canary"
	canaryMail   = "ada.canary@mail.example"
	canaryStreet = "99 Canary Row"
)

const (
	managerToken = "manager-token-0123456789"
	financeToken = "finance-token-0123456789"
	viewerToken  = "viewer-token-01234567890"
)

func campaign() partnership.Campaign {
	return partnership.Campaign{
		Name: "Dreams Sunset", Program: "dreams", Currency: "USD", Timezone: "America/New_York", BudgetMinor: 3_000_000,
		Brand: partnership.Brand{Name: "Acme Scents", PostalAddress: "1 Main St, Austin TX 78701, US", ReplyTo: "partners@acme.example"},
		Brief: partnership.Brief{
			Goal: "Show how an evening slows down with a scent.", Values: []string{"calm", "honesty"}, Objectives: []string{"People try the sampler."},
			VisualGuidelines: "Warm light, real rooms.", NonNegotiables: []string{"No health claims."}, Disclosure: "#ad",
		},
		Selection:   partnership.Selection{Target: 3},
		Offer:       partnership.Offer{Negotiation: partnership.NegotiationLimits{MaxFeeUpliftBPS: 2000, Rounds: 2}},
		Schedule:    partnership.Schedule{PublishFrom: time.Date(2026, 12, 1, 5, 0, 0, 0, time.UTC), PublishTo: time.Date(2026, 12, 21, 5, 0, 0, 0, time.UTC), ProduceDays: 10, ReviewDays: 3},
		Payout:      partnership.PayoutPolicy{HoldDays: 30, MinimumMinor: 2500, Provider: "stripe", ApproveAboveMinor: 500_000},
		Destination: "https://shop.example/products/sampler",
	}
}

func terms() partnership.Terms {
	return partnership.Terms{
		Version: 1, Currency: "USD", FeeMinor: 50_000, CommissionBPS: 1000, DiscountBPS: 1500, HoldDays: 30, WindowDays: 30,
		Gift:         &partnership.Gift{SKU: "SAMPLER-12", Name: "Sampler", ValueMinor: 3600, WeightOz: 40},
		UsageRights:  partnership.UsageRights{Channels: []string{"paid_social", "email"}, Days: 180, Paid: true},
		Deliverables: []partnership.Deliverable{{Kind: "instagram_reel", Count: 1}},
	}
}

// open builds the front door. change may alter what it is made of.
func open(t *testing.T, change ...func(*web.Deps)) *house {
	t.Helper()
	return openBy(t, nil, change...)
}

// fewConnections is how a house's front door reaches its database: each connection reads its catalog and plans its statements anew, which cost more
// than what they do.
const fewConnections = "&pool_max_conns=4"

// openBy is open by another clock than the database's.
func openBy(t *testing.T, now func() time.Time, change ...func(*web.Deps)) *house {
	t.Helper()
	return openAt(t, pgtest.New(t, store.Migrate), now, change...)
}

// openAt is open over the database at an address.
func openAt(t *testing.T, database string, now func() time.Time, change ...func(*web.Deps)) *house {
	t.Helper()
	h := &house{t: t, url: database, temporal: &temporal{seen: map[string]bool{}, kept: map[string]message{}, news: make(chan message, 100)}, chat: newChat(), log: &lines{}}
	log := slog.New(slog.NewJSONHandler(h.log, &slog.HandlerOptions{Level: slog.LevelDebug}))
	var err error
	h.Server = httptest.NewUnstartedServer(nil)
	publicURL := "http://" + h.Listener.Addr().String()
	for range 4 { // a database has five seconds to answer first, which a busy machine may not give it
		h.store, err = store.Open(t.Context(), h.url+fewConnections, store.Options{SecretKey: []byte("a secret of thirty-two bytes....."), PublicURL: publicURL, InboundDomain: "in.rapport.example", Now: now})
		if err == nil {
			break
		}
	}
	must(t, err)
	t.Cleanup(h.store.Close)
	h.temporal.books = h.store
	tokens, err := access.ParseTokens("manager:manager:" + managerToken + ",finance:finance:" + financeToken + ",viewer:viewer:" + viewerToken)
	must(t, err)
	known, _ := vendors.Read(vendors.All(), nil)
	d := web.Deps{
		Store: h.store, Workflows: h.temporal, Chat: h.chat, PublicURL: publicURL, Log: log, Tokens: tokens, Metrics: prometheus.NewRegistry(),
		People: people(t),
		Slack:  slackProof(slackSecret), Webhooks: vendorHooks(), Vendor: known.Title, Filling: known.TitleOf, SweepEvery: 300 * time.Millisecond, AckAfter: time.Minute, TemporalUI: "http://127.0.0.1:8233/namespaces/default",
		Launch: func(context.Context, launch.Request) (launch.Launched, error) { return launch.Launched{}, nil },
		StartRun: func(_ context.Context, by deeds.By, _ payouts.Month) (payouts.Outlook, error) {
			return payouts.Outlook{}, by.May(partnership.DeedStartRun)
		},
		Payees: map[string]payees.Rail{"stripe": &hosting{url: publicURL, closed: map[string]bool{}}}, PayeesFirst: "stripe",
		Ready: map[string]func(context.Context) error{"postgres": h.store.Ping}, Now: now,
	}
	for _, edit := range change {
		edit(&d)
	}
	h.door = web.New(d)
	h.Config.Handler = h.door
	h.Start()
	t.Cleanup(h.Close)
	h.seed()
	return h
}

// running also does what the doors leave for later.
func running(t *testing.T, change ...func(*web.Deps)) *house {
	t.Helper()
	h := open(t, change...)
	ctx, stop := context.WithCancel(context.Background())
	done := make(chan struct{})
	go func() {
		defer close(done)
		h.door.Run(ctx)
	}()
	t.Cleanup(func() {
		stop()
		<-done
	})
	return h
}

func (h *house) seed() {
	h.t.Helper()
	ctx := h.t.Context()
	person := partnership.Creator{
		Handle: "ada.scents", Name: canaryName, Email: canaryMail, Platform: "instagram", Followers: 9000, EngagementRate: 4.2, Niche: "sleep", Country: "US",
		Timezone: "America/Chicago",
	}
	var err error
	h.campaign, _, err = h.store.CreateCampaign(ctx, campaign(), []partnership.Creator{person}, "hash")
	must(h.t, err)
	creators, err := h.store.CampaignCreators(ctx, h.campaign)
	must(h.t, err)
	h.creator = creators[0]
	h.partnership = partnership.PartnershipFor(h.campaign, h.creator.ID)
	must(h.t, h.store.ReserveBudget(ctx, h.campaign, partnership.RosterEntry{CreatorID: h.creator.ID, Tier: partnership.Nano, Niche: "sleep", Rank: 1}, terms(), 50_000))
}

// task opens a task and returns its link.
func (h *house) task(kind partnership.TaskKind, name string, edit ...func(*partnership.Task)) string {
	h.t.Helper()
	task := partnership.Task{PartnershipID: h.partnership, Kind: kind, Name: name, Due: time.Now().Add(72 * time.Hour)}
	for _, e := range edit {
		e(&task)
	}
	link, err := h.store.OpenTask(h.t.Context(), task)
	must(h.t, err)
	return link
}

// answered is a response that was read.
type answered struct {
	*http.Response
	body string
}

// do sends a request and does not follow where it leads.
func (h *house) do(r *http.Request) answered {
	h.t.Helper()
	client := &http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	res, err := client.Do(r)
	must(h.t, err)
	defer res.Body.Close()
	body, err := io.ReadAll(res.Body)
	must(h.t, err)
	return answered{res, string(body)}
}

func (h *house) get(link string) answered {
	h.t.Helper()
	return h.do(h.request(http.MethodGet, link, nil))
}

func (h *house) request(method, link string, body io.Reader) *http.Request {
	h.t.Helper()
	if strings.HasPrefix(link, "/") {
		link = h.URL + link
	}
	r, err := http.NewRequestWithContext(h.t.Context(), method, link, body)
	must(h.t, err)
	if h.session != "" {
		r.AddCookie(&http.Cookie{Name: "rapport", Value: h.session})
	}
	return r
}

// as signs a person of the brand in on the console, by their Slack user.
func (h *house) as(user string) *house {
	h.t.Helper()
	session, err := h.store.BeginSession(h.t.Context(), "console:"+user, "chat")
	must(h.t, err)
	h.session = session
	return h
}

// post sends a form as our own page does.
func (h *house) post(link string, form url.Values) answered {
	h.t.Helper()
	r := h.request(http.MethodPost, link, strings.NewReader(form.Encode()))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	r.Header.Set("Sec-Fetch-Site", "same-origin")
	return h.do(r)
}

// dump is every row of every table but those that say who was there, so that two of them tell whether anything has changed.
func (h *house) dump() string {
	h.t.Helper()
	conn, err := pgx.Connect(h.t.Context(), h.url)
	must(h.t, err)
	defer conn.Close(context.WithoutCancel(h.t.Context()))
	rows, err := conn.Query(h.t.Context(), "select table_name from information_schema.tables where table_schema = 'public' and table_name <> all('{seen,slack_replies,slack_people}') order by 1")
	must(h.t, err)
	tables, err := pgx.CollectRows(rows, pgx.RowTo[string])
	must(h.t, err)
	var out strings.Builder
	for _, table := range tables {
		var content string
		must(h.t, conn.QueryRow(h.t.Context(), "select coalesce(string_agg(t::text, e'\n' order by t::text), '') from "+pgx.Identifier{table}.Sanitize()+" t").Scan(&content))
		out.WriteString("== " + table + "\n" + content + "\n")
	}
	return out.String()
}

// sql changes what no door changes, as the tables' owner.
func (h *house) sql(statement string, args ...any) {
	h.t.Helper()
	conn, err := pgx.Connect(h.t.Context(), pgtest.Owner(h.t, h.url))
	must(h.t, err)
	defer conn.Close(context.WithoutCancel(h.t.Context()))
	_, err = conn.Exec(h.t.Context(), statement, args...)
	must(h.t, err)
}

// policy changes what the program pays by, as another campaign's launch does.
func (h *house) policy(set string) {
	h.t.Helper()
	h.sql("set session_replication_role = replica; update programs set " + set) // the books refuse what the program has not signed
}

// eventually waits for ok to come true, looking again whenever something may have happened.
func eventually(t *testing.T, what string, ok func() bool) {
	t.Helper()
	deadline, tick := time.After(time.Minute), time.NewTicker(20*time.Millisecond) // a machine with no time to spare is no failure
	defer tick.Stop()
	for !ok() {
		select {
		case <-deadline:
			t.Fatal("did not happen: " + what)
		case <-tick.C:
		}
	}
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func want[T comparable](t *testing.T, what string, got, wanted T) {
	t.Helper()
	if got != wanted {
		t.Errorf("%s is %v, want %v", what, got, wanted)
	}
}

func wantIn(t *testing.T, text string, parts ...string) {
	t.Helper()
	for _, part := range parts {
		if !strings.Contains(text, part) {
			t.Errorf("lacks %q", part)
		}
	}
}

func asJSON(t *testing.T, v any) string {
	t.Helper()
	b, err := json.Marshal(v)
	must(t, err)
	return string(b)
}

// vendorHooks are the vendors' webhooks under the tests' keys, and under further settings: name, value, ...
func vendorHooks(more ...string) []webhooks.Hook {
	set := map[string]string{
		"SENDGRID_EVENT_PUBLIC_KEY": mailKeys.public, "SENDGRID_INBOUND_PUBLIC_KEY": mailKeys.public, "DOCUSIGN_HMAC_KEYS": "docusign-key",
		"EASYPOST_WEBHOOK_SECRET": "easypost-secret", "SHOPIFY_WEBHOOK_SECRETS": "shopify-secret", "STRIPE_WEBHOOK_SECRETS": "whsec_stripe",
	}
	for pair := range slices.Chunk(more, 2) {
		set[pair[0]] = pair[1]
	}
	return hooksOf(set)
}

// hooksOf are the webhooks under these settings, whatever else the vendors would need.
func hooksOf(set map[string]string) []webhooks.Hook {
	read, _ := vendors.Read(vendors.All(), set)
	var hooks []webhooks.Hook
	for _, hook := range read.Webhooks() {
		hooks = append(hooks, webhooks.Hook(hook))
	}
	return hooks
}

// slackProof is what knows Slack's signatures by a secret, "" for none.
func slackProof(secret integrations.Secret) slackapp.Proof {
	return &slack.Settings{SigningSecret: integrations.Secrets{secret}}
}

// people are who may decide; the second of finance also has a token.
func people(t *testing.T) access.People {
	t.Helper()
	known, err := access.ParsePeople("U_MANAGER: manager\nU_BOTH: manager, finance\nU_FINANCE: finance\nU_FINANCE2, api:finance, cli:fin: finance\n")
	must(t, err)
	return known
}
