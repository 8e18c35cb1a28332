// Package console is where managers and finance see much at once and decide: campaigns, partnerships, payouts, creators and the inbox of
// decisions. Every deed is app's; this door shows what it will do, asks for it, and says what came of it.
package console

import (
	"context"
	"log/slog"
	"net/http"
	"net/url"
	"sync"
	"time"

	"github.com/rapport-dev/rapport/app/amend"
	"github.com/rapport-dev/rapport/app/creators"
	"github.com/rapport-dev/rapport/app/decisions"
	"github.com/rapport-dev/rapport/app/deeds"
	"github.com/rapport-dev/rapport/app/launch"
	"github.com/rapport-dev/rapport/app/news"
	"github.com/rapport-dev/rapport/app/note"
	"github.com/rapport-dev/rapport/app/orders"
	"github.com/rapport-dev/rapport/app/payouts"
	"github.com/rapport-dev/rapport/app/picks"
	"github.com/rapport-dev/rapport/partnership"
	"github.com/rapport-dev/rapport/partnership/asking"
	"github.com/rapport-dev/rapport/partnership/board"
	"github.com/rapport-dev/rapport/partnership/paper"
	"github.com/rapport-dev/rapport/partnership/report"
	"github.com/rapport-dev/rapport/store"
	"github.com/rapport-dev/rapport/web/access"
	"github.com/rapport-dev/rapport/web/page"
	"github.com/rapport-dev/rapport/web/uploads"
)

// Store is what the console shows, where it keeps who is signed in, and what its deeds are done by.
type Store interface {
	Sessions
	Keys
	note.Store
	decisions.Kept
	deeds.Correspondents
	deeds.WriteOffs
	deeds.Sanctions
	deeds.Vendors
	deeds.Inbox
	deeds.Tokens
	deeds.Webhooks
	deeds.Links
	deeds.Suppressions
	deeds.Bank
	deeds.TaxPapers
	deeds.Invoices
	deeds.Taxes
	deeds.Fees
	orders.Books
	payouts.ProofBooks
	creators.List
	creators.People
	creators.Roll
	launch.Drafts
	AskFirst(ctx context.Context, creators []partnership.Creator) error

	NewestCampaigns(ctx context.Context, most int) (newest []board.Campaign, older int, err error)
	CampaignPage(ctx context.Context, p store.Page) (campaigns []board.Campaign, next string, err error)
	Campaign(ctx context.Context, id partnership.CampaignID) (partnership.Campaign, error)
	CampaignDocument(ctx context.Context, id partnership.CampaignID) (board.Campaign, error)
	CampaignCalendar(ctx context.Context, id partnership.CampaignID) (board.Calendar, error)
	CampaignReport(ctx context.Context, id partnership.CampaignID) (report.Document, error)
	StandingBy(ctx context.Context, id partnership.CampaignID) ([]board.StandingBy, error)
	PartnershipPage(ctx context.Context, f store.PartnershipFilter, p store.Page) (lines []board.PartnershipLine, next string, err error)
	CreatorsLike(ctx context.Context, handle string, p store.Page) (people []board.Person, next string, err error)
	PersonDocument(ctx context.Context, ref string) (board.PersonWhole, error)
	Decisions(ctx context.Context, f store.DecisionFilter) ([]asking.Decision, error)
	Preparations(ctx context.Context, p store.Page) (list []partnership.Preparation, next string, err error)
	Submissions(ctx context.Context, id partnership.PartnershipID) ([]partnership.Submission, error)
	Upload(ctx context.Context, id string) (partnership.Upload, error)
	Performance(ctx context.Context, id partnership.PartnershipID) (partnership.Results, error)
	PapersOf(ctx context.Context, id partnership.PartnershipID) ([]partnership.PaperOnFile, error)
	Conversation(ctx context.Context, id partnership.PartnershipID) ([]board.Mail, error)
	MessageFile(ctx context.Context, id string) (store.InboundFile, error)
	LedgerRows(ctx context.Context, f store.LedgerFilter, p store.Page) (rows []board.Row, next string, err error)

	PayoutRun(ctx context.Context, id string) (partnership.PayoutRun, error)
	Runs(ctx context.Context, program, period string, p store.Page) (runs []partnership.PayoutRun, next string, err error)
	Payouts(ctx context.Context, f store.PayoutFilter, p store.Page) (payouts []board.Payout, next string, err error)
	HeldRows(ctx context.Context, most int) ([]board.HeldRow, error)
	HeldCount(ctx context.Context) (int, error)
	InvoiceStates(ctx context.Context, f store.InvoiceFilter) ([]partnership.InvoiceState, error)
	OpenDifferences(ctx context.Context, rail string) ([]partnership.Difference, error)
	BankWaits(ctx context.Context) ([]partnership.BankWait, error)
	Objections(ctx context.Context, open bool) ([]partnership.Objection, error)
	NameHits(ctx context.Context, all bool) ([]partnership.NameHit, error)
	TaxPapers(ctx context.Context, id partnership.CreatorID) ([]partnership.PaperOnFile, error)
	SanctionLists(ctx context.Context) ([]partnership.SanctionList, error)
	Tokens(ctx context.Context, p store.Page) (tokens []partnership.Token, next string, err error)
	Endpoints(ctx context.Context, p store.Page) (list []partnership.Endpoint, next string, err error)
	Events(ctx context.Context, endpoint string, p store.Page) (list []partnership.Announced, next string, err error)
	WriteOffsToApprove(ctx context.Context) ([]partnership.WriteOff, error)

	Audit(ctx context.Context, f store.AuditFilter) ([]board.AuditLine, error)
	OpenTroubles(ctx context.Context) ([]partnership.Trouble, error)
	DeadInbox(ctx context.Context, limit int) ([]board.DeadWebhook, error)
	InboxCounts(ctx context.Context) ([]store.InboxCount, error)
	UnknownEffects(ctx context.Context) ([]partnership.Effect, error)
	Stamp(ctx context.Context) (string, error)

	Views(ctx context.Context, who string) ([]store.View, error)
	SaveView(ctx context.Context, who string, v store.View) error
	RenameView(ctx context.Context, who, id, name string) error
	RemoveView(ctx context.Context, who, id string) error
}

