// Package front assembles the front door from the settings, for `rapport serve` and for `rapport dev` alike.
package front

import (
	"context"
	"log/slog"
	"net"
	"net/url"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"go.temporal.io/sdk/client"

	"github.com/rapport-dev/rapport/app/amend"
	"github.com/rapport-dev/rapport/app/deeds"
	"github.com/rapport-dev/rapport/app/payees"
	"github.com/rapport-dev/rapport/app/payouts"
	"github.com/rapport-dev/rapport/integrations"
	"github.com/rapport-dev/rapport/partnership"
	"github.com/rapport-dev/rapport/rehearsal"
	"github.com/rapport-dev/rapport/store"
	"github.com/rapport-dev/rapport/web"
	"github.com/rapport-dev/rapport/web/access"
	"github.com/rapport-dev/rapport/web/console"
	"github.com/rapport-dev/rapport/web/creator"
	"github.com/rapport-dev/rapport/web/slackapp"
	"github.com/rapport-dev/rapport/web/webhooks"
	"github.com/rapport-dev/rapport/wiring/build"
	"github.com/rapport-dev/rapport/wiring/doors"
	"github.com/rapport-dev/rapport/wiring/settings"
	"github.com/rapport-dev/rapport/wiring/vendors"
)

// Options are what the front door stands on.
type Options struct {
	Settings   settings.Settings
	Store      *store.Store
	Temporal   client.Client
	TemporalUI string // base of Temporal's web UI, "" when there is none to link to
	DevOpen    bool   // whoever sits at this machine signs in on the console by a button
	Log        *slog.Logger
}

// New assembles the doors. A vendor that is not set up is absent, and what needs it says so.
func New(o Options) (*web.Server, error) {
	s := o.Settings
	directory, err := s.Directory()
	if err != nil {
		return nil, err
	}
	caps, err := access.ParseCaps(s.AgentCaps)
	if err != nil {
		return nil, err
	}
	registry := prometheus.NewRegistry()
	registry.MustRegister(build.Read().Metric(), collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}))
	registry.MustRegister(standing{o.Store, partnership.SystemClock{}.Now, o.Log})
	secret, err := s.Secret()
	if err != nil {
		return nil, err
	}
	w := doors.New(o.Temporal, s.Day, secret, o.Store)
	runs := payouts.Starter{Books: o.Store, Workflows: func() (payouts.Workflows, error) { return w, nil }, Now: partnership.SystemClock{}.Now}
	launcher := Launcher(s, o.Store, w)
	launcher.Past = func(ctx context.Context) (*rehearsal.History, error) { return Past(ctx, o.Store) }
	templates, err := templates()
	if err != nil {
		return nil, err
	}
	proof, _ := vendors.Setting[slackapp.Proof](s.Vendors)
	d := web.Deps{
		Store: o.Store, Workflows: w, Launch: launcher.Launch, Plan: launcher.Plan, Look: launcher.Look, Templates: templates,
		StartRun: func(ctx context.Context, by deeds.By, m payouts.Month) (payouts.Outlook, error) {
			return runs.Start(ctx, by, m, 0)
		},
		Amender: &amend.Amender{Store: o.Store, Workflows: w, Day: s.Day, Now: partnership.SystemClock{}.Now}, ReadChange: changes(s, o.Store),
		Reread: w, OwnShop: s.Vendors.OwnShop(), Networks: vendors.Networks(),
		SendNotice: w.SendNotice, Fonts: s.Fonts, Uploads: s.Uploads(), Day: s.Day,
		PublicURL: s.PublicURL, Webhooks: hooks(s.Vendors.Webhooks()), Slack: proof, Vendor: s.Vendors.Title, Filling: s.Vendors.TitleOf, People: directory.People, Tokens: directory.Tokens, Listed: directory.Listed, AgentCaps: caps, WebhooksInside: s.WebhooksPrivate, DevOpen: o.DevOpen && local(s.PublicURL),
		Ready: map[string]func(context.Context) error{
			"postgres": o.Store.Ping,
			"temporal": func(ctx context.Context) error {
				_, err := o.Temporal.CheckHealth(ctx, &client.CheckHealthRequest{})
				return err
			},
		},
		Metrics: registry, Log: o.Log,
	}
	if o.TemporalUI != "" {
		d.TemporalUI = o.TemporalUI + "/namespaces/" + s.TemporalNamespace
	}
	clients := s.Vendors.Open(s.Day)
	clients.Keep(o.Store)
	reach(&d, clients)
	return web.New(d), nil
}

// changes reads the files of a change by what its campaign is now.
func changes(s settings.Settings, kept *store.Store) func(context.Context, partnership.CampaignID, amend.Files) (partnership.CampaignChange, error) {
	return func(ctx context.Context, id partnership.CampaignID, files amend.Files) (partnership.CampaignChange, error) {
		launched, err := kept.LaunchedAt(ctx, id)
		if err != nil {
			return partnership.CampaignChange{}, err
		}
		running, err := kept.Campaign(ctx, id)
		if err != nil {
			return partnership.CampaignChange{}, err
		}
		return amend.Read(files, running, launched, s.Day, s.Known())
	}
}

// reach gives the doors the clients that there are; an absent one stays a nil interface.
func reach(d *web.Deps, c vendors.Clients) {
	d.Chat, d.ChatName = vendors.First[web.Chat](c, partnership.ChatPort)
	if by, _ := vendors.First[listener](c, partnership.ChatPort); by != nil && by.Listens() {
		d.Listen = by.Listen
	}
	d.Shop, _ = vendors.First[webhooks.Shop](c, partnership.ShopPort)
	d.Mailer, _ = vendors.First[console.Mailer](c, partnership.MailPort)
	if where, name := vendors.First[signIn](c, partnership.ChatPort); where != nil && where.CanSignIn() {
		d.SignIn, d.SignInTitle = where, d.Vendor(name)
	}
	d.Signing, _ = vendors.First[creator.Signing](c, partnership.SigningPort)
	d.Rails = vendors.Among[webhooks.Rail](c, partnership.RailPort).By
	rails := vendors.Among[payees.Rail](c, partnership.RailPort)
	d.Payees, d.PayeesFirst = rails.By, rails.First
	d.Banker, d.Provider = c.Banker, c.Provider
}

// listener is a chat that may send over a connection that we open.
type listener interface {
	Listens() bool
	Listen(ctx context.Context, take web.Take) error
}

// signIn is a chat by which its people may be able to sign in.
type signIn interface {
	console.Elsewhere
	CanSignIn() bool
}

// hooks are the addresses where vendors report, as the doors serve them.
func hooks(of []integrations.Webhook) []webhooks.Hook {
	all := make([]webhooks.Hook, len(of))
	for i, one := range of {
		all[i] = webhooks.Hook(one)
	}
	return all
}

// local says whether the front door is reached on this machine alone: one that has a name elsewhere stands behind a proxy.
func local(publicURL string) bool {
	u, err := url.Parse(publicURL)
	if err != nil {
		return false
	}
	ip := net.ParseIP(u.Hostname())
	return u.Hostname() == "localhost" || ip != nil && ip.IsLoopback()
}
