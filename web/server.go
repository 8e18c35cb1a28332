// Package web is where people and vendors come in: one handler over the creators' pages, the tracking links, the vendors' webhooks,
// Slack, the JSON API and the console.
package web

import (
	"cmp"
	"context"
	"encoding/json"
	"log/slog"
	"net/http"
	"strings"
	"sync"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/promhttp"

	"github.com/rapport-dev/rapport/app/amend"
	"github.com/rapport-dev/rapport/app/answers"
	"github.com/rapport-dev/rapport/app/creators"
	"github.com/rapport-dev/rapport/app/deeds"
	"github.com/rapport-dev/rapport/app/launch"
	"github.com/rapport-dev/rapport/app/news"
	"github.com/rapport-dev/rapport/app/orders"
	"github.com/rapport-dev/rapport/app/payees"
	"github.com/rapport-dev/rapport/app/payouts"
	"github.com/rapport-dev/rapport/app/picks"
	"github.com/rapport-dev/rapport/partnership"
	"github.com/rapport-dev/rapport/partnership/paper"
	"github.com/rapport-dev/rapport/store"
	"github.com/rapport-dev/rapport/web/access"
	"github.com/rapport-dev/rapport/web/announce"
	"github.com/rapport-dev/rapport/web/api"
	"github.com/rapport-dev/rapport/web/calendar"
	"github.com/rapport-dev/rapport/web/cards"
	"github.com/rapport-dev/rapport/web/clicks"
	"github.com/rapport-dev/rapport/web/console"
	"github.com/rapport-dev/rapport/web/creator"
	"github.com/rapport-dev/rapport/web/finance"
	"github.com/rapport-dev/rapport/web/mcp"
	"github.com/rapport-dev/rapport/web/page"
	"github.com/rapport-dev/rapport/web/slackapp"
	"github.com/rapport-dev/rapport/web/troubles"
	"github.com/rapport-dev/rapport/web/uploads"
	"github.com/rapport-dev/rapport/web/webhooks"
)

// Workflows is all that the doors ask of Temporal. A workflow's refusal comes as *partnership.Error, one that is closed or was
// never there as its NotFound, and every other error means that Temporal could not be reached.
type Workflows interface {
	creators.Workflows
	deeds.Keeper
	deeds.Teller
	news.Teller
	// Sweep tells workflows again of what they have not answered, and said of what they have answered since, until ctx ends.
	Sweep(ctx context.Context, said func(ctx context.Context, a partnership.Asked) error)
}

// Chat is what the doors say in Slack.
type Chat interface {
	slackapp.Chat
	webhooks.Chat
	cards.Editor
	// MailOf is the address of one of the brand's own people, "" for everybody else.
	MailOf(ctx context.Context, user string) (string, error)
	// UserOf is the user of such an address, "" for nobody's.
	UserOf(ctx context.Context, mail string) (string, error)
}

// Take takes what came in an envelope.
type Take = func(ctx context.Context, kind, id string, payload json.RawMessage) (answer json.RawMessage, taken bool)

