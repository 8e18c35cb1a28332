// Package console is the board that managers look at: campaigns, partnerships and payouts, as they stand. It only reads;
// decisions are taken in Slack, by the command line or the API.
package console

import (
	"context"
	"log/slog"
	"net"
	"net/http"
	"net/url"
	"slices"
	"time"

	"github.com/rapport-dev/rapport/app/deeds"
	"github.com/rapport-dev/rapport/partnership"
	"github.com/rapport-dev/rapport/partnership/asking"
	"github.com/rapport-dev/rapport/partnership/board"
	"github.com/rapport-dev/rapport/partnership/report"
	"github.com/rapport-dev/rapport/store"
	"github.com/rapport-dev/rapport/web/access"
	"github.com/rapport-dev/rapport/web/page"
)

// Store is what the board shows.
type Store interface {
	NewestCampaigns(ctx context.Context, most int) (newest []board.Campaign, older int, err error)
	CampaignDocument(ctx context.Context, id partnership.CampaignID) (board.Campaign, error)
	CampaignCalendar(ctx context.Context, id partnership.CampaignID) (board.Calendar, error)
	CampaignReport(ctx context.Context, id partnership.CampaignID) (report.Document, error)
	PartnershipDocument(ctx context.Context, id partnership.PartnershipID) (board.Partnership, error)
	Decisions(ctx context.Context, f store.DecisionFilter) ([]asking.Decision, error)
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
	WriteOffsToApprove(ctx context.Context) ([]partnership.WriteOff, error)
	PapersOf(ctx context.Context, id partnership.PartnershipID) ([]partnership.PaperOnFile, error)
	Conversation(ctx context.Context, id partnership.PartnershipID) ([]board.Mail, error)
	MessageFile(ctx context.Context, id string) (store.InboundFile, error)
}

// Console serves the board.
type Console struct {
	Store      Store
	Tokens     access.Tokens
	DevOpen    bool   // whoever sits at this machine may look, without a token
	TemporalUI string // such as http://127.0.0.1:8233/namespaces/default, "" no links
	Now        func() time.Time
	Log        *slog.Logger
}

// routes are the pages. Each only shows: the console is no door of any deed.
func (c *Console) routes() map[string]http.HandlerFunc {
	return map[string]http.HandlerFunc{
		"GET /{$}": c.board, "GET /campaigns/{id}": c.campaign, "GET /campaigns/{id}/calendar": c.calendar, "GET /campaigns/{id}/report": c.report, "GET /campaigns/{id}/report.csv": c.reportCSV,
		"GET /partnerships/{id}": c.partnership, "GET /payouts": c.payouts,
		"GET /creators/template.csv": c.template("creators.csv", "text/csv; charset=utf-8"), "GET /creators/template.xlsx": c.template("creators.xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
		"GET /files/{id}": c.file,
	}
}

// Register adds the routes.
func (c *Console) Register(mux *http.ServeMux) {
	for pattern, show := range c.routes() {
		mux.HandleFunc(pattern, c.guard(show))
	}
}

// guard asks for an API token as the password of HTTP Basic, with any user name: browsers keep it, and it stands in no URL.
func (c *Console) guard(next http.HandlerFunc) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		_, password, _ := r.BasicAuth()
		caller, known := c.Tokens.Caller(password)
		switch {
		case c.DevOpen && fromHere(r), known && caller.May(deeds.Viewer):
			next(w, r)
		case !c.Tokens.Any():
			page.Failure(w, r, http.StatusForbidden, "The board is closed", "Nobody has a token yet. Set RAPPORT_API_TOKENS, and sign in with a token as the password.")
		default:
			w.Header().Set("WWW-Authenticate", `Basic realm="Rapport", charset="UTF-8"`)
			page.Failure(w, r, http.StatusUnauthorized, "Please sign in", "Any user name; the password is your API token.")
		}
	}
}

// forwarders are the headers that a proxy adds: behind one everybody comes from this machine.
var forwarders = []string{"Forwarded", "Via", "X-Forwarded-For", "X-Forwarded-Host", "X-Forwarded-Proto", "X-Real-Ip"}

// fromHere is true for this machine's own browser, and false for a page elsewhere that made a name of its own point here and for
// whatever a proxy brings.
func fromHere(r *http.Request) bool {
	if slices.ContainsFunc(forwarders, func(name string) bool { return r.Header.Get(name) != "" }) {
		return false
	}
	peer, _, err := net.SplitHostPort(r.RemoteAddr)
	if err != nil || !isLoopback(peer) {
		return false
	}
	host, _, err := net.SplitHostPort(r.Host)
	if err != nil {
		host = r.Host
	}
	return host == "localhost" || isLoopback(host)
}

func isLoopback(host string) bool {
	ip := net.ParseIP(host)
	return ip != nil && ip.IsLoopback()
}

// maxDetailed is how many campaigns the first page shows with their stages; older ones stand in a list.
const maxDetailed = 12

// maxPending is how many decisions of a kind it lists, maxHeld how many earnings the payouts' page does, the longest held first.
const maxPending, maxHeld = 50, 50

func (c *Console) board(w http.ResponseWriter, r *http.Request) {
	newest, older, err := c.Store.NewestCampaigns(r.Context(), maxDetailed)
	if err != nil {
		c.fail(w, r, err)
		return
	}
	waits, err := c.Store.Decisions(r.Context(), store.DecisionFilter{Most: maxPending})
	if err != nil {
		c.fail(w, r, err)
		return
	}
	page.Show(w, r, http.StatusOK, boardPage(boardData{Campaigns: newest, Older: older, Waits: waits, Now: c.Now()}))
}

func (c *Console) campaign(w http.ResponseWriter, r *http.Request) {
	doc, err := c.Store.CampaignDocument(r.Context(), partnership.CampaignID(r.PathValue("id")))
	if err != nil {
		c.fail(w, r, err)
		return
	}
	page.Show(w, r, http.StatusOK, campaignPage(doc, c.Now(), c.engineLink(partnership.WorkflowOfCampaign(doc.ID))))
}

func (c *Console) calendar(w http.ResponseWriter, r *http.Request) {
	doc, err := c.Store.CampaignCalendar(r.Context(), partnership.CampaignID(r.PathValue("id")))
	if err != nil {
		c.fail(w, r, err)
		return
	}
	page.Show(w, r, http.StatusOK, calendarPage(doc, c.Now()))
}

func (c *Console) partnership(w http.ResponseWriter, r *http.Request) {
	doc, err := c.Store.PartnershipDocument(r.Context(), partnership.PartnershipID(r.PathValue("id")))
	if err != nil {
		c.fail(w, r, err)
		return
	}
	papers, err := c.Store.PapersOf(r.Context(), doc.ID)
	if err != nil {
		c.fail(w, r, err)
		return
	}
	mails, err := c.Store.Conversation(r.Context(), doc.ID)
	if err != nil {
		c.fail(w, r, err)
		return
	}
	page.Show(w, r, http.StatusOK, partnershipPage(doc, papers, mails, c.Now(), c.engineLink(partnership.WorkflowOfPartnership(doc.ID))))
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
