// Package api is the JSON door for programs: the same documents as the command line's --json, and the same decisions as Slack's
// buttons, by bearer token. openapi.json describes every route.
package api

import (
	"context"
	_ "embed"
	"errors"
	"log/slog"
	"net/http"
	"strings"
	"time"

	"github.com/rapport-dev/rapport/app/deeds"
	"github.com/rapport-dev/rapport/app/find"
	"github.com/rapport-dev/rapport/app/launch"
	"github.com/rapport-dev/rapport/app/news"
	"github.com/rapport-dev/rapport/app/orders"
	"github.com/rapport-dev/rapport/app/payouts"
	"github.com/rapport-dev/rapport/app/picks"
	"github.com/rapport-dev/rapport/partnership"
	"github.com/rapport-dev/rapport/partnership/asking"
	"github.com/rapport-dev/rapport/partnership/board"
	"github.com/rapport-dev/rapport/partnership/ledger"
	"github.com/rapport-dev/rapport/partnership/paper"
	"github.com/rapport-dev/rapport/partnership/report"
	"github.com/rapport-dev/rapport/store"
	"github.com/rapport-dev/rapport/web/access"
)

//go:embed openapi.json
var openAPI []byte

// Store is what the documents are read from.
type Store interface {
	OpenTroubles(ctx context.Context) ([]partnership.Trouble, error)
	CampaignPage(ctx context.Context, p store.Page) (campaigns []board.Campaign, next string, err error)
	CampaignDocument(ctx context.Context, id partnership.CampaignID) (board.Campaign, error)
	CampaignCalendar(ctx context.Context, id partnership.CampaignID) (board.Calendar, error)
	CampaignReport(ctx context.Context, id partnership.CampaignID) (report.Document, error)
	StandingBy(ctx context.Context, id partnership.CampaignID) ([]board.StandingBy, error)
	Counterfactual(ctx context.Context, program, period string, c ledger.Change) (board.Counterfactual, error)
	PartnershipDocument(ctx context.Context, id partnership.PartnershipID) (board.Partnership, error)
	LedgerRows(ctx context.Context, f store.LedgerFilter, p store.Page) (rows []board.Row, next string, err error)
	Balances(ctx context.Context, f store.LedgerFilter, p store.Page) (balances []board.Balance, next string, err error)
	Payouts(ctx context.Context, f store.PayoutFilter, p store.Page) (payouts []board.Payout, next string, err error)
	Runs(ctx context.Context, program, period string, p store.Page) (runs []partnership.PayoutRun, next string, err error)
	PendingDecisions(ctx context.Context, most int) ([]asking.Pending, error)
	Decisions(ctx context.Context, f store.DecisionFilter) ([]asking.Decision, error)
	Decision(ctx context.Context, id string) (asking.Decision, error)

	BindKey(ctx context.Context, id, request, hash string) (store.KeyedAnswer, error)
	AnswerKey(ctx context.Context, id string, a store.KeyedAnswer) error
	FreeKey(ctx context.Context, id string) error
	Asked(ctx context.Context, id string) (partnership.Asked, error)
	Audit(ctx context.Context, f store.AuditFilter) ([]board.AuditLine, error)
	deeds.Effects
	deeds.Rows
	deeds.Runs
	deeds.Vendors
	deeds.Objections
	deeds.Differences
	deeds.Sanctions
	deeds.WriteOffs
	deeds.TaxPapers
	deeds.Invoices
	InvoiceStates(ctx context.Context, f store.InvoiceFilter) ([]partnership.InvoiceState, error)
	deeds.Taxes
	orders.Books
	NameHits(ctx context.Context, all bool) ([]partnership.NameHit, error)
	SanctionLists(ctx context.Context) ([]partnership.SanctionList, error)
	WriteOffsToApprove(ctx context.Context) ([]partnership.WriteOff, error)
	ProgramCurrency(ctx context.Context, program string) (string, error)
	TaxPapers(ctx context.Context, id partnership.CreatorID) ([]partnership.PaperOnFile, error)
	find.Partnerships
	ObjectionPage(ctx context.Context, open bool, p store.Page) (list []partnership.Objection, next string, err error)
	deeds.Bank
	BankWaits(ctx context.Context) ([]partnership.BankWait, error)
	deeds.Correspondents
	Conversation(ctx context.Context, id partnership.PartnershipID) ([]board.Mail, error)
	deeds.Submissions
	OpenDifferences(ctx context.Context, rail string) ([]partnership.Difference, error)
	CreatorPage(ctx context.Context, p store.Page) (people []board.Person, next string, err error)
	PersonDocument(ctx context.Context, ref string) (board.PersonWhole, error)
	PartnershipPage(ctx context.Context, f store.PartnershipFilter, p store.Page) (lines []board.PartnershipLine, next string, err error)
	OrderPage(ctx context.Context, program string, p store.Page) (orders []board.Order, next string, err error)
	Preparations(ctx context.Context, p store.Page) (list []partnership.Preparation, next string, err error)
	Preparation(ctx context.Context, hash string) (partnership.Preparation, error)
	deeds.Webhooks
	Endpoints(ctx context.Context, p store.Page) (list []partnership.Endpoint, next string, err error)
	Events(ctx context.Context, endpoint string, p store.Page) (list []partnership.Announced, next string, err error)
	deeds.Tokens
	Tokens(ctx context.Context, p store.Page) (tokens []partnership.Token, next string, err error)
}