// Deps is what the doors are made of. Chat and Shop are nil where the vendor is not configured.
type Deps struct {
	Store       *store.Store
	Workflows   Workflows
	Chat        Chat
	ChatName    string // the vendor behind it, by which its people stand in the audit
	Rails       map[string]webhooks.Rail
	Shop        webhooks.Shop
	Banker      func(name string) (deeds.Banker, error)     // one that is paid by files
	Provider    func(name string) (payouts.Provider, error) // and one that shows what it has moved
	Signing     creator.Signing                             // nil: agreements are signed by mail alone
	Payees      map[string]payees.Rail                      // the same rails, as creators choose them; PayeesFirst is meant where none is named
	PayeesFirst string
	Launch      launch.Func
	Plan        launch.PlanFunc
	Look        launch.LookFunc
	Templates   []launch.Template // what a launch in the chat may begin with
	// StartRun starts the run of a program's month, or takes up the one that is there.
	StartRun payouts.StartFunc
	// Amender shows and applies changes of running campaigns, ReadChange reads them of files.
	Amender    *amend.Amender
	ReadChange func(ctx context.Context, id partnership.CampaignID, files amend.Files) (partnership.CampaignChange, error)
	Reread     orders.Rereader
	OwnShop    []string // names of the shop that reports by itself
	Networks   []string // the rails that report what they move themselves
	// SendNotice starts a notice that is kept; it may be repeated. Without it none is sent.
	SendNotice func(ctx context.Context, id string) error

	Fonts   *paper.Fonts // for invoices; nil the build's
	Uploads string       // folder of the files that creators send; "": drafts come as links alone

	PublicURL      string          // without a slash at its end
	TemporalUI     string          // such as http://127.0.0.1:8233/namespaces/default, "" none
	Webhooks       []webhooks.Hook // where the vendors report
	Slack          slackapp.Proof
	AckAfter       time.Duration                                   // after which what the chat sends is acknowledged, done or not; 0 is slackapp.DefaultAckAfter
	Listen         func(context.Context, Take) error               // opens a connection by which the chat sends what it would send here; nil: it comes over HTTP
	Vendor         func(name string) string                        // how people know a vendor; its name when nil
	Filling        func(port partnership.Port, name string) string // and that of a port, the first for ""
	People         access.People
	Tokens         access.Tokens
	WebhooksInside bool              // events may be sent to addresses inside
	AgentCaps      access.Caps       // what agents may do without a person
	Listed         bool              // People is a file of roles: see access.Directory
	DevOpen        bool              // whoever sits at this machine signs in on the console as console:here, where People has that name
	Mailer         console.Mailer    // mails links to sign in; nil: nobody signs in by mail
	SignIn         console.Elsewhere // where people sign in otherwise, nil for nowhere
	SignInTitle    string            // what they know it by
	SweepEvery     time.Duration     // how often the inbox is looked through; 2s when zero
	Day            time.Duration     // of a campaign; 24h when zero

	// Ready asks each server that the doors need, by name; /readyz says which does not answer.
	Ready   map[string]func(ctx context.Context) error
	Metrics *prometheus.Registry
	Now     func() time.Time // time.Now when nil
	Log     *slog.Logger     // slog.Default() when nil
}

// Server is every door in one handler. Run does what the doors leave for later.
type Server struct {
	http.Handler
	asked   Workflows
	clicks  *clicks.Redirector
	inbox   *webhooks.Door
	slack   *slackapp.App
	trouble *troubles.Board
	finance *finance.Board
	cards   *cards.Board
	acts    *mcp.Cards
	console *console.Console
	tells   *announce.Sender
	notices *notices
	seals   *seals
	bills   *invoices
	uploads *uploads.Folder
	sweepEv time.Duration
	listen  func(context.Context, Take) error
	log     *slog.Logger
}

// settling is how long a message that was cut off may still be under way: a call ends well before.
func settling(day time.Duration) time.Duration {
	if day < time.Hour {
		return 8 * time.Second
	}
	return time.Minute
}