// Workflows are asked for deeds, and told what happened.
type Workflows interface {
	creators.Workflows
	deeds.Keeper
	deeds.Teller
	news.Teller
}

// Console serves the pages.
type Console struct {
	Store     Store
	Workflows Workflows
	Directory access.Directory
	Launch    launch.Func
	Plan      launch.PlanFunc
	Look      launch.LookFunc
	Templates []launch.Template // what a launch may begin with
	Picks     picks.Picks
	// StartRun starts the run of a program's month, or takes up the one that is there.
	StartRun payouts.StartFunc
	// Amender shows and applies what ReadChange reads of files. Nil where no engine can be asked.
	Amender    *amend.Amender
	ReadChange func(ctx context.Context, id partnership.CampaignID, files amend.Files) (partnership.CampaignChange, error)
	// Let lets an agent's act be done that waits for a person, or refuses it, and says what came of it.
	Let func(ctx context.Context, by deeds.By, hash string, choice partnership.Choice) (partnership.Preparation, error)
	// Banker is a rail that is paid by files, Provider one that shows what it has moved, by their names; Networks report what they move themselves.
	Banker         func(name string) (deeds.Banker, error)
	Provider       func(name string) (payouts.Provider, error)
	Networks       []string
	OwnShop        []string // names of the shop that reports by itself
	Shop           orders.Rereader
	Fonts          *paper.Fonts
	Uploads        *uploads.Folder // of drafts; nil: they come as links alone
	WebhooksInside bool
	// DevOpen lets whoever sits at this machine sign in as console:here, where the file of roles has that name.
	DevOpen bool
	// Mailer mails links to sign in, nil where nobody signs in by mail; Elsewhere is another house's sign-in, nil for none.
	Mailer         Mailer
	Elsewhere      Elsewhere
	ElsewhereTitle string
	ZoneOf         func(ctx context.Context, user string) (string, error) // where the clock of a user of that house stands, "" unknown; nil where none says it
	Vendor         func(name string) string                               // how people know a vendor
	PublicURL      string
	TemporalUI     string // such as http://127.0.0.1:8233/namespaces/default, "" no links
	Now            func() time.Time
	Log            *slog.Logger

	openOnce, closeOnce sync.Once
	closed              chan struct{} // see Close
	rehearsals          rehearsals
}

// visitor is who looks at a page, with the roles that they have at this moment.
type visitor struct {
	deeds.By

	name   string // what they are called on a page
	form   string // stands in each of their forms, and in nobody else's
	told   told   // what came of the form that led here
	failed failed // the form that is shown again
}