// Workflows hands decisions on. Errors are as in package creator.
type Workflows interface {
	Decide(ctx context.Context, d partnership.Deed, message, reply, answer any) error
	news.Teller
}

// API answers /api/v1/.
type API struct {
	Store     Store
	Workflows Workflows
	Directory access.Directory
	// WebhooksInside lets events be sent to addresses inside.
	WebhooksInside bool
	// Let lets an agent's act be done that waits for a person, or refuses it, and says what came of it.
	Let func(ctx context.Context, by deeds.By, hash string, choice partnership.Choice) (partnership.Preparation, error)

	inner  inner
	Launch launch.Func
	Picks  picks.Picks
	// StartRun starts the run of a program's month, or takes up the one that is there.
	StartRun payouts.StartFunc
	Shop     orders.Rereader
	OwnShop  []string     // names of the shop that reports by itself
	Networks []string     // the rails that report what they move themselves
	Fonts    *paper.Fonts // for credit notes; nil the build's
	Now      func() time.Time
	Log      *slog.Logger
}

const prefix = "/api/v1"

// maxBody bounds a request, in bytes: a launch with several thousand creators fits.
const maxBody = 8 << 20

// handler answers with a document and its status, or with an error.
type handler func(r *http.Request, caller access.Caller) (status int, body any, err error)

// route is a read, which every caller may, or the way of a deed, whose role the registry knows.
type route struct {
	method, path string
	do           handler
}

// unkept are the routes whose answer is personal data: it is kept under no Idempotency-Key.
var unkept = map[string]bool{"POST /tax/papers/{id}/open": true, "POST /invoices/{number}/open": true, "POST /tax/1099": true, "POST /decisions/{id}": true}