// New assembles the doors.
func New(d Deps) *Server {
	d = d.defaults()
	applier := &webhooks.Applier{
		Webhooks: d.Webhooks, Store: d.Store, Workflows: d.Workflows, Rails: d.Rails, Shop: d.Shop, Title: d.Vendor, PublicURL: d.PublicURL, Settling: settling(d.Day), Log: d.Log,
	}
	s := &Server{
		asked:  d.Workflows,
		clicks: clicks.New(d.Store, d.Now, d.Log, d.Metrics),
		inbox:  webhooks.New(d.Store, applier, d.Now, d.Log, d.Metrics),
		slack: &slackapp.App{
			Proof: d.Slack, Directory: d.directory(), Store: d.Store, Workflows: d.Workflows, Launch: d.Launch, Plan: d.Plan, Look: d.Look, Templates: d.Templates,
			Amender: d.Amender, StartRun: d.StartRun, Shop: d.Reread, Networks: d.Networks,
			Picks: d.picks(), PublicURL: d.PublicURL, AckAfter: d.AckAfter, Now: d.Now, Log: d.Log,
		},
		trouble: &troubles.Board{Store: d.Store, PublicURL: d.PublicURL, Chat: d.ChatName, Title: d.Vendor, Now: d.Now, Log: d.Log},
		finance: &finance.Board{Store: d.Store, PublicURL: d.PublicURL, Title: d.Vendor, Log: d.Log},
		cards:   &cards.Board{Store: d.Store, PublicURL: d.PublicURL, Day: d.Day, Now: d.Now, Log: d.Log},
		acts:    &mcp.Cards{Store: d.Store, Log: d.Log},
		tells:   announce.New(d.Store, d.WebhooksInside, d.Now, d.Log),
		notices: &notices{store: d.Store, send: d.SendNotice, log: d.Log},
		seals:   &seals{store: d.Store, log: d.Log},
		bills:   &invoices{store: d.Store, fonts: d.Fonts, log: d.Log},
		uploads: uploads.New(d.Uploads, d.Store, d.Log),
		sweepEv: d.SweepEvery, listen: d.Listen, log: d.Log,
	}
	s.trouble.Register(d.Metrics)
	s.slack.Cards = s.cards
	if d.Chat != nil { // a nil interface stays one
		applier.Chat, s.slack.Chat, s.slack.Poster = d.Chat, d.Chat, applier
		s.trouble.Poster, s.trouble.Editor = applier, d.Chat
		s.finance.Poster, s.finance.Editor = applier, d.Chat
		s.cards.Poster, s.cards.Editor = applier, d.Chat
		s.acts.Poster = applier
	}
	theAPI := &api.API{
		Store: d.Store, Workflows: d.Workflows, Directory: d.directory(), WebhooksInside: d.WebhooksInside, Launch: d.Launch, StartRun: d.StartRun, Shop: d.Reread, OwnShop: d.OwnShop,
		Networks: d.Networks, Fonts: d.Fonts, Picks: d.picks(), Now: d.Now, Log: d.Log,
	}
	desk := &mcp.Desk{API: theAPI, Store: d.Store, Directory: d.directory(), Caps: d.AgentCaps, Log: d.Log}
	theAPI.Let, s.acts.Do = desk.Let, desk.Done
	s.console = &console.Console{
		Store: d.Store, Workflows: d.Workflows, Directory: d.directory(), Launch: d.Launch, Plan: d.Plan, Look: d.Look, Templates: d.Templates,
		StartRun: d.StartRun, Amender: d.Amender, ReadChange: d.ReadChange, Let: desk.Let,
		Banker: d.Banker, Provider: d.Provider, Networks: d.Networks, OwnShop: d.OwnShop, Shop: d.Reread, Fonts: d.Fonts, Uploads: s.uploads, WebhooksInside: d.WebhooksInside,
		DevOpen: d.DevOpen, Mailer: d.Mailer, Elsewhere: d.SignIn, ElsewhereTitle: d.SignInTitle, Vendor: d.Vendor, PublicURL: d.PublicURL, TemporalUI: d.TemporalUI,
		Picks: d.picks(), Now: d.Now, Log: d.Log,
	}
	if d.Chat != nil {
		s.console.ZoneOf = d.Chat.ZoneOf
	}
	mux := http.NewServeMux()
	for _, door := range []interface{ Register(*http.ServeMux) }{
		&creator.Pages{
			Store: d.Store, Workflows: d.Workflows, Answers: answers.Answers{Store: d.Store, Workflows: d.Workflows, Now: d.Now},
			Payees:  &payees.Payees{Store: d.Store, Workflows: d.Workflows, Rails: d.Payees, First: d.PayeesFirst},
			Uploads: s.uploads, Signing: d.Signing, Filling: d.Filling, Post: s.inbox, PublicURL: d.PublicURL, Now: d.Now, Log: d.Log,
		},
		theAPI, desk,
		&calendar.Feed{Store: d.Store, PublicURL: d.PublicURL, Log: d.Log},
		s.console, s.clicks, s.inbox, s.slack,
	} {
		door.Register(mux)
	}
	mux.Handle("GET /assets/", page.Assets())
	mux.HandleFunc("GET /healthz", func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write([]byte("ok\n")) })
	mux.HandleFunc("GET /readyz", ready(d.Ready))
	mux.Handle("GET /metrics", promhttp.HandlerFor(d.Metrics, promhttp.HandlerOpts{}))
	mux.HandleFunc("GET /robots.txt", func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write([]byte("User-agent: *\nDisallow: /\n")) })
	mux.HandleFunc("/", notFound)
	s.Handler = chain(mux, d)
	return s
}

// picks shows what an invitation out of turn would do.
func (d Deps) picks() picks.Picks {
	return picks.Picks{Store: d.Store, Day: cmp.Or(d.Day, 24*time.Hour), Now: d.Now}
}