// show answers with a page that changes nothing.
type show func(w http.ResponseWriter, r *http.Request, v visitor)

// pages are for whoever is signed in and has a role.
func (c *Console) pages() map[string]show {
	return map[string]show{
		"GET /{$}": c.board, "GET /decisions/{id}": c.decision, "GET /live": c.live,
		"GET /campaigns": c.campaigns, "GET /campaigns/new": c.launching, "GET /launches/{id}": c.looking, "GET /campaigns/{id}": c.campaign, "GET /campaigns/{id}/partnerships.csv": c.campaignCSV,
		"GET /campaigns/{id}/amend": c.amending, "GET /campaigns/{id}/calendar": c.calendar, "GET /campaigns/{id}/report": c.report, "GET /campaigns/{id}/report.csv": c.reportCSV,
		"GET /partnerships": c.partnerships, "GET /views": c.views, "GET /partnerships/{id}": c.partnership, "GET /files/{id}": c.file, "GET /uploads/{id}": c.upload,
		"GET /creators": c.importing, "GET /creators/{id}": c.creator,
		"GET /creators/template.csv": c.template("creators.csv", "text/csv; charset=utf-8"), "GET /creators/template.xlsx": c.template("creators.xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
		"GET /payouts": c.payouts, "GET /tax": c.tax, "GET /programs": c.programs, "GET /audit": c.audit, "GET /health": c.health, "GET /me": c.me,
	}
}

// Routes are all ways in, by pattern.
func (c *Console) Routes() map[string]http.HandlerFunc {
	routes := c.entrance()
	for pattern, show := range c.pages() {
		routes[pattern] = c.guard(show)
	}
	for pattern, d := range c.deeds() {
		routes[pattern] = c.take(pattern, d)
	}
	for pattern, t := range c.takeaways() {
		routes[pattern] = c.away(pattern, t)
	}
	for pattern, handle := range c.ownForms() {
		routes[pattern] = c.guarded(handle)
	}
	return routes
}

// Register adds the routes.
func (c *Console) Register(mux *http.ServeMux) {
	for pattern, handle := range c.Routes() {
		mux.HandleFunc(pattern, handle)
	}
}

// guard lets whoever is signed in and has a role look.
func (c *Console) guard(next show) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		v, known, err := c.visitor(r)
		w.Header().Set("Content-Security-Policy", page.ConsolePolicy())
		switch {
		case err != nil:
			c.fail(w, r, err)
		case !known:
			http.Redirect(w, r, "/signin?"+url.Values{"then": {r.URL.RequestURI()}}.Encode(), http.StatusSeeOther)
		case v.Has(deeds.Viewer) != nil:
			page.Show(w, r, http.StatusForbidden, rolelessPage(v))
		default:
			v.told = c.toldOf(r, v.Who)
			next(w, c.inReadersZone(r), v)
		}
	}
}

// visitor is who is signed in. Their roles are looked up anew each time: whoever is taken out of the file is out.
func (c *Console) visitor(r *http.Request) (visitor, bool, error) {
	secret := c.sessionOf(r)
	if secret == "" {
		return visitor{}, false, nil
	}
	session, err := c.Store.Session(r.Context(), secret)
	if partnership.CodeOf(err) == partnership.NotFound {
		return visitor{}, false, nil
	}
	people := c.Directory.People
	return visitor{By: deeds.By{Who: session.Who, Roles: people.Of(session.Who)}, name: people.Called(session.Who), form: formOf(secret)}, err == nil, err
}

// engineLink leads to a workflow's history, "" when no Temporal UI is configured.
func (c *Console) engineLink(workflowID string) string {
	if c.TemporalUI == "" {
		return ""
	}
	return c.TemporalUI + "/workflows/" + url.PathEscape(workflowID)
}

func (c *Console) fail(w http.ResponseWriter, r *http.Request, err error) {
	if partnership.CodeOf(err) == partnership.NotFound {
		page.Failure(w, r, http.StatusNotFound, "Not found", "There is nothing by that id. Go back to the board and look again.")
		return
	}
	c.Log.ErrorContext(r.Context(), "console", "route", r.Pattern, "error", err)
	w.Header().Set("Retry-After", "5")
	page.Failure(w, r, http.StatusServiceUnavailable, "The board is out for a moment", "The database does not answer. The work itself goes on; reload in a few seconds.")
}