func (a *API) routes() []route {
	return []route{
		{"GET", "/campaigns", a.campaigns},
		{"POST", "/campaigns", a.launch},
		{"GET", "/campaigns/{id}", a.campaign},
		{"GET", "/campaigns/{id}/calendar", a.calendar},
		{"GET", "/campaigns/{id}/report", a.report},
		{"POST", "/campaigns/{id}/pause", a.stop},
		{"POST", "/campaigns/{id}/resume", a.stop},
		{"POST", "/campaigns/{id}/cancel", a.stop},
		{"GET", "/campaigns/{id}/standing-by", a.standingBy},
		{"GET", "/campaigns/{id}/invite", a.lookAtInvite},
		{"POST", "/campaigns/{id}/invite", a.invite},
		{"POST", "/campaigns/{id}/veto", a.veto},
		{"GET", "/creators", a.creators},
		{"GET", "/creators/{handle}", a.creator},
		{"GET", "/orders", a.orders},
		{"GET", "/partnerships", a.partnerships},
		{"GET", "/partnerships/{id}", a.partnership},
		{"GET", "/partnerships/{id}/timeline", a.timeline},
		{"POST", "/partnerships/{id}/retry", a.retryStep},
		{"POST", "/partnerships/{id}/pause", a.stopPartnership},
		{"POST", "/partnerships/{id}/resume", a.stopPartnership},
		{"POST", "/partnerships/{id}/cancel", a.stopPartnership},
		{"POST", "/partnerships/{id}/replace", a.stopPartnership},
		{"POST", "/partnerships/{id}/extend", a.extendPartnership},
		{"GET", "/creators/template.csv", template("creators.csv", "text/csv; charset=utf-8")},
		{"GET", "/creators/template.xlsx", template("creators.xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet")},
		{"GET", "/partnerships/{id}/messages", a.messages},
		{"POST", "/partnerships/{id}/messages", a.answerCreator},
		{"GET", "/vendors", a.vendors},
		{"POST", "/vendors/{vendor}/retry", a.retryVendor},
		{"GET", "/ledger", a.ledger},
		{"POST", "/ledger/rows/{row}/hold", a.decideRow("hold", deeds.HoldRow)},
		{"POST", "/ledger/rows/{row}/release", a.decideRow("release", deeds.ReleaseRow)},
		{"POST", "/ledger/rows/{row}/void", a.decideRow("void", deeds.VoidRow)},
		{"GET", "/payouts", a.payouts},
		{"GET", "/payouts/counterfactual", a.counterfactual},
		{"POST", "/payouts/run", a.runPayouts},
		{"POST", "/payouts/approve", a.approvePayouts},
		{"POST", "/payouts/{id}/resolve", a.resolvePayout},
		{"GET", "/payouts/differences", a.differences},
		{"POST", "/payouts/differences/{transfer}/settle", a.settleDifference},
		{"GET", "/payouts/bank", a.bank},
		{"POST", "/payouts/bank/{of}/confirm", a.tellBank},
		{"POST", "/payouts/bank/{of}/unexecuted", a.voidBankFile},
		{"GET", "/objections", a.objections},
		{"POST", "/objections/{id}/decide", a.decideObjection},
		{"GET", "/invoices", a.invoices},
		{"POST", "/invoices/{number}/open", a.openInvoice},
		{"POST", "/invoices/{number}/credit", a.creditInvoice},
		{"POST", "/tax/treatments", a.setTreatment},
		{"GET", "/sanctions/hits", a.hits},
		{"POST", "/sanctions/lists", a.importSanctions},
		{"POST", "/sanctions/hits/{id}/clear", a.decideHit("cleared", deeds.ClearHit)},
		{"POST", "/sanctions/hits/{id}/confirm", a.decideHit("confirmed", deeds.ConfirmHit)},
		{"GET", "/tax/papers", a.papers},
		{"POST", "/tax/papers", a.recordPaper},
		{"POST", "/tax/papers/{id}/open", a.openPaper},
		{"POST", "/tax/papers/{id}/reject", a.rejectPaper},
		{"POST", "/tax/1099", a.report1099},
		{"GET", "/write-offs", a.writeOffs},
		{"POST", "/write-offs", a.askWriteOff},
		{"POST", "/write-offs/{id}/approve", a.approveWriteOff},
		{"POST", "/write-offs/{id}/withdraw", a.withdrawWriteOff},
		{"POST", "/orders/reread", a.rereadOrders},
		{"POST", "/orders/import", a.importOrders},
		{"GET", "/decisions", a.decisions},
		{"GET", "/decisions/{id}", a.decision},
		{"POST", "/decisions/{id}", a.decide},
		{"GET", "/pending", a.pending},
		{"GET", "/deeds/{id}", a.deed},
		{"GET", "/audit", a.audit},
		{"POST", "/effects/{key}/resolve", a.resolveEffect},
		{"GET", "/preparations", a.preparations},
		{"GET", "/preparations/{hash}", a.preparation},
		{"POST", "/preparations/{hash}/confirm", a.let(partnership.ChoiceApprove)},
		{"POST", "/preparations/{hash}/refuse", a.let(partnership.ChoiceRefuse)},
		{"GET", "/webhooks", a.webhooks},
		{"POST", "/webhooks", a.addWebhook},
		{"POST", "/webhooks/{id}/remove", a.removeWebhook},
		{"GET", "/webhooks/events", a.events},
		{"POST", "/webhooks/{id}/resend", a.resendEvent},
		{"GET", "/tokens", a.tokens},
		{"POST", "/tokens", a.createToken},
		{"POST", "/tokens/{name}/revoke", a.revokeToken},
	}
}