// directory is who may come in by the doors.
func (d Deps) directory() access.Directory {
	dir := access.Directory{People: d.People, Tokens: d.Tokens, Listed: d.Listed, Kept: d.Store}
	if chat := d.Chat; chat != nil {
		dir.Mail, dir.User = chat.MailOf, chat.UserOf
	}
	return dir
}

func (d Deps) defaults() Deps {
	if d.Now == nil {
		d.Now = time.Now
	}
	if d.Vendor == nil {
		d.Vendor = func(name string) string { return name }
	}
	if d.Filling == nil {
		d.Filling = func(port partnership.Port, name string) string { return cmp.Or(name, string(port)) }
	}
	if d.Log == nil {
		d.Log = slog.Default()
	}
	if d.Metrics == nil {
		d.Metrics = prometheus.NewRegistry()
	}
	if d.Day <= 0 {
		d.Day = 24 * time.Hour
	}
	if d.SweepEvery <= 0 {
		d.SweepEvery = 2 * time.Second
	}
	d.PublicURL = strings.TrimRight(d.PublicURL, "/")
	return d
}

// troubleEvery is how often people are told of a vendor's trouble, or of its end.
const troubleEvery = 5 * time.Second

// Run applies kept webhooks, writes counted clicks, starts kept notices and launches, asks finance, keeps the cards of decisions true, tells of vendors' troubles, seals the
// books and issues invoices until ctx ends, and returns when what was begun is done.
func (s *Server) Run(ctx context.Context) {
	var all sync.WaitGroup
	all.Go(func() { s.clicks.Run(ctx) })
	all.Go(func() { s.notices.Run(ctx, s.sweepEv) })
	all.Go(func() { s.trouble.Run(ctx, max(s.sweepEv, troubleEvery)) })
	all.Go(func() { s.finance.Run(ctx, s.sweepEv) })
	all.Go(func() { s.cards.Run(ctx, s.sweepEv) })
	all.Go(func() { s.acts.Run(ctx, s.sweepEv) })
	all.Go(func() { s.tells.Run(ctx, s.sweepEv) })
	all.Go(func() { s.seals.Run(ctx) })
	all.Go(func() { s.bills.Run(ctx) })
	all.Go(func() { s.uploads.Run(ctx) })
	all.Go(func() { s.console.Run(ctx, s.sweepEv) })
	all.Go(func() { s.slack.Run(ctx, s.sweepEv) })
	all.Go(func() { s.listens(ctx) })
	all.Go(func() { s.asked.Sweep(ctx, s.slack.Said) }) // only Slack is told: pages, programs and shells ask by themselves
	s.inbox.Run(ctx, s.sweepEv)
	all.Wait()
	s.slack.Wait()
	s.console.Wait()
}

// listens takes what Slack sends over a connection that we open, where there is a token for one.
func (s *Server) listens(ctx context.Context) {
	if s.listen == nil {
		return
	}
	if err := s.listen(ctx, s.slack.Envelope); err != nil {
		s.log.ErrorContext(ctx, "no connection to Slack: set SLACK_APP_TOKEN to a token with connections:write, or take it away", "error", err)
	}
}

// Closing ends what stays open for as long as somebody looks.
func (s *Server) Closing() { s.console.Close() }

// HTTP is a server for h with the time limits that a public door needs. A mail with attachments may take its time to arrive.
func HTTP(h http.Handler) *http.Server {
	return &http.Server{
		Handler: h, ReadHeaderTimeout: 5 * time.Second, ReadTimeout: 60 * time.Second, WriteTimeout: 60 * time.Second, IdleTimeout: 90 * time.Second,
		MaxHeaderBytes: 64 << 10,
	}
}

func notFound(w http.ResponseWriter, r *http.Request) {
	page.Failure(w, r, http.StatusNotFound, "Nothing here", "The address may be cut off or mistyped.")
}

// ready says of each server whether it answers.
func ready(checks map[string]func(context.Context) error) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		ctx, cancel := context.WithTimeout(r.Context(), 2*time.Second)
		defer cancel()
		status, lines := http.StatusOK, ""
		for name, check := range checks {
			if err := check(ctx); err != nil {
				status = http.StatusServiceUnavailable
				lines += name + ": does not answer\n"
				continue
			}
			lines += name + ": ok\n"
		}
		w.WriteHeader(status)
		_, _ = w.Write([]byte(lines))
	}
}