// may is nil for who may take a route: who was given any role may read, and the registry says who may ask for a deed.
func (r route) may(c access.Caller, confirmed bool) error {
	if r.method == http.MethodGet {
		return c.By().MayRead()
	}
	if c.Agent && !confirmed {
		return partnership.Errorf(partnership.Forbidden, "an agent does nothing here: it prepares at /mcp, and confirms what it was shown")
	}
	err := error(partnership.Errorf(partnership.Forbidden, "this asks for nothing that anybody may do"))
	for _, deed := range deeds.Of(deeds.API, r.method+" "+r.path) {
		if err = c.By().May(deed); err == nil {
			return nil
		}
	}
	return err
}

// Register adds the routes.
func (a *API) Register(mux *http.ServeMux) {
	for _, r := range a.routes() {
		mux.HandleFunc(r.method+" "+prefix+r.path, a.serve(r))
	}
	mux.HandleFunc("GET "+prefix+"/openapi.json", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		_, _ = w.Write(openAPI) // the reader has gone: nobody to tell
	})
	mux.HandleFunc(prefix+"/", func(w http.ResponseWriter, _ *http.Request) {
		problem(w, http.StatusNotFound, partnership.Errorf(partnership.NotFound, "there is no such route, or not with this method; see %s/openapi.json", prefix))
	})
}

func (a *API) serve(route route) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		caller, confirmed := confirmedBy(r.Context())
		if !confirmed {
			var known bool
			if caller, known = a.Enter(w, r); !known {
				return
			}
		}
		if err := route.may(caller, confirmed); err != nil {
			a.fail(w, r, err)
			return
		}
		if err := a.named(r, route); err != nil {
			a.fail(w, r, err)
			return
		}
		r.Body = http.MaxBytesReader(w, r.Body, maxBody)
		do := route.do
		if route.method != http.MethodGet && !unkept[route.method+" "+route.path] {
			do = func(r *http.Request, c access.Caller) (int, any, error) { return a.keyed(route.do, r, c) }
		}
		status, body, err := do(r, caller)
		if err != nil {
			a.fail(w, r, err)
			return
		}
		if f, is := body.(file); is {
			f.write(w)
			return
		}
		writeJSON(w, status, "application/json", body)
	}
}

// named puts the id into a path where its caller wrote a name, a handle or the beginning of an id. What names nothing stays, and whoever looks there
// says that there is nothing.
func (a *API) named(r *http.Request, route route) error {
	typed, id := r.PathValue("id"), ""
	var err error
	switch {
	case find.IsID(typed):
		return nil
	case strings.HasPrefix(route.path, "/campaigns/{id}"):
		var c board.Campaign
		c, err = find.Campaign(r.Context(), a.Store, typed)
		id = string(c.ID)
	case strings.HasPrefix(route.path, "/partnerships/{id}"):
		var pa board.Partnership
		pa, err = find.Partnership(r.Context(), a.Store, typed, "")
		id = string(pa.ID)
	default:
		return nil
	}
	if no, is := errors.AsType[*partnership.Error](err); is && len(no.Fits) == 0 {
		return nil
	}
	if err == nil {
		r.SetPathValue("id", id)
	}
	return err
}

// Enter is who asks, by their token. Without one that opens anything the answer is written, and it returns false.
func (a *API) Enter(w http.ResponseWriter, r *http.Request) (access.Caller, bool) {
	token, ok := strings.CutPrefix(r.Header.Get("Authorization"), "Bearer ")
	caller, known, err := a.Directory.Caller(r.Context(), strings.TrimSpace(token))
	switch {
	case err != nil:
		a.fail(w, r, err)
		return caller, false
	case ok && known:
		return caller, true
	}
	if token != "" {
		a.Log.WarnContext(r.Context(), "a token that nobody has was sent", "route", r.Pattern)
	}
	w.Header().Set("WWW-Authenticate", `Bearer realm="rapport"`)
	problem(w, http.StatusUnauthorized, partnership.Errorf(partnership.Forbidden, "send a live token as Authorization: Bearer ...; rapport tokens create makes one"))
	return caller, false
}
